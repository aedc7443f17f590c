"""Pictures of a sheet as the press takes them."""

from khitomer import imaging
from khitomer.sheets import Place


def printed(place: Place) -> bytes:
    """A picture with as many pixels as its place on the page can show, and no more: 300 to the inch.

    Raises `FileNotFoundError` where the disk has lost it.
    """
    with place.file.open("rb") as kept:
        master = kept.read()
    if place.focal:
        return imaging.for_place(master, place.width, place.height, focal=place.focal).jpeg
    width, height = imaging.size_of(master)
    return imaging.for_place(master, min(place.width, place.height * width / height)).jpeg
