"""An evening retold, and clocks on paper: each reader with what they were told."""

import pytest

from khitomer.markup import render
from khitomer.models import Attendance, Audience, Handout, Recap
from tests import factories
from tests.khitomer.sheets_drawn import POINTS, asked, make, pdf_of, screen_of, sizes_of, words_of

# Recaps


@pytest.fixture
def evening(campaign, klingon, klingon_player, observer):
    session = factories.make_session(
        campaign, "The Rotarran limps home", state="closed", recap="Told.", recap_html=render("Told to all.")
    )
    session.gm_notes_html = render("CANARY-NOTES")
    session.save()
    for user, present in ((klingon_player, True), (observer, False)):
        member = campaign.memberships.get(user=user)
        Attendance.objects.create(session=session, member=member, present=present)
    for words, published in (("Told to the Klingons.", factories.NOW), ("CANARY-DRAFT", None)):
        recap = Recap.objects.create(
            session=session,
            text=words,
            text_html=render(words),
            published_at=published,
            audience=Audience.POWERS,
        )
        recap.powers.add(klingon)
    return session


@pytest.mark.parametrize(
    ("reader", "has", "lacks"),
    [
        ("gm", ["Told to all", "Told to the Klingons", "CANARY-DRAFT", "a draft"], ["For you alone", "CANARY-NOTES"]),
        ("power:klingon", ["Told to all", "Told to the Klingons", "For you alone"], ["CANARY"]),
        ("power:romulan", ["Told to all", "Kofi (KLI)"], ["CANARY", "Klingons", "For you alone", "Olga"]),
        ("all", ["Told to all"], ["CANARY", "Klingons", "For you alone"]),
    ],
)  # fmt: skip
def test_each_reader_reads_what_they_were_told(campaign, evening, as_gm, reader, has, lacks):
    found = make(campaign, "recap", session=evening.pk, attendance=True)
    said = words_of(pdf_of(as_gm, found, reader)).upper()
    assert not [each for each in has if each.upper() not in said]
    assert not [each for each in lacks if each.upper() in said]
    sheet = screen_of(as_gm, found, reader).partition("</nav>")[2]  # beside it a GM chooses among everybody
    assert sheet and not [each for each in lacks if each in sheet]


def test_who_was_there_may_be_left_out(campaign, evening, as_gm):
    found = make(campaign, "recap", session=evening.pk, attendance=False)
    assert "Kofi" not in words_of(pdf_of(as_gm, found))


def test_an_evening_that_nobody_has_told(campaign, as_gm):
    found = make(campaign, "recap", session=factories.make_session(campaign).pk, attendance=True)
    assert "Nobody has told it yet" in words_of(pdf_of(as_gm, found))


@pytest.mark.parametrize("details", [{}, {"session": 999_999}])
def test_an_evening_that_is_gone(campaign, as_gm, details):
    assert "nothing on it" in words_of(pdf_of(as_gm, make(campaign, "recap", **details)))


@pytest.mark.parametrize("paper", POINTS)
def test_three_thousand_words(campaign, evening, as_gm, paper):
    evening.recap_html = render("word " * 2999 + "finis")
    evening.save()
    pdf = pdf_of(as_gm, make(campaign, "recap", session=evening.pk), paper=paper, large="1")
    assert set(sizes_of(pdf)) == {POINTS[paper]} and "finis" in words_of(pdf) and 8 < len(pdf.pages) < 18


# Clocks


@pytest.fixture
def clocks(campaign, klingon):
    return [
        factories.make_clock(campaign, "Open one", size=8, filled=3, note="CANARY-OF-OPEN"),
        factories.make_clock(campaign, "Hidden one", size=11, filled=7, hidden=True, note="CANARY-OF-HIDDEN"),
        factories.make_clock(campaign, "Klingon one", size=4, filled=1, told=[klingon]),
        factories.make_clock(campaign, "CANARY-SECRET", audience=Audience.GM),
    ]


@pytest.mark.parametrize(
    ("reader", "has", "lacks"),
    [
        ("gm", ["Open one", "Hidden one", "Klingon one", "CANARY-SECRET", "CANARY-OF-HIDDEN", "7 of 11"], []),
        ("power:klingon", ["Open one", "Hidden one", "Klingon one", "3 of 8"], ["SECRET", "OF-HIDDEN", "7 of 11"]),
        ("all", ["Open one", "Hidden one", "is not known"], ["SECRET", "OF-HIDDEN", "of 11", "Klingon one"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("chosen", [False, True])
def test_each_reader_sees_the_clocks_they_know_of(campaign, clocks, as_gm, reader, has, lacks, chosen):
    keys = [each.pk for each in clocks] if chosen else []
    found = make(campaign, "clocks", clocks=keys, blank=False)
    shown = screen_of(as_gm, found, reader)
    assert not [each for each in has if each not in shown]
    assert not [each for each in lacks if each in shown]
    said = words_of(pdf_of(as_gm, found, reader))
    assert not [each for each in lacks if each in said]


def test_blank_ones_show_their_segments_and_not_how_far_they_have_run(campaign, clocks, as_gm):
    found = make(campaign, "clocks", clocks=[clocks[0].pk], blank=True)
    shown = screen_of(as_gm, found)
    assert "8 segments" in shown and "3 of 8" not in shown and "as of" not in shown


def test_nothing_to_see_is_an_empty_sheet(campaign, clocks, as_gm):
    found = make(campaign, "clocks", clocks=[clocks[3].pk], blank=False)
    assert "nothing on it" in words_of(pdf_of(as_gm, found, "all"))


@pytest.mark.parametrize("paper", POINTS)
@pytest.mark.parametrize("press", [{}, {"large": "1", "ink_saving": "1"}])
def test_six_to_a_page_however_long_their_names(campaign, as_gm, paper, press):
    for n in range(13):
        name = f"{n}" + "W" * 50 if n % 2 else f"Clock {n}"
        factories.make_clock(campaign, name, size=2 + n % 11, filled=2, note="Long words. " * 15)
    found = make(campaign, "clocks", clocks=[], blank=False)
    found.title = "T" * 80
    found.save()
    pdf = pdf_of(as_gm, found, paper=paper, **press)
    assert sizes_of(pdf) == [POINTS[paper]] * 3


def test_the_forms_keep_what_was_chosen(campaign, clocks, evening, as_gm):
    assert asked(as_gm, campaign, "clocks", clocks=[clocks[1].pk], blank="on").status_code == 302
    assert Handout.objects.get().details == {"clocks": [clocks[1].pk], "blank": True}
    assert asked(as_gm, campaign, "recap", session=evening.pk, title="R", token="2").status_code == 302
    assert Handout.objects.get(kind="recap").details == {"session": evening.pk, "attendance": False}
