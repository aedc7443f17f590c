"""Brings the Long Peace about, day by day, through the actions that people use.

All of it is one transaction: a house has the whole campaign, or none of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import transaction

from diplomacy.actions import ballots, charters, complaints, compliance, resolutions
from diplomacy.actions.publishing import publish_minutes
from diplomacy.actions.sittings import close_sitting
from diplomacy.demo import archive, docket, fuller, powers, sittings, story, table
from diplomacy.demo.debate import deliberate, talk
from diplomacy.demo.house import (
    House,
    admit,
    begin,
    draft,
    end,
    file,
    motion,
    put_inside,
    sit,
    vote,
    write_page,
)
from khitomer import demo
from khitomer.actions import campaigns, kinds, users
from khitomer.errors import Refused
from khitomer.models import Campaign, Power, Role
from khitomer.rules import changes

_OPENED = 28  # days ago


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


def _open(now: datetime) -> House:
    """Accounts, the campaign, and who sits for whom."""
    people = {
        each.username: users.sign_up(username=each.username, name=each.name, password=demo.PASSWORD)
        for each in demo.ACCOUNTS
    }
    house = House(people=people, loaded_at=now, hour=now - timedelta(days=_OPENED))
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


def _let_in(house: House, username: str, role: Role, power: Power | None) -> None:
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


def _fill(house: House) -> None:
    """The powers beyond canon, the law between them, and the clocks."""
    house.change(*powers.POWERS, why="The powers of this campaign")
    house.change(
        *powers.ADHERENCE, *powers.RESERVATIONS, why="Who has signed since 2368, as this campaign has it"
    )
    house.change(*powers.STANDINGS, why="How they stand as the campaign opens")
    house.change(*story.BEFORE, why="What had happened before the first evening")
    house.change(*story.CLOCKS)
    table.draw_the_map(house)


# The story


def _autumn(house: House) -> None:
    """The convoy, and the first evening: a finding against a founder."""
    house.days_ago(25)
    house.day("2378-10-23")
    house.change(story.CONVOY)
    house.day("2378-11-06")
    halvet = file(house, docket.HALVET)
    house.day("2378-11-08")
    admit(house, halvet, docket.BOTH_BOUND)
    house.day("2378-11-27")
    house.change(powers.use_of_tricobalt(powers.FEDERATION, "2378-11-27", "A derelict in the Tessaly Reach"))
    house.days_ago(21)
    house.day("2378-12-12")
    session = begin(house, story.FORTY_ONE)
    sitting = sit(house, sittings.FIRST_NAME, fuller.WATCHED, session, [halvet])
    found = motion(
        house, sitting, sittings.HALVET_TITLE, sittings.HALVET, "breach", halvet, powers.FEDERATION
    )
    vote(house, found, sittings.HALVET_BALLOTS)
    ballots.close(motion=found, by=house.gm, now=house.now())
    resolution = house.campaign.resolutions.get(motion=found)
    resolutions.enact(resolution=resolution, by=house.gm, now=house.now())
    close_sitting(conference=sitting, by=house.gm, now=house.now())
    publish_minutes(conference=sitting, by=house.gm, now=house.now())
    end(house, session, story.FORTY_ONE)


def _winter(house: House) -> None:
    """Between the evenings: what was withdrawn, what could not be heard, and what was found."""
    house.days_ago(14)
    house.day("2378-12-16")
    house.change(story.RAIDERS)
    house.day("2378-12-20")
    salvage = file(house, docket.SALVAGE)
    house.day("2378-12-28")
    tarsal = file(house, docket.TARSAL)
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
    marrak = file(house, docket.MARRAK)
    house.day("2379-01-29")
    admit(house, marrak, docket.MARRAK_GOES_ON)
    register = house.campaign.resolutions.get().obligations.get(power=house.power(powers.BAJOR))
    compliance.find(obligation=register, met=True, reason=fuller.REGISTER_KEPT, by=house.gm, now=house.now())
    house.day("2379-02-08")
    house.change(
        story.ARDENT,
        powers.use_of_tricobalt(powers.FEDERATION, "2379-02-08", "A reactor in the Tessaly Reach"),
    )
    house.day("2379-02-12")
    tessaly = file(house, docket.TESSALY)
    house.day("2379-02-19")
    admit(house, tessaly, docket.FOUR_IS_WIDESPREAD)


def _march(house: House) -> None:
    """The last weeks, and the second evening, with the vote open."""
    house.days_ago(5)
    house.day("2379-02-20")
    house.change(story.WRECK)
    house.day("2379-02-27")
    file(house, docket.CALDERS_REST)
    house.day("2379-03-02")
    one, several = archive.INCIDENT
    asks = [("", label, sort) for label, sort in archive.INCIDENT_ASKS]
    kinds.add_kind(
        campaign=house.campaign, name=one, plural=several, fields=asks, by=house.gm, now=house.now()
    )
    for page in archive.PAGES:
        write_page(house, page)
    for page in archive.PAGES:
        if page.inside:
            put_inside(house, page)
    house.change(story.GUEST, changes.TickClock(clock="heirs", by=1))
    house.day("2379-03-09")
    brokers = file(house, docket.BROKERS)
    house.change(story.SECRETARY)
    house.day("2379-03-11")
    complaints.return_complaint(
        complaint=brokers, reason=docket.RETURNED_BECAUSE, by=house.gm, now=house.now()
    )
    draft(house, docket.OWN_BLAST)
    charters.turn_treaty(
        treaty=house.campaign.treaties.get(slug=powers.ACCORDS),
        knobs=fuller.TREATY_RULE,
        by=house.gm,
        now=house.now(),
    )
    house.day("2379-03-12")
    talk(house)
    deliberate(house)
    home = house.campaign.resolutions.get().obligations.get(power=house.power(powers.KLINGON))
    compliance.report(obligation=home, text=fuller.REPORT, by=house.people["klingon"], now=house.now())
    house.days_ago(0)
    house.day(str(story.TODAY))
    marrak, tessaly = (house.campaign.complaints.get(number=number) for number in (4, 5))
    session = begin(house, story.WAY_OUT)
    table.lay(house, session)
    sitting = sit(house, sittings.SECOND_NAME, sittings.SECOND_RULE, session, [marrak, tessaly])
    lane = motion(house, sitting, sittings.MARRAK_TITLE, sittings.MARRAK, "breach", marrak)
    motion(house, sitting, sittings.REGISTER_TITLE, sittings.REGISTER, "", None, powers.ROMULAN)
    vote(house, lane, sittings.MARRAK_BALLOTS)
