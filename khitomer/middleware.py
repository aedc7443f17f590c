"""What happens around every view."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

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
            return render(request, "khitomer/refused.html", {"refused": exception}, status=409)
        return None
