"""What views of forms share: what a form is bound to, its page, and the GM's own hand on the campaign's state."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from khitomer.access import Request
from khitomer.actions import chronicle
from khitomer.forms.campaigns import form_token
from khitomer.htmx import redirect_to
from khitomer.models import Change
from khitomer.rules import changes as rules


def sent(request: Request) -> QueryDict | None:
    """What a form is bound to: the post, even an empty one; nothing while the page is only looked at."""
    return request.POST if request.method == "POST" else None


def named(post: QueryDict) -> QueryDict:
    """A post with a token, even where a bare button sent none."""
    data = post.copy()
    data.setdefault("token", form_token())
    return data


def made(request: Request, form: Any) -> dict[str, Any]:
    """Who makes a change, by which form, when and why: what every action of the ledger is told."""
    given = form.cleaned_data
    return {"by": request.viewer.user, "token": given["token"], "why": given["why"], "now": timezone.now()}


def pressed(request: Request) -> dict[str, Any]:
    """The same for a button that has no form to fill in."""
    token = request.POST.get("token", "")[:40] or form_token()
    return {"by": request.viewer.user, "token": token, "now": timezone.now()}


def returned(request: Request, name: str, **kwargs: Any) -> HttpResponse:
    """Where a button leads: back to the desk on which it was pressed, or else to the page it belongs to."""
    campaign = request.viewer.campaign.slug
    if request.POST.get("from") == "desk":
        return redirect_to(request, "desk", campaign=campaign)
    return redirect_to(request, name, campaign=campaign, **kwargs)


def said(request: Request, changed: Any) -> None:
    """Say whether the ledger has anything new; nothing is said of None, when nothing was tried."""
    if changed is not None:
        messages.success(request, "The ledger has the change." if changed else "Nothing was different.")


def form_page(
    request: Request, template: str, form: Any, *, status: int | None = None, **context: Any
) -> HttpResponse:
    """A page around a form: 422 when what was sent will not do, unless a status says otherwise."""
    status = status or (422 if form.is_bound else 200)
    return render(request, template, context | {"form": form}, status=status)


def apply(request: Request, form: Any, changes: list[rules.Change]) -> list[Change]:
    """Make changes by the GM's own hand, in the name of a form."""
    return chronicle.apply(
        campaign=request.viewer.campaign,
        changes=changes,
        by=request.viewer.user,
        why=form.cleaned_data["why"],
        source=f"gm:{form.cleaned_data['token']}",
        now=timezone.now(),
    )
