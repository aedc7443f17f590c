"""The story date: what falls due by a day, and going on to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse

from khitomer.access import Request, gm_required
from khitomer.due import due_by
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.chronicle import DateForm, LookForm
from khitomer.htmx import page_or_part, redirect_to
from khitomer.models import FutureState
from khitomer.rules import changes as rules
from khitomer.rules.dates import StoryDate
from khitomer.views.posting import apply


@gm_required
def advance_date(request: Request) -> HttpResponse:
    """Let the story go on, having seen what falls due: a date in the query shows that, a post does it."""
    campaign = request.viewer.campaign
    if request.method != "POST":
        look = LookForm(request.GET or None)
        to = look.cleaned_data["to"] if look.is_valid() else None
        form = DateForm(today=campaign.today, initial={"to": to})
        return date_page(request, form, to, errors=look.errors)
    form = DateForm(request.POST, today=campaign.today)
    if form.is_valid():
        try:
            go_on(request, form)
        except Refused as refused:
            refused.field = refused.field or "to"
            refuse(form, refused)
        else:
            messages.success(request, f"The story is at {form.cleaned_data['to'].words()}.")
            return redirect_to(request, "desk", campaign=campaign.slug)
    return date_page(request, form, form.data_to(), errors=form.errors)


def date_page(request: Request, form: DateForm, to: StoryDate | None, *, errors: Any) -> HttpResponse:
    """The page of the date, or for htmx only what falls due by the date it asked about."""
    backward = to is not None and to < request.viewer.campaign.today
    context = {"here": "timeline", "form": form, "to": to, "backward": backward, "errors": errors}
    context |= falling_due(request, to)
    status = 422 if errors else 200
    return page_or_part(request, "khitomer/advance-date.html", context, part="due", status=status)


def go_on(request: Request, form: DateForm) -> None:
    """Advance, or return, the date as the form says."""
    to, today = form.cleaned_data["to"], request.viewer.campaign.today
    change: rules.Change = rules.AdvanceDate(to=to)
    if form.cleaned_data["back"]:
        change = rules.ReturnDate(to=to, advanced_to=today)
    apply(request, form, [change])


def falling_due(request: Request, to: StoryDate | None) -> dict[str, Any]:
    """Canon that comes up by a date, what others say falls due by then, and how many clocks run."""
    viewer = request.viewer
    until = to or viewer.campaign.today
    ahead = viewer.campaign.futures.filter(state=FutureState.AHEAD, on__lte=until.last.isoformat())
    return {
        "until": until,
        "futures": list(ahead),
        "due": list(due_by(viewer, until)),
        "clocks": viewer.campaign.clocks.visible_to(viewer).count(),
    }
