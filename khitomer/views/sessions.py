"""Stub: sessions."""

from django.http import HttpResponse
from django.shortcuts import render

from khitomer.access import Request, gm_required, member_required


@member_required
def sessions(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "sessions", "sentence": ""})


@gm_required
def session_new(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "session-new", "sentence": ""})


@member_required
def session(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "session", "sentence": ""})


@gm_required
def session_edit(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "session-edit", "sentence": ""})


@gm_required
def session_state(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "session-state", "sentence": ""})


@gm_required
def agenda_add(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "agenda-add", "sentence": ""})


@gm_required
def agenda_done(request: Request, number: object, position: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "agenda-done", "sentence": ""})


@gm_required
def agenda_remove(request: Request, number: object, position: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "agenda-remove", "sentence": ""})
