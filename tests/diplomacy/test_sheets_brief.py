"""A delegation's brief: read by its own delegation and the GM, and by nobody else, whatever they are shown."""

import pytest
from django.urls import reverse

from khitomer.access import eyes_of
from khitomer.errors import Refused
from khitomer.models import Audience, Handout, Reservation
from khitomer.rules.dates import StoryDate
from khitomer.sheets import KINDS, sheet_of
from tests import factories
from tests.diplomacy.sheet_house import html, lay, make, show
from tests.khitomer.sheets_drawn import pdf_of, sizes_of, url, words_of

CANARY, OTHER = "Kahless walks at Boreth", "Vulcan shall be unified"
NOTHING = "There is nothing on it that this reader may know."


@pytest.fixture
def house(campaign):
    return lay(campaign)


def brief(house, gm, power, text):
    return make(house, "brief", gm, text=text, told=[power], conference=house.meeting, power=power)


@pytest.fixture
def briefs(house, gm):
    return brief(house, gm, house.klingon, f"**{CANARY}**, ||Gowron||"), brief(
        house, gm, house.romulan, OTHER
    )


def make_url():
    return reverse("handout-make", kwargs={"campaign": "long-peace", "kind": "brief"})


def drawn(handout, eyes):
    return KINDS["brief"].draw(eyes, sheet_of(handout))


def test_it_is_drawn_for_its_own_delegation_and_the_gm_alone(house, briefs, gm, klingon_player, observer):
    klingons, _ = briefs
    viewer = factories.viewer_of(house.campaign, gm)
    own = factories.viewer_of(house.campaign, klingon_player)
    for eyes in (viewer, own, eyes_of(viewer, power=house.klingon), eyes_of(viewer, person=own.membership)):
        assert CANARY in drawn(klingons, eyes).context["text"]
    watching = factories.viewer_of(house.campaign, observer)
    others = [eyes_of(viewer, power=each) for each in house.campaign.powers.exclude(pk=house.klingon.pk)]
    for eyes in (eyes_of(viewer), watching, *others):
        assert drawn(klingons, eyes) is None


@pytest.mark.parametrize("copy", ["all", "power:romulan", "power:federation", "power:klingon", "gm"])
def test_no_copy_has_what_another_power_was_told(briefs, as_gm, copy):
    read = words_of(pdf_of(as_gm, briefs[0], **{"for": copy})), html(as_gm, briefs[0], **{"for": copy})
    for text in read:
        assert (CANARY in text) == (copy in ("power:klingon", "gm"))
        assert (NOTHING in text) != (CANARY in text)
        assert OTHER not in text and "Gowron" not in text and "style=" not in text


def test_were_it_open_to_everybody_it_would_still_tell_nobody_else(briefs, gm, as_klingon, as_romulan):
    klingons, _ = briefs
    for client in (as_klingon, as_romulan):
        assert client.get(url(klingons)).status_code == 404
    with pytest.raises(Refused):
        show(klingons, gm, everyone=True)
    Handout.objects.filter(pk=klingons.pk).update(audience=Audience.ALL)  # as no action would
    assert CANARY in html(as_klingon, klingons)
    for name in ("handout", "handout-print", "handout-pdf"):
        answer = as_romulan.get(url(klingons, name))
        assert answer.status_code == 200
        assert CANARY.encode() not in answer.content
    assert CANARY not in words_of(pdf_of(as_romulan, klingons))


def test_it_says_how_the_power_stands(house, briefs, as_gm):
    resolution = factories.make_resolution(house.campaign)
    factories.make_obligation(resolution, house.klingon)
    provision = house.first.provisions.get()
    Reservation.objects.create(
        provision=provision, power=house.klingon, entered=StoryDate.parse("2374-01-01")
    )
    text = html(as_gm, briefs[0], **{"for": "power:klingon"})
    for expected in (
        "Klingon Empire",
        "Kofi",
        "−3 hostile",
        "+2",
        "Respondent; brought by the United Federation of Planets · heard",
        "Reserved",
        "Returned in 2373 and is bound since. It made a reservation to this provision.",
        "Return the prisoners",
        "due 20 March 2379",
        "more than half of the votes cast",
    ):
        assert expected in text
    other = html(as_gm, briefs[1], **{"for": "power:romulan"})
    assert "Complainant, against the Cardassian Union" in other and "What you owe" not in other
    assert ">Bound</b>" in other


def test_it_is_made_for_its_power_unless_told_otherwise(house, as_gm):
    given = {"title": "Orders", "text": "Vote no.", "conference": house.meeting.pk, "power": house.klingon.pk}
    assert as_gm.post(make_url(), {**given, "token": "one"}).status_code == 302
    made = Handout.objects.get(title="Orders")
    assert made.meant == "powers" and list(made.meant_powers.all()) == [house.klingon]
    assert made.details == {"conference": house.meeting.pk, "power": house.klingon.pk}


@pytest.mark.parametrize("wrong", ["all", "gm", "another", "two", "person"])
def test_it_is_made_for_nobody_else(house, as_gm, wrong):
    person = house.campaign.memberships.get(user__username="klingon")
    audience = {
        "all": {"audience": "all"},
        "gm": {"audience": "gm"},
        "another": {"audience": "powers", "powers": [house.romulan.pk]},
        "two": {"audience": "powers", "powers": [house.klingon.pk, house.romulan.pk]},
        "person": {"audience": "powers", "powers": [house.klingon.pk], "persons": [person.pk]},
    }[wrong]
    given = {"title": "Orders", "conference": house.meeting.pk, "power": house.klingon.pk, "token": "one"}
    answer = as_gm.post(make_url(), {**given, **audience})
    assert "for the power that it instructs alone" in answer.content.decode()
    assert not Handout.objects.exists()


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_it_is_the_paper_asked_for_with_nothing_written_at_all(house, gm, as_gm, paper, size):
    bare = factories.make_conference(house.campaign, 0, place="", name="Bare")
    handout = make(house, "brief", gm, told=[house.ferengi], conference=bare, power=house.ferengi)
    reader = pdf_of(as_gm, handout, **{"for": "gm", "paper": paper})
    assert set(sizes_of(reader)) == {size} and len(reader.pages) == 1
    text = words_of(reader)
    assert "None but your own judgement." in text and "you have no seat" in text


def test_a_brief_is_not_given_to_another_power_by_mistake(campaign, gm, as_gm, as_romulan):
    house = lay(campaign)
    brief = make(
        house, "brief", gm, text="Hold.", told=[house.klingon], conference=house.meeting, power=house.klingon
    )
    note = reverse("printed-note", args=[campaign.slug])
    given = {"title": "The brief", "handout": brief.slug, "copies": "1", "to": "power:romulan", "show": "on"}
    page = as_gm.post(note, given, follow=True).content.decode()
    assert "is not for Romulan Star Empire" in page
    assert not campaign.printed.exists() and as_romulan.get(url(brief)).status_code == 404
