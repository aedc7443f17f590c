"""Paper for a vote: ballots for whoever may vote, and the chair's roll."""

import pytest

from diplomacy.models import Joinder, JoinderRole
from diplomacy.rules.procedure import MotionKind, MotionStage
from khitomer.sheets import KINDS, sheet_of
from tests import factories
from tests.diplomacy.sheet_house import html, lay, make, show
from tests.khitomer.sheets_drawn import LONG, pdf_of, sizes_of, url, words_of

NOTHING = "There is nothing on it that this reader may know."


@pytest.fixture
def house(campaign):
    return lay(campaign)


def ballots(text):
    return text.count('class="ballot"')


def test_each_seat_that_may_vote_has_one(house, gm, as_gm):
    handout = make(house, "ballots", gm, conference=house.meeting, motion=house.alone)
    text = html(as_gm, handout, **{"for": "all"})
    assert ballots(text) == 4 and "Motion 2" in text and "A relief fund for Ajilon" in text
    for expected in ("Yes", "No", "Abstain", "Klingon Empire", "Cardassian Union"):
        assert expected in text
    assert "Ferengi" not in text and "style=" not in text  # they observe


def test_the_parties_have_none_on_the_finding(house, gm, as_gm):
    handout = make(house, "ballots", gm, conference=house.meeting, motion=house.finding)
    text = html(as_gm, handout, **{"for": "all"})
    assert ballots(text) == 2 and "Klingon" not in text and "Federation" not in text


def test_once_the_vote_is_open_its_electorate_counts(house, gm, as_gm):
    house.seats["cardassian"].present = False
    house.seats["cardassian"].save()
    voting = factories.make_motion(house.meeting, MotionStage.VOTING, finding="none")
    house.meeting.seats.update(present=True)
    text = html(as_gm, make(house, "ballots", gm, conference=house.meeting, motion=voting))
    assert ballots(text) == 3 and "Cardassian" not in text


@pytest.mark.parametrize(("mode", "bearing", "secret"), [("secret", "", True), ("open", "blank", True),
                                                         ("secret", "names", False), ("open", "", False)])  # fmt: skip
def test_a_secret_ballot_bears_nobody_s_name(house, gm, as_gm, mode, bearing, secret):
    motion = factories.make_motion(house.meeting, mode=mode, finding="none")
    handout = make(house, "ballots", gm, conference=house.meeting, motion=motion, bearing=bearing)
    text = html(as_gm, handout, **{"for": "all"})
    assert (text.count("Secret ballot") == 4) == secret == ("Klingon Empire" not in text)


def test_nobody_abstains_on_procedure_where_the_charter_has_it_so(house, gm, as_gm):
    house.meeting.charter.procedural_abstention = False
    house.meeting.charter.save()
    motion = factories.make_motion(house.meeting, kind=MotionKind.ADJOURN.value, finding="none")
    assert "Abstain" not in html(
        as_gm, make(house, "ballots", gm, conference=house.meeting, motion=motion), **{"for": "all"}
    )


@pytest.mark.parametrize("copy", ["all", "power:romulan", "power:klingon"])
def test_a_draft_is_left_out_for_whoever_may_not_see_it(house, gm, as_gm, copy):
    handout = make(house, "ballots", gm, conference=house.meeting, motion=house.draft)
    text = html(as_gm, handout, **{"for": copy})
    assert "Quietly" not in text and f"Motion {house.draft.number}" not in text and ballots(text) == 4
    assert "Quietly" in html(as_gm, handout, **{"for": "gm"})


@pytest.mark.parametrize(
    ("press", "size"),
    [({"paper": "a4"}, (595, 842)), ({"paper": "letter", "turn": "landscape"}, (792, 612))],
)
def test_eight_to_a_sheet_on_every_paper(house, gm, as_gm, press, size):
    many = factories.make_conference(house.campaign, 24, name="Many")
    power = many.seats.all()[0].power
    power.name = LONG
    power.save()
    reader = pdf_of(as_gm, make(house, "ballots", gm, conference=many), **{"for": "all", **press})
    assert set(sizes_of(reader)) == {size} and len(reader.pages) == 3
    assert [page.extract_text().count("Abstain") for page in reader.pages] == [8, 8, 8]


def test_players_find_no_ballots_before_they_are_shown(house, gm, as_klingon):
    handout = make(house, "ballots", gm, conference=house.meeting, motion=house.alone)
    assert as_klingon.get(url(handout)).status_code == as_klingon.get(url(handout, "handout-pdf")).status_code
    assert as_klingon.get(url(handout)).status_code == 404
    show(handout, gm, house.klingon)
    assert ballots(html(as_klingon, handout)) == 4


def test_without_voters_it_says_so(house, gm, as_gm):
    bare = factories.make_conference(house.campaign, 0, name="Bare")
    text = html(as_gm, make(house, "ballots", gm, conference=bare), **{"for": "all"})
    assert "No seat at Bare may vote." in text


# The roll


def test_the_roll_is_called_from_the_seat_that_was_drawn(house, gm, as_gm):
    house.alone.drawn = house.seats["romulan"]
    house.alone.save()
    roll = make(house, "roll", gm, conference=house.meeting, motion=house.alone)
    text = html(as_gm, roll, **{"for": "gm"})
    order = ["Romulan Star Empire", "United Federation of Planets", "Cardassian Union", "Klingon Empire"]
    places = [text.index(f"{name}") for name in order]
    assert places == sorted(places)
    for expected in (
        "2 of 4 present",
        "More than half of the votes cast",
        "Vetoed",
        "Observing, without a vote",
    ):
        assert expected in text
    assert "style=" not in text


def test_the_parties_are_called_and_recused(house, gm, as_gm):
    roll = make(house, "roll", gm, conference=house.meeting, motion=house.finding)
    assert html(as_gm, roll, **{"for": "gm"}).count("recused: a party") == 2


@pytest.mark.parametrize("copy", ["all", "power:klingon"])
def test_the_roll_is_the_chairs_alone(house, gm, as_gm, copy):
    roll = make(house, "roll", gm, conference=house.meeting, motion=house.alone)
    assert NOTHING in html(as_gm, roll, **{"for": copy})


def test_a_roll_of_twenty_four_is_one_page(house, gm, as_gm):
    many = factories.make_conference(house.campaign, 24, name="Many")
    reader = pdf_of(as_gm, make(house, "roll", gm, conference=many), **{"for": "gm", "paper": "letter"})
    assert len(reader.pages) == 1 and set(sizes_of(reader)) == {(612, 792)}
    assert "12 of 24 present" in words_of(reader)


@pytest.mark.parametrize("seats", [3, 24])
@pytest.mark.parametrize("kind", ["ballots", "roll"])
def test_who_is_a_party_is_read_once_for_all_seats(house, gm, kind, seats, django_assert_num_queries):
    """A co-respondent is recused, too, from the finding and from what is to become of its text."""
    meeting = factories.make_conference(house.campaign, seats, name="Many")
    Joinder.objects.create(complaint=house.first, power=house.romulan, role=JoinderRole.RESPONDENT)
    finding = factories.make_motion(meeting, complaint=house.first)
    amendment = factories.make_motion(
        meeting, kind=MotionKind.AMENDMENT.value, parent=finding, finding="none"
    )
    eyes = factories.viewer_of(house.campaign, gm)
    for motion in (finding, amendment):
        sheet = sheet_of(make(house, kind, gm, conference=meeting, motion=motion))
        with django_assert_num_queries(5):
            drawn = KINDS[kind].draw(eyes, sheet).context
        if kind == "roll":
            recused = {call.seat.power for call in drawn["calls"] if call.recused}
            assert recused == {house.federation, house.klingon, house.romulan}
