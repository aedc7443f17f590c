"""A treaty and a provision on paper: their words, whom they bind today, and what is exempt or excluded."""

import pytest

from khitomer.markup import render
from khitomer.models import Handout, Provision, RecordedUse, Reservation
from khitomer.rules.dates import StoryDate
from tests import factories
from tests.khitomer.sheets_drawn import POINTS, asked, make, pdf_of, screen_of, sizes_of, words_of


@pytest.fixture
def second(campaign):
    return campaign.treaties.get(slug="second-khitomer-accords")


@pytest.fixture
def weapons(second, klingon, cardassian):
    provision = second.provisions.get(number=1)
    RecordedUse.objects.create(
        provision=provision, power=klingon, on=StoryDate.parse("2379-02-01"), note="Two charges."
    )
    Reservation.objects.create(provision=provision, power=cardassian, entered=StoryDate.parse("2374"))
    return provision


def treaty(campaign, of, **details):
    given = {"treaty": of.pk, "parties": True, "reservations": True, "signatures": True, **details}
    return make(campaign, "treaty", **given)


@pytest.mark.parametrize("reader", ["gm", "power:romulan", "all"])
def test_the_law_is_everyones_to_read(campaign, second, weapons, as_gm, reader):
    said = words_of(pdf_of(as_gm, treaty(campaign, second), reader))
    for words in (
        "II·1", "II·5", "in the words of the treaty", "2368 to 2372; 2373 onwards", "Low-yield munitions",
        "Free up to 3 recorded uses", "Excluded by: Cardassian Union, from 2374", "In witness whereof",
    ):  # fmt: skip
        assert words in said


def test_a_name_in_its_text_is_a_link_only_for_whoever_knows_the_page(campaign, second, klingon, as_gm):
    factories.make_entry(campaign, "Hidden Depot", told=[klingon])
    second.summary_html = render("It speaks of [[Hidden Depot]].")
    second.save()
    found = treaty(campaign, second)
    assert "/archive/hidden-depot" in screen_of(as_gm, found, "power:klingon")
    assert "/archive/hidden-depot" not in screen_of(as_gm, found, "all")


def test_parties_reservations_and_signatures_may_be_left_out(campaign, second, weapons, as_gm):
    found = treaty(campaign, second, parties=False, reservations=False, signatures=False)
    said = words_of(pdf_of(as_gm, found))
    assert "Excluded" not in said and "witness" not in said and "Cardassian" not in said


def test_a_power_that_has_left_does_not_sign(campaign, second, klingon, as_gm):
    second.adherences.filter(power=klingon, left=None).update(left=StoryDate.parse("2378"))
    said = words_of(pdf_of(as_gm, treaty(campaign, second)))
    assert "not bound" in said and "Klingon Empire" not in said.split("In witness")[1]


@pytest.mark.parametrize("paper", POINTS)
@pytest.mark.parametrize("press", [{}, {"large": "1", "ink_saving": "1"}])
def test_thirty_provisions_flow_from_page_to_page(campaign, as_gm, paper, press):
    long = factories.make_treaty(campaign, [f"Provision {n}" for n in range(30)], name="T" * 80)
    Provision.objects.filter(treaty=long).update(text_html=render("Some words of it. " * 50))
    for power in factories.make_powers(campaign, 20):
        factories.bind(long, power, "2370")
    pdf = pdf_of(as_gm, treaty(campaign, long), paper=paper, **press)
    assert set(sizes_of(pdf)) == {POINTS[paper]} and 8 <= len(pdf.pages) <= 25
    assert "Provision 29" in words_of(pdf)


def test_a_treaty_of_nothing_that_binds_nobody(campaign, as_gm):
    bare = factories.make_treaty(campaign, [])
    said = words_of(pdf_of(as_gm, treaty(campaign, bare)))
    assert "no provisions yet" in said and "witness" not in said


def test_a_provision_stands_alone(campaign, weapons, as_gm):
    found = make(campaign, "provision", provision=weapons.pk, parties=True, reservations=True, uses=True)
    pdf = pdf_of(as_gm, found, "all")
    said = words_of(pdf)
    assert len(pdf.pages) == 1
    assert "Two charges." in said and "Romulan Star Empire" in said and "Excluded by: Cardassian" in said
    assert "Cardassian Union Entered" not in said, "It is bound by the treaty, and not by this."


def test_of_a_provision_as_little_as_is_wanted(campaign, weapons, as_gm):
    found = make(campaign, "provision", provision=weapons.pk, parties=False, reservations=False, uses=False)
    said = words_of(pdf_of(as_gm, found))
    assert "in the words of the treaty" in said and "Two charges" not in said and "Romulan" not in said


@pytest.mark.parametrize(("kind", "given"), [("treaty", {}), ("treaty", {"treaty": 999_999}),
                                             ("provision", {}), ("provision", {"provision": 999_999})])  # fmt: skip
def test_what_is_gone_leaves_an_empty_sheet(campaign, as_gm, kind, given):
    assert "nothing on it" in words_of(pdf_of(as_gm, make(campaign, kind, **given)))


def test_the_law_of_another_campaign_is_not_there(campaign, as_gm):
    other = factories.make_campaign("Another", "another")
    foreign = factories.make_treaty(other, ["CANARY"])
    key = foreign.provisions.get().pk
    for kind, given in (("treaty", {"treaty": foreign.pk}), ("provision", {"provision": key})):
        assert "CANARY" not in words_of(pdf_of(as_gm, make(campaign, kind, **given)))
        assert asked(as_gm, campaign, kind, **given).status_code == 422
        Handout.objects.all().delete()


def test_the_form_keeps_what_was_chosen(campaign, second, as_gm):
    assert asked(as_gm, campaign, "treaty", treaty=second.pk, parties="on").status_code == 302
    assert Handout.objects.get().details == {
        "treaty": second.pk, "parties": True, "reservations": False, "signatures": False,
    }  # fmt: skip
