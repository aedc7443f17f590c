"""The wall screens listen too: by the link that opens them, and to the sitting alone."""

from django.http import HttpRequest

from diplomacy.actions import chambers
from khitomer.live.ears import Ears, door
from khitomer.models import Topic


@door(r"/chamber/([-\w]+)/live/")
def of_a_chamber(_request: HttpRequest, token: str) -> Ears | None:
    """Whatever link still opens, and for as long as it does."""
    conference = chambers.find(token)
    if conference is None:
        return None
    return Ears(
        campaign=conference.campaign_id,
        topics=(Topic.SITTING,),
        opens=lambda: chambers.find(token) is not None,
    )
