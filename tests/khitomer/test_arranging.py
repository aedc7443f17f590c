"""Panels that are moved about: the steps, and what a stored layout comes to on the page of today."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khitomer.rules.arranging import Layout, Move, arranged

USUAL = (("needs",), ("tonight", "clocks"), ("standings", "latest"))
PANELS = sorted(panel for column in USUAL for panel in column)


@pytest.mark.parametrize(
    ("panel", "move", "columns"),
    [
        ("clocks", Move.UP, (("needs",), ("clocks", "tonight"), ("standings", "latest"))),
        ("tonight", Move.UP, USUAL),
        ("tonight", Move.DOWN, (("needs",), ("clocks", "tonight"), ("standings", "latest"))),
        ("latest", Move.DOWN, USUAL),
        ("clocks", Move.LEFT, (("needs", "clocks"), ("tonight",), ("standings", "latest"))),
        ("standings", Move.LEFT, (("needs",), ("standings", "tonight", "clocks"), ("latest",))),
        ("needs", Move.LEFT, USUAL),
        ("latest", Move.RIGHT, USUAL),
        ("needs", Move.RIGHT, ((), ("needs", "tonight", "clocks"), ("standings", "latest"))),
        ("no such panel", Move.DOWN, USUAL),
        ("needs", Move.BACK, USUAL),
    ],
)
def test_a_step(panel, move, columns):
    assert Layout(columns=USUAL).moved(panel, move).columns == columns


def test_what_is_put_away_comes_back_at_the_foot_of_the_shortest_column():
    away = Layout(columns=USUAL).moved("clocks", Move.AWAY)
    assert (away.columns[1], away.away) == (("tonight",), ("clocks",))
    back = away.moved("clocks", Move.BACK)
    assert (back.columns[0], back.away) == (("needs", "clocks"), ())


@pytest.mark.parametrize(
    "stored",
    [{}, {"columns": 3}, {"columns": [4, None, {"a": 1}]}, {"columns": [[1, [], "x"]], "away": "needs"}],
)
def test_what_is_no_layout_counts_as_none(stored):
    assert arranged(stored, USUAL) == Layout(columns=USUAL)


def test_what_is_new_stands_where_it_usually_does_and_what_is_gone_is_left_out():
    stored = {"columns": [["latest", "gone"], ["tonight", "latest"]], "away": ["needs"]}
    assert arranged(stored, USUAL) == Layout(
        columns=(("latest",), ("tonight", "clocks"), ("standings",)), away=("needs",)
    )


@given(st.lists(st.tuples(st.sampled_from([*PANELS, "none"]), st.sampled_from(list(Move)))))
def test_no_step_loses_or_doubles_a_panel_and_what_is_stored_comes_back(steps):
    layout = Layout(columns=USUAL)
    for panel, move in steps:
        layout = layout.moved(panel, move)
    assert sorted([*(each for column in layout.columns for each in column), *layout.away]) == PANELS
    assert arranged(layout.stored(), USUAL) == layout
