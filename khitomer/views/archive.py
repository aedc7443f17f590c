"""The archive: what is known of people, places and things, and the secrets on them for those whose they are."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer.access import Request, Viewer, gm_required, member_required
from khitomer.actions import archive as actions
from khitomer.actions import once, story
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.archive import EntryForm, FateForm, SecretForm
from khitomer.forms.placing import place
from khitomer.htmx import page_or_part, redirect_to
from khitomer.models import Entry, EntryKind, Secret
from khitomer.views.linking import linked
from khitomer.views.posting import form_page, made

SHELVES = {
    EntryKind.PERSON: "People",
    EntryKind.VESSEL: "Vessels",
    EntryKind.PLACE: "Places",
    EntryKind.ORGANISATION: "Organisations",
    EntryKind.OBJECT: "Objects",
    EntryKind.DOCUMENT: "Documents",
    EntryKind.NOTE: "Notes",
}


@member_required
def archive(request: Request) -> HttpResponse:
    viewer, begins = request.viewer, request.GET.get("q", "").strip()[:80]
    kind = request.GET.get("kind", "")
    found = viewer.campaign.entries.visible_to(viewer).defer("text", "text_html")
    entries = found.filter(name__istartswith=begins) if begins else found
    if kind in EntryKind.values:
        entries = entries.filter(kind=kind)
    if viewer.is_gm:
        entries = entries.prefetch_related("powers", "secrets")
    context = {
        "here": "archive",
        "begins": begins,
        "kind": kind,
        "kinds": [(kind.value, shelf) for kind, shelf in SHELVES.items()],
        "groups": by_kind(list(entries)),
    }
    return page_or_part(request, "khitomer/archive.html", context, part="entries")


@gm_required
def entry_new(request: Request) -> HttpResponse:
    form = EntryForm(request.POST or None, campaign=request.viewer.campaign, initial=asked(request))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect_to(request, entered(request, form))
        except Refused as refused:
            refuse(form, refused)
    return page_of(request, "entry-form", form)


def entered(request: Request, form: EntryForm) -> str:
    """Write the entry, once however often the form is sent; gives the address of its page."""
    with once.sending(
        token=form.cleaned_data["token"], session=request.session, by=request.viewer.user
    ) as sent:
        if not sent.earlier:
            entry = actions.add_entry(
                campaign=request.viewer.campaign, **form.given(), by=request.viewer.user, now=timezone.now()
            )
            sent.to = address(request.viewer, entry)
            messages.success(request, f"{entry} is in the archive.")
    return sent.to


@member_required
def entry(request: Request, entry: str) -> HttpResponse:
    found = get_entry(request.viewer, entry)
    return entry_page(request, found, FateForm(initial={"fate": found.fate}))


@gm_required
def entry_edit(request: Request, entry: str) -> HttpResponse:
    campaign, found = request.viewer.campaign, get_entry(request.viewer, entry)
    names = ("name", "kind", "text", "audience")
    initial = {**{name: getattr(found, name) for name in names}, "powers": found.powers.all()}
    form = EntryForm(request.POST or None, campaign=campaign, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_entry(entry=found, **form.given(), by=request.viewer.user, now=timezone.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, "The entry is written anew.")
            return redirect_to(request, address(request.viewer, found))
    return page_of(request, "entry-form", form, entry=found)


@gm_required
@require_POST
def entry_fate(request: Request, entry: str) -> HttpResponse:
    found, form = get_entry(request.viewer, entry), FateForm(request.POST)
    if form.is_valid():
        campaign, fate = request.viewer.campaign, form.cleaned_data["fate"]
        try:
            story.set_fate(campaign=campaign, entry=found, fate=fate, **made(request, form))
        except Refused as refused:
            place(form, refused, otherwise="fate")
        else:
            messages.success(request, "The ledger has the change.")
            return redirect_to(request, address(request.viewer, found))
    return entry_page(request, found, form)


@gm_required
def secret_new(request: Request, entry: str) -> HttpResponse:
    found = get_entry(request.viewer, entry)
    form = SecretForm(request.POST or None, campaign=request.viewer.campaign)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect_to(request, kept(request, found, form))
        except Refused as refused:
            refuse(form, refused)
    return page_of(request, "secret-form", form, entry=found)


def kept(request: Request, entry: Entry, form: SecretForm) -> str:
    """Keep the secret, once however often the form is sent; gives the address of its entry."""
    with once.sending(
        token=form.cleaned_data["token"], session=request.session, by=request.viewer.user
    ) as sent:
        if not sent.earlier:
            actions.add_secret(entry=entry, **form.given(), by=request.viewer.user, now=timezone.now())
            sent.to = address(request.viewer, entry)
            messages.success(request, "The secret is kept.")
    return sent.to


@gm_required
def secret_edit(request: Request, entry: str, pk: int) -> HttpResponse:
    campaign, found = request.viewer.campaign, get_entry(request.viewer, entry)
    secret = get_secret(request.viewer, found, pk)
    initial = {"text": secret.text, "audience": secret.audience, "powers": secret.powers.all()}
    form = SecretForm(request.POST or None, campaign=campaign, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_secret(secret=secret, **form.given(), by=request.viewer.user, now=timezone.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, "The secret is written anew.")
            return redirect_to(request, address(request.viewer, found))
    return page_of(request, "secret-form", form, entry=found, secret=secret)


@gm_required
@require_POST
def secret_remove(request: Request, entry: str, pk: int) -> HttpResponse:
    found = get_entry(request.viewer, entry)
    secret = get_secret(request.viewer, found, pk)
    actions.remove_secret(secret=secret, by=request.viewer.user, now=timezone.now())
    messages.success(request, "The secret is gone.")
    return redirect_to(request, address(request.viewer, found))


# What the views share


def get_entry(viewer: Viewer, slug: str) -> Entry:
    """The entry at this address, if this viewer may know of it; otherwise the one 404."""
    return get_object_or_404(viewer.campaign.entries.visible_to(viewer), slug=slug)


def get_secret(viewer: Viewer, entry: Entry, pk: int) -> Secret:
    return get_object_or_404(entry.secrets.visible_to(viewer).select_related("entry"), pk=pk)


def address(viewer: Viewer, entry: Entry) -> str:
    return reverse("entry", kwargs={"campaign": viewer.campaign.slug, "entry": entry.slug})


def asked(request: Request) -> dict[str, Any]:
    """What a link to the form begins it with: a kind."""
    kind = request.GET.get("kind")
    return {"kind": kind} if kind in EntryKind.values else {}


def by_kind(entries: list[Entry]) -> list[tuple[str, list[Entry]]]:
    """The entries under the name of their kind, each kind in the order of names."""
    found = [(shelf, [each for each in entries if each.kind == kind]) for kind, shelf in SHELVES.items()]
    return [(label, sorted(each, key=lambda entry: entry.name.casefold())) for label, each in found if each]


def entry_page(request: Request, entry: Entry, fate: FateForm) -> HttpResponse:
    viewer = request.viewer
    secrets = entry.secrets.visible_to(viewer)
    if viewer.is_gm:  # who else knows is the GM's to see
        secrets = secrets.prefetch_related("powers")
    shown = list(secrets)
    text, *told = linked(viewer, [entry.text_html, *(secret.text_html for secret in shown)])
    context = {
        "here": "archive",
        "entry": entry,
        "text": text,
        "secrets": list(zip(shown, told, strict=True)),
        "fate": fate,
    }
    status = 422 if fate.is_bound else 200
    return render(request, "khitomer/entry.html", context, status=status)


def page_of(request: Request, page: str, form: Any, **more: Any) -> HttpResponse:
    """A page around a form of the archive."""
    return form_page(request, f"khitomer/{page}.html", form, here="archive", **more)
