"""Count ballots under a voting rule, and say in words why the outcome is what it is.

The voting rules, with worked examples from real votes, are published in docs/guide/voting.md. Everything here is
integers and fractions: a vote that hangs on one ballot must not hang on rounding.

Order of decision: quorum, the consensus kinds, heads, tie, weights, veto. The veto comes last, so that a motion
short of votes is rejected, and only a motion that would have carried is vetoed (UN Charter art. 27(3)).
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Choice(StrEnum):
    """What a seat may cast."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class Status(StrEnum):
    """What a seat may do in one vote. Eligible and recused seats are members; observers count nowhere."""

    ELIGIBLE = "eligible"
    RECUSED = "recused"
    OBSERVER = "observer"


class Kind(StrEnum):
    """How a decision is reached."""

    MAJORITY = "majority"
    CONSENSUS = "consensus"
    REVERSE_CONSENSUS = "reverse consensus"


class Base(StrEnum):
    """What a threshold is a share of.

    CAST: yes and no. PRESENT: eligible seats in the room, voting or not. MEMBERSHIP: every eligible and recused
    seat, in the room or not.
    """

    CAST = "cast"
    PRESENT = "present"
    MEMBERSHIP = "membership"


class Tie(StrEnum):
    """What an equal division of votes leads to."""

    REJECT = "reject"
    CASTING = "casting"
    SECOND_VOTE = "second vote"


class Outcome(StrEnum):
    """How a vote ended. TIED is the only one that waits for more: a casting vote or a second vote."""

    ADOPTED = "adopted"
    REJECTED = "rejected"
    VETOED = "vetoed"
    TIED = "tied"
    NO_QUORUM = "no quorum"


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One power's place in one vote, as frozen when voting opened.

    `weight` is a whole number of at least one, in any unit the charter likes. `veto` counts only where the rule
    has a veto. Raises ValueError for an empty id, a weight that is not a positive integer, or an unknown status.
    """

    id: str
    weight: int = 1
    veto: bool = False
    present: bool = True
    status: Status = Status.ELIGIBLE

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not self.id:
            raise ValueError("A seat needs an id.")
        if not _is_whole(self.weight) or self.weight < 1:
            raise ValueError(
                f"The weight of seat {self.id} must be a whole number of at least 1, not {self.weight!r}."
            )
        if not isinstance(self.status, Status):
            raise ValueError(f"Seat {self.id} has the unknown status {self.status!r}.")

    @property
    def is_member(self) -> bool:
        """Whether the seat counts in the membership and the quorum."""
        return self.status is not Status.OBSERVER

    @property
    def may_vote(self) -> bool:
        """Whether the seat may cast a ballot: eligible, and in the room."""
        return self.status is Status.ELIGIBLE and self.present


@dataclass(frozen=True, kw_only=True)
class VotingRule:
    """A charter's rule for one kind of decision.

    Heads: the yes votes must be more than `threshold` of `base` (with `at_least`, that share is itself enough), and
    at least `minimum_yes`, and never fewer than one. Weights: where `weight_threshold` is set, the yes votes must
    also weigh at least that share of `weight_base`, or fewer than `blocking_minority` eligible seats must have
    withheld a yes (TEU art. 16(4)). Quorum: at least `quorum` of the members must be in the room (more than that
    share with `quorum_more_than`). All shares are fractions from 0 to 1; floats are refused with ValueError.
    """

    kind: Kind = Kind.MAJORITY
    threshold: Fraction = Fraction(1, 2)
    at_least: bool = False
    base: Base = Base.CAST
    minimum_yes: int = 0
    weight_threshold: Fraction | None = None
    weight_base: Base = Base.MEMBERSHIP
    blocking_minority: int = 0
    veto: bool = False
    quorum: Fraction = Fraction(0)
    quorum_more_than: bool = False
    tie: Tie = Tie.REJECT

    def __post_init__(self) -> None:
        _check_share("threshold", self.threshold)
        _check_share("quorum", self.quorum)
        if self.weight_threshold is not None:
            _check_share("weight threshold", self.weight_threshold)
        _check_number("minimum of yes votes", self.minimum_yes)
        _check_number("blocking minority", self.blocking_minority)
        _check_is("kind", self.kind, Kind)
        _check_is("base", self.base, Base)
        _check_is("weight base", self.weight_base, Base)
        _check_is("tie", self.tie, Tie)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The counted vote. `reason` is a sentence or two for the table.

    `not_voting` counts the eligible seats that cast nothing, in the room or away, as the United Nations' voting
    records do; so yes + no + abstain + not_voting is the number of eligible seats. `vetoed_by` is sorted, and empty
    unless the outcome is VETOED.
    """

    outcome: Outcome
    reason: str
    yes: int
    no: int
    abstain: int
    not_voting: int
    vetoed_by: tuple[str, ...] = ()


def tally(
    *,
    seats: Iterable[Seat],
    ballots: Mapping[str, Choice],
    rule: VotingRule,
    casting: Choice | None = None,
    second_vote: bool = False,
) -> Tally:
    """Count `ballots` (seat id to choice) of `seats` under `rule`.

    `casting` is the chair's casting vote, read only when the votes are equal and the rule asks for it; a chair who
    abstains leaves the motion rejected. `second_vote` says that this is the second vote after a tie. Recused
    seats that vote again (DSU art. 16.4) are handed in as eligible: who is recused is the caller's to say.

    Raises ValueError, with a sentence, for any ballot that may not be cast and for two seats with one id.
    """
    count = _Count.of(seats=tuple(seats), ballots=dict(ballots))
    if casting is not None:
        _check_is("casting vote", casting, Choice)
    outcome, reason = _decide(count, rule, casting, second_vote)
    return Tally(
        outcome=outcome,
        reason=reason,
        yes=count.yes,
        no=count.no,
        abstain=count.abstain,
        not_voting=len(count.eligible) - len(count.ballots),
        vetoed_by=count.vetoes(rule) if outcome is Outcome.VETOED else (),
    )


@dataclass(frozen=True, kw_only=True)
class _Count:
    """The seats that count and their ballots, checked."""

    members: tuple[Seat, ...]
    eligible: tuple[Seat, ...]
    ballots: Mapping[str, Choice]

    @classmethod
    def of(cls, *, seats: tuple[Seat, ...], ballots: Mapping[str, Choice]) -> "_Count":
        _check_ballots(seats, ballots)
        return cls(
            members=tuple(seat for seat in seats if seat.is_member),
            eligible=tuple(seat for seat in seats if seat.status is Status.ELIGIBLE),
            ballots=ballots,
        )

    def cast(self, *choices: Choice) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.eligible if self.ballots.get(seat.id) in choices)

    @property
    def yes(self) -> int:
        return len(self.cast(Choice.YES))

    @property
    def no(self) -> int:
        return len(self.cast(Choice.NO))

    @property
    def abstain(self) -> int:
        return len(self.cast(Choice.ABSTAIN))

    def base(self, base: Base) -> tuple[Seat, ...]:
        if base is Base.CAST:
            return self.cast(Choice.YES, Choice.NO)
        if base is Base.PRESENT:
            return tuple(seat for seat in self.eligible if seat.present)
        return self.members

    def vetoes(self, rule: VotingRule) -> tuple[str, ...]:
        """The holders of a veto who voted no. Absence and abstention are no veto (ICJ, Namibia, 1971, para. 22)."""
        if not rule.veto:
            return ()
        return tuple(sorted(seat.id for seat in self.cast(Choice.NO) if seat.veto))

    def in_words(self) -> str:
        parts = [f"{self.yes} in favour", f"{self.no} against", f"{self.abstain} abstaining"]
        silent = len(self.eligible) - len(self.ballots)
        return ", ".join(parts + ([f"{silent} not voting"] if silent else []))


def _decide(
    count: _Count, rule: VotingRule, casting: Choice | None, second_vote: bool
) -> tuple[Outcome, str]:
    lacking = _quorum_lacking(count, rule)
    if lacking:
        return Outcome.NO_QUORUM, lacking
    if rule.kind is Kind.MAJORITY:
        outcome, why = _by_majority(count, rule, casting, second_vote)
    else:
        outcome, why = _by_consensus(count, rule.kind)
    vetoed_by = count.vetoes(rule)
    if outcome is Outcome.ADOPTED and vetoed_by:
        outcome, why = (
            Outcome.VETOED,
            f"the motion had the votes it needed, and was vetoed by {_list(vetoed_by)}",
        )
    return outcome, f"{outcome.value.capitalize()}: {count.in_words()}; {why}."


def _quorum_lacking(count: _Count, rule: VotingRule) -> str:
    """Why there is no quorum, or nothing. Recused members in the room count towards it (PROCEDURE: members)."""
    present = sum(seat.present for seat in count.members)
    needed = rule.quorum * len(count.members)
    if present > needed or (present == needed and not rule.quorum_more_than):
        return ""
    return (
        f"No quorum: {_number(present, 'member')} of {len(count.members)} present, and"
        f" {_share(rule.quorum, at_least=not rule.quorum_more_than)} of the members must be there to vote."
    )


def _by_consensus(count: _Count, kind: Kind) -> tuple[Outcome, str]:
    """Consensus: nobody present objects. Reverse consensus: adopted unless all who vote reject (DSU art. 16.4)."""
    if kind is Kind.CONSENSUS:
        if count.no:
            return Outcome.REJECTED, "consensus means that nobody present votes against"
        return Outcome.ADOPTED, "nobody present voted against, and that is consensus"
    if count.no and not count.yes:
        return (
            Outcome.REJECTED,
            "every vote cast was against, and only that stops a motion under reverse consensus",
        )
    return (
        Outcome.ADOPTED,
        "under reverse consensus only a vote with some against and none in favour stops a motion",
    )


def _by_majority(
    count: _Count, rule: VotingRule, casting: Choice | None, second_vote: bool
) -> tuple[Outcome, str]:
    carried, why = _heads(count, rule)
    if not carried:
        if not count.yes == count.no > 0:
            return Outcome.REJECTED, why
        outcome, why = _by_tie(rule.tie, why, casting, second_vote)
        if outcome is not Outcome.ADOPTED:
            return outcome, why
    if rule.weight_threshold is None:
        return Outcome.ADOPTED, why
    carried, weighed = _weights(count, rule, rule.weight_threshold)
    if carried:
        return Outcome.ADOPTED, f"{why}; {weighed}"
    return Outcome.REJECTED, weighed


def _heads(count: _Count, rule: VotingRule) -> tuple[bool, str]:
    base = len(count.base(rule.base))
    needed = rule.threshold * base
    share = f"{_share(rule.threshold, at_least=rule.at_least)} of {_base(rule.base, base)} was needed"
    minimum = f"at least {_number(rule.minimum_yes, 'vote')} in favour were needed"  # one is needed always
    if not count.yes:
        return False, "nobody voted in favour"
    if not (count.yes > needed or (rule.at_least and count.yes == needed)):
        return False, share
    if count.yes < rule.minimum_yes:
        return False, minimum
    # A threshold of nothing is no condition: the Security Council counts to nine and asks for no share.
    conditions = [share] * (rule.threshold > 0) + [minimum] * (rule.minimum_yes > 1)
    return True, ", and ".join(conditions) or "one vote in favour was enough"


def votes_needed(rule: VotingRule, of: int) -> int:
    """How many yes votes a majority rule asks for when its share is taken of `of` votes or seats; never fewer than one.

    Weights and the veto come on top of it.
    """
    share = rule.threshold * of
    least = math.ceil(share) if rule.at_least else math.floor(share) + 1
    return max(1, rule.minimum_yes, least)


def _by_tie(tie: Tie, why: str, casting: Choice | None, second_vote: bool) -> tuple[Outcome, str]:
    """Equal votes that did not carry: the chair decides (ICJ Statute art. 55(2)), or a second vote (GA rule 95)."""
    if tie is Tie.CASTING:
        if casting is None:
            return Outcome.TIED, "the votes are equal, and the chair has a casting vote"
        if casting is Choice.YES:
            return Outcome.ADOPTED, "the votes were equal, and the chair's casting vote was in favour"
        if casting is Choice.NO:
            return Outcome.REJECTED, "the votes were equal, and the chair's casting vote was against"
        return Outcome.REJECTED, "the votes were equal, and the chair gave no casting vote"
    if tie is Tie.SECOND_VOTE:
        if second_vote:
            return Outcome.REJECTED, "the votes were equal a second time"
        return Outcome.TIED, "the votes are equal, and a second vote must be held"
    return Outcome.REJECTED, f"the votes were equal, and {why}"


def _weights(count: _Count, rule: VotingRule, threshold: Fraction) -> tuple[bool, str]:
    yes = sum(seat.weight for seat in count.cast(Choice.YES))
    total = sum(seat.weight for seat in count.base(rule.weight_base))
    needed = f"{_share(threshold, at_least=True)} of the weight of {_BASE_WORDS[rule.weight_base]}"
    weighed = f"those in favour weigh {yes} of {total}, and {needed} was needed"
    if yes >= threshold * total:
        return True, weighed
    withheld = len(count.eligible) - count.yes
    if withheld < rule.blocking_minority:
        return True, (
            f"{weighed}, but only {_number(withheld, 'seat')} withheld a yes, and it takes"
            f" {rule.blocking_minority} to block"
        )
    return False, weighed


def _check_ballots(seats: tuple[Seat, ...], ballots: Mapping[str, Choice]) -> None:
    """Every ballot is a choice by a seat that may vote; raises ValueError, because none is ever dropped."""
    by_id = {seat.id: seat for seat in seats}
    if len(by_id) != len(seats):
        raise ValueError("Two seats have the same id.")
    for seat_id, choice in ballots.items():
        seat = by_id.get(seat_id)
        if seat is None:
            raise ValueError(f"There is no seat {seat_id!r} in this vote.")
        if not isinstance(choice, Choice):
            raise ValueError(f"The ballot of seat {seat_id} must be yes, no or abstain, not {choice!r}.")
        if seat.status is not Status.ELIGIBLE:
            raise ValueError(f"Seat {seat_id} is {_STATUS_WORDS[seat.status]} and has no vote.")
        if not seat.present:
            raise ValueError(f"Seat {seat_id} is not present and cannot vote.")


def _check_share(name: str, share: object) -> None:
    if not (isinstance(share, Fraction) or _is_whole(share)):
        raise ValueError(f"The {name} must be a fraction, not {share!r}.")
    if not 0 <= share <= 1:  # type: ignore[operator]
        raise ValueError(f"The {name} must lie between 0 and 1, and {share} does not.")


def _check_number(name: str, number: object) -> None:
    if not _is_whole(number) or number < 0:  # type: ignore[operator]
        raise ValueError(f"The {name} must be a whole number of 0 or more, not {number!r}.")


def _check_is(name: str, value: object, kind: type[StrEnum]) -> None:
    if not isinstance(value, kind):
        raise ValueError(f"The {name} cannot be {value!r}.")


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


_STATUS_WORDS = {Status.RECUSED: "recused", Status.OBSERVER: "an observer"}
_SHARE_WORDS = {
    Fraction(1, 2): "half",
    Fraction(1, 3): "one third",
    Fraction(2, 3): "two thirds",
    Fraction(1, 4): "a quarter",
    Fraction(3, 4): "three quarters",
    Fraction(3, 5): "three fifths",
    Fraction(4, 5): "four fifths",
    Fraction(1): "all",
    Fraction(0): "none",
}
_BASE_WORDS = {Base.CAST: "the votes cast", Base.PRESENT: "the seats present", Base.MEMBERSHIP: "the members"}


def _share(share: Fraction, *, at_least: bool) -> str:
    """A share in words: half, two thirds, 65 per cent, or 5/9."""
    share = Fraction(share)
    words = _SHARE_WORDS.get(share)
    if words is None:
        percent = share * 100
        words = f"{percent} per cent" if percent.denominator == 1 else str(share)
    return f"{'at least' if at_least else 'more than'} {words}"


def _base(base: Base, size: int) -> str:
    nouns = {Base.CAST: ("vote cast", "votes cast"), Base.PRESENT: ("seat present", "seats present")}
    one, many = nouns.get(base, ("member", "members"))
    return f"the {size} {one if size == 1 else many}"


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _list(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
