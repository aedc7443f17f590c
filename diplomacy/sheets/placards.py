"""Placards: a tent of paper before each seat, with its power's emblem and name for the room to read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from diplomacy.forms.handouts import PlacardsForm
from diplomacy.models import Conference, Seat
from diplomacy.sheets.brief import StandingBar, standings_with
from diplomacy.sheets.table import conference_of, seats_at
from khitomer.access import Viewer
from khitomer.models import Power
from khitomer.sheets import Drawn, Sheet, SheetKind, register
from khitomer.sheets.written import powers_of, texts_of

NAMES = ((22, "short-name"), (36, "long-name"))
"""Up to how many letters a name is set in which size; a longer one is set smallest."""


@dataclass(frozen=True, kw_only=True)
class Crib:
    """What the GM reads behind a placard: what the power was told, and how it stands with the others."""

    instructions: SafeString
    standings: list[StandingBar] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Placard:
    """One tent. `sizes` are the classes that set its short name and its name as large as there is room for."""

    seat: Seat
    sizes: str
    crib: Crib | None = None


def draw_placards(eyes: Viewer, sheet: Sheet) -> Drawn | None:
    conference = conference_of(eyes, sheet)
    if conference is None:
        return None
    seats = seats_at(conference)
    only = {power.pk for power in powers_of(sheet, "delegations")}
    chosen = [seat for seat in seats if not only or seat.power_id in only]
    cribs = _cribs(eyes, conference, seats) if eyes.is_gm and sheet.details.get("crib") else {}
    placards = [
        Placard(seat=seat, sizes=_sizes(seat.power), crib=cribs.get(seat.power_id)) for seat in chosen
    ]
    return Drawn(
        {
            "campaign": sheet.campaign,
            "sheet": sheet,
            "details": sheet.details,
            "conference": conference,
            "placards": placards,
        }
    )


def _sizes(power: Power) -> str:
    name = next((size for most, size in NAMES if len(power.name) <= most), "longest-name")
    return f"letters-{len(power.short)} {name}"


def _cribs(eyes: Viewer, conference: Conference, seats: Sequence[Seat]) -> dict[int, Crib]:
    """For a GM alone, by the key of each power: the brief that was made for it last, at this conference."""
    briefs = eyes.campaign.handouts.visible_to(eyes).filter(kind="brief", details__conference=conference.pk)
    last = {brief.details.get("power"): brief.text_html for brief in briefs.order_by("created_at", "pk")}
    told = dict(zip(last, texts_of(eyes, [*last.values()]), strict=True))
    values = eyes.campaign.standings.values_among(seat.power for seat in seats)
    return {
        seat.power_id: Crib(
            instructions=told.get(seat.power_id, SafeString("")),
            standings=standings_with(seat.power, seats, values[seat.power_id]),
        )
        for seat in seats
    }


register(
    SheetKind(
        key="placards",
        label="Placards",
        group="Conference",
        says="A folded tent for each seat: emblem and name for the room, a line for the delegate behind it.",
        template="print/placards.html",
        draw=draw_placards,
        form=PlacardsForm,
        cut=True,
        single=True,
    )
)
