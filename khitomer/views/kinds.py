"""The kinds of the archive, for the GM: those that every archive has, those of their own, and the fields of each."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer.access import Request, gm_required
from khitomer.actions import kinds as actions
from khitomer.actions import once
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.kinds import EMPTY, SORTS, KindForm, arranged, rows_of
from khitomer.htmx import redirect_to
from khitomer.models import Kind
from khitomer.rules.kinds import MOST_FIELDS, read_fields
from khitomer.views.posting import form_page


@gm_required
def kinds(request: Request) -> HttpResponse:
    found = request.viewer.campaign.kinds.annotate(
        number=Count("entries", filter=Q(entries__deleted_at=None))
    )
    shown = [(kind, read_fields(kind.fields)) for kind in found]
    return render(request, "khitomer/kinds.html", {"here": "archive", "shown": shown})


@gm_required
def kind_new(request: Request) -> HttpResponse:
    if asked := request.POST.get("arrange", ""):
        return kind_page(request, again(request), rows=arranged(rows_of(request.POST), asked))
    form = KindForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            kept(request, form)
            return redirect_to(request, "kinds", campaign=request.viewer.campaign.slug)
        except Refused as refused:
            refuse(form, refused)
    return kind_page(request, form, rows=rows_of(request.POST) or [EMPTY] * 3)


def kept(request: Request, form: KindForm) -> None:
    """Make the kind, once however often the form is sent."""
    viewer, given = request.viewer, form.cleaned_data
    with once.sending(token=given["token"], session=request.session, by=viewer.user) as sent:
        if not sent.earlier:
            fields, now = rows_of(request.POST), timezone.now()
            kind = actions.add_kind(
                campaign=viewer.campaign, **form.names(None), fields=fields, by=viewer.user, now=now
            )
            messages.success(request, f"{kind.plural} are a kind of their own.")


@gm_required
def kind_edit(request: Request, kind: str) -> HttpResponse:
    found = get_kind(request, kind)
    if asked := request.POST.get("arrange", ""):
        rows = arranged(rows_of(request.POST), asked)
        return kind_page(request, again(request, found), kind=found, rows=rows)
    initial = {"name": found.name, "plural": found.plural}
    form = KindForm(request.POST if request.method == "POST" else None, kind=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            given = {**form.names(found), "fields": rows_of(request.POST)}
            actions.edit_kind(kind=found, **given, by=request.viewer.user, now=timezone.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, "The kind is written anew.")
            return redirect_to(request, "kinds", campaign=request.viewer.campaign.slug)
    stored = [(field.key, field.label, str(field.sort)) for field in read_fields(found.fields)]
    rows = rows_of(request.POST) if request.method == "POST" else stored or [EMPTY]
    return kind_page(request, form, kind=found, rows=rows)


@gm_required
@require_POST
def kind_remove(request: Request, kind: str) -> HttpResponse:
    found = get_kind(request, kind)
    actions.remove_kind(kind=found, by=request.viewer.user, now=timezone.now())
    messages.success(request, f"{found.plural} are a kind no more.")
    return redirect_to(request, "kinds", campaign=request.viewer.campaign.slug)


def get_kind(request: Request, key: str) -> Kind:
    return get_object_or_404(request.viewer.campaign.kinds, key=key)


def again(request: Request, kind: Kind | None = None) -> KindForm:
    """The form with what was typed, while its rows are put in order: nothing of it is judged yet."""
    return KindForm(
        kind=kind, initial={name: request.POST.get(name, "") for name in ("name", "plural", "token")}
    )


def kind_page(request: Request, form: KindForm, *, rows: Any, kind: Kind | None = None) -> HttpResponse:
    more = {"rows": rows, "sorts": SORTS, "full": len(rows) >= MOST_FIELDS, "kind": kind}
    return form_page(request, "khitomer/kind-form.html", form, here="archive", **more)
