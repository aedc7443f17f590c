"""What is owed under a complaint or a resolution, as a ledger, with what this viewer may say of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from diplomacy import records
from diplomacy.access import actor_for
from diplomacy.actions.countermeasures import conferences_for, seat_of_complainant
from diplomacy.forms.compliance import WordsForm
from diplomacy.models import Complaint, Conference, Obligation, ObligationState, Resolution
from diplomacy.records_compliance import (
    UNDER_REVIEW,
    Standing,
    countermeasures_on,
    is_due,
    obligation_state,
    obligations_of,
    standing_of,
)
from diplomacy.rules.compliance import ObligationStage, ObligationStep, obligation_steps
from diplomacy.rules.procedure import (
    Actor,
    ComplaintStage,
    ComplaintStep,
    Step,
    complaint_steps,
)
from khitomer.access import Viewer
from khitomer.rules.dates import StoryDate

_WORDS = {
    ObligationStep.REPORT: ("Report it done", "What was done", "go"),
    ObligationStep.ACCEPT: ("Accept that it is met", "", "go"),
    ObligationStep.DISPUTE: ("Dispute it", "Why it is not met", "danger"),
    ObligationStep.FIND_MET: ("Find it met", "Why it is met", ""),
    ObligationStep.FIND_UNMET: ("Find it not met", "Why it is not met", "danger"),
}
_WORDS_OF_A_COMPLAINT = {
    ComplaintStep.ACCEPT: ("Accept compliance", "Why the chair accepts", "go"),
    ComplaintStep.FIND_COMPLIED: ("Find that they complied", "The finding, in a sentence", ""),
    ComplaintStep.FIND_NON_COMPLIANT: (
        "Find that they did not comply",
        "The finding, in a sentence",
        "danger",
    ),
    ComplaintStep.LIFT: ("Lift the countermeasures", "Why they are lifted", ""),
}
"""What a button says, what is asked in writing, and how the button looks: two tables, for both know an “accept”."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One step that this viewer may take: what its button says, what is asked in writing, and what to mind."""

    step: str
    label: str
    look: str
    form: WordsForm | None
    mind: str = ""
    open: bool = False


@dataclass(frozen=True, kw_only=True)
class Owed:
    """An obligation with how it stands on the story's today, and what this viewer may say of it."""

    obligation: Obligation
    tag: str
    tone: str
    asked: tuple[Asked, ...] = ()
    why_not: tuple[tuple[str, str], ...] = ()

    @property
    def one_press(self) -> bool:
        """Whether the chair finds it met without a word, as at a quick table."""
        return any(each.step == ObligationStep.FIND_MET and each.form is None for each in self.asked)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A resolution that authorises countermeasures, with how it stands."""

    resolution: Resolution
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Compliance with a complaint."""

    complaint: Complaint
    says: str
    tone: str
    owed: tuple[Owed, ...]
    answers: tuple[Answer, ...]
    asked: tuple[Asked, ...]
    at: tuple[Conference, ...] = ()
    may_ask: bool = False


_SAYS: Mapping[ComplaintStage, tuple[str, str]] = {
    ComplaintStage.BREACH: ("A breach was found. Compliance is watched once its resolution is enacted.", ""),
    ComplaintStage.COMPLIANCE: (
        "Each obligation has an owner and a day. All met, it is complied with.",
        "sky",
    ),
    ComplaintStage.DISPUTED: ("The complainant disputes that it is done. The chair reviews it.", "brick"),
    ComplaintStage.NON_COMPLIANT: (
        "The chair found that it is not done. The complainant may ask for countermeasures.",
        "brick",
    ),
    ComplaintStage.COUNTERMEASURES: (
        "Countermeasures are authorised. They lift by themselves as soon as it is complied with.",
        "brick",
    ),
    ComplaintStage.COMPLIED: ("Complied with.", "moss"),
    ComplaintStage.SETTLED: ("What the settlement obliges the parties to do.", "sky"),
}


def compliance_of(viewer: Viewer, complaint: Complaint, *, actor: Actor | None = None) -> Panel | None:
    """Compliance with a complaint for this viewer; None before there is anything to comply with."""
    stage = ComplaintStage(complaint.stage)
    if stage not in _SAYS:
        return None
    obligations = list(obligations_of(complaint))
    if not obligations and stage not in (*UNDER_REVIEW, ComplaintStage.COMPLIED):
        return None
    actor = actor or actor_for(viewer)
    steps = complaint_steps(records.complaint_state(complaint), actor) if stage in UNDER_REVIEW else ()
    may_ask = any(each.allowed and each.name is ComplaintStep.ASK_COUNTERMEASURES for each in steps)
    says, tone = _SAYS[stage]
    return Panel(
        complaint=complaint,
        says=says,
        tone=tone,
        owed=owed_of(viewer, obligations, actor=actor),
        answers=tuple(
            Answer(resolution=each, standing=standing_of(each)) for each in countermeasures_on(complaint)
        ),
        asked=tuple(
            _asked(each, *_WORDS_OF_A_COMPLAINT[each.name])
            # What is the chair's own comes before what it would overrule.
            for each in sorted(steps, key=lambda step: step.overrule)
            if each.allowed and each.name in _WORDS_OF_A_COMPLAINT
        ),
        may_ask=may_ask,
        at=tuple(_seating(complaint)) if may_ask else (),
    )


def _seating(complaint: Complaint) -> Iterable[Conference]:
    """The open conferences at which the complainant has a seat to ask from."""
    return (each for each in conferences_for(complaint) if seat_of_complainant(complaint, each))


def owed_of(
    viewer: Viewer, obligations: Iterable[Obligation], *, actor: Actor | None = None
) -> tuple[Owed, ...]:
    """The obligations as a ledger. Fetch them `with_source()` before."""
    rows = list(obligations)
    if not rows:
        return ()
    who = actor or actor_for(viewer)
    return tuple(_owed(each, who, viewer.campaign.today) for each in rows)


def _owed(obligation: Obligation, actor: Actor, today: StoryDate) -> Owed:
    steps = obligation_steps(obligation_state(obligation, today=today), actor)
    tag, tone = tag_of(obligation, today)
    holds = [each for each in steps if each.allowed]
    return Owed(
        obligation=obligation,
        tag=tag,
        tone=tone,
        asked=tuple(_asked(each, *_WORDS[each.name]) for each in holds),
        why_not=tuple((_WORDS[each.name][0], each.reason) for each in steps if not each.allowed),
    )


def _asked(
    step: Step[ObligationStep, ObligationStage] | Step[ComplaintStep, ComplaintStage],
    label: str,
    words: str,
    look: str,
) -> Asked:
    written = step.needs_reason or step.name is ObligationStep.REPORT
    form = WordsForm(label=words, auto_id=f"{step.name.value.replace(' ', '-')}-%s") if written else None
    if step.overrule:
        label, look = f"{label}, overruling", ""
    return Asked(step=step.name.value, label=label, look=look, form=form, mind=step.reason)


def tag_of(obligation: Obligation, today: StoryDate) -> tuple[str, str]:
    """How an obligation stands in a few words, and their colour."""
    on = f" {obligation.met_on.short()}" if obligation.met_on else ""
    said = {
        ObligationState.MET: (f"met{on}", "moss"),
        ObligationState.VOID: ("void", ""),
        ObligationState.REPORTED: ("reported as met", "sky"),
        ObligationState.DISPUTED: ("disputed", "brick"),
        ObligationState.UNMET: ("found not met", "brick"),
    }.get(ObligationState(obligation.state))
    if said:
        return said
    due = obligation.due_on.short()
    overdue = is_due(obligation, today) and obligation.due_on.last < today.first
    return (f"overdue since {due}", "brick") if overdue else (f"due {due}", "amber")
