"""The order of the day: the agenda, the motions on the table, the rules and the seats, and no draft of anybody's."""

import pytest

from diplomacy.rules.procedure import ComplaintStage
from tests import factories
from tests.diplomacy.sheet_house import html, lay, make, show
from tests.khitomer.sheets_drawn import LONG, pdf_of, sizes_of, url, words_of

COPIES = ("all", "power:klingon", "power:romulan", "gm")
NOTHING = "There is nothing on it that this reader may know."


@pytest.fixture
def house(campaign):
    return lay(campaign)


@pytest.fixture
def order(house, gm):
    lines = {"hour": "0900 hours", "chair": "Ambassador Worf", "note": "Leave your disruptors."}
    return make(house, "order", gm, conference=house.meeting, **lines)


@pytest.mark.parametrize("copy", COPIES)
def test_it_holds_what_is_before_the_sitting_and_no_draft(order, as_gm, copy):
    text = html(as_gm, order, **{"for": copy})
    for expected in (
        "Seizure of the Kobliad convoy",
        "II·3 Prisoners and non-combatants",
        "On the prisoners of Ajilon",
        "A relief fund for Ajilon",
        "From the chair",
        "half of the members: 2 of 4",
        "more than half of the votes cast",
        "roll call: each choice is read aloud",
        "0900 hours",
        "Ambassador Worf",
        "Leave your disruptors.",
        "Fiona, with a veto",
        "Observer",
    ):
        assert expected in text
    assert "Quietly partition" not in text
    assert "style=" not in text


def test_a_complaint_that_went_back_leaves_no_gap(house, order, as_gm):
    type(house.first).objects.filter(pk=house.first.pk).update(stage=ComplaintStage.RETURNED.value)
    text = html(as_gm, order, **{"for": "power:romulan"})
    assert "Prisoners of Ajilon" not in text and text.count('class="item"') == 1
    assert "Prisoners of Ajilon" in html(as_gm, order, **{"for": "power:federation"})


@pytest.mark.parametrize("who", ["as_klingon", "as_observer", "as_outsider"])
def test_nobody_reads_it_before_it_is_shown(order, gm, request, who):
    client = request.getfixturevalue(who)
    for name in ("handout-print", "handout-pdf"):
        assert client.get(url(order, name)).status_code == 404
    show(order, gm, everyone=True)
    assert client.get(url(order)).status_code == (404 if who == "as_outsider" else 200)


def test_of_a_conference_that_is_gone_there_is_nothing(house, gm, as_gm):
    other = factories.make_conference(house.campaign, 2, name="Struck out")
    order = make(house, "order", gm, conference=other)
    other.delete()
    assert NOTHING in html(as_gm, order, **{"for": "gm"})


def test_without_agenda_or_seats_it_says_so(house, gm, as_gm):
    bare = factories.make_conference(house.campaign, 0, place="", name="Bare")
    reader = pdf_of(as_gm, make(house, "order", gm, conference=bare), **{"for": "all"})
    text = words_of(reader)
    assert "No complaint is on the agenda." in text and "Nobody has a seat yet." in text
    assert len(reader.pages) == 1


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_twenty_four_seats_and_names_without_a_space_stay_on_the_paper(house, gm, as_gm, paper, size):
    many = factories.make_conference(house.campaign, 24, name="Many")
    power = many.seats.all()[0].power
    power.name = LONG
    power.save()
    reader = pdf_of(as_gm, make(house, "order", gm, conference=many), **{"for": "all", "paper": paper})
    assert set(sizes_of(reader)) == {size} and len(reader.pages) == 1
    assert LONG in words_of(reader).replace(" ", "").replace("-", "").replace("‐", "").replace("\xad", "")
