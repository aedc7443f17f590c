"""Standings over the years, as of a day, and as a web."""

import pytest
from django.utils import timezone

from khitomer.actions import chronicle, powers
from khitomer.drawing.standings import Step, history, web
from khitomer.rules import changes
from khitomer.rules.dates import StoryDate
from khitomer.views.standings import lines_of

PAIR = "/c/long-peace/powers/federation/standing/klingon/history/"


@pytest.fixture
def moved(campaign, gm, federation, klingon):
    """From +2 on the first day to +3 and −1, with one step that was undone."""
    for number, (day, by, why) in enumerate((("2378-06", 1, "A treaty"), ("2378-11-02", -4, "The raid"))):
        chronicle.apply(
            campaign=campaign,
            changes=[changes.ChangeStanding(power="klingon", other="federation", by=by)],
            by=gm,
            why=why,
            source=f"gm:{number}",
            story_date=StoryDate.parse(day),
            now=timezone.now(),
        )
    powers.set_standing(
        campaign=campaign,
        first=federation,
        second=klingon,
        value=5,
        by=gm,
        token="slip",
        why="",
        now=timezone.now(),
    )
    chronicle.undo(campaign=campaign, by=gm, why="A slip", now=timezone.now(), source="gm:slip")
    return campaign


def test_the_line_goes_by_what_stands(moved, federation, klingon):
    lines = lines_of(moved, federation, klingon, -1)
    assert [(str(line.on), line.value) for line in lines] == [("2378", 2), ("2378-06", 3), ("2378-11-02", -1)]


def test_why_is_the_gms_to_read(moved, as_gm, as_federation):
    assert "The raid" in as_gm.get(PAIR).content.decode()
    told = as_federation.get(PAIR).content.decode()
    assert "The raid" not in told
    assert "2 November 2378" in told
    assert "ledger" not in told


def test_a_pair_is_two_powers_of_the_campaign(campaign, as_gm):
    for other in ("federation", "nobody"):
        assert as_gm.get(f"/c/long-peace/powers/federation/standing/{other}/history/").status_code == 404


@pytest.mark.parametrize(("day", "shown"), [("2378-05", 2), ("2378-07", 3), ("2378-12", -1), ("", -1)])
def test_the_powers_as_of_a_day(moved, as_federation, day, shown):
    for path in ("powers/", "powers/federation/"):
        page = as_federation.get(f"/c/long-peace/{path}", {"on": day} if day else {})
        context = page.context
        if "standings" in context:
            assert context["standings"]["federation", "klingon"] == shown
        else:
            [regard] = [each for each in context["regards"] if each.other.slug == "klingon"]
            assert regard.value == shown


def test_a_day_that_is_none_is_said_beside_the_field(campaign, as_federation):
    answer = as_federation.get("/c/long-peace/powers/", {"on": "tomorrow"})
    assert answer.status_code == 422
    assert 'value="tomorrow"' in answer.content.decode()


def test_a_web_has_a_thread_for_every_pair_that_is_not_at_nought():
    ring = [("a", "A", "AAA", "#ffffff"), ("b", "B", "BBB", "#ffffff"), ("c", "C", "CCC", "#ffffff")]
    drawn = web(ring, {("a", "b"): 3, ("b", "c"): -5, ("a", "c"): 0})
    assert [(thread.said, thread.dashed) for thread in drawn.threads] == [
        ("AAA–BBB +3", False),
        ("BBB–CCC −5", True),
    ]


def test_a_line_holds_each_value_until_the_next_step():
    drawn = history(
        [Step(StoryDate.parse("2370"), 0), Step(StoryDate.parse("2375"), 5)], StoryDate.parse("2380")
    )
    assert drawn.path == "M44.0 100.0H305.8V14.0H620.0"
    assert history([], StoryDate.parse("2380")).path == ""


@pytest.mark.parametrize("rows", [1, 50])
def test_the_history_asks_as_often_for_many(moved, gm, as_federation, rows, django_assert_num_queries):
    for number in range(rows):
        chronicle.apply(
            campaign=moved,
            changes=[changes.ChangeStanding(power="klingon", other="federation", by=1 if number % 2 else -1)],
            by=gm,
            why="",
            source=f"gm:more-{number}",
            now=timezone.now(),
        )
    with django_assert_num_queries(10):
        as_federation.get(PAIR)
