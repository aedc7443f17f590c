"""Changes as JSON, and back: the form in which the ledger, futures and effects keep them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from khitomer.rules.dates import StoryDate

Scalar = str | int | bool | None
"""What JSON can hold without nesting, less floats, which nothing here needs."""

_PLAIN: dict[Any, str] = {str: "text", int: "a whole number", bool: "true or false", NoneType: "nothing"}

_Thing = TypeVar("_Thing")


def write(value: Any) -> Any:
    """A value as JSON: a date as its text, a tuple as a list."""
    if isinstance(value, StoryDate):
        return str(value)
    if isinstance(value, tuple):
        return [write(each) for each in value]
    return value


def write_fields(thing: Any) -> dict[str, Any]:
    """The fields of a dataclass as JSON, with its kind first; what has its default value is left out."""
    stated = {"kind": thing.kind}
    for each in dataclasses.fields(thing):
        value = getattr(thing, each.name)
        if (
            each.default is dataclasses.MISSING
            or value != each.default
            or type(value) is not type(each.default)
        ):
            stated[each.name] = write(value)
    return stated


def read(hint: Any, given: Any) -> Any:
    """A JSON value as the type that a field declares. Raises ValueError saying what it must be."""
    origin = get_origin(hint)
    if origin is Literal:
        if given not in get_args(hint):
            raise ValueError(f"{given!r} must be one of {', '.join(map(str, get_args(hint)))}.")
        return given
    if origin in (Union, UnionType):
        return _read_union(get_args(hint), given)
    if origin is tuple:
        if not isinstance(given, list):
            raise ValueError(f"{given!r} must be a list.")
        return tuple(read(get_args(hint)[0], each) for each in given)
    if hint is StoryDate:
        if not isinstance(given, str):
            raise ValueError(f"{given!r} must be a story date in quotes.")
        return StoryDate.parse(given)
    if type(given) is not hint:
        raise ValueError(f"{given!r} must be {_PLAIN[hint]}.")
    return given


def _read_union(hints: tuple[Any, ...], given: Any) -> Any:
    if type(given) in hints:
        return given
    wanted = [hint for hint in hints if hint is not NoneType]
    if len(wanted) == 1:
        return read(wanted[0], given)
    raise ValueError(f"{given!r} must be {' or '.join(_PLAIN[hint] for hint in hints)}.")


def read_fields(kinds: Mapping[str, type[_Thing]], given: Any) -> _Thing:
    """The dataclass that a JSON object of one of these kinds stands for.

    Raises ValueError naming the kind and the field that will not do.
    """
    if not isinstance(given, dict):
        raise ValueError(f"{given!r} must be an object with a kind.")
    kind = given.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        raise ValueError(f"There is no kind {kind!r}: the kinds are {', '.join(sorted(kinds))}.")
    cls = kinds[kind]
    fields = {each.name: each for each in dataclasses.fields(cls)}  # type: ignore[arg-type]
    hints = get_type_hints(cls)
    unknown = sorted(set(given) - set(fields) - {"kind"})
    if unknown:
        raise ValueError(f"“{kind}” has no “{unknown[0]}”: it takes {', '.join(fields)}.")
    values = {}
    for name, each in fields.items():
        if name in given:
            try:
                values[name] = read(hints[name], given[name])
            except ValueError as error:
                raise ValueError(f"“{name}” of “{kind}”: {error}") from None
        elif each.default is dataclasses.MISSING:
            raise ValueError(f"“{kind}” lacks “{name}”.")
    return cls(**values)
