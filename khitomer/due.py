"""What falls due when the story goes on, told by whoever keeps such things.

The campaign knows of canon ahead and of clocks. What else comes due (obligations, time-limits) belongs to apps built on
it: each appends a function to `TELLERS` in its `AppConfig.ready`, so that nothing here need know of them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from khitomer.access import Viewer
from khitomer.rules.dates import StoryDate


@dataclass(frozen=True)
class Due:
    """One thing that falls due: when, what in a sentence, where to see to it, and what sort of thing it is."""

    on: StoryDate
    what: str
    url: str
    sort: str


Teller = Callable[[Viewer, StoryDate], Iterable[Due]]

TELLERS: list[Teller] = []
"""Functions of a viewer and a date that give what falls due by the last day of that date."""


def due_by(viewer: Viewer, date: StoryDate) -> Iterator[Due]:
    """Everything that anyone says falls due by a date, in order of date."""
    yield from sorted((due for tell in TELLERS for due in tell(viewer, date)), key=lambda due: due.on)
