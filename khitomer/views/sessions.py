"""Evenings at the table: the list, the page with its agenda, and the GM's side of both."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer.access import Request, gm_required, member_required
from khitomer.actions import once
from khitomer.actions import sessions as actions
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.sessions import AgendaForm, EditSessionForm, SessionForm
from khitomer.htmx import redirect_to
from khitomer.markup import plain
from khitomer.models import AgendaItem, Session, SessionState
from khitomer.views.linking import linked
from khitomer.views.posting import form_page, returned

EXCERPT = 220
"""Characters of a recap in the list."""


@member_required
def sessions(request: Request) -> HttpResponse:
    found = request.viewer.campaign.sessions.all()
    shown = [(session, plain(session.recap, EXCERPT)) for session in found]
    return render(request, "khitomer/sessions.html", {"here": "sessions", "shown": shown})


@gm_required
def session_new(request: Request) -> HttpResponse:
    form = SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect_to(request, planned(request, form))
        except Refused as refused:
            refuse(form, refused)
    return page_of(request, form)


def planned(request: Request, form: SessionForm) -> str:
    """Plan the session, once however often the form is sent; gives the address of its page."""
    viewer, token = request.viewer, form.cleaned_data["token"]
    with once.sending(token=token, session=request.session, by=viewer.user) as sent:
        if not sent.earlier:
            session = actions.add_session(
                campaign=viewer.campaign, **form.given(), by=viewer.user, now=timezone.now()
            )
            sent.to = reverse("session", kwargs={"campaign": viewer.campaign.slug, "number": session.number})
            messages.success(request, f"Session {session.number} is planned.")
    return sent.to


@member_required
def session(request: Request, number: int) -> HttpResponse:
    return session_page(request, get_session(request, number), AgendaForm())


@gm_required
def session_edit(request: Request, number: int) -> HttpResponse:
    found = get_session(request, number)
    initial = {name: getattr(found, name) for name in ("title", "on", "recap", "gm_notes")}
    form = EditSessionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_session(session=found, **form.given(), by=request.viewer.user, now=timezone.now())
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, f"Session {found.number} is written anew.")
            return to_session(request, found)
    return page_of(request, form, session=found)


@gm_required
@require_POST
def session_state(request: Request, number: int) -> HttpResponse:
    """Begin or close. While another session is in play, the refusal says which."""
    found, by, now = get_session(request, number), request.viewer.user, timezone.now()
    if request.POST.get("state") == SessionState.CLOSED:
        actions.close(session=found, by=by, now=now)
        messages.success(request, f"Session {found.number} is closed. A recap keeps it for the table.")
    elif request.POST.get("state") == SessionState.IN_PLAY:
        actions.begin(session=found, by=by, now=now)
        messages.success(request, f"Session {found.number} is in play.")
    else:
        raise Refused("A session is begun or closed", allowed="Use one of its two buttons")
    return to_session(request, found)


@gm_required
@require_POST
def agenda_add(request: Request, number: int) -> HttpResponse:
    found, form = get_session(request, number), AgendaForm(request.POST)
    if not form.is_valid():
        return session_page(request, found, form)
    by, token = request.viewer.user, form.cleaned_data["token"]
    with once.sending(token=token, session=request.session, by=by) as sent:
        if not sent.earlier:
            actions.add_item(session=found, **form.given(), by=by, now=timezone.now())
    return to_session(request, found)


@gm_required
@require_POST
def agenda_done(request: Request, number: int, position: int) -> HttpResponse:
    item = get_item(request, number, position)
    done = request.POST.get("done", "1") == "1"
    actions.tick_item(item=item, done=done, by=request.viewer.user, now=timezone.now())
    if request.htmx:
        return session_page(request, item.session, AgendaForm())
    return returned(request, "session", number=number)


@gm_required
@require_POST
def agenda_remove(request: Request, number: int, position: int) -> HttpResponse:
    item = get_item(request, number, position)
    actions.remove_item(item=item, by=request.viewer.user, now=timezone.now())
    if request.htmx:
        return session_page(request, item.session, AgendaForm())
    return to_session(request, item.session)


# What the views share


def get_session(request: Request, number: int) -> Session:
    return get_object_or_404(request.viewer.campaign.sessions.prefetch_related("agenda"), number=number)


def get_item(request: Request, number: int, position: int) -> AgendaItem:
    """A point of the agenda; its session is read afresh when the page is shown again."""
    session = get_object_or_404(request.viewer.campaign.sessions, number=number)
    return get_object_or_404(session.agenda, position=position)


def to_session(request: Request, session: Session) -> HttpResponse:
    return redirect_to(request, "session", campaign=request.viewer.campaign.slug, number=session.number)


def session_page(request: Request, session: Session, form: AgendaForm) -> HttpResponse:
    viewer = request.viewer
    agenda = list(session.agenda.all())
    waiting = [item for item in agenda if item.done_at is None]
    in_play = session.state == SessionState.IN_PLAY
    recap, *notes = linked(viewer, [session.recap_html, *([session.gm_notes_html] if viewer.is_gm else [])])
    context = {
        "here": "sessions",
        "session": session,
        "agenda": agenda,
        "now": waiting[0] if waiting and in_play else None,
        "recap": recap,
        "notes": notes[0] if notes else "",
        "form": form,
    }
    part = "#agenda" if request.htmx else ""
    status = 422 if form.is_bound else 200
    return render(request, f"khitomer/session.html{part}", context, status=status)


def page_of(request: Request, form: Any, **more: Any) -> HttpResponse:
    """The page around the form of a session."""
    return form_page(request, "khitomer/session-form.html", form, here="sessions", **more)
