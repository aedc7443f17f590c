"""Page or part, and where to go after a post."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from khitomer.access import Request


def page_or_part(
    request: Request, template: str, context: dict[str, Any], *, part: str, status: int = 200
) -> HttpResponse:
    """The whole page, or, when htmx asks for it, the partial of that name inside the same template."""
    name = f"{template}#{part}" if request.htmx else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def local(path: str) -> str:
    """The path if it leads to a page of this house, and nothing if it may lead anywhere else."""
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, None) else ""


def redirect_to(request: Request, to: Any, **kwargs: Any) -> HttpResponse:
    """After a post: a plain redirect, or one that htmx carries out as a page load."""
    url = resolve_url(to, **kwargs)
    if request.htmx:
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)
