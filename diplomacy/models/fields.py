"""Model fields of the conference system."""

from enum import StrEnum
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models


def choices(enum: type[StrEnum]) -> list[tuple[str, str]]:
    """A rule's closed list as a field's choices; its words are its labels."""
    return [(member.value, member.value.replace("_", " ").capitalize()) for member in enum]


class FractionField(models.CharField):  # type: ignore[type-arg]
    """An exact fraction such as 2/3, kept as its text: votes are never counted in floats."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 9)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if isinstance(kwargs.get("default"), Fraction):
            kwargs["default"] = str(kwargs["default"])  # migrations can write text, not fractions
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Fraction | None:
        return None if value is None else Fraction(value)

    def to_python(self, value: Any) -> Fraction | None:
        if value is None or isinstance(value, Fraction):
            return value
        try:
            return Fraction(str(value).strip())
        except (ValueError, ZeroDivisionError) as error:
            raise ValidationError("A fraction such as 1/2 or 2/3.") from error

    def get_prep_value(self, value: Any) -> str | None:
        fraction = self.to_python(value)
        return None if fraction is None else str(fraction)
