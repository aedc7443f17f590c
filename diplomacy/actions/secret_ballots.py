"""Secret ballots: who has voted in one table, what was cast in another, and nothing between them.

With every ballot the box of that vote is emptied and filled again in shuffled order under new ids, and the list of
voters is written again by seat: neither the order of the rows, nor their transaction, nor a time or a key tells whose a
ballot is. What the voter holds, a receipt, is given to the caller once and stored nowhere (docs/decisions, 10).
"""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from diplomacy.actions.ballots import silent_seats
from diplomacy.actions.vote_lock import (
    check_abstention,
    check_open,
    check_voice,
    checked_choice,
    elector_of,
    lock_to_cast,
    member_of,
    tell_voted,
)
from diplomacy.models import Motion, SealedBallot, Seat, Voter
from diplomacy.records import called
from diplomacy.rules import receipts
from diplomacy.rules.charters import Mode
from diplomacy.rules.tally import Choice
from khitomer.errors import Refused
from khitomer.models import User

_Lot = tuple[str, str]  # a choice and the hash of its receipt

shuffle: Callable[[list[_Lot]], None] = secrets.SystemRandom().shuffle


@sensitive_variables("choice", "given", "receipt", "held", "box")
def cast(*, motion: Motion, seat: Seat, choice: str, receipt: str = "", by: User, now: datetime) -> str:
    """Put a seat's ballot into the box, or change the one that `receipt` belongs to. Returns the voter's receipt.

    `choice` is a `Choice`. A mind is changed as often as one likes, under the same receipt. `Refused`, on `receipt`,
    for a seat that has voted and does not show it: the earlier ballot stands.
    """
    given = checked_choice(choice)
    with transaction.atomic():
        motion = lock_to_cast(motion)
        elector = elector_of(motion, seat)
        check_voice(elector.seat, member_of(motion, by))
        voted = motion.voters.filter(seat=seat).exists()
        check_open(motion, elector, earlier=voted)
        _check_secret(motion)
        check_abstention(motion, given)
        box = dict(motion.box.values_list("receipt", "choice"))
        if voted:
            held = receipts.read(receipt)
            if receipts.sealed(held, seat.pk) not in box:
                raise Refused(
                    f"{called(elector.seat.power)} has voted, and its ballot stands",
                    field="receipt",
                    allowed="No ballot of this seat has the receipt that you entered"
                    if receipt.strip()
                    else "Enter the receipt of that ballot to change it",
                )
        else:
            held = receipts.write(secrets.choice)
        box[receipts.sealed(held, seat.pk)] = given.value
        voters = {*motion.voters.values_list("seat_id", flat=True), seat.pk}
        _write_anew(motion, voters, [(choice, sealed) for sealed, choice in box.items()])
        if not voted:
            tell_voted(motion, elector.seat.power, now)
    return held


def cast_for_empty(*, motion: Motion, choice: str, by: User, now: datetime) -> dict[int, str]:
    """The chair gives one choice for every seat without a delegate that has not voted. Returns each seat's receipt."""
    with transaction.atomic():
        motion = lock_to_cast(motion)
        seats = silent_seats(motion, by, voted=motion.voters.values("seat"))
        return {seat.pk: cast(motion=motion, seat=seat, choice=choice, by=by, now=now) for seat in seats}


def find(*, motion: Motion, receipt: str) -> Choice:
    """What the ballot with this receipt said, once the vote has closed. `Refused` on `receipt` where there is none."""
    if motion.mode != Mode.SECRET or motion.closed_at is None:
        raise Refused("Receipts are looked up when a secret vote has closed", field="receipt")
    held = receipts.read(receipt)
    seats = motion.voters.values_list("seat_id", flat=True)
    lot = motion.box.filter(receipt__in=[receipts.sealed(held, seat) for seat in seats]).first()
    if lot is None:
        raise Refused(
            "No ballot in this box has that receipt", field="receipt", allowed="Look at each letter again"
        )
    return Choice(lot.choice)


def _check_secret(motion: Motion) -> None:
    if motion.mode != Mode.SECRET:
        raise Refused(
            "This vote is not secret", allowed="Cast your ballot again: it will be shown after the close"
        )


def _write_anew(motion: Motion, voters: set[int], box: list[_Lot]) -> None:
    """Both tables of this vote from nothing, so that every row comes from this one transaction and none has a past."""
    motion.voters.all().delete()
    Voter.objects.bulk_create(Voter(motion=motion, seat_id=seat) for seat in sorted(voters))
    motion.box.all().delete()
    shuffle(box)
    SealedBallot.objects.bulk_create(
        SealedBallot(motion=motion, choice=choice, receipt=sealed) for choice, sealed in box
    )
