"""One thing done to many entries of the archive, by the GM: all of it, or none and the reasons."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from khitomer.access import Request, gm_required
from khitomer.actions import bulk as actions
from khitomer.actions import meanwhile
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.bulk import BulkFilter, BulkForm, Deed
from khitomer.forms.fields import as_key
from khitomer.htmx import redirect_to
from khitomer.views.posting import sent

ON_A_PAGE = 50


@gm_required
def archive_bulk(request: Request) -> HttpResponse:
    viewer = request.viewer
    campaign, entries = viewer.campaign, viewer.campaign.entries.visible_to(viewer)
    filtered = BulkFilter(request.GET, campaign=campaign)
    listed = filtered.of(entries)
    keys = sorted(listed.values_list("pk", flat=True))
    form = BulkForm(sent(request), campaign=campaign, entries=entries)
    ticked, refusals = ticks(request, keys, entries), []
    if request.method == "POST" and chosen_well(request, keys, ticked, form):
        try:
            return done(request, form, ticked)
        except actions.SomeRefused as some:
            form.add_error(None, str(some))
            refusals = some.refusals
        except Refused as refused:
            refuse(form, refused)
    context = page_of(request, listed, filtered) | {"form": form, "ticked": ticked, "refusals": refusals}
    context["listed"] = meanwhile.digest(keys)
    return render(request, "khitomer/archive/bulk-page.html", context, status=422 if form.is_bound else 200)


def ticks(request: Request, listed: list[int], entries: Any) -> set[int]:
    """The keys of what was chosen: all that the filter lets through, or those ticked."""
    if request.POST.get("everything"):
        return set(listed)
    keys = {key for each in request.POST.getlist("entry")[:1000] if (key := as_key(each))}
    return set(entries.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()


def chosen_well(request: Request, listed: list[int], ticked: set[int], form: BulkForm) -> bool:
    """Whether the form will do. All of a list is done as the GM saw it, without what came under the filter since."""
    if request.POST.get("everything") and request.POST.get("listed") != meanwhile.digest(listed):
        pages = f"{len(listed)} page{'' if len(listed) == 1 else 's'}"
        form.add_error(None, f"The list is another meanwhile, of {pages}: look at it, then press again.")
    elif form.is_valid() and not ticked:
        form.add_error(None, "No page is chosen: tick some of the list, or all of it.")
    return form.is_valid()


def done(request: Request, form: BulkForm, ticked: set[int]) -> HttpResponse:
    campaign = request.viewer.campaign
    number = actions.to_many(
        campaign=campaign, entries=ticked, act=form.act(), by=request.viewer.user, now=timezone.now()
    )
    did = Deed(form.cleaned_data["do"])
    messages.success(request, f"{did.label}: done with {number} page{'' if number == 1 else 's'}.")
    if did == Deed.BIN:
        return redirect_to(request, "bin", campaign=campaign.slug)
    address = reverse("archive-bulk", kwargs={"campaign": campaign.slug})
    return redirect_to(request, f"{address}?{request.GET.urlencode()}" if request.GET else address)


def page_of(request: Request, listed: Any, filtered: BulkFilter) -> dict[str, Any]:
    rows = listed.defer("text", "text_html").select_related("kind", "parent").prefetch_related("tags")
    page = Paginator(rows.with_audience(), ON_A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    return {
        "here": "archive",
        "page": page,
        "number": page.paginator.count,
        "filter": filtered,
        "asked": asked.urlencode(),
        "everything": bool(request.POST.get("everything")),
    }
