"""The docket: the numbered list of complaints."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from diplomacy.rules.procedure import CLOSED_STAGES
from diplomacy.views import complaint_pages as pages
from khitomer.access import Request, member_required

PAGE = 50
"""Complaints on one page of the docket."""


@member_required
@require_safe
def docket(request: Request) -> HttpResponse:
    viewer = request.viewer
    show = request.GET.get("show", "open")
    drafts = pages.drafts_for(viewer)
    listed = (
        viewer.campaign.complaints.visible_to(viewer).docketed().exclude(pk__in=[row.pk for row in drafts])
    )
    chosen = {"closed": listed.at(*CLOSED_STAGES), "all": listed}.get(show, listed.open())
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    rows = pages.docket_rows(page.object_list)
    context = {
        "here": "docket",
        "show": show if show in ("closed", "all") else "open",
        "rows": rows,
        "page": page,
        "any_closed": not rows and listed.at(*CLOSED_STAGES).exists(),
        "drafts": drafts,
        "withheld": viewer.campaign.complaints.withheld_from(viewer).values_list("number", flat=True),
        "may_file": viewer.power is not None or viewer.is_gm,
        "token": uuid.uuid4(),
    }
    return render(request, "diplomacy/docket.html", context)
