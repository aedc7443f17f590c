"""Stub: users."""

from django.http import HttpResponse
from django.shortcuts import render

from khitomer.access import Request, account_required, anonymous_allowed


@anonymous_allowed
def sign_in(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "sign-in", "sentence": ""})


@anonymous_allowed
def sign_out(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "sign-out", "sentence": ""})


@anonymous_allowed
def sign_up(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "sign-up", "sentence": ""})


@account_required
def account(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "account", "sentence": ""})


@account_required
def password_change(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "password-change", "sentence": ""})


@anonymous_allowed
def password_reset(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "password-reset", "sentence": ""})


@anonymous_allowed
def password_reset_sent(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "password-reset-sent", "sentence": ""})


@anonymous_allowed
def password_reset_confirm(request: Request, uidb64: object, token: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "password-reset-confirm", "sentence": ""})


@anonymous_allowed
def password_reset_done(request: Request) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "password-reset-done", "sentence": ""})


@anonymous_allowed
def locked_out(request: Request, *args: object, **kwargs: object) -> HttpResponse:
    return render(request, "khitomer/error.html", {"title": "Locked out", "sentence": ""}, status=429)
