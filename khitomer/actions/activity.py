"""Telling that something happened, to those whom it concerns, without saying what."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import SystemRandom

from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Now

from khitomer.models import QUIET, Activity, ActivityKind, Audience, Campaign, Membership, Power, User

CHANNEL = "khitomer_activity"
"""Where PostgreSQL says that something was written."""

AT_ONCE = 500
BLUR = 100_000
"""Microseconds within which rows that get their places together are put by lot: how far two are apart tells nobody
whether others, which they may not know of, lie between."""

KEPT_FOR = timedelta(days=90)
QUIET_KEPT_FOR = timedelta(days=1)

_NUMBERING = 0x4B484954
"""The key of the advisory lock under which places are given out."""


def record(
    *,
    campaign: Campaign,
    kind: ActivityKind,
    now: datetime,
    number: int | None = None,
    power: Power | None = None,
    by: User | None = None,
    path: str = "",
    powers: Iterable[Power] | None = None,
    persons: Iterable[Membership] = (),
    audience: Audience | None = None,
) -> Activity:
    """Append one row to the activity of a campaign; call it inside the transaction of what happened.

    `power` is who did it, and `by` whose hand it was, which nobody is told; `path` is where to look. `powers` and
    `persons` are those who may notice it, which makes the audience "named" unless another is given; with neither,
    everyone at the table may.
    """
    named, people = list(powers or ()), list(persons)
    if audience is None:
        audience = Audience.ALL if powers is None and not people else Audience.POWERS
    row = Activity.objects.create(
        campaign=campaign,
        at=now,
        kind=kind,
        number=number,
        power=power,
        by=by,
        path=path,
        audience=audience,
    )
    if named:
        row.powers.set(named)
    if people:
        row.persons.set(people)
    _wake()
    return row


def stir(*, campaign: Campaign, kind: ActivityKind, path: str = "", now: datetime | None = None) -> None:
    """Let open pages look again, and no list tell of it: for what moves often, and what all at the table may see."""
    Activity.objects.create(campaign=campaign, at=now or Now(), kind=kind, path=path, audience=Audience.ALL)
    _wake()


def _wake() -> None:
    """PostgreSQL says so when the transaction commits. SQLite cannot; there the streams look by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")


def number(now: datetime) -> int:
    """Give what was committed since the last time its place in the order of the streams; gives how many rows that was.

    One at a time, under an advisory lock on PostgreSQL and the lock of all writers on SQLite: what has a place is never
    overtaken by what gets a smaller one later, however long the transaction took that wrote it.
    """
    if not Activity.objects.filter(position=None).exists():
        return 0
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERING])
        rows = list(Activity.objects.filter(position=None).only("pk").order_by("pk")[:AT_ONCE])
        last = Activity.objects.aggregate(last=Max("position"))["last"] or 0
        begun = max(last + 1, micros(now))
        for row, later in zip(rows, sorted(SystemRandom().sample(range(BLUR), len(rows))), strict=True):
            row.position = begun + later
        Activity.objects.bulk_update(rows, ["position"])
    return len(rows)


def micros(moment: datetime) -> int:
    """A moment as microseconds since 1970, as positions count."""
    return int(moment.timestamp() * 1_000_000)


def prune(now: datetime) -> int:
    """Let go of what happened too long ago to be told; gives how many rows that was."""
    old = Activity.objects.filter(at__lt=now - KEPT_FOR)
    quiet = Activity.objects.filter(at__lt=now - QUIET_KEPT_FOR, kind__in=QUIET)
    return sum(rows.delete()[1].get("khitomer.Activity", 0) for rows in (old, quiet))
