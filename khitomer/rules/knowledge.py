"""Since when somebody knows of a thing, out of the record of what was shown to them and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar


class Showing(Protocol):
    """One thing shown to somebody at a time, until it was taken back (`taken_back_at` is then set)."""

    @property
    def at(self) -> datetime: ...

    @property
    def taken_back_at(self) -> datetime | None: ...


_Showing = TypeVar("_Showing", bound=Showing)


@dataclass(frozen=True)
class Span(Generic[_Showing]):
    """A time in which somebody knew of a thing without a break. `first` is how they learned of it."""

    showings: tuple[_Showing, ...]

    @property
    def first(self) -> _Showing:
        return self.showings[0]

    @property
    def in_force(self) -> tuple[_Showing, ...]:
        """Those by which they know of it still."""
        return tuple(each for each in self.showings if each.taken_back_at is None)

    @property
    def until(self) -> datetime | None:
        """When it was taken back; none while it is known."""
        if self.in_force:
            return None
        return max(each.taken_back_at for each in self.showings if each.taken_back_at is not None)


def spans_of(showings: Iterable[_Showing]) -> list[Span[_Showing]]:
    """What was shown of one thing to one person or power, as the times in which they knew of it, the first first.

    Who is shown a thing that they knew, or has it from everyone where their power had it before, learns nothing new:
    such showings are of one time.
    """
    spans: list[list[_Showing]] = []
    until: datetime | None = None
    for each in sorted(showings, key=lambda showing: showing.at):
        if spans and (until is None or each.at <= until):
            spans[-1].append(each)
            ends = (until, each.taken_back_at)
            until = None if None in ends else max(end for end in ends if end is not None)
        else:
            spans.append([each])
            until = each.taken_back_at
    return [Span(tuple(span)) for span in spans]
