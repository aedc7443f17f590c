"""In-universe time.

The record seldom knows more than the year of an event, and a story date never pretends to know more than it
does: it holds a year, a month or a day, and compares as *yes*, *no* or *in doubt*. Nothing here reads a
clock.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import total_ordering

STARDATE_EPOCH = 2323
"""The year in which the approximate stardates of this work begin, at 0 on 1 January."""

UNITS_PER_YEAR = 1000
"""Stardate units in one year."""

# English by design: the calendar module would answer in the language of the machine.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_FORMS = 'a year "2372", a month "2372-03" or a day "2372-03-14"'


class Answer(StrEnum):
    """What can be said of two dates, or of any question that turns on them."""

    YES = "yes"
    NO = "no"
    DOUBT = "doubt"


class Precision(StrEnum):
    """How much of a date is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@total_ordering
@dataclass(frozen=True)
class StoryDate:
    """A date in the story, known to the year, the month or the day, in the Gregorian calendar.

    Sorting is by the earliest day a date may mean; of two with the same earliest day the less precise comes
    first. That is the alphabetical order of `str()`, so a database column holding the text sorts alike.
    Sorting is for lists: to ask what truly came first, use `before`, which may answer *in doubt*.

    Raises ValueError, with a sentence for people, when no such date exists.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not datetime.MINYEAR <= self.year <= datetime.MAXYEAR:
            raise ValueError(f"The year {self.year} is out of range: years run from 1 to 9999.")
        if self.month is None:
            if self.day is not None:
                raise ValueError("A date with a day needs a month as well.")
            return
        if not 1 <= self.month <= 12:
            raise ValueError(f"There is no month {self.month}: months run from 1 to 12.")
        length = calendar.monthrange(self.year, self.month)[1]
        if self.day is not None and not 1 <= self.day <= length:
            month = f"{_MONTHS[self.month - 1]} {self.year}"
            raise ValueError(f"There is no day {self.day} in {month}: it has {length} days.")

    @classmethod
    def parse(cls, text: str) -> StoryDate:
        """Read "2372", "2372-03" or "2372-03-14"; spaces around it, and anything else, are refused.

        Raises ValueError naming the accepted forms, or saying which part of the date does not exist.
        """
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(f'"{text}" is not a story date: write {_FORMS}.')
        year, month, day = written.groups()
        return cls(int(year), int(month) if month else None, int(day) if day else None)

    @classmethod
    def from_day(cls, day: datetime.date) -> StoryDate:
        """The story date of one calendar day."""
        return cls(day.year, day.month, day.day)

    def __str__(self) -> str:
        parts = [f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, StoryDate):
            return NotImplemented
        return self._sort_key < other._sort_key

    @property
    def _sort_key(self) -> tuple[int, int, int]:
        # An unknown part sorts as nought: below 1, so the less precise of two dates comes first.
        return self.year, self.month or 0, self.day or 0

    @property
    def precision(self) -> Precision:
        """Whether the year, the month or the day is known."""
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def first(self) -> datetime.date:
        """The earliest day this date may mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> datetime.date:
        """The latest day this date may mean."""
        month = self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def before(self, other: StoryDate) -> Answer:
        """Whether this date came before the other.

        YES when every day it may mean is earlier than every day the other may mean, NO when none is, else
        DOUBT.
        """
        if self.last < other.first:
            return Answer.YES
        if self.first >= other.last:
            return Answer.NO
        return Answer.DOUBT

    def plus_days(self, n: int) -> StoryDate:
        """The day `n` days later (earlier when negative), or the calendar's own last or first day where it ends before.

        The calendar runs from 1 January of the year 1 to 31 December 9999. Raises ValueError unless the day is known.
        """
        reached = self._known_day().toordinal() + n
        within = min(max(reached, datetime.date.min.toordinal()), datetime.date.max.toordinal())
        return StoryDate.from_day(datetime.date.fromordinal(within))

    def plus_years(self, n: int) -> StoryDate:
        """The year `n` years later (earlier when negative), known to the year; at most 9999, and at least 1."""
        return StoryDate(min(max(self.year + n, datetime.MINYEAR), datetime.MAXYEAR))

    def days_until(self, other: StoryDate) -> int:
        """Days from this day to the other, negative when past. Raises ValueError unless both are known."""
        return (other._known_day() - self._known_day()).days

    def _known_day(self) -> datetime.date:
        if self.precision is not Precision.DAY:
            raise ValueError(f"{self} is known only to the {self.precision}: counting days needs the day.")
        return self.first

    def words(self) -> str:
        """For display: "2372", "March 2372" or "14 March 2372"."""
        month = None if self.month is None else _MONTHS[self.month - 1]
        return " ".join(str(part) for part in (self.day, month, self.year) if part is not None)

    def adverb(self) -> str:
        """Within a sentence: "in 2372", "in March 2372" or "on 14 March 2372"."""
        return f"{'on' if self.precision is Precision.DAY else 'in'} {self.words()}"

    def short(self) -> str:
        """For tight places: "2372", "Mar 2372" or "14 Mar 2372"."""
        month = None if self.month is None else _MONTHS[self.month - 1][:3]
        return " ".join(str(part) for part in (self.day, month, self.year) if part is not None)


@dataclass(frozen=True)
class Stardate:
    """An approximate stardate: a whole number, or the range of an imprecise date with both its ends."""

    low: int
    high: int

    def __str__(self) -> str:
        if self.low == self.high:
            return f"≈ {self.low:05}"
        return f"≈ {self.low:05}–{self.high:05}"


def stardate(date: StoryDate) -> Stardate | None:
    """The stardate of a story date, approximately; None before 2323.

    The programmes never fixed a calendar. This is the fan convention that fits the twenty-fourth century
    best: a thousand units to the year, counted from 0 on 1 January 2323, each day being worth its share of
    its own year. The answer is rounded down, and its text always carries the sign for "about". A date known
    only to the year or the month gives the range from its first day to its last unit.
    """
    if date.year < STARDATE_EPOCH:
        return None
    low = _units(date.first)
    if date.precision is Precision.DAY:
        return Stardate(low, low)
    # The last unit of the span, not of its last morning: a whole year ends at 999.
    return Stardate(low, _units(date.last, end=True) - 1)


def about_stardate(date: StoryDate, until: StoryDate | None = None) -> str:
    """The approximate stardate of a date or a stretch, for display; empty before 2323, where there is none."""
    low, high = stardate(date), stardate(until or date)
    if low is None or high is None:
        return ""
    return f"approximate stardate {low.low:05}" + ("" if low.low == high.high else f" to {high.high:05}")


def _units(day: datetime.date, *, end: bool = False) -> int:
    """Whole units from the epoch to the morning of a day, or to its end, then rounded up to cover it."""
    length = 366 if calendar.isleap(day.year) else 365
    gone = day.timetuple().tm_yday - (0 if end else 1)
    thousandths = UNITS_PER_YEAR * gone
    in_year = -(-thousandths // length) if end else thousandths // length
    return UNITS_PER_YEAR * (day.year - STARDATE_EPOCH) + in_year
