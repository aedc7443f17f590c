"""The receipts of secret ballots in the voter's own browser and nowhere else: a cookie a seat, sent to its motion."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from diplomacy.models import Motion
from diplomacy.rules import receipts

_PREFIX = "receipt-"
_KEPT = 60 * 60 * 24 * 30  # seconds: until the evening's votes are long counted


def held(request: HttpRequest) -> dict[int, str]:
    """The receipts that came with this request, by seat: its address is the motion's, or below it."""
    named = {
        name[len(_PREFIX) :]: value for name, value in request.COOKIES.items() if name.startswith(_PREFIX)
    }
    read = {int(seat): receipts.read(value) for seat, value in named.items() if _is_seat(seat)}
    return {seat: receipt for seat, receipt in read.items() if receipt}


def hand_out(response: HttpResponse, motion: Motion, given: Mapping[int, str]) -> None:
    """Give receipts to the voter's browser, each under its seat; no script reads them, and no other site sends them."""
    for seat, receipt in given.items():
        response.set_cookie(
            f"{_PREFIX}{seat}",
            receipt,
            max_age=_KEPT,
            path=_path(motion),
            httponly=True,
            samesite="Strict",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def _is_seat(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) < 12


def _path(motion: Motion) -> str:
    conference = motion.conference
    where = {"campaign": conference.campaign.slug, "conference": conference.slug, "number": motion.number}
    return reverse("motion", kwargs=where)
