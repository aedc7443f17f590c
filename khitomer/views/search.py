"""The search: one page, and the part of it that the dialog shows as one types."""

from collections.abc import Sequence
from itertools import groupby

from django.http import HttpResponse

from khitomer.access import Request, member_required
from khitomer.htmx import page_or_part
from khitomer.search.searching import Hit
from khitomer.search.searching import search as found_for

PAGE = 20


@member_required
def search(request: Request) -> HttpResponse:
    """What the viewer may see that has the words they typed; nothing else leaves a trace."""
    typed = request.GET.get("q", "").replace("\x00", " ").strip()[:200]
    label, page = request.GET.get("kind", "")[:20], request.GET.get("page", "1")
    number = min(int(page), 99) if page.isascii() and page.isdigit() and int(page[:4]) else 1
    found = found_for(request.viewer, typed, label=label, first=(number - 1) * PAGE, most=PAGE)
    within = found.counts.get(label, 0) if label else found.total
    context = {
        "here": "search",
        "typed": typed,
        "kind": label,
        "found": found,
        "groups": [
            (name, list(hits)) for name, hits in groupby(by_label(found.hits), lambda hit: hit.source.label)
        ],
        "page": number,
        "more": within > number * PAGE,
    }
    return page_or_part(request, "khitomer/search.html", context, part="search-hits")


def by_label(hits: Sequence[Hit]) -> list[Hit]:
    """The hits of one label together, labels in the order in which each first appears."""
    labels = list(dict.fromkeys(hit.source.label for hit in hits))
    return sorted(hits, key=lambda hit: labels.index(hit.source.label))
