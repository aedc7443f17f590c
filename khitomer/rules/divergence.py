"""Where a campaign has left canon, and which later canon no longer holds because of it.

Nothing is flagged anywhere: canon stands in its files, the campaign's timeline in its rows, and this compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from khitomer.rules.changes.core import Change, FutureState, Impossible, State
from khitomer.rules.changes.story import AddEvent
from khitomer.rules.dates import Answer, StoryDate


class Status(StrEnum):
    """What became of an event of canon."""

    AS_IN_CANON = "as in canon"
    ALTERED = "altered"
    AVERTED = "averted"
    AHEAD = "still ahead"


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """An event of canon, as a campaign would take it over, and the keys of the events that it rests on."""

    event: AddEvent
    rests_on: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.event.canon_key


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A piece of canon that was ahead of the campaign: what it would change, and what became of it.

    `instead` and `became` are title and slug of what happened in its place, while that stands in the timeline.
    """

    key: str
    title: str
    on: StoryDate
    state: FutureState = "ahead"
    changes: tuple[Change, ...] = ()
    instead: str = ""
    became: str = ""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """An event of canon beside what the campaign tells: `told` is None where it stands in no timeline.

    `differs` says in sentences how it was altered or averted, `gone` the same in a clause where nothing of it happens,
    and `lapsed` why it cannot come, or have come, about as recorded. `became` is the slug of what happened instead, be
    it the event itself, edited, or another.
    """

    recorded: Recorded
    status: Status
    told: AddEvent | None = None
    differs: tuple[str, ...] = ()
    gone: str = ""
    lapsed: tuple[str, ...] = ()
    became: str = ""

    @property
    def key(self) -> str:
        return self.recorded.key

    @property
    def title(self) -> str:
        """Its title in canon."""
        return self.recorded.event.title

    @property
    def on(self) -> StoryDate:
        """Where it counts: its date in canon, or the campaign's where that is earlier."""
        return min(self.recorded.event.on, self.told.on) if self.told else self.recorded.event.on

    @property
    def departs(self) -> bool:
        """Whether the campaign has left canon here."""
        return self.status in (Status.ALTERED, Status.AVERTED)


@dataclass(frozen=True, kw_only=True)
class Lapsed:
    """A piece of canon that no longer holds: why, and whether it stands in the timeline all the same."""

    key: str
    title: str
    on: StoryDate
    reasons: tuple[str, ...]
    stands: bool = False


@dataclass(frozen=True)
class Divergence:
    """Canon and a campaign compared: every event in canon's order, where they part, and what no longer holds."""

    events: tuple[Compared, ...] = ()
    lapsed: tuple[Lapsed, ...] = ()

    @property
    def point(self) -> Compared | None:
        """The point of divergence: the earliest event of canon that was altered or averted."""
        return min((each for each in self.events if each.departs), key=lambda each: each.on, default=None)

    def of(self, key: str) -> Compared | None:
        """What became of the event of canon with this key; None where canon has none."""
        return next((each for each in self.events if each.key == key), None)

    def why_lapsed(self, key: str) -> tuple[str, ...]:
        """Why a piece of canon no longer holds; nothing where it does."""
        return next((each.reasons for each in self.lapsed if each.key == key), ())


def compare(
    record: Sequence[Recorded],
    told: Iterable[AddEvent],
    waiting: Iterable[Waiting],
    *,
    state: State | None = None,
) -> Divergence:
    """Canon (`record`, each event after what it rests on) beside a campaign's events and what became of canon ahead.

    With a `state`, the canon still ahead that holds so far is tried on it, one after another: what cannot be made any
    more is reported with the reason.
    """
    by_key = {event.canon_key: event for event in reversed(list(told)) if event.canon_key}
    futures = {each.key: each for each in waiting}
    found: dict[str, Compared] = {}
    lapsed: list[Lapsed] = []
    for key, recorded in _in_order(record, futures.values()):
        future = futures.get(key)
        if recorded is None:
            reasons: tuple[str, ...] = ()
        else:
            compared = _compare_one(recorded, by_key.get(key), future, futures.get(f"{key}-ended"))
            reasons = () if compared.gone else _ungrounded(compared, found)
        if state is not None and future is not None and future.state == "ahead" and not reasons:
            state, reasons = _tried(state, future)
        if recorded is not None:
            found[key] = replace(compared, lapsed=reasons)
        if reasons:
            lapsed.append(_lapsed(found[key] if recorded is not None else futures[key], reasons))
    return Divergence(tuple(found.values()), tuple(lapsed))


def if_averted(
    record: Sequence[Recorded],
    told: Sequence[AddEvent],
    waiting: Sequence[Waiting],
    key: str,
    *,
    state: State | None = None,
) -> tuple[Lapsed, ...]:
    """What would no longer hold, and does so far, if this piece of canon ahead never happened."""
    held = {each.key for each in compare(record, told, waiting, state=state).lapsed}
    without = [replace(each, state="averted") if each.key == key else each for each in waiting]
    then = compare(record, told, without, state=state).lapsed
    return tuple(each for each in then if each.key not in held and each.key != key)


def differences(recorded: AddEvent, told: AddEvent, *, end_ahead: bool = False) -> tuple[str, ...]:
    """How an event as a campaign tells it differs from canon, in sentences. `end_ahead`: it need not have ended yet."""
    found = []
    if told.title != recorded.title:
        found.append(f"It is called “{told.title}”; canon has “{recorded.title}”.")
    if told.on != recorded.on:
        found.append(f"It happened {told.on.adverb()}; canon has {recorded.on.words()}.")
    if told.until != recorded.until and not (end_ahead and told.until is None):
        ends = f"It ended {told.until.adverb()}" if told.until else "It has no end"
        found.append(f"{ends}; canon has {recorded.until.words() if recorded.until else 'none'}.")
    if told.text != recorded.text:
        found.append("Its text is not canon’s.")
    return tuple(found)


def _in_order(record: Sequence[Recorded], futures: Iterable[Waiting]) -> list[tuple[str, Recorded | None]]:
    """Every piece of canon by date, events first within one: what is no event follows what it may depend on."""
    events: list[tuple[StoryDate, int, str, Recorded | None]] = [
        (each.event.on, number, each.key, each) for number, each in enumerate(record)
    ]
    known = {each.key for each in record}
    rest = [each for each in futures if each.key not in known]
    others = [(each.on, len(record) + number, each.key, None) for number, each in enumerate(rest)]
    return [(key, recorded) for _, _, key, recorded in sorted([*events, *others], key=lambda each: each[:2])]


def _compare_one(
    recorded: Recorded, told: AddEvent | None, future: Waiting | None, ending: Waiting | None
) -> Compared:
    if told is not None:
        differs = differences(recorded.event, told, end_ahead=ending is not None and ending.state == "ahead")
        status = Status.ALTERED if differs else Status.AS_IN_CANON
        became = told.slug if differs else ""
        return Compared(recorded=recorded, status=status, told=told, differs=differs, became=became)
    match future.state if future else "enacted":
        case "ahead":
            return Compared(recorded=recorded, status=Status.AHEAD)
        case "averted":
            status, words, gone = Status.AVERTED, "It never happened.", "which was averted"
        case "altered":
            status, gone = Status.ALTERED, "which happened otherwise"
            instead = future.instead if future else ""
            words = f"“{instead}” happened instead." if instead else "What happened instead was struck since."
        case _:
            status, gone = Status.AVERTED, "which was struck from the timeline"
            words = "It was struck from the timeline."
    return Compared(
        recorded=recorded,
        status=status,
        differs=(words,),
        gone=gone,
        became=future.became if future else "",
    )


def _ungrounded(compared: Compared, found: Mapping[str, Compared]) -> tuple[str, ...]:
    """Why an event has lost the ground that the record gives it, one reason for each ground that is gone."""
    when = compared.told.on if compared.told else compared.recorded.event.on
    grounds = [found[key] for key in compared.recorded.rests_on if key in found]
    return tuple(
        f"It rests on “{ground.title}”, {why}" for ground in grounds if (why := _why_gone(ground, when))
    )


def _why_gone(ground: Compared, when: StoryDate) -> str:
    """Why nothing that happens at a date can rest on this event; empty where it can."""
    if ground.told is not None:
        late = when.before(ground.told.on) is Answer.YES
        return f"which here comes only {ground.told.on.adverb()}" if late else ""
    if ground.lapsed:
        return f"which no longer holds: {ground.lapsed[0][0].lower()}{ground.lapsed[0][1:]}"
    return ground.gone


def _tried(state: State, future: Waiting) -> tuple[State, tuple[str, ...]]:
    """The state after a piece of canon; or the state as it was, with why the piece cannot happen."""
    after = state
    for change in future.changes:
        try:
            after = change.step(after).state_after
        except Impossible as no:
            return state, (f"It can no longer happen as recorded: {no.reason}",)
    return after, ()


def _lapsed(piece: Compared | Waiting, reasons: tuple[str, ...]) -> Lapsed:
    stands = isinstance(piece, Compared) and piece.told is not None
    return Lapsed(key=piece.key, title=piece.title, on=piece.on, reasons=reasons, stands=stands)
