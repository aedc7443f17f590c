"""Dice and pools: what a roll comes to, who sees it, what it may cost, and two hands on one pool."""

import re
import time
from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.urls import reverse

from khitomer.actions import dice as actions
from khitomer.actions import notation, sessions
from khitomer.errors import Refused
from khitomer.models import Activity, Audience, LogKind, LogLine, Pools, SessionState
from khitomer.rules import dice as rules
from tests import factories


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", "number": 1, **kwargs})


@pytest.fixture
def evening(campaign):
    return factories.make_session(campaign, state=SessionState.IN_PLAY)


@pytest.fixture
def gm_seat(campaign, gm):
    return campaign.memberships.get(user=gm)


@pytest.fixture
def seat(campaign, klingon_player):
    return campaign.memberships.get(user=klingon_player)


class Fixed(Random):
    """Dice that fall as they are told."""

    def __init__(self, *faces):
        super().__init__()
        self.faces = list(faces)

    def randint(self, a, b):
        return self.faces.pop(0)


# The rule


@pytest.mark.parametrize(
    ("given", "faces", "successes", "complications", "passed", "momentum"),
    [
        ({"target": 11}, [11, 12], 1, 0, True, 0),
        ({"target": 11}, [1, 12], 2, 0, True, 1),
        ({"target": 11}, [1, 1], 4, 0, True, 3),
        ({"target": 11}, [20, 20], 0, 2, False, 0),
        ({"target": 11, "focus": 4}, [4, 5], 3, 0, True, 2),
        ({"target": 3, "focus": 5}, [4, 3], 2, 0, True, 1),
        ({"target": 11, "difficulty": 3}, [2, 3], 2, 0, False, 0),
        ({"target": 11, "difficulty": 0}, [15, 16], 0, 0, True, 0),
        ({"target": 11, "complication_range": 5}, [16, 15], 0, 1, False, 0),
        ({"target": 18, "complication_range": 5}, [16, 20], 1, 2, True, 0),
        ({"target": 11, "dice": 5, "difficulty": 2}, [1, 2, 3, 12, 19], 4, 0, True, 2),
    ],
)
def test_what_a_task_comes_to(given, faces, successes, complications, passed, momentum):
    reading = rules.read(rules.Task(**given), faces)
    assert (reading.successes, reading.complications) == (successes, complications)
    assert (reading.passed, reading.momentum) == (passed, momentum)
    assert [die.face for die in reading.dice] == faces


@pytest.mark.parametrize(
    "given",
    [{"target": 0}, {"target": 21}, {"target": 9, "dice": 1}, {"target": 9, "dice": 6},
     {"target": 9, "complication_range": 6}, {"target": 9, "difficulty": -1}, {"target": 9, "focus": 21}],
)  # fmt: skip
def test_what_is_no_task(given):
    with pytest.raises(ValueError, match=" is "):
        rules.Task(**given)


@pytest.mark.parametrize("faces", [[], [1], [1, 2, 3], [0, 1], [1, 21]])
def test_faces_that_are_not_its_dice(faces):
    with pytest.raises(ValueError, match="not a roll"):
        rules.read(rules.Task(target=9), faces)


def test_the_words_of_a_task():
    task = rules.Task(target=11, focus=3, difficulty=1)
    assert (
        rules.in_words(task, rules.read(task, [2, 20]))
        == "2d20 against 11 (focus 3), difficulty 1: 2 successes, 1 complication, 1 Momentum"
    )


# The notation


@pytest.mark.parametrize(
    ("text", "faces", "total", "counting"),
    [("2d6+3", [4, 5], 12, 2), ("4d6kh3", [1, 6, 5, 4], 15, 3), ("d20", [7], 7, 1), ("1d6 * 2", [3], 6, 1),
     ("3d6pl1", [1, 2, 3], 5, 2), ("7d1/2", [1] * 7, 3, 7)],
)  # fmt: skip
def test_what_a_notation_comes_to(text, faces, total, counting):
    rolled = notation.roll(text, source=Fixed(*faces))
    assert rolled.total == total
    assert sum(counts for _, _, counts in rolled.dice) == counting


BOMBS = [
    "999999d999999", "101d6", "1d1001", "100d100e>0", "1d1e1", "1d6rr<7", "100d6rr>0", "9" * 60, "1d6*" + "9" * 50,
    "(" * 30 + "1d6", "-" * 57 + "1d6x", "1d6/0", "1d6%0", "1d0", "1d" + "9" * 57, "9" * 57 + "d6", "1d6mi" + "9" * 50,
    "5", "", " ", "💥", "1d6;drop", "1d6 __import__", "x" * 61, "1d6\x00", "d", "(1,2)", "1d6*.0000001/.0*1",
]  # fmt: skip


@pytest.mark.parametrize("text", BOMBS)
def test_what_cannot_be_rolled_is_refused_at_once(text):
    began = time.perf_counter()
    with pytest.raises(Refused) as refused:
        notation.roll(text, source=Random(1))
    assert refused.value.field == "notation"
    assert time.perf_counter() - began < 1


def test_the_dearest_roll_that_is_allowed_is_cheap():
    began = time.perf_counter()
    notation.roll("100d6" + "k1k2k3k4k5k6" * 4, source=Random(1))
    assert time.perf_counter() - began < 2


# The evening's log


def rolled(client, **given):
    return client.post(url("session-dice"), {"task-token": "a", "roll-token": "a", **given})


TASK = {
    "sort": "task",
    "task-target": "11",
    "task-focus": "2",
    "task-difficulty": "1",
    "task-complication_range": "1",
    "task-dice": "3",
}


def test_a_player_rolls_for_everyone_to_see(evening, seat, as_klingon, as_observer):
    assert rolled(as_klingon, **TASK, **{"task-what": "Hail them"}).status_code == 302
    line = LogLine.objects.get()
    assert (line.kind, line.audience, line.by) == (LogKind.ROLL, Audience.ALL, seat)
    assert len(line.detail["dice"]) == 3 and line.text.startswith("Hail them: 3d20 against 11")
    assert "Hail them" in as_observer.get(url("session-dice")).content.decode()


def test_a_notation_is_rolled(evening, as_klingon):
    assert rolled(as_klingon, sort="notation", **{"roll-notation": "2d6+3"}).status_code == 302
    line = LogLine.objects.get()
    assert line.detail["total"] == sum(die["face"] for die in line.detail["dice"]) + 3


def test_a_second_press_is_no_second_throw(evening, as_klingon):
    for _ in range(2):
        assert rolled(as_klingon, **TASK).status_code == 302
    assert LogLine.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "form", "field"),
    [({"sort": "notation", "roll-notation": "9d"}, "roll", "notation"), ({"sort": "notation"}, "roll", "notation"),
     ({**TASK, "task-dice": "9"}, "task", "dice"), ({**TASK, "task-target": "x"}, "task", "target"), ({}, "roll", "notation")],
)  # fmt: skip
def test_what_will_not_do_is_said_beside_its_field(evening, as_klingon, given, form, field):
    answer = rolled(as_klingon, **given)
    assert answer.status_code == 422 and answer.context["tools"][form].errors[field]
    assert not LogLine.objects.exists()


def test_a_secret_roll_is_the_gms_and_leaves_no_trace(campaign, evening, gm_seat, as_gm, as_klingon):
    def seen(client):
        text = client.get(url("session-dice")).content.decode()
        return [line for line in text.splitlines() if "csrf" not in line and "token" not in line]

    before, told = seen(as_klingon), Activity.objects.count()
    assert rolled(as_gm, **TASK, **{"task-secret": "on", "task-what": "Cloaked ship"}).status_code == 302
    assert LogLine.objects.get().audience == Audience.GM
    assert seen(as_klingon) == before
    assert Activity.objects.count() == told
    assert "Cloaked ship" in as_gm.get(url("session-dice")).content.decode()


def test_no_key_of_a_line_tells_of_those_between(evening, gm_seat, seat, as_klingon):
    for n, secret in enumerate((False, True, True, False)):
        at = factories.NOW + timedelta(seconds=n)
        by = gm_seat if secret else seat
        actions.roll_task(
            session=evening, task=rules.Task(target=20), secret=secret, by=by, now=at, source=Fixed(1, 1)
        )
    page = as_klingon.get(url("session-dice")).content.decode()
    assert page.count('name="roll"') == 2
    assert not re.search(r'name="roll" value="\d+"', page)
    assert 'name="roll" value="2026-03-14T' in page


def test_a_player_cannot_roll_in_secret(evening, seat, as_klingon):
    rolled(as_klingon, **TASK, **{"task-secret": "on"})
    assert LogLine.objects.get().audience == Audience.ALL
    with pytest.raises(Refused):
        actions.roll_notation(session=evening, notation_text="1d6", secret=True, by=seat, now=factories.NOW)


@pytest.mark.parametrize("state", [SessionState.PLANNED, SessionState.CLOSED])
def test_dice_wait_for_the_evening(campaign, as_klingon, state):
    factories.make_session(campaign, state=state)
    assert rolled(as_klingon, **TASK).status_code == 422
    assert as_klingon.post(url("session-pools"), {"pool": "momentum", "by": "1"}).status_code == 409
    assert (
        not LogLine.objects.exists() and "Dice wait" in as_klingon.get(url("session-dice")).content.decode()
    )


def test_observers_look_on(evening, as_observer):
    assert "Roll the task" not in as_observer.get(url("session-dice")).content.decode()
    assert rolled(as_observer, **TASK).status_code == 422
    assert as_observer.post(url("session-pools"), {"pool": "threat", "by": "1"}).status_code == 409
    assert not LogLine.objects.exists()


def test_dice_do_not_drown_all_else_among_the_latest(evening, seat):
    for n in range(5):
        at = factories.NOW + timedelta(seconds=n)
        actions.roll_notation(session=evening, notation_text="1d6", by=seat, now=at)
    assert Activity.objects.count() == 1


# Pools


def press(client, pool, by, **more):
    return client.post(url("session-pools"), {"pool": pool, "by": by, **more})


@pytest.mark.parametrize(
    ("who", "pool", "by", "status"),
    [("as_klingon", "momentum", "1", 302), ("as_klingon", "momentum", "-1", 302), ("as_klingon", "threat", "1", 302),
     ("as_klingon", "threat", "-1", 409), ("as_gm", "threat", "-1", 302), ("as_co_gm", "threat", "-1", 302),
     ("as_gm", "luck", "1", 409), ("as_gm", "momentum", "7", 409), ("as_gm", "momentum", "", 409)],
)  # fmt: skip
def test_who_may_change_which_pool(campaign, evening, request, who, pool, by, status):
    Pools.objects.create(campaign=campaign, momentum=3, threat=3)
    assert press(request.getfixturevalue(who), pool, by).status_code == status
    pools = Pools.objects.get()
    lines = LogLine.objects.filter(kind=LogKind.POOL)
    if status == 302:
        assert getattr(pools, pool) == 3 + int(by)
        assert lines.get().detail == {"pool": pool, "before": 3, "after": 3 + int(by)}
    else:
        assert (pools.momentum, pools.threat) == (3, 3) and not lines.exists()


@pytest.mark.parametrize(
    ("pool", "holds", "by", "says"),
    [("momentum", 6, "1", "It holds 6"), ("momentum", 0, "-1", "none to spend"), ("threat", 99, "1", "It holds 99"),
     ("threat", 0, "-1", "none to spend")],
)  # fmt: skip
def test_beyond_what_a_pool_holds_it_says_what_it_does(campaign, evening, as_gm, pool, holds, by, says):
    Pools.objects.create(campaign=campaign, **{pool: holds})
    answer = press(as_gm, pool, by)
    assert answer.status_code == 409 and says in answer.content.decode()
    answer = as_gm.post(url("session-pools"), {"pool": pool, "by": by}, headers={"HX-Request": "true"})
    assert says in answer.content.decode() and "<html" not in answer.content.decode()
    assert getattr(Pools.objects.get(), pool) == holds


def test_the_momentum_of_a_roll_is_saved_once_and_as_far_as_there_is_room(
    campaign, evening, seat, as_klingon
):
    Pools.objects.create(campaign=campaign, momentum=5)
    line = actions.roll_task(
        session=evening, task=rules.Task(target=11), by=seat, now=factories.NOW, source=Fixed(1, 1)
    )
    given = {"roll": line.at.isoformat()}
    assert as_klingon.post(url("session-pools"), given).status_code == 302
    line.refresh_from_db()
    assert Pools.objects.get().momentum == 6 and line.detail["saved"] == 1
    assert as_klingon.post(url("session-pools"), given).status_code == 409
    for wrong in ("x", "", "2026-03-14", "9" * 40):
        assert as_klingon.post(url("session-pools"), {"roll": wrong}).status_code == 404


def test_the_momentum_of_a_secret_roll_is_nobodys_to_save(evening, gm_seat, as_klingon, as_gm):
    line = actions.roll_task(
        session=evening,
        task=rules.Task(target=11),
        secret=True,
        by=gm_seat,
        now=factories.NOW,
        source=Fixed(1, 1),
    )
    given = {"roll": line.at.isoformat()}
    assert as_klingon.post(url("session-pools"), given).status_code == 404
    assert as_gm.post(url("session-pools"), given).status_code == 409


def test_htmx_is_sent_the_part_alone(evening, as_klingon):
    answer = as_klingon.post(url("session-dice"), {**TASK, "task-token": "a"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200 and 'id="dice"' in page and "<html" not in page and "3d20" in page


@pytest.mark.parametrize("number", [1, 12])
def test_the_page_takes_the_same_queries_for_any_number(
    campaign, evening, seat, as_klingon, number, django_assert_num_queries
):
    for n in range(number):
        at = factories.NOW + timedelta(seconds=n)
        actions.roll_notation(session=evening, notation_text="1d6", by=seat, now=at)
    with django_assert_num_queries(9):
        as_klingon.get(url("session-dice"))


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_both_count_and_none_beyond(campaign, evening, seat, gm_seat):
    from threading import Barrier, Thread

    Pools.objects.create(campaign=campaign, momentum=4)
    start, refused = Barrier(3), []

    def go(member):
        start.wait()
        try:
            actions.change_pool(session=evening, pool="momentum", by_how_much=1, by=member, now=factories.NOW)
        except Refused as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=go, args=[member]) for member in (seat, gm_seat, seat)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Pools.objects.get().momentum == 6 and len(refused) == 1
    assert LogLine.objects.filter(kind=LogKind.POOL).count() == 2


def test_a_session_that_closes_keeps_its_rolls(evening, seat, gm):
    actions.roll_notation(session=evening, notation_text="1d6", by=seat, now=factories.NOW)
    sessions.close(session=evening, by=gm, now=factories.NOW)
    assert evening.log.count() == 1


def test_the_numbers_stay_for_the_next_throw_under_a_name_of_its_own(evening, as_klingon):
    given = {**TASK, "task-token": "a", "task-what": "Hail them"}
    part = as_klingon.post(url("session-dice"), given, headers={"HX-Request": "true"})
    form = part.context["tools"]["task"]
    assert part.status_code == 200 and not form.is_bound
    assert (form["target"].value(), form["focus"].value(), form["dice"].value()) == (11, 2, 3)
    assert not form["what"].value() and form["token"].value() not in ("", "a")


def test_a_roll_that_cannot_be_read_says_how_to_write_one(evening, as_klingon):
    answer = rolled(as_klingon, sort="notation", **{"roll-notation": "two dice"})
    assert answer.status_code == 422 and "Write it as 2d6+3." in answer.content.decode()
