"""Signing in and out, and a person's own account."""

from datetime import timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from khitomer.access import Request, account_required, anonymous_allowed
from khitomer.actions import letters
from khitomer.actions import users as actions
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.users import (
    AccountForm,
    ChangePasswordForm,
    ForgottenForm,
    NewPasswordForm,
    SignInForm,
    SignUpForm,
)
from khitomer.htmx import redirect_to
from khitomer.models import User
from khitomer.views.doors import invitation_at_hand

BACKEND = "django.contrib.auth.backends.ModelBackend"
RESET_TOKEN = "password-reset-token"  # the session's key for it
IN_SESSION = "new"  # what stands in the address once the token is out of it


@anonymous_allowed
def sign_in(request: Request) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect_to(request, onward(request, request.user))
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        to = onward(request, form.get_user())
        login(request, form.get_user())
        return redirect_to(request, to)
    return render(request, "khitomer/sign-in.html", door(request, form), status=422 if form.is_bound else 200)


@anonymous_allowed
@require_POST
def sign_out(request: Request) -> HttpResponse:
    logout(request)
    messages.success(request, "You are signed out.")
    return redirect_to(request, settings.LOGOUT_REDIRECT_URL)


@anonymous_allowed
def sign_up(request: Request) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect_to(request, onward(request, request.user))
    if not may_sign_up(request):
        return render(request, "khitomer/sign-up.html", {"closed": True}, status=403)
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return joined(request, form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
    return render(request, "khitomer/sign-up.html", door(request, form), status=422 if form.is_bound else 200)


def joined(request: Request, given: dict[str, Any]) -> HttpResponse:
    """Open the account, sign its holder in, and write to the address if one was given."""
    user = actions.sign_up(username=given["username"], name=given["name"], password=given["password1"])
    to = onward(request, user)
    login(request, user, backend=BACKEND)
    messages.success(request, f"Welcome, {user}.")
    if given["email"]:
        write_to(request, user, given["email"])
    return redirect_to(request, to)


@account_required
def account(request: Request) -> HttpResponse:
    user = request.user
    form = AccountForm(request.POST or None, initial={"name": user.name, "email": user.email})
    if request.method == "POST" and form.is_valid():
        keep_account(request, user, form.cleaned_data)
        return redirect_to(request, "account")
    return render(request, "khitomer/account.html", {"form": form}, status=422 if form.is_bound else 200)


def keep_account(request: Request, user: User, given: dict[str, Any]) -> None:
    """Write what changed. A new address waits for the link that is sent to it; an emptied one goes at once."""
    if given["name"] != user.name:
        actions.rename(by=user, name=given["name"])
        messages.success(request, f"You are {user} at the table now.")
    if given["email"] and given["email"] != user.email:
        write_to(request, user, given["email"])
    elif user.email and not given["email"]:
        actions.drop_address(by=user)
        messages.success(request, "Your address is gone from the account.")


def write_to(request: Request, user: User, email: str) -> None:
    """Send the link that makes an address theirs, and say so in the same words whoever has the address."""

    def link(token: str) -> str:
        return request.build_absolute_uri(reverse("email-confirm", args=[token]))

    if letters.may_send(to=email, account=user.pk, client=client_of(request), now=timezone.now()):
        actions.propose_address(by=user, email=email, link=link)
    messages.success(
        request, f"A letter is on its way to {email}. Open its link within a day to keep the address."
    )


def client_of(request: Request) -> str:
    """The network address that the request comes from; behind a proxy the server has put the visitor's own there."""
    return str(request.META.get("REMOTE_ADDR", ""))


@account_required
def email_confirm(request: Request, token: str) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.confirm_address(by=request.user, token=token)
        except Refused as refused:
            return render(request, "khitomer/email-confirm.html", {"refused": refused}, status=409)
        messages.success(request, "The address is on your account.")
        return redirect_to(request, "account")
    return render(request, "khitomer/email-confirm.html")


@account_required
def password_change(request: Request) -> HttpResponse:
    form = ChangePasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_password(by=request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
        messages.success(
            request, "Your password is changed. Wherever else you were signed in, you no longer are."
        )
        return redirect_to(request, "account")
    return render(
        request, "khitomer/password-change.html", {"form": form}, status=422 if form.is_bound else 200
    )


@anonymous_allowed
def password_reset(request: Request) -> HttpResponse:
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["email"]
        if letters.may_send(to=to, client=client_of(request), now=timezone.now()):
            form.save(
                request=request,
                use_https=request.is_secure(),
                subject_template_name="khitomer/mail/password-reset-subject.txt",
                email_template_name="khitomer/mail/password-reset.txt",
            )
        return redirect_to(request, "password-reset-sent")
    return render(
        request, "khitomer/password-reset.html", {"form": form}, status=422 if form.is_bound else 200
    )


@anonymous_allowed
def password_reset_sent(request: Request) -> HttpResponse:
    return render(request, "khitomer/password-reset-sent.html")


@anonymous_allowed
def password_reset_confirm(request: Request, uidb64: str, token: str) -> HttpResponse:
    user = actions.find_holder(uidb64)
    if token != IN_SESSION:
        # Out of the address at once, so that no referrer and no shoulder carries it on.
        request.session[RESET_TOKEN] = token
        return redirect("password-reset-confirm", uidb64=uidb64, token=IN_SESSION)
    if user is None or not default_token_generator.check_token(user, request.session.get(RESET_TOKEN)):
        return render(request, "khitomer/password-reset-confirm.html", {"spent": True}, status=410)
    form = NewPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_password(by=user, password=form.cleaned_data["new_password1"])
        del request.session[RESET_TOKEN]
        return redirect_to(request, "password-reset-done")
    status = 422 if form.is_bound else 200
    return render(request, "khitomer/password-reset-confirm.html", {"form": form}, status=status)


@anonymous_allowed
def password_reset_done(request: Request) -> HttpResponse:
    return render(request, "khitomer/password-reset-done.html")


@anonymous_allowed
def locked_out(request: Request, *args: object, **kwargs: object) -> HttpResponse:
    """What the throttle shows instead of the sign-in page; a try while it holds does not lengthen the wait."""
    wait = reopens_in(request)
    opens = request.axes_attempt_time + wait  # type: ignore[attr-defined]
    form = SignInForm(request, initial={"username": request.POST.get("username", "")})
    minutes = max(1, round(wait.total_seconds() / 60))
    context = {**door(request, form), "opens": opens, "minutes": minutes}
    response = render(request, "khitomer/locked-out.html", context, status=429)
    response["Retry-After"] = str(round(wait.total_seconds()))
    return response


def reopens_in(request: Request) -> timedelta:
    """How long the door stays shut: counted from the last failure that counted, and not from this try."""
    now = request.axes_attempt_time  # type: ignore[attr-defined]
    credentials = {"username": request.POST.get("username", "").lower()}
    tries = AxesProxyHandler.get_implementation().get_user_attempts(request, credentials)
    counted = [each.attempt_time for found in tries for each in found]
    wait: timedelta = max(counted, default=now) + (get_cool_off(request) or timedelta()) - now
    return wait


def door(request: Request, form: Any) -> dict[str, Any]:
    """What the pages at the front door share."""
    invited = invitation_at_hand(request, now=timezone.now())
    return {
        "form": form,
        "next": safe_next(request),
        "invited": invited,
        "may_sign_up": settings.OPEN_SIGN_UP or invited is not None,
    }


def may_sign_up(request: Request) -> bool:
    """Anyone when the house is open; otherwise whoever holds an invitation that still opens."""
    return settings.OPEN_SIGN_UP or invitation_at_hand(request, now=timezone.now()) is not None


def safe_next(request: Request) -> str:
    """Where the person was going, if that is a page of this house; else nothing."""
    to = request.POST.get("next", request.GET.get("next", ""))
    # A path from the root, or nothing: a bare word would be looked up as the name of a page.
    local = to.startswith("/") and url_has_allowed_host_and_scheme(
        to, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return to if local else ""


def onward(request: Request, user: User) -> str:
    """After signing in: where they were going, the invitation they hold, their one campaign, or their campaigns."""
    if to := safe_next(request):
        return to
    if invitation_at_hand(request, now=timezone.now()):
        return reverse("invitation-door")
    mine = list(user.memberships.values_list("campaign__slug", flat=True)[:2])
    return (
        reverse("desk", kwargs={"campaign": mine[0]})
        if len(mine) == 1
        else reverse(settings.LOGIN_REDIRECT_URL)
    )
