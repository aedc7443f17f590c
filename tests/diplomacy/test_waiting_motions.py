"""Motions on the desks of whoever they wait for."""

import pytest
from django.urls import reverse

from diplomacy.models import ConferenceStage, Sponsorship
from diplomacy.rules.charters import PRESETS
from diplomacy.rules.procedure import Charter, ComplaintStage, MotionStage
from tests import factories


@pytest.fixture
def conference(campaign):
    return factories.make_conference(campaign, stage=ConferenceStage.OPEN)


def full(conference):
    conference.charter.features = sorted(PRESETS[Charter.FULL].features)
    conference.charter.sponsors_needed = 2
    conference.charter.save()


def tags(client, campaign):
    rows = client.get(reverse("desk", args=[campaign.slug])).context["rows"]
    return {row.title: row.tag for row in rows}


@pytest.mark.parametrize(
    ("stage", "charter", "tag"),
    [
        ("submitted", "quick", "Open the vote"),
        ("submitted", "full", "Rule on its order"),
        ("seconded", "full", "Open the debate"),
        ("amendments", "full", "Bring it to the vote"),
        ("void", "quick", "Vote again"),
        ("tied", "quick", "Tied: your casting vote"),
    ],
)
def test_what_waits_for_the_chair(campaign, conference, as_gm, as_federation, stage, charter, tag):
    if charter == "full":
        full(conference)
    motion = factories.make_motion(conference, MotionStage(stage), title="On the lane")
    title = f"Motion {motion.number} · On the lane"
    assert tags(as_gm, campaign)[title] == tag
    assert title not in tags(as_federation, campaign)


@pytest.mark.parametrize("stage", ["debate", "adopted", "rejected", "withdrawn", "draft"])
def test_what_does_not(campaign, conference, as_gm, stage):
    factories.make_motion(conference, MotionStage(stage), title="On the lane")
    assert not [title for title in tags(as_gm, campaign) if title.startswith(("Motion", "A draft"))]


def test_an_amendment_is_put_from_the_page_of_its_motion(campaign, conference, as_gm):
    full(conference)
    motion = factories.make_motion(conference, MotionStage.AMENDMENTS, title="On the lane")
    factories.make_motion(conference, MotionStage.SUBMITTED, kind="amendment", parent=motion)
    assert tags(as_gm, campaign) == {f"Motion {motion.number} · On the lane": "Bring it to the vote"}


def test_a_closed_conference_waits_for_nobody(campaign, conference, as_gm):
    factories.make_motion(conference, MotionStage.SUBMITTED)
    conference.stage = ConferenceStage.CLOSED
    conference.save()
    assert not tags(as_gm, campaign)


def test_a_complaint_with_its_motion_asks_for_no_other(campaign, conference, as_gm):
    heard = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=conference)
    assert list(tags(as_gm, campaign).values()) == ["Put a motion"]
    factories.make_motion(conference, MotionStage.SUBMITTED, complaint=heard)
    assert list(tags(as_gm, campaign).values()) == ["Open the vote"]


def test_a_draft_waits_for_whom_it_was_put_to(
    campaign, conference, federation, klingon, as_federation, as_klingon, as_observer
):
    full(conference)
    seat = conference.seats.get(power=federation)
    motion = factories.make_motion(conference, MotionStage.DRAFT, sponsor=seat, title="Sealed lane")
    desk = reverse("conference", args=[campaign.slug, conference.slug])
    page = reverse("motion", args=[campaign.slug, conference.slug, motion.number])
    # Its mover reads what is missing, and finds the way to where it is asked for.
    shown = as_federation.get(desk).content.decode()
    assert "still needs more sponsors" in shown
    assert page in shown
    assert "A draft · Sealed lane" not in tags(as_klingon, campaign)
    Sponsorship.objects.create(motion=motion, seat=conference.seats.get(power=klingon))
    assert tags(as_klingon, campaign)["A draft · Sealed lane"] == "Sign it?"
    assert page in as_klingon.get(desk).content.decode()
    assert "Sealed lane" not in as_observer.get(desk).content.decode()
    assert "A draft · Sealed lane" not in tags(as_observer, campaign)


def test_a_motion_in_order_waits_for_a_second(campaign, conference, federation, as_federation, as_klingon):
    full(conference)
    seat = conference.seats.get(power=federation)
    motion = factories.make_motion(conference, MotionStage.IN_ORDER, sponsor=seat, title="On the lane")
    assert tags(as_klingon, campaign)[f"Motion {motion.number} · On the lane"] == "Second it?"
    assert f"Motion {motion.number} · On the lane" not in tags(as_federation, campaign)
