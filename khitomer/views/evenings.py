"""An evening as it is played and told: the log, who comes, what is carried over, and the recaps."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer import agenda
from khitomer.access import Request, gm_required, member_required
from khitomer.actions import evenings as actions
from khitomer.actions import meanwhile, once, recaps, sessions
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.sessions import LogForm, RecapForm, TellForm
from khitomer.models import Audience, LogLine
from khitomer.views.posting import returned, sent
from khitomer.views.scenes import key_or_404
from khitomer.views.sessions import get_session, part_page, run_page, to_session

# The log


@gm_required
@require_POST
def log_add(request: Request, number: int) -> HttpResponse:
    session, viewer, form = get_session(request, number), request.viewer, LogForm(request.POST)
    if not form.is_valid():
        return run_page(request, session, part="run-log", log=form)
    with once.sending(token=form.cleaned_data["token"], session=request.session, by=viewer.user) as earlier:
        if not earlier.earlier:
            actions.note(session=session, **form.given(), by=viewer.membership, now=timezone.now())
    if request.POST.get("from") == "desk":
        return returned(request, "session", number=number)
    return (
        run_page(request, session, part="run-log")
        if request.htmx
        else to_session(request, session, "#run-log")
    )


@gm_required
def log_edit(request: Request, number: int, pk: int) -> HttpResponse:
    line = get_line(request, number, pk)
    form = LogForm(sent(request), initial={"text": line.text, "told": line.audience == Audience.ALL})
    if form.is_valid():
        try:
            actions.edit_note(line=line, **form.given(), by=request.viewer.membership, now=timezone.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            return to_session(request, line.session, "#run-log")
    return part_page(request, line.session, form, "Edit a line of the log", "Keep the changes")


@gm_required
@require_POST
def log_remove(request: Request, number: int, pk: int) -> HttpResponse:
    line = get_line(request, number, pk)
    actions.remove_note(line=line, by=request.viewer.membership, now=timezone.now())
    if request.htmx:
        return run_page(request, line.session, part="run-log")
    return to_session(request, line.session, "#run-log")


# Who comes


@member_required
@require_POST
def session_answer(request: Request, number: int) -> HttpResponse:
    """Say whether one comes, for oneself."""
    session = get_session(request, number)
    answer = request.POST.get("answer", "none")
    actions.answer(session=session, member=request.viewer.membership, answer=answer, now=timezone.now())
    messages.success(request, "The table knows your answer.")
    return to_session(request, session)


@gm_required
@require_POST
def session_present(request: Request, number: int, pk: int) -> HttpResponse:
    """Note that somebody is here, or is not."""
    session, viewer = get_session(request, number), request.viewer
    member = get_object_or_404(viewer.campaign.memberships, pk=key_or_404(pk))
    present = request.POST.get("present", "1") == "1"
    actions.mark(session=session, member=member, present=present, by=viewer.user, now=timezone.now())
    return run_page(request, session, part="run-here") if request.htmx else to_session(request, session)


# Telling it


@gm_required
@require_POST
def session_carry(request: Request, number: int) -> HttpResponse:
    """Take what was not used to the next session."""
    session, viewer = get_session(request, number), request.viewer
    still_open = {refers for refers, point in agenda.points(viewer).items() if not point.over}
    target, carried = actions.carry_over(
        session=session, still_open=still_open, by=viewer.user, now=timezone.now()
    )
    said = f"{carried} carried over." if carried else "Nothing was left to carry over."
    messages.success(request, f"{said} Session {target.number} is the next.")
    return to_session(request, target if carried else session)


@gm_required
def session_recap(request: Request, number: int) -> HttpResponse:
    """What everyone is told: drafted from the record until it is written."""
    session = get_session(request, number)
    begun = meanwhile.began(session, "recap")
    form = TellForm(sent(request), initial={"recap": session.recap or recaps.draft(session), "began": begun})
    if form.is_valid():
        try:
            sessions.tell(
                session=session,
                recap=form.cleaned_data["recap"],
                began=form.cleaned_data["began"],
                by=request.viewer.user,
                now=timezone.now(),
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, "The table can read it.")
            return to_session(request, session, "#recap")
    drafted = not session.recap
    return part_page(
        request, session, form, f"Recap of session {session.number}", "Publish it", drafted=drafted
    )


@gm_required
def recap_edit(request: Request, number: int, pk: int) -> HttpResponse:
    """What some are told alone, kept as a draft until it is published."""
    session = get_session(request, number)
    recap = get_object_or_404(session.recaps.with_audience(), pk=key_or_404(pk))
    form = RecapForm(sent(request), initial={"text": recap.text, "began": meanwhile.began(recap, "text")})
    if form.is_valid():
        try:
            recaps.write(
                recap=recap,
                text=form.cleaned_data["text"],
                publish=request.POST.get("do") == "publish",
                began=form.cleaned_data["began"],
                by=request.viewer.user,
                now=timezone.now(),
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            return to_session(request, session, "#recap")
    return part_page(request, session, form, "A recap of their own", "Publish it", recap=recap)


@gm_required
@require_POST
def recap_remove(request: Request, number: int, pk: int) -> HttpResponse:
    session = get_session(request, number)
    recap = get_object_or_404(session.recaps, pk=key_or_404(pk))
    recaps.remove(recap=recap, by=request.viewer.user, now=timezone.now())
    return to_session(request, session, "#recap")


def get_line(request: Request, number: int, pk: int) -> LogLine:
    session = get_session(request, number)
    line: LogLine = get_object_or_404(session.log.visible_to(request.viewer), pk=key_or_404(pk))
    line.session = session
    return line
