"""The page of a motion, and its vote: opened, cast, closed and, when it is tied, decided by the chair."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from diplomacy.access import get_motion_for, seat_required
from diplomacy.actions import ballots as actions
from diplomacy.forms.ballots import BallotForm, CastingForm, OpenVoteForm
from diplomacy.models import Motion, Seat
from diplomacy.records import called
from diplomacy.rules.procedure import MotionStage
from diplomacy.views.motion_page import page_of
from khitomer.access import Request, gm_required, member_required
from khitomer.errors import Refused
from khitomer.htmx import page_or_part, redirect_to


@member_required
def motion(request: Request, conference: str, number: int) -> HttpResponse:
    """The motion with its clauses, the horseshoe, the viewer's ballots, and after the close the result."""
    return _page(request, get_motion_for(request.viewer, conference, number))


@gm_required
@require_POST
def vote_open(request: Request, conference: str, number: int) -> HttpResponse:
    """Open the vote, or after a tie that asks for one the second vote."""
    found = get_motion_for(request.viewer, conference, number)
    mode = request.POST.get(
        "mode", ""
    )  # left out, the motion keeps its own; the action knows which there are
    opened = actions.open_vote(motion=found, mode=mode, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"Voting on motion {opened.number} is open.")
    return _back(request, opened)


@seat_required
@require_POST
def ballot(request: Request, conference: str, number: int) -> HttpResponse:
    """Cast or change a ballot. htmx gets the vote's part back; a plain form goes back to the motion."""
    found = get_motion_for(request.viewer, conference, number)
    form = BallotForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("A ballot says yes, no or abstain, and for which seat")
        seat = _seat(found, form.cleaned_data["seat"])
        choice = form.cleaned_data["choice"]
        actions.cast(motion=found, seat=seat, choice=choice, by=request.viewer.user, now=timezone.now())
    except Refused as refused:
        if not request.htmx:
            raise
        # Read again: if the vote has closed since, all of the page is out of date and not its vote alone.
        found = get_motion_for(request.viewer, conference, number)
        if found.stage != MotionStage.VOTING:
            messages.error(request, str(refused))
            return _to(request, found)
        return _page(request, found, refused=refused, status=409)
    said = f"The ballot of {called(seat.power)} is cast: {choice}."
    if request.htmx:
        return _page(request, found, said=said)
    messages.success(request, said)
    return _to(request, found)


@gm_required
@require_POST
def ballots_empty(request: Request, conference: str, number: int) -> HttpResponse:
    """One choice for every seat without a delegate that has not voted: a ballot each."""
    found = get_motion_for(request.viewer, conference, number)
    choice = request.POST.get("choice", "")
    cast = actions.cast_for_empty(motion=found, choice=choice, by=request.viewer.user, now=timezone.now())
    if cast:
        seats = f"{len(cast)} seats without a delegate" if len(cast) > 1 else "the seat without a delegate"
        messages.success(request, f"Cast for {seats}: {choice}.")
    else:
        messages.info(request, "Every seat without a delegate had voted already.")
    return _back(request, found)


@gm_required
@require_POST
def vote_close(request: Request, conference: str, number: int) -> HttpResponse:
    found = get_motion_for(request.viewer, conference, number)
    closed = actions.close(motion=found, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"The vote on motion {closed.number} is closed. {closed.reason}")
    return _back(request, closed)


@gm_required
@require_POST
def vote_casting(request: Request, conference: str, number: int) -> HttpResponse:
    """The chair decides a tie."""
    found = get_motion_for(request.viewer, conference, number)
    form = CastingForm(request.POST)
    if not form.is_valid():
        raise Refused("The casting vote says yes, no or abstain")
    decided = actions.casting(
        motion=found, choice=form.cleaned_data["choice"], by=request.viewer.user, now=timezone.now()
    )
    messages.success(request, decided.reason)
    return _to(request, decided)


def _seat(motion: Motion, pk: int) -> Seat:
    """A seat of the motion's conference; whose ballot it is, is for the action to say."""
    seat = motion.conference.seats.select_related("power").filter(pk=pk).first()
    if seat is None:
        raise Refused("There is no such seat at this conference")
    return seat


def _page(request: Request, motion: Motion, *, status: int = 200, **more: Any) -> HttpResponse:
    page = page_of(request.viewer, motion)
    form = OpenVoteForm(initial={"mode": motion.mode})
    context = {"page": page, "motion": motion, "form": form, "here": "conferences", **more}
    if request.method == "POST":
        return page_or_part(request, "diplomacy/motion.html", context, part="vote", status=status)
    return render(request, "diplomacy/motion.html", context, status=status)


def _back(request: Request, motion: Motion) -> HttpResponse:
    """To the conference's desk if the button stood there, else to the motion."""
    if request.POST.get("at") != "desk":
        return _to(request, motion)
    where = {"campaign": request.viewer.campaign.slug, "conference": motion.conference.slug}
    return redirect_to(request, "conference", **where)


def _to(request: Request, motion: Motion) -> HttpResponse:
    return redirect_to(
        request,
        "motion",
        campaign=request.viewer.campaign.slug,
        conference=motion.conference.slug,
        number=motion.number,
    )
