"""The chamber: the wall screen that a link opens without a login, and the page on which its links are made."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from diplomacy.access import get_conference_for
from diplomacy.actions import chambers
from diplomacy.forms.sittings import LinkForm
from diplomacy.models import Conference
from diplomacy.sitting.chamber import hall_of
from khitomer.access import Request, anonymous_allowed, gm_required
from khitomer.actions import once
from khitomer.drawing.codes import qr_code
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.htmx import redirect_to


@anonymous_allowed
@require_GET
def chamber(request: Request, token: str) -> HttpResponse:
    """The wall. It reads no session and sets no cookie; a link that opens no more is the one 404, at once."""
    conference = chambers.find(token)
    if conference is None:
        raise Http404
    hall = hall_of(conference, timezone.now())
    if request.htmx and request.GET.get("seen") == hall.version:
        response = HttpResponse(status=204)
    else:
        template = "diplomacy/chamber.html" + ("#hall" if request.htmx else "")
        response = HttpResponse(render_to_string(template, {"hall": hall}))
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@gm_required
def chamber_links(request: Request, conference: str) -> HttpResponse:
    """The links of a conference's wall screens; a post makes one more, and shows it this once."""
    meeting = get_conference_for(request.viewer, conference)
    form = LinkForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return linked(request, meeting, form.cleaned_data["label"], form.cleaned_data["token"])
        except Refused as refused:
            refuse(form, refused)
    links = chambers.with_makers(meeting.chamber_links.all())
    context = {"conference": meeting, "form": form, "links": links, "here": "conferences"}
    return render(request, "diplomacy/chamber-links.html", context, status=422 if form.is_bound else 200)


def linked(request: Request, meeting: Conference, label: str, token: str) -> HttpResponse:
    """Make the link and show it: the only time it is seen, for only its hash is kept."""
    with once.sending(token=token, session=request.session, by=request.user) as sending:
        if sending.earlier:
            messages.error(request, "That link was made already, and shown. Revoke it, or make another.")
            return to_links(request, meeting)
        made, secret = chambers.make_link(
            conference=meeting, label=label, by=request.viewer.user, now=timezone.now()
        )
    address = request.build_absolute_uri(reverse("chamber", args=[secret]))
    context = {
        "conference": meeting,
        "made": made,
        "link": address,
        "qr": qr_code(address, "The chamber's link, to scan"),
        "here": "conferences",
    }
    response = render(request, "diplomacy/chamber-links.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response


@gm_required
@require_POST
def chamber_revoke(request: Request, conference: str, pk: int) -> HttpResponse:
    """Close a link at once."""
    meeting = get_conference_for(request.viewer, conference)
    found = get_object_or_404(meeting.chamber_links.select_related("conference"), pk=pk)
    chambers.revoke_link(link=found, by=request.viewer.user, now=timezone.now())
    messages.success(request, "The link is revoked: its screen goes dark.")
    return to_links(request, meeting)


def to_links(request: Request, meeting: Conference) -> HttpResponse:
    campaign = request.viewer.campaign.slug
    return redirect_to(request, "chamber-links", campaign=campaign, conference=meeting.slug)
