"""The bin: what the GM threw away, for how long it can still be taken out, and deleting it for good."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from khitomer.access import Request, gm_required
from khitomer.actions import bin as actions
from khitomer.errors import Refused
from khitomer.htmx import redirect_to
from khitomer.markup import plain
from khitomer.models import DAYS_IN_BIN, Entry, Secret


@dataclass(frozen=True)
class Thrown:
    """A line of the bin: the thing, what to call it, and how many days it is kept yet."""

    thing: Entry | Secret
    sort: str
    name: str
    of: str
    days: int


@gm_required
def recycle_bin(request: Request) -> HttpResponse:
    now = timezone.now()
    lines = [
        line_of(thing, actions.days_left(thing, now)) for thing in actions.in_bin(request.viewer.campaign)
    ]
    context = {"here": "archive", "lines": lines, "kept_for": DAYS_IN_BIN}
    return render(request, "khitomer/archive/bin.html", context)


@gm_required
@require_POST
def entry_throw_away(request: Request, entry: str) -> HttpResponse:
    campaign = request.viewer.campaign
    found = get_object_or_404(campaign.entries.visible_to(request.viewer), slug=entry)
    actions.throw_away(thing=found, by=request.viewer.user, now=timezone.now())
    said_thrown_away(request, f"{found.name} lies")
    return redirect_to(request, "archive", campaign=campaign.slug)


@gm_required
@require_POST
def bin_take_out(request: Request, sort: str, pk: int) -> HttpResponse:
    thing = get_thrown(request, sort, pk)
    try:
        actions.take_out(thing=thing, by=request.viewer.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect_to(request, "bin", campaign=request.viewer.campaign.slug)
    actions.empty_old(timezone.now())
    entry = thing.entry if isinstance(thing, Secret) else thing
    messages.success(request, f"It stands on the page of {entry} again, for whoever could see it before.")
    return redirect_to(request, "entry", campaign=request.viewer.campaign.slug, entry=entry.slug)


@gm_required
@require_POST
def bin_delete(request: Request, sort: str, pk: int) -> HttpResponse:
    thing, now = get_thrown(request, sort, pk), timezone.now()
    actions.delete(thing=thing, by=request.viewer.user, now=now)
    actions.empty_old(now)
    messages.success(request, "It is deleted for good.")
    return redirect_to(request, "bin", campaign=request.viewer.campaign.slug)


# What the views share


def get_thrown(request: Request, sort: str, pk: int) -> Any:
    """The thing of this sort and key that lies in the campaign's bin, or the one 404."""
    for thing in actions.in_bin(request.viewer.campaign):
        if (sort_of(thing), thing.pk) == (sort, pk):
            return thing
    raise Http404


def sort_of(thing: Entry | Secret) -> str:
    return "secrets" if isinstance(thing, Secret) else "pages"


def line_of(thing: Any, days: int) -> Thrown:
    if isinstance(thing, Secret):
        return Thrown(thing, "secrets", plain(thing.text, 90), f"A secret of {thing.entry}", days)
    return Thrown(thing, "pages", thing.name, str(thing.kind), days)


def said_thrown_away(request: Request, what: str) -> None:
    """Say where it is, with the way to take it out again."""
    address = reverse("bin", kwargs={"campaign": request.viewer.campaign.slug})
    messages.success(
        request, format_html('{} in the bin for {} days. <a href="{}">Undo</a>', what, DAYS_IN_BIN, address)
    )
