"""Stub: library."""

from django.http import HttpResponse
from django.shortcuts import render

from khitomer.access import Request, anonymous_allowed


@anonymous_allowed
def library(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "library", "sentence": ""})


@anonymous_allowed
def library_timeline(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "library-timeline", "sentence": ""})


@anonymous_allowed
def library_sources(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "library-sources", "sentence": ""})


@anonymous_allowed
def library_kind(request: Request, kind: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "library-kind", "sentence": ""})


@anonymous_allowed
def library_entry(request: Request, kind: object, key: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "library-entry", "sentence": ""})
