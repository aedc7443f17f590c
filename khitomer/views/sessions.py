"""Evenings at the table: the list, the page of each with its agenda, and the GM's side of both."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from khitomer import agenda, evening
from khitomer.access import Request, gm_required, member_required
from khitomer.actions import meanwhile, once, recaps
from khitomer.actions import sessions as actions
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.fields import as_key
from khitomer.forms.sessions import AgendaForm, EditSessionForm, LogForm, SessionForm
from khitomer.htmx import redirect_to
from khitomer.markup import plain
from khitomer.models import AgendaItem, Session, SessionState
from khitomer.views.linking import linked
from khitomer.views.posting import form_page, returned, sent

EXCERPT = 220
"""Characters of a recap in the list."""

PAGE = 40
"""Sessions on a page of the list."""


@member_required
def sessions(request: Request) -> HttpResponse:
    page = Paginator(evening.listed(request.viewer), PAGE).get_page(request.GET.get("page"))
    shown = [(session, plain(session.recap, EXCERPT)) for session in page]
    return render(request, "khitomer/sessions.html", {"here": "sessions", "shown": shown, "page": page})


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
    """What the evening asks for as it now stands: for the GM, the page to run it by while it is in play."""
    found = get_session(request, number)
    if request.viewer.is_gm and found.state == SessionState.IN_PLAY:
        return run_page(request, found)
    return session_page(request, found)


@gm_required
def session_plan(request: Request, number: int) -> HttpResponse:
    """Agenda, scenes and notes, in whatever state the evening is."""
    return session_page(request, get_session(request, number), plan=True)


@gm_required
def session_edit(request: Request, number: int) -> HttpResponse:
    found = get_session(request, number)
    initial = {name: getattr(found, name) for name in actions.WRITTEN}
    initial["began"] = meanwhile.began(found, *actions.WRITTEN)
    told = found.state == SessionState.CLOSED or bool(found.recap)
    asked = "recap" in request.POST if request.method == "POST" else told
    form = EditSessionForm(request.POST or None, initial=initial, recap=asked)
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
        recaps.draft_apart(session=found, by=by, now=now)
        messages.success(request, f"Session {found.number} is closed. A recap keeps it for the table.")
    elif request.POST.get("state") == SessionState.IN_PLAY:
        actions.begin(session=found, by=by, now=now)
        messages.success(request, f"Session {found.number} is in play.")
    else:
        raise Refused("A session is begun or closed", allowed="Use one of its two buttons")
    return to_session(request, found)


# The agenda


@gm_required
@require_POST
def agenda_add(request: Request, number: int) -> HttpResponse:
    found = get_session(request, number)
    points = agenda.points(request.viewer)
    form = AgendaForm(request.POST, points=points.values())
    if not form.is_valid():
        return session_page(request, found, form, plan=True)
    by, token = request.viewer.user, form.cleaned_data["token"]
    with once.sending(token=token, session=request.session, by=by) as sent:
        if not sent.earlier:
            actions.add_item(session=found, **form.given(), by=by, now=timezone.now())
    return to_plan(request, found)


@gm_required
def agenda_edit(request: Request, number: int, position: int) -> HttpResponse:
    item = get_item(request, number, position)
    initial = {name: getattr(item, name) for name in ("title", "gm_note", "refers")}
    form = AgendaForm(sent(request), initial=initial, points=agenda.points(request.viewer).values())
    if form.is_valid():
        actions.edit_item(item=item, **form.given(), by=request.viewer.user, now=timezone.now())
        return to_plan(request, item.session)
    return part_page(request, item.session, form, f"Edit “{item.title}”", "Keep the changes", item=item)


@gm_required
@require_POST
def agenda_move(request: Request, number: int, position: int) -> HttpResponse:
    item = get_item(request, number, position)
    to = moved_to(request)
    actions.move_item(item=item, to=to, by=request.viewer.user, now=timezone.now())
    return to_plan(request, item.session, f"#item-{item.pk}")


@gm_required
@require_POST
def agenda_done(request: Request, number: int, position: int) -> HttpResponse:
    item = get_item(request, number, position)
    done = request.POST.get("done", "1") == "1"
    actions.tick_item(item=item, done=done, by=request.viewer.user, now=timezone.now())
    if not request.htmx:
        return returned(request, "session", number=number)
    return run_page(request, item.session) if ran(request) else session_page(request, item.session, plan=True)


@gm_required
@require_POST
def agenda_remove(request: Request, number: int, position: int) -> HttpResponse:
    item = get_item(request, number, position)
    actions.remove_item(item=item, by=request.viewer.user, now=timezone.now())
    if request.htmx:
        return session_page(request, item.session, plan=True)
    return to_plan(request, item.session)


# What the views share


def get_session(request: Request, number: int) -> Session:
    session = get_object_or_404(request.viewer.campaign.sessions, number=number)
    session.campaign = request.viewer.campaign
    return session


def get_item(request: Request, number: int, position: int) -> AgendaItem:
    """A point of the agenda: the one the form was about, even where another has taken its place meanwhile."""
    session = get_session(request, number)
    key = as_key(request.POST.get("item", ""))
    item = get_object_or_404(session.agenda, **({"pk": key} if key else {"position": position}))
    item.session = session
    return item


def moved_to(request: Request) -> str:
    """Where something is moved to. A drag sends its place beside whatever button the browser takes for pressed."""
    return request.POST.get("to", "")


def ran(request: Request) -> bool:
    """Whether a button was pressed on the page by which an evening is run."""
    return request.POST.get("from") == "run"


def to_session(request: Request, session: Session, place: str = "") -> HttpResponse:
    where = {"campaign": request.viewer.campaign.slug, "number": session.number}
    return redirect_to(request, reverse("session", kwargs=where) + place)


def to_plan(request: Request, session: Session, place: str = "") -> HttpResponse:
    """Back to the page on which an evening is planned."""
    if session.state != SessionState.IN_PLAY:
        return to_session(request, session, place)
    where = {"campaign": request.viewer.campaign.slug, "number": session.number}
    return redirect_to(request, reverse("session-plan", kwargs=where) + place)


def session_page(
    request: Request, session: Session, form: AgendaForm | None = None, *, plan: bool = False
) -> HttpResponse:
    """The page of an evening; for the GM with what is planned. An agenda alone where htmx asks for it."""
    viewer, points = request.viewer, agenda.points(request.viewer)
    told = evening.recaps_of(viewer, session)
    own = [session.gm_notes_html] if viewer.is_gm else []
    recap, *texts = linked(viewer, [session.recap_html, *(each.text_html for each in told), *own])
    guests, closed = evening.guests(session), session.state == SessionState.CLOSED
    context = {
        "here": "sessions",
        "session": session,
        "plan": plan or session.state == SessionState.PLANNED,
        "agenda": evening.agenda_of(session, points),
        "recap": recap,
        "recaps": list(zip(told, texts, strict=False)),
        "notes": texts[-1] if viewer.is_gm else "",
        "guests": [guest for guest in guests if guest.row.present or not closed],
        "answer": next((guest.row.answer for guest in guests if guest.member == viewer.membership), ""),
        "log": evening.log_of(viewer, session) if session.began_at else [],
    }
    if viewer.is_gm:
        context |= {"form": form or AgendaForm(points=points.values()), "scenes": evening.scenes_of(session)}
    else:
        context["shown"] = evening.shown_to(viewer, session)
    part = "#agenda" if request.htmx else ""
    status = 422 if form is not None and form.is_bound else 200
    return render(request, f"khitomer/session.html{part}", context, status=status)


def run_page(
    request: Request, session: Session, *, part: str = "run-now", log: LogForm | None = None
) -> HttpResponse:
    """The page by which an evening is run, or the part of it that htmx asks for."""
    points, scenes = agenda.points(request.viewer), evening.scenes_of(session)
    waiting = [scene for scene in scenes if scene.row.done_at is None]
    asked = as_key(request.POST.get("scene", request.GET.get("scene", "")))
    scene = next((each for each in scenes if each.row.pk == asked), waiting[0] if waiting else None)
    items = evening.agenda_of(session, points)
    ahead = [item for item in items if item.row.done_at is None]
    texts = linked(request.viewer, [scene.row.text_html if scene else "", session.gm_notes_html])
    context = {
        "here": "sessions",
        "session": session,
        "agenda": items,
        "item": ahead[0] if ahead else None,
        "next_item": ahead[1] if len(ahead) > 1 else None,
        "scenes": scenes,
        "scene": scene,
        "scene_text": texts[0],
        "notes": texts[1],
        "next_scene": next((each for each in waiting if each is not scene), None),
        "guests": evening.guests(session),
        "log": evening.log_of(request.viewer, session),
        "log_form": log or LogForm(),
    }
    status = 422 if log is not None and log.is_bound else 200
    name = f"khitomer/session/run.html{f'#{part}' if request.htmx else ''}"
    return render(request, name, context, status=status)


def page_of(request: Request, form: Any, **more: Any) -> HttpResponse:
    """The page around the form of a session."""
    return form_page(request, "khitomer/session-form.html", form, here="sessions", **more)


def part_page(
    request: Request, session: Session, form: Any, heading: str, keep: str, **more: Any
) -> HttpResponse:
    """The page around the form of something that belongs to a session; the form alone where htmx asks for it."""
    template = f"khitomer/session/part-form.html{'#part-form' if request.htmx else ''}"
    context = {"here": "sessions", "session": session, "heading": heading, "keep": keep, **more}
    return form_page(request, template, form, **context)
