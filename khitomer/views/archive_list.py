"""The list of the archive: every kind at a glance, or one kind page by page, filtered by name, tag and place."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Prefetch, Q, Window
from django.db.models.functions import Lower, RowNumber
from django.http import QueryDict

from khitomer.access import Request, Viewer
from khitomer.models import Entry, Kind
from khitomer.reading import kinds_for, secrets_read
from khitomer.rules.names import tidy

AT_A_GLANCE = 12
"""Of each kind, where all kinds are shown."""
A_PAGE = 100
MOST_TAGS = 60


@dataclass(frozen=True)
class Group:
    """Entries of one kind: those shown, of how many."""

    kind: Kind
    entries: list[Entry]
    count: int

    @property
    def left(self) -> int:
        return self.count - len(self.entries)


def shelf(request: Request) -> dict[str, Any]:
    """What the list shows. What is asked for and this viewer cannot know of is as good as not asked."""
    viewer, asked = request.viewer, request.GET
    visible = viewer.campaign.entries.visible_to(viewer)
    kinds, tags = list(kinds_for(viewer)), tags_for(viewer)
    kind = next((each for each in kinds if each.key == asked.get("kind", "")), None)
    tag = next((each for each in tags if each.slug == asked.get("tag", "")), None)
    inside = visible.filter(slug=asked["inside"][:80]).first() if asked.get("inside") else None
    name = tidy(asked.get("q", ""))[:80]
    found = visible
    if name:
        found = found.filter(Q(name__icontains=name) | Q(aliases__name__icontains=name)).distinct()
    if tag:
        found = found.filter(tags=tag)
    if inside:
        found = found.filter(parent=inside)
    context = {
        "name": name,
        "kinds": kinds,
        "kind": kind,
        "tags": tags[:MOST_TAGS],
        "tag": tag,
        "inside": inside,
    }
    context |= {
        "narrowed": bool(name or tag or inside),
        "asked": kept_query(name=name, tag=tag, inside=inside),
    }
    if kind:
        page = Paginator(dressed(viewer, found.filter(kind=kind)), A_PAGE).get_page(asked.get("page"))
        entries = list(page)
        groups = [Group(kind, entries, page.paginator.count)] if entries else []
        return context | {"groups": groups, "page": page}
    return context | {"groups": at_a_glance(viewer, kinds, found)}


def at_a_glance(viewer: Viewer, kinds: list[Kind], found: Any) -> list[Group]:
    """The first few of each kind, and how many there are."""
    keys = found.order_by().values("pk")
    counts = dict(
        viewer.campaign.entries.filter(pk__in=keys).order_by().values_list("kind").annotate(Count("pk"))
    )
    place = Window(RowNumber(), partition_by=F("kind"), order_by=[Lower("name"), F("pk")])
    first = viewer.campaign.entries.filter(pk__in=keys).annotate(place=place).filter(place__lte=AT_A_GLANCE)
    entries = list(dressed(viewer, first))
    groups = [
        Group(kind, [entry for entry in entries if entry.kind_id == kind.pk], counts.get(kind.pk, 0))
        for kind in kinds
    ]
    return [group for group in groups if group.count]


def dressed(viewer: Viewer, entries: Any) -> Any:
    """Entries in the order of names, with what stands beside each on the list; their texts are not read."""
    entries = entries.defer("text", "text_html", "values").order_by(Lower("name"), "pk")
    entries = entries.select_related("picture").prefetch_related("tags")
    if not viewer.is_gm:
        return entries
    secrets = Prefetch("secrets", secrets_read(viewer).only("entry"))
    return entries.with_audience().prefetch_related(secrets)


def tags_for(viewer: Viewer) -> list[Any]:
    """The tags of the entries that this viewer may see, each with their `number`."""
    visible = viewer.campaign.entries.visible_to(viewer).order_by().values("pk")
    return list(viewer.campaign.tags.filter(entries__in=visible).annotate(number=Count("entries")))


def kept_query(*, name: str, tag: Any, inside: Any) -> str:
    """The filter as it goes on in links to a kind or a page."""
    query = QueryDict(mutable=True)
    for key, value in (("q", name), ("tag", tag and tag.slug), ("inside", inside and inside.slug)):
        if value:
            query[key] = value
    return f"&{query.urlencode()}" if query else ""
