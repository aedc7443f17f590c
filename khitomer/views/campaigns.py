"""Stub: campaigns."""

from django.http import HttpResponse
from django.shortcuts import render

from khitomer.access import Request, account_required, anonymous_allowed, gm_required, member_required


@anonymous_allowed
def home(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "home", "sentence": ""})


@account_required
def campaign_new(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "campaign-new", "sentence": ""})


@anonymous_allowed
def invitation(request: Request, token: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "invitation", "sentence": ""})


@anonymous_allowed
def health(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "health", "sentence": ""})


@member_required
def members(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "members", "sentence": ""})


@gm_required
def invite(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "invite", "sentence": ""})


@gm_required
def invitation_revoke(request: Request, pk: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "invitation-revoke", "sentence": ""})


@gm_required
def member_edit(request: Request, pk: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "member-edit", "sentence": ""})


@gm_required
def member_remove(request: Request, pk: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "member-remove", "sentence": ""})


@gm_required
def campaign_edit(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "campaign-edit", "sentence": ""})
