"""The sector map as a poster: on a day, as far as its reader knows it, over as many sheets as one likes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from khitomer.access import Viewer
from khitomer.charting import chart
from khitomer.drawing.maps import Dot, SectorMap
from khitomer.drawing.maps import Drawn as Cell
from khitomer.forms.sheets import TILES, ChartForm
from khitomer.models import Power
from khitomer.rules.dates import Answer
from khitomer.rules.press import Turn
from khitomer.sheets import Drawn, Sheet, SheetKind, register
from khitomer.sheets.written import date_of

HEAD, LINE, COLUMNS = 92.0, 26.0, 4
"""In units of the map: the room above it, the height of a line of the legend, and how many stand in one."""

ABOVE = 26.0
"""How far a power's name gives way to a place that stands on it."""


@dataclass(frozen=True)
class Key:
    """A line of the legend: a colour with a power's names, or what a sign means."""

    x: float
    y: float
    words: str
    colour: str = ""
    short: str = ""
    sign: str = ""


@dataclass(frozen=True, kw_only=True)
class Poster:
    """All that stands on it, in units of the map, which begins below the `head`."""

    map: SectorMap
    keys: Sequence[Key]
    columns: int
    rows: int
    width: float
    height: float
    title_size: float

    head = HEAD

    @property
    def middle(self) -> float:
        return self.width / 2


def draw_chart(eyes: Viewer, sheet: Sheet) -> Drawn | None:
    """The map on a day of the story so far; today, where none is given or the story has gone back since."""
    today = eyes.campaign.today
    day = date_of(sheet, "day") or today
    if today.before(day) is Answer.YES:
        day = today
    drawn = chart(eyes, day)
    picture = drawn.picture if sheet.details.get("places", True) else replace(drawn.picture, dots=[])
    if not picture.cells and not picture.dots:
        return None
    asked = sheet.details.get("tiles")
    columns, rows = (int(each) for each in (asked if asked in dict(TILES) else "1x1").split("x"))
    picture = _clear(picture)
    keys = _legend(picture, _powers(eyes, picture))
    height = HEAD + picture.height + LINE + ceil(len(keys) / COLUMNS) * LINE
    poster = Poster(
        map=picture,
        keys=keys,
        columns=columns,
        rows=rows,
        width=picture.width,
        height=height,
        title_size=round(min(34.0, 900 / max(1, len(sheet.title))), 1),
    )
    return Drawn({"sheet": sheet, "poster": poster, "day": day})


def _clear(picture: SectorMap) -> SectorMap:
    """With the name of each power above the places that stand where it would."""
    cells = [
        replace(cell, y=cell.y - ABOVE) if cell.site.own and _covered(cell, picture.dots) else cell
        for cell in picture.cells
    ]
    return replace(picture, cells=cells)


def _covered(cell: Cell, dots: Sequence[Dot]) -> bool:
    return any(abs(dot.x - cell.x) < 90 and -14 < cell.y - dot.text_y < 24 for dot in dots)


def _powers(eyes: Viewer, picture: SectorMap) -> list[Power]:
    """The powers that have something on the map."""
    shown = {cell.site.holder for cell in picture.cells} | {cell.claim for cell in picture.cells}
    return [power for power in eyes.campaign.powers.all() if power.slug in shown]


def _legend(picture: SectorMap, powers: list[Power]) -> list[Key]:
    lines: list[tuple[str, str, str, str]] = [(power.name, power.colour, power.short, "") for power in powers]
    for zone, *_ in picture.zones:
        lines.append((f"{zone.name}{', in doubt' if zone.half else ''}", "", "", "zone"))
    if any(cell.site.doubt for cell in picture.cells):
        lines.append(("in doubt", "", "", "doubt"))
    if picture.claimants:
        lines.append(("claimed by another", "", "", "claim"))
    if picture.dots:
        lines.append(("world or station", "", "", "dot"))
    wide, top = picture.width / COLUMNS, HEAD + picture.height + LINE
    return [
        Key(round(number % COLUMNS * wide, 1), top + number // COLUMNS * LINE, *line)
        for number, line in enumerate(lines)
    ]


register(
    SheetKind(
        key="chart",
        label="Star chart",
        group="Cards and sheets",
        says="The sector map on a day, as a poster over one sheet or up to nine.",
        template="print/chart.html",
        draw=draw_chart,
        form=ChartForm,
        turn=Turn.LANDSCAPE,
        single=True,
    ),
)
