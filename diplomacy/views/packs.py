"""The pack of a conference: asked for by the GM for everybody at once, and by a player for themselves."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from diplomacy.access import get_conference_for
from diplomacy.models import Conference
from diplomacy.sheets.packs import SORT
from khitomer.access import Request, Viewer, member_required
from khitomer.actions import once, press
from khitomer.actions import packs as actions
from khitomer.forms.audience import players_of
from khitomer.forms.campaigns import OnceForm
from khitomer.forms.press import PressForm
from khitomer.htmx import redirect_to
from khitomer.rules.press import Press
from khitomer.sheets.answers import press_of
from khitomer.sheets.copies import Copy, copy_for, gms, persons
from khitomer.sheets.packs import start


class PackForm(PressForm, OnceForm):
    """How the packs are printed; sent twice, they are made once."""


@member_required
def conference_pack(request: Request, conference: str) -> HttpResponse:
    """Whose packs are made, and how they are printed; a post has them made."""
    viewer = request.viewer
    meeting = get_conference_for(viewer, conference)
    readers = readers_at(viewer, meeting)
    before = press_of(viewer.user)
    form = PackForm(request.POST if request.method == "POST" else None, initial=vars(before))
    if request.method == "POST" and form.is_valid():
        wanted = (
            [copy for copy in readers if copy.token in request.POST.getlist("for")]
            if viewer.is_gm
            else readers
        )
        if wanted:
            return _asked(request, meeting, wanted, form, form.chosen(before, request.POST.getlist("asked")))
        form.add_error(None, "Nobody is ticked: choose whose packs are made.")
    context = {"here": "conferences", "conference": meeting, "readers": readers, "form": form}
    return render(request, "diplomacy/conference-pack.html", context, status=422 if form.errors else 200)


def readers_at(viewer: Viewer, conference: Conference) -> list[Copy]:
    """Whose packs a viewer may have made: a GM their own, and one for each player at the table; a player their own."""
    if not viewer.is_gm:
        return [copy_for(viewer, "")]
    players = players_of(viewer.campaign).filter(seats__conference=conference).distinct()
    return [gms(viewer), *(persons(viewer, player) for player in players)]


def _asked(
    request: Request, conference: Conference, copies: list[Copy], form: PackForm, chosen: Press
) -> HttpResponse:
    viewer, by = request.viewer, request.viewer.user
    with once.sending(token=form.cleaned_data["token"], session=request.session, by=by) as sent:
        if not sent.earlier:
            press.remember(user=by, press=chosen)
            wanted = [
                actions.Wanted(
                    f"{conference}, for {copy.name}", copy.token, copy.person if viewer.is_gm else None
                )
                for copy in copies
            ]
            packs = actions.ask(
                by=viewer.membership,
                sort=SORT,
                refers=conference.slug,
                wanted=wanted,
                press=chosen,
                now=timezone.now(),
            )
            for pack in packs:
                start(pack)
            sent.to = reverse("packs", args=[viewer.campaign.slug])
            messages.success(request, f"{len(packs)} pack{'s are' if len(packs) > 1 else ' is'} being made.")
    return redirect_to(request, sent.to)
