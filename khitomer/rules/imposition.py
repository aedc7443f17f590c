"""How cards lie on a sheet: how many fit, where each stands, what lies behind it, and where to cut and fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import floor

from khitomer.rules.press import MILLIMETRES, Paper, Press, Sides

REACH = 4.2
"""Millimetres from the edge of the paper that many printers leave white: no card stands there."""

MARK = 4.0
"""How long a mark is at most, and how far it keeps from what it marks and from the edge of the paper."""
AWAY = 1.0

INCH = 25.4


class Size(StrEnum):
    """How large a card is."""

    POKER = "poker"
    QUARTER = "quarter"
    INDEX = "index"


_QUARTERS = {Paper.A4: (99.0, 139.0), Paper.LETTER: (101.0, 133.0)}


def card_of(size: Size, press: Press) -> tuple[float, float]:
    """Width and height of a card once it is cut; a quarter of the sheet gives up what the bleed takes."""
    if size is Size.POKER:
        return 63.5, 88.9
    if size is Size.INDEX:
        return 6 * INCH, 4 * INCH
    width, height = _QUARTERS[press.paper]
    return width - press.bleed, height - press.bleed


@dataclass(frozen=True)
class Box:
    """A place on the paper, in millimetres from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def grown(self, by: float) -> Box:
        """With so much more on every side; with less, where `by` is negative."""
        return Box(
            round(self.x - by, 2),
            round(self.y - by, 2),
            round(self.width + 2 * by, 2),
            round(self.height + 2 * by, 2),
        )


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A sheet of so many cards in so many rows. `folded` ones are a front and a back in one piece, beside each other
    or, `over`, one below the other; `lying` is how the paper lies for as many of them as fit."""

    width: float
    height: float
    card: tuple[float, float]
    columns: int
    rows: int
    bleed: int
    folded: bool = False
    over: bool = False
    lying: bool = False

    @property
    def number(self) -> int:
        return self.columns * self.rows

    @property
    def piece(self) -> tuple[float, float]:
        """Width and height of what is cut out: a card, or a front and a back to be folded."""
        width, height = self.card
        return (width * (1 + (self.folded and not self.over)), height * (1 + (self.folded and self.over)))

    def place(self, column: int, row: int) -> Box:
        """Where the piece of this column and row stands; the whole stands in the middle of the paper."""
        width, height = self.piece
        across = self.columns * width + (self.columns - 1) * 2 * self.bleed
        down = self.rows * height + (self.rows - 1) * 2 * self.bleed
        x = (self.width - across) / 2 + column * (width + 2 * self.bleed)
        y = (self.height - down) / 2 + row * (height + 2 * self.bleed)
        return Box(round(x, 2), round(y, 2), width, height)

    def halves(self, piece: Box) -> tuple[Box, Box]:
        """The front and the back of a folded piece."""
        width, height = self.card
        second = (
            Box(piece.x, piece.y + height, width, height)
            if self.over
            else Box(piece.x + width, piece.y, width, height)
        )
        return Box(piece.x, piece.y, width, height), second


def layout(size: Size, press: Press, *, backs: bool) -> Layout:
    """As many cards as fit the paper, whichever way round it lies; upright where both hold as many."""
    folded = backs and press.sides == Sides.FOLD
    width, height = MILLIMETRES[press.paper]
    one = Layout(
        width=width,
        height=height,
        card=card_of(size, press),
        columns=0,
        rows=0,
        bleed=press.bleed,
        folded=folded,
    )
    other = replace(one, width=height, height=width, lying=True)
    ways = [
        way for each in (one, other) for way in (each, replace(each, over=True)) if folded or not way.over
    ]
    return max((_filled(way) for way in ways), key=lambda each: each.number)


def _filled(sheet: Layout) -> Layout:
    width, height = sheet.piece
    columns, rows = _fitting(width, sheet.width, sheet.bleed), _fitting(height, sheet.height, sheet.bleed)
    return replace(sheet, columns=columns, rows=rows)


def _fitting(length: float, paper: float, bleed: int) -> int:
    """How many of this length stand beside each other on the paper, with room for the bleed of each."""
    room = paper - 2 * max(REACH, bleed)
    return max(0, floor((room + 2 * bleed) / (length + 2 * bleed) + 1e-9))


def behind(places: Sequence[tuple[int, int]], sheet: Layout, sides: Sides) -> list[tuple[int, int]]:
    """Where on the other side of the paper the back of each place is, by column and row.

    Paper turned about its long edge swaps left and right where it stands upright, and top and bottom where it lies.
    """
    across = (sides == Sides.LONG) != sheet.lying
    return [
        (sheet.columns - 1 - column, row) if across else (column, sheet.rows - 1 - row)
        for column, row in places
    ]


def cut_marks(sheet: Layout, places: Sequence[tuple[int, int]]) -> str:
    """Hairlines in the margins, at the edges of every column and row that is taken, as the path of a drawing."""
    if not places:
        return ""
    boxes = [sheet.place(column, row) for column, row in places]
    first, last = sheet.place(0, 0), sheet.place(sheet.columns - 1, sheet.rows - 1)
    left, top = first.x - sheet.bleed, first.y - sheet.bleed
    right, foot = last.x + last.width + sheet.bleed, last.y + last.height + sheet.bleed
    xs = sorted({round(at, 2) for box in boxes for at in (box.x, box.x + box.width)})
    ys = sorted({round(at, 2) for box in boxes for at in (box.y, box.y + box.height)})
    lines = [line for x in xs for line in (_up(x, top), _down(x, foot, sheet.height))]
    lines += [line for y in ys for line in (_leftwards(left, y), _rightwards(right, y, sheet.width))]
    return "".join(line for line in lines if line)


def fold_marks(sheet: Layout, places: Sequence[tuple[int, int]]) -> str:
    """A line along every fold, from edge to edge of the piece and a little beyond."""
    lines = []
    for column, row in places if sheet.folded else ():
        _, back = sheet.halves(sheet.place(column, row))
        beyond = sheet.bleed + AWAY + MARK
        if sheet.over:
            lines.append(f"M{back.x - beyond:.2f} {back.y:.2f}h{back.width + 2 * beyond:.2f}")
        else:
            lines.append(f"M{back.x:.2f} {back.y - beyond:.2f}v{back.height + 2 * beyond:.2f}")
    return "".join(lines)


def _length(room: float) -> float:
    return max(0.0, min(MARK, room - 2 * AWAY))


def _up(x: float, top: float) -> str:
    long = _length(top)
    return f"M{x:.2f} {top - AWAY:.2f}v{-long:.2f}" if long else ""


def _down(x: float, foot: float, height: float) -> str:
    long = _length(height - foot)
    return f"M{x:.2f} {foot + AWAY:.2f}v{long:.2f}" if long else ""


def _leftwards(left: float, y: float) -> str:
    long = _length(left)
    return f"M{left - AWAY:.2f} {y:.2f}h{-long:.2f}" if long else ""


def _rightwards(right: float, y: float, width: float) -> str:
    long = _length(width - right)
    return f"M{right + AWAY:.2f} {y:.2f}h{long:.2f}" if long else ""
