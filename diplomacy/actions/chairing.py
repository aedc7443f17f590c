"""What every action of a sitting does first: hold the conference's row, and ask who chairs it."""

from diplomacy.models import Conference
from diplomacy.records_votes import is_chair
from khitomer.errors import Refused
from khitomer.models import Campaign, User


def hold(conference: Conference) -> Conference:
    """The conference read afresh, its row held until the transaction ends; its key is left free to be named."""
    rows = Conference.objects.select_related("campaign", "treaty", "charter")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=conference.pk)


def demand_chair(campaign: Campaign, by: User) -> None:
    """`Refused` for anyone but the GM and co-GM."""
    if not is_chair(campaign.memberships.filter(user=by).first()):
        raise Refused("This is for the chair: the GM runs the conference")


def hold_as_chair(conference: Conference, by: User) -> Conference:
    """Both: the conference held, for its chair alone."""
    held = hold(conference)
    demand_chair(held.campaign, by)
    return held
