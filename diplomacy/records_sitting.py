"""Rows to rule values for a sitting: its quorum, its floor and clock, and who has yet to be heard."""

from collections.abc import Iterable
from fractions import Fraction

from diplomacy.models import Conference, ConferenceStage, Floor, Hearing, Motion, Seat, Speech, SpeechKind
from diplomacy.rules.floor import Clock, why_no_appeal
from diplomacy.rules.motions import MotionStage
from diplomacy.rules.steps import Feature
from khitomer.models import Power


def quorum_lacking(seats: Iterable[Seat], quorum: Fraction, more_than: bool = False) -> str:
    """Why the room has no quorum, in words, or "" when it has one. Members count; observers do not.

    With `more_than` the share itself is not enough, as the tally has it.
    """
    members = [seat for seat in seats if not seat.observer]
    present = sum(seat.present for seat in members)
    needed = quorum_of(len(members), quorum, more_than)
    if present >= needed:
        return ""
    return f"A quorum is {needed} of {len(members)} members, and {present} {_are(present)} present"


def quorum_of(members: int, quorum: Fraction, more_than: bool = False) -> int:
    """How many of so many members make a quorum."""
    share = quorum * members
    return int(share) + 1 if more_than else -(-share.numerator // share.denominator)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def floor_of(conference: Conference) -> Floor:
    """The conference's floor, made where it has none yet. For actions that hold the conference."""
    floor, _ = Floor.objects.get_or_create(conference=conference)
    return floor


def clock_of(floor: Floor) -> Clock:
    """The clock as the rules turn it."""
    return Clock(ends_at=floor.ends_at, left=floor.left)


def last_ruled(conference: Conference) -> Speech | None:
    """The point of order that the chair ruled on last."""
    points = conference.speeches.filter(kind=SpeechKind.POINT).exclude(ruling="")
    return points.select_related("seat__power").order_by("-ended_at", "-pk").first()


_NOT_PUT = (MotionStage.WITHDRAWN.value, MotionStage.RULED_OUT.value)


def appeal_from(point: Speech) -> Motion | None:
    """The appeal from the ruling on this point, before the conference or voted on; None where there is none."""
    return point.appeals.exclude(stage__in=_NOT_PUT).order_by("-pk").first()


def not_appealable(conference: Conference, point: Speech, last: Speech | None, appeal: Motion | None) -> str:
    """Why nobody may appeal from the ruling on this point, or "". `last` is the latest one, `appeal` its appeal."""
    return why_no_appeal(
        known=Feature.APPEALS in conference.charter.knows,
        sits=conference.stage == ConferenceStage.OPEN,
        ruled=bool(point.ruling),
        latest=last is not None and last.pk == point.pk,
        asked=appeal is not None,
    )


def unheard(hearing: Hearing) -> list[Power]:
    """The parties to the complaint that were neither heard at this hearing nor noted in default.

    Prefetch `heard` on the hearing and the complaint's `joinders__power`: then this asks the database nothing.
    """
    done = {row.power_id for row in hearing.heard.all()}
    return [power for power in hearing.complaint.parties if power.pk not in done]
