"""The GM's edits to territory and zones, each through the ledger.

`token` names the form that was sent: sent twice, it is one change.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from khitomer.actions import chronicle
from khitomer.models import Campaign, Change, Power, Territory, User, Zone
from khitomer.rules import changes as rules
from khitomer.rules.dates import StoryDate


def _apply(
    campaign: Campaign,
    changes: Iterable[rules.Change] | chronicle.Decide,
    *,
    by: User,
    token: str,
    now: datetime,
    why: str,
) -> list[Change]:
    return chronicle.apply(campaign=campaign, changes=changes, by=by, why=why, source=f"gm:{token}", now=now)


def add_territory(
    *,
    campaign: Campaign,
    slug: str,
    name: str,
    note: str = "",
    holder: Power | None = None,
    since: StoryDate | None = None,
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> Territory:
    """Put a sector or a world on the map, with who holds it, if anybody; without `since`, from before the record."""
    changes: list[rules.Change] = [rules.AddTerritory(slug=slug, name=name, note=note)]
    if holder is not None:
        changes.append(rules.MoveTerritory(territory=slug, to=holder.slug, on=since))
    _apply(campaign, changes, by=by, token=token, now=now, why=why)
    return campaign.territories.get(slug=slug)


def move_territory(
    *,
    campaign: Campaign,
    territory: Territory,
    to: Power | None,
    on: StoryDate | None,
    note: str = "",
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> list[Change]:
    """Let a territory pass to a power, or to nobody (`to` is None), on a date."""
    change = rules.MoveTerritory(territory=territory.slug, to=to.slug if to else "", on=on, note=note)
    return _apply(campaign, [change], by=by, token=token, now=now, why=why)


def remove_territory(
    *, campaign: Campaign, territory: Territory, by: User, token: str, now: datetime, why: str = ""
) -> list[Change]:
    """Take a territory off the map with all that is on record of its holders; the ledger can bring it back."""
    slug = territory.slug

    def decide(state: rules.State) -> Iterator[rules.Change]:
        for span in reversed(state.holdings.get(slug, ())):
            yield rules.ReturnTerritory(territory=slug, to=span.power, on=span.entered)
        yield rules.RemoveTerritory(slug=slug)

    return _apply(campaign, decide, by=by, token=token, now=now, why=why)


def set_up_zone(
    *,
    campaign: Campaign,
    slug: str,
    name: str,
    powers: Iterable[Power],
    established: StoryDate | None = None,
    note: str = "",
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> Zone:
    """Set up a zone between two powers or more; without `established` it was there before the record begins."""
    change = rules.SetUpZone(
        slug=slug,
        name=name,
        note=note,
        powers=tuple(sorted(power.slug for power in powers)),
        established=established,
    )
    _apply(campaign, [change], by=by, token=token, now=now, why=why)
    return campaign.zones.get(slug=slug)


def abolish_zone(
    *, campaign: Campaign, zone: Zone, on: StoryDate, by: User, token: str, now: datetime, why: str = ""
) -> list[Change]:
    """Abolish a zone on a date."""
    return _apply(campaign, [rules.AbolishZone(zone=zone.slug, on=on)], by=by, token=token, now=now, why=why)


def reopen_zone(
    *, campaign: Campaign, zone: Zone, by: User, token: str, now: datetime, why: str = ""
) -> list[Change]:
    """Take an abolition back."""
    return _apply(campaign, [rules.ReopenZone(zone=zone.slug)], by=by, token=token, now=now, why=why)


def strike_zone(
    *, campaign: Campaign, zone: Zone, by: User, token: str, now: datetime, why: str = ""
) -> list[Change]:
    """Strike a zone from the record, as if it had never been."""
    return _apply(campaign, [rules.StrikeZone(slug=zone.slug)], by=by, token=token, now=now, why=why)
