"""The speakers' order and the clock, as rules."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplomacy.rules import floor
from diplomacy.rules.floor import RANKS, Clock, Wish, place

NOW = datetime(2026, 3, 14, 20, 0, tzinfo=UTC)

SHORT = {
    "P": Wish(kind="point"),
    "R": Wish(kind="reply"),
    "f": Wish(kind="speech", side="for"),
    "a": Wish(kind="speech", side="against"),
    "n": Wish(kind="speech"),
}
LETTERS = {wish: letter for letter, wish in SHORT.items()}


def lined_up(asked, *, alternate=True, last=""):
    """The list, in letters, after these have asked one after another."""
    waiting = []
    for letter in asked:
        wish = SHORT[letter]
        waiting.insert(place(waiting, wish, alternate=alternate, last=last), wish)
    return "".join(LETTERS[wish] for wish in waiting)


@pytest.mark.parametrize(
    ("asked", "alternate", "last", "order"),
    [
        ("ffaa", True, "", "fafa"),
        ("ffaa", False, "", "ffaa"),
        ("fffa", True, "", "faff"),
        ("f", True, "for", "f"),
        ("fa", True, "for", "af"),
        ("ffa", True, "against", "faf"),
        ("fnfa", True, "", "fnaf"),
        ("faRP", True, "", "PRfa"),
        ("PfPRaR", True, "", "PPRRfa"),
        ("nnf", True, "", "nnf"),
    ],
)
def test_the_order_of_the_list(asked, alternate, last, order):
    assert lined_up(asked, alternate=alternate, last=last) == order


WISHES = st.lists(st.sampled_from(list(SHORT.values())), max_size=12)


@given(WISHES, st.booleans(), st.sampled_from(["", "for", "against"]))
def test_points_come_first_and_nobody_is_lost(asked, alternate, last):
    waiting = []
    for wish in asked:
        waiting.insert(place(waiting, wish, alternate=alternate, last=last), wish)
    assert sorted(map(repr, waiting)) == sorted(map(repr, asked))
    ranks = [RANKS.index(wish.kind) for wish in waiting]
    assert ranks == sorted(ranks)
    if not alternate:
        assert [wish for wish in waiting if wish.kind == "speech"] == [
            wish for wish in asked if wish.kind == "speech"
        ]


@given(WISHES, st.sampled_from(["", "for", "against"]))
def test_no_two_of_a_side_stand_together_while_the_other_side_waits_behind_them(asked, last):
    waiting = []
    for wish in asked:
        waiting.insert(place(waiting, wish, alternate=True, last=last), wish)
    sides = [wish.side for wish in waiting if wish.side]
    for here, (one, next_) in enumerate(pairwise(sides)):
        if one == next_:
            assert set(sides[here:]) == {one}


@given(st.integers(1, floor.LONGEST), st.integers(0, 400_000))
def test_pausing_and_running_on_loses_no_time(seconds, passed):
    clock = floor.start(seconds, NOW)
    then = NOW + timedelta(seconds=passed)
    rests = floor.pause(clock, then)
    assert rests.left == max(0, seconds - passed)
    assert floor.pause(rests, then + timedelta(hours=1)) == rests
    later = then + timedelta(days=2)
    assert floor.resume(rests, later).remaining(later) == rests.left
    assert floor.resume(clock, then) == clock


@given(st.integers(1, 3600), st.integers(0, 7200), st.integers(1, 600))
def test_more_time_is_more_time_counted_from_now_when_it_was_up(seconds, passed, more):
    then = NOW + timedelta(seconds=passed)
    extended = floor.extend(floor.start(seconds, NOW), more, then)
    assert extended.remaining(then) == max(0, seconds - passed) + more
    assert floor.extend(Clock(left=10), more, then).left == 10 + more
    assert floor.extend(Clock(), more, then) == Clock()


@pytest.mark.parametrize("seconds", [0, -1, floor.LONGEST + 1])
def test_a_clock_is_set_to_a_second_at_least_and_a_day_at_most(seconds):
    with pytest.raises(ValueError, match="a second at least"):
        floor.start(seconds, NOW)


@pytest.mark.parametrize(
    ("seconds", "shows"),
    [
        (0, "0:00"),
        (-12, "0:00"),
        (0.2, "0:01"),
        (59.9, "1:00"),
        (125, "2:05"),
        (3600, "1:00:00"),
        (3725, "1:02:05"),
    ],
)
def test_the_face_of_a_clock(seconds, shows):
    assert floor.face(seconds) == shows
