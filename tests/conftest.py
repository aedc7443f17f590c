"""The named cast: who sits at the table, and a browser's client for each of them.

`campaign` brings everybody to the table; a person asked for without it is somebody with an account and no campaign.
"""

import pytest
from django.test import Client

from khitomer.models import Campaign, Power, Role, User
from tests import factories


@pytest.fixture
def gm(db) -> User:
    return factories.make_user("gm", "Miriam")


@pytest.fixture
def co_gm(db) -> User:
    return factories.make_user("co_gm", "Colm")


@pytest.fixture
def federation_player(db) -> User:
    return factories.make_user("federation", "Fiona")


@pytest.fixture
def klingon_player(db) -> User:
    return factories.make_user("klingon", "Kofi")


@pytest.fixture
def romulan_player(db) -> User:
    return factories.make_user("romulan", "Rosa")


@pytest.fixture
def observer(db) -> User:
    return factories.make_user("observer", "Olga")


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
    powers = {power.slug: power for power in campaign.powers.all()}
    factories.join(campaign, gm, Role.GM)
    factories.join(campaign, co_gm, Role.CO_GM)
    for player in (federation_player, klingon_player, romulan_player):
        factories.join(campaign, player, Role.PLAYER, powers[player.username])
    factories.join(campaign, observer, Role.OBSERVER)
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
