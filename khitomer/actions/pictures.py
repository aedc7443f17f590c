"""Pictures of entries and handouts: made safe, cut to a card, and gone from the disk when nothing bears them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from khitomer import imaging
from khitomer.actions.locks import lock
from khitomer.errors import Refused
from khitomer.models import Campaign, Entry, Handout, Picture, User

Bearer = Entry | Handout
"""What can have a picture."""

THOUSAND = 1000
STRAY_AFTER = timedelta(days=1)
"""How old a file must be that no row names, before it is taken for one that was left behind."""


@dataclass(frozen=True)
class Drawn:
    """An upload made safe, with its card: what takes its time, done before anything is locked."""

    sizes: imaging.Sizes
    left: int
    top: int
    card: bytes


def draw(data: bytes) -> Drawn:
    """Make an upload safe and cut the largest square from its middle. `Refused` (on `file`) for what is no picture."""
    try:
        sizes = imaging.make_sizes(data)
    except Refused as refused:
        raise Refused(refused.reason, field="file", allowed=refused.allowed) from refused
    made = sizes.whole
    shorter = min(made.width, made.height)
    left, top = (made.width - shorter) // 2, (made.height - shorter) // 2
    card = imaging.cut_square(made.webp, box=(left, top, shorter))
    return Drawn(sizes, left * THOUSAND // made.width, top * THOUSAND // made.height, card)


def add_picture(
    *, campaign: Campaign, data: bytes | Drawn, alt: str = "", by: User, now: datetime
) -> Picture:
    """Keep an upload as a picture of this campaign, with the largest square from its middle as its card.

    `alt` says what it shows. Nobody sees it before something bears it. `Refused` (on `file`) for what is no picture.
    """
    drawn = data if isinstance(data, Drawn) else draw(data)
    picture = _picture(campaign, drawn, alt)
    with _written(picture, drawn), transaction.atomic():
        picture.save()
    return picture


def crop_picture(
    *,
    picture: Picture,
    left: int,
    top: int,
    side: int,
    focal_x: int | None = None,
    focal_y: int | None = None,
    alt: str | None = None,
    by: User,
) -> Picture:
    """Cut the card anew: a square at `left` and `top`, in thousandths of width and height, with a side in thousandths
    of the shorter side. Where given, `focal_x` and `focal_y` say anew what stays in sight in any other shape, and `alt`
    what the picture shows. `Refused` for a square, or a point, outside it.
    """
    with transaction.atomic():
        lock(picture.campaign)
        row = Picture.objects.get(pk=picture.pk)
        if not (0 <= left <= THOUSAND and 0 <= top <= THOUSAND and 50 <= side <= THOUSAND):
            raise Refused(
                "The square does not fit", field="side", allowed="A side of 50 to 1,000 thousandths"
            )
        for name, point in (("focal_x", focal_x), ("focal_y", focal_y)):
            if point is None:
                continue
            if not 0 <= point <= THOUSAND:
                raise Refused(
                    "The focal point is not on the picture", field=name, allowed="0 to 1,000 thousandths"
                )
            setattr(row, name, point)
        row.left, row.top, row.side = left, top, side
        if alt is not None:
            row.alt = alt.strip()
        box = _box(row)
        with row.whole.open("rb") as file:
            card = imaging.cut_square(file.read(), box=box)
        _forget(row.card)
        row.card.save("card.webp", ContentFile(card), save=False)
        try:
            row.save(update_fields=["left", "top", "side", "focal_x", "focal_y", "alt", "card"])
        except BaseException:
            row.card.delete(save=False)
            raise
    return row


def remove_picture(*, picture: Picture, by: User | None) -> None:
    """Take a picture away from whatever bears it; its files go once that is settled. Gone already: nothing to do."""
    with transaction.atomic():
        lock(picture.campaign)
        row = Picture.objects.filter(pk=picture.pk).first()
        if row is not None:
            _drop(row)


def remove_unused(*, campaign: Campaign) -> int:
    """Let go of every picture that nothing bears any more, such as those of entries past keeping; gives how many."""
    with transaction.atomic():
        lock(campaign)
        unused = list(Picture.objects.filter(campaign=campaign, entries=None, handouts=None))
        for picture in unused:
            _drop(picture)
    return len(unused)


def remove_strays(now: datetime) -> int:
    """Delete the files of pictures that no row names, such as those of a form that failed at its very end, or of a
    server that was cut off; gives how many. A day old they must be, for a file comes before the row that names it.
    """
    folder = Picture.FOLDER
    if not default_storage.exists(folder):
        return 0
    named = {file.name for picture in Picture.objects.all() for file in picture.files}
    found = (f"{folder}/{name}" for name in default_storage.listdir(folder)[1])
    strays = [
        name
        for name in found
        if name not in named and default_storage.get_modified_time(name) < now - STRAY_AFTER
    ]
    for name in strays:
        default_storage.delete(name)
    return len(strays)


def give_picture(*, to: Bearer, data: bytes | Drawn, alt: str = "", by: User, now: datetime) -> Picture:
    """Give an entry or a handout a picture, in the place of the one it had. `Refused` (on `file`) for what is none."""
    drawn = data if isinstance(data, Drawn) else draw(data)
    picture = _picture(to.campaign, drawn, alt)
    with _written(picture, drawn), transaction.atomic():
        lock(to.campaign)
        row = cast(Bearer, type(to)._default_manager.select_related("picture").get(pk=to.pk))
        former = row.picture
        picture.save()
        row.picture = picture
        row.save(update_fields=["picture", "updated_at"])
        if former is not None:
            _drop(former)
    return picture


def _picture(campaign: Campaign, drawn: Drawn, alt: str) -> Picture:
    whole = drawn.sizes.whole
    return Picture(
        campaign=campaign,
        width=whole.width,
        height=whole.height,
        left=drawn.left,
        top=drawn.top,
        alt=alt.strip(),
    )


@contextmanager
def _written(picture: Picture, drawn: Drawn) -> Iterator[None]:
    """The files of a picture on the disk, and gone again unless all that is done meanwhile succeeds.

    It stands around the transaction, so that a commit that fails counts, too.
    """
    sizes = drawn.sizes
    try:
        picture.whole.save("whole.webp", ContentFile(sizes.whole.webp), save=False)
        picture.screen.save("screen.webp", ContentFile(sizes.screen.webp), save=False)
        picture.card.save("card.webp", ContentFile(drawn.card), save=False)
        picture.master.save("master.webp", ContentFile(sizes.master.webp), save=False)
        yield
    except BaseException:
        for file in picture.files:
            file.delete(save=False)
        raise


def _box(picture: Picture) -> tuple[int, int, int]:
    """Left edge, top edge and side of the card in pixels of the whole. `Refused` where that is not inside it."""
    left = round(picture.left * picture.width / THOUSAND)
    top = round(picture.top * picture.height / THOUSAND)
    side = max(1, round(picture.side * min(picture.width, picture.height) / THOUSAND))
    # What was given in thousandths may miss the edge by as much as one of them.
    slack = max(picture.width, picture.height) // THOUSAND + 1
    for edge, length, field in ((left, picture.width, "left"), (top, picture.height, "top")):
        if edge + side > length + slack:
            raise Refused(
                "The square reaches beyond the picture",
                field=field,
                allowed=f"With this side, at most {max(0, length - side) * THOUSAND // length}",
            )
    return max(0, min(left, picture.width - side)), max(0, min(top, picture.height - side)), side


def _drop(picture: Picture) -> None:
    for file in picture.files:
        _forget(file)
    picture.delete()


def _forget(file: object) -> None:
    """Delete a file once the row that named it is settled, and not before."""
    storage, name = file.storage, file.name  # type: ignore[attr-defined]
    transaction.on_commit(lambda: storage.delete(name) if name else None)
