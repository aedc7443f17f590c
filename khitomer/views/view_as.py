"""Looking at the campaign through a member's eyes, and the way back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from khitomer.access import Request, gm_required, look_through, own_eyes
from khitomer.htmx import local, redirect_to


@gm_required
@require_POST
@own_eyes
def view_as(request: Request) -> HttpResponse:
    """See every page of the campaign as this member does, from now on; with none named, as oneself again."""
    viewer, member = request.viewer, None
    asked = request.POST.get("member", "")
    if asked:
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 12 else 0
        member = get_object_or_404(viewer.campaign.memberships.players(), pk=number)
    look_through(request, viewer, member)
    desk = reverse("desk", kwargs={"campaign": viewer.campaign.slug})
    if member is None:
        messages.success(request, "You see the campaign as yourself again.")
    return redirect_to(request, local(request.POST.get("next", "")) or desk)
