"""What every step of a vote does first: hold the motion's row, and ask whether this person and this seat may.

`ballots` opens, casts and closes; `hands` and `secret_ballots` take ballots in other ways. All of them ask here.
"""

from datetime import datetime
from typing import Any

from django.urls import reverse

from diplomacy import records_votes as records
from diplomacy.actions import minutes
from diplomacy.models import Elector, MinuteKind, Motion, Seat
from diplomacy.records import called
from diplomacy.rules.procedure import MotionStage, MotionStep
from diplomacy.rules.procedure import motion_step as step_of
from diplomacy.rules.tally import Choice, Status
from khitomer.actions import activity
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Membership, Power, User


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


def lock_to_cast(motion: Motion) -> Motion:
    """The motion's row alone, held: a ballot waits for the ballot before it, and for nothing else."""
    return _lock(motion, "conference__campaign")


def _lock(motion: Motion, *related: str) -> Motion:
    rows = Motion.objects.select_related(*related).select_for_update(of=("self",))
    try:
        return rows.get(pk=motion.pk)
    except Motion.DoesNotExist:
        raise Refused("This draft has been thrown away") from None


def demand(name: MotionStep, motion: Motion, by: User, *, reason: str = "") -> bool:
    """Whether the step is an overrule; `Refused` with the procedure's reason unless this person may take it now."""
    actor = records.actor_at(motion.conference, member_of(motion, by))
    step = step_of(name, records.motion_state(motion), actor)
    if not step.allowed:
        raise Refused(step.reason)
    if step.needs_reason and not reason.strip():
        raise Refused(step.reason, field="reason", allowed="Give the reason in a sentence")
    return step.overrule


def elector_of(motion: Motion, seat: Seat) -> Elector:
    """The seat in this vote, with its power and its delegate as they are now."""
    electors = motion.electors.select_related("seat__power")
    elector = electors.filter(seat=seat).first()
    if elector is not None:
        return elector
    if motion.opened_at is None:
        raise Refused("The vote has not been opened yet")
    raise Refused("This seat had no place in the vote when it opened")


def check_voice(seat: Seat, member: Membership | None) -> None:
    """`Refused` unless this member is the seat's own voice."""
    if records.is_voice_of(member, seat):
        return
    if records.is_chair(member):
        raise Refused(
            f"{called(seat.power)} has a delegate, and nobody casts another's ballot",
            allowed="Take the delegate off the seat to vote for it yourself",
        )
    raise Refused(f"You do not speak for {called(seat.power)}: a ballot is cast by the seat's own delegate")


def check_not_closed(motion: Motion, *, earlier: bool) -> None:
    """`Refused` after the close; `earlier` says whether the seat had cast a ballot, which then stands."""
    if motion.stage != MotionStage.VOTING:
        closed = f"at {motion.closed_at:%H:%M}" if motion.closed_at else "before"
        stands = "your earlier ballot stands" if earlier else "no more ballots are taken"
        raise Refused(f"The vote closed {closed}; {stands}")


def check_open(motion: Motion, elector: Elector, *, earlier: bool) -> None:
    """`Refused` after the close, and for a seat that has no vote in it."""
    check_not_closed(motion, earlier=earlier)
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


def check_abstention(motion: Motion, choice: Choice) -> None:
    """`Refused` for an abstention where the charter takes none: on procedure every seat says yes or no."""
    if choice is Choice.ABSTAIN and records.frozen_vote(motion).no_abstention:
        raise Refused(
            "Under this charter nobody abstains on a procedural motion",
            field="choice",
            allowed="Say yes or no",
        )


def checked_choice(choice: str) -> Choice:
    """The `Choice` of this name; `Refused` on `choice` for any other."""
    try:
        return Choice(choice)
    except ValueError:
        raise Refused("A ballot says yes, no or abstain", field="choice") from None


def member_of(motion: Motion, by: User) -> Membership | None:
    """Who this is in the motion's campaign, or None."""
    return motion.conference.campaign.memberships.filter(user=by).first()


def tell_voted(motion: Motion, power: Power, now: datetime) -> None:
    """That a seat has voted, for all to hear; what it cast, and whose hand it was, is said nowhere."""
    tell(ActivityKind.VOTED, motion, now, power=power)


def tell(
    kind: ActivityKind,
    motion: Motion,
    now: datetime,
    power: Power | None = None,
    by: User | None = None,
) -> None:
    conference = motion.conference
    activity.record(
        campaign=conference.campaign,
        kind=kind,
        now=now,
        number=motion.number,
        power=power,
        by=by,
        path=reverse(
            "motion",
            kwargs={
                "campaign": conference.campaign.slug,
                "conference": conference.slug,
                "number": motion.number,
            },
        ),
    )


def note(kind: MinuteKind, motion: Motion, now: datetime, **data: Any) -> None:
    minutes.note(
        conference=motion.conference,
        kind=kind,
        now=now,
        motion=motion,
        complaint=motion.complaint,
        number=motion.number,
        title=motion.title,
        **data,
    )
