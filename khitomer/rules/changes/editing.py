"""One change for every small correction: a field of a power, treaty, provision, event or clock gets another value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal, get_args, get_type_hints

from khitomer.rules.changes.core import (
    Audience,
    Change,
    Impossible,
    State,
    Step,
    clip,
    found,
    having,
    without,
)
from khitomer.rules.changes.powers import AddPower
from khitomer.rules.changes.story import AddClock, AddEvent
from khitomer.rules.changes.treaties import AddProvision, AddTreaty
from khitomer.rules.changes.written import Scalar, read, write
from khitomer.rules.dates import StoryDate

Subject = Literal["power", "treaty", "provision", "event", "clock"]

AMENDABLE: dict[Subject, tuple[str, ...]] = {
    "power": ("name", "short", "adjective", "aliases", "colour", "emblem", "summary"),
    "treaty": ("name", "numeral", "signed", "has_forum", "accrued_rights_survive", "summary"),
    "provision": ("title", "text"),
    "event": ("title", "text", "on", "until"),
    "clock": ("name", "note", "size", "hidden"),
}
"""The fields that may be amended, by subject. An exemption has three parts that hang together: `SetExemption`."""

_WORDS = {
    "short": "short name",
    "has_forum": "forum for complaints",
    "accrued_rights_survive": "survival of accrued rights",
    "signed": "date of signing",
    "on": "date",
    "until": "end",
    "size": "number of segments",
}

_Thing = AddPower | AddTreaty | AddProvision | AddEvent | AddClock


@dataclass(frozen=True, kw_only=True)
class Amend(Change):
    """One field of one thing gets another value (a date as its text).

    `only_if` holds the value the field must still have, or is empty when any will do: an amendment is taken back
    only while nobody has amended it again.
    """

    kind: ClassVar[str] = "amend"
    subject: Subject
    key: str
    field: str
    value: Scalar
    only_if: tuple[Scalar, ...] = ()

    def step(self, state: State) -> Step:
        things = self._things(state)
        thing = found(things, self.key, self.subject)
        value = self._value(thing)
        old: Scalar = write(getattr(thing, self.field))
        called = f"The {field_words(self.field)} of {name_of(thing, state)}"
        if self.only_if and (old,) != self.only_if:
            raise Impossible(
                f"{called} is “{value_words(old)}” by now, no longer “{value_words(self.only_if[0])}”",
                "Undo the later amendment first",
            )
        if write(value) == old:
            raise Impossible(f"{called} is “{value_words(old)}” already")
        changed: _Thing = replace(thing, **{self.field: value})  # type: ignore[arg-type]
        changed.check(_setting(state, self.subject, without(things, self.key)))
        before, after = value_words(old), value_words(write(value))
        audience, told, persons = _who_may_notice(self.field, thing)
        return Step(
            change=self,
            state_after=_setting(state, self.subject, having(things, self.key, changed)),
            before=before,
            after=after,
            sentence=f"{called} is now “{clip(after, 80)}”",
            inverse=replace(self, value=old, only_if=(write(value),)),
            audience=audience,
            told=told,
            persons=persons,
        )

    def differs(self, state: State) -> bool:
        """Whether the field has another value than this amendment's, or is none that may be amended."""
        thing = found(self._things(state), self.key, self.subject)
        return self.field not in AMENDABLE[self.subject] or write(getattr(thing, self.field)) != self.value

    def _things(self, state: State) -> dict[str, _Thing]:
        if self.subject not in get_args(Subject):
            raise Impossible(f"There is nothing to amend in a “{self.subject}”")
        return dict(getattr(state, _PLACES[self.subject]))

    def _value(self, thing: _Thing) -> Scalar | StoryDate:
        if self.field not in AMENDABLE[self.subject]:
            raise Impossible(
                f"The “{self.field}” of a {self.subject} is not amended this way",
                f"What may be amended: {', '.join(field_words(field) for field in AMENDABLE[self.subject])}",
            )
        try:
            value: Scalar | StoryDate = read(get_type_hints(type(thing))[self.field], self.value)
        except ValueError as error:
            raise Impossible(f"The {field_words(self.field)}: {error}") from None
        return value


_PLACES: dict[Subject, str] = {
    "power": "powers",
    "treaty": "treaties",
    "provision": "provisions",
    "event": "events",
    "clock": "clocks",
}


def _who_may_notice(field: str, thing: _Thing) -> tuple[Audience, tuple[str, ...], tuple[str, ...]]:
    """Who may know of an amendment: of a clock that is hidden, the GM alone learns of more than its name."""
    if not isinstance(thing, AddEvent | AddClock):
        return "all", (), ()
    if isinstance(thing, AddClock) and thing.hidden and field != "name":
        return "gm", (), ()
    return thing.audience, thing.told, thing.persons


def _setting(state: State, subject: Subject, things: dict[str, _Thing]) -> State:
    return replace(state, **{_PLACES[subject]: things})  # type: ignore[arg-type]


def name_of(thing: _Thing, state: State) -> str:
    """What a thing goes by in a sentence: its name, or a provision's label."""
    if isinstance(thing, AddProvision):
        return state.label(thing.key)
    return f"“{thing.title}”" if isinstance(thing, AddEvent) else thing.name


def field_words(field: str) -> str:
    """A field's name on screen."""
    return _WORDS.get(field, field.replace("_", " "))


def value_words(value: Scalar) -> str:
    """A value on screen: "yes", "none", or its text on one line."""
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return clip(str(value), 200)
