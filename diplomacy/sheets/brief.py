"""A delegation's brief: how it stands at the table, and what it is told to do there. Its own eyes alone read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from diplomacy import records
from diplomacy.forms.handouts import BriefForm
from diplomacy.models import Complaint, Conference, Obligation, Seat
from diplomacy.records_compliance import is_due
from diplomacy.rules.steps import and_
from diplomacy.sheets.order import on_the_agenda
from diplomacy.sheets.table import conference_of, rules_of, seats_at
from khitomer.access import Viewer
from khitomer.forms.powers import standing_words
from khitomer.models import Power, Provision, Role
from khitomer.rules.adherence import bound_on, covers
from khitomer.rules.dates import Answer
from khitomer.sheets import Drawn, Sheet, SheetKind, register
from khitomer.sheets.written import draw_written, powers_of

POINT = 10
"""How wide one point of a standing is drawn, where the whole scale from −5 to +5 is a hundred."""


@dataclass(frozen=True)
class StandingBar:
    """How the power stands with another at the table, as a bar on the scale."""

    power: Power
    value: int

    @property
    def words(self) -> str:
        return standing_words(self.value)

    @property
    def left(self) -> int:
        """Where its bar begins; the middle of the scale is at fifty."""
        return 50 + min(self.value, 0) * POINT

    @property
    def width(self) -> int:
        return abs(self.value) * POINT


@dataclass(frozen=True)
class Case:
    """A complaint that the power is in, and as what."""

    complaint: Complaint
    role: str


@dataclass(frozen=True)
class AtIssue:
    """A provision that a complaint on the agenda cites, and whether it binds the power on the day of the sitting."""

    provision: Provision
    bound: str
    because: str


@dataclass(frozen=True)
class Due:
    """What the power owes and has not done."""

    obligation: Obligation
    come: bool


def of_delegation(eyes: Viewer, power: Power) -> bool:
    """Whether what is written for this power's delegation may be read with these eyes: its own, or the GM's."""
    return eyes.is_gm or (eyes.role == Role.PLAYER and eyes.power_id == power.pk)


def draw_brief(eyes: Viewer, sheet: Sheet) -> Drawn | None:
    """The brief, for its own delegation and the GM; for anyone else there is none, whoever it was shown to."""
    found, conference = powers_of(sheet, "power"), conference_of(eyes, sheet)
    if not found or conference is None or not of_delegation(eyes, found[0]):
        return None
    power, seats = found[0], seats_at(conference)
    drawn = draw_written(eyes, sheet)
    drawn.context.update(
        power=power,
        called=records.called(power),
        conference=conference,
        seat=next((seat for seat in seats if seat.power_id == power.pk), None),
        standings=standings_with(power, seats, eyes.campaign.standings.values_of(power)),
        cases=cases_of(eyes, power),
        at_issue=at_issue(eyes, power, conference),
        owed=owed_by(eyes, power),
        rules=rules_of(conference, seats),
    )
    return drawn


def standings_with(power: Power, seats: Iterable[Seat], values: Mapping[int, int]) -> list[StandingBar]:
    """How it stands with each of the others at the table, by their keys; one that is not there stands at 0."""
    others = [seat.power for seat in seats if seat.power_id != power.pk]
    return [StandingBar(each, values.get(each.pk, 0)) for each in others]


def cases_of(eyes: Viewer, power: Power) -> list[Case]:
    """The docketed complaints that it is in and that are not over."""
    seen = eyes.campaign.complaints.visible_to(eyes).open().of(power)
    return [Case(each, _role(each, power)) for each in seen.with_parties().order_by("number")]


def _role(complaint: Complaint, power: Power) -> str:
    if complaint.complainant_id == power.pk:
        return f"Complainant, against {and_(records.called(each) for each in complaint.respondents)}"
    role = "Respondent" if power in complaint.respondents else "Third party"
    return f"{role}; brought by {records.called(complaint.complainant)}"


def at_issue(eyes: Viewer, power: Power, conference: Conference) -> list[AtIssue]:
    """The provisions that the agenda turns on, each with whether it binds the power on the day of the sitting."""
    provisions: dict[int, Provision] = {
        citation.provision_id: citation.provision
        for complaint in on_the_agenda(eyes, conference)
        for citation in complaint.citations.all()
    }
    record = records.draw([power], list(provisions.values()), [])
    return [_at_issue(record, each, power, conference) for each in provisions.values()]


def _at_issue(record: records.Record, provision: Provision, power: Power, conference: Conference) -> AtIssue:
    bond = bound_on(record.bound(provision.treaty, power), conference.on)
    reserved = covers(record.reservations.get((provision.pk, power.pk), ()), conference.on)
    if bond.answer is Answer.YES and reserved is not Answer.NO:
        word = "Reserved" if reserved is Answer.YES else "In doubt"
        return AtIssue(provision, word, f"{bond.because} It made a reservation to this provision.")
    words = {Answer.YES: "Bound", Answer.NO: "Not bound", Answer.DOUBT: "In doubt"}
    return AtIssue(provision, words[bond.answer], bond.because)


def owed_by(eyes: Viewer, power: Power) -> list[Due]:
    """What it owes, the first due first, and whether its day has come."""
    rows = power.obligations.outstanding().with_source()
    return [Due(each, is_due(each, eyes.campaign.today)) for each in rows]


register(
    SheetKind(
        key="brief",
        label="Delegation's brief",
        group="Conference",
        says="How one power stands at a conference, and the secret instructions to its delegation.",
        template="print/brief.html",
        draw=draw_brief,
        form=BriefForm,
        sealed=True,
    )
)
