"""A complaint being written, with its exhibits: its delegation's alone until it is filed."""

import uuid
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from diplomacy import records
from diplomacy.actions.sealing import check_unquoted
from diplomacy.actions.under_lock import locked, take
from diplomacy.models import Citation, Complaint, Exhibit, ExhibitKind, Joinder, JoinderRole
from diplomacy.rules.procedure import ComplaintStep
from khitomer import imaging, markup
from khitomer.actions import chronicle
from khitomer.errors import Refused
from khitomer.models import Campaign, Power, Provision, User
from khitomer.rules.dates import Answer, StoryDate

MOST_EXHIBITS = 26
"""One for each letter, A to Z."""

DRAFT_FIELDS = ("respondent", "others", "provisions", "act_on", "place", "title", "asks_for", "statement")
"""What a delegation writes in a draft."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# The draft ----------------------------------------------------------------------------------------------------------


def draft_complaint(
    *, campaign: Campaign, power: Power, by: User, now: datetime, token: uuid.UUID | None = None
) -> Complaint:
    """A new draft of that power, in the name of which `by` may speak.

    `token` names the form that asked for it: sent twice, the form makes one draft. `Refused` (on `power`) for anyone
    but the power's delegates, or the chair where no player sits for it.
    """
    with transaction.atomic():
        held = chronicle.lock(campaign)
        if power.campaign_id != held.pk or not records.voice(held, by).speaks_for(records.called(power)):
            raise Refused(
                f"Only its own delegation files in the name of {records.called(power)}",
                field="power",
                allowed="The GM does so for a power that no player sits for",
            )
        found = held.complaints.filter(token=token, complainant=power).first() if token else None
        if found:
            return found
        if token is None or Complaint.objects.filter(token=token).exists():
            token = uuid.uuid4()
        return Complaint.objects.create(campaign=held, complainant=power, drafted_by=by, token=token)


def save_draft(*, complaint: Complaint, by: User, **fields: Any) -> Complaint:
    """Write some of `DRAFT_FIELDS` into a draft, all of those given or none.

    `provisions` are the provisions cited and `others` the powers complained of beside `respondent`, each as a whole;
    `respondent` and `act_on` may be None. `Refused`, on the field, for a power that complains of itself or is named
    twice, a provision without a forum, and a text that is too long; `Refused` as well once the complaint is filed,
    because a filed statement is never edited.
    """
    unknown = fields.keys() - set(DRAFT_FIELDS)
    if unknown:
        raise TypeError(f"A draft has no field {', '.join(sorted(unknown))}.")
    with transaction.atomic():
        draft = locked(complaint)
        take(draft, ComplaintStep.EDIT, by)
        provisions = fields.pop("provisions", None)
        if provisions is not None:
            _cite(draft, list(provisions))
        others = fields.pop("others", None)
        if "respondent" in fields:
            check_respondent(draft, fields["respondent"])
        for name in ("respondent", "act_on"):
            if draft.filed_on and fields.get(name, draft) is None:
                raise Refused(f"A complaint that was filed keeps {records.WANTED[name]}", field=name)
        check_unquoted(draft.complainant, [each for each in fields.items() if isinstance(each[1], str)])
        for name, value in fields.items():
            setattr(draft, name, _checked_text(name, value) if isinstance(value, str) else value)
        if "statement" in fields:
            draft.statement_html = markup.render(draft.statement, field="statement")
        draft.save()
        if others is not None:
            _name_others(draft, list(others))
        elif "respondent" in fields:
            _name_others(draft, [power for power in others_of(draft) if power != draft.respondent])
    return draft


def others_of(draft: Complaint) -> list[Power]:
    """The respondents beside the first one, who may not have been named yet."""
    return draft.respondents[1:] if draft.respondent else draft.respondents


def _name_others(draft: Complaint, others: Collection[Power]) -> None:
    """Let these be the respondents beside the first one. A third party that is named is none any longer."""
    check_others(draft, draft.respondent, others)
    beside = draft.joinders.filter(role=JoinderRole.RESPONDENT)
    beside.exclude(power__in=others).delete()
    if draft.respondent:
        draft.joinders.filter(power=draft.respondent).delete()
    for power in others:
        Joinder.objects.update_or_create(
            complaint=draft, power=power, defaults={"role": JoinderRole.RESPONDENT, "interest": ""}
        )


def check_others(draft: Complaint, first: Power | None, others: Collection[Power]) -> None:
    """`Refused` on `others` for the complainant itself, for the first respondent once more, and for strangers."""
    for power in others:
        if power.pk == draft.complainant_id:
            raise Refused("A power cannot complain of itself", field="others")
        if first and power.pk == first.pk:
            raise Refused(f"{power.name} is named already", field="others")
        if power.campaign_id != draft.campaign_id:
            raise Refused("That power is not of this campaign", field="others")


def obstacles(draft: Complaint, today: StoryDate) -> list[Refused]:
    """What keeps a draft from being filed today, each on its own field: what it lacks, then what cannot be.

    The page shows them while the draft is written, and filing refuses the first.
    """
    found = [
        Refused(f"The complaint still needs {words}", field=field)
        for field, words in records.missing(draft).items()
    ]
    checks: list[Callable[[], None]] = [
        lambda: check_respondent(draft, draft.respondent),
        lambda: check_others(draft, draft.respondent, others_of(draft)),
        lambda: check_act(draft.act_on, today),
        *(partial(check_provision, draft, each) for each in draft.provisions.select_related("treaty")),
    ]
    for check in checks:
        try:
            check()
        except Refused as refused:
            found.append(refused)
    return found


def check_act(act: StoryDate | None, today: StoryDate) -> None:
    """An act cannot be charged before its day has come; where the dates leave it open, it may have."""
    if act is not None and today.before(act) is Answer.YES:
        raise Refused(
            f"The act cannot be later than the filing, and today is {today.words()}", field="act_on"
        )


def discard_draft(*, complaint: Complaint, by: User) -> None:
    """Throw a draft away, with its exhibits. One that was filed stays, to be withdrawn instead."""
    with transaction.atomic():
        draft = locked(complaint)
        take(draft, ComplaintStep.DISCARD, by)
        for exhibit in draft.exhibits.all():
            _drop_file(exhibit)
        draft.delete()


def check_respondent(draft: Complaint, respondent: Power | None) -> None:
    if respondent is None:
        return
    if respondent.pk == draft.complainant_id:
        raise Refused("A power cannot complain of itself", field="respondent")
    if respondent.campaign_id != draft.campaign_id:
        raise Refused("That power is not of this campaign", field="respondent")


def _cite(draft: Complaint, provisions: Collection[Provision]) -> None:
    for provision in provisions:
        check_provision(draft, provision)
    draft.citations.exclude(provision__in=provisions).delete()
    for provision in provisions:
        Citation.objects.get_or_create(complaint=draft, provision=provision)


def check_provision(draft: Complaint, provision: Provision) -> None:
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
    limit: int | None = getattr(Complaint._meta.get_field(name), "max_length", None)
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
        draft = locked(complaint)
        take(draft, ComplaintStep.EDIT, by)
        check_unquoted(draft.complainant, [("title", title)])
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
            exhibit.file.delete(save=False)
            raise
    return exhibit


def remove_exhibit(*, exhibit: Exhibit, by: User) -> None:
    """Take an exhibit out of a draft; those after it move up a letter. Gone already: nothing to do."""
    with transaction.atomic():
        draft = locked(exhibit.complaint)
        take(draft, ComplaintStep.EDIT, by)
        gone = draft.exhibits.filter(pk=exhibit.pk).first()
        if gone is None:
            return
        _drop_file(gone)
        gone.delete()
        for later in draft.exhibits.filter(letter__gt=gone.letter):
            later.letter = _LETTERS[_LETTERS.index(later.letter) - 1]
            later.save(update_fields=["letter"])


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


def _drop_file(exhibit: Exhibit) -> None:
    """Delete the file once the row is gone for good, and not before."""
    storage, name = exhibit.file.storage, exhibit.file.name
    transaction.on_commit(lambda: storage.delete(name) if name else None)
