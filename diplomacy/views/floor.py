"""A motion before its vote: seconded, ruled on, debated, amended, divided; and appeals from the chair."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from diplomacy import records, records_votes
from diplomacy.access import get_complaint_for, get_conference_for, get_motion_for, seat_required, seats_of
from diplomacy.actions import amendments as amending
from diplomacy.actions import floor as actions
from diplomacy.actions import motions as drafting
from diplomacy.forms.amendments import Amending
from diplomacy.models import Motion, Seat
from diplomacy.rules.procedure import ComplaintStep, MotionKind, MotionStep, complaint_step, motion_step
from khitomer.access import Request, member_required
from khitomer.errors import Refused
from khitomer.htmx import page_or_part, redirect_to

_MOVED = {
    MotionStep.MOVE_TO_ADJOURN_DEBATE: MotionKind.ADJOURN_DEBATE,
    MotionStep.MOVE_TO_CLOSE_DEBATE: MotionKind.CLOSE_DEBATE,
    MotionStep.ASK_DIVISION: MotionKind.CLAUSE,
    MotionStep.APPEAL: MotionKind.APPEAL,
    MotionStep.RECONSIDER: MotionKind.RECONSIDER,
}
_PUT_FIRST = "put first"


@seat_required
@require_POST
def motion_step_take(request: Request, conference: str, number: int) -> HttpResponse:
    """One step of a motion before its vote; which one is what the pressed button says."""
    motion = get_motion_for(request.viewer, conference, number)
    step = request.POST.get("do", "")
    said = _taken(request, motion, step)
    messages.success(request, said)
    if request.POST.get("at") == "desk":
        return _to_desk(request, conference)
    return _to_motion(request, motion)


def _taken(request: Request, motion: Motion, name: str) -> str:
    """Take the step and say so in a sentence. `Refused` for a step that this page does not know."""
    given: dict[str, Any] = {"by": request.viewer.user, "now": timezone.now()}
    reason = request.POST.get("reason", "")
    if name == _PUT_FIRST:
        amending.put_first(motion=motion, reason=reason, **given)
        return f"Amendment {motion.number} is voted first."
    try:
        step = MotionStep(name)
    except ValueError:
        raise Refused("A motion has no such step") from None
    if step in _MOVED:
        clause = motion.clauses.filter(pk=_key(request, "clause")).first()
        kind = _MOVED[step]
        moved = actions.move(kind=kind, motion=motion, clause=clause, seat=_seat(request, motion), **given)
        return f"Motion {moved.number} is before the conference: {moved.title}."
    if step in actions.DEBATE_STEPS:
        found = actions.set_debate(motion=motion, step=step, reason=reason, **given)
        return f"Motion {found.number} stands at “{found.get_stage_display()}”."
    return _ONE_STEP.get(step, _unknown)(request, motion, reason, given)


def _rule_in_order(request: Request, motion: Motion, reason: str, given: dict[str, Any]) -> str:
    actions.rule_on(motion=motion, in_order=True, reason=reason, **given)
    return f"Motion {motion.number} is in order."


def _rule_out(request: Request, motion: Motion, reason: str, given: dict[str, Any]) -> str:
    actions.rule_on(motion=motion, in_order=False, reason=reason, **given)
    return f"Motion {motion.number} is ruled out of order."


def _second(request: Request, motion: Motion, reason: str, given: dict[str, Any]) -> str:
    found = actions.second(motion=motion, seat=_seat(request, motion), reason=reason, **given)
    by = f" by {found.seconded_by.power}" if found.seconded_by else ""
    return f"Motion {motion.number} is seconded{by}."


def _sign(request: Request, motion: Motion, reason: str, given: dict[str, Any]) -> str:
    actions.sign(motion=motion, **given)
    return "Signed. Its mover may submit it once there are enough sponsors."


def _invite(request: Request, motion: Motion, reason: str, given: dict[str, Any]) -> str:
    seat = motion.conference.seats.select_related("power").filter(pk=_key(request, "other")).first()
    if seat is None:
        raise Refused("Choose the seat that is asked to sponsor it", field="other")
    actions.invite(motion=motion, seat=seat, **given)
    return f"{seat.power} is asked to sponsor it, and may read the draft."


def _withdraw(request: Request, motion: Motion, reason: str, given: dict[str, Any]) -> str:
    drafting.withdraw_motion(motion=motion, reason=reason, **given)
    return f"Motion {motion.number} is withdrawn."


def _unknown(request: Request, motion: Motion, reason: str, given: dict[str, Any]) -> str:
    raise Refused("That step is taken on another page")


_ONE_STEP: dict[MotionStep, Callable[[Request, Motion, str, dict[str, Any]], str]] = {
    MotionStep.RULE_IN_ORDER: _rule_in_order,
    MotionStep.RULE_OUT: _rule_out,
    MotionStep.SECOND: _second,
    MotionStep.SIGN: _sign,
    MotionStep.INVITE: _invite,
    MotionStep.WITHDRAW: _withdraw,
}


@seat_required
def motion_amend(request: Request, conference: str, number: int) -> HttpResponse:
    """Move an amendment to a motion under debate (`?clause=` the clause's key)."""
    viewer = request.viewer
    motion = get_motion_for(viewer, conference, number)
    actor = records_votes.actor_at(motion.conference, viewer.membership)
    step = motion_step(MotionStep.AMEND, records_votes.motion_state(motion), actor)
    if not step.allowed:
        raise Refused(step.reason)
    form = Amending(
        viewer=viewer,
        motion=motion,
        seats=seats_of(viewer, motion.conference),
        data=request.POST if request.method == "POST" else None,
        clause=request.GET.get("clause", ""),
    )
    if form.saving and form.is_valid():
        try:
            moved = amending.propose(motion=motion, by=viewer.user, now=timezone.now(), **form.fields())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Amendment {moved.number} is before the conference.")
            return _to_motion(request, motion)
    context = {"motion": motion, "amending": form, "here": "conferences"}
    return page_or_part(
        request, "diplomacy/motion-amend.html", context, part="draft", status=422 if form.saving else 200
    )


@seat_required
@require_POST
def sitting_move(request: Request, conference: str) -> HttpResponse:
    """Move to suspend or to adjourn the sitting: one press, and it is put before everything else."""
    meeting = get_conference_for(request.viewer, conference)
    try:
        kind = MotionKind(request.POST.get("kind", ""))
    except ValueError:
        raise Refused("A sitting is suspended or adjourned") from None
    moved = actions.move(kind=kind, conference=meeting, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"Motion {moved.number} is before the conference: {moved.title}.")
    return _to_desk(request, conference)


@member_required
def complaint_appeal(request: Request, number: int) -> HttpResponse:
    """Appeal to a conference that sits from the chair's ruling on a complaint."""
    viewer = request.viewer
    complaint = get_complaint_for(viewer, number)
    state = records.complaint_state(complaint)
    courts = list(actions.courts_of(complaint))
    step = complaint_step(ComplaintStep.APPEAL, state, records.voice(viewer.campaign, viewer.user))
    if not step.allowed:
        raise Refused(step.reason)
    if request.method == "POST" and courts:
        slug = request.POST.get("conference", courts[0].slug)
        court = get_object_or_404(actions.courts_of(complaint), slug=slug)
        moved = actions.appeal_admission(
            complaint=complaint, conference=court, by=viewer.user, now=timezone.now()
        )
        messages.success(request, f"Motion {moved.number} is before the conference: {moved.title}.")
        return _to_motion(request, moved)
    context = {"complaint": complaint, "courts": courts, "here": "docket"}
    return render(request, "diplomacy/complaint-appeal.html", context)


def _key(request: Request, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _seat(request: Request, motion: Motion) -> Seat | None:
    """The seat that was chosen, or None where there was no choice; whose it is, is for the action to say."""
    if "seat" not in request.POST:
        return None
    seat = motion.conference.seats.filter(pk=_key(request, "seat")).first()
    if seat is None:
        raise Refused("There is no such seat at this conference", field="seat")
    return seat


def _to_motion(request: Request, motion: Motion) -> HttpResponse:
    conference = motion.conference
    where = {"campaign": request.viewer.campaign.slug, "conference": conference.slug, "number": motion.number}
    return redirect_to(request, "motion", **where)


def _to_desk(request: Request, conference: str) -> HttpResponse:
    return redirect_to(request, "conference", campaign=request.viewer.campaign.slug, conference=conference)
