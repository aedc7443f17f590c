"""Who is at the table: whose pages are open."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from khitomer.models import Membership

NOTED_EVERY = timedelta(seconds=10)
AWAY_AFTER = timedelta(seconds=25)
"""From page to page takes less."""


def note(members: Collection[int], now: datetime) -> None:
    """Set down that these members have a page open, unless that was done a moment ago."""
    if members:
        stale = Q(seen_at=None) | Q(seen_at__lt=now - NOTED_EVERY)
        due = list(Membership.objects.filter(stale, pk__in=members).values_list("pk", flat=True))
        if due:
            Membership.objects.filter(pk__in=due).update(seen_at=now)


def at_tables(campaigns: Collection[int], now: datetime) -> dict[int, frozenset[int]]:
    """Of each of these campaigns, the members who are at the table."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Membership.objects.filter(campaign__in=campaigns, seen_at__gte=now - AWAY_AFTER)
    for campaign, member in rows.values_list("campaign", "pk"):
        found[campaign].add(member)
    return {campaign: frozenset(found[campaign]) for campaign in campaigns}
