"""The adherence strip: who was bound by a treaty, when, and where the record is too coarse to say.

A bar is solid while the power was bound beyond doubt, and hatched inside the year (or month) of a change
whose day is not on record. A bar's rounded end is an end the record knows; a flat end runs on beyond the
picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from khitomer.drawing.marks import LABEL, LEAST_HATCH, Mark, marks_of
from khitomer.drawing.scales import (
    Scale,
    Tick,
    colour_or_grey,
    day_after,
    first_day,
    fit,
    is_exact,
    scale_between,
    text_width,
)
from khitomer.rules.adherence import Dated, covers
from khitomer.rules.dates import Answer, StoryDate

Spans = Sequence[Dated]
Party = tuple[str, str, str, Spans]  # name, short name, colour, spans

BOUND, NOT_BOUND, IN_DOUBT = "bound", "not bound", "in doubt"
_STATES = {Answer.YES: BOUND, Answer.NO: NOT_BOUND, Answer.DOUBT: IN_DOUBT}
_SMALL = 12.0


@dataclass(frozen=True)
class Piece:
    """One stretch of a bar, ``x`` to ``x + width``. ``kind``: solid, entering or leaving (the last two are
    hatched).
    """

    kind: str
    x: float
    width: float
    path: str

    @property
    def hatched(self) -> bool:
        """True where the record is too coarse to say whether the power was bound."""
        return self.kind != "solid"


@dataclass(frozen=True)
class Node:
    """The answer for one power on the day of the act (or the day asked about), where the line crosses its
    bar.
    """

    x: float
    y: float
    answer: str


@dataclass(frozen=True)
class Row:
    """One power's line: its head, its bar, and the same in words for the table."""

    name: str
    short: str
    head: str
    dates: str
    colour: str
    head_y: float
    dates_x: float
    dates_y: float
    dates_anchor: str
    y: float
    mid: float
    pieces: tuple[Piece, ...]
    node: Node | None
    periods: tuple[str, ...]

    @property
    def hatched(self) -> bool:
        """True when any part of the bar is hatched, and so needs its patterns."""
        return any(piece.hatched for piece in self.pieces)


@dataclass(frozen=True)
class Strip:
    """A whole strip, ready to be written down as SVG."""

    width: float
    height: float
    top: float
    bottom: float
    bar: float
    left: float
    right: float
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    marks: tuple[Mark, ...]
    asked: str

    @property
    def rail(self) -> float:
        """The length of the thin rail on which each bar lies."""
        return round(self.right - self.left, 1)

    @property
    def reach(self) -> float:
        """The height of the field of bars."""
        return round(self.bottom - self.top, 1)

    @property
    def tick_top(self) -> float:
        """Where the lines of the year scale begin."""
        return self.top - 8

    @property
    def hatched(self) -> bool:
        """True when the strip needs its key to the hatching."""
        return any(row.hatched for row in self.rows)


def adherence(
    parties: Sequence[Party],
    *,
    start: StoryDate,
    end: StoryDate,
    act: StoryDate | None = None,
    as_of: StoryDate | None = None,
    width: float = 760,
    act_label: str = "the act",
) -> Strip:
    """Draw the adherence of ``parties`` between ``start`` and ``end``, with the day of the act and an *as of*
    day.

    Below 500 units of width each power's name stands above its bar instead of beside it. ``ValueError`` when
    the scale would run backwards. A span outside the window leaves no piece, but its words stay in the table.
    """
    stacked = width < 500
    head = 0.0 if stacked else _head_width(parties)
    bar = 20.0 if stacked else 24.0
    pitch = 54.0 if stacked else 46.0 if len(parties) <= 4 else 40.0
    left, right, top = (18.0 if stacked else head), width - 18.0, 30.0
    scale = scale_between(start, end, left=left, right=right)
    asked = act or as_of
    rows = tuple(
        _row(
            party, top + 10 + index * pitch + (20 if stacked else 0), bar, scale, asked, head, stacked, width
        )
        for index, party in enumerate(parties)
    )
    bottom = (rows[-1].y + bar if rows else top) + 12
    marks = marks_of(scale, bottom, act, as_of, act_label)
    height = max([bottom + 4, *(mark.label_y + 8 for mark in marks)])
    return Strip(
        width,
        height,
        top,
        bottom,
        bar,
        left,
        right,
        scale.ticks(),
        rows,
        marks,
        asked.short() if asked else "",
    )


def state_on(spans: Spans, day: StoryDate) -> str:
    """Whether these spans bind on ``day``: bound, not bound or in doubt. A span is [entered, left)."""
    return _STATES[covers(spans, day)]


def period(entered: StoryDate, left: StoryDate | None) -> str:
    """A span in words: ``2368 to 2372`` or ``from 2373``."""
    return f"{entered.short()} to {left.short()}" if left else f"from {entered.short()}"


def _head_width(parties: Sequence[Party]) -> float:
    widest = max(
        (
            max(text_width(name, LABEL), text_width(_dates_in_short(spans, 170), _SMALL))
            for name, _, _, spans in parties
        ),
        default=0.0,
    )
    return min(max(widest + 18, 110.0), 220.0)


def _dates_in_short(spans: Spans, room: float = float("inf")) -> str:
    """The spans in few words: as they are, or by their years, or only the last of them, whichever has room
    first.
    """
    if not spans:
        return "never bound"
    whole = ", ".join(_short_period(entered.short(), left.short() if left else "") for entered, left in spans)
    years = ", ".join(
        _short_period(str(entered.year), str(left.year) if left else "") for entered, left in spans
    )
    entered, left = spans[-1]
    last = f"{len(spans)} spans, {_short_period(str(entered.year), str(left.year) if left else '')}"
    return next(
        (text for text in (whole, years) if text_width(text, _SMALL) <= room),
        last if len(spans) > 1 else years,
    )


def _short_period(entered: str, left: str) -> str:
    return f"from {entered}" if not left else f"within {left}" if left == entered else f"{entered}–{left}"


def _row(
    party: Party,
    y: float,
    bar: float,
    scale: Scale,
    asked: StoryDate | None,
    head: float,
    stacked: bool,
    width: float,
) -> Row:
    name, short, colour, spans = party
    dates = _dates_in_short(spans, 190 if stacked else head - 16)
    room = (width - 36 - text_width(dates, _SMALL) - 12) if stacked else head - 16
    if text_width(name, LABEL) <= room:
        title = name
    else:
        title = f"{fit(name, room - text_width('  ' + short, LABEL), LABEL)} {short}"
    node = None
    if asked is not None:
        middle = (scale.x(first_day(asked)) + scale.x(day_after(asked) - (1 if is_exact(asked) else 0))) / 2
        node = Node(round(middle, 1), y + bar / 2, state_on(spans, asked))
    pieces = tuple(piece for entered, left in spans for piece in _pieces(entered, left, y, bar, scale))
    return Row(
        name=name,
        short=short,
        head=title,
        dates=dates if stacked else fit(dates, room, _SMALL),
        colour=colour_or_grey(colour),
        head_y=y - 8 if stacked else y + bar / 2 - 2,
        dates_x=width - 18 if stacked else 0,
        dates_y=y - 8 if stacked else y + bar / 2 + 14,
        dates_anchor="end" if stacked else "start",
        y=y,
        mid=y + bar / 2,
        pieces=pieces,
        node=node,
        periods=tuple(period(*span) for span in spans),
    )


def _pieces(entered: StoryDate, left: StoryDate | None, y: float, bar: float, scale: Scale) -> list[Piece]:
    """Cut one span into entering zone, solid middle and leaving zone, and drop what falls outside the window."""
    begun = first_day(entered) if is_exact(entered) else day_after(entered)
    ended = scale.end if left is None else first_day(left)
    zones = [] if is_exact(entered) else [("entering", first_day(entered), day_after(entered))]
    if begun < ended:
        zones.append(("solid", begun, ended))
    if left is not None and not is_exact(left):
        zones.append(("leaving", first_day(left), day_after(left)))
    inside = [
        (kind, max(a, scale.first), min(b, scale.end))
        for kind, a, b in zones
        if a < scale.end and b > scale.first
    ]
    if not inside:
        return []
    known_start = first_day(entered) >= scale.first
    known_end = left is not None and zones[-1][2] <= scale.end
    pieces = []
    for index, (kind, a, b) in enumerate(inside):
        x, far = scale.x(a), scale.x(b)
        if kind != "solid" and far - x < LEAST_HATCH:
            x = max(scale.left, min(x, scale.right - LEAST_HATCH))
            far = x + LEAST_HATCH
        path = _bar_path(
            x, y, far - x, bar, known_start and index == 0, known_end and index == len(inside) - 1
        )
        pieces.append(Piece(kind, x, round(far - x, 1), path))
    return pieces


def _bar_path(x: float, y: float, width: float, height: float, round_left: bool, round_right: bool) -> str:
    near = min(8.0, width / 2) if round_left else 0.0
    far = min(8.0, width / 2) if round_right else 0.0
    n = {"x": x + near, "r": x + width - far, "w": x + width, "t": y, "b": y + height, "l": x}
    n = {key: round(value, 1) for key, value in n.items()}
    right = (
        f"A{far:g} {far:g} 0 0 1 {n['w']} {y + far:g}V{y + height - far:g}A{far:g} {far:g} 0 0 1 {n['r']} "
        f"{n['b']}"
        if far
        else f"V{n['b']}"
    )
    left = (
        f"A{near:g} {near:g} 0 0 1 {n['l']} {y + height - near:g}V{y + near:g}A{near:g} {near:g} 0 0 1 "
        f"{n['x']} {n['t']}"
        if near
        else ""
    )
    return f"M{n['x']} {n['t']}H{n['r']}{right}H{n['x']}{left}Z"
