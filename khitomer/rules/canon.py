"""The canon: the recorded history of the Accords, read from `khitomer/canon/*.toml`.

Canon is read-only. A campaign copies from it (`Canon.as_of`) and keeps the rest in view (`Canon.after`).
What each kind of entry says stands in `canon_entries`, how a file is read and refused in `canon_reader`;
callers need this module alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from khitomer.rules.canon_entries import (
    AdherenceSpan,
    Dating,
    Entry,
    Event,
    Exemption,
    Item,
    Kind,
    Organisation,
    Person,
    Place,
    PlaceType,
    Power,
    Provision,
    Source,
    Treaty,
    Vessel,
    names,
    references,
    roman,
)
from khitomer.rules.canon_reader import CanonError, read
from khitomer.rules.dates import Answer, StoryDate

__all__ = [
    "CANON",
    "AdherenceSpan",
    "Canon",
    "CanonError",
    "Dating",
    "Entry",
    "Event",
    "Exemption",
    "Future",
    "FutureKind",
    "Kind",
    "Organisation",
    "Person",
    "Place",
    "PlaceType",
    "Power",
    "Provision",
    "Snapshot",
    "Source",
    "Treaty",
    "Vessel",
    "has_happened",
    "load",
    "roman",
]

CANON = Path(__file__).resolve().parent.parent / "canon"
"""The folder of the canon that ships with this work."""


class FutureKind(StrEnum):
    """What sort of change waits, in the order in which changes of one date take place."""

    EVENT = "event"
    SIGNING = "signing"
    LEAVING = "leaving"
    ENTRY = "entry"
    ENDING = "ending"


@dataclass(frozen=True, kw_only=True)
class Future:
    """A piece of canon that a campaign has not yet reached.

    `key` is its own and stable; `subject` is the key of the event, treaty, adherence span or place that it
    concerns; `cause` the event that brings it about, if another does. `in_doubt`: its date cannot be told
    apart from the start.
    """

    kind: FutureKind
    key: str
    date: StoryDate
    title: str
    subject: str
    cause: str | None = None
    in_doubt: bool = False


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Canon as it stood on `date`: later leavings and endings are taken off what they would have ended."""

    date: StoryDate
    powers: tuple[Power, ...]
    treaties: tuple[Treaty, ...]
    adherence: tuple[AdherenceSpan, ...]
    people: tuple[Person, ...]
    places: tuple[Place, ...]
    vessels: tuple[Vessel, ...]
    organisations: tuple[Organisation, ...]
    events: tuple[Event, ...]


def has_happened(what: StoryDate, *, by: StoryDate) -> bool:
    """Whether something dated `what` surely happened by the first day that `by` may mean, that day included.

    What is in doubt has not happened: someone who starts in 2372 finds the withdrawal of 2372 still ahead,
    to be enacted with one decision, rather than behind, to be undone.
    """
    return by.before(what) is Answer.NO


@dataclass(frozen=True, eq=False, kw_only=True)
class Canon:
    """Everything on record. Each tuple is in its file's order, but events, which are in order of date."""

    sources: tuple[Source, ...]
    powers: tuple[Power, ...]
    treaties: tuple[Treaty, ...]
    adherence: tuple[AdherenceSpan, ...]
    people: tuple[Person, ...]
    places: tuple[Place, ...]
    vessels: tuple[Vessel, ...]
    organisations: tuple[Organisation, ...]
    events: tuple[Event, ...]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry with a page: all but sources and spans, each provision after its treaty."""
        found: list[Entry] = [*self.powers]
        for treaty in self.treaties:
            found += [treaty, *treaty.provisions]
        return (*found, *self.people, *self.places, *self.vessels, *self.organisations, *self.events)

    @cached_property
    def _by_key(self) -> Mapping[str, Item]:
        items: list[Item] = [*self.sources, *self.entries, *self.adherence]
        return {item.key: item for item in items}

    @cached_property
    def _by_name(self) -> Mapping[str, Entry]:
        return {name.casefold(): entry for entry in self.entries for name in names(entry)}

    def find(self, key: str) -> Item:
        """The item with this key, of whatever kind. Raises KeyError when there is none."""
        return self._by_key[key]

    def get(self, kind: Kind | str, key: str) -> Item:
        """The item of this kind with this key. Raises KeyError when there is none of that kind."""
        found = self._by_key[key]
        if found.kind != kind:
            raise KeyError(key)
        return found

    def treaty(self, key: str) -> Treaty:
        """The treaty with this key. Raises KeyError when there is none."""
        return {treaty.key: treaty for treaty in self.treaties}[key]

    def power(self, key: str) -> Power:
        """The power with this key. Raises KeyError when there is none."""
        return {power.key: power for power in self.powers}[key]

    def named(self, name: str) -> Entry | None:
        """The entry that goes by this name or alias, in capitals or not: "Cardassian Empire" is the Union."""
        return self._by_name.get(name.casefold())

    def spans(self, *, power: str | None = None, treaty: str | None = None) -> tuple[AdherenceSpan, ...]:
        """The spans of a power, of a treaty, or of one in the other, by date."""
        return tuple(
            span for span in self.adherence if power in (None, span.power) and treaty in (None, span.treaty)
        )

    def founders(self, treaty: str) -> tuple[Power, ...]:
        """The first parties: the powers bound from the signing."""
        signed = self.treaty(treaty).signed
        return tuple(self.power(span.power) for span in self.spans(treaty=treaty) if span.entered == signed)

    def mentions(self, key: str) -> tuple[Entry, ...]:
        """Back-links: every entry that refers to this one, or cites it, in the order of `entries`."""
        return self._mentions.get(key, ())

    @cached_property
    def _mentions(self) -> Mapping[str, tuple[Entry, ...]]:
        found: dict[str, tuple[Entry, ...]] = {}
        for entry in self.entries:
            for key in {ref.key for ref in references(entry)}:
                found[key] = (*found.get(key, ()), entry)
        return found

    def first_recorded(self, key: str) -> StoryDate | None:
        """The date of the earliest event that is, or refers to, this entry; None when none does."""
        telling = [entry for entry in self.mentions(key) if isinstance(entry, Event)]
        itself = self._by_key[key]
        if isinstance(itself, Event):
            telling.append(itself)
        return min((event.date for event in telling), default=None)

    def timeline(self) -> tuple[Event, ...]:
        """The events by date, and by the record's own sequence where dates are equal."""
        return self.events

    def as_of(self, date: StoryDate) -> Snapshot:
        """Canon as it stood on a date, by the measure of `has_happened`.

        Powers, places and organisations are always there. People and vessels are left out while the record's
        first word of them is surely later: someone who starts in 2293 meets Gorkon, and not yet Gowron. An
        event placed only "by" or "from" a year counts as of that year.
        """
        return Snapshot(
            date=date,
            powers=self.powers,
            treaties=tuple(treaty for treaty in self.treaties if has_happened(treaty.signed, by=date)),
            adherence=tuple(
                _as_known(span, "left", "left_by", by=date)
                for span in self.adherence
                if has_happened(span.entered, by=date)
            ),
            people=tuple(person for person in self.people if self._met(person.key, by=date)),
            places=tuple(_as_known(place, "ended", "ended_by", by=date) for place in self.places),
            vessels=tuple(vessel for vessel in self.vessels if self._met(vessel.key, by=date)),
            organisations=self.organisations,
            events=tuple(
                _as_known(event, "ended", by=date)
                for event in self.events
                if has_happened(event.date, by=date)
            ),
        )

    def _met(self, key: str, *, by: StoryDate) -> bool:
        first = self.first_recorded(key)
        return first is None or by.before(first) is not Answer.YES

    def after(self, date: StoryDate) -> tuple[Future, ...]:
        """What `as_of` leaves for later: each event, signing, entry, leaving and ending, in order of date.

        Together the two account for all of canon once: a change is either in the snapshot or among the
        futures.
        """
        return tuple(
            dataclasses.replace(future, in_doubt=date.before(future.date) is Answer.DOUBT)
            for future in self._changes
            if not has_happened(future.date, by=date)
        )

    @cached_property
    def _changes(self) -> tuple[Future, ...]:
        order = list(FutureKind)
        place_in_record = {event.key: number for number, event in enumerate(self.events)}
        changes = [
            *self._event_changes(),
            *self._treaty_changes(),
            *self._adherence_changes(),
            *self._place_changes(),
        ]
        return tuple(
            sorted(
                changes,
                key=lambda change: (
                    change.date,
                    place_in_record.get(change.cause or change.key, len(self.events)),
                    order.index(change.kind),
                    change.key,
                ),
            )
        )

    def _event_changes(self) -> Iterator[Future]:
        for event in self.events:
            yield Future(
                kind=FutureKind.EVENT, key=event.key, date=event.date, title=event.name, subject=event.key
            )
            if event.ended is not None:
                yield Future(
                    kind=FutureKind.ENDING,
                    key=f"{event.key}-ended",
                    date=event.ended,
                    title=f"End of the {event.name}",
                    subject=event.key,
                )

    def _treaty_changes(self) -> Iterator[Future]:
        for treaty in self.treaties:
            yield Future(
                kind=FutureKind.SIGNING,
                key=f"{treaty.key}-signed",
                date=treaty.signed,
                title=f"{treaty.name} signed",
                subject=treaty.key,
                cause=treaty.signed_at,
            )

    def _adherence_changes(self) -> Iterator[Future]:
        for span in self.adherence:
            power, treaty = self.power(span.power).name, self.treaty(span.treaty).short
            yield Future(
                kind=FutureKind.ENTRY,
                key=f"{span.key}-entered",
                date=span.entered,
                title=f"{power} enters the {treaty}",
                subject=span.key,
                cause=span.entered_by,
            )
            if span.left is not None:
                yield Future(
                    kind=FutureKind.LEAVING,
                    key=f"{span.key}-left",
                    date=span.left,
                    title=f"{power} leaves the {treaty}",
                    subject=span.key,
                    cause=span.left_by,
                )

    def _place_changes(self) -> Iterator[Future]:
        for place in self.places:
            if place.ended is not None:
                yield Future(
                    kind=FutureKind.ENDING,
                    key=f"{place.key}-ended",
                    date=place.ended,
                    title=f"{place.name} abolished",
                    subject=place.key,
                    cause=place.ended_by,
                )


_Ending = TypeVar("_Ending", AdherenceSpan, Place, Event)


def _as_known(item: _Ending, ended: str, *cause: str, by: StoryDate) -> _Ending:
    """The item without an end that had not come yet."""
    end: StoryDate | None = getattr(item, ended)
    if end is None or has_happened(end, by=by):
        return item
    not_yet: dict[str, Any] = dict.fromkeys((ended, *cause))
    return dataclasses.replace(item, **not_yet)


def load(folder: Path = CANON) -> Canon:
    """The canon in a folder, read once and kept. Raises CanonError naming file, entry and reason."""
    return _load(folder.resolve())


@cache
def _load(folder: Path) -> Canon:
    return Canon(**read(folder))
