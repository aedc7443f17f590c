"""Whether a power is bound on a day, and why, from the dated record alone.

A span is [entered, left): bound from the day of entering, free from the day of leaving. A date known to its year or
month only leaves every day of it open, and what turns on such a day is *in doubt*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from khitomer.rules.dates import Answer, Precision, StoryDate

Dated = tuple[StoryDate, StoryDate | None]
"""From when, and until when or None."""

_FOREVER = 10_000_000  # later than the ordinal of any day that a date can hold


@dataclass(frozen=True)
class Bond:
    """Whether a power is bound (YES, NO or DOUBT), and why in one sentence."""

    answer: Answer
    because: str


def bound_on(spans: Sequence[Dated], day: StoryDate) -> Bond:
    """Whether these spans of one power in one treaty bind on a day: on all that it may mean, on none, or in doubt."""
    spans = sorted(spans, key=lambda span: span[0])
    answer = covers(spans, day)
    if not spans:
        because = "Has never been a party"
    elif answer is Answer.YES:
        because = _bound(spans, day)
    elif answer is Answer.NO:
        because = _free(spans, day)
    else:
        changes = " and ".join(open_changes(spans, day))
        because = f"{changes}: the record does not say whether before or after {day.words()}"
        if all(day == date for span in spans for date in span if date and _undecided(date, day)):
            because = f"{changes}, and the record gives no {_finer(day)}"
    return Bond(answer, f"{because[0].upper()}{because[1:]}.")


def covers(spans: Sequence[Dated], day: StoryDate) -> Answer:
    """Whether a day lies in one of the spans, over every day that the dates may mean.

    Spans that meet to the day leave no gap between them.
    """
    first, last = day.first.toordinal(), day.last.toordinal()
    reached = first
    for begins, ends in sorted(_surely(span) for span in spans):
        if begins <= reached:
            reached = max(reached, ends)
    if reached > last:
        return Answer.YES
    possible = any(begins <= last and ends > max(first, begins) for begins, ends in map(_possibly, spans))
    return Answer.DOUBT if possible else Answer.NO


def _surely(span: Dated) -> tuple[int, int]:
    """The days on which a span binds whatever its dates mean: from the latest entry to the earliest leaving."""
    entered, left = span
    return entered.last.toordinal(), left.first.toordinal() if left else _FOREVER


def _possibly(span: Dated) -> tuple[int, int]:
    entered, left = span
    return entered.first.toordinal(), left.last.toordinal() if left else _FOREVER


def _bound(spans: Sequence[Dated], day: StoryDate) -> str:
    for number, (entered, left) in enumerate(spans):
        if covers([(entered, left)], day) is Answer.YES:
            begun = f"{'returned' if number else 'entered'} {entered.adverb()}"
            return f"{begun} and is bound since" if left is None else f"{begun} and left only {left.adverb()}"
    return "left and returned on one day, so that no day was free"


def _free(spans: Sequence[Dated], day: StoryDate) -> str:
    gone, ahead = either_side(spans, day)
    if gone and ahead:
        return f"left {gone.adverb()} and returned only {ahead.adverb()}"
    if gone:
        return f"left {gone.adverb()} and has not returned"
    return f"entered only {ahead.adverb()}" if ahead else "is not bound"


def either_side(spans: Sequence[Dated], day: StoryDate) -> tuple[StoryDate | None, StoryDate | None]:
    """The last leaving that is surely over on a day, and the first entering that is surely still to come."""
    gone = [left for _, left in spans if left is not None and left.last <= day.first]
    ahead = [entered for entered, _ in spans if entered.first > day.last]
    return max(gone, default=None), min(ahead, default=None)


def open_changes(spans: Sequence[Dated], day: StoryDate) -> list[str]:
    """The enterings and leavings that may fall on either side of the day, in order."""
    found = []
    for number, (entered, left) in enumerate(spans):
        if _undecided(entered, day):
            found.append(f"{'returned' if number else 'entered'} {entered.adverb()}")
        if left is not None and _undecided(left, day):
            found.append(f"left {left.adverb()}")
    return found


def _undecided(change: StoryDate, day: StoryDate) -> bool:
    return change.last > day.first and change.first <= day.last


def _finer(day: StoryDate) -> str:
    return "month" if day.precision is Precision.YEAR else "day"


# What a provision exempts


def uses_in_window(uses: Sequence[StoryDate], day: StoryDate, window_days: int) -> tuple[int, int]:
    """The fewest and the most uses that may lie in the window of so many days that ends with the day."""
    fewest, most = len(uses), 0
    for ends in range(day.first.toordinal(), day.last.toordinal() + 1):
        begins = ends - window_days + 1
        surely = sum(begins <= use.first.toordinal() and use.last.toordinal() <= ends for use in uses)
        possibly = sum(begins <= use.last.toordinal() and use.first.toordinal() <= ends for use in uses)
        fewest, most = min(fewest, surely), max(most, possibly)
    return fewest, most


def use_in_window(
    uses: Sequence[StoryDate], day: StoryDate, *, limit: int, window_days: int
) -> tuple[Answer, str]:
    """Whether use was widespread in the window that ends with a day, and how often it is on record, in words.

    Widespread is more than `limit` recorded uses in the window; the Second Accords leave the number to the table.
    """
    fewest, most = uses_in_window(uses, day, window_days)
    counted = str(most) if fewest == most else f"between {fewest} and {most}"
    if fewest > limit:
        return Answer.YES, counted
    return Answer.NO if most <= limit else Answer.DOUBT, counted


def exemption_on(uses: Sequence[StoryDate], day: StoryDate, *, limit: int, window_days: int) -> Bond:
    """Whether an exemption stands on a day (YES), or has lapsed because use is widespread (NO), and why."""
    widespread, counted = use_in_window(uses, day, limit=limit, window_days=window_days)
    counted = "None" if counted == "0" else counted.capitalize()
    record = f"{counted} of the {limit} allowed in {window_days} days on record"
    if widespread is Answer.YES:
        return Bond(Answer.NO, f"{record}: use is widespread, and the exemption has lapsed.")
    if widespread is Answer.NO:
        return Bond(Answer.YES, f"{record}: use is not widespread, and the exemption stands.")
    return Bond(Answer.DOUBT, f"{record}: the dates are too coarse to say whether use is widespread.")
