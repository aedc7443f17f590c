"""The story date: what comes up by a day, what is to happen of it, and going on to it, in one step."""

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse, QueryDict

from khitomer import records
from khitomer.access import Request, Viewer, gm_required
from khitomer.actions import chronicle, story_date
from khitomer.due import due_by
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.chronicle import DateForm, LookForm
from khitomer.htmx import page_or_part, redirect_to
from khitomer.models import FutureState, SessionState
from khitomer.rules.dates import StoryDate
from khitomer.views.posting import made, sent


@gm_required
def advance_date(request: Request) -> HttpResponse:
    """Let the story go on, having seen what comes up: a date in the query shows that, a post does what was chosen."""
    campaign = request.viewer.campaign
    look = LookForm(sent(request) or request.GET or None)
    to = look.cleaned_data["to"] if look.is_valid() else None
    form = date_form(request.viewer, to, sent(request))
    looking = request.method != "POST" or request.POST.get("do") == "look"
    if not looking and form.is_valid():
        try:
            rows = story_date.go_on(campaign=campaign, plan=form.plan(), **made(request, form))
        except Refused as refused:
            refused.field = refused.field or "to"
            refuse(form, refused)
        else:
            messages.success(request, said(form.cleaned_data["to"], len(rows)))
            return redirect_to(request, "desk", campaign=campaign.slug)
    errors = look.errors if request.method != "POST" else form.errors
    return date_page(request, form, to, errors=errors, looking=looking)


def date_form(viewer: Viewer, to: StoryDate | None, post: QueryDict | None) -> DateForm:
    """The form with a choice for all canon that comes up by a date, and for every clock that can tick."""
    until = to or viewer.campaign.today
    ahead = viewer.campaign.futures.filter(state=FutureState.AHEAD, on__lte=until.last.isoformat())
    clocks = viewer.campaign.clocks.visible_to(viewer).filter(filled__lt=F("size"))
    choices = {"futures": list(ahead), "clocks": list(clocks)}
    return DateForm(post, today=viewer.campaign.today, initial={"to": to}, **choices)


def said(to: StoryDate, changes: int) -> str:
    also = f" {changes - 1} more change{'s' if changes > 2 else ''} came with it." if changes > 1 else ""
    return f"The story is at {to.words()}.{also}"


def date_page(
    request: Request, form: DateForm, to: StoryDate | None, *, errors: Any, looking: bool
) -> HttpResponse:
    """The page of the date; for htmx what comes up by the date it asked about, or what the choices would change."""
    campaign = request.viewer.campaign
    state = chronicle.load_state(campaign) if to else None
    backward = to is not None and to < campaign.today
    context = {"here": "timeline", "form": form, "to": to, "backward": backward, "errors": errors}
    context |= coming_up(request.viewer, form, to, state)
    context |= foreseen(request, form, to, state)
    part = "foreseen" if looking and request.method == "POST" else "due"
    status = 422 if errors and not (looking and request.method == "POST") else 200
    return page_or_part(request, "khitomer/advance-date.html", context, part=part, status=status)


def foreseen(request: Request, form: DateForm, to: StoryDate | None, state: Any) -> dict[str, Any]:
    """What the choices would change, before and after; or why they cannot be made."""
    if to is None:
        return {"steps": ()}
    plan = form.plan() if form.is_bound and form.is_valid() else story_date.Plan(to)
    try:
        return {"steps": story_date.preview(request.viewer.campaign, plan, state=state)}
    except Refused as refused:
        return {"steps": (), "refused": refused}


def coming_up(viewer: Viewer, form: DateForm, to: StoryDate | None, state: Any) -> dict[str, Any]:
    """Canon and clocks with their choices, what others say falls due by then, and the next evening at the table."""
    until = to or viewer.campaign.today
    found = records.compared(viewer.campaign, state=state) if form.futures else None
    planned = viewer.campaign.sessions.filter(state=SessionState.PLANNED)
    return {
        "until": until,
        "futures": [
            (future, choice, found.why_lapsed(future.canon_key) if found else ())
            for future, choice in form.canon()
        ],
        "due": list(due_by(viewer, until)),
        "clocks": form.hands(),
        "next": planned.order_by(F("on").asc(nulls_last=True), "number").first(),
    }
