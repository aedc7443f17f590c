"""The campaign's chronicle: its timeline, with canon ahead for the GM, and the events in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer.access import Request, gm_required, member_required
from khitomer.actions import story
from khitomer.drawing import timelines
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.chronicle import EventForm, SettleForm, of_event
from khitomer.htmx import redirect_to
from khitomer.models import Campaign, Event, FutureState
from khitomer.rules import changes as rules
from khitomer.rules.dates import StoryDate, about_stardate
from khitomer.views.posting import apply, form_page, named, sent

MOST_LABELS = 14
"""How many of a campaign's own events the picture names; the list below it names all."""
LOOK_BACK = 8
"""How many years before a campaign's start its own window of the timeline opens."""


@dataclass(frozen=True)
class Window:
    """What the timeline's picture shows: events and wars between two dates. `left_out` are too many to label."""

    events: list[timelines.Event]
    wars: list[timelines.War]
    start: StoryDate
    end: StoryDate
    left_out: int


def window(campaign: Campaign, events: Iterable[Event], *, whole: bool) -> Window:
    """The picture of these events: all of them, or from some years before the campaign's start."""
    shown = list(events)
    earliest = min([campaign.starts, *(event.on for event in shown)])
    start = earliest if whole else max(earliest, campaign.starts.plus_years(-LOOK_BACK))
    latest = max([campaign.today, *(event.until or event.on for event in shown)])
    own = [event for event in shown if not event.canon_key and event.until is None]
    left_out = own[:-MOST_LABELS]
    drawn = [
        timelines.Event(event.on, event.title, own=not event.canon_key, url=url_of(campaign, event))
        for event in shown
        if event.until is None and event not in left_out
    ]
    wars = [timelines.War(event.on, event.until, event.title) for event in shown if event.until]
    return Window(drawn, wars, StoryDate(start.year), latest.plus_years(1), len(left_out))


def url_of(campaign: Campaign, event: Event) -> str:
    return reverse("event", kwargs={"campaign": campaign.slug, "event": event.slug})


@member_required
def timeline(request: Request) -> HttpResponse:
    """What happened, as far as this viewer may know; for the GM, also the canon still ahead."""
    viewer = request.viewer
    shown = viewer.campaign.events.visible_to(viewer).defer("text", "text_html")
    events = list(shown.prefetch_related("powers") if viewer.is_gm else shown)
    own = not all(event.canon_key for event in events)
    whole = request.GET.get("span") == "all" or not own
    futures = list(viewer.campaign.futures.all()) if viewer.is_gm else []
    context = {
        "here": "timeline",
        "events": events[::-1],
        "window": window(viewer.campaign, events, whole=whole),
        "whole": whole,
        "own": own,
        "ahead": [future for future in futures if future.state == FutureState.AHEAD],
        "settled": [future for future in futures if future.state != FutureState.AHEAD],
    }
    return render(request, "khitomer/timeline.html", context)


@member_required
def event(request: Request, event: str) -> HttpResponse:
    """One event, for whoever may know of it."""
    viewer = request.viewer
    seen = viewer.campaign.events.visible_to(viewer)
    found = get_object_or_404(seen.prefetch_related("powers"), slug=event)
    order = list(seen.only("slug", "title", "on"))
    at = next(index for index, each in enumerate(order) if each.pk == found.pk)
    context = {
        "here": "timeline",
        "event": found,
        "stardate": about_stardate(found.on, found.until),
        "before": order[at - 1] if at else None,
        "after": order[at + 1] if at + 1 < len(order) else None,
    }
    return render(request, "khitomer/event.html", context)


@gm_required
def event_new(request: Request) -> HttpResponse:
    """Put an event into the timeline."""
    campaign = request.viewer.campaign
    initial = {"on": campaign.today, "audience": "all"}
    form = EventForm(sent(request), campaign=campaign, initial=initial)
    if form.is_valid():
        try:
            added = story.add_event(
                campaign=campaign,
                **form.fields_of_event(),
                by=request.viewer.user,
                token=form.cleaned_data["token"],
                now=timezone.now(),
                why=form.cleaned_data["why"],
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, f"“{added.title}” is in the timeline.")
            return redirect_to(request, "event", campaign=campaign.slug, event=added.slug)
    return form_page(request, "khitomer/event-form.html", form, here="timeline")


@gm_required
def event_edit(request: Request, event: str) -> HttpResponse:
    """Correct an event, or let others know of it."""
    campaign = request.viewer.campaign
    found = get_object_or_404(campaign.events.visible_to(request.viewer), slug=event)
    form = EventForm(sent(request), campaign=campaign, initial=of_event(found))
    if form.is_valid():
        try:
            apply(request, form, again(found, form))
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, f"“{form.cleaned_data['title']}” is corrected.")
            return redirect_to(request, "event", campaign=campaign.slug, event=found.slug)
    return form_page(request, "khitomer/event-form.html", form, here="timeline", event=found)


@gm_required
@require_POST
def event_strike(request: Request, event: str) -> HttpResponse:
    """Strike an event from the timeline; the ledger can bring it back."""
    campaign = request.viewer.campaign
    found = get_object_or_404(campaign.events.visible_to(request.viewer), slug=event)
    form = SettleForm(named(request.POST))
    if not form.is_valid():
        raise Refused("The reason is too long", allowed="The limit is 300 characters")
    apply(request, form, [rules.StrikeEvent(slug=found.slug)])
    messages.success(request, f"“{found.title}” is struck from the timeline. The ledger can undo it.")
    return redirect_to(request, "timeline", campaign=campaign.slug)


def again(event: Event, form: EventForm) -> list[rules.Change]:
    """The changes that make an event what the form says, under the address that it has."""
    given = form.fields_of_event()
    told = tuple(sorted(power.slug for power in given.pop("told")))
    given["slug"] = event.slug
    return [
        rules.StrikeEvent(slug=event.slug),
        rules.AddEvent(**given, told=told, canon_key=event.canon_key),
    ]
