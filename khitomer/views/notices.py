"""The notices of a member: the list, how many are new, and how they want to be told."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from khitomer.access import Request, Viewer, member_required
from khitomer.actions import notices as actions
from khitomer.actions.activity import micros
from khitomer.forms.fields import as_key
from khitomer.forms.notices import NoticesForm, as_chosen
from khitomer.htmx import page_or_part, redirect_to
from khitomer.models import Digest
from khitomer.notices import mine
from khitomer.views.posting import form_page, sent

PAGE = "khitomer/notices.html"
LATEST_MOMENT = 2**53
"""In microseconds; later ones are nobody's."""


@member_required
def notices(request: Request) -> HttpResponse:
    """The page; and for htmx the count that the frame shows, or the list, as `list` in the address asks."""
    viewer = request.viewer
    if request.htmx and request.method == "GET":
        wants_list = "list" in request.GET
        context = listed(viewer) if wants_list else {"unread": len(mine.unread(viewer))}
        return page_or_part(request, PAGE, context, part=f"notices-{'list' if wants_list else 'count'}")
    form = NoticesForm(sent(request), initial=as_chosen(actions.choices_of(viewer.membership)))
    if form.is_valid():
        given = {**form.cleaned_data, "digest": Digest(form.cleaned_data["digest"])}
        actions.choose(by=viewer.membership, now=timezone.now(), **given)
        messages.success(request, "You will be told so from now on.")
        return redirect_to(request, "notices", campaign=viewer.campaign.slug)
    outside = viewer.campaign.webhooks.known_to(viewer).filter(is_on=True).select_related("power")
    return form_page(request, PAGE, form, told_outside=outside, **listed(viewer))


def listed(viewer: Viewer) -> dict[str, Any]:
    """What the list shows: its lines, how many are unread, and up to when it tells."""
    latest = mine.latest(viewer)
    seen = max((micros(line.at) for line in latest), default=None)
    return {"latest": latest, "unread": len(mine.unread(viewer)), "seen": seen}


@member_required
@require_POST
def notices_read(request: Request) -> HttpResponse:
    """All that was shown is read."""
    viewer = request.viewer
    seen = as_key(request.POST.get("seen", ""))
    mine.read_all(viewer, seen=seen if seen and seen < LATEST_MOMENT else None, now=timezone.now())
    return redirect_to(request, "notices", campaign=viewer.campaign.slug)


@member_required
@require_safe
def notices_newest(request: Request) -> HttpResponse:
    """What this person's browser may say aloud."""
    lines = mine.for_the_browser(request.viewer)
    told = [{"position": line.position, "text": line.text, "path": line.path} for line in lines]
    return JsonResponse({"campaign": request.viewer.campaign.name, "notices": told})
