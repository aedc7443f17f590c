"""The smaller pictures: clocks as pies, standings as a heat map, a complaint's stages, and the timeline with
its branch.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from khitomer.drawing.emblems import around
from khitomer.drawing.scales import (
    Tick,
    colour_or_grey,
    day_after,
    first_day,
    fit,
    is_exact,
    scale_between,
    text_width,
)
from khitomer.rules.dates import StoryDate

LEAST_STANDING, BEST_STANDING = -5, 5
DONE, NOW, AHEAD = "done", "now", "ahead"

XOf = Callable[[int], float]
"""From a day number to its place on the line."""


# Clocks


@dataclass(frozen=True)
class Slice:
    """One segment of a clock, and the cut along its first edge."""

    path: str
    cut: str
    filled: bool


@dataclass(frozen=True)
class Clock:
    """A clock as a pie in a box of 60 by 60."""

    slices: tuple[Slice, ...]
    filled: int
    size: int

    @property
    def full(self) -> bool:
        """True when the clock has run out."""
        return self.filled == self.size


def clock(*, filled: int, size: int) -> Clock:
    """A pie of ``size`` (2 to 12) equal segments, ``filled`` of them full, clockwise from the top.
    ``ValueError`` otherwise.
    """
    if not 2 <= size <= 12 or not 0 <= filled <= size:
        raise ValueError(f"a clock has 2 to 12 segments and no more filled than it has: {filled} of {size}")
    step = 360 / size
    slices = []
    for index in range(size):
        (ax, ay), (bx, by) = around(index * step, 27), around((index + 1) * step, 27)
        large = 1 if step > 180 else 0
        slices.append(
            Slice(
                f"M30 30L{ax:.2f} {ay:.2f}A27 27 0 {large} 1 {bx:.2f} {by:.2f}Z",
                f"M30 30L{ax:.2f} {ay:.2f}",
                index < filled,
            )
        )
    return Clock(tuple(slices), filled, size)


# Standings


@dataclass(frozen=True)
class Power:
    """A row and a column of the standings: its name, short name and colour."""

    key: str
    name: str
    short: str
    colour: str


@dataclass(frozen=True)
class Cell:
    """One standing: how the row's power regards the column's. ``value`` is None on the diagonal and where
    none is recorded.
    """

    value: int | None
    shown: str
    css: str
    said: str
    url: str


@dataclass(frozen=True)
class HeatRow:
    """One power's regard for the others."""

    power: Power
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class HeatMap:
    """The standings of all powers."""

    powers: tuple[Power, ...]
    rows: tuple[HeatRow, ...]


def signed(value: int) -> str:
    """A standing as it is written: +3, 0, −2 (with a true minus)."""
    return f"+{value}" if value > 0 else f"−{-value}" if value else "0"


def heat_map(
    powers: Sequence[tuple[str, str, str, str]],
    standings: Mapping[tuple[str, str], int],
    urls: Mapping[tuple[str, str], str] | None = None,
) -> HeatMap:
    """The table of standings. ``powers``: (key, name, short name, colour) each; ``standings``: (of, towards)
    → −5 to +5; ``urls``: where a cell leads. ``ValueError`` on a standing out of range.
    """
    heads = tuple(Power(key, name, short, colour_or_grey(colour)) for key, name, short, colour in powers)
    links = urls or {}
    rows = tuple(
        HeatRow(
            row,
            tuple(
                _cell(row, column, standings.get((row.key, column.key)), links.get((row.key, column.key), ""))
                for column in heads
            ),
        )
        for row in heads
    )
    return HeatMap(heads, rows)


def _cell(row: Power, column: Power, value: int | None, url: str) -> Cell:
    if row.key == column.key:
        return Cell(None, "", "st-self", "", "")
    if value is None:
        return Cell(None, "·", "st-none", f"{row.name} towards {column.name}: not recorded", url)
    if not LEAST_STANDING <= value <= BEST_STANDING:
        raise ValueError(f"a standing runs from {LEAST_STANDING} to {BEST_STANDING}: {value}")
    css = f"st-p{value}" if value > 0 else f"st-m{-value}" if value else "st-0"
    return Cell(value, signed(value), css, f"{row.name} towards {column.name}: {signed(value)}", url)


# Stages


@dataclass(frozen=True)
class Stage:
    """One step of a complaint on its way: its label, its state (done, now or ahead), and where it leads."""

    label: str
    state: str
    note: str = ""


def stages(labels: Sequence[str], *, now: str, note: str = "", finished: bool = False) -> tuple[Stage, ...]:
    """The steps in order, with those before ``now`` done and those after it ahead; ``finished`` makes ``now``
    itself done. ``note`` stands beside the step in hand. ``ValueError`` when ``now`` is not among the labels.
    """
    here = list(labels).index(now)
    return tuple(
        Stage(
            label,
            DONE if index < here or (finished and index == here) else NOW if index == here else AHEAD,
            note if index == here else "",
        )
        for index, label in enumerate(labels)
    )


# Timeline


@dataclass(frozen=True)
class Event:
    """Something that happened. ``own``: it belongs to the campaign's branch and not to canon. ``url`` may be
    empty.
    """

    when: StoryDate
    title: str
    own: bool = False
    url: str = ""


@dataclass(frozen=True)
class War:
    """A stretch of time with a name."""

    begins: StoryDate
    ends: StoryDate
    title: str


@dataclass(frozen=True)
class Flag:
    """An event on the line: a mark (a dot, or a bar as wide as the date is vague), a pole, and a label beside
    the pole.
    """

    x: float
    y: float
    width: float
    pole: float
    label_x: float
    label_y: float
    label_width: float
    anchor: str
    label: str
    date: str
    event: Event

    @property
    def top(self) -> float:
        """The upper edge of the mark of a date that is not exact."""
        return self.y - 5

    @property
    def label_box(self) -> tuple[float, float]:
        """The left and right edge of the label."""
        return (
            (self.label_x, self.label_x + self.label_width)
            if self.anchor == "start"
            else (self.label_x - self.label_width, self.label_x)
        )


@dataclass(frozen=True)
class Band:
    """A war on the line, with its label in the lane beneath."""

    x: float
    width: float
    y: float
    label_x: float
    label_y: float
    label_width: float
    label: str
    war: War

    @property
    def top(self) -> float:
        """The upper edge of the band, which lies across the line."""
        return self.y - 7


@dataclass(frozen=True)
class Timeline:
    """A whole timeline. Canon runs straight on; the campaign's branch leaves it at ``fork_x`` where there is
    one.
    """

    width: float
    height: float
    canon_y: float
    left: float
    right: float
    ticks: tuple[Tick, ...]
    tick_y: float
    flags: tuple[Flag, ...]
    bands: tuple[Band, ...]
    branch: str
    fork_x: float
    now_x: float | None
    now_top: float
    now_foot: float
    now_label_x: float
    now_label_y: float
    now_label: str
    events: tuple[Event, ...]
    wars: tuple[War, ...]


_TYPE, _LANE, _EDGE = 13.0, 24.0, 24.0


def timeline(
    events: Sequence[Event],
    *,
    start: StoryDate,
    end: StoryDate,
    now: StoryDate | None = None,
    divergence: StoryDate | None = None,
    wars: Sequence[War] = (),
    width: float = 1140,
) -> Timeline:
    """Draw events between ``start`` and ``end`` on a line. Canon's labels stand above it, the campaign's own
    hang below its branch, which leaves canon at ``divergence``. Events outside the window are left out of the
    picture and the table. The picture grows wider than ``width`` when the last labels need it. ``ValueError``
    when the scale would run backwards.
    """
    now_label = f"now · {now.short()}" if now else ""
    margin = _EDGE + (text_width(now_label, _TYPE) + 12 if now else 0)
    scale = scale_between(start, end, left=_EDGE, right=max(width - margin, width / 2))
    inside = sorted(
        (e for e in events if day_after(e.when) > scale.first and first_day(e.when) < scale.end),
        key=lambda e: (first_day(e.when), day_after(e.when)),
    )
    canon = [event for event in inside if not event.own]
    own = [event for event in inside if event.own]
    above, below = (_lanes(group, scale.x, scale.right) for group in (canon, own))
    kept = [w for w in wars if day_after(w.ends) > scale.first and first_day(w.begins) < scale.end]
    fork = scale.x(first_day(divergence)) if divergence else None
    canon_y = 42 + _LANE * max([label.lane + 1 for label in above], default=0)
    bands, war_depth = _bands(kept, scale.x, canon_y, scale.right, fork)
    branch_y = canon_y + 64 + war_depth
    flags = tuple(
        _flag(event, label, scale.x, canon_y, -1) for event, label in zip(canon, above, strict=True)
    ) + tuple(_flag(event, label, scale.x, branch_y, 1) for event, label in zip(own, below, strict=True))
    branch, foot = "", canon_y
    if fork is not None or own:
        foot = branch_y
    if fork is not None:
        far = max(scale.right, fork + 16)
        branch = f"M{fork} {canon_y}V{branch_y - 12}Q{fork} {branch_y} {fork + 12} {branch_y}H{far}"
    height = (
        max(
            branch_y if foot > canon_y else canon_y + 40 + war_depth,
            branch_y + 30 + _LANE * max([label.lane + 1 for label in below], default=0) if own else 0,
        )
        + 14
    )
    now_x = scale.x(first_day(now)) if now else None
    edges = [flag.label_box[1] for flag in flags] + [band.label_x + band.label_width for band in bands]
    edges += [tick.x + 5 + text_width(tick.label, 12) for tick in scale.ticks()]
    if now:
        edges.append(scale.right + 12 + text_width(now_label, _TYPE))
    return Timeline(
        width=round(max([width, *(edge + 12 for edge in edges)]), 1),
        height=round(height, 1),
        canon_y=canon_y,
        left=scale.left,
        right=scale.right,
        ticks=scale.ticks(),
        tick_y=canon_y + 24,
        flags=flags,
        bands=bands,
        branch=branch,
        fork_x=fork or 0.0,
        now_x=now_x,
        now_top=canon_y - 10,
        now_foot=foot + 10,
        now_label_x=scale.right + 12,
        now_label_y=foot + 5,
        now_label=now_label,
        events=tuple(inside),
        wars=tuple(kept),
    )


@dataclass(frozen=True)
class _Label:
    """Where a label goes: its lane, its text, the room it takes, and whether it runs to the left of its pole."""

    lane: int
    text: str
    width: float
    leftward: bool


def _lanes(events: Sequence[Event], x_of: XOf, right: float) -> list[_Label]:
    """A lane for each label, so that none meets another label or another's pole.

    Labels run to the right of their poles; those near the right edge run to the left, and so does every label
    that would reach into them, unless that would push one over the left edge. Among labels running right,
    taken from the right, each goes one lane beyond every label that begins under it: then a pole to its right
    is always too short to cross it. Labels running left are the mirror image.
    """
    places = [x_of(first_day(event.when)) for event in events]
    texts = [fit(event.title, 300, _TYPE) for event in events]
    widths = [
        text_width(f"{event.when.short()}  {text}", _TYPE) + 10
        for event, text in zip(events, texts, strict=True)
    ]
    leftward = _leftward(places, widths, right)
    lanes = [0] * len(events)
    for index in reversed(range(len(events))):
        if index not in leftward:
            under = [
                lanes[other]
                for other in range(index + 1, len(events))
                if other not in leftward and places[other] < places[index] + widths[index] + 10
            ]
            lanes[index] = 1 + max(under, default=-1)
    for index in range(len(events)):
        if index in leftward:
            under = [
                lanes[other]
                for other in range(index)
                if other in leftward and places[other] > places[index] - widths[index] - 10
            ]
            lanes[index] = 1 + max(under, default=-1)
    return [
        _Label(*fields, index in leftward)
        for index, fields in enumerate(zip(lanes, texts, widths, strict=True))
    ]


def _leftward(places: Sequence[float], widths: Sequence[float], right: float) -> frozenset[int]:
    """Which labels run to the left: those that would leave the picture, and those that would reach into one
    of them.
    """
    found = frozenset(i for i, x in enumerate(places) if x + widths[i] > right)
    while found:
        edge = min(places[i] - widths[i] for i in found) - 20
        if edge < 0:
            return frozenset()
        more = frozenset(i for i, x in enumerate(places) if x + widths[i] > edge)
        if more <= found:
            return found
        found |= more
    return found


def _flag(event: Event, label: _Label, x_of: XOf, line: float, way: int) -> Flag:
    x = x_of(first_day(event.when))
    vague = 0.0 if is_exact(event.when) else max(round(x_of(day_after(event.when)) - x, 1), 6.0)
    pole = line + way * (22 + _LANE * label.lane)
    return Flag(
        x,
        line,
        vague,
        pole,
        x - 6 if label.leftward else x + 6,
        pole + (4 if way < 0 else 8),
        label.width,
        "end" if label.leftward else "start",
        label.text,
        event.when.short(),
        event,
    )


def _bands(
    wars: Sequence[War], x_of: XOf, line: float, right: float, fork: float | None
) -> tuple[tuple[Band, ...], float]:
    """The wars as bands on the line, their names under the years, each in the first lane free at that place.

    A name that would leave the picture, or be crossed by the branch, moves left. Returns the bands and the
    lanes' depth.
    """
    bands, taken = [], list[list[tuple[float, float]]]()
    for war in sorted(wars, key=lambda w: first_day(w.begins)):
        x = x_of(first_day(war.begins))
        width = max(round(x_of(day_after(war.ends)) - x, 1), 6.0)
        label = fit(f"{war.title}, {war.begins.short()} – {war.ends.short()}", 420, 12)
        text = text_width(label, 12)
        limit = fork - 10 if fork is not None and x < fork < x + text + 10 else right
        at = max(0.0, round(min(x, limit - text), 1))
        lane = next(
            (
                index
                for index, boxes in enumerate(taken)
                if all(at > end + 14 or at + text + 14 < begin for begin, end in boxes)
            ),
            len(taken),
        )
        taken[lane : lane + 1] = [[*(taken[lane] if lane < len(taken) else []), (at, at + text)]]
        bands.append(Band(x, width, line, at, line + 46 + 18 * lane, text, label, war))
    return tuple(bands), 18.0 * len(taken)
