"""The pages of the parley, the panel on the complaint's page, the desks, and what falls due."""

import pytest
from django.urls import reverse

from diplomacy.models import Message, Offer, OfferState
from diplomacy.rules.procedure import ComplaintStage
from khitomer.due import due_by
from khitomer.rules.dates import StoryDate
from tests import factories
from tests.parley_rows import give_effect, make_message, make_offer, make_settlement

STANDING = factories.standing_effect(by=1)


@pytest.fixture
def complaint(campaign):
    return factories.make_complaint(campaign)


def address(complaint, name="parley", **kwargs):
    where = {"campaign": complaint.campaign.slug, "number": complaint.number, **kwargs}
    return reverse(name, kwargs=where)


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def field(html, name):
    return html.split(f'name="{name}" value="')[1].split('"')[0]


# Talking


def test_the_empty_parley_says_what_to_do(as_federation, complaint):
    assert "Nothing has been said yet" in text_of(as_federation.get(address(complaint)))


def test_a_message_sent_twice_is_said_once(as_klingon, complaint, klingon):
    form = text_of(as_klingon.get(address(complaint)))
    post = {"token": field(form, "token"), "power": "klingon", "text": "*Qapla’*"}
    for _ in range(2):
        response = as_klingon.post(address(complaint), post)
        assert response["Location"] == address(complaint)
    assert [(each.power, each.text) for each in Message.objects.all()] == [(klingon, "*Qapla’*")]
    assert "<em>Qapla’</em>" in text_of(as_klingon.get(address(complaint)))


def test_what_will_not_do_is_kept_and_answered_beside_its_field(as_klingon, complaint):
    html = text_of(as_klingon.post(address(complaint), {"power": "klingon", "token": "one", "text": ""}), 422)
    assert "This is needed." in html
    html = text_of(
        as_klingon.post(address(complaint), {"power": "federation", "token": "one", "text": "I yield."}), 422
    )
    assert "I yield." in html
    assert not Message.objects.exists()


def test_the_gm_notes_a_meeting(as_gm, as_klingon, as_romulan, complaint):
    post = {"token": "one", "note": "They met, and drank."}
    response = as_gm.post(address(complaint, "parley-note"), post)
    assert response["Location"] == address(complaint)
    for client in (as_gm, as_klingon):
        assert "They met, and drank." in text_of(client.get(address(complaint)))
    assert as_romulan.get(address(complaint)).status_code == 404
    html = text_of(as_gm.post(address(complaint, "parley-note"), {"token": "two", "note": "x" * 301}), 422)
    assert "x" * 301 in html


def test_the_gm_speaks_for_powers_without_a_player(as_gm, campaign, cardassian, ferengi):
    complaint = factories.make_complaint(campaign, complainant=ferengi, respondent=cardassian)
    html = text_of(as_gm.get(address(complaint)))
    assert '<option value="ferengi">' in html
    as_gm.post(address(complaint), {"token": "one", "power": "cardassian", "text": "No."})
    assert Message.objects.get().power == cardassian


# Offers


def test_an_offer_with_an_effect_is_previewed_and_made(as_federation, complaint, federation):
    form = text_of(as_federation.get(address(complaint, "offer-new")))
    post = {
        "token": field(form, "token"),
        "power": "federation",
        "terms": "They go home.",
        "lapses_on": "2379-04-01",
        "clauses": "1",
        "clause-0-effects": "1",
        "clause-0-effect-0-kind": "standing",
        "clause-0-effect-0-power": "federation",
        "clause-0-effect-0-other": "klingon",
        "clause-0-effect-0-by": "1",
    }
    checked = text_of(as_federation.post(address(complaint, "offer-new"), {**post, "do": "check"}))
    assert "+2" in checked and "+3" in checked
    assert not Offer.objects.exists()

    for _ in range(2):
        as_federation.post(address(complaint, "offer-new"), post)
    offer = Offer.objects.get()
    assert (offer.power, offer.terms, offer.effects) == (federation, "They go home.", [STANDING])
    assert offer.lapses_on == StoryDate.parse("2379-04-01")


def test_buttons_add_and_remove_effects_and_keep_what_was_typed(as_federation, complaint):
    post = {
        "power": "federation",
        "terms": "They go home.",
        "clauses": "1",
        "clause-0-effects": "1",
        "clause-0-effect-0-kind": "event",
        "clause-0-effect-0-title": "They go home",
    }
    html = text_of(as_federation.post(address(complaint, "offer-new"), {**post, "do": "effect:0"}))
    assert field(html, "clause-0-effects") == "2"
    assert "They go home." in html
    html = text_of(as_federation.post(address(complaint, "offer-new"), {**post, "do": "drop:0:0"}))
    assert 'value="They go home"' not in html


def test_a_party_cannot_name_what_is_kept_from_it(as_federation, complaint, klingon):
    factories.make_clock(complaint.campaign, "The fleet gathers", told=[klingon])
    html = text_of(as_federation.get(address(complaint, "offer-new")))
    assert "The fleet gathers" not in html
    post = {
        "token": "one",
        "power": "federation",
        "terms": "It stops.",
        "clauses": "1",
        "clause-0-effects": "1",
        "clause-0-effect-0-kind": "clock",
        "clause-0-effect-0-clock": "the-fleet-gathers",
        "clause-0-effect-0-by": "-1",
    }
    text_of(as_federation.post(address(complaint, "offer-new"), post), 422)
    assert not Offer.objects.exists()


def test_what_an_offer_touches_unknown_to_its_reader_leaves_no_line(
    as_federation, as_klingon, complaint, klingon
):
    clock = factories.make_clock(complaint.campaign, "The fleet gathers", told=[klingon])
    make_offer(complaint, klingon, effects=[{"kind": "clock", "clock": clock.slug, "by": 1}, STANDING])
    for url in (
        address(complaint),
        address(complaint, "complaint"),
        address(complaint, "offer-accept", offer=1),
    ):
        html = text_of(as_federation.get(url))
        assert "fleet" not in html
        assert "Standing of" in html
        assert "The fleet gathers" in text_of(as_klingon.get(url))


def test_two_clicks_from_the_complaints_page_end_it(as_klingon, complaint, federation):
    make_offer(complaint, federation, effects=[STANDING])
    question = address(complaint, "offer-accept", offer=1)
    assert f'href="{question}"' in text_of(as_klingon.get(address(complaint, "complaint")))

    html = text_of(as_klingon.get(question))
    assert "+2" in html and "+3" in html
    response = as_klingon.post(question, {"token": field(html, "token"), "power": field(html, "power")})

    assert response["Location"] == address(complaint, "complaint")
    complaint.refresh_from_db()
    assert complaint.stage == ComplaintStage.SETTLED


def test_too_late_is_said_in_words(as_klingon, complaint, federation, klingon):
    make_offer(complaint, federation, state=OfferState.TAKEN_BACK)
    post = {"token": "one", "power": "klingon"}
    html = text_of(as_klingon.post(address(complaint, "offer-accept", offer=1), post), 422)
    assert "Offer 1 was taken back" in html


def test_refuse_counter_and_take_back(as_federation, as_klingon, complaint, federation, klingon):
    first = make_offer(complaint, federation)
    as_klingon.post(address(complaint, "offer-refuse", offer=1), {"power": "klingon"})
    second = make_offer(complaint, federation)
    counter = address(complaint, "offer-new") + "?answers=2"
    assert "Making yours ends that one." in text_of(as_klingon.get(counter))
    as_klingon.post(counter, {"token": "one", "power": "klingon", "terms": "Rather this."})
    third = Offer.objects.get(number=3)
    as_klingon.post(address(complaint, "offer-take-back", offer=3))

    for offer in (first, second, third):
        offer.refresh_from_db()
    assert third.answers == second
    assert [offer.state for offer in (first, second, third)] == [
        OfferState.REFUSED,
        OfferState.COUNTERED,
        OfferState.TAKEN_BACK,
    ]


@pytest.mark.parametrize("answers", ["9", "x", "-1", "99999999999999999999"])
def test_to_answer_what_is_not_there_is_not_found(as_klingon, complaint, answers):
    assert as_klingon.get(address(complaint, "offer-new") + f"?answers={answers}").status_code == 404


# The complaint's page


def test_everyone_reads_the_terms_and_nobody_else_the_rest(
    as_observer, as_romulan, as_gm, complaint, klingon, federation
):
    make_message(complaint, klingon, "Only between us.")
    make_offer(complaint, klingon, "Something else.")
    make_settlement(complaint, [STANDING])
    for client in (as_observer, as_romulan):
        html = text_of(client.get(address(complaint, "complaint")))
        assert "The prisoners go home." in html
        assert "Only between us." not in html
        assert "Something else." not in html
        assert "Give effect" not in html
        assert "arley" not in html
    assert "Give effect to the settlement" in text_of(as_gm.get(address(complaint, "complaint")))


def test_given_effect_in_one_press_and_undone_with_a_reason(as_gm, as_observer, campaign, complaint):
    make_settlement(complaint, [STANDING])
    as_gm.post(address(complaint, "settlement-enact"))
    assert campaign.ledger.filter(source=f"settlement:{complaint.number}").count() == 1
    assert "in effect" in text_of(as_observer.get(address(complaint, "complaint")))

    undo = address(complaint, "settlement-undo")
    assert "What is taken back" in text_of(as_gm.get(undo))
    text_of(as_gm.post(undo, {"why": ""}), 422)
    as_gm.post(undo, {"why": "It was misread."})
    html = text_of(as_observer.get(address(complaint, "complaint")))
    assert "It was misread." in html
    assert "taken back" in html


# The desks


def test_an_offer_waits_on_the_desk_of_whoever_is_to_answer(
    as_federation, as_klingon, as_romulan, as_gm, campaign, complaint, federation
):
    make_offer(complaint, federation)
    desk = reverse("desk", kwargs={"campaign": campaign.slug})
    assert "an offer of United Federation of Planets" in text_of(as_klingon.get(desk))
    for client in (as_federation, as_romulan, as_gm):
        assert "an offer of" not in text_of(client.get(desk))


def test_the_gm_answers_for_powers_without_a_player(as_gm, campaign, federation, cardassian):
    make_offer(factories.make_complaint(campaign, respondent=cardassian), federation)
    html = text_of(as_gm.get(reverse("desk", kwargs={"campaign": campaign.slug})))
    assert "an offer of United Federation of Planets to Cardassian Union" in html


def test_a_settlement_waits_for_the_gm_until_it_has_had_its_effect(as_gm, as_klingon, campaign, complaint):
    offer = make_settlement(complaint, [STANDING])
    make_settlement(factories.make_complaint(campaign))  # words alone: nothing waits
    desk = reverse("desk", kwargs={"campaign": campaign.slug})
    assert text_of(as_gm.get(desk)).count("Settled by its parties") == 1
    assert "Settled by its parties" not in text_of(as_klingon.get(desk))
    give_effect(offer)
    assert "Settled by its parties" not in text_of(as_gm.get(desk))


def test_what_lapses_is_told_to_the_parties_and_the_gm(
    campaign, complaint, federation, gm, klingon_player, romulan_player, observer
):
    make_offer(complaint, federation, lapses_on=StoryDate.parse("2379-03-20"))
    make_offer(complaint, federation, lapses_on=StoryDate.parse("2379-05-20"))
    make_offer(complaint, federation, lapses_on=StoryDate.parse("2379-03-20"), state=OfferState.REFUSED)
    by = StoryDate.parse("2379-04")
    for user, told in ((gm, 1), (klingon_player, 1), (romulan_player, 0), (observer, 0)):
        due = [each for each in due_by(factories.viewer_of(campaign, user), by) if each.sort == "Offer"]
        assert len(due) == told, user


# One and fifty


@pytest.mark.parametrize("rows", [1, 50])
def test_the_parley_asks_as_much_for_fifty_as_for_one(
    as_klingon, complaint, federation, klingon, django_assert_num_queries, rows
):
    for _ in range(rows):
        make_message(complaint, klingon)
        make_offer(complaint, federation, effects=[STANDING])
    with django_assert_num_queries(18):
        text_of(as_klingon.get(address(complaint)))


@pytest.mark.parametrize("rows", [1, 50])
def test_so_does_the_desk(as_klingon, campaign, federation, klingon, django_assert_num_queries, rows):
    complaint = factories.make_complaint(campaign)
    for _ in range(rows):
        make_offer(complaint, federation)
    desk = reverse("desk", kwargs={"campaign": campaign.slug})
    with django_assert_num_queries(27):
        text_of(as_klingon.get(desk))


def test_a_long_parley_shows_its_latest_and_leads_to_the_rest(as_klingon, complaint, klingon):
    for number in range(60):
        make_message(complaint, klingon, f"Word {number:02}.")
    html = text_of(as_klingon.get(address(complaint)))
    assert "Word 59." in html and "Word 09." not in html
    assert "Word 09." in text_of(as_klingon.get(address(complaint) + "?all"))


def test_a_counter_offer_begins_with_what_it_answers(as_klingon, complaint, federation):
    """Less what names a thing that is kept from whoever answers."""
    hidden = factories.make_clock(complaint.campaign, "The fleet gathers", told=[federation])
    standing = factories.standing_effect(by=2)
    effects = [standing, {"kind": "clock", "clock": hidden.slug, "by": 1}]
    offer = make_offer(complaint, federation, "The prisoners go home.", effects=effects)
    address = reverse("offer-new", args=[complaint.campaign.slug, complaint.number])
    answer = as_klingon.get(f"{address}?answers={offer.number}")
    assert "The prisoners go home." in answer.context["offering"].head.initial["terms"]
    assert [form.initial["kind"] for form in answer.context["offering"].effects] == ["standing"]
    assert "Make the counter-offer" in answer.text
    assert hidden.slug not in answer.text
