"""Territories, their holders and zones, and who may see an entry: read as the rules weigh them, and written.

Only `khitomer.actions.chronicle` and `khitomer.actions.writers` call these, under the campaign's lock.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from khitomer.models import (
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
    open_to = (
        Secret.objects.filter(entry__campaign=campaign, deleted_at=None)
        .exclude(audience=Audience.GM)
        .select_related("entry")  # fetched apart, more than a thousand entries are too many for SQLite
        .defer("text", "text_html", "entry__text", "entry__text_html", "entry__values")
        .prefetch_related("powers", "persons__power", "entry__persons")
    )
    for secret in open_to:
        told = found.setdefault(secret.entry_id, {"secret_told": (), "secret_for_all": False})
        # A person who was not told of the entry itself sees it as their power does, or as everyone does.
        through = set(secret.persons.all()) - set(secret.entry.persons.all())
        powers = {*secret.powers.all(), *(person.power for person in through if person.power)}
        if secret.audience == Audience.ALL or any(person.power is None for person in through):
            told["secret_for_all"] = True
        if secret.audience == Audience.POWERS:
            told["secret_told"] = tuple(sorted({*told["secret_told"], *(power.slug for power in powers)}))
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
    """Close an entry to those whom a disclosure had told; whom it names as persons, it stays open to."""
    entry: Entry = campaign.entries.get(slug=change.entry)
    named = entry.audience == Audience.POWERS and entry.persons.exists()
    entry.audience = Audience.POWERS if named and change.audience == "gm" else Audience(change.audience)
    entry.save(update_fields=["audience", "updated_at"])
    told = list(campaign.powers.filter(slug__in=change.told))
    entry.powers.set(told)


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
