"""Pledges: how a delegation says, before the vote and for all to hear, that it will vote."""

from datetime import datetime

from django.db import transaction

from diplomacy.actions.chairing import stir
from diplomacy.actions.vote_lock import check_voice, checked_choice, demand, lock_motion, member_of
from diplomacy.models import Motion, Pledge, Seat
from diplomacy.rules.procedure import MotionStep
from khitomer.errors import Refused
from khitomer.models import User


def pledge(*, motion: Motion, seat: Seat, choice: str, by: User, now: datetime) -> Pledge | None:
    """Pledge a seat's vote on a motion before the conference, or take the pledge back with an empty `choice`.

    A pledge binds nobody and is no ballot. `Refused` for another's seat, for an observer, and once the vote is open.
    """
    given = checked_choice(choice) if choice else None
    with transaction.atomic():
        motion = lock_motion(motion)
        # For update is the motion's row alone: the vote opens before this or after it.
        demand(MotionStep.PLEDGE, motion, by)
        check_voice(seat, member_of(motion, by))
        if seat.conference_id != motion.conference_id or seat.observer:
            raise Refused("Only a seat that votes at this conference pledges its vote")
        stir(motion.conference, now)
        if given is None:
            motion.pledges.filter(seat=seat).delete()
            return None
        pledge, _ = Pledge.objects.update_or_create(
            motion=motion, seat=seat, defaults={"choice": given.value, "by": by, "at": now}
        )
    return pledge
