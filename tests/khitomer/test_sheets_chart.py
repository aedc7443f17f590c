"""The sector map as a poster: on a day, over so many sheets, with the places that its reader knows of."""

import pytest
from django.utils import timezone

from khitomer.actions.campaigns import open_campaign
from khitomer.models import Handout
from khitomer.rules.dates import StoryDate
from khitomer.rules.press import Paper, Press
from khitomer.rules.tiling import FOOT, MARGIN, OVERLAP, tiled
from tests import factories
from tests.conftest import signed_in
from tests.khitomer.sheets_drawn import POINTS, asked, make, pdf_of, screen_of, sizes_of, words_of

SHEETS = [("1x1", 1), ("2x1", 2), ("2x2", 4), ("3x2", 6), ("3x3", 9)]


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize(("tiles", "number"), SHEETS)
def test_every_part_is_on_a_sheet_and_neighbours_share_a_strip(paper, tiles, number):
    columns, rows = (int(each) for each in tiles.split("x"))
    found = tiled(Press(paper=paper), columns=columns, rows=rows, width=1000, height=730)
    assert len(found.tiles) == number and found.tiles[0].label == "A1"
    first, last = found.tiles[0], found.tiles[-1]
    assert first.x <= 0.01 and first.y <= 0.01
    assert last.x + last.width >= 999.9 and last.y + last.height >= 729.9
    assert found.width + 2 * MARGIN == pytest.approx(found.paper[0])
    assert found.height + MARGIN + FOOT == pytest.approx(found.paper[1])
    for one in found.tiles:
        for other in found.tiles:
            if (other.column, other.row) == (one.column + 1, one.row):
                assert (one.x + one.width - other.x) * found.scale == pytest.approx(OVERLAP)
            if (other.column, other.row) == (one.column, one.row + 1):
                assert (one.y + one.height - other.y) * found.scale == pytest.approx(OVERLAP)
    assert {bool(tile.marks) for tile in found.tiles} == {number > 1}


def test_the_paper_lies_whichever_way_makes_it_larger():
    def lying(columns, rows):
        return tiled(Press(), columns=columns, rows=rows, width=1000, height=730).lying

    assert lying(1, 1) and not lying(2, 1) and lying(2, 2) and not lying(3, 2)


@pytest.fixture
def record(gm):
    """A campaign opened from canon, after all of it."""
    return open_campaign(name="Record", starts=StoryDate.parse("2379"), by=gm, now=timezone.now())


@pytest.mark.parametrize("paper", POINTS)
@pytest.mark.parametrize(("tiles", "number"), SHEETS)
def test_the_pages(record, gm, paper, tiles, number):
    found = make(record, "chart", day=None, tiles=tiles, places=True)
    pdf = pdf_of(signed_in(gm), found, paper=paper)
    size = POINTS[paper] if tiles in ("2x1", "3x2") else POINTS[paper][::-1]
    assert sizes_of(pdf) == [size] * number
    first = pdf.pages[0].extract_text()
    assert ("Trim the left" in first) == (number > 1)
    assert [("Trim the left" in page.extract_text()) for page in pdf.pages[1:]] == [False] * (number - 1)
    if number > 1:
        assert "A2" in pdf.pages[1].extract_text()


def test_the_day_and_what_was_whose(record, gm):
    client = signed_in(gm)
    then = screen_of(client, make(record, "chart", day="2292", tiles="1x1", places=True))
    assert "2292" in then and "claimed by another" in then and "Neutral Zone" in then
    Handout.objects.all().delete()
    now = screen_of(client, make(record, "chart", day=None, tiles="1x1", places=True))
    assert "2379" in now and "claimed by another" not in now


def test_no_later_than_the_story_has_come(record, gm):
    page = screen_of(signed_in(gm), make(record, "chart", day="2399", tiles="1x1", places=True))
    assert "2379" in page and "2399" not in page


@pytest.fixture
def places(campaign, klingon):
    for name, told in (("Canary Station", [klingon]), ("Open Port", [])):
        entry = factories.make_entry(campaign, name, kind="place", told=told)
        campaign.map_positions.create(sort="entry", slug=entry.slug, x=500, y=500)


@pytest.mark.parametrize(("reader", "known"), [("gm", True), ("power:klingon", True), ("power:romulan", False), ("all", False)])  # fmt: skip
def test_each_reader_has_the_places_they_know_of(campaign, places, as_gm, reader, known):
    found = make(campaign, "chart", day=None, tiles="2x2", places=True)
    said = words_of(pdf_of(as_gm, found, reader))
    assert ("Canary Station" in said) == known and "Open Port" in said
    shown = screen_of(as_gm, found, reader)
    assert ("Canary" in shown) == known


def test_without_places(campaign, places, as_gm):
    found = make(campaign, "chart", day=None, tiles="1x1", places=False)
    assert "Open Port" not in screen_of(as_gm, found)


def test_a_title_of_eighty_letters_and_ink_saved_in_large_print(campaign, as_gm):
    found = make(campaign, "chart", day=None, tiles="1x1", places=True)
    found.title = "W" * 80
    found.save()
    assert len(pdf_of(as_gm, found, ink_saving="1", large="1").pages) == 1


def test_a_campaign_without_powers_has_no_map(campaign, gm):
    bare = factories.make_campaign("Bare", "bare")
    factories.join(bare, gm, role="gm")
    found = make(bare, "chart", day=None, tiles="1x1", places=True)
    assert "nothing on it" in words_of(pdf_of(signed_in(gm), found))


def test_the_form_takes_no_day_that_is_yet_to_come(campaign, as_gm):
    answer = asked(as_gm, campaign, "chart", tiles="2x2", day="2399")
    assert answer.status_code == 422 and answer.context["form"].errors["day"]
    assert asked(as_gm, campaign, "chart", tiles="2x2", day="14 March 2372").status_code == 302
    assert Handout.objects.get().details == {"day": "2372-03-14", "tiles": "2x2", "places": False}
