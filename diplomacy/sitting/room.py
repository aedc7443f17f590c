"""The room: the horseshoe with who is there and who has voted, and the ballots that a viewer may cast."""

from collections.abc import Sequence
from dataclasses import dataclass

from diplomacy import records_votes as votes
from diplomacy.models import Conference, ConferenceStage, Elector, Motion, Seat
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


def board_of(seats: Sequence[Seat], motion: Motion | None, cast: Cast) -> list[Place]:
    """The horseshoe: who has voted in the open vote, or else who is in the room. Never a choice."""
    if motion is None:
        return [place_of(seat, "present" if seat.present else "absent") for seat in seats]
    electors = [elector for elector in motion.electors.all() if elector.status != Status.OBSERVER]
    return [
        place_of(elector.seat, state_of(elector, voted=(motion.pk, elector.seat_id) in cast))
        for elector in electors
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
    own = {seat.pk: seat for seat in seats if seat.delegate_id == viewer.membership.pk}
    return [
        BallotDue(
            motion=row.motion,
            seat=own[elector.seat_id],
            choice=cast.get((row.motion.pk, elector.seat_id), ""),
        )
        for row in rows
        if row.motion.stage == MotionStage.VOTING
        for elector in row.motion.electors.all()
        if elector.seat_id in own and votes.may_vote(elector)
    ]
