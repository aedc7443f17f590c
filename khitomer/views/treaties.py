"""Stub: treaties."""

from django.http import HttpResponse
from django.shortcuts import render

from khitomer.access import Request, gm_required, member_required


@member_required
def treaties(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "treaties", "sentence": ""})


@gm_required
def treaty_new(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "treaty-new", "sentence": ""})


@member_required
def treaty(request: Request, treaty: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "treaty", "sentence": ""})


@gm_required
def treaty_edit(request: Request, treaty: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "treaty-edit", "sentence": ""})


@gm_required
def span_new(request: Request, treaty: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "span-new", "sentence": ""})


@gm_required
def span_edit(request: Request, treaty: object, pk: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "span-edit", "sentence": ""})


@gm_required
def provision_new(request: Request, treaty: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "provision-new", "sentence": ""})


@member_required
def provision(request: Request, treaty: object, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "provision", "sentence": ""})


@gm_required
def provision_edit(request: Request, treaty: object, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "provision-edit", "sentence": ""})


@gm_required
def use_new(request: Request, treaty: object, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "use-new", "sentence": ""})


@gm_required
def reservation_new(request: Request, treaty: object, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "reservation-new", "sentence": ""})


@gm_required
def span_leave(request: Request, treaty: object, pk: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "span-leave", "sentence": ""})


@gm_required
def span_strike(request: Request, treaty: object, pk: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "span-strike", "sentence": ""})


@gm_required
def use_strike(request: Request, treaty: object, number: object, pk: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "use-strike", "sentence": ""})


@gm_required
def reservation_end(request: Request, treaty: object, number: object, pk: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "reservation-end", "sentence": ""})
