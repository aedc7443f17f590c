"""What a point of an agenda may be besides words, told by whoever keeps such things.

The campaign knows of evenings and nothing of what is held at them. An app built on it appends a function to `TELLERS`
in its `AppConfig.ready`; a point of the agenda keeps the name that the app gave.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from khitomer.access import Viewer


@dataclass(frozen=True)
class Point:
    """Something that can be a point of an agenda: the name it is kept under, its title, address and state in words.

    `over` says that nothing is left of it to do.
    """

    refers: str
    title: str
    url: str
    state: str
    over: bool = False


Teller = Callable[[Viewer], Iterable[Point]]

TELLERS: list[Teller] = []
"""Functions of a viewer that give what they may put on, or find on, an agenda."""


def points(viewer: Viewer) -> dict[str, Point]:
    """Everything that a point may be, by the name it is kept under, in the order in which it is told."""
    return {point.refers: point for tell in TELLERS for point in tell(viewer)}
