"""Form fields of our own."""

import re
from typing import Any

from django import forms

from khitomer.rules.dates import StoryDate

_IN_WORDS = re.compile(r"(?:(\d{1,2})\s+)?([A-Za-z]{3,})\.?,?\s+(\d{4})", re.ASCII)
_MONTHS = [StoryDate(2379, month).words().split()[0].lower() for month in range(1, 13)]

DATE_HELP = "A year, a month or a day: 2379, 2379-03 or 2379-03-14. Give only what is known."


class StoryDateField(forms.CharField):
    """A story date typed as "2379", "2379-03" or "2379-03-14", or as it is shown: "14 March 2379", "Mar 2379".

    What does not parse is said to the person.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", DATE_HELP)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> StoryDate | None:
        if isinstance(value, StoryDate):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return StoryDate.parse(_as_written(text))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, StoryDate) else value


def _as_written(text: str) -> str:
    """A date typed in words, as the record writes it; anything else as it is, for the parser to judge."""
    words = _IN_WORDS.fullmatch(text)
    if words is None:
        return text
    day, name, year = words.groups()
    months = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(name.lower())]
    if len(months) != 1:
        return text
    return "-".join([year, f"{months[0]:02}", *([f"{int(day):02}"] if day else [])])


class MarkdownField(forms.CharField):
    """Long text in Markdown, at most 50,000 characters; longer text is refused with its length, and kept."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Markdown: **bold**, *italic*, lists, quotations.")
        kwargs.setdefault("strip", True)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        # A browser sends each line break as two characters; it counts, and is kept, as one.
        return str(super().to_python(value)).replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > 50_000:
            raise forms.ValidationError(f"{len(value):,} characters; the limit is 50,000.")
