"""Changes to what a power excludes for itself, and to the recorded uses of what a provision exempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from khitomer.rules.changes.core import (
    Change,
    Impossible,
    Span,
    State,
    Step,
    Use,
    check_words,
    having,
    when,
    words,
)
from khitomer.rules.changes.spans import (
    open_span,
    reopened,
    replaced,
    span_at,
    with_span,
)
from khitomer.rules.dates import StoryDate


@dataclass(frozen=True, kw_only=True)
class MakeReservation(Change):
    """A power excludes one provision for itself from a date (VCLT 2(1)(d)); `left` for one that has ended."""

    kind: ClassVar[str] = "make reservation"
    provision: str
    power: str
    on: StoryDate
    left: StoryDate | None = None

    def step(self, state: State) -> Step:
        name, label = state.power(self.power).name, state.label(self.provision)
        key = (self.provision, self.power)
        spans = state.reservations.get(key, ())
        new = Span(entered=self.on, left=self.left)
        after = with_span(spans, new, who=name, verb=f"has a reservation to {label}")
        return Step(
            change=self,
            state_after=replace(state, reservations=having(state.reservations, key, after)),
            before=_reserved(spans),
            after=_reserved((new,)),
            sentence=f"{name} makes a reservation to {label} {when(self.on)}",
            inverse=StrikeReservation(provision=self.provision, power=self.power, entered=self.on),
        )


@dataclass(frozen=True, kw_only=True)
class StrikeReservation(Change):
    """A reservation is struck from the record."""

    kind: ClassVar[str] = "strike reservation"
    provision: str
    power: str
    entered: StoryDate

    def step(self, state: State) -> Step:
        name, label = state.power(self.power).name, state.label(self.provision)
        key = (self.provision, self.power)
        spans = state.reservations.get(key, ())
        span = span_at(spans, self.entered, none=_no_reservation(name, label, self.entered))
        after = replaced(spans, span, None)
        return Step(
            change=self,
            state_after=replace(state, reservations=having(state.reservations, key, after)),
            before=_reserved((span,)),
            after=_reserved(after),
            sentence=f"{name}’s reservation to {label} {when(self.entered)} is struck from the record",
            inverse=MakeReservation(
                provision=self.provision, power=self.power, on=span.entered, left=span.left
            ),
        )


@dataclass(frozen=True, kw_only=True)
class EndReservation(Change):
    """A power gives up its reservation from a date."""

    kind: ClassVar[str] = "end reservation"
    provision: str
    power: str
    on: StoryDate

    def step(self, state: State) -> Step:
        name, label = state.power(self.power).name, state.label(self.provision)
        key = (self.provision, self.power)
        spans = state.reservations.get(key, ())
        span = open_span(spans, self.on, none=f"{name} has no reservation to {label} to give up", who=name)
        after = replaced(spans, span, replace(span, left=self.on))
        return Step(
            change=self,
            state_after=replace(state, reservations=having(state.reservations, key, after)),
            before=_reserved((span,)),
            after=_reserved(after),
            sentence=f"{name} gives up its reservation to {label} {when(self.on)}",
            inverse=ReopenReservation(provision=self.provision, power=self.power, entered=span.entered),
        )


@dataclass(frozen=True, kw_only=True)
class ReopenReservation(Change):
    """The giving up of a reservation is taken back."""

    kind: ClassVar[str] = "reopen reservation"
    provision: str
    power: str
    entered: StoryDate

    def step(self, state: State) -> Step:
        name, label = state.power(self.power).name, state.label(self.provision)
        key = (self.provision, self.power)
        spans = state.reservations.get(key, ())
        span = span_at(spans, self.entered, none=_no_reservation(name, label, self.entered))
        after = reopened(spans, span, who=name)
        assert span.left is not None  # or it would not have been reopened
        return Step(
            change=self,
            state_after=replace(state, reservations=having(state.reservations, key, after)),
            before=_reserved((span,)),
            after=_reserved(after),
            sentence=f"{name}’s reservation to {label} stands as if it had not been given up {when(span.left)}",
            inverse=EndReservation(provision=self.provision, power=self.power, on=span.left),
        )


def _reserved(spans: Sequence[Span]) -> str:
    if not spans:
        return "no reservation"
    last = spans[-1]
    if last.left is None:
        return f"reserved since {last.entered.words()}"
    return f"reserved {last.entered.words()} to {last.left.words()}"


def _no_reservation(name: str, label: str, entered: StoryDate) -> str:
    return f"The record has no reservation of {name} to {label} {when(entered)}"


@dataclass(frozen=True, kw_only=True)
class RecordUse(Change):
    """One use of what a provision exempts goes on record."""

    kind: ClassVar[str] = "record use"
    provision: str
    power: str
    on: StoryDate
    note: str = words(200, default="")

    def step(self, state: State) -> Step:
        check_words(self)
        name, label = state.power(self.power).name, state.label(self.provision)
        uses = state.uses.get(self.provision, ())
        after = tuple(sorted((*uses, Use(on=self.on, power=self.power, note=self.note))))
        return Step(
            change=self,
            state_after=replace(state, uses=having(state.uses, self.provision, after)),
            before=_recorded(len(uses)),
            after=_recorded(len(after)),
            sentence=f"A use under {label} by {name} {when(self.on)} is recorded",
            inverse=StrikeUse(provision=self.provision, power=self.power, on=self.on, note=self.note),
        )


@dataclass(frozen=True, kw_only=True)
class StrikeUse(Change):
    """One recorded use is struck."""

    kind: ClassVar[str] = "strike use"
    provision: str
    power: str
    on: StoryDate
    note: str = ""

    def step(self, state: State) -> Step:
        name, label = state.power(self.power).name, state.label(self.provision)
        uses = list(state.uses.get(self.provision, ()))
        try:
            uses.remove(Use(on=self.on, power=self.power, note=self.note))
        except ValueError:
            raise Impossible(f"No such use under {label} by {name} {when(self.on)} is on record") from None
        return Step(
            change=self,
            state_after=replace(state, uses=having(state.uses, self.provision, tuple(uses))),
            before=_recorded(len(uses) + 1),
            after=_recorded(len(uses)),
            sentence=f"A use under {label} by {name} {when(self.on)} is struck from the record",
            inverse=RecordUse(provision=self.provision, power=self.power, on=self.on, note=self.note),
        )


def _recorded(count: int) -> str:
    return f"{count} recorded {'use' if count == 1 else 'uses'}"
