"""The rules a conference sits under and those that a treaty gives: read by everyone, turned by the GM."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from diplomacy.access import get_conference_for
from diplomacy.actions import charters as actions
from diplomacy.forms.charters import SHARES, KnobsForm
from diplomacy.records import knobs_of
from diplomacy.rules.charter_words import PRESET_WORDS, name_of, told
from diplomacy.rules.charters import PRESETS, Knobs
from diplomacy.rules.procedure import Charter
from khitomer.access import Request, gm_required, member_required
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.htmx import redirect_to
from khitomer.models import Treaty


@member_required
def treaty_charter(request: Request, treaty: str) -> HttpResponse:
    """What a treaty gives its conferences, and its complaints before they are on an agenda."""
    found = _treaty(request, treaty)
    return _read(request, knobs_of(found), {"treaty": found, "here": "treaties"})


@gm_required
def treaty_charter_edit(request: Request, treaty: str) -> HttpResponse:
    found = _treaty(request, treaty)

    def turn(knobs: Knobs) -> None:
        actions.turn_treaty(treaty=found, knobs=knobs, by=request.viewer.user, now=timezone.now())

    where = {"campaign": request.viewer.campaign.slug, "treaty": found.slug}
    to = reverse("treaty-charter", kwargs=where)
    return _turn(request, knobs_of(found), turn, to, {"treaty": found, "here": "treaties"})


@member_required
def conference_charter(request: Request, conference: str) -> HttpResponse:
    """The rules of this conference."""
    meeting = get_conference_for(request.viewer, conference)
    return _read(request, meeting.charter.knobs, {"conference": meeting, "here": "conferences"})


@gm_required
def conference_charter_edit(request: Request, conference: str) -> HttpResponse:
    meeting = get_conference_for(request.viewer, conference)

    def turn(knobs: Knobs) -> None:
        actions.turn_conference(conference=meeting, knobs=knobs, by=request.viewer.user, now=timezone.now())

    where = {"campaign": request.viewer.campaign.slug, "conference": meeting.slug}
    to = reverse("conference-charter", kwargs=where)
    return _turn(request, meeting.charter.knobs, turn, to, {"conference": meeting, "here": "conferences"})


def _treaty(request: Request, slug: str) -> Treaty:
    treaties = request.viewer.campaign.treaties.with_forum().select_related("charter", "campaign")
    return get_object_or_404(treaties, slug=slug)


def _read(request: Request, knobs: Knobs, context: dict[str, Any]) -> HttpResponse:
    groups = told(knobs)
    context |= {
        "name": name_of(knobs),
        "preset": PRESET_WORDS[knobs.preset],
        "groups": groups,
        "changed": sum(line.changed for _, lines in groups for line in lines),
    }
    return render(request, "diplomacy/charter.html", context)


def _turn(
    request: Request, knobs: Knobs, turn: Callable[[Knobs], None], to: str, context: dict[str, Any]
) -> HttpResponse:
    """The form of all knobs. A post with `fill` shows it filled from a preset, and keeps nothing yet."""
    filled = request.POST.get("fill", "")
    if filled in {each.value for each in Charter}:
        form = KnobsForm.of(PRESETS[Charter(filled)])
    elif request.method == "POST":
        form = KnobsForm(request.POST)
        if form.is_valid():
            try:
                turn(form.knobs())
            except Refused as refused:
                refuse(form, refused)
            else:
                messages.success(request, f"The charter is kept: {name_of(form.knobs()).lower()}.")
                return redirect_to(request, to)
    else:
        form = KnobsForm.of(knobs)
    words = PRESET_WORDS.get(Charter(filled)) if filled in PRESETS else None
    context |= {"form": form, "presets": PRESET_WORDS.items(), "shares": SHARES, "filled": words, "to": to}
    return render(request, "diplomacy/charter-form.html", context, status=422 if form.errors else 200)
