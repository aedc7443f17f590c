"""The archive: entries in their kinds, with tags, versions and pictures, and the secrets on them."""

from __future__ import annotations

from typing import Any

from benchmarks.big.building import AT_ONCE, Building, Told, address, linked, write
from khitomer.markup import render
from khitomer.models import (
    Alias,
    Audience,
    Entry,
    Secret,
    Tag,
    Version,
)
from khitomer.rules.dates import StoryDate
from tests import factories

KINDS = ("person", "place", "vessel", "organisation", "object", "document", "note", "starbase")


def entries(building: Building, number: int) -> list[Entry]:
    campaign, tell = building.campaign, building.tell
    kinds = [campaign.kinds.get(key=key) for key in KINDS]
    rows = []
    for n in range(number):
        kind = kinds[n % len(kinds)]
        text = f"What is known of station {n}. See [[Station {(n * 7 + 1) % number}]] and [[The other {n // 2}]]."
        values = {"class": f"Class {n}", "built": "2371-04", "commander": f"Station {(n + 8) % number}"}
        rows.append(
            Entry(
                campaign=campaign,
                slug=f"station-{n}",
                name=f"Station {n}",
                kind=kind,
                audience=tell(n).audience,
                text=text,
                text_html=render(text),
                fate="lost" if n % 9 == 8 else "",
                values=values if kind.key == "starbase" else {},
                picture=building.pictures[n % len(building.pictures)]
                if building.pictures and n % 4 == 0
                else None,
                deleted_at=factories.NOW if n % 41 == 40 else None,
                revision=2 if n % 5 == 0 else 1,
            )
        )
    written = write(Entry, rows)
    address(building, written, tell)
    for n, row in enumerate(written):
        row.parent_id = written[n // 12].pk if n else None
    Entry._base_manager.bulk_update(written, ["parent"], batch_size=AT_ONCE)
    write(Alias, (Alias(entry=row, name=f"The other {n}") for n, row in enumerate(written) if n % 3 == 0))
    tags = write(
        Tag, (Tag(campaign=campaign, slug=f"tag-{n}", name=f"Tag {n}") for n in range(max(number // 25, 4)))
    )
    pairs = ((row.pk, tags[n % len(tags)].pk) for n, row in enumerate(written) if n % 2)
    linked(Entry.tags.through, pairs, "entry", "tag")
    write(
        Version,
        (
            Version(
                entry=row,
                revision=revision,
                content=_content(row, f"Station {n}, as it was at first."),
                at=factories.NOW,
                story_date=StoryDate.parse("2378" if revision == 1 else "2379-01"),
            )
            for n, row in enumerate(written)
            if n % 5 == 0
            for revision in (1, 2)
        ),
    )
    return written


def _content(entry: Entry, text: str) -> dict[str, Any]:
    kept = {"aliases": [], "tags": [], "parent": "", "values": entry.values}
    return {"name": entry.name, "kind": entry.kind.key, "text": text, **kept}


def secrets(building: Building, entries: list[Entry], number: int) -> None:
    """Some on entries that everyone knows, some on entries as secret as they; every fifth stands in, every third is
    false; of an entry that is told to some a secret is told to the same."""
    known = [n for n, row in enumerate(entries) if row.audience == Audience.ALL]
    rows, told = [], []
    for n in range(number):
        on = known[n * 2 % len(known)] if n % 4 else n * 5 % len(entries)
        entry = entries[on]
        audience = building.tell(n + n // 7)
        if entry.audience != Audience.ALL:
            audience = building.tell(on) if n % 8 else Told(Audience.GM)
        told.append(audience)
        text = f"What is kept of station {on}, number {n}. Ask [[Station {(n * 3 + 2) % len(entries)}]]."
        rows.append(
            Secret(
                entry=entry,
                text=text,
                text_html=render(text),
                audience=audience.audience,
                false=n % 3 == 0,
                stands_in=n % 5 == 4,
                deleted_at=factories.NOW if n % 37 == 36 else None,
                revision=2 if n % 6 == 0 else 1,
            )
        )
    written = write(Secret, rows)
    address(building, written, told.__getitem__)
    content = {"false": False, "stands_in": False}
    write(
        Version,
        (
            Version(
                entry_id=row.entry_id,
                secret=row,
                revision=revision,
                content={**content, "text": f"Secret {n}, as it was at first."},
                at=factories.NOW,
                story_date=building.campaign.today,
            )
            for n, row in enumerate(written)
            if n % 6 == 0
            for revision in (1, 2)
        ),
    )
