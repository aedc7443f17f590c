"""The pack of a conference: everything that one reader wants on the table for it, in the order in which it is used."""

from collections.abc import Iterator
from dataclasses import replace

from django.http import Http404

from diplomacy.access import get_conference_for
from diplomacy.models import Conference
from diplomacy.sheets.order import on_the_agenda, on_the_table
from khitomer.access import Viewer
from khitomer.errors import Refused
from khitomer.models import Handout
from khitomer.sheets import KINDS, Sheet, sheet_of
from khitomer.sheets.copies import GM, Copy
from khitomer.sheets.packs import PACKERS, Occasion, part_of

SORT = "conference"


def conference_pack(copy: Copy, refers: str) -> Occasion:
    """What one reader's pack of the conference at this address holds. `Refused` where there is none any more."""
    try:
        conference = get_conference_for(copy.eyes, refers)
    except Http404:
        raise Refused("There is no such conference any more") from None
    parts = [part for sheet in _sheets(copy, conference) if (part := part_of(copy.eyes, sheet))]
    line = f"{conference.treaty} · {conference.on.words()}"
    return Occasion(str(conference), line, parts)


def _sheets(copy: Copy, conference: Conference) -> Iterator[Sheet]:
    """What is used, in its order: what is up, the law, what is charged, what is voted, and what stands on the table."""
    eyes, about = copy.eyes, {"conference": conference.pk}
    yield _sheet(eyes, "order", "Order of the day", about)
    for brief in briefs_of(eyes, conference):
        yield sheet_of(brief)
    yield _sheet(eyes, "treaty", str(conference.treaty), {"treaty": conference.treaty_id, "parties": True})
    for complaint in on_the_agenda(eyes, conference):
        yield _sheet(
            eyes, "summons", f"No. {complaint.number}: {complaint.title}", {"complaint": complaint.pk}
        )
    if copy.token == GM:
        yield _sheet(eyes, "roll", "Roll-call sheet", about)
        for tabled in on_the_table(eyes, conference):
            title = f"Ballots on motion {tabled.motion.number}"
            yield _sheet(eyes, "ballots", title, {**about, "motion": tabled.motion.pk})
        yield _placards(eyes, conference) or _sheet(eyes, "placards", "Placards", about)


def briefs_of(eyes: Viewer, conference: Conference) -> list[Handout]:
    """The briefs for this conference: to a GM who packs for somebody all there are, to a player those that they were
    shown. A brief draws itself for its own delegation alone, whoever's eyes these are."""
    handouts = eyes.campaign.handouts
    known = handouts.filter(deleted_at=None) if eyes.behind else handouts.visible_to(eyes)
    rows = known.filter(kind="brief", details__conference=conference.pk)
    return list(rows.select_related("campaign", "picture").order_by("title"))


def _placards(eyes: Viewer, conference: Conference) -> Sheet | None:
    """Those that the GM made last for this conference, as they are set out: without what is on the GM's copy alone."""
    made = eyes.campaign.handouts.filter(deleted_at=None, kind="placards", details__conference=conference.pk)
    latest = made.select_related("campaign", "picture").order_by("-pk").first()
    if latest is None:
        return None
    sheet = sheet_of(latest)
    return replace(sheet, details={**sheet.details, "crib": False})


def _sheet(eyes: Viewer, kind: str, title: str, details: dict[str, object]) -> Sheet:
    return Sheet(campaign=eyes.campaign, kind=KINDS[kind], title=title, details=details)


PACKERS[SORT] = conference_pack
