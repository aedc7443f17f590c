"""A recap drafted from what was recorded of an evening: values in, Markdown out, for the GM to make prose of.

Whoever gathers the values decides what an audience may know; nothing here adds to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from khitomer.rules import changes

_SPECIAL = re.compile(r"([\\`*_<>#~|])")

OPEN_KINDS: frozenset[str] = frozenset(
    kind.kind
    for kind in (
        changes.AddPower,
        changes.RemovePower,
        changes.ChangeStanding,
        changes.EnterTreaty,
        changes.LeaveTreaty,
        changes.MakeReservation,
        changes.EndReservation,
        changes.RecordUse,
        changes.AddTreaty,
        changes.AddProvision,
        changes.SetExemption,
        changes.AddTerritory,
        changes.MoveTerritory,
        changes.SetUpZone,
        changes.AbolishZone,
        changes.AdvanceDate,
    )
)
"""Changes of what has no audience: everyone at the table may notice each of them."""


@dataclass(frozen=True)
class Open:
    """What is open to everyone of what can be kept from someone: clocks by slug, none of them hidden or amended during
    the evening, and entries by slug, each with its name."""

    clocks: frozenset[str] = frozenset()
    entries: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Told:
    """One thing that an audience was shown: of which sort ("entry", "secret", …), under what name, and its words."""

    sort: str
    name: str
    words: str = ""


@dataclass(frozen=True)
class Evening:
    """What was recorded of an evening, as far as one audience may know of it."""

    done: tuple[str, ...] = ()
    decided: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    lines: tuple[str, ...] = ()


def sentence_for_all(change: changes.Change, sentence: str, open_: Open) -> str:
    """The sentence of a change that everyone at the table may know of; empty for every other.

    Whatever is not known to be open is kept: a new kind of change is told only once it is named here.
    """
    match change:
        case changes.TickClock(clock=slug):
            return sentence if slug in open_.clocks else ""
        case changes.SetFate(entry=slug):
            name = dict(open_.entries).get(slug)
            return sentence if name and name in sentence else ""
        case changes.Amend(subject="power" | "treaty" | "provision"):
            return sentence
    return sentence if change.kind in OPEN_KINDS else ""


def common(evening: Evening) -> str:
    """The draft of what everyone is told."""
    return _joined(
        _listed("What we did", evening.done),
        _listed("What was decided", evening.decided),
        _listed("What changed", evening.changed),
        _told("What came to light", evening.told),
        _listed("As it was noted", evening.lines),
    )


def apart(evening: Evening) -> str:
    """The draft of what some are told alone, beside what everyone is."""
    return _joined(_told("What you alone learned", evening.told), _listed("For you", evening.lines))


def _told(heading: str, told: Iterable[Told]) -> str:
    return _list(heading, (_of(each) for each in told))


def _of(told: Told) -> str:
    """A thing as it is told: a page of the archive by its name, which leads there; a secret by its words."""
    name = f"[[{told.name}]]" if told.sort in ("entry", "secret") else _plain(told.name)
    return f"{name}: {_plain(told.words)}" if told.words else name


def _listed(heading: str, lines: Iterable[str]) -> str:
    return _list(heading, (_plain(line) for line in lines))


def _list(heading: str, lines: Iterable[str]) -> str:
    rows = [f"- {line}" for line in lines]
    return "\n".join([f"**{heading}**", "", *rows]) if rows else ""


def _plain(text: str) -> str:
    """Words on one line that Markdown leaves as they are."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
