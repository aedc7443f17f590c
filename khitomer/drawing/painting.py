"""Path data painted as pixels: the emblems and seals leave the browser as PNG files.

A path is brought to closed outlines of short straight lines, and each outline is filled by itself, many times larger
than it is wanted. Where one lies within another the two cancel out, which is the even-odd rule that the emblems are
drawn by; made smaller, the steps along the edges become even.
"""

import re
from collections.abc import Iterator
from math import acos, ceil, cos, hypot, pi, sin, sqrt

from PIL import Image, ImageChops, ImageDraw

Point = tuple[float, float]

BOX = 60.0
"""The width and the height of the box that all paths are drawn in."""
FINER = 4
"""How many times larger than wanted a shape is filled."""
_MOST = 3072
"""How many pixels wide a shape is filled at most, whatever is wanted."""
_CURVE = 24
"""In how many straight lines a Bézier curve is brought."""
_ARC = pi / 60
"""How far an arc turns in one straight line."""

_PARTS = re.compile(r"([MLHVCSAZ])|([-+]?(?:\d+\.?\d*|\.\d+))", re.IGNORECASE)
_NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "A": 7}


def mask_of(path: str, size: int, *, shift: Point = (0, 0)) -> Image.Image:
    """A picture in grey of so many pixels a side: white where the path is filled, by the even-odd rule.

    `shift` moves it, in units of its box.
    """
    fine = _fine(size)
    scale = fine / BOX
    filled = Image.new("1", (fine, fine))
    for outline in outlines(path):
        one = Image.new("1", (fine, fine))
        points = [((x + shift[0]) * scale, (y + shift[1]) * scale) for x, y in outline]
        if len(points) > 2:
            ImageDraw.Draw(one).polygon(points, fill=1)
            filled = ImageChops.logical_xor(filled, one)
    return filled.convert("L").resize((size, size), Image.Resampling.BOX)


def ring_mask(size: int, outer: float, inner: float = 0.0, *, centre: Point = (30.0, 30.0)) -> Image.Image:
    """The same of a disc, or of a ring, by its radii in units of the box."""
    fine = _fine(size)
    scale = fine / BOX
    filled = Image.new("L", (fine, fine))
    pen = ImageDraw.Draw(filled)
    for radius, tone in ((outer, 255), (inner, 0)):
        if radius > 0:
            (x, y), r = centre, radius
            pen.ellipse(
                ((x - r) * scale, (y - r) * scale, (x + r) * scale - 1, (y + r) * scale - 1), fill=tone
            )
    return filled.resize((size, size), Image.Resampling.BOX)


def lay(canvas: Image.Image, mask: Image.Image, colour: str, opacity: float = 1.0) -> None:
    """Lay a colour over a canvas with transparency, where the mask is white."""
    layer = Image.new("RGBA", canvas.size, colour)
    layer.putalpha(mask if opacity >= 1 else mask.point(lambda value: value * opacity))
    canvas.alpha_composite(layer)


def outlines(path: str) -> Iterator[list[Point]]:
    """The closed outlines of path data, each as the points that straight lines lead through.

    It knows the commands that our drawings use: M, L, H, V, C, S, A and Z, with their small letters. `ValueError` for
    any other.
    """
    if rest := _PARTS.sub("", path).strip(" ,\n\t"):
        raise ValueError(f"this is no path data of ours: {rest[:20]!r}")
    outline: list[Point] = []
    here: Point = (0.0, 0.0)
    handle: Point | None = None
    for letter, numbers in _commands(path):
        command, (x0, y0) = letter.upper(), here if letter.islower() else (0.0, 0.0)
        if command in "MZ" and outline:
            yield outline
            here, outline = outline[0], []
            x0, y0 = here if letter.islower() else (0.0, 0.0)
        if command == "Z":
            handle = None
            continue
        if command == "H":
            end = (x0 + numbers[0], here[1])
        elif command == "V":
            end = (here[0], y0 + numbers[0])
        else:
            end = (x0 + numbers[-2], y0 + numbers[-1])
        if not outline and command != "M":
            outline.append(here)
        if command == "C":
            first, second = (x0 + numbers[0], y0 + numbers[1]), (x0 + numbers[2], y0 + numbers[3])
            outline += _curve(here, first, second, end)
            handle = second
        elif command == "S":
            first = (2 * here[0] - handle[0], 2 * here[1] - handle[1]) if handle else here
            second = (x0 + numbers[0], y0 + numbers[1])
            outline += _curve(here, first, second, end)
            handle = second
        else:
            outline += _arc(here, numbers, end) if command == "A" else [end]
            handle = None
        here = end
    if outline:
        yield outline


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with its numbers; one that is written once and followed by more numbers counts as often as they
    go round, and points behind a moved pen are lines."""
    letter, numbers = "", list[float]()
    for found in _PARTS.finditer(path):
        if found[1]:
            if numbers:
                raise ValueError(f"{letter} lacks a number")
            letter = found[1]
            if letter in "Zz":
                yield letter, []
            continue
        wanted = _NUMBERS.get(letter.upper())
        if wanted is None:
            raise ValueError("a number stands where no command asks for one")
        numbers.append(float(found[2]))
        if len(numbers) == wanted:
            yield letter, numbers
            numbers = []
            letter = {"M": "L", "m": "l"}.get(letter, letter)
    if numbers:
        raise ValueError(f"{letter} lacks a number")


def _curve(start: Point, first: Point, second: Point, end: Point) -> list[Point]:
    """The points along a Bézier curve, its start left out."""
    found = []
    for step in range(1, _CURVE + 1):
        t = step / _CURVE
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        found.append(
            (
                a * start[0] + b * first[0] + c * second[0] + d * end[0],
                a * start[1] + b * first[1] + c * second[1] + d * end[1],
            )
        )
    return found


def _arc(start: Point, numbers: list[float], end: Point) -> list[Point]:
    """The points along an arc of a circle or an upright ellipse, its start left out; the SVG standard, F.6.5."""
    rx, ry, turn, large, sweep = abs(numbers[0]), abs(numbers[1]), numbers[2], numbers[3], numbers[4]
    if turn:
        raise ValueError("an ellipse of ours stands upright")
    if start == end or not rx or not ry:
        return [end]
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    short = hypot(dx / rx, dy / ry)
    if short > 1:
        rx, ry = rx * short, ry * short
    share = (dx / rx) ** 2 + (dy / ry) ** 2
    way = sqrt(max(0.0, 1 / share - 1)) * (-1 if bool(large) == bool(sweep) else 1)
    cx = way * rx * dy / ry + (start[0] + end[0]) / 2
    cy = -way * ry * dx / rx + (start[1] + end[1]) / 2
    from_angle, to_angle = (_angle((x - cx) / rx, (y - cy) / ry) for x, y in (start, end))
    swept = (to_angle - from_angle) % (2 * pi)
    if not sweep:
        swept -= 2 * pi
    steps = max(2, ceil(abs(swept) / _ARC))
    along = [from_angle + swept * step / steps for step in range(1, steps)]
    return [*((cx + rx * cos(angle), cy + ry * sin(angle)) for angle in along), end]


def _angle(x: float, y: float) -> float:
    return acos(max(-1.0, min(1.0, x / hypot(x, y)))) * (1 if y >= 0 else -1)


def _fine(size: int) -> int:
    """How large a shape is filled for a size: a whole number of times larger."""
    return size * max(2, min(FINER, _MOST // size))
