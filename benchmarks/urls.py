"""Khitomer's addresses, and the bare view that they are measured against."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from khitomer.access import anonymous_allowed
from khitomer.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@anonymous_allowed
def bare(request: HttpRequest) -> HttpResponse:
    """What Django itself costs: a line of text behind the same middleware, no template and no query."""
    return HttpResponse("Nothing but a line of text.")


@anonymous_allowed
def bare_signed_in(request: HttpRequest) -> HttpResponse:
    """The same for somebody signed in: the session and the person are two queries."""
    return HttpResponse(f"Nothing but a line of text for {request.user}.")


urlpatterns = [
    path("bare/", bare, name="bare"),
    path("bare/signed-in/", bare_signed_in, name="bare-signed-in"),
    path("", include("khitomer.urls")),
]
