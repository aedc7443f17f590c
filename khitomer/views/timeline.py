"""The campaign's timeline: canon, and the branch that leaves it; and for the GM where and why it left."""

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from khitomer import records
from khitomer.access import Request, Viewer, gm_required, member_required
from khitomer.actions import chronicle
from khitomer.forms.campaigns import form_token
from khitomer.forms.chronicle import TimelineForm
from khitomer.models import Future, FutureState
from khitomer.rules import divergence as rules
from khitomer.rules.dates import StoryDate
from khitomer.rules.divergence import Divergence, Status
from khitomer.views import timeline_parts as parts

PAGE = 100


@member_required
def timeline(request: Request) -> HttpResponse:
    """What happened, as far as this viewer may know; for the GM, also what became of canon and what is ahead."""
    viewer = request.viewer
    form = TimelineForm(request.GET or None, statuses=statuses_for(viewer))
    asked = form.cleaned_data if form.is_valid() else {}
    on = asked.get("on")
    seen = viewer.campaign.events.visible_to(viewer)
    shown = seen.filter(on__lte=on.last.isoformat()) if on else seen
    marks = parts.marks_of(shown)
    found = until(comparison(viewer, shown), on)
    waiting = list(viewer.campaign.futures.defer("changes")) if viewer.is_gm else []
    futures = {future.canon_key: future.pk for future in waiting}
    lines = parts.lines_of(viewer.campaign, marks, found, futures)
    page = Paginator([line for line in lines if wanted(line, asked)], PAGE).get_page(request.GET.get("page"))
    own = found.point is not None or any(not mark.canon_key for mark in marks)
    whole = request.GET.get("span") == "all" or not own
    now = on or viewer.campaign.today
    context = {
        "here": "timeline",
        "form": form,
        "narrowed": any(asked.values()),
        "query": query_of(request),
        "page": page,
        "lines": with_audiences(viewer, page.object_list),
        "window": parts.window(viewer.campaign, marks, found, futures, now=now, whole=whole),
        "drawn": bool(marks or found.events),
        "now": now,
        "whole": whole,
        "own": own,
        "token": form_token,
    }
    context |= for_gm(viewer, found, waiting) if viewer.is_gm else {}
    return render(request, "khitomer/timeline.html", context)


@gm_required
def divergence(request: Request) -> HttpResponse:
    """Canon beside the campaign, event by event: what became of it, and what can no longer come about, and why."""
    campaign = request.viewer.campaign
    found = records.compared(campaign, state=chronicle.load_state(campaign))
    futures = dict(campaign.futures.values_list("canon_key", "pk"))
    lines = [(each, parts.canon_url(campaign, each.key, futures)) for each in found.events]
    lapsed = [(each, parts.canon_url(campaign, each.key, futures)) for each in found.lapsed]
    context = {
        "here": "timeline",
        "found": found,
        "lines": lines,
        "lapsed": lapsed,
        "counts": [(status, sum(each.status is status for each in found.events)) for status in Status],
        "colours": parts.COLOURS,
    }
    return render(request, "khitomer/divergence.html", context)


def statuses_for(viewer: Viewer) -> list[str]:
    """What one may ask to see of canon: that some is ahead, or will never be, is the GM's to know."""
    known = list(Status) if viewer.is_gm else [Status.AS_IN_CANON, Status.ALTERED]
    return [status.value for status in known]


def comparison(viewer: Viewer, shown: Any) -> Divergence:
    """Canon and campaign compared; for a player only the events of canon that they see, each beside the open record."""
    if viewer.is_gm:
        return records.compared(viewer.campaign)
    told = {event.canon_key: event for event in records.told(shown.exclude(canon_key=""))}
    found = []
    for recorded in records.record():
        if recorded.key in told:
            ours = told[recorded.key]
            differs = rules.differences(recorded.event, ours, end_ahead=True)
            status = Status.ALTERED if differs else Status.AS_IN_CANON
            found.append(rules.Compared(recorded=recorded, status=status, told=ours, differs=differs))
    return Divergence(tuple(found))


def until(found: Divergence, on: StoryDate | None) -> Divergence:
    """The comparison as far as a date."""
    if on is None:
        return found
    events = tuple(each for each in found.events if each.on.first <= on.last)
    return replace(found, events=events)


def wanted(line: parts.Line, asked: dict[str, Any]) -> bool:
    """Whether a line is among what was asked for."""
    if asked.get("status") and (line.status is None or line.status.value != asked["status"]):
        return False
    return not asked.get("show") or line.canon == (asked["show"] == "canon")


def with_audiences(viewer: Viewer, lines: list[parts.Line]) -> list[tuple[parts.Line, Any]]:
    """Each line, for the GM with its event, to say who knows of it."""
    if not viewer.is_gm:
        return [(line, None) for line in lines]
    seen = viewer.campaign.events.visible_to(viewer).filter(pk__in=[line.pk for line in lines])
    rows = {row.pk: row for row in seen.only("audience", "slug", "title", "campaign_id").with_audience()}
    return [(line, rows.get(line.pk)) for line in lines]


def query_of(request: Request) -> str:
    """What was asked for, for the links to other pages of it."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"{query.urlencode()}&" if query else ""


def for_gm(viewer: Viewer, found: Divergence, waiting: list[Future]) -> dict[str, Any]:
    """What only the GM reads beside the list: where canon was left, what lapsed with it, and what comes next."""
    futures = {future.canon_key: future.pk for future in waiting}
    lapsed = [(each, parts.canon_url(viewer.campaign, each.key, futures)) for each in found.lapsed]
    ahead = [future for future in waiting if future.state == FutureState.AHEAD]
    events = {recorded.key for recorded in records.record()}
    return {
        "point": found.point,
        "lapsed": lapsed,
        "ahead": ahead,
        "besides": sum(future.canon_key not in events for future in ahead),
        "compared": bool(found.events),
    }
