"""The smaller pictures: clocks as pies, standings as a heat map, and a complaint's stages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from khitomer.drawing.emblems import around
from khitomer.drawing.scales import colour_or_grey

LEAST_STANDING, BEST_STANDING = -5, 5
DONE, NOW, AHEAD = "done", "now", "ahead"


# Clocks


@dataclass(frozen=True)
class Slice:
    """One segment of a clock, and the cut along its first edge."""

    path: str
    cut: str
    filled: bool


@dataclass(frozen=True)
class Clock:
    """A clock as a pie in a box of 60 by 60."""

    slices: tuple[Slice, ...]
    filled: int
    size: int

    @property
    def full(self) -> bool:
        """True when the clock has run out."""
        return self.filled == self.size


def clock(*, filled: int, size: int) -> Clock:
    """A pie of ``size`` (2 to 12) equal segments, ``filled`` of them full, clockwise from the top.
    ``ValueError`` otherwise.
    """
    if not 2 <= size <= 12 or not 0 <= filled <= size:
        raise ValueError(f"a clock has 2 to 12 segments and no more filled than it has: {filled} of {size}")
    step = 360 / size
    slices = []
    for index in range(size):
        (ax, ay), (bx, by) = around(index * step, 27), around((index + 1) * step, 27)
        large = 1 if step > 180 else 0
        slices.append(
            Slice(
                f"M30 30L{ax:.2f} {ay:.2f}A27 27 0 {large} 1 {bx:.2f} {by:.2f}Z",
                f"M30 30L{ax:.2f} {ay:.2f}",
                index < filled,
            )
        )
    return Clock(tuple(slices), filled, size)


# Standings


@dataclass(frozen=True)
class Power:
    """A row and a column of the standings: its name, short name and colour."""

    key: str
    name: str
    short: str
    colour: str


@dataclass(frozen=True)
class Cell:
    """One standing: how the row's power regards the column's. ``value`` is None on the diagonal and where
    none is recorded.
    """

    value: int | None
    shown: str
    css: str
    said: str
    url: str


@dataclass(frozen=True)
class HeatRow:
    """One power's regard for the others."""

    power: Power
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class HeatMap:
    """The standings of all powers."""

    powers: tuple[Power, ...]
    rows: tuple[HeatRow, ...]


def signed(value: int) -> str:
    """A standing as it is written: +3, 0, −2 (with a true minus)."""
    return f"+{value}" if value > 0 else f"−{-value}" if value else "0"


def heat_map(
    powers: Sequence[tuple[str, str, str, str]],
    standings: Mapping[tuple[str, str], int],
    urls: Mapping[tuple[str, str], str] | None = None,
) -> HeatMap:
    """The table of standings. ``powers``: (key, name, short name, colour) each; ``standings``: (of, towards)
    → −5 to +5; ``urls``: where a cell leads. ``ValueError`` on a standing out of range.
    """
    heads = tuple(Power(key, name, short, colour_or_grey(colour)) for key, name, short, colour in powers)
    links = urls or {}
    rows = tuple(
        HeatRow(
            row,
            tuple(
                _cell(row, column, standings.get((row.key, column.key)), links.get((row.key, column.key), ""))
                for column in heads
            ),
        )
        for row in heads
    )
    return HeatMap(heads, rows)


def _cell(row: Power, column: Power, value: int | None, url: str) -> Cell:
    if row.key == column.key:
        return Cell(None, "", "st-self", "", "")
    if value is None:
        return Cell(None, "·", "st-none", f"{row.name} towards {column.name}: not recorded", url)
    if not LEAST_STANDING <= value <= BEST_STANDING:
        raise ValueError(f"a standing runs from {LEAST_STANDING} to {BEST_STANDING}: {value}")
    css = f"st-p{value}" if value > 0 else f"st-m{-value}" if value else "st-0"
    return Cell(value, signed(value), css, f"{row.name} towards {column.name}: {signed(value)}", url)


# Stages


@dataclass(frozen=True)
class Stage:
    """One step of a complaint on its way: its label, its state (done, now or ahead), and where it leads."""

    label: str
    state: str
    note: str = ""


def stages(labels: Sequence[str], *, now: str, note: str = "", finished: bool = False) -> tuple[Stage, ...]:
    """The steps in order, with those before ``now`` done and those after it ahead; ``finished`` makes ``now``
    itself done. ``note`` stands beside the step in hand. ``ValueError`` when ``now`` is not among the labels.
    """
    here = list(labels).index(now)
    return tuple(
        Stage(
            label,
            DONE if index < here or (finished and index == here) else NOW if index == here else AHEAD,
            note if index == here else "",
        )
        for index, label in enumerate(labels)
    )
