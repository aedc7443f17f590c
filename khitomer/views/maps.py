"""The sector map: as of a day for everyone, and for the GM with everything on it movable."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer.access import Request, gm_required, member_required
from khitomer.actions import maps as actions
from khitomer.charting import Chart, chart
from khitomer.forms.maps import PlacingForm
from khitomer.htmx import page_or_part, redirect_to
from khitomer.views.as_of import as_of


@member_required
def sector_map(request: Request) -> HttpResponse:
    """The map as of the day that is asked for."""
    return map_page(request)


@gm_required
@require_POST
def map_place(request: Request) -> HttpResponse:
    """Put something on the map, move it, or take it off."""
    viewer, off = request.viewer, request.POST.get("do") == "off"
    things = chart(viewer, viewer.campaign.today).things
    form = PlacingForm(request.POST, things=[(each.key, each.name) for each in things], off=off)
    if not form.is_valid():
        return map_page(request, form)
    sort, _, slug = form.cleaned_data["thing"].partition(":")
    given = {
        "campaign": viewer.campaign,
        "sort": sort,
        "slug": slug,
        "by": viewer.user,
        "now": timezone.now(),
    }
    if off:
        actions.take_off(**given)
    else:
        actions.place(**given, x=form.cleaned_data["x"], y=form.cleaned_data["y"])
    if request.htmx:
        return map_page(request)
    messages.success(request, "The map is drawn anew.")
    return redirect_to(request, "map", campaign=viewer.campaign.slug)


def map_page(request: Request, form: PlacingForm | None = None) -> HttpResponse:
    day = as_of(request)
    drawn = chart(request.viewer, day.day)
    context: dict[str, Any] = {
        "here": "map",
        "as_of": day,
        "chart": drawn,
        "form": form or PlacingForm(things=_choices(drawn)),
    }
    status = 422 if form is not None or day.error else 200
    return page_or_part(request, "khitomer/map.html", context, part="sector-map", status=status)


def _choices(drawn: Chart) -> list[tuple[str, str]]:
    return [(each.key, each.name if each.at else f"{each.name} (not on the map)") for each in drawn.things]
