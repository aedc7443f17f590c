"""A kind of entry: its names, and what entries of it are asked about, in order."""

from typing import Any

from django import forms

from khitomer.forms.campaigns import OnceForm
from khitomer.models import Kind
from khitomer.rules.kinds import LONGEST_LABEL, MOST_FIELDS, Sort

SORTS = [(str(sort), sort.words) for sort in Sort]
EMPTY = ("", "", str(Sort.TEXT))
Row = tuple[str, str, str]


class KindForm(OnceForm):
    """The names of a kind; those of a kind that every archive has stay as they are.

    Its fields are rows beside the form, each a key, a label and a sort, read by `rows_of`.
    """

    name = forms.CharField(max_length=40, label="One of them", help_text="Such as “Starbase”.")
    plural = forms.CharField(max_length=40, label="Several", help_text="Such as “Starbases”.")

    def __init__(self, *args: Any, kind: Kind | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind is not None and not kind.is_own:
            del self.fields["name"], self.fields["plural"]
        # What is refused of the fields stands above them.
        self.fields["fields"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def names(self, kind: Kind | None) -> dict[str, str]:
        """The names given, or those that a kind of every archive has."""
        return {name: self.cleaned_data.get(name) or getattr(kind, name, "") for name in ("name", "plural")}


def rows_of(post: Any) -> list[Row]:
    """The fields as they were typed, with those that have no label yet."""
    columns = [post.getlist(name)[: MOST_FIELDS + 1] for name in ("key", "label", "sort")]
    return [
        (key[:40], label[: LONGEST_LABEL + 1], sort[:10]) for key, label, sort in zip(*columns, strict=False)
    ]


def arranged(rows: list[Row], asked: str) -> list[Row]:
    """The rows after a button for putting them in order: "add", or "up", "down" or "off" with the number of a row."""
    rows = list(rows)
    what, _, number = asked.partition("-")
    place = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1
    if what == "add" and len(rows) < MOST_FIELDS:
        rows.append(EMPTY)
    elif 0 <= place < len(rows):
        row = rows.pop(place)
        if what in ("up", "down"):
            rows.insert(max(0, place + (1 if what == "down" else -1)), row)
        elif what != "off":
            rows.insert(place, row)
    return rows
