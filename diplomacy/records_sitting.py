"""Rows to rule values for a sitting: its quorum, its floor and clock, and who has yet to be heard."""

from collections.abc import Iterable
from fractions import Fraction

from diplomacy.models import Conference, Floor, Hearing, Seat
from diplomacy.rules.floor import Clock
from khitomer.models import Power


def quorum_lacking(seats: Iterable[Seat], quorum: Fraction, more_than: bool = False) -> str:
    """Why the room has no quorum, in words, or "" when it has one. Members count; observers do not.

    With `more_than` the share itself is not enough, as the tally has it.
    """
    members = [seat for seat in seats if not seat.observer]
    present = sum(seat.present for seat in members)
    share = quorum * len(members)
    needed = int(share) + 1 if more_than else -(-share.numerator // share.denominator)
    if present >= needed:
        return ""
    return f"A quorum is {needed} of {len(members)} members, and {present} {_are(present)} present"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def floor_of(conference: Conference) -> Floor:
    """The conference's floor, made where it has none yet. For actions that hold the conference."""
    floor, _ = Floor.objects.get_or_create(conference=conference)
    return floor


def clock_of(floor: Floor) -> Clock:
    """The clock as the rules turn it."""
    return Clock(ends_at=floor.ends_at, left=floor.left)


def unheard(hearing: Hearing) -> list[Power]:
    """The parties to the complaint that were neither heard at this hearing nor noted in default.

    Prefetch `heard` on the hearing and the complaint's `joinders__power`: then this asks the database nothing.
    """
    done = {row.power_id for row in hearing.heard.all()}
    return [power for power in hearing.complaint.parties if power.pk not in done]
