"""Changes to the powers and to how they stand with each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from khitomer.rules.changes.core import (
    Change,
    Impossible,
    State,
    Step,
    check_words,
    having,
    pair,
    signed,
    without,
    words,
)

LOWEST, HIGHEST = -5, 5
"""The scale of standings: from war to alliance."""

_HELD_GROUND = "it holds or held territory"

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SHORT = re.compile(r"[A-Z]{2,4}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def check_slug(slug: str) -> None:
    """Refuse what could not stand in an address."""
    if not _SLUG.fullmatch(slug):
        raise Impossible(
            f"“{slug}” cannot stand in an address", "Use small letters, digits and single hyphens"
        )


@dataclass(frozen=True, kw_only=True)
class ChangeStanding(Change):
    """Two powers come to stand better or worse with each other, by so many points."""

    kind: ClassVar[str] = "change standing"
    power: str
    other: str
    by: int

    def step(self, state: State) -> Step:
        first, second = state.power(self.power).name, state.power(self.other).name
        if self.power == self.other:
            raise Impossible(f"{first} has no standing with itself")
        if self.by == 0:
            raise Impossible(f"A change of 0 leaves {first} and {second} as they stand")
        before = state.standing(self.power, self.other)
        after = before + self.by
        if not LOWEST <= after <= HIGHEST:
            raise Impossible(
                f"{first} and {second} stand at {signed(before)}, and {signed(self.by)} would go off the scale",
                f"The change may be from {signed(LOWEST - before)} to {signed(HIGHEST - before)}",
            )
        return Step(
            change=self,
            state_after=replace(
                state, standings=having(state.standings, pair(self.power, self.other), after)
            ),
            before=signed(before),
            after=signed(after),
            sentence=f"{first} and {second} go from {signed(before)} to {signed(after)}",
            inverse=replace(self, by=-self.by),
        )


@dataclass(frozen=True, kw_only=True)
class AddPower(Change):
    """A power joins the campaign's map; it is bound by nothing yet."""

    kind: ClassVar[str] = "add power"
    slug: str = words(60)
    name: str = words(60)
    short: str = words(4, called="short name")
    adjective: str = words(40)
    colour: str = words(7)
    emblem: str = words(30)
    aliases: str = words(200, default="")
    summary: str = words(50_000, default="")
    canon_key: str = words(80, default="")

    def check(self, state: State) -> None:
        """Refuse a power that is not in order, or that takes another's name, short name or slug."""
        check_words(self)
        check_slug(self.slug)
        if not _SHORT.fullmatch(self.short):
            raise Impossible(f"“{self.short}” is no short name", "Use two to four capital letters")
        if not _COLOUR.fullmatch(self.colour):
            raise Impossible(f"“{self.colour}” is no colour", "Use a colour such as #7fb2ff")
        for power in state.powers.values():
            for field, called in (("slug", "address"), ("name", "name"), ("short", "short name")):
                if getattr(power, field) == getattr(self, field):
                    raise Impossible(f"The {called} “{getattr(self, field)}” is taken by {power.name}")

    def step(self, state: State) -> Step:
        self.check(state)
        return Step(
            change=self,
            state_after=replace(state, powers=having(state.powers, self.slug, self)),
            before="not in this campaign",
            after="in this campaign",
            sentence=f"Power added: {self.name}",
            inverse=RemovePower(slug=self.slug),
        )


@dataclass(frozen=True, kw_only=True)
class RemovePower(Change):
    """A power that nothing rests on is taken away."""

    kind: ClassVar[str] = "remove power"
    slug: str

    def step(self, state: State) -> Step:
        power = state.power(self.slug)
        for rests, what in (
            (any(self.slug == bound for _, bound in state.adherence), "it is or was bound by a treaty"),
            (any(self.slug in both for both in state.standings), "it stands well or ill with another power"),
            (any(self.slug == bound for _, bound in state.reservations), "it made a reservation"),
            (any(use.power == self.slug for uses in state.uses.values() for use in uses), "a use is recorded of it"),
            (any(span.power == self.slug for spans in state.holdings.values() for span in spans), _HELD_GROUND),
            (any(self.slug in zone.powers for zone in state.zones.values()), "a zone lies or lay on its border"),
            (any(self.slug in told for told in _all_told(state)), "it was told something in confidence"),
            (self.slug in state.held, "someone plays it or is invited to"),
        ):  # fmt: skip
            if rests:
                raise Impossible(f"{power.name} cannot be removed: {what}", "Undo that first")
        return Step(
            change=self,
            state_after=replace(state, powers=without(state.powers, self.slug)),
            before="in this campaign",
            after="not in this campaign",
            sentence=f"Power removed: {power.name}",
            inverse=power,
        )


def _all_told(state: State) -> Iterator[tuple[str, ...]]:
    """The powers that each thing with an audience of its own names."""
    for things in (state.events, state.clocks, state.entries):
        yield from (thing.told for thing in things.values())
