"""What every page's frame needs."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class Section:
    """One place on the rail: its colour class, its name, its address, and a count where one helps."""

    key: str
    name: str
    url: str
    colour: str
    count: int | None = None
    on_phone: bool = False


def site(request: HttpRequest) -> dict[str, Any]:
    """The viewer, if the page belongs to a campaign, and the story date and session in play for the line of now."""
    viewer = getattr(request, "viewer", None)
    if viewer is None:
        return {}
    return {
        "viewer": viewer,
        "campaign": viewer.campaign,
        "session_in_play": viewer.campaign.sessions.filter(state="in play").first(),
    }


def section(key: str, name: str, url_name: str, colour: str, campaign: str, **more: Any) -> Section:
    return Section(key, name, reverse(url_name, kwargs={"campaign": campaign}), colour, **more)
