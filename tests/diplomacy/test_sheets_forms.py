"""How the handouts of the conference system are asked for, and where their forms are reached from."""

import pytest
from django.urls import reverse

from khitomer.models import Handout
from khitomer.sheets import GROUPS, KINDS
from tests import factories
from tests.diplomacy.sheet_house import lay


@pytest.fixture
def house(campaign):
    return lay(campaign)


def path(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def asked(house, kind):
    """The least that each form asks, by its field."""
    meeting = {"conference": house.meeting.pk}
    return {
        "order": meeting,
        "brief": {**meeting, "power": house.klingon.pk},
        "placards": {**meeting, "delegations": [house.klingon.pk], "crib": "on"},
        "ballots": {**meeting, "motion": house.alone.pk, "bearing": "blank"},
        "roll": meeting,
        "summons": {"complaint": house.first.pk},
        "resolution": {"resolution": factories.make_resolution(house.campaign).pk, "signatures": "on"},
    }[kind]


KEPT = {
    "order": {"hour": "", "chair": "", "note": ""},
    "placards": {"crib": True, "remark": ""},
    "roll": {"motion": None},
    "resolution": {"signatures": True},
}


@pytest.mark.parametrize("kind", ["order", "brief", "placards", "ballots", "roll", "summons", "resolution"])
def test_each_is_made_from_its_form_and_mended_there(house, as_gm, kind):
    given = {"title": "A sheet", "token": "one", **asked(house, kind)}
    answer = as_gm.post(path("handout-make", kind=kind), given)
    assert answer.status_code == 302
    made = Handout.objects.get()
    expected = {name: True if value == "on" else value for name, value in asked_again(given).items()}
    assert made.kind == kind and made.details == {**KEPT.get(kind, {}), **expected}
    assert made.meant == {"brief": "powers", "roll": "gm"}.get(kind, "all")
    assert as_gm.get(path("handout", handout=made.slug)).status_code == 200
    assert as_gm.get(path("handout-edit", handout=made.slug)).status_code == 200
    assert as_gm.get(path("handout-print", handout=made.slug)).status_code == 200


def asked_again(given):
    return {name: value for name, value in given.items() if name not in ("title", "token")}


def test_every_kind_stands_under_a_known_heading(house, as_gm):
    text = as_gm.get(path("handout-new")).content.decode()
    for key in ("order", "brief", "placards", "ballots", "roll", "summons", "resolution"):
        assert KINDS[key].group in GROUPS and path("handout-make", kind=key) in text


def test_what_an_address_gives_stands_in_the_form(house, as_gm):
    given = {"conference": house.meeting.pk, "title": "Order of the day"}
    text = as_gm.get(path("handout-make", kind="order"), given).content.decode()
    assert f'<option value="{house.meeting.pk}" selected>' in text and 'value="Order of the day"' in text


def test_a_motion_before_another_conference_is_no_choice(house, as_gm):
    other = factories.make_conference(house.campaign, 2, name="Elsewhere")
    given = {"title": "A sheet", "token": "one", "conference": other.pk, "motion": house.alone.pk}
    answer = as_gm.post(path("handout-make", kind="ballots"), given)
    assert "This motion is before The Ajilon conference, and not before Elsewhere." in answer.content.decode()
    assert not Handout.objects.exists()


def test_what_is_not_docketed_cannot_be_chosen(house, as_gm):
    draft = factories.make_complaint(house.campaign, "draft", title="Not filed yet")
    text = as_gm.get(path("handout-make", kind="summons")).content.decode()
    assert "Prisoners of Ajilon" in text and "Not filed yet" not in text
    given = {"title": "A sheet", "token": "one", "complaint": draft.pk}
    as_gm.post(path("handout-make", kind="summons"), given)
    assert not Handout.objects.exists()


def pages_of(house):
    resolution = factories.make_resolution(house.campaign)
    meeting = house.meeting.slug
    return [
        (path("conference", conference=meeting), ["order", "brief", "placards", "ballots", "roll"]),
        (path("motion", conference=meeting, number=house.alone.number), ["ballots", "roll"]),
        (path("complaint", number=house.first.number), ["summons"]),
        (path("resolution", number=resolution.number), ["resolution"]),
    ]


def test_the_gm_is_led_to_them_and_nobody_else(house, as_gm, as_klingon, as_observer):
    for page, kinds in pages_of(house):
        for client in (as_gm, as_klingon, as_observer):
            text = client.get(page).content.decode()
            for kind in kinds:
                assert (path("handout-make", kind=kind) in text) == (client is as_gm)
