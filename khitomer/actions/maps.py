"""Where things are drawn on the sector map. A drawing and not state of the story, so none of it is in the ledger."""

from datetime import datetime

from django.db import transaction

from khitomer.actions.locks import lock
from khitomer.errors import Refused
from khitomer.models import Campaign, MapPosition, User


def place(
    *, campaign: Campaign, sort: str, slug: str, x: int, y: int, by: User, now: datetime
) -> MapPosition:
    """Draw a power's own space, a territory or a place of the archive here: in thousandths of width and height."""
    if not (0 <= x <= 1000 and 0 <= y <= 1000):
        raise Refused("That is off the map", field="x", allowed="Both numbers go from 0 to 1000")
    with transaction.atomic():
        lock(campaign)
        row, _ = MapPosition.objects.update_or_create(
            campaign=campaign, sort=sort, slug=slug, defaults={"x": x, "y": y, "hidden": False}
        )
    return row


def take_off(*, campaign: Campaign, sort: str, slug: str, by: User, now: datetime) -> None:
    """Take something off the map, also what would stand there by default; where it stood is kept."""
    with transaction.atomic():
        lock(campaign)
        MapPosition.objects.update_or_create(
            campaign=campaign,
            sort=sort,
            slug=slug,
            defaults={"hidden": True},
            create_defaults={"hidden": True, "x": 500, "y": 500},
        )
