"""What a viewer reads: whose text it is that an entry shows them, and which entry a name leads them to.

A secret that stands in place of an entry's own text is all that its audience reads there. Whoever shows, searches or
quotes the text of an entry asks here; the text that is not theirs to read is then not so much as selected.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from khitomer.access import Viewer
from khitomer.models import Entry, EntryKind, Secret
from khitomer.rules.names import as_stored, fold


@dataclass(frozen=True)
class Reading:
    """The text of an entry as one viewer reads it: Markdown, and its HTML. `secret` is the one that it came from, or
    None where it is the entry's own."""

    text: str
    html: str
    secret: int | None = None


def texts_for(viewer: Viewer, entries: Iterable[Entry | int]) -> dict[int, Reading]:
    """By its key, what each of these entries (rows or keys) says to this viewer; an entry that they may not see is
    left out. Two queries for all of them, and the second asks for no text that something stands in for.

    The GM reads each entry's own text.
    """
    keys = {entry if isinstance(entry, int) else entry.pk for entry in entries}
    if not keys:
        return {}
    instead = stand_ins(viewer).filter(entry__in=keys)
    found = {
        entry: Reading(text, html, secret)
        for entry, secret, text, html in instead.values_list("entry", "pk", "text", "text_html")
    }
    own = viewer.campaign.entries.visible_to(viewer).filter(pk__in=keys - set(found))
    for key, text, html in own.values_list("pk", "text", "text_html"):
        found[key] = Reading(text, html)
    return found


def stand_ins(viewer: Viewer) -> Any:
    """The secrets that this viewer reads in place of an entry's text, one an entry: the newest that they were told.

    None for the GM, to whom they are secrets like any other.
    """
    if viewer.is_gm:
        return Secret.objects.none()
    told = _told(viewer).filter(stands_in=True)
    newer = told.filter(entry=OuterRef("entry"), pk__gt=OuterRef("pk"))
    return told.exclude(Exists(newer))


def with_own_text(viewer: Viewer, entries: Any) -> Any:
    """Those of a query set of entries whose own text this viewer reads, and not a secret in place of it."""
    if viewer.is_gm:
        return entries
    return entries.exclude(Exists(_told(viewer).filter(stands_in=True, entry=OuterRef("pk"))))


def secrets_of(viewer: Viewer, entry: Entry) -> Any:
    """The secrets that stand below the text of an entry for this viewer: not those that stand in place of it."""
    told = entry.secrets.visible_to(viewer)
    return told if viewer.is_gm else told.filter(stands_in=False)


def secrets_read(viewer: Viewer) -> Any:
    """Every secret of the campaign whose words this viewer reads somewhere, below a text or in place of it."""
    told = _told(viewer)
    return (
        told if viewer.is_gm else told.filter(Q(stands_in=False) | Q(pk__in=stand_ins(viewer).values("pk")))
    )


def _told(viewer: Viewer) -> Any:
    return Secret.objects.filter(entry__campaign=viewer.campaign).visible_to(viewer)


# Kinds


def kinds_for(viewer: Viewer) -> Any:
    """The kinds a viewer may know of: those of every archive, and those of the GM’s own of which they see an entry."""
    kinds = viewer.campaign.kinds.all()
    if viewer.is_gm:
        return kinds
    seen = viewer.campaign.entries.visible_to(viewer).filter(kind=OuterRef("pk"))
    return kinds.filter(Q(key__in=EntryKind.values) | Exists(seen))


# Names


@dataclass(frozen=True)
class Named:
    """An entry that a name leads to."""

    pk: int
    slug: str
    name: str


def named(entries: Any, names: Iterable[str]) -> dict[str, Named]:
    """By the folded name, the entry of a query set that each name leads to; names that lead nowhere are left out.

    One query. An entry's name goes before another's alias, and the older entry before the newer: of two that answer to
    one name each viewer is led to the first that they may see, and nothing tells them of the other.
    """
    wanted = {fold(name) for name in names}
    if not wanted:
        return {}
    written = {form for name in names for form in as_stored(name)}
    rows = (
        entries.annotate(low_name=Lower("name"), low_alias=Lower("aliases__name"))
        .filter(Q(low_name__in=written) | Q(low_alias__in=written))
        .order_by("pk")
        .values_list("pk", "slug", "name", "aliases__name")
    )
    by_name: dict[str, Named] = {}
    by_alias: dict[str, Named] = {}
    for pk, slug, name, alias in rows:
        by_name.setdefault(fold(name), Named(pk, slug, name))
        if alias:
            by_alias.setdefault(fold(alias), Named(pk, slug, name))
    return {key: found for key, found in (by_alias | by_name).items() if key in wanted}
