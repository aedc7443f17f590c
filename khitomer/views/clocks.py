"""The campaign's clocks: the list, setting one up, amending it, and its ticks."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer.access import Request, gm_required, member_required
from khitomer.actions import story
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.campaigns import form_token
from khitomer.forms.chronicle import ClockForm, SettleForm, TickForm
from khitomer.htmx import redirect_to
from khitomer.models import Clock
from khitomer.rules import changes as rules
from khitomer.views.posting import apply, form_page, named, returned, sent


@member_required
def clocks(request: Request) -> HttpResponse:
    """The clocks that this viewer may see."""
    viewer = request.viewer
    shown = viewer.campaign.clocks.visible_to(viewer)
    if viewer.is_gm:
        shown = shown.prefetch_related("powers")
    return render(request, "khitomer/clocks.html", {"here": "clocks", "clocks": shown, "token": form_token})


@gm_required
def clock_new(request: Request) -> HttpResponse:
    """Set up a clock."""
    campaign = request.viewer.campaign
    form = ClockForm(sent(request), campaign=campaign, initial={"audience": "gm"})
    if form.is_valid():
        given = form.cleaned_data
        names = ("slug", "name", "size", "filled", "note", "audience", "token", "why")
        try:
            clock = story.add_clock(
                campaign=campaign,
                **{name: given[name] for name in names},
                told=given["powers"],
                by=request.viewer.user,
                now=timezone.now(),
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, f"The clock “{clock.name}” is running.")
            return redirect_to(request, "clocks", campaign=campaign.slug)
    return form_page(request, "khitomer/clock-form.html", form, here="clocks")


@gm_required
def clock_edit(request: Request, clock: str) -> HttpResponse:
    """Amend a clock, let others see it, or take it down."""
    campaign = request.viewer.campaign
    found = get_object_or_404(campaign.clocks.visible_to(request.viewer), slug=clock)
    removing = request.POST.get("do") == "remove"
    form: Any = (
        SettleForm(request.POST) if removing else ClockForm(sent(request), campaign=campaign, clock=found)
    )
    if form.is_valid():
        try:
            rows = apply(
                request, form, [rules.RemoveClock(slug=found.slug)] if removing else amended(found, form)
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, rows[-1].sentence + "." if rows else "Nothing was changed.")
            return redirect_to(request, "clocks", campaign=campaign.slug)
    return form_page(request, "khitomer/clock-form.html", form, here="clocks", clock=found)


def amended(clock: Clock, form: ClockForm) -> list[rules.Change]:
    """The changes that make a clock what the form says: amendments, or a new one for another audience."""
    given = form.cleaned_data
    told = tuple(sorted(power.slug for power in given["powers"]))
    was = tuple(sorted(power.slug for power in clock.powers.all()))
    values = {name: given[name] for name in ("name", "note", "size")}
    if (clock.audience, was) == (given["audience"], told):
        return [
            rules.Amend(subject="clock", key=clock.slug, field=name, value=value)
            for name, value in values.items()
            if getattr(clock, name) != value
        ]
    added = rules.AddClock(
        slug=clock.slug, filled=clock.filled, audience=given["audience"], told=told, **values
    )
    return [rules.RemoveClock(slug=clock.slug), added]


@gm_required
@require_POST
def clock_tick(request: Request, clock: str) -> HttpResponse:
    """One segment on or back. With htmx the clock's row comes back, refusals in it."""
    campaign = request.viewer.campaign
    found = get_object_or_404(
        campaign.clocks.visible_to(request.viewer).prefetch_related("powers"), slug=clock
    )
    form, refusal = TickForm(named(request.POST)), None
    try:
        if not form.is_valid():
            raise Refused("A clock ticks by one, on or back")
        tick = {"number": form.cleaned_data["by"], "token": form.cleaned_data["token"]}
        story.tick_clock(campaign=campaign, clock=found, **tick, by=request.viewer.user, now=timezone.now())
    except Refused as refused:
        if not request.htmx:
            raise
        refusal = refused
    found.refresh_from_db(fields=["filled"])
    if not request.htmx:
        messages.success(request, f"“{found.name}” stands at {found.filled} of {found.size}.")
        return returned(request, "clocks")
    context = {"clock": found, "refusal": refusal, "token": form_token}
    return render(request, "khitomer/clocks.html#clock-row", context, status=409 if refusal else 200)
