"""The first page of a campaign: the GM's dashboard, or the desk of whoever else belongs to it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from diplomacy import panels, waiting
from khitomer.access import Request, Viewer, gm_required, member_required
from khitomer.actions import archive, arrangements, once
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.quick import QuickEntryForm
from khitomer.htmx import redirect_to
from khitomer.models import Audience
from khitomer.rules.arranging import Move


@member_required
def desk(request: Request) -> HttpResponse:
    viewer = request.viewer
    page = page_for(viewer, request.GET.get("tab", ""))
    layout = arrangements.layout_of(member=viewer.membership, page=page.key, usual=page.usual)
    context = {"here": "desk", "arranging": "arrange" in request.GET, **page.context(viewer, layout)}
    if viewer.is_gm:
        sitting = viewer.campaign.conferences.filter(stage="open").first()
        return render(request, "diplomacy/dashboard.html", {"sitting": sitting, **context})
    return render(
        request,
        "diplomacy/desk.html",
        {"ballots": waiting.ballots_to_cast(viewer), "sitting": None, **context},
    )


@member_required
@require_POST
def arrange(request: Request) -> HttpResponse:
    """One step with one panel of one's own page, or all of it as it usually is."""
    viewer, page = request.viewer, page_for(request.viewer, request.POST.get("page", ""))
    move = request.POST.get("move", "")
    if move == "usual":
        arrangements.as_usual(member=viewer.membership, page=page.key)
    elif move in list(Move):
        panel = request.POST.get("panel", "")
        arrangements.move_panel(
            member=viewer.membership, page=page.key, usual=page.usual, panel=panel, move=Move(move)
        )
    else:
        raise Refused("A panel is moved, put away or brought back", allowed="Use one of its buttons")
    return redirect_to(request, f"{address(viewer)}?tab={page.key}&arrange=1")


@gm_required
@require_POST
def quick_entry(request: Request) -> HttpResponse:
    """Write an entry for the GM alone without leaving the dashboard: a name and a line are enough."""
    viewer = request.viewer
    form = QuickEntryForm(request.POST, campaign=viewer.campaign)
    if form.is_valid():
        try:
            written(request, form)
        except Refused as refused:
            refuse(form, refused)
    saved = form.is_valid()
    if not request.htmx and saved:
        return redirect_to(request, "desk", campaign=viewer.campaign.slug)
    context: dict[str, Any] = {"quick": form, "saved": form.cleaned_data.get("name") if saved else ""}
    if saved:
        context["quick"] = QuickEntryForm(
            campaign=viewer.campaign, initial={"kind": form.cleaned_data["kind"].key}
        )
    template = "diplomacy/panels/quick.html" if request.htmx else "diplomacy/quick-entry.html"
    return render(request, template, {"here": "desk", **context}, status=200 if saved else 422)


def written(request: Request, form: QuickEntryForm) -> None:
    """Write the entry, once however often the form is sent."""
    given, by = form.cleaned_data, request.viewer.user
    with once.sending(token=given["token"], session=request.session, by=by) as sent:
        if not sent.earlier:
            entry = archive.add_entry(
                campaign=request.viewer.campaign,
                kind=given["kind"],
                name=given["name"],
                text=given["text"],
                audience=Audience.GM,
                by=by,
                now=timezone.now(),
            )
            sent.to = reverse("entry", args=[request.viewer.campaign.slug, entry.slug])
            if not request.htmx:
                messages.success(request, f"“{entry}” is in the archive, for you alone.")


def page_for(viewer: Viewer, tab: str) -> panels.Page:
    """The page of panels that this viewer asked for; of what is not for them there is none."""
    if not viewer.is_gm:
        if tab not in ("", panels.DESK.key):
            raise Http404
        return panels.DESK
    return panels.PREP if tab == panels.PREP.key else panels.PLAY


def address(viewer: Viewer) -> str:
    return reverse("desk", kwargs={"campaign": viewer.campaign.slug})
