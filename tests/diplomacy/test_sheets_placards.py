"""Placards: one tent a seat, folded along the middle; what the GM reads behind them is in no other copy."""

import pytest

from khitomer.sheets import KINDS, sheet_of
from tests import factories
from tests.diplomacy.sheet_house import html, lay, make, show
from tests.khitomer.sheets_drawn import LONG, pdf_of, sizes_of, url, words_of

CANARY = "Kahless walks at Boreth"


@pytest.fixture
def house(campaign):
    return lay(campaign)


@pytest.fixture
def placards(house, gm):
    make(house, "brief", gm, text=CANARY, told=[house.klingon], conference=house.meeting, power=house.klingon)
    return make(house, "placards", gm, conference=house.meeting, crib=True, remark="Rise to speak.")


@pytest.mark.parametrize("copy", ["all", "power:klingon", "power:romulan"])
def test_what_the_gm_reads_behind_them_is_on_the_gms_copy_alone(placards, as_gm, copy):
    gms = html(as_gm, placards, **{"for": "gm"})
    assert CANARY in gms and "for the GM alone" in gms and "−3 hostile" in gms
    text = html(as_gm, placards, **{"for": copy})
    assert CANARY not in text and "hostile" not in text and "for the GM alone" not in text
    assert text.count("Rise to speak.") == 5 and "Rise to speak." not in gms
    assert "style=" not in text + gms


def test_players_have_the_room_s_side_once_they_are_shown(placards, gm, as_klingon):
    assert as_klingon.get(url(placards)).status_code == 404
    show(placards, gm, everyone=True)
    read = words_of(pdf_of(as_klingon, placards))
    assert "Klingon Empire" in read and CANARY not in read


def test_a_brief_in_the_bin_is_behind_none(house, placards, gm, as_gm):
    house.campaign.handouts.filter(kind="brief").update(deleted_at=factories.NOW)
    assert CANARY not in html(as_gm, placards, **{"for": "gm"})


def test_only_those_that_are_chosen(house, gm, as_gm):
    kept = make(house, "placards", gm, conference=house.meeting)
    kept.details["delegations"] = [house.klingon.pk, house.romulan.pk]
    kept.save()
    text = html(as_gm, kept, **{"for": "all"})
    assert text.count('class="placard ') == 2 and "Cardassian" not in text


@pytest.mark.parametrize(
    ("press", "size"),
    [({"paper": "a4"}, (595, 842)), ({"paper": "letter", "turn": "landscape", "bleed": "3"}, (792, 612))],
)
def test_each_fills_its_own_paper(house, gm, as_gm, press, size):
    house.romulan.name, house.romulan.short = LONG, "WWWW"
    house.romulan.save()
    handout = make(house, "placards", gm, conference=house.meeting)
    reader = pdf_of(as_gm, handout, **{"for": "all", **press})
    assert set(sizes_of(reader)) == {size} and len(reader.pages) == 5
    assert "1 of 5" not in words_of(reader)  # none of the frame, and nothing of its foot


def test_the_fold_is_marked_where_marks_are_wanted(placards, as_gm):
    assert 'class="fold"' in html(as_gm, placards, marks="1")
    assert 'class="fold"' not in html(as_gm, placards, marks="0")


def test_without_seats_it_says_so(house, gm, as_gm):
    bare = factories.make_conference(house.campaign, 0, name="Bare")
    text = html(as_gm, make(house, "placards", gm, conference=bare), **{"for": "all"})
    assert "Nobody has a seat at Bare yet." in text


@pytest.mark.parametrize("seats", [3, 24])
def test_all_cribs_are_read_at_once(house, gm, seats, django_assert_num_queries):
    """The conference, its seats, the briefs, the names in them, and the standings; the last brief counts."""
    meeting = factories.make_conference(house.campaign, seats, name="Many")
    for seat in meeting.seats.all():
        for text in ("The first word.", "The last word, on [[Martok]]."):
            make(house, "brief", gm, text=text, told=[seat.power], conference=meeting, power=seat.power)
    sheet = sheet_of(make(house, "placards", gm, conference=meeting, crib=True))
    eyes = factories.viewer_of(house.campaign, gm)
    with django_assert_num_queries(5):
        placards = KINDS["placards"].draw(eyes, sheet).context["placards"]
    assert ["last word" in each.crib.instructions for each in placards] == [True] * seats
    assert {len(each.crib.standings) for each in placards} == {seats - 1}
