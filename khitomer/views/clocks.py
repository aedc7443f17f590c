"""The campaign's clocks: the list, setting one up, amending it, and its ticks."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import get_text_list
from django.views.decorators.http import require_POST

from khitomer.access import Request, Viewer, gm_required, member_required
from khitomer.actions import chronicle, disclosures, story
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.campaigns import form_token
from khitomer.forms.chronicle import ClockForm, SettleForm, TickForm
from khitomer.htmx import redirect_to
from khitomer.models import Clock
from khitomer.rules import changes as rules
from khitomer.views.posting import apply, form_page, made, named, returned, sent


@member_required
def clocks(request: Request) -> HttpResponse:
    """The clocks that this viewer may see."""
    viewer = request.viewer
    shown = viewer.campaign.clocks.shown_to(viewer)
    if viewer.is_gm:
        shown = shown.with_audience()
    context = {"here": "clocks", "groups": groups_of(viewer, list(shown)), "token": form_token}
    return render(request, "khitomer/clocks.html", context)


def groups_of(viewer: Viewer, clocks: list[Clock]) -> list[tuple[str, str, str, list[Clock]]]:
    """The clocks under what players see of them, with its colour and what that means; for a player all in one."""
    if not viewer.is_gm:
        return [("", "sky", "", clocks)] if clocks else []
    groups = [
        ("Open", "sky", "Whoever knows of it sees how far it has run.", "open"),
        (
            "Known, its face hidden",
            "lilac",
            "Whoever knows of it sees that it is there, and no more.",
            "hidden",
        ),
        ("Secret", "brick", "Nobody but you knows that it is there.", "secret"),
    ]
    found = {key: [each for each in clocks if tells(each) == key] for *_, key in groups}
    return [(name, colour, words, found[key]) for name, colour, words, key in groups if found[key]]


def who_sees(clock: Clock) -> str:
    """Who sees what of a clock, in a sentence for the GM."""
    told = disclosures.told_of(clock)
    names = sorted([*(power.name for power in told.powers), *(str(person.user) for person in told.persons)])
    if not (told.everyone or names):
        return "Nobody but you knows that this clock is there."
    whom = "Everyone at the table" if told.everyone else get_text_list(names, "and")
    verb = "sees" if told.everyone or len(names) == 1 else "see"
    if clock.hidden:
        return f"{whom} {verb} that it is there, and neither how far it has run nor when it moves."
    return f"{whom} {verb} how far it has run, and its note."


def tells(clock: Clock) -> str:
    """What a clock tells the players: "secret", "hidden" or "open"."""
    told = disclosures.told_of(clock)
    if not (told.everyone or told.powers or told.persons):
        return "secret"
    return "hidden" if clock.hidden else "open"


@gm_required
def clock_new(request: Request) -> HttpResponse:
    """Set up a clock."""
    campaign = request.viewer.campaign
    form = ClockForm(sent(request), campaign=campaign, initial={"audience": "gm"})
    if form.is_valid():
        given = form.cleaned_data
        names = ("slug", "name", "size", "filled", "note", "hidden", "audience", "persons", "token", "why")
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
            done = removed(request, found, form) if removing else amended(request, found, form)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, done)
            return redirect_to(request, "clocks", campaign=campaign.slug)
    seen = who_sees(found)
    return form_page(request, "khitomer/clock-form.html", form, here="clocks", clock=found, seen=seen)


def removed(request: Request, clock: Clock, form: SettleForm) -> str:
    """Take a clock down; gives what is then said."""
    rows = apply(request, form, [rules.RemoveClock(slug=clock.slug)])
    return f"{rows[-1].sentence}."


def amended(request: Request, clock: Clock, form: ClockForm) -> str:
    """Make a clock what the form says, amendments and who may know of it; gives what is then said."""
    given = form.cleaned_data
    to = disclosures.to_whom(
        campaign=clock.campaign,
        audience=given["audience"],
        powers=given["powers"],
        persons=given["persons"],
    )
    with transaction.atomic():
        rows = chronicle.amend(
            campaign=clock.campaign,
            subject="clock",
            key=clock.slug,
            values={name: given[name] for name in ("name", "note", "size", "hidden")},
            **made(request, form),
        )
        told = disclosures.set_audience(thing=clock, to=to, by=request.viewer.user, now=timezone.now())
    if rows:
        return f"{rows[-1].sentence}."
    return "Who may see the clock is changed." if told else "Nothing was changed."


@gm_required
@require_POST
def clock_tick(request: Request, clock: str) -> HttpResponse:
    """One segment on or back. With htmx the clock's row comes back, refusals in it."""
    campaign = request.viewer.campaign
    found = get_object_or_404(campaign.clocks.shown_to(request.viewer).with_audience(), slug=clock)
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
    found = campaign.clocks.shown_to(request.viewer).with_audience().get(pk=found.pk)
    if not request.htmx:
        messages.success(request, f"“{found.name}” stands at {found.filled} of {found.size}.")
        return returned(request, "clocks")
    context = {"clock": found, "refusal": refusal, "token": form_token}
    return render(request, "khitomer/clocks.html#clock-row", context, status=409 if refusal else 200)
