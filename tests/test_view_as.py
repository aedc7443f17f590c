"""A GM who looks through a member's eyes sees that member's pages to the byte, and of what is a delegation's alone nothing."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diplomacy.models import Ballot
from diplomacy.rules.procedure import MotionStage
from diplomacy.rules.tally import Choice
from khitomer.access import VIEW_AS
from khitomer.actions import campaigns, disclosures
from khitomer.models import Disclosure
from tests import factories
from tests.answers import ANSWERS
from tests.factories import NOW
from tests.test_access_matrix import CAMPAIGN_ROUTES, shape, writes
from tests.world import ROLES, as_if_not_done

PRIVATE = {
    "draft": "a draft is its delegation's alone",
    "draft-exhibit": "and so is what it would show",
    "motion-edit": "a motion's draft is its sponsors'",
    "desk": "their drafts, and how they vote",
    "docket": "their drafts",
    "conference": "how they vote, and their drafts of motions",
    "motion": "how they vote",
}
"""The routes on which a delegate finds what is their delegation's alone."""

MASKS = [
    (re.compile(rb'<aside class="seen-through".*?</aside>\s*', re.S), b""),
    (re.compile(rb'Signed in as <a href="[^"]*">[^<]*</a>'), b"Signed in"),
    (re.compile(rb'value="[\w-]{22}"'), b"form's own token"),
    (re.compile(rb'value="[0-9a-f-]{36}"'), b"form's own token"),
    (re.compile(rb"(?:DTSTAMP|SEQUENCE):[^\r\n]+"), b"when it was made"),
    (re.compile(rb"\s+"), b" "),
]


def url(name: str, **kwargs: object) -> str:
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def look(client, campaign, username: str):
    member = campaign.memberships.get(user__username=username)
    return client.post(reverse("view-as", args=[campaign.slug]), {"member": member.pk})


def seen(client, address: str) -> tuple[int, bytes]:
    answer = client.get(address)
    if answer.streaming:
        return answer.status_code, b""
    status, _, body = shape(answer)
    for pattern, word in MASKS:
        body = pattern.sub(word, body)
    return status, body


@pytest.mark.parametrize("who", ["federation", "klingon", "observer"])
def test_every_page_is_the_members_own(table, who):
    """All of the matrix: to the byte, but for what is masked; and what differs is only ever the delegation's alone."""
    gm, own = table.clients["gm"], table.clients[who]
    look(gm, table.world.campaign, who)
    different = []
    for route in CAMPAIGN_ROUTES:
        if route.name == "view-as" or route.name.endswith("-pdf"):  # whose bytes tell when they were made
            continue
        address = table.world.url(route.name)
        if seen(gm, address) != seen(own, address):
            different.append(route.name)
    assert set(different) <= set(PRIVATE), sorted(set(different) - set(PRIVATE))
    if who == "observer":
        assert different == []


def test_no_post_does_anything_but_the_way_back(table):
    gm = table.clients["gm"]
    look(gm, table.world.campaign, "federation")
    wrong = []
    for route in CAMPAIGN_ROUTES:
        if route.name == "view-as":
            continue
        with as_if_not_done(gm), CaptureQueriesContext(connection) as queries:
            answer = gm.post(table.world.url(route.name), {"do": "x"})
        if answer.status_code != 409 or writes(queries):
            wrong.append((route.name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("gm", "co_gm")])
def test_nobody_but_the_gm_looks_through_anybodys_eyes(table, role):
    client = table.clients[role]
    member = table.world.campaign.memberships.get(user__username="klingon")
    answer = client.post(url("view-as"), {"member": member.pk})
    assert answer.status_code == (302 if role == "anonymous" else 404)
    assert VIEW_AS not in client.session


# There and back


def test_a_banner_says_whose_eyes_they_are_and_leads_back(as_gm, campaign):
    assert look(as_gm, campaign, "federation").url == url("desk")
    page = as_gm.get(url("timeline")).content.decode()
    assert "You see what Fiona sees." in page and "stays theirs even so" in page
    assert 'name="next" value="/c/long-peace/timeline/"' in page
    back = as_gm.post(url("view-as"), {"next": url("timeline")})
    assert back.url == url("timeline")
    page = as_gm.get(url("timeline")).content.decode()
    assert "You see what" not in page and url("event-new") in page


def test_the_way_back_leads_nowhere_else(as_gm, campaign):
    look(as_gm, campaign, "federation")
    assert as_gm.post(url("view-as"), {"next": "//elsewhere.example/"}).url == url("desk")


@pytest.mark.parametrize("member", ["0", "x", "²", "9" * 20])
def test_nobody_is_nobody(as_gm, campaign, member):
    assert as_gm.post(url("view-as"), {"member": member}).status_code == 404


@pytest.mark.parametrize("who", ["gm", "co_gm"])
def test_nobody_looks_through_the_eyes_of_who_sees_everything(as_gm, campaign, who):
    assert look(as_gm, campaign, who).status_code == 404


def test_a_refusal_says_why(as_gm, campaign):
    look(as_gm, campaign, "federation")
    answer = as_gm.post(url("session-new"), {"title": "x"})
    assert answer.status_code == 409 and "only look" in answer.content.decode()


def test_the_eyes_close_when_the_member_leaves(as_gm, campaign, gm):
    look(as_gm, campaign, "federation")
    member = campaign.memberships.get(user__username="federation")
    campaigns.remove_member(membership=member, by=gm, now=NOW)
    assert "You see what" not in as_gm.get(url("desk")).content.decode()
    assert as_gm.session[VIEW_AS] == {}


def test_whoever_runs_the_campaign_no_longer_has_their_own_eyes_alone(as_co_gm, campaign, gm, federation):
    look(as_co_gm, campaign, "klingon")
    member = campaign.memberships.get(user__username="co_gm")
    campaigns.change_member(membership=member, role="player", power=federation, by=gm, now=NOW)
    page = as_co_gm.get(url("desk")).content.decode()
    assert "You see what" not in page and "United Federation of Planets" in page


def test_other_campaigns_are_seen_with_ones_own_eyes(as_gm, campaign, gm):
    other = factories.make_campaign(slug="other")
    factories.join(other, gm, "gm")
    look(as_gm, campaign, "federation")
    assert "You see what" not in as_gm.get(reverse("desk", args=["other"])).content.decode()


# What is a delegation's alone


def test_how_a_delegate_votes_is_not_seen_through_their_eyes(
    as_gm, as_federation, campaign, federation, federation_player
):
    conference = factories.make_conference(campaign, slug="ajilon")
    motion = factories.make_motion(conference, MotionStage.VOTING)
    seat = conference.seats.get(power=federation)
    Ballot.objects.filter(motion=motion, seat=seat).delete()
    factories.make_ballot(motion, seat, Choice.NO, by=federation_player)
    pages = [
        url("desk"),
        url("conference", conference="ajilon"),
        url("motion", conference="ajilon", number=motion.number),
    ]
    own = [as_federation.get(page).content.decode() for page in pages]
    assert all('value="no" aria-pressed="true"' in page for page in own)
    look(as_gm, campaign, "federation")
    for page in pages:
        text = as_gm.get(page).content.decode()
        assert 'aria-pressed="true"' not in text and "Your ballot" not in text


def test_drafts_are_not_seen_through_their_eyes(table):
    gm, campaign = table.clients["gm"], table.world.campaign
    look(gm, campaign, "federation")
    for route in ("draft", "draft-exhibit", "motion-edit"):
        assert ANSWERS[route]["get"][ROLES.index("federation")] == "P"
        assert gm.get(table.world.url(route)).status_code == 404
    draft = campaign.complaints.get(stage="draft")
    for route in ("desk", "docket"):
        assert str(draft.token) not in gm.get(table.world.url(route)).content.decode()


def test_what_a_delegate_cast_is_not_read_by_the_chairs_whom_they_join(
    as_gm, as_co_gm, campaign, gm, federation, federation_player
):
    """A delegate who comes to help to run the campaign takes no open ballot of theirs before the other chairs."""
    conference = factories.make_conference(campaign, slug="ajilon")
    motion = factories.make_motion(conference, MotionStage.VOTING)
    seat = conference.seats.get(power=federation)
    Ballot.objects.filter(motion=motion, seat=seat).delete()
    member = campaign.memberships.get(user=federation_player)
    seat.delegate = member
    seat.save()
    factories.make_ballot(motion, seat, Choice.NO, by=federation_player)
    held = campaigns.change_member(membership=member, role="co_gm", power=None, by=gm, now=NOW)
    assert held.pk == member.pk
    page = as_gm.get(url("motion", conference="ajilon", number=motion.number)).content.decode()
    assert f'id="ballot-{seat.pk}-no"' not in page or "sealed" in page
    assert Ballot.objects.cast_by(factories.viewer_of(campaign, gm)).filter(seat=seat).count() == 0
    back = campaigns.change_member(membership=held, role="player", power=federation, by=gm, now=NOW)
    seat.refresh_from_db()
    assert seat.delegate == back
    assert Ballot.objects.get(seat=seat).choice == Choice.NO
    assert Ballot.objects.cast_by(factories.viewer_of(campaign, federation_player)).count() == 0


def test_what_a_member_was_told_and_whom_they_play_stays_theirs_whatever_their_role(
    campaign, gm, klingon_player, klingon
):
    member = campaign.memberships.get(user=klingon_player)
    page = factories.make_entry(campaign, "Martok", kind="person", audience="gm")
    campaigns.give_character(membership=member, character=page, by=gm, now=NOW)
    whom = disclosures.Told(persons=frozenset([member]))
    disclosures.reveal(thing=page, to=whom, by=gm, now=NOW)
    for role, power in (("co_gm", None), ("observer", None), ("player", klingon)):
        member = campaigns.change_member(membership=member, role=role, power=power, by=gm, now=NOW)
        viewer = factories.viewer_of(campaign, klingon_player)
        assert campaign.entries.visible_to(viewer).filter(pk=page.pk).exists()
    member.refresh_from_db()
    assert member.character == page and Disclosure.objects.of(page).in_force().get().person == member


def test_who_meets_nothing_finds_the_way_back(as_gm, as_klingon, as_outsider, campaign):
    """From a page that the member has not: to the campaign, and to one's own eyes."""
    look(as_gm, campaign, "klingon")
    denied, missing = (
        as_gm.get(url(name, **where)) for name, where in (("bin", {}), ("entry", {"entry": "no"}))
    )
    for answer in (denied, missing, as_klingon.get(url("bin"))):
        assert answer.status_code == 404 and "Back to the campaign" in answer.content.decode()
    assert "Back to your own view" in denied.content.decode()
    assert "Back to the campaign" not in as_outsider.get(url("bin")).content.decode()
