"""What is settled when a vote opens and stays so: the rule, the seats, the way of voting, the first on the roll."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from diplomacy import records_votes as records
from diplomacy.actions import minutes
from diplomacy.models import Elector, Motion, Seat
from diplomacy.records import called
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import PROCEDURAL_KINDS, MotionStep
from diplomacy.rules.tally import Status
from khitomer.errors import Refused
from khitomer.models import User


def freeze(motion: Motion) -> None:
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
        no_abstention=motion.kind in PROCEDURAL_KINDS and not motion.conference.charter.procedural_abstention,
    ).to_json()


def freeze_again(motion: Motion) -> None:
    first = records.frozen_vote(motion)
    counted: Mapping[str, int] = {
        "yes": motion.yes or 0,
        "no": motion.no or 0,
        "abstain": motion.abstain or 0,
    }
    motion.rule = records.FrozenVote(
        rule=first.rule,
        names=first.names,
        second_vote=True,
        earlier=counted,
        no_abstention=first.no_abstention,
    ).to_json()


def check_heard(motion: Motion) -> None:
    """A finding is for the hearing's end: the parties are heard before the conference says who is right."""
    why_not = records.not_votable(motion)
    if why_not:
        raise Refused(why_not)


def checked_mode(mode: str) -> str:
    if mode and mode not in list(Mode):
        raise Refused("A vote is open, by roll call, by show of hands or secret", field="mode")
    return mode


def check_mode(motion: Motion, electors: list[Elector]) -> None:
    if motion.mode != Mode.SECRET:
        return
    why_not = records.why_not_secret(records.frozen_vote(motion).rule, electors)
    if why_not:
        raise Refused(why_not, field="mode", allowed="Choose another way to vote")


def drawn(electors: list[Elector]) -> Seat:
    """The seat with which the roll begins, by lot among those that may vote."""
    return secrets.choice([each.seat for each in electors if records.may_vote(each)])


def drawn_in_words(motion: Motion) -> dict[str, str]:
    return {"drawn": called(motion.drawn.power)} if motion.drawn else {}


def set_down_overrule(motion: Motion, step: MotionStep, reason: str, by: User, now: datetime) -> None:
    minutes.overrule(
        campaign=motion.conference.campaign,
        step=step.value,
        reason=reason.strip()[:500],
        by=by,
        now=now,
        motion=motion,
        conference=motion.conference,
    )
