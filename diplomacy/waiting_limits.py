"""The time-limits of complaints, told on the desks and before the GM lets the story go past them.

A parley's limit and the window for objections are everyone's to read on the docket. Whether a respondent has answered
is not: what asks for an answer is told to the parties and the GM alone.
"""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.urls import reverse

from diplomacy.models import Complaint
from diplomacy.rules.limits import due_after, has_run
from diplomacy.rules.procedure import ComplaintStage
from khitomer.access import Viewer
from khitomer.due import Due
from khitomer.rules.dates import StoryDate

_S = ComplaintStage

SOON = 30
"""Story days before a limit comes due in which the chair's desk names it."""


def limits_due(viewer: Viewer, date: StoryDate) -> list[Due]:
    """For the page of the story date: the limits that come due by its last day, and have not run before today."""
    if not viewer.is_gm and viewer.power is None:
        return []
    today = viewer.campaign.today
    return [
        due
        for complaint in _running(viewer)
        for due in _limits(complaint)
        if due.on.first <= date.last and not has_run(due.on, today)
    ]


def _running(viewer: Viewer) -> QuerySet[Complaint]:
    """What is in a parley, or open to objections, and is the viewer's affair."""
    rows = viewer.campaign.complaints.visible_to(viewer).docketed().at(_S.PARLEY, _S.REFERRED)
    if not viewer.is_gm and viewer.power is not None:
        of = Q(complainant=viewer.power) | Q(respondent=viewer.power)
        beside = Q(joinders__power=viewer.power, joinders__role="respondent")
        rows = rows.filter(of | beside).distinct()
    return rows.with_parties()


def _limits(complaint: Complaint) -> Iterator[Due]:
    url = reverse("complaint", args=[complaint.campaign.slug, complaint.number])
    named = f"No. {complaint.number}, {complaint.complainant} v. {complaint.against}"
    if complaint.stage == _S.PARLEY:
        if complaint.answer_due and complaint.answered_on is None:
            yield Due(
                complaint.answer_due, f"{named}: an answer; without one it may be referred", url, "Answer"
            )
        if complaint.parley_due:
            yield Due(
                complaint.parley_due, f"{named}: the parley ends, and it may be referred", url, "Parley"
            )
    elif complaint.objection_due:
        yield Due(complaint.objection_due, f"{named}: the last day to object", url, "Objection")


def comes_due(complaint: Complaint) -> bool:
    """Whether a limit of this complaint has run, or does so within `SOON` story days."""
    today = complaint.campaign.today
    soon = due_after(today, SOON)
    return any(due.on.first <= soon.last for due in _limits(complaint))


def asked_of(complaint: Complaint, *, respondent: bool) -> tuple[str, str] | None:
    """What the limits ask of a party today, as the tag of a row and its tone; None where no limit runs."""
    today = complaint.campaign.today
    if complaint.stage == _S.PARLEY:
        answer, parley = complaint.answer_due, complaint.parley_due
        unanswered = complaint.answered_on is None
        if (unanswered and has_run(answer, today)) or has_run(parley, today):
            return ("May be referred", "amber")
        if unanswered and answer:
            return (f"{'Answer' if respondent else 'Answer due'} by {answer.short()}", "amber")
        return (f"In parley until {parley.short()}", "lilac") if parley else None
    due = complaint.objection_due
    if complaint.stage == _S.REFERRED and due and not has_run(due, today):
        return (f"{'Object' if respondent else 'Objections'} by {due.short()}", "amber")
    return None
