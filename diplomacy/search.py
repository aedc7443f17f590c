"""What of the conference system can be found: what was docketed, sits, was moved, and was adopted."""

from typing import Any

from django.urls import reverse

from diplomacy.models import Complaint, Conference, Motion, Resolution
from diplomacy.rules.procedure import MotionStage
from khitomer.access import Viewer
from khitomer.search.sources import Source


def _complaint_at(row: Any) -> str:
    return reverse("complaint", args=[row.campaign.slug, row.number])


def _conference_at(row: Any) -> str:
    return reverse("conference", args=[row.campaign.slug, row.slug])


def _motion_at(row: Any) -> str:
    return reverse("motion", args=[row.conference.campaign.slug, row.conference.slug, row.number])


def _resolution_at(row: Any) -> str:
    return reverse("resolution", args=[row.campaign.slug, row.number])


def _motions(viewer: Viewer) -> Any:
    """Motions that were submitted; a draft is its sponsors' own, and the GM's."""
    rows = Motion.objects.filter(conference__campaign=viewer.campaign).select_related("conference__campaign")
    return rows if viewer.is_gm else rows.exclude(stage=MotionStage.DRAFT)


SOURCES = [
    Source(
        sort="complaint",
        label="Docket",
        model=Complaint,
        title="s.title",
        body="s.statement",
        columns=("title", "statement"),
        visible=lambda viewer: viewer.campaign.complaints.visible_to(viewer).docketed(),
        url=_complaint_at,
        called=lambda row: f"No. {row.number}: {row.title}",
        text=lambda row: str(row.statement),
    ),
    Source(
        sort="conference",
        label="Conference",
        model=Conference,
        title="s.name",
        names="s.place",
        columns=("name", "place"),
        visible=lambda viewer: viewer.campaign.conferences.all(),
        url=_conference_at,
        text=lambda row: "",
    ),
    Source(
        sort="motion",
        label="Conference",
        model=Motion,
        title="s.title",
        campaign="(SELECT campaign_id FROM diplomacy_conference WHERE id = s.conference_id)",
        columns=("title",),
        visible=_motions,
        url=_motion_at,
        called=lambda row: f"Motion {row.number}: {row.title}",
        text=lambda row: "",
    ),
    Source(
        sort="resolution",
        label="Docket",
        model=Resolution,
        title="(SELECT title FROM diplomacy_motion WHERE id = s.motion_id)",
        columns=("motion_id",),
        visible=lambda viewer: viewer.campaign.resolutions.select_related("motion"),
        url=_resolution_at,
        called=lambda row: f"Resolution {row.number}: {row.motion.title}",
        text=lambda row: "",
    ),
]
