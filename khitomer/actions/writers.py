"""One small writer for each kind of change: a change that was found possible becomes rows.

Only `khitomer.actions.chronicle` calls these, under its lock and inside its transaction.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from django.db import models

from khitomer.actions import mentions, territory_rows
from khitomer.markup import render
from khitomer.models import (
    Adherence,
    Campaign,
    Clock,
    Entry,
    Event,
    Future,
    Power,
    Provision,
    RecordedUse,
    Reservation,
    Standing,
    Treaty,
)
from khitomer.rules import changes
from khitomer.rules.changes.written import read
from khitomer.rules.dates import StoryDate

_Change = TypeVar("_Change", bound=changes.Change)
Writer = Callable[[Campaign, Any], None]

WRITERS: dict[type[changes.Change], Writer] = dict(territory_rows.WRITERS)
"""The writer of each kind of change."""


def write(campaign: Campaign, change: changes.Change) -> None:
    """Write one change that the rules have found possible."""
    WRITERS[type(change)](campaign, change)


def _writes(kind: type[_Change]) -> Callable[[Callable[[Campaign, _Change], None]], Writer]:
    def enter(writer: Callable[[Campaign, _Change], None]) -> Writer:
        WRITERS[kind] = cast(Writer, writer)
        return writer

    return enter


def _power(campaign: Campaign, slug: str) -> Power:
    return campaign.powers.get(slug=slug)


def _treaty(campaign: Campaign, slug: str) -> Treaty:
    return campaign.treaties.get(slug=slug)


def _provision(campaign: Campaign, key: str) -> Provision:
    treaty, number = key.rsplit("/", 1)
    return Provision.objects.get(treaty__campaign=campaign, treaty__slug=treaty, number=int(number))


# Powers


@_writes(changes.ChangeStanding)
def change_standing(campaign: Campaign, change: changes.ChangeStanding) -> None:
    powers = [_power(campaign, change.power), _power(campaign, change.other)]
    first, second = sorted(powers, key=lambda power: power.pk)
    standing, _ = Standing.objects.get_or_create(
        first=first, second=second, defaults={"campaign": campaign, "value": 0}
    )
    standing.value += change.by
    standing.save(update_fields=["value"])


@_writes(changes.AddPower)
def add_power(campaign: Campaign, change: changes.AddPower) -> None:
    Power.objects.create(
        campaign=campaign,
        slug=change.slug,
        name=change.name,
        short=change.short,
        adjective=change.adjective,
        aliases=change.aliases,
        colour=change.colour,
        emblem=change.emblem,
        summary=change.summary,
        summary_html=render(change.summary),
        canon_key=change.canon_key,
    )


@_writes(changes.RemovePower)
def remove_power(campaign: Campaign, change: changes.RemovePower) -> None:
    _power(campaign, change.slug).delete()


# Treaties


@_writes(changes.AddTreaty)
def add_treaty(campaign: Campaign, change: changes.AddTreaty) -> None:
    Treaty.objects.create(
        campaign=campaign,
        slug=change.slug,
        name=change.name,
        numeral=change.numeral,
        signed=change.signed,
        has_forum=change.has_forum,
        accrued_rights_survive=change.accrued_rights_survive,
        summary=change.summary,
        summary_html=render(change.summary),
        canon_key=change.canon_key,
    )


@_writes(changes.RemoveTreaty)
def remove_treaty(campaign: Campaign, change: changes.RemoveTreaty) -> None:
    _treaty(campaign, change.slug).delete()


@_writes(changes.AddProvision)
def add_provision(campaign: Campaign, change: changes.AddProvision) -> None:
    Provision.objects.create(
        treaty=_treaty(campaign, change.treaty),
        number=change.number,
        title=change.title,
        text=change.text,
        text_html=render(change.text),
        exemption=change.exemption,
        exemption_limit=change.exemption_limit,
        exemption_window_days=change.exemption_window_days,
        canon_key=change.canon_key,
    )


@_writes(changes.RemoveProvision)
def remove_provision(campaign: Campaign, change: changes.RemoveProvision) -> None:
    _provision(campaign, change.provision).delete()


@_writes(changes.SetExemption)
def set_exemption(campaign: Campaign, change: changes.SetExemption) -> None:
    provision = _provision(campaign, change.provision)
    provision.exemption = change.exemption
    provision.exemption_limit = change.limit
    provision.exemption_window_days = change.window_days
    provision.save(update_fields=["exemption", "exemption_limit", "exemption_window_days"])


# Who is bound


@_writes(changes.EnterTreaty)
def enter_treaty(campaign: Campaign, change: changes.EnterTreaty) -> None:
    Adherence.objects.create(
        treaty=_treaty(campaign, change.treaty),
        power=_power(campaign, change.power),
        entered=change.on,
        left=change.left,
        note=change.note,
        canon_key=change.canon_key,
    )


def _spans(campaign: Campaign, treaty: str, power: str) -> models.QuerySet[Adherence]:
    return Adherence.objects.filter(treaty__campaign=campaign, treaty__slug=treaty, power__slug=power)


@_writes(changes.StrikeAdherence)
def strike_adherence(campaign: Campaign, change: changes.StrikeAdherence) -> None:
    _spans(campaign, change.treaty, change.power).get(entered=change.entered).delete()


@_writes(changes.LeaveTreaty)
def leave_treaty(campaign: Campaign, change: changes.LeaveTreaty) -> None:
    span = _spans(campaign, change.treaty, change.power).get(left=None)
    span.left = change.on
    span.save(update_fields=["left"])


@_writes(changes.ReopenAdherence)
def reopen_adherence(campaign: Campaign, change: changes.ReopenAdherence) -> None:
    span = _spans(campaign, change.treaty, change.power).get(entered=change.entered)
    span.left = None
    span.save(update_fields=["left"])


# Reservations and uses


@_writes(changes.MakeReservation)
def make_reservation(campaign: Campaign, change: changes.MakeReservation) -> None:
    Reservation.objects.create(
        provision=_provision(campaign, change.provision),
        power=_power(campaign, change.power),
        entered=change.on,
        left=change.left,
    )


def _reservations(campaign: Campaign, provision: str, power: str) -> models.QuerySet[Reservation]:
    return Reservation.objects.filter(provision=_provision(campaign, provision), power__slug=power)


@_writes(changes.StrikeReservation)
def strike_reservation(campaign: Campaign, change: changes.StrikeReservation) -> None:
    _reservations(campaign, change.provision, change.power).get(entered=change.entered).delete()


@_writes(changes.EndReservation)
def end_reservation(campaign: Campaign, change: changes.EndReservation) -> None:
    reservation = _reservations(campaign, change.provision, change.power).get(left=None)
    reservation.left = change.on
    reservation.save(update_fields=["left"])


@_writes(changes.ReopenReservation)
def reopen_reservation(campaign: Campaign, change: changes.ReopenReservation) -> None:
    reservation = _reservations(campaign, change.provision, change.power).get(entered=change.entered)
    reservation.left = None
    reservation.save(update_fields=["left"])


@_writes(changes.RecordUse)
def record_use(campaign: Campaign, change: changes.RecordUse) -> None:
    RecordedUse.objects.create(
        provision=_provision(campaign, change.provision),
        power=_power(campaign, change.power),
        on=change.on,
        note=change.note,
    )


@_writes(changes.StrikeUse)
def strike_use(campaign: Campaign, change: changes.StrikeUse) -> None:
    uses = RecordedUse.objects.filter(
        provision=_provision(campaign, change.provision),
        power__slug=change.power,
        on=change.on,
        note=change.note,
    )
    # Two equal uses are as good as each other: the later one goes.
    uses.order_by("-pk")[0].delete()


# The story


@_writes(changes.AddEvent)
def add_event(campaign: Campaign, change: changes.AddEvent) -> None:
    event = Event.objects.create(
        campaign=campaign,
        slug=change.slug,
        on=change.on,
        until=change.until,
        title=change.title,
        text=change.text,
        text_html=render(change.text),
        audience=change.audience,
        canon_key=change.canon_key,
    )
    mentions.note(source=event)
    _tell(campaign, event, change)


@_writes(changes.StrikeEvent)
def strike_event(campaign: Campaign, change: changes.StrikeEvent) -> None:
    campaign.events.get(slug=change.slug).delete()


@_writes(changes.AddClock)
def add_clock(campaign: Campaign, change: changes.AddClock) -> None:
    clock = Clock.objects.create(
        campaign=campaign,
        slug=change.slug,
        name=change.name,
        note=change.note,
        size=change.size,
        filled=change.filled,
        audience=change.audience,
        hidden=change.hidden,
    )
    _tell(campaign, clock, change)


def _tell(campaign: Campaign, thing: Event | Clock, change: changes.AddEvent | changes.AddClock) -> None:
    """Name whom the change names; who has left the campaign since is passed over."""
    if change.told:
        thing.powers.set(campaign.powers.filter(slug__in=change.told))
    if change.persons:
        thing.persons.set(campaign.memberships.filter(user__username__in=change.persons))


@_writes(changes.RemoveClock)
def remove_clock(campaign: Campaign, change: changes.RemoveClock) -> None:
    campaign.clocks.get(slug=change.slug).delete()


@_writes(changes.TickClock)
def tick_clock(campaign: Campaign, change: changes.TickClock) -> None:
    clock: Clock = campaign.clocks.get(slug=change.clock)
    clock.filled += change.by
    clock.save(update_fields=["filled"])


@_writes(changes.SetFate)
def set_fate(campaign: Campaign, change: changes.SetFate) -> None:
    entry: Entry = campaign.entries.get(slug=change.entry)
    entry.fate = change.fate
    entry.save(update_fields=["fate", "updated_at"])


def _set_date(campaign: Campaign, to: StoryDate) -> None:
    campaign.today = to
    campaign.save(update_fields=["today"])


@_writes(changes.AdvanceDate)
def advance_date(campaign: Campaign, change: changes.AdvanceDate) -> None:
    _set_date(campaign, change.to)


@_writes(changes.ReturnDate)
def return_date(campaign: Campaign, change: changes.ReturnDate) -> None:
    _set_date(campaign, change.to)


@_writes(changes.SettleFuture)
def settle_future(campaign: Campaign, change: changes.SettleFuture) -> None:
    future: Future = campaign.futures.get(canon_key=change.canon_key)
    future.state = change.state
    future.save(update_fields=["state"])


# Amendments

_FINDERS: Mapping[str, Callable[[Campaign, str], Any]] = {
    "power": _power,
    "treaty": _treaty,
    "provision": _provision,
    "event": lambda campaign, slug: campaign.events.get(slug=slug),
    "clock": lambda campaign, slug: campaign.clocks.get(slug=slug),
}


@_writes(changes.Amend)
def amend(campaign: Campaign, change: changes.Amend) -> None:
    row = _FINDERS[change.subject](campaign, change.key)
    value: Any = change.value
    if change.field in ("signed", "on", "until") and value is not None:
        value = read(StoryDate, value)
    setattr(row, change.field, value)
    fields = [change.field]
    if hasattr(row, f"{change.field}_html"):
        setattr(row, f"{change.field}_html", render(str(value)))
        fields.append(f"{change.field}_html")
    row.save(update_fields=fields)
    if change.subject == "event" and change.field == "text":
        mentions.note(source=row)
