"""Resolutions: read, enacted, undone, printed; and what they oblige anyone to do."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from diplomacy.actions import resolutions as actions
from diplomacy.forms.ballots import UndoForm
from diplomacy.models import Resolution
from diplomacy.views import resolution_page
from khitomer.access import Request, Viewer, gm_required, member_required
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.htmx import redirect_to
from khitomer.sheets import answers


@member_required
def resolutions(request: Request) -> HttpResponse:
    """Everything that was adopted, the latest first."""
    rows = [resolution_page.row_of(each) for each in request.viewer.campaign.resolutions.with_instrument()]
    return render(request, "diplomacy/resolutions.html", {"rows": rows, "here": "conferences"})


@member_required
def resolution(request: Request, number: int) -> HttpResponse:
    """One resolution with its effects: before → after as they would be, then as the ledger recorded them."""
    page = resolution_page.page_of(request.viewer, _resolution(request.viewer, number))
    return render(request, "diplomacy/resolution.html", {"page": page, "here": "conferences"})


@gm_required
@require_POST
def resolution_enact(request: Request, number: int) -> HttpResponse:
    found = _resolution(request.viewer, number)
    actions.enact(resolution=found, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"Resolution {found.number} has taken effect.")
    if request.POST.get("at") == "desk":
        where = {"campaign": request.viewer.campaign.slug, "conference": found.motion.conference.slug}
        return redirect_to(request, "conference", **where)
    return _to(request, found)


@gm_required
def resolution_undo(request: Request, number: int) -> HttpResponse:
    """What would be taken back, and why: asked before it is done."""
    found = _resolution(request.viewer, number)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        try:
            actions.undo(resolution=found, why=why, by=request.viewer.user, now=timezone.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, f"Resolution {found.number} is undone.")
            return _to(request, found)
    page = resolution_page.page_of(request.viewer, found)
    context = {"page": page, "form": form, "here": "conferences"}
    status = 422 if request.method == "POST" else 200
    return render(request, "diplomacy/resolution-undo.html", context, status=status)


@member_required
def resolution_print(request: Request, number: int) -> HttpResponse:
    """The instrument as a page that prints from the browser."""
    return answers.on_screen(request, _sheet(request.viewer, _resolution(request.viewer, number)))


@member_required
def resolution_pdf(request: Request, number: int) -> HttpResponse:
    """The same page as a PDF."""
    return answers.as_pdf(request, _sheet(request.viewer, _resolution(request.viewer, number)))


@gm_required
@require_POST
def obligation_met(request: Request, number: int, pk: int) -> HttpResponse:
    found = _resolution(request.viewer, number)
    obligation = get_object_or_404(found.obligations.select_related("resolution__campaign"), pk=pk)
    actions.mark_met(obligation=obligation, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"Met: {obligation.text}")
    return _to(request, found)


def _resolution(viewer: Viewer, number: int) -> Resolution:
    found = get_object_or_404(viewer.campaign.resolutions.with_instrument(), number=number)
    # One object for the campaign, so that nothing asks for it again.
    found.campaign = found.motion.conference.campaign = viewer.campaign
    return found


def _sheet(viewer: Viewer, found: Resolution) -> answers.Page:
    """What the instrument holds: the public text and nothing else."""
    where = {"campaign": viewer.campaign.slug, "number": found.number}
    return answers.Page(
        name=f"Resolution {found.number}: {found.title}",
        template="print/resolution.html",
        context={"instrument": resolution_page.instrument_of(found)},
        back=reverse("resolution", kwargs=where),
        pdf=reverse("resolution-pdf", kwargs=where),
        file=f"resolution-{found.number}",
    )


def _to(request: Request, found: Resolution) -> HttpResponse:
    where = {"campaign": request.viewer.campaign.slug, "number": found.number}
    return redirect_to(request, "resolution", **where)
