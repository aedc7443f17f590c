"""The page of a motion, and its vote: opened, cast, closed and, when it is tied, decided by the chair."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from diplomacy.access import get_motion_for, seat_required
from diplomacy.actions import ballots as actions
from diplomacy.actions import secret_ballots
from diplomacy.forms.ballots import BallotForm, CastingForm, OpenVoteForm, ReceiptForm
from diplomacy.models import Motion, Seat
from diplomacy.records import called
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import MotionStage
from diplomacy.views import receipt_cookies
from diplomacy.views.motion_page import page_of
from khitomer.access import Request, gm_required, member_required
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.htmx import redirect_to


@member_required
def motion(request: Request, conference: str, number: int) -> HttpResponse:
    """The motion with its clauses, the horseshoe, the viewer's ballots, and after the close the result."""
    return vote_page(request, get_motion_for(request.viewer, conference, number))


@gm_required
@require_POST
def vote_open(request: Request, conference: str, number: int) -> HttpResponse:
    """Open the vote, or after a tie that asks for one the second vote."""
    found = get_motion_for(request.viewer, conference, number)
    given = request.POST.copy()
    given.setdefault("mode", found.mode)  # left out, the motion keeps its own
    form = OpenVoteForm(given)
    try:
        if not form.is_valid():
            raise Refused("A vote is open, by roll call, by show of hands or secret")
        chosen = form.cleaned_data
        opened = actions.open_vote(motion=found, by=request.viewer.user, now=timezone.now(), **chosen)
    except Refused as refused:
        if refused.field not in form.fields or request.POST.get("at") == "desk":
            raise
        refuse(form, refused)
        return vote_page(request, found, form=form, status=422)
    messages.success(request, f"Voting on motion {opened.number} is open.")
    return _back(request, opened)


@seat_required
@require_POST
@sensitive_post_parameters("choice", "receipt")
def ballot(request: Request, conference: str, number: int) -> HttpResponse:
    """Cast or change a ballot. htmx gets the vote's part back; a plain form goes back to the motion."""
    found = get_motion_for(request.viewer, conference, number)
    form = BallotForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("A ballot says yes, no or abstain, and for which seat")
        seat = seat_of(found, form.cleaned_data["seat"])
        receipt = _cast(request, found, seat, form)
    except Refused as refused:
        if refused.field == "receipt":  # beside its field, with what was typed
            typed = {"seat": seat.pk, "receipt": form.cleaned_data["receipt"], "refused": refused}
            return vote_page(request, found, typed=typed, status=422)
        if not request.htmx:
            raise
        # Read again: if the vote has closed since, all of the page is out of date and not its vote alone.
        found = get_motion_for(request.viewer, conference, number)
        if found.stage != MotionStage.VOTING:
            messages.error(request, str(refused))
            return to_motion(request, found)
        return vote_page(request, found, refused=refused, status=409)
    said = _said(seat, form, receipt)
    if request.htmx:
        return vote_page(request, found, said=said, receipts={seat.pk: receipt} if receipt else {})
    messages.success(request, said)
    response = to_motion(request, found)
    if receipt:
        receipt_cookies.hand_out(response, found, {seat.pk: receipt})
    return response


def _cast(request: Request, motion: Motion, seat: Seat, form: BallotForm) -> str:
    """The receipt, where the vote is secret; else nothing."""
    given = {"motion": motion, "seat": seat, "choice": form.cleaned_data["choice"]}
    who = {"by": request.viewer.user, "now": timezone.now()}
    if motion.mode != Mode.SECRET:
        actions.cast(**given, **who)
        return ""
    held = form.cleaned_data["receipt"] or receipt_cookies.held(request).get(seat.pk, "")
    return secret_ballots.cast(**given, receipt=held, **who)


def _said(seat: Seat, form: BallotForm, receipt: str) -> str:
    """What is said of a ballot that was cast; messages are kept until they are read, so of a secret one not what."""
    if receipt:
        return f"The {seat.power} has voted. Write down the receipt."
    return f"The ballot of {called(seat.power)} is cast: {form.cleaned_data['choice']}."


@gm_required
@require_POST
@sensitive_post_parameters("choice")
def ballots_empty(request: Request, conference: str, number: int) -> HttpResponse:
    """One choice for every seat without a delegate that has not voted: a ballot each."""
    found = get_motion_for(request.viewer, conference, number)
    given = {"motion": found, "choice": request.POST.get("choice", "")}
    who = {"by": request.viewer.user, "now": timezone.now()}
    handed: dict[int, str] = {}
    if found.mode == Mode.SECRET:
        handed = secret_ballots.cast_for_empty(**given, **who)
    cast = len(handed) if found.mode == Mode.SECRET else len(actions.cast_for_empty(**given, **who))
    if cast:
        seats = f"{cast} seats without a delegate" if cast > 1 else "the seat without a delegate"
        messages.success(request, f"Cast for {seats}" + ("." if handed else f": {given['choice']}."))
    else:
        messages.info(request, "Every seat without a delegate had voted already.")
    response = _back(request, found)
    receipt_cookies.hand_out(response, found, handed)
    return response


@member_required
@require_POST
@sensitive_post_parameters("receipt")
def receipt(request: Request, conference: str, number: int) -> HttpResponse:
    """Whether the ballot with a receipt was counted, and as what: for whoever holds the receipt, and said once."""
    found = get_motion_for(request.viewer, conference, number)
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        raise Refused("Enter the receipt that you were given with your ballot")
    choice = secret_ballots.find(motion=found, receipt=form.cleaned_data["receipt"])
    return vote_page(request, found, found=f"It lies in the box and was counted: {choice}.")


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
    return to_motion(request, decided)


def seat_of(motion: Motion, pk: int) -> Seat:
    """A seat of the motion's conference; whose ballot it is, is for the action to say."""
    seat = motion.conference.seats.select_related("power").filter(pk=pk).first()
    if seat is None:
        raise Refused("There is no such seat at this conference")
    return seat


def vote_page(
    request: Request,
    motion: Motion,
    *,
    status: int = 200,
    form: OpenVoteForm | None = None,
    receipts: Mapping[int, str] | None = None,
    **more: Any,
) -> HttpResponse:
    """The motion's page, or for htmx after a post its vote alone. `receipts` were given out just now."""
    given = receipts or {}
    page = page_of(request.viewer, motion, {**receipt_cookies.held(request), **given})
    form = form or OpenVoteForm(initial={"mode": motion.mode})
    context = {"page": page, "motion": motion, "form": form, "here": "conferences", **more}
    whole = request.method != "POST" or not request.htmx
    template = "diplomacy/motion.html" if whole else "diplomacy/motion/vote.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    receipt_cookies.hand_out(response, motion, given)
    return response


def _back(request: Request, motion: Motion) -> HttpResponse:
    """To the conference's desk if the button stood there, else to the motion."""
    if request.POST.get("at") != "desk":
        return to_motion(request, motion)
    where = {"campaign": request.viewer.campaign.slug, "conference": motion.conference.slug}
    return redirect_to(request, "conference", **where)


def to_motion(request: Request, motion: Motion) -> HttpResponse:
    return redirect_to(
        request,
        "motion",
        campaign=request.viewer.campaign.slug,
        conference=motion.conference.slug,
        number=motion.number,
    )
