"""A poster over several sheets of paper: how large it becomes, and which part of it stands on each sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from khitomer.rules.press import MILLIMETRES, Press

OVERLAP = 10.0
"""Millimetres that two neighbours share, to be glued."""

MARGIN, FOOT = 8.0, 14.0
"""Millimetres of white about each sheet; below it stand its label and how all are put together."""

ROWS = "ABC"


@dataclass(frozen=True)
class Tile:
    """One sheet: its label, and the part of the poster on it, in the poster's own units. `marks` are where to trim it
    and how far its neighbour is glued over it, as a path in millimetres of the paper; one sheet alone has none."""

    label: str
    column: int
    row: int
    x: float
    y: float
    width: float
    height: float
    marks: str = ""

    @property
    def view_box(self) -> str:
        return f"{self.x:.2f} {self.y:.2f} {self.width:.2f} {self.height:.2f}"


@dataclass(frozen=True, kw_only=True)
class Tiling:
    """A poster over sheets of which each shows `width` by `height` millimetres; `scale` is millimetres to a unit."""

    columns: int
    rows: int
    lying: bool
    paper: tuple[float, float]
    width: float
    height: float
    scale: float
    tiles: Sequence[Tile] = ()


def tiled(press: Press, *, columns: int, rows: int, width: float, height: float) -> Tiling:
    """A poster of so many units over so many sheets, which lie whichever way makes it larger; it stands in the
    middle of them all."""
    return max(
        (_tiled(press, lying, columns, rows, width, height) for lying in (True, False)),
        key=lambda each: each.scale,
    )


def _tiled(press: Press, lying: bool, columns: int, rows: int, width: float, height: float) -> Tiling:
    upright = MILLIMETRES[press.paper]
    paper = (upright[1], upright[0]) if lying else upright
    across, down = paper[0] - 2 * MARGIN, paper[1] - MARGIN - FOOT
    whole = (columns * across - (columns - 1) * OVERLAP, rows * down - (rows - 1) * OVERLAP)
    scale = min(whole[0] / width, whole[1] / height)
    left, top = (width - whole[0] / scale) / 2, (height - whole[1] / scale) / 2
    tiles = [
        Tile(
            f"{ROWS[row]}{column + 1}",
            column,
            row,
            left + column * (across - OVERLAP) / scale,
            top + row * (down - OVERLAP) / scale,
            across / scale,
            down / scale,
            _marks(across, down, right=column + 1 < columns, below=row + 1 < rows)
            if columns * rows > 1
            else "",
        )
        for row in range(rows)
        for column in range(columns)
    ]
    return Tiling(
        columns=columns,
        rows=rows,
        lying=lying,
        paper=paper,
        width=across,
        height=down,
        scale=scale,
        tiles=tiles,
    )


def _marks(across: float, down: float, *, right: bool, below: bool) -> str:
    """Those of a sheet that shows so many millimetres, with a neighbour to its right, and below it, or without."""
    first, top, last, foot = MARGIN, MARGIN, MARGIN + across, MARGIN + down
    xs = [first, *([last - OVERLAP] if right else []), last]
    ys = [top, *([foot - OVERLAP] if below else []), foot]
    lines = [f"M{x:.2f} {top - 1:.2f}v-4M{x:.2f} {foot + 1:.2f}v4" for x in xs]
    lines += [f"M{first - 1:.2f} {y:.2f}h-4M{last + 1:.2f} {y:.2f}h4" for y in ys]
    return "".join(lines)
