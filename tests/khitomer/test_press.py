"""How a sheet is printed, remembered by person; whose copy it is; and what is out on paper."""

import pytest
from django.urls import reverse

from khitomer.actions import disclosures
from khitomer.actions import handouts as actions
from khitomer.actions import press as pressing
from khitomer.actions.disclosures import Told
from khitomer.errors import Refused
from khitomer.models import Audience, PressMemory, Printed
from khitomer.rules.press import Paper, Press, Sides, Turn
from khitomer.rules.redaction import BAR, redacted
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def text_of(client, name, query="", **kwargs):
    answer = client.get(url(name, **kwargs) + query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def letter(campaign, gm, klingon, romulan):
    return actions.add_handout(
        campaign=campaign,
        title="To the Chancellor",
        text="We know what ||the second officer|| did.",
        kind="letter",
        details={"letterhead": romulan.pk, "sender": "Praetor Donatra", "dated": "2379-03-12"},
        meant=Told(powers=frozenset([klingon])),
        by=gm,
        now=NOW,
    )


# The values


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"paper": "letter"}, Press(paper=Paper.LETTER)),
        ({"turn": "landscape", "bleed": "6"}, Press(turn=Turn.LANDSCAPE, bleed=6)),
        ({"marks": "0", "large": "1"}, Press(marks=False, large=True)),
        ({"sides": "fold"}, Press(sides=Sides.FOLD)),
        ({"paper": "foolscap", "bleed": "5", "marks": "yes", "sides": ""}, Press()),
    ],
)
def test_what_is_no_choice_is_left_as_it_was(given, wanted):
    assert Press().but(given) == wanted


def test_what_is_kept_is_read_again():
    odd = Press(paper=Paper.LETTER, turn=Turn.LANDSCAPE, bleed=3, marks=False, sides=Sides.SHORT, large=True)
    assert Press().but(odd.kept) == odd
    assert Press().but(odd.given) == odd
    assert Press().given == {"paper": "a4"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("We know ||all of it||.", f"We know {BAR}."),
        ("||a||, ||a far longer name than that||", f"{BAR}, {BAR}"),
        ("One bar | two bars || and no end", "One bar | two bars || and no end"),
        ("||one\n\ntwo||", f"{BAR}\n\n{BAR}"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |"),
    ],
)
def test_what_is_blacked_out_is_gone_whatever_its_length(text, read):
    assert redacted(text) == read


# Remembered


def test_it_is_remembered_by_person_and_not_by_sheet(as_gm, as_klingon, gm, letter):
    sheet = url("handout-print", handout=letter.slug)
    asked = ["paper", "turn", "sides", "ink_saving", "large"]
    sent = {"next": sheet, "asked": asked, "paper": "letter", "turn": "landscape", "large": "on"}
    assert as_gm.post(reverse("press"), sent).url == sheet
    page = text_of(as_gm, "handout-print", handout=letter.slug)
    assert (
        "css/paper-letter-landscape.css" in page
        and 'class="paper-letter turn-landscape sides-one large"' in page
    )
    assert Press().but(PressMemory.objects.get(user=gm).kept).large
    assert not PressMemory.objects.exclude(user=gm).exists()


def test_what_a_sheet_does_not_ask_stays_as_it_was(as_gm, gm):
    pressing.remember(user=gm, press=Press(bleed=6, turn=Turn.LANDSCAPE))
    as_gm.post(reverse("press"), {"next": "/", "asked": ["paper", "marks"], "paper": "letter"})
    kept = Press().but(PressMemory.objects.get(user=gm).kept)
    assert kept == Press(paper=Paper.LETTER, bleed=6, turn=Turn.LANDSCAPE, marks=False)


def test_the_way_on_leads_nowhere_else(as_gm):
    assert as_gm.post(reverse("press"), {"next": "//elsewhere.example/"}).url == reverse("home")


# Whose copy, and what is blacked out


def test_what_is_blacked_out_is_in_no_page_but_the_gms_form(as_gm, as_klingon, letter, klingon, gm):
    disclosures.reveal(thing=letter, to=Told(powers=frozenset([klingon])), by=gm, now=NOW)
    for client in (as_gm, as_klingon):
        for name in ("handout", "handout-print"):
            page = text_of(client, name, handout=letter.slug)
            assert "second officer" not in page and "blacked out" in page
        found = text_of(client, "search", "?q=second+officer")
        assert "To the Chancellor" not in found
    assert "||the second officer||" in text_of(as_gm, "handout-edit", handout=letter.slug)


def test_a_gm_chooses_whose_copy_and_a_player_has_their_own(as_gm, as_klingon, letter, klingon, gm):
    page = text_of(as_gm, "handout-print", handout=letter.slug)
    assert "Klingon Empire</a>" in page and "for=gm" in page.replace("%3A", ":")
    assert as_gm.get(url("handout-print", handout=letter.slug) + "?for=power:nobody").status_code == 404
    assert as_gm.get(url("handout-print", handout=letter.slug) + "?for=person:999999").status_code == 404
    assert as_klingon.get(url("handout-print", handout=letter.slug) + "?for=gm").status_code == 404


def test_for_whom_it_is_made_is_the_gms_to_know(as_gm, as_klingon, as_romulan, letter, klingon, romulan, gm):
    disclosures.reveal(thing=letter, to=Told(powers=frozenset([romulan])), by=gm, now=NOW)
    assert "Made for Klingon Empire." in text_of(as_gm, "handout", handout=letter.slug)
    for name in ("handout", "handout-print"):
        assert "Klingon" not in text_of(as_romulan, name, handout=letter.slug)
    assert as_klingon.get(url("handout", handout=letter.slug)).status_code == 404


def test_what_is_sealed_is_shown_to_nobody_but_those_it_is_made_for(
    campaign, gm, klingon, romulan, as_gm, as_romulan, as_klingon
):
    sealed = actions.add_handout(
        campaign=campaign,
        title="The sealed order",
        text="Of the ninth drawer.",
        meant=Told(powers=frozenset([klingon])),
        sealed=True,
        by=gm,
        now=NOW,
    )
    for to in (Told(everyone=True), Told(powers=frozenset([klingon, romulan]))):
        with pytest.raises(Refused, match="is not for"):
            disclosures.reveal(thing=sealed, to=to, by=gm, now=NOW)
    answer = noted(as_gm, sealed, to="power:romulan", show="on", follow=True)
    assert "Nothing was noted: “The sealed order” is not for Romulan Star Empire." in answer.content.decode()
    assert not Printed.objects.exists()
    disclosures.reveal(thing=sealed, to=Told(powers=frozenset([klingon])), by=gm, now=NOW)
    assert "sealed order" in text_of(as_klingon, "search", "?q=ninth+drawer")
    assert "sealed order" not in text_of(as_romulan, "search", "?q=ninth+drawer")
    meant = Told(powers=frozenset([romulan]))
    with pytest.raises(Refused, match="is not for Klingon Empire"):
        actions.edit_handout(handout=sealed, title="T", text="Of it.", meant=meant, by=gm, now=NOW)


# Noted, shown, withdrawn


def noted(client, letter, **given):
    sent = {"title": letter.title, "path": url("handout-print", handout=letter.slug), "handout": letter.slug}
    follow = given.pop("follow", False)
    return client.post(url("printed-note"), {**sent, "copies": "1", **given}, follow=follow)


def test_what_is_given_is_noted_and_shown_on_their_screens(as_gm, as_klingon, letter, klingon, gm):
    assert noted(as_gm, letter, to="power:klingon", copies="2", show="on").status_code == 302
    row = Printed.objects.get()
    assert (row.copies, row.given_to, row.handout) == (2, "Klingon Empire", letter)
    assert as_klingon.get(url("handout", handout=letter.slug)).status_code == 200
    assert "2 × to Klingon Empire" in text_of(as_gm, "handout", handout=letter.slug)
    assert "2 ×" not in text_of(as_klingon, "handout", handout=letter.slug)


def test_a_note_alone_shows_nothing_to_anybody(as_gm, as_klingon, letter):
    noted(as_gm, letter, to="power:klingon")
    letter.refresh_from_db()
    assert letter.audience == Audience.GM
    assert as_klingon.get(url("handout", handout=letter.slug)).status_code == 404


def test_a_letter_for_one_person_is_shown_to_nobody_else_by_a_careless_press(
    campaign, gm, as_gm, klingon_player
):
    person = campaign.memberships.get(user=klingon_player)
    letter = actions.add_handout(
        campaign=campaign,
        title="For you",
        text="Burn it.",
        meant=Told(persons=frozenset([person])),
        by=gm,
        now=NOW,
    )
    sheet = text_of(as_gm, "handout-print", handout=letter.slug)
    assert f'<option value="person:{person.pk}" selected>' in sheet
    everyones = text_of(as_gm, "handout-print", "?for=all", handout=letter.slug)
    assert (
        "selected"
        not in everyones[
            everyones.index('id="press-to"') : everyones.index("</select>", everyones.index('id="press-to"'))
        ]
    )


@pytest.mark.parametrize("wrong", [{"copies": "0"}, {"copies": "100"}, {"copies": "x"}, {"to": ""}])
def test_a_note_that_makes_no_sense_is_none(as_gm, letter, wrong):
    answer = as_gm.post(url("printed-note"), {"title": "T", "to": "all", "copies": "1", **wrong}, follow=True)
    assert "Nothing was noted" in answer.content.decode() and not Printed.objects.exists()


def test_the_action_refuses_copies_out_of_reason(campaign, gm):
    with pytest.raises(Refused):
        pressing.note_printed(campaign=campaign, title="T", to=Told(), copies=0, by=gm, now=NOW)


def test_what_came_back_is_off_the_list_once(as_gm, campaign, letter, gm, klingon):
    first = pressing.note_printed(
        campaign=campaign, title="One", to=Told(powers=frozenset([klingon])), by=gm, now=NOW
    )
    pressing.note_printed(campaign=campaign, title="Two", to=Told(everyone=True), by=gm, now=NOW)
    page = text_of(as_gm, "printed")
    assert "Klingon Empire" in page and "Everyone at the table" in page
    as_gm.post(url("printed-withdraw"), {"printed": [first.pk, "x", 10**30]})
    assert [row.title for row in Printed.objects.out()] == ["Two"]
    assert pressing.withdraw(campaign=campaign, printed=[first.pk], by=gm, now=NOW) == 0


def test_another_campaigns_paper_is_not_withdrawn(as_gm, campaign, gm):
    other = factories.make_campaign(slug="other")
    factories.join(other, gm, "gm")
    theirs = pressing.note_printed(campaign=other, title="Theirs", to=Told(), by=gm, now=NOW)
    as_gm.post(url("printed-withdraw"), {"printed": [theirs.pk]})
    assert Printed.objects.out().filter(pk=theirs.pk).exists()
