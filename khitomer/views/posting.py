"""What views of forms share: what a form is bound to, its page, and the GM's own hand on the campaign's state."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from khitomer.access import Request
from khitomer.actions import chronicle
from khitomer.forms.campaigns import form_token
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


def form_page(request: Request, template: str, form: Any, **context: Any) -> HttpResponse:
    """A page around a form: 422 when what was sent has errors."""
    return render(request, template, context | {"form": form}, status=422 if form.errors else 200)


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
