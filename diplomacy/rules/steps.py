"""What the tables of the procedure are made of: who asks, a row, a step, and how a row is judged.

The tables themselves are in `complaints.py` and `motions.py`; `procedure.py` is the door to all of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar


class Charter(StrEnum):
    """How much procedure a table wants. Each knows all that the one before it knows."""

    QUICK = "quick"
    STANDARD = "standard"
    FULL = "full"


class Feature(StrEnum):
    """A part of the procedure that a charter may have or leave out."""

    PARLEY = "parley"
    OBJECTIONS = "objections"
    FLOOR = (
        "floor"  # motions ruled in order, seconded and debated; speakers' list; parties heard or in default
    )
    AMENDMENTS = "amendments"
    DIVISION = "division"
    APPEALS = "appeals"
    RECONSIDERATION = "reconsideration"
    COMPLIANCE = "compliance"
    REVIEW = "review"  # compliance disputed, reviewed, and countermeasures


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


StepName = TypeVar("StepName", bound=StrEnum)
Stage = TypeVar("Stage", bound=StrEnum)


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


class Who(StrEnum):
    """Whose step it is."""

    COMPLAINANT = "the complainant"
    RESPONDENT = "the respondent"
    PARTIES = "the parties"
    CHAIR = "the chair"
    SPONSOR = "the sponsor"
    ANOTHER_SEAT = "another seat"
    ANY_SEAT = "a seat"
    OTHER_POWER = "a power that is no party"
    ALL_PARTIES = "the parties and third parties"
    INVITED = "an invited sponsor"
    ELECTOR = "a seat in this vote"
    OWNER = "the power that owes it"
    OTHER_SIDE = "the power it is owed to"


@dataclass(frozen=True, kw_only=True)
class Row(Generic[StepName, Stage]):
    """One row of a table: for charters that have `needs` and have not `lacks`.

    `overrule_from`: stages from which the chair may still take it, out of turn. `stands_in`: whether the chair may
    take another's step as an overrule. `needs_reason`: always in writing.
    """

    step: StepName
    sources: frozenset[Stage]
    target: Stage | None
    who: Who
    needs: Feature | None = None
    lacks: Feature | None = None
    overrule_from: frozenset[Stage] = frozenset()
    stands_in: bool = True
    needs_reason: bool = False

    def fits(self, features: frozenset[Feature]) -> bool:
        """Whether a charter with these features has this row."""
        return (self.needs is None or self.needs in features) and self.lacks not in features


def row(
    step: StepName,
    sources: Iterable[Stage],
    target: Stage | None,
    who: Who,
    *,
    needs: Feature | None = None,
    lacks: Feature | None = None,
    overrule_from: Iterable[Stage] = (),
    stands_in: bool = True,
    needs_reason: bool = False,
) -> Row[StepName, Stage]:
    """One row, written short, as the tables write theirs."""
    return Row(
        step=step,
        sources=frozenset(sources),
        target=target,
        who=who,
        needs=needs,
        lacks=lacks,
        overrule_from=frozenset(overrule_from),
        stands_in=stands_in,
        needs_reason=needs_reason,
    )


def judge(
    row: Row[StepName, Stage],
    stage: Stage,
    actor: Actor,
    *,
    who: Who,
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
    theirs = actor.is_chair if who is Who.CHAIR else any(actor.speaks_for(power) for power in holders)
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


def _wrong_stage(row: Row[StepName, Stage], stage: Stage, thing: str, known: frozenset[Stage]) -> str:
    # In the order of the stages, so that the sentence reads as the procedure runs, and only those the charter has.
    stages = [f"“{each}”" for each in type(stage) if each in row.sources & known]
    return f"This step belongs to {_or(stages)}; the {thing} stands at “{stage}”."


def known_stages(
    table: Iterable[Row[StepName, Stage]], features: frozenset[Feature], voted: Iterable[Stage], first: Stage
) -> frozenset[Stage]:
    """The stages that a charter can reach: by its rows, and by its votes."""
    known = {first}
    known.update(voted)
    known.update(row.target for row in table if row.target and row.fits(features))
    return frozenset(known)


def rows_for(
    table: Iterable[Row[StepName, Stage]],
    features: frozenset[Feature],
    stage: Stage,
    known: frozenset[Stage],
) -> list[Row[StepName, Stage]]:
    """The rows of a charter; and from a stage that it does not know, because it was another's, the rows that lead on.

    A charter that is changed never leaves anything stuck where the old one brought it.
    """
    fitting = [row for row in table if row.fits(features)]
    if stage in known:
        return fitting
    onward = {row.step: row for row in table if stage in row.sources and not row.fits(features)}
    return [*(onward.pop(row.step, row) for row in fitting), *onward.values()]


def overruling(step: Step[StepName, Stage], actor: Actor, refused: str) -> Step[StepName, Stage]:
    """A step that something still speaks against: the chair may take it all the same, with a reason."""
    if not actor.is_chair:
        return Step(name=step.name, allowed=False, reason=refused, next_stage=step.next_stage)
    return Step(
        name=step.name,
        allowed=True,
        reason=f"{refused} To do it now is an overrule, and needs a reason.",
        next_stage=step.next_stage,
        needs_reason=True,
        overrule=True,
    )


_NAMED = (Who.COMPLAINANT, Who.RESPONDENT, Who.PARTIES, Who.SPONSOR, Who.OWNER, Who.OTHER_SIDE)


def _named(who: Who, holders: frozenset[str]) -> str:
    if who not in _NAMED or not holders:
        return str(who)
    return f"{who}, {and_(sorted(holders))}"


def with_target(step: Step[StepName, Stage], target: Stage | None) -> Step[StepName, Stage]:
    """The same step, leading to a stage that was not known from its row."""
    return Step(
        name=step.name,
        allowed=step.allowed,
        reason=step.reason,
        next_stage=target,
        needs_reason=step.needs_reason,
        overrule=step.overrule,
    )


def and_(parts: Iterable[str]) -> str:
    """At least one name or thing, listed for a sentence."""
    return _joined(list(parts), "and")


def _or(parts: Iterable[str]) -> str:
    return _joined(list(parts), "or")


def _joined(parts: list[str], word: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def nothing(state: object) -> str:
    """The condition of a step that has none: never a reason against it."""
    return ""
