"""Cards: what stands on each, how much of its text there is room for, and how a deck is laid out on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from khitomer.markup import plain
from khitomer.models import Picture, Power
from khitomer.rules.imposition import Box, Layout, Size, behind, cut_marks, fold_marks, layout
from khitomer.rules.press import Press, Sides

STAR, POWER = "star", "power"
GILT = "#6b5323"
"""The colour of a card that is no power's, and of the back with the star."""

RIM = 2.2
"""How wide the coloured edge of a card is."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """What stands on the front of a card; `text` is Markdown as its reader reads it, and `picture_url` the address of
    its picture."""

    name: str
    kind: str
    text: str = ""
    also: str = ""
    fate: str = ""
    picture: Picture | None = None
    picture_url: str = ""
    power: Power | None = None

    @property
    def colour(self) -> str:
        return self.power.colour if self.power else GILT

    @property
    def long(self) -> str:
        """A class for a name that would not fit as large as others are."""
        longest = max((len(word) for word in self.name.split()), default=0)
        if len(self.name) > 44 or longest > 22:
            return " longest"
        return " long" if len(self.name) > 22 or longest > 13 else ""


@dataclass(frozen=True)
class Deck:
    """Cards of one size with one sort of back: "" for none, the star, or a power's emblem."""

    cards: Sequence[Card]
    size: Size
    back: str = ""
    power: Power | None = None

    @property
    def window(self) -> tuple[float, float]:
        """Width and height of the picture on each card, in millimetres."""
        return _FACES[self.size].window

    @property
    def back_colour(self) -> str:
        return self.power.colour if self.back == POWER and self.power else GILT


@dataclass(frozen=True)
class Face:
    """What a card of one size has room for, in millimetres: width and height of its picture, the height of a line of
    text, how much of the card's height stands above and below the text, and of its width beside it, with a picture and
    without; the letters in a millimetre, and in a line of the name. The picture is as wide as on the larger paper."""

    window: tuple[float, float]
    line: float
    pictured: tuple[float, float]
    bare: tuple[float, float]
    letters: float
    name_letters: int


_FACES = {
    Size.POKER: Face((59.1, 38.0), 3.33, (60, 9.6), (29, 9.6), 0.8, 19),
    Size.QUARTER: Face((96.6, 56.0), 4.45, (86, 13.4), (44, 13.4), 0.63, 30),
    Size.INDEX: Face((66.0, 97.2), 4.45, (45, 82.4), (44, 16.4), 0.63, 26),
}
LARGER = 1.25
"""How much larger the text is in large print."""


def words_of(card: Card, size: Size, room: tuple[float, float], *, large: bool) -> str:
    """As much of a card's text as there is room for on a card of this width and height, cut at a word."""
    face = _FACES[size]
    above, beside = face.pictured if card.picture else face.bare
    letters, lines = (room[0] - beside) * face.letters, (room[1] - above) / face.line
    lines -= ceil(len(card.name) / face.name_letters) - 1 + ceil(len(card.also) / letters)
    if large:
        letters, lines = letters / LARGER, lines / LARGER
    return plain(card.text, int(max(1, int(lines)) * letters))


# On paper


@dataclass(frozen=True)
class Plate:
    """The colour under one side of a card, which runs over its edge, and the panel that the words stand on."""

    edge: Box
    panel: Box
    colour: str
    back: bool = False


@dataclass(frozen=True)
class Piece:
    """One piece to cut out: a card with its words, or nothing where the deck has run out."""

    card: Card | None = None
    words: str = ""
    front: bool = True
    back: bool = False


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One side of a sheet."""

    sheet: Layout
    rows: list[list[Piece]]
    plates: list[Plate] = field(default_factory=list)
    cuts: str = ""
    folds: str = ""
    back: bool = False

    @property
    def above(self) -> float:
        """The room above the first row, without its bleed, in millimetres."""
        return round(self.sheet.place(0, 0).y - self.sheet.bleed, 2)

    @property
    def left(self) -> float:
        """The room left of every row, without its bleed."""
        return round(self.sheet.place(0, 0).x - self.sheet.bleed, 2)


def leaves(deck: Deck, press: Press) -> list[Leaf]:
    """Every side of every sheet, in the order in which a printer takes them: a front, then the backs behind it."""
    sheet = layout(deck.size, press, backs=bool(deck.back))
    found = []
    for begins in range(0, len(deck.cards), sheet.number):
        cards = deck.cards[begins : begins + sheet.number]
        places = [(number % sheet.columns, number // sheet.columns) for number in range(len(cards))]
        found.append(_front(deck, press, sheet, dict(zip(places, cards, strict=True))))
        if deck.back and press.sides in (Sides.LONG, Sides.SHORT):
            mirrored = behind(places, sheet, press.sides)
            found.append(_back(deck, press, sheet, dict(zip(mirrored, cards, strict=True))))
    return found


def _front(deck: Deck, press: Press, sheet: Layout, taken: dict[tuple[int, int], Card]) -> Leaf:
    plates = []
    for (column, row), card in taken.items():
        piece = sheet.place(column, row)
        if not sheet.folded:
            plates.append(_plate(piece, piece, card.colour, sheet))
            continue
        front, back = sheet.halves(piece)
        plates.append(_plate(back, piece, deck.back_colour, sheet, back=True))
        plates.append(_plate(front, piece, card.colour, sheet))
    rows = _rows(
        sheet,
        {
            at: Piece(card, words_of(card, deck.size, sheet.card, large=press.large), back=sheet.folded)
            for at, card in taken.items()
        },
    )
    return Leaf(
        sheet=sheet,
        rows=rows,
        plates=plates,
        cuts=cut_marks(sheet, list(taken)) if press.marks else "",
        folds=fold_marks(sheet, list(taken)) if press.marks else "",
    )


def _back(deck: Deck, press: Press, sheet: Layout, taken: dict[tuple[int, int], Card]) -> Leaf:
    plates = []
    for column, row in taken:
        place = sheet.place(column, row)
        plates.append(_plate(place, place, deck.back_colour, sheet, back=True))
    rows = _rows(sheet, {at: Piece(card, front=False, back=True) for at, card in taken.items()})
    cuts = cut_marks(sheet, list(taken)) if press.marks else ""
    return Leaf(sheet=sheet, rows=rows, plates=plates, cuts=cuts, back=True)


def _plate(card: Box, piece: Box, colour: str, sheet: Layout, *, back: bool = False) -> Plate:
    """The colour runs over the edges that are cut, and not over a fold."""
    left, top = (sheet.bleed if card.x == piece.x else 0), (sheet.bleed if card.y == piece.y else 0)
    right = sheet.bleed if round(card.x + card.width - piece.x - piece.width, 2) == 0 else 0
    foot = sheet.bleed if round(card.y + card.height - piece.y - piece.height, 2) == 0 else 0
    edge = Box(
        round(card.x - left, 2),
        round(card.y - top, 2),
        round(card.width + left + right, 2),
        round(card.height + top + foot, 2),
    )
    return Plate(edge, card.grown(-RIM), colour, back)


def _rows(sheet: Layout, taken: dict[tuple[int, int], Piece]) -> list[list[Piece]]:
    return [
        [taken.get((column, row), Piece()) for column in range(sheet.columns)] for row in range(sheet.rows)
    ]
