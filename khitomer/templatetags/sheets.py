"""Tags for sheets that lie otherwise on every paper: what a template shows then hangs on how it is printed."""

from django import template

from khitomer.rules.press import Press
from khitomer.rules.tiling import Tiling, tiled
from khitomer.sheets import cards
from khitomer.sheets.chart import Poster

register = template.Library()


@register.simple_tag
def card_leaves(deck: cards.Deck, press: Press) -> list[cards.Leaf]:
    """Every side of every sheet of a deck of cards."""
    return cards.leaves(deck, press)


@register.simple_tag
def poster_tiles(poster: Poster, press: Press) -> Tiling:
    """A poster over the sheets that it takes."""
    return tiled(press, columns=poster.columns, rows=poster.rows, width=poster.width, height=poster.height)
