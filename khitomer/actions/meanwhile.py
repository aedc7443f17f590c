"""Two GMs write one thing: whoever sends second is shown what the first wrote, and keeps what they typed."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from khitomer.errors import Refused


class Meanwhile(Refused):
    """Somebody wrote it since the form was opened.

    `now` is what its fields say at present, `began` what a form that has seen them begins from.
    """

    def __init__(self, now: Mapping[str, Any], began: str) -> None:
        super().__init__(
            "Somebody else wrote this meanwhile, and nothing of yours is saved yet",
            allowed="Put the two together and send it again: nothing that you typed is lost",
        )
        self.now, self.began = now, began


def began(row: Model, *names: str) -> str:
    """What a form about these fields of a row begins from; of a relation to many, the rows that it names."""
    values = [getattr(row, name) for name in names]
    kept = [sorted(value.values_list("pk", flat=True)) if is_many(value) else value for value in values]
    return digest(kept)


def digest(values: list[Any]) -> str:
    """What tells these values from others, and does not say what they are."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:32]


def unchanged(row: Model, since: str, *names: str, now: Mapping[str, Any] | None = None) -> None:
    """Call it under the lock, on the row read afresh. `Meanwhile` when the fields are not as the form began `since`.

    `now` is how the form would show them, where that is not as the row has them. A form that does not say what it began
    from is let through.
    """
    at_present = began(row, *names)
    if since and since != at_present:
        raise Meanwhile(now or {name: said(getattr(row, name)) for name in names}, at_present)


def said(value: Any) -> Any:
    """A field's value as it is shown to a person: rows by their names."""
    return ", ".join(sorted(str(each) for each in value.all())) if is_many(value) else value


def is_many(value: Any) -> bool:
    return hasattr(value, "values_list")
