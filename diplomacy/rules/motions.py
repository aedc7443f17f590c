"""The stages of a motion: who may do what with it, when, and why not."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from diplomacy.rules.steps import (
    FULL,
    MORE,
    QUICK,
    Actor,
    Charter,
    Row,
    Step,
    Who,
    judge,
    known_stages,
    nothing,
    row,
)
from diplomacy.rules.tally import Outcome, Tie


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


_M = MotionStage

UNVOTED_STAGES = (
    _M.DRAFT, _M.SUBMITTED, _M.IN_ORDER, _M.SECONDED, _M.DEBATE, _M.ADJOURNED, _M.CLOSED, _M.AMENDMENTS, _M.DIVISION,
)  # fmt: skip
"""Stages before the vote, in which the motion is alive."""

VOTED_STAGES = (_M.ADOPTED, _M.REJECTED, _M.VETOED)
"""Stages in which the vote has settled the motion."""


_TABLE = (
    # The quick charter has no amendments, so a sponsor may still mend what it has submitted.
    row(MotionStep.EDIT, {_M.DRAFT, _M.SUBMITTED}, None, Who.SPONSOR, QUICK, stands_in=False),
    row(MotionStep.EDIT, {_M.DRAFT}, None, Who.SPONSOR, MORE, stands_in=False),
    row(MotionStep.SUBMIT, {_M.DRAFT}, _M.SUBMITTED, Who.SPONSOR),
    # The chair rules on order (GA rules 35 and 71); the floor takes over in the fuller charters.
    row(MotionStep.RULE_IN_ORDER, {_M.SUBMITTED}, _M.IN_ORDER, Who.CHAIR, MORE),
    row(MotionStep.RULE_OUT, {_M.SUBMITTED}, _M.RULED_OUT, Who.CHAIR, needs_reason=True),
    row(MotionStep.SECOND, {_M.IN_ORDER}, _M.SECONDED, Who.ANOTHER_SEAT, MORE),
    row(MotionStep.OPEN_DEBATE, {_M.SECONDED, _M.ADJOURNED}, _M.DEBATE, Who.CHAIR, MORE),
    row(MotionStep.ADJOURN_DEBATE, {_M.DEBATE}, _M.ADJOURNED, Who.CHAIR, MORE),  # GA rule 74
    row(MotionStep.CLOSE_DEBATE, {_M.DEBATE}, _M.CLOSED, Who.CHAIR, MORE),  # GA rule 75
    row(MotionStep.TAKE_AMENDMENTS, {_M.CLOSED}, _M.AMENDMENTS, Who.CHAIR, MORE),  # GA rule 90
    row(MotionStep.DIVIDE, {_M.CLOSED, _M.AMENDMENTS}, _M.DIVISION, Who.CHAIR, FULL),  # GA rule 89
    # The chair's own draft may go straight to the vote; a vote void for want of a quorum may be held again.
    row(MotionStep.OPEN_VOTE, {_M.DRAFT, _M.SUBMITTED, _M.IN_ORDER, _M.VOID}, _M.VOTING, Who.CHAIR, QUICK),
    row(MotionStep.OPEN_VOTE, {_M.CLOSED, _M.AMENDMENTS, _M.DIVISION, _M.VOID}, _M.VOTING, Who.CHAIR, MORE),
    row(MotionStep.CAST_BALLOT, {_M.VOTING}, _M.VOTING, Who.ELECTOR, stands_in=False),
    row(MotionStep.CLOSE_VOTE, {_M.VOTING}, None, Who.CHAIR),  # GA rule 88: no interruption but this
    row(MotionStep.CASTING_VOTE, {_M.TIED}, None, Who.CHAIR),  # ICJ Statute art. 55(2)
    row(MotionStep.SECOND_VOTE, {_M.TIED}, _M.VOTING, Who.CHAIR),  # GA rule 95
    row(MotionStep.PREVIEW, {*UNVOTED_STAGES, _M.VOTING, _M.TIED, _M.ADOPTED}, None, Who.CHAIR),
    row(MotionStep.ENACT, {_M.ADOPTED}, _M.ADOPTED, Who.CHAIR),
    row(MotionStep.UNDO, {_M.ADOPTED}, _M.ADOPTED, Who.CHAIR),
    # By its sponsor, before the vote, while nobody has amended it (GA rule 80).
    row(MotionStep.WITHDRAW, UNVOTED_STAGES, _M.WITHDRAWN, Who.SPONSOR),
)


def motion_steps(state: MotionState, actor: Actor) -> tuple[Step[MotionStep, MotionStage], ...]:
    """Every step that the charter knows, in the order of the procedure, for this person at this moment."""
    return tuple(_motion_step(row, state, actor) for row in _TABLE if state.charter in row.charters)


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
    row: Row[MotionStep, MotionStage], state: MotionState, actor: Actor
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
        known=known_stages(_TABLE, state.charter, _STAGE_OF_OUTCOME.values(), MotionStage.DRAFT),
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
    if who is Who.ANOTHER_SEAT:
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


_CONDITIONS: dict[MotionStep, Callable[[MotionState], str]] = {
    MotionStep.SUBMIT: _cannot_submit,
    MotionStep.OPEN_VOTE: _cannot_open,
    MotionStep.CASTING_VOTE: _no_casting_vote,
    MotionStep.SECOND_VOTE: _no_second_vote,
    MotionStep.ENACT: _cannot_enact,
    MotionStep.UNDO: _cannot_undo,
    MotionStep.WITHDRAW: _cannot_withdraw,
}
