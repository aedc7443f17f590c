"""A sitting as it runs: the floor, the speakers' list, the clock, the agenda's order, and who was heard."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from diplomacy.access import get_conference_for, seat_required
from diplomacy.actions import clocks, sittings, speakers
from diplomacy.actions.floor import appeal_point
from diplomacy.forms.sittings import AskForm, ClockForm, PointForm
from diplomacy.models import Conference, Motion, Speech
from diplomacy.rules.procedure import MotionStage
from diplomacy.sitting.floor import floor_of
from diplomacy.sitting.room import room_of
from khitomer.access import Request, gm_required, member_required
from khitomer.errors import Refused
from khitomer.forms.fields import as_key
from khitomer.htmx import redirect_to

EXTENSIONS = {"30": 30, "60": 60}
"""By how many seconds the clock's buttons extend it."""


@member_required
@require_GET
def conference_floor(request: Request, conference: str) -> HttpResponse:
    """The floor alone, for the desk that asks for it again and again: nothing while it is as it was seen."""
    meeting = get_conference_for(request.viewer, conference)
    seats = list(meeting.seats.select_related("power"))
    seen = floor_of(request.viewer, meeting, seats, room_of(meeting, seats), timezone.now())
    if request.GET.get("seen") == seen.version:
        return HttpResponse(status=204)
    context = {"conference": meeting, "floor": seen}
    return render(request, "diplomacy/conference/floor.html", context)


@gm_required
@require_POST
def floor_set(request: Request, conference: str) -> HttpResponse:
    """Put a hearing, a motion or a clause in hand; with none of them, nothing."""
    meeting = get_conference_for(request.viewer, conference)
    given: dict[str, Any] = {}
    if number := as_key(request.POST.get("complaint", "")):
        given["hearing"] = get_object_or_404(meeting.hearings, complaint__number=number)
    if number := as_key(request.POST.get("motion", "")):
        motion: Motion = get_object_or_404(
            meeting.motions.exclude(stage=MotionStage.DRAFT.value), number=number
        )
        given["motion"] = motion
        if position := as_key(request.POST.get("clause", "")):
            given["clause"] = get_object_or_404(motion.clauses, position=position)
    sittings.take_in_hand(conference=meeting, by=request.viewer.user, **given)
    messages.success(request, "The chamber shows it." if given else "Nothing is in hand.")
    return to_desk(request, meeting)


@gm_required
@require_POST
def floor_clock(request: Request, conference: str) -> HttpResponse:
    """Start, pause, run on, extend or stop the clock."""
    meeting = get_conference_for(request.viewer, conference)
    given = {"conference": meeting, "by": request.viewer.user}
    step = request.POST.get("step", "")
    if step == "start":
        form = ClockForm(request.POST)
        if not form.is_valid():
            raise Refused(
                "A clock is set to minutes, from a tenth of one to a day", allowed="Give the minutes"
            )
        label = form.cleaned_data["label"]
        clocks.start_clock(**given, label=label, seconds=form.seconds, now=timezone.now())
    elif step == "pause":
        clocks.pause_clock(**given, now=timezone.now())
    elif step == "resume":
        clocks.resume_clock(**given, now=timezone.now())
    elif step in EXTENSIONS:
        clocks.extend_clock(**given, seconds=EXTENSIONS[step], now=timezone.now())
    elif step == "stop":
        clocks.stop_clock(**given)
    else:
        raise Refused("A clock is started, paused, extended or stopped", allowed="Use its buttons")
    return to_floor(request, meeting)


@seat_required
@require_POST
def speech_ask(request: Request, conference: str) -> HttpResponse:
    """Ask for the floor, for a seat that one speaks for; the chair for any seat."""
    meeting = get_conference_for(request.viewer, conference)
    form = AskForm(request.POST)
    if not form.is_valid():
        raise Refused(
            "Say for which seat, and for what it asks the floor",
            allowed="Choose a side, a reply or a point of order; a point has 300 letters at most",
        )
    seat = get_object_or_404(meeting.seats, pk=form.cleaned_data["seat"])
    asked = speakers.ask(
        conference=meeting, seat=seat, by=request.viewer.user, now=timezone.now(), **form.values()
    )
    messages.success(request, f"{asked.seat.power} is on the list.")
    return to_floor(request, meeting)


@seat_required
@require_POST
def speech_back(request: Request, conference: str, pk: int) -> HttpResponse:
    """Leave the list; the chair strikes any seat off it."""
    meeting = get_conference_for(request.viewer, conference)
    speech = speech_of(meeting, pk)
    if not request.viewer.is_gm and speech.seat not in request.seats:  # type: ignore[attr-defined]
        raise Refused("Each delegation asks for the floor for itself")
    speakers.take_back(speech=speech, by=request.viewer.user)
    return to_floor(request, meeting)


@gm_required
@require_POST
def speech_next(request: Request, conference: str) -> HttpResponse:
    """Call the next speaker, or the one named."""
    meeting = get_conference_for(request.viewer, conference)
    named = as_key(request.POST.get("speech", ""))
    speakers.call(
        conference=meeting,
        by=request.viewer.user,
        now=timezone.now(),
        after=as_key(request.POST.get("after", "")),
        speech=speech_of(meeting, named) if named else None,
    )
    return to_floor(request, meeting)


@gm_required
@require_POST
def speech_step(request: Request, conference: str, pk: int) -> HttpResponse:
    """End a speech; pass a seat over, move it up or down the list, or strike it off."""
    meeting = get_conference_for(request.viewer, conference)
    given = {"speech": speech_of(meeting, pk), "by": request.viewer.user}
    step = request.POST.get("step", "")
    if step == "end":
        speakers.end(**given, now=timezone.now())
    elif step == "skip":
        speakers.skip(**given)
    elif step == "strike":
        speakers.take_back(**given)
    elif step in ("up", "down"):
        speakers.move(**given, steps=-1 if step == "up" else 1)
    else:
        raise Refused(
            "A speaker is called, thanked, passed over or moved", allowed="Use the buttons of the list"
        )
    return to_floor(request, meeting)


@gm_required
@require_POST
def speech_point(request: Request, conference: str, pk: int) -> HttpResponse:
    """Rule on a point of order."""
    speech = speech_of(get_conference_for(request.viewer, conference), pk)
    form = PointForm(request.POST)
    if not form.is_valid():
        raise Refused(
            "A point of order is sustained or not, with a reason of 500 letters at most",
            allowed="Press one of the two buttons",
        )
    ruled = speakers.rule_on_point(
        speech=speech, by=request.viewer.user, now=timezone.now(), **form.cleaned_data
    )
    messages.success(request, f"The point of {ruled.seat.power} is {ruled.get_ruling_display().lower()}.")
    return to_floor(request, speech.conference)


@seat_required
@require_POST
def speech_appeal(request: Request, conference: str, pk: int) -> HttpResponse:
    """Appeal to the conference from the chair's ruling on a point of order."""
    meeting = get_conference_for(request.viewer, conference)
    moved = appeal_point(point=speech_of(meeting, pk), by=request.viewer.user, now=timezone.now())
    messages.success(request, f"Motion {moved.number} is before the conference: {moved.title}.")
    return to_floor(request, meeting)


@gm_required
@require_POST
def hearing_move(request: Request, conference: str, number: int) -> HttpResponse:
    """Put an item of the agenda at another place: one up, one down, or by its number."""
    meeting = get_conference_for(request.viewer, conference)
    hearing = get_object_or_404(meeting.hearings.select_related("conference"), complaint__number=number)
    asked = request.POST.get("to", "")
    places = list(meeting.hearings.order_by("position").values_list("pk", flat=True))
    here = places.index(hearing.pk) + 1
    to = {"up": max(1, here - 1), "down": here + 1}.get(asked) or as_key(asked)
    if to is None:
        raise Refused("Say where on the agenda it goes", allowed="Use the buttons beside it")
    sittings.move_hearing(hearing=hearing, to=max(1, to), by=request.viewer.user)
    place = max(1, min(to, len(places)))
    messages.success(request, f"No. {number} is item {place} of {len(places)} now.")
    return to_desk(request, meeting, f"item-{number}")


@gm_required
@require_POST
def party_heard(request: Request, conference: str, number: int) -> HttpResponse:
    """Note that a party was heard, or is in default."""
    meeting = get_conference_for(request.viewer, conference)
    hearings = meeting.hearings.select_related("conference", "complaint")
    hearing = get_object_or_404(hearings, complaint__number=number)
    asked = request.POST.get("power", "")
    power = next((each for each in hearing.complaint.parties if each.slug == asked), None)
    if power is None:
        raise Refused("Only a party to the complaint is heard on it, or in default")
    noted = sittings.note_party(
        hearing=hearing,
        power=power,
        defaulted=request.POST.get("how") == "default",
        by=request.viewer.user,
        now=timezone.now(),
    )
    messages.success(request, f"{power} is noted as {'in default' if noted.defaulted else 'heard'}.")
    return to_floor(request, meeting)


# All of them


def speech_of(meeting: Conference, pk: int) -> Speech:
    """A place on this conference's list, or the one 404."""
    rows = meeting.speeches.select_related("conference", "seat__power")
    found: Speech = get_object_or_404(rows, pk=pk)
    return found


def to_floor(request: Request, meeting: Conference) -> HttpResponse:
    """Back to the desk, at the floor."""
    return to_desk(request, meeting, "floor")


def to_desk(request: Request, meeting: Conference, at: str = "") -> HttpResponse:
    """Back to the desk, at a part of it."""
    where = {"campaign": request.viewer.campaign.slug, "conference": meeting.slug}
    return redirect_to(request, reverse("conference", kwargs=where) + (f"#{at}" if at else ""))
