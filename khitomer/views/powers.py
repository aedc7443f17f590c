"""Stub: powers."""

from django.http import HttpResponse
from django.shortcuts import render

from khitomer.access import Request, gm_required, member_required


@member_required
def powers(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "powers", "sentence": ""})


@gm_required
def power_new(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "power-new", "sentence": ""})


@member_required
def power(request: Request, power: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "power", "sentence": ""})


@gm_required
def power_edit(request: Request, power: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "power-edit", "sentence": ""})


@gm_required
def standing_edit(request: Request, power: object, other: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "standing-edit", "sentence": ""})
