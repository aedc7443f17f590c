"""What canon says of a thing that a campaign, begun too early, does not yet tell: for the GM alone."""

from django.utils.safestring import SafeString, mark_safe

from khitomer.actions.opening import prose
from khitomer.markup import render
from khitomer.rules import canon


def recorded(key: str) -> canon.Entry | None:
    """The entry of canon behind a row's `canon_key`; None where the row is the campaign's own."""
    try:
        found = canon.load().find(key)
    except KeyError:
        return None
    return found if isinstance(found, canon.Entry) else None


def in_canon(key: str) -> SafeString:
    """What canon tells of it, as safe HTML; empty for what is the campaign's own."""
    entry = recorded(key)
    return mark_safe(render(prose(entry)) if entry else "")  # noqa: S308  (canon's own words, made safe)
