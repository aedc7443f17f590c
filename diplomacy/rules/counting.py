"""A vote counted aloud: every question of the tally in its order, with its numbers, until one of them decides.

It reckons for itself and shares no decision with `tally`: two ways to one outcome, and a test that they never part.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from diplomacy.rules.tally import Base, Choice, Kind, Outcome, Seat, Status, Tie, VotingRule, votes_needed


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One question put to the ballots: what it is called, what was found, and the outcome if it decided."""

    name: str
    found: str
    outcome: Outcome | None = None


@dataclass(frozen=True, kw_only=True)
class _Vote:
    members: tuple[Seat, ...]
    eligible: tuple[Seat, ...]
    ballots: Mapping[str, Choice]
    rule: VotingRule

    def with_choice(self, choice: Choice) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.eligible if self.ballots.get(seat.id) is choice)

    @property
    def yes(self) -> int:
        return len(self.with_choice(Choice.YES))

    @property
    def no(self) -> int:
        return len(self.with_choice(Choice.NO))

    def base(self, base: Base) -> tuple[Seat, ...]:
        if base is Base.MEMBERSHIP:
            return self.members
        if base is Base.PRESENT:
            return tuple(seat for seat in self.eligible if seat.present)
        return self.with_choice(Choice.YES) + self.with_choice(Choice.NO)


def count_aloud(
    *,
    seats: Iterable[Seat],
    ballots: Mapping[str, Choice],
    rule: VotingRule,
    casting: Choice | None = None,
    second_vote: bool = False,
) -> tuple[Counted, ...]:
    """The questions of the tally (docs/guide/voting.md) as far as they were reached; the last one has the outcome.

    Takes what `tally.tally` takes, and ballots that it has accepted.
    """
    seats = tuple(seats)
    vote = _Vote(
        members=tuple(seat for seat in seats if seat.status is not Status.OBSERVER),
        eligible=tuple(seat for seat in seats if seat.status is Status.ELIGIBLE),
        ballots=dict(ballots),
        rule=rule,
    )
    told = [_quorum(vote)]
    if told[-1].outcome:
        return tuple(told)
    if rule.kind is not Kind.MAJORITY:
        told.append(_consensus(vote))
    else:
        told += _majority(vote, casting, second_vote)
    if told[-1].outcome is Outcome.REJECTED or told[-1].outcome is Outcome.TIED:
        return tuple(told)
    # Nothing has stopped it so far; only a veto still could.
    last = told.pop()
    return (*told, Counted(name=last.name, found=last.found), _veto(vote))


def _quorum(vote: _Vote) -> Counted:
    present = sum(seat.present for seat in vote.members)
    members = len(vote.members)
    share = vote.rule.quorum
    if not share and not vote.rule.quorum_more_than:
        return Counted(name="Quorum", found="The rule asks for none.")
    needed = share * members
    enough = present > needed if vote.rule.quorum_more_than else present >= needed
    asked = f"{'more than' if vote.rule.quorum_more_than else 'at least'} {_figure(share)} of {members}"
    found = f"{present} of {_members(members)} in the room; {asked}, which is {_figure(needed)}, must be."
    return Counted(name="Quorum", found=found, outcome=None if enough else Outcome.NO_QUORUM)


def _consensus(vote: _Vote) -> Counted:
    if vote.rule.kind is Kind.CONSENSUS:
        stopped = vote.no > 0
        found = f"{vote.no} against; a single one stops it."
        return Counted(name="Consensus", found=found, outcome=_carried(not stopped))
    stopped = vote.no > 0 and vote.yes == 0
    found = f"{vote.no} against and {vote.yes} in favour; only some against and none in favour stop it."
    return Counted(name="Reverse consensus", found=found, outcome=_carried(not stopped))


def _majority(vote: _Vote, casting: Choice | None, second_vote: bool) -> list[Counted]:
    base = len(vote.base(vote.rule.base))
    needed = votes_needed(vote.rule, base)
    carried = vote.yes >= needed
    found = (
        f"{vote.yes} in favour, {vote.no} against, {len(vote.with_choice(Choice.ABSTAIN))} abstaining; "
        f"{needed} in favour needed of {base} {_BASES[vote.rule.base]}."
    )
    told = [Counted(name="Heads", found=found)]
    if not carried:
        if vote.yes != vote.no or not vote.yes:
            return [Counted(name="Heads", found=found, outcome=Outcome.REJECTED)]
        tie = _tie(vote.rule.tie, casting, second_vote)
        told.append(tie)
        if tie.outcome is not Outcome.ADOPTED:
            return told
    if vote.rule.weight_threshold is not None:
        told.append(_weights(vote, vote.rule.weight_threshold))
    else:
        told[-1] = Counted(name=told[-1].name, found=told[-1].found, outcome=Outcome.ADOPTED)
    return told


def _tie(tie: Tie, casting: Choice | None, second_vote: bool) -> Counted:
    if tie is Tie.CASTING:
        if casting is None:
            return Counted(
                name="Tie", found="Equal votes: the chair has a casting vote.", outcome=Outcome.TIED
            )
        said = {Choice.YES: "in favour", Choice.NO: "against"}.get(casting, "not given")
        found = f"Equal votes; the chair's casting vote: {said}."
        return Counted(name="Tie", found=found, outcome=_carried(casting is Choice.YES))
    if tie is Tie.SECOND_VOTE and not second_vote:
        return Counted(name="Tie", found="Equal votes: there is a second vote.", outcome=Outcome.TIED)
    again = "Equal votes a second time" if tie is Tie.SECOND_VOTE else "Equal votes"
    return Counted(name="Tie", found=f"{again}, which reject.", outcome=Outcome.REJECTED)


def _weights(vote: _Vote, threshold: Fraction) -> Counted:
    yes = sum(seat.weight for seat in vote.with_choice(Choice.YES))
    total = sum(seat.weight for seat in vote.base(vote.rule.weight_base))
    found = (
        f"Those in favour weigh {yes} of {total}; at least {_figure(threshold)}, which is"
        f" {_figure(threshold * total)}, is needed."
    )
    withheld = len(vote.eligible) - vote.yes
    enough = yes >= threshold * total
    if not enough and vote.rule.blocking_minority:
        found += f" {withheld} withheld a yes, and it takes {vote.rule.blocking_minority} to block."
    return Counted(
        name="Weights", found=found, outcome=_carried(enough or withheld < vote.rule.blocking_minority)
    )


def _veto(vote: _Vote) -> Counted:
    if not vote.rule.veto:
        return Counted(name="Veto", found="The rule has none.", outcome=Outcome.ADOPTED)
    by = sorted(seat.id for seat in vote.with_choice(Choice.NO) if seat.veto)
    if by:
        return Counted(name="Veto", found=f"Against, with a veto: {', '.join(by)}.", outcome=Outcome.VETOED)
    return Counted(name="Veto", found="No holder of a veto is against.", outcome=Outcome.ADOPTED)


def _carried(carried: bool) -> Outcome:
    return Outcome.ADOPTED if carried else Outcome.REJECTED


_BASES = {Base.CAST: "cast", Base.PRESENT: "present", Base.MEMBERSHIP: "members"}


def _figure(number: Fraction) -> str:
    """A number as it is read: 7, 2/3, 4 2/3."""
    number = Fraction(number)
    whole, rest = divmod(number.numerator, number.denominator)
    if not rest:
        return str(whole)
    part = f"{rest}/{number.denominator}"
    return f"{whole} {part}" if whole else part


def _members(number: int) -> str:
    return f"{number} member{'' if number == 1 else 's'}"
