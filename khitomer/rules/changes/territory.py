"""Changes to whose a sector or a world is, and to the zones that powers set up between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from khitomer.rules.changes.core import (
    Change,
    Held,
    Impossible,
    State,
    Step,
    check_words,
    found,
    having,
    the,
    when,
    without,
    words,
)
from khitomer.rules.changes.powers import check_slug
from khitomer.rules.dates import StoryDate

# Territory


@dataclass(frozen=True, kw_only=True)
class AddTerritory(Change):
    """A sector or a world comes onto the map; the record does not say yet who holds it."""

    kind: ClassVar[str] = "add territory"
    slug: str = words(80)
    name: str = words(80)
    note: str = words(300, default="")
    canon_key: str = words(80, default="")

    def check(self, state: State) -> None:
        """Refuse a territory that is not in order or takes another's slug."""
        check_words(self)
        check_slug(self.slug)
        if self.slug in state.territories:
            raise Impossible(
                f"There is a territory “{self.slug}” already: {state.territories[self.slug].name}"
            )

    def step(self, state: State) -> Step:
        self.check(state)
        return Step(
            change=self,
            state_after=replace(state, territories=having(state.territories, self.slug, self)),
            before="not on the map",
            after="on the map",
            sentence=f"Territory added: {self.name}",
            inverse=RemoveTerritory(slug=self.slug),
        )


@dataclass(frozen=True, kw_only=True)
class RemoveTerritory(Change):
    """A territory of which no holder is on record is taken off the map."""

    kind: ClassVar[str] = "remove territory"
    slug: str

    def step(self, state: State) -> Step:
        territory = found(state.territories, self.slug, "territory")
        if self.slug in state.holdings:
            raise Impossible(
                f"The record says who holds or held {territory.name}", "Take those moves back first"
            )
        return Step(
            change=self,
            state_after=replace(state, territories=without(state.territories, self.slug)),
            before="on the map",
            after="not on the map",
            sentence=f"Territory removed: {territory.name}",
            inverse=territory,
        )


@dataclass(frozen=True, kw_only=True)
class MoveTerritory(Change):
    """A territory passes to a power, or to nobody (`to` is empty), on a date: the span before ends where this begins.

    The first holder on record may have held it since before the record begins: then `on` is None.
    """

    kind: ClassVar[str] = "move territory"
    territory: str
    to: str
    on: StoryDate | None = None
    note: str = words(200, default="")
    canon_key: str = words(80, default="")

    def step(self, state: State) -> Step:
        check_words(self)
        name = found(state.territories, self.territory, "territory").name
        holder = state.power(self.to).name if self.to else "nobody"
        spans = state.holdings.get(self.territory, ())
        last = spans[-1] if spans else None
        _check_move(state, self, last, name=name, holder=holder)
        new = Held(power=self.to, entered=self.on, note=self.note, canon_key=self.canon_key)
        after = (*spans[:-1], *([replace(last, left=self.on)] if last else []), new)
        passes = f"passes to {holder}" if self.to else "is held by nobody"
        return Step(
            change=self,
            state_after=replace(state, holdings=having(state.holdings, self.territory, after)),
            before=_held_words(state, last),
            after=_held_words(state, new),
            sentence=f"{name} {passes} {when(self.on)}" if self.on else f"{name} is held by {holder}",
            inverse=ReturnTerritory(territory=self.territory, to=self.to, on=self.on),
        )


def _check_move(state: State, move: MoveTerritory, last: Held | None, *, name: str, holder: str) -> None:
    if (last.power if last else "") == move.to:
        raise Impossible(
            f"{_capital(holder)} holds {name} already" if move.to else f"Nobody holds {name} as it is"
        )
    if last is None:
        return
    if move.on is None:
        raise Impossible(f"The record says already who holds {name}", "Give the date on which it passes")
    if last.entered is not None and move.on <= last.entered:
        raise Impossible(
            f"{name} has been held by {_holder(state, last)} since {last.entered.words()}",
            f"Give a date later than {last.entered.words()}, as exact as that one",
        )


@dataclass(frozen=True, kw_only=True)
class ReturnTerritory(Change):
    """The last move of a territory is taken back: whoever held it before holds it as if it had never passed."""

    kind: ClassVar[str] = "return territory"
    territory: str
    to: str
    on: StoryDate | None = None

    def step(self, state: State) -> Step:
        name = found(state.territories, self.territory, "territory").name
        spans = state.holdings.get(self.territory, ())
        last = spans[-1] if spans else None
        if last is None or (last.power, last.entered) != (self.to, self.on):
            raise Impossible(
                f"{name} has passed on since: {_held_words(state, last)}",
                "Take the later move back first",
            )
        after = (*spans[:-2], *([replace(spans[-2], left=None)] if len(spans) > 1 else []))
        return Step(
            change=self,
            state_after=replace(state, holdings=having(state.holdings, self.territory, after)),
            before=_held_words(state, last),
            after=_held_words(state, after[-1] if after else None),
            sentence=f"The passing of {name} to {_holder(state, last)} is taken back",
            inverse=MoveTerritory(
                territory=self.territory,
                to=last.power,
                on=last.entered,
                note=last.note,
                canon_key=last.canon_key,
            ),
        )


def _holder(state: State, span: Held) -> str:
    return state.power(span.power).name if span.power else "nobody"


def _held_words(state: State, span: Held | None) -> str:
    """Who holds a territory: "Federation since 2375"."""
    if span is None:
        return "no holder on record"
    since = f" since {span.entered.words()}" if span.entered else ""
    return f"{_holder(state, span)}{since}"


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


# Zones


@dataclass(frozen=True, kw_only=True)
class SetUpZone(Change):
    """Powers set up a zone between them. Without `established` it was there before the record begins."""

    kind: ClassVar[str] = "set up zone"
    slug: str = words(80)
    name: str = words(80)
    powers: tuple[str, ...]
    established: StoryDate | None = None
    abolished: StoryDate | None = None
    note: str = words(300, default="")
    canon_key: str = words(80, default="")

    def check(self, state: State) -> None:
        """Refuse a zone that is not in order, takes another's slug, lies between fewer than two, or ends too soon."""
        check_words(self)
        check_slug(self.slug)
        for slug in self.powers:
            state.power(slug)
        if len(set(self.powers)) < 2:
            raise Impossible(f"{self.name} lies between nobody", "Name two powers or more")
        if self.slug in state.zones:
            raise Impossible(f"There is a zone “{self.slug}” already: {state.zones[self.slug].name}")
        if self.established and self.abolished and self.abolished < self.established:
            raise Impossible(
                f"{_capital(the(self.name))} cannot be abolished {when(self.abolished)}, before it is set up",
                f"Give a date not earlier than {self.established.words()}, as exact as that one",
            )

    def step(self, state: State) -> Step:
        self.check(state)
        zone = replace(self, powers=tuple(sorted(set(self.powers))))
        between = _listed([state.power(slug).name for slug in self.powers])
        return Step(
            change=self,
            state_after=replace(state, zones=having(state.zones, self.slug, zone)),
            before="no such zone",
            after=_zone_words(zone),
            sentence=f"A zone is set up between {between}: {self.name}",
            inverse=StrikeZone(slug=self.slug),
        )


@dataclass(frozen=True, kw_only=True)
class StrikeZone(Change):
    """A zone is struck from the record, as if it had never been."""

    kind: ClassVar[str] = "strike zone"
    slug: str

    def step(self, state: State) -> Step:
        zone = found(state.zones, self.slug, "zone")
        return Step(
            change=self,
            state_after=replace(state, zones=without(state.zones, self.slug)),
            before=_zone_words(zone),
            after="no such zone",
            sentence=f"{_capital(the(zone.name))} is struck from the record",
            inverse=zone,
        )


@dataclass(frozen=True, kw_only=True)
class AbolishZone(Change):
    """A zone is abolished on a date."""

    kind: ClassVar[str] = "abolish zone"
    zone: str
    on: StoryDate

    def step(self, state: State) -> Step:
        zone = found(state.zones, self.zone, "zone")
        name = _capital(the(zone.name))
        if zone.abolished is not None:
            raise Impossible(f"{name} was abolished {when(zone.abolished)} already")
        if zone.established is not None and self.on < zone.established:
            raise Impossible(
                f"{name} was set up {when(zone.established)}, later than {self.on.words()}",
                f"Give a date not earlier than {zone.established.words()}, as exact as that one",
            )
        after = replace(zone, abolished=self.on)
        return Step(
            change=self,
            state_after=replace(state, zones=having(state.zones, self.zone, after)),
            before=_zone_words(zone),
            after=_zone_words(after),
            sentence=f"{name} is abolished {when(self.on)}",
            inverse=ReopenZone(zone=self.zone),
        )


@dataclass(frozen=True, kw_only=True)
class ReopenZone(Change):
    """An abolition is taken back: the zone is there as if it had never been abolished."""

    kind: ClassVar[str] = "reopen zone"
    zone: str

    def step(self, state: State) -> Step:
        zone = found(state.zones, self.zone, "zone")
        if zone.abolished is None:
            raise Impossible(f"{_capital(the(zone.name))} has not been abolished")
        after = replace(zone, abolished=None)
        return Step(
            change=self,
            state_after=replace(state, zones=having(state.zones, self.zone, after)),
            before=_zone_words(zone),
            after=_zone_words(after),
            sentence=f"{_capital(the(zone.name))} is in force as if it had not been abolished {when(zone.abolished)}",
            inverse=AbolishZone(zone=self.zone, on=zone.abolished),
        )


def _zone_words(zone: SetUpZone) -> str:
    """How a zone stands: "in force since 2370", "abolished in 2293"."""
    if zone.abolished is not None:
        return f"abolished {when(zone.abolished)}"
    return f"in force since {zone.established.words()}" if zone.established else "in force"


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
