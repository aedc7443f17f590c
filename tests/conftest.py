"""The named cast: who sits at the table, and a browser's client for each of them.

`campaign` brings everybody to the table; a person asked for without it is somebody with an account and no campaign.
"""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

from khitomer.models import Campaign, Power, User
from tests import factories
from tests.world import Table, lay_table


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


@pytest.fixture(scope="module")
def table(django_db_setup, django_db_blocker) -> Iterator[Table]:
    """The rich campaign, laid once for a file that asks thousands of times: see `world.as_if_not_done`.

    Not to be mixed with `db` and what rests on it: those open a transaction of their own.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield lay_table()
        transaction.set_rollback(True)


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
