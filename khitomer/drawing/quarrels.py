"""Who complains of whom: a board of rows against columns, with a disc in each field where there is something.

A disc is cut like a cake by how things came out, and has the number in its middle; colours are in the drawing itself,
so that it reads without a style sheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from khitomer.drawing.scales import colour_or_grey

CELL = 52.0
MARGIN = 74.0
LEAST, MOST = 12.0, 22.0
"""The radius of a disc for one, and for the most."""


@dataclass(frozen=True)
class Head:
    """A power at the edge of the board."""

    name: str
    short: str
    colour: str
    at: float


@dataclass(frozen=True)
class Cut:
    """One slice of a disc: its outline (empty for a whole disc) and its colour."""

    path: str
    fill: str


@dataclass(frozen=True)
class Disc:
    """What one power brings against another."""

    x: float
    y: float
    r: float
    number: int
    cuts: tuple[Cut, ...]
    said: str
    url: str


@dataclass(frozen=True)
class Board:
    """The whole picture, in user units."""

    heads: tuple[Head, ...]
    discs: tuple[Disc, ...]
    width: float
    height: float
    left: float

    @property
    def right(self) -> float:
        """Where the last column ends."""
        return self.left + CELL * len(self.heads)


Pair = tuple[str, str, Sequence[tuple[str, int]], str, str]
"""Row key, column key, (outcome, number) each, what is said of it, where it leads."""


def board(
    powers: Sequence[tuple[str, str, str, str]], pairs: Sequence[Pair], fills: Mapping[str, str]
) -> Board:
    """The board. ``powers``: (key, name, short name, colour) each; ``fills``: the colour of each outcome.
    ``KeyError`` for a pair of unknown powers.
    """
    place = {key: MARGIN + CELL * (index + 0.5) for index, (key, *_) in enumerate(powers)}
    most = max((sum(number for _, number in counts) for _, _, counts, _, _ in pairs), default=1)
    discs = []
    for row, column, counts, said, url in pairs:
        total = sum(number for _, number in counts)
        r = LEAST + (MOST - LEAST) * ((total - 1) / (most - 1)) ** 0.5 if most > 1 else LEAST + 3
        x, y = place[column], place[row]
        discs.append(Disc(x, y, round(r, 1), total, _cuts(x, y, r, counts, fills), said, url))
    heads = tuple(
        Head(name, short, colour_or_grey(colour), place[key]) for key, name, short, colour in powers
    )
    edge = MARGIN + CELL * len(heads) + 8
    return Board(heads, tuple(discs), edge, edge, MARGIN)


def _cuts(
    x: float, y: float, r: float, counts: Sequence[tuple[str, int]], fills: Mapping[str, str]
) -> tuple[Cut, ...]:
    """Slices clockwise from the top, in the order given."""
    told = [(colour_or_grey(fills.get(outcome, "")), number) for outcome, number in counts if number]
    total = sum(number for _, number in told)
    if len(told) == 1:
        return (Cut("", told[0][0]),)
    cuts, begin = [], 0.0
    for fill, number in told:
        end = begin + number / total
        large = 1 if end - begin > 0.5 else 0
        (ax, ay), (bx, by) = _on(x, y, r, begin), _on(x, y, r, end)
        cuts.append(
            Cut(f"M{x:g} {y:g}L{ax:.2f} {ay:.2f}A{r:.1f} {r:.1f} 0 {large} 1 {bx:.2f} {by:.2f}Z", fill)
        )
        begin = end
    return tuple(cuts)


def _on(x: float, y: float, r: float, share: float) -> tuple[float, float]:
    return x + r * sin(2 * pi * share), y - r * cos(2 * pi * share)
