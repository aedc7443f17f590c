"""What the outcome of a vote does, by the kind of the motion.

`hold` takes every lock that `carry_out` will need, in the house's one order, before the motion's own.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max

from diplomacy import records_votes as records
from diplomacy.actions import compliance, minutes
from diplomacy.actions.adopting import adopt_amendment
from diplomacy.actions.sittings import closed, suspended
from diplomacy.actions.under_lock import locked
from diplomacy.models import (
    Complaint,
    Conference,
    ConferenceStage,
    Hearing,
    MinuteKind,
    Motion,
    PointRuling,
    Resolution,
    Speech,
)
from diplomacy.records_motions import LIVE_STAGES
from diplomacy.rules.procedure import (
    DECIDED_STAGES,
    ComplaintStage,
    Feature,
    Finding,
    MotionKind,
    MotionStage,
    decision_for,
)
from diplomacy.rules.tally import Outcome
from khitomer.actions import chronicle
from khitomer.models import Campaign, User

_UNDECIDED = (Outcome.TIED, Outcome.NO_QUORUM)


def hold(motion: Motion) -> None:
    """Lock what the outcome of this motion may write to, all but the motion's own row, which comes next."""
    chronicle.lock(motion.conference.campaign)
    Conference.objects.select_for_update(no_key=True).get(pk=motion.conference_id)
    parent = motion.parent
    complaint = motion.complaint or (parent.complaint if parent else None)
    if complaint:
        locked(complaint)
    if parent:
        Motion.objects.select_for_update(of=("self",)).get(pk=parent.pk)


def carry_out(*, motion: Motion, outcome: Outcome, by: User, now: datetime) -> None:
    """Do what a closed vote has decided. The motion's own stage and tally are written before; see `hold` for locks.

    A tie waits for its second step and a vote without a quorum was no vote: neither has consequences.
    """
    if outcome not in _UNDECIDED:
        _CONSEQUENCES[MotionKind(motion.kind)](motion, outcome, by, now)


def fall_with(parent: Motion, reason: str, *, kinds: Iterable[MotionKind] = ()) -> None:
    """Take from before the conference what belongs to a motion that is settled, or only those kinds of it."""
    rows = parent.subsidiary.filter(stage__in=[each.value for each in LIVE_STAGES])
    if kinds:
        rows = rows.filter(kind__in=[each.value for each in kinds])
    rows.update(stage=MotionStage.WITHDRAWN.value, reason=reason)


# The main motions


def _main(motion: Motion, outcome: Outcome, by: User, now: datetime) -> None:
    _decide(motion, outcome, now)
    if outcome is Outcome.ADOPTED:
        _adopt(motion, now)


def _decide(motion: Motion, outcome: Outcome, now: datetime) -> None:
    """What the vote on a finding decides of its complaint, unless that has ended otherwise meanwhile."""
    decision = decision_for(Finding(motion.finding), outcome)
    if decision is None or motion.complaint_id is None:
        return
    complaint = Complaint.objects.get(pk=motion.complaint_id)
    if complaint.stage in records.VOTABLE:
        complaint.stage = decision.value
        complaint.save(update_fields=["stage"])
        _note(motion, MinuteKind.DECIDED, now, complaint=complaint, stage=decision.value)
    motion.complaint = complaint


def _adopt(motion: Motion, now: datetime) -> None:
    """The resolution, with the campaign's next number; adopted again after a reconsideration, it keeps its own."""
    campaign = Campaign.objects.get(pk=motion.conference.campaign_id)
    found = Resolution.objects.filter(motion=motion).first()
    if found:
        found.title, found.adopted_on, found.adopted_at = motion.title, campaign.today, now
        found.save(update_fields=["title", "adopted_on", "adopted_at"])
        motion.resolution = found
        return
    last = campaign.resolutions.aggregate(last=Max("number"))["last"] or 0
    motion.resolution = Resolution.objects.create(
        campaign=campaign,
        number=last + 1,
        motion=motion,
        title=motion.title,
        adopted_on=campaign.today,
        adopted_at=now,
    )


def _countermeasures(motion: Motion, outcome: Outcome, by: User, now: datetime) -> None:
    if outcome is Outcome.ADOPTED:
        _adopt(motion, now)
        compliance.authorised(motion=motion, by=by, now=now)


# The text


def _amendment(motion: Motion, outcome: Outcome, by: User, now: datetime) -> None:
    if outcome is Outcome.ADOPTED:
        adopt_amendment(motion, now)
        _reject_if_nothing_is_left(motion.parent, now)


def _division(motion: Motion, outcome: Outcome, by: User, now: datetime) -> None:
    """A clause that was put apart and not adopted is no longer in the text (GA rule 89)."""
    if outcome is Outcome.ADOPTED or motion.clause is None:
        return
    motion.clause.fallen_by = motion
    motion.clause.save(update_fields=["fallen_by"])
    _note(motion, MinuteKind.AMENDED, now, what="clause fell", clause=motion.clause.position)
    _reject_if_nothing_is_left(motion.parent, now)


def _reject_if_nothing_is_left(parent: Motion | None, now: datetime) -> None:
    """When every operative clause has fallen, the whole is rejected (GA rule 89)."""
    if parent is None or parent.clauses.filter(kind="operative", fallen_by=None).exists():
        return
    parent = _afresh(parent)
    parent.stage, parent.outcome = MotionStage.REJECTED.value, Outcome.REJECTED.value
    parent.reason = "Rejected as a whole: none of its operative clauses is left."
    parent.save(update_fields=["stage", "outcome", "reason"])
    fall_with(parent, f"Motion {parent.number} was rejected as a whole.")
    _note(
        parent, MinuteKind.VOTE_CLOSED, now, what="nothing left", outcome=parent.outcome, reason=parent.reason
    )
    _decide(parent, Outcome.REJECTED, now)


# The sitting and the debate


def _suspend(motion: Motion, outcome: Outcome, by: User, now: datetime) -> None:
    if outcome is Outcome.ADOPTED:
        _leave(motion, ConferenceStage.SUSPENDED, now)


def _adjourn(motion: Motion, outcome: Outcome, by: User, now: datetime) -> None:
    if outcome is Outcome.ADOPTED:
        _leave(motion, ConferenceStage.CLOSED, now)


def _leave(motion: Motion, stage: ConferenceStage, now: datetime) -> None:
    conference = motion.conference
    if conference.stage != ConferenceStage.OPEN:
        return
    step = closed if stage is ConferenceStage.CLOSED else suspended
    step(conference, now, motion=motion)


def _adjourn_debate(motion: Motion, outcome: Outcome, by: User, now: datetime) -> None:
    if outcome is Outcome.ADOPTED:
        _leave_debate(motion, MotionStage.ADJOURNED, now)


def _close_debate(motion: Motion, outcome: Outcome, by: User, now: datetime) -> None:
    if outcome is Outcome.ADOPTED:
        _leave_debate(motion, MotionStage.CLOSED, now)


def _leave_debate(motion: Motion, stage: MotionStage, now: datetime) -> None:
    parent = _afresh(motion.parent)
    if parent.stage != MotionStage.DEBATE:
        return
    parent.stage = stage.value
    parent.save(update_fields=["stage"])
    moot = f"The debate on motion {parent.number} is {stage}."
    fall_with(parent, moot, kinds=(MotionKind.ADJOURN_DEBATE, MotionKind.CLOSE_DEBATE))
    _note(parent, MinuteKind.DEBATE, now, what=stage.value)


# Rulings, and votes taken again


def _appeal(motion: Motion, outcome: Outcome, by: User, now: datetime) -> None:
    """The conference overrules its chair by a simple majority (GA rule 71); a tie leaves the ruling standing."""
    if outcome is not Outcome.ADOPTED:
        return
    if motion.parent:
        parent = _afresh(motion.parent)
        if parent.stage == MotionStage.RULED_OUT:
            floor = Feature.FLOOR in motion.conference.charter.knows
            parent.stage = (MotionStage.IN_ORDER if floor else MotionStage.SUBMITTED).value
            parent.save(update_fields=["stage"])
            _note(parent, MinuteKind.RULED, now, what="overruled on appeal", by_motion=motion.number)
    elif motion.point:
        _turn_point(motion, motion.point, now)
    elif motion.complaint:
        _turn_admission(motion, Complaint.objects.get(pk=motion.complaint.pk), now)


def _turn_point(motion: Motion, point: Speech, now: datetime) -> None:
    """The point of order stands where the chair had it fall, and the other way round. The conference is held."""
    sustained = point.ruling == PointRuling.SUSTAINED
    point.ruling = PointRuling.NOT_SUSTAINED if sustained else PointRuling.SUSTAINED
    point.reason = f"Overruled on appeal, motion {motion.number}."
    point.save(update_fields=["ruling", "reason"])
    _note(
        motion,
        MinuteKind.RULED,
        now,
        power=point.seat.power,
        what="overruled on appeal",
        about=point.about,
        point=str(point.ruling),
        by_motion=motion.number,
    )


def _turn_admission(motion: Motion, complaint: Complaint, now: datetime) -> None:
    admitted = {
        ComplaintStage.ADMITTED: False,
        ComplaintStage.SCHEDULED: False,
        ComplaintStage.INADMISSIBLE: True,
    }.get(ComplaintStage(complaint.stage))
    if admitted is None:  # it has gone on meanwhile, and the ruling is no longer what holds it
        return
    complaint.stage = (ComplaintStage.ADMITTED if admitted else ComplaintStage.INADMISSIBLE).value
    complaint.save(update_fields=["stage"])
    if not admitted:
        Hearing.objects.filter(complaint=complaint).delete()
    ruling = getattr(complaint, "admission", None)
    if ruling:
        ruling.admitted, ruling.overrules = admitted, True
        ruling.reason = f"Overruled on appeal, motion {motion.number} of {motion.conference}."[:500]
        ruling.save(update_fields=["admitted", "overrules", "reason"])
    motion.complaint = complaint
    _note(
        motion, MinuteKind.RULED, now, complaint=complaint, what="overruled on appeal", stage=complaint.stage
    )


def _reconsider(motion: Motion, outcome: Outcome, by: User, now: datetime) -> None:
    """Two thirds take a vote up again (GA rule 81): the motion is debated anew, and its finding is open."""
    if outcome is not Outcome.ADOPTED:
        return
    parent = _afresh(motion.parent)
    floor = Feature.FLOOR in motion.conference.charter.knows
    parent.stage = (MotionStage.DEBATE if floor else MotionStage.SUBMITTED).value
    parent.rule = parent.opened_at = parent.closed_at = None
    parent.outcome = parent.reason = parent.casting = ""
    parent.yes = parent.no = parent.abstain = parent.not_voting = None
    parent.vetoed_by = []
    parent.save()
    rows: tuple[Any, ...] = (parent.ballots, parent.electors, parent.voters, parent.box)
    for earlier in rows:
        earlier.all().delete()
    _note(parent, MinuteKind.DEBATE, now, what="reconsidered", by_motion=motion.number)
    complaint = parent.complaint
    if complaint and parent.finding and complaint.stage in DECIDED_STAGES:
        complaint.stage = ComplaintStage.HEARD.value
        complaint.save(update_fields=["stage"])


def _afresh(motion: Motion | None) -> Motion:
    """A motion that is held, read again."""
    if motion is None:
        raise ValueError("This motion belongs to another, which is not there.")
    rows = Motion.objects.select_related("conference__campaign", "conference__charter", "complaint")
    return rows.get(pk=motion.pk)


def _note(
    motion: Motion, kind: MinuteKind, now: datetime, complaint: Complaint | None = None, **data: Any
) -> None:
    minutes.note(
        conference=motion.conference,
        kind=kind,
        now=now,
        motion=motion,
        complaint=complaint or motion.complaint,
        number=motion.number,
        **data,
    )


_Consequence = Callable[[Motion, Outcome, User, datetime], None]

_CONSEQUENCES: dict[MotionKind, _Consequence] = {
    MotionKind.SUBSTANTIVE: _main,
    MotionKind.COUNTERMEASURES: _countermeasures,
    MotionKind.AMENDMENT: _amendment,
    MotionKind.CLAUSE: _division,
    MotionKind.APPEAL: _appeal,
    MotionKind.RECONSIDER: _reconsider,
    MotionKind.SUSPEND: _suspend,
    MotionKind.ADJOURN: _adjourn,
    MotionKind.ADJOURN_DEBATE: _adjourn_debate,
    MotionKind.CLOSE_DEBATE: _close_debate,
}
