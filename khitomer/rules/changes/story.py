"""Changes to the story: events, clocks, the fate of entries, the date, and what becomes of canon ahead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, get_args

from khitomer.rules.changes.core import (
    Audience,
    Change,
    FutureState,
    Impossible,
    State,
    Step,
    check_audience,
    check_words,
    clip,
    found,
    having,
    when,
    without,
    words,
)
from khitomer.rules.changes.powers import check_slug
from khitomer.rules.dates import StoryDate

_SETTLED: dict[FutureState, str] = {
    "ahead": "still ahead",
    "enacted": "as in canon",
    "altered": "altered",
    "averted": "averted",
}


@dataclass(frozen=True, kw_only=True)
class AddEvent(Change):
    """Something happened, and stands in the timeline of those who may know.

    `told` are powers by slug, `persons` members by sign-in name.
    """

    kind: ClassVar[str] = "add event"
    slug: str = words(80)
    on: StoryDate
    title: str = words(120)
    text: str = words(50_000, default="")
    audience: Audience = "all"
    told: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    until: StoryDate | None = None
    canon_key: str = words(80, default="")

    def check(self, state: State) -> None:
        """Refuse an event that is not in order, takes another's slug or ends before it begins."""
        check_words(self)
        check_slug(self.slug)
        check_audience(state, self.audience, self.told, self.persons)
        if self.slug in state.events:
            raise Impossible(f"The timeline has “{self.slug}” already: {state.events[self.slug].title}")
        if self.until is not None and self.until < self.on:
            raise Impossible(
                f"{self.title} cannot end {when(self.until)}, before it begins {when(self.on)}",
                f"Give a date not earlier than {self.on.words()}, as exact as that one",
            )

    def step(self, state: State) -> Step:
        self.check(state)
        return Step(
            change=self,
            state_after=replace(state, events=having(state.events, self.slug, self)),
            before="not in the timeline",
            after=f"{self.on.words()}: {self.title}",
            sentence=f"Event {when(self.on)}: {self.title}",
            inverse=StrikeEvent(slug=self.slug),
            audience=self.audience,
            told=self.told,
            persons=self.persons,
        )


@dataclass(frozen=True, kw_only=True)
class StrikeEvent(Change):
    """An event is struck from the timeline."""

    kind: ClassVar[str] = "strike event"
    slug: str

    def step(self, state: State) -> Step:
        event = found(state.events, self.slug, "event")
        return Step(
            change=self,
            state_after=replace(state, events=without(state.events, self.slug)),
            before=f"{event.on.words()}: {event.title}",
            after="not in the timeline",
            sentence=f"The event {when(event.on)} is struck from the timeline: {event.title}",
            inverse=event,
            audience=event.audience,
            told=event.told,
            persons=event.persons,
        )


@dataclass(frozen=True, kw_only=True)
class AddClock(Change):
    """A clock starts, with so many segments, for those who may see it.

    `told` are powers by slug, `persons` members by sign-in name. They see how far a `hidden` clock has run no more than
    anyone but the GM does: only that it is there.
    """

    kind: ClassVar[str] = "add clock"
    slug: str = words(80)
    name: str = words(60)
    size: int
    filled: int = 0
    note: str = words(200, default="")
    audience: Audience = "gm"
    told: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    hidden: bool = False

    def check(self, state: State) -> None:
        """Refuse a clock that is not in order or takes another's slug."""
        check_words(self)
        check_slug(self.slug)
        check_audience(state, self.audience, self.told, self.persons)
        if not 2 <= self.size <= 12:
            raise Impossible(f"A clock cannot have {self.size} segments", "Give it from 2 to 12")
        if not 0 <= self.filled <= self.size:
            raise Impossible(f"A clock of {self.size} cannot have {self.filled} segments filled")
        if self.slug in state.clocks:
            raise Impossible(f"There is a clock “{self.slug}” already: {state.clocks[self.slug].name}")

    def step(self, state: State) -> Step:
        self.check(state)
        return Step(
            change=self,
            state_after=replace(state, clocks=having(state.clocks, self.slug, self)),
            before="no such clock",
            after=f"{self.filled} of {self.size}",
            sentence=f"The clock “{self.name}” is set up, {self.filled} of {self.size}",
            inverse=RemoveClock(slug=self.slug),
            audience=self.audience,
            told=self.told,
            persons=self.persons,
        )


@dataclass(frozen=True, kw_only=True)
class RemoveClock(Change):
    """A clock is taken down."""

    kind: ClassVar[str] = "remove clock"
    slug: str

    def step(self, state: State) -> Step:
        clock = found(state.clocks, self.slug, "clock")
        return Step(
            change=self,
            state_after=replace(state, clocks=without(state.clocks, self.slug)),
            before=f"{clock.filled} of {clock.size}",
            after="no such clock",
            sentence=f"The clock “{clock.name}” is taken down",
            inverse=clock,
            audience=clock.audience,
            told=clock.told,
            persons=clock.persons,
        )


@dataclass(frozen=True, kw_only=True)
class TickClock(Change):
    """A clock fills by so many segments, or empties when `by` is negative."""

    kind: ClassVar[str] = "tick clock"
    clock: str
    by: int

    def step(self, state: State) -> Step:
        clock = found(state.clocks, self.clock, "clock")
        filled = clock.filled + self.by
        if self.by == 0:
            raise Impossible(f"A tick of 0 leaves the clock “{clock.name}” as it is")
        if not 0 <= filled <= clock.size:
            raise Impossible(
                f"The clock “{clock.name}” is at {clock.filled} of {clock.size}, and cannot move by {self.by}",
                f"It may move by −{clock.filled} to +{clock.size - clock.filled}",
            )
        return Step(
            change=self,
            state_after=replace(
                state, clocks=having(state.clocks, self.clock, replace(clock, filled=filled))
            ),
            before=f"{clock.filled} of {clock.size}",
            after=f"{filled} of {clock.size}",
            sentence=f"The clock “{clock.name}” goes from {clock.filled} to {filled} of {clock.size}",
            inverse=replace(self, by=-self.by),
            # That a hidden clock moved is what hiding it keeps.
            audience="gm" if clock.hidden else clock.audience,
            told=() if clock.hidden else clock.told,
            persons=() if clock.hidden else clock.persons,
        )


@dataclass(frozen=True, kw_only=True)
class SetFate(Change):
    """What became of someone or something in the archive: "dead", "in exile", or nothing said."""

    kind: ClassVar[str] = "set fate"
    entry: str
    fate: str = words(40, blank=True)

    def step(self, state: State) -> Step:
        check_words(self)
        entry = found(state.entries, self.entry, "entry")
        if entry.fate == self.fate:
            raise Impossible(f"The fate of {entry.name} is “{self.fate or 'not known'}” already")
        before, after = entry.fate or "fate not known", self.fate or "fate not known"
        return Step(
            change=self,
            state_after=replace(
                state, entries=having(state.entries, self.entry, replace(entry, fate=self.fate))
            ),
            before=before,
            after=after,
            sentence=f"{entry.name}: {after}",
            inverse=replace(self, fate=entry.fate),
            audience=entry.audience,
            told=entry.told,
            persons=entry.persons,
        )


@dataclass(frozen=True, kw_only=True)
class AdvanceDate(Change):
    """The story goes on to a later date, or the same one more exactly known."""

    kind: ClassVar[str] = "advance date"
    to: StoryDate

    def step(self, state: State) -> Step:
        if self.to <= state.today:
            raise Impossible(
                f"The story stands at {state.today.words()} and only goes forward",
                f"Give a date later than {state.today.words()}, as exact as that one",
            )
        return Step(
            change=self,
            state_after=replace(state, today=self.to),
            before=state.today.words(),
            after=self.to.words(),
            sentence=f"The story goes on to {self.to.words()}",
            inverse=ReturnDate(to=state.today, advanced_to=self.to),
        )


@dataclass(frozen=True, kw_only=True)
class ReturnDate(Change):
    """An advance of the date is taken back, so long as the story has gone no further than it."""

    kind: ClassVar[str] = "return date"
    to: StoryDate
    advanced_to: StoryDate

    def step(self, state: State) -> Step:
        if state.today != self.advanced_to:
            raise Impossible(
                f"The story has gone on from {self.advanced_to.words()} to {state.today.words()}",
                "Undo the later advance first",
            )
        if self.to >= self.advanced_to:
            raise Impossible(f"{self.to.words()} is not before {self.advanced_to.words()}")
        return Step(
            change=self,
            state_after=replace(state, today=self.to),
            before=state.today.words(),
            after=self.to.words(),
            sentence=f"The story goes back to {self.to.words()}",
            inverse=AdvanceDate(to=self.advanced_to),
        )


@dataclass(frozen=True, kw_only=True)
class SettleFuture(Change):
    """What becomes of a piece of canon ahead of the campaign: enacted, altered or averted."""

    kind: ClassVar[str] = "settle future"
    canon_key: str
    state: FutureState

    def step(self, state: State) -> Step:
        future = found(state.futures, self.canon_key, "future")
        if self.state not in get_args(FutureState):
            raise Impossible(f"A future cannot be “{self.state}”", "Say enacted, altered or averted")
        if self.state == future.state:
            raise Impossible(f"“{future.title}” is {_SETTLED[self.state]} already")
        if future.state != "ahead" and self.state != "ahead":
            raise Impossible(f"“{future.title}” is settled: {_SETTLED[future.state]}", "Undo that first")
        settled = replace(future, state=self.state)
        return Step(
            change=self,
            state_after=replace(state, futures=having(state.futures, self.canon_key, settled)),
            before=_SETTLED[future.state],
            after=_SETTLED[self.state],
            sentence=f"Canon ahead, “{clip(future.title)}”: {_SETTLED[self.state]}",
            inverse=replace(self, state=future.state),
            audience="gm",
        )
