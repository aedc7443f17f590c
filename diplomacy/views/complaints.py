"""Complaints: drafting and filing, the page of a complaint, what the chair does with it, and the summons."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from diplomacy import records
from diplomacy.access import actor_for, get_complaint_for
from diplomacy.actions import complaints as actions
from diplomacy.actions.under_lock import path_of
from diplomacy.forms.complaints import DraftForm, ExhibitForm, NewComplaintForm, ReasonForm, ScheduleForm
from diplomacy.models import Complaint, Exhibit, ExhibitKind
from diplomacy.rules.procedure import ComplaintStage
from diplomacy.views import complaint_pages as pages
from khitomer.access import Request, gm_required, member_required
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.htmx import redirect_to
from khitomer.sheets import answers

# Filing -----------------------------------------------------------------------------------------------------------


@member_required
def complaint_new(request: Request) -> HttpResponse:
    viewer = request.viewer
    if viewer.power is None and not viewer.is_gm:
        raise Http404
    initial = {"token": uuid.uuid4(), "power": viewer.power_id}
    form = NewComplaintForm(request.POST or None, viewer=viewer, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            complaint = actions.draft_complaint(
                campaign=viewer.campaign,
                power=form.cleaned_data["power"] or viewer.power,
                token=form.cleaned_data["token"],
                by=viewer.user,
                now=timezone.now(),
            )
            return redirect_to(request, "draft", campaign=viewer.campaign.slug, token=complaint.token)
        except Refused as refused:
            refuse(form, refused)
    status = 422 if form.errors else 200
    return render(request, "diplomacy/complaint-new.html", {"here": "docket", "form": form}, status=status)


# The draft ----------------------------------------------------------------------------------------------------------


def _own(request: Request, token: uuid.UUID) -> Complaint:
    """The complaint with this token, for those in whose name it is written, or the one 404."""
    complaint = readable(request, token)
    if not actor_for(request.viewer).speaks_for(records.called(complaint.complainant)):
        raise Http404
    return complaint


def readable(request: Request, token: uuid.UUID) -> Complaint:
    """The complaint with this token, for its delegation and, once it was filed, for the chair, or the one 404."""
    viewer = request.viewer
    complaint = get_object_or_404(viewer.campaign.complaints.visible_to(viewer).with_parties(), token=token)
    theirs = actor_for(viewer).speaks_for(records.called(complaint.complainant))
    if not theirs and not (viewer.is_gm and complaint.filed_on):
        raise Http404
    return complaint


def _is_filed(complaint: Complaint) -> bool:
    return complaint.stage not in (ComplaintStage.DRAFT, ComplaintStage.RETURNED)


def _to_the_docket(request: Request, complaint: Complaint) -> HttpResponse:
    if complaint.number is None:
        messages.info(request, "The complaint is filed, and waits for the chair to docket it.")
        return redirect_to(request, "draft", campaign=request.viewer.campaign.slug, token=complaint.token)
    messages.info(request, f"The complaint is on the docket as No. {complaint.number}.")
    return redirect_to(request, "complaint", campaign=request.viewer.campaign.slug, number=complaint.number)


def _draft_page(
    request: Request, complaint: Complaint, form: DraftForm, exhibit: ExhibitForm | None = None
) -> HttpResponse:
    context = {
        "here": "docket",
        "form": form,
        "exhibit_form": exhibit or ExhibitForm(),
        "exhibits": complaint.exhibits.all(),
        **pages.draft_state(complaint),
        "at_fault": bool(form.errors or (exhibit is not None and exhibit.errors)),
    }
    status = 422 if form.errors or (exhibit is not None and exhibit.errors) else 200
    return render(request, "diplomacy/draft.html", context, status=status)


def _keep(request: Request, complaint: Complaint, *, filing: bool = False) -> tuple[Complaint, DraftForm]:
    """Save what was typed and can be read; what cannot stands in the form with its error."""
    form = DraftForm(request.POST, complaint=complaint, filing=filing)
    kept = form.kept()
    try:
        complaint = actions.save_draft(complaint=complaint, by=request.viewer.user, **kept)
    except Refused as refused:
        refuse(form, refused)
    return complaint, form


def _attach(request: Request, complaint: Complaint, *, wanted: bool = False) -> ExhibitForm:
    """Add the exhibit that was sent along, if one was: whatever button was pressed, a chosen file is not lost.

    The form comes back empty, or with its errors. `wanted`: an exhibit must be there.
    """
    form = ExhibitForm(request.POST, request.FILES, empty_permitted=not wanted)
    if not form.is_valid():
        return form
    if form.has_changed():
        upload = form.cleaned_data["exhibit_file"]
        try:
            actions.add_exhibit(
                complaint=complaint,
                title=form.cleaned_data["exhibit_title"],
                data=upload.read(),
                name=upload.name,
                by=request.viewer.user,
                now=timezone.now(),
            )
        except Refused as refused:
            form.refuse(refused)
            return form
    return ExhibitForm()


@member_required
def draft(request: Request, token: uuid.UUID) -> HttpResponse:
    """The draft's page; posted to, it files. What is filed and has no number yet is read here."""
    complaint = readable(request, token)
    if _is_filed(complaint):
        if request.method == "POST" or complaint.number is not None:
            return _to_the_docket(request, complaint)
        return complaint_page(request, complaint)
    if not actor_for(request.viewer).speaks_for(records.called(complaint.complainant)):
        return complaint_page(request, complaint)  # the chair sees what it returned
    if request.method != "POST":
        return _draft_page(request, complaint, DraftForm.of(complaint))
    complaint, form = _keep(request, complaint, filing=True)
    exhibit = _attach(request, complaint)
    if not form.errors and not exhibit.errors:
        try:
            filed = actions.file_complaint(complaint=complaint, by=request.viewer.user, now=timezone.now())
            return _to_the_docket(request, filed)
        except Refused as refused:
            refuse(form, refused)
    return _draft_page(request, complaint, form, exhibit)


@member_required
@require_POST
def draft_save(request: Request, token: uuid.UUID) -> HttpResponse:
    complaint = _own(request, token)
    if _is_filed(complaint):
        if request.htmx:
            return render(request, "diplomacy/draft.html#filed", {"complaint": complaint})
        return _to_the_docket(request, complaint)
    complaint, form = _keep(request, complaint)
    if request.htmx:
        # 200 even where a field could not be read: the rest was saved, and the part says what was not.
        context = {"form": form, "saved_at": timezone.now(), **pages.draft_state(complaint)}
        return render(request, "diplomacy/draft.html#kept", context)
    exhibit = _attach(request, complaint)
    if form.errors or exhibit.errors:
        return _draft_page(request, complaint, form, exhibit)
    messages.success(request, "The draft is saved.")
    return redirect_to(request, "draft", campaign=request.viewer.campaign.slug, token=token)


@member_required
@require_POST
def draft_discard(request: Request, token: uuid.UUID) -> HttpResponse:
    complaint = _own(request, token)
    actions.discard_draft(complaint=complaint, by=request.viewer.user)
    messages.success(request, "The draft is discarded.")
    return redirect_to(request, "docket", campaign=request.viewer.campaign.slug)


@member_required
@require_POST
def exhibit_add(request: Request, token: uuid.UUID) -> HttpResponse:
    complaint = _own(request, token)
    if _is_filed(complaint):
        return _to_the_docket(request, complaint)
    complaint, form = _keep(request, complaint)
    exhibit = _attach(request, complaint, wanted=True)
    if form.errors or exhibit.errors:
        return _draft_page(request, complaint, form, exhibit)
    return _back_to_exhibits(request, token)


@member_required
@require_POST
def exhibit_remove(request: Request, token: uuid.UUID, letter: str) -> HttpResponse:
    """The letter says where it stands now; the button also says which exhibit it was drawn for.

    Pressed twice, it must not take away the next one, which has moved up to that letter.
    """
    complaint = _own(request, token)
    meant = request.POST.get("exhibit", "")
    found = complaint.exhibits.filter(letter=letter).first()
    if found is None and not meant:
        raise Http404
    complaint, form = _keep(request, complaint)
    if found is not None and meant in ("", str(found.pk)):
        actions.remove_exhibit(exhibit=found, by=request.viewer.user)
    exhibit = _attach(request, complaint)
    if form.errors or exhibit.errors:
        return _draft_page(request, complaint, form, exhibit)
    return _back_to_exhibits(request, token)


def _back_to_exhibits(request: Request, token: uuid.UUID) -> HttpResponse:
    return redirect(pages.address("draft", request.viewer.campaign, token=token) + "#exhibits")


@member_required
def draft_exhibit(request: Request, token: uuid.UUID, letter: str) -> HttpResponse:
    return _serve(get_object_or_404(readable(request, token).exhibits, letter=letter), "draft")


# The complaint ------------------------------------------------------------------------------------------------------


@member_required
@require_safe
def complaint(request: Request, number: int) -> HttpResponse:
    return complaint_page(request, get_complaint_for(request.viewer, number))


def complaint_page(request: Request, complaint: Complaint, **forms: Any) -> HttpResponse:
    context = {**pages.complaint_page(request.viewer, complaint), **forms}
    status = 422 if forms else 200
    return render(request, "diplomacy/complaint.html", context, status=status)


def back_to(request: Request, complaint: Complaint, sentence: str) -> HttpResponse:
    """To the complaint's page, wherever it stands now, with a word of what was done."""
    messages.success(request, sentence)
    return redirect(path_of(complaint))


@member_required
@require_safe
def exhibit(request: Request, number: int, letter: str) -> HttpResponse:
    row = get_complaint_for(request.viewer, number)
    return _serve(get_object_or_404(row.exhibits, letter=letter), str(number))


def _serve(exhibit: Exhibit, number: str) -> HttpResponse:
    """A picture to look at, a PDF to take away: neither can run anything here, and its name tells nothing."""
    try:
        with exhibit.file.open("rb") as file:
            data = file.read()
    except FileNotFoundError:
        raise Http404 from None
    is_pdf = exhibit.kind == ExhibitKind.PDF
    response = HttpResponse(data, content_type="application/pdf" if is_pdf else "image/webp")
    name = f"exhibit-{number}-{exhibit.letter.lower()}.{'pdf' if is_pdf else 'webp'}"
    response["Content-Disposition"] = f'{"attachment" if is_pdf else "inline"}; filename="{name}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@gm_required
@require_POST
def complaint_rule(request: Request, number: int) -> HttpResponse:
    """The chair takes it up, admits it, finds it inadmissible, or has the ruling computed again."""
    row = get_complaint_for(request.viewer, number)
    decision = request.POST.get("decision")
    if decision not in ("admit", "decline", "take up"):
        actions.rule(complaint=row, now=timezone.now())
        return back_to(request, row, "The ruling is computed again, on the record as it stands.")
    form = ReasonForm(request.POST, auto_id="ruling-%s")
    if form.is_valid():
        given = {"reason": form.cleaned_data["reason"], "by": request.viewer.user, "now": timezone.now()}
        try:
            if decision == "take up":
                actions.take_up(complaint=row, **given)
                return back_to(request, row, f"No. {number} is taken up, and the ruling is computed.")
            actions.admit(complaint=row, admitted=decision == "admit", **given)
            done = "admitted" if decision == "admit" else "found inadmissible"
            return back_to(request, row, f"No. {number} is {done}.")
        except Refused as refused:
            refuse(form, refused)
    return complaint_page(request, row, ruling_form=form)


@gm_required
@require_POST
def complaint_schedule(request: Request, number: int) -> HttpResponse:
    row = get_complaint_for(request.viewer, number)
    form = ScheduleForm(request.POST, conferences=pages.conferences_for(row))
    if form.is_valid():
        try:
            hearing = actions.schedule(
                complaint=row,
                conference=form.cleaned_data["conference"],
                by=request.viewer.user,
                now=timezone.now(),
            )
            messages.success(request, f"No. {number} is on the agenda of {hearing.conference}.")
            where = {"campaign": request.viewer.campaign.slug, "conference": hearing.conference.slug}
            return redirect_to(request, "conference", **where)
        except Refused as refused:
            refuse(form, refused)
    return complaint_page(request, row, schedule_form=form)


# The summons --------------------------------------------------------------------------------------------------------


@member_required
@require_safe
def summons(request: Request, number: int) -> HttpResponse:
    return answers.on_screen(request, pages.summons(get_complaint_for(request.viewer, number)))


@member_required
@require_safe
def summons_pdf(request: Request, number: int) -> HttpResponse:
    return answers.as_pdf(request, pages.summons(get_complaint_for(request.viewer, number)))
