"""Stub: archive."""

from django.http import HttpResponse
from django.shortcuts import render

from khitomer.access import Request, gm_required, member_required


@member_required
def archive(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "archive", "sentence": ""})


@gm_required
def entry_new(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "entry-new", "sentence": ""})


@member_required
def entry(request: Request, entry: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "entry", "sentence": ""})


@gm_required
def entry_edit(request: Request, entry: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "entry-edit", "sentence": ""})


@gm_required
def secret_new(request: Request, entry: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "secret-new", "sentence": ""})


@gm_required
def secret_edit(request: Request, entry: object, pk: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "secret-edit", "sentence": ""})


@gm_required
def entry_fate(request: Request, entry: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "entry-fate", "sentence": ""})


@gm_required
def secret_remove(request: Request, entry: object, pk: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "secret-remove", "sentence": ""})
