"""The archive: what is known of people, places and things, and the secrets on them for those whose they are."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer.access import Request, Viewer, gm_required, member_required
from khitomer.actions import archive as actions
from khitomer.actions import bin, once, story, versions
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.archive import EntryForm, FateForm, SecretForm
from khitomer.forms.placing import place
from khitomer.htmx import page_or_part, redirect_to
from khitomer.models import Entry, Secret
from khitomer.views.archive_list import shelf
from khitomer.views.bin import said_thrown_away
from khitomer.views.conflicts import both_texts
from khitomer.views.entry_page import entry_page
from khitomer.views.posting import form_page, made


@member_required
def archive(request: Request) -> HttpResponse:
    context = {"here": "archive", **shelf(request)}
    return page_or_part(request, "khitomer/archive.html", context, part="entries")


@gm_required
def entry_new(request: Request) -> HttpResponse:
    if "ask" in request.POST:
        return asked_anew(request)
    form = EntryForm(request.POST or None, campaign=request.viewer.campaign, initial=begun(request))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect_to(request, entered(request, form))
        except Refused as refused:
            refuse(form, refused)
    return page_of(request, "entry-form", form)


def asked_anew(request: Request, **more: Any) -> HttpResponse:
    """The form once more, with the fields of the kind that was chosen and all that was typed."""
    form = EntryForm.again(request.POST, campaign=request.viewer.campaign)
    context = {"form": form, "here": "archive", **more}
    return page_or_part(request, "khitomer/entry-form.html", context, part="kind-fields")


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
    if "ask" in request.POST:
        return asked_anew(request, entry=found)
    form = EntryForm(request.POST or None, campaign=campaign, initial=recorded(found))
    if request.method == "POST" and form.is_valid():
        before = found.name
        try:
            row = actions.edit_entry(
                entry=found,
                **form.given(),
                began=form.cleaned_data["began"],
                by=request.viewer.user,
                now=timezone.now(),
            )
        except versions.Meanwhile as meanwhile:
            return both_texts(request, "entry-form", form, meanwhile.thing, entry=found)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, "The entry is written anew.")
            if row.name != before:
                messages.success(
                    request, f"It is found as “{before}” still: the old name stands among its others."
                )
            return redirect_to(request, address(request.viewer, found))
    return page_of(request, "entry-form", form, entry=found)


def recorded(entry: Entry) -> dict[str, Any]:
    """What an entry says, as its form shows it."""
    initial = {name: getattr(entry, name) for name in ("name", "text", "audience", "parent")}
    initial |= {name: getattr(entry, name).all() for name in ("aliases", "tags", "powers", "persons")}
    answers = {f"value-{key}": text for key, text in entry.values.items()}
    return {**initial, **answers, "kind": entry.kind.key, "began": versions.began(entry)}


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
    initial = {name: getattr(secret, name) for name in ("text", "audience", "false", "stands_in")}
    initial |= {"powers": secret.powers.all(), "persons": secret.persons.all()}
    initial |= {"began": versions.began(secret)}
    form = SecretForm(request.POST or None, campaign=campaign, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            began = form.cleaned_data["began"]
            actions.edit_secret(
                secret=secret, **form.given(), began=began, by=request.viewer.user, now=timezone.now()
            )
        except versions.Meanwhile as meanwhile:
            return both_texts(request, "secret-form", form, meanwhile.thing, entry=found, secret=secret)
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
    bin.throw_away(thing=secret, by=request.viewer.user, now=timezone.now())
    said_thrown_away(request, "The secret lies")
    return redirect_to(request, address(request.viewer, found))


# What the views share


def get_entry(viewer: Viewer, slug: str) -> Entry:
    """The entry at this address, if this viewer may know of it; otherwise the one 404. Its text is not read with it:
    what the viewer reads there may be another (`khitomer.reading`)."""
    entries = viewer.campaign.entries.visible_to(viewer).select_related("kind", "picture")
    return get_object_or_404(entries.defer("text", "text_html"), slug=slug)


def get_secret(viewer: Viewer, entry: Entry, pk: int) -> Secret:
    return get_object_or_404(entry.secrets.visible_to(viewer).select_related("entry"), pk=pk)


def address(viewer: Viewer, entry: Entry) -> str:
    return reverse("entry", kwargs={"campaign": viewer.campaign.slug, "entry": entry.slug})


def begun(request: Request) -> dict[str, Any]:
    """What a link to the form begins it with: a kind, a name, the entry that it is inside."""
    asked, campaign = request.GET, request.viewer.campaign
    given: dict[str, Any] = {"name": asked.get("name", "")[:80]}
    if campaign.kinds.filter(key=asked.get("kind", "")[:40]).exists():
        given["kind"] = asked["kind"]
    if "inside" in asked:
        visible = campaign.entries.visible_to(request.viewer)
        given["parent"] = visible.filter(slug=asked["inside"][:80]).first()
    return given


def page_of(request: Request, page: str, form: Any, **more: Any) -> HttpResponse:
    """A page around a form of the archive."""
    return form_page(request, f"khitomer/{page}.html", form, here="archive", **more)
