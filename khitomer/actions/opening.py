"""A campaign's opening state: canon as it stood on the start date, and the rest of canon as futures.

These rows are where the story starts, not changes to it: they are written at once and leave no mark in the ledger.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from khitomer.actions import archive, disclosures
from khitomer.markup import render
from khitomer.models import (
    Adherence,
    Audience,
    Campaign,
    Entry,
    EntryKind,
    Event,
    Future,
    Holding,
    Kind,
    Power,
    Provision,
    Territory,
    Treaty,
    Zone,
)
from khitomer.rules import canon, changes
from khitomer.rules.canon import Canon, FutureKind
from khitomer.rules.changes.core import clip
from khitomer.rules.dates import StoryDate

_FATE = "abolished"

_YEAR = re.compile(r"\b2[0-9]{3}\b")

_ENTRY_KINDS = {
    canon.Kind.PERSON: EntryKind.PERSON,
    canon.Kind.PLACE: EntryKind.PLACE,
    canon.Kind.VESSEL: EntryKind.VESSEL,
    canon.Kind.ORGANISATION: EntryKind.ORGANISATION,
}


def copy(campaign: Campaign, record: Canon) -> None:
    """Fill a new campaign with canon as it stood on its start date, in a constant number of queries."""
    stood = record.as_of(campaign.starts)
    powers = _copy_powers(campaign, stood.powers)
    treaties = _copy_treaties(campaign, stood.treaties)
    Adherence.objects.bulk_create(
        Adherence(
            treaty=treaties[span.treaty],
            power=powers[span.power],
            entered=span.entered,
            left=span.left,
            canon_key=span.key,
        )
        for span in stood.adherence
    )
    kinds = archive.found_kinds(campaign)
    events = Event.objects.bulk_create(_event_row(campaign, event) for event in stood.events)
    people = (*stood.people, *stood.places, *stood.vessels, *stood.organisations)
    entries = Entry.objects.bulk_create(entry_row(campaign, each, kinds, campaign.starts) for each in people)
    disclosures.known_from_start(campaign, [*events, *entries], campaign.created_at)
    _copy_territory(campaign, stood.places, powers)
    Future.objects.bulk_create(_future_rows(campaign, record))


def _copy_territory(campaign: Campaign, places: Iterable[canon.Place], powers: dict[str, Power]) -> None:
    """The sectors that canon gives to a power, and its zones, in force or abolished.

    Canon dates neither their beginnings: the first holder has held since before the record, and so has the zone been
    there. No date is made up.
    """
    places = list(places)
    notes = {place.key: place.summary if told(place, campaign.starts) else "" for place in places}
    sectors = [place for place in places if place.type is canon.PlaceType.SECTOR and place.power]
    rows = Territory.objects.bulk_create(
        Territory(
            campaign=campaign, slug=place.key, name=place.name, note=notes[place.key], canon_key=place.key
        )
        for place in sectors
    )
    Holding.objects.bulk_create(
        Holding(territory=row, power=powers[place.power or ""], canon_key=place.key)
        for row, place in zip(rows, sectors, strict=True)
    )
    zones = [place for place in places if place.type is canon.PlaceType.ZONE]
    set_up = Zone.objects.bulk_create(
        Zone(
            campaign=campaign,
            slug=place.key,
            name=place.name,
            note=notes[place.key],
            abolished=place.ended,
            canon_key=place.key,
        )
        for place in zones
    )
    between = Zone.powers.through
    between.objects.bulk_create(
        between(zone=row, power=powers[key])
        for row, place in zip(set_up, zones, strict=True)
        for key in place.links
        if key in powers
    )


def told(entry: canon.Entry, day: StoryDate) -> str:
    """What canon tells of a thing, as Markdown, where all of it lies behind a day of the story; else nothing.

    Its sentences bear no dates of their own ("four years later"), so what tells of one later year is left out whole:
    the GM reads it as canon, and nobody reads as done what may never come about.
    """
    whole = prose(entry)
    years = {int(year) for year in _YEAR.findall(whole)}
    return whole if all(canon.has_happened(StoryDate(year), by=day) for year in years) else ""


def _copy_powers(campaign: Campaign, powers: Iterable[canon.Power]) -> dict[str, Power]:
    powers = list(powers)
    summaries = {power.key: told(power, campaign.starts) for power in powers}
    rows = Power.objects.bulk_create(
        Power(
            campaign=campaign,
            slug=power.key,
            name=power.name,
            short=power.short,
            adjective=power.adjective,
            aliases=", ".join(_aliases(power)),
            colour=power.colour,
            emblem=power.emblem,
            summary=summaries[power.key],
            summary_html=render(summaries[power.key]),
            canon_key=power.key,
        )
        for power in powers
    )
    return {row.canon_key: row for row in rows}


def _aliases(power: canon.Power) -> tuple[str, ...]:
    called = () if power.called in (power.name, *power.aliases) else (power.called,)
    return (*called, *power.aliases)


def _copy_treaties(campaign: Campaign, treaties: tuple[canon.Treaty, ...]) -> dict[str, Treaty]:
    added = [_add_treaty(treaty) for treaty in treaties]
    rows = Treaty.objects.bulk_create(
        Treaty(campaign=campaign, summary_html=render(treaty.summary), **_columns(treaty)) for treaty in added
    )
    by_slug = {row.slug: row for row in rows}
    provisions = [_add_provision(provision) for treaty in treaties for provision in treaty.provisions]
    Provision.objects.bulk_create(
        Provision(
            **{**_columns(provision), "treaty": by_slug[provision.treaty]}, text_html=render(provision.text)
        )
        for provision in provisions
    )
    return by_slug


def _columns(change: changes.Change) -> dict[str, Any]:
    return {each.name: getattr(change, each.name) for each in dataclasses.fields(change)}


# Canon as changes: what a future would do, and what the opening copies


def prose(entry: canon.Entry) -> str:
    """An entry's summary and text as Markdown."""
    return f"{entry.summary}\n\n{entry.text}"


def _add_treaty(treaty: canon.Treaty) -> changes.AddTreaty:
    return changes.AddTreaty(
        slug=treaty.key,
        name=treaty.name,
        numeral=treaty.numeral,
        signed=treaty.signed,
        has_forum=treaty.has_forum,
        accrued_rights_survive=treaty.accrued_rights_survive,
        summary=prose(treaty),
        canon_key=treaty.key,
    )


def _add_provision(provision: canon.Provision) -> changes.AddProvision:
    exemption = provision.exemption
    return changes.AddProvision(
        treaty=provision.treaty,
        number=provision.number,
        title=provision.name,
        text=prose(provision),
        exemption=clip(exemption.text, 300) if exemption else "",
        exemption_limit=exemption.limit if exemption else None,
        exemption_window_days=exemption.window_days if exemption else None,
        canon_key=provision.key,
    )


def add_event(event: canon.Event) -> changes.AddEvent:
    """An event of canon as a campaign takes it over."""
    # A date that is only a bound says so in words: the timeline's columns cannot.
    dated = "" if event.dating is canon.Dating.IN else f"*{event.when()}.*\n\n"
    return changes.AddEvent(
        slug=event.key,
        on=event.date,
        until=event.ended,
        title=clip(event.name),
        text=f"{dated}{prose(event)}",
        canon_key=event.key,
    )


def _event_row(campaign: Campaign, event: canon.Event) -> Event:
    added = add_event(event)
    return Event(
        campaign=campaign,
        slug=added.slug,
        on=added.on,
        until=added.until,
        title=added.title,
        text=added.text,
        text_html=render(added.text),
        audience=Audience.ALL,
        canon_key=added.canon_key,
    )


def entry_row(campaign: Campaign, entry: canon.Entry, kinds: Mapping[str, Kind], day: StoryDate) -> Entry:
    """A person, place, vessel or organisation of canon as a page of the archive, open to all, as told on a day."""
    ended = isinstance(entry, canon.Place) and entry.ended is not None
    text = told(entry, day)
    return Entry(
        campaign=campaign,
        slug=entry.key,
        kind=kinds[_ENTRY_KINDS[entry.kind]],
        name=entry.name,
        fate=_FATE if ended else "",
        text=text,
        text_html=render(text),
        audience=Audience.ALL,
        canon_key=entry.key,
    )


def _future_rows(campaign: Campaign, record: Canon) -> Iterator[Future]:
    """One future a decision: what an event brings about waits with the event, not beside it."""
    ahead = record.after(campaign.starts)
    events = {future.key for future in ahead if future.kind is FutureKind.EVENT}
    grouped: dict[str, list[canon.Future]] = {}
    for future in ahead:
        head = future.cause if future.cause in events else future.key
        grouped.setdefault(head, []).append(future)
    for head, parts in grouped.items():
        first = next(part for part in parts if part.key == head)
        found = [change for part in parts for change in _changes_of(part, record)]
        yield Future(
            campaign=campaign,
            canon_key=head,
            on=first.date,
            title=clip(first.title),
            changes=[changes.to_json(change) for change in found],
        )


def _changes_of(future: canon.Future, record: Canon) -> Iterator[changes.Change]:
    """What a piece of canon ahead would do to the campaign."""
    subject = record.find(future.subject)
    match subject:
        case canon.Event() if future.kind is FutureKind.EVENT:
            yield changes.AddEvent(**{**_columns(add_event(subject)), "until": None})
        case canon.Event():
            yield changes.Amend(subject="event", key=subject.key, field="until", value=str(future.date))
        case canon.Treaty():
            yield _add_treaty(subject)
            yield from (_add_provision(provision) for provision in subject.provisions)
        case canon.AdherenceSpan() if future.kind is FutureKind.ENTRY:
            yield changes.EnterTreaty(
                treaty=subject.treaty, power=subject.power, on=future.date, canon_key=subject.key
            )
        case canon.AdherenceSpan():
            yield changes.LeaveTreaty(treaty=subject.treaty, power=subject.power, on=future.date)
        case canon.Place():
            yield changes.SetFate(entry=subject.key, fate=_FATE)
            if subject.type is canon.PlaceType.ZONE:
                yield changes.AbolishZone(zone=subject.key, on=future.date)
        case _:
            raise TypeError(f"No change carries out {future}.")


def newcomers(record: Canon, event: str) -> Iterator[canon.Entry]:
    """The people, places, vessels and organisations that an event of canon refers to."""
    for entry in record.entries:
        if entry.kind in _ENTRY_KINDS and any(seen.key == event for seen in record.mentions(entry.key)):
            yield entry
