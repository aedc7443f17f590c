"""The bin: what was thrown away is gone from every page at once, and can be taken out again for thirty days.

Who may see it is kept as it was, and so is the record of who was shown it. What is past keeping is deleted for good
whenever the server starts, and whenever somebody does something in the bin.
"""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from khitomer.actions import disclosures, pictures
from khitomer.actions.locks import lock
from khitomer.errors import Refused
from khitomer.models import DAYS_IN_BIN, Campaign, Disclosure, Entry, Handout, Secret, User

Binned = Entry | Secret
"""What can be thrown away."""


def throw_away(*, thing: Binned, by: User, now: datetime, heard: set[disclosures.Told] | None = None) -> bool:
    """Put an entry, with all that is kept on it, or one secret into the bin; gives whether it was not there already.

    `heard`, where many are thrown away together, are the audiences whose open pages look again already.
    """
    with transaction.atomic():
        lock(disclosures.campaign_of(thing))
        row = _again(thing)
        if row is None or row.deleted_at is not None:
            return False
        row.deleted_at, row.deleted_by = now, by
        row.save(update_fields=["deleted_at", "deleted_by"])
        disclosures.look_again(row, now=now, heard=heard)
        _leave_no_way(row)
    return True


def take_out(*, thing: Binned, by: User, now: datetime) -> None:
    """Take something out of the bin again, for whoever could see it before.

    `Refused` for a secret whose entry lies in the bin, or is not open any more to all who knew the secret.
    """
    with transaction.atomic():
        lock(disclosures.campaign_of(thing))
        row = _in_bin(thing)
        if isinstance(row, Secret):
            if row.entry.deleted_at is not None:
                raise Refused(
                    f"The page of {row.entry} lies in the bin itself", allowed="Take the page out first"
                )
            disclosures.check(row, disclosures.told_of(row))
        row.deleted_at, row.deleted_by = None, None
        row.save(update_fields=["deleted_at", "deleted_by"])
        disclosures.look_again(row, now=now)


def delete(*, thing: Binned, by: User, now: datetime) -> None:
    """Delete for good what lies in the bin, with its versions and all that is kept on it."""
    with transaction.atomic():
        lock(disclosures.campaign_of(thing))
        _in_bin(thing).delete()


def empty_old(now: datetime) -> int:
    """Delete for good whatever has lain in a bin for longer than it is kept; gives how many things that were."""
    with transaction.atomic():
        number = 0
        for kind in (Secret, Entry, Handout):
            rows = kind._default_manager.past_keeping(now)
            number += len(keys := list(rows.values_list("pk", flat=True)))
            kind._default_manager.filter(pk__in=keys, deleted_at__isnull=False).delete()
        for campaign in Campaign._default_manager.filter(pictures__isnull=False).distinct() if number else ():
            pictures.remove_unused(campaign=campaign)
    return number


def days_left(thing: Binned, now: datetime) -> int:
    """For how many more days, today's counted as one, a thing in the bin can be taken out."""
    if thing.deleted_at is None:
        raise ValueError("It does not lie in the bin.")
    left = thing.deleted_at + timedelta(days=DAYS_IN_BIN) - now
    return max(ceil(left / timedelta(days=1)), 0)


def in_bin(campaign: Campaign) -> list[Any]:
    """What lies in a campaign's bin, the latest first: entries, and secrets thrown away by themselves."""
    entries = campaign.entries.in_bin().defer("text", "text_html")
    secrets = Secret.objects.filter(entry__campaign=campaign).in_bin()
    things = [*entries.select_related("deleted_by", "kind"), *secrets.select_related("deleted_by", "entry")]
    return sorted(things, key=lambda thing: thing.deleted_at, reverse=True)


def secrets_not_in_bin() -> Any:
    """The secrets of entries, for a list of them, without what was thrown away."""
    return Prefetch("secrets", Secret.objects.filter(deleted_at=None))


def _again(thing: Binned) -> Any:
    return type(thing)._default_manager.filter(pk=thing.pk).first()


def _in_bin(thing: Binned) -> Any:
    row = _again(thing)
    if row is None or row.deleted_at is None:
        raise Refused("It does not lie in the bin any more", allowed="Look at the bin again")
    return row


def _leave_no_way(row: Binned) -> None:
    """Among the latest nobody but the GM finds that there was anything."""
    campaign, nobody = disclosures.campaign_of(row), disclosures.Told()
    if isinstance(row, Entry):
        disclosures.narrow_activity(campaign, row, nobody)
        campaign.activity.filter(path=disclosures.path_of(row)).update(
            path=""
        )  # it would lead the GM nowhere
        return
    # A secret's way leads to its entry: of those, what was told at the very moment of telling the secret.
    at = set(Disclosure.objects.of(row).values_list("at", flat=True))
    at -= set(Disclosure.objects.of(row.entry).values_list("at", flat=True))
    disclosures.narrow_activity(campaign, row, nobody, at=at)
