"""The doors of the conference system: conferences, motions and seats, each for this viewer or not at all."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from diplomacy import records
from diplomacy.models import Complaint, Conference, Motion, Seat
from diplomacy.rules.procedure import Actor, MotionStage
from khitomer.access import Request, View, Viewer, guarded


def get_complaint_for(viewer: Viewer, number: int) -> Complaint:
    """The docketed complaint with this number, or the one 404."""
    complaints = viewer.campaign.complaints.visible_to(viewer).with_parties()
    return get_object_or_404(complaints, number=number)


def get_conference_for(viewer: Viewer, slug: str) -> Conference:
    """A conference of the viewer's campaign: every member may watch one."""
    return get_object_or_404(viewer.campaign.conferences.select_related("treaty", "charter"), slug=slug)


def get_motion_for(viewer: Viewer, conference: str, number: int) -> Motion:
    """A motion before that conference. A draft is its sponsors' and the GM's alone until it is submitted."""
    motions = Motion.objects.select_related(
        "conference__treaty",
        "conference__charter",
        "complaint__complainant",
        "complaint__respondent",
        "parent__sponsor__power",
        "point__seat__power",
        "sponsor__power",
    )
    motion = get_object_or_404(
        motions, conference__campaign=viewer.campaign, conference__slug=conference, number=number
    )
    if motion.stage == MotionStage.DRAFT and not viewer.is_gm and not _own_draft(viewer, motion):
        raise Http404
    return motion


def _own_draft(viewer: Viewer, motion: Motion) -> bool:
    """Whether the viewer's power moves it, or was asked to sponsor it."""
    if viewer.delegation is None:
        return False
    moved = motion.sponsor is not None and motion.sponsor.power_id == viewer.delegation
    return moved or motion.sponsorships.filter(seat__power=viewer.delegation).exists()


def actor_for(viewer: Viewer) -> Actor:
    """The viewer as the procedure knows them. One query for a chair, none for anyone else."""
    return records.actor_of(viewer.membership, viewer.campaign)


def speaks_for(viewer: Viewer, seat: Seat) -> bool:
    """Whether this viewer votes and moves for the seat: its delegate, or the GM where it has none."""
    if seat.delegate_id is None:
        return viewer.is_gm
    return seat.delegate_id == viewer.membership.pk


def seats_of(viewer: Viewer, conference: Conference) -> list[Seat]:
    """The seats this viewer speaks for."""
    return [seat for seat in conference.seats.select_related("power") if speaks_for(viewer, seat)]


def seat_required(view: View) -> View:
    """For whoever speaks for a seat at the conference in the address; the seats are on `request.seats`."""

    def admits(request: Request, kwargs: dict[str, Any]) -> None:
        conference = get_conference_for(request.viewer, kwargs["conference"])
        request.seats = seats_of(request.viewer, conference)  # type: ignore[attr-defined]
        if not request.seats and not request.viewer.is_gm:  # type: ignore[attr-defined]
            raise Http404

    return guarded(view, "seat_required", admits)
