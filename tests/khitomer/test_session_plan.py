"""What the GM plans of an evening: agenda, scenes, what is staged; and that nobody else can tell."""

import pytest
from django.utils import timezone

from khitomer.actions import scenes as actions
from khitomer.errors import Refused
from khitomer.models import Activity, Scene, SessionState, StagedReveal
from tests import factories
from tests.khitomer.evenings import in_play, read, url

PLAN_QUERIES = {0: 13, 1: 17, 20: 17}


@pytest.fixture
def planned(campaign):
    return factories.make_session(campaign, "Soon", ["One", "Two", "Three"])


def titles(rows):
    return [row.title for row in rows.order_by("position")]


@pytest.mark.parametrize(
    ("position", "to", "order"),
    [
        (1, "down", ["Two", "One", "Three"]),
        (3, "up", ["One", "Three", "Two"]),
        (1, "up", ["One", "Two", "Three"]),
        (1, "3", ["Two", "Three", "One"]),
        (3, "99", ["One", "Two", "Three"]),
    ],
)
def test_points_are_put_in_order(planned, as_gm, position, to, order):
    assert as_gm.post(url("agenda-move", number=1, position=position), {"to": to}).status_code == 302
    assert titles(planned.agenda) == order


def test_a_press_is_about_the_point_it_was_made_on(planned, as_gm):
    """Another GM has put the points in another order meanwhile."""
    item = planned.agenda.get(position=1)
    as_gm.post(url("agenda-move", number=1, position=1), {"to": "3"})
    as_gm.post(url("agenda-done", number=1, position=1), {"item": item.pk})
    assert [each.title for each in planned.agenda.exclude(done_at=None)] == ["One"]


def test_a_point_added_while_others_move_comes_last(planned, as_gm, as_co_gm):
    as_gm.post(url("agenda-move", number=1, position=3), {"to": "1"})
    as_co_gm.post(url("agenda-add", number=1), {"token": "t", "title": "Four"})
    assert titles(planned.agenda) == ["Three", "One", "Two", "Four"]


def test_a_point_is_written_anew_and_its_note_is_nobodys_to_notice(planned, as_gm):
    where = url("agenda-edit", number=1, position=1)
    as_gm.post(where, {"token": "t", "title": "One", "gm_note": "Hush"})
    assert planned.agenda.get(position=1).gm_note == "Hush" and not Activity.objects.exists()
    as_gm.post(where, {"token": "t", "title": "Uno", "gm_note": "Hush"})
    assert planned.agenda.get(position=1).title == "Uno" and Activity.objects.count() == 1


def test_a_conference_is_a_point_under_its_own_name(campaign, planned, as_gm, as_klingon):
    factories.make_conference(campaign, slug="ajilon", name="The Ajilon conference")
    as_gm.post(url("agenda-add", number=1), {"token": "t", "title": "", "refers": "conference:ajilon"})
    item = planned.agenda.get(position=4)
    assert (item.title, item.refers) == ("The Ajilon conference", "conference:ajilon")
    assert "/conferences/ajilon/" in read(as_klingon, "session", number=1)


def test_a_scene_is_added_once_with_the_pages_it_names(campaign, planned, as_gm):
    factories.make_entry(campaign, "Ajilon Prime")
    sent = {"token": "t", "title": "Arrival", "text": "*Snow*", "entries": "ajilon prime"}
    for _ in range(2):
        assert as_gm.post(url("scene-new", number=1), sent).status_code == 302
    scene = planned.scenes.get()
    assert [entry.name for entry in scene.entries.all()] == ["Ajilon Prime"] and "<em>" in scene.text_html
    answer = as_gm.post(url("scene-new", number=1), {**sent, "token": "u", "entries": "Nowhere"})
    assert answer.status_code == 422 and "no page called Nowhere" in answer.content.decode()


def test_a_thing_is_staged_from_its_own_page_and_nobody_is_told(campaign, planned, as_gm, klingon):
    event = factories.make_event(campaign, "A canary sings", audience="gm")
    where = url("stage", sort="event", pk=event.pk)
    as_gm.post(where, {"token": "t", "audience": "powers", "powers": [klingon.pk]})
    staged = StagedReveal.objects.get()
    assert staged.event == event and list(staged.powers.all()) == [klingon]
    assert (staged.scene.session, staged.done_at) == (planned, None)
    event.refresh_from_db()
    assert event.audience == "gm" and not Activity.objects.exists()


def test_without_a_session_nothing_is_staged(campaign, gm):
    event = factories.make_event(campaign, audience="gm")
    with pytest.raises(Refused, match="No session is planned"):
        actions.stage(campaign=campaign, thing=event, scene=None, audience="all", by=gm, now=timezone.now())


def test_what_may_be_staged_is_found_by_name(campaign, planned, as_gm):
    scene = planned.scenes.create(position=1, title="S")
    entry = factories.make_entry(campaign, "Thot Krell")
    factories.make_secret(entry, "He lies")
    page = as_gm.get(url("scene-stage", number=1, pk=scene.pk), {"q": "krell"}).content.decode()
    assert "Thot Krell" in page and "He lies" in page


@pytest.mark.parametrize("who", ["as_klingon", "as_observer"])
@pytest.mark.parametrize("state", [SessionState.PLANNED, SessionState.IN_PLAY, SessionState.CLOSED])
def test_what_is_planned_leaves_no_trace_for_players(campaign, request, who, state):
    client = request.getfixturevalue(who)
    session, _scene, _staged = in_play(campaign)
    session.state = state
    session.save()
    gm = campaign.memberships.get(role="gm")
    session.log.create(at=factories.NOW, text="Canary line", by=gm)
    session.recaps.create(text="Canary draft", text_html="Canary", audience="all")
    names = [("session", {"number": 1}), ("sessions", {}), ("desk", {})]
    before = [read(client, name, **kwargs) for name, kwargs in names]
    assert "canary" not in "".join(before).lower()
    session.scenes.all().delete()
    session.log.all().delete()
    session.recaps.all().delete()
    assert [read(client, name, **kwargs) for name, kwargs in names] == before


def test_nothing_that_is_done_to_a_scene_is_told(campaign, as_gm):
    _, scene, _ = in_play(campaign)
    where = {"number": 1, "pk": scene.pk}
    as_gm.post(url("scene-edit", **where), {"token": "t", "title": "New", "text": "x"})
    for name in ("scene-done", "scene-move", "scene-remove"):
        as_gm.post(url(name, **where), {"to": "up", "done": "1"})
    assert not Scene.objects.exists() and not Activity.objects.exists()


@pytest.mark.parametrize("number", [1, 20])
def test_the_plan_takes_the_same_queries_for_any_scenes(campaign, as_gm, number, django_assert_num_queries):
    session = factories.make_session(campaign, "Soon")
    entry = factories.make_entry(campaign, "Here")
    secret = factories.make_secret(entry)
    for position in range(1, number + 1):
        scene = session.scenes.create(position=position, title="A scene")
        scene.entries.add(entry)
        scene.reveals.create(secret=secret, audience="all")
    with django_assert_num_queries(PLAN_QUERIES[number]):
        as_gm.get(url("session-plan", number=1))


# What the page asks for


def test_a_point_is_needed_unless_a_conference_gives_its_name(campaign, planned, as_gm):
    form = as_gm.get(url("session", number=1)).context["form"]
    assert form.fields["title"].required and "refers" not in form.fields
    factories.make_conference(campaign)
    form = as_gm.get(url("session", number=1)).context["form"]
    assert not form.fields["title"].required and "conference’s name" in form.fields["title"].help_text
    answer = as_gm.post(url("agenda-add", number=1), {"token": "t"})
    assert answer.status_code == 422 and "choose a conference" in answer.content.decode()


def test_a_recap_is_asked_for_once_there_is_something_to_tell(planned, as_gm):
    given = {"token": "t", "title": "Sooner", "gm_notes": "Hush"}
    assert "recap" not in as_gm.get(url("session-edit", number=1)).context["form"].fields
    as_gm.post(url("session-edit", number=1), given)
    planned.refresh_from_db()
    assert (planned.title, planned.recap) == ("Sooner", "")
    planned.recap = "Told early"
    planned.save()
    page = as_gm.get(url("session-edit", number=1))
    assert page.context["form"]["recap"].value() == "Told early"


def test_an_answer_is_asked_for_before_the_evening_and_shown_as_given(planned, as_klingon):
    as_klingon.post(url("session-answer", number=1), {"answer": "maybe"})
    text = read(as_klingon, "session", number=1)
    assert 'value="maybe" aria-pressed="true"' in text and 'value="yes" aria-pressed="false"' in text
    planned.state = SessionState.IN_PLAY
    planned.began_at = timezone.now()
    planned.save()
    assert "I may come" not in read(as_klingon, "session", number=1)


def test_an_evening_that_is_over_names_who_was_there(campaign, as_gm):
    session = factories.make_session(campaign, "Past", state=SessionState.CLOSED)
    member = campaign.memberships.get(user__username="klingon")
    session.attendances.create(member=member, answer="yes", present=True)
    page = as_gm.get(url("session", number=1))
    assert [guest.member for guest in page.context["guests"]] == [member]
    assert "Who was there" in page.content.decode() and 'id="scenes"' not in page.content.decode()
