"""Obligations and compliance: reporting, accepting, disputing, the chair's review, and asking for countermeasures."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from diplomacy.access import get_complaint_for, get_conference_for, seat_required, seats_of
from diplomacy.actions import compliance as actions
from diplomacy.actions import countermeasures
from diplomacy.forms.compliance import WordsForm
from diplomacy.forms.motions import Drafting
from diplomacy.forms.previews import preview_of
from diplomacy.records_compliance import obligations_in
from diplomacy.rules.compliance import ObligationStep
from diplomacy.rules.procedure import ComplaintStep
from diplomacy.views.compliance_panel import Asked, compliance_of, owed_of
from khitomer.access import Request, member_required
from khitomer.errors import Refused
from khitomer.htmx import page_or_part, redirect_to

Take = Callable[[str], object]


@member_required
def obligation(request: Request, pk: int) -> HttpResponse:
    """One obligation: what is owed, by whom, what was said of it, and what this viewer may say (`step`, `words`)."""
    viewer = request.viewer
    found = get_object_or_404(obligations_in(viewer.campaign), pk=pk)
    owed = owed_of(viewer, [found])[0]
    asked, status = owed.asked, 200
    if request.method == "POST":
        given: dict[str, Any] = {"obligation": found, "by": viewer.user, "now": timezone.now()}
        takes: dict[str, Take] = {
            ObligationStep.REPORT: lambda words: actions.report(text=words, **given),
            ObligationStep.ACCEPT: lambda words: actions.accept(**given),
            ObligationStep.DISPUTE: lambda words: actions.dispute(reason=words, **given),
            ObligationStep.FIND_MET: lambda words: actions.find(met=True, reason=words, **given),
            ObligationStep.FIND_UNMET: lambda words: actions.find(met=False, reason=words, **given),
        }
        asked, status = _taken(request, asked, takes)
        if status == 302:
            return redirect_to(request, "obligation", campaign=viewer.campaign.slug, pk=found.pk)
    context = {"owed": owed, "asked": asked, "obligation": found, "here": "docket"}
    return render(request, "diplomacy/obligation.html", context, status=status)


@member_required
def complaint_compliance(request: Request, number: int) -> HttpResponse:
    """Compliance with a complaint as a page of its own; a post takes one of its steps (`step`, `words`)."""
    viewer = request.viewer
    found = get_complaint_for(viewer, number)
    panel, status = compliance_of(viewer, found), 200
    if panel is None:
        raise Http404
    if request.method == "POST":
        given: dict[str, Any] = {"complaint": found, "by": viewer.user, "now": timezone.now()}
        takes: dict[str, Take] = {
            ComplaintStep.ACCEPT: lambda words: actions.accept_compliance(reason=words, **given),
            ComplaintStep.FIND_COMPLIED: lambda words: actions.review(complied=True, reason=words, **given),
            ComplaintStep.FIND_NON_COMPLIANT: lambda words: actions.review(
                complied=False, reason=words, **given
            ),
            ComplaintStep.LIFT: lambda words: actions.lift(reason=words, **given),
        }
        asked, status = _taken(request, panel.asked, takes)
        if status == 302:
            return redirect_to(request, "complaint", campaign=viewer.campaign.slug, number=found.number)
        panel = replace(panel, asked=asked)
    context = {"compliance": panel, "complaint": found, "here": "docket"}
    return render(request, "diplomacy/compliance.html", context, status=status)


@seat_required
def countermeasures_new(request: Request, conference: str, number: int) -> HttpResponse:
    """The complainant's motion for countermeasures, drafted like any other; its seat is the sponsor."""
    viewer = request.viewer
    meeting = get_conference_for(viewer, conference)
    found = get_complaint_for(viewer, number)
    panel = compliance_of(viewer, found)
    if panel is None or not panel.may_ask:
        raise Refused(
            "Countermeasures are asked for by the complainant, once it was found not to be complied with"
        )
    drafting = Drafting(
        viewer=viewer,
        conference=meeting,
        seats=[each for each in seats_of(viewer, meeting) if each.power_id == found.complainant_id],
        data=request.POST if request.method == "POST" else None,
        countermeasures=found,
    )
    if drafting.saving and drafting.is_valid():
        fields = drafting.fields()
        try:
            countermeasures.ask_countermeasures(
                complaint=found,
                conference=meeting,
                title=fields["title"],
                mode=fields["mode"],
                clauses=drafting.texts(),
                by=viewer.user,
                now=timezone.now(),
            )
        except Refused as refused:
            drafting.refuse(refused)
        else:
            messages.success(request, "The draft is saved. Submit it, and it is before the conference.")
            return redirect_to(request, "conference", campaign=viewer.campaign.slug, conference=meeting.slug)
    context = {
        "conference": meeting,
        "drafting": drafting,
        "motion": None,
        "countermeasures": found,
        "preview": preview_of(drafting),
        "here": "conferences",
    }
    part = "preview" if drafting.step == "preview" else "draft"
    status = 422 if drafting.saving else 200
    return page_or_part(request, "diplomacy/motion-form.html", context, part=part, status=status)


def _taken(
    request: Request, asked: tuple[Asked, ...], takes: dict[str, Take]
) -> tuple[tuple[Asked, ...], int]:
    """Take the step that was posted: 302 when it was taken; else the forms again, with what is wrong, and 422.

    Whoever has no step to take finds nothing here to post to; a step that is not theirs now is refused in words.
    """
    name = request.POST.get("step", "")
    if name not in takes:
        if not asked:
            raise Http404
        return asked, 422
    step = next((each for each in asked if each.step == name), None)
    if step is None or step.form is None:
        takes[name](request.POST.get("words", ""))
        messages.success(request, _SAID[name])
        return asked, 302
    form = WordsForm(request.POST, label=step.form.fields["words"].label, auto_id=step.form.auto_id)
    if form.is_valid():
        try:
            takes[name](form.cleaned_data["words"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _SAID[name])
            return asked, 302
    failed = replace(step, form=form, open=True)
    return tuple(failed if each is step else each for each in asked), 422


_SAID: dict[str, str] = {
    ObligationStep.REPORT: "The report is before the other side.",
    "accept": "Accepted.",
    ObligationStep.DISPUTE: "It is disputed, and the chair is to review it.",
    ObligationStep.FIND_MET: "Found met.",
    ObligationStep.FIND_UNMET: "Found not met.",
    ComplaintStep.FIND_COMPLIED: "It is complied with.",
    ComplaintStep.FIND_NON_COMPLIANT: "Found not complied with. The complainant may ask for countermeasures.",
    ComplaintStep.LIFT: "The countermeasures are lifted.",
}
