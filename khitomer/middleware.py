"""What happens around every view."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from khitomer.errors import Refused

GetResponse = Callable[[HttpRequest], HttpResponse]


def private_pages(get_response: GetResponse) -> GetResponse:
    """What depends on who asks is kept by nobody on the way; a missing page forgets who asked for it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware


class whole_text:  # noqa: N801
    """The byte nought is in no text, and PostgreSQL takes none: whoever sends it is not understood, whoever they are.

    It stands before anything that reads the session, for a cookie may hold it, too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        cookies = (text for pair in request.COOKIES.items() for text in pair)
        if "\0" in request.path or _has_nought(request.GET) or any("\0" in text for text in cookies):
            raise _not_understood(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        if request.method == "POST" and _has_nought(request.POST):
            raise _not_understood(request)


def _has_nought(given: QueryDict) -> bool:
    return any("\0" in text for name, texts in given.lists() for text in (name, *texts))


def _not_understood(request: HttpRequest) -> BadRequest:
    """What answers with the page of a bad request; it reads nobody's session, so it is the same for all."""
    request.user = AnonymousUser()
    request.__dict__.pop("_messages", None)
    return BadRequest("A request holds the byte nought.")


class refusals:  # noqa: N801  (it stands in MIDDLEWARE beside functions)
    """A refusal no view put beside a field becomes a page of its own that says why and what would be allowed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Http404) and hasattr(request, "viewer"):
            # Raised inside the view: the page that answers must be the one an outsider gets.
            del request.viewer
        if isinstance(exception, Refused):
            context = {"refused": exception, "came_from": came_from(request)}
            return render(request, "khitomer/refused.html", context, status=409)
        return None


def came_from(request: HttpRequest) -> str:
    """The path of this house that the request says it came from; empty for any other place, and for none."""
    said = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(said, {request.get_host()}, require_https=request.is_secure()):
        return ""
    path = urlsplit(said).path
    # Asked again of the path alone, which a browser might take for another host's.
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, None) else ""
