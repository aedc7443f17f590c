"""The vote: the horseshoe of seats, and the bar of what was cast.

Before the close a board shows who has voted and nothing of what: every choice is drawn as *sealed*, whatever
it is given.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import cos, radians, sin

from khitomer.drawing.scales import colour_or_grey, text_width, wrap

YES, NO, ABSTAIN = "yes", "no", "abstain"
SEALED, WAITING, RECUSED, ABSENT = "sealed", "waiting", "recused", "absent"
PRESENT = "present"  # in the room, while nothing is being voted on
STATES = (YES, NO, ABSTAIN, SEALED, WAITING, RECUSED, ABSENT, PRESENT)
_CHOICES = frozenset((YES, NO, ABSTAIN))
_WORDS = (
    "none",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_SAID = {
    YES: "yes",
    NO: "no",
    ABSTAIN: "abstains",
    SEALED: "has voted",
    WAITING: "has not voted",
    RECUSED: "recused",
    ABSENT: "absent",
    PRESENT: "present",
}

Entry = tuple[str, str, str, str]  # name, short name, colour, state


@dataclass(frozen=True)
class Place:
    """One seat on the board: where it stands, whose it is, and what it shows."""

    x: float
    y: float
    name: str
    short: str
    colour: str
    state: str
    said: str


@dataclass(frozen=True)
class Line:
    """One line of text in the middle of the board."""

    text: str
    x: float
    y: float
    size: float
    kind: str


@dataclass(frozen=True)
class Board:
    """A whole board. ``seat`` is the outer radius of every seat, ``label`` the size of its short name."""

    width: float
    height: float
    seat: float
    label: float
    places: tuple[Place, ...]
    lines: tuple[Line, ...]
    headline: str
    sentence: str

    @property
    def label_y(self) -> float:
        """How far under a seat's centre its short name stands."""
        return self.seat + self.label + 4

    @property
    def mark_scale(self) -> float:
        """The factor that turns the marks, drawn for a seat of radius 40, into this board's size."""
        return round(self.seat / 40, 3)


@dataclass(frozen=True)
class Portion:
    """One part of a vote bar, in percent of its width."""

    kind: str
    count: int
    x: float
    width: float


@dataclass(frozen=True)
class VoteBar:
    """The bar under a vote: its parts, and where the threshold stands (percent), if it has one."""

    portions: tuple[Portion, ...]
    threshold: float | None
    threshold_said: str
    said: str


def said(count: int) -> str:
    """A count as a word up to twelve, then in figures."""
    return _WORDS[count] if count < len(_WORDS) else str(count)


def board(
    seats: Sequence[Entry],
    *,
    closed: bool,
    counts: Mapping[str, int] | None = None,
    outcome: str = "",
    clock: str = "",
    width: float = 860,
) -> Board:
    """Draw the horseshoe for 1 to 40 seats, each (name, short name, colour, state).

    ``closed``: only then are choices and a count shown. ``counts`` (yes, no, abstain) stands in for the
    seats' own choices after a secret vote, whose seats stay sealed. ``clock`` is shown while open,
    ``outcome`` after the close. ``ValueError`` on a state that is not one of ``STATES``.
    """
    shown = [
        (name, short, colour_or_grey(colour), _shown(state, closed)) for name, short, colour, state in seats
    ]
    headline, sentence = _summary([state for *_, state in shown], closed, counts)
    third = outcome if closed else clock
    if width < 500:
        return _benches(shown, headline, sentence, third, width)
    return _horseshoe(shown, headline, sentence, third, width)


def bar(
    *,
    yes: int,
    no: int,
    abstain: int = 0,
    total: int,
    threshold: Fraction | None = None,
    of: int | None = None,
    threshold_label: str = "",
) -> VoteBar:
    """The bar of what was cast out of ``total`` votes. ``threshold`` is a share of ``of`` votes (by default
    of yes and no), measured from the left, where the yes votes begin. ``ValueError`` on a count below zero or
    a total that is too small.
    """
    if min(yes, no, abstain) < 0 or yes + no + abstain > total:
        raise ValueError(f"{yes} + {no} + {abstain} votes do not fit in {total}")
    portions, x = [], Fraction(0)
    for kind, count in ((YES, yes), (NO, no), (ABSTAIN, abstain)):
        share = Fraction(100 * count, total) if total else Fraction(0)
        if count:
            portions.append(Portion(kind, count, round(float(x), 2), round(float(share), 2)))
        x += share
    mark = None
    if threshold is not None and total:
        mark = round(float(min(Fraction(100), 100 * threshold * (yes + no if of is None else of) / total)), 2)
    words = f"yes {yes}, no {no}, abstain {abstain}, of {total}"
    return VoteBar(tuple(portions), mark, threshold_label, words)


def _shown(state: str, closed: bool) -> str:
    if state not in STATES:
        raise ValueError(f"no such state of a seat: {state!r}")
    return SEALED if state in _CHOICES and not closed else state


def _summary(states: Sequence[str], closed: bool, counts: Mapping[str, int] | None) -> tuple[str, str]:
    """The headline and the sentence. While open: how many have voted. Closed: yes against no, and the rest in
    words.
    """
    tally = {state: states.count(state) for state in STATES}
    parts: list[str] = []
    if not closed and not tally[SEALED] + tally[WAITING] + tally[RECUSED]:
        # The roll: nothing is open, and what there is to show is who is in the room.
        return f"{tally[PRESENT]} of {len(states)}", " · ".join(
            ["present", *_part(tally[ABSENT], "absent", "absent")]
        )
    if closed:
        cast = dict(counts) if counts is not None else tally
        headline = f"{cast.get(YES, 0)} : {cast.get(NO, 0)}"
        parts += _part(cast.get(ABSTAIN, 0), "abstains", "abstain")
        parts += _part(tally[WAITING], "did not vote", "did not vote")
    else:
        voted = tally[SEALED]
        headline = f"{voted} of {voted + tally[WAITING]}"
        parts.append("have voted")
        parts += _part(tally[WAITING], "to vote", "to vote")
    parts += _part(tally[RECUSED], "recused", "recused")
    parts += _part(tally[ABSENT], "absent", "absent")
    return headline, " · ".join(parts)


def _part(count: int, one: str, many: str) -> list[str]:
    return [f"{said(count)} {one if count == 1 else many}"] if count else []


def _horseshoe(seats: Sequence[Entry], headline: str, sentence: str, third: str, width: float) -> Board:
    """Seats on an arc open towards the viewer, as large as they can be without a disc or a name touching
    another.
    """
    seat = 46.0
    while True:
        label, reach = _label_size(seat), width / 2 - seat - 8
        points, innermost = _rows(len(seats), reach, width / 2, seat + 8 + reach, 2 * seat + label + 20)
        if seat <= 8 or not _crowded(points, [short for _, short, _, _ in seats], seat, label):
            break
        seat -= 1
    centre = seat + 8 + reach
    inner = 2 * (innermost - seat) - 48
    lines = _middle(headline, sentence, third, width / 2, centre - (30 if len(seats) < 5 else 10), inner)
    low = max([y + seat + label + 12 for _, y in points] + [line.y + 14 for line in lines])
    top = min([y - seat - 8 for _, y in points] + [line.y - line.size for line in lines] + [low - 1])
    places = tuple(_place(entry, x, y - top) for entry, (x, y) in zip(seats, points, strict=True))
    moved = tuple(Line(line.text, line.x, round(line.y - top, 1), line.size, line.kind) for line in lines)
    return Board(width, round(low - top, 1), seat, label, places, moved, headline, sentence)


def _benches(seats: Sequence[Entry], headline: str, sentence: str, third: str, width: float) -> Board:
    """For a narrow page: the count above, the seats in rows under it."""
    seat, label = 24.0, 13.0
    lines = _middle(headline, sentence, third, width / 2, 66, width - 24, big=60)
    top = max(line.y for line in lines) + 24
    per_row = max(3, min(6, int((width - 12) // 60)))
    count = -(-len(seats) // per_row)
    even = -(-len(seats) // count) if count else per_row
    places = []
    for index, entry in enumerate(seats):
        row, column = divmod(index, even)
        in_row = min(even, len(seats) - row * even)
        places.append(
            _place(
                entry,
                width / 2 + (column - (in_row - 1) / 2) * (width - 12) / per_row,
                top + seat + row * (2 * seat + 34),
            )
        )
    return Board(
        width, round(top + count * (2 * seat + 34), 1), seat, label, tuple(places), lines, headline, sentence
    )


def _place(entry: Entry, x: float, y: float) -> Place:
    name, short, colour, state = entry
    return Place(round(x, 1), round(y, 1), name, short, colour, state, _SAID[state])


def _label_size(seat: float) -> float:
    return max(12.0, round(seat * 0.52))


def _rows(
    count: int, reach: float, cx: float, cy: float, depth: float
) -> tuple[list[tuple[float, float]], float]:
    """The seats' places, in one row up to fourteen and in two beyond, and how far out the innermost row is."""
    sweep = 226 if count >= 9 else 200 if count >= 5 else 150
    if count <= 14:
        return _arc(count, sweep, reach, cx, cy), reach
    near = reach - depth
    outer = round(count * reach / (reach + near))
    return _arc(outer, sweep, reach, cx, cy) + _arc(count - outer, sweep, near, cx, cy), near


def _arc(count: int, sweep: float, reach: float, cx: float, cy: float) -> list[tuple[float, float]]:
    if count == 1:
        return [(cx, cy - reach)]
    angles = [-sweep / 2 + sweep * index / (count - 1) for index in range(count)]
    return [(cx + reach * sin(radians(angle)), cy - reach * cos(radians(angle))) for angle in angles]


def _crowded(points: Sequence[tuple[float, float]], shorts: Iterable[str], seat: float, label: float) -> bool:
    """True when the box of any seat and its name meets the box of another."""
    boxes = []
    for (x, y), short in zip(points, shorts, strict=True):
        half = text_width(short, label, condensed=True) / 2 + 3
        boxes.append((x, y, half))
    for i, (x, y, half) in enumerate(boxes):
        for ox, oy, other in boxes[i + 1 :]:
            if (x - ox) ** 2 + (y - oy) ** 2 < (2 * seat + 6) ** 2:
                return True
            for ax, ay, ah, bx, by in ((x, y, half, ox, oy), (ox, oy, other, x, y)):
                near_x, near_y = (
                    max(ax - ah, min(bx, ax + ah)),
                    max(ay + seat, min(by, ay + seat + label + 10)),
                )
                if (near_x - bx) ** 2 + (near_y - by) ** 2 < (seat + 3) ** 2:
                    return True
            if abs(x - ox) < half + other and abs(y - oy) < label + 10:
                return True
    return False


def _middle(
    headline: str, sentence: str, third: str, cx: float, y: float, room: float, *, big: float = 0
) -> tuple[Line, ...]:
    size = big or min(104.0, room / 4.4)
    small = 22.0 if not big else 15.0
    lines = [Line(headline, cx, round(y, 1), round(size, 1), "count")]
    y += small * 1.8
    for text in wrap(sentence, room, small):
        lines.append(Line(text, cx, round(y, 1), small, "sentence"))
        y += small * 1.4
    if third:
        third_size = 40.0 if not big else 26.0
        lines.append(Line(third, cx, round(y + third_size * 0.9, 1), third_size, "third"))
    return tuple(lines)
