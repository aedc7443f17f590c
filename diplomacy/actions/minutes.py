"""Setting down what happened at a sitting, and what the chair overruled."""

from datetime import datetime
from typing import Any

from diplomacy.actions.chairing import stir
from diplomacy.models import Complaint, Conference, Minute, MinuteKind, Motion, Overrule
from khitomer.models import Campaign, Power, User


def note(
    *,
    conference: Conference,
    kind: MinuteKind,
    now: datetime,
    power: Power | None = None,
    motion: Motion | None = None,
    complaint: Complaint | None = None,
    **data: Any,
) -> Minute:
    """Set down one line of a conference's minutes; the action that did it calls this in its own transaction.

    `data` is what the line needs to be told when everything else has changed since (JSON). A choice that was cast in
    secret never goes in here, nor any choice before its vote has closed.
    """
    stir(conference, now)
    return Minute.objects.create(
        conference=conference,
        kind=kind,
        at=now,
        on=conference.campaign.today,
        power=power,
        motion=motion,
        complaint=complaint,
        data=data,
    )


def overrule(
    *,
    campaign: Campaign,
    step: str,
    reason: str,
    by: User,
    now: datetime,
    complaint: Complaint | None = None,
    motion: Motion | None = None,
    conference: Conference | None = None,
) -> Overrule:
    """Record that the chair overruled the procedure: what was done, and why. In the minutes, too, where one sits."""
    row = Overrule.objects.create(
        campaign=campaign,
        complaint=complaint,
        motion=motion,
        step=step,
        reason=reason,
        by=by,
        at=now,
        on=campaign.today,
    )
    if conference is not None:
        note(
            conference=conference,
            kind=MinuteKind.OVERRULED,
            now=now,
            motion=motion,
            complaint=complaint,
            step=step,
            reason=reason,
        )
    return row
