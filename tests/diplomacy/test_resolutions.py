"""Adopted, previewed, enacted once, undone with a reason; obligations met or void; the list and the page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from diplomacy.actions import ballots, resolutions
from diplomacy.models import ObligationState, Resolution
from khitomer.actions import chronicle
from khitomer.errors import Refused
from khitomer.models import Activity, ActivityKind, Adherence, Audience
from khitomer.rules import changes
from khitomer.rules.dates import StoryDate
from tests import factories
from tests.factories import NOW

LATER = NOW + timedelta(minutes=30)
EFFECTS = [
    {"kind": "standing", "power": "federation", "other": "klingon", "by": -2},
    {"kind": "enter", "treaty": "second-khitomer-accords", "power": "ferengi"},
    {"kind": "event", "title": "The Ajilon judgment", "text": "Read aloud."},
    {"kind": "clock", "clock": "war-drums", "by": 2},
    {"kind": "fate", "entry": "gorath", "fate": "in exile"},
    {"kind": "obligation", "power": "klingon", "text": "Send them home", "due_on": "2379-03-20"},
]


@pytest.fixture
def conference(campaign):
    return factories.make_conference(campaign, 5)


def adopt(conference, gm, effects=(), title="On the prisoners of Ajilon"):
    motion = factories.make_motion(conference, effects=effects, title=title)
    ballots.open_vote(motion=motion, by=gm, now=NOW)
    seat = conference.seats.get(power__slug="cardassian")
    ballots.cast(motion=motion, seat=seat, choice="yes", by=gm, now=NOW)
    return ballots.close(motion=motion, by=gm, now=NOW).resolution


@pytest.fixture
def resolution(conference, gm):
    """One of each kind of effect."""
    factories.make_clock(conference.campaign, "War drums", slug="war-drums")
    factories.make_entry(conference.campaign, "Gorath", slug="gorath")
    return adopt(conference, gm, EFFECTS)


def enact(resolution, gm):
    return resolutions.enact(resolution=resolution, by=gm, now=LATER)


def undo(resolution, gm, why="It was a forgery."):
    return resolutions.undo(resolution=resolution, why=why, by=gm, now=LATER)


def standing(campaign):
    row = campaign.standings.of(campaign.powers.get(slug="federation")).filter(
        second__slug="klingon"
    ) | campaign.standings.of(campaign.powers.get(slug="federation")).filter(first__slug="klingon")
    return row.get().value


def at(name, resolution, **more):
    return reverse(name, kwargs={"campaign": resolution.campaign.slug, "number": resolution.number, **more})


# Preview


def test_a_preview_says_before_and_after_and_does_nothing(resolution, campaign):
    planned = resolutions.preview(resolution)
    assert (planned[0].step.before, planned[0].step.after) == ("+2", "0")
    assert [each.step.change.kind for each in planned] == [
        "change standing",
        "enter treaty",
        "add event",
        "tick clock",
        "set fate",
    ]
    assert {each.position for each in planned} == {2}
    assert not campaign.ledger.exists()
    assert standing(campaign) == 2


def test_numbers_count_up_in_the_campaign(conference, gm):
    assert [adopt(conference, gm).number for _ in range(3)] == [1, 2, 3]


# Enacting


def test_enacting_changes_the_state_in_one_stroke(resolution, campaign, gm, ferengi):
    enact(resolution, gm)

    resolution.refresh_from_db()
    assert (resolution.enacted_at, resolution.enacted_by, resolution.undone_at) == (LATER, gm, None)
    assert standing(campaign) == 0
    assert Adherence.objects.get(power=ferengi).entered == campaign.today
    assert campaign.events.get().title == "The Ajilon judgment"
    assert campaign.clocks.get().filled == 4
    assert campaign.entries.get().fate == "in exile"
    rows = campaign.ledger.filter(source="resolution:1")
    assert rows.count() == 5
    assert {row.why for row in rows} == {"Resolution 1: On the prisoners of Ajilon"}
    owed = resolution.obligations.get()
    assert (owed.power.slug, owed.text, owed.due_on, owed.state) == (
        "klingon",
        "Send them home",
        StoryDate.parse("2379-03-20"),
        ObligationState.OWED,
    )
    assert Activity.objects.filter(kind=ActivityKind.ENACTED, number=1).count() == 1


def test_enacted_again_it_stays_as_it_is(resolution, campaign, gm, co_gm):
    enact(resolution, gm)
    again = resolutions.enact(resolution=resolution, by=co_gm, now=LATER + timedelta(hours=1))
    assert (again.enacted_at, again.enacted_by) == (LATER, gm)
    assert campaign.ledger.count() == 5
    assert resolution.obligations.count() == 1


def test_all_or_nothing(resolution, campaign, gm):
    """The last but one effect has become impossible: nothing of the resolution may stand."""
    campaign.clocks.update(filled=6)
    with pytest.raises(Refused, match="War drums"):
        enact(resolution, gm)
    resolution.refresh_from_db()
    assert resolution.enacted_at is None
    assert (standing(campaign), campaign.ledger.count(), resolution.obligations.count()) == (2, 0, 0)


def test_a_resolution_without_effects_is_enacted_too(conference, campaign, gm):
    resolution = enact(adopt(conference, gm), gm)
    assert resolution.enacted_at == LATER
    assert undo(resolution, gm).undone_at == LATER
    assert not campaign.ledger.exists()


@pytest.mark.parametrize("who", ["federation_player", "observer", "outsider"])
def test_only_the_chair_enacts_and_undoes(request, resolution, gm, who):
    person = request.getfixturevalue(who)
    with pytest.raises(Refused, match="The chair enacts"):
        enact(resolution, person)
    enact(resolution, gm)
    with pytest.raises(Refused, match="The chair undoes"):
        undo(resolution, person)


# Undoing


def test_undoing_appends_the_inverses(resolution, campaign, gm, ferengi):
    enact(resolution, gm)
    undo(resolution, gm)

    resolution.refresh_from_db()
    assert resolution.undone_at == LATER
    assert standing(campaign) == 2
    assert not Adherence.objects.filter(power=ferengi).exists()
    assert not campaign.events.exists()
    assert (campaign.clocks.get().filled, campaign.entries.get().fate) == (2, "")
    assert campaign.ledger.count() == 10
    assert campaign.ledger.filter(undoes__source="resolution:1", why="It was a forgery.").count() == 5
    assert resolution.obligations.get().state == ObligationState.VOID


def test_what_was_met_stays_met(resolution, campaign, gm):
    enact(resolution, gm)
    resolutions.mark_met(obligation=resolution.obligations.get(), by=gm, now=LATER)
    undo(resolution, gm)
    met = resolution.obligations.get()
    assert (met.state, met.met_on) == (ObligationState.MET, campaign.today)


def test_an_undo_needs_a_reason(resolution, gm):
    enact(resolution, gm)
    with pytest.raises(Refused, match="Say why") as refused:
        undo(resolution, gm, why="  ")
    assert refused.value.field == "why"


def test_nothing_is_undone_before_it_is_enacted(resolution, gm):
    with pytest.raises(Refused, match="has not been enacted"):
        undo(resolution, gm)


def test_it_is_undone_once_and_not_enacted_again(resolution, campaign, gm):
    enact(resolution, gm)
    undo(resolution, gm)
    with pytest.raises(Refused, match="have been undone already"):
        undo(resolution, gm)
    with pytest.raises(Refused, match="takes a new motion"):
        enact(resolution, gm)
    assert campaign.ledger.count() == 10


def test_changes_taken_back_one_by_one_are_passed_over(resolution, campaign, gm):
    enact(resolution, gm)
    for row in campaign.ledger.filter(source="resolution:1").order_by("-ordinal"):
        chronicle.undo(campaign=campaign, change=row, why="One by one.", by=gm, now=LATER)
    undo(resolution, gm)
    assert campaign.ledger.count() == 10


def test_a_campaign_that_has_moved_on_says_why_not(resolution, campaign, gm):
    enact(resolution, gm)
    chronicle.apply(
        campaign=campaign,
        changes=[changes.TickClock(clock="war-drums", by=-4)],
        by=gm,
        why="Peace.",
        source="gm:test",
        now=LATER,
    )
    with pytest.raises(Refused, match="War drums"):
        undo(resolution, gm)
    resolution.refresh_from_db()
    assert resolution.undone_at is None
    assert resolution.obligations.get().state == ObligationState.OWED


# Obligations


def test_the_chair_finds_an_obligation_met(resolution, campaign, gm):
    enact(resolution, gm)
    for _ in range(2):
        met = resolutions.mark_met(obligation=resolution.obligations.get(), by=gm, now=LATER)
    assert (met.state, met.met_on) == (ObligationState.MET, campaign.today)


def test_a_void_obligation_is_not_met(resolution, gm):
    enact(resolution, gm)
    undo(resolution, gm)
    with pytest.raises(Refused, match="void"):
        resolutions.mark_met(obligation=resolution.obligations.get(), by=gm, now=LATER)


def test_a_delegate_does_not_find_its_own_obligation_met(resolution, gm, klingon_player):
    enact(resolution, gm)
    with pytest.raises(Refused, match="for the chair"):
        resolutions.mark_met(obligation=resolution.obligations.get(), by=klingon_player, now=LATER)


# The pages


def test_the_way_through_the_pages(resolution, campaign, as_gm):
    page = as_gm.get(at("resolution", resolution)).content.decode()
    assert "What it will change" in page and "Enact" in page
    assert as_gm.post(at("resolution-enact", resolution)).status_code == 302
    page = as_gm.get(at("resolution", resolution)).content.decode()
    assert "What it changed" in page
    assert '<span class="before">+2</span> → <span class="after">0</span>' in page
    assert "due 20 Mar 2379" in page
    owed = resolution.obligations.get()
    assert as_gm.post(at("obligation-met", resolution, pk=owed.pk)).status_code == 302
    assert "met 14 Mar 2379" in as_gm.get(at("resolution", resolution)).content.decode()

    assert "What is taken back" in as_gm.get(at("resolution-undo", resolution)).content.decode()
    answer = as_gm.post(at("resolution-undo", resolution), {"why": ""})
    assert answer.status_code == 422 and "This is needed" in answer.content.decode()
    assert as_gm.post(at("resolution-undo", resolution), {"why": "A forgery."}).status_code == 302
    assert Resolution.objects.get().undone_at is not None
    page = as_gm.get(at("resolution", resolution)).content.decode()
    assert "taken back" in page and "in force since" not in page
    assert "Undone on 14 March 2379 by Miriam: A forgery." in page
    assert "To have its effects again, put a" in page
    printed = as_gm.get(at("resolution-print", resolution)).content.decode()
    assert "The effects of this resolution were undone on the fourteenth of March 2379." in printed


def test_in_force_is_told_by_the_storys_date(resolution, gm, as_federation):
    enact(resolution, gm)
    assert "in force since 14 March 2379" in as_federation.get(at("resolution", resolution)).content.decode()
    assert "were undone" not in as_federation.get(at("resolution-print", resolution)).content.decode()


def test_who_undid_a_secret_effect_and_why_is_not_told(conference, gm, as_gm, as_federation):
    factories.make_clock(conference.campaign, "The Third Talon", slug="talon", audience=Audience.GM)
    secretive = adopt(conference, gm, [{"kind": "clock", "clock": "talon", "by": 1}])
    enact(secretive, gm)
    resolutions.undo(resolution=secretive, why="The Talon was a myth.", by=gm, now=LATER)
    for name in ("resolution", "resolution-print"):
        assert "Talon" not in as_federation.get(at(name, secretive)).content.decode()
    assert "The Talon was a myth." in as_gm.get(at("resolution", secretive)).content.decode()
    assert "Talon" not in as_gm.get(at("resolution-print", secretive)).content.decode()


def test_an_effect_is_said_once(resolution, as_gm):
    page = as_gm.get(at("resolution", resolution)).content.decode()
    assert "go from +2 to 0" not in page and page.count("+2</span> →") == 1


def test_what_cannot_be_enacted_says_so_and_offers_no_button(resolution, campaign, as_gm):
    campaign.clocks.update(filled=6)
    page = as_gm.get(at("resolution", resolution)).content.decode()
    assert "As things stand it cannot be enacted." in page
    assert "War drums" in page
    assert 'class="button go" disabled' in page
    assert as_gm.post(at("resolution-enact", resolution)).status_code == 409


def test_an_undo_that_cannot_be_keeps_what_was_typed(resolution, campaign, gm, as_gm):
    enact(resolution, gm)
    campaign.clocks.update(filled=0)
    answer = as_gm.post(at("resolution-undo", resolution), {"why": "A forgery, I say."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A forgery, I say." in page and "War drums" in page


def test_players_read_and_do_not_enact(resolution, as_federation, as_observer, as_outsider):
    for client in (as_federation, as_observer):
        page = client.get(at("resolution", resolution)).content.decode()
        assert "On the prisoners of Ajilon" in page and "Enact" not in page
        assert client.post(at("resolution-enact", resolution)).status_code == 404
        assert client.get(at("resolution-undo", resolution)).status_code == 404
        assert client.post(at("obligation-met", resolution, pk=1)).status_code == 404
    assert as_outsider.get(at("resolution", resolution)).status_code == 404


def test_a_players_page_is_the_same_with_and_without_a_secret_effect(conference, gm, as_federation):
    factories.make_clock(conference.campaign, "The Third Talon", slug="talon", audience=Audience.GM)
    plain = adopt(conference, gm, [factories.standing_effect(by=-1)], title="Same")
    secretive = adopt(
        conference,
        gm,
        [{"kind": "clock", "clock": "talon", "by": 1}, factories.standing_effect(by=-1)],
        title="Same",
    )
    numbered = {plain: "R1", secretive: "R2"}

    def read(resolution):
        page = as_federation.get(at("resolution", resolution)).content.decode()
        for word in (
            f"/resolutions/{resolution.number}/",
            f"/motions/{resolution.motion.number}/",
            f"Motion {resolution.motion.number}",
            f"Resolution {resolution.number}",
        ):
            page = page.replace(word, numbered[resolution][0])
        return page

    assert read(plain) == read(secretive)
    enact(secretive, gm)
    assert "Talon" not in read(secretive)


def test_the_empty_list_says_what_to_do(campaign, as_gm):
    page = as_gm.get(reverse("resolutions", kwargs={"campaign": campaign.slug})).content.decode()
    assert "Nothing has been adopted yet." in page


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_costs_the_same_for_one_and_fifty(
    campaign, conference, gm, as_federation, klingon, number, django_assert_num_queries
):
    for _ in range(number):
        factories.make_obligation(
            factories.make_resolution(campaign, factories.make_motion(conference, "adopted")), klingon
        )
    address = reverse("resolutions", kwargs={"campaign": campaign.slug})
    as_federation.get(address)
    with django_assert_num_queries(9):
        page = as_federation.get(address).content.decode()
    assert page.count("Return the prisoners") == number
