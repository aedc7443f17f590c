"""Evenings at the table: planned, in play one at a time, closed; the GM's notes for the GM alone."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from khitomer.actions import sessions as actions
from khitomer.errors import Refused
from khitomer.models import Activity, Session, SessionState
from tests import factories

LIST_QUERIES = 8
PAGE_QUERIES = {"as_gm": 13, "as_klingon": 13}


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


@pytest.fixture
def evening(campaign):
    session = campaign.sessions.create(
        number=1,
        title="The Ajilon hearing",
        recap="",
        gm_notes="Krell lies",
        gm_notes_html="<p>Krell lies</p>",
    )
    session.agenda.create(position=1, title="Seating of the Breen")
    session.agenda.create(position=2, title="Vote on draft B", gm_note="Pardek's aide is in the room")
    return session


def read(client, name, **kwargs):
    answer = client.get(url(name, **kwargs))
    assert answer.status_code == 200
    return bare(answer.content.decode())


def bare(page):
    """A page without the tokens of its forms, which are new each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


# The pages


def test_the_list_shows_each_evening_and_its_recap(campaign, evening, as_klingon):
    evening.state, evening.recap = SessionState.CLOSED, "They *sat*. " * 60
    evening.save()
    page = read(as_klingon, "sessions")
    assert "The Ajilon hearing" in page and "They sat. They" in page and "…" in page
    assert "Closed" in page and "Krell" not in page and "Plan a session" not in page


@pytest.mark.parametrize(("who", "says"), [("as_gm", "Plan the first"), ("as_klingon", "The GM plans them")])
def test_a_campaign_without_sessions_says_what_comes_next(campaign, request, who, says):
    assert says in read(request.getfixturevalue(who), "sessions")


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_takes_the_same_queries_for_any_number(campaign, as_gm, number, django_assert_num_queries):
    for n in range(number):
        campaign.sessions.create(number=n + 1, title="An evening", recap="They met.")
    with django_assert_num_queries(LIST_QUERIES):
        as_gm.get(url("sessions"))


@pytest.mark.parametrize("who", ["as_gm", "as_klingon"])
@pytest.mark.parametrize("number", [1, 50])
def test_the_page_takes_the_same_queries_for_any_agenda(
    campaign, request, who, number, django_assert_num_queries
):
    session = campaign.sessions.create(number=1, title="An evening")
    for n in range(number):
        session.agenda.create(position=n + 1, title="A point", gm_note="Hush")
    client = request.getfixturevalue(who)
    with django_assert_num_queries(PAGE_QUERIES[who]):
        client.get(url("session", number=1))


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("as_gm", True),
        ("as_co_gm", True),
        ("as_klingon", False),
        ("as_federation", False),
        ("as_observer", False),
    ],
)
def test_notes_are_for_the_gm_alone(evening, request, who, sees):
    client = request.getfixturevalue(who)
    page = read(client, "session", number=1)
    assert "Vote on draft B" in page
    assert ("Krell lies" in page) is sees
    assert ("aide is in the room" in page) is sees
    assert ("GM" in page.split("<main")[1].split("<footer")[0]) is sees
    part = client.get(url("session", number=1), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and ("aide is in the room" in part) is sees


def test_notes_leave_no_trace_for_players(campaign, evening, as_klingon):
    before = read(as_klingon, "session", number=1), read(as_klingon, "sessions")
    evening.agenda.update(gm_note="")
    evening.gm_notes = evening.gm_notes_html = ""
    evening.save()
    assert (read(as_klingon, "session", number=1), read(as_klingon, "sessions")) == before


def test_the_first_point_that_waits_is_in_hand_while_the_session_is_in_play(evening, as_klingon):
    assert "is-now" not in read(as_klingon, "session", number=1)
    evening.state = SessionState.IN_PLAY
    evening.save()
    evening.agenda.filter(position=1).update(done_at=timezone.now())
    page = read(as_klingon, "session", number=1)
    assert page.count("is-now") == 1 and 'is-now">Vote on draft B' in page
    assert page.count("is-done") == 1 and "Done</button>" not in page


def test_a_session_that_is_not_there_is_missing(campaign, as_gm):
    assert as_gm.get(url("session", number=9)).status_code == 404


# Planning and writing


def test_the_gm_plans_a_session_once_however_often_it_is_sent(campaign, evening, as_gm):
    sent = {"token": "t", "title": "Second sitting", "on": "2026-05-01", "gm_notes": "*Careful*"}
    for _ in range(2):
        assert as_gm.post(url("session-new"), sent).url == url("session", number=2)
    session = campaign.sessions.get(number=2)
    assert (session.title, str(session.on), session.state) == (
        "Second sitting",
        "2026-05-01",
        SessionState.PLANNED,
    )
    assert session.gm_notes_html == "<p><em>Careful</em></p>\n"


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"title": ""}, "title", "needed"),
        ({"title": "x" * 81}, "title", "at most 80"),
        ({"on": "2026-02-30"}, "on", "valid date"),
        ({"gm_notes": "x" * 50_001}, "gm_notes", "50,001"),
        ({"recap": "x" * 50_001}, "recap", "50,001"),
    ],
)
def test_what_is_wrong_with_a_session_stands_beside_its_field(evening, as_gm, given, field, says):
    Session.objects.update(recap="Told")  # only then is there a recap to write
    sent = {"token": "t", "title": "T", "on": "", "gm_notes": "", "recap": "", **given}
    answer = as_gm.post(url("session-edit", number=1), sent)
    assert answer.status_code == 422
    assert says in str(answer.context["form"].errors[field])
    evening.refresh_from_db()
    assert evening.title == "The Ajilon hearing"


def test_a_recap_is_told_to_everyone(campaign, evening, as_gm, as_observer):
    sent = {
        "token": "t",
        "title": "The Ajilon hearing",
        "on": "",
        "gm_notes": "Krell lies",
        "recap": "They **sat**.",
    }
    Session.objects.update(state=SessionState.CLOSED)
    as_gm.post(url("session-edit", number=1), sent)
    assert "They <strong>sat</strong>." in read(as_observer, "session", number=1)
    assert Activity.objects.get().number == 1
    as_gm.post(url("session-edit", number=1), {**sent, "gm_notes": "Krell lies twice"})
    assert Activity.objects.count() == 1  # that the notes changed is nobody else's to notice


# Begin and close


def test_a_session_is_begun_and_closed_and_may_go_on(campaign, evening, as_gm):
    for state in ("in play", "in play", "closed", "closed", "in play"):
        assert as_gm.post(url("session-state", number=1), {"state": state}).url == url("session", number=1)
        evening.refresh_from_db()
        assert evening.state == state
    assert evening.began_at is not None
    assert Activity.objects.count() == 3


def test_one_session_is_in_play_at_a_time(campaign, evening, as_gm, gm):
    campaign.sessions.create(number=2, title="Second", state=SessionState.IN_PLAY)
    answer = as_gm.post(url("session-state", number=1), {"state": "in play"})
    assert answer.status_code == 409
    assert "Session 2 is in play. Close it first." in answer.content.decode()
    evening.refresh_from_db()
    assert evening.state == SessionState.PLANNED


def test_another_campaign_may_play_on_the_same_evening(campaign, evening, gm):
    factories.make_campaign(slug="other").sessions.create(number=1, title="O", state=SessionState.IN_PLAY)
    assert actions.begin(session=evening, by=gm, now=timezone.now()).state == SessionState.IN_PLAY


def test_what_has_not_begun_is_not_closed(evening, gm):
    with pytest.raises(Refused, match="has not begun"):
        actions.close(session=evening, by=gm, now=timezone.now())


@pytest.mark.parametrize("state", ["", "planned", "over"])
def test_a_state_that_no_button_gives_is_refused(evening, as_gm, state):
    assert as_gm.post(url("session-state", number=1), {"state": state}).status_code == 409


# The agenda


def test_points_join_at_the_end_once_however_often_they_are_sent(evening, as_gm):
    sent = {"token": "t", "title": "Recess", "gm_note": "The captains talk"}
    for _ in range(2):
        assert as_gm.post(url("agenda-add", number=1), sent).url == url("session", number=1)
    item = evening.agenda.get(position=3)
    assert (item.title, item.gm_note, evening.agenda.count()) == ("Recess", "The captains talk", 3)


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"title": ""}, "title", "needed"),
        ({"title": "x" * 121}, "title", "120"),
        ({"gm_note": "x" * 501}, "gm_note", "500"),
    ],
)
def test_what_is_wrong_with_a_point_stands_beside_its_field(evening, as_gm, given, field, says):
    answer = as_gm.post(url("agenda-add", number=1), {"token": "t", "title": "T", "gm_note": "", **given})
    assert answer.status_code == 422
    assert says in str(answer.context["form"].errors[field])
    assert evening.agenda.count() == 2


def test_a_point_is_ticked_and_unticked(evening, as_gm):
    for done in ("1", "1", "0"):
        as_gm.post(url("agenda-done", number=1, position=1), {"done": done})
        assert (evening.agenda.get(position=1).done_at is not None) is (done == "1")
    assert Activity.objects.count() == 2


def test_htmx_is_sent_the_agenda_alone_after_a_tick(evening, as_gm):
    answer = as_gm.post(
        url("agenda-done", number=1, position=1), {"done": "1"}, headers={"HX-Request": "true"}
    )
    text = answer.content.decode()
    assert text.strip().startswith('<section class="panel lilac" id="agenda"')
    assert "is-done" in text and "<html" not in text


def test_a_point_is_taken_off(evening, as_gm):
    as_gm.post(url("agenda-remove", number=1, position=1))
    assert [item.title for item in evening.agenda.all()] == ["Vote on draft B"]


# Who must not


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [
        ("session-new", {}),
        ("session-edit", {"number": 1}),
        ("session-state", {"number": 1}),
        ("agenda-add", {"number": 1}),
        ("agenda-done", {"number": 1, "position": 1}),
        ("agenda-remove", {"number": 1, "position": 1}),
    ],
)
@pytest.mark.parametrize("who", ["as_klingon", "as_observer", "as_outsider"])
def test_only_the_gm_runs_sessions(evening, request, name, kwargs, who):
    client = request.getfixturevalue(who)
    sent = {"token": "t", "title": "Mine", "state": "in play", "done": "1"}
    assert client.get(url(name, **kwargs)).status_code == 404
    assert client.post(url(name, **kwargs), sent).status_code == 404
    evening.refresh_from_db()
    assert (evening.title, evening.state, evening.agenda.count()) == ("The Ajilon hearing", "planned", 2)


@pytest.mark.parametrize(("name", "kwargs"), [("sessions", {}), ("session", {"number": 1})])
def test_an_outsider_finds_no_session(evening, as_outsider, name, kwargs):
    assert as_outsider.get(url(name, **kwargs)).status_code == 404


@pytest.mark.parametrize("name", ["session-state", "agenda-add"])
def test_what_changes_something_takes_a_post(evening, as_gm, name):
    assert as_gm.get(url(name, number=1)).status_code == 405
