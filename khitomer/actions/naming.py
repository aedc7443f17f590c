"""What a thing is called in its address."""

from django.utils.text import slugify

_TAKEN = ("", "new", "bin", "bulk", "proposals")  # `/powers/new/` is where a power is made


def address_of(name: str, *, most: int, otherwise: str) -> str:
    """A slug of at most `most` characters made from a name; `otherwise` where the name gives none to use."""
    slug = slugify(name)[:most].strip("-_")
    return otherwise if slug in _TAKEN else slug
