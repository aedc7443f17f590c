"""Model fields of our own."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from khitomer.rules.dates import StoryDate


class StoryDateField(models.CharField):  # type: ignore[type-arg]
    """A `StoryDate` kept as its text: "2372", "2372-03" or "2372-03-14".

    Text order is the order of earliest days, so the database sorts it as the rules do.
    """

    # What the type checker is to expect of the attribute; without these it would expect text.
    _pyi_private_set_type: StoryDate | str
    _pyi_private_get_type: StoryDate
    _pyi_lookup_exact_type: StoryDate | str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression: object, connection: object) -> StoryDate | None:
        return StoryDate.parse(value) if value else None

    def to_python(self, value: Any) -> StoryDate | None:
        if value is None or value == "" or isinstance(value, StoryDate):
            return value or None
        try:
            return StoryDate.parse(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value: Any) -> str | None:
        date = self.to_python(value)
        return None if date is None else str(date)

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def formfield(self, **kwargs: Any) -> Any:
        from khitomer.forms.fields import StoryDateField as FormField

        return super().formfield(**{"form_class": FormField, "max_length": None, **kwargs})
