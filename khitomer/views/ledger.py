"""The ledger: every change to the campaign's state, and taking one back."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from khitomer.access import Request, gm_required
from khitomer.actions import chronicle
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.chronicle import UndoForm
from khitomer.htmx import redirect_to
from khitomer.models import Change
from khitomer.views.posting import form_page, sent

PAGE = 50


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
    if kind == "gm":
        return Line(row, "by hand", "")
    if kind == "future":
        return Line(row, "canon ahead", "")
    return Line(row, f"{kind} {name}".strip(), "")


@gm_required
def ledger(request: Request) -> HttpResponse:
    """Every change to the campaign's state, the latest first."""
    rows = request.viewer.campaign.ledger.select_related("campaign", "by", "undoes", "undone_by")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"here": "ledger", "page": page, "lines": [line_of(row) for row in page]}
    return render(request, "khitomer/ledger.html", context)


@gm_required
def ledger_undo(request: Request, sequence: int) -> HttpResponse:
    """Ask why, then take back a change, or all that were made together, by appending the inverse."""
    campaign = request.viewer.campaign
    rows = campaign.ledger.select_related("campaign", "by", "undoes", "undone_by")
    row = get_object_or_404(rows, sequence=sequence)
    together = list(rows.filter(source=row.source, undone_by=None).order_by("ordinal"))
    line = line_of(row)
    if line.url:
        raise Refused(
            f"{line.source} is undone as a whole", allowed="Undo it on its own page, which then says so"
        )
    form = UndoForm(sent(request), together=len(together))
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
    context = {"here": "ledger", "line": line, "together": together}
    return form_page(request, "khitomer/ledger-undo.html", form, **context)
