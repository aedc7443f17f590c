"""What the story has come to: an evening retold, and the clocks as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from khitomer.access import Viewer
from khitomer.drawing import charts
from khitomer.evening import guests, recaps_of
from khitomer.forms.sheets import ClocksForm, RecapForm
from khitomer.models import Session, SessionState
from khitomer.sheets import Drawn, Sheet, SheetKind, register
from khitomer.views.linking import linked

A_PAGE = 6
"""How many clocks stand on a page."""


def draw_recap(eyes: Viewer, sheet: Sheet) -> Drawn | None:
    """What these eyes may read of an evening: what everyone was told, and what they were told alone."""
    session = eyes.campaign.sessions.filter(pk=sheet.details.get("session")).first()
    if session is None:
        return None
    apart = recaps_of(eyes, session)
    recap, *told = linked(eyes, [session.recap_html, *(each.text_html for each in apart)])
    context: dict[str, Any] = {
        "sheet": sheet,
        "session": session,
        "recap": recap,
        "apart": list(zip(apart, told, strict=True)),
        "whole": eyes.is_gm,
        "present": _present(session) if sheet.details.get("attendance", True) else [],
    }
    return Drawn(context)


def _present(session: Session) -> list[str]:
    """Who was there, with the power they speak for: everyone at the table reads that."""
    if session.state == SessionState.PLANNED:
        return []
    members = [guest.member for guest in guests(session) if guest.row and guest.row.present]
    return [f"{each.user} ({each.power.short})" if each.power else str(each.user) for each in members]


@dataclass(frozen=True)
class Dial:
    """A clock on paper: `face` is None where how far it has run is not for these eyes."""

    name: str
    note: str
    face: charts.Clock | None
    blank: bool

    @property
    def said(self) -> str:
        if self.face is None:
            return "how far it has run is not known"
        if self.blank:
            return f"{self.face.size} segments"
        return f"{self.face.filled} of {self.face.size}"


def draw_clocks(eyes: Viewer, sheet: Sheet) -> Drawn | None:
    """The clocks that are chosen, or all there are, as far as these eyes know of them."""
    shown = eyes.campaign.clocks.shown_to(eyes).order_by("name", "pk")
    chosen, blank = sheet.details.get("clocks") or [], bool(sheet.details.get("blank"))
    if chosen:
        shown = shown.filter(pk__in=chosen)
    dials = [
        Dial(
            clock.name,
            clock.remark,
            None
            if clock.face is None
            else charts.clock(filled=0 if blank else clock.face, size=clock.segments),
            blank,
        )
        for clock in shown
    ]
    if not dials:
        return None
    pages = [dials[begins : begins + A_PAGE] for begins in range(0, len(dials), A_PAGE)]
    return Drawn({"sheet": sheet, "pages": pages, "today": eyes.campaign.today, "blank": blank})


register(
    SheetKind(
        key="clocks",
        label="Clocks",
        group="Cards and sheets",
        says="Clocks as large pies, six to a page: as they stand, or empty for a pencil.",
        template="print/clocks.html",
        draw=draw_clocks,
        form=ClocksForm,
    ),
    SheetKind(
        key="recap",
        label="Recap",
        group="Story",
        says="An evening retold: what everyone was told, and what the reader was told alone.",
        template="print/recap.html",
        draw=draw_recap,
        form=RecapForm,
    ),
)
