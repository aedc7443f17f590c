"""How a person's panels stand on their page: which column, in which order, and which are put away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Columns = tuple[tuple[str, ...], ...]


class Move(StrEnum):
    """One step of a panel."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    AWAY = "away"
    BACK = "back"


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Panels by column, top to bottom, and those that were put away."""

    columns: Columns
    away: tuple[str, ...] = ()

    def moved(self, panel: str, move: Move) -> Layout:
        """The layout after one step. A step that leads nowhere, and an unknown panel, change nothing."""
        if move is Move.BACK:
            return self._back(panel)
        at = next((column for column, panels in enumerate(self.columns) if panel in panels), None)
        if at is None:
            return self
        row = self.columns[at].index(panel)
        left = _without(self.columns, panel)
        match move:
            case Move.AWAY:
                return Layout(columns=left, away=(*self.away, panel))
            case Move.UP:
                return Layout(columns=_with(left, at, max(row - 1, 0), panel), away=self.away)
            case Move.DOWN:
                return Layout(columns=_with(left, at, row + 1, panel), away=self.away)
        to = at + (1 if move is Move.RIGHT else -1)
        if not 0 <= to < len(self.columns):
            return self
        return Layout(columns=_with(left, to, row, panel), away=self.away)

    def _back(self, panel: str) -> Layout:
        """A panel that was put away stands at the foot of the shortest column again."""
        if panel not in self.away:
            return self
        shortest = min(range(len(self.columns)), key=lambda column: len(self.columns[column]))
        columns = _with(self.columns, shortest, len(self.columns[shortest]), panel)
        return Layout(columns=columns, away=tuple(each for each in self.away if each != panel))

    def stored(self) -> dict[str, Any]:
        """The layout as JSON."""
        return {"columns": [list(column) for column in self.columns], "away": list(self.away)}


def arranged(stored: Mapping[str, Any], usual: Sequence[Sequence[str]]) -> Layout:
    """A stored layout as far as it still fits the page; `usual` is how the page stands for who never moved anything.

    What was stored and is no panel any more is left out, what is new stands where it usually does, and nothing stands
    twice. Anything that is no layout counts as none.
    """
    known = {panel for column in usual for panel in column}
    seen: set[str] = set()
    given = stored.get("columns")
    columns: list[list[str]] = [[] for _ in usual]
    if isinstance(given, list):
        for number, column in enumerate(given[: len(usual)]):
            columns[number] = _fresh(column, known, seen)
    away = _fresh(stored.get("away"), known, seen)
    for number, column in enumerate(usual):
        columns[number] += [panel for panel in column if panel not in seen]
    return Layout(columns=tuple(tuple(column) for column in columns), away=tuple(away))


def _fresh(panels: Any, known: set[str], seen: set[str]) -> list[str]:
    """The known panels of a list that were not seen yet; they are seen now."""
    kept = []
    for panel in panels if isinstance(panels, list) else []:
        if isinstance(panel, str) and panel in known and panel not in seen:
            seen.add(panel)
            kept.append(panel)
    return kept


def _without(columns: Columns, panel: str) -> Columns:
    return tuple(tuple(each for each in column if each != panel) for column in columns)


def _with(columns: Iterable[Sequence[str]], at: int, row: int, panel: str) -> Columns:
    return tuple(
        (*column[:row], panel, *column[row:]) if number == at else tuple(column)
        for number, column in enumerate(columns)
    )
