"""The pages of a request that cannot be answered. They say nothing of what is there, only whose campaign it is."""

import re
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from khitomer.access import Request, Viewer, anonymous_allowed, get_campaign_for, seen_through

_CAMPAIGN = re.compile(r"/c/([-\w]+)/")


def _page(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    request.__dict__.pop("viewer", None)
    context: dict[str, Any] = {"title": title, "sentence": sentence, "member": _member(request)}
    return render(request, "khitomer/error.html", context, status=status)


def _member(request: HttpRequest) -> Viewer | None:
    """Who asks, where the address is of a campaign of theirs: it hangs on them alone, not on what is at the address."""
    found = _CAMPAIGN.match(request.path_info)
    if found is None:
        return None
    try:
        viewer = get_campaign_for(getattr(request, "user", AnonymousUser()), found[1])
    except Http404:
        return None
    return seen_through(cast(Request, request), viewer)


@anonymous_allowed
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, "Not understood", "The request did not make sense to the secretariat.")


@anonymous_allowed
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return not_found(request, exception)


@anonymous_allowed
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    response = _page(
        request,
        404,
        "Not on record",
        "There is no such page, or it is not for you. The address may be mistyped.",
    )
    if request.headers.get("HX-Request") and request.method == "GET":
        # A part that is asked for again and again and is gone: the page around it is looked up afresh, and goes, too.
        response["HX-Refresh"] = "true"
    return response


@anonymous_allowed
def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        "Send it again",
        "This form was opened before you signed in, or cookies are off. Go back, reload the page and send it again.",
    )


@anonymous_allowed
def broken(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        "<!doctype html><html lang=en><title>Khitomer</title><h1>Something broke</h1>"
        "<p>It was not your doing, and nothing was half done. Go back and try again; the log has the details.</p>",
        status=500,
    )
