"""The page of an entry: everything that one viewer may know of it, and nothing else."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from khitomer.access import Request, Viewer
from khitomer.forms.archive import FateForm
from khitomer.models import Entry
from khitomer.reading import secrets_of, texts_for
from khitomer.reading_backlinks import backlinks
from khitomer.rules.dates import StoryDate
from khitomer.rules.kinds import Sort, read_fields
from khitomer.rules.names import fold
from khitomer.views.entry_day import asked_of
from khitomer.views.in_canon import in_canon
from khitomer.views.linking import addresses_of, linked

PARTS = 24
"""How many of its parts a page names."""


@dataclass(frozen=True)
class Fact:
    """What an entry answers: the question, the words, and an address where they name an entry this viewer may see."""

    label: str
    words: str
    address: str = ""


def entry_page(request: Request, entry: Entry, fate: FateForm) -> HttpResponse:
    viewer = request.viewer
    secrets = secrets_of(viewer, entry)
    if viewer.is_gm:  # who else knows is the GM's to see
        secrets = secrets.with_audience()
    shown, aliases = list(secrets), [alias.name for alias in entry.aliases.all()]
    reading = texts_for(viewer, [entry])[entry.pk]
    day = asked_of(request, entry, reading.html)
    text, *told = linked(viewer, [day.text_html, *(secret.text_html for secret in shown)])
    parts = list(entry.parts.visible_to(viewer).only("name", "slug", "parent").order_by("name")[: PARTS + 1])
    context = {
        "here": "archive",
        "day": day,
        "entry": entry,
        "text": text,
        "in_canon": in_canon(entry.canon_key) if viewer.is_gm and not reading.html else "",
        "secrets": list(zip(shown, told, strict=True)),
        "aliases": aliases,
        "tags": list(entry.tags.all()),
        "above": above(viewer, entry),
        "facts": facts_of(viewer, entry),
        "parts": parts[:PARTS],
        "more_parts": len(parts) > PARTS,
        "backlinks": backlinks(viewer, entry, [entry.name, *aliases]),
        "fate": fate,
        "rings": list(viewer.campaign.powers.values("slug", "name")),
    }
    status = 422 if fate.is_bound or day.error else 200
    return render(request, "khitomer/entry.html", context, status=status)


def above(viewer: Viewer, entry: Entry) -> list[Entry]:
    """What an entry is inside, the outermost first, as far up as this viewer may see."""
    found: list[Entry] = []
    below = entry
    while below.parent_id and below.parent_id not in [each.pk for each in found]:
        visible = viewer.campaign.entries.visible_to(viewer).only("name", "slug", "parent")
        holder = visible.filter(pk=below.parent_id).first()
        if holder is None:
            break
        found.append(holder)
        below = holder
    return found[::-1]


def facts_of(viewer: Viewer, entry: Entry) -> list[Fact]:
    """What an entry answers to the questions of its kind."""
    answered: list[Any] = [
        (field, entry.values[field.key])
        for field in read_fields(entry.kind.fields)
        if entry.values.get(field.key)
    ]
    addresses = addresses_of(viewer, {text for field, text in answered if field.sort == Sort.ENTRY})
    facts = []
    for field, text in answered:
        match field.sort:
            case Sort.DATE:
                facts.append(Fact(field.label, in_words(text)))
            case Sort.YES:
                facts.append(Fact(field.label, "Yes"))
            case Sort.ENTRY:
                facts.append(Fact(field.label, text, addresses.get(fold(text), "")))
            case _:
                facts.append(Fact(field.label, text))
    return facts


def in_words(date: str) -> str:
    """A date as it is read; what an entry answered while it was of another kind may be none, and stands as it is."""
    try:
        return StoryDate.parse(date).words()
    except ValueError:
        return date
