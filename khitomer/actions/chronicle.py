"""The one gate through which campaign state changes: read, preview, apply, undo. Nothing else writes it."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, cast

from django.db import models, transaction
from django.db.models import ProtectedError, Q
from django.urls import reverse

from khitomer.actions import activity, disclosures, territory_rows, writers
from khitomer.actions.locks import lock as lock
from khitomer.errors import Refused
from khitomer.models import (
    ActivityKind,
    Adherence,
    Audience,
    Campaign,
    Change,
    Invitation,
    Membership,
    Provision,
    RecordedUse,
    Reservation,
    User,
)
from khitomer.rules import changes as rules
from khitomer.rules.changes import written
from khitomer.rules.changes.core import clip
from khitomer.rules.changes.editing import Subject
from khitomer.rules.changes.written import Scalar
from khitomer.rules.dates import StoryDate

Decide = Callable[[rules.State], Iterable[rules.Change]]

_WORDS = 300  # what the ledger's columns of words hold


# Reading the state


def load_state(campaign: Campaign) -> rules.State:
    """The campaign as the rules weigh it, in a constant number of queries whatever its size."""
    provisions = {
        row.pk: row for row in Provision.objects.filter(treaty__campaign=campaign).select_related("treaty")
    }
    keys = {pk: f"{row.treaty.slug}/{row.number}" for pk, row in provisions.items()}
    slugs = {row.pk: row.slug for row in campaign.powers.all()}
    secrets = territory_rows.secrets_told(campaign)
    return rules.State(
        today=Campaign.objects.values_list("today", flat=True).get(pk=campaign.pk),
        powers={row.slug: _added(rules.AddPower, row) for row in campaign.powers.all()},
        treaties={row.slug: _added(rules.AddTreaty, row) for row in campaign.treaties.all()},
        provisions={
            keys[pk]: _added(rules.AddProvision, row, treaty=row.treaty.slug)
            for pk, row in provisions.items()
        },
        standings={
            rules.pair(slugs[row.first_id], slugs[row.second_id]): row.value
            for row in campaign.standings.exclude(value=0)
        },
        adherence=_adherence(campaign, slugs),
        reservations=_reservations(keys, slugs),
        uses=_uses(keys, slugs),
        events={
            row.slug: _added(rules.AddEvent, row, **_told(row)) for row in _with_audience(campaign.events)
        },
        clocks={
            row.slug: _added(rules.AddClock, row, **_told(row)) for row in _with_audience(campaign.clocks)
        },
        entries={
            row.slug: rules.Entry(
                name=row.name,
                fate=row.fate,
                audience=row.audience,
                **_told(row),
                **secrets.get(row.pk, {}),
            )
            for row in _with_audience(campaign.entries.filter(deleted_at=None)).only(
                "slug", "name", "fate", "audience", "campaign_id"
            )
        },
        futures={
            row.canon_key: rules.Future(title=row.title, state=cast(rules.FutureState, row.state))
            for row in campaign.futures.only("canon_key", "title", "state", "campaign_id")
        },
        territories=territory_rows.territories(campaign),
        holdings=territory_rows.holdings(campaign, slugs),
        zones=territory_rows.zones(campaign),
        held=_held(campaign, slugs),
    )


def _added(kind: type[Any], row: models.Model, **given: Any) -> Any:
    """The change that would add this row as it now is: its fields are the row's columns of the same names."""
    names = [each.name for each in dataclasses.fields(kind) if each.name not in given]
    return kind(**{name: getattr(row, name) for name in names}, **given)


def _with_audience(manager: Any) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = manager.prefetch_related("powers", "persons__user")
    return rows


def _told(row: Any) -> dict[str, Any]:
    """The powers and persons that a row names, as changes name them."""
    if row.audience != Audience.POWERS:
        return {"told": (), "persons": ()}
    return {
        "told": tuple(sorted(power.slug for power in row.powers.all())),
        "persons": tuple(sorted(person.user.username for person in row.persons.all())),
    }


def _adherence(campaign: Campaign, slugs: dict[int, str]) -> dict[rules.Pair, tuple[rules.Span, ...]]:
    spans = defaultdict(list)
    rows = Adherence.objects.filter(treaty__campaign=campaign).select_related("treaty").order_by("entered")
    for row in rows:
        spans[row.treaty.slug, slugs[row.power_id]].append(
            rules.Span(entered=row.entered, left=row.left, note=row.note, canon_key=row.canon_key)
        )
    return {key: tuple(found) for key, found in spans.items()}


def _reservations(keys: dict[int, str], slugs: dict[int, str]) -> dict[rules.Pair, tuple[rules.Span, ...]]:
    spans = defaultdict(list)
    for row in Reservation.objects.filter(power__in=slugs).order_by("entered"):
        spans[keys[row.provision_id], slugs[row.power_id]].append(
            rules.Span(entered=row.entered, left=row.left)
        )
    return {key: tuple(found) for key, found in spans.items()}


def _uses(keys: dict[int, str], slugs: dict[int, str]) -> dict[str, tuple[rules.Use, ...]]:
    uses = defaultdict(list)
    for row in RecordedUse.objects.filter(power__in=slugs):
        uses[keys[row.provision_id]].append(rules.Use(on=row.on, power=slugs[row.power_id], note=row.note))
    return {key: tuple(sorted(found)) for key, found in uses.items()}


def _held(campaign: Campaign, slugs: dict[int, str]) -> frozenset[str]:
    members = Membership.objects.filter(campaign=campaign, power__isnull=False).values_list(
        "power_id", flat=True
    )
    invited = Invitation.objects.filter(
        campaign=campaign, power__isnull=False, revoked_at=None, uses__lt=models.F("max_uses")
    ).values_list("power_id", flat=True)
    return frozenset(slugs[pk] for pk in members.union(invited) if pk is not None)


# Previewing and applying


def preview(
    campaign: Campaign, changes: Iterable[rules.Change], *, state: rules.State | None = None
) -> tuple[rules.Step, ...]:
    """What the changes would do, one after another, without doing it. `Refused` when one cannot be made.

    `state` is the campaign's, where it was read already.
    """
    return _steps(state or load_state(campaign), list(changes))


def apply(
    *,
    campaign: Campaign,
    changes: Iterable[rules.Change] | Decide,
    by: User | None,
    why: str,
    source: str,
    story_date: StoryDate | None = None,
    now: datetime,
) -> list[Change]:
    """Make all of the changes, or none, and return their rows in the ledger, in order.

    `changes` may be a function of the state, which is asked under the lock: for changes that depend on what stands.
    `source` names what brought them about ("resolution:4", "gm:<form token>"). A source takes effect once: given
    again, its rows are returned as they were written. `story_date` is the campaign's today unless given; `now` is
    real time. `Refused` names the change that cannot be made, why, and what would do.
    """
    with transaction.atomic():
        locked = lock(campaign)
        found = list(locked.ledger.filter(source=source).order_by("ordinal"))
        if found:
            return found
        state = load_state(locked)
        steps = _steps(state, list(changes(state) if callable(changes) else changes))
        on = story_date or locked.today
        rows = _write(locked, steps, by=by, why=why, source=source, story_date=on, now=now)
    campaign.today = locked.today
    return rows


def amend(
    *,
    campaign: Campaign,
    subject: Subject,
    key: str,
    values: Mapping[str, Scalar | StoryDate],
    by: User,
    why: str,
    token: str,
    now: datetime,
) -> list[Change]:
    """Give fields of one thing these values, one change for each that differs; `token` names the form sent."""
    return apply(
        campaign=campaign,
        changes=lambda state: amendments(state, subject, key, values),
        by=by,
        why=why,
        source=f"gm:{token}",
        now=now,
    )


def amendments(
    state: rules.State, subject: Subject, key: str, values: Mapping[str, Scalar | StoryDate]
) -> Iterator[rules.Amend]:
    """The amendments that give a thing these values, for those fields that have another."""
    for field, value in values.items():
        change = rules.Amend(subject=subject, key=key, field=field, value=written.write(value))
        if change.differs(state):
            yield change


def _steps(state: rules.State, changes: Sequence[rules.Change]) -> tuple[rules.Step, ...]:
    steps: list[rules.Step] = []
    for number, change in enumerate(changes, start=1):
        try:
            steps.append(rules.step(steps[-1].state_after if steps else state, change))
        except rules.Impossible as no:
            which = "" if len(changes) == 1 else f"Change {number} of {len(changes)} cannot be made: "
            raise Refused(f"{which}{no.reason}", allowed=no.allowed) from no
    return tuple(steps)


def _write(
    campaign: Campaign,
    steps: Sequence[rules.Step],
    *,
    by: User | None,
    why: str,
    source: str,
    story_date: StoryDate,
    now: datetime,
    undoes: Sequence[Change] = (),
) -> list[Change]:
    """Write what the steps change, one ledger row each, and one row of activity for those who may notice."""
    if not steps:
        return []
    for step in steps:
        try:
            writers.write(campaign, step.change)
        except ProtectedError as held:
            raise Refused(
                f"This cannot be made: {step.sentence}. Something in the campaign still refers to it"
            ) from held
    last = campaign.ledger.aggregate(last=models.Max("sequence"))["last"] or 0
    rows = Change.objects.bulk_create(
        Change(
            campaign=campaign,
            sequence=last + 1 + ordinal,
            source=source,
            ordinal=ordinal,
            kind=step.change.kind,
            # The inverse is kept beside the change: what it takes back may be known only now.
            payload={"change": rules.to_json(step.change), "inverse": rules.to_json(step.inverse)},
            sentence=clip(step.sentence, _WORDS),
            before=clip(step.before, _WORDS),
            after=clip(step.after, _WORDS),
            why=clip(why, _WORDS),
            story_date=story_date,
            by=by,
            at=now,
            undoes=undoes[ordinal] if undoes else None,
        )
        for ordinal, step in enumerate(steps)
    )
    _record_activity(campaign, steps, now, by)
    for step in steps:
        for thing in _told_of(campaign, step):
            tell = isinstance(step.change, rules.DiscloseEntry)
            disclosures.keep_record(thing, by=by, now=now, tell=tell)
    return rows


def _record_activity(campaign: Campaign, steps: Sequence[rules.Step], now: datetime, by: User | None) -> None:
    audiences = {step.audience for step in steps}
    record = partial(
        activity.record,
        campaign=campaign,
        kind=ActivityKind.STATE,
        now=now,
        by=by,
        path=reverse("timeline", args=[campaign.slug]),
    )
    if "all" in audiences:
        record()
    elif "powers" in audiences:
        told = {slug for step in steps for slug in step.told}
        persons = {name for step in steps for name in step.persons}
        record(
            powers=campaign.powers.filter(slug__in=told),
            persons=campaign.memberships.filter(user__username__in=persons),
        )
    else:
        record(audience=Audience.GM)


def _told_of(campaign: Campaign, step: rules.Step) -> Iterable[models.Model]:
    """The thing, if it is still there, whose audience this step may have changed."""
    match step.change:
        case rules.AddEvent(slug=slug):
            return list(campaign.events.filter(slug=slug))
        case rules.AddClock(slug=slug):
            return list(campaign.clocks.filter(slug=slug))
        case rules.DiscloseEntry(entry=slug) | rules.CloseEntry(entry=slug):
            return list(campaign.entries.filter(slug=slug))
    return []


# Undoing


def undo(
    *,
    campaign: Campaign,
    by: User | None,
    why: str,
    now: datetime,
    source: str | None = None,
    change: Change | None = None,
) -> list[Change]:
    """Append the inverses of a source's changes, last first, or of one change; all of them or none.

    Rows that were undone one by one before are passed over. `Refused` when nothing is left to undo, naming who undid
    it, and when the campaign has moved on so that an inverse is no longer possible, naming why.
    """
    if (source is None) == (change is None):
        raise TypeError("Undo either a source or one change.")
    with transaction.atomic():
        locked = lock(campaign)
        which = Q(source=source) if change is None else Q(pk=change.pk)
        found = list(
            locked.ledger.filter(which).order_by("-ordinal").select_related("undone_by__by", "undoes")
        )
        rows = _not_yet_undone(found)
        inverses = [rules.from_json(row.payload["inverse"]) for row in rows]
        name = f"undo:{source}" if change is None else f"undo:{found[0].source}#{found[0].ordinal}"
        steps = _steps(load_state(locked), inverses)
        undone = _write(
            locked, steps, by=by, why=why, source=name, story_date=locked.today, now=now, undoes=rows
        )
    campaign.today = locked.today
    return undone


def _not_yet_undone(found: Sequence[Change]) -> list[Change]:
    """The rows that still stand; `Refused` when there are none, or when they are an undo themselves."""
    if not found:
        raise Refused("The ledger has no such change")
    if any(row.undoes for row in found):
        raise Refused("An undo is not undone", allowed="Make the change again instead")
    standing = [row for row in found if not hasattr(row, "undone_by")]
    if not standing:
        last = max((row.undone_by for row in found), key=lambda row: row.sequence)
        raise Refused(
            f"This was undone already, by {last.by or 'someone who has left'}, as change {last.sequence}"
        )
    return standing
