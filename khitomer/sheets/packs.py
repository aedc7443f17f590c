"""Binding sheets into a pack: what goes into which is told by whoever knows of the occasion.

An app built on the campaign puts a function for each sort of pack into `PACKERS` in its `AppConfig.ready`. It is called
outside of any request, with the eyes of one reader, and gives the sheets of that reader alone.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connections, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from khitomer import printing
from khitomer.access import Viewer
from khitomer.actions import packs as actions
from khitomer.errors import Refused
from khitomer.models import Pack
from khitomer.rules.press import Press, Sides
from khitomer.sheets import Drawn, Place, Sheet
from khitomer.sheets.answers import dress_of, shown
from khitomer.sheets.copies import Copy, copy_for

logger = logging.getLogger(__name__)

BASE = "http://khitomer.invalid/"
"""What addresses on the sheets of a pack are resolved against; nothing is ever fetched from it."""


WAITING_BEATS = 20
"""Seconds after which a pack that waits says again that it does."""

_making = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Part:
    """One sheet of a pack: what the contents call it, its template, what that is given, and its pictures."""

    title: str
    template: str
    context: Mapping[str, Any]
    pictures: Mapping[str, Place] = field(default_factory=dict)
    turn: str = ""
    cut: bool = False
    single: bool = False


@dataclass(frozen=True)
class Occasion:
    """What a pack is for: what its cover says, and a line below that."""

    title: str
    line: str
    parts: Sequence[Part]


Packer = Callable[[Copy, str], Occasion]

PACKERS: dict[str, Packer] = {}
"""By the sort of the pack, what gives one reader's copy of what it is for, from what it is about."""


def part_of(eyes: Viewer, sheet: Sheet) -> Part | None:
    """A handout, made or not, as a part of a pack; None where those eyes see nothing of it."""
    drawn: Drawn | None = sheet.kind.draw(eyes, sheet)
    if drawn is None:
        return None
    return Part(
        title=sheet.title,
        template=sheet.kind.template,
        context=drawn.context,
        pictures=drawn.pictures,
        turn=sheet.kind.turn or "",
        cut=sheet.kind.cut,
        single=sheet.kind.single,
    )


def start(pack: Pack) -> None:
    """Have the pack made, once the request that asked for it is settled."""
    transaction.on_commit(lambda: threading.Thread(target=_apart, args=[pack.pk], daemon=True).start())


def _apart(key: int) -> None:
    """Make one, when those before it in this process are made; until then its row says that somebody will.

    Whoever waits holds no connection meanwhile: a database has fewer of them than there may be packs.
    """
    try:
        pack = Pack.objects.select_related("by__user", "by__power", "by__campaign", "campaign").get(pk=key)
        connections.close_all()
        while not _making.acquire(timeout=WAITING_BEATS):
            actions.wait(pack=pack, now=timezone.now())
            connections.close_all()
        try:
            make(pack)
        finally:
            _making.release()
    except actions.Cancelled:
        return
    finally:
        connections.close_all()


def make(pack: Pack) -> None:
    """Draw, lay out and bind a pack, telling its row of each step. What goes wrong is told there, and not raised."""
    try:
        _make(pack)
    except actions.Cancelled:
        return
    except Refused as refused:
        actions.fail(pack=pack, reason=str(refused), now=timezone.now())
    except Exception:
        logger.exception("A pack could not be made.")
        actions.fail(pack=pack, reason="Something went wrong on our side.", now=timezone.now())


def _make(pack: Pack) -> None:
    viewer = Viewer(user=pack.by.user, campaign=pack.campaign, membership=pack.by)
    copy = copy_for(viewer, pack.eyes)
    press = Press().but(pack.press)
    occasion = PACKERS[pack.sort](copy, pack.refers)
    actions.begin(pack=pack, of=len(occasion.parts) + 2, now=timezone.now())

    def contents(placed: Any) -> str:
        given = {"occasion": occasion, "copy": copy, "placed": placed, "campaign": pack.campaign}
        return render_to_string("print/pack.html", {**given, **dress_of(press), "for_pdf": True})

    both = press.sides in (Sides.LONG, Sides.SHORT)
    data, pages = printing.bind(
        (_section(number, part, press) for number, part in enumerate(occasion.parts, start=1)),
        contents=contents,
        base_url=BASE,
        blank=render_to_string("print/blank.html", dress_of(press)) if both else "",
        step=lambda done, doing: actions.step(pack=pack, done=done, doing=doing, now=timezone.now()),
    )
    actions.finish(pack=pack, data=data, pages=pages, now=timezone.now())


def _section(number: int, part: Part, press: Press) -> printing.Section:
    """A part as it is printed: lying or upright as its kind needs, and otherwise as the pack is."""
    turned = press.but({"turn": part.turn}) if part.turn else press
    anchor = f"part-{number}"
    context = {**part.context, **dress_of(turned), "page": part, "part": anchor, "for_pdf": True}
    html = render_to_string(part.template, context)
    return printing.Section(
        title=part.title,
        anchor=anchor,
        html=html,
        pictures=shown(html, part.pictures),
        single=part.single,
    )
