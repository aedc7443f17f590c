"""Telling that something happened, to those whom it concerns, without saying what."""

from collections.abc import Iterable
from datetime import datetime

from khitomer.models import Activity, ActivityKind, Audience, Campaign, Power


def record(
    *,
    campaign: Campaign,
    kind: ActivityKind,
    now: datetime,
    number: int | None = None,
    power: Power | None = None,
    path: str = "",
    powers: Iterable[Power] | None = None,
    audience: Audience | None = None,
) -> Activity:
    """Append one row to the activity of a campaign; call it inside the transaction of what happened.

    `power` is who did it, `path` where to look. `powers` are those who may notice it, which makes the audience
    "named powers" unless another is given; with neither, everyone at the table may.
    """
    named = list(powers or ())
    if audience is None:
        audience = Audience.ALL if powers is None else Audience.POWERS
    row = Activity.objects.create(
        campaign=campaign, at=now, kind=kind, number=number, power=power, path=path, audience=audience
    )
    if named:
        row.powers.set(named)
    return row
