"""Resolutions: read, enacted, undone, printed; and what they oblige anyone to do."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from diplomacy.actions import resolutions as actions
from diplomacy.forms.ballots import UndoForm
from diplomacy.models import Resolution
from diplomacy.views import resolution_page
from khitomer import printing
from khitomer.access import Request, Viewer, gm_required, member_required
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.htmx import redirect_to


@member_required
def resolutions(request: Request) -> HttpResponse:
    """Everything that was adopted, the latest first."""
    rows = [resolution_page.row_of(each) for each in _resolutions(request.viewer)]
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
    """The instrument as a page that prints from the browser; `?paper=letter` for the other size."""
    found = _resolution(request.viewer, number)
    return render(request, "print/resolution.html", _sheet(request, found))


@member_required
def resolution_pdf(request: Request, number: int) -> HttpResponse:
    """The same page as a PDF."""
    found = _resolution(request.viewer, number)
    html = render_to_string("print/resolution.html", {**_sheet(request, found), "for_pdf": True}, request)
    response = HttpResponse(
        printing.pdf(html, base_url=request.build_absolute_uri("/")), content_type="application/pdf"
    )
    name = f"resolution-{found.number}-{_paper(request).value}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@gm_required
@require_POST
def obligation_met(request: Request, number: int, pk: int) -> HttpResponse:
    found = _resolution(request.viewer, number)
    obligation = get_object_or_404(found.obligations.select_related("resolution__campaign"), pk=pk)
    actions.mark_met(obligation=obligation, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"Met: {obligation.text}")
    return _to(request, found)


def _resolutions(viewer: Viewer) -> QuerySet[Resolution]:
    return viewer.campaign.resolutions.select_related(
        "motion__conference__treaty",
        "motion__conference__charter",
        "motion__repeals",
        "repealed_by",
        "motion__complaint__complainant",
        "motion__complaint__respondent",
        "enacted_by",
    ).prefetch_related("obligations__power", "motion__complaint__joinders__power")


def _resolution(viewer: Viewer, number: int) -> Resolution:
    found = get_object_or_404(_resolutions(viewer), number=number)
    # One object for the campaign, so that nothing asks for it again.
    found.campaign = found.motion.conference.campaign = viewer.campaign
    return found


def _sheet(request: Request, found: Resolution) -> dict[str, Any]:
    """What the instrument holds: the public text and nothing else."""
    where = {"campaign": request.viewer.campaign.slug, "number": found.number}
    pdf_url = reverse("resolution-pdf", kwargs=where)
    return {
        "instrument": resolution_page.instrument_of(found),
        "paper": _paper(request).value,
        "pdf_url_a4": pdf_url,
        "pdf_url_letter": f"{pdf_url}?paper=letter",
        "back_url": reverse("resolution", kwargs=where),
    }


def _paper(request: Request) -> printing.Paper:
    return printing.Paper.LETTER if request.GET.get("paper") == "letter" else printing.Paper.A4


def _to(request: Request, found: Resolution) -> HttpResponse:
    where = {"campaign": request.viewer.campaign.slug, "number": found.number}
    return redirect_to(request, "resolution", **where)
