"""The timeline: canon as a line, the campaign's own branch, and the wars as bands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from khitomer.drawing.scales import (
    Tick,
    box_of,
    day_after,
    first_day,
    fit,
    is_exact,
    scale_between,
    text_width,
)
from khitomer.rules.dates import StoryDate

XOf = Callable[[int], float]
"""From a day number to its place on the line."""


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
        return box_of(self.label_x, self.label_width, self.anchor)


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
    hang below its branch, which leaves canon at ``divergence`` or before the first of them. Events outside the
    window are left out of the picture and the table. The picture grows wider than ``width`` when the last labels
    need it. ``ValueError`` when the scale would run backwards.
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
    fork = _fork(divergence, own, scale.x)
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


_BEND = 14.0
"""The room that the branch takes to bend away from canon."""


def _fork(divergence: StoryDate | None, own: Sequence[Event], x_of: XOf) -> float | None:
    """Where the branch leaves canon: at the divergence, or before the first of its own events if that is earlier,
    so that none of them hangs beside the branch.
    """
    if divergence is None:
        return None
    earliest = min((x_of(first_day(event.when)) for event in own), default=float("inf"))
    return round(min(x_of(first_day(divergence)), earliest - _BEND), 1)


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
