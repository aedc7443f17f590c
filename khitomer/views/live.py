"""What stands beside the event stream: who is at the table, and what has just been shown."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_safe

from khitomer.access import Request, member_required
from khitomer.actions.presence import AWAY_AFTER
from khitomer.evening import shown_since

MOST_WITHIN = 24 * 60 * 60
"""Seconds that a page may have been away and still be told what it was shown meanwhile."""


@member_required
@require_safe
def live(request: Request) -> HttpResponse:
    """Whether there is something to hear here. A server without streams says so to whoever would listen."""
    return HttpResponse("event: none\ndata: \n\n", content_type="text/event-stream")


@member_required
@require_safe
def here(request: Request) -> HttpResponse:
    """How many of the table have a page open, and who: whoever asks has one."""
    now = timezone.now()
    members = list(request.viewer.campaign.memberships.select_related("user").order_by("user__name", "pk"))
    present = [
        member
        for member in members
        if member == request.viewer.membership or (member.seen_at and member.seen_at >= now - AWAY_AFTER)
    ]
    return render(request, "khitomer/here.html", {"present": present, "all": len(members)})


@member_required
@require_safe
def arrivals(request: Request) -> HttpResponse:
    """What this member was shown within the last seconds (`?within=`), as cards. What they ran themselves is none."""
    asked = request.GET.get("within", "")
    within = min(int(asked), MOST_WITHIN) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 60
    since = timezone.now() - timedelta(seconds=within)
    shown = {} if request.viewer.is_gm else shown_since(request.viewer, since)
    cards = [(_card(request, *key), thing) for key, thing in shown.items()]
    return render(request, "khitomer/arrivals.html", {"cards": cards})


def _card(request: Request, sort: str, pk: int) -> str:
    """A name by which a page knows a card again, and which counts nothing."""
    return salted_hmac("arrival", f"{request.viewer.membership.pk} {sort} {pk}").hexdigest()[:20]
