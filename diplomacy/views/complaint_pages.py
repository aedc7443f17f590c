"""What the pages of the docket show: the values of a template, drawn from rows in few queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from diplomacy import records
from diplomacy.access import actor_for
from diplomacy.actions.drafts import obstacles
from diplomacy.forms.complaints import ReasonForm, ScheduleForm
from diplomacy.models import Complaint, Conference, ConferenceStage, Exhibit, ExhibitKind, Motion
from diplomacy.models.complaints import PRIVATE_STAGES
from diplomacy.rules.procedure import DECIDED_STAGES, ComplaintStage, Feature, MotionStage, complaint_steps
from diplomacy.rules.steps import and_
from diplomacy.views.complaint_record import added, limits_of, step_forms, why_not
from diplomacy.views.complaint_stages import (
    OVERSEEN_STAGES,
    UNCALLED,
    is_called,
    stages_of,
    tone_of,
    waits_for,
)
from diplomacy.views.compliance_panel import compliance_of
from diplomacy.views.judged import TONES, Judged, by_respondent, cited, stored, treaties_of, weigh
from diplomacy.views.parley_page import panel_of, settlement_of
from khitomer.access import Viewer
from khitomer.models import Campaign
from khitomer.sheets import Place, answers


def address(name: str, campaign: Campaign, **kwargs: Any) -> str:
    return reverse(name, kwargs={"campaign": campaign.slug, **kwargs})


# The docket ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DocketRow:
    """A line of the docket."""

    complaint: Complaint
    tag: str
    tone: str
    waits: str


def docket_rows(complaints: QuerySet[Complaint]) -> list[DocketRow]:
    """A few queries, whatever their number."""
    rows = complaints.with_parties().select_related("hearing__conference")
    return [_docket_row(row) for row in rows.prefetch_related("citations__rulings")]


def _docket_row(complaint: Complaint) -> DocketRow:
    stage = ComplaintStage(complaint.stage)
    verdict = records.verdict_of(complaint) if stage is ComplaintStage.RULING else None
    if verdict is not None:
        return DocketRow(complaint, verdict.spoken.capitalize(), TONES[verdict], waits_for(complaint))
    return DocketRow(complaint, stage.capitalize(), tone_of(stage), waits_for(complaint))


def drafts_for(viewer: Viewer) -> list[Complaint]:
    """What the viewer's delegation has on its desk that is not docketed: drafts, what came back, and what waits.

    What waits to be docketed is on the chair's desk as well.
    """
    rows = viewer.campaign.complaints.visible_to(viewer).at(*map(ComplaintStage, PRIVATE_STAGES))
    if viewer.is_gm:
        unspoken = records.unspoken_powers(viewer.campaign)
        rows = rows.filter(Q(complainant__in=unspoken) | Q(stage=ComplaintStage.FILED.value))
    else:
        rows = rows.filter(complainant=viewer.power) if viewer.power else rows.none()
    return list(rows.with_parties())


# The draft ----------------------------------------------------------------------------------------------------------


def draft_state(complaint: Complaint) -> dict[str, Any]:
    """What stands beside the draft and follows its typing: what it lacks, and a look at jurisdiction."""
    citations = cited(complaint)
    treaties = treaties_of(citations) or list(complaint.campaign.treaties.with_forum())
    missing = records.missing(complaint)
    return {
        "complaint": complaint,
        "in_the_name_of": records.called(complaint.complainant),
        "parley": Feature.PARLEY in records.charter_of(complaint).features,
        "jurisdiction": weigh(complaint, citations, treaties, filed=None),
        "missing": list(missing.values()),
        "obstacles": [
            str(each) for each in obstacles(complaint, complaint.campaign.today) if each.field not in missing
        ],
    }


# The complaint ------------------------------------------------------------------------------------------------------

_S = ComplaintStage
_ACTS_FIRST = (_S.FILED, _S.PARLEY, _S.REFERRED, _S.OBJECTED, _S.RULING, _S.ADMITTED)


def complaint_page(viewer: Viewer, complaint: Complaint) -> dict[str, Any]:
    """Everything on the page of a complaint, for this viewer."""
    citations = cited(complaint)
    now = weigh(complaint, citations, treaties_of(citations), filed=complaint.filed_on)
    kept = stored(complaint, citations)
    actor = actor_for(viewer)
    state = records.complaint_state(complaint)
    by_name = {step.name.name.lower(): step for step in complaint_steps(state, actor)}
    verdict = records.verdict_of(complaint)
    hearing = records.hearing_of(complaint)
    own = actor.speaks_for(records.called(complaint.complainant))
    forms = step_forms(viewer, complaint, by_name, actor)
    party = viewer.is_gm or any(actor.speaks_for(records.called(power)) for power in complaint.parties)
    return {
        "here": "docket",
        "complaint": complaint,
        "citations": citations,
        "stages": stages_of(complaint, state.features),
        "strips": now.strips,
        "judged": kept,
        "against": by_respondent(kept),
        "verdict": verdict,
        "verdict_tone": TONES[verdict] if verdict else "",
        "called": is_called(complaint),
        "record_changed": _differ(kept, now.judged),
        "exhibits": [(each, exhibit_address(complaint, each.letter)) for each in complaint.exhibits.all()],
        "admission": getattr(complaint, "admission", None),
        "compliance": compliance_of(viewer, complaint, actor=actor),
        "hearing": hearing,
        "motions": list(_motions(viewer, complaint)),
        "own": own,
        "steps": by_name,
        # Then what is next stands first, so that whoever is to act need not scroll for it.
        "acts": forms["objection_form"] is not None
        or (viewer.is_gm and complaint.stage in _ACTS_FIRST)
        or (own and "refer" in by_name and by_name["refer"].allowed),
        "limits": limits_of(complaint, party=party),
        "why_not": why_not(viewer, complaint, by_name, actor),
        "schedule_form": _schedule_form(complaint) if by_name["schedule"].allowed else None,
        "ruling_form": ReasonForm(auto_id="ruling-%s"),
        "return_form": ReasonForm(auto_id="return-%s", label="What is to be mended"),
        "withdraw_form": ReasonForm(auto_id="withdraw-%s"),
        "refer_form": ReasonForm(auto_id="refer-%s"),
        "waits": waits_for(complaint),
        "parley": panel_of(viewer, complaint),
        "settlement": settlement_of(viewer, complaint),
        **added(complaint),
        **forms,
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
    own = Q(sponsor__power=viewer.delegation) if viewer.delegation else Q(pk__in=())
    return motions.filter(own | ~Q(stage=MotionStage.DRAFT.value))


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


def summons(complaint: Complaint) -> answers.Page:
    """The summons, or what was filed. Nothing in it is any one viewer's."""
    campaign, number = complaint.campaign, complaint.number
    called, context = is_called(complaint), summons_of(complaint)
    return answers.Page(
        name=f"{'Summons' if called else 'Complaint'} No. {number}: {complaint.title}",
        template="print/summons.html",
        context=context,
        back=address("complaint", campaign, number=number),
        pdf=address("summons-pdf", campaign, number=number),
        file=f"summons-{number}",
        pictures=places_of(context["exhibits"]),
    )


def summons_of(complaint: Complaint) -> dict[str, Any]:
    """The values of print/summons.html."""
    citations = cited(complaint)
    stage = ComplaintStage(complaint.stage)
    return {
        "called": is_called(complaint),
        "decided": stage in (*DECIDED_STAGES, *OVERSEEN_STAGES),
        "uncalled_because": UNCALLED.get(stage, ""),
        "campaign": complaint.campaign,
        "complaint": complaint,
        "complainant": records.called(complaint.complainant),
        "respondents": complaint.respondents,
        "respondent": and_(records.called(power) for power in complaint.respondents),
        "citations": citations,
        "judged": stored(complaint, citations),
        "verdict": records.verdict_of(complaint),
        "exhibits": [(each, exhibit_address(complaint, each.letter)) for each in complaint.exhibits.all()],
        "admission": getattr(complaint, "admission", None),
    }


ACROSS, DOWN = 136.0, 57.0
"""Width and height of an exhibit on the summons, in millimetres at most."""


def places_of(exhibits: Iterable[tuple[Exhibit, str]]) -> dict[str, Place]:
    """By its address on the summons, each of these exhibits that can be printed."""
    return {at: Place(each.file, ACROSS, DOWN) for each, at in exhibits if each.kind == ExhibitKind.PICTURE}


def exhibit_address(complaint: Complaint, letter: str) -> str:
    """Where an exhibit is seen; of what is not docketed yet, at its draft's address."""
    if complaint.number is None:
        return address("draft-exhibit", complaint.campaign, token=complaint.token, letter=letter)
    return address("exhibit", complaint.campaign, number=complaint.number, letter=letter)
