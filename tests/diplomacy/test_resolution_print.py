"""The resolution as an instrument: its words, its pages on both papers, and nothing in the file that is not for all."""

import io
from fractions import Fraction

import pytest
from django.urls import reverse
from pypdf import PdfReader

from diplomacy.actions import ballots, resolutions
from diplomacy.models import Clause, ClauseKind
from diplomacy.rules.procedure import ComplaintStage
from diplomacy.rules.tally import Base, Choice, Kind, Outcome, Tally, Tie, VotingRule
from diplomacy.rules.wording import (
    adopted,
    in_words,
    needed_in_words,
    on_the_day,
    roman,
    rule_in_words,
    says_after,
    what_changes,
)
from diplomacy.views.motion_page import read_clauses
from khitomer.models import Audience
from khitomer.printing import PrintingUnavailable
from khitomer.rules.dates import StoryDate
from tests import factories
from tests.factories import NOW

SIZES = {"": (595, 842), "?paper=letter": (612, 792)}

# Words


@pytest.mark.parametrize(
    ("number", "numeral"),
    [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (49, "XLIX"), (90, "XC"), (1994, "MCMXCIV")],
)
def test_roman_numerals(number, numeral):
    assert roman(number) == numeral


def test_nought_has_no_numeral():
    with pytest.raises(ValueError, match="no Roman numeral"):
        roman(0)


@pytest.mark.parametrize(("number", "word"), [(0, "none"), (1, "one"), (20, "twenty"), (21, "21")])
def test_counts_in_words(number, word):
    assert in_words(number) == word


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2379-03-14", "on the fourteenth of March 2379"),
        ("2379-12-31", "on the thirty-first of December 2379"),
        ("2379-03", "in March 2379"),
        ("2379", "in 2379"),
    ],
)
def test_days_in_words(date, words):
    assert on_the_day(StoryDate.parse(date)) == words


def tally(yes, no, abstain=0, not_voting=0):
    return Tally(outcome=Outcome.ADOPTED, reason="", yes=yes, no=no, abstain=abstain, not_voting=not_voting)


@pytest.mark.parametrize(
    ("counted", "more", "sentence"),
    [
        (
            tally(6, 1, 2),
            {"recused": 2},
            "Adopted by six votes to one, with two abstentions; the parties did not vote.",
        ),
        (
            tally(6, 1, 1, 3),
            {"recused": 2},
            "Adopted by six votes to one, with one abstention; the parties did not vote; three others cast no vote.",
        ),
        (tally(1, 0, 0, 1), {}, "Adopted by one vote to none; one member cast no vote."),
        (tally(5, 0), {}, "Adopted unanimously, by five votes."),
        (
            tally(4, 4, 1),
            {"casting": Choice.YES},
            "Adopted by four votes to four and the casting vote of the chair, with one abstention.",
        ),
        (tally(24, 3), {}, "Adopted by 24 votes to three."),
        (
            tally(7, 0, 2),
            {"rule": VotingRule(kind=Kind.CONSENSUS)},
            "Adopted by consensus, with two abstentions.",
        ),
        (
            tally(1, 8),
            {"rule": VotingRule(kind=Kind.REVERSE_CONSENSUS)},
            "Adopted under reverse consensus, by one vote to eight.",
        ),
    ],
)
def test_how_it_was_adopted(counted, more, sentence):
    assert adopted(counted, **{"rule": VotingRule(), **more}) == sentence


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (VotingRule(), "More than half of the votes cast; equal votes reject."),
        (
            VotingRule(
                threshold=Fraction(2, 3), at_least=True, base=Base.PRESENT, quorum=Fraction(1, 2), veto=True
            ),
            "At least two thirds of the seats present; equal votes reject; quorum at least half of the members;"
            " a veto stops it.",
        ),
        (
            VotingRule(threshold=Fraction(5, 9), base=Base.MEMBERSHIP, tie=Tie.SECOND_VOTE),
            "More than 5/9 of the whole membership; on equal votes there is a second vote.",
        ),
        (VotingRule(kind=Kind.CONSENSUS), "Consensus: nobody present votes against."),
    ],
)
def test_the_rule_in_a_line(rule, words):
    assert rule_in_words(rule) == words


@pytest.mark.parametrize(
    ("texts", "ends"),
    [
        (["that it is", "of it."], ["that it is;", "of it."]),
        (["that it is;", "of it;"], ["that it is;", "of it."]),
        (["that it is.", "of it…"], ["that it is;", "of it…"]),
    ],
)
def test_clauses_end_as_parts_of_one_sentence(texts, ends):
    clauses = [
        Clause(position=number, kind=ClauseKind.OPERATIVE, phrase="Finds", text=text)
        for number, text in enumerate(texts, start=1)
    ]
    assert [each.text + each.end for each in read_clauses(clauses)] == ends


def test_preambular_clauses_come_first_and_bear_no_number():
    clauses = [
        Clause(position=1, kind=ClauseKind.OPERATIVE, phrase="Finds", text="so"),
        Clause(position=2, kind=ClauseKind.PREAMBULAR, phrase="Recalling", text="that"),
    ]
    assert [(each.clause.phrase, each.number) for each in read_clauses(clauses)] == [
        ("Recalling", None),
        ("Finds", 1),
    ]


@pytest.mark.parametrize(
    ("rule", "needed", "of", "words"),
    [
        (VotingRule(), 6, 8, "6 of the 8 votes cast were needed"),
        (VotingRule(), 1, 1, "1 of the 1 vote cast was needed"),
        (VotingRule(base=Base.PRESENT), 5, 9, "5 of the 9 seats present were needed"),
        (VotingRule(base=Base.MEMBERSHIP), 7, 10, "7 of the 10 members were needed"),
    ],
)
def test_what_was_needed_is_counted(rule, needed, of, words):
    assert needed_in_words(rule, needed=needed, of=of) == words


def test_a_change_is_said_once():
    assert what_changes("Gorn and Breen go from −2 to −3") == "Gorn and Breen"
    assert what_changes("The clock “War” goes from 3 to 4 of 6") == "The clock “War”"
    assert (
        what_changes("The ships that go from Ajilon are freed") == "The ships that go from Ajilon are freed"
    )
    assert says_after("Event on 14 March 2379: The lane opens", "14 March 2379: The lane opens")
    assert not says_after("The clock “War” goes from 3 to 4 of 6", "4 of 6")


# The sheet


@pytest.fixture
def conference(campaign):
    return factories.make_conference(campaign, 5, name="The Ajilon sitting", place="Ajilon Prime")


def adopt(conference, gm, clauses=1, effects=(), complaint=None):
    motion = factories.make_motion(conference, effects=effects, complaint=complaint)
    for number in range(clauses - 1):
        factories.make_clause(
            motion,
            ClauseKind.OPERATIVE,
            "Decides",
            f"that station {number} shall be kept open to all who ask",
        )
    ballots.open_vote(motion=motion, by=gm, now=NOW)
    for slug in ("cardassian", "ferengi"):
        seat = conference.seats.get(power__slug=slug)
        ballots.cast(motion=motion, seat=seat, choice="yes", by=gm, now=NOW)
    return ballots.close(motion=motion, by=gm, now=NOW).resolution


def at(name, resolution, query=""):
    where = {"campaign": resolution.campaign.slug, "number": resolution.number}
    return reverse(name, kwargs=where) + query


@pytest.fixture
def heard(conference):
    return factories.make_complaint(conference.campaign, ComplaintStage.HEARD, conference=conference)


def test_the_instrument_in_its_words(conference, heard, gm, as_observer):
    page = as_observer.get(at("resolution-print", adopt(conference, gm, complaint=heard))).content.decode()
    assert "<h1>Resolution I</h1>" in page
    assert "Conference of Signatories · Second Khitomer Accords" in page
    assert (
        "the United Federation of Planets against the Klingon Empire,"
        " heard at Ajilon Prime on the fourteenth of March 2379." in page
    )
    assert "<em>Finds</em> that the prisoners were not returned." in page
    assert "Adopted by two votes to none; the parties did not vote; one other cast no vote." in page
    assert 'data-foot="The Long Peace · Resolution I"' in page


@pytest.mark.parametrize("query", SIZES)
@pytest.mark.parametrize("clauses", [1, 30])
def test_the_pdf_on_both_papers(conference, heard, gm, as_observer, clauses, query):
    resolution = adopt(conference, gm, clauses=clauses, complaint=heard)
    answer = as_observer.get(at("resolution-pdf", resolution, query))
    assert answer["Content-Type"] == "application/pdf"
    paper = "letter" if query else "a4"
    assert answer["Content-Disposition"] == f'inline; filename="resolution-1-{paper}.pdf"'
    reader = PdfReader(io.BytesIO(answer.content))
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == SIZES[query]
    texts = [sheet.extract_text() for sheet in reader.pages]
    count = len(texts)
    assert count == 1 if clauses == 1 else count >= 2
    for number, text in enumerate(texts, start=1):
        assert f"{number} of {count}" in text
        assert "The Long Peace · Resolution I" in text
    whole = "".join(texts)
    assert whole.count("Decides") == clauses - 1
    # The last page is never the seal alone: the tally, and so a clause, stands above it.
    assert "Adopted by two votes to none" in texts[-1] and "For the Chair" in texts[-1]
    assert ("Decides" in texts[-1]) if clauses > 1 else True


@pytest.mark.parametrize("query", SIZES)
def test_ten_lines_of_clauses_and_their_undoing_stay_on_one_page(conference, heard, gm, as_gm, query):
    """What nearly fits on one page is set closer, rather than leaving its last clause with the seal on the next."""
    resolution = adopt(conference, gm, effects=[factories.standing_effect()], complaint=heard)
    for kind, phrase, words in (
        (ClauseKind.PREAMBULAR, "Mindful of", 20),
        (ClauseKind.OPERATIVE, "Directs", 30),
        (ClauseKind.OPERATIVE, "Requests", 30),
        (ClauseKind.OPERATIVE, "Commends", 8),
        (ClauseKind.OPERATIVE, "Remains seized", 3),
    ):
        factories.make_clause(resolution.motion, kind, phrase, "of the matter " * (words // 3))
    resolutions.enact(resolution=resolution, by=gm, now=NOW)
    resolutions.undo(resolution=resolution, why="A forgery.", by=gm, now=NOW)
    reader = PdfReader(io.BytesIO(as_gm.get(at("resolution-pdf", resolution, query)).content))
    assert len(reader.pages) == 1
    text = " ".join(reader.pages[0].extract_text().split())
    assert "The effects of this resolution were undone on the fourteenth of March 2379." in text
    assert "For the Chair" in text and "1 of 1" in text


def test_one_motion_of_the_conferences_own(conference, gm, as_observer):
    page = as_observer.get(at("resolution-print", adopt(conference, gm))).content.decode()
    assert (
        "<b>On the prisoners of Ajilon.</b> Adopted at Ajilon Prime on the fourteenth of March 2379." in page
    )


@pytest.mark.parametrize("enacted", [False, True])
def test_nothing_in_the_file_is_for_the_gm_alone(conference, gm, as_gm, klingon, enacted):
    """Even the GM's own copy, for paper gets about."""
    factories.make_clock(conference.campaign, "The Third Talon", slug="talon", audience=Audience.GM)
    factories.make_entry(conference.campaign, "Gorath of the Seven Knives", slug="gorath", told=[klingon])
    resolution = adopt(
        conference,
        gm,
        effects=[
            {"kind": "clock", "clock": "talon", "by": 1},
            {"kind": "fate", "entry": "gorath", "fate": "in exile"},
            {"kind": "standing", "power": "federation", "other": "klingon", "by": -1},
        ],
    )
    if enacted:
        resolutions.enact(resolution=resolution, by=gm, now=NOW)
    page = as_gm.get(at("resolution-print", resolution)).content.decode()
    data = as_gm.get(at("resolution-pdf", resolution)).content
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(data)).pages)
    for word in ("Talon", "talon", "Gorath", "gorath", "exile", "standing"):
        assert word not in page and word not in text


def test_where_no_pdf_can_be_made_the_browser_prints(conference, gm, as_observer, monkeypatch):
    resolution = adopt(conference, gm)

    def unavailable(*args: object, **kwargs: object) -> bytes:
        raise PrintingUnavailable

    monkeypatch.setattr("khitomer.printing.pdf", unavailable)
    answer = as_observer.get(at("resolution-pdf", resolution))
    assert answer.status_code == 409
    assert "your browser" in answer.content.decode()
    assert as_observer.get(at("resolution-print", resolution)).status_code == 200


def test_the_sheet_links_to_both_papers(conference, gm, as_observer):
    resolution = adopt(conference, gm)
    page = as_observer.get(at("resolution-print", resolution, "?paper=letter")).content.decode()
    assert at("resolution-pdf", resolution, "?paper=letter") in page
    assert "css/paper-letter.css" in page
    assert '<option value="letter" selected>Letter</option>' in page
    screen = as_observer.get(at("resolution", resolution)).content.decode()
    assert screen.count(at("resolution-pdf", resolution)) == 2
    assert "<title>Resolution 1:" in screen


def test_an_outsider_gets_no_copy(conference, gm, as_outsider):
    resolution = adopt(conference, gm)
    assert as_outsider.get(at("resolution-print", resolution)).status_code == 404
    assert as_outsider.get(at("resolution-pdf", resolution)).status_code == 404
