"""Conferences as points of an evening's agenda."""

from collections.abc import Iterator

from django.urls import reverse

from diplomacy.models import ConferenceStage
from khitomer.access import Viewer
from khitomer.agenda import Point


def conferences_to_hold(viewer: Viewer) -> Iterator[Point]:
    """Every conference of the campaign, each with its state; those that are closed are over."""
    for conference in viewer.campaign.conferences.only("slug", "name", "stage", "on"):
        yield Point(
            refers=f"conference:{conference.slug}",
            title=conference.name,
            url=reverse(
                "conference", kwargs={"campaign": viewer.campaign.slug, "conference": conference.slug}
            ),
            state=conference.get_stage_display(),
            over=conference.stage == ConferenceStage.CLOSED,
        )
