"""Instruments as handouts: the summons of a docketed complaint, and a resolution with its signatures."""

import pytest

from diplomacy.models import ClauseKind
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from tests import factories
from tests.diplomacy.sheet_house import html, lay, make, show
from tests.khitomer.sheets_drawn import pdf_of, sizes_of, url, words_of

NOTHING = "There is nothing on it that this reader may know."


@pytest.fixture
def house(campaign):
    return lay(campaign)


def test_the_summons_is_as_it_was_docketed_with_its_exhibits(house, gm, as_gm, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    factories.make_exhibit(house.first)
    summons = make(house, "summons", gm, complaint=house.first)
    reader = pdf_of(as_gm, summons, **{"for": "all"})
    text = words_of(reader)
    assert "The Klingon Empire is called before a conference" in text and "Complaint No. 1" in text
    assert len({image.name for page in reader.pages for image in page.images}) == 1


@pytest.mark.parametrize(("copy", "seen"), [("all", False), ("power:klingon", False), ("power:federation", True),
                                            ("gm", True)])  # fmt: skip
def test_of_a_complaint_that_went_back_others_see_nothing(house, gm, as_gm, copy, seen):
    type(house.first).objects.filter(pk=house.first.pk).update(stage=ComplaintStage.RETURNED.value)
    text = html(as_gm, make(house, "summons", gm, title="A charge", complaint=house.first), **{"for": copy})
    assert ("Prisoners of Ajilon" in text) == seen == (NOTHING not in text)


def test_a_summons_is_nobody_s_before_it_is_shown(house, gm, as_klingon):
    summons = make(house, "summons", gm, complaint=house.first)
    assert as_klingon.get(url(summons)).status_code == 404
    show(summons, gm, house.klingon)
    assert "Prisoners of Ajilon" in html(as_klingon, summons)


def adopted(house, **fields):
    given = {
        "ballots": {"federation": "yes", "romulan": "yes", "cardassian": "no"},
        "finding": "none",
        **fields,
    }
    motion = factories.make_motion(house.meeting, MotionStage.ADOPTED, **given)
    return factories.make_resolution(house.campaign, motion)


def test_those_in_favour_sign_where_it_is_asked_for(house, gm, as_gm):
    resolution = adopted(house)
    signed = html(
        as_gm, make(house, "resolution", gm, resolution=resolution, signatures=True), **{"for": "all"}
    )
    assert signed.count('class="hand"') == 2 and "Romulan Star Empire" in signed
    assert "Cardassian Union" not in signed and "style=" not in signed
    plain = html(as_gm, make(house, "resolution", gm, resolution=resolution), **{"for": "all"})
    assert "In favour" not in plain and "Resolution I" in plain


def test_of_a_secret_vote_nobody_is_named(house, gm, as_gm):
    resolution = adopted(house, mode="secret")
    resolution.motion.ballots.all().delete()
    text = html(as_gm, make(house, "resolution", gm, resolution=resolution, signatures=True), **{"for": "gm"})
    assert "In favour" not in text and "Resolution I" in text


def test_thirty_clauses_run_on_and_everyone_signs(house, gm, as_gm):
    many = factories.make_conference(house.campaign, 24, name="Many")
    motion = factories.make_motion(many, MotionStage.ADOPTED, finding="none")
    for number in range(29):
        factories.make_clause(motion, ClauseKind.OPERATIVE, "Decides", f"that item {number} shall be done")
    resolution = factories.make_resolution(house.campaign, motion)
    handout = make(house, "resolution", gm, resolution=resolution, signatures=True)
    reader = pdf_of(as_gm, handout, **{"for": "all", "paper": "letter"})
    assert set(sizes_of(reader)) == {(612, 792)} and len(reader.pages) <= 4
    assert "that item 28 shall be done" in words_of(reader)
