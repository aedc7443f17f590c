"""The sector map as values: cells in their holder's colour, borders where holders differ, zones along them, places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from khitomer.rules.geometry import Cell, Edge, Point, cells

WIDTH, HEIGHT = 1000.0, 560.0
LETTER = 7.4
"""About how wide a letter of a label is."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """Something that takes up space: a power's own, or a territory; the point is in thousandths of the map.

    `holder` is a power by slug, or "" for nobody; `doubt` that it may be another's on that day; `claimed` the slug of
    a power that claims it. The name of a power's own stands amid its cell, unless the point was chosen `by_hand`.
    """

    key: str
    name: str
    at: tuple[int, int]
    holder: str = ""
    doubt: bool = False
    claimed: str = ""
    own: bool = False
    by_hand: bool = False
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A zone between powers: in full force, or at half strength while nobody can tell."""

    name: str
    powers: frozenset[str]
    half: bool = False


@dataclass(frozen=True, kw_only=True)
class Place:
    """A dot: a world or a station that this reader knows of."""

    key: str
    name: str
    at: tuple[int, int]
    url: str = ""


@dataclass(frozen=True)
class Drawn:
    """A cell as it is drawn, its name at `x` and `y`."""

    site: Site
    points: str
    colour: str
    claim: str
    x: float
    y: float
    label: str
    said: str

    @property
    def at(self) -> tuple[int, int]:
        """Where its name stands, in thousandths of the map."""
        return round(self.x * 1000 / WIDTH), round(self.y * 1000 / HEIGHT)


@dataclass(frozen=True)
class Dot:
    """A place as it is drawn; the label stands left of it where there is no room to its right."""

    place: Place
    x: float
    y: float
    text_x: float
    text_y: float
    anchor: str


@dataclass(frozen=True)
class SectorMap:
    """All that the picture needs."""

    cells: Sequence[Drawn]
    borders: str
    zones: Sequence[tuple[Zone, str, float, float]]
    dots: Sequence[Dot]
    claimants: Mapping[str, str] = field(default_factory=dict)
    width: float = WIDTH
    height: float = HEIGHT


def sector_map(
    sites: Iterable[Site],
    zones: Iterable[Zone],
    places: Iterable[Place],
    colours: Mapping[str, tuple[str, str]],
) -> SectorMap:
    """Draw the map. `colours` gives the colour and the short name of each power by slug."""
    known = {site.key: site for site in sites}
    shared = cells({key: _scaled(site.at) for key, site in known.items()}, WIDTH, HEIGHT)
    drawn = [_cell(known[key], cell, colours) for key, cell in shared.items() if cell.edges]
    between = [
        (known[cell.site], known[edge.beside], edge)
        for cell in shared.values()
        for edge in cell.edges
        if edge.beside and cell.site < edge.beside
    ]
    borders = " ".join(_line(edge) for one, other, edge in between if one.holder != other.holder)
    claimants = {site.claimed: colours[site.claimed][0] for site in known.values() if site.claimed in colours}
    found = _zones(zones, between)
    return SectorMap(drawn, borders, found, _dots(places, _named(drawn, found)), claimants)


def _cell(site: Site, cell: Cell, colours: Mapping[str, tuple[str, str]]) -> Drawn:
    colour, short = colours.get(site.holder, ("", ""))
    x, y = cell.middle if site.own and not site.by_hand else _scaled(site.at)
    said = f"{site.name}: {short or 'nobody'}" if not site.own else site.name
    if site.doubt:
        said += ", in doubt"
    if site.claimed in colours:
        said += f", claimed by {colours[site.claimed][1]}"
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in cell.corners)
    claim = site.claimed if site.claimed in colours else ""
    return Drawn(
        site, points, colour, claim, round(x, 1), round(y, 1), short if site.own else site.name, said
    )


def _zones(
    zones: Iterable[Zone], between: Sequence[tuple[Site, Site, Edge]]
) -> list[tuple[Zone, str, float, float]]:
    """Each zone as a line along every border of two of its powers, with a point low on the longest for its name."""
    found = []
    for zone in zones:
        edges = [
            edge
            for one, other, edge in between
            if one.holder != other.holder and {one.holder, other.holder} <= zone.powers
        ]
        if edges:
            longest = max(edges, key=_length)
            top, foot = sorted((longest.start, longest.end), key=lambda point: point[1])
            x, y = top[0] + (foot[0] - top[0]) * 0.8, top[1] + (foot[1] - top[1]) * 0.8
            found.append((zone, " ".join(_line(edge) for edge in edges), round(x, 1), round(y, 1)))
    return found


Box = tuple[float, float, float, float]
"""Left, right, top and foot of what takes up room."""


def _named(cells: Iterable[Drawn], zones: Iterable[tuple[Zone, str, float, float]]) -> list[Box]:
    """The room that the names of cells and of zones take."""
    taken = []
    for cell in cells:
        half = (14 if cell.site.own else 9.5) * len(cell.label) / 2
        under = 22 if cell.site.holder and not cell.site.own else 5
        taken.append((cell.x - half, cell.x + half, cell.y - (24 if cell.site.own else 15), cell.y + under))
    taken += [(x + 18, x + 20 + LETTER * len(zone.name), y - 12, y + 4) for zone, _, x, y in zones]
    return taken


def _dots(places: Iterable[Place], taken: Sequence[Box]) -> list[Dot]:
    """The places with their names: beside the dot, or a line lower or higher, where nothing else is written."""
    rows = sorted(places, key=lambda each: (each.at[1], each.at[0], each.key))
    marks = {each.key: _around(*_scaled(each.at)) for each in rows}
    written = list(taken)
    dots = []
    for place in rows:
        x, y = _scaled(place.at)
        others = [*written, *(mark for key, mark in marks.items() if key != place.key)]
        choices = [_label(place, x, y, down, left) for down in _LINES for left in (False, True)]
        inside = [(dot, box) for dot, box in choices if box[0] > 0 and box[1] < WIDTH - 16] or choices
        dot, box = next(
            ((dot, box) for dot, box in inside if not any(_meet(box, each) for each in others)), inside[0]
        )
        written.append(box)
        dots.append(dot)
    return dots


_LINES = (4.0, 18.0, -10.0, 32.0, -24.0, 46.0, -38.0)
"""How far below its dot a name may stand, the best place first."""


def _label(place: Place, x: float, y: float, down: float, left: bool) -> tuple[Dot, Box]:
    wide, text_x, text_y = LETTER * len(place.name), x - 10 if left else x + 10, round(y + down, 1)
    begins = text_x - wide if left else text_x
    dot = Dot(place, x, y, text_x, text_y, "end" if left else "start")
    return dot, (begins, begins + wide, text_y - 11, text_y + 3)


def _around(x: float, y: float) -> Box:
    return x - 7, x + 7, y - 7, y + 7


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def _scaled(at: tuple[int, int]) -> Point:
    return round(at[0] * WIDTH / 1000, 1), round(at[1] * HEIGHT / 1000, 1)


def _line(edge: Edge) -> str:
    return f"M{edge.start[0]:.1f} {edge.start[1]:.1f}L{edge.end[0]:.1f} {edge.end[1]:.1f}"


def _length(edge: Edge) -> float:
    return (edge.start[0] - edge.end[0]) ** 2 + (edge.start[1] - edge.end[1]) ** 2
