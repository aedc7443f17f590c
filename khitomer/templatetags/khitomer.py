"""Tags for words and small parts that many pages share."""

from typing import Any

from django import template

from khitomer.rules.dates import StoryDate

register = template.Library()


@register.filter
def words(date: StoryDate | None) -> str:
    """A story date in words: "14 March 2372", "March 2372", "2372"."""
    return date.words() if date else ""


@register.filter
def signed(value: int) -> str:
    """A standing with its sign, and a true minus: "+3", "0", "−2"."""
    return f"{value:+d}".replace("-", "−") if value else "0"


@register.inclusion_tag("parts/power.html")
def power(power: Any, size: int = 22, url: str = "", short: bool = False) -> dict[str, Any]:
    """A power's emblem with its name always beside it: colour never speaks alone."""
    return {"power": power, "size": size, "url": url, "short": short}
