"""What the wall shows: a conference's public view, as values that hold nothing else.

A screen knows no viewer, so nothing here asks who looks: drafts, choices of open or secret votes, the typed effects of
clauses and everything of a parley are never fetched.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from diplomacy.models import (
    Clause,
    Complaint,
    Conference,
    ConferenceStage,
    Elector,
    Floor,
    Motion,
    Speech,
    SpeechKind,
)
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import MotionStage
from diplomacy.rules.steps import and_
from diplomacy.rules.tally import Status
from diplomacy.sitting.floor import FRESH_EVERY, ClockFace, clock_face, floor_row, public_motion, speeches_of
from diplomacy.sitting.room import Place, open_vote_of, place_of, roll_of, state_of, voted_in
from khitomer.models import Power

READABLE = 900
"""Letters of a motion's text that a wall can hold; what comes after is counted."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One clause as the wall shows it."""

    number: str
    phrase: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Who speaks or waits: the power, its colour, and what for."""

    name: str
    short: str
    colour: str
    emblem: str
    said: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """The complaint in hand: its number, its title, and its parties with emblem and colour."""

    number: int | None
    title: str
    sides: tuple[tuple[Voice, ...], tuple[Voice, ...]]

    @property
    def heading(self) -> str:
        one, other = (and_([voice.name for voice in side]) for side in self.sides)
        return f"{one} v. {other}"


@dataclass(frozen=True, kw_only=True)
class Vote:
    """The horseshoe: who has voted, and after the close what, where the vote was not secret."""

    board: tuple[Place, ...]
    closed: bool
    counts: tuple[tuple[str, int], ...] = ()
    outcome: str = ""
    reason: str = ""

    @property
    def counted(self) -> dict[str, int] | None:
        return dict(self.counts) if self.counts else None


@dataclass(frozen=True, kw_only=True)
class Hall:
    """Everything on the wall, in words; no key of a row and no address is among them."""

    campaign: str
    conference: str
    where: str
    treaty: str
    stage: str
    item: Item | None
    motion: str
    lines: tuple[Line, ...]
    more: int
    vote: Vote | None
    roll: tuple[Place, ...]
    speaking: Voice | None
    waiting: tuple[Voice, ...]
    clock: ClockFace
    agenda: tuple[str, ...] = ()
    adopted: tuple[str, ...] = ()
    version: str = ""

    @property
    def long(self) -> bool:
        """Whether the text is set smaller, so that the wall holds it."""
        return sum(len(line.text) for line in self.lines) > 330

    @property
    def screen(self) -> str:
        """Which of the screens this is."""
        if self.stage != ConferenceStage.OPEN:
            return self.stage
        return "item" if self.item or self.motion else "nothing"


def hall_of(conference: Conference, now: datetime) -> Hall:
    """The wall of a conference at this moment, in a dozen queries whatever its agenda holds."""
    floor, speeches = floor_row(conference), speeches_of(conference)
    sits = conference.stage == ConferenceStage.OPEN
    motion = _motion(conference, floor) if sits else None
    clause = (
        floor.clause if floor and floor.clause and motion and floor.clause.motion_id == motion.pk else None
    )
    lines, more = _lines(motion, clause) if motion else ((), 0)
    seats = [seat for seat in conference.seats.select_related("power") if not seat.observer]
    clock = clock_face(floor, now)
    shown = {
        "campaign": conference.campaign.name,
        "conference": conference.name,
        "where": ", ".join(part for part in (conference.place, conference.on.words()) if part),
        "treaty": str(conference.treaty),
        "stage": str(conference.stage),
        "item": _item(floor, motion) if sits else None,
        "motion": f"Motion {motion.number} · {motion.title}" if motion else "",
        "lines": lines,
        "more": more,
        "vote": _vote(motion) if motion else None,
        "roll": tuple(roll_of(seats)),
        "speaking": next((_speaker(row) for row in speeches if row.started_at and sits), None),
        "waiting": tuple(_speaker(row) for row in speeches if row.started_at is None and sits)[:3],
        "agenda": _agenda(conference) if conference.stage == ConferenceStage.PLANNED else (),
        "adopted": _adopted(conference) if conference.stage == ConferenceStage.CLOSED else (),
    }
    ticking = (floor.ends_at, floor.left, floor.timer) if floor else ()
    told = repr((shown, ticking, int(clock.left // FRESH_EVERY) if clock.runs else 0))
    return Hall(**shown, clock=clock, version=hashlib.sha256(told.encode()).hexdigest()[:16])


def _motion(conference: Conference, floor: Floor | None) -> Motion | None:
    """The motion in hand; where the chair has put nothing in hand, the vote that is open."""
    if floor is not None and (floor.motion or floor.hearing):
        return floor.motion if public_motion(floor) else None
    return open_vote_of(conference)


def _lines(motion: Motion, clause: Clause | None) -> tuple[tuple[Line, ...], int]:
    """The clauses that stand, as many as a wall can hold, or the one in hand; and how many are left out."""
    standing = [row for row in motion.clauses.all() if row.fallen_by_id is None]
    numbered, number = [], 0
    for row in standing:
        operative = row.kind == "operative"
        number += operative
        line = Line(number=str(number) if operative else "", phrase=row.phrase, text=row.text)
        numbered.append((row, line))
    if clause is not None and any(row.pk == clause.pk for row, _ in numbered):
        return tuple(line for row, line in numbered if row.pk == clause.pk), 0
    operative_first = [line for _, line in numbered if line.number] or [line for _, line in numbered]
    held, letters = [], 0
    for line in operative_first:
        letters += len(line.text)
        if held and letters > READABLE:
            break
        held.append(line)
    return tuple(held), len(operative_first) - len(held)


def _vote(motion: Motion) -> Vote | None:
    """The vote on the motion in hand, if it was opened."""
    open_now = motion.stage == MotionStage.VOTING
    if motion.opened_at is None or not (open_now or motion.closed_at):
        return None
    electors = [
        elector
        for elector in motion.electors.select_related("seat__power")
        if elector.status != Status.OBSERVER
    ]
    voted = voted_in(motion)
    secret = motion.mode == Mode.SECRET.value
    choices = {} if open_now or secret else dict(motion.ballots.values_list("seat", "choice"))
    counts = (("yes", motion.yes or 0), ("no", motion.no or 0), ("abstain", motion.abstain or 0))
    return Vote(
        board=tuple(_place(elector, voted, choices) for elector in electors),
        closed=not open_now,
        counts=() if open_now or not secret else counts,
        outcome="" if open_now else str(motion.get_outcome_display()),
        reason="" if open_now else motion.reason,
    )


def _place(elector: Elector, voted: set[int], choices: dict[int, str]) -> Place:
    seat = elector.seat_id
    return place_of(elector.seat, state_of(elector, voted=seat in voted, choice=choices.get(seat, "")))


def _item(floor: Floor | None, motion: Motion | None) -> Item | None:
    hearing = floor.hearing if floor else None
    complaint: Complaint | None = hearing.complaint if hearing else (motion.complaint if motion else None)
    if complaint is None:
        return None
    sides = ((complaint.complainant,), tuple(complaint.respondents))
    one, other = (tuple(_voice(power) for power in side if power) for side in sides)
    return Item(number=complaint.number, title=complaint.title, sides=(one, other))


def _voice(power: Power, said: str = "") -> Voice:
    return Voice(
        name=power.name,
        short=power.short,
        colour=power.colour,
        emblem=power.emblem,
        said=said,
    )


def _speaker(row: Speech) -> Voice:
    """A speaker, and in words what for; what a point of order is about is not for the wall."""
    side = {"for": "for", "against": "against"}.get(row.side, "")
    said = side if row.kind == SpeechKind.SPEECH else row.get_kind_display().lower()
    return _voice(row.seat.power, said)


def _agenda(conference: Conference) -> tuple[str, ...]:
    hearings = conference.hearings.select_related(
        "complaint__complainant", "complaint__respondent"
    ).prefetch_related("complaint__joinders__power")
    return tuple(
        f"No. {row.complaint.number} · {row.complaint.complainant.name} v. "
        f"{and_([power.name for power in row.complaint.respondents])}"
        for row in hearings[:8]
    )


def _adopted(conference: Conference) -> tuple[str, ...]:
    rows = conference.motions.filter(resolution__isnull=False).select_related("resolution")
    resolutions = sorted((row.resolution for row in rows), key=lambda row: row.number)
    return tuple(f"Resolution {row.number} · {row.title}" for row in resolutions[:8])
