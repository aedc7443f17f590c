"""The stages of a complaint: who may do what with it, when, and why not."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from diplomacy.rules.jurisdiction import Verdict
from diplomacy.rules.steps import (
    ALL,
    FULL,
    MORE,
    QUICK,
    Actor,
    Charter,
    Row,
    Step,
    Who,
    and_,
    judge,
    known_stages,
    nothing,
    row,
    with_target,
)
from diplomacy.rules.tally import Outcome


class ComplaintStage(StrEnum):
    """Where a complaint stands. Breach, no breach and no decision are the three ways to be decided."""

    DRAFT = "draft"
    FILED = "filed"
    RETURNED = "returned"
    PARLEY = "parley"
    SETTLED = "settled"
    REFERRED = "referred"
    OBJECTED = "objected"
    RULING = "ruling"
    ADMITTED = "admitted"
    INADMISSIBLE = "inadmissible"
    SCHEDULED = "scheduled"
    HEARD = "heard"
    BREACH = "breach"
    NO_BREACH = "no breach"
    NO_DECISION = "no decision"
    COMPLIANCE = "compliance"
    DISPUTED = "disputed"
    COMPLIED = "complied"
    NON_COMPLIANT = "non-compliant"
    COUNTERMEASURES = "countermeasures"
    WITHDRAWN = "withdrawn"


class ComplaintStep(StrEnum):
    """What may be done with a complaint."""

    EDIT = "edit"
    DISCARD = "discard"
    FILE = "file"
    SUPPLEMENT = "supplement"
    RETURN = "return"
    DOCKET = "docket"
    SETTLE = "settle"
    REFER = "refer"
    OBJECT = "object"
    RULE = "rule"
    ADMIT = "admit"
    DECLINE = "decline"
    SCHEDULE = "schedule"
    HEAR = "hear"
    DECIDE = "decide"
    OVERSEE = "oversee"
    ACCEPT = "accept"
    DISPUTE = "dispute"
    FIND_COMPLIED = "find complied"
    FIND_NON_COMPLIANT = "find non-compliant"
    AUTHORISE = "authorise"
    LIFT = "lift"
    WITHDRAW = "withdraw"


class Finding(StrEnum):
    """What adopting a motion says of the complaint it belongs to; NONE says nothing of it."""

    BREACH = "breach"
    NO_BREACH = "no breach"
    NONE = ""


@dataclass(frozen=True, kw_only=True)
class ComplaintState:
    """All that the steps of a complaint depend on.

    `missing` names what a draft still lacks ("a respondent"); `verdict` is the overall ruling (see
    `jurisdiction.overall`), None before it is computed; `on_agenda` says that a conference has it; `sitting` that the
    conference is open with a quorum; `finding` and `outcome` are those of the latest closed vote on it.
    """

    stage: ComplaintStage
    complainant: str
    respondent: str | None = None
    charter: Charter = Charter.QUICK
    missing: tuple[str, ...] = ()
    verdict: Verdict | None = None
    on_agenda: bool = False
    sitting: bool = True
    finding: Finding = Finding.NONE
    outcome: Outcome | None = None


_C = ComplaintStage

DECIDED_STAGES = (_C.BREACH, _C.NO_BREACH, _C.NO_DECISION)
"""The three ways a complaint is decided."""

CLOSED_STAGES = (*DECIDED_STAGES, _C.SETTLED, _C.INADMISSIBLE, _C.COMPLIED, _C.WITHDRAWN)
"""Stages in which the docket waits for nobody. A breach that must be complied with moves on to compliance at once."""

_UNDECIDED = frozenset(
    {_C.FILED, _C.PARLEY, _C.REFERRED, _C.OBJECTED, _C.RULING, _C.ADMITTED, _C.SCHEDULED, _C.HEARD}
)
# A quick table may rule on a complaint as soon as it is filed: docketing is then part of the ruling.
_UNRULED = frozenset({_C.FILED, _C.RULING})

_TABLE = (
    # A draft is its delegation's alone, even before the chair. Once filed, the statement stands as it is.
    row(ComplaintStep.EDIT, {_C.DRAFT, _C.RETURNED}, None, Who.COMPLAINANT, stands_in=False),
    row(ComplaintStep.DISCARD, {_C.DRAFT}, None, Who.COMPLAINANT, stands_in=False),
    row(ComplaintStep.FILE, {_C.DRAFT, _C.RETURNED}, _C.FILED, Who.COMPLAINANT, stands_in=False),
    row(ComplaintStep.SUPPLEMENT, _UNDECIDED, None, Who.PARTIES),
    row(ComplaintStep.RETURN, _UNRULED, _C.RETURNED, Who.CHAIR, QUICK, needs_reason=True),
    row(ComplaintStep.RETURN, {_C.FILED}, _C.RETURNED, Who.CHAIR, MORE, needs_reason=True),
    # Consultations come first (DSU arts. 4 and 5); the quick charter goes straight to the ruling.
    row(ComplaintStep.DOCKET, {_C.FILED}, _C.RULING, Who.CHAIR, QUICK),
    row(ComplaintStep.DOCKET, {_C.FILED}, _C.PARLEY, Who.CHAIR, MORE),
    row(ComplaintStep.SETTLE, _UNDECIDED, _C.SETTLED, Who.PARTIES, MORE),
    row(ComplaintStep.REFER, {_C.PARLEY}, _C.REFERRED, Who.COMPLAINANT, MORE),
    row(ComplaintStep.OBJECT, {_C.REFERRED}, _C.OBJECTED, Who.RESPONDENT, FULL),
    row(ComplaintStep.RULE, {_C.REFERRED, _C.OBJECTED}, _C.RULING, Who.CHAIR, MORE),
    # The ruling is computed; the chair confirms it or goes against it (ICJ Statute art. 36(6)).
    row(ComplaintStep.ADMIT, _UNRULED, _C.ADMITTED, Who.CHAIR, QUICK, {_C.INADMISSIBLE}),
    row(ComplaintStep.ADMIT, {_C.RULING}, _C.ADMITTED, Who.CHAIR, MORE, {_C.INADMISSIBLE}),
    row(ComplaintStep.DECLINE, _UNRULED, _C.INADMISSIBLE, Who.CHAIR, QUICK, {_C.ADMITTED, _C.SCHEDULED}),
    row(ComplaintStep.DECLINE, {_C.RULING}, _C.INADMISSIBLE, Who.CHAIR, MORE, {_C.ADMITTED, _C.SCHEDULED}),
    row(ComplaintStep.SCHEDULE, {_C.ADMITTED}, _C.SCHEDULED, Who.CHAIR),
    row(ComplaintStep.HEAR, {_C.SCHEDULED}, _C.HEARD, Who.CHAIR),
    # A later finding of the conference may end what an earlier vote left without a decision.
    row(ComplaintStep.DECIDE, {_C.HEARD, _C.NO_DECISION}, None, Who.CHAIR, ALL, {_C.SCHEDULED}),
    # Surveillance of what was decided (DSU art. 21) and countermeasures by reverse consensus (DSU art. 22.6).
    row(ComplaintStep.OVERSEE, {_C.BREACH}, _C.COMPLIANCE, Who.CHAIR, MORE),
    row(ComplaintStep.ACCEPT, {_C.COMPLIANCE, _C.DISPUTED}, _C.COMPLIED, Who.COMPLAINANT, MORE),
    row(ComplaintStep.DISPUTE, {_C.COMPLIANCE}, _C.DISPUTED, Who.COMPLAINANT, FULL),
    row(ComplaintStep.FIND_COMPLIED, {_C.DISPUTED}, _C.COMPLIED, Who.CHAIR, FULL),
    row(ComplaintStep.FIND_NON_COMPLIANT, {_C.DISPUTED}, _C.NON_COMPLIANT, Who.CHAIR, FULL),
    row(ComplaintStep.AUTHORISE, {_C.NON_COMPLIANT}, _C.COUNTERMEASURES, Who.CHAIR, FULL),
    row(ComplaintStep.LIFT, {_C.COUNTERMEASURES}, _C.COMPLIED, Who.CHAIR, FULL),
    # Open to the complainant until a decision (ICJ Rules art. 89).
    row(ComplaintStep.WITHDRAW, _UNDECIDED | {_C.RETURNED}, _C.WITHDRAWN, Who.COMPLAINANT),
)


def complaint_steps(state: ComplaintState, actor: Actor) -> tuple[Step[ComplaintStep, ComplaintStage], ...]:
    """Every step that the charter knows, in the order of the procedure, for this person at this moment."""
    return tuple(_complaint_step(row, state, actor) for row in _TABLE if state.charter in row.charters)


def complaint_step(
    name: ComplaintStep, state: ComplaintState, actor: Actor
) -> Step[ComplaintStep, ComplaintStage]:
    """One step by its name; a step that the charter does not know is not allowed."""
    for step in complaint_steps(state, actor):
        if step.name is name:
            return step
    return Step(name=name, allowed=False, reason=f"The {state.charter} charter has no such step.")


def _complaint_step(
    row: Row[ComplaintStep, ComplaintStage], state: ComplaintState, actor: Actor
) -> Step[ComplaintStep, ComplaintStage]:
    if row.step is ComplaintStep.EDIT and state.stage not in row.sources:
        return Step(name=row.step, allowed=False, reason=_NEVER_EDITED)
    step = judge(
        row,
        state.stage,
        actor,
        who=row.who,
        holders=_complaint_holders(row.who, state),
        thing="complaint",
        known=known_stages(_TABLE, state.charter, DECIDED_STAGES, ComplaintStage.DRAFT),
    )
    refused = _CONDITIONS.get(row.step, nothing)(state)
    if step.allowed and refused:
        return Step(name=row.step, allowed=False, reason=refused, next_stage=row.target)
    if step.allowed and row.step is ComplaintStep.DECIDE:
        return with_target(step, decision_for(state.finding, state.outcome))
    if step.allowed and row.step in (ComplaintStep.ADMIT, ComplaintStep.DECLINE):
        return _weighed_against_ruling(step, state.verdict)
    return step


def decision_for(finding: Finding, outcome: Outcome | None) -> ComplaintStage | None:
    """What the vote on a finding decides of the complaint, or None while it decides nothing.

    Adopted, the finding stands. Rejected or vetoed, the conference has decided nothing: to refuse to find a breach
    is not to find that there was none. A tie waits for its second step, and a vote without a quorum was no vote.
    """
    if finding is Finding.NONE or outcome in (None, Outcome.TIED, Outcome.NO_QUORUM):
        return None
    if outcome is not Outcome.ADOPTED:
        return ComplaintStage.NO_DECISION
    return ComplaintStage.BREACH if finding is Finding.BREACH else ComplaintStage.NO_BREACH


def _complaint_holders(who: Who, state: ComplaintState) -> frozenset[str]:
    """The powers whose step it is."""
    parties = {
        Who.COMPLAINANT: (state.complainant,),
        Who.RESPONDENT: (state.respondent,),
        Who.PARTIES: (state.complainant, state.respondent),
    }
    return frozenset(power for power in parties.get(who, ()) if power)


def _weighed_against_ruling(
    step: Step[ComplaintStep, ComplaintStage], verdict: Verdict | None
) -> Step[ComplaintStep, ComplaintStage]:
    """Against a clear ruling the chair overrules; a ruling in doubt needs a reason either way."""
    against = Verdict.NOT_BOUND if step.name is ComplaintStep.ADMIT else Verdict.BOUND
    if verdict is against:
        reason = f"The ruling is “{verdict.spoken}”. Going against it is an overrule and needs a reason."
        return Step(
            name=step.name,
            allowed=True,
            reason=reason,
            next_stage=step.next_stage,
            needs_reason=True,
            overrule=True,
        )
    if verdict is Verdict.IN_DOUBT and not step.overrule:
        reason = "The ruling is in doubt and leaves the matter to the chair, with a reason."
        return Step(
            name=step.name, allowed=True, reason=reason, next_stage=step.next_stage, needs_reason=True
        )
    return step


_NEVER_EDITED = "A filed statement is never edited."


def _still_missing(state: ComplaintState) -> str:
    if state.respondent == state.complainant:
        return "A power cannot complain of itself."
    return f"The draft still needs {and_(state.missing)}." if state.missing else ""


def _no_ruling(state: ComplaintState) -> str:
    return "" if state.verdict else "The ruling on jurisdiction has not been computed yet."


def _not_sitting(state: ComplaintState) -> str:
    if not state.on_agenda:
        return "No conference has this complaint on its agenda."
    return "" if state.sitting else "A hearing opens when the conference sits with a quorum."


def _no_finding(state: ComplaintState) -> str:
    if decision_for(state.finding, state.outcome):
        return ""
    if state.outcome is Outcome.TIED:
        return "The vote on the finding is tied: it waits for the casting vote or the second vote."
    return "No finding on this complaint has been put to the vote and decided."


_CONDITIONS: dict[ComplaintStep, Callable[[ComplaintState], str]] = {
    ComplaintStep.FILE: _still_missing,
    ComplaintStep.ADMIT: _no_ruling,
    ComplaintStep.DECLINE: _no_ruling,
    ComplaintStep.HEAR: _not_sitting,
    ComplaintStep.DECIDE: _no_finding,
}
