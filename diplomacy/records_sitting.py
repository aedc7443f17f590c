"""Rows to rule values for a sitting: whether the room has a quorum."""

from collections.abc import Iterable
from fractions import Fraction

from diplomacy.models import Seat


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
