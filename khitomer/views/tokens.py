"""Pictures for use elsewhere, as PNG: a power's emblem and seal; an entry's token and card, as its viewer knows it."""

import io
from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.http import require_safe
from PIL import Image

from khitomer import imaging
from khitomer.access import Request, Viewer, member_required
from khitomer.drawing import medals, tokens
from khitomer.markup import plain
from khitomer.models import Entry
from khitomer.reading import texts_for
from khitomer.views.archive import get_entry
from khitomer.views.pictures import contents, handed_over
from khitomer.views.powers import get_power

DRAWN = "1"
"""Counts up when the same values are drawn otherwise, so that no browser keeps the former picture."""
USUAL = 512
WORDS_ON_CARD = 420


@member_required
@require_safe
def power_emblem(request: Request, power: str) -> HttpResponse:
    found, size = get_power(request.viewer, power), size_of(request)
    looks = found.emblem, found.colour, size
    return as_png(request, lambda: medals.emblem(*looks), "emblem", *looks)


@member_required
@require_safe
def power_seal(request: Request, power: str) -> HttpResponse:
    found, size = get_power(request.viewer, power), size_of(request)
    looks = found.emblem, found.colour, size
    return as_png(request, lambda: medals.wax_seal(*looks), "seal", *looks)


@member_required
@require_safe
def entry_token(request: Request, entry: str) -> HttpResponse:
    """The entry's picture in its square, or the letters of its name, in the ring of the power that `?power=` names."""
    viewer, size = request.viewer, size_of(request)
    found = get_entry(viewer, entry)
    slug = request.GET.get("power", "")
    power = get_power(viewer, slug) if slug else None
    ring = tokens.Ring(power.emblem, power.colour) if power else None
    return as_png(
        request,
        lambda: tokens.token(found.name, portrait(found), ring, size),
        "token",
        found.name,
        ring,
        size,
        *picture_parts(found),
    )


@member_required
@require_safe
def entry_card(request: Request, entry: str) -> HttpResponse:
    found = get_entry(request.viewer, entry)
    words = words_of(request.viewer, found)
    return as_png(
        request, lambda: tokens.card(*words, scene(found)), "card", *words, *picture_parts(found), dpi=True
    )


# What the views share


def words_of(viewer: Viewer, entry: Entry) -> tuple[str, str, str]:
    """Name, kind and the first words of an entry as this viewer reads it: those of a secret, where one stands in."""
    reading = texts_for(viewer, [entry])[entry.pk]
    return entry.name, str(entry.kind), plain(reading.text, WORDS_ON_CARD)


def size_of(request: Request) -> int:
    """The size that was asked for, brought within what is drawn; the usual one for none, and for what is no number."""
    asked = request.GET.get("size", "")
    if not (asked.isascii() and asked.isdigit()) or len(asked) > 6:
        return USUAL
    return min(max(int(asked), medals.SMALLEST), medals.LARGEST)


def portrait(entry: Entry) -> Image.Image | None:
    """The square of the entry's picture. The whole has the pixels for the largest token; the master is for paper."""
    if entry.picture is None:
        return None
    image = imaging.reopened(contents(entry.picture.whole))
    return imaging.square_of(image, entry.picture.left, entry.picture.top, entry.picture.side)


def scene(entry: Entry) -> Image.Image | None:
    """The part of the entry's picture that a card has room for, about its focal point."""
    if entry.picture is None:
        return None
    left, top, right, bottom = tokens.PICTURE_ON_CARD
    image = imaging.reopened(contents(entry.picture.whole))
    shape = (right - left) / (bottom - top)
    return image.crop(imaging.cut_for(image.size, shape, entry.picture.focal))


def picture_parts(entry: Entry) -> tuple[object, ...]:
    """What of an entry's picture a drawing depends on."""
    kept = entry.picture
    return (str(kept.whole), kept.left, kept.top, kept.side, *kept.focal) if kept else ()


def as_png(
    request: Request, draw: Callable[[], Image.Image], name: str, *made_of: object, dpi: bool = False
) -> HttpResponse:
    """What `draw` draws, once a browser lacks it; `made_of` is all that it is drawn from."""

    def make() -> bytes:
        out = io.BytesIO()
        more = {"dpi": (imaging.PRINT_DPI, imaging.PRINT_DPI)} if dpi else {}
        draw().save(out, "PNG", **more)
        return out.getvalue()

    parts = repr((DRAWN, name, *made_of))
    return handed_over(request, make, made_of=parts, name=f"{name}.png", content_type="image/png")
