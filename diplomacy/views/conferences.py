"""Stub: conferences."""

from django.http import HttpResponse
from django.shortcuts import render

from khitomer.access import Request, gm_required, member_required


@member_required
def conferences(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "conferences", "sentence": ""})


@gm_required
def conference_new(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "conference-new", "sentence": ""})


@member_required
def conference(request: Request, conference: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "conference", "sentence": ""})


@gm_required
def conference_edit(request: Request, conference: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "conference-edit", "sentence": ""})


@gm_required
def seats(request: Request, conference: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "seats", "sentence": ""})


@gm_required
def conference_stage(request: Request, conference: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "conference-stage", "sentence": ""})


@gm_required
def hearing_open(request: Request, conference: object, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "hearing-open", "sentence": ""})
