"""What is keyed in or said aloud: the chair's show of hands, and a delegation's pledge before the vote."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from diplomacy import records_votes as records
from diplomacy.access import get_motion_for, seat_required
from diplomacy.actions import ballots, pledges
from diplomacy.actions import hands as actions
from diplomacy.forms.ballots import PledgeForm
from diplomacy.models import Motion
from diplomacy.rules.procedure import MotionStage
from diplomacy.views.ballots import seat_of, to_motion, vote_page
from khitomer.access import Request, gm_required
from khitomer.errors import Refused


@gm_required
@require_POST
def hands(request: Request, conference: str, number: int) -> HttpResponse:
    """Key in what each seat showed: all alike, or seat by seat; and close the vote in the same press if asked to."""
    found = get_motion_for(request.viewer, conference, number)
    given = {"by": request.viewer.user, "now": timezone.now()}
    actions.key_in(motion=found, choices=_shown(request, found), **given)
    if request.POST.get("do") == "close":
        found = ballots.close(motion=found, **given)
        messages.success(request, f"The vote on motion {found.number} is closed. {found.reason}")
        return to_motion(request, found)
    if request.htmx and found.stage == MotionStage.VOTING:
        return vote_page(request, found, said="Kept. It counts when the vote closes.")
    messages.success(request, "Kept. It counts when the vote closes.")
    return to_motion(request, found)


def _shown(request: Request, motion: Motion) -> dict[int, str]:
    """What was keyed in by seat; a button for all of them fills in the whole room."""
    voters = [each.seat_id for each in motion.electors.all() if records.may_vote(each)]
    if "all" in request.POST:
        return dict.fromkeys(voters, request.POST["all"])
    return {seat: request.POST.get(f"hand-{seat}", "") for seat in voters}


@seat_required
@require_POST
def pledge(request: Request, conference: str, number: int) -> HttpResponse:
    """Say how a seat will vote, or take that back."""
    found = get_motion_for(request.viewer, conference, number)
    form = PledgeForm(request.POST)
    if not form.is_valid():
        raise Refused("A pledge says yes, no or abstain, and for which seat")
    seat, choice = seat_of(found, form.cleaned_data["seat"]), form.cleaned_data["choice"]
    pledges.pledge(motion=found, seat=seat, choice=choice, by=request.viewer.user, now=timezone.now())
    said = f"{seat.power} pledges: {choice}." if choice else f"{seat.power} takes its pledge back."
    messages.success(request, said)
    return to_motion(request, found)
