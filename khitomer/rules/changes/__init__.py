"""Typed changes to campaign state: weighed, told in words, previewed, and each with its inverse.

A change is a frozen value of one kind. `step` says what comes of it in a state: the state after, before and after in
words, one sentence for the ledger, and the change that takes it back; or it raises `Impossible` with the reason and
what would do instead. Nothing here reads a clock, a database or chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from khitomer.rules.changes.adherence import (
    EnterTreaty,
    LeaveTreaty,
    Manner,
    ReopenAdherence,
    StrikeAdherence,
)
from khitomer.rules.changes.core import (
    Audience,
    Change,
    Entry,
    Future,
    FutureState,
    Held,
    Impossible,
    Pair,
    Span,
    State,
    Step,
    Use,
)
from khitomer.rules.changes.core import pair as pair
from khitomer.rules.changes.core import signed as signed
from khitomer.rules.changes.disclosure import CloseEntry, DiscloseEntry
from khitomer.rules.changes.editing import AMENDABLE, Amend
from khitomer.rules.changes.powers import HIGHEST, LOWEST, AddPower, ChangeStanding, RemovePower
from khitomer.rules.changes.reservations import (
    EndReservation,
    MakeReservation,
    RecordUse,
    ReopenReservation,
    StrikeReservation,
    StrikeUse,
)
from khitomer.rules.changes.story import (
    AddClock,
    AddEvent,
    AdvanceDate,
    RemoveClock,
    ReturnDate,
    SetFate,
    SettleFuture,
    StrikeEvent,
    TickClock,
)
from khitomer.rules.changes.territory import (
    AbolishZone,
    AddTerritory,
    MoveTerritory,
    RemoveTerritory,
    ReopenZone,
    ReturnTerritory,
    SetUpZone,
    StrikeZone,
)
from khitomer.rules.changes.treaties import (
    AddProvision,
    AddTreaty,
    RemoveProvision,
    RemoveTreaty,
    SetExemption,
)
from khitomer.rules.changes.written import read_fields, write_fields

__all__ = [
    "AMENDABLE",
    "HIGHEST",
    "KINDS",
    "LOWEST",
    "AbolishZone",
    "AddClock",
    "AddEvent",
    "AddPower",
    "AddProvision",
    "AddTerritory",
    "AddTreaty",
    "AdvanceDate",
    "Amend",
    "Audience",
    "Change",
    "ChangeStanding",
    "CloseEntry",
    "DiscloseEntry",
    "EndReservation",
    "EnterTreaty",
    "Entry",
    "Future",
    "FutureState",
    "Held",
    "Impossible",
    "LeaveTreaty",
    "MakeReservation",
    "Manner",
    "MoveTerritory",
    "Pair",
    "RecordUse",
    "RemoveClock",
    "RemovePower",
    "RemoveProvision",
    "RemoveTerritory",
    "RemoveTreaty",
    "ReopenAdherence",
    "ReopenReservation",
    "ReopenZone",
    "ReturnDate",
    "ReturnTerritory",
    "SetExemption",
    "SetFate",
    "SetUpZone",
    "SettleFuture",
    "Span",
    "State",
    "Step",
    "StrikeAdherence",
    "StrikeEvent",
    "StrikeReservation",
    "StrikeUse",
    "StrikeZone",
    "TickClock",
    "Use",
    "describe",
    "from_json",
    "pair",
    "preview",
    "signed",
    "step",
    "to_json",
]

_ALL: tuple[type[Change], ...] = (
    ChangeStanding, AddPower, RemovePower,
    AddTreaty, RemoveTreaty, AddProvision, RemoveProvision, SetExemption,
    EnterTreaty, StrikeAdherence, LeaveTreaty, ReopenAdherence,
    MakeReservation, StrikeReservation, EndReservation, ReopenReservation, RecordUse, StrikeUse,
    AddEvent, StrikeEvent, AddClock, RemoveClock, TickClock, SetFate, AdvanceDate, ReturnDate, SettleFuture,
    AddTerritory, RemoveTerritory, MoveTerritory, ReturnTerritory, SetUpZone, StrikeZone, AbolishZone, ReopenZone,
    DiscloseEntry, CloseEntry,
    Amend,
)  # fmt: skip

KINDS: Mapping[str, type[Change]] = {cls.kind: cls for cls in _ALL}
"""Every kind of change by the name that JSON knows it by."""


def to_json(change: Change) -> dict[str, Any]:
    """A change as a JSON object: its `kind` and its fields, less those at their defaults."""
    return write_fields(change)


def from_json(given: Any) -> Change:
    """The change that a JSON object stands for. Raises ValueError naming the kind and the field that will not do."""
    return read_fields(KINDS, given)


def step(state: State, change: Change) -> Step:
    """What comes of a change in a state. Raises `Impossible` with the reason in words."""
    return change.step(state)


def preview(state: State, changes: Iterable[Change]) -> tuple[Step, ...]:
    """What comes of changes made one after another, each in the state that the last one left. Raises `Impossible`."""
    steps: list[Step] = []
    for change in changes:
        state = state if not steps else steps[-1].state_after
        steps.append(change.step(state))
    return tuple(steps)


def describe(state: State, change: Change) -> str:
    """The change in one sentence, without its full stop. Raises `Impossible` where it cannot be made."""
    return change.step(state).sentence
