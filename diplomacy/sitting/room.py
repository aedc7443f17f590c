"""The room: the horseshoe with who is there and who has voted, and the ballots that a viewer may cast."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from diplomacy import records_votes as votes
from diplomacy.models import Conference, ConferenceStage, Elector, Motion, Seat
from diplomacy.records_sitting import quorum_lacking
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import MotionStage
from diplomacy.rules.tally import Status
from diplomacy.sitting.motions import Cast, MotionRow
from khitomer.access import Viewer

Place = tuple[str, str, str, str]
"""A seat of the horseshoe as it is drawn: name, short name, colour, state."""


@dataclass(frozen=True, kw_only=True)
class BallotDue:
    """A ballot that this viewer may cast, with the choice cast so far, or ""."""

    motion: Motion
    seat: Seat
    choice: str


@dataclass(frozen=True, kw_only=True)
class Room:
    """The horseshoe and its vote, if one is open; how many members are in the room, and how many watch."""

    board: tuple[Place, ...]
    vote: Motion | None
    present: int
    members: int
    observers: int
    quorum: str


def room_of(conference: Conference, seats: Sequence[Seat]) -> Room:
    """The room as everyone sees it: who is there, and in an open vote who has voted. Never a choice."""
    members = [seat for seat in seats if not seat.observer]
    vote = open_vote_of(conference)
    charter = conference.charter
    return Room(
        board=tuple(board_of(vote)) if vote else tuple(roll_of(members)),
        vote=vote,
        present=sum(seat.present for seat in members),
        members=len(members),
        observers=sum(seat.observer and seat.present for seat in seats),
        quorum=quorum_lacking(seats, charter.quorum, charter.quorum_more_than),
    )


def open_vote_of(conference: Conference) -> Motion | None:
    """The vote that was opened last and is still open, with its electors."""
    electors = Prefetch("electors", queryset=Elector.objects.select_related("seat__power"))
    voting = conference.motions.filter(stage=MotionStage.VOTING.value).prefetch_related(electors)
    return voting.order_by("-opened_at", "-pk").first()


def voted_in(motion: Motion) -> set[int]:
    """The seats that have voted: in a secret vote as the list of voters has it, which knows no choice."""
    rows = motion.voters if motion.mode == Mode.SECRET.value else motion.ballots
    return set(rows.values_list("seat", flat=True))


def roll_of(members: Iterable[Seat]) -> list[Place]:
    """The horseshoe while nothing is voted on: the members, in the room or not."""
    return [place_of(seat, "present" if seat.present else "absent") for seat in members]


def board_of(motion: Motion) -> list[Place]:
    """The horseshoe of an open vote: who has voted."""
    voted = voted_in(motion)
    return [
        place_of(elector.seat, state_of(elector, voted=elector.seat_id in voted))
        for elector in motion.electors.all()
        if elector.status != Status.OBSERVER
    ]


def place_of(seat: Seat, state: str) -> Place:
    """A seat in the horseshoe, in a state such as present, sealed or recused."""
    return seat.power.name, seat.power.short, seat.power.colour, state


def state_of(elector: Elector, *, voted: bool, choice: str = "") -> str:
    """An elector's state in the horseshoe. The choice is given for a closed vote alone."""
    if elector.status == Status.RECUSED:
        return "recused"
    if choice or voted:
        return choice or "sealed"
    return "waiting" if elector.present else "absent"


def own_empty(viewer: Viewer, conference: Conference, seats: Sequence[Seat]) -> Seat | None:
    """The seat of the viewer's power, where the GM still speaks for it and the sitting is not closed."""
    if viewer.is_gm or viewer.power_id is None or conference.stage == ConferenceStage.CLOSED:
        return None
    empty = (seat for seat in seats if seat.delegate_id is None and not seat.observer)
    return next((seat for seat in empty if seat.power_id == viewer.power_id), None)


def ballots_due(
    viewer: Viewer, rows: Sequence[MotionRow], cast: Cast, seats: Sequence[Seat]
) -> list[BallotDue]:
    """The ballots of open votes that this viewer may cast as a delegate."""
    if viewer.behind:  # how a delegate has voted is not the GM's to see through their eyes
        return []
    own = {seat.pk: seat for seat in seats if seat.delegate_id == viewer.membership.pk}
    return [
        BallotDue(
            motion=row.motion,
            seat=own[elector.seat_id],
            choice=cast.get((row.motion.pk, elector.seat_id), ""),
        )
        for row in rows
        if row.motion.stage == MotionStage.VOTING and row.motion.mode != Mode.HANDS
        for elector in row.motion.electors.all()
        if elector.seat_id in own and votes.may_vote(elector) and not _sealed(row.motion, elector, cast)
    ]


def _sealed(motion: Motion, elector: Elector, cast: Cast) -> bool:
    """Whether the seat's ballot lies in a secret vote's box, from where its receipt alone brings it back."""
    return motion.mode == Mode.SECRET and (motion.pk, elector.seat_id) in cast
