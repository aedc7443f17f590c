"""Who knows what: one's own knowledge, for the GM that of any power or person, and the table of all of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from khitomer.access import Request, Viewer, gm_required, member_required
from khitomer.actions.disclosures import path_of, told_of
from khitomer.forms.audience import players_of
from khitomer.markup import plain
from khitomer.models import (
    THINGS,
    Audience,
    Clock,
    Disclosure,
    Entry,
    Membership,
    Power,
    Role,
    Secret,
    Session,
)
from khitomer.rules.knowledge import Span, spans_of

A_PAGE = 40
"""How many things a page names."""

SORTS = (
    ("entry", "Pages"),
    ("secret", "Secrets"),
    ("event", "Events"),
    ("clock", "Clocks"),
    ("handout", "Handouts"),
)
"""What can be known, as the filter offers it."""

WORDS = {"entry": "page", "secret": "secret", "event": "event", "clock": "clock", "handout": "handout"}


@dataclass(frozen=True)
class Subject:
    """Whose knowledge it is: a power's, which is that of whoever speaks for it, or a person's."""

    token: str
    name: str
    eyes: Viewer
    power: Power | None
    member: Membership | None = None


@dataclass(frozen=True)
class Known:
    """One thing that somebody knows, or knew: where it is read, and how they learned of it."""

    span: Span[Disclosure]
    sort: str
    name: str
    url: str

    @property
    def learned(self) -> Disclosure:
        return self.span.first

    @property
    def through(self) -> list[str]:
        """By what they know of it, in words: everyone, a power, or themselves alone."""
        showings = self.span.in_force or self.span.showings[-1:]
        return [_through(each) for each in showings]


def _through(showing: Disclosure) -> str:
    if showing.power:
        return f"through {showing.power}"
    return f"{showing.person.user} alone" if showing.person else "with everyone"


@member_required
def knowledge(request: Request) -> HttpResponse:
    """What the viewer knows and since when; for the GM, what anybody at the table knows, and knew."""
    viewer = request.viewer
    subject = chosen(viewer, request.GET.get("of", "")) if viewer.is_gm else own(viewer)
    known, past, begun = known_to(viewer, subject) if subject else ([], [], [])
    from_start = request.GET.get("begun") == "shown"
    page = page_of(request, begun if from_start else known)
    context = {
        "here": "knowledge",
        "subject": subject,
        "page": page,
        "groups": [] if from_start else by_session(page.object_list),
        "begun": len(begun),
        "from_start": from_start,
        "past": past if viewer.is_gm else [],
        "known": len(known),
        **(choices(viewer) if viewer.is_gm else {}),
    }
    return render(request, "khitomer/knowledge.html", context)


@gm_required
def knowledge_table(request: Request) -> HttpResponse:
    """Things against powers or persons: who knows what."""
    viewer = request.viewer
    sort = request.GET.get("sort", "")
    sort = sort if sort in THINGS else "secret"
    whole, persons = request.GET.get("all") == "1", request.GET.get("by") == "persons"
    things = things_of(viewer, sort)
    page = page_of(request, things if whole else things.exclude(audience=Audience.ALL))
    columns: list[Any] = (
        list(players_of(viewer.campaign)) if persons else list(viewer.campaign.powers.seated_first())
    )
    context = {
        "here": "knowledge",
        "sort": sort,
        "sorts": SORTS,
        "whole": whole,
        "persons": persons,
        "columns": columns,
        "page": page,
        "rows": [row_of(viewer, thing, columns) for thing in page.object_list],
    }
    return render(request, "khitomer/knowledge-table.html", context)


# Whose knowledge


def own(viewer: Viewer) -> Subject:
    return Subject("", str(viewer.user), viewer, viewer.power, viewer.membership)


def chosen(viewer: Viewer, token: str) -> Subject | None:
    """The power or person whom the GM chose, by default the first player, or else the first power; 404 for no such."""
    campaign = viewer.campaign
    sort, _, key = token.partition(":")
    players = players_of(campaign).select_related("character")
    if not token:
        player = players.first()
        return _person(viewer, player) if player else _power(viewer, campaign.powers.first())
    if sort == "power":
        return _power(viewer, campaign.powers.filter(slug=key).first())
    number = int(key) if sort == "person" and key.isascii() and key.isdigit() and len(key) < 12 else 0
    player = players.filter(pk=number).first()
    if player is None:
        raise Http404
    return _person(viewer, player)


def _person(viewer: Viewer, player: Membership) -> Subject:
    player.campaign = viewer.campaign
    eyes = Viewer(user=player.user, campaign=viewer.campaign, membership=player)
    return Subject(f"person:{player.pk}", str(player.user), eyes, player.power, player)


def _power(viewer: Viewer, power: Power | None) -> Subject | None:
    """A power's own knowledge: that of a delegate who was told nothing alone."""
    if power is None:
        return None
    anyone = Membership(campaign=viewer.campaign, user=viewer.user, role=Role.PLAYER, power=power)
    eyes = Viewer(user=viewer.user, campaign=viewer.campaign, membership=anyone)
    return Subject(f"power:{power.slug}", power.name, eyes, power)


def choices(viewer: Viewer) -> dict[str, Any]:
    return {"powers": viewer.campaign.powers.seated_first(), "players": players_of(viewer.campaign)}


# What they know


def known_to(viewer: Viewer, subject: Subject) -> tuple[list[Known], list[Known], list[Known]]:
    """What somebody knows, the latest first; what was taken back; and what they knew from the start, by name.

    The viewer is who reads it: nobody reads of what was taken back but the GM.
    """
    rows = viewer.campaign.disclosures.told_to(viewer).with_things()
    if viewer.is_gm:
        rows = viewer.campaign.disclosures.seen_by(viewer).reaching(subject.eyes.membership).with_things()
    seen = set(
        viewer.campaign.disclosures.seen_by(subject.eyes)
        .in_force()
        .reaching(subject.eyes.membership)
        .values_list("pk", flat=True)
    )
    known, past, begun = [], [], []
    for showings in by_thing(rows).values():
        for span in spans_of(showings):
            each = _known(viewer, span)
            if not any(showing.pk in seen for showing in span.showings):
                past.append(each)
            elif span.first.from_start:
                begun.append(each)
            else:
                known.append(each)
    known.sort(key=lambda each: (each.learned.at, each.learned.pk), reverse=True)
    past.sort(key=lambda each: (each.span.until or each.learned.at, each.learned.pk), reverse=True)
    return known, past, sorted(begun, key=lambda each: each.name.casefold())


def by_thing(rows: Iterable[Disclosure]) -> dict[tuple[str, int], list[Disclosure]]:
    found: dict[tuple[str, int], list[Disclosure]] = defaultdict(list)
    for row in rows:
        found[row.sort, getattr(row, f"{row.sort}_id")].append(row)
    return found


def _known(viewer: Viewer, span: Span[Disclosure]) -> Known:
    row = span.first
    return Known(span, WORDS[row.sort], words_of(row.thing), address_of(viewer, row.thing))


def words_of(thing: Any) -> str:
    """What a thing is called; a secret has no name, and goes by that of its page."""
    match thing:
        case Secret():
            return str(thing.entry)
        case Entry() | Clock():
            return thing.name
    return str(thing.title)


def address_of(viewer: Viewer, thing: Any) -> str:
    """Where a thing is read, without asking for the campaign once more."""
    page = thing.entry if isinstance(thing, Secret) else thing
    page.campaign = viewer.campaign
    return path_of(thing)


def by_session(known: Iterable[Known]) -> list[tuple[Session | None, list[Known]]]:
    """What was learned in one evening, or between two, under it; the latest first, as it comes."""
    return [
        (shown[0].learned.session, shown)
        for _, rows in groupby(known, key=lambda each: each.learned.session_id)
        if (shown := list(rows))
    ]


# The table


def things_of(viewer: Viewer, sort: str) -> Any:
    """All things of a sort that the GM has, with whom each names."""
    campaign = viewer.campaign
    if sort == "secret":
        return Secret.of(campaign).visible_to(viewer).with_audience().select_related("entry")
    rows = {"entry": "entries", "event": "events", "clock": "clocks", "handout": "handouts"}[sort]
    return getattr(campaign, rows).visible_to(viewer).with_audience()


@dataclass(frozen=True)
class Cell:
    """Whether one power or person knows of one thing, and by what."""

    knows: bool
    by: str = ""


def row_of(viewer: Viewer, thing: Any, columns: list[Any]) -> dict[str, Any]:
    told = told_of(thing)
    cells = []
    for column in columns:
        if told.everyone:
            cells.append(Cell(True, "everyone knows"))
        elif isinstance(column, Power):
            cells.append(Cell(column in told.powers, "as a power"))
        elif column in told.persons:
            cells.append(Cell(True, "was told alone"))
        else:
            cells.append(Cell(told.reaches(column), "through their power"))
    sort = str(thing._meta.model_name)
    return {
        "thing": thing,
        "name": words_of(thing),
        "url": address_of(viewer, thing),
        "sort": sort,
        "key": thing.pk if sort == "secret" else thing.slug,
        "cells": cells,
        "hint": plain(thing.text, 90) if sort == "secret" else "",
    }


def page_of(request: Request, rows: Any) -> Page[Any]:
    """The page that is asked for, the nearest there is."""
    return Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
