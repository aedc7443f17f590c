"""What an entry is at a table: a round token for a map, and a card for the hand."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from khitomer.drawing.emblems import COMPASS_STAR
from khitomer.drawing.lettering import TEXT, TITLE, Lines, cut, face, fitted, legible, wrapped
from khitomer.drawing.medals import GROUND, emblem
from khitomer.drawing.painting import BOX, lay, mask_of, ring_mask
from khitomer.drawing.scales import FALLBACK_COLOUR, colour_or_grey

Box = tuple[int, int, int, int]

CARD = (750, 1050)
"""A poker card of 2½ by 3½ inches at 300 dots to the inch."""
PAPER, INK, SOFT, GILT, RULE = "#fffdf7", "#1c1710", "#5a4d38", "#6b5323", "#8a6a2f"
PICTURE_ON_CARD: Box = (60, 60, 690, 560)
_EDGE = 30
_ROOM = 596
_GAP = 1.26
"""The lines of a text stand so many times their size apart."""


@dataclass(frozen=True)
class Ring:
    """The power whose token it is: its emblem's key and its colour."""

    emblem: str
    colour: str


def token(name: str, picture: Image.Image | None, ring: Ring | None, size: int) -> Image.Image:
    """A round token: a square picture within a ring, in the colour of a power and with its emblem at the foot, so that
    the colour does not speak alone. Without a picture, it has the first letters of the name."""
    colour = colour_or_grey(ring.colour) if ring else FALLBACK_COLOUR
    canvas = Image.new("RGBA", (size, size), f"{GROUND}00")
    lay(canvas, ring_mask(size, 29.6), GROUND)
    inside = Image.new("RGBA", (size, size), GROUND)
    if picture is not None:
        whole = round(size * 2 * 26.5 / BOX)
        at = (size - whole) // 2
        inside.paste(picture.convert("RGB").resize((whole, whole), Image.Resampling.LANCZOS), (at, at))
    else:
        _initials(inside, name, colour, size)
    inside.putalpha(ring_mask(size, 26.2))
    canvas.alpha_composite(inside)
    lay(canvas, ring_mask(size, 29, 26), colour)
    lay(canvas, ring_mask(size, 26.4, 25.5), GROUND)
    if ring is not None:
        badge = round(size * 0.3)
        canvas.alpha_composite(
            _ringed(emblem(ring.emblem, colour, badge)), ((size - badge) // 2, size - badge)
        )
    return canvas


def card(name: str, kind: str, text: str, picture: Image.Image | None) -> Image.Image:
    """A card on paper: a picture in the shape of `PICTURE_ON_CARD`, the name, the kind, and as much of a text as fits.

    Where there is no text, the compass-star fills what is left.
    """
    canvas = Image.new("RGB", CARD, PAPER)
    pen = ImageDraw.Draw(canvas)
    _frame(pen)
    top = 96
    if picture is not None:
        left, upper, right, lower = PICTURE_ON_CARD
        canvas.paste(
            picture.convert("RGB").resize((right - left, lower - upper), Image.Resampling.LANCZOS),
            (left, upper),
        )
        pen.rectangle((left, upper, right - 1, lower - 1), outline=RULE, width=2)
        top = lower + 24
    top = _centred(pen, fitted(legible(name), TITLE, range(54, 29, -4), _ROOM, 2), top, INK, 1.14)
    top = _spaced(pen, legible(kind).upper(), top + 8)
    top = _ornament(pen, top + 26)
    room = CARD[1] - 66 - top
    if text:
        _text(pen, legible(text), top, room)
    else:
        _star(canvas, top, room)
    return canvas


def _initials(canvas: Image.Image, name: str, colour: str, size: int) -> None:
    words = [word for word in legible(name).split() if word[0].isalnum()] or ["?"]
    letters = "".join(word[0] for word in (words if len(words) < 3 else (words[0], words[-1]))).upper()
    font = face(TITLE, round(size * (0.36 if len(letters) > 1 else 0.46)))
    lay(canvas, Image.radial_gradient("L").resize((size, size)), "#000000", 0.5)
    middle = (size / 2, size * 0.49)
    ImageDraw.Draw(canvas).text(middle, letters, fill=colour, font=font, anchor="mm")


def _ringed(medal: Image.Image) -> Image.Image:
    """A medal with a dark edge around it, which sets it off from what it lies on."""
    size = medal.width
    canvas = Image.new("RGBA", medal.size, f"{GROUND}00")
    lay(canvas, ring_mask(size, 30), GROUND)
    small = round(size * 0.92)
    at = (size - small) // 2
    canvas.alpha_composite(medal.resize((small, small), Image.Resampling.LANCZOS), (at, at))
    return canvas


def _frame(pen: ImageDraw.ImageDraw) -> None:
    """The double rule of an instrument."""
    wide, high = CARD
    pen.rectangle((_EDGE, _EDGE, wide - _EDGE - 1, high - _EDGE - 1), outline=RULE, width=5)
    inner = _EDGE + 13
    pen.rectangle((inner, inner, wide - inner - 1, high - inner - 1), outline=RULE, width=2)


def _centred(pen: ImageDraw.ImageDraw, lines: Lines, top: float, colour: str, gap: float = _GAP) -> float:
    """Set lines about the middle of the card; gives where the next may begin."""
    for line in lines.lines:
        pen.text((CARD[0] / 2, top), line, fill=colour, font=lines.font, anchor="ma")
        top += lines.size * gap
    return top


def _spaced(pen: ImageDraw.ImageDraw, text: str, top: float) -> float:
    """One line in spaced capitals."""
    size, space = 24, 4.0
    font = face(TITLE, size)
    text = cut(wrapped(text, font, _ROOM * 0.8), font, _ROOM * 0.8, 1)[0] if text else ""
    widths = [font.getlength(letter) + space for letter in text]
    left = (CARD[0] - sum(widths) + space) / 2
    for letter, width in zip(text, widths, strict=True):
        pen.text((left, top), letter, fill=GILT, font=font, anchor="la")
        left += width
    return top + size


def _ornament(pen: ImageDraw.ImageDraw, y: float) -> float:
    """A lozenge between two rules."""
    middle = CARD[0] / 2
    for way in (-1, 1):
        pen.line([(middle + way * 22, y), (middle + way * 150, y)], fill=RULE, width=2)
    pen.polygon([(middle, y - 8), (middle + 8, y), (middle, y + 8), (middle - 8, y)], fill=RULE)
    return y + 24


def _star(canvas: Image.Image, top: float, room: float) -> None:
    size = int(min(room * 0.7, 320))
    at = ((CARD[0] - size) // 2, round(top + (room - size) / 2))
    for path, strength in ((COMPASS_STAR.figure, 0.5), (COMPASS_STAR.shade, 0.25)):
        canvas.paste(RULE, at, mask_of(path, size).point(lambda value, strength=strength: value * strength))


def _text(pen: ImageDraw.ImageDraw, text: str, top: float, room: float) -> None:
    """As much of a text as there is room for, larger where it is short, and in the middle of what it leaves."""
    for size in range(38, 27, -2):
        font, most = face(TEXT, size), int(room // (size * _GAP))
        lines = wrapped(text, font, _ROOM)
        if len(lines) <= most:
            break
    shown = cut(lines, font, _ROOM, most)
    spare = room - len(shown) * size * _GAP
    start = top + max(0.0, spare) * 0.3
    _centred(pen, Lines(TEXT, size, shown), start, INK)
