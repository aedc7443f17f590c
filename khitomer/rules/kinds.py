"""What entries of one kind are asked about beyond their text: the fields that a GM gives a kind, and what they take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from khitomer.rules.dates import StoryDate
from khitomer.rules.names import fold, tidy

MOST_FIELDS = 12
LONGEST_LABEL = 40
LONGEST_VALUE = 200

_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,6})?", re.ASCII)


class Sort(StrEnum):
    """What a field takes."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES = "yes"
    ENTRY = "entry"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Sort.TEXT: "Text",
    Sort.NUMBER: "Number",
    Sort.DATE: "Story date",
    Sort.YES: "Yes or no",
    Sort.ENTRY: "Another entry",
}


@dataclass(frozen=True)
class Field:
    """One question. What is answered is kept under the key, which is made once and outlives a new label."""

    key: str
    label: str
    sort: Sort

    @property
    def name(self) -> str:
        """What the field is called in a form."""
        return f"value-{self.key}"


def read_fields(rows: Iterable[Mapping[str, str]]) -> list[Field]:
    """The fields of a kind as its row keeps them."""
    return [Field(row["key"], row["label"], Sort(row["sort"])) for row in rows]


def write_fields(fields: Iterable[Field]) -> list[dict[str, str]]:
    """The fields of a kind for its row."""
    return [asdict(field) | {"sort": str(field.sort)} for field in fields]


def settle(given: Iterable[tuple[str, str, str]], known: Iterable[Field]) -> list[Field]:
    """Fields as a GM wrote them, each as key, label and sort, beside those that the kind has already.

    A key that the kind knows is kept; any other is made from the label. Fields without a label are left out. Raises
    ValueError, with a sentence for people, for two of one label, a label too long, a sort there is not, a sort changed
    under what was answered, or too many.
    """
    before = {field.key: field for field in known}
    fields: list[Field] = []
    taken = set(before)
    for key, label, sort in given:
        label = tidy(label)
        if not label:
            continue
        if len(label) > LONGEST_LABEL:
            raise ValueError(
                f"A field’s name has at most {LONGEST_LABEL} characters; “{label[:20]}…” is longer."
            )
        if fold(label) in (fold(field.label) for field in fields):
            raise ValueError(f"Two fields are called “{label}”.")
        if sort not in Sort.__members__.values():
            raise ValueError(f"“{label}” takes nothing that there is.")
        if key not in before or key in (field.key for field in fields):
            key = _key(label, taken)
            taken.add(key)
        elif before[key].sort != sort:
            raise ValueError(
                f"“{before[key].label}” was answered as it is. Take it off and add another field."
            )
        fields.append(Field(key, label, Sort(sort)))
    if len(fields) > MOST_FIELDS:
        raise ValueError(f"A kind has at most {MOST_FIELDS} fields; these are {len(fields)}.")
    return fields


def _key(label: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", label.lower(), flags=re.ASCII).strip("-")[:30] or "field"
    number = 1
    while (key := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return key


def answer(field: Field, text: str) -> str:
    """What was typed into a field as it is kept, "" for nothing. Raises ValueError with a sentence for people.

    Whether an entry of that name is there is for others to say.
    """
    text = tidy(text)
    if not text:
        return ""
    match field.sort:
        case Sort.NUMBER:
            plain = text.replace(",", "").replace("−", "-").replace(" ", "")
            if not _NUMBER.fullmatch(plain):
                raise ValueError(f"“{text[:30]}” is not a number.")
            return plain
        case Sort.DATE:
            return str(StoryDate.parse(text))
        case Sort.YES:
            return "yes" if text.lower() in ("yes", "on", "true", "1") else ""
    if len(text) > LONGEST_VALUE:
        raise ValueError(f"At most {LONGEST_VALUE} characters; these are {len(text)}.")
    return text
