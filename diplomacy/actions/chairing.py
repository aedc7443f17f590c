"""What every action of a sitting does first: hold the conference's row, and ask who chairs it."""

from datetime import datetime

from django.urls import reverse

from diplomacy.models import Conference
from diplomacy.records_votes import is_chair
from khitomer.actions import activity
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Campaign, User


def hold(conference: Conference) -> Conference:
    """The conference read afresh, its row held until the transaction ends; its key is left free to be named.

    Whoever holds it changes what the room sees: if that succeeds, every screen that shows the sitting looks again.
    """
    rows = Conference.objects.select_related("campaign", "treaty", "charter")
    held = rows.select_for_update(of=("self",), no_key=True).get(pk=conference.pk)
    stir(held)
    return held


def stir(conference: Conference, now: datetime | None = None) -> None:
    """Let the screens that show a sitting look again."""
    where = {"campaign": conference.campaign.slug, "conference": conference.slug}
    path = reverse("conference", kwargs=where)
    activity.stir(campaign=conference.campaign, kind=ActivityKind.FLOOR, path=path, now=now)


def demand_chair(campaign: Campaign, by: User) -> None:
    """`Refused` for anyone but the GM and co-GM."""
    if not is_chair(campaign.memberships.filter(user=by).first()):
        raise Refused("This is for the chair: the GM runs the conference")


def hold_as_chair(conference: Conference, by: User) -> Conference:
    """Both: the conference held, for its chair alone."""
    held = hold(conference)
    demand_chair(held.campaign, by)
    return held
