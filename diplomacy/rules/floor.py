"""The floor: who speaks after whom, and the clock that everyone sees the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

RANKS = ("point", "reply", "speech")
"""What a seat asks the floor for, what comes first at the left (GA rules 71 and 73)."""

FOR, AGAINST = "for", "against"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One place on the speakers' list: what for (one of `RANKS`), and on which side, or "" for neither."""

    kind: str
    side: str = ""


def place(waiting: Sequence[Wish], new: Wish, *, alternate: bool, last: str = "") -> int:
    """Where a new wish goes in the list: the number of those before it.

    Points of order come before replies, and replies before speeches; within each, whoever asked first. With
    `alternate`, a speech for goes between the first two in a row that are against, and the other way round; `last` is
    the side of whoever speaks or spoke last. Those who wait already keep their order among themselves.
    """
    if new.kind != "speech" or not alternate or new.side not in (FOR, AGAINST):
        return _after(waiting, new.kind)
    other = AGAINST if new.side == FOR else FOR
    before = last
    for index, wish in enumerate(waiting):
        if wish.kind != "speech" or not wish.side:
            continue
        if before == other and wish.side == other:
            return index
        before = wish.side
    return _after(waiting, new.kind)


def _after(waiting: Sequence[Wish], kind: str) -> int:
    """After the last of the same kind or one that comes before it, wherever the chair has put that."""
    rank = RANKS.index(kind)
    return max((index + 1 for index, wish in enumerate(waiting) if RANKS.index(wish.kind) <= rank), default=0)


def why_no_appeal(*, known: bool, sits: bool, ruled: bool, latest: bool, asked: bool) -> str:
    """Why no seat may appeal from the chair's ruling on a point of order, or "" (GA rule 71).

    `known` says that the charter has appeals, `ruled` that the chair has ruled on the point and `latest` that it has
    ruled on none since; `asked` that the conference has been asked that already.
    """
    if not known:
        return "This charter has no such step."
    if not ruled:
        return "The chair has not ruled on that point of order."
    if asked:
        return "The conference has been asked that already."
    if not sits:
        return "This is moved only while the conference sits."
    return "" if latest else "An appeal is moved at once: the chair has ruled on another point since."


# The clock ------------------------------------------------------------------------------------------------------------

LONGEST = 24 * 60 * 60
"""No clock is set to more than a day, in seconds."""


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A clock that runs towards `ends_at`, or rests with `left` seconds, or, with neither, is not set."""

    ends_at: datetime | None = None
    left: int | None = None

    @property
    def runs(self) -> bool:
        return self.ends_at is not None

    @property
    def is_set(self) -> bool:
        return self.runs or self.left is not None

    def remaining(self, now: datetime) -> float:
        """Seconds left, below nought once the time is up; nought for a clock that is not set."""
        if self.ends_at is not None:
            return (self.ends_at - now).total_seconds()
        return float(self.left or 0)


def start(seconds: int, now: datetime) -> Clock:
    """A clock that runs from now. Raises ValueError for less than a second, or more than a day."""
    if not 1 <= seconds <= LONGEST:
        raise ValueError("A clock runs for a second at least, and for a day at most.")
    return Clock(ends_at=now + timedelta(seconds=seconds))


def pause(clock: Clock, now: datetime) -> Clock:
    """The clock at rest, with what is left of it; one that rests already, or is not set, stays as it is."""
    if not clock.runs:
        return clock
    return Clock(left=max(0, round(clock.remaining(now))))


def resume(clock: Clock, now: datetime) -> Clock:
    """The clock running on with what it had left; one that runs, or is not set, stays as it is."""
    if clock.runs or clock.left is None:
        return clock
    return Clock(ends_at=now + timedelta(seconds=clock.left))


def extend(clock: Clock, seconds: int, now: datetime) -> Clock:
    """So many seconds more: from now where the time was up. A clock that is not set stays so."""
    if clock.ends_at is not None:
        ends = max(clock.ends_at, now) + timedelta(seconds=seconds)
        return Clock(ends_at=min(ends, now + timedelta(seconds=LONGEST)))
    if clock.left is not None:
        return Clock(left=min(clock.left + seconds, LONGEST))
    return clock


def face(seconds: float) -> str:
    """What a clock shows: "2:05", "1:00:00"; "0:00" once the time is up."""
    whole = max(0, int(-(-seconds // 1)))
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"
