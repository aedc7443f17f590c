"""The vote: opening it, casting, closing it, and the chair's casting vote.

Every step decides under the lock of the motion's row. A ballot and the close therefore never cross:
what is cast before the close is counted, and what comes after it is refused.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from diplomacy import records_votes as records
from diplomacy.actions.consequences import carry_out, hold
from diplomacy.actions.motions import number_publicly
from diplomacy.actions.sittings import set_floor
from diplomacy.actions.under_lock import locked
from diplomacy.models import Ballot, Conference, Elector, Motion, Seat
from diplomacy.records import called
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import MotionStage, MotionStep, stage_for
from diplomacy.rules.procedure import motion_step as step_of
from diplomacy.rules.tally import Choice, Status, Tally
from khitomer.actions import activity
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Membership, Power, User


def open_vote(*, motion: Motion, by: User, now: datetime, mode: str = "") -> Motion:
    """Put a motion to the vote: freeze the rule and the electorate (PROCEDURE, voting).

    `mode` is a `Mode`, or empty to keep the motion's own. After a tie that calls for a second vote (GA rule
    95) the same seats vote again under the same rule. `Refused` with the procedure's reason.
    """
    with transaction.atomic():
        # The conference first: a sitting that closes at this moment either finds the vote open or keeps it shut.
        Conference.objects.select_for_update(no_key=True).get(pk=motion.conference_id)
        if motion.complaint:  # nor is its complaint withdrawn while the vote on it opens
            locked(motion.complaint)
        motion = lock_motion(motion)
        again = motion.stage == MotionStage.TIED
        _demand(MotionStep.SECOND_VOTE if again else MotionStep.OPEN_VOTE, motion, by)
        if again:
            _freeze_second(motion)
        else:
            _check_heard(motion)
            number_publicly(motion)  # the chair's own draft comes before the conference with its vote
            _freeze(motion)
        motion.ballots.all().delete()
        motion.mode = _mode(mode) or motion.mode
        motion.stage = MotionStage.VOTING.value
        motion.opened_at, motion.closed_at = now, None
        motion.casting = motion.outcome = motion.reason = ""
        motion.yes = motion.no = motion.abstain = motion.not_voting = None
        motion.vetoed_by = []
        motion.save()
        set_floor(conference=motion.conference, motion=motion)
        _tell(ActivityKind.VOTE_OPENED, motion, now)
    return motion


def cast(*, motion: Motion, seat: Seat, choice: str, by: User, now: datetime) -> Ballot:
    """Cast a seat's ballot, or replace it while the vote is open.

    `choice` is a `Choice`. `Refused` for a seat that is not one's own, one that has no vote, and after the close.
    """
    given = _choice(choice)
    with transaction.atomic():
        motion = _lock(motion, "conference__campaign")
        elector = _elector(motion, seat)
        _check_voice(elector.seat, _member(motion, by))
        found = motion.ballots.filter(seat=seat).first()
        _check_open(motion, elector, found)
        if found:
            _check_own(motion, found, by)
            found.choice, found.by, found.at = given.value, by, now
            found.save(update_fields=["choice", "by", "at"])
            return found
        ballot = Ballot.objects.create(motion=motion, seat=seat, choice=given.value, by=by, at=now)
        # Who has voted is no secret, and told once; that a mind was changed is nobody's business.
        _tell(ActivityKind.VOTED, motion, now, power=elector.seat.power)
    return ballot


def cast_for_empty(*, motion: Motion, choice: str, by: User, now: datetime) -> list[Ballot]:
    """The chair gives one choice for every seat without a delegate that may vote and has not: a ballot each.

    `choice` is a `Choice`. What was cast before stands, so that pressing twice casts once. `Refused` for anyone but
    the chair, and after the close.
    """
    with transaction.atomic():
        motion = _lock(motion, "conference__campaign")
        if not records.is_chair(_member(motion, by)):
            raise Refused("The chair votes for the seats without a delegate")
        if motion.opened_at is None:
            raise Refused("The vote has not been opened yet")
        _check_not_closed(motion, earlier=None)
        voted = motion.ballots.values("seat")
        empty = motion.electors.filter(seat__delegate=None).exclude(seat__in=voted).select_related("seat")
        seats = [elector.seat for elector in empty if records.may_vote(elector)]
        return [cast(motion=motion, seat=seat, choice=choice, by=by, now=now) for seat in seats]


def close(*, motion: Motion, by: User, now: datetime) -> Motion:
    """Close the vote, count it and draw what follows. Closed already, it is returned as it stands: one close counts."""
    with transaction.atomic():
        motion = _lock_to_settle(motion)
        if not records.is_chair(_member(motion, by)):
            raise Refused("The chair closes a vote")
        if motion.closed_at is None:
            _demand(MotionStep.CLOSE_VOTE, motion, by)
            _settle(motion, records.count(motion), by=by, now=now)
            _tell(ActivityKind.VOTE_CLOSED, motion, now)
    return motion


def casting(*, motion: Motion, choice: str, by: User, now: datetime) -> Motion:
    """The chair's casting vote after a tie (ICJ Statute art. 55(2)); to abstain leaves the motion rejected."""
    given = _choice(choice)
    with transaction.atomic():
        motion = _lock_to_settle(motion)
        _demand(MotionStep.CASTING_VOTE, motion, by)
        motion.casting = given.value
        _settle(motion, records.count(motion, casting=given), by=by, now=now)
        _tell(ActivityKind.VOTE_CLOSED, motion, now)
    return motion


def lock_motion(motion: Motion) -> Motion:
    """The motion read afresh with what the procedure asks for, its row held until the transaction ends."""
    return _lock(
        motion,
        "conference__campaign",
        "conference__charter",
        "complaint",
        "parent__complaint",
        "sponsor__power",
        "resolution",
    )


def _lock_to_settle(motion: Motion) -> Motion:
    """The motion, after what its outcome will write to: the house's one order of locks, campaign first."""
    hold(motion)
    return lock_motion(motion)


def _lock(motion: Motion, *related: str) -> Motion:
    rows = Motion.objects.select_related(*related).select_for_update(of=("self",))
    try:
        return rows.get(pk=motion.pk)
    except Motion.DoesNotExist:
        raise Refused("This draft has been thrown away") from None


# Opening


def _freeze(motion: Motion) -> None:
    """Copy the charter's rule and the seats as they are now: nothing done to them later touches this vote."""
    motion.electors.all().delete()  # those of a vote that was void
    seats = list(motion.conference.seats.select_related("power"))
    electors = [
        Elector(
            motion=motion,
            seat=seat,
            weight=seat.weight,
            veto=seat.veto,
            present=seat.present,
            status=records.status_of(seat, motion).value,
        )
        for seat in seats
    ]
    if not any(records.may_vote(elector) for elector in electors):
        here = [elector for elector in electors if elector.present and elector.status != Status.OBSERVER]
        raise Refused(
            "No seat present may vote on this motion" + (": each is a party, and recused" if here else ""),
            allowed="Seat a third power, or put the motion without a finding"
            if here
            else "Call the roll at the conference first",
        )
    Elector.objects.bulk_create(electors)
    motion.rule = records.FrozenVote(
        rule=records.rule_of(motion.conference.charter, motion),
        names={seat.pk: called(seat.power) for seat in seats},
    ).to_json()


def _freeze_second(motion: Motion) -> None:
    first = records.frozen_vote(motion)
    counted: Mapping[str, int] = {
        "yes": motion.yes or 0,
        "no": motion.no or 0,
        "abstain": motion.abstain or 0,
    }
    motion.rule = records.FrozenVote(
        rule=first.rule, names=first.names, second_vote=True, earlier=counted
    ).to_json()


def _check_heard(motion: Motion) -> None:
    """A finding is for the hearing's end: the parties are heard before the conference says who is right."""
    why_not = records.not_votable(motion)
    if why_not:
        raise Refused(why_not)


def _mode(mode: str) -> str:
    if mode and mode not in list(Mode):
        raise Refused("A vote is by roll call or open", field="mode")
    return mode


# Casting


def _elector(motion: Motion, seat: Seat) -> Elector:
    """The seat in this vote, with its power and its delegate as they are now."""
    electors = motion.electors.select_related("seat__power")
    elector = electors.filter(seat=seat).first()
    if elector is not None:
        return elector
    if motion.opened_at is None:
        raise Refused("The vote has not been opened yet")
    raise Refused("This seat had no place in the vote when it opened")


def _check_voice(seat: Seat, member: Membership | None) -> None:
    if records.is_voice_of(member, seat):
        return
    if records.is_chair(member):
        raise Refused(
            f"{called(seat.power)} has a delegate, and nobody casts another's ballot",
            allowed="Take the delegate off the seat to vote for it yourself",
        )
    raise Refused(f"You do not speak for {called(seat.power)}: a ballot is cast by the seat's own delegate")


def _check_not_closed(motion: Motion, earlier: Ballot | None) -> None:
    if motion.stage != MotionStage.VOTING:
        closed = f"at {motion.closed_at:%H:%M}" if motion.closed_at else "before"
        stands = "your earlier ballot stands" if earlier else "no more ballots are taken"
        raise Refused(f"The vote closed {closed}; {stands}")


def _check_open(motion: Motion, elector: Elector, earlier: Ballot | None) -> None:
    _check_not_closed(motion, earlier)
    if elector.status == Status.RECUSED:
        raise Refused(
            f"{called(elector.seat.power)} is a party to the complaint, and recused from the vote on it"
        )
    if elector.status == Status.OBSERVER:
        raise Refused(f"{called(elector.seat.power)} observes this conference, and observers have no vote")
    if not elector.present:
        raise Refused(
            f"{called(elector.seat.power)} was not present when the vote opened, and cannot vote on it"
        )


def _check_own(motion: Motion, earlier: Ballot, by: User) -> None:
    """A ballot is replaced by whoever gave it, or by one chair for another; a seat may change hands."""
    chairs = motion.conference.campaign.memberships.gms().filter(user__in=(by, earlier.by_id))
    if earlier.by_id != by.pk and chairs.count() < 2:
        raise Refused("Whoever spoke for this seat before has cast its ballot, and it stands")


def _choice(choice: str) -> Choice:
    try:
        return Choice(choice)
    except ValueError:
        raise Refused("A ballot says yes, no or abstain", field="choice") from None


# Closing


def _settle(motion: Motion, tally: Tally, *, by: User, now: datetime) -> None:
    """Write the tally and what follows from it: the stage, the complaint's decision, the resolution."""
    motion.outcome, motion.reason = tally.outcome.value, tally.reason
    motion.yes, motion.no, motion.abstain = tally.yes, tally.no, tally.abstain
    motion.not_voting, motion.vetoed_by = tally.not_voting, list(tally.vetoed_by)
    motion.stage = stage_for(tally.outcome).value
    motion.closed_at = motion.closed_at or now
    motion.save()
    carry_out(motion=motion, outcome=tally.outcome, by=by, now=now)


# Both


def _member(motion: Motion, by: User) -> Membership | None:
    return motion.conference.campaign.memberships.filter(user=by).first()


def _demand(name: MotionStep, motion: Motion, by: User) -> None:
    """`Refused` with the procedure's own reason unless this person may take this step now."""
    actor = records.actor_at(motion.conference, _member(motion, by))
    step = step_of(name, records.motion_state(motion), actor)
    if not step.allowed:
        raise Refused(step.reason)


def _tell(kind: ActivityKind, motion: Motion, now: datetime, power: Power | None = None) -> None:
    conference = motion.conference
    activity.record(
        campaign=conference.campaign,
        kind=kind,
        now=now,
        number=motion.number,
        power=power,
        path=reverse(
            "motion",
            kwargs={
                "campaign": conference.campaign.slug,
                "conference": conference.slug,
                "number": motion.number,
            },
        ),
    )
