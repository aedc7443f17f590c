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

STATES = {"": "", "altered": "canon, altered", "averted": "canon, averted", "ahead": "canon, still ahead"}
"""What may have become of a piece of canon, and what is said of it; "" where it is as it was."""

XOf = Callable[[int], float]
"""From a day number to its place on the line."""


@dataclass(frozen=True)
class Event:
    """Something that happened. ``own``: it belongs to the campaign's branch and not to canon. ``url`` may be
    empty.

    ``state`` is what became of canon, one of ``STATES``; ``became`` the ``key`` of what happened in its place.
    """

    when: StoryDate
    title: str
    own: bool = False
    url: str = ""
    state: str = ""
    key: str = ""
    became: str = ""

    @property
    def said(self) -> str:
        """Its line, and what became of it, in words."""
        return STATES[self.state] or ("campaign" if self.own else "canon")


@dataclass(frozen=True)
class War:
    """A stretch of time with a name; ``state`` and ``became`` as an event has them."""

    begins: StoryDate
    ends: StoryDate
    title: str
    state: str = ""
    became: str = ""
    url: str = ""

    @property
    def said(self) -> str:
        """What it is, in words."""
        return f"war, {STATES[self.state]}" if self.state else "war"


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
    branch_y: float
    echoes: tuple[float, ...]
    links: tuple[str, ...]
    solid_to: float
    now_x: float | None
    now_top: float
    now_foot: float
    now_label_x: float
    now_label_y: float
    now_label: str
    events: tuple[Event, ...]
    wars: tuple[War, ...]


_TYPE, _LANE, _EDGE, _HEAD = 13.0, 24.0, 24.0, 14.0


def timeline(
    events: Sequence[Event],
    *,
    start: StoryDate,
    end: StoryDate,
    now: StoryDate | None = None,
    divergence: StoryDate | None = None,
    leaves: StoryDate | None = None,
    wars: Sequence[War] = (),
    width: float = 1140,
) -> Timeline:
    """Draw events between ``start`` and ``end`` on a line. Canon's labels stand above it, the campaign's own
    hang below its branch, which leaves canon at ``divergence`` or before the first of them. With ``leaves`` it
    leaves canon there and nowhere else: own events before that hang from the line that both still share, and
    canon that happens after it is marked on both. Events outside the window are left out of the picture and the
    table. ``now`` is named at the end of the line where it is the end, and above the line where more lies ahead of it.
    The picture grows wider than ``width`` when the last labels need it. ``ValueError`` when the scale would
    run backwards.
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
    fork = _fork(divergence, own, scale.x) if leaves is None else _leaving(leaves, scale.x)
    canon_y = 42 + _LANE * max([label.lane + 1 for label in above], default=0)
    bands, war_depth = _bands(kept, scale.x, canon_y, scale.right, fork)
    branch_y = canon_y + 64 + war_depth
    flags = tuple(
        _flag(event, label, scale.x, canon_y, -1) for event, label in zip(canon, above, strict=True)
    ) + tuple(
        _flag(event, label, scale.x, _line_of(event, leaves, canon_y, branch_y), 1, branch_y)
        for event, label in zip(own, below, strict=True)
    )
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
    now_width = text_width(now_label, _TYPE)
    until = [each.when for each in inside] + [each.ends for each in kept]
    last = now is None or all(day_after(each) <= day_after(now) for each in until)
    now_label_x = (
        scale.right + 12
        if last
        else round(min(max(0.0, (now_x or 0) - now_width / 2), scale.right - now_width), 1)
    )
    waits = any(each.state == "ahead" for each in (*inside, *kept))
    edges = [flag.label_box[1] for flag in flags] + [band.label_x + band.label_width for band in bands]
    edges += [tick.x + 5 + text_width(tick.label, 12) for tick in scale.ticks()]
    if now:
        edges.append(now_label_x + now_width)
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
        branch_y=branch_y,
        echoes=_echoes(canon, fork, scale.x),
        links=_links(flags, bands),
        solid_to=now_x if waits and now_x is not None else scale.right,
        now_x=now_x,
        now_top=canon_y - 10 if last else _HEAD + 6,
        now_foot=foot + 10,
        now_label_x=now_label_x,
        now_label_y=foot + 5 if last else _HEAD,
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


def _leaving(leaves: StoryDate, x_of: XOf) -> float:
    """Where the branch leaves canon when that is known: just before the day, so that what parted them is past it."""
    return round(x_of(first_day(leaves)) - _BEND, 1)


def _line_of(event: Event, leaves: StoryDate | None, canon_y: float, branch_y: float) -> float:
    """The line that an own event is on: canon's and the campaign's are one until the branch leaves."""
    shared = leaves is not None and first_day(event.when) < first_day(leaves)
    return canon_y if shared else branch_y


def _echoes(canon: Sequence[Event], fork: float | None, x_of: XOf) -> tuple[float, ...]:
    """Where canon that happened after the branch had left is marked on the branch, too."""
    if fork is None:
        return ()
    places = {x_of(first_day(event.when)) for event in canon if not event.state}
    return tuple(sorted(x for x in places if x >= fork + _BEND))


def _links(flags: Sequence[Flag], bands: Sequence[Band]) -> tuple[str, ...]:
    """Paths from canon that was altered to what happened instead."""
    places = {flag.event.key: flag for flag in flags if flag.event.own and flag.event.key}
    altered = [(flag.x, flag.y, flag.event.became) for flag in flags if flag.event.became]
    altered += [(band.x, band.y, band.war.became) for band in bands if band.war.became]
    ends = [(x, y, places[became]) for x, y, became in altered if became in places]
    return tuple(
        f"M{x} {y}C{x} {(y + to.y) / 2:.1f} {to.x} {(y + to.y) / 2:.1f} {to.x} {to.y}" for x, y, to in ends
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


def _flag(event: Event, label: _Label, x_of: XOf, line: float, way: int, base: float | None = None) -> Flag:
    """The flag of an event on a line, its pole ending in its label's lane, counted from ``base``."""
    x = x_of(first_day(event.when))
    vague = 0.0 if is_exact(event.when) else max(round(x_of(day_after(event.when)) - x, 1), 6.0)
    pole = (line if base is None else base) + way * (22 + _LANE * label.lane)
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
