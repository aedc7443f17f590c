"""The marks of an adherence strip: the day of the act and the day asked about, across all bars, with their labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, permutations, product

from khitomer.drawing.scales import Scale, box_of, day_after, first_day, fit, is_exact, text_width
from khitomer.rules.dates import StoryDate

LEAST_HATCH = 3.0
"""The least width of what is hatched or banded, so that it can be seen."""
LABEL = 13.0
"""The size of a label's type."""


@dataclass(frozen=True)
class Mark:
    """A day shown across all bars: a line when exact, a band when known to the month or the year only."""

    kind: str
    x: float
    width: float
    label: str
    label_x: float
    label_y: float
    label_width: float
    stem_x: float
    stem_end: float
    anchor: str

    @property
    def band(self) -> bool:
        """True when the day is known to its month or year only."""
        return self.width > 0

    @property
    def far(self) -> float:
        """The right edge of the band."""
        return round(self.x + self.width, 1)

    @property
    def label_box(self) -> tuple[float, float]:
        """The left and right edge of the label."""
        return box_of(self.label_x, self.label_width, self.anchor)


def marks_of(
    scale: Scale, bottom: float, act: StoryDate | None, as_of: StoryDate | None, act_label: str
) -> tuple[Mark, ...]:
    """Place the marks' labels under the bars, one under the other, none crossed by another's stem.

    Of the ways to order and turn them, the first is taken in which no lower stem runs through a higher label.
    """
    wanted: list[tuple[str, StoryDate, str]] = []
    if act:
        wanted.append(("act", act, f"{act_label} · {act.short()}{'' if is_exact(act) else ', day unknown'}"))
    if as_of:
        wanted.append(("as-of", as_of, f"as of {as_of.short()}"))
    ways = [
        _stacked(scale, bottom, order, turns)
        for order in permutations(wanted)
        for turns in product(("start", "end"), repeat=len(wanted))
    ]
    return min(ways, key=_crossings)


def _crossings(marks: Sequence[Mark]) -> int:
    """How many labels a lower stem runs through, and how many stand under their dot for want of room beside it."""
    crossed = sum(
        upper.label_box[0] - 4 < lower.stem_x < upper.label_box[1] + 4
        for upper, lower in combinations(marks, 2)
    )
    return 10 * crossed + sum(mark.label_y > mark.stem_end + 10 for mark in marks)


def _stacked(
    scale: Scale, bottom: float, wanted: Sequence[tuple[str, StoryDate, str]], turns: Sequence[str]
) -> tuple[Mark, ...]:
    """The marks in this order from the top, each label to its side of its dot, or under it for want of room."""
    marks: list[Mark] = []
    y = bottom + 16
    for (kind, day, label), turn in zip(wanted, turns, strict=True):
        x = scale.x(first_day(day))
        width = 0.0 if is_exact(day) else max(round(scale.x(day_after(day)) - x, 1), LEAST_HATCH)
        x = min(x, scale.right - width)
        stem = round(x + width / 2, 1)
        text = text_width(label, LABEL)
        room = scale.right + 14 - 2
        if turn == "start" and stem + 12 + text <= scale.right + 14:
            at, anchor, line = stem + 12, "start", y
        elif turn == "end" and stem - 12 - text >= 2:
            at, anchor, line = stem - 12, "end", y
        else:
            label = fit(label, room, LABEL)
            text = text_width(label, LABEL)
            at, anchor, line = max(2.0, min(stem - text / 2, room + 2 - text)), "start", y + 18
        marks.append(Mark(kind, x, width, label, round(at, 1), line, text, stem, y - 5, anchor))
        y = line + 20
    return tuple(marks)
