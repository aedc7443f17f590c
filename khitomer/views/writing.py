"""What helps a person while they write: the names that `[[` offers, and how the text will look."""

from django.db.models import Case, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from khitomer import markup
from khitomer.access import Request, member_required
from khitomer.errors import Refused
from khitomer.rules.names import fold, tidy
from khitomer.views.linking import linked

OFFERED = 8


@member_required
def writing_names(request: Request) -> HttpResponse:
    """The entries that a name being typed may mean, of those this viewer may see; those that begin so come first."""
    viewer, typed = request.viewer, tidy(request.GET.get("q", ""))[:80]
    found = viewer.campaign.entries.visible_to(viewer).exclude(name__regex=r"[][|]")
    if typed:
        found = found.filter(Q(name__icontains=typed) | Q(aliases__name__icontains=typed))
    first = Case(When(name__istartswith=typed, then=Value(0)), default=Value(1))
    rows = (
        found.annotate(later=first).order_by("later", "name").distinct().defer("text", "text_html", "values")
    )
    offered = [
        (entry, [alias for alias in entry.aliases.all() if not typed or fold(typed) in fold(alias.name)])
        for entry in rows.select_related("kind").prefetch_related("aliases")[:OFFERED]
    ]
    return render(request, "khitomer/writing/names.html", {"offered": offered})


@member_required
@require_POST
def writing_preview(request: Request) -> HttpResponse:
    """A text as it will look to whoever writes it, or why it cannot be kept."""
    try:
        (shown,) = linked(request.viewer, [markup.render(request.POST.get("text", ""))])
    except Refused as refused:
        return render(request, "khitomer/writing/preview.html", {"refused": refused}, status=422)
    return render(request, "khitomer/writing/preview.html", {"shown": shown})
