"""`[[Names]]` in a text become links for whoever may follow them, and plain words for everyone else."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from khitomer.access import Viewer
from khitomer.markup import names_in, with_names
from khitomer.reading import named
from khitomer.rules.names import fold


def linked(viewer: Viewer, texts: Sequence[str]) -> list[SafeString]:
    """The same texts (safe HTML) with each name a link that this viewer can follow; one query for all of them.

    An entry is found by its name and by each of its aliases, whatever their capitals. One that is hidden from the
    viewer and one that does not exist look alike.
    """
    addresses = addresses_of(viewer, {name for text in texts for name in names_in(text)})

    def link(name: str, words: str) -> str:
        address = addresses.get(fold(name))
        return format_html('<a href="{}">{}</a>', address, words) if address else escape(words)

    return [mark_safe(with_names(text, link)) for text in texts]  # noqa: S308  (safe when saved)


def addresses_of(viewer: Viewer, names: set[str]) -> dict[str, str]:
    """By its folded name, the address of each of these entries that this viewer may see; at most one query."""
    found = named(viewer.campaign.entries.visible_to(viewer), names)
    return {
        name: reverse("entry", kwargs={"campaign": viewer.campaign.slug, "entry": entry.slug})
        for name, entry in found.items()
    }
