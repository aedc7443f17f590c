"""An evening in play: what is now and next, one press for each disclosure, the log, and who is here."""

import pytest
from django.utils import timezone

from khitomer.actions import disclosures, scenes
from khitomer.errors import Refused
from khitomer.models import Activity, Attendance, Disclosure, LogLine, SessionState
from tests import factories
from tests.khitomer.evenings import in_play, read, url

RUN_QUERIES = 21


@pytest.fixture
def evening(campaign):
    return in_play(campaign)


def press(client, scene, staged, do="show", **more):
    where = url("reveal", number=1, pk=scene.pk, reveal=staged.pk)
    return client.post(where, {"do": do, "from": "run", "scene": scene.pk}, **more)


def test_the_gm_runs_it_and_players_read_it(evening, as_gm, as_klingon):
    page = read(as_gm, "session", number=1)
    assert "Done, next" in page and "Canary text" in page and "Next: The vote" in page
    assert "Done, next" not in read(as_klingon, "session", number=1)


def test_one_press_goes_on_to_the_next(evening, as_gm):
    item = evening[0].agenda.get(position=1)
    sent = {"done": "1", "from": "run", "item": item.pk}
    for _ in range(2):
        page = as_gm.post(
            url("agenda-done", number=1, position=1), sent, headers={"HX-Request": "true"}
        ).content.decode()
    assert 'id="run-now"' in page and "<html" not in page
    assert [each.title for each in evening[0].agenda.filter(done_at=None)] == ["The vote"]


def test_a_press_discloses_a_secret_with_its_entry_once(evening, as_gm, as_co_gm, as_klingon, as_romulan):
    _, scene, staged = evening
    page = press(as_gm, scene, staged, headers={"HX-Request": "true"}).content.decode()
    assert "Told Klingon Empire" in page and "Undo" in page
    press(as_co_gm, scene, staged)
    assert Disclosure.objects.in_force().count() == 2  # the secret and its entry
    assert Activity.objects.filter(kind="disclosed").count() == 2
    assert "Canary Krell" in read(as_klingon, "session", number=1)
    assert "Canary" not in read(as_romulan, "session", number=1)


def test_an_undo_takes_back_what_the_press_told(evening, as_gm, as_klingon):
    _, scene, staged = evening
    for do in ("show", "undo", "undo"):
        press(as_gm, scene, staged, do)
    assert not Disclosure.objects.in_force().exists()
    staged.refresh_from_db()
    assert staged.done_at is None and "Canary" not in read(as_klingon, "session", number=1)


def test_an_undo_leaves_those_who_knew_before(campaign, evening, gm, romulan, klingon):
    _, _, _staged = evening
    event = factories.make_event(campaign, "Half known", audience="gm")
    told = disclosures.Told(powers=frozenset({romulan}))
    disclosures.reveal(thing=event, to=told, by=gm, now=factories.NOW)
    row = evening[1].reveals.create(event=event, audience="all")
    assert scenes.show(staged=row, by=gm, now=timezone.now())
    event.refresh_from_db()
    assert event.audience == "all"
    assert scenes.take_back(staged=row, by=gm, now=timezone.now())
    event.refresh_from_db()
    assert event.audience == "powers" and list(event.powers.all()) == [romulan]


def test_what_was_thrown_away_is_not_disclosed(evening, gm):
    _, _, staged = evening
    staged.secret.entry.deleted_at = timezone.now()
    staged.secret.entry.save()
    with pytest.raises(Refused, match="thrown away"):
        scenes.show(staged=staged, by=gm, now=timezone.now())


def test_a_page_is_read_in_its_place(evening, as_gm):
    where = url("scene-entry", number=1, pk=evening[1].pk, entry="canary-krell")
    assert as_gm.get(where).url == url("entry", entry="canary-krell")
    part = as_gm.get(where, headers={"HX-Request": "true"}).content.decode()
    assert "Canary words" in part and "<html" not in part


@pytest.mark.parametrize(("told", "sees"), [({}, False), ({"told": "on"}, True)])
def test_a_line_is_the_gms_unless_it_is_for_the_table(evening, as_gm, as_klingon, told, sees):
    for _ in range(2):
        as_gm.post(url("log-add", number=1), {"token": "t", "text": "A toast", **told})
    assert LogLine.objects.count() == 1
    assert ("A toast" in read(as_klingon, "session", number=1)) is sees
    assert Activity.objects.exists() is sees


def test_a_line_is_edited_and_struck_by_whoever_wrote_it(campaign, evening, as_gm, as_co_gm):
    as_gm.post(url("log-add", number=1), {"token": "t", "text": "A toast"})
    line = LogLine.objects.get()
    where = {"number": 1, "pk": line.pk}
    assert as_co_gm.post(url("log-edit", **where), {"token": "u", "text": "Mine"}).status_code == 422
    assert as_co_gm.post(url("log-remove", **where)).status_code == 409
    as_gm.post(url("log-edit", **where), {"token": "u", "text": "Two toasts"})
    line.refresh_from_db()
    assert line.text == "Two toasts"
    as_gm.post(url("log-remove", **where))
    assert not LogLine.objects.exists()


@pytest.mark.parametrize("answer", ["yes", "maybe", "no"])
def test_a_player_says_whether_they_come(campaign, evening, as_klingon, klingon_player, answer):
    for _ in range(2):
        as_klingon.post(url("session-answer", number=1), {"answer": answer})
    row = Attendance.objects.get()
    assert (row.answer, row.member.user) == (answer, klingon_player)


@pytest.mark.parametrize("answer", ["perhaps", "none", "yes" * 9])
def test_no_other_answer_is_taken(evening, as_klingon, answer):
    assert as_klingon.post(url("session-answer", number=1), {"answer": answer}).status_code == 409


def test_nobody_answers_for_an_evening_that_is_over(campaign, as_klingon):
    factories.make_session(campaign, state=SessionState.CLOSED)
    assert as_klingon.post(url("session-answer", number=1), {"answer": "yes"}).status_code == 409


def test_who_is_here_is_one_press(campaign, evening, as_gm):
    member = campaign.memberships.get(user__username="klingon")
    for present in ("1", "1", "0"):
        as_gm.post(url("session-present", number=1, pk=member.pk), {"present": present})
        assert Attendance.objects.get().present is (present == "1")


@pytest.mark.parametrize("number", [1, 20])
def test_running_takes_the_same_queries_for_any_scenes(campaign, as_gm, number, django_assert_num_queries):
    session = factories.make_session(campaign, "Tonight", ["One"] * number, state=SessionState.IN_PLAY)
    entry = factories.make_entry(campaign, "Here")
    for position in range(1, number + 1):
        scene = session.scenes.create(position=position, title="A scene")
        scene.entries.add(entry)
        scene.reveals.create(entry=entry, audience="all", done_at=factories.NOW)
    with django_assert_num_queries(RUN_QUERIES):
        as_gm.get(url("session", number=1))
