"""Letters in pictures: our own faces, lines that fit their place, and nothing that a face has no letter for."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
TITLE = "cinzel/cinzel-latin-600-normal.woff2"
TEXT = "eb-garamond/eb-garamond-latin-400-normal.woff2"
TEXT_BOLD = "eb-garamond/eb-garamond-latin-600-normal.woff2"

_BEYOND = frozenset("ıŒœʻʼˆ˚˜–—‘’‚“”„†‡•…‹›€™−")
"""What the faces have beyond Latin-1."""
_PLAIN = str.maketrans(
    {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "\u2011": "-", "\u2010": "-"}
)
INSTEAD = "?"


@lru_cache(maxsize=64)
def face(name: str, size: int) -> ImageFont.FreeTypeFont:
    """One of our faces in a size, in pixels."""
    return ImageFont.truetype(str(FONTS / name), size)


def legible(text: str) -> str:
    """A text with only what the faces can show: letters lose the accents that are not there, and what has no letter at
    all is a question mark, as an empty box would say less."""
    composed = unicodedata.normalize("NFC", " ".join(text.split())).translate(_PLAIN)
    return "".join(_shown(letter) for letter in composed)


def _shown(letter: str) -> str:
    if " " <= letter <= "~" or "\u00a1" <= letter <= "\u00ff" or letter in _BEYOND:
        return letter
    if unicodedata.category(letter) in ("Cf", "Cc", "Mn"):
        return ""
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return bare if bare and all(" " <= part <= "~" for part in bare) else INSTEAD


@dataclass(frozen=True)
class Lines:
    """A text as it is set: its face, its size in pixels, and its lines."""

    face: str
    size: int
    lines: tuple[str, ...]

    @property
    def font(self) -> ImageFont.FreeTypeFont:
        return face(self.face, self.size)


def fitted(text: str, name: str, sizes: range, room: float, most: int) -> Lines:
    """The text in the largest of these sizes in which it takes at most so many lines; in the smallest it is cut."""
    for size in sizes:
        lines = wrapped(text, face(name, size), room)
        if len(lines) <= most:
            return Lines(name, size, balanced(text, face(name, size), room, len(lines)))
    return Lines(name, sizes[-1], cut(lines, face(name, sizes[-1]), room, most))


def wrapped(text: str, font: ImageFont.FreeTypeFont, room: float) -> tuple[str, ...]:
    """The text in lines no wider than their room; a word that is wider is broken where it must be."""
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= room:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        while font.getlength(word) > room and len(word) > 1:
            part = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or font.getlength(word[:n]) <= room)
            lines.append(word[:part])
            word = word[part:]
        lines.append(word)
    return tuple(lines)


def balanced(text: str, font: ImageFont.FreeTypeFont, room: float, number: int) -> tuple[str, ...]:
    """The text in so many lines, which are as narrow as that allows, and so about as long as each other."""
    narrow = room
    while narrow > room / 3 and len(wrapped(text, font, narrow * 0.97)) <= number:
        narrow *= 0.97
    lines = wrapped(text, font, narrow)
    return (
        lines if all(word in " ".join(lines).split() for word in text.split()) else wrapped(text, font, room)
    )


def cut(lines: tuple[str, ...], font: ImageFont.FreeTypeFont, room: float, most: int) -> tuple[str, ...]:
    """The first of the lines, the last of them with an ellipsis where more would follow."""
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and font.getlength(f"{last}…") > room:
        last = last[: last.rindex(" ")] if " " in last else last[:-1]
    return (*lines[: most - 1], f"{last.rstrip(' ,;:.–—')}…")
