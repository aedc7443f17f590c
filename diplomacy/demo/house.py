"""The house in which the demo is told, and the steps its people take: each is one or a few of the actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from diplomacy.actions import ballots, complaints, conferences, motions
from diplomacy.actions.motions import ClauseText
from diplomacy.actions.sittings import open_sitting
from diplomacy.demo import powers, sittings
from diplomacy.demo.archive import Page
from diplomacy.demo.docket import Charge
from diplomacy.demo.story import Evening
from diplomacy.models import Complaint, Conference, Motion
from diplomacy.rules.charters import Knobs
from khitomer.actions import archive as archive_actions
from khitomer.actions import chronicle, evenings, sessions
from khitomer.models import Audience, Campaign, Power, Provision, Session, User
from khitomer.rules import changes
from khitomer.rules.dates import StoryDate

_STEP = timedelta(minutes=2)  # of real time, from one thing to the next


@dataclass
class House:
    """The campaign in the making: its people, the hour of real time, and how many changes the GM has made."""

    people: dict[str, User]
    loaded_at: datetime
    hour: datetime
    campaign: Campaign = field(init=False)
    forms: int = 0

    @property
    def gm(self) -> User:
        return self.people["gm"]

    def now(self) -> datetime:
        """The next moment of real time; nothing is later than the loading itself."""
        self.hour = min(self.hour + _STEP, self.loaded_at)
        return self.hour

    def days_ago(self, days: float) -> None:
        """Go to the evening so many days before the loading, fifty minutes before the same hour."""
        self.hour = max(self.hour, self.loaded_at - timedelta(days=days, minutes=50))

    def power(self, slug: str) -> Power:
        return self.campaign.powers.get(slug=slug)

    def powers(self, slugs: Iterable[str]) -> list[Power]:
        return list(self.campaign.powers.filter(slug__in=tuple(slugs)))

    def provision(self, key: str) -> Provision:
        treaty, number = key.rsplit("/", 1)
        return Provision.objects.get(treaty__campaign=self.campaign, treaty__slug=treaty, number=int(number))

    def change(self, *made: changes.Change, why: str = "") -> None:
        """Let the GM change the state of the campaign, as one form would."""
        self.forms += 1
        chronicle.apply(
            campaign=self.campaign,
            changes=made,
            by=self.gm,
            why=why,
            source=f"gm:demo-{self.forms}",
            now=self.now(),
        )

    def day(self, to: str) -> None:
        """Let the story go on to a day."""
        self.change(changes.AdvanceDate(to=StoryDate.parse(to)))


def draft(house: House, charge: Charge) -> Complaint:
    """A delegation drafts a complaint, with its exhibits."""
    by = house.people[charge.by]
    begun = complaints.draft_complaint(
        campaign=house.campaign, power=house.power(charge.complainant), by=by, now=house.now()
    )
    complaints.save_draft(
        complaint=begun,
        by=by,
        respondent=house.power(charge.respondent),
        provisions=[house.provision(key) for key in charge.provisions],
        act_on=StoryDate.parse(charge.act_on),
        place=charge.place,
        title=charge.title,
        asks_for=charge.asks_for,
        statement=charge.statement,
    )
    for shown in charge.exhibits:
        complaints.add_exhibit(
            complaint=begun, title=shown.title, data=shown.draw(), name=shown.name, by=by, now=house.now()
        )
    return begun


def file(house: House, charge: Charge) -> Complaint:
    """A delegation drafts a complaint and files it the same day."""
    written = draft(house, charge)
    return complaints.file_complaint(complaint=written, by=house.people[charge.by], now=house.now())


def admit(house: House, complaint: Complaint, reason: str) -> None:
    """The chair admits a complaint, and says why."""
    complaints.admit(complaint=complaint, admitted=True, reason=reason, by=house.gm, now=house.now())


def sit(house: House, name: str, knobs: Knobs, session: Session, agenda: list[Complaint]) -> Conference:
    """Convene a conference of an evening, open it, and hear the first complaint of its agenda."""
    today = Campaign.objects.get(pk=house.campaign.pk).today
    conference = conferences.create_conference(
        campaign=house.campaign,
        name=name,
        place=sittings.PLACE,
        treaty=house.campaign.treaties.get(slug=powers.ACCORDS),
        on=today,
        session=session,
        knobs=knobs,
        agenda=agenda,
        observers=house.powers((powers.DOMINION, powers.TZENKETHI)),
        by=house.gm,
        now=house.now(),
    )
    open_sitting(conference=conference, by=house.gm, now=house.now())
    first = conference.hearings.order_by("position")[0]
    conferences.open_hearing(hearing=first, by=house.gm, now=house.now())
    return conference


def motion(
    house: House,
    conference: Conference,
    title: str,
    clauses: Iterable[ClauseText],
    finding: str,
    complaint: Complaint | None,
    sponsor: str = "",
) -> Motion:
    """A motion before the conference, moved by a player's power, or by the chair."""
    by = house.people[sittings.SPEAKERS[sponsor]] if sponsor else house.gm
    if complaint:
        complaint.refresh_from_db()  # it has been admitted, scheduled and heard meanwhile
    drafted = motions.draft_motion(
        conference=conference,
        complaint=complaint,
        sponsor=conference.seats.get(power__slug=sponsor) if sponsor else None,
        title=title,
        finding=finding,
        clauses=clauses,
        by=by,
        now=house.now(),
    )
    return motions.submit_motion(motion=drafted, by=by, now=house.now())


def vote(house: House, motion: Motion, choices: sittings.Ballots) -> None:
    """Open the vote on a motion and cast these ballots, each by the one who speaks for the seat."""
    ballots.open_vote(motion=motion, by=house.gm, now=house.now())
    for power, choice in choices:
        seat = motion.conference.seats.get(power__slug=power)
        by = house.people[sittings.SPEAKERS.get(power, "gm")]
        ballots.cast(motion=motion, seat=seat, choice=choice, by=by, now=house.now())


def write_page(house: House, page: Page) -> None:
    """The GM writes a page of the archive, its secrets, and what became of whom it is about."""
    entry = archive_actions.add_entry(
        campaign=house.campaign,
        kind=page.kind,
        name=page.name,
        text=page.text,
        audience=Audience.GM if page.gm_only else _audience(page.told, Audience.ALL),
        powers=house.powers(page.told),
        aliases=page.aliases,
        tags=page.tags,
        values=dict(page.values),
        by=house.gm,
        now=house.now(),
    )
    for hidden in page.secrets:
        archive_actions.add_secret(
            entry=entry,
            text=hidden.text,
            audience=_audience(hidden.told, Audience.GM),
            powers=house.powers(hidden.told),
            false=hidden.instead,
            stands_in=hidden.instead,
            by=house.gm,
            now=house.now(),
        )
    if page.fate:
        house.change(changes.SetFate(entry=entry.slug, fate=page.fate))


def put_inside(house: House, page: Page) -> None:
    """A page that is a part of another is put there once both are written."""
    entry = house.campaign.entries.get(name=page.name)
    archive_actions.edit_entry(
        entry=entry,
        kind=entry.kind,
        name=page.name,
        text=page.text,
        audience=Audience(entry.audience),
        powers=entry.powers.all(),
        parent=house.campaign.entries.get(name=page.inside),
        by=house.gm,
        now=house.now(),
    )


def _audience(told: tuple[str, ...], otherwise: Audience) -> Audience:
    return Audience.POWERS if told else otherwise


def begin(house: House, evening: Evening) -> Session:
    """An evening is planned and begins; its first points are done by the time that the demo is loaded."""
    session = sessions.add_session(
        campaign=house.campaign,
        title=evening.title,
        on=house.hour.date(),
        gm_notes=evening.gm_notes,
        by=house.gm,
        now=house.now(),
    )
    session = sessions.begin(session=session, by=house.gm, now=house.now())
    for planned in evening.agenda:
        item = sessions.add_item(
            session=session, title=planned.title, gm_note=planned.gm_note, by=house.gm, now=house.now()
        )
        if planned.done:
            sessions.tick_item(item=item, done=True, by=house.gm, now=house.now())
    return session


def end(house: House, session: Session, evening: Evening) -> None:
    """An evening closes, with everybody at the table, and is told."""
    for member in house.campaign.memberships.players():
        evenings.mark(session=session, member=member, present=True, by=house.gm, now=house.now())
    told = sessions.edit_session(
        session=session,
        title=evening.title,
        on=session.on,
        recap=evening.recap,
        gm_notes=evening.gm_notes,
        by=house.gm,
        now=house.now(),
    )
    sessions.close(session=told, by=house.gm, now=house.now())
