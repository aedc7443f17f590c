"""The vote: opening it, casting, closing it, and the chair's casting vote.

Every step decides under the lock of the motion's row (`vote_lock`). A ballot and the close therefore never cross:
what is cast before the close is counted, and what comes after it is refused. A show of hands is keyed in by `hands`,
and a secret ballot goes into the box of `secret_ballots`.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from diplomacy import records_votes as records
from diplomacy.actions import vote_opening as opening
from diplomacy.actions.consequences import carry_out, hold
from diplomacy.actions.motions import number_publicly
from diplomacy.actions.sittings import set_floor
from diplomacy.actions.under_lock import locked
from diplomacy.actions.vote_lock import (
    check_abstention,
    check_not_closed,
    check_open,
    check_voice,
    checked_choice,
    demand,
    elector_of,
    lock_motion,
    lock_to_cast,
    member_of,
    note,
    tell,
    tell_voted,
)
from diplomacy.models import Ballot, Conference, MinuteKind, Motion, Seat
from diplomacy.records import called
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import MotionStage, MotionStep, stage_for
from diplomacy.rules.tally import Tally
from diplomacy.rules.wording import rule_in_words
from khitomer.errors import Refused
from khitomer.models import ActivityKind, User


def open_vote(*, motion: Motion, by: User, now: datetime, mode: str = "", reason: str = "") -> Motion:
    """Put a motion to the vote: freeze the rule and the electorate (PROCEDURE, voting).

    `mode` is a `Mode`, or empty to keep the motion's own; a roll call starts from a seat drawn by lot (GA rule 87).
    After a tie that calls for a second vote (GA rule 95) the same seats vote again under the same rule. `Refused` with
    the procedure's reason, on `mode` for one that cannot be, and on `reason` when an overrule has none.
    """
    with transaction.atomic():
        # The conference first: a sitting that closes at this moment either finds the vote open or keeps it shut.
        Conference.objects.select_for_update(no_key=True).get(pk=motion.conference_id)
        if motion.complaint:  # nor is its complaint withdrawn while the vote on it opens
            locked(motion.complaint)
        motion = lock_motion(motion)
        again = motion.stage == MotionStage.TIED
        name = MotionStep.SECOND_VOTE if again else MotionStep.OPEN_VOTE
        overrules = demand(name, motion, by, reason=reason)
        if again:
            opening.freeze_again(motion)
        else:
            opening.check_heard(motion)
            number_publicly(motion)  # the chair's own draft comes before the conference with its vote
            opening.freeze(motion)
        for rows in (motion.ballots, motion.voters, motion.box):
            rows.all().delete()
        motion.mode = opening.checked_mode(mode) or motion.mode
        electors = list(motion.electors.select_related("seat__power"))
        opening.check_mode(motion, electors)
        motion.drawn = opening.drawn(electors) if motion.mode == Mode.ROLL_CALL else None
        motion.stage = MotionStage.VOTING.value
        motion.opened_at, motion.closed_at = now, None
        motion.casting = motion.outcome = motion.reason = ""
        motion.yes = motion.no = motion.abstain = motion.not_voting = None
        motion.vetoed_by = []
        motion.save()
        set_floor(conference=motion.conference, motion=motion)
        if overrules:
            opening.set_down_overrule(motion, name, reason, by, now)
        note(
            MinuteKind.VOTE_OPENED,
            motion,
            now,
            mode=motion.mode,
            second=again,
            **opening.drawn_in_words(motion),
        )
        tell(ActivityKind.VOTE_OPENED, motion, now, by=by)
    return motion


def cast(*, motion: Motion, seat: Seat, choice: str, by: User, now: datetime) -> Ballot:
    """Cast a seat's ballot, or replace it while the vote is open.

    `choice` is a `Choice`. `Refused` for a seat that is not one's own, one that has no vote, after the close, and in a
    vote that is secret or by show of hands.
    """
    given = checked_choice(choice)
    with transaction.atomic():
        motion = lock_to_cast(motion)
        elector = elector_of(motion, seat)
        check_voice(elector.seat, member_of(motion, by))
        found = motion.ballots.filter(seat=seat).first()
        check_open(motion, elector, earlier=found is not None)
        _check_by_itself(motion)
        check_abstention(motion, given)
        if found:
            _check_own(motion, found, by)
            found.choice, found.by, found.at = given.value, by, now
            found.save(update_fields=["choice", "by", "at"])
            return found
        ballot = Ballot.objects.create(motion=motion, seat=seat, choice=given.value, by=by, at=now)
        # Who has voted is no secret, and told once; that a mind was changed is nobody's business.
        tell_voted(motion, elector.seat.power, now)
    return ballot


def cast_for_empty(*, motion: Motion, choice: str, by: User, now: datetime) -> list[Ballot]:
    """The chair gives one choice for every seat without a delegate that may vote and has not: a ballot each.

    `choice` is a `Choice`. What was cast before stands, so that pressing twice casts once. `Refused` for anyone but
    the chair, and after the close.
    """
    with transaction.atomic():
        motion = lock_to_cast(motion)
        seats = silent_seats(motion, by, voted=motion.ballots.values("seat"))
        return [cast(motion=motion, seat=seat, choice=choice, by=by, now=now) for seat in seats]


def silent_seats(motion: Motion, by: User, *, voted: Any) -> list[Seat]:
    """The seats without a delegate that may vote and have not; `Refused` for anyone but the chair in an open vote."""
    if not records.is_chair(member_of(motion, by)):
        raise Refused("The chair votes for the seats without a delegate")
    if motion.opened_at is None:
        raise Refused("The vote has not been opened yet")
    check_not_closed(motion, earlier=False)
    empty = motion.electors.filter(seat__delegate=None).exclude(seat__in=voted).select_related("seat")
    return [elector.seat for elector in empty if records.may_vote(elector)]


def close(*, motion: Motion, by: User, now: datetime) -> Motion:
    """Close the vote, count it and draw what follows. Closed already, it is returned as it stands: one close counts."""
    with transaction.atomic():
        motion = _lock_to_settle(motion)
        if not records.is_chair(member_of(motion, by)):
            raise Refused("The chair closes a vote")
        if motion.closed_at is None:
            demand(MotionStep.CLOSE_VOTE, motion, by)
            _settle(motion, records.count(motion), by=by, now=now)
            tell(ActivityKind.VOTE_CLOSED, motion, now, by=by)
    return motion


def casting(*, motion: Motion, choice: str, by: User, now: datetime) -> Motion:
    """The chair's casting vote after a tie (ICJ Statute art. 55(2)); to abstain leaves the motion rejected."""
    given = checked_choice(choice)
    with transaction.atomic():
        motion = _lock_to_settle(motion)
        demand(MotionStep.CASTING_VOTE, motion, by)
        motion.casting = given.value
        _settle(motion, records.count(motion, casting=given), by=by, now=now)
        tell(ActivityKind.VOTE_CLOSED, motion, now, by=by)
    return motion


def _lock_to_settle(motion: Motion) -> Motion:
    """The motion, after what its outcome will write to: the house's one order of locks, campaign first."""
    hold(motion)
    return lock_motion(motion)


def _check_by_itself(motion: Motion) -> None:
    """Whether a seat casts an open ballot of its own in this vote."""
    if motion.mode == Mode.HANDS:
        raise Refused("This vote is by show of hands, which the chair counts and keys in")
    if motion.mode == Mode.SECRET:
        raise Refused("This vote is secret: its ballots go into the box")


def _check_own(motion: Motion, earlier: Ballot, by: User) -> None:
    """A ballot is replaced by whoever gave it, or by one chair for another; a seat may change hands."""
    chairs = motion.conference.campaign.memberships.gms().filter(user__in=(by, earlier.by_id))
    if earlier.by_id != by.pk and chairs.count() < 2:
        raise Refused("Whoever spoke for this seat before has cast its ballot, and it stands")


def _settle(motion: Motion, tally: Tally, *, by: User, now: datetime) -> None:
    """Write the tally and what follows from it: the stage, the complaint's decision, the resolution."""
    motion.outcome, motion.reason = tally.outcome.value, tally.reason
    motion.yes, motion.no, motion.abstain = tally.yes, tally.no, tally.abstain
    motion.not_voting, motion.vetoed_by = tally.not_voting, list(tally.vetoed_by)
    motion.stage = stage_for(tally.outcome).value
    motion.closed_at = motion.closed_at or now
    motion.save()
    note(MinuteKind.VOTE_CLOSED, motion, now, **_result(motion, tally))
    carry_out(motion=motion, outcome=tally.outcome, by=by, now=now)


def _result(motion: Motion, tally: Tally) -> dict[str, Any]:
    """What the minutes keep of a vote: the count and, unless it was secret, what each seat cast, as the roll went."""
    vote = records.frozen_vote(motion)
    told: dict[str, Any] = {
        "outcome": tally.outcome.value,
        "reason": tally.reason,
        "mode": motion.mode,
        "rule": rule_in_words(vote.rule),
        "yes": tally.yes,
        "no": tally.no,
        "abstain": tally.abstain,
        "not_voting": tally.not_voting,
        "vetoed_by": list(tally.vetoed_by),
        "casting": motion.casting,
    }
    if motion.mode != Mode.SECRET:
        cast = records.cast_in(motion)
        electors = records.in_roll_order(motion.electors.select_related("seat__power"), motion.drawn_id)
        given = {
            vote.names.get(each.seat_id) or called(each.seat.power): cast[each.seat_id].value
            for each in electors
            if each.seat_id in cast
        }
        # Some databases keep the names of an object in an order of their own.
        told["choices"], told["roll"] = given, list(given)
    return told
