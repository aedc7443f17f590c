"""A charter's knobs: how much procedure a table wants, and the rule its motions are voted under.

Three presets fill them in; every knob can then be turned by itself. What has been put to the vote keeps the rule it
was opened under, and what stands at a stage that a charter no longer knows goes on from there by the fuller one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
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


BOUNDS: Mapping[str, tuple[int, int]] = {
    "minimum_yes": (0, 1000),
    "blocking_minority": (0, 1000),
    "sponsors_needed": (1, 100),
    "speaking_seconds": (10, 3600),
    "answer_days": (0, 3650),
    "parley_days": (0, 3650),
    "objection_days": (0, 3650),
}
"""The least and the most of each knob that is a number: votes, seats, sponsors, seconds, story days."""

_SHARES = ("threshold", "finding_threshold", "weight_threshold", "quorum")


def faults(knobs: Knobs) -> dict[str, str]:
    """What is wrong with these knobs, in words: the knob, and why it will not do. Empty when they go together."""
    found: dict[str, str] = {}
    for feature, needed in NEEDS.items():
        if feature in knobs.features and needed not in knobs.features:
            found.setdefault("features", f"“{feature}” needs “{needed}” as well.")
    for name in _SHARES:
        share = getattr(knobs, name)
        if share is not None and not 0 <= share <= 1:
            found[name] = f"A share lies between none and all, not at {share}."
    for name, (least, most) in BOUNDS.items():
        if not least <= getattr(knobs, name) <= most:
            found[name] = f"This lies between {least} and {most}."
    whole = "More than all is never reached: say “at least”, or lower the share."
    if knobs.threshold == 1 and not knobs.at_least:
        found["threshold"] = whole
    if knobs.finding_threshold == 1 and not knobs.finding_at_least:
        found["finding_threshold"] = whole
    if knobs.quorum == 1 and knobs.quorum_more_than:
        found["quorum"] = whole
    if knobs.blocking_minority and knobs.weight_threshold is None:
        found["blocking_minority"] = (
            "A blocking minority counts only where weights do: give a share of the weights."
        )
    return found


def check(knobs: Knobs) -> None:
    """Raise ValueError, in words, for knobs that do not go together."""
    for fault in faults(knobs).values():
        raise ValueError(fault)


def turned(knobs: Knobs) -> tuple[str, ...]:
    """The knobs that differ from their preset's, by name, in the order of `Knobs`."""
    preset = PRESETS[knobs.preset]
    return tuple(
        each.name for each in fields(Knobs) if getattr(knobs, each.name) != getattr(preset, each.name)
    )


def preset_of(knobs: Knobs) -> Charter | None:
    """The preset that these knobs still are, or None once one of them was turned."""
    return next((name for name, preset in PRESETS.items() if replace(knobs, preset=name) == preset), None)


def rule_for(knobs: Knobs, *, kind: MotionKind, of_finding: bool) -> VotingRule:
    """The rule that a motion of a kind is voted under.

    Procedural motions go by a simple majority of the votes cast (GA rule 85), a reconsideration by two thirds (GA
    rule 81), countermeasures by reverse consensus (DSU arts. 16.4 and 22.6). `of_finding` says that the motion, or
    the one whose text it is about, finds something of a complaint.
    """
    rule = _rule_for(knobs, kind, of_finding)
    return replace(rule, quorum=knobs.quorum, quorum_more_than=knobs.quorum_more_than)


def _rule_for(knobs: Knobs, kind: MotionKind, of_finding: bool) -> VotingRule:
    if kind is MotionKind.COUNTERMEASURES:
        return VotingRule(kind=Kind.REVERSE_CONSENSUS)
    if kind is MotionKind.RECONSIDER:
        return VotingRule(threshold=Fraction(2, 3), at_least=True)
    if kind in PROCEDURAL_KINDS:
        return VotingRule()
    finding = knobs.finding_threshold if of_finding else None
    return VotingRule(
        kind=knobs.kind,
        threshold=knobs.threshold if finding is None else finding,
        at_least=knobs.at_least if finding is None else knobs.finding_at_least,
        base=knobs.base,
        minimum_yes=knobs.minimum_yes,
        weight_threshold=knobs.weight_threshold,
        weight_base=knobs.weight_base,
        blocking_minority=knobs.blocking_minority,
        veto=knobs.veto,
        tie=knobs.tie,
    )
