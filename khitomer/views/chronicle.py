"""The campaign's chronicle: its timeline with canon ahead, the ledger, the date, and the clocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer.access import Request, gm_required, member_required
from khitomer.actions import campaigns, chronicle, story
from khitomer.drawing import charts
from khitomer.due import due_by
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.campaigns import form_token
from khitomer.forms.chronicle import (
    AlterForm,
    ClockForm,
    DateForm,
    EventForm,
    LookForm,
    SettleForm,
    TickForm,
    UndoForm,
    of_event,
)
from khitomer.htmx import page_or_part, redirect_to
from khitomer.models import Campaign, Change, Clock, Event, Future, FutureState
from khitomer.rules import changes as rules
from khitomer.rules.dates import StoryDate
from khitomer.views.library import about_stardate

PAGE = 50
MOST_LABELS = 14
"""How many of a campaign's own events the picture names; the list below it names all."""
LOOK_BACK = 8
"""How many years before a campaign's start its own window of the timeline opens."""


# The timeline


@dataclass(frozen=True)
class Window:
    """What the timeline's picture shows: events and wars between two dates. `left_out` are too many to label."""

    events: list[charts.Event]
    wars: list[charts.War]
    start: StoryDate
    end: StoryDate
    left_out: int


def window(campaign: Campaign, events: Iterable[Event], *, whole: bool) -> Window:
    """The picture of these events: all of them, or from some years before the campaign's start."""
    shown = list(events)
    earliest = min([campaign.starts, *(event.on for event in shown)])
    start = earliest if whole else max(earliest, StoryDate(campaign.starts.year - LOOK_BACK))
    latest = max([campaign.today, *(event.until or event.on for event in shown)])
    own = [event for event in shown if not event.canon_key and event.until is None]
    left_out = own[:-MOST_LABELS]
    drawn = [
        charts.Event(event.on, event.title, own=not event.canon_key, url=url_of(campaign, event))
        for event in shown
        if event.until is None and event not in left_out
    ]
    wars = [charts.War(event.on, event.until, event.title) for event in shown if event.until]
    return Window(drawn, wars, StoryDate(start.year), StoryDate(latest.year + 1), len(left_out))


def sent(request: Request) -> QueryDict | None:
    """What a form is bound to: the post, even an empty one; nothing while the page is only looked at."""
    return request.POST if request.method == "POST" else None


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


def named(post: QueryDict) -> QueryDict:
    """A post with a token, even where a bare button sent none."""
    data = post.copy()
    data.setdefault("token", form_token())
    return data


def again(event: Event, form: EventForm) -> list[rules.Change]:
    """The changes that make an event what the form says, under the address that it has."""
    given = form.fields_of_event()
    told = tuple(sorted(power.slug for power in given.pop("told")))
    given["slug"] = event.slug
    return [
        rules.StrikeEvent(slug=event.slug),
        rules.AddEvent(**given, told=told, canon_key=event.canon_key),
    ]


def apply(request: Request, form: Any, changes: list[rules.Change]) -> list[Change]:
    """Make changes by the GM's own hand, in the name of a form."""
    return chronicle.apply(
        campaign=request.viewer.campaign,
        changes=changes,
        by=request.viewer.user,
        why=form.cleaned_data["why"],
        source=f"gm:{form.cleaned_data['token']}",
        now=timezone.now(),
    )


def form_page(request: Request, template: str, form: Any, **context: Any) -> HttpResponse:
    """A page around a form: 422 when what was sent has errors."""
    return render(request, template, context | {"form": form}, status=422 if form.errors else 200)


# Canon ahead


@gm_required
def future(request: Request, pk: int) -> HttpResponse:
    """A piece of canon ahead: what it would change, and whether it happens, happens otherwise, or never."""
    found = get_object_or_404(request.viewer.campaign.futures, pk=pk)
    planned = [rules.from_json(change) for change in found.changes]
    doing = request.POST.get("do", "")
    alter = alter_form(found, planned, sent(request) if doing == "alter" else None)
    settle = SettleForm(sent(request) if doing != "alter" else None)
    form = alter if doing == "alter" else settle
    if form.is_valid():
        try:
            settle_future(request, found, planned, doing, form)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, f"“{found.title}”: {found.get_state_display().lower()}.")
            return redirect_to(request, "timeline", campaign=found.campaign.slug)
    context = {"here": "timeline", "future": found, "alter": alter, "settle": settle} | foreseen(
        found, planned
    )
    return render(request, "khitomer/future.html", context, status=422 if form.errors else 200)


def settle_future(
    request: Request, future: Future, planned: list[rules.Change], doing: str, form: Any
) -> None:
    """Carry out what the GM chose for a piece of canon ahead."""
    given = form.cleaned_data
    common = {"future": future, "by": request.viewer.user, "now": timezone.now()}
    common |= {"token": given["token"], "why": given["why"]}
    if doing == "enact":
        campaigns.enact_future(**common)
    elif doing == "avert":
        campaigns.avert_future(**common)
    elif doing != "alter":
        raise Refused("Say whether it happens, happens otherwise, or never does")
    else:
        event = form.fields_of_event()
        told = tuple(sorted(power.slug for power in event.pop("told")))
        kept = [planned[int(index)] for index in given.get("keep", ())]
        campaigns.alter_future(**common, changes=[rules.AddEvent(**event, told=told), *kept])


def alter_form(future: Future, planned: list[rules.Change], post: QueryDict | None) -> AlterForm:
    """The form for what happens instead, begun from what canon says."""
    canon = next((change for change in planned if isinstance(change, rules.AddEvent)), None)
    initial = {"title": future.title, "on": future.on, "audience": "all", "text": canon.text if canon else ""}
    rest = [(str(index), words_for(change)) for index, change in enumerate(planned) if change is not canon]
    return AlterForm(post, campaign=future.campaign, consequences=rest, initial=initial, auto_id="instead_%s")


def words_for(change: rules.Change) -> str:
    """A planned change on a line of its own, without asking the state of the campaign."""
    match change:
        case rules.EnterTreaty():
            return f"{titled(change.power)} enters the {titled(change.treaty)}"
        case rules.LeaveTreaty():
            return f"{titled(change.power)} leaves the {titled(change.treaty)}"
        case rules.AddTreaty():
            return f"{change.name} signed"
        case rules.AddProvision():
            return f"Provision {change.number}: {change.title}"
        case rules.SetFate():
            return f"{titled(change.entry)}: {change.fate}"
    return change.kind.capitalize()


def titled(slug: str) -> str:
    return slug.replace("-", " ").title()


def foreseen(future: Future, planned: list[rules.Change]) -> dict[str, Any]:
    """What enacting would do, step by step; or why it cannot be done."""
    if future.state != FutureState.AHEAD:
        return {"steps": ()}
    try:
        return {"steps": chronicle.preview(future.campaign, planned)}
    except Refused as refused:
        return {"steps": (), "refused": refused}


# The ledger


@dataclass(frozen=True)
class Line:
    """One row of the ledger with its source in words and where that is to be seen."""

    row: Change
    source: str
    url: str

    @property
    def stands(self) -> bool:
        """Whether the change has neither been undone nor undoes another."""
        return self.row.undoes is None and not hasattr(self.row, "undone_by")


def line_of(row: Change) -> Line:
    kind, _, name = row.source.partition(":")
    if row.undoes is not None:
        return Line(row, f"undo of change {row.undoes.sequence}", "")
    if kind == "resolution":
        slug = row.campaign.slug
        return Line(
            row, f"Resolution {name}", reverse("resolution", kwargs={"campaign": slug, "number": name})
        )
    if kind == "gm":
        return Line(row, "by hand", "")
    if kind == "future":
        return Line(row, "canon ahead", "")
    return Line(row, f"{kind} {name}".strip(), "")


@gm_required
def ledger(request: Request) -> HttpResponse:
    """Every change to the campaign's state, the latest first."""
    rows = request.viewer.campaign.ledger.select_related("campaign", "by", "undoes", "undone_by")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"here": "ledger", "page": page, "lines": [line_of(row) for row in page]}
    return render(request, "khitomer/ledger.html", context)


@gm_required
def ledger_undo(request: Request, sequence: int) -> HttpResponse:
    """Ask why, then take back a change, or all that were made together, by appending the inverse."""
    campaign = request.viewer.campaign
    rows = campaign.ledger.select_related("campaign", "by", "undoes", "undone_by")
    row = get_object_or_404(rows, sequence=sequence)
    together = list(rows.filter(source=row.source, undone_by=None).order_by("ordinal"))
    line = line_of(row)
    if line.url:
        raise Refused(
            f"{line.source} is undone as a whole", allowed="Undo it on its own page, which then says so"
        )
    form = UndoForm(sent(request), together=len(together))
    if form.is_valid():
        whole = form.cleaned_data["scope"] == "all"
        try:
            undone = chronicle.undo(
                campaign=campaign,
                by=request.viewer.user,
                why=form.cleaned_data["why"],
                now=timezone.now(),
                source=row.source if whole else None,
                change=None if whole else row,
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            many = f"{len(undone)} changes are" if len(undone) > 1 else f"Change {row.sequence} is"
            messages.success(request, f"{many} undone.")
            return redirect_to(request, "ledger", campaign=campaign.slug)
    context = {"here": "ledger", "line": line, "together": together}
    return form_page(request, "khitomer/ledger-undo.html", form, **context)


# The date


@gm_required
def advance_date(request: Request) -> HttpResponse:
    """Let the story go on, having seen what falls due: a date in the query shows that, a post does it."""
    campaign = request.viewer.campaign
    if request.method != "POST":
        look = LookForm(request.GET or None)
        to = look.cleaned_data["to"] if look.is_valid() else None
        form = DateForm(today=campaign.today, initial={"to": to})
        return date_page(request, form, to, errors=look.errors)
    form = DateForm(request.POST, today=campaign.today)
    if form.is_valid():
        try:
            go_on(request, form)
        except Refused as refused:
            refused.field = refused.field or "to"
            refuse(form, refused)
        else:
            messages.success(request, f"The story is at {form.cleaned_data['to'].words()}.")
            return redirect_to(request, "desk", campaign=campaign.slug)
    return date_page(request, form, form.data_to(), errors=form.errors)


def date_page(request: Request, form: DateForm, to: StoryDate | None, *, errors: Any) -> HttpResponse:
    """The page of the date, or for htmx only what falls due by the date it asked about."""
    backward = to is not None and to < request.viewer.campaign.today
    context = {"here": "timeline", "form": form, "to": to, "backward": backward, "errors": errors}
    context |= falling_due(request, to)
    status = 422 if errors else 200
    return page_or_part(request, "khitomer/advance-date.html", context, part="due", status=status)


def go_on(request: Request, form: DateForm) -> None:
    """Advance, or return, the date as the form says."""
    to, today = form.cleaned_data["to"], request.viewer.campaign.today
    change: rules.Change = rules.AdvanceDate(to=to)
    if form.cleaned_data["back"]:
        change = rules.ReturnDate(to=to, advanced_to=today)
    apply(request, form, [change])


def falling_due(request: Request, to: StoryDate | None) -> dict[str, Any]:
    """Canon that comes up by a date, what others say falls due by then, and the clocks to think of."""
    viewer = request.viewer
    until = to or viewer.campaign.today
    ahead = viewer.campaign.futures.filter(state=FutureState.AHEAD, on__lte=until.last.isoformat())
    return {
        "until": until,
        "futures": list(ahead),
        "due": list(due_by(viewer, until)),
        "clocks": list(viewer.campaign.clocks.visible_to(viewer)),
    }


# Clocks


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
    if not request.htmx:
        return redirect_to(request, "clocks", campaign=campaign.slug)
    found.refresh_from_db(fields=["filled"])
    context = {"clock": found, "refusal": refusal, "token": form_token}
    return render(request, "khitomer/clocks.html#clock-row", context, status=409 if refusal else 200)
