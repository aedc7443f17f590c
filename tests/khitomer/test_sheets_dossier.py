"""A page of the archive over a whole sheet: for each reader the text, the secrets and the names that are theirs."""

import pytest

from khitomer.markup import render
from khitomer.models import Audience, Handout
from tests import factories
from tests.khitomer.sheets_drawn import POINTS, asked, make, pdf_of, screen_of, sizes_of, words_of


@pytest.fixture
def vessel(campaign, klingon):
    kind = campaign.kinds.get(key="vessel")
    kind.fields = [
        {"key": "class", "label": "Class", "sort": "text"},
        {"key": "laid", "label": "Laid down", "sort": "date"},
        {"key": "home", "label": "Home port", "sort": "entry"},
    ]
    kind.save()
    sector = factories.make_entry(campaign, "Archanis Sector", kind="place")
    base = factories.make_entry(campaign, "Canary Base", kind="place", told=[klingon], parent=sector)
    vessel = factories.make_entry(
        campaign,
        "I.K.S. Rotarran",
        slug="rotarran",
        kind="vessel",
        text="A bird of prey.",
        parent=base,
        fate="In service",
        values={"class": "B'rel", "laid": "2371-03", "home": "Qo'noS"},
    )
    factories.make_entry(campaign, "Open Bridge", parent=vessel)
    factories.make_entry(campaign, "Canary Hold", parent=vessel, told=[klingon])
    factories.make_secret(vessel, "CANARY-GM", false=True)
    factories.make_secret(vessel, "Her cloak fails.", told=[klingon])
    return vessel


def dossier(campaign, of, **details):
    return make(campaign, "dossier", entry=of.pk, **{"secrets": True, **details})


@pytest.mark.parametrize(
    ("reader", "has", "lacks"),
    [
        ("gm", ["CANARY-GM", "This is not so", "Her cloak fails", "Canary Hold", "Canary Base"], ["Known to you"]),
        ("power:klingon", ["Her cloak fails", "Known to you", "Canary Base", "Canary Hold"], ["CANARY-GM", "not so"]),
        ("all", ["Open Bridge", "March 2371", "B'rel", "In service"], ["CANARY", "Canary", "cloak", "Known to you"]),
    ],
)  # fmt: skip
def test_each_reader_has_their_own(campaign, vessel, as_gm, reader, has, lacks):
    found = dossier(campaign, vessel)
    said = " ".join(words_of(pdf_of(as_gm, found, reader)).split()).replace("’", "'")
    assert not [each for each in has if each.upper() not in said.upper()]
    assert not [each for each in lacks if each in said]
    assert not [each for each in lacks if each in screen_of(as_gm, found, reader)]


def test_a_player_has_no_copy_but_their_own(campaign, vessel, as_romulan):
    said = words_of(pdf_of(as_romulan, dossier(campaign, vessel), "gm"))
    assert "bird of prey" in said and "CANARY" not in said and "cloak" not in said


def test_whoever_reads_a_secret_in_place_of_the_text_does_not_read_the_text(campaign, vessel, klingon, as_gm):
    factories.make_secret(vessel, "A changed account.", told=[klingon], stands_in=True)
    said = words_of(pdf_of(as_gm, dossier(campaign, vessel), "power:klingon"))
    assert "A changed account" in said and "bird of prey" not in said


def test_secrets_may_be_left_out(campaign, vessel, as_gm):
    assert "CANARY-GM" not in words_of(pdf_of(as_gm, dossier(campaign, vessel, secrets=False)))


@pytest.mark.parametrize("details", [{}, {"entry": 999_999}])
def test_what_is_gone_leaves_an_empty_sheet(campaign, as_gm, details):
    assert "nothing on it" in words_of(pdf_of(as_gm, make(campaign, "dossier", **details)))


def test_a_hidden_page_leaves_an_empty_sheet(campaign, vessel, klingon, as_gm):
    vessel.audience = Audience.POWERS
    vessel.save()
    vessel.powers.set([klingon])
    found = dossier(campaign, vessel)
    assert "Rotarran" not in words_of(pdf_of(as_gm, found, "all"))
    assert "ROTARRAN" in words_of(pdf_of(as_gm, found, "power:klingon")).upper()


@pytest.mark.parametrize("paper", POINTS)
@pytest.mark.parametrize("size", [(300, 900), (1600, 300), None])
def test_pictures_of_every_shape_and_three_thousand_words(campaign, as_gm, paper, size):
    long = factories.make_entry(campaign, "X" * 80, text="")
    long.text_html = render("word " * 2999 + "finis")
    long.save()
    if size:
        factories.make_picture(campaign, of=long, size=size)
    pdf = pdf_of(as_gm, dossier(campaign, long), paper=paper, large="1", ink_saving="1")
    assert set(sizes_of(pdf)) == {POINTS[paper]} and 8 < len(pdf.pages) < 20
    assert "finis" in words_of(pdf)


def test_the_form_offers_nothing_from_the_bin(campaign, vessel, as_gm):
    vessel.deleted_at = factories.NOW
    vessel.save()
    assert asked(as_gm, campaign, "dossier", entry=vessel.pk).status_code == 422
    other = campaign.entries.get(name="Open Bridge")
    assert asked(as_gm, campaign, "dossier", entry=other.pk, secrets="on").status_code == 302
    assert Handout.objects.get().details == {"entry": other.pk, "secrets": True}
