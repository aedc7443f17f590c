"""Every factory makes a row the database accepts, at every stage it is asked for."""

import pytest

from diplomacy.models import Complaint
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.models import Audience, SessionState
from tests import factories

STAGES = [
    MotionStage.DRAFT,
    MotionStage.SUBMITTED,
    MotionStage.VOTING,
    MotionStage.ADOPTED,
    MotionStage.REJECTED,
    MotionStage.TIED,
    MotionStage.VOID,
    MotionStage.WITHDRAWN,
]


@pytest.mark.parametrize("stage", list(ComplaintStage))
def test_a_complaint_at_every_stage(campaign, stage):
    complaint = factories.make_complaint(campaign, stage)
    assert Complaint.objects.get(pk=complaint.pk).stage == stage
    assert (complaint.number is None) == (stage is ComplaintStage.DRAFT)


@pytest.mark.parametrize("stage", STAGES)
def test_a_motion_at_every_stage(campaign, stage):
    complaint = factories.make_complaint(campaign, ComplaintStage.HEARD)
    motion = factories.make_motion(
        complaint.hearing.conference, stage, complaint=complaint, effects=[factories.standing_effect()]
    )
    assert motion.clauses.count() == 2
    assert (motion.electors.count() == 4) == (stage not in factories._UNOPENED)


def test_a_conference_of_many_seats(campaign):
    conference = factories.make_conference(campaign, seats=24)
    assert conference.seats.count() == 24
    assert conference.seats.exclude(delegate=None).count() == 3


def test_an_enacted_resolution_is_in_the_ledger(campaign, federation):
    resolution = factories.make_resolution(campaign, enacted=True)
    factories.make_obligation(resolution, federation)
    assert campaign.standings.of(federation).get(second__slug="klingon").value == 0
    assert campaign.ledger.filter(source=resolution.source).count() == 1


def test_who_is_told(campaign, klingon):
    entry = factories.make_entry(campaign)
    assert entry.audience == Audience.ALL
    assert factories.make_secret(entry).audience == Audience.GM
    assert factories.make_clock(campaign, told=[klingon]).audience == Audience.POWERS
    assert factories.make_event(campaign, audience=Audience.GM).audience == Audience.GM
    session = factories.make_session(campaign, agenda=["One", "Two"], state=SessionState.IN_PLAY)
    assert session.agenda.count() == 2
