"""Rows to rule values for a vote: who may cast, under which rule, what came of it, and what may be done next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from django.db.models import Model

from diplomacy.models import (
    Charter,
    ClauseKind,
    Complaint,
    Conference,
    ConferenceStage,
    Elector,
    Motion,
    Seat,
)
from diplomacy.records import called, hearing_of
from diplomacy.records_motions import standing_of
from diplomacy.records_sitting import unheard
from diplomacy.rules import tally as rules
from diplomacy.rules.charters import Mode, rule_for
from diplomacy.rules.procedure import (
    Actor,
    ComplaintStage,
    Feature,
    Finding,
    MotionKind,
    MotionStage,
    MotionState,
)
from khitomer.models import Membership, Role

Called = TypeVar("Called", Seat, Elector)

# The rule of a vote, frozen as JSON -----------------------------------------------------------------------------------


def rule_of(charter: Charter, motion: Motion | None = None) -> rules.VotingRule:
    """The voting rule of a charter as it stands now, for a motion of its kind (see `rules.charters.rule_for`)."""
    kind = MotionKind(motion.kind) if motion else MotionKind.SUBSTANTIVE
    of_finding = motion is not None and motion.finding != Finding.NONE.value
    if motion is not None and motion.parent and kind in (MotionKind.AMENDMENT, MotionKind.CLAUSE):
        of_finding = motion.parent.finding != Finding.NONE.value
    return rule_for(charter.knobs, kind=kind, of_finding=of_finding)


def rule_to_json(rule: rules.VotingRule) -> dict[str, Any]:
    """A rule as JSON, its fractions as text: "2/3" comes back as two-thirds, 0.6667 would not."""
    return {
        "kind": rule.kind.value,
        "threshold": str(rule.threshold),
        "at_least": rule.at_least,
        "base": rule.base.value,
        "minimum_yes": rule.minimum_yes,
        "weight_threshold": None if rule.weight_threshold is None else str(rule.weight_threshold),
        "weight_base": rule.weight_base.value,
        "blocking_minority": rule.blocking_minority,
        "veto": rule.veto,
        "quorum": str(rule.quorum),
        "quorum_more_than": rule.quorum_more_than,
        "tie": rule.tie.value,
    }


def rule_from_json(frozen: Mapping[str, Any]) -> rules.VotingRule:
    """The rule that `rule_to_json` wrote; what it leaves out is the rule's default. Raises ValueError on nonsense."""
    fractions = {"threshold", "quorum", "weight_threshold"}
    kinds = {"kind": rules.Kind, "base": rules.Base, "weight_base": rules.Base, "tie": rules.Tie}
    given: dict[str, Any] = {}
    for name in rules.VotingRule.__dataclass_fields__:
        value = frozen.get(name)
        if value is None:
            continue
        given[name] = Fraction(value) if name in fractions else kinds.get(name, lambda value: value)(value)
    return rules.VotingRule(**given)


@dataclass(frozen=True, kw_only=True)
class FrozenVote:
    """What a vote was opened with, apart from its electors.

    `names` are the powers' names by seat, as they were then: a tally speaks of them, and a power that takes another
    name later must not change what was recorded. `earlier` is the count of a first vote that ended in a tie. With
    `no_abstention` every ballot says yes or no.
    """

    rule: rules.VotingRule
    names: Mapping[int, str]
    second_vote: bool = False
    earlier: Mapping[str, int] | None = None
    no_abstention: bool = False

    def to_json(self) -> dict[str, Any]:
        """The value of `Motion.rule`."""
        return {
            **rule_to_json(self.rule),
            "names": {str(seat): name for seat, name in self.names.items()},
            "second_vote": self.second_vote,
            "earlier": None if self.earlier is None else dict(self.earlier),
            "no_abstention": self.no_abstention,
        }


def frozen_vote(motion: Motion) -> FrozenVote:
    """What the vote on this motion was opened with. Raises ValueError before it was opened."""
    if motion.rule is None:
        raise ValueError(f"{motion} has not been put to the vote.")
    return FrozenVote(
        rule=rule_from_json(motion.rule),
        names={int(seat): name for seat, name in motion.rule.get("names", {}).items()},
        second_vote=motion.rule.get("second_vote", False),
        earlier=motion.rule.get("earlier"),
        no_abstention=motion.rule.get("no_abstention", False),
    )


# The electorate -------------------------------------------------------------------------------------------------------


def status_of(seat: Seat, motion: Motion) -> rules.Status:
    """A seat's status in a vote on this motion: the parties are recused from the finding on their own complaint."""
    if seat.observer:
        return rules.Status.OBSERVER
    # The parties judge neither the finding nor what is to become of its text; they vote on everything else.
    judged = motion.parent if motion.kind in (MotionKind.AMENDMENT, MotionKind.CLAUSE) else motion
    recused = (
        judged is not None
        and judged.complaint is not None
        and judged.finding != Finding.NONE.value
        and seat.power_id in {power.pk for power in judged.complaint.parties}
    )
    return rules.Status.RECUSED if recused else rules.Status.ELIGIBLE


# A finding is voted on after the hearing, and once more where an earlier vote decided nothing.
VOTABLE = (ComplaintStage.HEARD, ComplaintStage.NO_DECISION)


def not_votable(motion: Motion) -> str:
    """Why the finding of this motion cannot be put to the vote, or "": the parties are heard before that."""
    complaint = motion.complaint
    if complaint is None or motion.finding == Finding.NONE.value:
        return ""
    if complaint.stage in VOTABLE:
        return _not_heard(motion, complaint)
    if complaint.stage == ComplaintStage.SCHEDULED:
        return "The parties are heard before anything is found: open the hearing first."
    return f"The complaint stands at “{complaint.stage}”: no finding on it can be put to the vote."


def _not_heard(motion: Motion, complaint: Complaint) -> str:
    """Where the charter has a floor, each party is heard or noted in default before anything is found."""
    hearing = hearing_of(complaint) if Feature.FLOOR in motion.conference.charter.knows else None
    missing = unheard(hearing) if hearing else []
    if not missing:
        return ""
    return f"Each party is heard or noted in default first: {', '.join(power.name for power in missing)}."


def may_vote(elector: Elector) -> bool:
    """Whether this seat may cast a ballot: eligible, and in the room when the vote opened."""
    return elector.status == rules.Status.ELIGIBLE and elector.present


def why_not_secret(rule: rules.VotingRule, electors: Iterable[Elector]) -> str:
    """Why these seats cannot vote in secret under this rule, or "": a ballot of its own weight tells whose it is."""
    electors = [each for each in electors if may_vote(each)]
    if rule.weight_threshold is not None or any(each.weight != 1 for each in electors):
        return "A secret ballot counts heads alone, and seats here have weights"
    if rule.veto and any(each.veto for each in electors):
        return "A secret ballot counts heads alone, and a seat here holds a veto"
    return ""


def in_roll_order(called: Iterable[Called], drawn: int | None) -> list[Called]:
    """Seats, or the electors that they became, in the order of the roll: by name from the seat that was drawn (its
    key), then from the first."""
    ordered = sorted(called, key=lambda each: _seat_of(each).power.name)
    start = next((place for place, each in enumerate(ordered) if _seat_of(each).pk == drawn), 0)
    return ordered[start:] + ordered[:start]


def _seat_of(called: Seat | Elector) -> Seat:
    return called if isinstance(called, Seat) else called.seat


# Counting -------------------------------------------------------------------------------------------------------------


def cast_in(motion: Motion) -> dict[int, rules.Choice]:
    """The choices by seat; of a secret vote, the box's choices given to whoever has voted (see `sealed_choices`).

    Raises ValueError when a box does not hold as many ballots as seats have voted.
    """
    if motion.mode != Mode.SECRET:
        rows = motion.ballots.values_list("seat_id", "choice")
        return {seat: rules.Choice(choice) for seat, choice in rows}
    voters = motion.voters.values_list("seat_id", flat=True)
    return sealed_choices(voters, motion.box.values_list("choice", flat=True))


def sealed_choices(voters: Iterable[int], box: Iterable[str]) -> dict[int, rules.Choice]:
    """Voters, each with some choice of the box: as each counts one and has no veto, whichever it is counts the same.

    Both are sorted, so that nothing depends on how they lay in their tables. Raises ValueError on unequal numbers.
    """
    order = list(rules.Choice)
    choices = sorted((rules.Choice(choice) for choice in box), key=order.index)
    return dict(zip(sorted(voters), choices, strict=True))


@dataclass(frozen=True, kw_only=True)
class Vote:
    """A vote as `rules.tally` and `rules.counting` take it; seats go by their powers' names at the opening."""

    seats: Sequence[rules.Seat]
    ballots: Mapping[str, rules.Choice]
    rule: rules.VotingRule
    casting: rules.Choice | None = None
    second_vote: bool = False


def vote_on(
    motion: Motion,
    *,
    electors: Iterable[Elector] | None = None,
    cast: Mapping[int, rules.Choice] | None = None,
    casting: rules.Choice | None = None,
) -> Vote:
    """The vote on a motion from its rows; `electors` and `cast` (see `cast_in`) may have been read before."""
    vote = frozen_vote(motion)
    electors = list(motion.electors.select_related("seat__power") if electors is None else electors)
    names = {each.seat_id: vote.names.get(each.seat_id) or called(each.seat.power) for each in electors}
    return Vote(
        seats=[
            rules.Seat(
                id=names[elector.seat_id],
                weight=elector.weight,
                veto=elector.veto,
                present=elector.present,
                status=rules.Status(elector.status),
            )
            for elector in electors
        ],
        ballots={names[seat]: choice for seat, choice in (cast_in(motion) if cast is None else cast).items()},
        rule=vote.rule,
        casting=casting or (rules.Choice(motion.casting) if motion.casting else None),
        second_vote=vote.second_vote,
    )


def count(
    motion: Motion,
    *,
    electors: Iterable[Elector] | None = None,
    cast: Mapping[int, rules.Choice] | None = None,
    casting: rules.Choice | None = None,
) -> rules.Tally:
    """Count the ballots on a motion under its frozen rule and electorate. Arguments as for `vote_on`."""
    return rules.tally(**vars(vote_on(motion, electors=electors, cast=cast, casting=casting)))


def recount(
    motion: Motion,
    *,
    electors: Iterable[Elector] | None = None,
    cast: Mapping[int, rules.Choice] | None = None,
) -> rules.Tally:
    """Count a closed vote again from its ballots. It equals `stored_tally(motion)`, or something is badly wrong."""
    return count(motion, electors=electors, cast=cast)


def stored_tally(motion: Motion) -> rules.Tally | None:
    """The tally as it was stored at the close; None before it."""
    if motion.closed_at is None:
        return None
    return rules.Tally(
        outcome=rules.Outcome(motion.outcome),
        reason=motion.reason,
        yes=motion.yes or 0,
        no=motion.no or 0,
        abstain=motion.abstain or 0,
        not_voting=motion.not_voting or 0,
        vetoed_by=tuple(motion.vetoed_by),
    )


# The procedure --------------------------------------------------------------------------------------------------------


def motion_state(motion: Motion) -> MotionState:
    """What the steps of a motion depend on. Powers go by name, for the procedure's sentences name them.

    For many motions, prefetch `clauses`, `electors__seat__power`, `sponsorships__seat__power` and `subsidiary`, select
    `resolution`, `sponsor__power` and `conference__charter`, and set `conference.live` (see `records_motions`): then
    this asks the database nothing.
    """
    charter = motion.conference.charter
    electors = _fetched(motion, "electors", "seat__power") if motion.opened_at else ()
    resolution = getattr(motion, "resolution", None)
    tie = frozen_vote(motion).rule.tie if motion.rule else rules.Tie(charter.tie)
    standing = standing_of(motion)
    return MotionState(
        stage=MotionStage(motion.stage),
        sponsor=called(motion.sponsor.power) if motion.sponsor else None,
        kind=MotionKind(motion.kind),
        features=charter.knows,
        invited=standing.invited,
        signed=standing.signed,
        enough_sponsors=standing.enough_sponsors,
        amended=standing.amended,
        appealed=standing.appealed,
        waits_for=standing.waits_for,
        clauses=sum(
            clause.kind == ClauseKind.OPERATIVE and clause.fallen_by_id is None
            for clause in motion.clauses.all()
        ),
        sitting=motion.conference.stage == ConferenceStage.OPEN,
        electors=frozenset(called(each.seat.power) for each in electors if may_vote(each)),
        recused=frozenset(
            called(each.seat.power) for each in electors if each.status == rules.Status.RECUSED
        ),
        tie=tie,
        enacted=resolution is not None and resolution.enacted_at is not None,
        undone=resolution is not None and resolution.undone_at is not None,
    )


def is_chair(membership: Membership | None) -> bool:
    """Whether this member runs the campaign, and so chairs its conferences."""
    return membership is not None and membership.role in (Role.GM, Role.CO_GM)


def is_voice_of(membership: Membership | None, seat: Seat) -> bool:
    """Whether this member votes and moves for the seat: its delegate, or the chair where it has none."""
    if membership is None or membership.role == Role.OBSERVER:
        return False
    return is_chair(membership) if seat.delegate_id is None else seat.delegate_id == membership.pk


def actor_at(conference: Conference, membership: Membership | None, *, sponsor: Seat | None = None) -> Actor:
    """A member as the procedure of a conference knows them. `sponsor` is the seat to prefer where they have several.

    Asks for the conference's seats with their powers unless these were fetched before.
    """
    if membership is None:
        return Actor(is_chair=False, power=None, observer=True)
    seats = _fetched(conference, "seats", "power")
    own = [
        called(seat.power) for seat in seats if seat.delegate_id is not None and is_voice_of(membership, seat)
    ]
    preferred = called(sponsor.power) if sponsor else None
    return Actor(
        is_chair=is_chair(membership),
        power=preferred if preferred in own else (own[0] if own else None),
        observer=membership.role == Role.OBSERVER,
        stands_in_for=frozenset(called(seat.power) for seat in seats if seat.delegate_id is None),
    )


def _fetched(row: Model, name: str, related: str) -> Iterable[Any]:
    """Rows that belong to this one: those fetched before, or else fetched now with what they are asked for."""
    rows = getattr(row, name)
    if name in getattr(row, "_prefetched_objects_cache", {}):
        return rows.all()  # type: ignore[no-any-return]
    return rows.select_related(related)  # type: ignore[no-any-return]
