"""A campaign opens from canon, lets people in and out, and decides what becomes of canon ahead."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diplomacy.models import Conference, Seat
from khitomer.actions import campaigns, chronicle
from khitomer.errors import Refused
from khitomer.models import (
    Activity,
    Adherence,
    Campaign,
    Change,
    Future,
    FutureState,
    Invitation,
    Membership,
    Provision,
    Role,
    User,
)
from khitomer.rules import canon
from khitomer.rules import changes as rules
from khitomer.rules.dates import StoryDate

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 5, 1, 19, 30, tzinfo=datetime.UTC)
WEEK = datetime.timedelta(days=7)
FIRST, SECOND = "first-khitomer-accords", "second-khitomer-accords"
EMPIRE, FEDERATION = "klingon-empire", "united-federation-of-planets"


def person(name: str) -> User:
    return User.objects.create(username=name, email=f"{name}@example.org", name=name.title())


@pytest.fixture
def gm() -> User:
    return person("gm")


def opened(gm: User, starts: str, **given: Any) -> Campaign:
    given.setdefault("name", "The Long Peace")
    return campaigns.open_campaign(starts=StoryDate.parse(starts), by=gm, now=NOW, **given)


@pytest.fixture
def campaign(gm: User) -> Campaign:
    return opened(gm, "2379-01-01")


def spans(campaign: Campaign) -> set[tuple[str, str, str, str]]:
    rows = Adherence.objects.filter(treaty__campaign=campaign).select_related("treaty", "power")
    return {(row.treaty.slug, row.power.slug, str(row.entered), str(row.left or "")) for row in rows}


# Opening


def test_a_campaign_opens_with_its_gm_and_an_empty_ledger(gm: User) -> None:
    campaign = opened(gm, "2379-01-01", summary="Six years on.")

    assert (campaign.slug, campaign.summary, campaign.created_at) == ("the-long-peace", "Six years on.", NOW)
    assert campaign.starts == campaign.today == StoryDate(2379, 1, 1)
    membership = campaign.memberships.get()
    assert (membership.user, membership.role, membership.joined_at) == (gm, Role.GM, NOW)
    assert not Change.objects.exists()


def test_canon_of_the_past_is_copied_with_its_keys(campaign: Campaign) -> None:
    record = canon.load()

    assert {row.canon_key for row in campaign.powers.all()} == {power.key for power in record.powers}
    assert {row.canon_key for row in campaign.treaties.all()} == {FIRST, SECOND}
    assert Provision.objects.filter(treaty__campaign=campaign).count() == 7
    assert {row.canon_key for row in campaign.events.all()} == {event.key for event in record.events}
    archive = (*record.people, *record.places, *record.vessels, *record.organisations)
    assert {row.canon_key for row in campaign.entries.all()} == {entry.key for entry in archive}
    for rows in (campaign.events, campaign.entries):
        assert {row.audience for row in rows.all()} == {"all"}
    assert not campaign.futures.exists()


def test_adherence_in_2379_is_the_whole_record(campaign: Campaign) -> None:
    assert spans(campaign) == {
        (FIRST, EMPIRE, "2293", "2372"),
        (FIRST, EMPIRE, "2373", ""),
        (FIRST, FEDERATION, "2293", ""),
        (SECOND, EMPIRE, "2368", "2372"),
        (SECOND, EMPIRE, "2373", ""),
        (SECOND, FEDERATION, "2368", ""),
    }
    assert not Adherence.objects.filter(canon_key="").exists()


def test_the_second_accords_have_their_forum_and_their_exemption(campaign: Campaign) -> None:
    first, second = campaign.treaties.order_by("signed")
    exempt = second.provisions.get(number=1)

    assert (first.numeral, first.has_forum, second.numeral, second.has_forum) == ("I", False, "II", True)
    assert exempt.label == "II·1"
    assert exempt.exemption_limit is not None and exempt.exemption_window_days is not None
    assert "tri-cobalt" in exempt.exemption
    assert exempt.text_html.startswith("<p>")


def test_the_cardassians_are_one_power_with_their_alias(campaign: Campaign) -> None:
    (union,) = campaign.powers.filter(name__startswith="Cardassian")

    assert "Cardassian Empire" in union.aliases


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        ("2290", set()),
        ("2294", {(FIRST, EMPIRE, "2293", ""), (FIRST, FEDERATION, "2293", "")}),
        # In the year of the withdrawal it is not certain yet: the span is open, the leaving waits.
        ("2372", {
            (FIRST, EMPIRE, "2293", ""), (FIRST, FEDERATION, "2293", ""),
            (SECOND, EMPIRE, "2368", ""), (SECOND, FEDERATION, "2368", ""),
        }),
        ("2373", {
            (FIRST, EMPIRE, "2293", "2372"), (FIRST, FEDERATION, "2293", ""),
            (SECOND, EMPIRE, "2368", "2372"), (SECOND, FEDERATION, "2368", ""),
        }),
    ],
)  # fmt: skip
def test_adherence_stands_as_on_the_start_date(gm: User, starts: str, expected: set[Any]) -> None:
    assert spans(opened(gm, starts)) == expected


def test_opening_takes_few_queries_on_any_date(gm: User) -> None:
    canon.load()
    counts = []
    for number, starts in enumerate(("2290", "2379")):
        with CaptureQueriesContext(connection) as queries:
            opened(gm, starts, name=f"Campaign {number}")
        counts.append(len(queries))

    assert max(counts) <= 20


def test_equal_names_get_addresses_of_their_own(gm: User) -> None:
    slugs = [opened(gm, "2379").slug for _ in range(3)]

    assert slugs == ["the-long-peace", "the-long-peace-2", "the-long-peace-3"]


def test_an_address_taken_in_a_race_is_passed_over(gm: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both looked, both saw it free: the second to write finds out from the database."""
    opened(gm, "2379")
    save = Campaign.save
    tried: list[str] = []

    def saving(self: Campaign, **given: Any) -> None:
        tried.append(self.slug)
        if len(tried) == 1:
            self.slug = "the-long-peace"  # as if the look before it had been too early
        save(self, **given)

    monkeypatch.setattr(Campaign, "save", saving)

    assert opened(gm, "2379", name="Long War").slug == "long-war-2"
    assert tried == ["long-war", "long-war-2"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "N" * 81}, "name"),
        ({"summary": "S" * 201}, "summary"),
        ({"slug": "the-long-peace"}, "slug"),
    ],
)
def test_an_opening_that_will_not_do_is_refused(gm: User, given: dict[str, str], field: str) -> None:
    opened(gm, "2379")

    with pytest.raises(Refused) as refusal:
        opened(gm, "2379", **given)

    assert refusal.value.field == field
    assert Campaign.objects.count() == 1


def test_a_name_in_another_script_still_has_an_address(gm: User) -> None:
    assert opened(gm, "2379", name="平和").slug == "campaign"


# Canon ahead


@pytest.mark.parametrize("starts", ["2290", "2293", "2344", "2370", "2372-07", "2373"])
def test_enacting_all_of_canon_ahead_arrives_at_canon(gm: User, campaign: Campaign, starts: str) -> None:
    other = opened(gm, starts, name="From the beginning")
    for future in other.futures.all():
        campaigns.enact_future(future=future, by=gm, now=NOW, token=f"f{future.pk}")

    assert spans(other) == spans(campaign)
    for area in ("treaties", "events", "entries"):
        expected = set(getattr(campaign, area).values_list("canon_key", flat=True))
        assert set(getattr(other, area).values_list("canon_key", flat=True)) == expected
    assert set(other.events.values_list("canon_key", "until")) == set(
        campaign.events.values_list("canon_key", "until")
    )
    assert set(other.entries.values_list("canon_key", "fate")) == set(
        campaign.entries.values_list("canon_key", "fate")
    )
    assert not other.futures.exclude(state=FutureState.ENACTED).exists()


@pytest.fixture
def withdrawal(gm: User) -> Future:
    campaign = opened(gm, "2372", name="The Eve")
    return campaign.futures.get(canon_key="klingon-withdrawal")


def test_an_event_brings_about_what_it_causes_in_one_decision(withdrawal: Future, gm: User) -> None:
    rows = campaigns.enact_future(future=withdrawal, by=gm, now=NOW, token="t")

    assert [row.kind for row in rows] == ["settle future", "add event", "leave treaty", "leave treaty"]
    assert {row.story_date for row in rows} == {StoryDate(2372)}
    assert (FIRST, EMPIRE, "2293", "2372") in spans(withdrawal.campaign)
    assert withdrawal.state == FutureState.ENACTED


def test_a_future_enacted_undone_and_enacted_again(withdrawal: Future, gm: User) -> None:
    campaigns.enact_future(future=withdrawal, by=gm, now=NOW, token="t1")
    chronicle.undo(campaign=withdrawal.campaign, source="future:t1", by=gm, why="", now=NOW)
    withdrawal.refresh_from_db()
    assert withdrawal.state == FutureState.AHEAD
    assert (FIRST, EMPIRE, "2293", "") in spans(withdrawal.campaign)

    campaigns.enact_future(future=withdrawal, by=gm, now=NOW, token="t2")

    assert withdrawal.state == FutureState.ENACTED
    assert (SECOND, EMPIRE, "2368", "2372") in spans(withdrawal.campaign)


def test_a_settled_future_is_not_settled_again(withdrawal: Future, gm: User) -> None:
    campaigns.avert_future(future=withdrawal, by=gm, now=NOW, token="t1")

    with pytest.raises(Refused, match="is settled: averted"):
        campaigns.enact_future(future=withdrawal, by=gm, now=NOW, token="t2")

    assert not withdrawal.campaign.events.filter(slug="klingon-withdrawal").exists()


def test_a_future_may_turn_out_otherwise(withdrawal: Future, gm: User) -> None:
    instead = rules.LeaveTreaty(treaty=SECOND, power=FEDERATION, on=StoryDate(2372, 5))

    rows = campaigns.alter_future(future=withdrawal, changes=[instead], by=gm, now=NOW, token="t")

    assert [row.kind for row in rows] == ["settle future", "leave treaty"]
    assert withdrawal.state == FutureState.ALTERED
    assert (SECOND, FEDERATION, "2368", "2372-05") in spans(withdrawal.campaign)


def test_a_future_before_what_it_rests_on_is_refused_and_stays_ahead(gm: User) -> None:
    campaign = opened(gm, "2290")
    withdrawal = campaign.futures.get(canon_key="klingon-withdrawal")

    with pytest.raises(Refused, match=f"This campaign has no treaty “{FIRST}”"):
        campaigns.enact_future(future=withdrawal, by=gm, now=NOW, token="t")

    withdrawal.refresh_from_db()
    assert withdrawal.state == FutureState.AHEAD
    assert not campaign.events.exists()


def test_whom_a_later_event_brings_in_joins_the_archive_then(gm: User) -> None:
    campaign = opened(gm, "2294")
    assert not campaign.entries.filter(canon_key="gowron").exists()
    for future in campaign.futures.filter(on__lte="2372"):
        campaigns.enact_future(future=future, by=gm, now=NOW, token=f"f{future.pk}")

    assert campaign.entries.get(canon_key="gowron").audience == "all"


# Invitations


def invited(campaign: Campaign, gm: User, **given: Any) -> tuple[Invitation, str]:
    given = {"role": Role.OBSERVER, "power": None, "expires_at": NOW + WEEK, "max_uses": 1, **given}
    return campaigns.invite(campaign=campaign, by=gm, now=NOW, **given)


def test_an_invitation_keeps_only_a_hash_of_its_token(campaign: Campaign, gm: User) -> None:
    invitation, token = invited(campaign, gm)

    assert len(token) >= 43  # 256 random bits
    assert token not in str(Invitation.objects.values().get())
    assert campaigns.find_invitation(token, NOW) == invitation
    assert campaigns.find_invitation(f"{token}x", NOW) is None


def test_accepting_makes_a_member_and_spends_a_use(campaign: Campaign, gm: User) -> None:
    empire = campaign.powers.get(slug=EMPIRE)
    invitation, token = invited(campaign, gm, role=Role.PLAYER, power=empire)
    worf = person("worf")

    membership = campaigns.accept(token=token, user=worf, now=NOW)

    assert (membership.user, membership.role, membership.power) == (worf, Role.PLAYER, empire)
    invitation.refresh_from_db()
    assert invitation.uses == 1
    assert Activity.objects.get(kind="joined").campaign == campaign


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"revoked_at": NOW}, "was withdrawn"),
        ({"expires_at": NOW}, "expired on 1 May 2026"),
        ({"uses": 1}, "used up"),
    ],
)
def test_an_invitation_that_serves_no_more_says_why(
    campaign: Campaign, gm: User, change: dict[str, Any], reason: str
) -> None:
    invitation, token = invited(campaign, gm)
    Invitation.objects.filter(pk=invitation.pk).update(**change)

    with pytest.raises(Refused, match=reason):
        campaigns.find_invitation(token, NOW)
    with pytest.raises(Refused, match=reason):
        campaigns.accept(token=token, user=person("worf"), now=NOW)

    assert campaign.memberships.count() == 1


def test_a_member_who_accepts_again_spends_no_use(campaign: Campaign, gm: User) -> None:
    invitation, token = invited(campaign, gm, max_uses=2)
    worf = person("worf")
    campaigns.accept(token=token, user=worf, now=NOW)

    with pytest.raises(Refused, match="You are a member of The Long Peace already"):
        campaigns.accept(token=token, user=worf, now=NOW)

    invitation.refresh_from_db()
    assert invitation.uses == 1


def test_an_invitation_lets_in_as_many_as_it_says(campaign: Campaign, gm: User) -> None:
    _, token = invited(campaign, gm, max_uses=2)
    for name in ("ezri", "worf"):
        campaigns.accept(token=token, user=person(name), now=NOW)

    with pytest.raises(Refused, match="used up"):
        campaigns.accept(token=token, user=person("quark"), now=NOW)

    assert campaign.memberships.count() == 3


def test_an_unknown_token_lets_nobody_in(gm: User) -> None:
    with pytest.raises(Refused, match="no such invitation"):
        campaigns.accept(token="guess", user=gm, now=NOW)


def test_revoking_twice_keeps_the_first_time(campaign: Campaign, gm: User) -> None:
    invitation, token = invited(campaign, gm)
    campaigns.revoke(invitation=invitation, by=gm, now=NOW)
    campaigns.revoke(invitation=invitation, by=gm, now=NOW + WEEK)

    assert invitation.revoked_at == NOW
    with pytest.raises(Refused, match="was withdrawn"):
        campaigns.find_invitation(token, NOW)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"role": Role.GM}, "role"),
        ({"role": Role.PLAYER}, "power"),
        ({"expires_at": NOW}, "expires_at"),
        ({"max_uses": 0}, "max_uses"),
        ({"max_uses": 51}, "max_uses"),
    ],
)
def test_an_invitation_that_will_not_do_is_refused(
    campaign: Campaign, gm: User, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        invited(campaign, gm, **given)

    assert refusal.value.field == field
    assert not Invitation.objects.exists()


def test_an_invitation_for_another_campaigns_power_is_refused(campaign: Campaign, gm: User) -> None:
    theirs = opened(gm, "2379").powers.get(slug=EMPIRE)

    with pytest.raises(Refused, match="of another campaign"):
        invited(campaign, gm, role=Role.PLAYER, power=theirs)


# Members


@pytest.fixture
def seat(campaign: Campaign, gm: User) -> Seat:
    empire = campaign.powers.get(slug=EMPIRE)
    worf = Membership.objects.create(
        campaign=campaign, user=person("worf"), role=Role.PLAYER, power=empire, joined_at=NOW
    )
    conference = Conference.objects.create(
        campaign=campaign, slug="ajilon", name="Ajilon", treaty=campaign.treaties.get(slug=SECOND), on="2379"
    )
    return Seat.objects.create(conference=conference, power=empire, delegate=worf)


def test_a_removed_members_seat_falls_to_the_gm(seat: Seat, gm: User) -> None:
    assert seat.delegate is not None
    campaigns.remove_member(membership=seat.delegate, by=gm, now=NOW)

    seat.refresh_from_db()
    assert seat.delegate is None
    assert not Membership.objects.filter(user__username="worf").exists()


def test_who_speaks_for_another_power_leaves_the_seat(campaign: Campaign, seat: Seat, gm: User) -> None:
    assert seat.delegate is not None
    federation = campaign.powers.get(slug=FEDERATION)

    changed = campaigns.change_member(
        membership=seat.delegate, role=Role.PLAYER, power=federation, by=gm, now=NOW + WEEK
    )

    seat.refresh_from_db()
    assert seat.delegate is None
    assert (changed.user.username, changed.power, changed.joined_at) == ("worf", federation, NOW)


def test_the_gm_stays_the_gm(campaign: Campaign, gm: User) -> None:
    own = campaign.memberships.get(user=gm)
    other = Membership.objects.create(campaign=campaign, user=person("q"), role=Role.OBSERVER, joined_at=NOW)

    with pytest.raises(Refused, match="cannot be removed"):
        campaigns.remove_member(membership=own, by=gm, now=NOW)
    with pytest.raises(Refused, match="cannot be changed"):
        campaigns.change_member(membership=own, role=Role.OBSERVER, power=None, by=gm, now=NOW)
    with pytest.raises(Refused, match="has one GM"):
        campaigns.change_member(membership=other, role=Role.GM, power=None, by=gm, now=NOW)

    own.refresh_from_db()
    assert own.role == Role.GM


# Territory and zones


def test_the_archanis_sector_is_the_federations_from_before_the_record(campaign: Campaign) -> None:
    sector = campaign.territories.get()
    held = sector.holdings.get()

    assert (sector.slug, sector.name, sector.canon_key) == (
        "archanis-sector",
        "Archanis Sector",
        "archanis-sector",
    )
    assert held.power is not None and held.power.slug == FEDERATION
    assert (held.entered, held.left) == (None, None)  # the record gives no day, and none is made up
    assert "s1" in canon.load().find(sector.canon_key).sources


@pytest.mark.parametrize(("starts", "abolished"), [("2293", None), ("2294", "2293"), ("2379", "2293")])
def test_the_klingon_neutral_zone_is_abolished_in_2293(gm: User, starts: str, abolished: str | None) -> None:
    zone = opened(gm, starts).zones.get()

    assert (zone.slug, zone.established) == ("klingon-neutral-zone", None)
    assert {power.slug for power in zone.powers.all()} == {EMPIRE, FEDERATION}
    assert str(zone.abolished or "") == (abolished or "")


def test_the_conference_of_2293_abolishes_the_zone_when_it_is_enacted(gm: User) -> None:
    campaign = opened(gm, "2293")
    planned = [rules.from_json(change) for future in campaign.futures.all() for change in future.changes]

    assert rules.AbolishZone(zone="klingon-neutral-zone", on=StoryDate(2293)) in planned

    first = campaign.futures.get(canon_key="first-khitomer-conference")
    chronicle.apply(
        campaign=campaign,
        changes=[rules.AbolishZone(zone="klingon-neutral-zone", on=StoryDate(2293))],
        by=gm,
        why="",
        source=f"future:{first.canon_key}",
        now=NOW,
    )
    assert str(campaign.zones.get().abolished) == "2293"


# What canon tells of later days


def test_nothing_is_told_as_done_that_lies_ahead(gm: User) -> None:
    early, late = opened(gm, "2293", name="Early"), opened(gm, "2379", name="Late")
    empire = [each.powers.get(canon_key=EMPIRE) for each in (early, late)]

    assert (
        [bool(each.summary) for each in empire]
        == [bool(each.summary_html) for each in empire]
        == [False, True]
    )
    assert not early.territories.get(canon_key="archanis-sector").note
    assert not early.zones.get(canon_key="klingon-neutral-zone").note
    assert late.zones.get(canon_key="klingon-neutral-zone").note


@pytest.mark.parametrize("year", sorted({event.date.year for event in canon.load().events}))
def test_no_text_of_an_opening_names_a_later_year(gm: User, year: int) -> None:
    campaign = opened(gm, str(year))
    texts = [
        *campaign.powers.values_list("slug", "summary"),
        *campaign.entries.values_list("slug", "text"),
        *campaign.territories.values_list("slug", "note"),
        *campaign.zones.values_list("slug", "note"),
    ]
    later = [
        (slug, named)
        for slug, text in texts
        for named in re.findall(r"\b2[0-9]{3}\b", text)
        if int(named) > year
    ]
    assert not later


def test_whom_a_later_event_brings_in_is_told_as_of_that_day(gm: User) -> None:
    campaign = opened(gm, "2294")
    for future in campaign.futures.filter(on__lte="2372"):
        campaigns.enact_future(future=future, by=gm, now=NOW, token=f"f{future.pk}")
    assert campaign.entries.get(canon_key="gowron").text == ""  # of 2372, and it goes on to 2373


def test_what_lies_ahead_is_the_gms_to_read_as_canon(gm: User, client: Client) -> None:
    early = opened(gm, "2293", name="Early")
    player = person("player")
    Membership.objects.create(campaign=early, user=player, role=Role.OBSERVER, joined_at=NOW)
    for who, sees in ((gm, True), (player, False)):
        client.force_login(who)
        power = client.get(f"/c/early/powers/{EMPIRE}/").content.decode()
        places = client.get("/c/early/territory/").content.decode()
        entry = client.get("/c/early/archive/cardassia-prime/").content.decode()
        assert ("Gowron" in power) is sees and ("given up in 2293" in places) is sees
        assert ("at the price of the Accords" in entry) is sees
