"""The powers: who sits for them, what binds them, and how each stands with each."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from khitomer.access import Request, Viewer, gm_required, member_required
from khitomer.actions import past
from khitomer.actions import powers as actions
from khitomer.actions.naming import address_of
from khitomer.drawing.standings import web
from khitomer.errors import Refused
from khitomer.forms.campaigns import form_token
from khitomer.forms.placing import place
from khitomer.forms.powers import REFUSED_AT, PowerForm, StandingForm, initial_of, standing_words
from khitomer.htmx import redirect_to
from khitomer.models import Adherence, Membership, Power, Role, Territory, Treaty
from khitomer.rules.adherence import Bond, bound_on
from khitomer.rules.dates import StoryDate
from khitomer.views.as_of import AsOf, as_of
from khitomer.views.in_canon import in_canon
from khitomer.views.posting import made, pressed, said
from khitomer.views.territory import held_on


@dataclass(frozen=True)
class Bound:
    """How a power stands to one treaty on the campaign's day."""

    treaty: Treaty
    spans: tuple[Adherence, ...]
    bond: Bond


@dataclass(frozen=True)
class Row:
    """A power as the list shows it."""

    power: Power
    delegates: tuple[Membership, ...]
    bounds: tuple[Bound, ...]


@dataclass(frozen=True)
class Regard:
    """How a power stands with another."""

    other: Power
    value: int

    @property
    def css(self) -> str:
        """The field's class on the map of standings, so that a figure has the same colour everywhere."""
        return f"st-p{self.value}" if self.value > 0 else f"st-m{-self.value}" if self.value else "st-0"


@member_required
def powers(request: Request) -> HttpResponse:
    viewer, day = request.viewer, as_of(request)
    found = list(viewer.campaign.powers.prefetch_related("memberships__user", "adherences__treaty"))
    heads = [(power.slug, power.name, power.short, power.colour) for power in found]
    values = standings_on(viewer, found, day)
    context = {
        "here": "powers",
        "as_of": day,
        "rows": [row_of(power, day.day) for power in found],
        "heads": heads,
        "standings": values,
        "urls": standing_urls(viewer, found, "standing-edit" if viewer.is_gm else "standing-history"),
        "web": web(heads, values),
    }
    return render(request, "khitomer/powers.html", context, status=422 if day.error else 200)


@gm_required
def power_new(request: Request) -> HttpResponse:
    form = PowerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        campaign, given = request.viewer.campaign, form.cleaned_data
        try:
            power = actions.add_power(
                campaign=campaign,
                slug=address_of(given["name"], most=60, otherwise=f"power-{given['short'].lower()}"),
                **form.values(),
                **made(request, form),
            )
        except Refused as refused:
            place(form, refused, by_words=REFUSED_AT)
        else:
            messages.success(request, f"{power} is in the campaign.")
            return redirect_to(request, "power", campaign=campaign.slug, power=power.slug)
    return power_page(request, form)


@member_required
def power(request: Request, power: str) -> HttpResponse:
    viewer = request.viewer
    found = get_power(
        viewer, power, "memberships__user", "adherences__treaty", "reservations__provision__treaty"
    )
    day = as_of(request)
    row = row_of(found, day.day)
    context = {
        "here": "powers",
        "as_of": day,
        "power": found,
        "row": row,
        "strips": [strip_of(found, bound, day.day) for bound in row.bounds],
        "regards": regards(viewer, found, day),
        "lands": held_by(viewer, found, day.day),
        "in_canon": in_canon(found.canon_key) if viewer.is_gm and not found.summary else "",
    }
    return render(request, "khitomer/power.html", context, status=422 if day.error else 200)


@gm_required
def power_edit(request: Request, power: str) -> HttpResponse:
    campaign, found = request.viewer.campaign, get_power(request.viewer, power)
    form = PowerForm(request.POST or None, initial=initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.edit_power(
                campaign=campaign, power=found, values=form.values(), **made(request, form)
            )
        except Refused as refused:
            place(form, refused, by_words=REFUSED_AT)
        else:
            said(request, changed)
            return redirect_to(request, "power", campaign=campaign.slug, power=found.slug)
    return power_page(request, form, power=found, token=form_token())


@gm_required
@require_POST
def power_remove(request: Request, power: str) -> HttpResponse:
    campaign, found = request.viewer.campaign, get_power(request.viewer, power)
    actions.remove_power(campaign=campaign, power=found, **pressed(request))
    messages.success(request, f"{found.name} is no longer in the campaign.")
    return redirect_to(request, "powers", campaign=campaign.slug)


@gm_required
def standing_edit(request: Request, power: str, other: str) -> HttpResponse:
    viewer = request.viewer
    first, second = get_power(viewer, power), get_power(viewer, other)
    if first == second:
        raise Http404
    value = viewer.campaign.standings.by_pair([first, second])[first.slug, second.slug]
    form = StandingForm(request.POST or None, initial={"value": value})
    if request.method == "POST" and form.is_valid():
        value = form.cleaned_data["value"]
        actions.set_standing(
            campaign=viewer.campaign, first=first, second=second, value=value, **made(request, form)
        )
        messages.success(request, f"{first} and {second} stand at {standing_words(value)}.")
        return redirect_to(request, "powers", campaign=viewer.campaign.slug)
    context = {"here": "powers", "form": form, "first": first, "second": second, "value": value}
    return render(request, "khitomer/standing-form.html", context, status=422 if form.is_bound else 200)


# What the views share


def get_power(viewer: Viewer, slug: str, *with_them: str) -> Power:
    """The power of the viewer's campaign with this slug, or the one 404."""
    return get_object_or_404(viewer.campaign.powers.prefetch_related(*with_them), slug=slug)


def power_page(request: Request, form: PowerForm, **more: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"here": "powers", "form": form, **more}
    return render(request, "khitomer/power-form.html", context, status=status)


def row_of(power: Power, today: StoryDate) -> Row:
    spans: dict[Treaty, list[Adherence]] = defaultdict(list)
    for span in power.adherences.all():
        spans[span.treaty].append(span)
    bounds = tuple(
        Bound(treaty, tuple(found), bound_on([(span.entered, span.left) for span in found], today))
        for treaty, found in sorted(spans.items(), key=lambda item: (item[0].signed, item[0].name))
    )
    players = tuple(member for member in power.memberships.all() if member.role == Role.PLAYER)
    return Row(power, players, bounds)


def strip_of(power: Power, bound: Bound, today: StoryDate) -> dict[str, Any]:
    """What the adherence strip of one power in one treaty draws."""
    spans = tuple((span.entered, span.left) for span in bound.spans)
    dates = [bound.treaty.signed, today, *(date for span in spans for date in span if date)]
    return {
        "bound": bound,
        "parties": [(power.name, power.short, power.colour, spans)],
        "start": StoryDate(min(dates).year),
        "end": max(dates),
        "today": today,
    }


def standings_on(viewer: Viewer, powers: list[Power], day: AsOf) -> dict[tuple[str, str], int]:
    """The same as of an earlier day, by the ledger."""
    if not day.past:
        return viewer.campaign.standings.by_pair(powers)
    state = past.state_on(viewer.campaign, day.day)
    slugs = [power.slug for power in powers]
    return {(one, other): state.standing(one, other) for one in slugs for other in slugs if one != other}


def standing_urls(viewer: Viewer, powers: list[Power], name: str) -> dict[tuple[str, str], str]:
    """Where the standing of each pair is changed, or its history read: one address for both ways round."""
    urls = {}
    for index, one in enumerate(powers):
        for other in powers[index + 1 :]:
            url = reverse(
                name,
                kwargs={"campaign": viewer.campaign.slug, "power": one.slug, "other": other.slug},
            )
            urls[one.slug, other.slug] = urls[other.slug, one.slug] = url
    return urls


def held_by(viewer: Viewer, power: Power, day: StoryDate) -> list[Territory]:
    """The territories that a power holds on a day, by name."""
    rows = viewer.campaign.territories.prefetch_related("holdings__power")
    return [each for each in rows if (now := held_on(each, day).now) and now.power_id == power.pk]


def regards(viewer: Viewer, power: Power, day: AsOf) -> list[Regard]:
    """How a power stands with each other power on a day, the best first."""
    others = list(viewer.campaign.powers.exclude(pk=power.pk))
    values = standings_on(viewer, [power, *others], day)
    found = [Regard(other, values[power.slug, other.slug]) for other in others]
    return sorted(found, key=lambda regard: (-regard.value, regard.other.name))
