"""A charter's knobs: how much procedure a table wants, and the rule its motions are voted under.

Three presets fill them in; every knob can then be turned by itself. What has been put to the vote keeps the rule it
was opened under, and what stands at a stage that a charter no longer knows goes on from there by the fuller one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from diplomacy.rules.motions import PROCEDURAL_KINDS, MotionKind
from diplomacy.rules.steps import Charter, Feature
from diplomacy.rules.tally import Base, Kind, Tie, VotingRule


class Mode(StrEnum):
    """How ballots are given (PROCEDURE, ballots)."""

    OPEN = "open"
    ROLL_CALL = "roll call"
    HANDS = "show of hands"
    SECRET = "secret"


@dataclass(frozen=True, kw_only=True)
class Knobs:
    """All that a charter settles. Shares are exact fractions; time-limits are story days; speaking time is seconds.

    With `at_least` the share itself is enough; without it, more than the share is needed. `finding_threshold` None
    votes findings like everything else. `weight_threshold` None counts heads alone.
    """

    preset: Charter = Charter.QUICK
    features: frozenset[Feature] = frozenset()
    # The vote.
    kind: Kind = Kind.MAJORITY
    threshold: Fraction = Fraction(1, 2)
    at_least: bool = False
    base: Base = Base.CAST
    minimum_yes: int = 0
    weight_threshold: Fraction | None = None
    weight_base: Base = Base.MEMBERSHIP
    blocking_minority: int = 0
    veto: bool = False
    quorum: Fraction = Fraction(1, 2)
    quorum_more_than: bool = False
    tie: Tie = Tie.CASTING
    finding_threshold: Fraction | None = None
    finding_at_least: bool = True
    procedural_abstention: bool = True
    mode: Mode = Mode.ROLL_CALL
    # The floor.
    sponsors_needed: int = 1
    speaking_seconds: int = 120
    # The time-limits, in story days.
    answer_days: int = 10
    parley_days: int = 60
    objection_days: int = 20


_STANDARD = Knobs(
    preset=Charter.STANDARD,
    features=frozenset({Feature.PARLEY, Feature.FLOOR, Feature.AMENDMENTS, Feature.COMPLIANCE}),
    finding_threshold=Fraction(2, 3),
)

PRESETS: Mapping[Charter, Knobs] = {
    Charter.QUICK: Knobs(),
    Charter.STANDARD: _STANDARD,
    Charter.FULL: replace(
        _STANDARD,
        preset=Charter.FULL,
        features=frozenset(Feature),
        procedural_abstention=False,
    ),
}
"""The knobs that each preset turns, and how far. Answer and parley run as in DSU art. 4: ten days, and sixty."""

NEEDS: Mapping[Feature, Feature] = {
    Feature.OBJECTIONS: Feature.PARLEY,
    Feature.AMENDMENTS: Feature.FLOOR,
    Feature.DIVISION: Feature.FLOOR,
    Feature.RECONSIDERATION: Feature.FLOOR,
    Feature.REVIEW: Feature.COMPLIANCE,
}
"""Features that stand on another: objections follow a parley, amendments a debate."""


def check(knobs: Knobs) -> None:
    """Raise ValueError, in words, for knobs that do not go together."""
    for feature, needed in NEEDS.items():
        if feature in knobs.features and needed not in knobs.features:
            raise ValueError(f"“{feature}” needs “{needed}” as well.")
    for share in (knobs.threshold, knobs.quorum, knobs.finding_threshold, knobs.weight_threshold):
        if share is not None and not 0 <= share <= 1:
            raise ValueError(f"A share lies between none and all, not at {share}.")


def preset_of(knobs: Knobs) -> Charter | None:
    """The preset that these knobs still are, or None once one of them was turned."""
    return next((name for name, preset in PRESETS.items() if replace(knobs, preset=name) == preset), None)


def rule_for(knobs: Knobs, *, kind: MotionKind, of_finding: bool) -> VotingRule:
    """The rule that a motion of a kind is voted under.

    Procedural motions go by a simple majority of the votes cast (GA rule 85), a reconsideration by two thirds (GA
    rule 81), countermeasures by reverse consensus (DSU arts. 16.4 and 22.6). `of_finding` says that the motion, or
    the one whose text it is about, finds something of a complaint.
    """
    quorum = {"quorum": knobs.quorum, "quorum_more_than": knobs.quorum_more_than}
    if kind is MotionKind.COUNTERMEASURES:
        return VotingRule(kind=Kind.REVERSE_CONSENSUS, **quorum)
    if kind is MotionKind.RECONSIDER:
        return VotingRule(threshold=Fraction(2, 3), at_least=True, **quorum)
    if kind in PROCEDURAL_KINDS:
        return VotingRule(**quorum)
    apart = of_finding and knobs.finding_threshold is not None
    return VotingRule(
        kind=knobs.kind,
        threshold=knobs.finding_threshold if apart and knobs.finding_threshold else knobs.threshold,
        at_least=knobs.finding_at_least if apart else knobs.at_least,
        base=knobs.base,
        minimum_yes=knobs.minimum_yes,
        weight_threshold=knobs.weight_threshold,
        weight_base=knobs.weight_base,
        blocking_minority=knobs.blocking_minority,
        veto=knobs.veto,
        tie=knobs.tie,
        **quorum,
    )
