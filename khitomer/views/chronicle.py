"""The events of the campaign's chronicle: reading one, adding, correcting and striking it."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer import records
from khitomer.access import Request, gm_required, member_required
from khitomer.actions import chronicle, disclosures, story
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.chronicle import EventForm, SettleForm, of_event
from khitomer.htmx import redirect_to
from khitomer.models import Event
from khitomer.rules import changes as rules
from khitomer.rules import divergence
from khitomer.rules.dates import about_stardate
from khitomer.views.linking import linked
from khitomer.views.posting import apply, form_page, made, named, sent


@member_required
def event(request: Request, event: str) -> HttpResponse:
    """One event, for whoever may know of it."""
    viewer = request.viewer
    seen = viewer.campaign.events.visible_to(viewer)
    found = get_object_or_404(seen.with_audience(), slug=event)
    before, after = around(seen.only("slug", "title", "on", "campaign_id"), found)
    context = {
        "here": "timeline",
        "event": found,
        "text": linked(viewer, [found.text_html])[0],
        "stardate": about_stardate(found.on, found.until),
        "differs": differs(found),
        "before": before,
        "after": after,
    }
    return render(request, "khitomer/event.html", context)


def around(seen: Any, event: Event) -> tuple[Event | None, Event | None]:
    """The events before and after this one among those seen."""
    earlier = Q(on__lt=event.on) | Q(on=event.on, pk__lt=event.pk)
    later = Q(on__gt=event.on) | Q(on=event.on, pk__gt=event.pk)
    return seen.filter(earlier).order_by("-on", "-pk").first(), seen.filter(later).order_by(
        "on", "pk"
    ).first()


def differs(event: Event) -> tuple[str, ...]:
    """How an event of canon differs from the record, for whoever reads it: the record is open to all."""
    recorded = next((each.event for each in records.record() if each.key == event.canon_key), None)
    if recorded is None:
        return ()
    return divergence.differences(recorded, records.told([event])[0], end_ahead=True)


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
            corrected(request, found, form)
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


def corrected(request: Request, event: Event, form: EventForm) -> None:
    """Make an event what the form says, under the address that it has: amendments, and who may know of it."""
    given = form.fields_of_event()
    to = disclosures.to_whom(
        campaign=event.campaign,
        audience=given["audience"],
        powers=given["told"],
        persons=given["persons"],
    )
    with transaction.atomic():
        chronicle.amend(
            campaign=event.campaign,
            subject="event",
            key=event.slug,
            values={name: given[name] for name in ("title", "on", "until", "text")},
            **made(request, form),
        )
        disclosures.set_audience(thing=event, to=to, by=request.viewer.user, now=timezone.now())
