"""The wall screen: what its link opens and what it does not, what it shows, and that nothing else ever shows there."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from diplomacy.actions import ballots, chambers, clocks, sittings, speakers
from diplomacy.models import ChamberLink, Conference, ConferenceStage
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.errors import Refused
from tests import factories
from tests.factories import NOW, WALL
from tests.world import routes

PART = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def conference(campaign):
    made = factories.make_conference(campaign, name="The Ajilon conference", slug="ajilon-hearing")
    factories.make_screen(made)
    return made


def wall(token=WALL, **headers):
    """The screen as a browser that knows nobody opens it."""
    return Client().get(reverse("chamber", kwargs={"token": token}), **headers)


def text(token=WALL):
    answer = wall(token)
    assert answer.status_code == 200
    return answer.content.decode()


# The link


def test_the_link_is_shown_once_and_only_its_hash_is_kept(campaign, conference, as_gm):
    address = reverse("chamber-links", kwargs={"campaign": campaign.slug, "conference": conference.slug})
    form = as_gm.get(address).context["form"]
    given = {"label": "The TV", "token": form["token"].value()}
    made = as_gm.post(address, given)
    token = re.search(r"/chamber/([\w-]+)/", made.content.decode())[1]
    assert made["Referrer-Policy"] == "no-referrer"
    assert "<svg" in made.content.decode()
    link = ChamberLink.objects.get(label="The TV")
    assert token not in (link.token_hash, str(link.pk))
    assert wall(token).status_code == 200
    assert token not in as_gm.get(address).content.decode()
    assert as_gm.post(address, given).status_code == 302
    assert ChamberLink.objects.filter(label="The TV").count() == 1


@pytest.mark.parametrize("how", ["removed", "an observer now", "gone"])
def test_it_closes_once_its_maker_runs_the_campaign_no_longer(campaign, conference, co_gm, as_gm, how):
    link = factories.make_screen(conference, token="another", made_by=co_gm)
    assert wall("another").status_code == 200
    if how == "removed":
        campaign.memberships.get(user=co_gm).delete()
    elif how == "gone":
        co_gm.delete()
    else:
        campaign.memberships.filter(user=co_gm).update(role="observer")
    assert wall("another").status_code == wall("another", **PART).status_code == 404
    assert wall().status_code == 200
    address = reverse("chamber-links", kwargs={"campaign": campaign.slug, "conference": conference.slug})
    assert as_gm.get(address).content.decode().count("no longer runs the campaign") == 1
    link.refresh_from_db()
    assert link.revoked_at is None


def test_a_chair_of_another_campaign_keeps_no_screen_here(campaign, conference, outsider):
    factories.make_screen(conference, token="another", made_by=outsider)
    assert wall("another").status_code == 404


def test_revoked_it_is_the_one_404_at_once_also_for_the_part(campaign, conference, as_gm, gm):
    assert wall().status_code == wall(**PART).status_code == 200
    link = conference.chamber_links.get()
    where = {"campaign": campaign.slug, "conference": conference.slug, "pk": link.pk}
    for _ in range(2):
        assert as_gm.post(reverse("chamber-revoke", kwargs=where)).status_code == 302
    gone, unknown = wall(), wall("never-was-one")
    assert gone.status_code == unknown.status_code == 404
    assert gone.content == unknown.content
    part, unknown_part = wall(**PART), wall("never-was-one", **PART)
    assert part.status_code == unknown_part.status_code == 404
    assert part.content == unknown_part.content
    assert part["HX-Refresh"] == "true"
    assert "Ajilon" not in part.content.decode() + gone.content.decode()


@pytest.mark.parametrize("role", ["as_klingon", "as_observer", "as_outsider", "as_anonymous"])
def test_nobody_but_the_gm_makes_or_revokes_one(campaign, conference, request, role):
    client = request.getfixturevalue(role)
    where = {"campaign": campaign.slug, "conference": conference.slug}
    expected = 302 if role == "as_anonymous" else 404
    assert client.get(reverse("chamber-links", kwargs=where)).status_code == expected
    link = conference.chamber_links.get()
    revoking = reverse("chamber-revoke", kwargs={**where, "pk": link.pk})
    assert client.post(revoking).status_code == expected
    link.refresh_from_db()
    assert link.revoked_at is None


def test_the_action_asks_who_it_is_too(conference, klingon_player):
    with pytest.raises(Refused, match="for the chair"):
        chambers.make_link(conference=conference, label="", by=klingon_player, now=NOW)
    with pytest.raises(Refused, match="for the chair"):
        chambers.revoke_link(link=conference.chamber_links.get(), by=klingon_player, now=NOW)


def test_walls_are_few(conference, gm):
    for _ in range(chambers.MOST - 1):
        chambers.make_link(conference=conference, label="", by=gm, now=NOW)
    with pytest.raises(Refused, match="links are open already"):
        chambers.make_link(conference=conference, label="", by=gm, now=NOW)


# What it opens


def test_it_sets_no_cookie_is_kept_and_told_by_nobody(conference):
    for answer in (wall(), wall(**PART), wall("never-was-one")):
        assert not answer.cookies
        assert "no-store" in answer["Cache-Control"]
    for answer in (wall(), wall(**PART)):
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert "Cookie" not in answer.get("Vary", "")  # nobody's session was read
        assert "unsafe" not in answer["Content-Security-Policy"]


def test_it_lets_nobody_in_anywhere_else(campaign, conference):
    """With the link open in one browser, every address of the campaign still asks who is there."""
    browser = Client()
    browser.get(reverse("chamber", kwargs={"token": WALL}))
    asked = 0
    for route in routes():
        if "campaign" not in route.parameters or set(route.parameters) - {"campaign", "conference"}:
            continue
        where = {"campaign": campaign.slug, "conference": conference.slug}
        path = reverse(route.name, kwargs={name: where[name] for name in route.parameters})
        for address in (path, f"{path}?token={WALL}"):
            answer = browser.get(address)
            assert answer.status_code == 302, route.name
            assert answer["Location"].startswith(reverse("sign-in"))
            asked += 1
    assert asked > 40
    assert not browser.cookies


def test_it_has_no_control_no_link_and_no_key_of_anything(campaign, conference):
    complaint = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=conference)
    motion = factories.make_motion(conference, MotionStage.VOTING, complaint=complaint)
    factories.put_in_hand(motion, hearing=complaint.hearing)
    shown = text()
    assert not re.search(r"<(a|form|button|input|select|textarea|iframe)\b", shown)
    assert campaign.slug not in shown
    assert conference.slug not in shown
    assert "/c/" not in shown
    assert "csrf" not in shown
    addresses = set(re.findall(r'(?:href|src|hx-get)="([^"]*)"', shown))
    assert all(address.startswith(("/static/", "?seen=", "#")) for address in addresses)
    assert WALL not in shown


# What it shows


def test_each_hour_has_its_own_calm_screen(campaign, conference, gm):
    complaint = factories.make_complaint(campaign, ComplaintStage.SCHEDULED, conference=conference)
    for stage, words in (
        (ConferenceStage.PLANNED, "The conference has not opened yet"),
        (ConferenceStage.OPEN, "The conference is sitting"),
        (ConferenceStage.SUSPENDED, "The sitting is suspended"),
        (ConferenceStage.CLOSED, "The sitting is closed"),
    ):
        Conference.objects.filter(pk=conference.pk).update(stage=stage)
        shown = text()
        assert words in shown
        assert (f"No. {complaint.number}" in shown) is (stage == ConferenceStage.PLANNED)


def test_it_follows_the_chair(campaign, conference, gm):
    complaint = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=conference)
    sittings.set_floor(conference=conference, hearing=complaint.hearing)
    assert complaint.title in text()
    motion = factories.make_motion(
        conference, MotionStage.SUBMITTED, complaint=complaint, title="On the camp"
    )
    sittings.take_in_hand(conference=conference, by=gm, motion=motion)
    first, second = motion.clauses.all()[:2]
    assert f"Motion {motion.number} · On the camp" in text()
    operative = first if first.kind == "operative" else second
    sittings.take_in_hand(conference=conference, by=gm, clause=operative)
    assert operative.text in text()
    sittings.take_in_hand(conference=conference, by=gm)
    assert "On the camp" not in text()


def test_it_shows_who_speaks_who_is_next_and_the_clock(campaign, conference, gm):
    for slug in ("federation", "klingon", "romulan", "cardassian"):
        seat = conference.seats.get(power__slug=slug)
        speakers.ask(conference=conference, seat=seat, kind="speech", side="for", by=gm, now=NOW)
    motion = factories.make_motion(conference, MotionStage.SUBMITTED)
    factories.put_in_hand(motion)
    speakers.call(conference=conference, by=gm, now=NOW)
    clocks.pause_clock(conference=conference, by=gm, now=NOW + timedelta(seconds=20))
    shown = text()
    speaker = campaign.powers.get(slug="federation")
    assert f"<b>{speaker.name}</b> <small>for</small>" in shown
    assert 'data-left="100.0"' in shown
    assert "1:40" in shown
    assert "data-runs" not in shown


def test_what_a_point_of_order_says_is_not_for_the_wall(conference, gm):
    seat = conference.seats.get(power__slug="klingon")
    speakers.ask(conference=conference, seat=seat, kind="point", about="A CANARY", by=gm, now=NOW)
    factories.put_in_hand(factories.make_motion(conference, MotionStage.SUBMITTED))
    assert "point of order" in text()
    assert "CANARY" not in text()


CAST = {"federation": "yes", "klingon": "no", "romulan": "yes", "cardassian": "abstain"}


@pytest.mark.parametrize("mode", ["open", "roll call", "show of hands"])
def test_while_a_vote_is_open_it_tells_who_voted_and_never_what(campaign, conference, gm, mode):
    """The screen is the same whatever was cast, to the letter."""
    seen = []
    for choice in ("yes", "no"):
        motion = factories.make_motion(
            conference, MotionStage.VOTING, title="One title", ballots={"federation": choice}, mode=mode
        )
        factories.put_in_hand(motion)
        seen.append(re.sub(r"Motion \d+|seen=\w+", "", text()))
    assert seen[0] == seen[1]
    assert "1 of 4" in seen[0]


@pytest.mark.parametrize("mode", ["open", "roll call", "show of hands"])
def test_after_the_close_it_shows_the_choices_and_the_result_in_words(conference, gm, mode):
    motion = factories.make_motion(conference, MotionStage.VOTING, ballots=CAST, mode=mode)
    motion = ballots.close(motion=motion, by=gm, now=NOW)
    factories.put_in_hand(motion)
    shown = text()
    assert "2 : 1" in shown
    assert motion.reason in shown.replace("&#x27;", "'")
    assert len(re.findall(r"<td>voted yes</td>|<td>yes</td>|<td>Yes</td>", shown)) == 2


def test_a_secret_vote_stays_secret_after_its_close(campaign, conference):
    motion = factories.make_motion(conference, MotionStage.VOTING, mode="secret")
    for slug, choice in CAST.items():
        motion.voters.create(seat=conference.seats.get(power__slug=slug))
        motion.box.create(choice=choice, receipt=slug)
    factories.put_in_hand(motion)
    assert "4 of 4" in text()
    type(motion).objects.filter(pk=motion.pk).update(
        stage=MotionStage.ADOPTED, outcome="adopted", reason="Adopted.", yes=2, no=1, abstain=1, not_voting=0,
        closed_at=NOW,
    )  # fmt: skip
    shown = text()
    assert "2 : 1" in shown
    table = re.search(r"<tbody>.*?</tbody>", shown, re.DOTALL)[0]
    said = set(re.findall(r"<td>(.*?)</td>", table))
    assert len(said) == 1


def test_drafts_effects_and_other_conferences_never_show(campaign, conference, gm):
    other = factories.make_conference(campaign, name="CANARY elsewhere")
    factories.make_motion(other, MotionStage.VOTING, title="CANARY there")
    draft = factories.make_motion(conference, MotionStage.DRAFT, title="CANARY draft")
    factories.put_in_hand(draft)
    assert "CANARY" not in text()
    entry = factories.make_entry(campaign, "CANARY entry")
    effects = [{"kind": "event", "title": "CANARY event"}, {"kind": "disclose", "entry": entry.slug}]
    motion = factories.make_motion(conference, MotionStage.SUBMITTED, effects=effects)
    factories.put_in_hand(motion)
    assert f"Motion {motion.number}" in text()
    assert "CANARY" not in text()


def test_a_clause_that_fell_is_not_read_out(conference):
    motion = factories.make_motion(conference, MotionStage.SUBMITTED)
    clause = motion.clauses.filter(kind="operative").first()
    factories.put_in_hand(motion, clause=clause)
    assert clause.text in text()
    motion.clauses.filter(pk=clause.pk).update(fallen_by=motion)
    assert clause.text not in text()


def test_the_longest_text_is_cut_where_a_wall_ends(conference):
    motion = factories.make_motion(conference, MotionStage.SUBMITTED)
    for position in range(20, 30):
        motion.clauses.create(position=position, phrase="Decides", text="x" * 800)
    factories.put_in_hand(motion)
    shown = text()
    assert re.search(r"and \d+ more clauses", shown)
    assert shown.count("x" * 800) <= 1


def test_the_part_comes_again_only_when_something_changed(conference, gm):
    seen = re.search(r"\?seen=(\w+)", wall(**PART).content.decode())[1]
    address = reverse("chamber", kwargs={"token": WALL})
    assert Client().get(f"{address}?seen={seen}", **PART).status_code == 204
    motion = factories.make_motion(conference, MotionStage.VOTING)
    factories.put_in_hand(motion)
    answer = Client().get(f"{address}?seen={seen}", **PART)
    assert answer.status_code == 200
    assert answer.content.decode().lstrip().startswith("<main")


def test_it_asks_as_often_for_fifty_as_for_one(campaign, conference, django_assert_max_num_queries):
    complaint = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=conference)
    motion = factories.make_motion(conference, MotionStage.VOTING, complaint=complaint, ballots=CAST)
    factories.put_in_hand(motion, hearing=complaint.hearing)
    for _ in range(49):
        factories.make_speech(conference.seats.first())
        factories.make_motion(conference, MotionStage.SUBMITTED)
    with django_assert_max_num_queries(9):
        text()
