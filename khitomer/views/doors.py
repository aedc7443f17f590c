"""The invitation a person holds while they find their account or make one.

Its token travels in a cookie of the browser alone: not in a session, which the database would keep, and not in the
address of any page that is shown, which a referrer would carry on.
"""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from khitomer.actions import campaigns as actions
from khitomer.errors import Refused
from khitomer.models import Invitation

COOKIE = "invitation"
HELD_FOR = 60 * 60  # seconds: time enough to sign up


def token_at_hand(request: HttpRequest) -> str:
    return request.COOKIES.get(COOKIE, "")


def invitation_at_hand(request: HttpRequest, *, now: datetime) -> Invitation | None:
    """The invitation this browser came with, if it still opens."""
    if not (token := token_at_hand(request)):
        return None
    try:
        return actions.find_invitation(token, now)
    except Refused:
        return None


def hold(response: HttpResponse, token: str) -> None:
    response.set_cookie(
        COOKIE, token, max_age=HELD_FOR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def let_go(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")
