"""A complaint from its filing to its place on an agenda; the draft before it is in `drafts.py`, and told here as well.

Each action asks `rules.procedure` again under its lock: the page that offered the step may be minutes old.
Locks are taken in the house's one order (docs/architecture.md, Locks).
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import product

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from diplomacy import records
from diplomacy.actions.drafts import (
    add_exhibit,
    discard_draft,
    draft_complaint,
    obstacles,
    remove_exhibit,
    save_draft,
)
from diplomacy.actions.under_lock import checked_reason, locked, take
from diplomacy.models import Admission, Complaint, Conference, ConferenceStage, Hearing, Ruling
from diplomacy.rules.procedure import ComplaintStage, ComplaintStep, MotionStage
from khitomer.actions import activity, chronicle
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Campaign, Power, User
from khitomer.rules.dates import StoryDate

__all__ = [
    "add_exhibit",
    "admit",
    "discard_draft",
    "draft_complaint",
    "file_complaint",
    "remove_exhibit",
    "return_complaint",
    "rule",
    "save_draft",
    "schedule",
    "withdraw",
]

_UNFILED = (ComplaintStage.DRAFT, ComplaintStage.RETURNED)

# Filing and ruling --------------------------------------------------------------------------------------------------


def file_complaint(*, complaint: Complaint, by: User, now: datetime) -> Complaint:
    """Put a draft on the docket: its number, the day of filing, and a ruling on each provision, in one transaction.

    A complaint that was returned keeps its number. Filing twice is filing once: the second asks and gets the first's
    answer. `Refused`, on the field, for what is missing or cannot be, such as an act after the day of filing.
    """
    with transaction.atomic():
        campaign = chronicle.lock(complaint.campaign)  # numbers run without a gap: one filing at a time
        draft = locked(complaint)
        _check_voice(draft, campaign, by)
        if draft.stage not in _UNFILED:
            return draft
        _check_whole(draft, campaign.today)
        take(draft, ComplaintStep.FILE, by)
        draft.number = draft.number or _next_number(campaign)
        draft.stage = ComplaintStage.RULING.value  # the quick charter: no parley, straight to the ruling
        draft.filed_on, draft.filed_at, draft.filed_by = campaign.today, now, by
        draft.returned_because = ""
        draft.save()
        _compute(draft, now)
        _record(draft, ActivityKind.FILED, now, power=draft.complainant)
    return draft


def rule(*, complaint: Complaint, now: datetime) -> Complaint:
    """Compute the ruling again, on the record as it now stands. Only before the chair has decided: then it is kept."""
    with transaction.atomic():
        row = locked(complaint)
        if row.stage != ComplaintStage.RULING:
            raise Refused(f"The ruling was settled when the chair decided; the complaint is {row.stage} now")
        before = _verdicts(row)
        _compute(row, now)
        if _verdicts(row) != before:
            _record(row, ActivityKind.RULED, now)
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
        if not admitted:
            _leave_agenda(row)
        _move(row, ComplaintStage.ADMITTED if admitted else ComplaintStage.INADMISSIBLE)
        _record(row, ActivityKind.RULED, now)
    return row


def return_complaint(*, complaint: Complaint, reason: str, by: User, now: datetime) -> Complaint:
    """Give a complaint with a formal defect back to its delegation, which may amend it and file it again."""
    with transaction.atomic():
        row = locked(complaint)
        take(row, ComplaintStep.RETURN, by, reason=reason)
        row.returned_because = checked_reason(reason)
        Ruling.objects.filter(citation__complaint=row).delete()  # it ruled on what may now be amended
        _move(row, ComplaintStage.RETURNED)
        # What was told of it led to its page, which is its delegation's alone again.
        row.campaign.activity.filter(path=_path(row)).update(path="")
        _record(row, ActivityKind.RETURNED, now, power=row.complainant, powers=[row.complainant])
    return row


def withdraw(*, complaint: Complaint, by: User, now: datetime) -> Complaint:
    """The complainant takes its complaint back, at any time before a decision, but not while a vote on it is open."""
    with transaction.atomic():
        row = locked(complaint)
        step = take(row, ComplaintStep.WITHDRAW, by, reason="overrule")
        if step.overrule:
            raise Refused(
                f"Only {records.called(row.complainant)} withdraws this complaint",
                allowed="The chair may find it inadmissible",
            )
        if row.motions.filter(stage=MotionStage.VOTING).exists():
            raise Refused("A vote on this complaint is open", allowed="Withdraw it once the vote has closed")
        _leave_agenda(row)
        _move(row, ComplaintStage.WITHDRAWN)
        _record(row, ActivityKind.WITHDRAWN, now, power=row.complainant)
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
        _move(row, ComplaintStage.SCHEDULED)
        _record(row, ActivityKind.SCHEDULED, now)
    return hearing


# Under the lock -----------------------------------------------------------------------------------------------------


def _check_voice(draft: Complaint, campaign: Campaign, by: User) -> None:
    complainant = records.called(draft.complainant)
    if not records.voice(campaign, by).speaks_for(complainant):
        raise Refused(f"Only its own delegation files in the name of {complainant}")


def _check_whole(draft: Complaint, today: StoryDate) -> None:
    for refused in obstacles(draft, today):
        raise refused


def _next_number(campaign: Campaign) -> int:
    return (campaign.complaints.aggregate(last=Max("number"))["last"] or 0) + 1


def _compute(row: Complaint, now: datetime) -> None:
    """Rule on each provision cited against each respondent, and keep each ruling with its grounds."""
    if row.respondent is None or row.act_on is None or row.filed_on is None:
        raise ValueError("Only a filed complaint is ruled on.")
    citations = list(row.citations.select_related("provision__treaty"))
    provisions = [citation.provision for citation in citations]
    record = records.draw(row.parties, provisions, [])
    for citation, respondent in product(citations, row.respondents):
        found = records.weigh(
            record,
            citation.provision,
            complainant=row.complainant,
            respondent=respondent,
            act=row.act_on,
            filed=row.filed_on,
        )
        Ruling.objects.update_or_create(
            citation=citation,
            respondent=respondent,
            defaults={
                "verdict": found.verdict.value,
                "grounds": [
                    {"question": ground.question, "answer": ground.answer.value, "because": ground.because}
                    for ground in found.grounds
                ],
                "computed_at": now,
            },
        )


def _verdicts(row: Complaint) -> list[str]:
    return list(
        Ruling.objects.filter(citation__complaint=row).order_by("pk").values_list("verdict", flat=True)
    )


def _leave_agenda(row: Complaint) -> None:
    """A complaint that will not be heard leaves the agenda; what was heard stays on record."""
    hearing = records.hearing_of(row)
    if hearing and hearing.opened_at is None:
        hearing.delete()


def _move(row: Complaint, stage: ComplaintStage) -> None:
    row.stage = stage.value
    row.save()


def _record(
    row: Complaint,
    kind: ActivityKind,
    now: datetime,
    *,
    power: Power | None = None,
    powers: Iterable[Power] | None = None,
) -> None:
    activity.record(
        campaign=row.campaign,
        kind=kind,
        now=now,
        number=row.number,
        power=power,
        path=_path(row),
        powers=powers,
    )


def _path(row: Complaint) -> str:
    return reverse("complaint", kwargs={"campaign": row.campaign.slug, "number": row.number})
