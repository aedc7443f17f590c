"""What is written by hand: a page, a letter, a communiqué, an intercepted message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from khitomer.access import Viewer
from khitomer.forms.handouts import CommuniqueForm, InterceptForm, LetterForm, PageForm
from khitomer.models import Picture, Power
from khitomer.rules.dates import StoryDate
from khitomer.rules.redaction import BAR
from khitomer.sheets import Drawn, Place, Sheet, SheetKind, register
from khitomer.views.linking import linked

_BARS = re.compile(f"{BAR[0]}+")
_BAR = '<span class="blacked-out"><span class="visually-hidden">blacked out</span></span>'
ACROSS, DOWN = 162.0, 150.0
"""Width and height of a picture on a page, in millimetres at most: what Letter has between its margins."""


def with_bars(text: str) -> SafeString:
    """Safe HTML in which what was blacked out is a drawn bar, which says so to whoever hears the page."""
    return mark_safe(_BARS.sub(_BAR, text))  # noqa: S308  (it was safe before)


def address_of(picture: Picture) -> str:
    """Where the picture of a handout is served."""
    return reverse(
        "picture", kwargs={"campaign": picture.campaign.slug, "token": picture.token, "size": "whole"}
    )


def powers_of(sheet: Sheet, name: str) -> list[Power]:
    """The powers that a detail names, in the order of their names."""
    given = sheet.details.get(name)
    keys = given if isinstance(given, list) else [given] if given else []
    return list(sheet.campaign.powers.filter(pk__in=keys)) if keys else []


def date_of(sheet: Sheet, name: str) -> StoryDate | None:
    """The story date that a detail gives."""
    given = sheet.details.get(name)
    return StoryDate.parse(given) if given else None


def texts_of(eyes: Viewer, texts: Sequence[str]) -> list[SafeString]:
    """Texts as they stand on paper, in one query: each name a plain word, what was blacked out a bar."""
    return [with_bars(text) for text in linked(eyes, texts)]


def draw_written(eyes: Viewer, sheet: Sheet) -> Drawn:
    """The words, with each name a plain word, and the picture."""
    (text,) = texts_of(eyes, [sheet.text])
    context: dict[str, Any] = {"sheet": sheet, "text": text, "details": sheet.details}
    pictures = {}
    if sheet.picture:
        sheet.picture.campaign = sheet.campaign
        context["picture_url"] = address_of(sheet.picture)
        pictures[context["picture_url"]] = Place(sheet.picture.for_paper, ACROSS, DOWN)
    return Drawn(context, pictures)


def draw_letter(eyes: Viewer, sheet: Sheet) -> Drawn:
    drawn = draw_written(eyes, sheet)
    heads = powers_of(sheet, "letterhead")
    drawn.context.update(letterhead=heads[0] if heads else None, dated=date_of(sheet, "dated"))
    return drawn


def draw_communique(eyes: Viewer, sheet: Sheet) -> Drawn:
    drawn = draw_written(eyes, sheet)
    drawn.context.update(issuers=powers_of(sheet, "issuers"), dated=date_of(sheet, "dated"))
    return drawn


def draw_intercept(eyes: Viewer, sheet: Sheet) -> Drawn:
    drawn = draw_written(eyes, sheet)
    takers = powers_of(sheet, "taken_by")
    drawn.context.update(taken_by=takers[0] if takers else None, dated=date_of(sheet, "dated"))
    return drawn


register(
    SheetKind(
        key="page",
        label="Page",
        group="Written",
        says="Whatever you write, with a picture if you like.",
        template="print/handout.html",
        draw=draw_written,
        form=PageForm,
        written=True,
    ),
    SheetKind(
        key="letter",
        label="Letter",
        group="Written",
        says="On a power's letterhead, dated, addressed and signed.",
        template="print/letter.html",
        draw=draw_letter,
        form=LetterForm,
        written=True,
    ),
    SheetKind(
        key="communique",
        label="Communiqué",
        group="Written",
        says="What one power, or several together, let the quadrant know.",
        template="print/communique.html",
        draw=draw_communique,
        form=CommuniqueForm,
        written=True,
    ),
    SheetKind(
        key="intercept",
        label="Intercepted message",
        group="Written",
        says="Words meant for somebody else, with as much of them blacked out as you wish.",
        template="print/intercept.html",
        draw=draw_intercept,
        form=InterceptForm,
        written=True,
    ),
)
