"""The vote on a motion as one viewer meets it: the room, one's own ballots, the show of hands, the result, the whip.

While a vote is open only the viewer's own choices are read from the database; of the other seats it is known whether
they have voted, and nothing more. What is not read cannot leak. Of a secret vote no seat's choice is ever known: one's
own ballot is found by the receipt that one holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from diplomacy import records_votes as records
from diplomacy.models import Ballot, Elector, Motion, Seat
from diplomacy.rules import receipts as receipt_rules
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import MotionStage
from diplomacy.rules.tally import Base, Choice, Outcome, Status, Tally, VotingRule, votes_needed
from diplomacy.rules.wording import needed_in_words
from diplomacy.sitting.acts import FEW
from diplomacy.sitting.room import Place, place_of, state_of
from diplomacy.views.whip_board import WhipBoard, whip_board
from khitomer.access import Viewer

SAID = {Choice.YES: "Yes", Choice.NO: "No", Choice.ABSTAIN: "Abstains"}
TONES = {Choice.YES: "moss", Choice.NO: "brick"}

Voted = Mapping[int, str]
"""The seats that have voted, each with the choice as far as this viewer may know it, or ""."""


@dataclass(frozen=True, kw_only=True)
class OwnBallot:
    """A seat the viewer speaks for in an open vote, with the choice cast so far ("" for none), or why it has none.

    `at` is when it was cast, where that is kept. `asks_receipt`: it has voted in secret, and only its receipt, which is
    not at hand, changes its ballot; `receipt` is the one that is.
    """

    seat: Seat
    choice: str
    why_not: str = ""
    status: str = ""
    at: object = None
    receipt: str = ""
    asks_receipt: bool = False


@dataclass(frozen=True, kw_only=True)
class Hand:
    """A seat in the grid of a show of hands, with what the chair has keyed in for it so far."""

    seat: Seat
    choice: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One seat in the table of a closed vote."""

    elector: Elector
    said: str
    tone: str = ""
    vetoed: bool = False


@dataclass(frozen=True, kw_only=True)
class Result:
    """A closed vote: the tally with its reason, what the ballots counted again give, and the marks of the vote bar."""

    tally: Tally
    agrees: bool
    rows: tuple[Row, ...]
    total: int
    threshold: Fraction | None
    of: int
    threshold_label: str
    casting: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """The count for the middle of the horseshoe."""
        return {"yes": self.tally.yes, "no": self.tally.no, "abstain": self.tally.abstain}


@dataclass(frozen=True, kw_only=True)
class VotePart:
    """All that the vote's part of the page shows this viewer."""

    board: list[Place]
    own: tuple[OwnBallot, ...] = ()
    chaired: tuple[OwnBallot, ...] = ()
    missing: tuple[str, ...] = ()
    few: bool = False  # so few secret ballots that the result would tell whose they are
    silent: tuple[tuple[str, tuple[str, ...]], ...] = ()
    hands: tuple[Hand, ...] = ()
    roll: tuple[str, ...] = ()
    result: Result | None = None
    whip: WhipBoard | None = None
    no_abstention: bool = False
    why_not_secret: str = ""

    @property
    def asks_before_closing(self) -> str:
        """The question that stands before the close while seats are missing."""
        number = len(self.missing)
        return f"Close with {number} seat{'s' if number > 1 else ''} missing?" if number else ""

    @property
    def empty(self) -> int:
        """How many of the seats that the chair speaks for have not voted."""
        return sum(not (each.choice or each.asks_receipt) for each in self.chaired)


def vote_part(
    viewer: Viewer,
    motion: Motion,
    seats: Sequence[Seat],
    electors: Sequence[Elector],
    rule: VotingRule,
    receipts: Mapping[int, str],
) -> VotePart:
    """The vote's part of a motion's page. `electors` are in no order that matters; `receipts` are by seat."""
    ordered = records.in_roll_order(electors, motion.drawn_id)
    whip = whip_board(viewer, motion, seats, electors, rule)
    if motion.opened_at is None:
        return VotePart(board=_room(seats), whip=whip, why_not_secret=_why_not_secret(seats, motion, rule))
    voting = motion.stage == MotionStage.VOTING
    hands = voting and motion.mode == Mode.HANDS
    ballots = _ballots(viewer, motion, seats)
    voted = _voted(motion)
    own, chaired = _own_ballots(viewer, motion, ordered, ballots, voted, receipts)
    cast = {seat: ballot.choice for seat, ballot in ballots.items()}
    return VotePart(
        board=_board(motion, ordered, voted, {} if voting else cast),
        own=() if hands and viewer.is_gm else own,
        chaired=() if hands else tuple(each for each in chaired if not each.why_not),
        missing=tuple(
            each.seat.power.name for each in electors if records.may_vote(each) and each.seat_id not in voted
        ),
        few=motion.mode == Mode.SECRET and len(voted) < FEW,
        silent=() if hands else _silent(chaired),
        hands=_hands(ordered, cast) if hands and viewer.is_gm else (),
        roll=tuple(each.seat.power.name for each in ordered if records.may_vote(each))
        if motion.drawn_id
        else (),
        result=_result(motion, ordered, cast, voted, rule) if motion.closed_at else None,
        whip=whip,
        no_abstention=records.frozen_vote(motion).no_abstention,
    )


def _ballots(viewer: Viewer, motion: Motion, seats: Sequence[Seat]) -> dict[int, Ballot]:
    """The ballots this viewer may read: in an open vote those they gave for seats they speak for, afterwards all.

    In a show of hands whoever chairs reads what was keyed in. A secret vote has none.
    """
    if motion.mode == Mode.SECRET:
        return {}
    rows = motion.ballots.all()
    if motion.stage == MotionStage.VOTING:
        if motion.mode == Mode.HANDS:
            return {ballot.seat_id: ballot for ballot in rows} if viewer.is_gm else {}
        own = [seat for seat in seats if records.is_voice_of(viewer.membership, seat)]
        rows = rows.cast_by(viewer).filter(seat__in=own)
    return {ballot.seat_id: ballot for ballot in rows}


def _voted(motion: Motion) -> frozenset[int]:
    """The seats that have voted."""
    rows = motion.voters if motion.mode == Mode.SECRET else motion.ballots
    return frozenset(rows.values_list("seat_id", flat=True))


# One's own ballots


def _own_ballots(
    viewer: Viewer,
    motion: Motion,
    electors: Sequence[Elector],
    ballots: Mapping[int, Ballot],
    voted: frozenset[int],
    receipts: Mapping[int, str],
) -> tuple[tuple[OwnBallot, ...], tuple[OwnBallot, ...]]:
    """The seats the viewer votes for as their delegate, and those the chair votes for."""
    if motion.stage != MotionStage.VOTING or viewer.behind:
        return (), ()
    held = _held(motion, receipts)
    own: list[OwnBallot] = []
    chaired: list[OwnBallot] = []
    for elector in electors:
        if not records.is_voice_of(viewer.membership, elector.seat) or elector.status == Status.OBSERVER:
            continue
        ballot = _own_ballot(motion, elector, ballots.get(elector.seat_id), elector.seat_id in voted, held)
        (own if elector.seat.delegate_id else chaired).append(ballot)
    return tuple(own), tuple(chaired)


def _held(motion: Motion, receipts: Mapping[int, str]) -> dict[int, tuple[str, str]]:
    """The receipts that are good, by seat, each with what its ballot says."""
    if motion.mode != Mode.SECRET or not receipts:
        return {}
    sealed = {receipt_rules.sealed(receipt, seat): seat for seat, receipt in receipts.items()}
    lots = motion.box.filter(receipt__in=sealed).values_list("receipt", "choice")
    return {sealed[lot]: (receipts[sealed[lot]], choice) for lot, choice in lots}


def _own_ballot(
    motion: Motion, elector: Elector, ballot: Ballot | None, voted: bool, held: Mapping[int, tuple[str, str]]
) -> OwnBallot:
    receipt, choice = held.get(elector.seat_id, ("", "")) if voted else ("", "")
    if ballot:
        choice = ballot.choice
    secret = motion.mode == Mode.SECRET
    sealed = voted and not choice and not secret
    status = (
        "sealed"
        if sealed
        else "recused"
        if elector.status == Status.RECUSED
        else ""
        if elector.present
        else "absent"
    )
    why_not = _WHY_NOT.get(status, "")
    if not why_not and motion.mode == Mode.HANDS:
        why_not = "By show of hands: raise yours, and the chair keys in what each seat shows."
    return OwnBallot(
        seat=elector.seat,
        choice=choice,
        why_not=why_not,
        status=status,
        at=ballot.at if ballot else None,
        receipt=receipt,
        asks_receipt=secret and voted and not receipt,
    )


_WHY_NOT = {
    "sealed": "Whoever spoke for this seat before has cast its ballot, which stands, sealed until the close.",
    "recused": "A party to the complaint is recused from the vote on it.",
    "absent": "Not present when the vote opened.",
}

_SILENT = {
    "recused": "Recused, as parties to the complaint",
    "absent": "Not present when the vote opened",
    "sealed": "Cast by whoever spoke for the seat before",
}


def _silent(chaired: Sequence[OwnBallot]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The seats the chair speaks for and has no ballot to give for: why, and which."""
    named = [
        (words, tuple(each.seat.power.name for each in chaired if each.status == status))
        for status, words in _SILENT.items()
    ]
    return tuple((words, names) for words, names in named if names)


def _hands(electors: Sequence[Elector], cast: Voted) -> tuple[Hand, ...]:
    return tuple(
        Hand(seat=each.seat, choice=cast.get(each.seat_id, "")) for each in electors if records.may_vote(each)
    )


def _why_not_secret(seats: Sequence[Seat], motion: Motion, rule: VotingRule) -> str:
    """Why this could not be voted on in secret as the seats are now."""
    electors = [
        Elector(
            seat=seat,
            weight=seat.weight,
            veto=seat.veto,
            present=seat.present,
            status=records.status_of(seat, motion).value,
        )
        for seat in seats
    ]
    return records.why_not_secret(rule, electors)


# The board and the result


def _room(seats: Sequence[Seat]) -> list[Place]:
    return [place_of(seat, "present" if seat.present else "absent") for seat in seats if not seat.observer]


def _board(motion: Motion, electors: Sequence[Elector], voted: frozenset[int], cast: Voted) -> list[Place]:
    """The horseshoe: who has voted while it is open, what each cast afterwards unless it was secret."""
    return [
        place_of(each.seat, state_of(each, voted=each.seat_id in voted, choice=cast.get(each.seat_id, "")))
        for each in electors
        if each.status != Status.OBSERVER
    ]


def _result(
    motion: Motion, electors: Sequence[Elector], cast: Voted, voted: frozenset[int], rule: VotingRule
) -> Result | None:
    tally = records.stored_tally(motion)
    if tally is None:
        return None
    secret = motion.mode == Mode.SECRET
    members = [each for each in electors if each.status != Status.OBSERVER]
    present = sum(records.may_vote(each) for each in electors)
    of = {Base.CAST: tally.yes + tally.no, Base.PRESENT: present, Base.MEMBERSHIP: len(members)}[rule.base]
    # A mark where nobody could have reached it, or where nothing was cast, would say nothing.
    marked = rule.kind.value == "majority" and of > 0 and tally.outcome is not Outcome.NO_QUORUM
    needed = votes_needed(rule, of)
    return Result(
        tally=tally,
        agrees=agrees(
            motion, tally, electors, None if secret else {seat: Choice(said) for seat, said in cast.items()}
        ),
        rows=tuple(
            row_of(
                each,
                cast.get(each.seat_id, ""),
                secret=secret and each.seat_id in voted,
                vetoed=tally.outcome is Outcome.VETOED,
            )
            for each in members
        ),
        total=max(tally.yes + tally.no + tally.abstain + tally.not_voting, of),
        # The mark stands where the votes that were needed end, not where their share lies between two votes.
        threshold=Fraction(needed, of) if marked else None,
        of=of,
        threshold_label=needed_in_words(rule, needed=needed, of=of) if marked else "",
        casting=motion.casting,
    )


def agrees(
    motion: Motion,
    stored: Tally,
    electors: Sequence[Elector] | None = None,
    cast: Mapping[int, Choice] | None = None,
) -> bool:
    """Whether the ballots counted again give what was stored. The words of a reason may be put better one day."""
    try:
        counted = records.recount(motion, electors=electors, cast=cast)
    except ValueError:  # a ballot that nobody could have cast, or a box that holds too many or too few
        return False
    return replace(counted, reason=stored.reason) == stored


def row_of(elector: Elector, choice: str, *, secret: bool = False, vetoed: bool = False) -> Row:
    """A seat in the table: its choice, or why there is none. `vetoed`: the motion was vetoed, and perhaps by it."""
    if choice:
        given = Choice(choice)
        vetoed = vetoed and elector.veto and given is Choice.NO
        return Row(elector=elector, said=SAID[given], tone=TONES.get(given, ""), vetoed=vetoed)
    if secret:
        return Row(elector=elector, said="Voted in secret")
    if elector.status == Status.RECUSED:
        return Row(elector=elector, said="Recused, as a party")
    return Row(elector=elector, said="Did not vote" if elector.present else "Absent")
