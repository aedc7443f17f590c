"""What the library's pages are made of: shelves and cards, and the reader that turns the canon's names into links."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from khitomer.drawing import timelines
from khitomer.rules.canon import Canon, Dating, Entry, Event, Kind, Power, Provision, Source, Treaty, load
from khitomer.rules.canon_entries import names
from khitomer.rules.dates import StoryDate


@dataclass(frozen=True)
class Shelf:
    """One kind of entry in the library: its address, its colour, and what it holds, in a sentence."""

    kind: Kind
    slug: str
    title: str
    one: str
    colour: str
    about: str


SHELVES = (
    Shelf(Kind.TREATY, "treaties", "Treaties", "Treaty", "moss",
          "What was signed at Khitomer: the treaties, their provisions, and who was bound by them when."),
    Shelf(Kind.POWER, "powers", "Powers", "Power", "amber",
          "The states that signed the Accords, left them, or fought beyond their reach."),
    Shelf(Kind.PERSON, "people", "People", "Person", "lilac",
          "Those who made the peace, broke it and put it back."),
    Shelf(Kind.PLACE, "places", "Places", "Place", "sky",
          "The worlds, sectors and zones where the history of the Accords took place."),
    Shelf(Kind.VESSEL, "vessels", "Vessels", "Vessel", "sky",
          "Ships whose names belong to the history of the Accords."),
    Shelf(Kind.ORGANISATION, "organisations", "Organisations", "Organisation", "apricot",
          "Bodies of the powers that had a hand in the history of the Accords."),
    Shelf(Kind.EVENT, "events", "Events", "Event", "brick",
          "What happened, in order of date, from the explosion of Praxis to the Dominion War."),
)  # fmt: skip
OPEN = {Dating.IN: "", Dating.BY: ", or earlier", Dating.FROM: ", or later"}
"""What the picture of the timeline adds to an event that its year alone would place too firmly."""
BY_KIND = {shelf.kind: shelf for shelf in SHELVES}
BY_SLUG = {shelf.slug: shelf for shelf in SHELVES}


@dataclass(frozen=True)
class Card:
    """An entry as other pages show it: its name and address, its power's colours, and its date where it has one."""

    entry: Entry

    @property
    def name(self) -> str:
        if isinstance(self.entry, Provision):
            return f"{self.entry.label} {self.entry.name}"
        return self.entry.name

    @property
    def url(self) -> str:
        return url_of(self.entry)

    @property
    def shelf(self) -> Shelf:
        return BY_KIND[Kind.TREATY if isinstance(self.entry, Provision) else self.entry.kind]

    @property
    def kind_name(self) -> str:
        return "Provision" if isinstance(self.entry, Provision) else self.shelf.one

    @property
    def power(self) -> Power | None:
        key = self.entry.key if isinstance(self.entry, Power) else getattr(self.entry, "power", None)
        return load().power(key) if key else None

    @property
    def when(self) -> str:
        """In words, at the date's own precision; empty where the record dates nothing."""
        if isinstance(self.entry, Event):
            return self.entry.when()
        return self.entry.signed.words() if isinstance(self.entry, Treaty) else ""


@dataclass(frozen=True)
class Fact:
    """One line of an entry's facts: what it is, then words, then links."""

    label: str
    text: str = ""
    cards: tuple[Card, ...] = ()
    star: str = ""


@dataclass(frozen=True)
class Group:
    """Cards of one shelf under its name."""

    shelf: Shelf
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Article:
    """A provision as its treaty's page shows it."""

    provision: Provision
    text: SafeString
    links: tuple[Card, ...]
    mentioned_by: tuple[Card, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Bond:
    """One span of one power in one treaty, with the events that began and ended it."""

    power: Card
    treaty: Card
    entered: StoryDate
    left: StoryDate | None
    entered_by: Card | None
    left_by: Card | None


def url_of(entry: Entry) -> str:
    """The address of an entry's page; a provision is a place on its treaty's page."""
    if isinstance(entry, Provision):
        page = reverse("library-entry", kwargs={"kind": "treaties", "key": entry.treaty})
        return f"{page}#provision-{entry.number}"
    return reverse("library-entry", kwargs={"kind": BY_KIND[entry.kind].slug, "key": entry.key})


def card_of(canon: Canon, key: str | None) -> Card | None:
    """The card of the entry with this key, if a key is given."""
    found = canon.find(key) if key else None
    return Card(found) if isinstance(found, Entry) else None


def cards_of(entries: Iterable[Entry]) -> tuple[Card, ...]:
    return tuple(Card(entry) for entry in entries)


class Reader:
    """One canon with what its pages need: names turned into links, and what refers to what."""

    def __init__(self, canon: Canon) -> None:
        self.canon = canon

    @cached_property
    def _addresses(self) -> dict[str, Entry]:
        found = {name.casefold(): entry for entry in self.canon.entries for name in names(entry)}
        found.update({treaty.short.casefold(): treaty for treaty in self.canon.treaties})
        return found

    @cached_property
    def _names(self) -> re.Pattern[str]:
        # The longest first, so that "Dominion War" is not read as "Dominion". "Khitomer Accords" alone is both
        # treaties and links nowhere, rather than to the world of Khitomer.
        longest = sorted([*self._addresses, "khitomer accords"], key=len, reverse=True)
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest))})(?![\w-])", re.IGNORECASE)

    def prose(self, text: str, *, on: Entry) -> SafeString:
        """Paragraphs as HTML, in which the first mention of each other entry is a link to it."""
        seen = {on.key}
        return mark_safe(  # noqa: S308  (each piece is escaped below)
            "".join(
                f"<p>{''.join(self._linked(part, seen))}</p>" for part in text.strip().split("\n\n") if part
            )
        )

    def _linked(self, text: str, seen: set[str]) -> Iterator[str]:
        end = 0
        for match in self._names.finditer(text):
            entry = self._addresses.get(match[0].casefold())
            if entry is None or entry.key in seen:
                continue
            seen.add(entry.key)
            yield escape(text[end : match.start()])
            yield format_html('<a href="{}">{}</a>', url_of(entry), match[0])
            end = match.end()
        yield escape(text[end:])

    def links(self, entry: Entry) -> tuple[Card, ...]:
        """The entries that this one names as related."""
        found = [self.canon.find(key) for key in dict.fromkeys(entry.links)]
        return cards_of(each for each in found if isinstance(each, Entry))

    def mentioned_by(self, entry: Entry) -> tuple[Card, ...]:
        """The entries that refer to this one and are not already among its links."""
        known = {card.entry.key for card in self.links(entry)}
        return cards_of(each for each in self.canon.mentions(entry.key) if each.key not in known)

    def sources(self, entry: Entry) -> tuple[Source, ...]:
        return tuple(source for source in self.canon.sources if source.key in entry.sources)

    def events(self, entry: Entry) -> tuple[Card, ...]:
        """The dated record of an entry: the events that it links to or that refer to it, in order of date."""
        keys = {card.entry.key for card in (*self.links(entry), *self.mentioned_by(entry))}
        return cards_of(event for event in self.canon.timeline() if event.key in keys)

    def bonds(self, *, power: str | None = None, treaty: str | None = None) -> tuple[Bond, ...]:
        """Adherence, span by span, with what brought each about."""
        return tuple(
            Bond(
                Card(self.canon.power(span.power)),
                Card(self.canon.treaty(span.treaty)),
                span.entered,
                span.left,
                card_of(self.canon, span.entered_by),
                card_of(self.canon, span.left_by),
            )
            for span in self.canon.spans(power=power, treaty=treaty)
        )

    def parties(self, treaty: Treaty) -> list[tuple[str, str, str, list[tuple[StoryDate, StoryDate | None]]]]:
        """What the adherence strip draws: each party with its spans, in the order of entry."""
        spans = self.canon.spans(treaty=treaty.key)
        powers = [self.canon.power(key) for key in dict.fromkeys(span.power for span in spans)]
        return [
            (p.called, p.short, p.colour, [(s.entered, s.left) for s in spans if s.power == p.key])
            for p in powers
        ]

    @property
    def close(self) -> StoryDate:
        """Where the pictures end: a little after the last date on record."""
        last = max(event.ended or event.date for event in self.canon.events)
        return last.plus_years(3)


def drawn(events: Iterable[Event]) -> list[timelines.Event]:
    """Events as the timeline's picture takes them; a war is drawn as a band of its own."""
    return [
        timelines.Event(event.date, f"{event.name}{OPEN[event.dating]}", url=url_of(event))
        for event in events
        if not event.ended
    ]


def wars(events: Iterable[Event]) -> list[timelines.War]:
    """What lasted, as the timeline's bands."""
    return [timelines.War(event.date, event.ended, event.name) for event in events if event.ended]


def strip_of(book: Reader, treaty: Treaty, *, only: Power | None = None) -> dict[str, object]:
    """What the adherence strip of a treaty draws, for all its parties or for one."""
    parties = book.parties(treaty)
    kept = [party for party in parties if only is None or party[1] == only.short]
    return {"card": Card(treaty), "parties": kept, "start": treaty.signed, "end": book.close}


@cache
def _reader(canon: Canon) -> Reader:
    return Reader(canon)


def reader() -> Reader:
    """The library on the canon that ships with this work."""
    return _reader(load())


def grouped(cards: Iterable[Card]) -> tuple[Group, ...]:
    """Cards by shelf, in the shelves' order, without events: those have a list of their own, by date."""
    kept = tuple(cards)
    groups = (Group(shelf, tuple(card for card in kept if card.shelf is shelf)) for shelf in SHELVES)
    return tuple(group for group in groups if group.cards and group.shelf.kind is not Kind.EVENT)
