"""The bar at the head of a docket row: a complainant over the powers that it complains of."""

from collections.abc import Sequence
from dataclasses import dataclass

from khitomer.drawing.scales import colour_or_grey

TOP, HEIGHT, GAP = 20.5, 19.5, 1.0
"""Where the respondents' part of the bar begins, how high it is, and what parts one power from the next."""

FIRST = 11.0
"""How much of that the first of several respondents has; the others share the rest alike."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One power's piece: top, height, rounding, and colour."""

    y: float
    height: float
    rx: float
    colour: str


def stacked(colours: Sequence[str]) -> list[Bar]:
    """The respondents' pieces from the top down, all of them within the lower half; one alone has all of it."""
    if len(colours) == 1:
        return [_bar(TOP, HEIGHT, colours[0])]
    share = (HEIGHT - FIRST) / (len(colours) - 1)
    gap = min(GAP, share / 2)  # many powers stand closer together, and none is left out
    rest = [
        _bar(TOP + FIRST + share * index + gap, share - gap, each) for index, each in enumerate(colours[1:])
    ]
    return [_bar(TOP, FIRST, colours[0]), *rest]


def _bar(y: float, height: float, colour: str) -> Bar:
    return Bar(
        y=round(y, 2), height=round(height, 2), rx=min(3, round(height / 2, 2)), colour=colour_or_grey(colour)
    )
