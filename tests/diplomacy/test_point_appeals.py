"""Appeals from the chair's ruling on a point of order."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from diplomacy.actions import ballots, floor, speakers
from diplomacy.models import ConferenceStage, Minute, MinuteKind, Motion, SpeechKind
from diplomacy.records_minutes_words import sentence
from diplomacy.rules.floor import why_no_appeal
from diplomacy.rules.procedure import MotionKind
from khitomer.errors import Refused
from tests import factories
from tests.factories import NOW

BUTTON = "Appeal from the ruling"


@pytest.fixture
def conference(campaign):
    return factories.make_conference(campaign, charter={"features": ["floor", "appeals"], "preset": "full"})


@pytest.fixture
def ruled(conference, klingon, gm):
    """A point of order that the chair has not sustained."""

    def rule(about="The quorum has gone", ruling="not sustained"):
        seat = conference.seats.get(power=klingon)
        point = factories.make_speech(seat, SpeechKind.POINT, about=about)
        return speakers.rule_on_point(speech=point, ruling=ruling, reason="They are here.", by=gm, now=NOW)

    return rule


@pytest.fixture
def vote(conference, gm):
    def put(motion, choice):
        opened = ballots.open_vote(motion=motion, by=gm, now=NOW)
        for each in conference.seats.select_related("delegate__user"):
            voice = each.delegate.user if each.delegate else gm
            ballots.cast(motion=opened, seat=each, choice=choice, by=voice, now=NOW)
        return ballots.close(motion=opened, by=gm, now=NOW)

    return put


def desk(campaign, conference):
    return reverse("conference", args=[campaign.slug, conference.slug])


def address(campaign, point):
    return reverse("speech-appeal", args=[campaign.slug, point.conference.slug, point.pk])


ALL = {"known": True, "sits": True, "ruled": True, "latest": True, "asked": False}


@pytest.mark.parametrize(
    ("but", "why"),
    [
        ({}, ""),
        ({"known": False}, "no such step"),
        ({"ruled": False}, "has not ruled"),
        ({"asked": True}, "asked that already"),
        ({"sits": False}, "only while the conference sits"),
        ({"latest": False}, "another point since"),
    ],
)
def test_when_a_ruling_may_be_appealed(but, why):
    said = why_no_appeal(**{**ALL, **but})
    assert why in said
    assert bool(said) == bool(why)


@pytest.mark.parametrize(
    ("before", "choice", "after"),
    [
        ("not sustained", "yes", "sustained"),
        ("sustained", "yes", "not sustained"),
        ("not sustained", "no", "not sustained"),
    ],
)
def test_the_conference_overrules_its_chair_on_a_point_of_order(
    campaign, conference, ruled, vote, as_federation, as_klingon, federation, before, choice, after
):
    point = ruled(ruling=before)
    page = as_federation.get(desk(campaign, conference)).content.decode()
    assert BUTTON in page
    for _ in range(2):  # pressed twice, it is moved once
        assert as_federation.post(address(campaign, point)).status_code == 302
    appeal = Motion.objects.get(kind=MotionKind.APPEAL.value)
    assert (appeal.title, appeal.point) == ("That the chair’s ruling be overruled", point)
    assert appeal.sponsor.power == federation
    page = as_klingon.get(desk(campaign, conference)).content.decode()
    assert f"Appeal: motion {appeal.number}" in page
    assert BUTTON not in page
    vote(appeal, choice)
    point.refresh_from_db()
    assert point.ruling == after
    turned = [row for row in Minute.objects.filter(kind=MinuteKind.RULED) if row.data.get("point")]
    assert [row.data["point"] for row in turned] == ([after] if choice == "yes" else [])
    motion = reverse("motion", args=[campaign.slug, conference.slug, appeal.number])
    for path in (desk(campaign, conference), motion):
        page = as_klingon.get(path).content.decode()
        assert "The quorum has gone" in page
        assert (f"Overruled on appeal, motion {appeal.number}." in page) == (choice == "yes")
    for row in turned:
        assert sentence(row) == (
            f"On appeal (motion {appeal.number}), the conference overruled the chair’s ruling on the point of order "
            f"of the Klingon Empire, which is now {after}."
        )


def test_a_ruling_is_appealed_once(ruled, vote, federation_player):
    point = ruled()
    vote(floor.appeal_point(point=point, by=federation_player, now=NOW), "no")
    with pytest.raises(Refused, match="asked that already"):
        floor.appeal_point(point=point, by=federation_player, now=NOW)


def test_an_appeal_is_from_the_latest_ruling_while_the_conference_sits(
    campaign, conference, ruled, federation_player, as_federation
):
    first = ruled()
    second = ruled("The list is out of order")
    with pytest.raises(Refused, match="another point since"):
        floor.appeal_point(point=first, by=federation_player, now=NOW)
    conference.stage = ConferenceStage.SUSPENDED
    conference.save()
    assert BUTTON not in as_federation.get(desk(campaign, conference)).content.decode()
    assert as_federation.post(address(campaign, second)).status_code == 409
    assert not Motion.objects.filter(kind=MotionKind.APPEAL.value).exists()


def test_nobody_appeals_from_what_was_not_ruled_nor_without_appeals_in_the_charter(
    campaign, conference, klingon, ruled, as_klingon
):
    waits = factories.make_speech(conference.seats.get(power=klingon), SpeechKind.POINT, about="The hour")
    assert as_klingon.post(address(campaign, waits)).status_code == 409
    conference.charter.features = ["floor"]
    conference.charter.save()
    point = ruled()
    assert BUTTON not in as_klingon.get(desk(campaign, conference)).content.decode()
    assert as_klingon.post(address(campaign, point)).status_code == 409
    assert not Motion.objects.filter(kind=MotionKind.APPEAL.value).exists()


def test_who_has_no_seat_sees_the_ruling_and_no_button(campaign, conference, ruled, as_observer, as_outsider):
    point = ruled()
    page = as_observer.get(desk(campaign, conference)).content.decode()
    assert "They are here." in page
    assert BUTTON not in page
    for client in (as_observer, as_outsider):
        assert client.post(address(campaign, point)).status_code == 404


def test_a_point_of_another_conference_is_not_found_here(campaign, conference, ruled, as_klingon):
    point = ruled()
    other = factories.make_conference(campaign, charter={"features": ["appeals"], "preset": "full"})
    path = reverse("speech-appeal", args=[campaign.slug, other.slug, point.pk])
    assert as_klingon.post(path).status_code == 404


def test_the_floor_is_drawn_anew_once_a_ruling_is_appealed(
    campaign, conference, ruled, federation_player, as_klingon
):
    point = ruled()
    path = reverse("conference-floor", args=[campaign.slug, conference.slug])
    seen = as_klingon.get(path).context["floor"].version
    assert as_klingon.get(path, {"seen": seen}).status_code == 204
    floor.appeal_point(point=point, by=federation_player, now=NOW)
    assert as_klingon.get(path, {"seen": seen}).status_code == 200


def test_an_appeal_is_from_something(conference):
    with pytest.raises(IntegrityError, match="motion_subsidiary_has_parent"):
        Motion.objects.create(conference=conference, kind=MotionKind.APPEAL.value, number=90, title="Nothing")
