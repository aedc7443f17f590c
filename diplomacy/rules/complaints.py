"""The stages of a complaint: who may do what with it, when, and why not."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from diplomacy.rules.jurisdiction import Verdict
from diplomacy.rules.steps import (
    Actor,
    Feature,
    Row,
    Step,
    Who,
    and_,
    judge,
    known_stages,
    nothing,
    overruling,
    row,
    rows_for,
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
    JOIN = "join"
    PARLEY = "parley"
    SETTLE = "settle"
    REFER = "refer"
    OBJECT = "object"
    RULE = "rule"
    ADMIT = "admit"
    DECLINE = "decline"
    APPEAL = "appeal"
    SCHEDULE = "schedule"
    HEAR = "hear"
    DECIDE = "decide"
    OVERSEE = "oversee"
    ACCEPT = "accept"
    DISPUTE = "dispute"
    FIND_COMPLIED = "find complied"
    FIND_NON_COMPLIANT = "find non-compliant"
    ASK_COUNTERMEASURES = "ask for countermeasures"
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

    `features` are those of the charter it goes by; `respondents` and `third_parties` are powers by name.
    `parley_over` says that the time-limit of the parley has run, or that no answer came inside its own;
    `may_object` that the window for objections is open; `due` that something the respondent was to do is due, or
    said to be done; `appealed` that an appeal from the ruling is before the conference. `missing` names what a draft
    still lacks ("a respondent"); `verdict` is the overall ruling (see `jurisdiction.overall`), None before it is
    computed; `on_agenda` says that a conference has it; `sitting` that the conference is open with a quorum;
    `finding` and `outcome` are those of the latest closed vote on it.
    """

    stage: ComplaintStage
    complainant: str
    respondents: tuple[str, ...] = ()
    third_parties: tuple[str, ...] = ()
    features: frozenset[Feature] = frozenset()
    missing: tuple[str, ...] = ()
    verdict: Verdict | None = None
    on_agenda: bool = False
    sitting: bool = True
    finding: Finding = Finding.NONE
    outcome: Outcome | None = None
    parley_over: bool = False
    may_object: bool = False
    due: bool = True
    appealed: bool = False


_C = ComplaintStage

DECIDED_STAGES = (_C.BREACH, _C.NO_BREACH, _C.NO_DECISION)
"""The three ways a complaint is decided."""

CLOSED_STAGES = (*DECIDED_STAGES, _C.SETTLED, _C.INADMISSIBLE, _C.COMPLIED, _C.WITHDRAWN)
"""Stages in which the docket waits for nobody. A breach that must be complied with moves on to compliance at once."""

_UNDECIDED = frozenset(
    {_C.FILED, _C.PARLEY, _C.REFERRED, _C.OBJECTED, _C.RULING, _C.ADMITTED, _C.SCHEDULED, _C.HEARD}
)
# What is filed and not yet docketed is between the complainant and the chair.
_DOCKETED = _UNDECIDED - {_C.FILED}

PARLEY_STAGES = _DOCKETED
"""Stages at which the parties may talk and settle, whatever the charter."""

# A quick table may rule on a complaint as soon as it is filed: docketing is then part of the ruling.
_UNRULED = frozenset({_C.FILED, _C.RULING})
_OUT_OF_TURN = frozenset({_C.ADMITTED, _C.SCHEDULED})

_S = ComplaintStep
_F = Feature

_TABLE = (
    # A draft is its delegation's alone, even before the chair. Once filed, the statement stands as it is.
    row(_S.EDIT, {_C.DRAFT, _C.RETURNED}, None, Who.COMPLAINANT, stands_in=False),
    row(_S.DISCARD, {_C.DRAFT}, None, Who.COMPLAINANT, stands_in=False),
    row(_S.FILE, {_C.DRAFT, _C.RETURNED}, _C.FILED, Who.COMPLAINANT, stands_in=False),
    row(_S.SUPPLEMENT, _DOCKETED, None, Who.ALL_PARTIES, stands_in=False),
    row(_S.RETURN, _UNRULED, _C.RETURNED, Who.CHAIR, lacks=_F.PARLEY, needs_reason=True),
    row(_S.RETURN, {_C.FILED}, _C.RETURNED, Who.CHAIR, needs=_F.PARLEY, needs_reason=True),
    # Consultations come first (DSU arts. 4 and 5); without them a complaint goes straight to the ruling.
    row(_S.DOCKET, {_C.FILED}, _C.RULING, Who.CHAIR, lacks=_F.PARLEY),
    row(_S.DOCKET, {_C.FILED}, _C.PARLEY, Who.CHAIR, needs=_F.PARLEY),
    # Whoever has an interest may be heard (DSU art. 10).
    row(_S.JOIN, _DOCKETED, None, Who.OTHER_POWER, stands_in=False),
    # The parties may talk, and settle, at any time before a decision (DSU arts. 3.7 and 5.5).
    row(_S.PARLEY, _DOCKETED, None, Who.PARTIES, stands_in=False),
    row(_S.SETTLE, _DOCKETED, _C.SETTLED, Who.PARTIES, stands_in=False),
    row(_S.REFER, {_C.PARLEY}, _C.REFERRED, Who.COMPLAINANT, needs=_F.PARLEY),
    row(_S.OBJECT, {_C.REFERRED}, _C.OBJECTED, Who.RESPONDENT, needs=_F.OBJECTIONS, stands_in=False),
    row(_S.RULE, {_C.REFERRED, _C.OBJECTED}, _C.RULING, Who.CHAIR, needs=_F.PARLEY),
    # The ruling is computed; the chair confirms it or goes against it (ICJ Statute art. 36(6)).
    row(_S.ADMIT, _UNRULED, _C.ADMITTED, Who.CHAIR, lacks=_F.PARLEY, overrule_from={_C.INADMISSIBLE}),
    row(_S.ADMIT, {_C.RULING}, _C.ADMITTED, Who.CHAIR, needs=_F.PARLEY, overrule_from={_C.INADMISSIBLE}),
    row(_S.DECLINE, _UNRULED, _C.INADMISSIBLE, Who.CHAIR, lacks=_F.PARLEY, overrule_from=_OUT_OF_TURN),
    row(_S.DECLINE, {_C.RULING}, _C.INADMISSIBLE, Who.CHAIR, needs=_F.PARLEY, overrule_from=_OUT_OF_TURN),
    # The conference may overrule its chair (GA rule 71).
    row(_S.APPEAL, {_C.ADMITTED, _C.INADMISSIBLE}, None, Who.ANY_SEAT, needs=_F.APPEALS, stands_in=False),
    row(_S.SCHEDULE, {_C.ADMITTED}, _C.SCHEDULED, Who.CHAIR),
    row(_S.HEAR, {_C.SCHEDULED}, _C.HEARD, Who.CHAIR),
    # A later finding of the conference may end what an earlier vote left without a decision.
    row(_S.DECIDE, {_C.HEARD, _C.NO_DECISION}, None, Who.CHAIR, overrule_from={_C.SCHEDULED}),
    # Surveillance of what was decided (DSU art. 21) and countermeasures by reverse consensus (DSU art. 22.6).
    row(_S.OVERSEE, {_C.BREACH}, _C.COMPLIANCE, Who.CHAIR, needs=_F.COMPLIANCE),
    row(
        _S.ACCEPT,
        {_C.COMPLIANCE, _C.DISPUTED, _C.NON_COMPLIANT, _C.COUNTERMEASURES},
        _C.COMPLIED,
        Who.COMPLAINANT,
        needs=_F.COMPLIANCE,
    ),
    row(_S.DISPUTE, {_C.COMPLIANCE}, _C.DISPUTED, Who.COMPLAINANT, needs=_F.REVIEW, needs_reason=True),
    row(_S.FIND_COMPLIED, {_C.DISPUTED}, _C.COMPLIED, Who.CHAIR, needs=_F.REVIEW, needs_reason=True),
    row(
        _S.FIND_NON_COMPLIANT, {_C.DISPUTED}, _C.NON_COMPLIANT, Who.CHAIR, needs=_F.REVIEW, needs_reason=True
    ),
    row(_S.ASK_COUNTERMEASURES, {_C.NON_COMPLIANT}, None, Who.COMPLAINANT, needs=_F.REVIEW, stands_in=False),
    row(_S.AUTHORISE, {_C.NON_COMPLIANT}, _C.COUNTERMEASURES, Who.CHAIR, needs=_F.REVIEW),
    row(_S.LIFT, {_C.COUNTERMEASURES}, _C.COMPLIED, Who.CHAIR, needs=_F.REVIEW, needs_reason=True),
    # Open to the complainant until a decision (ICJ Rules art. 89).
    row(_S.WITHDRAW, _UNDECIDED | {_C.RETURNED}, _C.WITHDRAWN, Who.COMPLAINANT),
)


def complaint_steps(state: ComplaintState, actor: Actor) -> tuple[Step[ComplaintStep, ComplaintStage], ...]:
    """Every step that the charter knows, in the order of the procedure, for this person at this moment."""
    known = known_stages(_TABLE, state.features, DECIDED_STAGES, ComplaintStage.DRAFT)
    rows = rows_for(_TABLE, state.features, state.stage, known)
    return tuple(_complaint_step(row, state, actor, known) for row in rows)


def complaint_step(
    name: ComplaintStep, state: ComplaintState, actor: Actor
) -> Step[ComplaintStep, ComplaintStage]:
    """One step by its name; a step that the charter does not know is not allowed."""
    for step in complaint_steps(state, actor):
        if step.name is name:
            return step
    return Step(name=name, allowed=False, reason="This charter has no such step.")


def _complaint_step(
    row: Row[ComplaintStep, ComplaintStage],
    state: ComplaintState,
    actor: Actor,
    known: frozenset[ComplaintStage],
) -> Step[ComplaintStep, ComplaintStage]:
    if row.step is ComplaintStep.EDIT and state.stage not in row.sources:
        return Step(name=row.step, allowed=False, reason=_NEVER_EDITED)
    step = judge(
        row,
        state.stage,
        actor,
        who=row.who,
        holders=_complaint_holders(row.who, state, actor),
        thing="complaint",
        known=known,
    )
    refused = _CONDITIONS.get(row.step, nothing)(state)
    if step.allowed and refused:
        return Step(name=row.step, allowed=False, reason=refused, next_stage=row.target)
    too_soon = _TOO_SOON.get(row.step, nothing)(state)
    if step.allowed and too_soon:
        return overruling(step, actor, too_soon)
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


def _complaint_holders(who: Who, state: ComplaintState, actor: Actor) -> frozenset[str]:
    """The powers whose step it is."""
    parties = (state.complainant, *state.respondents)
    voices = {power for power in (actor.power, *actor.stands_in_for) if power}
    holders = {
        Who.COMPLAINANT: (state.complainant,),
        Who.RESPONDENT: state.respondents,
        Who.PARTIES: parties,
        Who.ALL_PARTIES: (*parties, *state.third_parties),
        Who.OTHER_POWER: voices.difference(parties, state.third_parties),
        Who.ANY_SEAT: voices,
    }
    return frozenset(holders.get(who, ()))


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
    if state.complainant in state.respondents:
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


def _parley_runs(state: ComplaintState) -> str:
    return (
        ""
        if state.parley_over
        else "The time-limit of the parley has not run, and an answer came or may come."
    )


def _may_be_objected(state: ComplaintState) -> str:
    if ComplaintStage.OBJECTED is state.stage or not state.may_object:
        return ""
    return "The respondent may still object."


def _window_shut(state: ComplaintState) -> str:
    return "" if state.may_object else "The window for objections has closed."


def _nothing_due(state: ComplaintState) -> str:
    return "" if state.due else "Nothing is due yet, and nobody has said that it was done."


def _appealed(state: ComplaintState) -> str:
    return "An appeal from this ruling is before the conference already." if state.appealed else ""


_CONDITIONS: dict[ComplaintStep, Callable[[ComplaintState], str]] = {
    ComplaintStep.FILE: _still_missing,
    ComplaintStep.ADMIT: _no_ruling,
    ComplaintStep.DECLINE: _no_ruling,
    ComplaintStep.HEAR: _not_sitting,
    ComplaintStep.DECIDE: _no_finding,
    ComplaintStep.OBJECT: _window_shut,
    ComplaintStep.DISPUTE: _nothing_due,
    ComplaintStep.APPEAL: _appealed,
}

# What the chair may do all the same, with a reason: the others wait for the time-limit.
_TOO_SOON: dict[ComplaintStep, Callable[[ComplaintState], str]] = {
    ComplaintStep.REFER: _parley_runs,
    ComplaintStep.RULE: _may_be_objected,
}
