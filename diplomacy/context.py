"""The rail of a campaign: it names the pages of both apps, so it stands in the upper one."""

from typing import Any

from django.http import HttpRequest

from khitomer.context import section


def rail(request: HttpRequest) -> dict[str, Any]:
    """The sections on the left (a bar at the bottom of a phone), with what is open in each for this viewer."""
    viewer = getattr(request, "viewer", None)
    if viewer is None:
        return {}
    campaign = viewer.campaign
    slug = campaign.slug
    sections = [
        section("desk", "Dashboard" if viewer.is_gm else "Desk", "desk", "apricot", slug, on_phone=True),
        section(
            "docket",
            "Docket",
            "docket",
            "lilac",
            slug,
            count=campaign.complaints.visible_to(viewer).open().count(),
            on_phone=True,
        ),
        section(
            "conferences",
            "Conference",
            "conferences",
            "sky",
            slug,
            count=campaign.conferences.exclude(stage="closed").count(),
            on_phone=True,
        ),
        section("archive", "Archive", "archive", "apricot", slug, on_phone=True),
        section("powers", "Powers", "powers", "brick", slug),
        section("map", "Map", "map", "sky", slug),
        section("treaties", "Accords", "treaties", "moss", slug),
        section("timeline", "Timeline", "timeline", "apricot", slug),
        section("sessions", "Sessions", "sessions", "lilac", slug),
        section("handouts", "Handouts", "handouts", "sky", slug),
        section("clocks", "Clocks", "clocks", "sky", slug),
        section("knowledge", "Knowledge", "knowledge", "moss", slug),
    ]
    if viewer.is_gm:
        sections.append(section("ledger", "Ledger", "ledger", "brick", slug))
    sections.append(section("members", "Members", "members", "apricot", slug))
    return {"rail": sections}
