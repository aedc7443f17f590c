"""What an entry, and each secret on it, said from one edit to the next; the GM may bring any of it back."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer.access import Request, gm_required
from khitomer.actions import versions
from khitomer.forms.fields import as_key
from khitomer.htmx import redirect_to
from khitomer.models import Entry, Secret, Version
from khitomer.rules.differences import Run, compared, in_paragraphs
from khitomer.views.archive import get_entry, get_secret

LABELS = {
    "name": "Name",
    "kind": "Kind",
    "aliases": "Also called",
    "tags": "Tags",
    "parent": "Part of",
    "values": "Particulars",
    "false": "Not so",
    "stands_in": "In place of the text",
}


@dataclass(frozen=True)
class Difference:
    """Between two versions: the text by paragraphs, and what else differs with its label, before and after."""

    earlier: Version
    later: Version
    paragraphs: list[tuple[Run, ...]]
    others: list[tuple[str, str, str]]
    same_text: bool


@gm_required
def entry_history(request: Request, entry: str) -> HttpResponse:
    found = get_entry(request.viewer, entry)
    return history_page(request, found, entry=found)


@gm_required
def secret_history(request: Request, entry: str, pk: int) -> HttpResponse:
    found = get_entry(request.viewer, entry)
    secret = get_secret(request.viewer, found, pk)
    return history_page(request, secret, entry=found, secret=secret)


@gm_required
@require_POST
def version_restore(request: Request, entry: str, number: int) -> HttpResponse:
    found = get_entry(request.viewer, entry)
    return restored(request, found, number, found)


@gm_required
@require_POST
def secret_version_restore(request: Request, entry: str, pk: int, number: int) -> HttpResponse:
    found = get_entry(request.viewer, entry)
    return restored(request, get_secret(request.viewer, found, pk), number, found)


# What the views share


def history_page(request: Request, thing: Entry | Secret, **context: Any) -> HttpResponse:
    kept = list(versions.versions_of(thing).defer("content").select_related("by"))
    context |= {
        "here": "archive",
        "thing": thing,
        "versions": kept,
        "restore": "secret-version-restore" if isinstance(thing, Secret) else "version-restore",
        "difference": difference(thing, kept, request.GET.get("from"), request.GET.get("to")),
    }
    return render(request, "khitomer/archive/history.html", context)


def difference(
    thing: Entry | Secret, kept: list[Version], before: str | None, after: str | None
) -> Difference | None:
    """Between the versions asked for, or else between the last and the one before it. None where there is none."""
    numbers = [version.revision for version in kept]
    later = as_key(after) if after else next(iter(numbers), None)
    earlier = as_key(before) if before else max((n for n in numbers if later and n < later), default=later)
    rows = {row.revision: row for row in versions.versions_of(thing).filter(revision__in=[earlier, later])}
    if earlier not in rows or later not in rows:
        return None
    first, second = rows[earlier], rows[later]
    texts = [first.content["text"], second.content["text"]]
    return Difference(
        earlier=first,
        later=second,
        paragraphs=in_paragraphs(compared(*texts)),
        same_text=texts[0] == texts[1],
        others=[
            (label, in_line(first.content.get(name)), in_line(second.content.get(name)))
            for name, label in LABELS.items()
            if first.content.get(name) != second.content.get(name)
        ],
    )


def in_line(value: Any) -> str:
    """A value of a version on one line, for a person."""
    match value:
        case bool():
            return "yes" if value else "no"
        case dict():
            return "; ".join(f"{key}: {each}" for key, each in value.items() if each) or "nothing"
        case list():
            return ", ".join(value) or "nothing"
    return str(value or "nothing")


def restored(request: Request, thing: Entry | Secret, number: int, entry: Entry) -> HttpResponse:
    if not versions.versions_of(thing).filter(revision=number).exists():
        raise Http404
    changed = versions.restore(thing=thing, revision=number, by=request.viewer.user, now=timezone.now())
    messages.success(
        request,
        f"Version {number} stands again, as version {again(thing)}." if changed else "It says that already.",
    )
    return redirect_to(request, history_address(request, thing, entry))


def again(thing: Entry | Secret) -> int:
    """The number of the version that stands now."""
    thing.refresh_from_db(fields=["revision"])
    return thing.revision


def history_address(request: Request, thing: Entry | Secret, entry: Entry) -> str:
    kwargs = {"campaign": request.viewer.campaign.slug, "entry": entry.slug}
    if isinstance(thing, Secret):
        return reverse("secret-history", kwargs={**kwargs, "pk": thing.pk})
    return reverse("entry-history", kwargs=kwargs)
