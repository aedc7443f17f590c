"""The public library: the Accords as recorded. It reads the canon's files and never the database."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from khitomer.access import Request, anonymous_allowed
from khitomer.drawing import charts
from khitomer.rules.canon import Canon, Dating, Entry, Event, Kind, Power, Provision, Source, Treaty, load
from khitomer.rules.canon_entries import names
from khitomer.rules.dates import StoryDate, stardate


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


def about_stardate(date: StoryDate, until: StoryDate | None = None) -> str:
    """The approximate stardate of a date or a stretch, for display; empty before 2323, where there is none."""
    low, high = stardate(date), stardate(until or date)
    if low is None or high is None:
        return ""
    return f"approximate stardate {low.low:05}" + ("" if low.low == high.high else f" to {high.high:05}")


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
        return StoryDate(last.year + 3)


def drawn(events: Iterable[Event]) -> list[charts.Event]:
    """Events as the timeline's picture takes them; a war is drawn as a band of its own."""
    return [
        charts.Event(event.date, f"{event.name}{OPEN[event.dating]}", url=url_of(event))
        for event in events
        if not event.ended
    ]


def wars(events: Iterable[Event]) -> list[charts.War]:
    """What lasted, as the timeline's bands."""
    return [charts.War(event.date, event.ended, event.name) for event in events if event.ended]


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


def facts_of(canon: Canon, entry: Entry) -> tuple[Fact, ...]:
    """The facts of an entry that its prose need not repeat, line by line; empty ones left out."""
    shelf = BY_KIND[entry.kind]
    found = [Fact("Also called", ", ".join(entry.aliases))]
    if isinstance(entry, Event):
        star = about_stardate(entry.date, entry.ended) if entry.dating is Dating.IN else ""
        found += [
            Fact("Date", entry.when(), star=star),
            Fact("Precision", f"known to the {entry.date.precision.value}"),
            Fact("Fought by", cards=cards_of(map(canon.power, entry.belligerents))),
        ]
    else:
        first = canon.first_recorded(entry.key)
        found.append(
            Fact("First on record", first.words(), star=about_stardate(first)) if first else Fact("")
        )
    for label, attribute in (("Title", "title"), ("Part played", "role"), ("Kind of place", "type")):
        found.append(Fact(label, str(getattr(entry, attribute, ""))))
    for label, attribute in (
        ("Of", "power"),
        ("Home", "home"),
        ("Lies in", "within"),
        ("Abolished by", "ended_by"),
    ):
        card = card_of(canon, getattr(entry, attribute, None))
        found.append(Fact(label, cards=(card,) if card else ()))
    if shelf.kind is Kind.PLACE:
        held = cards_of(place for place in canon.places if place.within == entry.key)
        ended: StoryDate | None = getattr(entry, "ended", None)
        found += [Fact("Holds", cards=held), Fact("Abolished", ended.words() if ended else "")]
    return tuple(fact for fact in found if fact.label and (fact.text or fact.cards))


def belongings(canon: Canon, power: Power) -> tuple[Group, ...]:
    """A power's people, places, vessels and bodies."""
    owned = (*canon.people, *canon.places, *canon.vessels, *canon.organisations)
    return grouped(cards_of(each for each in owned if each.power == power.key))


def neighbours(canon: Canon, entry: Entry) -> tuple[Card | None, Card | None]:
    """The entries before and after this one on its shelf, for reading on."""
    row = [each for each in canon.entries if each.kind == entry.kind]
    at = row.index(entry)
    return (
        Card(row[at - 1]) if at else None,
        Card(row[at + 1]) if at + 1 < len(row) else None,
    )


@anonymous_allowed
def library(request: Request) -> HttpResponse:
    """The library's front."""
    book = reader()
    shelves = [Group(s, cards_of(e for e in book.canon.entries if e.kind == s.kind)) for s in SHELVES]
    treaties = [
        {
            "card": Card(treaty),
            "treaty": treaty,
            "founders": cards_of(book.canon.founders(treaty.key)),
            "provisions": cards_of(treaty.provisions),
        }
        for treaty in book.canon.treaties
    ]
    index = sorted(cards_of(book.canon.entries), key=lambda card: index_key(card.entry))
    context = {
        "shelves": shelves,
        "by": {g.shelf.slug: g for g in shelves},
        "treaties": treaties,
        "index": index,
    }
    return render(request, "khitomer/library.html", context)


def index_key(entry: Entry) -> str:
    """Where an entry stands in the index: articles and capitals do not count."""
    return entry.name.casefold().removeprefix("the ")


@anonymous_allowed
def library_timeline(request: Request) -> HttpResponse:
    """The record as a picture and as a list."""
    book = reader()
    events = book.canon.timeline()
    years: dict[str, list[Card]] = {}
    for event in events:
        years.setdefault(str(event.date.year), []).append(Card(event))
    context = {
        "drawn": drawn(events),
        "wars": wars(events),
        "start": events[0].date,
        "end": book.close,
        "years": [(year, about_stardate(StoryDate.parse(year)), cards) for year, cards in years.items()],
    }
    return render(request, "khitomer/library-timeline.html", context)


@anonymous_allowed
def library_sources(request: Request) -> HttpResponse:
    """What the canon cites, in full, and by which pages."""
    book = reader()
    sources = [
        (source, cards_of(entry for entry in book.canon.entries if source.key in entry.sources))
        for source in book.canon.sources
    ]
    return render(request, "khitomer/library-sources.html", {"sources": sources})


@anonymous_allowed
def library_kind(request: Request, kind: str) -> HttpResponse:
    """One shelf."""
    shelf = BY_SLUG.get(kind)
    if shelf is None:
        raise Http404
    cards = cards_of(entry for entry in load().entries if entry.kind == shelf.kind)
    return render(request, "khitomer/library-kind.html", {"shelf": shelf, "cards": cards, "shelves": SHELVES})


@anonymous_allowed
def library_entry(request: Request, kind: str, key: str) -> HttpResponse:
    """One entry's page."""
    book, shelf = reader(), BY_SLUG.get(kind)
    try:
        entry = book.canon.get(shelf.kind, key) if shelf else None
    except KeyError:
        entry = None
    if not isinstance(entry, Entry):
        raise Http404
    before, after = neighbours(book.canon, entry)
    context = {
        "entry": entry,
        "shelf": shelf,
        "card": Card(entry),
        "text": book.prose(entry.text, on=entry),
        "facts": facts_of(book.canon, entry),
        "events": book.events(entry),
        "links": grouped(book.links(entry)),
        "mentioned_by": grouped(book.mentioned_by(entry)),
        "sources": book.sources(entry),
        "before": before,
        "after": after,
    }
    if isinstance(entry, Treaty):
        return render(request, "khitomer/library-treaty.html", context | treaty_context(book, entry))
    if isinstance(entry, Power):
        context |= power_context(book, entry)
    if isinstance(entry, Event):
        context["jurisdiction"] = book.prose(entry.jurisdiction, on=entry)
    return render(request, "khitomer/library-entry.html", context)


def treaty_context(book: Reader, treaty: Treaty) -> dict[str, object]:
    """What a treaty's page has beyond every entry's: its articles, its parties and its reach."""
    articles = [
        Article(
            provision,
            book.prose(provision.text, on=provision),
            book.links(provision),
            book.mentioned_by(provision),
            book.sources(provision),
        )
        for provision in treaty.provisions
    ]
    return {
        "articles": articles,
        "founders": cards_of(book.canon.founders(treaty.key)),
        "bonds": book.bonds(treaty=treaty.key),
        "strip": strip_of(book, treaty),
        "star": about_stardate(treaty.signed),
        "signed_at": card_of(book.canon, treaty.signed_at),
        "place": card_of(book.canon, treaty.place),
        "jurisdiction": book.prose(treaty.jurisdiction, on=treaty),
    }


def power_context(book: Reader, power: Power) -> dict[str, object]:
    """What a power's page has beyond every entry's: its adherence, and what is its own."""
    return {
        "bonds": book.bonds(power=power.key),
        "belongings": belongings(book.canon, power),
        "strips": [
            strip_of(book, treaty, only=power)
            for treaty in book.canon.treaties
            if book.canon.spans(power=power.key, treaty=treaty.key)
        ],
    }
