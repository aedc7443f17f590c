"""Reads the files of the canon and refuses what does not fit, naming the file, the entry and the reason.

What an entry may say is declared once, by the fields of its dataclass in `canon_entries`; the reader follows
those declarations, so that a new field needs no line here.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from khitomer.rules.canon_entries import (
    AdherenceSpan,
    Entry,
    Event,
    Exemption,
    Item,
    Kind,
    Organisation,
    Person,
    Place,
    Power,
    Provision,
    Source,
    Treaty,
    Vessel,
    names,
    references,
    roman,
)
from khitomer.rules.dates import Answer, StoryDate

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_COLOUR = re.compile(r"#[0-9a-f]{6}")

Contents = Mapping[str, tuple[Any, ...]]
"""What each file holds, by the file's name without ".toml"."""


class CanonError(ValueError):
    """A canon file says what it may not: in `file`, at `entry` ("" for the whole file), for this `reason`."""

    def __init__(self, file: str, entry: str, reason: str) -> None:
        self.file, self.entry, self.reason = file, entry, reason
        super().__init__(f"{file}: {entry}: {reason}" if entry else f"{file}: {reason}")


@dataclass(frozen=True)
class _Where:
    """The spot in a file that a mistake is reported at."""

    file: str
    entry: str = ""

    def error(self, reason: str) -> CanonError:
        return CanonError(self.file, self.entry, reason)


FILES: Mapping[str, type[Any]] = {
    "sources": Source,
    "powers": Power,
    "treaties": Treaty,
    "adherence": AdherenceSpan,
    "people": Person,
    "places": Place,
    "vessels": Vessel,
    "organisations": Organisation,
    "events": Event,
}
"""Each file of the canon, without ".toml", and what it holds."""


def read(folder: Path) -> Contents:
    """Everything in a folder of canon files, checked; events and spans by date. Raises CanonError."""
    found = {name: _read_file(folder / f"{name}.toml", cls) for name, cls in FILES.items()}
    found["events"].sort(key=lambda event: (event.date, event.sequence))
    found["adherence"].sort(key=lambda span: (span.entered, span.treaty))
    contents = {name: tuple(items) for name, items in found.items()}
    _check(contents)
    return contents


def _read_file(path: Path, cls: type[Any]) -> list[Any]:
    where = _Where(path.name)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise where.error("the file is missing.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as mistake:
        raise where.error(f"this is not TOML: {mistake}.") from None
    heading = cls.kind.value
    for name in tables:
        if name != heading:
            raise where.error(
                f'there is an unknown table "{name}": each entry here starts with [[{heading}]].'
            )
    return [_read_entry(cls, raw, where) for raw in _tables(tables.get(heading, []), heading, where)]


def _tables(given: Any, name: str, where: _Where) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(raw, dict) for raw in given):
        raise where.error(f'"{name}" must be a list of tables, each starting with [[{name}]].')
    return given


def _read_entry(cls: type[Any], raw: Mapping[str, Any], where: _Where) -> Any:
    at = _Where(where.file, _key(raw, where))
    return _read_treaty(raw, at) if cls is Treaty else _read(cls, raw, at)


def _key(raw: Mapping[str, Any], where: _Where) -> str:
    key = raw.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise where.error(f"an entry has the key {key!r}: a key is small letters, digits and hyphens.")
    return key


def _read_treaty(raw: Mapping[str, Any], where: _Where) -> Treaty:
    """A treaty and then its provisions, which take their label from its ordinal."""
    treaty: Treaty = _read(Treaty, {**raw, "provisions": []}, where)
    try:
        numeral = roman(treaty.ordinal)
    except ValueError as refusal:
        raise where.error(str(refusal)) from None
    provisions = []
    for part in _tables(raw.get("provisions", []), "treaty.provisions", where):
        at = _Where(where.file, f"{treaty.key}: {_key(part, where)}")
        provisions.append(
            _read(Provision, part, at, treaty=treaty.key, label=f"{numeral}·{part.get('number')}")
        )
    return dataclasses.replace(treaty, provisions=tuple(provisions))


def _read(cls: type[Any], raw: Mapping[str, Any], where: _Where, **derived: str) -> Any:
    """One table as a `cls`, field by field; `derived` fills the fields that a file may not state."""
    hints = get_type_hints(cls)
    stated = {each.name: each for each in dataclasses.fields(cls) if "derived" not in each.metadata}
    for name in raw:
        if name not in stated:
            raise where.error(f'"{name}" is not a known key: the known ones are {", ".join(sorted(stated))}.')
    values: dict[str, Any] = dict(derived)
    for name, each in stated.items():
        if name in raw:
            values[name] = _value(hints[name], raw[name], name, where)
        elif each.default is dataclasses.MISSING:
            raise where.error(f'the key "{name}" is missing.')
    return cls(**values)


def _value(hint: Any, given: Any, name: str, where: _Where) -> Any:
    if isinstance(hint, UnionType):
        hint = next(part for part in get_args(hint) if part is not NoneType)
    if hint is StoryDate:
        return _date(given, name, where)
    if hint is Exemption:
        return _read(Exemption, _tables([given], name, where)[0], where)
    if get_origin(hint) is tuple:
        if not isinstance(given, list):
            raise where.error(f'"{name}" must be a list.')
        return tuple(_value(get_args(hint)[0], each, name, where) for each in given)
    if issubclass(hint, StrEnum):
        if given not in list(hint):
            raise where.error(f'"{name}" is {given!r}: it must be one of {", ".join(hint)}.')
        return hint(given)
    if type(given) is not hint:
        wanted = {str: "text in quotes", int: "a whole number", bool: "true or false"}[hint]
        raise where.error(f'"{name}" is {given!r}: it must be {wanted}.')
    return _prose(given, name, where) if hint is str else given


def _date(given: Any, name: str, where: _Where) -> StoryDate:
    if not isinstance(given, str):
        raise where.error(f'"{name}" is {given}: a date stands in quotes, such as "2372".')
    try:
        return StoryDate.parse(given)
    except ValueError as refusal:
        raise where.error(f'"{name}" is no date. {refusal}') from None


def _prose(given: str, name: str, where: _Where) -> str:
    """Text with its lines joined to paragraphs: line breaks in a file are for its editor alone."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", given)]
    if not any(paragraphs):
        raise where.error(f'"{name}" is empty.')
    return "\n\n".join(part for part in paragraphs if part)


def _located(contents: Contents) -> Iterator[tuple[Item, _Where]]:
    """Every item with the spot it came from, provisions included."""
    for name, items in contents.items():
        for item in items:
            yield item, _Where(f"{name}.toml", item.key)
            for provision in getattr(item, "provisions", ()):
                yield provision, _Where(f"{name}.toml", f"{item.key}: {provision.key}")


def _check(contents: Contents) -> None:
    """What no entry can know by itself: that its names are its own, its references hold, its dates agree."""
    items = list(_located(contents))
    _check_unique(items)
    kinds = {item.key: item.kind for item, _ in items}
    for item, where in items:
        _check_references(item, kinds, where)
    for item, where in items:
        _check_causes(item, contents, where)
        if isinstance(item, Power):
            _check_power(item, where)
        elif isinstance(item, Treaty):
            _check_treaty(item, where)
        elif isinstance(item, Provision) and item.exemption is not None:
            _check_exemption(item.exemption, where)
        elif isinstance(item, Event):
            _check_event(item, contents, where)
        elif isinstance(item, AdherenceSpan):
            _check_span(item, contents, where)


def _check_unique(items: list[tuple[Item, _Where]]) -> None:
    """Keys are unique over all kinds, so that a link needs no kind; names and short names are as well."""
    taken: dict[tuple[str, Any], _Where] = {}
    for item, where in items:
        claims: list[tuple[str, Any]] = [("key", item.key)]
        if isinstance(item, Entry):
            claims += [("name", name.casefold()) for name in names(item)]
        if isinstance(item, Power | Treaty):
            claims.append(("short name", item.short))
        if isinstance(item, Treaty):
            claims.append(("ordinal", item.ordinal))
        for claim in claims:
            if claim in taken:
                first = taken[claim]
                raise where.error(
                    f'the {claim[0]} "{claim[1]}" is taken already, by {first.entry} in {first.file}.'
                )
            taken[claim] = where


def _check_references(item: Any, kinds: Mapping[str, Kind], where: _Where) -> None:
    if hasattr(item, "sources") and not item.sources:
        raise where.error("it cites no source.")
    for ref in references(item):
        if ref.key not in kinds:
            raise where.error(f'"{ref.field}" refers to "{ref.key}", and there is no such entry.')
        if kinds[ref.key] not in ref.kinds:
            wanted = " or ".join(ref.kinds)
            raise where.error(
                f'"{ref.field}" refers to "{ref.key}", which is of kind {kinds[ref.key]}, not {wanted}.'
            )
        if ref.key == item.key:
            raise where.error(f'"{ref.field}" refers to the entry itself.')


def _check_causes(item: Item, contents: Contents, where: _Where) -> None:
    """A change and the event that brings it about bear one date."""
    dates = {event.key: event.date for event in contents["events"]}
    for name, by in (
        ("signed", "signed_at"),
        ("entered", "entered_by"),
        ("left", "left_by"),
        ("ended", "ended_by"),
    ):
        cause = getattr(item, by, None)
        if cause is not None and dates[cause] != getattr(item, name):
            raise where.error(f'"{name}" is {getattr(item, name)}, but {cause} is dated {dates[cause]}.')


def _check_exemption(exemption: Exemption, where: _Where) -> None:
    if exemption.limit < 0 or exemption.window_days < 1:
        raise where.error("its exemption needs a limit of 0 or more and a window of 1 day or more.")


def _check_power(power: Power, where: _Where) -> None:
    if not _COLOUR.fullmatch(power.colour):
        raise where.error(f'the colour "{power.colour}" is not of the form #rrggbb.')


def _check_treaty(treaty: Treaty, where: _Where) -> None:
    numbers = [provision.number for provision in treaty.provisions]
    if numbers != list(range(1, len(numbers) + 1)):
        raise where.error(f"its provisions are numbered {numbers}, not 1, 2, 3 and so on.")


def _check_event(event: Event, contents: Contents, where: _Where) -> None:
    """An event ends after it began, and rests on what came before it: so no two can rest on each other."""
    if event.ended is not None:
        _check_order(event.date, event.ended, "date", "ended", where)
    place = {each.key: (each.date, each.sequence) for each in contents["events"]}
    for ground in event.rests_on:
        if place[ground] > place[event.key]:
            raise where.error(f'it rests on "{ground}", which comes later.')
        if place[ground] == place[event.key]:
            raise where.error(
                f'it rests on "{ground}", and their dates and sequence do not say which came first.'
            )


def _check_span(span: AdherenceSpan, contents: Contents, where: _Where) -> None:
    signed = next(treaty.signed for treaty in contents["treaties"] if treaty.key == span.treaty)
    if span.entered.before(signed) is Answer.YES:
        raise where.error(f"it was entered {span.entered}, before the treaty was signed, {signed}.")
    if span.left is not None:
        _check_order(span.entered, span.left, "entered", "left", where)
    for earlier in contents["adherence"]:
        if earlier is span:
            return
        same = (earlier.power, earlier.treaty) == (span.power, span.treaty)
        if same and (earlier.left is None or span.entered.before(earlier.left) is Answer.YES):
            raise where.error(f"it overlaps {earlier.key}: spans of one power and treaty may not.")


def _check_order(start: StoryDate, end: StoryDate, first: str, second: str, where: _Where) -> None:
    if start.before(end) is Answer.NO:
        raise where.error(f'"{second}" is {end}, which does not come after "{first}", {start}.')
