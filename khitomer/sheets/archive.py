"""Cards and sheets drawn from the archive: of each page what its reader reads there."""

from __future__ import annotations

from typing import Any

from khitomer.access import Viewer
from khitomer.forms.sheets import MOST_CARDS, CardsForm, DossierForm
from khitomer.models import Entry, Power
from khitomer.reading import secrets_of, texts_for
from khitomer.rules.imposition import Size
from khitomer.rules.names import fold
from khitomer.rules.press import Turn
from khitomer.sheets import Drawn, Place, Sheet, SheetKind, register
from khitomer.sheets.cards import Card, Deck
from khitomer.sheets.written import ACROSS, address_of, powers_of
from khitomer.views.entry_page import PARTS, above, facts_of
from khitomer.views.linking import linked


def draw_cards(eyes: Viewer, sheet: Sheet) -> Drawn | None:
    """A card for each of the pages that are chosen or bear the tag, as far as these eyes know of them."""
    entries = _entries(eyes, sheet)
    if not entries:
        return None
    read = texts_for(eyes, entries)
    emblems = powers_of(sheet, "emblem")
    whose, named = emblems[0] if emblems else None, _by_name(list(eyes.campaign.powers.all()))
    cards = [_card(entry, read[entry.pk].text, named, whose) for entry in entries]
    size = Size(sheet.details.get("size") or Size.POKER)
    deck = Deck(cards, size, sheet.details.get("back") or "", whose)
    pictures = {
        card.picture_url: Place(card.picture.for_paper, *deck.window, focal=card.picture.focal)
        for card in cards
        if card.picture
    }
    return Drawn({"sheet": sheet, "deck": deck}, pictures)


def _entries(eyes: Viewer, sheet: Sheet) -> list[Entry]:
    chosen, tag = sheet.details.get("entries") or [], sheet.details.get("tag")
    seen = eyes.campaign.entries.visible_to(eyes)
    keys = set(seen.filter(pk__in=chosen).values_list("pk", flat=True))
    if tag:
        keys |= set(seen.filter(tags=tag).values_list("pk", flat=True))
    found = seen.filter(pk__in=keys).defer("text", "text_html").select_related("kind", "picture")
    return list(found.prefetch_related("aliases", "tags").order_by("name", "pk")[:MOST_CARDS])


def _card(entry: Entry, text: str, named: dict[str, Power], whose: Power | None) -> Card:
    if entry.picture:
        entry.picture.campaign = entry.campaign
    own = (named[fold(tag.name)] for tag in entry.tags.all() if fold(tag.name) in named)
    return Card(
        name=entry.name,
        kind=entry.kind.name,
        text=text,
        also=", ".join(alias.name for alias in entry.aliases.all()[:3]),
        fate=entry.fate,
        power=next(own, whose),
        picture=entry.picture,
        picture_url=address_of(entry.picture) if entry.picture else "",
    )


def _by_name(powers: list[Power]) -> dict[str, Power]:
    """The powers by whatever a tag may call them."""
    return {fold(name): power for power in powers for name in (power.name, power.adjective, power.short)}


# One page of the archive


def draw_dossier(eyes: Viewer, sheet: Sheet) -> Drawn | None:
    """A page of the archive on paper: its picture, its facts, its text, and the secrets that these eyes were told."""
    seen = eyes.campaign.entries.visible_to(eyes).select_related("kind", "picture")
    entry = seen.defer("text", "text_html").filter(pk=sheet.details.get("entry")).first()
    if entry is None:
        return None
    secrets = list(secrets_of(eyes, entry)) if sheet.details.get("secrets", True) else []
    reading = texts_for(eyes, [entry])[entry.pk]
    text, *told = linked(eyes, [reading.html, *(secret.text_html for secret in secrets)])
    context: dict[str, Any] = {
        "sheet": sheet,
        "entry": entry,
        "aliases": [alias.name for alias in entry.aliases.all()],
        "tags": list(entry.tags.all()),
        "above": above(eyes, entry),
        "parts": list(entry.parts.visible_to(eyes).only("name", "parent").order_by("name")[:PARTS]),
        "facts": facts_of(eyes, entry),
        "text": text,
        "secrets": list(zip(secrets, told, strict=True)),
        "whole": eyes.is_gm,
    }
    pictures = {}
    if entry.picture:
        entry.picture.campaign = entry.campaign
        context["picture_url"] = address_of(entry.picture)
        context["wide"] = entry.picture.width > 1.2 * entry.picture.height
        pictures[context["picture_url"]] = Place(entry.picture.for_paper, ACROSS, 95)
    return Drawn(context, pictures)


register(
    SheetKind(
        key="cards",
        label="Dossier cards",
        group="Cards and sheets",
        says="Pages of the archive as cards to cut out: who and what one meets.",
        template="print/cards.html",
        draw=draw_cards,
        form=CardsForm,
        turn=Turn.PORTRAIT,
        cut=True,
        backs=True,
    ),
    SheetKind(
        key="dossier",
        label="Dossier",
        group="Cards and sheets",
        says="One page of the archive over a whole sheet: a vessel, a place, a person, with all there is on it.",
        template="print/dossier.html",
        draw=draw_dossier,
        form=DossierForm,
    ),
)
