"""A complaint from its filing to its place on an agenda; the draft before it is in `drafts.py`, and told here as well.

Each action asks `rules.procedure` again under its lock: the page that offered the step may be minutes old.
Locks are taken in the house's one order (docs/architecture.md, Locks).
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from diplomacy import records
from diplomacy.actions.drafts import (
    add_exhibit,
    discard_draft,
    draft_complaint,
    obstacles,
    remove_exhibit,
    save_draft,
)
from diplomacy.actions.rulings import compute, verdicts
from diplomacy.actions.stages import docket, join, object_to, refer, supplement, take_up
from diplomacy.actions.under_lock import (
    checked_reason,
    keep_overrule,
    locked,
    move,
    next_number,
    path_of,
    speaks,
    take,
    tell,
)
from diplomacy.models import Admission, Complaint, Conference, ConferenceStage, Hearing, Ruling
from diplomacy.rules.procedure import ComplaintStage, ComplaintStep, Feature, MotionStage
from khitomer.actions import chronicle
from khitomer.errors import Refused
from khitomer.models import ActivityKind, User
from khitomer.rules.dates import StoryDate

__all__ = [
    "add_exhibit",
    "admit",
    "discard_draft",
    "docket",
    "draft_complaint",
    "file_complaint",
    "join",
    "object_to",
    "refer",
    "remove_exhibit",
    "return_complaint",
    "rule",
    "save_draft",
    "schedule",
    "supplement",
    "take_up",
    "withdraw",
]

_UNFILED = (ComplaintStage.DRAFT, ComplaintStage.RETURNED)

# Filing and ruling --------------------------------------------------------------------------------------------------


def file_complaint(*, complaint: Complaint, by: User, now: datetime) -> Complaint:
    """File a draft: it has its day, and is never edited again.

    Without a parley it goes on the docket at once, with its number and a ruling on each provision, in one transaction.
    With one it waits for the chair to docket it, seen by its delegation and the chair alone. A complaint that was
    returned keeps its number if it has one. Filing twice is filing once: the second asks and gets the first's answer.
    `Refused`, on the field, for what is missing or cannot be, such as an act after the day of filing.
    """
    with transaction.atomic():
        campaign = chronicle.lock(complaint.campaign)  # numbers run without a gap: one filing at a time
        draft = locked(complaint)
        if not speaks(by, draft, draft.complainant):
            raise Refused(f"Only its own delegation files in the name of {records.called(draft.complainant)}")
        if draft.stage not in _UNFILED:
            return draft
        _check_whole(draft, campaign.today)
        take(draft, ComplaintStep.FILE, by)
        draft.filed_on, draft.filed_at, draft.filed_by = campaign.today, now, by
        draft.returned_because = ""
        if Feature.PARLEY in records.charter_of(draft).features:
            move(draft, ComplaintStage.FILED)
            own = draft.complainant  # nobody else knows of it yet
            tell(draft, ActivityKind.FILED, now, power=own, powers=[own], by=by)
        else:
            draft.number = draft.number or next_number(campaign)
            move(draft, ComplaintStage.RULING)
            compute(draft, now)
            tell(draft, ActivityKind.FILED, now, power=draft.complainant, by=by)
    return draft


def rule(*, complaint: Complaint, now: datetime) -> Complaint:
    """Compute the ruling again, on the record as it now stands. Only before the chair has decided: then it is kept."""
    with transaction.atomic():
        row = locked(complaint)
        if row.stage != ComplaintStage.RULING:
            raise Refused(f"The ruling was settled when the chair decided; the complaint is {row.stage} now")
        before = verdicts(row)
        compute(row, now)
        if verdicts(row) != before:
            tell(row, ActivityKind.RULED, now)
    return row


def admit(*, complaint: Complaint, admitted: bool, reason: str, by: User, now: datetime) -> Complaint:
    """The chair admits the complaint to a hearing, or finds it inadmissible.

    A ruling in doubt needs a reason either way (`Refused` on `reason`). Going against a clear ruling, or coming back
    to what was decided, is an overrule: it needs a reason, too, and is kept as one.
    """
    with transaction.atomic():
        row = locked(complaint)
        name = ComplaintStep.ADMIT if admitted else ComplaintStep.DECLINE
        step = take(row, name, by, reason=reason)
        given = checked_reason(reason)
        Admission.objects.update_or_create(
            complaint=row,
            defaults={
                "admitted": admitted,
                "overrules": step.overrule,
                "reason": given,
                "by": by,
                "at": now,
                "on": row.campaign.today,
            },
        )
        keep_overrule(row, step, reason, by, now)
        if not admitted:
            _leave_agenda(row)
        move(row, ComplaintStage.ADMITTED if admitted else ComplaintStage.INADMISSIBLE)
        tell(row, ActivityKind.RULED, now, by=by)
    return row


def return_complaint(*, complaint: Complaint, reason: str, by: User, now: datetime) -> Complaint:
    """Give a complaint with a formal defect back to its delegation, which may amend it and file it again.

    What was not docketed yet has no number to keep. `Refused` on `reason` when none is given.
    """
    with transaction.atomic():
        row = locked(complaint)
        take(row, ComplaintStep.RETURN, by, reason=reason)
        row.returned_because = checked_reason(reason)
        Ruling.objects.filter(citation__complaint=row).delete()  # it ruled on what may now be amended
        move(row, ComplaintStage.RETURNED)
        # What was told of it led to its page, which is its delegation's alone again.
        if row.number is not None:
            row.campaign.activity.filter(path=path_of(row)).update(path="")
        tell(row, ActivityKind.RETURNED, now, power=row.complainant, powers=[row.complainant], by=by)
    return row


def withdraw(*, complaint: Complaint, by: User, now: datetime, reason: str = "") -> Complaint:
    """The complainant takes its complaint back, at any time before a decision, but not while a vote on it is open.

    The chair may do it in its stead, as an overrule, with a reason (`Refused` on `reason`).
    """
    with transaction.atomic():
        row = locked(complaint)
        step = take(row, ComplaintStep.WITHDRAW, by, reason=reason)
        if row.motions.filter(stage=MotionStage.VOTING).exists():
            raise Refused("A vote on this complaint is open", allowed="Withdraw it once the vote has closed")
        keep_overrule(row, step, reason, by, now)
        _leave_agenda(row)
        move(row, ComplaintStage.WITHDRAWN)
        if step.overrule:
            tell(row, ActivityKind.TAKEN_BACK, now, by=by)
        else:
            tell(row, ActivityKind.WITHDRAWN, now, power=row.complainant, by=by)
    return row


def schedule(*, complaint: Complaint, conference: Conference, by: User, now: datetime) -> Hearing:
    """Put an admitted complaint last on the agenda of a conference of a treaty that it cites. Twice is once."""
    with transaction.atomic():
        meeting = Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
        row = locked(complaint)
        held = records.hearing_of(row)
        if held and held.conference_id == meeting.pk:
            return held
        take(row, ComplaintStep.SCHEDULE, by)
        if meeting.campaign_id != row.campaign_id or meeting.stage == ConferenceStage.CLOSED:
            raise Refused("That conference takes no more complaints", field="conference")
        if not row.citations.filter(provision__treaty=meeting.treaty_id).exists():
            raise Refused(
                f"{meeting} sits under the {meeting.treaty}, which the complaint does not cite",
                field="conference",
            )
        last = meeting.hearings.aggregate(last=Max("position"))["last"] or 0
        hearing = Hearing.objects.create(conference=meeting, complaint=row, position=last + 1)
        move(row, ComplaintStage.SCHEDULED)
        tell(row, ActivityKind.SCHEDULED, now, by=by)
    return hearing


# Under the lock -----------------------------------------------------------------------------------------------------


def _check_whole(draft: Complaint, today: StoryDate) -> None:
    for refused in obstacles(draft, today):
        raise refused


def _leave_agenda(row: Complaint) -> None:
    """A complaint that will not be heard leaves the agenda; what was heard stays on record."""
    hearing = records.hearing_of(row)
    if hearing and hearing.opened_at is None:
        hearing.delete()
