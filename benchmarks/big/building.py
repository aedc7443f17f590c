"""A campaign while it is built, and rows by the hundred."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from khitomer.models import (
    Audience,
    Campaign,
    Membership,
    Power,
    User,
)
from tests import factories

AT_ONCE = 500
"""How many rows are written with one statement."""


ASKED = [
    {"key": "class", "label": "Class", "sort": "text"},
    {"key": "built", "label": "Built", "sort": "date"},
    {"key": "commander", "label": "Commander", "sort": "entry"},
]
"""What the campaign's own kind asks of its entries."""


@dataclass(frozen=True)
class Told:
    """An audience with whom it names."""

    audience: Audience
    powers: tuple[Power, ...] = ()
    persons: tuple[Membership, ...] = ()


@dataclass
class Building:
    """A campaign while it is built: who sits there, and whom things are told to, one audience after the other."""

    campaign: Campaign
    members: dict[str, Membership]
    powers: dict[str, Power]
    pictures: list[Any] = field(default_factory=list)

    @property
    def audiences(self) -> list[Told]:
        """Seven, so that they fall in with none of the other rounds: most keep a thing from somebody."""
        powers, persons = self.powers, self.members
        return [
            Told(Audience.ALL),
            Told(Audience.GM),
            Told(Audience.POWERS, powers=(powers["federation"],)),
            Told(Audience.POWERS, persons=(persons["klingon"],)),
            Told(Audience.ALL),
            Told(Audience.POWERS, powers=(powers["klingon"], powers["romulan"])),
            Told(Audience.POWERS, powers=(powers["romulan"],), persons=(persons["observer"],)),
        ]

    def tell(self, number: int) -> Told:
        return self.audiences[number % len(self.audiences)]


def founded(slug: str, cast: Sequence[User] | None) -> Building:
    people = cast or [factories.make_user(*person) for person in factories.CAST.items()]
    campaign = factories.small_campaign(slug=slug, name=f"The {slug} campaign")
    factories.seat_the_cast(campaign, people)
    campaign.kinds.create(key="starbase", name="Starbase", plural="Starbases", position=8, fields=ASKED)
    members = {
        member.user.username: member for member in campaign.memberships.select_related("user", "power")
    }
    return Building(campaign, members, {power.slug: power for power in campaign.powers.all()})


def write(model: type[Model], rows: Iterable[Any]) -> list[Any]:
    return model._default_manager.bulk_create(list(rows), batch_size=AT_ONCE)


def address(building: Building, rows: Sequence[Any], told: Callable[[int], Told]) -> None:
    """Name the powers and persons of rows that were just written."""
    if not rows:
        return
    model = type(rows[0])
    for name, column in (("powers", "power"), ("persons", "membership")):
        through = getattr(model, name).through
        own = f"{model._meta.model_name}_id"
        write(
            through,
            (
                through(**{own: row.pk, f"{column}_id": each.pk})
                for number, row in enumerate(rows)
                for each in getattr(told(number), name)
            ),
        )


def linked(through: Any, pairs: Iterable[tuple[int, int]], *names: str) -> None:
    one, other = names
    write(through, (through(**{f"{one}_id": key, f"{other}_id": to}) for key, to in pairs))
