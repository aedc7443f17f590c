"""The stages of a motion: who may do what with it, when, and why not."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from diplomacy.rules.steps import (
    Actor,
    Feature,
    Row,
    Step,
    Who,
    judge,
    known_stages,
    nothing,
    row,
    rows_for,
)
from diplomacy.rules.tally import Outcome, Tie


class MotionKind(StrEnum):
    """What is moved. All but the main kinds belong to another motion, to a ruling, or to the sitting itself."""

    SUBSTANTIVE = "motion"
    COUNTERMEASURES = "countermeasures"
    AMENDMENT = "amendment"
    CLAUSE = "clause"  # a clause voted apart
    APPEAL = "appeal"
    RECONSIDER = "reconsideration"
    SUSPEND = "suspend the sitting"
    ADJOURN = "adjourn the sitting"
    ADJOURN_DEBATE = "adjourn the debate"
    CLOSE_DEBATE = "close the debate"


MAIN_KINDS = frozenset({MotionKind.SUBSTANTIVE, MotionKind.COUNTERMEASURES})
"""Motions that become resolutions."""

PROCEDURAL_KINDS = (
    MotionKind.SUSPEND,
    MotionKind.ADJOURN,
    MotionKind.ADJOURN_DEBATE,
    MotionKind.CLOSE_DEBATE,
    MotionKind.APPEAL,
    MotionKind.RECONSIDER,
)
"""Procedural motions. The first four are in the order in which they come before everything else (GA rule 77)."""


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


class MotionStep(StrEnum):
    """What may be done with a motion."""

    EDIT = "edit"
    INVITE = "invite sponsors"
    SIGN = "sign"
    SUBMIT = "submit"
    RULE_IN_ORDER = "rule in order"
    RULE_OUT = "rule out"
    APPEAL = "appeal"
    SECOND = "second"
    OPEN_DEBATE = "open debate"
    ADJOURN_DEBATE = "adjourn debate"
    MOVE_TO_ADJOURN_DEBATE = "move to adjourn the debate"
    MOVE_TO_CLOSE_DEBATE = "move to close the debate"
    CLOSE_DEBATE = "close debate"
    AMEND = "amend"
    TAKE_AMENDMENTS = "take amendments"
    ASK_DIVISION = "ask for division"
    DIVIDE = "divide"
    PLEDGE = "pledge"
    OPEN_VOTE = "open vote"
    CAST_BALLOT = "cast ballot"
    CLOSE_VOTE = "close vote"
    CASTING_VOTE = "casting vote"
    SECOND_VOTE = "second vote"
    RECONSIDER = "reconsider"
    PREVIEW = "preview"
    ENACT = "enact"
    UNDO = "undo"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, kw_only=True)
class MotionState:
    """All that the steps of a motion depend on.

    `features` are those of the charter. `waits_for` says in a sentence what comes before this vote, such as an
    amendment. `invited` are the powers asked to sponsor it that have not signed yet, `signed` those that have.
    `appealed` says that an appeal or a reconsideration is before the conference. `sponsor` None is the chair's own
    motion. `clauses` counts operative clauses. `electors` are the powers that may cast a ballot (eligible and present
    when the vote opened) and `recused` the parties set aside; `sitting` says that the conference is open; `enacted`
    and `undone` are the resolution's.
    """

    stage: MotionStage
    kind: MotionKind = MotionKind.SUBSTANTIVE
    sponsor: str | None = None
    features: frozenset[Feature] = frozenset()
    invited: frozenset[str] = frozenset()
    signed: frozenset[str] = frozenset()
    waits_for: str = ""
    appealed: bool = False
    clauses: int = 1
    enough_sponsors: bool = True
    amended: bool = False
    sitting: bool = True
    electors: frozenset[str] = frozenset()
    recused: frozenset[str] = frozenset()
    tie: Tie = Tie.REJECT
    enacted: bool = False
    undone: bool = False


_M = MotionStage

UNVOTED_STAGES = (
    _M.DRAFT, _M.SUBMITTED, _M.IN_ORDER, _M.SECONDED, _M.DEBATE, _M.ADJOURNED, _M.CLOSED, _M.AMENDMENTS, _M.DIVISION,
)  # fmt: skip
"""Stages before the vote, in which the motion is alive."""

VOTED_STAGES = (_M.ADOPTED, _M.REJECTED, _M.VETOED)
"""Stages in which the vote has settled the motion."""


_S = MotionStep
_F = Feature
_DEBATED = {_M.SECONDED, _M.DEBATE, _M.ADJOURNED, _M.CLOSED, _M.AMENDMENTS}
_ON_THE_FLOOR = {*UNVOTED_STAGES} - {_M.DRAFT}

_VOTE = (
    row(_S.CAST_BALLOT, {_M.VOTING}, _M.VOTING, Who.ELECTOR, stands_in=False),
    row(_S.CLOSE_VOTE, {_M.VOTING}, None, Who.CHAIR),  # GA rule 88: no interruption but this
    row(_S.CASTING_VOTE, {_M.TIED}, None, Who.CHAIR),  # ICJ Statute art. 55(2)
    row(_S.SECOND_VOTE, {_M.TIED}, _M.VOTING, Who.CHAIR),  # GA rule 95
)

_MAIN = (
    # Without amendments, a sponsor may still mend what it has submitted.
    row(_S.EDIT, {_M.DRAFT, _M.SUBMITTED}, None, Who.SPONSOR, lacks=_F.FLOOR, stands_in=False),
    row(_S.EDIT, {_M.DRAFT}, None, Who.SPONSOR, needs=_F.FLOOR, stands_in=False),
    row(_S.INVITE, {_M.DRAFT}, None, Who.SPONSOR, stands_in=False),
    row(_S.SIGN, {_M.DRAFT}, None, Who.INVITED, stands_in=False),
    row(_S.SUBMIT, {_M.DRAFT}, _M.SUBMITTED, Who.SPONSOR),
    # The chair rules on order (GA rules 35 and 71); the floor takes over in the fuller charters.
    row(_S.RULE_IN_ORDER, {_M.SUBMITTED}, _M.IN_ORDER, Who.CHAIR, needs=_F.FLOOR),
    row(_S.RULE_OUT, {_M.SUBMITTED}, _M.RULED_OUT, Who.CHAIR, needs_reason=True),
    row(_S.APPEAL, {_M.RULED_OUT}, None, Who.ANY_SEAT, needs=_F.APPEALS, stands_in=False),
    row(_S.SECOND, {_M.IN_ORDER}, _M.SECONDED, Who.ANOTHER_SEAT, needs=_F.FLOOR),
    row(_S.OPEN_DEBATE, {_M.SECONDED, _M.ADJOURNED}, _M.DEBATE, Who.CHAIR, needs=_F.FLOOR),
    row(_S.ADJOURN_DEBATE, {_M.DEBATE}, _M.ADJOURNED, Who.CHAIR, needs=_F.FLOOR),
    row(_S.MOVE_TO_ADJOURN_DEBATE, {_M.DEBATE}, None, Who.ANY_SEAT, needs=_F.FLOOR, stands_in=False),
    row(_S.CLOSE_DEBATE, {_M.DEBATE}, _M.CLOSED, Who.CHAIR, needs=_F.FLOOR),
    row(_S.MOVE_TO_CLOSE_DEBATE, {_M.DEBATE}, None, Who.ANY_SEAT, needs=_F.FLOOR, stands_in=False),
    row(_S.AMEND, _DEBATED, None, Who.ANY_SEAT, needs=_F.AMENDMENTS, stands_in=False),
    row(_S.TAKE_AMENDMENTS, {_M.CLOSED}, _M.AMENDMENTS, Who.CHAIR, needs=_F.AMENDMENTS),  # GA rule 90
    row(_S.ASK_DIVISION, _DEBATED | {_M.DIVISION}, None, Who.ANY_SEAT, needs=_F.DIVISION, stands_in=False),
    row(_S.DIVIDE, {_M.CLOSED, _M.AMENDMENTS}, _M.DIVISION, Who.CHAIR, needs=_F.DIVISION),  # GA rule 89
    row(_S.PLEDGE, _ON_THE_FLOOR, None, Who.ANY_SEAT, stands_in=False),
    # The chair's own draft may go straight to the vote; a vote void for want of a quorum may be held again.
    row(
        _S.OPEN_VOTE,
        {_M.DRAFT, _M.SUBMITTED, _M.IN_ORDER, _M.VOID},
        _M.VOTING,
        Who.CHAIR,
        lacks=_F.FLOOR,
    ),
    row(
        _S.OPEN_VOTE,
        {_M.CLOSED, _M.AMENDMENTS, _M.DIVISION, _M.VOID},
        _M.VOTING,
        Who.CHAIR,
        needs=_F.FLOOR,
        overrule_from={_M.SUBMITTED, _M.IN_ORDER, _M.SECONDED, _M.DEBATE},
    ),
    *_VOTE,
    row(
        _S.RECONSIDER,
        {_M.ADOPTED, _M.REJECTED, _M.VETOED},
        None,
        Who.ANY_SEAT,
        needs=_F.RECONSIDERATION,
        stands_in=False,
    ),
    row(_S.PREVIEW, {*UNVOTED_STAGES, _M.VOTING, _M.TIED, _M.ADOPTED}, None, Who.CHAIR),
    row(_S.ENACT, {_M.ADOPTED}, _M.ADOPTED, Who.CHAIR),
    row(_S.UNDO, {_M.ADOPTED}, _M.ADOPTED, Who.CHAIR),
    # By its sponsor, before the vote, while nobody has amended it (GA rule 80).
    row(_S.WITHDRAW, UNVOTED_STAGES, _M.WITHDRAWN, Who.SPONSOR),
)

# What belongs to another motion, to a ruling or to the sitting is put without debate of its own.
_SUBSIDIARY = (
    row(_S.RULE_OUT, {_M.SUBMITTED}, _M.RULED_OUT, Who.CHAIR, needs_reason=True),
    row(_S.OPEN_VOTE, {_M.SUBMITTED, _M.VOID}, _M.VOTING, Who.CHAIR),
    *_VOTE,
    row(_S.WITHDRAW, {_M.SUBMITTED}, _M.WITHDRAWN, Who.SPONSOR),
)

_FINAL = frozenset({*VOTED_STAGES, _M.TIED, _M.VOID})


def _table(state: MotionState) -> tuple[Row[MotionStep, MotionStage], ...]:
    return _MAIN if state.kind in MAIN_KINDS else _SUBSIDIARY


def motion_steps(state: MotionState, actor: Actor) -> tuple[Step[MotionStep, MotionStage], ...]:
    """Every step that the charter knows, in the order of the procedure, for this person at this moment."""
    table = _table(state)
    # What belongs to another motion is before the conference as soon as it is moved.
    first = MotionStage.DRAFT if state.kind in MAIN_KINDS else MotionStage.SUBMITTED
    known = known_stages(table, state.features, _FINAL, first)
    rows = rows_for(table, state.features, state.stage, known)
    return tuple(_motion_step(row, state, actor, known) for row in rows)


def motion_step(name: MotionStep, state: MotionState, actor: Actor) -> Step[MotionStep, MotionStage]:
    """One step by its name; a step that the charter does not know is not allowed."""
    for step in motion_steps(state, actor):
        if step.name is name:
            return step
    return Step(name=name, allowed=False, reason="This charter has no such step.")


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
    row: Row[MotionStep, MotionStage], state: MotionState, actor: Actor, known: frozenset[MotionStage]
) -> Step[MotionStep, MotionStage]:
    who = row.who
    if who is Who.SPONSOR and state.sponsor is None:
        who = Who.CHAIR
    step = judge(
        row,
        state.stage,
        actor,
        who=who,
        holders=_motion_holders(who, state, actor),
        thing="motion",
        known=known,
    )
    refused = _CONDITIONS.get(row.step, nothing)(state)
    if step.allowed and refused:
        return Step(name=row.step, allowed=False, reason=refused, next_stage=row.target)
    if row.step is MotionStep.CAST_BALLOT and state.stage is MotionStage.VOTING and not step.allowed:
        return Step(name=row.step, allowed=False, reason=_no_ballot(state, actor), next_stage=row.target)
    return step


def _motion_holders(who: Who, state: MotionState, actor: Actor) -> frozenset[str]:
    """The powers whose step it is."""
    if who is Who.SPONSOR and state.sponsor:
        return frozenset({state.sponsor})
    if who is Who.ELECTOR:
        return state.electors
    voices = frozenset(power for power in (actor.power, *actor.stands_in_for) if power)
    if who is Who.ANOTHER_SEAT:
        return voices - {state.sponsor or "", *state.signed}  # whoever sponsors a motion supports it already
    if who is Who.ANY_SEAT:
        return voices
    if who is Who.INVITED:
        return voices & state.invited
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
    return (
        ""
        if state.enough_sponsors
        else "The motion still needs more sponsors: ask for their support on its page."
    )


def _cannot_open(state: MotionState) -> str:
    if state.kind not in MAIN_KINDS:
        return state.waits_for or ("" if state.sitting else "A vote opens only while the conference sits.")
    if state.stage is MotionStage.DRAFT and state.sponsor is not None:
        return f"The motion is still a draft of {state.sponsor}, which has to submit it."
    if not state.clauses:
        return "A motion needs at least one operative clause."
    if state.waits_for:
        return state.waits_for
    return "" if state.sitting else "A vote opens only while the conference sits."


def _no_casting_vote(state: MotionState) -> str:
    return "" if state.tie is Tie.CASTING else "This charter gives the chair no casting vote."


def _no_second_vote(state: MotionState) -> str:
    return "" if state.tie is Tie.SECOND_VOTE else "This charter has no second vote after a tie."


def _cannot_enact(state: MotionState) -> str:
    if state.undone:
        return "The resolution was enacted and undone. To have its effects again takes a new motion."
    if state.enacted:
        return "The resolution has taken effect already; it does so once."
    return (
        "A motion to reconsider it is before the conference, and is voted on first." if state.appealed else ""
    )


def _cannot_undo(state: MotionState) -> str:
    if not state.enacted:
        return "Nothing has been enacted that could be undone."
    return "The resolution's effects have been undone already." if state.undone else ""


def _cannot_reconsider(state: MotionState) -> str:
    if state.enacted:
        return "The resolution has taken effect. A motion may repeal it."
    return _appealed(state)


def _appealed(state: MotionState) -> str:
    return "The conference has been asked that already." if state.appealed else ""


def _not_sitting(state: MotionState) -> str:
    return "" if state.sitting else "This is moved only while the conference sits."


def _cannot_withdraw(state: MotionState) -> str:
    return "A motion that has been amended belongs to the conference, and stays." if state.amended else ""


_CONDITIONS: dict[MotionStep, Callable[[MotionState], str]] = {
    MotionStep.SUBMIT: _cannot_submit,
    MotionStep.OPEN_VOTE: _cannot_open,
    MotionStep.CASTING_VOTE: _no_casting_vote,
    MotionStep.SECOND_VOTE: _no_second_vote,
    MotionStep.ENACT: _cannot_enact,
    MotionStep.UNDO: _cannot_undo,
    MotionStep.WITHDRAW: _cannot_withdraw,
    MotionStep.RECONSIDER: _cannot_reconsider,
    MotionStep.APPEAL: _appealed,
    MotionStep.MOVE_TO_ADJOURN_DEBATE: _not_sitting,
    MotionStep.MOVE_TO_CLOSE_DEBATE: _not_sitting,
}
