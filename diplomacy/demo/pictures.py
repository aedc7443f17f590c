"""The exhibits of the demo, drawn when they are needed: pictures with Pillow, PDFs written out by hand."""

import io
import random
from collections.abc import Callable, Sequence
from itertools import pairwise

from PIL import Image, ImageDraw

Draw = Callable[[], bytes]
_Point = tuple[float, float]

_SKY, _GRID, _FAINT = "#0b1220", "#1b2a44", "#5d7396"
_AMBER, _ICE, _RED = "#f2b15c", "#9fd8e8", "#ef6a55"
_SIZE = (1200, 750)


def convoy() -> bytes:
    """The course of the Halvet convoy as it was announced and as it was flown, as PNG."""
    canvas, pen = _screen(seed=41)
    announced = [(90.0, 640.0), (400.0, 480.0), (760.0, 300.0), (1110.0, 120.0)]
    flown = [*announced[:2], (640.0, 362.0), (700.0, 420.0), (690.0, 500.0), (780.0, 560.0), (1110.0, 470.0)]
    _dashes(pen, announced, _FAINT)
    pen.line(flown, fill=_AMBER, width=4, joint="curve")
    for number, (x, y) in enumerate(_along(flown[:3], 11), start=1):
        pen.ellipse((x - 5, y - 5, x + 5, y + 5), fill=_RED if number == 9 else _AMBER)
    _ship(pen, (700, 330), _RED)
    _label(pen, (736, 336), "QELVOK  0914", _RED)
    _label(pen, (90, 670), "HALVET", _AMBER)
    _label(pen, (930, 96), "COURSE ANNOUNCED", _FAINT)
    _label(pen, (860, 566), "COURSE FLOWN, 9 DAYS", _AMBER)
    return _png(canvas)


def blockade() -> bytes:
    """The lane through the Marrak Deep with four ships across it, as PNG."""
    canvas, pen = _screen(seed=26)
    ice = random.Random(11)
    for top in (True, False):
        for x in range(0, _SIZE[0], 26):
            depth = ice.randint(150, 270)
            y = ice.randint(0, depth) if top else _SIZE[1] - ice.randint(0, depth)
            r = ice.randint(18, 52)
            pen.regular_polygon((x, y, r), 6, rotation=ice.randint(0, 60), fill="#16283d", outline="#284764")
    _dashes(pen, [(60, 380), (1140, 372)], _FAINT)
    for y in (292, 344, 404, 456):
        _ship(pen, (760, y), _ICE)
    for x in (430, 480, 530):
        pen.rectangle((x - 9, 366, x + 9, 384), outline=_AMBER, width=3)
    _label(pen, (786, 262), "FOUR SHIPS, NO ANSWER", _ICE)
    _label(pen, (396, 400), "THREE BARGES AT THE BUOYS", _AMBER)
    _label(pen, (960, 340), "THE WAY OUT", _FAINT)
    return _png(canvas)


def passenger_list() -> bytes:
    """The passenger list of the Ilvara's Lamp, the forty-one marked, as PDF."""
    letters = random.Random(9)
    first = (
        "Arna",
        "Belis",
        "Dasa",
        "Erim",
        "Ferin",
        "Gilat",
        "Hessa",
        "Ilan",
        "Mira",
        "Marat",
        "Nela",
        "Oren",
    )
    last = (
        "Dorel",
        "Erval",
        "Halor",
        "Jessan",
        "Korin",
        "Lemet",
        "Morad",
        "Parn",
        "Russol",
        "Tevek",
        "Vorim",
    )
    names = letters.sample([f"{family}, {given}" for family in last for given in first], 40)
    rows = [f"{number:>3}   {name:<26} taken off" for number, name in enumerate(sorted(names), start=1)]
    rows.append(f"{41:>3}   {'Orr, Dalen':<26} taken off   surveyor, no family aboard")
    head = ["TRANSPORT ILVARA'S LAMP", "Halvet, 21 October 2378. 247 aboard; these 41 were taken off.", ""]
    return _pdf("Passenger list", [*head, *rows])


def log_page() -> bytes:
    """One page of the log of the Calder's Rest, its dates missing, as PDF."""
    return _pdf(
        "Log of the Calder's Rest",
        [
            "HOSPITAL SHIP CALDER'S REST                        DAY  ####  ##",
            "",
            "hh 02   Three hundred and four aboard, four of them born since we left.",
            "hh 02   Course laid for the border. Running lights on, every one of them.",
            "hh 06   Hailed. Answered with name, flag, cargo.",
            "hh 06   Hailed again. Gave the same answer, more slowly.",
            "hh 06   They say that there is no such law. I say that there was this morning.",
            "hh 07   Have asked everyone to sit down on the floor. They are very good about it.",
            "hh 07   If this is read by someone with a calendar, please",
            "",
            "        [ the date-block is missing; the page ends here ]",
        ],
    )


# Drawing


def _screen(seed: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A dark screen with a grid and a scatter of stars; the same seed, the same stars."""
    canvas = Image.new("RGB", _SIZE, _SKY)
    pen = ImageDraw.Draw(canvas)
    for x in range(0, _SIZE[0], 60):
        pen.line((x, 0, x, _SIZE[1]), fill=_GRID)
    for y in range(0, _SIZE[1], 60):
        pen.line((0, y, _SIZE[0], y), fill=_GRID)
    stars = random.Random(seed)
    for _ in range(180):
        x, y, r = stars.randrange(_SIZE[0]), stars.randrange(_SIZE[1]), stars.choice((1, 1, 1, 2))
        pen.ellipse((x - r, y - r, x + r, y + r), fill=stars.choice(("#8fa3c4", "#c9d6ee", "#54678a")))
    return canvas, pen


def _ship(pen: ImageDraw.ImageDraw, at: _Point, colour: str) -> None:
    x, y = at
    pen.polygon([(x - 18, y), (x + 12, y - 13), (x + 4, y), (x + 12, y + 13)], fill=colour)


def _label(pen: ImageDraw.ImageDraw, at: _Point, text: str, colour: str) -> None:
    pen.text(at, text, fill=colour, font_size=22)


def _dashes(pen: ImageDraw.ImageDraw, line: Sequence[_Point], colour: str) -> None:
    points = _along(line, 80)
    for start, end in zip(points[::2], points[1::2], strict=False):
        pen.line((start, end), fill=colour, width=3)


def _along(line: Sequence[_Point], count: int) -> list[_Point]:
    """So many points along a line of several legs, evenly on each leg."""
    legs = list(pairwise(line))
    points = []
    for number in range(count):
        place = number / max(count - 1, 1) * len(legs)
        leg = min(int(place), len(legs) - 1)
        (ax, ay), (bx, by) = legs[leg]
        points.append((ax + (bx - ax) * (place - leg), ay + (by - ay) * (place - leg)))
    return points


def _png(canvas: Image.Image) -> bytes:
    out = io.BytesIO()
    canvas.save(out, "PNG", optimize=True)
    return out.getvalue()


# Writing


def _pdf(title: str, lines: Sequence[str]) -> bytes:
    """A PDF of one page of typewritten lines: five objects, their addresses, and the end mark."""
    written = "\n".join(f"({_escaped(line)}) '" for line in lines)
    page = f"BT /F1 10 Tf 13 TL 56 780 Td\n{written}\nET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Courier >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        f"<< /Title ({_escaped(title)}) >>".encode("latin-1", "replace"),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )
    return bytes(out)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
