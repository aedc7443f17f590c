"""Publishing the minutes of a conference, and taking them back."""

from datetime import datetime

from django.db import transaction

from diplomacy.actions.chairing import hold_as_chair
from diplomacy.models import Conference
from khitomer.errors import Refused
from khitomer.models import User


def publish_minutes(*, conference: Conference, by: User, now: datetime) -> Conference:
    """Let every member read the minutes: what they hold, and what is added from then on. Published already, no change.

    `Refused` where nothing was set down.
    """
    with transaction.atomic():
        conference = hold_as_chair(conference, by)
        if not conference.minutes.exists():
            raise Refused("No minutes were kept of this conference", allowed="They are kept once it sits")
        if conference.minutes_published_at is None:
            conference.minutes_published_at = now
            conference.save(update_fields=["minutes_published_at"])
    return conference


def unpublish_minutes(*, conference: Conference, by: User) -> Conference:
    """Keep the minutes to the chair again. What was read is read, and what was printed stays printed."""
    with transaction.atomic():
        conference = hold_as_chair(conference, by)
        conference.minutes_published_at = None
        conference.save(update_fields=["minutes_published_at"])
    return conference
