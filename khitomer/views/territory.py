"""Territory and zones: whose is what, since when, and the GM's edits through the ledger."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from khitomer.access import Request, gm_required, member_required
from khitomer.actions import territory as actions
from khitomer.errors import Refused
from khitomer.forms.campaigns import form_token
from khitomer.forms.placing import place
from khitomer.forms.territory import AT_TERRITORY, AT_ZONE, AbolishForm, MoveForm, TerritoryForm, ZoneForm
from khitomer.htmx import redirect_to
from khitomer.models import Holding, Territory, Zone
from khitomer.rules.dates import Answer, StoryDate
from khitomer.views.in_canon import recorded
from khitomer.views.posting import form_page, made, pressed, sent

_CANON = "places"


@dataclass(frozen=True)
class Held:
    """A territory as the list shows it: who holds it on the story's today, and who did before or will."""

    territory: Territory
    now: Holding | None
    others: tuple[Holding, ...]
    canon_url: str
    in_canon: str

    @property
    def called(self) -> str:
        """Who holds it, for who sees no colours."""
        return str(self.now.power) if self.now and self.now.power else "Nobody"


@dataclass(frozen=True)
class ZoneRow:
    """A zone as the list shows it."""

    zone: Zone
    in_force: bool
    canon_url: str
    in_canon: str


@member_required
def territory(request: Request) -> HttpResponse:
    """Every territory with its holder, and every zone, in force or abolished."""
    campaign = request.viewer.campaign
    lands = [
        held_on(each, campaign.today) for each in campaign.territories.prefetch_related("holdings__power")
    ]
    zones = [zone_on(each, campaign.today) for each in campaign.zones.prefetch_related("powers")]
    context = {
        "here": "powers",
        "lands": lands,
        "in_force": [each for each in zones if each.in_force],
        "abolished": [each for each in zones if not each.in_force],
    }
    return render(request, "khitomer/territory.html", context)


def held_on(territory: Territory, day: StoryDate) -> Held:
    """A territory on a day. Fetch `holdings__power` before."""
    spans = list(territory.holdings.all())
    begun = [each for each in spans if each.entered is None or day.before(each.entered) is not Answer.YES]
    now = begun[-1] if begun else None
    others = tuple(each for each in reversed(spans) if each is not now)
    return Held(territory, now, others, canon_url(territory.canon_key), in_canon(territory))


def zone_on(zone: Zone, day: StoryDate) -> ZoneRow:
    """A zone on a day: in force until it is surely abolished, which within the year it may not be."""
    in_force = zone.abolished is None or day.before(zone.abolished) is Answer.YES
    return ZoneRow(zone, in_force, canon_url(zone.canon_key), in_canon(zone))


def in_canon(row: Territory | Zone) -> str:
    """What canon says of it where the campaign began too early to have it said. For the GM."""
    place = None if row.note else recorded(row.canon_key)
    return place.summary if place else ""


def canon_url(key: str) -> str:
    """Where the public library tells of it, with the sources; empty for the campaign's own."""
    return reverse("library-entry", kwargs={"kind": _CANON, "key": key}) if key else ""


@gm_required
def territory_new(request: Request) -> HttpResponse:
    campaign = request.viewer.campaign
    form = TerritoryForm(sent(request), campaign=campaign)
    if form.is_valid():
        names = ("slug", "name", "note", "holder", "since")
        given = {name: form.cleaned_data[name] for name in names}
        try:
            added = actions.add_territory(campaign=campaign, **given, **made(request, form))
        except Refused as refused:
            place(form, refused, by_words=AT_TERRITORY, otherwise="name")
        else:
            messages.success(request, f"{added} is on the map.")
            return redirect_to(request, "territory", campaign=campaign.slug)
    return form_page(request, "khitomer/territory-form.html", form, here="powers")


@gm_required
def territory_move(request: Request, territory: str) -> HttpResponse:
    """Let a territory pass to another power, or to nobody; or take it off the map."""
    campaign = request.viewer.campaign
    found = get_object_or_404(campaign.territories.prefetch_related("holdings__power"), slug=territory)
    form = MoveForm(sent(request), campaign=campaign, initial={"on": campaign.today})
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("to", "on", "note")}
        try:
            rows = actions.move_territory(campaign=campaign, territory=found, **given, **made(request, form))
        except Refused as refused:
            place(form, refused, by_words={"already": "to", "as it is": "to"}, otherwise="on")
        else:
            messages.success(request, f"{rows[-1].sentence}.")
            return redirect_to(request, "territory", campaign=campaign.slug)
    context = {"here": "powers", "land": held_on(found, campaign.today), "token": form_token()}
    return form_page(request, "khitomer/territory-form.html", form, **context)


@gm_required
@require_POST
def territory_remove(request: Request, territory: str) -> HttpResponse:
    campaign = request.viewer.campaign
    found = get_object_or_404(campaign.territories, slug=territory)
    actions.remove_territory(campaign=campaign, territory=found, **pressed(request))
    messages.success(request, f"{found} is off the map. The ledger can undo it.")
    return redirect_to(request, "territory", campaign=campaign.slug)


@gm_required
def zone_new(request: Request) -> HttpResponse:
    campaign = request.viewer.campaign
    form = ZoneForm(sent(request), campaign=campaign)
    if form.is_valid():
        names = ("slug", "name", "note", "powers", "established")
        given = {name: form.cleaned_data[name] for name in names}
        try:
            zone = actions.set_up_zone(campaign=campaign, **given, **made(request, form))
        except Refused as refused:
            place(form, refused, by_words=AT_ZONE, otherwise="name")
        else:
            messages.success(request, f"The zone is set up: {zone}.")
            return redirect_to(request, "territory", campaign=campaign.slug)
    return form_page(request, "khitomer/zone-form.html", form, here="powers")


@gm_required
def zone_abolish(request: Request, zone: str) -> HttpResponse:
    """Abolish a zone on a date; one that is abolished may be put in force again."""
    campaign = request.viewer.campaign
    found = get_object_or_404(campaign.zones.prefetch_related("powers"), slug=zone)
    form = AbolishForm(sent(request), initial={"on": campaign.today})
    if form.is_valid():
        try:
            rows = actions.abolish_zone(
                campaign=campaign, zone=found, on=form.cleaned_data["on"], **made(request, form)
            )
        except Refused as refused:
            place(form, refused, otherwise="on")
        else:
            messages.success(request, f"{rows[-1].sentence}.")
            return redirect_to(request, "territory", campaign=campaign.slug)
    context = {"here": "powers", "zone": found, "token": form_token()}
    return form_page(request, "khitomer/zone-form.html", form, **context)


@gm_required
@require_POST
def zone_reopen(request: Request, zone: str) -> HttpResponse:
    campaign = request.viewer.campaign
    found = get_object_or_404(campaign.zones, slug=zone)
    actions.reopen_zone(campaign=campaign, zone=found, **pressed(request))
    messages.success(request, f"{found} is in force again.")
    return redirect_to(request, "territory", campaign=campaign.slug)


@gm_required
@require_POST
def zone_strike(request: Request, zone: str) -> HttpResponse:
    campaign = request.viewer.campaign
    found = get_object_or_404(campaign.zones, slug=zone)
    actions.strike_zone(campaign=campaign, zone=found, **pressed(request))
    messages.success(request, f"{found} is struck from the record. The ledger can undo it.")
    return redirect_to(request, "territory", campaign=campaign.slug)
