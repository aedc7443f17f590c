"""What the parties say and offer, how they settle, and what becomes of a settlement."""

import pytest

from diplomacy.actions import parleys, settlements
from diplomacy.models import Acceptance, Hearing, Joinder, JoinderRole, ObligationState, Offer, OfferState
from diplomacy.rules.complaints import PARLEY_STAGES
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.errors import Refused
from khitomer.models import Activity, ActivityKind, Audience
from khitomer.rules.dates import StoryDate
from tests import factories
from tests.factories import NOW, TODAY
from tests.parley_rows import make_message, make_offer, make_settlement

TERMS = "The *forty* prisoners go home, and the mill is paid for."
STANDING = factories.standing_effect(by=1)
OWED = {"kind": "obligation", "power": "klingon", "text": "Pay for the mill", "due_on": "2379-05-01"}


@pytest.fixture
def complaint(campaign):
    """The Federation against the Klingons; both have a player."""
    return factories.make_complaint(campaign)


@pytest.fixture
def offer(complaint, federation):
    return make_offer(complaint, federation)


def offered(complaint, power, by, **fields):
    return parleys.make_offer(complaint=complaint, power=power, by=by, now=NOW, **{"terms": TERMS, **fields})


# Talking


def test_a_party_says_something_and_only_the_parties_hear_of_it(
    complaint, klingon, federation, klingon_player
):
    message = parleys.say(complaint=complaint, power=klingon, text=" *Qapla’* ", by=klingon_player, now=NOW)

    assert (message.text, message.text_html) == ("*Qapla’*", "<p><em>Qapla’</em></p>\n")
    assert (message.on, message.at, message.by) == (TODAY, NOW, klingon_player)
    told = Activity.objects.get(kind=ActivityKind.PARLEY)
    assert (told.audience, set(told.powers.all())) == (Audience.POWERS, {klingon, federation})


def test_the_respondents_first_word_answers_the_consultation(
    complaint, klingon, federation, klingon_player, federation_player
):
    parleys.say(complaint=complaint, power=federation, text="Well?", by=federation_player, now=NOW)
    complaint.refresh_from_db()
    assert complaint.answered_on is None

    parleys.say(complaint=complaint, power=klingon, text="Well.", by=klingon_player, now=NOW)
    complaint.refresh_from_db()
    assert complaint.answered_on == TODAY


def test_an_offer_of_the_respondent_answers_it_too(complaint, klingon, klingon_player):
    offered(complaint, klingon, klingon_player)
    complaint.refresh_from_db()
    assert complaint.answered_on == TODAY


@pytest.mark.parametrize("who", ["romulan_player", "observer", "outsider", "gm", "klingon_player"])
def test_nobody_speaks_in_anothers_name(request, complaint, federation, who):
    user = request.getfixturevalue(who)
    with pytest.raises(Refused, match="Only the parties speak"):
        parleys.say(complaint=complaint, power=federation, text="Yes.", by=user, now=NOW)
    with pytest.raises(Refused, match="Only the parties speak"):
        offered(complaint, federation, user)
    assert not complaint.messages.exists()
    assert not complaint.offers.exists()


def test_a_power_that_is_no_party_does_not_speak(complaint, romulan, romulan_player):
    with pytest.raises(Refused, match="Only the parties speak"):
        parleys.say(complaint=complaint, power=romulan, text="We heard.", by=romulan_player, now=NOW)


def test_the_gm_speaks_for_a_party_that_no_player_sits_for(campaign, cardassian, gm):
    complaint = factories.make_complaint(campaign, respondent=cardassian)
    message = parleys.say(complaint=complaint, power=cardassian, text="Never.", by=gm, now=NOW)
    assert message.power == cardassian


@pytest.mark.parametrize("stage", [stage for stage in ComplaintStage if stage is not ComplaintStage.DRAFT])
def test_it_is_open_at_every_docketed_stage_before_a_decision(campaign, stage, federation, federation_player):
    complaint = factories.make_complaint(campaign, stage)
    if stage in PARLEY_STAGES:
        parleys.say(complaint=complaint, power=federation, text="Well?", by=federation_player, now=NOW)
        assert offered(complaint, federation, federation_player).state == OfferState.OPEN
        return
    with pytest.raises(Refused):
        parleys.say(complaint=complaint, power=federation, text="Well?", by=federation_player, now=NOW)
    with pytest.raises(Refused):
        offered(complaint, federation, federation_player)


@pytest.mark.parametrize("text", ["", "  \n "])
def test_nothing_is_no_message(complaint, federation, federation_player, text):
    with pytest.raises(Refused) as refused:
        parleys.say(complaint=complaint, power=federation, text=text, by=federation_player, now=NOW)
    assert refused.value.field == "text"


def test_the_gm_notes_a_meeting_in_one_line(complaint, gm):
    message = parleys.note_meeting(complaint=complaint, text="They met\n on *the holodeck*.", by=gm, now=NOW)
    assert message.power is None
    assert message.text == "They met on *the holodeck*."
    assert Activity.objects.get(kind=ActivityKind.PARLEY).audience == Audience.POWERS
    complaint.refresh_from_db()
    assert complaint.answered_on is None


def test_only_the_gm_notes_it_and_only_while_they_may_talk(campaign, complaint, gm, federation_player):
    with pytest.raises(Refused, match="The GM notes"):
        parleys.note_meeting(complaint=complaint, text="We agreed.", by=federation_player, now=NOW)
    with pytest.raises(Refused) as refused:
        parleys.note_meeting(complaint=complaint, text="x" * 301, by=gm, now=NOW)
    assert refused.value.field == "note"
    over = factories.make_complaint(campaign, ComplaintStage.WITHDRAWN)
    with pytest.raises(Refused):
        parleys.note_meeting(complaint=over, text="They met.", by=gm, now=NOW)


# Offers


def test_an_offer_has_terms_effects_and_its_makers_yes(complaint, federation, federation_player):
    until = StoryDate.parse("2379-03-20")
    offer = offered(complaint, federation, federation_player, effects=[STANDING], lapses_on=until)

    assert (offer.number, offer.state, offer.lapses_on) == (1, OfferState.OPEN, until)
    assert offer.effects == [STANDING]
    assert "<em>forty</em>" in offer.terms_html
    assert [each.power for each in offer.acceptances.all()] == [federation]
    assert offered(complaint, federation, federation_player).number == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"terms": " "}, "terms"),
        ({"terms": "x" * 10_001}, "terms"),
        ({"effects": [{"kind": "no such kind"}]}, "effects"),
        ({"effects": [STANDING] * 13}, "effects"),
        ({"lapses_on": StoryDate.parse("2379-03-13")}, "lapses_on"),
        ({"lapses_on": StoryDate.parse("2378")}, "lapses_on"),
    ],
)
def test_what_cannot_be_offered(complaint, federation, federation_player, fields, field):
    with pytest.raises(Refused) as refused:
        offered(complaint, federation, federation_player, **fields)
    assert refused.value.field == field
    assert not Offer.objects.exists()


def test_a_counter_offer_takes_the_place_of_the_one_it_answers(
    complaint, offer, federation, klingon, klingon_player
):
    counter = offered(complaint, klingon, klingon_player, answers=offer)

    offer.refresh_from_db()
    assert (offer.state, counter.state, counter.answers) == (OfferState.COUNTERED, OfferState.OPEN, offer)


def test_nobody_answers_their_own_offer(complaint, offer, federation, federation_player):
    with pytest.raises(Refused, match="own offer"):
        offered(complaint, federation, federation_player, answers=offer)


def test_a_refused_offer_is_over(complaint, offer, klingon, klingon_player, federation_player):
    parleys.refuse(offer=offer, power=klingon, by=klingon_player, now=NOW)
    parleys.refuse(offer=offer, power=klingon, by=klingon_player, now=NOW)

    offer.refresh_from_db()
    assert offer.state == OfferState.REFUSED
    with pytest.raises(Refused, match="Offer 1 was refused"):
        parleys.accept(offer=offer, power=klingon, by=klingon_player, now=NOW)
    with pytest.raises(Refused, match="Offer 1 was refused"):
        parleys.take_back(offer=offer, by=federation_player, now=NOW)


def test_its_maker_takes_it_back_and_refuses_it_not(
    complaint, offer, federation, federation_player, klingon_player
):
    with pytest.raises(Refused, match="Take it back instead"):
        parleys.refuse(offer=offer, power=federation, by=federation_player, now=NOW)
    with pytest.raises(Refused, match="Only the parties speak"):
        parleys.take_back(offer=offer, by=klingon_player, now=NOW)

    parleys.take_back(offer=offer, by=federation_player, now=NOW)
    parleys.take_back(offer=offer, by=federation_player, now=NOW)
    offer.refresh_from_db()
    assert offer.state == OfferState.TAKEN_BACK


@pytest.mark.parametrize(
    ("lapses_on", "stands"),
    [
        (None, True),
        ("2379-03-14", True),
        ("2379-03-15", True),
        ("2379-03-13", False),
        ("2379-03", True),
        ("2379-02", False),
        ("2378", False),
    ],
)
def test_an_offer_stands_through_its_last_day(
    complaint, federation, klingon, klingon_player, lapses_on, stands
):
    offer = make_offer(complaint, federation, lapses_on=StoryDate.parse(lapses_on) if lapses_on else None)

    if stands:
        parleys.accept(offer=offer, power=klingon, by=klingon_player, now=NOW)
    else:
        with pytest.raises(Refused, match="Offer 1 has lapsed"):
            parleys.accept(offer=offer, power=klingon, by=klingon_player, now=NOW)
    offer.refresh_from_db()
    assert offer.state == (OfferState.ACCEPTED if stands else OfferState.LAPSED)


# Settling


def test_accepted_by_all_it_ends_the_complaint(complaint, federation, klingon, klingon_player):
    make_message(complaint, klingon)
    rival = make_offer(complaint, klingon)
    offer = make_offer(complaint, federation, effects=[STANDING])

    parleys.accept(offer=offer, power=klingon, by=klingon_player, now=NOW)

    complaint.refresh_from_db()
    offer.refresh_from_db()
    rival.refresh_from_db()
    assert complaint.stage == ComplaintStage.SETTLED
    assert (offer.state, offer.lodged_at, offer.lodged_on) == (OfferState.ACCEPTED, NOW, TODAY)
    assert rival.state == OfferState.LAPSED
    assert offer.enacted_at is None
    assert Activity.objects.get(kind=ActivityKind.SETTLED).audience == Audience.ALL


def test_of_several_respondents_all_must_accept(
    complaint, federation, klingon, romulan, klingon_player, romulan_player
):
    Joinder.objects.create(complaint=complaint, power=romulan, role=JoinderRole.RESPONDENT, at=NOW)
    offer = make_offer(complaint, federation)

    parleys.accept(offer=offer, power=klingon, by=klingon_player, now=NOW)
    complaint.refresh_from_db()
    assert complaint.stage == ComplaintStage.RULING

    parleys.accept(offer=offer, power=romulan, by=romulan_player, now=NOW)
    complaint.refresh_from_db()
    assert complaint.stage == ComplaintStage.SETTLED


def test_a_third_party_neither_reads_nor_accepts(complaint, offer, romulan, romulan_player, campaign):
    Joinder.objects.create(complaint=complaint, power=romulan, role=JoinderRole.THIRD_PARTY, at=NOW)
    with pytest.raises(Refused, match="Only the parties speak"):
        parleys.accept(offer=offer, power=romulan, by=romulan_player, now=NOW)
    viewer = factories.viewer_of(campaign, romulan_player)
    assert not Offer.objects.visible_to(viewer).exists()


def test_accepting_twice_is_accepting_once(complaint, offer, klingon, klingon_player):
    for _ in range(2):
        found = parleys.accept(offer=offer, power=klingon, by=klingon_player, now=NOW)
    assert found.state == OfferState.ACCEPTED
    assert Acceptance.objects.count() == 2
    assert Activity.objects.filter(kind=ActivityKind.SETTLED).count() == 1


def test_what_was_not_accepted_cannot_be_afterwards(
    complaint, federation, klingon, klingon_player, federation_player
):
    one, other = make_offer(complaint, federation), make_offer(complaint, klingon)
    parleys.accept(offer=one, power=klingon, by=klingon_player, now=NOW)
    with pytest.raises(Refused, match="The complaint is settled: all have accepted offer 1"):
        parleys.accept(offer=other, power=federation, by=federation_player, now=NOW)


@pytest.mark.parametrize("stage", [MotionStage.VOTING, MotionStage.TIED])
def test_no_settlement_while_a_vote_on_it_is_open(campaign, stage, federation, klingon, klingon_player):
    conference = factories.make_conference(campaign)
    complaint = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=conference)
    factories.make_motion(conference, stage, complaint=complaint)
    offer = make_offer(complaint, federation)
    with pytest.raises(Refused, match="A vote on this complaint is open"):
        parleys.accept(offer=offer, power=klingon, by=klingon_player, now=NOW)
    offer.refresh_from_db()
    assert offer.state == OfferState.OPEN


def test_it_leaves_the_agenda_unless_it_was_heard(campaign, federation, klingon, klingon_player):
    conference = factories.make_conference(campaign)
    waiting = factories.make_complaint(campaign, ComplaintStage.SCHEDULED, conference=conference)
    Hearing.objects.filter(complaint=waiting).update(opened_at=None)
    heard = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=conference)
    for complaint in (waiting, heard):
        offer = make_offer(complaint, federation)
        parleys.accept(offer=offer, power=klingon, by=klingon_player, now=NOW)
    assert [each.complaint for each in conference.hearings.all()] == [heard]


# What becomes of it


def test_the_gm_gives_effect_to_all_of_it_once(campaign, complaint, gm):
    offer = make_settlement(complaint, [STANDING, {"kind": "event", "title": "The mill is paid"}, OWED])

    for _ in range(2):
        settlements.give_effect(offer=offer, by=gm, now=NOW)

    offer.refresh_from_db()
    assert offer.enacted_at == NOW
    rows = campaign.ledger.filter(source=f"settlement:{complaint.number}").order_by("ordinal")
    assert [row.kind for row in rows] == ["change standing", "add event"]
    assert campaign.standings.get(first__slug="federation", second__slug="klingon").value == 3
    assert campaign.events.get(title="The mill is paid").slug == f"settlement-{complaint.number}-1"
    owed = offer.obligations.get()
    assert (owed.power.slug, owed.text, owed.resolution, owed.state) == (
        "klingon",
        "Pay for the mill",
        None,
        ObligationState.OWED,
    )
    assert Activity.objects.filter(kind=ActivityKind.TERMS_MADE).count() == 1


def test_whole_or_not_at_all(campaign, complaint, gm):
    leave = {"kind": "leave", "power": "ferengi", "treaty": "second-khitomer-accords", "manner": "released"}
    offer = make_settlement(complaint, [STANDING, leave, OWED])
    with pytest.raises(Refused):
        settlements.give_effect(offer=offer, by=gm, now=NOW)
    offer.refresh_from_db()
    assert offer.enacted_at is None
    assert not campaign.ledger.filter(source=offer.source).exists()
    assert not offer.obligations.exists()


def test_undone_with_a_reason_it_stays_undone(campaign, complaint, gm):
    offer = make_settlement(complaint, [STANDING, OWED])
    with pytest.raises(Refused, match="nothing to undo"):
        settlements.undo(offer=offer, why="A slip.", by=gm, now=NOW)
    settlements.give_effect(offer=offer, by=gm, now=NOW)
    with pytest.raises(Refused) as refused:
        settlements.undo(offer=offer, why=" ", by=gm, now=NOW)
    assert refused.value.field == "why"

    settlements.undo(offer=offer, why="A slip.", by=gm, now=NOW)

    assert campaign.standings.get(first__slug="federation", second__slug="klingon").value == 2
    assert offer.obligations.get().state == ObligationState.VOID
    complaint.refresh_from_db()
    assert complaint.stage == ComplaintStage.SETTLED
    with pytest.raises(Refused, match="undone already"):
        settlements.undo(offer=offer, why="Again.", by=gm, now=NOW)
    with pytest.raises(Refused, match="was undone"):
        settlements.give_effect(offer=offer, by=gm, now=NOW)


@pytest.mark.parametrize("who", ["federation_player", "klingon_player", "observer", "outsider"])
def test_only_the_gm_gives_effect_and_undoes(request, complaint, gm, who):
    offer = make_settlement(complaint, [STANDING])
    user = request.getfixturevalue(who)
    with pytest.raises(Refused, match="The GM gives effect"):
        settlements.give_effect(offer=offer, by=user, now=NOW)
    settlements.give_effect(offer=offer, by=gm, now=NOW)
    with pytest.raises(Refused, match="The GM gives effect"):
        settlements.undo(offer=offer, why="No.", by=user, now=NOW)


def test_an_offer_that_is_not_lodged_has_no_effect(complaint, federation, gm):
    offer = make_offer(complaint, federation, effects=[STANDING])
    with pytest.raises(Refused, match="all have accepted"):
        settlements.give_effect(offer=offer, by=gm, now=NOW)


# Filed again


def test_who_is_complained_of_anew_reads_nothing_of_what_came_before(
    campaign, complaint, offer, federation, klingon, romulan, romulan_player, klingon_player
):
    """A returned complaint may be filed again against others."""
    make_message(complaint, klingon, "Only for you.")
    later = NOW + factories.timedelta(hours=1)
    complaint.respondent, complaint.filed_at = romulan, later
    complaint.save()

    for player in (romulan_player, klingon_player):
        viewer = factories.viewer_of(campaign, player)
        assert not complaint.messages.visible_to(viewer).exists()
        assert not complaint.offers.visible_to(viewer).exists()
    with pytest.raises(Refused, match="Offer 1 has lapsed"):
        parleys.accept(offer=offer, power=romulan, by=romulan_player, now=later)
    offer.refresh_from_db()
    assert offer.state == OfferState.LAPSED
