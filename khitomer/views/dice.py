"""Dice and pools of an evening in play: the page, and the part of the session's page that does the same."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer.access import Request, Viewer, member_required
from khitomer.actions import dice as actions
from khitomer.actions import once
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.tools import NotationForm, RollForm, TaskForm
from khitomer.htmx import redirect_to
from khitomer.models import LogKind, Pools, Role, Session, SessionState

SHOWN = 12
"""How many of the latest rolls stand beside the dice."""


@member_required
def session_dice(request: Request, number: int) -> HttpResponse:
    """Two forms, told apart by the button's name; what was rolled stands below them."""
    found, viewer = get_session(request, number), request.viewer
    if request.method != "POST":
        return dice_page(request, found)
    is_task = request.POST.get("sort") == "task"
    form_class: type[RollForm] = TaskForm if is_task else NotationForm
    form = form_class(request.POST, is_gm=viewer.is_gm, prefix="task" if is_task else "roll")
    if form.is_valid():
        try:
            rolled(request, found, form)
        except Refused as refused:
            refuse(form, refused)
        else:
            return answered(request, found, **{"task" if is_task else "roll": again(form, viewer)})
    return dice_page(request, found, status=422, **{"task" if is_task else "roll": form})


def again(form: RollForm, viewer: Viewer) -> RollForm:
    """The form for the next throw: its numbers as they were, under a name of its own."""
    kept = {name: value for name, value in form.cleaned_data.items() if name not in ("token", "what")}
    return type(form)(initial=kept, is_gm=viewer.is_gm, prefix=form.prefix)


def rolled(request: Request, session: Session, form: Any) -> None:
    """Roll, once however often the form is sent: a second press is no second throw."""
    given = {**form.shared(), "session": session, "by": request.viewer.membership, "now": timezone.now()}
    token = form.cleaned_data["token"]
    with once.sending(token=token, session=request.session, by=request.viewer.user) as sent:
        if sent.earlier:
            return
        if isinstance(form, TaskForm):
            actions.roll_task(task=form.task(), **given)
        else:
            actions.roll_notation(notation_text=form.cleaned_data["notation"], **given)


@member_required
@require_POST
def session_pools(request: Request, number: int) -> HttpResponse:
    """One more or one less of a pool; or, naming a `roll`, the Momentum that it left over."""
    found = get_session(request, number)
    try:
        change(request, found)
    except Refused as refused:
        if not request.htmx:
            raise
        return dice_page(request, found, status=422, refused=str(refused))
    return answered(request, found)


def change(request: Request, session: Session) -> None:
    given: dict[str, Any] = {"by": request.viewer.membership, "now": timezone.now()}
    if "roll" in request.POST:
        # By its moment, and not by its key: what is rolled in secret leaves no gap between moments.
        lines = session.log.visible_to(request.viewer).filter(kind=LogKind.ROLL)
        line = get_object_or_404(lines, at=moment(request.POST["roll"]))
        actions.save_momentum(line=line, **given)
    else:
        much = {"1": 1, "-1": -1}.get(request.POST.get("by", ""))
        if much is None:
            raise Refused("A pool grows or shrinks by one", allowed="Press plus or minus")
        pool = request.POST.get("pool", "")
        actions.change_pool(session=session, pool=pool, by_how_much=much, **given)


def moment(text: str) -> datetime | None:
    """A moment as the page wrote it; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def answered(request: Request, session: Session, **forms: Any) -> HttpResponse:
    """After a roll or a pool: the part anew for htmx; otherwise back to where it was pressed."""
    if request.htmx:
        return dice_page(request, session, **forms)
    name = "session" if request.POST.get("from") == "session" else "session-dice"
    return redirect_to(request, name, campaign=request.viewer.campaign.slug, number=session.number)


def get_session(request: Request, number: int) -> Session:
    sessions = request.viewer.campaign.sessions.select_related("campaign")
    return get_object_or_404(sessions, number=number)


def dice_page(request: Request, session: Session, *, status: int = 200, **forms: Any) -> HttpResponse:
    tools = dice_tools(request.viewer, session, **forms)
    context = {"here": "sessions", "session": session, "tools": tools}
    page = "khitomer/session/dice.html" if request.htmx else "khitomer/dice.html"
    return render(request, page, context, status=status)


def dice_tools(viewer: Viewer, session: Session, **forms: Any) -> dict[str, Any]:
    """What the part shows: the forms, the pools, and the latest rolls that this viewer may know of."""
    is_gm = viewer.is_gm
    lines = session.log.visible_to(viewer).filter(kind__in=(LogKind.ROLL, LogKind.POOL))
    return {
        "in_play": session.state == SessionState.IN_PLAY,
        "may_act": viewer.role != Role.OBSERVER,
        "pools": getattr(viewer.campaign, "pools", None) or Pools(campaign=viewer.campaign),
        "task": TaskForm(is_gm=is_gm, prefix="task"),
        "roll": NotationForm(is_gm=is_gm, prefix="roll"),
        "lines": list(lines.select_related("by__user", "by__power")[:SHOWN]),
        **forms,
    }
