"""The page of a motion: the text, the horseshoe, one's own ballots, the result; and no running count before the close."""

import re
from fractions import Fraction

import pytest
from django.urls import reverse

from diplomacy.actions import ballots, resolutions
from diplomacy.models import Motion
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.models import Audience
from tests import factories
from tests.factories import NOW

SECRET = "The Third Talon"


@pytest.fixture
def conference(campaign):
    return factories.make_conference(campaign, 5)


@pytest.fixture
def motion(conference, gm):
    return ballots.open_vote(motion=factories.make_motion(conference), by=gm, now=NOW)


def at(motion, name="motion"):
    where = {
        "campaign": motion.conference.campaign.slug,
        "conference": motion.conference.slug,
        "number": motion.number,
    }
    return reverse(name, kwargs=where)


def read(client, motion):
    answer = client.get(at(motion))
    assert answer.status_code == 200
    return answer.content.decode()


def cast(motion, slug, choice, by):
    seat = motion.conference.seats.get(power__slug=slug)
    ballots.cast(motion=motion, seat=seat, choice=choice, by=by, now=NOW)


def stripped(page):
    """The page without what differs between any two answers."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


# Before the close


def test_the_text_is_read_as_one_sentence(motion, as_observer):
    page = read(as_observer, motion)
    assert "<em>Recalling</em> the Second Khitomer Accords;" in page
    assert "<em>Finds</em> that the prisoners were not returned." in page


@pytest.mark.parametrize("choices", [("yes", "no"), ("no", "yes"), ("abstain", "abstain")])
def test_a_page_says_who_has_voted_and_not_a_word_of_what(
    motion, as_federation, klingon_player, romulan_player, choices
):
    """Whatever others cast, the page is the same to the letter: no count, no attribute, no order gives it away."""
    cast(motion, "klingon", "yes", klingon_player)
    cast(motion, "romulan", "yes", romulan_player)
    reference = stripped(read(as_federation, motion))
    cast(motion, "klingon", choices[0], klingon_player)
    cast(motion, "romulan", choices[1], romulan_player)

    assert stripped(read(as_federation, motion)) == reference
    assert "2 of 5" in reference


@pytest.mark.parametrize("who", ["as_gm", "as_co_gm", "as_observer", "as_romulan", "as_federation"])
def test_nobody_reads_anothers_ballot_before_the_close(request, motion, klingon_player, who):
    client = request.getfixturevalue(who)
    cast(motion, "klingon", "yes", klingon_player)
    reference = stripped(read(client, motion))
    for choice in ("no", "abstain"):
        cast(motion, "klingon", choice, klingon_player)
        assert stripped(read(client, motion)) == reference


def test_ones_own_choice_is_marked(motion, as_federation, federation_player):
    seat = motion.conference.seats.get(power__slug="federation").pk
    assert read(as_federation, motion).count('aria-pressed="true"') == 0
    cast(motion, "federation", "abstain", federation_player)
    page = read(as_federation, motion)
    assert page.count('aria-pressed="true"') == 1
    assert re.search(rf'id="ballot-{seat}-abstain"[^>]*aria-pressed="true"', page)


def test_the_gm_votes_for_the_seats_without_a_delegate(motion, as_gm, gm, cardassian, ferengi):
    cast(motion, "ferengi", "no", gm)
    page = read(as_gm, motion)
    assert "Seats you speak for" in page
    assert page.count('name="seat"') == 2
    assert page.count('aria-pressed="true"') == 1
    assert "Close the vote" in page
    assert "Close with 4 seats missing?" in page
    assert "Not voted yet: Cardassian Union, Klingon Empire" in page


def test_a_party_is_told_why_it_has_no_ballot(conference, gm, as_federation):
    complaint = factories.make_complaint(conference.campaign, ComplaintStage.HEARD, conference=conference)
    motion = ballots.open_vote(motion=factories.make_motion(conference, complaint=complaint), by=gm, now=NOW)
    page = read(as_federation, motion)
    assert "A party to the complaint is recused from the vote on it." in page
    assert 'name="choice"' not in page


def test_an_observer_watches(motion, as_observer):
    page = read(as_observer, motion)
    assert "The vote is open" in page
    assert 'name="choice"' not in page and "Close the vote" not in page


def test_a_draft_is_its_sponsors_and_the_chairs(conference, as_gm, as_federation, as_klingon):
    motion = factories.make_motion(
        conference, MotionStage.DRAFT, sponsor=conference.seats.get(power__slug="federation")
    )
    assert as_gm.get(at(motion)).status_code == 200
    assert as_federation.get(at(motion)).status_code == 200
    assert as_klingon.get(at(motion)).status_code == 404


def test_why_it_cannot_be_opened_is_said(conference, as_gm):
    complaint = factories.make_complaint(conference.campaign, ComplaintStage.SCHEDULED, conference=conference)
    page = read(as_gm, factories.make_motion(conference, complaint=complaint))
    assert "open the hearing first" in page
    assert "Open the vote" not in page


def test_the_gm_opens_the_vote_from_here(conference, as_gm):
    page = read(as_gm, factories.make_motion(conference))
    assert "Open the vote" in page and "Roll call" in page


# After it


def test_the_result_with_its_reason_and_every_choice(
    motion, gm, federation_player, klingon_player, as_observer
):
    cast(motion, "federation", "yes", federation_player)
    cast(motion, "klingon", "no", klingon_player)
    cast(motion, "cardassian", "yes", gm)
    ballots.close(motion=motion, by=gm, now=NOW)
    page = read(as_observer, motion)

    assert "Adopted: 2 in favour, 1 against, 0 abstaining, 2 not voting" in page
    assert "Counted again from the ballots just now: the same." in page
    assert page.count('<span class="tag moss">Yes</span>') == 2
    assert page.count("Did not vote") == 2
    assert "Resolution 1" in page


def test_the_mark_stands_where_the_votes_needed_end(
    conference, gm, federation_player, klingon_player, romulan_player, as_observer
):
    conference.charter.threshold, conference.charter.at_least = Fraction(2, 3), True
    conference.charter.save()
    motion = ballots.open_vote(motion=factories.make_motion(conference), by=gm, now=NOW)
    for slug, who in (("federation", federation_player), ("klingon", klingon_player), ("cardassian", gm)):
        cast(motion, slug, "yes", who)
    cast(motion, "romulan", "no", romulan_player)
    ballots.close(motion=motion, by=gm, now=NOW)
    page = read(as_observer, motion)
    assert "3 of the 4 votes cast were needed" in page
    assert 'class="dw-threshold" x="60.0%"' in page  # three of five seats


def test_the_seats_without_a_ballot_take_one_line(conference, gm, as_gm, klingon):
    conference.seats.filter(power=klingon).update(delegate=None)
    complaint = factories.make_complaint(conference.campaign, ComplaintStage.HEARD, conference=conference)
    motion = ballots.open_vote(motion=factories.make_motion(conference, complaint=complaint), by=gm, now=NOW)
    page = read(as_gm, motion)
    assert "Recused, as parties to the complaint: Klingon Empire." in page
    assert "for Klingon Empire" not in page and "Yes<span" in page
    assert "All seats the GM speaks for" in page


def test_a_ballot_tampered_with_is_noticed(motion, gm, federation_player, as_observer):
    cast(motion, "federation", "yes", federation_player)
    ballots.close(motion=motion, by=gm, now=NOW)
    motion.ballots.update(choice="no")
    assert "Counted again from the ballots, this does not agree." in read(as_observer, motion)


def test_a_tie_waits_for_the_chair(conference, gm, federation_player, as_gm, as_federation):
    motion = ballots.open_vote(motion=factories.make_motion(conference), by=gm, now=NOW)
    cast(motion, "federation", "yes", federation_player)
    cast(motion, "cardassian", "no", gm)
    ballots.close(motion=motion, by=gm, now=NOW)

    assert "casting vote decides the tie" in read(as_gm, motion)
    assert "casting vote decides the tie" not in read(as_federation, motion)
    assert as_gm.post(at(motion, "vote-casting"), {"choice": "yes"}).status_code == 302
    assert Motion.objects.get(pk=motion.pk).stage == MotionStage.ADOPTED


# Effects


@pytest.fixture
def secretive(conference, klingon):
    """A motion that sets a standing, ticks a clock of the GM's and seals a fate that only the Klingons know of."""
    factories.make_clock(conference.campaign, SECRET, slug="talon", audience=Audience.GM)
    factories.make_entry(conference.campaign, "Gorath", slug="gorath", told=[klingon])
    return factories.make_motion(
        conference,
        effects=[
            factories.standing_effect(),
            {"kind": "clock", "clock": "talon", "by": 1},
            {"kind": "fate", "entry": "gorath", "fate": "in exile"},
            {"kind": "obligation", "power": "klingon", "text": "Send them home", "due_on": "2379-04-01"},
        ],
    )


@pytest.mark.parametrize(
    ("who", "sees", "not_seen"),
    [
        ("as_gm", [SECRET, "Gorath", "Send them home"], []),
        ("as_klingon", ["Gorath", "Send them home"], [SECRET, "talon"]),
        ("as_federation", ["Send them home"], [SECRET, "talon", "Gorath", "exile"]),
        ("as_observer", ["Send them home"], [SECRET, "talon", "Gorath", "exile"]),
    ],
)
@pytest.mark.parametrize("enacted", [False, True])
def test_effects_are_for_those_who_know_of_what_they_touch(
    request, secretive, gm, who, sees, not_seen, enacted
):
    client = request.getfixturevalue(who)
    addresses = [at(secretive)]
    if enacted:
        secretive = ballots.open_vote(motion=secretive, by=gm, now=NOW)
        cast(secretive, "cardassian", "yes", gm)
        resolution = ballots.close(motion=secretive, by=gm, now=NOW).resolution
        resolutions.enact(resolution=resolution, by=gm, now=NOW)
        where = {"campaign": secretive.conference.campaign.slug, "number": resolution.number}
        addresses += [reverse("resolution", kwargs=where), reverse("resolution-print", kwargs=where)]
    for address, told in zip(addresses[:2], ["go from +2 to 0", '">+2</span> → <span'], strict=False):
        page = client.get(address).content.decode()
        assert told in page
        assert all(word in page for word in sees)
        assert not any(word in page for word in not_seen)
    for address in addresses[2:]:
        printed = client.get(address).content.decode()
        assert not any(word in printed for word in (SECRET, "talon", "Gorath", "exile"))


def test_an_impossible_effect_is_the_gms_to_know(conference, as_gm, as_federation):
    factories.make_clock(conference.campaign, SECRET, slug="talon", audience=Audience.GM, size=4, filled=4)
    motion = factories.make_motion(conference, effects=[{"kind": "clock", "clock": "talon", "by": 1}])
    assert f"The clock “{SECRET}” is at 4 of 4" in read(as_gm, motion)
    page = read(as_federation, motion)
    assert SECRET not in page and "cannot be made" not in page


# Who may look, and at what cost


def test_an_outsider_finds_nothing(motion, as_outsider, as_anonymous):
    assert as_outsider.get(at(motion)).status_code == 404
    assert as_anonymous.get(at(motion)).status_code == 302


@pytest.mark.parametrize("number", [2, 24])
@pytest.mark.parametrize("ended", [False, True])
def test_the_page_costs_the_same_for_two_seats_and_for_twenty_four(
    campaign, gm, as_gm, cardassian, ferengi, number, ended, django_assert_num_queries
):
    powers = [cardassian, ferengi, *factories.make_powers(campaign, number - 2)]
    conference = factories.make_conference(campaign, powers)
    motion = factories.make_motion(conference, effects=[factories.standing_effect()])
    motion = ballots.open_vote(motion=motion, by=gm, now=NOW)
    for seat in conference.seats.filter(delegate=None):
        ballots.cast(motion=motion, seat=seat, choice="yes", by=gm, now=NOW)
    if ended:
        ballots.close(motion=motion, by=gm, now=NOW)
    as_gm.get(at(motion))
    with django_assert_num_queries(37 if ended else 40):
        as_gm.get(at(motion))
