"""The floor as one viewer meets it: what is in hand, who speaks, who waits, the clock, and who was heard."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from diplomacy.models import (
    Clause,
    ClauseKind,
    Conference,
    ConferenceStage,
    Floor,
    Hearing,
    Motion,
    Seat,
    Speech,
)
from diplomacy.records_sitting import appeal_from, clock_of, last_ruled, not_appealable
from diplomacy.records_votes import is_voice_of
from diplomacy.rules.floor import Clock, face
from diplomacy.rules.procedure import Feature, MotionStage
from diplomacy.sitting.room import Room
from khitomer.access import Viewer
from khitomer.models import Power

FRESH_EVERY = 30
"""Seconds after which a running clock is drawn anew: a device that slept has lost count of them."""


@dataclass(frozen=True, kw_only=True)
class ClockFace:
    """The clock as a page draws it: `left` seconds at this moment, and what it is for."""

    label: str
    shows: str
    left: float
    runs: bool
    is_set: bool
    over: bool
    ends_at: datetime | None

    @property
    def data_left(self) -> str:
        """Seconds with a tenth, for the script that counts on from here."""
        return f"{self.left:.1f}"

    @property
    def data_until(self) -> str:
        """When it runs out, in milliseconds since 1970, for the script that knows the server's time."""
        return str(int(self.ends_at.timestamp() * 1000)) if self.ends_at else ""


@dataclass(frozen=True, kw_only=True)
class PartyHeard:
    """A party to the complaint in hand, and whether it was heard: "heard", "in default" or nothing yet."""

    power: Power
    said: str


@dataclass(frozen=True, kw_only=True)
class FloorView:
    """All that is drawn of the floor. `version` changes when anything of it does.

    `ruled` is the point of order that the chair ruled on last, where the charter has appeals, and `appeal` what was
    moved against that ruling.
    """

    floor: Floor | None
    speaking: Speech | None
    waiting: tuple[Speech, ...]
    clock: ClockFace
    parties: tuple[PartyHeard, ...]
    may_ask: tuple[Seat, ...]
    sits: bool
    debated: bool
    room: Room
    version: str = ""

    clauses: tuple[Clause, ...] = ()
    ruled: Speech | None = None
    appeal: Motion | None = None
    may_appeal: bool = False

    @property
    def has_panel(self) -> bool:
        """Whether the floor has a panel: where the charter has debates, or once somebody asks or a clock runs."""
        quiet = self.speaking is None and not self.waiting and not self.clock.is_set and self.ruled is None
        return self.debated or not quiet


def floor_row(conference: Conference) -> Floor | None:
    """The floor with what is in hand, in one query; None where nothing ever was."""
    rows = Floor.objects.select_related(
        "hearing__complaint__complainant", "hearing__complaint__respondent", "motion__complaint", "clause"
    )
    return rows.filter(conference=conference).first()


def speeches_of(conference: Conference) -> list[Speech]:
    """Who speaks and who waits, in their order."""
    return list(conference.speeches.filter(ended_at=None).select_related("seat__power"))


def clock_face(floor: Floor | None, now: datetime) -> ClockFace:
    """The clock at this moment."""
    clock = clock_of(floor) if floor else Clock()
    left = clock.remaining(now)
    return ClockFace(
        label=floor.timer if floor else "",
        shows=face(left),
        left=left,
        runs=clock.runs,
        is_set=clock.is_set,
        over=clock.is_set and left <= 0,
        ends_at=clock.ends_at if clock.runs else None,
    )


def floor_of(
    viewer: Viewer, conference: Conference, seats: list[Seat], room: Room, now: datetime
) -> FloorView:
    """The floor for this viewer. `seats` are the conference's, with their powers."""
    floor, speeches = floor_row(conference), speeches_of(conference)
    waiting = tuple(row for row in speeches if row.started_at is None)
    speaking = next((row for row in speeches if row.started_at is not None), None)
    clock = clock_face(floor, now)
    parties = tuple(heard_of(floor.hearing)) if floor and floor.hearing else ()
    ruled = last_ruled(conference) if Feature.APPEALS in conference.charter.knows else None
    appeal = appeal_from(ruled) if ruled else None
    voice = any(is_voice_of(viewer.membership, seat) and not seat.observer for seat in seats)
    return FloorView(
        floor=floor,
        speaking=speaking,
        waiting=waiting,
        clock=clock,
        parties=parties,
        may_ask=tuple(_may_ask(viewer, seats)),
        sits=conference.stage == ConferenceStage.OPEN,
        debated=Feature.FLOOR in conference.charter.knows,
        room=room,
        clauses=tuple(_clauses(floor)) if viewer.is_gm else (),
        ruled=ruled,
        appeal=appeal,
        may_appeal=voice and ruled is not None and not not_appealable(conference, ruled, ruled, appeal),
        version=version_of(
            conference,
            floor,
            speeches,
            clock,
            [(each.power.pk, each.said) for each in parties],
            room.board,
            room.vote and room.vote.number,
            room.quorum,
            ruled and (ruled.pk, ruled.ruling),
            appeal and (appeal.pk, appeal.stage),
        ),
    )


def heard_of(hearing: Hearing) -> list[PartyHeard]:
    """The parties to the complaint of a hearing, and who of them was heard."""
    if hearing.opened_at is None:
        return []
    noted = {row.power_id: "in default" if row.defaulted else "heard" for row in hearing.heard.all()}
    return [PartyHeard(power=power, said=noted.get(power.pk, "")) for power in hearing.complaint.parties]


def version_of(
    conference: Conference, floor: Floor | None, speeches: list[Speech], clock: ClockFace, *more: object
) -> str:
    """A short word for this state of the floor, the same as long as nothing of it changes."""
    told: list[object] = [conference.stage, *more]
    if floor is not None:
        told += [floor.hearing_id, floor.motion_id, floor.clause_id, floor.timer, floor.ends_at, floor.left]
        told += [floor.motion.stage] if floor.motion else []
    told += [(row.pk, row.position, row.started_at) for row in speeches]
    if clock.runs:
        told.append(int(clock.left // FRESH_EVERY))
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _clauses(floor: Floor | None) -> list[Clause]:
    """The operative clauses of the motion in hand that stand, for the chair to take up one by one."""
    if floor is None or floor.motion is None:
        return []
    standing = floor.motion.clauses.filter(fallen_by=None, kind=ClauseKind.OPERATIVE)
    return list(standing)


def _may_ask(viewer: Viewer, seats: list[Seat]) -> list[Seat]:
    """The seats that this viewer may put on the list: a chair any, those the GM speaks for first."""
    if viewer.is_gm:
        return sorted(seats, key=lambda seat: (seat.delegate_id is not None, seat.observer, seat.power.name))
    return [seat for seat in seats if is_voice_of(viewer.membership, seat) and not seat.observer]


def public_motion(floor: Floor | None) -> bool:
    """Whether the motion in hand is before everyone: a draft is its sponsor's own, whatever the floor says."""
    return floor is not None and floor.motion is not None and floor.motion.stage != MotionStage.DRAFT
