"""Stub: motions."""

from django.http import HttpResponse
from django.shortcuts import render

from diplomacy.access import seat_required
from khitomer.access import Request, member_required


@seat_required
def motion_new(request: Request, conference: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "motion-new", "sentence": ""})


@member_required
def motion(request: Request, conference: object, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "motion", "sentence": ""})


@seat_required
def motion_edit(request: Request, conference: object, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "motion-edit", "sentence": ""})


@seat_required
def motion_submit(request: Request, conference: object, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "motion-submit", "sentence": ""})


@seat_required
def motion_withdraw(request: Request, conference: object, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "motion-withdraw", "sentence": ""})
