"""Paper for a vote: the ballots that are handed round, and the sheet on which the chair calls the roll."""

from collections.abc import Sequence
from dataclasses import dataclass

from diplomacy import records_votes as votes
from diplomacy.forms.handouts import BallotsForm, RollForm
from diplomacy.models import Conference, Motion, Seat
from diplomacy.records_sitting import quorum_of
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import PROCEDURAL_KINDS, MotionKind
from diplomacy.rules.tally import Choice, Status
from diplomacy.rules.wording import rule_in_words
from diplomacy.sheets.table import conference_of, motion_of, seats_at
from khitomer.access import Viewer
from khitomer.models import Power
from khitomer.sheets import Drawn, Sheet, SheetKind, register

TO_A_SHEET = 8
CHOICES = {Choice.YES: "Yes", Choice.NO: "No", Choice.ABSTAIN: "Abstain"}


# Ballots


def draw_ballots(eyes: Viewer, sheet: Sheet) -> Drawn | None:
    """One paper for each seat that may vote: with its power's name, or in a secret vote with nobody's."""
    conference = conference_of(eyes, sheet)
    if conference is None:
        return None
    motion = motion_of(eyes, sheet, conference)
    mode = motion.mode if motion else conference.charter.mode
    secret = (sheet.details.get("bearing") or ("blank" if mode == Mode.SECRET else "names")) == "blank"
    powers: list[Power | None] = [
        None if secret else seat.power for seat in voters(seats_at(conference), motion)
    ]
    return Drawn(
        {
            "campaign": sheet.campaign,
            "sheet": sheet,
            "conference": conference,
            "motion": motion,
            "choices": choices(conference, motion),
            "leaves": [powers[at : at + TO_A_SHEET] for at in range(0, len(powers), TO_A_SHEET)],
        }
    )


def voters(seats: Sequence[Seat], motion: Motion | None) -> list[Seat]:
    """The seats that may vote on it: those frozen when the vote opened, and before that all that are not recused."""
    members = [seat for seat in seats if not seat.observer]
    if motion is None:
        return members
    if motion.rule is not None:
        frozen = {each.seat_id for each in motion.electors.all() if votes.may_vote(each)}
        return [seat for seat in members if seat.pk in frozen]
    return [seat for seat in members if votes.status_of(seat, motion) == Status.ELIGIBLE]


def choices(conference: Conference, motion: Motion | None) -> list[str]:
    """What may be ticked: where the charter has it so, nobody abstains on procedure."""
    if motion is None:
        barred = False
    elif motion.rule is not None:
        barred = votes.frozen_vote(motion).no_abstention
    else:
        procedural = MotionKind(motion.kind) in PROCEDURAL_KINDS
        barred = procedural and not conference.charter.procedural_abstention
    return [word for choice, word in CHOICES.items() if not (barred and choice is Choice.ABSTAIN)]


# The roll


@dataclass(frozen=True)
class Call:
    """A seat as it is called; one that is recused has no vote in this."""

    seat: Seat
    recused: bool


def draw_roll(eyes: Viewer, sheet: Sheet) -> Drawn | None:
    """The chair's sheet, for the chair: the seats in the order in which they are called."""
    conference = conference_of(eyes, sheet) if eyes.is_gm else None
    if conference is None:
        return None
    seats, charter = seats_at(conference), conference.charter
    motion = motion_of(eyes, sheet, conference)
    members = [seat for seat in seats if not seat.observer]
    called = votes.in_roll_order(members, motion.drawn_id if motion else None)
    rule = votes.rule_of(charter, motion)
    if motion and motion.rule is not None:
        rule = votes.frozen_vote(motion).rule
    return Drawn(
        {
            "campaign": sheet.campaign,
            "sheet": sheet,
            "conference": conference,
            "motion": motion,
            "calls": [Call(seat, _is_recused(seat, motion)) for seat in called],
            "observers": [seat.power for seat in seats if seat.observer],
            "choices": choices(conference, motion),
            "weighted": rule.weight_threshold is not None or any(seat.weight != 1 for seat in called),
            "vetoes": rule.veto,
            "quorum": quorum_of(len(called), charter.quorum, charter.quorum_more_than),
            "rule": rule_in_words(rule),
        }
    )


def _is_recused(seat: Seat, motion: Motion | None) -> bool:
    return motion is not None and votes.status_of(seat, motion) == Status.RECUSED


register(
    SheetKind(
        key="ballots",
        label="Ballot papers",
        group="Conference",
        says="Eight to a sheet, to be cut: for a motion or blank, with each power's name or nobody's.",
        template="print/ballots.html",
        draw=draw_ballots,
        form=BallotsForm,
        cut=True,
        single=True,
    ),
    SheetKind(
        key="roll",
        label="Roll-call sheet",
        group="Conference",
        says="For the chair alone: who is there, how each votes, and what it comes to.",
        template="print/roll.html",
        draw=draw_roll,
        form=RollForm,
        sealed=True,
    ),
)
