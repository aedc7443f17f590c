"""The pack of a conference: everything for the chair, and for each player what is theirs and nothing else."""

import pytest
from django.urls import reverse

from diplomacy.sheets.packs import conference_pack
from khitomer.actions import packs as actions
from khitomer.models import Pack, PackState
from khitomer.sheets import packs
from khitomer.sheets.copies import copy_for
from tests import factories
from tests.diplomacy.sheet_house import lay, make, show
from tests.khitomer.sheets_drawn import read, words_of

pytestmark = pytest.mark.django_db

SECRETS = {"federation": "the lantern over Rura Penthe", "klingon": "the ninth drawer of the High Council"}


@pytest.fixture
def house(campaign, gm):
    """The sitting of Ajilon, with a brief for two of its delegations."""
    house = lay(campaign)
    for slug, secret in SECRETS.items():
        power = getattr(house, slug)
        text = f"Say nothing of {secret}."
        make(house, "brief", gm, text=text, told=[power], conference=house.meeting, power=power)
    return house


@pytest.fixture
def asked(monkeypatch):
    """Packs are made where they are asked for, and not beside it."""
    monkeypatch.setattr("diplomacy.views.packs.start", packs.make)


def address(house):
    return reverse("conference-pack", args=[house.campaign.slug, house.meeting.slug])


def titles(viewer, house, token):
    occasion = conference_pack(copy_for(viewer, token), house.meeting.slug)
    return [part.title for part in occasion.parts]


def words(client, pack):
    answer = client.get(reverse("pack-pdf", args=["long-peace", pack.token]))
    assert answer.status_code == 200
    return words_of(read(answer.content))


def test_the_chairs_has_everything_and_everybodys_brief(house, gm):
    found = titles(factories.viewer_of(house.campaign, gm), house, "gm")
    assert found[0] == "Order of the day"
    assert {"Roll-call sheet", "Placards"} <= set(found)
    assert [title for title in found if title.startswith("Ballots")] == [
        f"Ballots on motion {house.finding.number}",
        f"Ballots on motion {house.alone.number}",
    ]
    assert sum(title.startswith("Delegation's brief") for title in found) == 2
    assert sum(title.startswith("No. ") for title in found) == 2


def test_a_players_has_their_own_brief_once_it_was_shown_and_no_ballots(house, gm, klingon_player):
    viewer = factories.viewer_of(house.campaign, klingon_player)
    assert not any(title.startswith("Delegation's brief") for title in titles(viewer, house, ""))
    for brief in house.campaign.handouts.filter(kind="brief"):
        show(brief, gm, *brief.meant_powers.all())
    found = titles(viewer, house, "")
    assert sum(title.startswith("Delegation's brief") for title in found) == 1
    assert not any(title.startswith(("Ballots", "Roll", "Placards")) for title in found)


@pytest.mark.pdf
def test_in_one_press_a_pack_for_each_with_no_word_of_anothers(house, as_gm, gm, asked):
    page = as_gm.get(address(house)).content.decode()
    tokens = [f"person:{seat.delegate_id}" for seat in house.meeting.seats.exclude(delegate=None)]
    assert len(tokens) == 3 and all(f'value="{token}"' in page for token in tokens)
    answer = as_gm.post(
        address(house), {"for": ["gm", *tokens], "asked": ["paper"], "paper": "letter", "token": "t"}
    )
    assert answer.url == reverse("packs", args=["long-peace"])
    made = {pack.eyes: pack for pack in Pack.objects.all()}
    assert {pack.state for pack in made.values()} == {PackState.DONE} and len(made) == 4
    chairs = words(as_gm, made["gm"])
    assert all(secret in chairs for secret in SECRETS.values())
    for seat in house.meeting.seats.exclude(delegate=None).select_related("power"):
        theirs = words(as_gm, made[f"person:{seat.delegate_id}"])
        for slug, secret in SECRETS.items():
            assert (secret in theirs) == (slug == seat.power.slug)
        assert "Quietly partition Archanis" not in theirs


@pytest.mark.pdf
def test_a_player_has_one_made_for_themselves(house, gm, as_klingon, as_gm, asked):
    for brief in house.campaign.handouts.filter(kind="brief"):
        show(brief, gm, *brief.meant_powers.all())
    assert as_klingon.post(address(house), {"for": ["gm"], "asked": [], "token": "t"}).status_code == 302
    pack = Pack.objects.get()
    assert (pack.eyes, pack.state) == ("", PackState.DONE)
    assert SECRETS["klingon"] in words(as_klingon, pack) and SECRETS["federation"] not in words(
        as_klingon, pack
    )


def test_sent_twice_it_is_made_once_and_a_delegate_of_two_seats_has_one(house, as_gm, gm, monkeypatch):
    monkeypatch.setattr("diplomacy.views.packs.start", lambda pack: None)
    member = house.campaign.memberships.get(power=house.klingon)
    house.meeting.seats.filter(power=house.cardassian).update(delegate=member)
    tokens = ["gm", f"person:{member.pk}"]
    for _ in range(2):
        assert (
            as_gm.post(address(house), {"for": tokens, "asked": [], "token": "one form"}).status_code == 302
        )
    assert sorted(Pack.objects.values_list("eyes", flat=True)) == sorted(tokens)


def test_nobody_ticked_is_asked_again(house, as_gm):
    answer = as_gm.post(address(house), {"asked": ["paper"], "paper": "a4", "token": "t"})
    assert answer.status_code == 422 and "choose whose packs are made" in answer.content.decode()
    assert not Pack.objects.exists()


def test_a_conference_that_is_gone_is_said(house, gm):
    (pack,) = actions.ask(
        by=house.campaign.memberships.get(user=gm),
        sort="conference",
        refers="no-such-conference",
        wanted=[actions.Wanted("The pack", "gm")],
        press=packs.Press(),
        now=factories.NOW,
    )
    packs.make(pack)
    pack.refresh_from_db()
    assert pack.state == PackState.FAILED and "no such conference" in pack.reason
