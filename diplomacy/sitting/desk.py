"""The desk as a whole: the agenda, the motions, the room, the ballots due, and the one step that stands out."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from diplomacy import records_votes as votes
from diplomacy.actions.floor import may_move_sitting
from diplomacy.models import Complaint, Conference, ConferenceStage, Motion, Seat
from diplomacy.rules.procedure import ComplaintStage
from diplomacy.sitting.acts import Act
from diplomacy.sitting.agenda import Item, items_of
from diplomacy.sitting.charter import CharterWords, charter_words
from diplomacy.sitting.floor import FloorView, floor_of
from diplomacy.sitting.motions import TO_ENACT, MotionRow, ballots_of, in_families, motion_row, motions_of
from diplomacy.sitting.room import BallotDue, Room, ballots_due, own_empty, room_of
from khitomer.access import Viewer
from khitomer.models import Membership


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A conference as one viewer meets it."""

    conference: Conference
    seats: list[Seat]
    items: list[Item]
    others: list[MotionRow]
    ballots: list[BallotDue]
    room: Room
    floor: FloorView
    charter: CharterWords
    admitted: list[Complaint] = field(default_factory=list)
    may_move: bool = False
    moves_sitting: bool = False
    chairs: bool = False
    unseated: list[tuple[Seat, Membership]] = field(default_factory=list)
    own_empty: Seat | None = None

    @property
    def current(self) -> Item | None:
        return next((item for item in self.items if item.current), None)

    @property
    def may_order(self) -> bool:
        """Whether this viewer may put the agenda in another order."""
        return self.chairs and len(self.items) > 1 and self.conference.stage != ConferenceStage.CLOSED

    @property
    def may_show(self) -> bool:
        """Whether this viewer may put an item before the conference and its chamber."""
        return self.chairs and self.floor.sits

    @property
    def done(self) -> int:
        return sum(item.done for item in self.items)

    @property
    def opens_below(self) -> bool:
        """Whether the item in hand already offers to open the sitting."""
        now = self.current
        return now is not None and any(act.path.endswith("/stage/") for act in now.acts)

    @property
    def go(self) -> Act | None:
        """The one step that stands out: of the complaint in hand first, and of its motion before its own."""
        if self.ballots:
            return None  # the ballot is the step
        items = sorted(self.items, key=lambda item: not item.current)
        acts = [act for item in items for row in item.motions for act in row.acts]
        acts += [act for item in items for act in item.acts]
        acts += [act for row in self.others for act in row.acts]
        now = self.current
        if now is not None:
            acts = [act for row in now.motions for act in row.acts] + [*now.acts, *acts]
        return next((act for act in acts if act.tone == "go"), None)

    @property
    def enacting(self) -> Motion | None:
        """The adopted motion whose effects wait to be enacted next, where this viewer may do it.

        It is enacted from the desk with one press, also while another complaint is in hand.
        """
        rows = [row for item in self.items for row in item.motions] + self.others
        waiting = [row for row in rows if row.to_enact]
        chosen = next((row for row in waiting if self.go in row.acts), None) or next(iter(waiting), None)
        return chosen.motion if chosen else None

    @property
    def enact_stands_out(self) -> bool:
        """Whether to enact it is the one step that stands out, and not one of another item."""
        return self.go is not None and self.go.label == TO_ENACT

    @property
    def resolutions(self) -> list[Motion]:
        """The motions that were adopted, as resolutions, the latest first."""
        rows = [row.motion for item in self.items for row in item.motions] + [
            row.motion for row in self.others
        ]
        adopted = [motion for motion in rows if getattr(motion, "resolution", None)]
        return sorted(adopted, key=lambda motion: -motion.resolution.number)


def desk_of(viewer: Viewer, conference: Conference, now: datetime | None = None) -> Desk:
    """The conference's desk for this viewer. `now` is for the clock."""
    now = now or timezone.now()
    seats = list(conference.seats.select_related("power", "delegate__user"))
    # One object for the conference, so that the steps of every motion and hearing read the same seats and charter.
    conference._prefetched_objects_cache = {"seats": conference.seats.all()}
    conference._prefetched_objects_cache["seats"]._result_cache = seats
    motions = motions_of(viewer, conference)
    cast = ballots_of(viewer, motions)
    room = room_of(conference, seats)
    rows = in_families(motion_row(viewer, motion, cast, seats) for motion in motions)
    may_move = viewer.is_gm or any(
        votes.is_voice_of(viewer.membership, seat) and not seat.observer for seat in seats
    )
    floor = floor_of(viewer, conference, seats, room, now)
    taken_up = floor.floor.hearing_id if floor.floor else None
    items = items_of(viewer, conference, rows, room.quorum, may_move, in_hand=taken_up)
    return Desk(
        conference=conference,
        seats=seats,
        items=items,
        others=[row for row in rows if row.complaint_id not in {item.complaint.pk for item in items}],
        moves_sitting=may_move and not viewer.is_gm and not may_move_sitting(conference),
        ballots=ballots_due(viewer, rows, cast, seats),
        room=room,
        floor=floor,
        charter=charter_words(conference.charter, seats),
        admitted=_admitted(viewer, conference),
        may_move=may_move and conference.stage != ConferenceStage.CLOSED,
        chairs=viewer.is_gm,
        unseated=_unseated(viewer, conference, seats),
        own_empty=own_empty(viewer, conference, seats),
    )


def _unseated(viewer: Viewer, conference: Conference, seats: list[Seat]) -> list[tuple[Seat, Membership]]:
    """Players whose power has a seat without a delegate: the chair may seat them. Nobody else's query."""
    empty = {seat.power_id: seat for seat in seats if seat.delegate_id is None}
    if not viewer.is_gm or not empty or conference.stage == ConferenceStage.CLOSED:
        return []
    players = viewer.campaign.memberships.delegates().filter(power__in=empty).select_related("user")
    return [(empty[player.power_id], player) for player in players if player.power_id]


def _admitted(viewer: Viewer, conference: Conference) -> list[Complaint]:
    """Complaints that wait for a place on an agenda such as this one. The chair's business, so nobody else's query."""
    if not viewer.is_gm or conference.stage == ConferenceStage.CLOSED:
        return []
    return list(admitted_under(viewer, conference).order_by("number"))


def admitted_under(viewer: Viewer, conference: Conference) -> QuerySet[Complaint]:
    """Admitted complaints that cite the conference's treaty."""
    return (
        viewer.campaign.complaints.visible_to(viewer)
        .at(ComplaintStage.ADMITTED)
        .filter(citations__provision__treaty=conference.treaty_id)
        .with_parties()
        .distinct()
    )
