"""Canaries: a word of its own in every field that can be kept from somebody, and who may read it there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models

from khitomer.markup import render
from khitomer.models import Audience, Campaign, Membership

PREFIX = "zqx"
"""What every canary begins with; no language has a word that does."""

LETTERS = "abcdefghijklmnoprstuvwy"

TOKENS = "fade0acefade"
"""What every token that is a canary begins with: a picture or a draft goes by a random one, which is no word."""

CANARIES = re.compile(rf"{PREFIX}[a-z]{{5}}|{TOKENS[:8]}-{TOKENS[8:]}(?:-[0-9a-f]+){{3}}", re.IGNORECASE)
"""What a canary looks like in a text or an address."""


@dataclass(frozen=True)
class Canary:
    """A word, the field it was put into, and the members who may read it there."""

    word: str
    where: str
    seen_by: frozenset[int]


@dataclass
class Cage:
    """The canaries of one campaign while they are planted."""

    campaign: Campaign
    members: list[Membership]
    canaries: dict[str, Canary] = field(default_factory=dict)

    def word(self, where: str, seen_by: Iterable[Membership]) -> str:
        """A new word, for a field that these members may read."""
        number, letters = len(self.canaries), ""
        for _ in range(5):
            number, rest = divmod(number, len(LETTERS))
            letters += LETTERS[rest]
        return self._kept(f"{PREFIX}{letters}", where, seen_by)

    def token(self, where: str, seen_by: Iterable[Membership]) -> UUID:
        """A new token, for something whose address these members may know."""
        token = UUID(f"{TOKENS}{len(self.canaries):020x}")
        self._kept(str(token), where, seen_by)
        return token

    def _kept(self, word: str, where: str, seen_by: Iterable[Membership]) -> str:
        self.canaries[word] = Canary(word, where, frozenset(member.pk for member in seen_by))
        return word

    def put(self, row: Any, seen_by: Iterable[Membership], *names: str) -> None:
        """Plant a word of its own into each of these columns of a row; Markdown is rendered again."""
        readers = list(seen_by)
        values: dict[str, Any] = {}
        for name in names:
            column = row._meta.get_field(name)
            where = f"{row._meta.verbose_name} {row.pk}, {name}"
            if isinstance(column, models.UUIDField):
                values[name] = self.token(where, readers)
                continue
            word = self.word(where, readers)
            glue = "-" if isinstance(column, models.SlugField) else " "
            room = (column.max_length or 10**6) - len(word) - 1
            values[name] = f"{str(getattr(row, name))[:room].rstrip()}{glue}{word}".strip()
            if f"{name}_html" in {each.name for each in row._meta.fields}:
                values[f"{name}_html"] = render(values[name])
        # The ledger takes no saving, and neither should anybody be told of this.
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        for name, value in values.items():
            setattr(row, name, value)

    @property
    def gms(self) -> list[Membership]:
        return [member for member in self.members if member.role in ("gm", "co_gm")]

    def told(self, row: Any) -> list[Membership]:
        """Who reads what a row's audience opens: its own names, and whoever runs the campaign."""
        named = {power.pk for power in row.powers.all()}, {person.pk for person in row.persons.all()}
        return [
            member for member in self.members if member in self.gms or _is_told(row.audience, *named, member)
        ]

    def both(self, some: Iterable[Membership], others: Iterable[Membership]) -> list[Membership]:
        allowed = {member.pk for member in others}
        return [member for member in some if member.pk in allowed]


def _is_told(audience: str, powers: set[int], persons: set[int], member: Membership) -> bool:
    if audience == Audience.ALL:
        return True
    return audience == Audience.POWERS and (member.power_id in powers or member.pk in persons)


Planter = Callable[[Cage], None]

PLANTERS: list[Planter] = []
"""What plants canaries in the fields of an app above; each appends its own in `AppConfig.ready`."""
