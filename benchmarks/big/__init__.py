"""A large campaign in which every sort of thing is kept from somebody: for benchmarks, query counts, and the audit.

    python manage.py shell -c "from benchmarks.big import build; build(2000, 1000)"

writes one into the database at hand. Nothing in it is random: the same numbers give the same campaign.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from benchmarks.big import archive, docket, evenings, following, story
from benchmarks.big.building import founded
from khitomer.models import Campaign, User
from tests import factories

__all__ = ["build"]


def build(
    entries: int = 2000,
    secrets: int = 1000,
    *,
    slug: str = "big",
    cast: Sequence[User] | None = None,
    sessions: int = 6,
    pictures: int = 20,
    others: int | None = None,
) -> Campaign:
    """Write a campaign of that many entries and secrets; of each other sort there are `others`, a tenth of the entries;
    of clocks, at most sixty.

    `cast` are its people, made anew unless they are given: GM, co-GM, three players and an observer.
    """
    each = max(entries // 10, 7) if others is None else others
    with transaction.atomic():
        building = founded(slug, cast)
        building.pictures = [
            factories.make_picture(building.campaign, alt=f"Picture {n}") for n in range(pictures)
        ]
        evenings.evenings(building, sessions)
        written = archive.entries(building, entries)
        archive.secrets(building, written, secrets)
        story.events(building, each)
        story.clocks(building, min(each, 60))
        story.handouts(building, each)
        evenings.nights(building, written, each)
        story.tools(building, written, each)
        docket.docket(building)
        story.ledger(building, written)
        following.mentions(building)
        following.disclosed(building)
    return building.campaign
