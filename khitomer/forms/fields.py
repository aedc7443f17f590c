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


LARGEST_KEY = 2**63 - 1


def as_key(text: object) -> int | None:
    """The key of a row that a posted text names; None for what can be no key, which no database need be asked about."""
    digits = str(text).strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        return None
    key = int(digits)
    return key if 0 < key <= LARGEST_KEY else None


class RowField(forms.ModelChoiceField):
    """One row of a query set, by its key. What can be no key is no choice: SQLite takes no number so large."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or isinstance(value, self.queryset.model) or as_key(value):
            return super().to_python(value)
        raise forms.ValidationError(
            self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(value)[:40]}
        )


class RowsField(forms.ModelMultipleChoiceField):
    """Rows of a query set, by their keys; as with one row, what can be no key is no choice."""

    def clean(self, value: Any) -> Any:
        for each in value if isinstance(value, list | tuple) else ():
            if not (isinstance(each, self.queryset.model) or as_key(each)):
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": str(each)[:40]},
                )
        return super().clean(value)


class WritingArea(forms.Textarea):
    """Where Markdown is written: `[[` offers names, and how the text looks stands beside it."""

    template_name = "parts/writing.html"

    class Media:
        js = (forms.Script("js/writing.js", defer=True),)
        css = {"all": ["css/writing.css"]}


class NameInput(forms.TextInput):
    """Where the name of an entry is written; those that there are, are offered."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "data-names": "", **(attrs or {})})

    class Media(WritingArea.Media):
        pass


class MarkdownField(forms.CharField):
    """Long text in Markdown, at most 50,000 characters; longer text is refused with its length, and kept."""

    widget = WritingArea

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
