"""Many at once: the ledger, an undo and an invitation each take effect as often as they may, and no more."""

from __future__ import annotations

import datetime

import pytest

from khitomer.actions import campaigns, chronicle
from khitomer.errors import Refused
from khitomer.models import Campaign, Change, Invitation, Membership, Role, User
from khitomer.rules.changes import ChangeStanding
from khitomer.rules.dates import StoryDate
from tests.crowd import CROWD, together

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime.datetime(2026, 5, 1, 19, 30, tzinfo=datetime.UTC)
EMPIRE, FEDERATION = "klingon-empire", "united-federation-of-planets"


@pytest.fixture
def gm() -> User:
    return User.objects.create(username="gm", name="Ada")


@pytest.fixture
def campaign(gm: User) -> Campaign:
    return campaigns.open_campaign(name="The Long Peace", starts=StoryDate(2379), by=gm, now=NOW)


def fall(campaign: Campaign, gm: User, source: str) -> list[int]:
    change = ChangeStanding(power=EMPIRE, other=FEDERATION, by=-1)
    rows = chronicle.apply(campaign=campaign, changes=[change], by=gm, why="", source=source, now=NOW)
    return [row.pk for row in rows]


def test_one_source_from_many_hands_is_one_change(campaign: Campaign, gm: User) -> None:
    got = together(lambda _: fall(campaign, gm, "resolution:1"))

    row = Change.objects.get()
    assert got == [[row.pk]] * CROWD
    assert chronicle.load_state(campaign).standing(EMPIRE, FEDERATION) == -1


def test_many_sources_queue_up_and_stop_at_the_end_of_the_scale(campaign: Campaign, gm: User) -> None:
    got = together(lambda number: fall(campaign, gm, f"resolution:{number}"))

    assert sum(isinstance(each, Refused) for each in got) == CROWD - 5
    assert sorted(Change.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5]
    assert chronicle.load_state(campaign).standing(EMPIRE, FEDERATION) == -5


def test_an_undo_from_many_hands_is_one_undo(campaign: Campaign, gm: User) -> None:
    fall(campaign, gm, "resolution:1")

    got = together(lambda _: chronicle.undo(campaign=campaign, source="resolution:1", by=gm, why="", now=NOW))

    assert sum(isinstance(each, Refused) for each in got) == CROWD - 1
    assert Change.objects.count() == 2
    assert chronicle.load_state(campaign).standing(EMPIRE, FEDERATION) == 0


def test_an_invitation_for_three_lets_in_three_of_many(campaign: Campaign, gm: User) -> None:
    _, token = campaigns.invite(
        campaign=campaign,
        role=Role.OBSERVER,
        expires_at=NOW + datetime.timedelta(days=1),
        max_uses=3,
        by=gm,
        now=NOW,
    )
    guests = [User.objects.create(username=f"guest-{number}", name="Guest") for number in range(CROWD)]

    got = together(lambda number: campaigns.accept(token=token, user=guests[number], now=NOW))

    refused = [str(each) for each in got if isinstance(each, Refused)]
    assert refused == ["This invitation has been used up. Ask the GM for another."] * (CROWD - 3)
    assert Membership.objects.filter(role=Role.OBSERVER).count() == 3
    assert Invitation.objects.get().uses == 3


def test_one_guest_with_many_clicks_spends_one_use(campaign: Campaign, gm: User) -> None:
    invitation, token = campaigns.invite(
        campaign=campaign,
        role=Role.OBSERVER,
        expires_at=NOW + datetime.timedelta(days=1),
        max_uses=5,
        by=gm,
        now=NOW,
    )
    guest = User.objects.create(username="guest", name="Guest")

    got = together(lambda _: campaigns.accept(token=token, user=guest, now=NOW))

    assert sum(isinstance(each, Membership) for each in got) == 1
    invitation.refresh_from_db()
    assert invitation.uses == 1


def test_campaigns_opened_at_once_under_one_name_get_addresses_of_their_own(gm: User) -> None:
    got = together(
        lambda _: campaigns.open_campaign(name="Twin", starts=StoryDate(2379), by=gm, now=NOW).slug, times=4
    )

    assert sorted(map(str, got)) == ["twin", "twin-2", "twin-3", "twin-4"]
