"""The clauses of a resolution in, campaign changes out.

A clause may carry typed effects, kept as JSON objects with a `kind`. On enactment they become changes, in the order
of the clauses, which the campaign's ledger weighs and writes. An obligation changes no campaign state: it is owed
under the resolution, and diplomacy keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from khitomer.rules import changes
from khitomer.rules.changes import Manner, signed
from khitomer.rules.changes.written import read_fields, write_fields
from khitomer.rules.dates import StoryDate

_SCALE = changes.HIGHEST - changes.LOWEST


@dataclass(frozen=True, kw_only=True)
class Names:
    """What things are called, by slug; a slug without a name is shown as it is."""

    powers: Mapping[str, str] = field(default_factory=dict)
    treaties: Mapping[str, str] = field(default_factory=dict)
    clocks: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)
    territories: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)

    def power(self, slug: str) -> str:
        return self.powers.get(slug, slug)

    def treaty(self, slug: str) -> str:
        return f"the {self.treaties.get(slug, slug)}"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Two powers come to stand better or worse with each other."""

    kind: ClassVar[str] = "standing"
    power: str
    other: str
    by: int

    def check(self) -> None:
        _said(self.power, "A power")
        _said(self.other, "The other power")
        if self.power == self.other:
            raise ValueError("A power has no standing with itself: name two powers.")
        if self.by == 0 or abs(self.by) > _SCALE:
            raise ValueError(
                f"A standing changes by 1 to {_SCALE} points, up or down, not by {signed(self.by)}."
            )

    def words(self, names: Names) -> str:
        return f"Standing of {names.power(self.power)} and {names.power(self.other)}: {signed(self.by)}"


@dataclass(frozen=True, kw_only=True)
class Enter:
    """A power is admitted to a treaty, or readmitted."""

    kind: ClassVar[str] = "enter"
    treaty: str
    power: str

    def check(self) -> None:
        _said(self.treaty, "A treaty")
        _said(self.power, "A power")

    def words(self, names: Names) -> str:
        return f"{names.power(self.power)} is admitted to {names.treaty(self.treaty)}"


@dataclass(frozen=True, kw_only=True)
class Leave:
    """A power is suspended or released from a treaty, or its withdrawal is noted."""

    kind: ClassVar[str] = "leave"
    treaty: str
    power: str
    manner: Manner

    def check(self) -> None:
        _said(self.treaty, "A treaty")
        _said(self.power, "A power")

    def words(self, names: Names) -> str:
        manner = {
            "withdrawn": "withdraws from",
            "suspended": "is suspended from",
            "released": "is released from",
        }
        return f"{names.power(self.power)} {manner[self.manner]} {names.treaty(self.treaty)}"


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something is set down in the timeline, for everyone to see."""

    kind: ClassVar[str] = "event"
    title: str
    text: str = ""

    def check(self) -> None:
        _said(self.title, "A title", most=120)
        _within(self.text, "The text", most=50_000)

    def words(self, names: Names) -> str:
        return f"Event: {self.title}"


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A clock fills by so many segments, or empties."""

    kind: ClassVar[str] = "clock"
    clock: str
    by: int

    def check(self) -> None:
        _said(self.clock, "A clock")
        if self.by == 0 or abs(self.by) > 12:
            raise ValueError(f"A clock moves by 1 to 12 segments, either way, not by {signed(self.by)}.")

    def words(self, names: Names) -> str:
        return f"Clock “{names.clocks.get(self.clock, self.clock)}”: {signed(self.by)}"


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What becomes of someone or something in the archive."""

    kind: ClassVar[str] = "fate"
    entry: str
    fate: str

    def check(self) -> None:
        _said(self.entry, "An entry")
        _said(self.fate, "A fate", most=40)

    def words(self, names: Names) -> str:
        return f"{names.entries.get(self.entry, self.entry)}: {self.fate}"


@dataclass(frozen=True, kw_only=True)
class Territory:
    """A sector or a world passes to a power, or to nobody where `to` is empty."""

    kind: ClassVar[str] = "territory"
    territory: str
    to: str = ""

    def check(self) -> None:
        _said(self.territory, "A territory")
        _within(self.to, "A power", most=80)

    def words(self, names: Names) -> str:
        territory = names.territories.get(self.territory, self.territory)
        return f"{territory} passes to {names.power(self.to) if self.to else 'nobody'}"


@dataclass(frozen=True, kw_only=True)
class Zone:
    """Two powers or more set up a zone between them."""

    kind: ClassVar[str] = "zone"
    name: str
    powers: tuple[str, ...]

    def check(self) -> None:
        _said(self.name, "A name for the zone")
        _check_powers(self.powers)
        if len(self.powers) < 2:
            raise ValueError("A zone lies between two powers or more: name them.")

    def words(self, names: Names) -> str:
        return f"A zone is set up between {_listed(names, self.powers)}: {self.name}"


@dataclass(frozen=True, kw_only=True)
class Abolish:
    """A zone is abolished."""

    kind: ClassVar[str] = "abolish"
    zone: str

    def check(self) -> None:
        _said(self.zone, "A zone")

    def words(self, names: Names) -> str:
        return f"The zone “{names.zones.get(self.zone, self.zone)}” is abolished"


@dataclass(frozen=True, kw_only=True)
class Disclose:
    """An archive entry is opened to the powers named, or to everyone where none is."""

    kind: ClassVar[str] = "disclose"
    entry: str
    powers: tuple[str, ...] = ()

    def check(self) -> None:
        _said(self.entry, "An entry")
        _check_powers(self.powers)

    def words(self, names: Names) -> str:
        to = _listed(names, self.powers) if self.powers else "everyone"
        return f"“{names.entries.get(self.entry, self.entry)}” is disclosed to {to}"


DISCLOSED_UNSEEN = "An entry is disclosed"
"""All that is said of a disclosure to whoever may not see the entry."""


@dataclass(frozen=True, kw_only=True)
class Obligation:
    """Someone must do something by a date."""

    kind: ClassVar[str] = "obligation"
    power: str
    text: str
    due_on: StoryDate

    def check(self) -> None:
        _said(self.power, "A power")
        _said(self.text, "What is owed", most=300)

    def words(self, names: Names) -> str:
        return f"{names.power(self.power)} owes by {self.due_on.words()}: {self.text}"


Effect = Standing | Enter | Leave | Territory | Zone | Abolish | Event | Clock | Fate | Disclose | Obligation

KINDS: Mapping[str, type[Any]] = {
    cls.kind: cls
    for cls in (
        *(Standing, Enter, Leave, Territory, Zone, Abolish),
        *(Event, Clock, Fate, Disclose, Obligation),
    )
}
"""Every kind of effect by the name that its payload gives."""


@dataclass(frozen=True, kw_only=True)
class ClauseEffects:
    """The effects of one clause, in order, with the clause's position in its motion."""

    position: int
    effects: tuple[Effect, ...]


@dataclass(frozen=True, kw_only=True)
class Owed:
    """An obligation with the position of the clause that lays it."""

    position: int
    obligation: Obligation


def _said(text: str, what: str, *, most: int = 80) -> None:
    if not text.strip():
        raise ValueError(f"{what} is needed.")
    _within(text, what, most=most)


def _within(text: str, what: str, *, most: int) -> None:
    if len(text) > most:
        raise ValueError(f"{what} may have {most:,} characters, not {len(text):,}.")


_MOST_POWERS = 60


def _check_powers(powers: tuple[str, ...]) -> None:
    for power in powers:
        _said(power, "A power")
    if len(set(powers)) < len(powers):
        raise ValueError("A power is named twice.")
    if len(powers) > _MOST_POWERS:
        raise ValueError(f"At most {_MOST_POWERS} powers may be named, not {len(powers)}.")


def _listed(names: Names, powers: tuple[str, ...]) -> str:
    called = [names.power(slug) for slug in powers]
    return " and ".join([", ".join(called[:-1]), called[-1]]) if len(called) > 1 else "".join(called)


def parse(payload: Any) -> Effect:
    """The effect that a payload stands for. Raises ValueError, in words, when it stands for none."""
    effect: Effect = read_fields(KINDS, payload)
    effect.check()
    return effect


def to_json(effect: Effect) -> dict[str, Any]:
    """An effect as the payload that `parse` reads."""
    return write_fields(effect)


def describe(effect: Effect, names: Names) -> str:
    """The effect in a few words, without a full stop."""
    return effect.words(names)


def changes_of(
    clauses: Sequence[ClauseEffects], *, on: StoryDate, resolution: int = 0, settlement: int = 0
) -> tuple[changes.Change, ...]:
    """The campaign changes of a resolution, in the order of its clauses; or of a settlement.

    `on` is the story date from which they hold, `resolution` its number, which names its events in the timeline and the
    zones it sets up. A settlement is named by the number of the complaint that it ends.
    Whether the changes are possible is for the campaign to say.
    """
    name = f"settlement-{settlement}" if settlement else f"resolution-{resolution}"
    note = f"Settlement of complaint No. {settlement}" if settlement else f"Resolution {resolution}"
    return tuple(_changes(clauses, on, name, note))


def _changes(
    clauses: Sequence[ClauseEffects], on: StoryDate, name: str, note: str
) -> Iterator[changes.Change]:
    events = zones = 0
    for effect in (effect for clause in in_order(clauses) for effect in clause.effects):
        match effect:
            case Standing():
                yield changes.ChangeStanding(power=effect.power, other=effect.other, by=effect.by)
            case Enter():
                yield changes.EnterTreaty(treaty=effect.treaty, power=effect.power, on=on, note=note)
            case Leave():
                yield changes.LeaveTreaty(
                    treaty=effect.treaty, power=effect.power, on=on, manner=effect.manner
                )
            case Event():
                events += 1
                slug = f"{name}-{events}"
                yield changes.AddEvent(slug=slug, on=on, title=effect.title, text=effect.text)
            case Clock():
                yield changes.TickClock(clock=effect.clock, by=effect.by)
            case Fate():
                yield changes.SetFate(entry=effect.entry, fate=effect.fate)
            case Territory():
                yield changes.MoveTerritory(territory=effect.territory, to=effect.to, on=on, note=note)
            case Zone():
                zones += 1
                slug = f"{name}-zone-{zones}"
                yield changes.SetUpZone(slug=slug, name=effect.name, powers=effect.powers, established=on)
            case Abolish():
                yield changes.AbolishZone(zone=effect.zone, on=on)
            case Disclose():
                yield changes.DiscloseEntry(entry=effect.entry, to=effect.powers)
            case Obligation():
                pass  # owed under the resolution, see `obligations_of`


def obligations_of(clauses: Sequence[ClauseEffects]) -> tuple[Owed, ...]:
    """The obligations that a resolution lays, in the order of its clauses."""
    return tuple(
        Owed(position=clause.position, obligation=effect)
        for clause in in_order(clauses)
        for effect in clause.effects
        if isinstance(effect, Obligation)
    )


def in_order(clauses: Sequence[ClauseEffects]) -> list[ClauseEffects]:
    """The clauses by their position in the motion."""
    return sorted(clauses, key=lambda clause: clause.position)
