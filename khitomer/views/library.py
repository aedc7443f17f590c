"""The public library: the Accords as recorded. It reads the canon's files and never the database."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from khitomer.access import Request, anonymous_allowed
from khitomer.rules.canon import Canon, Dating, Entry, Event, Kind, Power, Treaty, load
from khitomer.rules.dates import StoryDate, about_stardate
from khitomer.views.library_parts import (
    BY_KIND,
    BY_SLUG,
    SHELVES,
    Article,
    Card,
    Fact,
    Group,
    Reader,
    card_of,
    cards_of,
    drawn,
    grouped,
    reader,
    strip_of,
    wars,
)


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
            Fact("Rests on", cards=cards_of(canon.get("event", key) for key in entry.rests_on)),
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
