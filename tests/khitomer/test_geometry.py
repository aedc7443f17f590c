"""A map shared out among sites: everything belongs to somebody, and each site to itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khitomer.rules.geometry import cells

SITES = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.tuples(st.integers(0, 1000), st.integers(0, 600)),
    min_size=1,
    max_size=12,
)


def inside(cell, point, slack=1e-6):
    """Whether a point lies in a convex polygon that goes round clockwise on the screen."""
    for edge in cell.edges:
        (x, y), (to_x, to_y) = edge.start, edge.end
        if (to_x - x) * (point[1] - y) - (to_y - y) * (point[0] - x) < -slack * 1000:
            return False
    return bool(cell.edges)


@given(SITES)
def test_the_cells_are_the_whole_map(sites):
    assert sum(cell.area for cell in cells(sites, 1000, 600).values()) == pytest.approx(600_000, rel=1e-6)


@given(SITES)
def test_each_site_lies_in_its_own_cell(sites):
    points = list(sites.values())
    for site, cell in cells(sites, 1000, 600).items():
        if points.count(sites[site]) == 1:
            assert inside(cell, sites[site])


@given(SITES)
def test_neighbours_know_each_other(sites):
    found = cells(sites, 1000, 600)
    for cell in found.values():
        for edge in cell.edges:
            far = (edge.start[0] - edge.end[0]) ** 2 + (edge.start[1] - edge.end[1]) ** 2
            if edge.beside and far > 1e-3:
                assert cell.site in {other.beside for other in found[edge.beside].edges}


def test_two_sites_meet_halfway():
    found = cells({"west": (250, 300), "east": (750, 300)}, 1000, 600)
    [border] = [edge for edge in found["west"].edges if edge.beside]
    assert border.beside == "east"
    assert {border.start, border.end} == {(500, 0), (500, 600)}
    assert found["west"].middle == pytest.approx((250, 300))
