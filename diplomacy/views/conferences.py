"""Conferences: the list, the desk from which one is run, who sits in it, and its hearings."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from diplomacy.access import get_conference_for, get_motion_for
from diplomacy.actions import conferences as actions
from diplomacy.actions import sittings
from diplomacy.forms.conferences import AddSeatForm, ConferenceForm, SeatForm, StageForm
from diplomacy.models import Conference, ConferenceStage
from diplomacy.sitting.desk import Desk, desk_of
from diplomacy.views.effect_lines import Effects, effects_of
from khitomer.access import Request, gm_required, member_required
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.fields import as_key
from khitomer.htmx import redirect_to

HERE = {"here": "conferences"}


@member_required
def conferences(request: Request) -> HttpResponse:
    """Every conference of the campaign, those that sit now first."""
    viewer = request.viewer
    rows = viewer.campaign.conferences.select_related("treaty", "session").with_seats().counted()
    found = sorted(rows, key=lambda row: _ORDER.index(row.stage))
    return render(request, "diplomacy/conferences.html", {"conferences": found, **HERE})


_ORDER = [
    ConferenceStage.OPEN,
    ConferenceStage.SUSPENDED,
    ConferenceStage.PLANNED,
    ConferenceStage.CLOSED,
]


@gm_required
def conference_new(request: Request) -> HttpResponse:
    viewer = request.viewer
    form = ConferenceForm.opening(viewer, request.GET.get("complaint", ""))
    if request.method == "POST":
        form = ConferenceForm(request.POST, viewer=viewer)
        if form.is_valid():
            try:
                made = actions.create_conference(
                    campaign=viewer.campaign, by=viewer.user, now=timezone.now(), **form.values()
                )
            except Refused as refused:
                refuse(form, refused)
            else:
                messages.success(request, f"{made} is convened, with {made.seats.count()} seats.")
                return _to_desk(request, made)
    return _form_page(request, form)


@member_required
def conference(request: Request, conference: str) -> HttpResponse:
    """The desk. A player sees the same page with their own steps."""
    meeting = get_conference_for(request.viewer, conference)
    desk = desk_of(request.viewer, meeting)
    context = {
        "desk": desk,
        "conference": meeting,
        "enacting": desk.enacting,
        "effects": _effects_to_enact(request, desk),
        **HERE,
    }
    return render(request, "diplomacy/conference.html", context)


def _effects_to_enact(request: Request, desk: Desk) -> Effects:
    """What the resolution that is enacted next from the desk would change; of one, whatever the agenda holds."""
    motion = desk.enacting
    if motion is None:
        return Effects()
    # The desk fetched the clauses for their number alone.
    fresh = get_motion_for(request.viewer, desk.conference.slug, motion.number)
    prefetch_related_objects([fresh], "clauses__effects")
    return effects_of(request.viewer, fresh, motion.resolution)


@gm_required
def conference_edit(request: Request, conference: str) -> HttpResponse:
    viewer = request.viewer
    meeting = get_conference_for(viewer, conference)
    given = {"viewer": viewer, "conference": meeting}
    form = ConferenceForm(initial=ConferenceForm.initial_of_conference(meeting), **given)
    if request.method == "POST":
        form = ConferenceForm(request.POST, **given)
        if form.is_valid():
            try:
                actions.edit_conference(
                    conference=meeting, by=viewer.user, now=timezone.now(), **form.values()
                )
            except Refused as refused:
                refuse(form, refused)
            else:
                messages.success(request, "Saved.")
                return _to_desk(request, meeting)
    return _form_page(request, form, meeting)


@gm_required
def seats(request: Request, conference: str) -> HttpResponse:
    """Who sits, who speaks for them and who is in the room. A post is the roll, one more seat, or all of them."""
    meeting = get_conference_for(request.viewer, conference)
    posted = request.POST if request.method == "POST" else None
    if posted and posted.get("step") == "roll":
        return _call_roll(request, meeting)
    adding = posted is not None and posted.get("step") == "add"
    add = AddSeatForm(posted if adding else None, conference=meeting)
    forms = _seat_forms(meeting, None if adding else posted)
    if posted is not None:
        try:
            if adding and add.is_valid():
                actions.add_seat(conference=meeting, by=request.viewer.user, **add.cleaned_data)
                return _seated(request, meeting)
            if not adding and not [form for form in forms if not form.is_valid()]:
                places = [form.place() for form in forms]
                actions.arrange(conference=meeting, places=places, by=request.viewer.user)
                return _seated(request, meeting)
        except Refused as refused:
            refuse(add, refused) if adding else messages.error(request, str(refused))
    context = {"conference": meeting, "forms": forms, "add": add, **HERE}
    return render(request, "diplomacy/seats.html", context, status=200 if posted is None else 422)


@gm_required
@require_POST
def seat_player(request: Request, conference: str, pk: int) -> HttpResponse:
    """A player takes the empty seat of their power."""
    meeting = get_conference_for(request.viewer, conference)
    seat = get_object_or_404(meeting.seats, pk=pk)
    asked = request.POST.get("player", "")
    players = request.viewer.campaign.memberships.delegates().select_related("user")
    player = get_object_or_404(players, pk=as_key(asked) or 0)
    seated = actions.set_delegate(seat=seat, delegate=player, by=request.viewer.user)
    messages.success(request, f"{player.user} speaks for the {seated.power} here.")
    return _to_desk(request, meeting)


def _seat_forms(meeting: Conference, posted: object) -> list[SeatForm]:
    players = list(meeting.campaign.memberships.delegates().select_related("user"))
    rows = meeting.seats.select_related("power", "delegate__user").order_by("observer", "power__name")
    return [SeatForm(posted, seat=seat, players=players) for seat in rows]


def _call_roll(request: Request, meeting: Conference) -> HttpResponse:
    ticked = set(request.POST.getlist("present"))
    present = [seat for seat in meeting.seats.all() if str(seat.pk) in ticked]
    actions.set_roll(conference=meeting, present_seats=present, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"The roll is called: {len(present)} present.")
    return _to_desk(request, meeting)


def _seated(request: Request, meeting: Conference) -> HttpResponse:
    messages.success(request, "The seats are set.")
    return redirect_to(request, "seats", campaign=request.viewer.campaign.slug, conference=meeting.slug)


@gm_required
@require_POST
def conference_stage(request: Request, conference: str) -> HttpResponse:
    meeting = get_conference_for(request.viewer, conference)
    form = StageForm(request.POST)
    if not form.is_valid():
        raise Refused("A sitting is opened, suspended or closed", allowed="Use the buttons of its desk")
    step, said = _STEPS[form.cleaned_data["to"]]
    step(conference=meeting, by=request.viewer.user, now=timezone.now())
    messages.success(request, said)
    return _to_desk(request, meeting)


_STEPS = {
    ConferenceStage.OPEN: (sittings.open_sitting, "The conference is sitting."),
    ConferenceStage.SUSPENDED: (
        sittings.suspend_sitting,
        "The sitting is suspended. Its agenda and its list stay.",
    ),
    ConferenceStage.CLOSED: (sittings.close_sitting, "The sitting is closed."),
}


@gm_required
@require_POST
def hearing_open(request: Request, conference: str, number: int) -> HttpResponse:
    meeting = get_conference_for(request.viewer, conference)
    hearing = get_object_or_404(meeting.hearings.select_related("conference"), complaint__number=number)
    both = request.POST.get("sitting") == "open"
    actions.open_hearing(hearing=hearing, by=request.viewer.user, now=timezone.now(), with_sitting=both)
    messages.success(request, f"The hearing of No. {number} is open.")
    return _to_desk(request, meeting)


def _to_desk(request: Request, meeting: Conference) -> HttpResponse:
    return redirect_to(request, "conference", campaign=request.viewer.campaign.slug, conference=meeting.slug)


def _form_page(request: Request, form: ConferenceForm, meeting: Conference | None = None) -> HttpResponse:
    context = {"form": form, "conference": meeting, **HERE}
    return render(request, "diplomacy/conference-form.html", context, status=422 if form.errors else 200)
