"""Motions being drafted, and put before the conference or taken back. The page of a motion is with the ballots."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from diplomacy import records_votes
from diplomacy.access import get_conference_for, get_motion_for, seat_required, seats_of
from diplomacy.actions import motions as actions
from diplomacy.forms.motions import Drafting
from diplomacy.forms.previews import preview_of
from diplomacy.models import Conference, ConferenceStage, Motion
from diplomacy.rules.procedure import MotionStep, motion_step
from khitomer.access import Request
from khitomer.errors import Refused
from khitomer.htmx import page_or_part, redirect_to


@seat_required
def motion_new(request: Request, conference: str) -> HttpResponse:
    """A motion, from a complaint (`?complaint=7`) or of its own."""
    viewer = request.viewer
    meeting = get_conference_for(viewer, conference)
    if meeting.stage == ConferenceStage.CLOSED:
        raise Refused("The conference is closed", allowed="The chair may open the sitting again")
    drafting = Drafting(
        viewer=viewer,
        conference=meeting,
        seats=seats_of(viewer, meeting),
        data=request.POST if request.method == "POST" else None,
        about=request.GET.get("complaint", ""),
    )
    if drafting.saving and drafting.is_valid():
        try:
            actions.draft_motion(
                conference=meeting,
                clauses=drafting.texts(),
                by=viewer.user,
                now=timezone.now(),
                **drafting.fields(),
            )
        except Refused as refused:
            drafting.refuse(refused)
        else:
            messages.success(
                request, "The draft is saved. Its sponsor and the chair alone see it until it is submitted."
            )
            return _to_desk(request, meeting)
    return _page(request, meeting, drafting)


@seat_required
def motion_edit(request: Request, conference: str, number: int) -> HttpResponse:
    viewer = request.viewer
    motion = get_motion_for(viewer, conference, number)
    _check_own(request, motion)
    drafting = Drafting(
        viewer=viewer,
        conference=motion.conference,
        seats=(),
        motion=motion,
        data=request.POST if request.method == "POST" else None,
    )
    if drafting.saving and drafting.is_valid():
        try:
            actions.edit_motion(
                motion=motion,
                clauses=drafting.texts(),
                by=viewer.user,
                now=timezone.now(),
                **drafting.fields(),
            )
        except Refused as refused:
            drafting.refuse(refused)
        else:
            messages.success(request, "Saved.")
            return _to_desk(request, motion.conference)
    return _page(request, motion.conference, drafting)


@seat_required
@require_POST
def motion_submit(request: Request, conference: str, number: int) -> HttpResponse:
    motion = get_motion_for(request.viewer, conference, number)
    motion = actions.submit_motion(motion=motion, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"Motion {motion.number} is before the conference.")
    return _to_desk(request, motion.conference)


@seat_required
@require_POST
def motion_withdraw(request: Request, conference: str, number: int) -> HttpResponse:
    motion = get_motion_for(request.viewer, conference, number)
    left = actions.withdraw_motion(motion=motion, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"Motion {left.number} is withdrawn." if left else "The draft is thrown away.")
    return _to_desk(request, motion.conference)


def _check_own(request: Request, motion: Motion) -> None:
    """The form is for whoever may still edit; anyone else who may read the motion is told why not."""
    actor = records_votes.actor_at(motion.conference, request.viewer.membership, sponsor=motion.sponsor)
    step = motion_step(MotionStep.EDIT, records_votes.motion_state(motion), actor)
    if not step.allowed:
        raise Refused(step.reason)


def _page(request: Request, meeting: Conference, drafting: Drafting) -> HttpResponse:
    if not drafting.may_move:
        raise Refused("An observer moves no motions", allowed="Ask a member of the conference to move it")
    context = {
        "conference": meeting,
        "drafting": drafting,
        "motion": drafting.motion,
        "preview": preview_of(drafting),
        "here": "conferences",
    }
    part = "preview" if drafting.step == "preview" else "draft"
    status = 422 if drafting.saving else 200
    return page_or_part(request, "diplomacy/motion-form.html", context, part=part, status=status)


def _to_desk(request: Request, meeting: Conference) -> HttpResponse:
    return redirect_to(request, "conference", campaign=request.viewer.campaign.slug, conference=meeting.slug)
