"""Time-limits: counted from the last day that today may be, and over only when that is certain."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplomacy.rules.limits import due_after, has_run
from khitomer.rules.dates import StoryDate

D = StoryDate.parse


@pytest.mark.parametrize(
    ("today", "days", "due"),
    [
        ("2379-03-14", 10, "2379-03-24"),
        ("2379-03-14", 0, "2379-03-14"),
        ("2379-03", 10, "2379-04-10"),
        ("2379", 10, "2380-01-10"),
        ("9999-12-30", 60, "9999-12-31"),
    ],
)
def test_a_limit_counts_from_the_last_day_that_today_may_be(today, days, due):
    assert due_after(D(today), days) == D(due)


@pytest.mark.parametrize(
    ("due", "today", "over"),
    [
        ("2379-03-24", "2379-03-23", False),
        ("2379-03-24", "2379-03-24", False),
        ("2379-03-24", "2379-03-25", True),
        ("2379-03-24", "2379-03", False),
        ("2379-03-24", "2379-04", True),
        ("2379-03-24", "2379", False),
        ("2379-03-24", "2380", True),
        (None, "2380", False),
    ],
)
def test_a_limit_has_run_once_that_is_certain(due, today, over):
    assert has_run(D(due) if due else None, D(today)) is over


@given(st.dates(datetime.date(2200, 1, 1), datetime.date(2500, 1, 1)), st.integers(0, 400))
def test_a_limit_never_runs_on_the_day_that_it_begins_and_always_the_day_after_it_ends(day, days):
    today = StoryDate.from_day(day)
    due = due_after(today, days)
    assert not has_run(due, today)
    assert not has_run(due, due)
    assert has_run(due, due.plus_days(1))
