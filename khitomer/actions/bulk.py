"""One thing done to many entries: to all of them, or to none."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from khitomer.actions import bin, disclosures, labels, versions
from khitomer.actions.disclosures import Told
from khitomer.actions.locks import lock
from khitomer.errors import Refused
from khitomer.models import Campaign, Entry, Kind, Tag, User

Act = Callable[[Entry, User, datetime], object]
"""What is done to each entry, under the campaign's lock."""


class SomeRefused(Refused):
    """Nothing was done, for some of the entries would not have it. `refusals` names each and why."""

    def __init__(self, refusals: list[tuple[Entry, Refused]]) -> None:
        number = len(refusals)
        super().__init__(
            f"Nothing was done: {number} {'page refuses' if number == 1 else 'pages refuse'} it",
            allowed="Mend them, or take them out of the choice",
        )
        self.refusals = refusals


def to_many(*, campaign: Campaign, entries: Iterable[int], act: Act, by: User, now: datetime) -> int:
    """Do this to the entries of these keys; gives how many they are. `SomeRefused` when any of them refuses, and then
    nothing was done. What was thrown away meanwhile is passed over."""
    refusals: list[tuple[Entry, Refused]] = []
    with transaction.atomic():
        lock(campaign)
        rows = list(campaign.entries.filter(pk__in=list(entries), deleted_at=None))
        for row in rows:
            try:
                with transaction.atomic():
                    act(row, by, now)
            except Refused as refused:
                refusals.append((row, refused))
        if refusals:
            raise SomeRefused(refusals)
    return len(rows)


def set_kind(kind: Kind) -> Act:
    def act(row: Entry, by: User, now: datetime) -> None:
        with versions.versioned(row, by=by, now=now):
            row.kind = kind
            row.save(update_fields=["kind", "updated_at"])

    return act


def add_tag(name: str) -> Act:
    def act(row: Entry, by: User, now: datetime) -> None:
        with versions.versioned(row, by=by, now=now):
            row.tags.add(labels.tag_named(row.campaign, name))

    return act


def remove_tag(tag: Tag) -> Act:
    def act(row: Entry, by: User, now: datetime) -> None:
        with versions.versioned(row, by=by, now=now):
            row.tags.remove(tag)

    return act


def set_parent(parent: Entry | None) -> Act:
    """Make entries part of another, or (of None) of nothing."""

    def act(row: Entry, by: User, now: datetime) -> None:
        labels.check_parent(row, parent, row.campaign)
        with versions.versioned(row, by=by, now=now):
            row.parent = parent
            row.save(update_fields=["parent", "updated_at"])

    return act


def set_audience(told: Told) -> Act:
    def act(row: Entry, by: User, now: datetime) -> None:
        disclosures.set_audience(thing=row, to=told, by=by, now=now)

    return act


def throw_away() -> Act:
    heard: set[Told] = set()

    def act(row: Entry, by: User, now: datetime) -> None:
        bin.throw_away(thing=row, by=by, now=now, heard=heard)

    return act
