"""The minutes of a conference: the chair's draft, and what is published, on screen and on paper."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from diplomacy.access import get_conference_for
from diplomacy.actions import publishing as actions
from diplomacy.models import Conference
from diplomacy.records_minutes import minutes_of
from khitomer.access import Request, Viewer, gm_required, member_required
from khitomer.htmx import redirect_to
from khitomer.sheets import answers


@member_required
@require_safe
def minutes(request: Request, conference: str) -> HttpResponse:
    """The draft for the chair at any time; for everyone else there are none before they are published."""
    meeting = _readable(request, conference)
    context = {"conference": meeting, "minutes": minutes_of(meeting), "here": "conferences"}
    return render(request, "diplomacy/minutes.html", context)


@gm_required
@require_POST
def minutes_publish(request: Request, conference: str) -> HttpResponse:
    """Publish the minutes, or with `to=draft` take them back."""
    meeting = get_conference_for(request.viewer, conference)
    if request.POST.get("to") == "draft":
        actions.unpublish_minutes(conference=meeting, by=request.viewer.user)
        messages.success(request, "The minutes are yours alone again.")
    else:
        actions.publish_minutes(conference=meeting, by=request.viewer.user, now=timezone.now())
        messages.success(request, "The minutes are published: every member can read them.")
    return redirect_to(request, "minutes", campaign=request.viewer.campaign.slug, conference=meeting.slug)


@member_required
@require_safe
def minutes_print(request: Request, conference: str) -> HttpResponse:
    """The minutes as a page that prints from the browser."""
    return answers.on_screen(request, _sheet(request.viewer, _readable(request, conference)))


@member_required
@require_safe
def minutes_pdf(request: Request, conference: str) -> HttpResponse:
    """The same page as a PDF."""
    return answers.as_pdf(request, _sheet(request.viewer, _readable(request, conference)))


def _readable(request: Request, slug: str) -> Conference:
    """A conference whose minutes this viewer may read, or the one 404."""
    meeting = get_conference_for(request.viewer, slug)
    if meeting.minutes_published_at is None and not request.viewer.is_gm:
        raise Http404
    return meeting


def _sheet(viewer: Viewer, meeting: Conference) -> answers.Page:
    where = {"campaign": viewer.campaign.slug, "conference": meeting.slug}
    return answers.Page(
        name=f"Minutes of {meeting}",
        template="print/minutes.html",
        context={"conference": meeting, "minutes": minutes_of(meeting), "campaign": viewer.campaign},
        back=reverse("minutes", kwargs=where),
        pdf=reverse("minutes-pdf", kwargs=where),
        file=f"minutes-{meeting.slug}",
    )
