"""The sector map: whose space it was when, what a border and a zone are, and what is not drawn for whom."""

import re

import pytest
from django.utils import timezone

from khitomer.actions import maps, territory
from khitomer.actions.campaigns import open_campaign
from khitomer.charting import chart
from khitomer.models import Audience
from khitomer.rules.dates import Answer, StoryDate
from tests import factories
from tests.conftest import signed_in

URL = "/c/long-peace/map/"


@pytest.fixture
def record(gm):
    """A campaign opened from canon, after all of it."""
    return open_campaign(name="Record", starts=StoryDate.parse("2379"), by=gm, now=timezone.now())


def on(campaign, user, day):
    return chart(factories.viewer_of(campaign, user), StoryDate.parse(day))


@pytest.mark.parametrize(
    ("day", "zone", "claimed"),
    [
        ("2292", Answer.YES, True),
        ("2293", Answer.DOUBT, True),
        ("2294", Answer.NO, False),
        ("2379", Answer.NO, False),
    ],
)
def test_the_neutral_zone_fades_in_2293_and_archanis_changes_colour(record, gm, day, zone, claimed):
    drawn = on(record, gm, day)
    assert [each.answer for each in drawn.zones] == [zone]
    assert len(drawn.picture.zones) == (zone is not Answer.NO)
    [archanis] = [cell for cell in drawn.picture.cells if cell.site.name == "Archanis Sector"]
    assert archanis.site.holder == "united-federation-of-planets"
    assert bool(archanis.claim) == claimed


def test_the_page_says_the_day_and_what_is_wrong_with_another(record, gm):
    client = signed_in(gm)
    assert "as of 2293" in client.get(f"/c/{record.slug}/map/?on=2293").content.decode()
    for asked, says in (("2399", "no further than"), ("soon", "errorlist")):
        answer = client.get(f"/c/{record.slug}/map/?on={asked}")
        assert answer.status_code == 422
        assert says in answer.content.decode()
    part = client.get(f"/c/{record.slug}/map/?on=2293", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="sector-map"')
    moved = client.post(
        f"/c/{record.slug}/map/place/",
        {"thing": "territory:archanis-sector", "x": "10", "y": "10", "do": "place"},
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver/c/{record.slug}/map/?on=2293"},
    )
    assert moved.status_code == 200 and "as of 2293" in moved.content.decode()


def test_a_border_lies_where_holders_differ(campaign, gm, federation, klingon):
    given = {"campaign": campaign, "by": gm, "now": timezone.now()}
    for number, holder in enumerate((federation, federation, klingon)):
        slug = f"sector-{number}"
        territory.add_territory(slug=slug, name=f"Sector {number}", holder=holder, token=slug, **given)
        maps.place(sort="territory", slug=slug, x=100 + 400 * number, y=500, **given)
    for power in campaign.powers.all():
        maps.take_off(sort="power", slug=power.slug, **given)
    drawn = on(campaign, gm, "2379-03")
    assert len(drawn.picture.cells) == 3
    assert drawn.picture.borders.count("M") == 1  # between the second and the third alone


def test_the_gm_moves_things_and_takes_them_off(campaign, as_gm, gm):
    sent = {"thing": "power:klingon", "x": "900", "y": "100", "do": "place"}
    assert as_gm.post(f"{URL}place/", sent).status_code == 302
    row = campaign.map_positions.get(sort="power", slug="klingon")
    assert (row.x, row.y, row.hidden) == (900, 100, False)
    as_gm.post(f"{URL}place/", {"thing": "power:klingon", "do": "off"})
    assert "Klingon Empire" not in [cell.site.name for cell in on(campaign, gm, "2379").picture.cells]
    wrong = as_gm.post(f"{URL}place/", {**sent, "x": "1001"})
    assert wrong.status_code == 422
    assert 'value="1001"' in wrong.content.decode()


def names_at(campaign, user):
    """Where the name of each power is written."""
    return {cell.site.holder: (cell.x, cell.y) for cell in on(campaign, user, "2379-03").picture.cells}


@pytest.mark.parametrize("at", [(900, 100), (300, 710)])
def test_a_power_that_is_moved_stays_where_it_is_dropped_and_moves_no_other(campaign, gm, at):
    given = {"campaign": campaign, "sort": "power", "by": gm, "now": timezone.now()}

    def sites():
        return {cell.site.holder: cell.site.at for cell in on(campaign, gm, "2379-03").picture.cells}

    before = sites()
    assert len(before) > 2
    for slug in before:
        maps.place(**given, slug=slug, x=at[0], y=at[1])
        assert sites() == before | {slug: at}
        assert names_at(campaign, gm)[slug] == pytest.approx((at[0], at[1] * 0.56))
        maps.take_off(**given, slug=slug)
        assert sites() == {other: at for other, at in before.items() if other != slug}
        maps.place(**given, slug=slug, x=before[slug][0], y=before[slug][1])


def test_a_name_is_dragged_from_where_it_is_written(campaign, as_gm, gm):
    """Not from the point that its cell grew around: or it would land beside where it was dropped."""
    name = names_at(campaign, gm)["klingon"]
    page = as_gm.get(URL).content.decode()
    handle = re.search(r'data-thing="power:klingon" data-x="(\d+)" data-y="(\d+)"', page)
    assert (int(handle[1]), int(handle[2])) == (round(name[0]), round(name[1] / 0.56))


def test_what_is_no_thing_of_the_campaign_is_not_placed(campaign, as_gm):
    assert as_gm.post(f"{URL}place/", {"thing": "entry:nothing", "x": "1", "y": "1"}).status_code == 422
    assert not campaign.map_positions.exists()


def test_a_hidden_world_leaves_no_trace(campaign, as_klingon, as_gm, gm):
    def page():
        return re.sub(r'value="[A-Za-z0-9]{64}"', "", as_klingon.get(URL).content.decode())

    before = page()
    world = factories.make_entry(campaign, "Sallow", kind="place", audience=Audience.GM)
    maps.place(campaign=campaign, sort="entry", slug=world.slug, x=400, y=400, by=gm, now=timezone.now())
    assert page() == before
    assert "Sallow" in as_gm.get(URL).content.decode()
    assert "data-thing" not in before


@pytest.mark.parametrize("number", [3, 60])
def test_the_map_asks_as_often_for_many(campaign, as_federation, gm, number, django_assert_num_queries):
    given = {"campaign": campaign, "by": gm, "now": timezone.now()}
    for each in range(number):
        slug = f"sector-{each}"
        territory.add_territory(slug=slug, name=f"Sector {each}", holder=None, token=slug, **given)
        maps.place(sort="territory", slug=slug, x=(each * 137) % 1000, y=(each * 71) % 1000, **given)
    with django_assert_num_queries(12):
        as_federation.get(URL)


def test_no_name_of_a_place_stands_on_another_or_on_a_territorys():
    from khitomer.drawing import maps

    site = maps.Site(key="t", name="Archanis Sector", at=(500, 500), holder="k")
    places = [maps.Place(key=f"p{n}", name=f"Starbase {n}", at=(470 + 8 * n, 500)) for n in range(4)]
    drawn = maps.sector_map([site], [], places, {"k": ("#fff", "KLI")})
    boxes = maps._named(drawn.cells, drawn.zones)
    for dot in drawn.dots:
        wide = maps.LETTER * len(dot.place.name)
        left = dot.text_x - wide if dot.anchor == "end" else dot.text_x
        box = (left, left + wide, dot.text_y - 11, dot.text_y + 3)
        assert not any(maps._meet(box, other) for other in boxes)
        boxes.append(box)
