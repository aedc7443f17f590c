"""The GM's lists of names: pasted, crossed off, taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer.access import Request, Viewer, gm_required
from khitomer.actions import names as actions
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.tools import NamesForm
from khitomer.htmx import redirect_to
from khitomer.models import NameList, SessionState

NEXT = 3
"""How many free names of a list stand on the session's page."""


@gm_required
def names(request: Request) -> HttpResponse:
    form = NamesForm(request.POST or None) if request.method != "POST" else NamesForm(request.POST)
    if form.is_bound and form.is_valid():
        try:
            new = actions.add_names(
                campaign=request.viewer.campaign, **form.cleaned_data, by=request.viewer.user
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, "One name is new." if new == 1 else f"{new or 'No'} names are new.")
            return redirect_to(request, "names", campaign=request.viewer.campaign.slug)
    context = {"here": "sessions", "form": form, "lists": lists_of(request.viewer)}
    return render(request, "khitomer/names.html", context, status=422 if form.is_bound else 200)


@gm_required
@require_POST
def name_use(request: Request, pk: int) -> HttpResponse:
    """Cross off, with `used_for`; or, with `back`, take the crossing back."""
    lists = request.viewer.campaign.name_lists.prefetch_related("names")
    of = get_object_or_404(lists, names__pk=pk)
    found = get_object_or_404(of.names.select_related("list__campaign"), pk=pk)
    said = ""
    try:
        if request.POST.get("back"):
            actions.take_back(name=found, by=request.viewer.user)
        else:
            used_for = request.POST.get("used_for", "")
            actions.use_name(name=found, used_for=used_for, by=request.viewer.user, now=timezone.now())
    except Refused as refused:
        if not request.htmx:
            raise
        said = str(refused)
    if request.htmx:
        part = (
            "khitomer/session/names.html"
            if request.POST.get("from") == "session"
            else "khitomer/names.html#name-lists"
        )
        return render(
            request, part, {"lists": lists_of(request.viewer), "refused": said}, status=409 if said else 200
        )
    session = request.viewer.campaign.sessions.filter(state=SessionState.IN_PLAY).first()
    if request.POST.get("from") == "session" and session:
        return redirect_to(request, "session", campaign=request.viewer.campaign.slug, number=session.number)
    return redirect_to(request, "names", campaign=request.viewer.campaign.slug)


@gm_required
@require_POST
def name_list_remove(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(request.viewer.campaign.name_lists.all(), pk=pk)
    actions.remove_list(names=found, by=request.viewer.user)
    messages.success(request, f"The list “{found}” is gone.")
    return redirect_to(request, "names", campaign=request.viewer.campaign.slug)


def lists_of(viewer: Viewer) -> list[dict[str, Any]]:
    """Each list with its free names, the next few of them, and those that are borne, the latest first."""
    rows = viewer.campaign.name_lists.prefetch_related("names__session")
    return [_sorted(row) for row in rows]


def _sorted(row: NameList) -> dict[str, Any]:
    every = list(row.names.all())
    free = [name for name in every if name.used_at is None]
    used = sorted((name for name in every if name.used_at), key=lambda name: name.used_at, reverse=True)
    return {"list": row, "free": free, "next": free[:NEXT], "used": used}
