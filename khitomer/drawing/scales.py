"""What every picture shares: a scale of story days, a cautious measure of text, and a check on colours."""

import re
from dataclasses import dataclass
from datetime import date

from khitomer.rules.dates import StoryDate

FALLBACK_COLOUR = "#a9afbf"
_HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")
_NARROW = frozenset("iIjl.,:;'|!()[] ·-/frt1")
_WIDE = frozenset("mwMW@%&—…")


def colour_or_grey(colour: str) -> str:
    """Return ``colour`` when it is a six-digit hex colour, else a neutral grey; no other text reaches an
    attribute.
    """
    return colour if _HEX.match(colour or "") else FALLBACK_COLOUR


def first_day(when: StoryDate) -> int:
    """The earliest day the date may mean, as a day number (proleptic ordinal)."""
    return when.first.toordinal()


def day_after(when: StoryDate) -> int:
    """The day number just after the latest day the date may mean, so that ``[first_day, day_after)`` is its
    zone.
    """
    return when.last.toordinal() + 1


def is_exact(when: StoryDate) -> bool:
    """True when the date names a single day."""
    return day_after(when) - first_day(when) == 1


def text_width(text: str, size: float, *, condensed: bool = False) -> float:
    """Estimate the width of ``text`` in user units at ``size`` units of type.

    It errs on the wide side, because the fallback face may stand in for ours and a label must keep clear all
    the same.
    """
    units = sum(
        0.36 if char in _NARROW else 0.92 if char in _WIDE else 0.64 if char.isupper() else 0.57
        for char in text
    )
    return round(units * size * (0.8 if condensed else 1.0), 1)


def box_of(x: float, width: float, anchor: str) -> tuple[float, float]:
    """The left and right edge of a text of this width that begins ("start") or ends ("end") at ``x``."""
    return (x, x + width) if anchor == "start" else (x - width, x)


def fit(text: str, room: float, size: float) -> str:
    """Shorten ``text`` with an ellipsis until its estimated width is within ``room``."""
    if text_width(text, size) <= room:
        return text
    cut = text
    while cut and text_width(cut + "…", size) > room:
        cut = cut[:-1]
    return cut.rstrip(" -") + "…"


def wrap(text: str, room: float, size: float) -> tuple[str, ...]:
    """Break ``text`` at spaces into lines whose estimated width is within ``room``; one long word stays
    whole.
    """
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return tuple(lines)


_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""How many years may lie between two ticks: a date can be as late as 9999."""


@dataclass(frozen=True)
class Tick:
    """A year on a scale: where it stands and what is written there (empty where there is no room to write)."""

    x: float
    label: str


@dataclass(frozen=True)
class Scale:
    """Story days laid along a line: day numbers ``first`` to ``end`` (exclusive) on ``left`` to ``right``."""

    first: int
    end: int
    left: float
    right: float

    def x(self, day: int) -> float:
        """The place of the start of a day number, held inside the picture."""
        share = (day - self.first) / (self.end - self.first)
        return round(self.left + min(max(share, 0.0), 1.0) * (self.right - self.left), 1)

    def ticks(self, *, size: float = 12) -> tuple[Tick, ...]:
        """Years at an even step, the smallest that leaves each label room to breathe."""
        first, last = date.fromordinal(self.first).year, date.fromordinal(self.end - 1).year
        per_year = (self.right - self.left) * 365.2425 / (self.end - self.first)
        least = text_width("2222", size) + 16
        step = next(n for n in _STEPS if n * per_year >= least or n == _STEPS[-1])
        years = range(first + (-first % step), last + 1, step)
        starts = [(year, date(year, 1, 1).toordinal()) for year in years]
        return tuple(Tick(self.x(day), str(year)) for year, day in starts if self.first <= day < self.end)


def scale_between(start: StoryDate, end: StoryDate, *, left: float, right: float) -> Scale:
    """A scale from the first day of ``start`` to the last day of ``end``. ``ValueError`` when it would run
    backwards.
    """
    first, after = first_day(start), day_after(end)
    if after <= first:
        raise ValueError(f"a scale cannot run from {start} back to {end}")
    return Scale(first, after, left, right)
