"""Closing an evening: the recaps drafted of it, each for its audience, and what is carried to the next."""

import pytest
from django.utils import timezone

from khitomer.actions import chronicle, disclosures, recaps, scenes
from khitomer.models import Activity, Recap, Session, SessionState
from khitomer.rules import changes
from tests import factories
from tests.khitomer.evenings import in_play, read, url


@pytest.fixture
def evening(campaign):
    return in_play(campaign)


def close(client):
    return client.post(url("session-state", number=1), {"state": "closed"})


def told(campaign, gm, thing, *powers):
    whom = disclosures.Told(everyone=not powers, powers=frozenset(powers))
    disclosures.reveal(thing=thing, to=whom, by=gm, now=timezone.now())


@pytest.fixture
def eventful(campaign, evening, gm, klingon, romulan):
    """Things that everyone may know, and canaries that not everyone may."""
    factories.make_clock(campaign, "Veiled clock", hidden=True)
    factories.make_clock(campaign, "Canary own clock", audience="gm")
    factories.make_clock(campaign, "Open clock")
    made = [
        changes.ChangeStanding(power="federation", other="klingon", by=1),
        changes.TickClock(clock="open-clock", by=1),
        changes.TickClock(clock="veiled-clock", by=1),
        changes.TickClock(clock="canary-own-clock", by=1),
        changes.AddEvent(slug="canary-e", on=factories.TODAY, title="Canary event", audience="gm"),
        changes.SetFate(entry="canary-krell", fate="dead"),
    ]
    chronicle.apply(
        campaign=campaign, changes=made, by=gm, why="Canary why", source="gm:x", now=timezone.now()
    )
    told(campaign, gm, factories.make_event(campaign, "Known to all", audience="gm"))
    told(campaign, gm, factories.make_event(campaign, "Canary for Romulans", audience="gm"), romulan)
    scenes.show(staged=evening[2], by=gm, now=timezone.now())
    member = campaign.memberships.get(role="gm")
    evening[0].log.create(at=timezone.now(), text="Canary line", by=member)
    evening[0].log.create(at=timezone.now(), text="A toast", by=member, audience="all")
    evening[0].agenda.filter(position=1).update(done_at=timezone.now())
    return evening


def test_the_common_draft_says_what_everyone_may_know(eventful):
    draft = recaps.draft(eventful[0])
    for words in ("The roll", "Open clock", "Known to all", "A toast", "Federation"):
        assert words in draft
    assert "“Veiled clock” goes" not in draft  # that it is there is known, how far it has run is not
    assert "Canary" not in draft and "The vote" not in draft


def test_each_who_was_told_alone_has_a_draft_of_that_alone(eventful, as_gm, klingon, romulan):
    for _ in range(2):
        close(as_gm)
    drafts = {row.powers.get(): row.text for row in Recap.objects.all()}
    assert set(drafts) == {klingon, romulan}
    assert "Canary words" in drafts[klingon] and "Romulans" not in drafts[klingon]
    assert "Canary for Romulans" in drafts[romulan] and "Krell" not in drafts[romulan]


def test_a_draft_is_nobodys_before_it_is_published_and_then_its_own_audiences(
    campaign, eventful, as_gm, as_klingon, as_romulan, klingon
):
    close(as_gm)
    recap = Recap.objects.get(powers=klingon)
    where = url("recap-edit", number=1, pk=recap.pk)
    before = read(as_klingon, "session", number=1), read(as_romulan, "session", number=1)
    as_gm.post(where, {"token": "t", "text": "Only Kofi", "do": "draft"})
    assert (read(as_klingon, "session", number=1), read(as_romulan, "session", number=1)) == before
    known = Activity.objects.count()
    as_gm.post(where, {"token": "t", "text": "Only Kofi", "do": "publish"})
    assert "Only Kofi" in read(as_klingon, "session", number=1)
    assert "One for you" in read(as_klingon, "sessions")
    assert read(as_romulan, "session", number=1) == before[1]
    assert "One for you" not in read(as_romulan, "sessions")
    assert list(Activity.objects.first().powers.all()) == [klingon] and Activity.objects.count() == known + 1


def test_the_recap_is_edited_and_published(eventful, as_gm, as_observer):
    close(as_gm)
    assert "Known to all" in read(as_gm, "session-recap", number=1)
    as_gm.post(url("session-recap", number=1), {"token": "t", "recap": "They **met**."})
    assert "<strong>met</strong>" in read(as_observer, "session", number=1)


def test_what_was_not_used_goes_to_the_next_session(campaign, evening, as_gm, as_co_gm):
    session, scene, staged = evening
    session.agenda.filter(position=1).update(done_at=timezone.now())
    done = session.scenes.create(position=2, title="Done", done_at=timezone.now())
    close(as_gm)
    for client in (as_gm, as_co_gm):
        client.post(url("session-carry", number=1))
    target = Session.objects.get(number=2)
    assert [(item.title, item.carried_from) for item in target.agenda.all()] == [("The vote", session)]
    scene.refresh_from_db()
    assert (scene.session, scene.carried_from, scene.reveals.get()) == (target, session, staged)
    assert list(session.scenes.all()) == [done] and Session.objects.count() == 2


def test_of_a_scene_half_used_the_other_half_goes(campaign, evening, as_gm, gm):
    _session, scene, staged = evening
    left = scene.reveals.create(entry=staged.secret.entry, audience="all")
    scenes.show(staged=staged, by=gm, now=timezone.now())
    close(as_gm)
    for _ in range(2):
        as_gm.post(url("session-carry", number=1))
    copy = Session.objects.get(number=2).scenes.get()
    assert (copy.title, copy.reveals.get(), scene.reveals.get()) == (scene.title, left, staged)


def test_a_conference_still_open_comes_up_again(campaign, as_gm):
    factories.make_conference(campaign, slug="ajilon", name="Ajilon")
    session = factories.make_session(campaign, state=SessionState.CLOSED)
    session.agenda.create(position=1, title="Ajilon", refers="conference:ajilon", done_at=timezone.now())
    for _ in range(2):
        as_gm.post(url("session-carry", number=1))
    assert Session.objects.get(number=2).agenda.get().refers == "conference:ajilon"
    assert session.agenda.get().done_at


def test_that_scenes_were_carried_is_nobodys_to_notice(campaign, evening, as_gm):
    evening[0].agenda.all().delete()
    close(as_gm)
    known = Activity.objects.count()
    as_gm.post(url("session-carry", number=1))
    assert Activity.objects.count() == known


def test_three_hundred_sessions_come_by_pages(campaign, as_klingon):
    for number in range(1, 301):
        campaign.sessions.create(number=number, title=f"Evening {number}.", state=SessionState.CLOSED)
    page = read(as_klingon, "sessions")
    assert "Evening 300." in page and "Evening 261." in page and "Evening 260." not in page
