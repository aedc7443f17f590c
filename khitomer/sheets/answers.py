"""A sheet on the screen, with how it is to be printed beside it, and the same sheet as a PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from khitomer import printing
from khitomer.access import Request
from khitomer.forms.press import PressForm
from khitomer.models import PressMemory, User
from khitomer.rules.press import Press, Turn
from khitomer.sheets import Place
from khitomer.sheets.copies import Copy, readers_of
from khitomer.sheets.places import printed


@dataclass(frozen=True, kw_only=True)
class Page:
    """One sheet, drawn: what it is called, its template and what that is given, where it leads back to, where its PDF
    is, and the PDF's file name. `turn`, `cut`, `backs` and `single` are as of its kind.

    `copy` is whose it is, of `copies` that a GM may choose from; `handout` is the address of the handout that it is, if
    it is one.
    """

    name: str
    template: str
    context: Mapping[str, Any]
    back: str
    pdf: str
    file: str
    pictures: Mapping[str, Place] = field(default_factory=dict)
    turn: Turn | None = None
    cut: bool = False
    backs: bool = False
    single: bool = False
    copy: Copy | None = None
    copies: Sequence[Copy] = ()
    handout: str = ""


def press_of(user: User, given: Mapping[str, Any] | None = None) -> Press:
    """How a person has things printed: as they last did, but for what an address says otherwise."""
    memory = PressMemory.objects.filter(user=user).first()
    return Press().but(memory.kept if memory else {}).but(given or {})


def on_screen(request: Request, page: Page) -> HttpResponse:
    """The sheet as a page that prints from the browser; what the address says of the press goes before the memory."""
    press = _press(request, page)
    asked = press.given | ({"for": page.copy.token} if page.copy and page.copy.token else {})
    context = {
        **page.context,
        **dress_of(press),
        "page": page,
        "form": PressForm(
            initial=vars(press), turns=page.turn is None, cut=page.cut, backs=page.backs, single=page.single
        ),
        "pdf_url": f"{page.pdf}?{urlencode(asked)}" if printing.available() else "",
        "back_url": page.back,
        "here": request.path,
        "whose": page.copy.token if page.copy else "",
        "readers": readers_of(request.viewer),
    }
    return render(request, page.template, context)


def as_pdf(request: Request, page: Page) -> HttpResponse:
    """The same page as a PDF. Where none can be made, the refusal says what would do."""
    press = _press(request, page)
    context = {**page.context, **dress_of(press), "page": page, "for_pdf": True}
    html = render_to_string(page.template, context, request)
    data = printing.pdf(html, base_url=request.build_absolute_uri("/"), pictures=shown(html, page.pictures))
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{page.file}-{press.paper.value}.pdf"'
    return response


def shown(html: str, pictures: Mapping[str, Place]) -> dict[str, bytes]:
    """By their address, the pictures that stand on a page; one that the disk has lost is left blank."""
    found = {}
    for address, place in pictures.items():
        if address in html:
            with suppress(FileNotFoundError):
                found[address] = printed(place)
    return found


def _press(request: Request, page: Page) -> Press:
    assert isinstance(request.user, User)
    press = press_of(request.user, request.GET)
    return press.but({"turn": page.turn}) if page.turn else press


def dress_of(press: Press) -> dict[str, Any]:
    """What the base of every sheet goes by."""
    turned = "-landscape" if press.turn == Turn.LANDSCAPE else ""
    classes = [f"paper-{press.paper}", f"turn-{press.turn}", f"sides-{press.sides}"]
    classes += [name for name, on in (("ink-saving", press.ink_saving), ("large", press.large)) if on]
    return {
        "press": press,
        "paper": press.paper.value,
        "paper_css": f"css/paper-{press.paper}{turned}.css",
        "bleed_css": f"css/bleed-{press.bleed}.css",
        "sheet_classes": " ".join(classes),
    }
