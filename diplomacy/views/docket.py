"""The docket: the numbered list of complaints, narrowed as asked, and the picture of who complains of whom."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from diplomacy import records_docket as records
from diplomacy.models import Complaint
from diplomacy.records_docket import Filters, Outcome, Quarrel
from diplomacy.rules.procedure import CLOSED_STAGES, ComplaintStage
from diplomacy.views import complaint_pages as pages
from khitomer.access import Request, Viewer, member_required

PAGE = 50
"""Complaints on one page of the docket."""


@member_required
@require_safe
def docket(request: Request) -> HttpResponse:
    viewer = request.viewer
    drafts = pages.drafts_for(viewer)
    listed = _listed(viewer).exclude(pk__in=[row.pk for row in drafts])
    filters = records.filters_of(request.GET)
    options = records.options_of(listed)
    page = Paginator(records.narrow(listed, filters), PAGE).get_page(request.GET.get("page"))
    rows = pages.docket_rows(page.object_list)
    context = {
        "here": "docket",
        "filters": filters,
        "show": filters.show,
        "shows": [(each, label, filters.query(show=each)) for each, label in _SHOWS],
        "options": options,
        "strays": records.strays(filters, options),
        "rows": rows,
        "page": page,
        "later": filters.query(page=page.number - 1),
        "earlier": filters.query(page=page.number + 1),
        "any_closed": not rows and listed.at(*CLOSED_STAGES).exists(),
        "drafts": drafts,
        "withheld": _withheld(viewer, filters),
        "may_file": viewer.power is not None or viewer.is_gm,
        "token": uuid.uuid4(),
    }
    return render(request, "diplomacy/docket.html", context)


_SHOWS = (("open", "Open"), ("closed", "Closed"), ("all", "All"))


@member_required
@require_safe
def docket_picture(request: Request) -> HttpResponse:
    """Who complains of whom, drawn, and as the table behind the drawing."""
    found = records.quarrels_of(_listed(request.viewer).with_parties())
    lines = [_line(request.viewer, pair) for pair in found.pairs]
    context = {
        "here": "docket",
        "quarrels": found,
        "lines": lines,
        "powers": [(each.slug, each.name, each.short, each.colour) for each in found.powers],
        "pairs": [line["pair"] for line in lines],
        "fills": FILLS,
        "outcomes": [(outcome.value.capitalize(), FILLS[outcome]) for outcome in Outcome],
    }
    return render(request, "diplomacy/docket-picture.html", context)


FILLS = {
    Outcome.OPEN: "#d9a441",
    Outcome.BREACH: "#c4513f",
    Outcome.NO_BREACH: "#5a9a55",
    Outcome.SETTLED: "#5b93c4",
    Outcome.ENDED: "#8d93a1",
}
"""The colours of the picture, on either ground."""


def _listed(viewer: Viewer) -> QuerySet[Complaint]:
    return viewer.campaign.complaints.visible_to(viewer).docketed()


def _withheld(viewer: Viewer, filters: Filters) -> list[tuple[int, bool]]:
    """The numbers whose texts are not public now, each with whether it was filed again and waits to be docketed.

    Said where the docket is not narrowed, so that they tell nothing of what was asked.
    """
    if filters.narrowed or filters.show == "closed":
        return []
    rows = viewer.campaign.complaints.withheld_from(viewer)
    again = ComplaintStage.FILED.value
    return [(number, stage == again) for number, stage in rows.values_list("number", "stage")]


def _line(viewer: Viewer, pair: Quarrel) -> dict[str, Any]:
    """One pair for the table and for the drawing."""
    told = [f"{number} {outcome.value}" for outcome, number in pair.counts if number]
    of = f"{pair.total} complaint{'' if pair.total == 1 else 's'}"
    asked = Filters(show="all", by=pair.complainant.slug, against=pair.respondent.slug)
    url = f"{reverse('docket', kwargs={'campaign': viewer.campaign.slug})}?{asked.query()}"
    said = f"{pair.complainant} of {pair.respondent}: {of}, {', '.join(told)}"
    drawn = (pair.complainant.slug, pair.respondent.slug, pair.counts, said, url)
    return {"quarrel": pair, "url": url, "pair": drawn}
