"""The bar of a docket row: every respondent is in it, and the first is the largest."""

from itertools import pairwise

import pytest

from khitomer.drawing.bars import FIRST, HEIGHT, TOP, stacked

COLOURS = ["#c4513f", "#5a9a55", "#5b93c4", "#d9a441"]


def test_one_respondent_has_all_of_the_lower_half():
    (only,) = stacked(COLOURS[:1])
    assert (only.y, only.height, only.rx, only.colour) == (TOP, HEIGHT, 3, COLOURS[0])


@pytest.mark.parametrize("number", [2, 3, 4, 40])
def test_each_respondent_has_a_piece_below_the_last(number):
    colours = (COLOURS * 10)[:number]
    pieces = stacked(colours)
    assert [each.colour for each in pieces] == colours
    assert pieces[0].height == FIRST
    assert all(0 < each.height < FIRST for each in pieces[1:])
    for above, below in pairwise(pieces):
        assert above.y + above.height < below.y + 0.01
    assert pieces[-1].y + pieces[-1].height <= TOP + HEIGHT + 0.02
