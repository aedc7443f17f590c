"""Packs: many sheets in one PDF, asked for, made while their maker looks on, cancelled, and let go of.

A pack is asked for in a request and made outside of it; its row tells both sides how far it is. Whoever makes it beats
once a section; a pack whose maker has fallen silent is over, and can be asked for again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from khitomer.actions import activity
from khitomer.actions.locks import lock
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Membership, Pack, PackState
from khitomer.rules.press import GM, Press

KEPT_FOR = timedelta(days=1)
SILENT = timedelta(seconds=90)
"""A pack that is being made says so more often than this."""

MARGIN = timedelta(minutes=1)
"""How long before a pack something may say that it was taken back, and have been afterwards: its moment is when that
was asked for, and a pack may be drawn while it waits for its lock. When words were written is noted under the lock."""

MOST_AT_ONCE = 40
"""Packs of one GM that wait or are being made: one for each of a full table, and then some."""

MOST_OF_OTHERS = 3
"""Packs of one who does not run the campaign, who needs no more than their own: all wait for the same press."""

UNDER_WAY = (PackState.WAITING, PackState.MAKING)


class Cancelled(Exception):
    """The pack is not wanted any more."""


@dataclass(frozen=True)
class Wanted:
    """One pack that is asked for: what it is called, the token of whose copy it is, and who that is, if a person."""

    title: str
    eyes: str
    reader: Membership | None = None


def ask(
    *, by: Membership, sort: str, refers: str, wanted: Sequence[Wanted], press: Press, now: datetime
) -> list[Pack]:
    """Packs to be made, all of them or none. `Refused` where too many of whoever asks are under way."""
    with transaction.atomic():
        lock(by.campaign)
        _let_go(now)
        mine = Pack.objects.filter(by=by, state__in=UNDER_WAY, beat_at__gt=now - SILENT)
        if mine.count() + len(wanted) > (MOST_OF_OTHERS if by.is_told else MOST_AT_ONCE):
            raise Refused("Enough packs are being made", allowed="Wait for them, or cancel them")
        packs = [
            Pack.objects.create(
                campaign=by.campaign,
                by=by,
                reader=each.reader,
                rights=rights_of(by, each.reader),
                sort=sort,
                refers=refers,
                title=each.title[:160],
                eyes=each.eyes,
                press=press.kept,
                began_at=now,
                beat_at=now,
            )
            for each in wanted
        ]
        for pack in packs:
            _stir(pack, now)
        return packs


def rights_of(*members: Membership | None) -> str:
    """What these may see, as far as a pack made for them depends on it: their roles and their powers."""
    return "|".join(f"{member.role}:{member.power_id or ''}" for member in members if member)


def wait(*, pack: Pack, now: datetime) -> None:
    """It waits for its turn still. Raises `Cancelled` where it is not wanted any more."""
    _beat(pack, now, expected=PackState.WAITING)


def begin(*, pack: Pack, of: int, now: datetime) -> None:
    """It is being made, of so many sections."""
    _beat(pack, now, expected=PackState.WAITING, state=PackState.MAKING, of=of)


def step(*, pack: Pack, done: int, doing: str, now: datetime) -> None:
    """So many sections are done, and this one comes. Raises `Cancelled` where it is not wanted any more."""
    _beat(pack, now, expected=PackState.MAKING, done=done, doing=doing[:160])


def finish(*, pack: Pack, data: bytes, pages: int, now: datetime) -> None:
    """Keep the file, and let it be fetched."""
    place = file_of(pack)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.write_bytes(data)
    try:
        _beat(pack, now, expected=PackState.MAKING, state=PackState.DONE, pages=pages, doing="")
    except Cancelled:
        place.unlink(missing_ok=True)
        raise


def fail(*, pack: Pack, reason: str, now: datetime) -> None:
    """It cannot be made, and why, in words for whoever asked."""
    _end(pack, now, state=PackState.FAILED, reason=reason[:300])


def cancel(*, pack: Pack, now: datetime) -> bool:
    """Stop making it at the next section; gives whether it was still under way."""
    return _end(pack, now, state=PackState.CANCELLED)


def is_silent(pack: Pack, now: datetime) -> bool:
    """Whether whoever made it was stopped before it was done."""
    return pack.state in UNDER_WAY and now - pack.beat_at > SILENT


def file_of(pack: Pack) -> Path:
    """Where the PDF of a pack lies, under a name that nobody can guess."""
    return Path(settings.DATA_DIR) / "packs" / f"{pack.token}.pdf"


def contents_of(*, pack: Pack, member: Membership, now: datetime) -> bytes:
    """The PDF of a pack, for the member who asked for it. `Refused` where it is not made, or is out of date."""
    if pack.state != PackState.DONE:
        raise Refused("This pack is not made", allowed="Ask for it again")
    if is_out_of_date(pack, member, now):
        raise Refused(
            "This pack is out of date: what may be on it has changed",
            allowed="Ask for it again, a minute after the last change",
        )
    try:
        return file_of(pack).read_bytes()
    except FileNotFoundError:
        raise Refused("This pack was let go of", allowed="Ask for it again") from None


def is_out_of_date(pack: Pack, member: Membership, now: datetime) -> bool:
    """Whether it is a day old, the rights of its maker or its reader are not what they were then, or (but for the GM's
    own) anything was taken back or written anew since: paper made now must not tell what is not told any more."""
    if now - pack.began_at > KEPT_FOR or pack.rights != rights_of(member, pack.reader):
        return True
    if pack.eyes == GM and not member.is_told:
        return False
    since = pack.began_at - MARGIN
    taken = Q(taken_back_at__gte=since)
    written = Q(updated_at__gte=pack.began_at) | Q(deleted_at__gte=since)
    campaign = pack.campaign
    return campaign.disclosures.filter(taken).exists() or campaign.handouts.filter(written).exists()


def _beat(pack: Pack, now: datetime, *, expected: PackState, **changed: Any) -> None:
    with transaction.atomic():
        if not Pack.objects.filter(pk=pack.pk, state=expected).update(beat_at=now, **changed):
            raise Cancelled
        if changed:
            _stir(pack, now)


def _end(pack: Pack, now: datetime, **changed: Any) -> bool:
    with transaction.atomic():
        under_way = Pack.objects.filter(pk=pack.pk, state__in=UNDER_WAY)
        ended = under_way.update(doing="", beat_at=now, **changed)
        if ended:
            _stir(pack, now)
    return bool(ended)


def _stir(pack: Pack, now: datetime) -> None:
    """The pages on which whoever asked for it looks on look again."""
    activity.record(campaign=pack.campaign, kind=ActivityKind.BOUND, now=now, persons=[pack.by])


def _let_go(now: datetime) -> None:
    """Packs of a day ago, and every file that old, whoever asked for it and whether or not its row is there still."""
    before = now - KEPT_FOR
    Pack.objects.filter(began_at__lt=before).delete()
    for place in (Path(settings.DATA_DIR) / "packs").glob("*.pdf"):
        if place.stat().st_mtime < before.timestamp():
            place.unlink(missing_ok=True)
