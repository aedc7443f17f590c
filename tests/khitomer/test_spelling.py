"""Words that are nearly the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khitomer.rules.spelling import forgiven, nearest, slips

WORDS = st.text("abcd", max_size=8)


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("klingon", "klingon", 0),
        ("klingom", "klingon", 1),
        ("kligon", "klingon", 1),
        ("klinggon", "klingon", 1),
        ("lkingon", "klingon", 1),
        ("romulan", "klingon", 3),
        ("", "ab", 2),
    ],
)
def test_slips(one, other, far):
    assert slips(one, other, 2) == far


@given(WORDS, WORDS, st.integers(0, 3))
def test_both_ways_alike_and_none_only_between_equals(one, other, most):
    assert slips(one, other, most) == slips(other, one, most)
    assert (slips(one, other, most) == 0) == (one == other)


@given(WORDS, WORDS)
def test_a_limit_cuts_and_changes_nothing_below_it(one, other):
    far = slips(one, other, 9)
    for most in range(4):
        assert slips(one, other, most) == min(far, most + 1)


@given(WORDS, st.lists(WORDS, max_size=12))
def test_what_is_nearest_is_found_by_measuring_all(word, words):
    most = forgiven(word)
    best = min((slips(word, other, most) for other in words), default=most + 1)
    expected = (
        {other for other in words if slips(word, other, most) == best} if most and best <= most else set()
    )
    assert nearest(word, words) == expected
