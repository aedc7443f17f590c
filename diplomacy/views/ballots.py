"""Stub: ballots."""

from django.http import HttpResponse
from django.shortcuts import render

from diplomacy.access import seat_required
from khitomer.access import Request, gm_required


@gm_required
def vote_open(request: Request, conference: object, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "vote-open", "sentence": ""})


@seat_required
def ballot(request: Request, conference: object, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "ballot", "sentence": ""})


@gm_required
def vote_close(request: Request, conference: object, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "vote-close", "sentence": ""})


@gm_required
def vote_casting(request: Request, conference: object, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "vote-casting", "sentence": ""})
