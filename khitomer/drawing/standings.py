"""Standings as a web of powers, and one pair's standing over the years as a line of steps."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from khitomer.rules.changes import signed
from khitomer.rules.dates import StoryDate

SIZE = 640.0
_MIDDLE, _RING = SIZE / 2, SIZE / 2 - 56


@dataclass(frozen=True)
class Node:
    """A power on the ring, its name on the outer side."""

    short: str
    name: str
    colour: str
    x: float
    y: float
    text_x: float
    text_y: float


@dataclass(frozen=True)
class Thread:
    """What lies between two powers: solid where they stand well, dashed where they do not, wider the more so."""

    path: str
    css: str
    width: float
    dashed: bool
    shown: str
    x: float
    y: float
    said: str


@dataclass(frozen=True)
class Web:
    """The whole web; a pair that stands at 0 has no thread."""

    nodes: Sequence[Node]
    threads: Sequence[Thread]
    size: float = SIZE


def web(powers: Sequence[tuple[str, str, str, str]], values: Mapping[tuple[str, str], int]) -> Web:
    """`powers` as (slug, name, short name, colour), set on a ring in this order; `values` by pairs of slugs."""
    at = {}
    nodes = []
    for number, (slug, name, short, colour) in enumerate(powers):
        turn = 2 * math.pi * number / max(len(powers), 1) - math.pi / 2
        x, y = _MIDDLE + _RING * math.cos(turn), _MIDDLE + _RING * math.sin(turn)
        at[slug] = (x, y)
        out = _RING + 34
        nodes.append(
            Node(
                short, name, colour, round(x, 1), round(y, 1),
                round(_MIDDLE + out * math.cos(turn), 1), round(_MIDDLE + out * math.sin(turn) + 6, 1),
            )
        )  # fmt: skip
    threads = []
    names = {slug: short for slug, _, short, _ in powers}
    for number, (one, *_) in enumerate(powers):
        for other, *_rest in powers[number + 1 :]:
            value = values.get((one, other), 0)
            if value:
                threads.append(
                    _thread(at[one], at[other], value, f"{names[one]}–{names[other]} {signed(value)}")
                )
    return Web(nodes, sorted(threads, key=lambda thread: thread.width))


def _thread(start: tuple[float, float], end: tuple[float, float], value: int, said: str) -> Thread:
    # Bent towards the middle a little, so that threads between neighbours do not run under their names.
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    bend_x, bend_y = x + (_MIDDLE - x) * 0.22, y + (_MIDDLE - y) * 0.22
    label_x, label_y = (x + bend_x) / 2, (y + bend_y) / 2
    path = f"M{start[0]:.1f} {start[1]:.1f}Q{bend_x:.1f} {bend_y:.1f} {end[0]:.1f} {end[1]:.1f}"
    css = "web-good" if value > 0 else "web-bad"
    return Thread(
        path, css, 1 + abs(value) * 1.1, value < 0, signed(value), round(label_x, 1), round(label_y, 1), said
    )


# One pair over the years


@dataclass(frozen=True)
class Step:
    """From this date on the pair stood at this value."""

    on: StoryDate
    value: int


@dataclass(frozen=True)
class History:
    """The line as a path in a box, its grid, and the dates along its foot."""

    path: str
    dots: Sequence[tuple[float, float, str]]
    grid: Sequence[tuple[float, str]]
    dates: Sequence[tuple[float, str]]
    width: float = 640.0
    height: float = 220.0


def history(steps: Sequence[Step], today: StoryDate) -> History:
    """A line that holds each value until the next step, up to today. Empty where nothing ever changed."""
    left, right, top, foot = 44.0, 620.0, 14.0, 186.0
    if not steps:
        return History("", (), (), ())
    first, last = steps[0].on.first.toordinal(), max(today.last, steps[-1].on.last).toordinal()
    wide = max(last - first, 1)

    def x(date: StoryDate) -> float:
        return round(left + (right - left) * (date.first.toordinal() - first) / wide, 1)

    def y(value: int) -> float:
        return round(foot - (foot - top) * (value + 5) / 10, 1)

    path = f"M{x(steps[0].on)} {y(steps[0].value)}"
    for step in steps[1:]:
        path += f"H{x(step.on)}V{y(step.value)}"
    path += f"H{right}"
    dots = [(x(step.on), y(step.value), f"{step.on.short}: {signed(step.value)}") for step in steps]
    grid = [(y(value), signed(value)) for value in (-5, 0, 5)]
    dates = [(left, steps[0].on.short), (right, today.short)]
    return History(path, dots, grid, dates)
