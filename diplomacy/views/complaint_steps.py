"""A complaint on its way: docketed or returned, referred, objected to, added to, joined, withdrawn.

The pages offer what the procedure lets each person do, and each action asks it again. What has no number yet is
addressed by its draft's token.
"""

import uuid

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from diplomacy import records
from diplomacy.access import actor_for, get_complaint_for
from diplomacy.actions import complaints as actions
from diplomacy.forms.complaints import ReasonForm
from diplomacy.forms.stages import InTheNameOf, JoinForm, ObjectionForm, SupplementForm
from diplomacy.models import Complaint
from diplomacy.views.complaint_record import joiners, objectors, supplementers
from diplomacy.views.complaints import back_to, complaint_page, readable
from khitomer.access import Request, gm_required, member_required
from khitomer.errors import Refused
from khitomer.forms import refuse


def _called(complaint: Complaint) -> str:
    return f"No. {complaint.number}" if complaint.number else "The complaint"


# Before it is docketed ------------------------------------------------------------------------------------------------


@gm_required
@require_POST
def complaint_docket(request: Request, token: uuid.UUID) -> HttpResponse:
    row = readable(request, token)
    done = actions.docket(complaint=row, by=request.viewer.user, now=timezone.now())
    return back_to(request, done, f"The complaint is docketed as No. {done.number}.")


@gm_required
@require_POST
def filed_return(request: Request, token: uuid.UUID) -> HttpResponse:
    return _return(request, readable(request, token))


@gm_required
@require_POST
def complaint_return(request: Request, number: int) -> HttpResponse:
    return _return(request, get_complaint_for(request.viewer, number))


def _return(request: Request, row: Complaint) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="return-%s", label="What is to be mended")
    if form.is_valid():
        try:
            done = actions.return_complaint(
                complaint=row,
                reason=form.cleaned_data["reason"],
                by=request.viewer.user,
                now=timezone.now(),
            )
            return back_to(request, done, f"{_called(done)} is back with its delegation.")
        except Refused as refused:
            refuse(form, refused)
    return complaint_page(request, row, return_form=form)


@member_required
@require_POST
def filed_withdraw(request: Request, token: uuid.UUID) -> HttpResponse:
    return _withdraw(request, readable(request, token))


@member_required
@require_POST
def complaint_withdraw(request: Request, number: int) -> HttpResponse:
    return _withdraw(request, get_complaint_for(request.viewer, number))


def _withdraw(request: Request, row: Complaint) -> HttpResponse:
    """By its delegation; by the chair with a reason, as an overrule."""
    viewer = request.viewer
    if not viewer.is_gm and not actor_for(viewer).speaks_for(records.called(row.complainant)):
        raise Http404
    form = ReasonForm(request.POST, auto_id="withdraw-%s")
    if form.is_valid():
        try:
            done = actions.withdraw(
                complaint=row, reason=form.cleaned_data["reason"], by=viewer.user, now=timezone.now()
            )
            return back_to(request, done, f"{_called(done)} is withdrawn.")
        except Refused as refused:
            if refused.field is None:
                raise
            refuse(form, refused)
    return complaint_page(request, row, withdraw_form=form)


# On the docket --------------------------------------------------------------------------------------------------------
#
# What was written stays in its field, even where it comes too late.


@member_required
@require_POST
def complaint_refer(request: Request, number: int) -> HttpResponse:
    viewer = request.viewer
    row = get_complaint_for(viewer, number)
    if not viewer.is_gm and not actor_for(viewer).speaks_for(records.called(row.complainant)):
        raise Http404
    form = ReasonForm(request.POST, auto_id="refer-%s")
    if form.is_valid():
        try:
            actions.refer(
                complaint=row, reason=form.cleaned_data["reason"], by=viewer.user, now=timezone.now()
            )
            return back_to(request, row, f"No. {number} is referred to the chair.")
        except Refused as refused:
            if refused.field is None:
                raise
            refuse(form, refused)
    return complaint_page(request, row, refer_form=form)


@member_required
@require_POST
def complaint_object(request: Request, number: int) -> HttpResponse:
    row = get_complaint_for(request.viewer, number)
    form = ObjectionForm(
        request.POST, auto_id="objection-%s", voices=objectors(row, actor_for(request.viewer))
    )
    _need_a_voice(form)
    if form.is_valid():
        try:
            actions.object_to(
                complaint=row,
                power=form.speaker,
                text=form.cleaned_data["text"],
                by=request.viewer.user,
                now=timezone.now(),
            )
            return back_to(request, row, "The objection is on record.")
        except Refused as refused:
            refuse(form, refused)
    return complaint_page(request, row, objection_form=form)


@member_required
@require_POST
def complaint_supplement(request: Request, number: int) -> HttpResponse:
    row = get_complaint_for(request.viewer, number)
    form = SupplementForm(
        request.POST, auto_id="supplement-%s", voices=supplementers(row, actor_for(request.viewer))
    )
    _need_a_voice(form)
    if form.is_valid():
        try:
            actions.supplement(
                complaint=row,
                power=form.speaker,
                text=form.cleaned_data["text"],
                by=request.viewer.user,
                now=timezone.now(),
            )
            return back_to(request, row, "The supplement is on record.")
        except Refused as refused:
            refuse(form, refused)
    return complaint_page(request, row, supplement_form=form)


@member_required
@require_POST
def complaint_join(request: Request, number: int) -> HttpResponse:
    viewer = request.viewer
    row = get_complaint_for(viewer, number)
    actor = actor_for(viewer)
    joined = [power for power in row.third_parties if actor.speaks_for(records.called(power))]
    form = JoinForm(request.POST, auto_id="join-%s", voices=[*joiners(viewer, row, actor), *joined])
    _need_a_voice(form)
    if form.is_valid():
        try:
            done = actions.join(
                complaint=row,
                power=form.speaker,
                interest=form.cleaned_data["interest"],
                by=viewer.user,
                now=timezone.now(),
            )
            return back_to(request, row, f"{done.power} is a third party to No. {number}.")
        except Refused as refused:
            refuse(form, refused)
    return complaint_page(request, row, join_form=form)


def _need_a_voice(form: InTheNameOf) -> None:
    """Nobody is told of a form that could never be theirs."""
    if not form.voices:
        raise Http404
