"""The stages of a complaint and of a motion: what this person may do now, and why not the rest.

Two tables hold the procedure, one row a step: the stages it starts from, where it leads, whose step it is, the
charters that know it, and the article it carries out. A charter with more procedure is more rows. `complaint_steps`
and `motion_steps` read the tables for one person and answer with every step of the charter, allowed or not, each
with its reason. Actions ask the same question again under their lock before they write.

The chair may take most steps in another's stead, and some against the ruling or out of turn. That is an overrule:
it needs a reason and is recorded as one. A filed statement is never edited, not even so, and nobody casts another's
ballot.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from diplomacy.rules.jurisdiction import Verdict
from diplomacy.rules.tally import Outcome, Tie


class Charter(StrEnum):
    """How much procedure a table wants. Each knows all that the one before it knows."""

    QUICK = "quick"
    STANDARD = "standard"
    FULL = "full"


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


class MotionStage(StrEnum):
    """Where a motion stands. Enactment is the resolution's to record, not the motion's."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_ORDER = "in order"
    RULED_OUT = "ruled out"
    SECONDED = "seconded"
    DEBATE = "debate"
    ADJOURNED = "adjourned"
    CLOSED = "closed"
    AMENDMENTS = "amendments"
    DIVISION = "division"
    VOTING = "voting"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    VETOED = "vetoed"
    TIED = "tied"
    VOID = "void"
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


class MotionStep(StrEnum):
    """What may be done with a motion."""

    EDIT = "edit"
    SUBMIT = "submit"
    RULE_IN_ORDER = "rule in order"
    RULE_OUT = "rule out"
    SECOND = "second"
    OPEN_DEBATE = "open debate"
    ADJOURN_DEBATE = "adjourn debate"
    CLOSE_DEBATE = "close debate"
    TAKE_AMENDMENTS = "take amendments"
    DIVIDE = "divide"
    OPEN_VOTE = "open vote"
    CAST_BALLOT = "cast ballot"
    CLOSE_VOTE = "close vote"
    CASTING_VOTE = "casting vote"
    SECOND_VOTE = "second vote"
    PREVIEW = "preview"
    ENACT = "enact"
    UNDO = "undo"
    WITHDRAW = "withdraw"


class Finding(StrEnum):
    """What adopting a motion says of the complaint it belongs to; NONE says nothing of it."""

    BREACH = "breach"
    NO_BREACH = "no breach"
    NONE = ""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks: whether they chair (the GM), the power they sit for, and whether they only watch.

    `stands_in_for` names the powers without a delegate for which a chair speaks; that is no overrule.
    """

    is_chair: bool
    power: str | None
    observer: bool = False
    stands_in_for: frozenset[str] = frozenset()

    def speaks_for(self, power: str | None) -> bool:
        """Whether this person is that power's voice. Observers are nobody's."""
        if power is None or self.observer:
            return False
        return power == self.power or (self.is_chair and power in self.stands_in_for)


@dataclass(frozen=True, kw_only=True)
class ComplaintState:
    """All that the steps of a complaint depend on.

    `missing` names what a draft still lacks ("a respondent"); `verdict` is the ruling over all that it cites, None
    before it is computed; `on_agenda` says that a conference has it; `sitting` that the conference is open with a
    quorum; `finding` and `outcome` are those of the latest closed vote on it.
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


@dataclass(frozen=True, kw_only=True)
class MotionState:
    """All that the steps of a motion depend on.

    `sponsor` None is the chair's own motion. `clauses` counts operative clauses. `electors` are the powers that may
    cast a ballot (eligible and present when the vote opened) and `recused` the parties set aside; `sitting` says
    that the conference is open; `enacted` and `undone` are the resolution's.
    """

    stage: MotionStage
    sponsor: str | None = None
    charter: Charter = Charter.QUICK
    clauses: int = 1
    enough_sponsors: bool = True
    amended: bool = False
    sitting: bool = True
    electors: frozenset[str] = frozenset()
    recused: frozenset[str] = frozenset()
    tie: Tie = Tie.REJECT
    enacted: bool = False
    undone: bool = False


StepName = TypeVar("StepName", ComplaintStep, MotionStep)
Stage = TypeVar("Stage", ComplaintStage, MotionStage)
State = TypeVar("State", ComplaintState, MotionState)


@dataclass(frozen=True, kw_only=True)
class Step(Generic[StepName, Stage]):
    """One step and whether this person may take it now.

    `reason` says why not, and what would have to be so; for an allowed step it says what to mind, or is empty.
    `next_stage` is None where the outcome of a vote decides it, or where the thing ceases to be. `needs_reason` asks
    for a reason in writing; `overrule` says that the reason is kept as an overrule.
    """

    name: StepName
    allowed: bool
    reason: str = ""
    next_stage: Stage | None = None
    needs_reason: bool = False
    overrule: bool = False


class _Who(StrEnum):
    """Whose step it is."""

    COMPLAINANT = "the complainant"
    RESPONDENT = "the respondent"
    PARTIES = "the parties"
    CHAIR = "the chair"
    SPONSOR = "the sponsor"
    ANOTHER_SEAT = "another seat"
    ELECTOR = "a seat in this vote"


_ALL = frozenset(Charter)
_QUICK = frozenset({Charter.QUICK})
_MORE = frozenset({Charter.STANDARD, Charter.FULL})
_FULL = frozenset({Charter.FULL})


@dataclass(frozen=True, kw_only=True)
class _Row(Generic[StepName, Stage]):
    """One row of a table. `overrule_from`: stages from which the chair may still take it, out of turn.

    `stands_in`: whether the chair may take another's step as an overrule. `needs_reason`: always in writing.
    """

    step: StepName
    sources: frozenset[Stage]
    target: Stage | None
    who: _Who
    charters: frozenset[Charter] = _ALL
    overrule_from: frozenset[Stage] = frozenset()
    stands_in: bool = True
    needs_reason: bool = False


# The complaint ------------------------------------------------------------------------------------------------------

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


def _complaint_row(
    step: ComplaintStep,
    sources: Iterable[ComplaintStage],
    target: ComplaintStage | None,
    who: _Who,
    charters: frozenset[Charter] = _ALL,
    overrule_from: Iterable[ComplaintStage] = (),
    *,
    stands_in: bool = True,
    needs_reason: bool = False,
) -> _Row[ComplaintStep, ComplaintStage]:
    return _Row(
        step=step,
        sources=frozenset(sources),
        target=target,
        who=who,
        charters=charters,
        overrule_from=frozenset(overrule_from),
        stands_in=stands_in,
        needs_reason=needs_reason,
    )


_COMPLAINT_TABLE = (
    # A draft is its delegation's alone, even before the chair. Once filed, the statement stands as it is.
    _complaint_row(ComplaintStep.EDIT, {_C.DRAFT, _C.RETURNED}, None, _Who.COMPLAINANT, stands_in=False),
    _complaint_row(ComplaintStep.DISCARD, {_C.DRAFT}, None, _Who.COMPLAINANT, stands_in=False),
    _complaint_row(ComplaintStep.FILE, {_C.DRAFT, _C.RETURNED}, _C.FILED, _Who.COMPLAINANT, stands_in=False),
    _complaint_row(ComplaintStep.SUPPLEMENT, _UNDECIDED, None, _Who.PARTIES),
    _complaint_row(ComplaintStep.RETURN, _UNRULED, _C.RETURNED, _Who.CHAIR, _QUICK, needs_reason=True),
    _complaint_row(ComplaintStep.RETURN, {_C.FILED}, _C.RETURNED, _Who.CHAIR, _MORE, needs_reason=True),
    # Consultations come first (DSU arts. 4 and 5); the quick charter goes straight to the ruling.
    _complaint_row(ComplaintStep.DOCKET, {_C.FILED}, _C.RULING, _Who.CHAIR, _QUICK),
    _complaint_row(ComplaintStep.DOCKET, {_C.FILED}, _C.PARLEY, _Who.CHAIR, _MORE),
    _complaint_row(ComplaintStep.SETTLE, _UNDECIDED, _C.SETTLED, _Who.PARTIES, _MORE),
    _complaint_row(ComplaintStep.REFER, {_C.PARLEY}, _C.REFERRED, _Who.COMPLAINANT, _MORE),
    _complaint_row(ComplaintStep.OBJECT, {_C.REFERRED}, _C.OBJECTED, _Who.RESPONDENT, _FULL),
    _complaint_row(ComplaintStep.RULE, {_C.REFERRED, _C.OBJECTED}, _C.RULING, _Who.CHAIR, _MORE),
    # The ruling is computed; the chair confirms it or goes against it (ICJ Statute art. 36(6)).
    _complaint_row(ComplaintStep.ADMIT, _UNRULED, _C.ADMITTED, _Who.CHAIR, _QUICK, {_C.INADMISSIBLE}),
    _complaint_row(ComplaintStep.ADMIT, {_C.RULING}, _C.ADMITTED, _Who.CHAIR, _MORE, {_C.INADMISSIBLE}),
    _complaint_row(
        ComplaintStep.DECLINE, _UNRULED, _C.INADMISSIBLE, _Who.CHAIR, _QUICK, {_C.ADMITTED, _C.SCHEDULED}
    ),
    _complaint_row(
        ComplaintStep.DECLINE, {_C.RULING}, _C.INADMISSIBLE, _Who.CHAIR, _MORE, {_C.ADMITTED, _C.SCHEDULED}
    ),
    _complaint_row(ComplaintStep.SCHEDULE, {_C.ADMITTED}, _C.SCHEDULED, _Who.CHAIR),
    _complaint_row(ComplaintStep.HEAR, {_C.SCHEDULED}, _C.HEARD, _Who.CHAIR),
    # A later finding of the conference may end what an earlier vote left without a decision.
    _complaint_row(ComplaintStep.DECIDE, {_C.HEARD, _C.NO_DECISION}, None, _Who.CHAIR, _ALL, {_C.SCHEDULED}),
    # Surveillance of what was decided (DSU art. 21) and countermeasures by reverse consensus (DSU art. 22.6).
    _complaint_row(ComplaintStep.OVERSEE, {_C.BREACH}, _C.COMPLIANCE, _Who.CHAIR, _MORE),
    _complaint_row(ComplaintStep.ACCEPT, {_C.COMPLIANCE, _C.DISPUTED}, _C.COMPLIED, _Who.COMPLAINANT, _MORE),
    _complaint_row(ComplaintStep.DISPUTE, {_C.COMPLIANCE}, _C.DISPUTED, _Who.COMPLAINANT, _FULL),
    _complaint_row(ComplaintStep.FIND_COMPLIED, {_C.DISPUTED}, _C.COMPLIED, _Who.CHAIR, _FULL),
    _complaint_row(ComplaintStep.FIND_NON_COMPLIANT, {_C.DISPUTED}, _C.NON_COMPLIANT, _Who.CHAIR, _FULL),
    _complaint_row(ComplaintStep.AUTHORISE, {_C.NON_COMPLIANT}, _C.COUNTERMEASURES, _Who.CHAIR, _FULL),
    _complaint_row(ComplaintStep.LIFT, {_C.COUNTERMEASURES}, _C.COMPLIED, _Who.CHAIR, _FULL),
    # Open to the complainant until a decision (ICJ Rules art. 89).
    _complaint_row(ComplaintStep.WITHDRAW, _UNDECIDED | {_C.RETURNED}, _C.WITHDRAWN, _Who.COMPLAINANT),
)


def complaint_steps(state: ComplaintState, actor: Actor) -> tuple[Step[ComplaintStep, ComplaintStage], ...]:
    """Every step that the charter knows, in the order of the procedure, for this person at this moment."""
    return tuple(
        _complaint_step(row, state, actor) for row in _COMPLAINT_TABLE if state.charter in row.charters
    )


def complaint_step(
    name: ComplaintStep, state: ComplaintState, actor: Actor
) -> Step[ComplaintStep, ComplaintStage]:
    """One step by its name; a step that the charter does not know is not allowed."""
    for step in complaint_steps(state, actor):
        if step.name is name:
            return step
    return Step(name=name, allowed=False, reason=f"The {state.charter} charter has no such step.")


def _complaint_step(
    row: _Row[ComplaintStep, ComplaintStage], state: ComplaintState, actor: Actor
) -> Step[ComplaintStep, ComplaintStage]:
    if row.step is ComplaintStep.EDIT and state.stage not in row.sources:
        return Step(name=row.step, allowed=False, reason=_NEVER_EDITED)
    step = _judge(
        row,
        state.stage,
        actor,
        who=row.who,
        holders=_complaint_holders(row.who, state),
        thing="complaint",
        known=_known(_COMPLAINT_TABLE, state.charter, DECIDED_STAGES, ComplaintStage.DRAFT),
    )
    refused = _COMPLAINT_CONDITIONS.get(row.step, _nothing)(state)
    if step.allowed and refused:
        return Step(name=row.step, allowed=False, reason=refused, next_stage=row.target)
    if step.allowed and row.step is ComplaintStep.DECIDE:
        return _with_target(step, decision_for(state.finding, state.outcome))
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


def _complaint_holders(who: _Who, state: ComplaintState) -> frozenset[str]:
    """The powers whose step it is."""
    parties = {
        _Who.COMPLAINANT: (state.complainant,),
        _Who.RESPONDENT: (state.respondent,),
        _Who.PARTIES: (state.complainant, state.respondent),
    }
    return frozenset(power for power in parties.get(who, ()) if power)


def _weighed_against_ruling(
    step: Step[ComplaintStep, ComplaintStage], verdict: Verdict | None
) -> Step[ComplaintStep, ComplaintStage]:
    """Against a clear ruling the chair overrules; a ruling in doubt needs a reason either way."""
    against = Verdict.NOT_BOUND if step.name is ComplaintStep.ADMIT else Verdict.BOUND
    if verdict is against:
        reason = f"The ruling is “{verdict}”. Going against it is an overrule and needs a reason."
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


_NEVER_EDITED = (
    "A filed statement is never edited. The parties may supplement it until the complaint is decided."
)


def _nothing(state: object) -> str:
    return ""


def _still_missing(state: ComplaintState) -> str:
    if state.respondent == state.complainant:
        return "A power cannot complain of itself."
    return f"The draft still needs {_and(state.missing)}." if state.missing else ""


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


_COMPLAINT_CONDITIONS: dict[ComplaintStep, Callable[[ComplaintState], str]] = {
    ComplaintStep.FILE: _still_missing,
    ComplaintStep.ADMIT: _no_ruling,
    ComplaintStep.DECLINE: _no_ruling,
    ComplaintStep.HEAR: _not_sitting,
    ComplaintStep.DECIDE: _no_finding,
}

# The motion ---------------------------------------------------------------------------------------------------------

_M = MotionStage

UNVOTED_STAGES = (
    _M.DRAFT, _M.SUBMITTED, _M.IN_ORDER, _M.SECONDED, _M.DEBATE, _M.ADJOURNED, _M.CLOSED, _M.AMENDMENTS, _M.DIVISION,
)  # fmt: skip
"""Stages before the vote, in which the motion is alive."""

VOTED_STAGES = (_M.ADOPTED, _M.REJECTED, _M.VETOED)
"""Stages in which the vote has settled the motion."""


def _motion_row(
    step: MotionStep,
    sources: Iterable[MotionStage],
    target: MotionStage | None,
    who: _Who,
    charters: frozenset[Charter] = _ALL,
    *,
    stands_in: bool = True,
    needs_reason: bool = False,
) -> _Row[MotionStep, MotionStage]:
    return _Row(
        step=step,
        sources=frozenset(sources),
        target=target,
        who=who,
        charters=charters,
        stands_in=stands_in,
        needs_reason=needs_reason,
    )


_MOTION_TABLE = (
    # The quick charter has no amendments, so a sponsor may still mend what it has submitted.
    _motion_row(MotionStep.EDIT, {_M.DRAFT, _M.SUBMITTED}, None, _Who.SPONSOR, _QUICK, stands_in=False),
    _motion_row(MotionStep.EDIT, {_M.DRAFT}, None, _Who.SPONSOR, _MORE, stands_in=False),
    _motion_row(MotionStep.SUBMIT, {_M.DRAFT}, _M.SUBMITTED, _Who.SPONSOR),
    # The chair rules on order (GA rules 35 and 71); the floor takes over in the fuller charters.
    _motion_row(MotionStep.RULE_IN_ORDER, {_M.SUBMITTED}, _M.IN_ORDER, _Who.CHAIR, _MORE),
    _motion_row(MotionStep.RULE_OUT, {_M.SUBMITTED}, _M.RULED_OUT, _Who.CHAIR, needs_reason=True),
    _motion_row(MotionStep.SECOND, {_M.IN_ORDER}, _M.SECONDED, _Who.ANOTHER_SEAT, _MORE),
    _motion_row(MotionStep.OPEN_DEBATE, {_M.SECONDED, _M.ADJOURNED}, _M.DEBATE, _Who.CHAIR, _MORE),
    _motion_row(MotionStep.ADJOURN_DEBATE, {_M.DEBATE}, _M.ADJOURNED, _Who.CHAIR, _MORE),  # GA rule 74
    _motion_row(MotionStep.CLOSE_DEBATE, {_M.DEBATE}, _M.CLOSED, _Who.CHAIR, _MORE),  # GA rule 75
    _motion_row(MotionStep.TAKE_AMENDMENTS, {_M.CLOSED}, _M.AMENDMENTS, _Who.CHAIR, _MORE),  # GA rule 90
    _motion_row(MotionStep.DIVIDE, {_M.CLOSED, _M.AMENDMENTS}, _M.DIVISION, _Who.CHAIR, _FULL),  # GA rule 89
    # The chair's own draft may go straight to the vote; a vote void for want of a quorum may be held again.
    _motion_row(
        MotionStep.OPEN_VOTE, {_M.DRAFT, _M.SUBMITTED, _M.IN_ORDER, _M.VOID}, _M.VOTING, _Who.CHAIR, _QUICK
    ),
    _motion_row(
        MotionStep.OPEN_VOTE, {_M.CLOSED, _M.AMENDMENTS, _M.DIVISION, _M.VOID}, _M.VOTING, _Who.CHAIR, _MORE
    ),
    _motion_row(MotionStep.CAST_BALLOT, {_M.VOTING}, _M.VOTING, _Who.ELECTOR, stands_in=False),
    _motion_row(MotionStep.CLOSE_VOTE, {_M.VOTING}, None, _Who.CHAIR),  # GA rule 88: no interruption but this
    _motion_row(MotionStep.CASTING_VOTE, {_M.TIED}, None, _Who.CHAIR),  # ICJ Statute art. 55(2)
    _motion_row(MotionStep.SECOND_VOTE, {_M.TIED}, _M.VOTING, _Who.CHAIR),  # GA rule 95
    _motion_row(MotionStep.PREVIEW, {*UNVOTED_STAGES, _M.VOTING, _M.TIED, _M.ADOPTED}, None, _Who.CHAIR),
    _motion_row(MotionStep.ENACT, {_M.ADOPTED}, _M.ADOPTED, _Who.CHAIR),
    _motion_row(MotionStep.UNDO, {_M.ADOPTED}, _M.ADOPTED, _Who.CHAIR),
    # By its sponsor, before the vote, while nobody has amended it (GA rule 80).
    _motion_row(MotionStep.WITHDRAW, UNVOTED_STAGES, _M.WITHDRAWN, _Who.SPONSOR),
)


def motion_steps(state: MotionState, actor: Actor) -> tuple[Step[MotionStep, MotionStage], ...]:
    """Every step that the charter knows, in the order of the procedure, for this person at this moment."""
    return tuple(_motion_step(row, state, actor) for row in _MOTION_TABLE if state.charter in row.charters)


def motion_step(name: MotionStep, state: MotionState, actor: Actor) -> Step[MotionStep, MotionStage]:
    """One step by its name; a step that the charter does not know is not allowed."""
    for step in motion_steps(state, actor):
        if step.name is name:
            return step
    return Step(name=name, allowed=False, reason=f"The {state.charter} charter has no such step.")


def stage_for(outcome: Outcome) -> MotionStage:
    """The stage into which a vote's outcome brings its motion."""
    return _STAGE_OF_OUTCOME[outcome]


_STAGE_OF_OUTCOME = {
    Outcome.ADOPTED: MotionStage.ADOPTED,
    Outcome.REJECTED: MotionStage.REJECTED,
    Outcome.VETOED: MotionStage.VETOED,
    Outcome.TIED: MotionStage.TIED,
    Outcome.NO_QUORUM: MotionStage.VOID,
}


def _motion_step(
    row: _Row[MotionStep, MotionStage], state: MotionState, actor: Actor
) -> Step[MotionStep, MotionStage]:
    who = row.who
    if who is _Who.SPONSOR and state.sponsor is None:
        who = _Who.CHAIR
    step = _judge(
        row,
        state.stage,
        actor,
        who=who,
        holders=_motion_holders(who, state, actor),
        thing="motion",
        known=_known(_MOTION_TABLE, state.charter, _STAGE_OF_OUTCOME.values(), MotionStage.DRAFT),
    )
    refused = _MOTION_CONDITIONS.get(row.step, _nothing)(state)
    if step.allowed and refused:
        return Step(name=row.step, allowed=False, reason=refused, next_stage=row.target)
    if row.step is MotionStep.CAST_BALLOT and state.stage is MotionStage.VOTING and not step.allowed:
        return Step(name=row.step, allowed=False, reason=_no_ballot(state, actor), next_stage=row.target)
    return step


def _motion_holders(who: _Who, state: MotionState, actor: Actor) -> frozenset[str]:
    """The powers whose step it is."""
    if who is _Who.SPONSOR and state.sponsor:
        return frozenset({state.sponsor})
    if who is _Who.ELECTOR:
        return state.electors
    if who is _Who.ANOTHER_SEAT:
        voices = {actor.power, *actor.stands_in_for} - {None, state.sponsor}
        return frozenset(power for power in voices if power)
    return frozenset()


def _no_ballot(state: MotionState, actor: Actor) -> str:
    if actor.observer:
        return "Observers have no vote."
    if any(actor.speaks_for(power) for power in state.recused):
        return "A party to the complaint is recused from the vote on it."
    return "Only a seat that was present and eligible when the vote opened may cast a ballot, each its own."


def _cannot_submit(state: MotionState) -> str:
    if not state.clauses:
        return "A motion needs at least one operative clause."
    return "" if state.enough_sponsors else "The motion still needs more sponsors."


def _cannot_open(state: MotionState) -> str:
    if state.stage is MotionStage.DRAFT and state.sponsor is not None:
        return f"The motion is still a draft of {state.sponsor}, which has to submit it."
    if not state.clauses:
        return "A motion needs at least one operative clause."
    return "" if state.sitting else "A vote opens only while the conference sits."


def _no_casting_vote(state: MotionState) -> str:
    return "" if state.tie is Tie.CASTING else "This charter gives the chair no casting vote."


def _no_second_vote(state: MotionState) -> str:
    return "" if state.tie is Tie.SECOND_VOTE else "This charter has no second vote after a tie."


def _cannot_enact(state: MotionState) -> str:
    if state.undone:
        return "The resolution was enacted and undone. To have its effects again takes a new motion."
    return "The resolution has taken effect already; it does so once." if state.enacted else ""


def _cannot_undo(state: MotionState) -> str:
    if not state.enacted:
        return "Nothing has been enacted that could be undone."
    return "The resolution's effects have been undone already." if state.undone else ""


def _cannot_withdraw(state: MotionState) -> str:
    return "A motion that has been amended belongs to the conference, and stays." if state.amended else ""


_MOTION_CONDITIONS: dict[MotionStep, Callable[[MotionState], str]] = {
    MotionStep.SUBMIT: _cannot_submit,
    MotionStep.OPEN_VOTE: _cannot_open,
    MotionStep.CASTING_VOTE: _no_casting_vote,
    MotionStep.SECOND_VOTE: _no_second_vote,
    MotionStep.ENACT: _cannot_enact,
    MotionStep.UNDO: _cannot_undo,
    MotionStep.WITHDRAW: _cannot_withdraw,
}

# Both ---------------------------------------------------------------------------------------------------------------


def _judge(
    row: _Row[StepName, Stage],
    stage: Stage,
    actor: Actor,
    *,
    who: _Who,
    holders: frozenset[str],
    thing: str,
    known: frozenset[Stage],
) -> Step[StepName, Stage]:
    """Whether stage and person fit the row; the state's own conditions come after."""
    out_of_turn = stage in row.overrule_from
    if stage not in row.sources and not out_of_turn:
        return Step(
            name=row.step, allowed=False, reason=_wrong_stage(row, stage, thing, known), next_stage=row.target
        )
    theirs = actor.is_chair if who is _Who.CHAIR else any(actor.speaks_for(power) for power in holders)
    if theirs and not out_of_turn:
        return Step(name=row.step, allowed=True, next_stage=row.target, needs_reason=row.needs_reason)
    if actor.is_chair and (out_of_turn or row.stands_in):
        reason = f"The {thing} stands at “{stage}”: to do this now is out of turn, an overrule, and needs a reason."
        if not out_of_turn:
            reason = f"This is for {_named(who, holders)}. The chair may overrule, with a reason."
        return Step(
            name=row.step,
            allowed=True,
            reason=reason,
            next_stage=row.target,
            needs_reason=True,
            overrule=True,
        )
    return Step(
        name=row.step, allowed=False, reason=f"This is for {_named(who, holders)}.", next_stage=row.target
    )


def _wrong_stage(row: _Row[StepName, Stage], stage: Stage, thing: str, known: frozenset[Stage]) -> str:
    # In the order of the stages, so that the sentence reads as the procedure runs, and only those the charter has.
    stages = [f"“{each}”" for each in type(stage) if each in row.sources & known]
    return f"This step belongs to {_or(stages)}; the {thing} stands at “{stage}”."


def _known(
    table: Iterable[_Row[StepName, Stage]], charter: Charter, voted: Iterable[Stage], first: Stage
) -> frozenset[Stage]:
    """The stages that a charter can reach: by its rows, and by its votes."""
    known = {first}
    known.update(voted)
    known.update(row.target for row in table if row.target and charter in row.charters)
    return frozenset(known)


def _named(who: _Who, holders: frozenset[str]) -> str:
    if who in (_Who.CHAIR, _Who.ELECTOR, _Who.ANOTHER_SEAT) or not holders:
        return str(who)
    return f"{who}, {_and(sorted(holders))}"


def _with_target(step: Step[StepName, Stage], target: Stage | None) -> Step[StepName, Stage]:
    return Step(
        name=step.name,
        allowed=step.allowed,
        reason=step.reason,
        next_stage=target,
        needs_reason=step.needs_reason,
        overrule=step.overrule,
    )


def _and(parts: Iterable[str]) -> str:
    return _joined(list(parts), "and")


def _or(parts: Iterable[str]) -> str:
    return _joined(list(parts), "or")


def _joined(parts: list[str], word: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"
