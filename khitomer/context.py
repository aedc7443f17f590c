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
    """The viewer, if the page belongs to a campaign, and the story date and session in play for the line of now.

    `looks_again`: an open page asks for itself, and must not use up what is said once.
    """
    viewer = getattr(request, "viewer", None)
    if viewer is None:
        return {"campaigns_of_mine": lambda: campaigns_of_mine(request)}
    return {
        "viewer": viewer,
        "campaign": viewer.campaign,
        "looks_again": "X-Khitomer-Live" in request.headers,
        "session_in_play": viewer.campaign.sessions.filter(state="in play").first(),
    }


def campaigns_of_mine(request: HttpRequest) -> list[Any]:
    """The ways back into a person's campaigns, for pages outside them: the newest few. Asked only where shown."""
    if not request.user.is_authenticated:
        return []
    newest = request.user.memberships.select_related("campaign").order_by("-joined_at", "-pk")
    return [membership.campaign for membership in newest[:5]]


def section(key: str, name: str, url_name: str, colour: str, campaign: str, **more: Any) -> Section:
    return Section(key, name, reverse(url_name, kwargs={"campaign": campaign}), colour, **more)
