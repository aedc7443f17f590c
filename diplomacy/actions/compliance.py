"""What comes after a breach: obligations reported, accepted or disputed, the chair's review, and countermeasures.

Every step holds the campaign, then the complaint, then what belongs to it, and asks the procedure again under these
locks. A complaint whose last obligation is met is complied with, and countermeasures lift with it (DSU art. 22.8).
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from diplomacy import records
from diplomacy.actions import in_force, minutes
from diplomacy.actions.sealing import check_unquoted
from diplomacy.actions.under_lock import checked_reason, locked, take
from diplomacy.models import Complaint, MinuteKind, Motion, Obligation, ObligationState, Resolution
from diplomacy.models.resolutions import ObligationQuerySet
from diplomacy.records_compliance import (
    UNDER_REVIEW,
    countermeasures_stand,
    obligation_state,
    owed_to,
)
from diplomacy.rules.compliance import ObligationStep, obligation_step
from diplomacy.rules.procedure import (
    UNVOTED_STAGES,
    ComplaintStage,
    ComplaintStep,
    MotionKind,
    MotionStage,
    complaint_step,
)
from khitomer import markup
from khitomer.actions import activity, chronicle
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Campaign, Power, User

LIFTED = "Lifted on compliance"
"""The reason that the ledger keeps beside the inverses of countermeasures."""


# One obligation -------------------------------------------------------------------------------------------------------


def report(*, obligation: Obligation, text: str, by: User, now: datetime) -> Obligation:
    """The owner says what it has done, in at most 500 letters; a report may be given again after a dispute.

    The same report sent twice is given once. `Refused` on `text` without one, and for anyone but the owner's voice.
    """
    said = text.strip()
    markup.check_length(said, limit=500, field="text")
    with transaction.atomic():
        held = _hold(obligation)
        row = held.obligation
        if row.state == ObligationState.REPORTED and row.report == said:
            return row
        _demand(ObligationStep.REPORT, held, by)
        if not said:
            raise Refused("Say what was done", field="text")
        check_unquoted(row.power, [("text", said)])
        row.report, row.reported_on = said, held.campaign.today
        _put(row, ObligationState.REPORTED)
        _tell(ActivityKind.REPORTED, held, now, power=row.power, by=by)
    return row


def accept(*, obligation: Obligation, by: User, now: datetime) -> Obligation:
    """The other side accepts that an obligation is met. Met already, it stays as it is."""
    with transaction.atomic():
        held = _hold(obligation)
        if held.obligation.state == ObligationState.MET:
            return held.obligation
        _demand(ObligationStep.ACCEPT, held, by)
        _meet(held, by, now)
    return held.obligation


def dispute(*, obligation: Obligation, reason: str, by: User, now: datetime) -> Obligation:
    """The other side disputes what was reported, or that anything was done by its day (DSU art. 21.5).

    With it the complaint is disputed, and waits for the chair's review.
    """
    with transaction.atomic():
        held = _hold(obligation)
        row = held.obligation
        if row.state == ObligationState.DISPUTED and row.review == reason.strip():
            return row
        _demand(ObligationStep.DISPUTE, held, by, reason=reason)
        row.review = checked_reason(reason)
        check_unquoted(owed_to(row)[0], [("reason", row.review)])
        _put(row, ObligationState.DISPUTED)
        complaint = held.complaint
        if complaint and complaint.stage == ComplaintStage.COMPLIANCE:
            _move(complaint, ComplaintStage.DISPUTED)
        _tell(ActivityKind.DISPUTED, held, now, power=owed_to(row)[0], by=by)
    return row


def find(*, obligation: Obligation, met: bool, reason: str = "", by: User, now: datetime) -> Obligation:
    """The chair finds an obligation met, or not met. At a quick table no reason is needed to find it met.

    Found before, it stays as it is; void, it is `Refused`. A disputed complaint goes by what is found of its last
    disputed obligation: not met, the respondent has not complied; met, compliance goes on.
    """
    wanted = ObligationState.MET if met else ObligationState.UNMET
    with transaction.atomic():
        held = _hold(obligation)
        row = held.obligation
        if row.state == wanted:
            return row
        _demand(ObligationStep.FIND_MET if met else ObligationStep.FIND_UNMET, held, by, reason=reason)
        row.review = checked_reason(reason) or row.review
        if met:
            _meet(held, by, now)
        else:
            _put(row, ObligationState.UNMET)
            if held.complaint and held.complaint.stage == ComplaintStage.DISPUTED:
                _move(held.complaint, ComplaintStage.NON_COMPLIANT)
            _tell(ActivityKind.REVIEWED if held.complaint else ActivityKind.STATE, held, now, by=by)
    return row


# The complaint as a whole ---------------------------------------------------------------------------------------------


def oversee(resolution: Resolution, by: User) -> None:
    """A breach that obliges someone to do something goes on to compliance by itself, when that takes effect.

    Call it under the locks of `in_force.hold`, after the obligations were laid.
    """
    complaint = resolution.motion.complaint
    if complaint is None or not _owed(complaint).outstanding().exists():
        return
    step = complaint_step(
        ComplaintStep.OVERSEE, records.complaint_state(complaint), records.voice(complaint.campaign, by)
    )
    if step.allowed:
        _move(complaint, ComplaintStage.COMPLIANCE)


def accept_compliance(*, complaint: Complaint, reason: str = "", by: User, now: datetime) -> Complaint:
    """The complainant accepts that the respondent has complied: all that is still owed counts as met.

    Complied with already, it stays as it is. The chair may accept in its stead, with a reason: an overrule.
    """
    with transaction.atomic():
        row = _hold_complaint(complaint)
        if row.stage == ComplaintStage.COMPLIED:
            return row
        _take(row, ComplaintStep.ACCEPT, by, reason=reason, now=now)
        _meet_all(row, checked_reason(reason))
        _comply(row, by, now)
    return row


def review(*, complaint: Complaint, complied: bool, reason: str, by: User, now: datetime) -> Complaint:
    """The chair's review of a disputed complaint, with its reason (DSU art. 21.5).

    Complied: all that is still owed counts as met. Otherwise what was disputed counts as not met.
    """
    target = ComplaintStage.COMPLIED if complied else ComplaintStage.NON_COMPLIANT
    with transaction.atomic():
        row = _hold_complaint(complaint)
        if row.stage == target:
            return row
        name = ComplaintStep.FIND_COMPLIED if complied else ComplaintStep.FIND_NON_COMPLIANT
        _take(row, name, by, reason=reason, now=now)
        given = checked_reason(reason)
        if complied:
            _meet_all(row, given)
            _comply(row, by, now)
        else:
            disputed = _owed(row).filter(state=ObligationState.DISPUTED).values_list("pk", flat=True)
            Obligation.objects.filter(pk__in=list(disputed)).update(state=ObligationState.UNMET, review=given)
            _move(row, ComplaintStage.NON_COMPLIANT)
            _record(row, ActivityKind.REVIEWED, now, by=by)
    return row


def lift(*, complaint: Complaint, reason: str, by: User, now: datetime) -> Complaint:
    """The chair lifts countermeasures, with its reason; what is still owed counts as met. Lifted already, it stays."""
    with transaction.atomic():
        row = _hold_complaint(complaint)
        if row.stage == ComplaintStage.COMPLIED:
            return row
        _take(row, ComplaintStep.LIFT, by, reason=reason, now=now)
        _meet_all(row, checked_reason(reason))
        _comply(row, by, now)
    return row


# Countermeasures ------------------------------------------------------------------------------------------------------


def authorised(*, motion: Motion, by: User, now: datetime) -> None:
    """Countermeasures were authorised: the complaint is met with them until it is complied with.

    Call it under the locks of the vote's close. A complaint that was complied with meanwhile stays so, and what was
    authorised is never enacted.
    """
    if motion.complaint_id is None:
        raise ValueError("Countermeasures answer a complaint.")
    complaint = Complaint.objects.select_related("campaign").get(pk=motion.complaint_id)
    if complaint.stage == ComplaintStage.NON_COMPLIANT:
        _move(complaint, ComplaintStage.COUNTERMEASURES)
        _record(complaint, ActivityKind.AUTHORISED, now, by=by)
    motion.complaint = complaint


def check_enactable(resolution: Resolution) -> None:
    """`Refused` when a resolution authorises countermeasures that have nothing left to answer."""
    complaint = resolution.motion.complaint
    if resolution.motion.kind != MotionKind.COUNTERMEASURES or complaint is None:
        return
    if resolution.lifted_at is not None or complaint.stage != ComplaintStage.COUNTERMEASURES:
        raise Refused(
            f"Complaint No. {complaint.number} stands at “{complaint.stage}”, so these countermeasures have ended"
        )


def after_taking_back(resolution: Resolution) -> None:
    """What an undo or a repeal means for the complaint, under the same locks.

    Countermeasures that no longer stand leave the respondent non-compliant; a breach that obliges nobody any more is
    a breach again. `Refused` while countermeasures answer to what would be taken back.
    """
    complaint = resolution.motion.complaint
    if complaint is None or complaint.stage not in UNDER_REVIEW:
        return
    if resolution.motion.kind == MotionKind.COUNTERMEASURES:
        if complaint.stage == ComplaintStage.COUNTERMEASURES and not countermeasures_stand(
            complaint, but=resolution
        ):
            _move(complaint, ComplaintStage.NON_COMPLIANT)
        return
    if _owed(complaint).exists():
        return
    if complaint.stage == ComplaintStage.COUNTERMEASURES:
        raise Refused(
            f"Countermeasures on complaint No. {complaint.number} answer to this resolution",
            allowed="Lift them, or undo theirs, first",
        )
    _move(complaint, ComplaintStage.BREACH)


# Under the lock -------------------------------------------------------------------------------------------------------


@dataclass
class _Held:
    """An obligation with the campaign and the complaint it belongs to, all held."""

    campaign: Campaign
    complaint: Complaint | None
    obligation: Obligation


def _hold(obligation: Obligation) -> _Held:
    """Campaign, complaint, the resolution that laid it, the obligation: in the house's order, read afresh."""
    source = Obligation.objects.with_source().get(pk=obligation.pk)
    stands_on = source.complaint or source.resolution.motion.conference  # type: ignore[union-attr]
    campaign = chronicle.lock(stands_on.campaign)
    complaint = locked(source.complaint) if source.complaint else None
    if source.resolution_id:
        in_force.hold(campaign, [source.resolution_id])
    rows = Obligation.objects.with_source().select_for_update(of=("self",))
    row = rows.get(pk=obligation.pk)
    if complaint is not None:
        complaint.campaign = campaign
        if row.offer:
            row.offer.complaint = complaint
        elif row.resolution:
            row.resolution.motion.complaint = complaint
    return _Held(campaign, complaint, row)


def _hold_complaint(complaint: Complaint) -> Complaint:
    campaign = chronicle.lock(complaint.campaign)
    row = locked(complaint)
    row.campaign = campaign
    return row


def _demand(name: ObligationStep, held: _Held, by: User, *, reason: str = "") -> None:
    """`Refused` in the procedure's words unless this person may take this step now."""
    state = obligation_state(held.obligation, today=held.campaign.today)
    step = obligation_step(name, state, records.voice(held.campaign, by))
    if not step.allowed:
        raise Refused(step.reason)
    if step.needs_reason and not reason.strip():
        raise Refused("This needs a reason", field="reason", allowed="Give it in a sentence")


def _take(row: Complaint, name: ComplaintStep, by: User, *, reason: str, now: datetime) -> None:
    """The step, and its overrule on record where it is one."""
    step = take(row, name, by, reason=reason)
    if step.overrule:
        hearing = records.hearing_of(row)
        minutes.overrule(
            campaign=row.campaign,
            step=name.value,
            reason=checked_reason(reason),
            by=by,
            now=now,
            complaint=row,
            conference=hearing.conference if hearing else None,
        )


def _owed(complaint: Complaint) -> ObligationQuerySet:
    return Obligation.objects.of_compliance_with(complaint)


def _meet(held: _Held, by: User, now: datetime) -> None:
    """Met on the story's today; with the last one the complaint is complied with."""
    row, complaint = held.obligation, held.complaint
    row.met_on = held.campaign.today
    _put(row, ObligationState.MET)
    if complaint is not None and complaint.stage in UNDER_REVIEW:
        left = set(_owed(complaint).outstanding().values_list("state", flat=True))
        if not left:
            _comply(complaint, by, now)
            return
        if complaint.stage == ComplaintStage.DISPUTED and ObligationState.DISPUTED not in left:
            _move(complaint, ComplaintStage.COMPLIANCE)
    _tell(ActivityKind.REVIEWED if complaint else ActivityKind.STATE, held, now, by=by)


def _meet_all(complaint: Complaint, reason: str) -> None:
    for row in _owed(complaint).outstanding():
        row.review, row.met_on = reason or row.review, complaint.campaign.today
        _put(row, ObligationState.MET)


def _put(row: Obligation, state: ObligationState) -> None:
    row.state = state
    row.save(update_fields=["state", "met_on", "report", "reported_on", "review"])


def _comply(complaint: Complaint, by: User, now: datetime) -> None:
    """The complaint is complied with, and what was authorised against it ends in the same stroke."""
    _lift_all(complaint, by, now)
    _move(complaint, ComplaintStage.COMPLIED)
    _record(complaint, ActivityKind.COMPLIED, now, by=by)


def _lift_all(complaint: Complaint, by: User, now: datetime) -> None:
    """Take back every countermeasure that is in force, and see that none of the others ever comes into it."""
    asked = complaint.motions.filter(kind=MotionKind.COUNTERMEASURES.value)
    waiting = [stage.value for stage in UNVOTED_STAGES]
    asked.filter(stage__in=waiting).update(
        stage=MotionStage.WITHDRAWN.value, chair_reason="The complaint was complied with."
    )
    pks = Resolution.objects.filter(motion__in=asked, lifted_at=None, undone_at=None).values_list(
        "pk", flat=True
    )
    found = list(in_force.hold(complaint.campaign, list(pks)).values())
    # The latest first, as they would be undone by hand.
    for each in sorted(found, key=lambda resolution: -resolution.number):
        if each.enacted_at is not None:
            in_force.take_back(each, why=LIFTED, by=by, now=now)
            in_force.note(MinuteKind.UNDONE, each, now, reason=LIFTED)
        each.lifted_at = now
        each.save(update_fields=["undone_at", "lifted_at"])
    if found:
        _record(complaint, ActivityKind.LIFTED, now, by=by)


def _move(complaint: Complaint, stage: ComplaintStage) -> None:
    complaint.stage = stage.value
    complaint.save(update_fields=["stage"])


def _tell(kind: ActivityKind, held: _Held, now: datetime, *, power: Power | None = None, by: User) -> None:
    row = held.obligation
    slug = held.campaign.slug
    if row.resolution:
        path = reverse("resolution", args=[slug, row.resolution.number])
    else:
        path = _path(held.complaint) if held.complaint else ""
    activity.record(
        campaign=held.campaign,
        kind=kind,
        now=now,
        number=held.complaint.number if held.complaint else None,
        power=power,
        by=by,
        path=path,
    )


def _record(complaint: Complaint, kind: ActivityKind, now: datetime, *, by: User) -> None:
    row, path = complaint, _path(complaint)
    activity.record(campaign=row.campaign, kind=kind, now=now, number=row.number, by=by, path=path)


def _path(complaint: Complaint) -> str:
    return reverse("complaint", kwargs={"campaign": complaint.campaign.slug, "number": complaint.number})
