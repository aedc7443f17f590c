"""The named cast: who sits at the table, and a browser's client for each of them.

`campaign` brings everybody to the table; a person asked for without it is somebody with an account and no campaign.
"""

import pytest
from django.test import Client
from hypothesis import settings as hypothesis_settings

from khitomer.models import Campaign, Power, User
from tests import factories
from tests.world import Table, lay_table

# A law is tried, not timed: a busy machine breaks none.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")


@pytest.fixture
def gm(db) -> User:
    return factories.make_user("gm", factories.CAST["gm"])


@pytest.fixture
def co_gm(db) -> User:
    return factories.make_user("co_gm", factories.CAST["co_gm"])


@pytest.fixture
def federation_player(db) -> User:
    return factories.make_user("federation", factories.CAST["federation"])


@pytest.fixture
def klingon_player(db) -> User:
    return factories.make_user("klingon", factories.CAST["klingon"])


@pytest.fixture
def romulan_player(db) -> User:
    return factories.make_user("romulan", factories.CAST["romulan"])


@pytest.fixture
def observer(db) -> User:
    return factories.make_user("observer", factories.CAST["observer"])


@pytest.fixture
def outsider(db) -> User:
    """Somebody with an account who belongs to no campaign."""
    return factories.make_user("outsider", "Otto")


@pytest.fixture
def campaign(gm, co_gm, federation_player, klingon_player, romulan_player, observer) -> Campaign:
    """Five powers at two treaties; three have a player, the Cardassians and the Ferengi are the GM's to play.

    Who was bound when, and how the powers stand, is told at `factories.small_campaign`.
    """
    campaign = factories.small_campaign()
    factories.seat_the_cast(
        campaign, [gm, co_gm, federation_player, klingon_player, romulan_player, observer]
    )
    return campaign


@pytest.fixture
def federation(campaign) -> Power:
    return campaign.powers.get(slug="federation")


@pytest.fixture
def klingon(campaign) -> Power:
    return campaign.powers.get(slug="klingon")


@pytest.fixture
def romulan(campaign) -> Power:
    return campaign.powers.get(slug="romulan")


@pytest.fixture
def cardassian(campaign) -> Power:
    return campaign.powers.get(slug="cardassian")


@pytest.fixture
def ferengi(campaign) -> Power:
    return campaign.powers.get(slug="ferengi")


@pytest.fixture
def table(db) -> Table:
    """The rich campaign of `world`, and a client for each role."""
    return lay_table()


@pytest.fixture
def as_anonymous(db) -> Client:
    return Client()


@pytest.fixture
def as_gm(campaign, gm) -> Client:
    return signed_in(gm)


@pytest.fixture
def as_co_gm(campaign, co_gm) -> Client:
    return signed_in(co_gm)


@pytest.fixture
def as_federation(campaign, federation_player) -> Client:
    return signed_in(federation_player)


@pytest.fixture
def as_klingon(campaign, klingon_player) -> Client:
    return signed_in(klingon_player)


@pytest.fixture
def as_romulan(campaign, romulan_player) -> Client:
    return signed_in(romulan_player)


@pytest.fixture
def as_observer(campaign, observer) -> Client:
    return signed_in(observer)


@pytest.fixture
def as_outsider(campaign, outsider) -> Client:
    return signed_in(outsider)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
