"""The powers' pages: who they are, what binds them, how they stand, and the GM's edits through the ledger."""

import pytest
from django.urls import reverse

from khitomer.drawing.emblems import EMBLEMS
from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

LIST_QUERIES = 12
PAGE_QUERIES = 15


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def new_power(**given):
    return {
        "token": "form-1",
        "name": "Breen Confederacy",
        "short": "bre",
        "adjective": "Breen",
        "aliases": "",
        "colour": "#5BC8C8",
        "emblem": "breen",
        "summary": "They keep their helmets *on*.",
        "why": "Met at Ajilon",
        **given,
    }


# The list


def test_the_list_names_who_sits_for_a_power_and_what_binds_it(campaign, as_klingon):
    page = as_klingon.get(url("powers")).content.decode()
    assert "Klingon Empire" in page and "Kofi" in page
    assert "The GM speaks for it" in page  # for the Ferengi
    assert "I bound" in page and "II bound" in page
    assert "Bound by nothing" in page


def test_the_list_of_an_empty_campaign_says_what_to_do(db):
    campaign = factories.make_campaign()
    gm = factories.make_user("solo")
    factories.join(campaign, gm, "gm")
    page = signed_in(gm).get(url("powers")).content.decode()
    assert "Add the first one" in page
    assert "A standing takes two powers." in page


def test_each_pair_leads_the_gm_and_nobody_else_to_its_standing(campaign, as_gm, as_klingon):
    address = url("standing-edit", power="cardassian", other="federation")
    assert address in as_gm.get(url("powers")).content.decode()
    assert "/standings/" not in as_klingon.get(url("powers")).content.decode()


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_takes_the_same_queries_for_any_number(campaign, as_gm, number, django_assert_num_queries):
    for power in factories.make_powers(campaign, number):
        factories.bind(campaign.treaties.get(numeral="II"), power, "2375")
        factories.join(campaign, factories.make_user(), "player", power)
    with django_assert_num_queries(LIST_QUERIES):
        as_gm.get(url("powers"))


@pytest.mark.parametrize("number", [1, 50])
def test_the_page_of_a_power_takes_the_same_queries_for_any_number(
    campaign, as_gm, federation, number, django_assert_num_queries
):
    for power in factories.make_powers(campaign, number):
        factories.make_standing(federation, power, 1)
    with django_assert_num_queries(PAGE_QUERIES):
        as_gm.get(url("power", power="federation"))


# One power


def test_a_power_shows_what_binds_it_today_and_why(campaign, as_federation):
    page = as_federation.get(url("power", power="klingon")).content.decode()
    assert "Returned in 2373 and is bound since." in page
    assert "−3" in page  # with the Romulans
    assert "Edit KLI" not in page


def test_a_power_that_is_not_there_is_missing(campaign, as_gm):
    assert as_gm.get(url("power", power="breen")).status_code == 404


# Adding


def test_the_gm_adds_a_power_through_the_ledger(campaign, as_gm):
    answer = as_gm.post(url("power-new"), new_power())
    assert answer.url == url("power", power="breen-confederacy")
    power = campaign.powers.get(slug="breen-confederacy")
    assert (power.short, power.colour, power.emblem) == ("BRE", "#5bc8c8", "breen")
    assert power.summary_html == "<p>They keep their helmets <em>on</em>.</p>\n"
    row = campaign.ledger.get()
    assert (row.kind, row.why) == ("add power", "Met at Ajilon")


def test_the_same_form_sent_twice_adds_one_power(campaign, as_gm):
    for _ in range(2):
        assert as_gm.post(url("power-new"), new_power()).url == url("power", power="breen-confederacy")
    assert campaign.powers.count() == 6
    assert campaign.ledger.count() == 1


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"short": "UFP"}, "short", "is taken by United Federation of Planets"),
        ({"short": "B"}, "short", "Two to four letters"),
        ({"short": "B2"}, "short", "Two to four letters"),
        ({"short": "BREEN"}, "short", "at most 4 characters"),
        ({"name": "Klingon Empire"}, "name", "is taken by Klingon Empire"),
        ({"name": "x" * 61}, "name", "at most 60 characters"),
        ({"name": ""}, "name", "needed"),
        ({"colour": "red"}, "colour", "A colour such as"),
        ({"emblem": "eagle"}, "emblem", "not one of the available choices"),
        ({"summary": "x" * 50_001}, "summary", "50,001 characters"),
    ],
)
def test_what_is_wrong_with_a_power_stands_beside_its_field(campaign, as_gm, given, field, says):
    answer = as_gm.post(url("power-new"), new_power(**given))
    assert answer.status_code == 422
    assert says in str(answer.context["form"].errors[field])
    assert answer.context["form"]["adjective"].value() == "Breen"
    assert campaign.powers.count() == 5


def test_a_power_called_new_does_not_hide_behind_the_form(campaign, as_gm):
    as_gm.post(url("power-new"), new_power(name="New"))
    assert campaign.powers.get(name="New").slug == "power-bre"


def test_the_emblems_to_choose_from_are_drawn(campaign, as_gm):
    page = as_gm.get(url("power-new")).content.decode()
    assert page.count('type="radio"') == len(EMBLEMS)
    assert "a gate within a gate" in page


# Editing and removing


def test_an_edit_is_one_change_for_each_field_that_differs(campaign, as_gm, klingon):
    given = new_power(
        name="Klingon Empire",
        short="KLE",
        adjective="Klingon",
        colour=klingon.colour,
        emblem="klingon",
        summary="",
    )
    assert as_gm.post(url("power-edit", power="klingon"), given).status_code == 302
    klingon.refresh_from_db()
    assert (klingon.short, klingon.emblem) == ("KLE", "klingon")
    assert sorted(row.payload["change"]["field"] for row in campaign.ledger.all()) == ["emblem", "short"]


def test_an_edit_to_a_short_name_that_is_taken_stands_beside_it(campaign, as_gm):
    answer = as_gm.post(url("power-edit", power="klingon"), new_power(name="Klingon Empire", short="UFP"))
    assert "is taken by United Federation" in str(answer.context["form"].errors["short"])
    assert campaign.ledger.count() == 0


def test_a_power_that_something_rests_on_is_not_removed(campaign, as_gm, klingon):
    answer = as_gm.post(url("power-remove", power="klingon"))
    assert answer.status_code == 409
    assert campaign.powers.filter(pk=klingon.pk).exists()


def test_a_power_that_nothing_rests_on_is_removed(campaign, as_gm):
    factories.make_power(campaign, "Breen Confederacy", slug="breen")
    assert as_gm.post(url("power-remove", power="breen"), {"token": "t"}).url == url("powers")
    assert not campaign.powers.filter(slug="breen").exists()
    assert campaign.ledger.get().kind == "remove power"


def test_removing_takes_a_post(campaign, as_gm):
    assert as_gm.get(url("power-remove", power="ferengi")).status_code == 405


# Standings


@pytest.mark.parametrize(("one", "other"), [("federation", "klingon"), ("klingon", "federation")])
def test_a_standing_is_set_through_the_ledger_whichever_way_round(campaign, as_gm, one, other):
    answer = as_gm.post(
        url("standing-edit", power=one, other=other), {"token": "s", "value": "-4", "why": "Ajilon"}
    )
    assert answer.url == url("powers")
    standing = campaign.standings.get(first__slug="federation", second__slug="klingon")
    assert standing.value == -4
    row = campaign.ledger.get()
    assert (row.before, row.after, row.why) == ("+2", "−4", "Ajilon")


def test_a_standing_off_the_scale_is_refused(campaign, as_gm):
    answer = as_gm.post(
        url("standing-edit", power="federation", other="klingon"), {"token": "s", "value": "6"}
    )
    assert answer.status_code == 422
    assert campaign.ledger.count() == 0


def test_a_power_has_no_standing_with_itself(campaign, as_gm):
    assert as_gm.get(url("standing-edit", power="klingon", other="klingon")).status_code == 404


# Who must not


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [
        ("power-new", {}),
        ("power-edit", {"power": "klingon"}),
        ("power-remove", {"power": "klingon"}),
        ("standing-edit", {"power": "klingon", "other": "romulan"}),
    ],
)
@pytest.mark.parametrize("who", ["as_klingon", "as_observer", "as_outsider"])
def test_only_the_gm_edits_powers(campaign, request, name, kwargs, who):
    client = request.getfixturevalue(who)
    assert client.get(url(name, **kwargs)).status_code == 404
    assert client.post(url(name, **kwargs), new_power()).status_code == 404
    assert campaign.ledger.count() == 0


@pytest.mark.parametrize("name", ["powers", "power"])
def test_an_outsider_finds_no_power(campaign, as_outsider, name):
    kwargs = {"power": "klingon"} if name == "power" else {}
    assert as_outsider.get(url(name, **kwargs)).status_code == 404
