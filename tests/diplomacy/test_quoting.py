"""What was said in a parley is kept out of every field in which a party writes for others."""

import pytest

from diplomacy.actions import compliance, motions, speakers, stages
from diplomacy.actions.motions import ClauseText
from diplomacy.models import ConferenceStage, Motion, Obligation, Speech
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.errors import Refused
from tests import factories
from tests.factories import NOW
from tests.parley_rows import make_message

SAID = "We would return the prisoners of Ajilon before the feast."
QUOTED = "repeats what was said in the parley"
EVENT = {"kind": "event", "title": "A feast", "text": f"They wrote: {SAID}"}
OWED = {"kind": "obligation", "power": "klingon", "text": SAID, "due_on": "2379-05-01"}


@pytest.fixture
def conference(campaign):
    return factories.make_conference(campaign, stage=ConferenceStage.OPEN)


@pytest.fixture
def parley(campaign):
    """The Federation has complained of the Klingons, who have spoken in the parley."""
    complaint = factories.make_complaint(campaign, ComplaintStage.RULING)
    make_message(complaint, complaint.respondent, SAID)
    return complaint


@pytest.mark.usefixtures("parley")
@pytest.mark.parametrize("effect", [EVENT, {**EVENT, "title": SAID, "text": ""}, OWED])
def test_not_in_the_effect_of_a_clause(conference, federation_player, federation, effect):
    clauses = [ClauseText(phrase="Decides", text="what follows", effects=(effect,))]
    with pytest.raises(Refused, match=QUOTED):
        motions.draft_motion(
            conference=conference,
            title="On the prisoners",
            clauses=clauses,
            sponsor=conference.seats.get(power=federation),
            by=federation_player,
            now=NOW,
        )
    assert not Motion.objects.exists()


@pytest.mark.usefixtures("parley")
def test_not_cut_in_two_by_clauses(conference, federation_player, federation):
    first, second = SAID[:29], SAID[30:]  # between two words
    clauses = [ClauseText(phrase="Noting", text=text, kind="preambular") for text in (first, second)]
    with pytest.raises(Refused, match=QUOTED):
        motions.draft_motion(
            conference=conference,
            title="On the prisoners",
            clauses=clauses,
            sponsor=conference.seats.get(power=federation),
            by=federation_player,
            now=NOW,
        )


@pytest.mark.usefixtures("parley")
def test_not_in_a_point_of_order(conference, federation_player, federation):
    seat = conference.seats.get(power=federation)
    with pytest.raises(Refused, match=QUOTED):
        speakers.ask(
            conference=conference, seat=seat, kind="point", about=SAID, by=federation_player, now=NOW
        )
    assert not Speech.objects.exists()


@pytest.mark.usefixtures("parley")
def test_not_in_a_report(campaign, conference, klingon, klingon_player):
    motion = factories.make_motion(conference, MotionStage.ADOPTED)
    owed = factories.make_obligation(factories.make_resolution(campaign, motion, enacted=True), klingon)
    with pytest.raises(Refused, match=QUOTED):
        compliance.report(obligation=owed, text=SAID, by=klingon_player, now=NOW)
    assert not Obligation.objects.exclude(report="").exists()


@pytest.mark.usefixtures("parley")
def test_not_in_what_a_third_party_has_at_stake(campaign, federation, federation_player):
    romulan, cardassian = campaign.powers.get(slug="romulan"), campaign.powers.get(slug="cardassian")
    another = factories.make_complaint(
        campaign, ComplaintStage.RULING, complainant=romulan, respondent=cardassian
    )
    with pytest.raises(Refused, match=QUOTED):
        stages.join(complaint=another, power=federation, interest=SAID, by=federation_player, now=NOW)
    assert not another.joinders.exists()
