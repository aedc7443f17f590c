"""How a sheet comes out of the press: its paper, its edges, its two sides, and how it spares ink and eyes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self


class Paper(StrEnum):
    """A paper size. Its value is what the address and the template call it."""

    A4 = "a4"
    LETTER = "letter"


class Turn(StrEnum):
    """Which way round the paper lies."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class Sides(StrEnum):
    """How what has a back is printed: on one side, on both (turned about an edge), or beside it, to be folded over."""

    ONE = "one"
    LONG = "long"
    SHORT = "short"
    FOLD = "fold"


EVERYONE, GM = "all", "gm"
"""The tokens of the copy that anybody at the table may hold, and of the one that holds all there is."""

BLEEDS = (0, 3, 6)
"""Millimetres by which colour may run over the edge that is cut."""

MILLIMETRES = {Paper.A4: (210.0, 297.0), Paper.LETTER: (215.9, 279.4)}
"""Width and height of each paper, upright."""


@dataclass(frozen=True, kw_only=True)
class Press:
    """One choice of all of it. `marks` are those to cut and fold by."""

    paper: Paper = Paper.A4
    turn: Turn = Turn.PORTRAIT
    bleed: int = 0
    marks: bool = True
    sides: Sides = Sides.ONE
    ink_saving: bool = False
    large: bool = False

    @property
    def given(self) -> dict[str, str]:
        """What an address says of it: the paper, and whatever is not as usual."""
        usual = Press()
        return {
            each.name: _written(getattr(self, each.name))
            for each in fields(self)
            if each.name == "paper" or getattr(self, each.name) != getattr(usual, each.name)
        }

    @property
    def kept(self) -> dict[str, str]:
        """All of it, as it is remembered."""
        return {each.name: _written(getattr(self, each.name)) for each in fields(self)}

    def but(self, given: Mapping[str, Any]) -> Self:
        """With what an address or a memory says otherwise; what is no choice is left as it was."""
        changed: dict[str, Any] = {}
        for name, read in _READ.items():
            if name in given:
                try:
                    changed[name] = read(str(given[name]))
                except ValueError:
                    continue
        return replace(self, **changed)


def _written(value: Any) -> str:
    return ("1" if value else "0") if isinstance(value, bool) else str(value)


def _bleed(text: str) -> int:
    if text not in {str(each) for each in BLEEDS}:
        raise ValueError(text)
    return int(text)


def _switch(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(text)
    return text == "1"


_READ = {
    "paper": Paper,
    "turn": Turn,
    "bleed": _bleed,
    "marks": _switch,
    "sides": Sides,
    "ink_saving": _switch,
    "large": _switch,
}
