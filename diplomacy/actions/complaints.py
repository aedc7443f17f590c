"""A complaint from its first word to its place on an agenda.

Each action asks `rules.procedure` again under its lock: the page that offered the step may be minutes old.
Locks are taken in one order everywhere: the campaign, then the conference, then the complaint.
"""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from diplomacy import records
from diplomacy.models import (
    Admission,
    Citation,
    Complaint,
    Conference,
    ConferenceStage,
    Exhibit,
    ExhibitKind,
    Hearing,
    Ruling,
)
from diplomacy.rules.procedure import ComplaintStage, ComplaintStep, MotionStage, Step, complaint_step
from khitomer import imaging, markup
from khitomer.actions import activity, chronicle
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Campaign, Power, Provision, User
from khitomer.rules.dates import Answer, StoryDate

MOST_EXHIBITS = 26
"""One for each letter, A to Z."""

DRAFT_FIELDS = ("respondent", "provisions", "act_on", "place", "title", "asks_for", "statement")
"""What a delegation writes in a draft."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_UNFILED = (ComplaintStage.DRAFT, ComplaintStage.RETURNED)
_Taken = Step[ComplaintStep, ComplaintStage]

# The draft ----------------------------------------------------------------------------------------------------------


def draft_complaint(
    *, campaign: Campaign, power: Power, by: User, now: datetime, token: uuid.UUID | None = None
) -> Complaint:
    """A new draft of that power, in the name of which `by` may speak.

    `token` names the form that asked for it: sent twice, the form makes one draft. `Refused` (on `power`) for anyone
    but the power's delegates, or the chair where no player sits for it.
    """
    with transaction.atomic():
        locked = chronicle.lock(campaign)
        if power.campaign_id != locked.pk or not records.voice(locked, by).speaks_for(records.called(power)):
            raise Refused(
                f"Only its own delegation files in the name of {records.called(power)}",
                field="power",
                allowed="The GM does so for a power that no player sits for",
            )
        found = locked.complaints.filter(token=token, complainant=power).first() if token else None
        if found:
            return found
        taken = token is None or Complaint.objects.filter(token=token).exists()
        return Complaint.objects.create(
            campaign=locked, complainant=power, drafted_by=by, token=uuid.uuid4() if taken else token
        )


def save_draft(*, complaint: Complaint, by: User, **fields: Any) -> Complaint:
    """Write some of `DRAFT_FIELDS` into a draft, all of those given or none.

    `provisions` are the provisions cited, as a whole; `respondent` and `act_on` may be None. `Refused`, on the field,
    for a power that complains of itself, a provision without a forum, and a text that is too long; `Refused` as well
    once the complaint is filed, because a filed statement is never edited.
    """
    unknown = fields.keys() - set(DRAFT_FIELDS)
    if unknown:
        raise TypeError(f"A draft has no field {', '.join(sorted(unknown))}.")
    with transaction.atomic():
        draft = _locked(complaint)
        _take(draft, ComplaintStep.EDIT, by)
        provisions = fields.pop("provisions", None)
        if provisions is not None:
            _cite(draft, list(provisions))
        if "respondent" in fields:
            _check_respondent(draft, fields["respondent"])
        for name, value in fields.items():
            setattr(draft, name, _checked_text(name, value) if isinstance(value, str) else value)
        if "statement" in fields:
            draft.statement_html = markup.render(draft.statement, field="statement")
        draft.save()
    return draft


def discard_draft(*, complaint: Complaint, by: User) -> None:
    """Throw a draft away, with its exhibits. One that has a docket number stays, to be withdrawn instead."""
    with transaction.atomic():
        draft = _locked(complaint)
        _take(draft, ComplaintStep.DISCARD, by)
        for exhibit in draft.exhibits.all():
            _drop_file(exhibit)
        draft.delete()


def _check_respondent(draft: Complaint, respondent: Power | None) -> None:
    if respondent is None:
        return
    if respondent.pk == draft.complainant_id:
        raise Refused("A power cannot complain of itself", field="respondent")
    if respondent.campaign_id != draft.campaign_id:
        raise Refused("That power is not of this campaign", field="respondent")


def _cite(draft: Complaint, provisions: Collection[Provision]) -> None:
    for provision in provisions:
        _check_provision(draft, provision)
    draft.citations.exclude(provision__in=provisions).delete()
    for provision in provisions:
        Citation.objects.get_or_create(complaint=draft, provision=provision)


def _check_provision(draft: Complaint, provision: Provision) -> None:
    if provision.treaty.campaign_id != draft.campaign_id:
        raise Refused("That provision is not of this campaign", field="provisions")
    if not provision.treaty.has_forum:
        raise Refused(no_forum(provision), field="provisions")


def no_forum(provision: Provision) -> str:
    """Why this provision cannot be cited: nobody hears complaints under its treaty."""
    return (
        f"{provision.label} belongs to the {provision.treaty}, which has no forum: no conference hears complaints"
        " under it"
    )


def _checked_text(name: str, text: str) -> str:
    limit = Complaint._meta.get_field(name).max_length
    if limit:
        markup.check_length(text, limit=limit, field=name)
    return text


# Exhibits -----------------------------------------------------------------------------------------------------------


def add_exhibit(
    *, complaint: Complaint, title: str, data: bytes, name: str, by: User, now: datetime
) -> Exhibit:
    """Attach a picture or a PDF to a draft under the next letter. Of `name`, only its ending is looked at.

    Pictures are drawn anew, PDFs only checked; both are kept under random names. `Refused` (on `file`) for anything
    else and for a twenty-seventh, (on `title`) for a title that is missing or too long.
    """
    title = title.strip()
    if not title:
        raise Refused("The exhibit needs a title", field="title", allowed="Say what it shows in a few words")
    markup.check_length(title, limit=80, field="title")
    exhibit, content = _as_exhibit(data, name)
    with transaction.atomic():
        draft = _locked(complaint)
        _take(draft, ComplaintStep.EDIT, by)
        count = draft.exhibits.count()
        if count >= MOST_EXHIBITS:
            raise Refused(
                "The letters for exhibits end at Z", field="file", allowed="Remove one that matters less"
            )
        exhibit.complaint, exhibit.letter = draft, _LETTERS[count]
        exhibit.title, exhibit.added_at = title, now
        ending = "pdf" if exhibit.kind == ExhibitKind.PDF else "webp"
        exhibit.file.save(f"{uuid.uuid4().hex}.{ending}", ContentFile(content), save=False)
        try:
            exhibit.save()
        except BaseException:
            exhibit.file.storage.delete(exhibit.file.name)
            raise
    return exhibit


def remove_exhibit(*, complaint: Complaint, letter: str, by: User) -> None:
    """Take an exhibit out of a draft; those after it move up a letter. Gone already: nothing to do."""
    with transaction.atomic():
        draft = _locked(complaint)
        _take(draft, ComplaintStep.EDIT, by)
        for exhibit in draft.exhibits.filter(letter__gte=letter):
            if exhibit.letter == letter:
                _drop_file(exhibit)
                exhibit.delete()
            elif not draft.exhibits.filter(letter=_before(exhibit.letter)).exists():
                exhibit.letter = _before(exhibit.letter)
                exhibit.save(update_fields=["letter"])


def _as_exhibit(data: bytes, name: str) -> tuple[Exhibit, bytes]:
    """The row and the bytes to keep. A file that calls itself a PDF, by name or by its first bytes, is held to it."""
    try:
        if data[:64].lstrip().startswith(b"%PDF-") or name.lower().endswith(".pdf"):
            imaging.check_pdf(data)
            return Exhibit(kind=ExhibitKind.PDF), data
        picture = imaging.make_picture(data)
    except Refused as refused:
        raise Refused(refused.reason, field="file", allowed=refused.allowed) from refused
    return Exhibit(kind=ExhibitKind.PICTURE, width=picture.width, height=picture.height), picture.webp


def _before(letter: str) -> str:
    return _LETTERS[_LETTERS.index(letter) - 1]


def _drop_file(exhibit: Exhibit) -> None:
    """Delete the file once the row is gone for good, and not before."""
    storage, name = exhibit.file.storage, exhibit.file.name
    transaction.on_commit(lambda: storage.delete(name) if name else None)


# Filing and ruling --------------------------------------------------------------------------------------------------


def file_complaint(*, complaint: Complaint, by: User, now: datetime) -> Complaint:
    """Put a draft on the docket: its number, the day of filing, and a ruling on each provision, in one transaction.

    A complaint that was returned keeps its number. Filing twice is filing once: the second asks and gets the first's
    answer. `Refused`, on the field, for what is missing or cannot be, such as an act after the day of filing.
    """
    with transaction.atomic():
        campaign = chronicle.lock(complaint.campaign)  # numbers run without a gap: one filing at a time
        draft = _locked(complaint)
        _check_voice(draft, campaign, by)
        if draft.stage not in _UNFILED:
            return draft
        _check_whole(draft, campaign.today)
        _take(draft, ComplaintStep.FILE, by)
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
        row = _locked(complaint)
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
        row = _locked(complaint)
        name = ComplaintStep.ADMIT if admitted else ComplaintStep.DECLINE
        step = _take(row, name, by, reason=reason)
        given = _checked_reason(reason)
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
        row = _locked(complaint)
        _take(row, ComplaintStep.RETURN, by, reason=reason)
        row.returned_because = _checked_reason(reason)
        Ruling.objects.filter(citation__complaint=row).delete()  # it ruled on what may now be amended
        _move(row, ComplaintStage.RETURNED)
        _record(row, ActivityKind.RETURNED, now, power=row.complainant, powers=[row.complainant])
    return row


def withdraw(*, complaint: Complaint, by: User, now: datetime) -> Complaint:
    """The complainant takes its complaint back, at any time before a decision, but not while a vote on it is open."""
    with transaction.atomic():
        row = _locked(complaint)
        step = _take(row, ComplaintStep.WITHDRAW, by, reason="overrule")
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
        meeting = Conference.objects.select_for_update().get(pk=conference.pk)
        row = _locked(complaint)
        held = records.hearing_of(row)
        if held and held.conference_id == meeting.pk:
            return held
        _take(row, ComplaintStep.SCHEDULE, by)
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


def _locked(complaint: Complaint) -> Complaint:
    """The complaint's row, read afresh and held until the transaction ends."""
    try:
        return Complaint.objects.select_for_update().get(pk=complaint.pk)
    except Complaint.DoesNotExist:
        raise Refused("This draft has been discarded") from None


def _take(row: Complaint, name: ComplaintStep, by: User, *, reason: str = "") -> _Taken:
    """The step, if this person may take it now; `Refused` with the procedure's own words if not."""
    step = complaint_step(name, records.complaint_state(row), records.voice(row.campaign, by))
    if not step.allowed:
        raise Refused(step.reason)
    if step.needs_reason and not reason.strip():
        raise Refused(step.reason or "This needs a reason", field="reason", allowed="Give the reason in a sentence")
    return step


def _checked_reason(reason: str) -> str:
    markup.check_length(reason.strip(), limit=500, field="reason")
    return reason.strip()


def _check_voice(draft: Complaint, campaign: Campaign, by: User) -> None:
    complainant = records.called(draft.complainant)
    if not records.voice(campaign, by).speaks_for(complainant):
        raise Refused(f"Only its own delegation files in the name of {complainant}")


def _check_whole(draft: Complaint, today: StoryDate) -> None:
    """Everything a filing needs, each refused on its own field."""
    for field, words in records.missing(draft).items():
        raise Refused(f"The complaint still needs {words}", field=field)
    _check_respondent(draft, draft.respondent)
    for citation in draft.citations.select_related("provision__treaty"):
        _check_provision(draft, citation.provision)
    act = draft.act_on
    if act is not None and today.before(act) is Answer.YES:
        raise Refused(
            f"The act cannot be later than the filing, and today is {today.words()}", field="act_on"
        )


def _next_number(campaign: Campaign) -> int:
    return (campaign.complaints.aggregate(last=Max("number"))["last"] or 0) + 1


def _compute(row: Complaint, now: datetime) -> None:
    """Rule on each provision cited, and keep each ruling with its grounds."""
    if row.respondent is None or row.act_on is None or row.filed_on is None:
        raise ValueError("Only a filed complaint is ruled on.")
    citations = list(row.citations.select_related("provision__treaty"))
    provisions = [citation.provision for citation in citations]
    record = records.draw([row.complainant, row.respondent], provisions, [])
    for citation in citations:
        found = records.weigh(
            record,
            citation.provision,
            complainant=row.complainant,
            respondent=row.respondent,
            act=row.act_on,
            filed=row.filed_on,
        )
        Ruling.objects.update_or_create(
            citation=citation,
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
    return list(Ruling.objects.filter(citation__complaint=row).order_by("pk").values_list("verdict", flat=True))


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
    path = reverse("complaint", kwargs={"campaign": row.campaign.slug, "number": row.number})
    activity.record(
        campaign=row.campaign, kind=kind, now=now, number=row.number, power=power, path=path, powers=powers
    )
