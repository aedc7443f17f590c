"""Emblems of the powers, the conference's compass-star and its wax seal, as path data in a box of 60 by 60.

Every figure is plain geometry drawn for this project. ``figure`` is filled in the power's colour by the
even-odd rule; ``shade`` is filled in the same colour at half strength and gives the larger sizes their depth.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, pi, radians, sin

Point = tuple[float, float]


@dataclass(frozen=True)
class Emblem:
    """One emblem: its key, what it shows in a few words, and its two layers of path data."""

    key: str
    shows: str
    figure: str
    shade: str = ""


@dataclass(frozen=True)
class Seal:
    """A wax seal: the uneven edge of the wax, the pressed ring's radius, and the star pressed into it."""

    wax: str
    lip: str
    star: str
    star_shade: str


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def polygon(points: Iterable[Point]) -> str:
    """A closed path through ``points``."""
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points) + "Z"


def disc(cx: float, cy: float, r: float) -> str:
    """A closed circle as two arcs."""
    return (
        f"M{_number(cx - r)} {_number(cy)}a{_number(r)} {_number(r)} 0 1 0 {_number(2 * r)} 0"
        f"a{_number(r)} {_number(r)} 0 1 0 {_number(-2 * r)} 0Z"
    )


def around(angle: float, r: float, *, cx: float = 30, cy: float = 30) -> Point:
    """The point at ``angle`` degrees clockwise from the top, ``r`` from the centre."""
    return cx + r * sin(radians(angle)), cy - r * cos(radians(angle))


def star(points: int, outer: float, inner: float, *, turn: float = 0, cy: float = 30) -> str:
    """A star polygon with so many points."""
    step = 180 / points
    return polygon(around(turn + i * step, inner if i % 2 else outer, cy=cy) for i in range(2 * points))


def sector(start: float, end: float, inner: float, outer: float) -> str:
    """A piece of a ring between two angles (degrees clockwise from the top, at most 360 apart)."""
    large = 1 if end - start > 180 else 0
    (ax, ay), (bx, by) = around(start, outer), around(end, outer)
    (cx, cy), (dx, dy) = around(end, inner), around(start, inner)
    out, inn = _number(outer), _number(inner)
    return (
        f"M{_number(ax)} {_number(ay)}A{out} {out} 0 {large} 1 {_number(bx)} {_number(by)}"
        f"L{_number(cx)} {_number(cy)}A{inn} {inn} 0 {large} 0 {_number(dx)} {_number(dy)}Z"
    )


def _half_points(angles: Iterable[float], outer: float, waist: float, side: int) -> str:
    """One side of each of a compass-star's points, so that the other side can be shaded."""
    return "".join(polygon([around(a, outer), (30, 30), around(a + side * 45, waist)]) for a in angles)


def _chevron(top: float, *, reach: float = 16.5, drop: float = 12, thick: float = 8) -> str:
    return polygon(
        [
            (30, top),
            (30 + reach, top + drop),
            (30 + reach, top + drop + thick),
            (30, top + thick),
            (30 - reach, top + drop + thick),
            (30 - reach, top + drop),
        ]
    )


def _wave(y: float) -> str:
    over = f"M11 {y}C17 {y - 9} 24 {y - 9} 30 {y}S43 {y + 9} 49 {y}V{y + 5}"
    return over + f"C43 {y + 14} 36 {y + 14} 30 {y + 5}S17 {y - 4} 11 {y + 5}Z"


def _ingot(x: float, y: float) -> str:
    return polygon([(x + 3, y), (x + 13, y), (x + 16, y + 11), (x, y + 11)])


def _spear(turn: float) -> str:
    outline = (
        (0, 22),
        (19, 13.5),
        (12, 9.8),
        (167, 10),
        (173, 20),
        (187, 20),
        (193, 10),
        (348, 9.8),
        (341, 13.5),
    )
    return polygon(around(turn + angle, r) for angle, r in outline)


def _facets() -> tuple[str, str]:
    corner = [around(60 * i, 20) for i in range(6)]
    gap = [(0.0, -1.5), (1.3, 0.75), (-1.3, 0.75)]
    faces = [
        (corner[5], corner[0], corner[1]),
        (corner[1], corner[2], corner[3]),
        (corner[3], corner[4], corner[5]),
    ]
    top, right, left = (
        polygon((x + dx, y + dy) for x, y in (*face, (30.0, 30.0)))
        for face, (dx, dy) in zip(faces, gap, strict=True)
    )
    return top + left, right


_TOP_AND_LEFT, _RIGHT = _facets()

_ALL = (
    # The powers of the record.
    Emblem(
        "federation",
        "many worlds about one table",
        disc(30, 30, 6.5) + "".join(disc(*around(60 * i, 16), 4.3) for i in range(0, 6, 2)),
        "".join(disc(*around(60 * i, 16), 4.3) for i in range(1, 6, 2)),
    ),
    Emblem(
        "klingon",
        "a blade standing in a crescent",
        "M30 8L35.5 19L33 34.4C38.6 33.4 43.8 28.6 46.4 20C50.6 34 43.6 44.4 33.4 45.4L30 52L26.6 "
        "45.4C16.4 44.4 9.4 34 "
        "13.6 20C16.2 28.6 21.4 33.4 27 34.4L24.5 19Z",
    ),
    Emblem(
        "romulan",
        "two crescents, one lit and one dark, and a lozenge between",
        "M24 10A20.5 20.5 0 0 0 24 50C17.5 44 15.5 37 15.5 30S17.5 16 24 10Z"
        + polygon([(30, 15), (37, 30), (30, 45), (23, 30)]),
        "M36 10A20.5 20.5 0 0 1 36 50C42.5 44 44.5 37 44.5 30S42.5 16 36 10Z",
    ),
    Emblem(
        "cardassian",
        "a gate within a gate",
        "M30 8C41.5 18.5 45.5 31 45.5 47H38.5C38.5 34 36 24.5 30 17.5C24 24.5 21.5 34 21.5 47H14.5C14.5 "
        "31 18.5 18.5 30 8Z",
        "M30 25C33.6 31 34.6 38 34.6 47H25.4C25.4 38 26.4 31 30 25Z",
    ),
    Emblem(
        "dominion",
        "a link about which three arcs turn",
        disc(30, 30, 7.5) + sector(10, 100, 13.5, 20),
        sector(130, 220, 13.5, 20) + sector(250, 340, 13.5, 20),
    ),
    Emblem("ferengi", "three ingots, stacked", _ingot(22, 16.5) + _ingot(12.5, 31), _ingot(31.5, 31)),
    Emblem(
        "breen",
        "a crystal of frost",
        star(6, 22, 4.6),
        "".join(
            polygon([around(a, 9), around(a - 13, 14.5), around(a, 20), around(a + 13, 14.5)])
            for a in range(30, 360, 60)
        ),
    ),
    Emblem(
        "tholian",
        "a lozenge in a lattice",
        polygon([(30, 8), (46, 30), (30, 52), (14, 30)]) + polygon([(30, 16), (40, 30), (30, 44), (20, 30)]),
        polygon([(30, 22), (35.6, 30), (30, 38), (24.4, 30)]),
    ),
    Emblem(
        "gorn",
        "three strokes of a claw",
        "M19 11C25 23 25 36 15 48C29 39 30 23 19 11Z"
        "M31 9C37 22 37 38 27 51C42 40 42 22 31 9Z"
        "M42.5 13C47 23 47 35 39 45.5C51 37 51 23 42.5 13Z",
    ),
    Emblem(
        "bajoran",
        "a flame in a lamp",
        "M30 8C37 17 39.5 21.5 39.5 27A9.5 9.5 0 0 1 20.5 27C20.5 21.5 23 17 30 8ZM30 20C27.4 23.6 26 "
        "25.6 26 28A4 4 0 0 0 "
        "34 28C34 25.6 32.6 23.6 30 20Z",
        "M12 36H17.5C19.5 41 24 43.6 30 43.6S40.5 41 42.5 36H48C46.5 45 39.5 50.5 30 50.5S13.5 45 12 36Z",
    ),
    Emblem(
        "orion",
        "two sails and a belt of three",
        polygon([(15, 12), (45, 12), (35, 24), (25, 24)]) + "".join(disc(x, 30, 2.8) for x in (20, 30, 40)),
        polygon([(25, 36), (35, 36), (45, 48), (15, 48)]),
    ),
    Emblem(
        "talarian",
        "a shield, half in shadow",
        "M30 9L46 14V28C46 38.5 39.5 46.5 30 51Z",
        "M28 9.6V50L27 49.6C19 45 14 37.6 14 28V14Z",
    ),
    Emblem("tzenkethi", "a cube of three faces", _TOP_AND_LEFT, _RIGHT),
    # Free for any power.
    Emblem("star", "a star of five points", star(5, 21, 8.6, cy=31.5)),
    Emblem("ring", "a ring about a disc", disc(30, 30, 20) + disc(30, 30, 13.5), disc(30, 30, 7.5)),
    Emblem("chevron", "two chevrons", _chevron(10.5), _chevron(26)),
    Emblem("wave", "three waves", _wave(27.5), _wave(15.5) + _wave(39.5)),
    Emblem(
        "crescent",
        "a crescent and a star",
        "M37 10.5A20.5 20.5 0 1 0 49.5 36.5A16.5 16.5 0 1 1 37 10.5Z",
        polygon(around(36 * i, 3 if i % 2 else 7, cx=39.5, cy=26.5) for i in range(10)),
    ),
    Emblem(
        "hex",
        "a cell of six sides",
        polygon(around(60 * i + 30, 21) for i in range(6))
        + polygon(around(60 * i + 30, 13.5) for i in range(6)),
        polygon(around(60 * i + 30, 8) for i in range(6)),
    ),
    Emblem(
        "trident",
        "a trident",
        "M30 7L35 17H32.7V28.2C37.8 27.4 40.3 24.6 40.3 19H37.8L42.8 10L47.8 19H45.3C45.3 27.8 40.5 32.4 "
        "32.7 33.2V52H27.3V33.2"
        "C19.5 32.4 14.7 27.8 14.7 19H12.2L17.2 10L22.2 19H19.7C19.7 24.6 22.2 27.4 27.3 28.2V17H25Z",
    ),
    Emblem("spear", "two spears crossed", _spear(40), _spear(320)),
    Emblem(
        "tower",
        "a tower with its gate open",
        "M15 12H21.5V17H26.75V12H33.25V17H38.5V12H45V24H40V49H34.5V39A4.5 4.5 0 0 0 25.5 39V49H20V24H15Z",
    ),
    Emblem(
        "eye",
        "a watching eye",
        "M8.5 30C14 20.5 21 16 30 16S46 20.5 51.5 30C46 39.5 39 44 30 44S14 39.5 8.5 30Z"
        "M15 30C19 36 24 38.6 30 38.6S41 36 45 30C41 24 36 21.4 30 21.4S19 24 15 30Z" + disc(30, 30, 5.6),
    ),
    Emblem(
        "leaf",
        "a leaf on its stem",
        "M31.5 8C45 16 48.5 28 43 38C40.3 42.6 36.5 44.4 31.5 44.6ZM31.5 44.6V53H28.5V44.6Z",
        "M28.5 8C15 16 11.5 28 17 38C19.7 42.6 23.5 44.4 28.5 44.6Z",
    ),
    Emblem(
        "knot",
        "four rings tied into one",
        "".join(disc(x, y, 10) + disc(x, y, 5.2) for x, y in ((22, 22), (38, 38))),
        "".join(disc(x, y, 10) + disc(x, y, 5.2) for x, y in ((38, 22), (22, 38))),
    ),
)

EMBLEMS: dict[str, Emblem] = {emblem.key: emblem for emblem in _ALL}
UNKNOWN = EMBLEMS["ring"]

COMPASS_STAR = Emblem(
    "compass-star",
    "the compass-star of the conference",
    _half_points((0, 90, 180, 270), 27, 7.6, 1) + _half_points((45, 135, 225, 315), 17, 5.6, 1),
    _half_points((0, 90, 180, 270), 27, 7.6, -1) + _half_points((45, 135, 225, 315), 17, 5.6, -1),
)


def emblem_named(key: str) -> Emblem:
    """The emblem of that key; a plain ring for a key that is gone, so that no page fails for a picture."""
    return EMBLEMS.get(key, UNKNOWN)


def seal() -> Seal:
    """The conference's seal in wax, in a box of 60 by 60. The edge is uneven in a fixed way, so it prints
    alike each time.
    """

    def edge(base: float, depth: float) -> str:
        turns = [2 * pi * i / 72 for i in range(72)]
        return polygon(
            (30 + (base + depth * _ripple(t)) * sin(t), 30 - (base + depth * _ripple(t)) * cos(t))
            for t in turns
        )

    halves = [
        _half_points((0, 90, 180, 270), 18, 5, s) + _half_points((45, 135, 225, 315), 11.5, 3.8, s)
        for s in (1, -1)
    ]
    return Seal(edge(27, 1.5), edge(25.2, 1.1), halves[0], halves[1])


def _ripple(turn: float) -> float:
    return 0.5 * sin(3 * turn + 0.7) + 0.32 * sin(7 * turn + 2.1) + 0.18 * sin(11 * turn)
