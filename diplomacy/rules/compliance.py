"""What a power owes, from the day it is laid until it is met: who may say what of it, when, and why not the rest.

The owner says what was done; the other side of the complaint accepts that, or disputes it (DSU art. 21.5); the chair
finds. Without a complaint there is no other side, and the chair's word is all there is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from diplomacy.rules.steps import Actor, Feature, Row, Step, Who, judge, known_stages, nothing, row, rows_for


class ObligationStage(StrEnum):
    """Where an obligation stands."""

    OWED = "owed"
    REPORTED = "reported"
    DISPUTED = "disputed"
    UNMET = "unmet"
    MET = "met"
    VOID = "void"


class ObligationStep(StrEnum):
    """What may be done about an obligation."""

    REPORT = "report"
    ACCEPT = "accept"
    DISPUTE = "dispute"
    FIND_MET = "find met"
    FIND_UNMET = "find not met"


@dataclass(frozen=True, kw_only=True)
class ObligationState:
    """All that the steps of an obligation depend on.

    `owner` owes it and `others` are the powers it is owed to, by name; `features` are those of the charter it goes
    by; `due` says that its day has come.
    """

    stage: ObligationStage
    owner: str
    others: tuple[str, ...] = ()
    features: frozenset[Feature] = frozenset()
    due: bool = False


_O = ObligationStage
_S = ObligationStep
_OUTSTANDING = {_O.OWED, _O.REPORTED, _O.DISPUTED, _O.UNMET}

_TABLE = (
    row(_S.REPORT, {_O.OWED, _O.DISPUTED, _O.UNMET}, _O.REPORTED, Who.OWNER, stands_in=False),
    row(_S.ACCEPT, _OUTSTANDING, _O.MET, Who.OTHER_SIDE, stands_in=False),
    row(
        _S.DISPUTE,
        {_O.OWED, _O.REPORTED, _O.UNMET},
        _O.DISPUTED,
        Who.OTHER_SIDE,
        needs=Feature.REVIEW,
        stands_in=False,
        needs_reason=True,
    ),
    # At a quick table the chair says so, and that is that.
    row(_S.FIND_MET, _OUTSTANDING, _O.MET, Who.CHAIR, lacks=Feature.COMPLIANCE),
    row(_S.FIND_MET, _OUTSTANDING, _O.MET, Who.CHAIR, needs=Feature.COMPLIANCE, needs_reason=True),
    row(_S.FIND_UNMET, {_O.OWED, _O.REPORTED, _O.DISPUTED}, _O.UNMET, Who.CHAIR, needs_reason=True),
)


def obligation_steps(
    state: ObligationState, actor: Actor
) -> tuple[Step[ObligationStep, ObligationStage], ...]:
    """Every step that the charter knows, for this person at this moment."""
    known = known_stages(_TABLE, state.features, (_O.VOID,), _O.OWED)
    return tuple(
        _step(each, state, actor, known) for each in rows_for(_TABLE, state.features, state.stage, known)
    )


def obligation_step(
    name: ObligationStep, state: ObligationState, actor: Actor
) -> Step[ObligationStep, ObligationStage]:
    """One step by its name; a step that the charter does not know is not allowed."""
    for step in obligation_steps(state, actor):
        if step.name is name:
            return step
    return Step(name=name, allowed=False, reason="This charter has no such step.")


def _step(
    row: Row[ObligationStep, ObligationStage],
    state: ObligationState,
    actor: Actor,
    known: frozenset[ObligationStage],
) -> Step[ObligationStep, ObligationStage]:
    if state.stage in _ENDED:
        return Step(name=row.step, allowed=False, reason=_ENDED[state.stage], next_stage=row.target)
    holders = {Who.OWNER: (state.owner,), Who.OTHER_SIDE: state.others}.get(row.who, ())
    step = judge(
        row, state.stage, actor, who=row.who, holders=frozenset(holders), thing="obligation", known=known
    )
    refused = _CONDITIONS.get(row.step, nothing)(state)
    if step.allowed and refused:
        return Step(name=row.step, allowed=False, reason=refused, next_stage=row.target)
    return step


_ENDED = {
    _O.MET: "This obligation has been met.",
    _O.VOID: "This obligation is void: what laid it was undone.",
}


def _too_early(state: ObligationState) -> str:
    if state.due or state.stage is not _O.OWED:
        return ""
    return "It is not due yet, and nobody has said that it was done."


_CONDITIONS: dict[ObligationStep, Callable[[ObligationState], str]] = {_S.DISPUTE: _too_early}
