"""Brings the Long Peace about, day by day, through the actions that people use.

All of it is one transaction: a house has the whole campaign, or none of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import transaction

from diplomacy.actions import ballots, complaints, conferences, motions, resolutions
from diplomacy.actions.motions import ClauseText
from diplomacy.demo import archive, docket, powers, sittings, story
from diplomacy.demo.docket import Charge
from diplomacy.demo.story import Evening
from diplomacy.models import Complaint, Conference, Motion
from khitomer import demo, markup
from khitomer.actions import campaigns, chronicle, users
from khitomer.errors import Refused
from khitomer.models import (
    AgendaItem,
    Audience,
    Campaign,
    Entry,
    Power,
    Provision,
    Role,
    Secret,
    Session,
    SessionState,
    User,
)
from khitomer.rules import changes
from khitomer.rules.dates import StoryDate

_STEP = timedelta(minutes=2)  # of real time, from one thing to the next
_OPENED = 28  # days ago


@dataclass
class _House:
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
        """Go to the evening so many days before the loading."""
        self.hour = max(self.hour, self.loaded_at - timedelta(days=days, hours=3))

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


def load(*, now: datetime) -> Campaign:
    """The campaign of the Long Peace, with its accounts, as of `now`.

    `Refused` when there is a campaign at its address, or one of its sign-in names is taken.
    """
    if Campaign.objects.filter(slug=story.SLUG).exists():
        raise Refused(f"There is a campaign at “{story.SLUG}” already")
    before = set(_exhibit_files())
    try:
        with transaction.atomic():
            house = _open(now)
            _fill(house)
            _autumn(house)
            _winter(house)
            _march(house)
    except BaseException:
        for name in set(_exhibit_files()) - before:
            default_storage.delete(f"exhibits/{name}")
        raise
    return house.campaign


def _exhibit_files() -> list[str]:
    return default_storage.listdir("exhibits")[1] if default_storage.exists("exhibits") else []


# The opening


def _open(now: datetime) -> _House:
    """Accounts, the campaign, and who sits for whom."""
    people = {
        each.username: users.sign_up(username=each.username, name=each.name, password=demo.PASSWORD)
        for each in demo.ACCOUNTS
    }
    house = _House(people=people, loaded_at=now, hour=now - timedelta(days=_OPENED))
    house.campaign = campaigns.open_campaign(
        name=story.NAME,
        slug=story.SLUG,
        starts=story.STARTS,
        summary=story.SUMMARY,
        by=house.gm,
        now=house.now(),
    )
    for power, username in sittings.SPEAKERS.items():
        _let_in(house, username, Role.PLAYER, house.power(power))
    _let_in(house, "observer", Role.OBSERVER, None)
    return house


def _let_in(house: _House, username: str, role: Role, power: Power | None) -> None:
    now = house.now()
    _, token = campaigns.invite(
        campaign=house.campaign,
        role=role,
        power=power,
        expires_at=now + timedelta(days=7),
        by=house.gm,
        now=now,
    )
    campaigns.accept(token=token, user=house.people[username], now=house.now())


def _fill(house: _House) -> None:
    """The powers beyond canon, the law between them, the clocks, and the evenings."""
    house.change(*powers.POWERS, why="The powers of this campaign")
    house.change(
        *powers.ADHERENCE, *powers.RESERVATIONS, why="Who has signed since 2368, as this campaign has it"
    )
    house.change(*powers.STANDINGS, why="How they stand as the campaign opens")
    house.change(*story.BEFORE, why="What had happened before the first evening")
    house.change(*story.CLOCKS)
    for evening in story.EVENINGS:
        _plan(house, evening)


def _archive(house: _House, page: archive.Page) -> None:
    audience = Audience.GM if page.gm_only else Audience.POWERS if page.told else Audience.ALL
    entry = Entry.objects.create(
        campaign=house.campaign,
        slug=page.slug,
        kind=page.kind,
        name=page.name,
        text=page.text,
        text_html=markup.render(page.text),
        audience=audience,
    )
    entry.powers.set(house.powers(page.told))
    for hidden in page.secrets:
        secret = Secret.objects.create(
            entry=entry,
            text=hidden.text,
            text_html=markup.render(hidden.text),
            audience=Audience.POWERS if hidden.told else Audience.GM,
        )
        secret.powers.set(house.powers(hidden.told))
    if page.fate:
        house.change(changes.SetFate(entry=page.slug, fate=page.fate))


def _plan(house: _House, evening: Evening) -> None:
    """An evening with its agenda: closed when it has a recap, else in play."""
    began = house.loaded_at - timedelta(days=evening.days_ago, hours=2)
    session = Session.objects.create(
        campaign=house.campaign,
        number=evening.number,
        title=evening.title,
        state=SessionState.CLOSED if evening.recap else SessionState.IN_PLAY,
        on=began.date(),
        began_at=began,
        recap=evening.recap,
        recap_html=markup.render(evening.recap),
        gm_notes=evening.gm_notes,
        gm_notes_html=markup.render(evening.gm_notes),
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(
            session=session,
            position=position,
            title=item.title,
            gm_note=item.gm_note,
            done_at=began + timedelta(minutes=25 * position) if item.done else None,
        )
        for position, item in enumerate(evening.agenda, start=1)
    )


# The story


def _autumn(house: _House) -> None:
    """The convoy, and the first evening: a finding against a founder."""
    house.days_ago(25)
    house.day("2378-10-23")
    house.change(story.CONVOY)
    house.day("2378-11-06")
    halvet = _file(house, docket.HALVET)
    house.day("2378-11-08")
    _admit(house, halvet, docket.BOTH_BOUND)
    house.day("2378-11-27")
    house.change(powers.use_of_tricobalt(powers.FEDERATION, "2378-11-27", "A derelict in the Tessaly Reach"))
    house.days_ago(21)
    house.day("2378-12-12")
    sitting = _sit(house, sittings.FIRST_NAME, sittings.FIRST_RULE, 1, [halvet])
    motion = _motion(
        house, sitting, sittings.HALVET_TITLE, sittings.HALVET, "breach", halvet, powers.FEDERATION
    )
    _vote(house, motion, sittings.HALVET_BALLOTS)
    ballots.close(motion=motion, by=house.gm, now=house.now())
    resolution = house.campaign.resolutions.get(motion=motion)
    resolutions.enact(resolution=resolution, by=house.gm, now=house.now())
    conferences.close_sitting(conference=sitting, by=house.gm, now=house.now())


def _winter(house: _House) -> None:
    """Between the evenings: what was withdrawn, what could not be heard, and what was found."""
    house.days_ago(14)
    house.day("2378-12-16")
    house.change(story.RAIDERS)
    house.day("2378-12-20")
    salvage = _file(house, docket.SALVAGE)
    house.day("2378-12-28")
    tarsal = _file(house, docket.TARSAL)
    house.day("2378-12-30")
    house.change(
        powers.use_of_tricobalt(powers.FERENGI, "2378-12-30", "A broker’s escort in the Sennen Drift")
    )
    house.day("2379-01-05")
    complaints.admit(
        complaint=tarsal, admitted=False, reason=docket.NOT_BOUND_THEN, by=house.gm, now=house.now()
    )
    house.day("2379-01-09")
    complaints.withdraw(complaint=salvage, by=house.gm, now=house.now())
    house.day("2379-01-11")
    house.change(story.BLOCKADE)
    house.day("2379-01-14")
    house.change(story.AUDIT)
    house.day("2379-01-19")
    house.change(powers.use_of_tricobalt(powers.ROMULAN, "2379-01-19", "A minefield in the Tessaly Reach"))
    house.day("2379-01-21")
    marrak = _file(house, docket.MARRAK)
    house.day("2379-01-29")
    _admit(house, marrak, docket.MARRAK_GOES_ON)
    register = house.campaign.resolutions.get().obligations.get(power=house.power(powers.BAJOR))
    resolutions.mark_met(obligation=register, by=house.gm, now=house.now())
    house.day("2379-02-08")
    house.change(
        story.ARDENT,
        powers.use_of_tricobalt(powers.FEDERATION, "2379-02-08", "A reactor in the Tessaly Reach"),
    )
    house.day("2379-02-12")
    tessaly = _file(house, docket.TESSALY)
    house.day("2379-02-19")
    _admit(house, tessaly, docket.FOUR_IS_WIDESPREAD)


def _march(house: _House) -> None:
    """The last weeks, and the second evening, with the vote open."""
    house.days_ago(5)
    house.day("2379-02-20")
    house.change(story.WRECK)
    house.day("2379-02-27")
    _file(house, docket.CALDERS_REST)
    house.day("2379-03-02")
    for page in archive.PAGES:
        _archive(house, page)
    house.change(story.GUEST, changes.TickClock(clock="heirs", by=1))
    house.day("2379-03-09")
    brokers = _file(house, docket.BROKERS)
    house.change(story.SECRETARY)
    house.day("2379-03-11")
    complaints.return_complaint(
        complaint=brokers, reason=docket.RETURNED_BECAUSE, by=house.gm, now=house.now()
    )
    _draft(house, docket.OWN_BLAST)
    house.days_ago(0)
    house.day(str(story.TODAY))
    marrak, tessaly = (house.campaign.complaints.get(number=number) for number in (4, 5))
    sitting = _sit(house, sittings.SECOND_NAME, sittings.SECOND_RULE, 2, [marrak, tessaly])
    motion = _motion(house, sitting, sittings.MARRAK_TITLE, sittings.MARRAK, "breach", marrak)
    _motion(house, sitting, sittings.REGISTER_TITLE, sittings.REGISTER, "", None, powers.ROMULAN)
    _vote(house, motion, sittings.MARRAK_BALLOTS)


# The steps


def _draft(house: _House, charge: Charge) -> Complaint:
    by = house.people[charge.by]
    draft = complaints.draft_complaint(
        campaign=house.campaign, power=house.power(charge.complainant), by=by, now=house.now()
    )
    complaints.save_draft(
        complaint=draft,
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
            complaint=draft, title=shown.title, data=shown.draw(), name=shown.name, by=by, now=house.now()
        )
    return draft


def _file(house: _House, charge: Charge) -> Complaint:
    draft = _draft(house, charge)
    return complaints.file_complaint(complaint=draft, by=house.people[charge.by], now=house.now())


def _admit(house: _House, complaint: Complaint, reason: str) -> None:
    complaints.admit(complaint=complaint, admitted=True, reason=reason, by=house.gm, now=house.now())


def _sit(
    house: _House, name: str, knobs: conferences.Knobs, evening: int, agenda: list[Complaint]
) -> Conference:
    """Convene a conference of an evening, open it, and hear the first complaint of its agenda."""
    today = Campaign.objects.get(pk=house.campaign.pk).today
    conference = conferences.create_conference(
        campaign=house.campaign,
        name=name,
        place=sittings.PLACE,
        treaty=house.campaign.treaties.get(slug=powers.ACCORDS),
        on=today,
        session=house.campaign.sessions.get(number=evening),
        knobs=knobs,
        agenda=agenda,
        observers=house.powers((powers.DOMINION, powers.TZENKETHI)),
        by=house.gm,
        now=house.now(),
    )
    conferences.open_sitting(conference=conference, by=house.gm, now=house.now())
    first = conference.hearings.order_by("position")[0]
    conferences.open_hearing(hearing=first, by=house.gm, now=house.now())
    return conference


def _motion(
    house: _House,
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
    motion = motions.draft_motion(
        conference=conference,
        complaint=complaint,
        sponsor=conference.seats.get(power__slug=sponsor) if sponsor else None,
        title=title,
        finding=finding,
        clauses=clauses,
        by=by,
        now=house.now(),
    )
    return motions.submit_motion(motion=motion, by=by, now=house.now())


def _vote(house: _House, motion: Motion, choices: sittings.Ballots) -> None:
    """Open the vote on a motion and cast these ballots, each by the one who speaks for the seat."""
    ballots.open_vote(motion=motion, by=house.gm, now=house.now())
    for power, choice in choices:
        seat = motion.conference.seats.get(power__slug=power)
        by = house.people[sittings.SPEAKERS.get(power, "gm")]
        ballots.cast(motion=motion, seat=seat, choice=choice, by=by, now=house.now())
