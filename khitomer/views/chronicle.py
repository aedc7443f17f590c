"""Stub: chronicle."""

from django.http import HttpResponse
from django.shortcuts import render

from khitomer.access import Request, gm_required, member_required


@member_required
def timeline(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "timeline", "sentence": ""})


@gm_required
def event_new(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "event-new", "sentence": ""})


@gm_required
def future(request: Request, pk: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "future", "sentence": ""})


@member_required
def event(request: Request, event: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "event", "sentence": ""})


@gm_required
def ledger(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "ledger", "sentence": ""})


@gm_required
def ledger_undo(request: Request, sequence: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "ledger-undo", "sentence": ""})


@gm_required
def advance_date(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "advance-date", "sentence": ""})


@member_required
def clocks(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "clocks", "sentence": ""})


@gm_required
def clock_new(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "clock-new", "sentence": ""})


@gm_required
def clock_edit(request: Request, clock: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "clock-edit", "sentence": ""})


@gm_required
def clock_tick(request: Request, clock: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "clock-tick", "sentence": ""})
