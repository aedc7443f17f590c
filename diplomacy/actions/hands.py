"""A show of hands: the chair counts the room and keys in what each seat showed."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from diplomacy import records_votes as records
from diplomacy.actions.vote_lock import (
    check_abstention,
    check_not_closed,
    checked_choice,
    lock_to_cast,
    member_of,
)
from diplomacy.models import Ballot, Motion
from diplomacy.rules.charters import Mode
from khitomer.errors import Refused
from khitomer.models import User


def key_in(*, motion: Motion, choices: Mapping[int, str], by: User, now: datetime) -> list[Ballot]:
    """Write down what each seat showed: `choices` by seat, each a `Choice`, or "" for a hand that did not go up.

    The whole room at once, and again until the vote closes: what is keyed in last is what counts. `Refused` for anyone
    but the chair, for a seat that has no vote in this, and where the vote is not by show of hands.
    """
    given = {seat: checked_choice(choice) for seat, choice in choices.items() if choice}
    with transaction.atomic():
        motion = lock_to_cast(motion)
        if not records.is_chair(member_of(motion, by)):
            raise Refused("The chair counts a show of hands")
        if motion.opened_at is None:
            raise Refused("The vote has not been opened yet")
        check_not_closed(motion, earlier=False)
        if motion.mode != Mode.HANDS:
            raise Refused("This vote is not by show of hands: each seat casts its own ballot")
        voters = {each.seat_id for each in motion.electors.all() if records.may_vote(each)}
        if not given.keys() <= voters:
            raise Refused("A hand went up for a seat that has no vote in this")
        for choice in given.values():
            check_abstention(motion, choice)
        motion.ballots.all().delete()
        return Ballot.objects.bulk_create(
            Ballot(motion=motion, seat_id=seat, choice=choice.value, by=by, at=now)
            for seat, choice in sorted(given.items())
        )
