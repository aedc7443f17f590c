"""What the sheets of a conference share: the conference, its seats and its rules, as one pair of eyes sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

from diplomacy.models import Conference, Motion, Seat
from diplomacy.records_sitting import quorum_of
from diplomacy.rules.charter_words import value_words
from diplomacy.rules.steps import Feature
from diplomacy.sitting.charter import charter_words
from diplomacy.sitting.motions import visible_motions
from khitomer.access import Viewer
from khitomer.sheets import Sheet


def conference_of(eyes: Viewer, sheet: Sheet) -> Conference | None:
    """The conference that a sheet names, while there is one: every member may watch it."""
    found = eyes.campaign.conferences.select_related("treaty", "charter")
    return found.filter(pk=sheet.details.get("conference")).first()


def motion_of(eyes: Viewer, sheet: Sheet, conference: Conference) -> Motion | None:
    """The motion that a sheet names, where these eyes may see it."""
    found = visible_motions(eyes, conference).select_related(
        "complaint__complainant",
        "complaint__respondent",
        "parent__complaint__complainant",
        "parent__complaint__respondent",
        "conference__charter",
    )
    found = found.prefetch_related("complaint__joinders__power", "parent__complaint__joinders__power")
    return found.filter(pk=sheet.details.get("motion")).first()


def seats_at(conference: Conference) -> list[Seat]:
    """The seats by the names of their powers, each with who speaks for it; those that only watch come last."""
    seats = conference.seats.select_related("power", "delegate__user")
    return sorted(seats, key=lambda seat: (seat.observer, seat.power.name))


@dataclass(frozen=True)
class Rule:
    """One rule of the house, for the box in which they stand."""

    label: str
    words: str


def rules_of(conference: Conference, seats: Sequence[Seat]) -> list[Rule]:
    """The rules by which this conference decides, as its charter has them now."""
    charter = conference.charter
    words = charter_words(charter, seats)
    members = sum(not seat.observer for seat in seats)
    quorum = words.quorum
    if members and quorum != "none":
        needed = quorum_of(members, charter.quorum, charter.quorum_more_than)
        quorum = f"{quorum}: {needed} of {members}"
    found = [
        Rule("Quorum", quorum),
        Rule("A motion carries with", words.adopted_by),
        Rule("A finding carries with", words.finding),
        Rule("Equal votes", words.tie),
        Rule("Veto", words.veto),
        Rule("Votes are given", value_words("mode", charter.knobs)),
        Rule(
            "Speaking time",
            value_words("speaking_seconds", charter.knobs) if Feature.FLOOR in charter.knows else "",
        ),
    ]
    return [rule for rule in found if rule.words]
