"""What the pages of the docket show: the values of a template, drawn from rows in few queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.urls import reverse

from diplomacy import records
from diplomacy.access import actor_for
from diplomacy.forms.complaints import ReasonForm, ScheduleForm
from diplomacy.models import Citation, Complaint, Conference, ConferenceStage, ExhibitKind, Motion
from diplomacy.models.complaints import PRIVATE_STAGES
from diplomacy.rules.jurisdiction import Ruling as Found
from diplomacy.rules.jurisdiction import Verdict, overall
from diplomacy.rules.procedure import ComplaintStage, ComplaintStep, MotionStage, Step, complaint_steps
from khitomer.access import Viewer
from khitomer.models import Campaign, Treaty
from khitomer.printing import Paper
from khitomer.rules.dates import StoryDate

MARKS = {"yes": "✓", "no": "✗", "doubt": "?"}
ANSWERS = {"yes": "Yes", "no": "No", "doubt": "In doubt"}
_TONES = {Verdict.BOUND: "moss", Verdict.NOT_BOUND: "brick", Verdict.IN_DOUBT: "amber"}


def address(name: str, campaign: Campaign, **kwargs: Any) -> str:
    return reverse(name, kwargs={"campaign": campaign.slug, **kwargs})


# Stages in words ----------------------------------------------------------------------------------------------------

_S = ComplaintStage
_STAGE_TONES = {
    _S.DRAFT: "",
    _S.RETURNED: "brick",
    _S.FILED: "amber",
    _S.RULING: "amber",
    _S.ADMITTED: "sky",
    _S.SCHEDULED: "sky",
    _S.HEARD: "lilac",
    _S.BREACH: "brick",
    _S.NO_BREACH: "moss",
    _S.COMPLIED: "moss",
}
_WAITS = {
    _S.DRAFT: "Its delegation is writing it",
    _S.RETURNED: "Its delegation is to amend it",
    _S.FILED: "The chair is to docket it",
    _S.RULING: "The chair is to admit it or not",
    _S.ADMITTED: "A conference is to hear it",
    _S.HEARD: "The conference is to decide",
    _S.BREACH: "Decided: a breach was found",
    _S.NO_BREACH: "Decided: no breach was found",
    _S.NO_DECISION: "The conference came to no decision",
    _S.INADMISSIBLE: "Closed: found inadmissible",
    _S.WITHDRAWN: "Closed: withdrawn by the complainant",
}


def tone_of(stage: ComplaintStage) -> str:
    return _STAGE_TONES.get(stage, "")


def waits_for(complaint: Complaint) -> str:
    """What is to happen next, or how it ended, in a few words."""
    stage = ComplaintStage(complaint.stage)
    hearing = records.hearing_of(complaint)
    if hearing and stage in (_S.SCHEDULED, _S.HEARD):
        verb = "is to hear it" if stage is _S.SCHEDULED else "has heard it, and is to decide"
        return f"{hearing.conference} {verb}"
    return _WAITS.get(stage, stage.capitalize())


@dataclass(frozen=True)
class Stages:
    """The labels of the stage bar, the one in hand, a note on it, and whether it is done."""

    labels: tuple[str, ...]
    now: str
    note: str = ""
    finished: bool = False


_ROAD = ("Filed", "Ruling", "Agenda", "Hearing", "Finding")
_PLACES = {
    _S.DRAFT: ("Filed", "draft", False),
    _S.FILED: ("Filed", "", False),
    _S.RETURNED: ("Filed", "returned", False),
    _S.RULING: ("Ruling", "", False),
    _S.ADMITTED: ("Agenda", "admitted", False),
    _S.SCHEDULED: ("Hearing", "scheduled", False),
    _S.HEARD: ("Finding", "", False),
    _S.BREACH: ("Finding", "breach", True),
    _S.NO_BREACH: ("Finding", "no breach", True),
    _S.NO_DECISION: ("Finding", "no decision", True),
}


def stages_of(complaint: Complaint) -> Stages:
    """The road of this complaint, ending where it left the road."""
    stage = ComplaintStage(complaint.stage)
    if stage is _S.INADMISSIBLE:
        return Stages((*_ROAD[:2], "Inadmissible"), "Inadmissible", "", True)
    if stage is _S.WITHDRAWN:
        return Stages((_ROAD[0], "Withdrawn"), "Withdrawn", "", True)
    if stage in _PLACES:
        now, note, finished = _PLACES[stage]
        return Stages(_ROAD, now, note, finished)
    name = stage.capitalize()
    return Stages((*_ROAD, name), name)


# The docket ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DocketRow:
    """A line of the docket."""

    complaint: Complaint
    tag: str
    tone: str
    waits: str


def docket_rows(complaints: QuerySet[Complaint]) -> list[DocketRow]:
    """Two queries, whatever their number."""
    rows = complaints.select_related("complainant", "respondent", "hearing__conference")
    return [_docket_row(row) for row in rows.prefetch_related("citations__ruling")]


def _docket_row(complaint: Complaint) -> DocketRow:
    stage = ComplaintStage(complaint.stage)
    verdict = records.verdict_of(complaint) if stage is _S.RULING else None
    if verdict is not None:
        return DocketRow(complaint, verdict.capitalize(), _TONES[verdict], waits_for(complaint))
    return DocketRow(complaint, stage.capitalize(), tone_of(stage), waits_for(complaint))


def drafts_for(viewer: Viewer) -> list[Complaint]:
    """What the viewer's delegation has on its desk unfiled: drafts, and complaints that came back."""
    rows = viewer.campaign.complaints.visible_to(viewer).at(*map(_S, PRIVATE_STAGES))
    if viewer.is_gm:
        rows = rows.filter(complainant__in=records.unspoken_powers(viewer.campaign))
    else:
        rows = rows.filter(complainant=viewer.power) if viewer.power else rows.none()
    return list(rows.with_parties())


# Jurisdiction -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ground:
    """One ground of a ruling, ready to be shown."""

    question: str
    because: str
    answer: str
    word: str
    mark: str


@dataclass(frozen=True)
class Judged:
    """A provision cited with its ruling."""

    citation: Citation
    verdict: Verdict
    tone: str
    grounds: tuple[Ground, ...]


def _ground(question: str, answer: str, because: str) -> Ground:
    return Ground(question, because, answer, ANSWERS[answer], MARKS[answer])


def stored(citations: Iterable[Citation]) -> list[Judged]:
    """The rulings as they were computed and kept."""
    judged = []
    for citation in citations:
        ruling = getattr(citation, "ruling", None)
        if ruling:
            verdict = Verdict(ruling.verdict)
            grounds = tuple(_ground(**ground) for ground in ruling.grounds)
            judged.append(Judged(citation, verdict, _TONES[verdict], grounds))
    return judged


def _as_judged(citation: Citation, found: Found) -> Judged:
    grounds = tuple(_ground(each.question, each.answer.value, each.because) for each in found.grounds)
    return Judged(citation, found.verdict, _TONES[found.verdict], grounds)


@dataclass(frozen=True)
class Jurisdiction:
    """The strips and the rulings of a complaint on the record as it stands now."""

    strips: list[records.Strip]
    judged: list[Judged]

    @property
    def verdict(self) -> Verdict | None:
        return overall(each.verdict for each in self.judged) if self.judged else None

    @property
    def tone(self) -> str:
        return _TONES[self.verdict] if self.verdict else ""


def weigh(
    complaint: Complaint, citations: list[Citation], treaties: list[Treaty], *, filed: StoryDate | None
) -> Jurisdiction:
    """Who was bound when, and what that says of each provision cited; a draft may lack a party or the day.

    `filed` None is a filing today.
    """
    powers = [power for power in (complaint.complainant, complaint.respondent) if power]
    provisions = [citation.provision for citation in citations]
    record = records.draw(powers, provisions, treaties)
    act, today = complaint.act_on, complaint.campaign.today
    strips = [records.strip(record, treaty, powers, act=act, today=today) for treaty in treaties]
    if complaint.respondent is None or act is None:
        return Jurisdiction(strips, [])
    found = [
        records.weigh(
            record,
            citation.provision,
            complainant=complaint.complainant,
            respondent=complaint.respondent,
            act=act,
            filed=filed or today,
        )
        for citation in citations
    ]
    return Jurisdiction(strips, [_as_judged(*pair) for pair in zip(citations, found, strict=True)])


def _cited(complaint: Complaint) -> list[Citation]:
    """The provisions cited with their rulings, kept on the complaint for whoever asks it next."""
    prefetch_related_objects([complaint], "citations__provision__treaty", "citations__ruling")
    return list(complaint.citations.all())


def _treaties(citations: Iterable[Citation]) -> list[Treaty]:
    return list({citation.provision.treaty_id: citation.provision.treaty for citation in citations}.values())


# The draft ----------------------------------------------------------------------------------------------------------


def draft_state(complaint: Complaint) -> dict[str, Any]:
    """What stands beside the draft and follows its typing: what it lacks, and a look at jurisdiction."""
    citations = _cited(complaint)
    treaties = _treaties(citations) or list(complaint.campaign.treaties.with_forum())
    return {
        "complaint": complaint,
        "in_the_name_of": records.called(complaint.complainant),
        "jurisdiction": weigh(complaint, citations, treaties, filed=None),
        "missing": list(records.missing(complaint).values()),
    }


# The complaint ------------------------------------------------------------------------------------------------------

_STEP_WORDS = {
    ComplaintStep.RETURN: "Return it",
    ComplaintStep.ADMIT: "Admit it",
    ComplaintStep.DECLINE: "Find it inadmissible",
    ComplaintStep.SCHEDULE: "Put it on an agenda",
    ComplaintStep.HEAR: "Open the hearing",
    ComplaintStep.DECIDE: "Decide it",
    ComplaintStep.WITHDRAW: "Withdraw it",
    ComplaintStep.EDIT: "Edit the statement",
}


def complaint_page(viewer: Viewer, complaint: Complaint) -> dict[str, Any]:
    """Everything on the page of a complaint, for this viewer."""
    citations = _cited(complaint)
    now = weigh(complaint, citations, _treaties(citations), filed=complaint.filed_on)
    kept = stored(citations)
    actor = actor_for(viewer)
    steps = complaint_steps(records.complaint_state(complaint), actor)
    by_name = {step.name.name.lower(): step for step in steps}
    verdict = records.verdict_of(complaint)
    hearing = records.hearing_of(complaint)
    return {
        "here": "docket",
        "complaint": complaint,
        "citations": citations,
        "stages": stages_of(complaint),
        "strips": now.strips,
        "judged": kept,
        "verdict": verdict,
        "verdict_tone": _TONES[verdict] if verdict else "",
        "record_changed": _differ(kept, now.judged),
        "exhibits": list(complaint.exhibits.all()),
        "admission": getattr(complaint, "admission", None),
        "hearing": hearing,
        "motions": list(_motions(viewer, complaint)),
        "own": actor.speaks_for(records.called(complaint.complainant)),
        "steps": by_name,
        # Then what is next stands first, so that the chair need not scroll for it.
        "chair_acts": viewer.is_gm and complaint.stage in (_S.FILED, _S.RULING, _S.ADMITTED),
        "why_not": _why_not(viewer, steps),
        "schedule_form": _schedule_form(complaint) if by_name["schedule"].allowed else None,
        "ruling_form": ReasonForm(auto_id="ruling-%s"),
        "return_form": ReasonForm(auto_id="return-%s", label="What is to be mended"),
        "waits": waits_for(complaint),
    }


def _differ(kept: list[Judged], now: list[Judged]) -> bool:
    """Whether the record would give another ruling today than the one that was kept."""
    if not kept or len(kept) != len(now):
        return False
    return any(a.grounds != b.grounds for a, b in zip(kept, now, strict=True))


def _motions(viewer: Viewer, complaint: Complaint) -> QuerySet[Motion]:
    """The motions on it; a draft is its sponsor's and the GM's alone."""
    motions = complaint.motions.select_related("conference", "resolution").order_by("pk")
    if viewer.is_gm:
        return motions
    own = Q(sponsor__power=viewer.power) if viewer.power else Q(pk__in=())
    return motions.filter(own | ~Q(stage=MotionStage.DRAFT.value))


def _why_not(viewer: Viewer, steps: Iterable[Step[ComplaintStep, ComplaintStage]]) -> list[tuple[str, str]]:
    """The steps that a party or the chair might look for and cannot take now, with the reason."""
    if viewer.power is None and not viewer.is_gm:
        return []
    return [
        (_STEP_WORDS[step.name], step.reason)
        for step in steps
        if step.name in _STEP_WORDS and not step.allowed
    ]


def _schedule_form(complaint: Complaint) -> ScheduleForm | None:
    """The choice of a conference, or None where there is none to choose."""
    conferences = conferences_for(complaint)
    return ScheduleForm(conferences=conferences) if conferences.exists() else None


def conferences_for(complaint: Complaint) -> QuerySet[Conference]:
    """Those that can hear it: not closed, and of a treaty that it cites."""
    return (
        complaint.campaign.conferences.exclude(stage=ConferenceStage.CLOSED)
        .filter(treaty__provisions__citations__complaint=complaint)
        .distinct()
    )


# The summons --------------------------------------------------------------------------------------------------------


def summons(complaint: Complaint, paper: Paper) -> dict[str, Any]:
    """The values of print/summons.html. Nothing in it is any one viewer's."""
    campaign, number = complaint.campaign, complaint.number
    citations = _cited(complaint)
    as_pdf = address("summons-pdf", campaign, number=number)
    return {
        "campaign": campaign,
        "complaint": complaint,
        "complainant": records.called(complaint.complainant),
        "respondent": records.called(complaint.respondent) if complaint.respondent else "",
        "citations": citations,
        "judged": stored(citations),
        "verdict": records.verdict_of(complaint),
        "exhibits": [(each, _picture_url(complaint, each.letter)) for each in complaint.exhibits.all()],
        "admission": getattr(complaint, "admission", None),
        "paper": paper.value,
        "back_url": address("complaint", campaign, number=number),
        "pdf_url_a4": as_pdf,
        "pdf_url_letter": f"{as_pdf}?paper=letter",
    }


def pictures(complaint: Complaint) -> dict[str, bytes]:
    """The exhibits that can be printed, by the address under which the summons shows them."""
    found = {}
    for exhibit in complaint.exhibits.filter(kind=ExhibitKind.PICTURE):
        try:
            with exhibit.file.open("rb") as file:
                found[_picture_url(complaint, exhibit.letter)] = file.read()
        except FileNotFoundError:
            continue
    return found


def _picture_url(complaint: Complaint, letter: str) -> str:
    return address("exhibit", complaint.campaign, number=complaint.number, letter=letter)
