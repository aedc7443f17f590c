"""Changes to whom the law binds: adherence, reservations and recorded uses.

A span is [entered, left): bound from the day of entry, free from the day of leaving. The spans of one power and
treaty never overlap; where two dates cannot be put in order, a more exact one is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, get_args

from khitomer.rules.changes.core import (
    Change,
    Impossible,
    Span,
    State,
    Step,
    Use,
    check_words,
    having,
    the,
    when,
    words,
)
from khitomer.rules.dates import Answer, StoryDate

Manner = Literal["withdrawn", "suspended", "released"]

_LEAVES: dict[Manner, str] = {
    "withdrawn": "withdraws from",
    "suspended": "is suspended from",
    "released": "is released from",
}


# Spans


def _with_span(spans: Sequence[Span], new: Span, *, who: str, verb: str) -> tuple[Span, ...]:
    """The spans with one more, in order. Raises `Impossible` when it would overlap another or end before it begins."""
    if new.left is not None and new.left < new.entered:
        raise Impossible(
            f"{who} cannot leave {when(new.left)} what it enters {when(new.entered)}",
            f"Give a date not earlier than {new.entered.words()}, as exact as that one",
        )
    for span in spans:
        if span.entered == new.entered:
            raise Impossible(
                f"{who} {verb} {when(span.entered)} already", "Give another, or a more exact, date of entry"
            )
        if new.left is not None and new.left <= span.entered:
            continue
        if span.left is None and span.entered < new.entered:
            raise Impossible(f"{who} {verb} since {span.entered.words()} already", "End that span first")
        if span.left is None or new.entered < span.left:
            until = "now" if span.left is None else span.left.words()
            raise Impossible(
                f"{who} {verb} from {span.entered.words()} to {until}, and the two spans would overlap",
                "Give dates, as exact as those, that lie outside that span",
            )
    return tuple(sorted((*spans, new), key=lambda span: span.entered))


def _span_at(spans: Sequence[Span], entered: StoryDate, *, none: str) -> Span:
    for span in spans:
        if span.entered == entered:
            return span
    raise Impossible(none)


def _replaced(spans: Sequence[Span], old: Span, new: Span | None) -> tuple[Span, ...]:
    return tuple(span for span in (new if each == old else each for each in spans) if span is not None)


def _open_span(spans: Sequence[Span], on: StoryDate, *, none: str, who: str) -> Span:
    """The span that is open, to be closed on a date. Raises `Impossible` when there is none or it begins later."""
    current = next((span for span in spans if span.left is None), None)
    if current is None:
        raise Impossible(none)
    if on < current.entered:
        raise Impossible(
            f"{who} cannot leave {when(on)} what it entered {when(current.entered)}",
            f"Give a date not earlier than {current.entered.words()}, as exact as that one",
        )
    return current


def _reopened(spans: Sequence[Span], span: Span, *, who: str) -> tuple[Span, ...]:
    if span.left is None:
        raise Impossible(f"{who}: the span that began {when(span.entered)} is open already")
    later = next((other for other in spans if other.entered > span.entered), None)
    if later is not None:
        raise Impossible(
            f"{who} entered again {when(later.entered)}, so its earlier span cannot be open",
            "Undo that entry first",
        )
    return _replaced(spans, span, replace(span, left=None))


def _span_words(span: Span) -> str:
    if span.left is None:
        return f"bound since {span.entered.words()}"
    return f"bound {span.entered.words()} to {span.left.words()}"


def _now_words(spans: Sequence[Span]) -> str:
    """How a power stands at the end of its spans."""
    if not spans:
        return "not bound"
    return _span_words(spans[-1]) if spans[-1].left is None else f"not bound since {spans[-1].left.words()}"


# Who is bound


@dataclass(frozen=True, kw_only=True)
class EnterTreaty(Change):
    """A power is bound by a treaty from a date: it accedes, is admitted or comes back.

    `left` enters a span of the past that has ended already.
    """

    kind: ClassVar[str] = "enter treaty"
    treaty: str
    power: str
    on: StoryDate
    left: StoryDate | None = None
    note: str = words(200, default="")
    canon_key: str = words(120, default="")

    def step(self, state: State) -> Step:
        check_words(self)
        treaty, name = state.treaty(self.treaty), state.power(self.power).name
        if self.on.before(treaty.signed) is Answer.YES:
            raise Impossible(
                f"{name} cannot enter {the(treaty.name)} {when(self.on)}, before the signing {when(treaty.signed)}",
                f"Give {treaty.signed.words()} or later",
            )
        spans = state.adherence.get((self.treaty, self.power), ())
        new = Span(entered=self.on, left=self.left, note=self.note, canon_key=self.canon_key)
        after = _with_span(spans, new, who=name, verb=f"is bound by {the(treaty.name)}")
        verb = "re-enters" if any(span.entered < self.on for span in spans) else "enters"
        until = "" if self.left is None else f", until {self.left.words()}"
        return Step(
            change=self,
            state_after=replace(state, adherence=having(state.adherence, (self.treaty, self.power), after)),
            before=_now_words(spans),
            after=f"bound from {self.on.words()}" if self.left is None else _span_words(new),
            sentence=f"{name} {verb} {the(treaty.name)} {when(self.on)}{until}",
            inverse=StrikeAdherence(treaty=self.treaty, power=self.power, entered=self.on),
        )


@dataclass(frozen=True, kw_only=True)
class StrikeAdherence(Change):
    """A span is struck from the record, as if it had never been."""

    kind: ClassVar[str] = "strike adherence"
    treaty: str
    power: str
    entered: StoryDate

    def step(self, state: State) -> Step:
        treaty, name = state.treaty(self.treaty), state.power(self.power).name
        spans = state.adherence.get((self.treaty, self.power), ())
        span = _span_at(spans, self.entered, none=_no_span(name, treaty.name, self.entered))
        after = _replaced(spans, span, None)
        return Step(
            change=self,
            state_after=replace(state, adherence=having(state.adherence, (self.treaty, self.power), after)),
            before=_span_words(span),
            after=_now_words(after),
            sentence=f"{name}’s entry into {the(treaty.name)} {when(self.entered)} is struck from the record",
            inverse=EnterTreaty(
                treaty=self.treaty,
                power=self.power,
                on=span.entered,
                left=span.left,
                note=span.note,
                canon_key=span.canon_key,
            ),
        )


@dataclass(frozen=True, kw_only=True)
class LeaveTreaty(Change):
    """A power is free of a treaty from a date: it withdraws, is suspended or is released."""

    kind: ClassVar[str] = "leave treaty"
    treaty: str
    power: str
    on: StoryDate
    manner: Manner = "withdrawn"

    def step(self, state: State) -> Step:
        treaty, name = state.treaty(self.treaty), state.power(self.power).name
        if self.manner not in get_args(Manner):
            raise Impossible(
                f"A power does not leave a treaty “{self.manner}”", "Say withdrawn, suspended or released"
            )
        spans = state.adherence.get((self.treaty, self.power), ())
        none = f"{name} is not bound by {the(treaty.name)}, so it cannot leave it"
        span = _open_span(spans, self.on, none=none, who=name)
        after = _replaced(spans, span, replace(span, left=self.on))
        return Step(
            change=self,
            state_after=replace(state, adherence=having(state.adherence, (self.treaty, self.power), after)),
            before=_span_words(span),
            after=f"not bound from {self.on.words()}",
            sentence=f"{name} {_LEAVES[self.manner]} {the(treaty.name)} {when(self.on)}",
            inverse=ReopenAdherence(
                treaty=self.treaty, power=self.power, entered=span.entered, manner=self.manner
            ),
        )


@dataclass(frozen=True, kw_only=True)
class ReopenAdherence(Change):
    """A leaving is taken back: the span goes on as if it had never ended. `manner` is how it had been left."""

    kind: ClassVar[str] = "reopen adherence"
    treaty: str
    power: str
    entered: StoryDate
    manner: Manner = "withdrawn"

    def step(self, state: State) -> Step:
        treaty, name = state.treaty(self.treaty), state.power(self.power).name
        spans = state.adherence.get((self.treaty, self.power), ())
        span = _span_at(spans, self.entered, none=_no_span(name, treaty.name, self.entered))
        after = _reopened(spans, span, who=name)
        assert span.left is not None  # or it would not have been reopened
        return Step(
            change=self,
            state_after=replace(state, adherence=having(state.adherence, (self.treaty, self.power), after)),
            before=f"not bound since {span.left.words()}",
            after=f"bound since {span.entered.words()}",
            sentence=f"{name} is bound by {the(treaty.name)} as if it had not left {when(span.left)}",
            inverse=LeaveTreaty(treaty=self.treaty, power=self.power, on=span.left, manner=self.manner),
        )


def _no_span(name: str, treaty: str, entered: StoryDate) -> str:
    return f"The record has no entry of {name} into {the(treaty)} {when(entered)}"


# Reservations


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
        after = _with_span(spans, new, who=name, verb=f"has a reservation to {label}")
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
        span = _span_at(spans, self.entered, none=_no_reservation(name, label, self.entered))
        after = _replaced(spans, span, None)
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
        span = _open_span(spans, self.on, none=f"{name} has no reservation to {label} to give up", who=name)
        after = _replaced(spans, span, replace(span, left=self.on))
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
        span = _span_at(spans, self.entered, none=_no_reservation(name, label, self.entered))
        after = _reopened(spans, span, who=name)
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


# Uses


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
