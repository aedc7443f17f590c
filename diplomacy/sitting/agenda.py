"""The agenda: each complaint with its motions, and the steps that this viewer may take with it now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from diplomacy import records
from diplomacy.access import actor_for
from diplomacy.models import Complaint, Conference, ConferenceStage, Hearing
from diplomacy.rules.procedure import (
    DECIDED_STAGES,
    Actor,
    ComplaintStage,
    ComplaintStep,
    Finding,
    MotionStage,
    complaint_step,
)
from diplomacy.sitting.acts import Act, opening_act, path_of
from diplomacy.sitting.motions import MotionRow
from khitomer.access import Viewer

_OVER = (
    *DECIDED_STAGES,
    ComplaintStage.COMPLIANCE,
    ComplaintStage.COMPLIED,
    ComplaintStage.WITHDRAWN,
    ComplaintStage.SETTLED,
    ComplaintStage.INADMISSIBLE,
)
_TONES = {
    ComplaintStage.SCHEDULED: "sky",
    ComplaintStage.HEARD: "lilac",
    ComplaintStage.BREACH: "brick",
    ComplaintStage.NO_BREACH: "moss",
    ComplaintStage.NO_DECISION: "amber",
}


@dataclass(frozen=True, kw_only=True)
class Item:
    """A complaint on the agenda, its motions, and the steps that this viewer may take with it now."""

    hearing: Hearing
    complaint: Complaint
    motions: tuple[MotionRow, ...]
    acts: tuple[Act, ...]
    why_not: str = ""
    tone: str = ""
    current: bool = False

    @property
    def being_heard(self) -> bool:
        return self.complaint.stage == ComplaintStage.HEARD

    @property
    def to_enact(self) -> bool:
        return any(row.to_enact for row in self.motions)

    @property
    def stage_words(self) -> str:
        """Where it stands: from the opening of its hearing until the decision it is being heard."""
        return "Being heard" if self.being_heard else str(self.complaint.get_stage_display())

    @property
    def done(self) -> bool:
        return self.complaint.stage in _OVER


def items_of(
    viewer: Viewer,
    conference: Conference,
    rows: Sequence[MotionRow],
    lacking: str,
    may_move: bool,
    in_hand: int | None = None,
) -> list[Item]:
    """The items in their order; `lacking` says why the room has no quorum, or nothing.

    `in_hand` is the hearing that the chair took up.
    """
    hearings = list(
        conference.hearings.select_related(
            "complaint__complainant", "complaint__respondent"
        ).prefetch_related(
            "complaint__citations__provision__treaty",
            "complaint__citations__rulings",
            "complaint__joinders__power",
        )
    )
    for hearing in hearings:
        hearing.conference = hearing.complaint.hearing.conference = conference
        hearing.complaint.campaign = viewer.campaign
    to_enact = {row.motion.complaint_id for row in rows if row.to_enact}
    current = _current(hearings, to_enact, in_hand)
    chair = actor_for(viewer)
    found = []
    for hearing in hearings:
        complaint = hearing.complaint
        own = tuple(row for row in rows if row.complaint_id == complaint.pk)
        acts, why_not = _item_acts(viewer, hearing, own, chair, lacking, may_move)
        found.append(
            Item(
                hearing=hearing,
                complaint=complaint,
                motions=own,
                acts=tuple(acts),
                why_not=why_not,
                tone=_TONES.get(ComplaintStage(complaint.stage), ""),
                current=hearing is current,
            )
        )
    return found


def _current(
    hearings: Sequence[Hearing], to_enact: Collection[int | None], in_hand: int | None
) -> Hearing | None:
    """The item in hand: what the chair took up, until there is nothing left to do about it.

    Or else the one heard last, one whose resolution is to be enacted, or the next to be heard.
    """
    for hearing in hearings:
        waits = hearing.complaint.stage in (ComplaintStage.SCHEDULED, ComplaintStage.HEARD)
        if hearing.pk == in_hand and (waits or hearing.complaint_id in to_enact):
            return hearing
    heard = [hearing for hearing in hearings if hearing.complaint.stage == ComplaintStage.HEARD]
    opened = {hearing.opened_at: hearing for hearing in heard if hearing.opened_at}
    if opened:
        return opened[max(opened)]
    waiting = [hearing for hearing in hearings if hearing.complaint.stage == ComplaintStage.SCHEDULED]
    adopted = [hearing for hearing in hearings if hearing.complaint_id in to_enact]
    return next(iter([*heard, *adopted, *waiting]), None)


def _item_acts(
    viewer: Viewer,
    hearing: Hearing,
    motions: Sequence[MotionRow],
    chair: Actor,
    lacking: str,
    may_move: bool,
) -> tuple[list[Act], str]:
    conference, complaint = hearing.conference, hearing.complaint
    acts, why_not = [], ""
    if viewer.is_gm and complaint.stage == ComplaintStage.SCHEDULED:
        step = complaint_step(ComplaintStep.HEAR, records.complaint_state(complaint), chair)
        planned = conference.stage == ConferenceStage.PLANNED
        if conference.stage in (ConferenceStage.CLOSED, ConferenceStage.SUSPENDED):
            acts.append(opening_act(viewer, conference))
            why_not = step.reason
        elif lacking:
            why_not = f"{lacking}. Call the roll again when more seats are in the room."
        elif step.allowed or planned:
            path = path_of(viewer, "hearing-open", conference=conference.slug, number=complaint.number)
            label = "Open the sitting and the hearing" if planned else "Open the hearing"
            sends = (("sitting", "open"),) if planned else ()
            acts.append(Act(label=label, path=path, post=True, sends=sends, tone="go"))
        else:
            why_not = step.reason
    # The step of a motion in hand is the step of its complaint.
    in_hand = [row for row in motions if not row.settled]
    open_to_motions = complaint.stage in (
        ComplaintStage.HEARD,
        ComplaintStage.SCHEDULED,
        ComplaintStage.NO_DECISION,
    )
    if may_move and open_to_motions and conference.stage != ConferenceStage.CLOSED:
        first = complaint.stage == ComplaintStage.HEARD and not in_hand
        path = f"{path_of(viewer, 'motion-new', conference=conference.slug)}?complaint={complaint.number}"
        label = "Draft another motion" if in_hand else "Draft a motion"
        acts.append(Act(label=label, path=path, tone="go" if first else ""))
    return acts, why_not or _finding_due(viewer, complaint, motions)


def _finding_due(viewer: Viewer, complaint: Complaint, motions: Sequence[MotionRow]) -> str:
    """What is still to be voted where a motion was adopted that finds nothing: the complaint waits for a finding."""
    if not viewer.is_gm or complaint.stage != ComplaintStage.HEARD:
        return ""
    if any(row.motion.finding != Finding.NONE.value and not row.settled for row in motions):
        return ""
    adopted = [row.motion.number for row in motions if row.motion.stage == MotionStage.ADOPTED]
    if not adopted:
        return ""
    number = min(adopted)
    return f"Motion {number} was adopted and finds nothing: the complaint is still being heard, and a finding is due."
