"""The sector map of a day, as a viewer may see it: sites, zones and places from the rows."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from khitomer.access import Viewer
from khitomer.drawing.maps import Place, SectorMap, Site, Zone, sector_map
from khitomer.models import Entry, Holding, MapPosition, Power, Territory
from khitomer.models import Zone as ZoneRow
from khitomer.rules.dates import Answer, StoryDate
from khitomer.rules.positions import defaults, on_a_ring

FIRST_YEAR = 2293
"""Where the slider begins, unless the story began earlier: the year of Praxis and of the First Accords."""


@dataclass(frozen=True)
class Held:
    """A line of the table behind the picture: a territory, who holds it on the day, since when, and how surely."""

    territory: Territory
    holder: Power | None
    since: StoryDate | None
    doubt: bool
    claim: str
    claim_name: str
    placed: bool


@dataclass(frozen=True)
class Between:
    """A zone on the day, and whether it is in force: "yes", "doubt" or "no"."""

    zone: ZoneRow
    powers: list[Power]
    answer: Answer


@dataclass(frozen=True)
class Thing:
    """Something that the GM may put on the map: its sort and slug, its name, and where it stands now."""

    sort: str
    slug: str
    name: str
    at: tuple[int, int] | None

    @property
    def key(self) -> str:
        return f"{self.sort}:{self.slug}"


@dataclass(frozen=True)
class Chart:
    """The map, the tables behind it, all that may be moved about, and the years in which something changes."""

    picture: SectorMap
    held: list[Held]
    zones: list[Between]
    things: list[Thing]
    years: list[int]
    first: int
    last: int


def chart(viewer: Viewer, day: StoryDate) -> Chart:
    """The map as of a day. Territory, zones and powers are everyone's to see; places are the archive's."""
    campaign = viewer.campaign
    powers = list(campaign.powers.all())
    territories = list(campaign.territories.prefetch_related("holdings__power"))
    zones = list(campaign.zones.prefetch_related("powers"))
    entries = list(
        campaign.entries.visible_to(viewer).filter(kind__key="place").only("slug", "name", "campaign_id")
    )
    own = {(row.sort, row.slug): row for row in campaign.map_positions.all()}
    where = _positions(own, powers, territories, entries)
    held = [_held(each, day, powers, ("territory", each.slug) in where) for each in territories]
    between = [Between(zone, list(zone.powers.all()), _in_force(zone, day)) for zone in zones]
    sites = [
        Site(
            key=f"power:{power.slug}",
            name=power.name,
            at=where["power", power.slug],
            holder=power.slug,
            own=True,
            by_hand=("power", power.slug) in own,
            url=reverse("power", args=[campaign.slug, power.slug]),
        )
        for power in powers
        if ("power", power.slug) in where
    ]
    sites += [
        _site(viewer, each, where["territory", each.territory.slug], day) for each in held if each.placed
    ]
    drawn_zones = [
        Zone(
            name=each.zone.name,
            powers=frozenset(power.slug for power in each.powers),
            half=each.answer is Answer.DOUBT,
        )
        for each in between
        if each.answer is not Answer.NO
    ]
    places = [
        Place(
            key=f"entry:{entry.slug}",
            name=entry.name,
            at=where["entry", entry.slug],
            url=reverse("entry", args=[campaign.slug, entry.slug]),
        )
        for entry in entries
        if ("entry", entry.slug) in where
    ]
    colours = {power.slug: (power.colour, power.short) for power in powers}
    years = _years(territories, zones)
    first = min(FIRST_YEAR, campaign.starts.year)
    return Chart(
        sector_map(sites, drawn_zones, places, colours),
        held,
        between,
        _things(where, powers, territories, entries) if viewer.is_gm else [],
        [year for year in years if first <= year <= campaign.today.year],
        first,
        campaign.today.year,
    )


Where = dict[tuple[str, str], tuple[int, int]]


def _positions(
    own: dict[tuple[str, str], MapPosition],
    powers: list[Power],
    territories: list[Territory],
    entries: list[Entry],
) -> Where:
    """Where everything stands: as the GM has drawn it, or as this house draws canon; powers always somewhere."""
    usual = defaults().drawn
    there = {
        "power": [(power.slug, power.canon_key or power.slug) for power in powers],
        "territory": [(each.slug, each.canon_key or each.slug) for each in territories],
        "entry": [(each.slug, each.slug) for each in entries],
    }
    where: Where = {}
    for sort, slugs in there.items():
        for slug, canon in slugs:
            row = own.get((sort, slug))
            if row is not None and not row.hidden:
                where[sort, slug] = (row.x, row.y)
            elif row is None and canon in usual[sort]:
                where[sort, slug] = usual[sort][canon]
    # One that was moved keeps its place on the ring, or all after it would move up.
    lost = sorted(slug for slug, canon in there["power"] if canon not in usual["power"])
    for slug, point in on_a_ring(lost).items():
        if ("power", slug) not in own:
            where["power", slug] = point
    return where


def _held(territory: Territory, day: StoryDate, powers: list[Power], placed: bool) -> Held:
    """A territory on a day: the last span that may have begun; in doubt where its beginning may be later still."""
    spans = list(territory.holdings.all())
    begun = [span for span in spans if span.entered is None or day.before(span.entered) is not Answer.YES]
    now: Holding | None = begun[-1] if begun else None
    doubt = bool(now and now.entered and day.before(now.entered) is Answer.DOUBT and len(spans) > 1)
    claimed = _claimed(territory, day)
    claimant = next((power for power in powers if claimed and power.canon_key == claimed), None)
    return Held(
        territory,
        now.power if now else None,
        now.entered if now else None,
        doubt,
        claimant.slug if claimant else "",
        claimant.name if claimant else "",
        placed,
    )


def _claimed(territory: Territory, day: StoryDate) -> str:
    """The canon key of the power that claims a territory on a day, while it may still claim it."""
    for claim in defaults().claims:
        if claim.territory == territory.canon_key and day.before(claim.until) is not Answer.NO:
            return claim.power
    return ""


def _site(viewer: Viewer, held: Held, at: tuple[int, int], day: StoryDate) -> Site:
    url = reverse("territory", args=[viewer.campaign.slug])
    if viewer.is_gm:
        url = reverse("territory-move", args=[viewer.campaign.slug, held.territory.slug])
    return Site(
        key=f"territory:{held.territory.slug}",
        name=held.territory.name,
        at=at,
        holder=held.holder.slug if held.holder else "",
        doubt=held.doubt,
        claimed=held.claim,
        url=url,
    )


def _in_force(zone: ZoneRow, day: StoryDate) -> Answer:
    """Whether a zone is in force on a day; in doubt within the year or month of its beginning or its end."""
    begun = Answer.YES if zone.established is None else _not(day.before(zone.established))
    over = Answer.NO if zone.abolished is None else _not(day.before(zone.abolished))
    if begun is Answer.NO or over is Answer.YES:
        return Answer.NO
    return Answer.DOUBT if Answer.DOUBT in (begun, over) else Answer.YES


def _not(answer: Answer) -> Answer:
    return {Answer.YES: Answer.NO, Answer.NO: Answer.YES}.get(answer, Answer.DOUBT)


def _years(territories: list[Territory], zones: list[ZoneRow]) -> list[int]:
    """The years in which something on the map changes: all of it is everyone's to know."""
    dates = [
        date for each in territories for span in each.holdings.all() for date in (span.entered, span.left)
    ]
    dates += [date for zone in zones for date in (zone.established, zone.abolished)]
    dates += [claim.until for claim in defaults().claims]
    return sorted({date.year for date in dates if date})


def _things(
    where: Where, powers: list[Power], territories: list[Territory], entries: list[Entry]
) -> list[Thing]:
    named = [("power", each.slug, each.name) for each in powers]
    named += [("territory", each.slug, each.name) for each in territories]
    named += [("entry", each.slug, each.name) for each in entries]
    return [Thing(sort, slug, name, where.get((sort, slug))) for sort, slug, name in named]
