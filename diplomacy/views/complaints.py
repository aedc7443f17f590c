"""Stub: complaints."""

from django.http import HttpResponse
from django.shortcuts import render

from khitomer.access import Request, gm_required, member_required


@member_required
def docket(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "docket", "sentence": ""})


@member_required
def complaint_new(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "complaint-new", "sentence": ""})


@member_required
def draft(request: Request, token: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "draft", "sentence": ""})


@member_required
def draft_save(request: Request, token: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "draft-save", "sentence": ""})


@member_required
def draft_discard(request: Request, token: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "draft-discard", "sentence": ""})


@member_required
def exhibit_add(request: Request, token: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "exhibit-add", "sentence": ""})


@member_required
def draft_exhibit(request: Request, token: object, letter: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "draft-exhibit", "sentence": ""})


@member_required
def exhibit_remove(request: Request, token: object, letter: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "exhibit-remove", "sentence": ""})


@member_required
def complaint(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "complaint", "sentence": ""})


@member_required
def exhibit(request: Request, number: object, letter: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "exhibit", "sentence": ""})


@gm_required
def complaint_rule(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "complaint-rule", "sentence": ""})


@gm_required
def complaint_return(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "complaint-return", "sentence": ""})


@member_required
def complaint_withdraw(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "complaint-withdraw", "sentence": ""})


@gm_required
def complaint_schedule(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "complaint-schedule", "sentence": ""})


@member_required
def summons(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "summons", "sentence": ""})


@member_required
def summons_pdf(request: Request, number: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "summons-pdf", "sentence": ""})
