"""The kinds of handouts: what each is, the form that asks for it, and how it is drawn for one pair of eyes.

A handout keeps what its form was given; what it says of the campaign is drawn when it is looked at, with the rights of
whoever it is drawn for. So nothing is in the file that its reader may not know. An app built on the campaign registers
its own kinds in its `AppConfig.ready`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models.fields.files import FieldFile

from khitomer.access import Viewer
from khitomer.actions.handouts import as_written
from khitomer.models import Campaign, Handout, Picture
from khitomer.rules.press import Turn


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What is to be drawn: a handout as it is kept, or as it stands in a form. `text` is safe HTML."""

    campaign: Campaign
    kind: SheetKind
    title: str
    text: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    picture: Picture | None = None


@dataclass(frozen=True)
class Place:
    """A picture in its place on the page: the file with the most pixels, and how wide and high it stands there at
    most, in millimetres.

    One with a `focal` point, in thousandths of its width and height, fills its place: it is cut to that shape, with
    that point in sight.
    """

    file: FieldFile
    width: float
    height: float
    focal: tuple[int, int] | None = None


@dataclass(frozen=True)
class Drawn:
    """What the template is given, and by its address on the page each picture that stands there."""

    context: dict[str, Any]
    pictures: Mapping[str, Place] = field(default_factory=dict)


Draw = Callable[[Viewer, Sheet], Drawn | None]


@dataclass(frozen=True, kw_only=True)
class SheetKind:
    """One kind. `says` is what it is for, in a sentence; `draw` gives None where those eyes see nothing to draw.

    `written` kinds are words and a picture, and read on a screen like any page. `turn` is set where the paper lies but
    one way; `cut` kinds have edges to cut or fold by, and `backs` something to print behind. On the back of `single`
    ones nothing may stand, whatever is chosen. A `sealed` one is shown to nobody but those it is made for. `form` is a
    `khitomer.forms.handouts.HandoutForm`.
    """

    key: str
    label: str
    group: str
    says: str
    template: str
    draw: Draw
    form: Any
    written: bool = False
    turn: Turn | None = None
    cut: bool = False
    backs: bool = False
    single: bool = False
    sealed: bool = False


KINDS: dict[str, SheetKind] = {}
"""Every kind by its key, in the order in which they are offered."""

GROUPS = ("Written", "Law", "Conference", "Cards and sheets", "Story")
"""Under these headings."""


def kind_of(key: str) -> SheetKind:
    """The kind of this key; a handout of a kind that no app knows any more is a written page."""
    return KINDS.get(key) or KINDS["page"]


def register(*kinds: SheetKind) -> None:
    """Offer these kinds, too."""
    for kind in kinds:
        KINDS[kind.key] = kind


def sheet_of(handout: Handout) -> Sheet:
    """A handout as it is kept, without what is blacked out."""
    written = as_written(handout)
    return Sheet(
        campaign=handout.campaign,
        kind=kind_of(handout.kind),
        title=handout.title,
        text=handout.text_html,
        details={name: written[name] for name in written if name not in ("title", "text")},
        picture=handout.picture,
    )
