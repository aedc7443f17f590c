"""The minutes of a conference: what was set down at the sitting, as a secretary writes it up.

The lines are rows (`actions.minutes.note`); the words are made when they are read (`records_minutes_words`, which
also says what a row of each kind holds).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from diplomacy.models import Conference, Minute, MinuteKind, Resolution, Seat
from diplomacy.records_compliance import Standing, standing_of
from diplomacy.records_minutes_words import sentence, votes
from khitomer.rules.dates import StoryDate


@dataclass(frozen=True, kw_only=True)
class Line:
    """One numbered paragraph of the minutes. `votes` are choices by name, where the vote was not secret."""

    number: int
    text: str
    at: datetime
    tone: str = ""
    votes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """From one opening of the sitting to the next."""

    title: str
    on: StoryDate
    at: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """Who was in the room, as the roll stands; members first."""

    present: tuple[Seat, ...]
    absent: tuple[Seat, ...]
    observers: tuple[Seat, ...]


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """The minutes as they are read and printed."""

    sittings: tuple[Sitting, ...]
    attendance: Attendance
    resolutions: tuple[tuple[Resolution, Standing], ...]

    @property
    def kept(self) -> bool:
        """Whether anything was set down: a conference may have sat before minutes were kept."""
        return bool(self.sittings)


def minutes_of(conference: Conference) -> Minutes:
    """All that was set down of a conference, in four queries whatever its length."""
    rows = list(conference.minutes.select_related("power", "motion__parent", "complaint").order_by("pk"))
    resolutions = Resolution.objects.filter(motion__conference=conference).select_related(
        "repealed_by", "motion"
    )
    return Minutes(
        sittings=tuple(_sittings(rows)),
        attendance=_attendance(conference.seats.select_related("power", "delegate__user")),
        resolutions=tuple((each, standing_of(each)) for each in resolutions.order_by("number")),
    )


def _attendance(seats: Iterable[Seat]) -> Attendance:
    everyone = sorted(seats, key=lambda seat: seat.power.name)
    members = [seat for seat in everyone if not seat.observer]
    return Attendance(
        present=tuple(seat for seat in members if seat.present),
        absent=tuple(seat for seat in members if not seat.present),
        observers=tuple(seat for seat in everyone if seat.observer and seat.present),
    )


_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


def _sittings(rows: Sequence[Minute]) -> Iterable[Sitting]:
    groups: list[list[tuple[int, Minute]]] = []
    for number, row in enumerate(rows, 1):
        if not groups or _begins(row):
            groups.append([])
        groups[-1].append((number, row))
    opened = 0
    for group in groups:
        first = group[0][1]
        begins = _begins(first)
        opened += begins
        title = f"{_ORDINALS[opened - 1] if opened <= len(_ORDINALS) else f'{opened}th'} sitting"
        yield Sitting(
            title=title if begins else "Before the sitting",
            on=first.on,
            at=first.at,
            lines=tuple(_line(number, row) for number, row in group),
        )


def _begins(row: Minute) -> bool:
    """Whether a sitting begins here; one that was suspended and is resumed is the same."""
    return row.kind == MinuteKind.OPENED and row.data.get("after") != "suspended"


def _line(number: int, row: Minute) -> Line:
    return Line(
        number=number,
        text=sentence(row),
        at=row.at,
        tone=_TONES.get(MinuteKind(row.kind), ""),
        votes=votes(row) if row.kind == MinuteKind.VOTE_CLOSED else (),
    )


_TONES = {
    MinuteKind.VOTE_CLOSED: "lilac",
    MinuteKind.DECIDED: "lilac",
    MinuteKind.ENACTED: "moss",
    MinuteKind.UNDONE: "brick",
    MinuteKind.OVERRULED: "brick",
    MinuteKind.POINT: "amber",
    MinuteKind.RULED: "amber",
}
