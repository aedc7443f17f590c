"""Rows to rule values for a sitting: who is bound on its day, and whether the room has a quorum."""

from collections.abc import Iterable
from fractions import Fraction

from diplomacy.models import Seat
from khitomer.rules.dates import Answer, StoryDate


def bound_on(spans: Iterable[tuple[StoryDate, StoryDate | None]], day: StoryDate) -> Answer:
    """Whether spans [entered, left) bind on a day. In doubt where a change lies inside what the dates leave open."""
    answer = Answer.NO
    for entered, left in spans:
        if entered.last <= day.first and (left is None or day.last < left.first):
            return Answer.YES
        if entered.first <= day.last and (left is None or day.first < left.last):
            answer = Answer.DOUBT
    return answer


def quorum_lacking(seats: Iterable[Seat], quorum: Fraction) -> str:
    """Why the room has no quorum, in words, or "" when it has one. Members count; observers do not."""
    members = [seat for seat in seats if not seat.observer]
    present = sum(seat.present for seat in members)
    needed = -(-quorum.numerator * len(members) // quorum.denominator)
    if present >= needed:
        return ""
    return f"A quorum is {needed} of {len(members)} members, and {present} {_are(present)} present"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
