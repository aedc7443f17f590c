"""`[[Names]]` in a text become links for whoever may follow them, and plain words for everyone else."""

import re
from collections.abc import Iterable, Sequence
from html import unescape

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from khitomer.access import Viewer

_TAG = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")
_NAME = re.compile(r"\[\[([^\[\]\n]{1,200})\]\]")


def linked(viewer: Viewer, texts: Sequence[str]) -> list[SafeString]:
    """The same texts (safe HTML) with each name a link that this viewer can follow; one query for all of them.

    An entry that is hidden from the viewer and one that does not exist look alike.
    """
    names = {unescape(name).strip() for text in texts for name in _NAME.findall(text)}
    addresses = _addresses(viewer, names) if names else {}
    return [mark_safe("".join(_pieces(text, addresses))) for text in texts]  # noqa: S308  (safe when saved)


def _addresses(viewer: Viewer, names: set[str]) -> dict[str, str]:
    found = viewer.campaign.entries.visible_to(viewer).filter(name__in=names)
    return {
        name: reverse("entry", kwargs={"campaign": viewer.campaign.slug, "entry": slug})
        for name, slug in found.values_list("name", "slug")
    }


def _pieces(text: str, addresses: dict[str, str]) -> Iterable[str]:
    for piece in _TAG.split(text):
        if piece.startswith("<"):  # a tag, or an attribute in it, is left as it is
            yield piece
        else:
            yield _NAME.sub(lambda match: _link(unescape(match[1]).strip(), addresses), piece)


def _link(name: str, addresses: dict[str, str]) -> str:
    if name not in addresses:
        return escape(name)
    return format_html('<a href="{}">{}</a>', addresses[name], name)
