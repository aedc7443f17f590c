"""Dated spans of being bound, or reserved.

A span is [entered, left): bound from the day of entry, free from the day of leaving. The spans of one power and
treaty never overlap; where two dates cannot be put in order, a more exact one is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from khitomer.rules.changes.core import (
    Impossible,
    Span,
    when,
)
from khitomer.rules.dates import StoryDate


def with_span(spans: Sequence[Span], new: Span, *, who: str, verb: str) -> tuple[Span, ...]:
    """The spans with one more, in order. Raises `Impossible` when it would overlap another or end before it begins."""
    if new.left is not None and new.left < new.entered:
        raise Impossible(
            f"{who} cannot leave {when(new.left)} what it enters {when(new.entered)}",
            f"Give a date not earlier than {new.entered.words()}, as exact as that one",
        )
    for span in spans:
        if span.entered == new.entered:
            raise Impossible(
                f"{who} {verb} {when(span.entered)} already", "Give another, or a more exact, date of entry"
            )
        if new.left is not None and new.left <= span.entered:
            continue
        if span.left is None and span.entered < new.entered:
            raise Impossible(f"{who} {verb} since {span.entered.words()} already", "End that span first")
        if span.left is None or new.entered < span.left:
            until = "now" if span.left is None else span.left.words()
            raise Impossible(
                f"{who} {verb} from {span.entered.words()} to {until}, and the two spans would overlap",
                "Give dates, as exact as those, that lie outside that span",
            )
    return tuple(sorted((*spans, new), key=lambda span: span.entered))


def span_at(spans: Sequence[Span], entered: StoryDate, *, none: str) -> Span:
    """The span entered on a date; `Impossible`, in the words of `none`, when there is none."""
    for span in spans:
        if span.entered == entered:
            return span
    raise Impossible(none)


def replaced(spans: Sequence[Span], old: Span, new: Span | None) -> tuple[Span, ...]:
    """The spans with one exchanged, or left out."""
    return tuple(span for span in (new if each == old else each for each in spans) if span is not None)


def open_span(spans: Sequence[Span], on: StoryDate, *, none: str, who: str) -> Span:
    """The span that is open, to be closed on a date. Raises `Impossible` when there is none or it begins later."""
    current = next((span for span in spans if span.left is None), None)
    if current is None:
        raise Impossible(none)
    if on < current.entered:
        raise Impossible(
            f"{who} cannot leave {when(on)} what it entered {when(current.entered)}",
            f"Give a date not earlier than {current.entered.words()}, as exact as that one",
        )
    return current


def reopened(spans: Sequence[Span], span: Span, *, who: str) -> tuple[Span, ...]:
    """The spans with one that was closed open again. Raises `Impossible` when it is open, or a later one follows."""
    if span.left is None:
        raise Impossible(f"{who}: the span that began {when(span.entered)} is open already")
    later = next((other for other in spans if other.entered > span.entered), None)
    if later is not None:
        raise Impossible(
            f"{who} entered again {when(later.entered)}, so its earlier span cannot be open",
            "Undo that entry first",
        )
    return replaced(spans, span, replace(span, left=None))


def span_words(span: Span) -> str:
    """A span on screen: "bound since 2373", "bound 2368 to 2372"."""
    if span.left is None:
        return f"bound since {span.entered.words()}"
    return f"bound {span.entered.words()} to {span.left.words()}"


def period_words(span: Span) -> str:
    """A span as a period: "2368–2372", "2368–June 2371", "since 2373"."""
    if span.left is None:
        return f"since {span.entered.words()}"
    return f"{span.entered.words()}–{span.left.words()}"


def now_words(spans: Sequence[Span]) -> str:
    """How a power stands at the end of its spans."""
    if not spans:
        return "not bound"
    return span_words(spans[-1]) if spans[-1].left is None else f"not bound since {spans[-1].left.words()}"
