"""The plane shared out among sites: to each all that lies nearer to it than to any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Edge:
    """One side of a cell, from a corner to the next; `beside` is the site across it, or "" at the rim of the map."""

    start: Point
    end: Point
    beside: str


@dataclass(frozen=True)
class Cell:
    """What belongs to one site: a convex polygon, its edges in order."""

    site: str
    edges: tuple[Edge, ...]

    @property
    def corners(self) -> list[Point]:
        return [edge.start for edge in self.edges]

    @property
    def area(self) -> float:
        """In square units of the map."""
        return abs(sum(_cross(edge.start, edge.end) for edge in self.edges)) / 2

    @property
    def middle(self) -> Point:
        """The centre of gravity; the first corner of a cell without an area."""
        whole = sum(_cross(edge.start, edge.end) for edge in self.edges)
        if not whole:
            return self.corners[0] if self.edges else (0.0, 0.0)
        x = sum((e.start[0] + e.end[0]) * _cross(e.start, e.end) for e in self.edges) / (3 * whole)
        y = sum((e.start[1] + e.end[1]) * _cross(e.start, e.end) for e in self.edges) / (3 * whole)
        return x, y


def cells(sites: Mapping[str, Point], width: float, height: float) -> dict[str, Cell]:
    """Share a map of this size out among sites on it; sites on the very same point share by the order of their names.

    Each cell is the map's rectangle, cut by the line halfway to every other site: for some hundred sites that is quick
    enough, and it cannot go wrong.
    """
    corners: list[Point] = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    rim = tuple(Edge(corner, corners[(at + 1) % 4], "") for at, corner in enumerate(corners))
    found = {}
    for site, point in sites.items():
        edges: Sequence[Edge] = rim
        for other, far in sites.items():
            if other == site:
                continue
            if far == point:  # nothing lies between them: the first takes all, the other nothing
                edges = edges if site < other else ()
            else:
                edges = _cut(edges, point, far, other)
        found[site] = Cell(site, tuple(edges))
    return found


def _cut(edges: Sequence[Edge], own: Point, far: Point, other: str) -> list[Edge]:
    """The part of a convex polygon that lies nearer to `own` than to `far`."""
    kept: list[Edge] = []
    leaves: Point | None = None
    enters: Point | None = None
    for edge in edges:
        start, end = _nearer(edge.start, own, far), _nearer(edge.end, own, far)
        if start >= 0 and end >= 0:
            kept.append(edge)
        elif start >= 0 > end:
            leaves = _between(edge, start, end)
            kept.append(Edge(edge.start, leaves, edge.beside))
        elif end >= 0 > start:
            enters = _between(edge, start, end)
            kept.append(Edge(enters, edge.end, edge.beside))
    if leaves is not None and enters is not None:
        at = next(index for index, edge in enumerate(kept) if edge.end == leaves)
        kept.insert(at + 1, Edge(leaves, enters, other))
    return kept


def _nearer(point: Point, own: Point, far: Point) -> float:
    """Above nought nearer to `own`, below nearer to `far`."""
    return (
        (far[0] - point[0]) ** 2
        + (far[1] - point[1]) ** 2
        - (own[0] - point[0]) ** 2
        - (own[1] - point[1]) ** 2
    )


def _between(edge: Edge, start: float, end: float) -> Point:
    share = start / (start - end)
    return (
        edge.start[0] + (edge.end[0] - edge.start[0]) * share,
        edge.start[1] + (edge.end[1] - edge.start[1]) * share,
    )


def _cross(one: Point, other: Point) -> float:
    return one[0] * other[1] - other[0] * one[1]
