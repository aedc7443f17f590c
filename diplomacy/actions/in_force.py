"""What bringing a resolution into force and taking it out again share: the locks, the inverses, and the telling."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from diplomacy import records_votes as records
from diplomacy.actions import minutes
from diplomacy.actions.under_lock import locked
from diplomacy.models import Complaint, MinuteKind, Motion, ObligationState, Resolution
from khitomer.actions import activity, chronicle
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Campaign, User
from khitomer.rules import changes

_KEPT = (changes.TickClock.kind, changes.SetFate.kind, changes.DiscloseEntry.kind)
"""Changes of which only some may know; why they were taken back is told to nobody else."""


def hold(campaign: Campaign, pks: Iterable[int]) -> dict[int, Resolution]:
    """Some resolutions of a campaign, read afresh and held with their complaints and motions in the house's order.

    The campaign is held before: `chronicle.lock`. Gives the resolutions by their keys.
    """
    rows = list(campaign.resolutions.filter(pk__in=list(pks)).order_by("pk").select_related("motion"))
    for complaint in Complaint.objects.filter(
        pk__in=[row.motion.complaint_id for row in rows if row.motion.complaint_id]
    ).order_by("pk"):
        locked(complaint)
    motions = Motion.objects.filter(pk__in=[row.motion_id for row in rows]).order_by("pk")
    list(motions.select_for_update(of=("self",)))
    held = campaign.resolutions.select_for_update(of=("self",)).select_related(
        "motion__conference__charter", "motion__sponsor__power", "motion__complaint", "repealed_by"
    )
    found = {row.pk: row for row in held.filter(pk__in=list(pks)).order_by("pk")}
    for each in found.values():
        each.campaign = each.motion.conference.campaign = campaign
        if each.motion.complaint:
            each.motion.complaint.campaign = campaign
    return found


def check_chair(campaign: Campaign, by: User, does: str) -> None:
    """`Refused` for anyone but the chair."""
    if not records.is_chair(campaign.memberships.filter(user=by).first()):
        raise Refused(f"The chair {does}")


def take_back(resolution: Resolution, *, why: str, by: User, now: datetime) -> None:
    """Append the inverses of what a resolution changed and still stands, and void what it still obliges.

    The row is held (`hold`) and saved by the caller. `Refused` when an inverse is no longer possible, naming why.
    """
    campaign = resolution.campaign
    # Rows that were taken back one by one leave nothing to undo here; that is no reason to stop.
    if campaign.ledger.filter(source=resolution.source, undone_by=None).exists():
        try:
            chronicle.undo(campaign=campaign, source=resolution.source, why=why, by=by, now=now)
        except Refused as refused:
            raise Refused(
                f"Resolution {resolution.number} cannot be taken back as things stand. {refused.reason}",
                allowed=refused.allowed or "Undo first, in the ledger, what has changed it since",
            ) from refused
    resolution.obligations.outstanding().update(state=ObligationState.VOID)
    resolution.undone_at = now


def note(kind: MinuteKind, resolution: Resolution, now: datetime, *, reason: str = "") -> None:
    """Set down at the sitting that adopted it that a resolution took effect, or no longer has any."""
    motion = resolution.motion
    minutes.note(
        conference=motion.conference,
        kind=kind,
        now=now,
        motion=motion,
        complaint=motion.complaint,
        number=resolution.number,
        title=resolution.title,
        reason=reason if _may_tell_why(resolution) else "",
    )


def tell(kind: ActivityKind, resolution: Resolution, now: datetime, *, by: User) -> None:
    """One row of activity that leads to the resolution."""
    campaign = resolution.campaign
    activity.record(
        campaign=campaign,
        kind=kind,
        now=now,
        number=resolution.number,
        by=by,
        path=reverse("resolution", kwargs={"campaign": campaign.slug, "number": resolution.number}),
    )


def _may_tell_why(resolution: Resolution) -> bool:
    """Whether all may read why it was taken back, as they read it on its page: where a change is everyone's."""
    rows = resolution.campaign.ledger.filter(source=resolution.source)
    return rows.exclude(kind__in=_KEPT).exists()
