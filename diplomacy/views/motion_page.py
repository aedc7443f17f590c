"""A motion as one viewer meets it: its text, its effects, the vote, and what may be done next.

While a vote is open only the viewer's own choices are read from the database; of the other seats it is known whether
they have voted, and nothing more. What is not read cannot leak.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.db.models import prefetch_related_objects

from diplomacy import records_votes as records
from diplomacy.models import Ballot, Clause, ClauseKind, Elector, Motion, Resolution, Seat
from diplomacy.rules.procedure import UNVOTED_STAGES, MotionStage, MotionStep, Step, motion_steps
from diplomacy.rules.tally import Base, Choice, Outcome, Status, Tally, votes_needed
from diplomacy.rules.wording import needed_in_words, rule_in_words
from diplomacy.sitting.motions import TONES
from diplomacy.sitting.room import Place, own_empty, place_of, state_of
from diplomacy.views.effect_lines import Effects, Line, effects_of
from khitomer.access import Viewer

_SAID = {Choice.YES: "Yes", Choice.NO: "No", Choice.ABSTAIN: "Abstains"}
_PREVIEWED = (*UNVOTED_STAGES, MotionStage.VOTING, MotionStage.TIED, MotionStage.ADOPTED)


@dataclass(frozen=True, kw_only=True)
class ClauseText:
    """A clause as it is read: its number if it is operative, and how it ends, as clauses of one sentence do."""

    clause: Clause
    number: int | None
    text: str
    end: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OwnBallot:
    """A seat the viewer speaks for in an open vote, with the choice cast so far ("" for none), or why it has none."""

    seat: Seat
    choice: str
    why_not: str = ""
    status: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One seat in the table of a closed vote."""

    elector: Elector
    said: str
    tone: str = ""


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


@dataclass(frozen=True, kw_only=True)
class MotionPage:
    """All that the page of a motion shows this viewer."""

    motion: Motion
    tone: str
    preamble: tuple[ClauseText, ...]
    operative: tuple[ClauseText, ...]
    effects: Effects
    rule: str
    steps: Mapping[str, Step[Any, Any]]
    board: list[Place]
    own: tuple[OwnBallot, ...] = ()
    chaired: tuple[OwnBallot, ...] = ()
    missing: tuple[str, ...] = ()
    silent: tuple[tuple[str, tuple[str, ...]], ...] = ()
    result: Result | None = None
    earlier: Mapping[str, int] | None = None
    second_vote: bool = False
    why_not_open: str = ""
    resolution: Resolution | None = None
    own_empty: Seat | None = None

    @property
    def asks_before_closing(self) -> str:
        """The question that stands before the close while seats are missing."""
        number = len(self.missing)
        return f"Close with {number} seat{'s' if number > 1 else ''} missing?" if number else ""

    @property
    def empty(self) -> int:
        """How many of the seats that the chair speaks for have not voted."""
        return sum(not each.choice for each in self.chaired)

    @property
    def voting(self) -> bool:
        return self.motion.stage == MotionStage.VOTING

    @property
    def may(self) -> dict[str, bool]:
        """Which steps this viewer may take as their own, under names a template can spell."""
        return {
            name.replace(" ", "_"): step.allowed and not step.overrule for name, step in self.steps.items()
        }


def page_of(viewer: Viewer, motion: Motion) -> MotionPage:
    """The page of a motion for this viewer, in a constant number of queries whatever the number of seats."""
    prefetch_related_objects([motion], "clauses__effects")
    conference = motion.conference
    seats = list(conference.seats.select_related("power", "delegate__user"))
    _keep(conference, "seats", seats)
    electors = list(motion.electors.select_related("seat__power", "seat__delegate__user"))
    _keep(motion, "electors", electors)
    ballots = _ballots(viewer, motion, seats)
    resolution = getattr(motion, "resolution", None)
    effects = effects_of(viewer, motion, resolution) if motion.stage in _PREVIEWED else Effects()
    clauses = read_clauses(motion.clauses.all(), effects)
    actor = records.actor_at(conference, viewer.membership, sponsor=motion.sponsor)
    steps = {step.name.value: step for step in motion_steps(records.motion_state(motion), actor)}
    frozen = records.frozen_vote(motion) if motion.rule else None
    rule = frozen.rule if frozen else records.rule_of(conference.charter)
    voted = _voted(motion)
    own, chaired = _own_ballots(viewer, motion, electors, ballots, voted)
    return MotionPage(
        motion=motion,
        tone=TONES.get(MotionStage(motion.stage), ""),
        preamble=tuple(each for each in clauses if each.number is None),
        operative=tuple(each for each in clauses if each.number is not None),
        effects=effects,
        rule=rule_in_words(rule),
        steps=steps,
        board=_board(motion, seats, electors, voted, ballots),
        own=own,
        chaired=tuple(each for each in chaired if not each.why_not),
        silent=_silent(chaired),
        missing=tuple(
            each.seat.power.name for each in electors if records.may_vote(each) and each.seat_id not in voted
        ),
        own_empty=own_empty(viewer, conference, seats),
        result=_result(motion, electors, ballots) if motion.closed_at else None,
        earlier=frozen.earlier if frozen else None,
        second_vote=bool(frozen and frozen.second_vote),
        why_not_open=_why_not_open(motion, steps.get(MotionStep.OPEN_VOTE.value)),
        resolution=resolution,
    )


def read_clauses(clauses: Iterable[Clause], effects: Effects | None = None) -> list[ClauseText]:
    """The clauses as one sentence reads: numbered where they are operative, each but the last ending in a semicolon."""
    ordered = sorted(clauses, key=lambda clause: (clause.kind == ClauseKind.OPERATIVE, clause.position))
    read, number = [], 0
    for clause in ordered:
        operative = clause.kind == ClauseKind.OPERATIVE
        number += operative
        text = clause.text.rstrip().rstrip(";,").rstrip()
        full_stop = clause is ordered[-1]
        # A clause of several sentences brings its own last stop, and a question its mark.
        bare = text if text.endswith(("…", "!", "?")) else text.rstrip(".")
        end = ("" if bare.endswith(("…", "!", "?")) else ".") if full_stop else ";"
        lines = effects.of(clause.position) if effects else ()
        read.append(
            ClauseText(clause=clause, number=number if operative else None, text=bare, end=end, lines=lines)
        )
    return read


def _keep(row: Any, name: str, found: list[Any]) -> None:
    """Let the procedure read the rows fetched here instead of asking for them again."""
    rows = getattr(row, name).all()
    rows._result_cache = found
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows


def _ballots(viewer: Viewer, motion: Motion, seats: Sequence[Seat]) -> list[Ballot]:
    """The ballots this viewer may read: in an open vote those they gave for seats they speak for, afterwards all."""
    if motion.opened_at is None:
        return []
    rows = motion.ballots.all()
    if motion.stage == MotionStage.VOTING:
        own = [seat for seat in seats if records.is_voice_of(viewer.membership, seat)]
        rows = rows.cast_by(viewer).filter(seat__in=own)
    return list(rows)


def _voted(motion: Motion) -> frozenset[int]:
    """The seats that have voted."""
    return frozenset(motion.ballots.values_list("seat_id", flat=True)) if motion.opened_at else frozenset()


def _own_ballots(
    viewer: Viewer,
    motion: Motion,
    electors: Sequence[Elector],
    ballots: Sequence[Ballot],
    voted: frozenset[int],
) -> tuple[tuple[OwnBallot, ...], tuple[OwnBallot, ...]]:
    """The seats the viewer votes for as their delegate, and those the chair votes for."""
    if motion.stage != MotionStage.VOTING:
        return (), ()
    cast = {ballot.seat_id: ballot.choice for ballot in ballots}
    own: list[OwnBallot] = []
    chaired: list[OwnBallot] = []
    for elector in electors:
        if not records.is_voice_of(viewer.membership, elector.seat) or elector.status == Status.OBSERVER:
            continue
        choice = cast.get(elector.seat_id, "")
        sealed = elector.seat_id in voted and not choice
        why_not = _why_no_ballot(elector, sealed)
        status = "sealed" if sealed else "recused" if elector.status == Status.RECUSED else "absent"
        ballot = OwnBallot(
            seat=elector.seat, choice=choice, why_not=why_not, status=status if why_not else ""
        )
        (own if elector.seat.delegate_id else chaired).append(ballot)
    return tuple(own), tuple(chaired)


def _why_no_ballot(elector: Elector, sealed: bool) -> str:
    if sealed:
        return "Whoever spoke for this seat before has cast its ballot, which stands, sealed until the close."
    if elector.status == Status.RECUSED:
        return "A party to the complaint is recused from the vote on it."
    return "" if elector.present else "Not present when the vote opened."


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


def _why_not_open(motion: Motion, step: Step[Any, Any] | None) -> str:
    if step is None:
        return ""
    return records.not_votable(motion) if step.allowed else step.reason


# The board and the result


def _board(
    motion: Motion,
    seats: Sequence[Seat],
    electors: Sequence[Elector],
    voted: frozenset[int],
    ballots: Sequence[Ballot],
) -> list[Place]:
    """The horseshoe: who is in the room before the vote, who has voted while it is open, what each cast afterwards."""
    if motion.opened_at is None:
        members = [seat for seat in seats if not seat.observer]
        return [place_of(seat, "present" if seat.present else "absent") for seat in members]
    closed = motion.stage != MotionStage.VOTING
    cast = {ballot.seat_id: ballot.choice for ballot in ballots} if closed else {}
    return [
        place_of(each.seat, state_of(each, voted=each.seat_id in voted, choice=cast.get(each.seat_id, "")))
        for each in electors
        if each.status != Status.OBSERVER
    ]


def _result(motion: Motion, electors: Sequence[Elector], ballots: Sequence[Ballot]) -> Result | None:
    tally = records.stored_tally(motion)
    if tally is None:
        return None
    rule = records.frozen_vote(motion).rule
    cast = {ballot.seat_id: Choice(ballot.choice) for ballot in ballots}
    members = sum(each.status != Status.OBSERVER for each in electors)
    present = sum(records.may_vote(each) for each in electors)
    of = {Base.CAST: tally.yes + tally.no, Base.PRESENT: present, Base.MEMBERSHIP: members}[rule.base]
    # A mark where nobody could have reached it, or where nothing was cast, would say nothing.
    marked = rule.kind.value == "majority" and of > 0 and tally.outcome is not Outcome.NO_QUORUM
    needed = votes_needed(rule, of)
    return Result(
        tally=tally,
        # The words of the reason may be put better one day; what was counted may not change.
        agrees=replace(records.recount(motion, electors=electors, ballots=ballots), reason=tally.reason)
        == tally,
        rows=tuple(_row(each, cast.get(each.seat_id)) for each in electors if each.status != Status.OBSERVER),
        total=max(tally.yes + tally.no + tally.abstain + tally.not_voting, of),
        # The mark stands where the votes that were needed end, not where their share lies between two votes.
        threshold=Fraction(needed, of) if marked else None,
        of=of,
        threshold_label=needed_in_words(rule, needed=needed, of=of) if marked else "",
        casting=motion.casting,
    )


def _agrees(stored: Tally, counted: Tally) -> bool:
    """Whether two tallies are of the same votes. The words of a reason may be put better one day."""
    return replace(counted, reason=stored.reason) == stored


def _row(elector: Elector, choice: Choice | None) -> Row:
    if choice is not None:
        tone = {Choice.YES: "moss", Choice.NO: "brick"}.get(choice, "")
        return Row(elector=elector, said=_SAID[choice], tone=tone)
    if elector.status == Status.RECUSED:
        return Row(elector=elector, said="Recused, as a party")
    return Row(elector=elector, said="Did not vote" if elector.present else "Absent")
