"""Changes to whom a treaty binds, and from when to when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal, get_args

from khitomer.rules.changes.core import (
    Change,
    Impossible,
    Span,
    State,
    Step,
    check_words,
    having,
    the,
    when,
    words,
)
from khitomer.rules.changes.spans import (
    now_words,
    open_span,
    period_words,
    reopened,
    replaced,
    span_at,
    span_words,
    with_span,
)
from khitomer.rules.dates import Answer, StoryDate

Manner = Literal["withdrawn", "suspended", "released"]

_LEAVES: dict[Manner, str] = {
    "withdrawn": "withdraws from",
    "suspended": "is suspended from",
    "released": "is released from",
}


@dataclass(frozen=True, kw_only=True)
class EnterTreaty(Change):
    """A power is bound by a treaty from a date: it accedes, is admitted or comes back.

    `left` enters a span of the past that has ended already. `instead_of` names, in words, the span that this one
    corrects: it was struck in the step before.
    """

    kind: ClassVar[str] = "enter treaty"
    treaty: str
    power: str
    on: StoryDate
    left: StoryDate | None = None
    note: str = words(200, default="")
    canon_key: str = words(120, default="")
    instead_of: str = words(60, default="")

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
        after = with_span(spans, new, who=name, verb=f"is bound by {the(treaty.name)}")
        verb = "re-enters" if any(span.entered < self.on for span in spans) else "enters"
        until = "" if self.left is None else f", until {self.left.words()}"
        before = now_words(spans)
        now = f"bound from {self.on.words()}" if self.left is None else span_words(new)
        sentence = f"{name} {verb} {the(treaty.name)} {when(self.on)}{until}"
        if self.instead_of:
            before, now = self.instead_of, period_words(new)
            sentence = f"{name}’s span in {the(treaty.name)} is corrected"
        return Step(
            change=self,
            state_after=replace(state, adherence=having(state.adherence, (self.treaty, self.power), after)),
            before=before,
            after=now,
            sentence=sentence,
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
        span = span_at(spans, self.entered, none=_no_span(name, treaty.name, self.entered))
        after = replaced(spans, span, None)
        return Step(
            change=self,
            state_after=replace(state, adherence=having(state.adherence, (self.treaty, self.power), after)),
            before=span_words(span),
            after=now_words(after),
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
        span = open_span(spans, self.on, none=none, who=name)
        after = replaced(spans, span, replace(span, left=self.on))
        return Step(
            change=self,
            state_after=replace(state, adherence=having(state.adherence, (self.treaty, self.power), after)),
            before=span_words(span),
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
        span = span_at(spans, self.entered, none=_no_span(name, treaty.name, self.entered))
        after = reopened(spans, span, who=name)
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
