"""The whip's arithmetic before a vote: how each seat says or seems to vote, and how far that carries the motion.

It reads pledges and standings, never a ballot. What it calls likely is a reckoning that everyone may do for themselves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from diplomacy.rules.tally import Base, Choice, Kind, Outcome, Seat, VotingRule, tally, votes_needed

FIRM = 2
"""The balance of standings, in points of the scale from −5 to +5, from which a vote counts as likely."""


@dataclass(frozen=True, kw_only=True)
class Leaning:
    """How a seat is likely to vote, and why; `choice` None says that it is open. `pledged`: it has said so itself."""

    choice: Choice | None
    because: str
    pledged: bool = False


def pledged(choice: Choice) -> Leaning:
    """The leaning of a seat that has pledged its vote."""
    said = {Choice.YES: "yes", Choice.NO: "no", Choice.ABSTAIN: "to abstain"}[choice]
    return Leaning(choice=choice, because=f"pledged {said}", pledged=True)


def likely(
    *,
    sponsors: bool = False,
    sponsor: tuple[str, int] | None = None,
    helped: Iterable[tuple[str, int]] = (),
    hurt: Iterable[tuple[str, int]] = (),
) -> Leaning:
    """How a seat that has said nothing seems to lean, by its standings, each as (power, value).

    `sponsors`: it is a sponsor itself. `sponsor`: the motion's mover. `helped` and `hurt`: the parties whom the finding
    would favour or blame; how the seat stands with these counts for and against.
    """
    if sponsors:
        return Leaning(choice=Choice.YES, because="sponsors it: likely yes")
    reasons = []
    balance = 0
    if sponsor is not None:
        balance += sponsor[1]
        reasons.append(f"stands at {_signed(sponsor[1])} with the sponsor")
    for power, value in helped:
        balance += value
        reasons.append(f"at {_signed(value)} with {power}, whom it favours")
    for power, value in hurt:
        balance -= value
        reasons.append(f"at {_signed(value)} with {power}, whom it blames")
    choice = Choice.YES if balance >= FIRM else Choice.NO if balance <= -FIRM else None
    if not reasons:
        return Leaning(choice=None, because="nothing tells how it leans")
    because = ", ".join(reasons)
    if not because.startswith("stands"):
        because = f"stands {because}"
    return Leaning(choice=choice, because=f"{because}: {f'likely {choice}' if choice else 'open'}")


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What the leanings come to: counts, how many votes in favour are still missing, and a line of words."""

    yes: int
    no: int
    abstain: int
    open: int
    short: int | None
    words: str


def forecast(*, seats: Iterable[Seat], leanings: Mapping[str, Leaning], rule: VotingRule) -> Forecast:
    """Where the motion stands if every seat does as it leans and the open ones stay silent.

    Only seats that may vote have leanings that count. `short` is how many more votes in favour, from seats that are
    open or abstain, would do by heads; None where no number of them would.
    """
    seats = tuple(seats)
    votes = {
        seat.id: leanings[seat.id].choice
        for seat in seats
        if seat.may_vote and seat.id in leanings and leanings[seat.id].choice is not None
    }
    ballots = {seat_id: choice for seat_id, choice in votes.items() if choice is not None}
    counted = tally(seats=seats, ballots=ballots, rule=rule)
    voters = sum(seat.may_vote for seat in seats)
    short = _short(seats, ballots, rule)
    return Forecast(
        yes=counted.yes,
        no=counted.no,
        abstain=counted.abstain,
        open=voters - len(ballots),
        short=short,
        words=_words(counted.outcome, short, seats, ballots, rule),
    )


def _short(seats: tuple[Seat, ...], ballots: Mapping[str, Choice], rule: VotingRule) -> int | None:
    yes = sum(choice is Choice.YES for choice in ballots.values())
    no = sum(choice is Choice.NO for choice in ballots.values())
    spare = sum(seat.may_vote for seat in seats) - yes - no
    if rule.kind is Kind.CONSENSUS:
        return 0 if not no else None
    if rule.kind is Kind.REVERSE_CONSENSUS:
        return 0 if yes or not no else (1 if spare else None)
    for more in range(spare + 1):
        base = {
            Base.CAST: yes + no + more,
            Base.PRESENT: sum(seat.may_vote for seat in seats),
            Base.MEMBERSHIP: sum(seat.is_member for seat in seats),
        }[rule.base]
        if yes + more >= votes_needed(rule, base):
            return more
    return None


def _words(
    outcome: Outcome,
    short: int | None,
    seats: tuple[Seat, ...],
    ballots: Mapping[str, Choice],
    rule: VotingRule,
) -> str:
    if outcome is Outcome.NO_QUORUM:
        return "No quorum in the room."
    opposed = sum(seat.veto and ballots.get(seat.id) is Choice.NO for seat in seats) if rule.veto else 0
    if short is None:
        first = "consensus is broken" if rule.kind is Kind.CONSENSUS else "it cannot carry as they lean"
    elif short:
        first = f"{_number(short)} short"
    elif outcome is Outcome.REJECTED:
        # Heads would do: the weights are what is missing.
        first = "the heads are enough, their weight is not"
    else:
        first = "enough votes as they lean" if opposed else _carries(seats, ballots, rule)
    veto = f"{_number(opposed)} veto{'es' if opposed > 1 else ''} opposed" if opposed else ""
    words = "; ".join(part for part in (first, veto) if part)
    return f"{words[0].upper()}{words[1:]}."


def _carries(seats: tuple[Seat, ...], ballots: Mapping[str, Choice], rule: VotingRule) -> str:
    """How surely it does: whether the seats that are open could still stop it."""
    silent = [seat.id for seat in seats if seat.may_vote and seat.id not in ballots]
    if not silent:
        return "it carries as they lean"
    against = {**ballots, **dict.fromkeys(silent, Choice.NO)}
    if tally(seats=seats, ballots=against, rule=rule).outcome is Outcome.ADOPTED:
        return "it carries, whatever the open seats do"
    if len(silent) == 1:
        return "it carries while the one open seat does not vote against"
    return f"it carries while the {_number(len(silent))} open seats do not vote against"


_NUMBERS = (
    "none",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _signed(value: int) -> str:
    return f"+{value}" if value > 0 else f"\N{MINUS SIGN}{-value}" if value < 0 else "0"
