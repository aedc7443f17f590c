"""Stub: resolutions."""

from django.http import HttpResponse
from django.shortcuts import render

from khitomer.access import Request, gm_required, member_required


@member_required
def resolutions(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "resolutions", "sentence": ""})


@member_required
def resolution(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "resolution", "sentence": ""})


@gm_required
def resolution_enact(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "resolution-enact", "sentence": ""})


@gm_required
def resolution_undo(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "resolution-undo", "sentence": ""})


@member_required
def resolution_print(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "resolution-print", "sentence": ""})


@member_required
def resolution_pdf(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "resolution-pdf", "sentence": ""})


@gm_required
def obligation_met(request: Request, number: object, pk: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "obligation-met", "sentence": ""})
