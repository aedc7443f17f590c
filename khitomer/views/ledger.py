"""The ledger: every change to the campaign's state as a history to be read, and taking one back."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from khitomer.access import Request, gm_required
from khitomer.actions import chronicle
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.chronicle import UndoForm
from khitomer.forms.ledger import LedgerForm
from khitomer.htmx import redirect_to
from khitomer.models import Campaign, Change
from khitomer.rules import changes as rules
from khitomer.rules.dates import StoryDate
from khitomer.views.posting import form_page, sent

PAGE = 50

MOVES = ("advance date", "return date")


@dataclass(frozen=True)
class Line:
    """One row of the ledger with its source in words and where that is to be seen."""

    row: Change
    source: str
    url: str

    @property
    def stands(self) -> bool:
        """Whether the change has neither been undone nor undoes another."""
        return self.row.undoes is None and not hasattr(self.row, "undone_by")


def line_of(row: Change) -> Line:
    kind, _, name = row.source.partition(":")
    if row.undoes is not None:
        return Line(row, f"undo of change {row.undoes.sequence}", "")
    if kind == "resolution":
        slug = row.campaign.slug
        return Line(
            row, f"Resolution {name}", reverse("resolution", kwargs={"campaign": slug, "number": name})
        )
    if kind == "settlement":
        slug = row.campaign.slug
        return Line(
            row, f"Settlement of No. {name}", reverse("complaint", kwargs={"campaign": slug, "number": name})
        )
    words = {"gm": "by hand", "future": "canon ahead", "date": "with the date"}
    return Line(row, words.get(kind) or f"{kind} {name}".strip(), "")


@dataclass(frozen=True)
class Together:
    """Changes that were made together: by what, on which day of the story, by whom and when."""

    first: Line
    lines: list[Line]

    @property
    def on(self) -> StoryDate:
        """The day of the story on which all of it stood: where the date itself moved, the day that was reached."""
        reached = [line.row.payload["change"]["to"] for line in self.lines if line.row.kind in MOVES]
        return StoryDate.parse(reached[0]) if reached else self.first.row.story_date


def together(rows: Iterable[Change]) -> list[Together]:
    """The rows, latest first, those of one source side by side as one."""
    found = []
    for _, several in groupby(rows, key=lambda row: (row.source, row.story_date, row.by_id)):
        lines = [line_of(row) for row in several]
        found.append(Together(lines[0], lines))
    return found


@gm_required
def ledger(request: Request) -> HttpResponse:
    """Every change to the campaign's state, the latest first, narrowed as the address asks."""
    campaign, asked = request.viewer.campaign, {key: value for key, value in request.GET.items() if value}
    asked.pop("page", None)
    rows = campaign.ledger.select_related("campaign", "by", "undoes", "undone_by")
    form = LedgerForm(asked or None, campaign=campaign)
    if form.is_valid():
        rows = form.narrowed(rows)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "here": "ledger",
        "form": form,
        "narrowed": bool(asked),
        "asked": urlencode(asked),
        "page": page,
        "groups": together(page),
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "khitomer/ledger.html", context, status=status)


@gm_required
def ledger_undo(request: Request, sequence: int) -> HttpResponse:
    """Ask why, then take back a change, or all that were made together, by appending the inverse."""
    campaign = request.viewer.campaign
    rows = campaign.ledger.select_related("campaign", "by", "undoes", "undone_by")
    row = get_object_or_404(rows, sequence=sequence)
    several = list(rows.filter(source=row.source, undone_by=None).order_by("ordinal"))
    line = line_of(row)
    if line.url:
        raise Refused(
            f"{line.source} is undone as a whole", allowed="Undo it on its own page, which then says so"
        )
    form = UndoForm(sent(request), together=len(several))
    if form.is_valid():
        whole = form.cleaned_data["scope"] == "all"
        try:
            undone = chronicle.undo(
                campaign=campaign,
                by=request.viewer.user,
                why=form.cleaned_data["why"],
                now=timezone.now(),
                source=row.source if whole else None,
                change=None if whole else row,
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            many = f"{len(undone)} changes are" if len(undone) > 1 else f"Change {row.sequence} is"
            messages.success(request, f"{many} undone.")
            return redirect_to(request, "ledger", campaign=campaign.slug)
    context = {"here": "ledger", "line": line, "together": several, **foreseen(campaign, several, row)}
    return form_page(request, "khitomer/ledger-undo.html", form, **context)


NAMES = (
    "entry",
    "clock",
    "territory",
    "zone",
    "slug",
    "treaty",
    "provision",
    "canon_key",
    "key",
    "power",
    "other",
)
"""The fields by which changes name what they are about."""


def foreseen(campaign: Campaign, several: list[Change], row: Change) -> dict[str, Any]:
    """Whether all of it, or this change alone, can be taken back now; if not, why, and what has changed it since."""
    blocked = {}
    for scope, rows in (("all", several), ("one", [row])):
        inverses = [
            rules.from_json(each.payload["inverse"]) for each in sorted(rows, key=lambda r: -r.ordinal)
        ]
        try:
            chronicle.preview(campaign, inverses)
        except Refused as refused:
            blocked[scope] = refused
    return {"blocked": blocked, "since": changed_since(campaign, row) if blocked else []}


def changed_since(campaign: Campaign, row: Change) -> list[Change]:
    """The later changes that stand and are about the same thing, the latest first: they are to be undone before."""
    about = named(row)
    later = campaign.ledger.filter(sequence__gt=row.sequence, undoes=None, undone_by=None)
    return [each for each in later[:200] if about & named(each)][:5]


def named(row: Change) -> set[str]:
    """What a change is about, by the slugs that it names."""
    change = row.payload["change"]
    return {str(change[name]) for name in NAMES if change.get(name)}
