"""The page of territory and zones, and the GM's edits there, each through the ledger."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from khitomer.actions import territory as actions
from khitomer.models import Holding
from khitomer.rules.dates import StoryDate
from tests import factories
from tests.conftest import signed_in
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LIST_QUERIES = 11


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def read(client, name="territory", **kwargs):
    return " ".join(client.get(url(name, **kwargs)).content.decode().split())


@pytest.fixture
def edit(campaign, gm):
    tokens = iter(range(1000))
    return lambda: {"campaign": campaign, "by": gm, "now": NOW, "token": f"t{next(tokens)}"}


@pytest.fixture
def sector(edit, federation):
    return actions.add_territory(slug="archanis-sector", name="Archanis Sector", holder=federation, **edit())


@pytest.fixture
def zone(edit, federation, klingon):
    return actions.set_up_zone(
        slug="buffer", name="The Buffer", powers=[federation, klingon], established=StoryDate(2370), **edit()
    )


def spans(territory):
    return [
        (row.power and row.power.slug, str(row.entered or ""), str(row.left or ""))
        for row in territory.holdings.select_related("power")
    ]


# The page


def test_the_list_says_whose_it_is_since_when_and_who_had_it_before(
    campaign, sector, zone, klingon, edit, as_observer
):
    actions.move_territory(territory=sector, to=klingon, on=StoryDate(2375, 6), note="Ceded", **edit())
    page = read(as_observer)
    assert "Archanis Sector" in page
    assert '<abbr title="Klingon Empire">KLI</abbr></a> since June 2375 · Ceded' in page
    assert '<abbr title="United Federation of Planets">UFP</abbr> until June 2375' in page
    assert "The Buffer" in page and "since 2370" in page
    assert "Change" not in page and "Move" not in page


def test_a_move_that_lies_ahead_is_told_as_what_comes(campaign, sector, klingon, edit, as_gm):
    actions.move_territory(territory=sector, to=klingon, on=StoryDate(2380), **edit())
    page = read(as_gm)
    assert '<abbr title="United Federation of Planets">UFP</abbr></a>, since before the record begins' in page
    assert '<abbr title="Klingon Empire">KLI</abbr> from 2380' in page


def test_what_nobody_holds_says_so(campaign, sector, edit, as_gm):
    actions.move_territory(territory=sector, to=None, on=StoryDate(2375), **edit())
    assert "<p>Nobody since 2375</p>" in read(as_gm)


def test_an_abolished_zone_stands_apart(campaign, zone, edit, as_gm):
    assert "<h3>Abolished</h3>" not in read(as_gm)
    actions.abolish_zone(zone=zone, on=StoryDate(2378), **edit())
    page = read(as_gm)
    assert "No zone is in force" in page
    assert "2370–2378" in page.split("<h3>Abolished</h3>")[1]


def test_an_empty_map_says_what_to_do(campaign, as_gm, as_klingon):
    assert "Add the first one" in read(as_gm) and "Set one up" in read(as_gm)
    page = read(as_klingon)
    assert "The GM puts them there." in page and "/territory/new/" not in page


def test_the_powers_lead_there(campaign, as_observer):
    assert url("territory") in read(as_observer, "powers")


def test_what_is_canon_leads_to_its_sources(campaign, sector, as_observer):
    assert "/accords/places/archanis-sector/" not in read(as_observer)
    sector.canon_key = "archanis-sector"
    sector.save()
    assert "/accords/places/archanis-sector/" in read(as_observer)


@pytest.mark.parametrize("number", [1, 50])
def test_the_page_takes_the_same_queries_for_any_number(
    campaign, edit, as_gm, federation, klingon, number, django_assert_num_queries
):
    for each in range(number):
        land = actions.add_territory(slug=f"l-{each}", name=f"L {each}", holder=federation, **edit())
        actions.move_territory(territory=land, to=klingon, on=StoryDate(2375), **edit())
        actions.set_up_zone(slug=f"z-{each}", name=f"Z {each}", powers=[federation, klingon], **edit())
    with django_assert_num_queries(LIST_QUERIES):
        as_gm.get(url("territory"))


# The GM's edits


def test_the_gm_adds_a_territory_with_its_holder(campaign, as_gm, klingon):
    given = {
        "token": "f1", "name": "Kalandra Sector", "holder": klingon.pk, "since": "2371-05", "note": "", "why": "x"
    }  # fmt: skip
    for _ in range(2):  # sent twice, it is one
        assert as_gm.post(url("territory-new"), given).url == url("territory")
    sector = campaign.territories.get()
    assert (sector.slug, sector.name) == ("kalandra-sector", "Kalandra Sector")
    assert spans(sector) == [("klingon", "2371-05", "")]
    assert [(row.kind, row.why) for row in campaign.ledger.order_by("sequence")] == [
        ("add territory", "x"),
        ("move territory", "x"),
    ]


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"name": ""}, "name", "needed"),
        ({"name": "Archanis Sector"}, "name", "already"),
        ({"since": "soon"}, "since", "not a story date"),
        ({"since": "2370", "holder": ""}, "holder", "Say who has held it"),
        ({"holder": "99999"}, "holder", "valid choice"),
        ({"holder": "9" * 40}, "holder", "valid choice"),
    ],
)
def test_a_territory_that_will_not_do_is_said_beside_its_field(
    campaign, sector, as_gm, klingon, given, field, says
):
    before = campaign.ledger.count()
    answer = as_gm.post(
        url("territory-new"), {"token": "f", "name": "New", "holder": klingon.pk, "since": "", **given}
    )
    assert answer.status_code == 422
    assert says in str(answer.context["form"].errors[field])
    assert campaign.ledger.count() == before


def test_the_gm_moves_it_and_takes_the_move_back(campaign, sector, as_gm, klingon):
    move = {"token": "m1", "to": "klingon", "on": "2379-03-14", "note": "Ceded", "why": ""}
    assert as_gm.post(url("territory-move", territory=sector.slug), move).url == url("territory")
    assert spans(sector) == [("federation", "", "2379-03-14"), ("klingon", "2379-03-14", "")]

    again = as_gm.post(url("territory-move", territory=sector.slug), {**move, "token": "m2"})
    assert "holds Archanis Sector already" in str(again.context["form"].errors["to"])
    early = as_gm.post(
        url("territory-move", territory=sector.slug), {"token": "m3", "to": "-", "on": "2370", "why": ""}
    )
    assert "since 14 March 2379" in str(early.context["form"].errors["on"])

    row = campaign.ledger.get(source="gm:m1")
    as_gm.post(url("ledger-undo", sequence=row.sequence), {"scope": "one", "why": "A slip"})
    assert spans(sector) == [("federation", "", "")]


@pytest.mark.parametrize("to", ["", "no-such-power", "99"])
def test_to_whom_it_passes_is_chosen_and_never_taken_for_nobody(campaign, sector, as_gm, to):
    answer = as_gm.post(url("territory-move", territory=sector.slug), {"token": "m", "to": to, "on": "2379"})
    assert answer.status_code == 422 and answer.context["form"].errors["to"]
    assert spans(sector) == [("federation", "", "")]


def test_the_gm_gives_it_to_nobody(campaign, sector, as_gm):
    as_gm.post(url("territory-move", territory=sector.slug), {"token": "m", "to": "-", "on": "2379"})
    assert spans(sector) == [("federation", "", "2379"), (None, "2379", "")]


def test_taken_off_the_map_it_comes_back_with_its_holders(campaign, sector, klingon, edit, as_gm):
    actions.move_territory(territory=sector, to=klingon, on=StoryDate(2375), note="Ceded", **edit())
    as_gm.post(url("territory-remove", territory=sector.slug), {"token": "gone"})
    assert not campaign.territories.exists() and not Holding.objects.exists()
    row = campaign.ledger.filter(source="gm:gone").first()
    as_gm.post(url("ledger-undo", sequence=row.sequence), {"scope": "all", "why": "A slip"})
    assert spans(campaign.territories.get()) == [("federation", "", "2375"), ("klingon", "2375", "")]


def test_the_gm_sets_up_a_zone_abolishes_reopens_and_strikes_it(campaign, as_gm, klingon, romulan):
    given = {"token": "z1", "name": "Line", "powers": [klingon.pk, romulan.pk], "established": "2379-01"}
    assert as_gm.post(url("zone-new"), given).url == url("territory")
    zone = campaign.zones.get()
    assert (zone.slug, str(zone.established), zone.abolished) == ("line", "2379-01", None)
    assert {power.slug for power in zone.powers.all()} == {"klingon", "romulan"}

    early = as_gm.post(url("zone-abolish", zone="line"), {"token": "z2", "on": "2378"})
    assert "later than 2378" in str(early.context["form"].errors["on"])
    as_gm.post(url("zone-abolish", zone="line"), {"token": "z3", "on": "2379-03-14"})
    zone.refresh_from_db()
    assert str(zone.abolished) == "2379-03-14"
    assert "Put it in force again" in read(as_gm, "zone-abolish", zone="line")

    as_gm.post(url("zone-reopen", zone="line"), {"token": "z4"})
    zone.refresh_from_db()
    assert zone.abolished is None
    as_gm.post(url("zone-strike", zone="line"), {"token": "z5"})
    assert not campaign.zones.exists()
    kinds = [row.kind for row in campaign.ledger.order_by("sequence")]
    assert kinds == ["set up zone", "abolish zone", "reopen zone", "strike zone"]


def test_a_zone_needs_two_powers(campaign, as_gm, klingon):
    answer = as_gm.post(url("zone-new"), {"token": "z", "name": "Line", "powers": [klingon.pk]})
    assert "two powers" in str(answer.context["form"].errors["powers"])
    assert not campaign.zones.exists()


def test_two_forms_that_abolish_one_zone_abolish_it_once(campaign, zone, as_gm, as_co_gm):
    as_gm.post(url("zone-abolish", zone="buffer"), {"token": "one", "on": "2378"})
    late = as_co_gm.post(url("zone-abolish", zone="buffer"), {"token": "two", "on": "2379"})
    assert late.status_code == 422
    zone.refresh_from_db()
    assert str(zone.abolished) == "2378"


def test_another_campaigns_territory_is_missing(campaign, sector, zone, gm):
    other = factories.make_campaign("Other", "other")
    factories.join(other, gm, "gm")
    client = signed_in(gm)
    for name, what in (
        ("territory-move", {"territory": sector.slug}),
        ("zone-abolish", {"zone": zone.slug}),
    ):
        assert client.get(reverse(name, kwargs={"campaign": "other", **what})).status_code == 404


# What can never be


@pytest.mark.parametrize(
    "row",
    [
        {"entered": None, "left": None},  # a second open span
        {"entered": None, "left": StoryDate(2372)},  # a second from before the record
        {"entered": StoryDate(2375), "left": StoryDate(2374)},
    ],
)
def test_the_database_refuses_what_can_never_be(sector, klingon, row):
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(territory=sector, power=klingon, **row)
