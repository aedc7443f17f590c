"""Territories, their holders and zones, and who may see an entry: read as the rules weigh them, and written.

Only `khitomer.actions.chronicle` and `khitomer.actions.writers` call these, under the campaign's lock.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from khitomer.models import (
    ActivityKind,
    Audience,
    Campaign,
    Entry,
    Holding,
    Power,
    Secret,
    Territory,
    Zone,
)
from khitomer.rules import changes

# Read


def territories(campaign: Campaign) -> dict[str, changes.AddTerritory]:
    """The territories on the map, by slug."""
    return {
        row.slug: changes.AddTerritory(slug=row.slug, name=row.name, note=row.note, canon_key=row.canon_key)
        for row in campaign.territories.all()
    }


def holdings(campaign: Campaign, slugs: Mapping[int, str]) -> dict[str, tuple[changes.Held, ...]]:
    """Who held each territory from when to when, by its slug; `slugs` are those of the powers by key."""
    found = defaultdict(list)
    for row in Holding.objects.filter(territory__campaign=campaign).select_related("territory"):
        found[row.territory.slug].append(
            changes.Held(
                power=slugs[row.power_id] if row.power_id else "",
                entered=row.entered,
                left=row.left,
                note=row.note,
                canon_key=row.canon_key,
            )
        )
    return {slug: tuple(spans) for slug, spans in found.items()}


def zones(campaign: Campaign) -> dict[str, changes.SetUpZone]:
    """The zones that are or were, by slug."""
    return {
        row.slug: changes.SetUpZone(
            slug=row.slug,
            name=row.name,
            note=row.note,
            powers=tuple(sorted(power.slug for power in row.powers.all())),
            established=row.established,
            abolished=row.abolished,
            canon_key=row.canon_key,
        )
        for row in campaign.zones.prefetch_related("powers")
    }


def secrets_told(campaign: Campaign) -> dict[int, dict[str, Any]]:
    """By the key of an entry, to whom secrets on it are open, as `rules.Entry` keeps it."""
    found: dict[int, dict[str, Any]] = {}
    open_to = Secret.objects.filter(entry__campaign=campaign).exclude(audience=Audience.GM)
    for entry, audience, power in open_to.values_list("entry_id", "audience", "powers__slug"):
        told = found.setdefault(entry, {"secret_told": (), "secret_for_all": False})
        if audience == Audience.ALL:
            told["secret_for_all"] = True
        elif power:
            told["secret_told"] = tuple(sorted({*told["secret_told"], power}))
    return found


# Write


def add_territory(campaign: Campaign, change: changes.AddTerritory) -> None:
    Territory.objects.create(
        campaign=campaign,
        slug=change.slug,
        name=change.name,
        note=change.note,
        canon_key=change.canon_key,
    )


def remove_territory(campaign: Campaign, change: changes.RemoveTerritory) -> None:
    campaign.territories.get(slug=change.slug).delete()


def move_territory(campaign: Campaign, change: changes.MoveTerritory) -> None:
    territory = campaign.territories.get(slug=change.territory)
    # The open span first: a territory has one at a time.
    territory.holdings.filter(left=None).update(left=change.on)
    Holding.objects.create(
        territory=territory,
        power=_power(campaign, change.to),
        entered=change.on,
        note=change.note,
        canon_key=change.canon_key,
    )


def return_territory(campaign: Campaign, change: changes.ReturnTerritory) -> None:
    territory = campaign.territories.get(slug=change.territory)
    territory.holdings.get(left=None).delete()
    last = territory.holdings.last()
    if last is not None:
        last.left = None
        last.save(update_fields=["left"])


def _power(campaign: Campaign, slug: str) -> Power | None:
    return campaign.powers.get(slug=slug) if slug else None


def set_up_zone(campaign: Campaign, change: changes.SetUpZone) -> None:
    zone = Zone.objects.create(
        campaign=campaign,
        slug=change.slug,
        name=change.name,
        note=change.note,
        established=change.established,
        abolished=change.abolished,
        canon_key=change.canon_key,
    )
    zone.powers.set(campaign.powers.filter(slug__in=change.powers))


def strike_zone(campaign: Campaign, change: changes.StrikeZone) -> None:
    campaign.zones.get(slug=change.slug).delete()


def abolish_zone(campaign: Campaign, change: changes.AbolishZone) -> None:
    campaign.zones.filter(slug=change.zone).update(abolished=change.on)


def reopen_zone(campaign: Campaign, change: changes.ReopenZone) -> None:
    campaign.zones.filter(slug=change.zone).update(abolished=None)


def disclose_entry(campaign: Campaign, change: changes.DiscloseEntry) -> None:
    entry: Entry = campaign.entries.get(slug=change.entry)
    if entry.audience == Audience.ALL:
        return
    if change.to:
        named = campaign.powers.filter(slug__in=change.to)
        if entry.audience == Audience.POWERS:
            entry.powers.add(*named)
        else:
            entry.powers.set(named)
    else:
        entry.powers.clear()
    entry.audience = Audience.POWERS if change.to else Audience.ALL
    entry.save(update_fields=["audience", "updated_at"])


def close_entry(campaign: Campaign, change: changes.CloseEntry) -> None:
    """Close an entry to those whom a disclosure had told, and take from their activity the way to its page."""
    entry: Entry = campaign.entries.get(slug=change.entry)
    entry.audience = Audience(change.audience)
    entry.save(update_fields=["audience", "updated_at"])
    told = list(campaign.powers.filter(slug__in=change.told))
    entry.powers.set(told)
    if entry.audience == Audience.ALL:
        return
    for row in campaign.activity.filter(kind=ActivityKind.DISCLOSED, path=path_of(entry)):
        kept = told if row.audience == Audience.ALL else [p for p in row.powers.all() if p in told]
        row.audience = Audience.POWERS if kept else Audience.GM
        row.save(update_fields=["audience"])
        row.powers.set(kept)


def path_of(entry: Entry) -> str:
    """Where an entry's page is."""
    return reverse("entry", kwargs={"campaign": entry.campaign.slug, "entry": entry.slug})


WRITERS: Mapping[type[changes.Change], Any] = {
    changes.AddTerritory: add_territory,
    changes.RemoveTerritory: remove_territory,
    changes.MoveTerritory: move_territory,
    changes.ReturnTerritory: return_territory,
    changes.SetUpZone: set_up_zone,
    changes.StrikeZone: strike_zone,
    changes.AbolishZone: abolish_zone,
    changes.ReopenZone: reopen_zone,
    changes.DiscloseEntry: disclose_entry,
    changes.CloseEntry: close_entry,
}
"""The writer of each kind of change that is written here."""
