"""Tags for words and small parts that many pages share."""

from typing import Any

from django import template

from khitomer.imaging import cut_for
from khitomer.rules.dates import StoryDate
from khitomer.views.disclosures import reveal_of

register = template.Library()


@register.filter
def words(date: StoryDate | None) -> str:
    """A story date in words: "14 March 2372", "March 2372", "2372"."""
    return date.words() if date else ""


@register.filter
def signed(value: int) -> str:
    """A standing with its sign, and a true minus: "+3", "0", "−2"."""
    return f"{value:+d}".replace("-", "−") if value else "0"


@register.simple_tag
def focal_classes(picture: Any, wide: float, high: float) -> str:
    """The classes that keep a picture's focal point in sight in an image of this shape with `object-fit: cover`."""
    left, top, right, bottom = cut_for((picture.width, picture.height), wide / high, picture.focal)
    across, down = picture.width - (right - left), picture.height - (bottom - top)
    return f"across-{_in_tens(left, across)} down-{_in_tens(top, down)}"


def _in_tens(part: int, whole: int) -> int:
    return 10 * round(10 * part / whole) if whole else 50


@register.inclusion_tag("parts/power.html")
def power(power: Any, size: int = 22, url: str = "", short: bool = False) -> dict[str, Any]:
    """A power's emblem with its name always beside it: colour never speaks alone."""
    return {"power": power, "size": size, "url": url, "short": short}


@register.inclusion_tag("parts/reveal.html", takes_context=True)
def reveal(context: Any, thing: Any, brief: bool = False) -> dict[str, Any]:
    """Who knows of a thing, and the buttons that show it and take it back. On pages of the GM alone."""
    return {"reveal": reveal_of(context["request"], thing, brief=brief)}
