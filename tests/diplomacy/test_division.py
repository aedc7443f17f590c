"""Division: a clause voted apart, what falls, and the whole that falls with its last operative clause (GA rule 89)."""

import pytest
from django.urls import reverse

from diplomacy.actions import ballots, floor, resolutions
from diplomacy.models import Minute, MinuteKind, Resolution
from diplomacy.rules.procedure import ComplaintStage, MotionKind, MotionStage, MotionStep
from khitomer.errors import Refused
from tests import factories
from tests.factories import NOW


@pytest.fixture
def conference(campaign):
    features = ["floor", "amendments", "division"]
    return factories.make_conference(campaign, charter={"features": features, "preset": "full"})


@pytest.fixture
def motion(conference):
    effect = factories.standing_effect()
    found = factories.make_motion(conference, MotionStage.DEBATE, effects=[effect])
    factories.make_clause(found, "operative", "Decides", "to send observers to Ajilon")
    return found


@pytest.fixture
def vote(conference, gm):
    def put(motion, choice):
        opened = ballots.open_vote(motion=motion, by=gm, now=NOW)
        for each in conference.seats.select_related("delegate__user"):
            voice = each.delegate.user if each.delegate else gm
            if opened.electors.filter(seat=each, status="eligible").exists():
                ballots.cast(motion=opened, seat=each, choice=choice, by=voice, now=NOW)
        return ballots.close(motion=opened, by=gm, now=NOW)

    return put


def ask(motion, by, position):
    clause = motion.clauses.get(position=position)
    return floor.move(kind=MotionKind.CLAUSE, motion=motion, clause=clause, by=by, now=NOW)


def divide(motion, gm):
    for step in (MotionStep.CLOSE_DEBATE, MotionStep.DIVIDE):
        floor.set_debate(motion=motion, step=step, by=gm, now=NOW)


def test_a_clause_voted_apart_falls_alone(campaign, motion, klingon_player, gm, vote, as_klingon):
    asked = ask(motion, klingon_player, 2)
    assert ask(motion, klingon_player, 2) == asked
    divide(motion, gm)
    with pytest.raises(Refused, match=f"Motion {asked.number} is voted first"):
        ballots.open_vote(motion=motion, by=gm, now=NOW)
    vote(asked, "no")
    assert motion.clauses.get(position=2).fallen_by == asked
    assert Minute.objects.filter(kind=MinuteKind.AMENDED).count() == 1
    assert vote(motion, "yes").stage == "adopted"
    resolution = resolutions.enact(resolution=Resolution.objects.get(), by=gm, now=NOW)
    # The clause that fell carried the only effect.
    assert not campaign.ledger.filter(source=resolution.source).exists()
    page = as_klingon.get(reverse("resolution", args=[campaign.slug, resolution.number])).content.decode()
    assert "observers to Ajilon" in page
    assert "were not returned" not in page
    page = reverse("motion", args=[campaign.slug, motion.conference.slug, motion.number])
    assert "No longer in the text" in as_klingon.get(page).content.decode()


def test_a_clause_that_is_upheld_stays(motion, klingon_player, gm, vote):
    asked = ask(motion, klingon_player, 2)
    divide(motion, gm)
    vote(asked, "yes")
    assert motion.clauses.get(position=2).fallen_by is None


def test_the_clause_waits_until_the_chair_divides(motion, klingon_player, gm):
    asked = ask(motion, klingon_player, 2)
    with pytest.raises(Refused, match="once the chair divides"):
        ballots.open_vote(motion=asked, by=gm, now=NOW)


def test_when_every_operative_clause_falls_the_whole_falls(campaign, conference, klingon_player, gm, vote):
    complaint = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=conference)
    motion = factories.make_motion(conference, MotionStage.DEBATE, complaint=complaint)
    asked = ask(motion, klingon_player, 2)
    divide(motion, gm)
    vote(asked, "no")
    motion.refresh_from_db()
    complaint.refresh_from_db()
    assert (motion.stage, motion.outcome, motion.closed_at) == ("rejected", "rejected", None)
    assert complaint.stage == ComplaintStage.NO_DECISION
    assert not Resolution.objects.exists()


def test_only_a_clause_that_stands_is_voted_apart(conference, motion, klingon_player):
    other = factories.make_motion(conference, MotionStage.DEBATE)
    for clause in (None, other.clauses.first()):
        with pytest.raises(Refused, match="still stands"):
            floor.move(kind=MotionKind.CLAUSE, motion=motion, clause=clause, by=klingon_player, now=NOW)
