"""The poll of dates for a session, and the calendar files of the evenings."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_POST, require_safe

from khitomer import calendars
from khitomer.access import Request, gm_required, member_required
from khitomer.actions import dates as actions
from khitomer.errors import Refused
from khitomer.forms.dates import Evenings
from khitomer.forms.fields import as_key
from khitomer.htmx import redirect_to
from khitomer.models import PollDate, Role, Session, SessionState

WORDS = {"yes": "Yes", "maybe": "If need be", "no": "No"}


@member_required
def session_dates(request: Request, number: int) -> HttpResponse:
    found = get_session(request, number)
    if request.method == "POST":
        actions.answer(
            session=found,
            member=request.viewer.membership,
            answers=answers_in(request),
            now=timezone.now(),
        )
        messages.success(request, "Your answers are kept. Change them for as long as the poll is open.")
        return to_dates(request, found)
    return dates_page(request, found)


def answers_in(request: Request) -> dict[int, str]:
    """What was answered, by the key of the evening; what names no evening is nothing."""
    given = {}
    for name, said in request.POST.items():
        key = as_key(name.removeprefix("date-")) if name.startswith("date-") else None
        if key is not None and isinstance(said, str):
            given[key] = said
    return given


@gm_required
@require_POST
def session_dates_propose(request: Request, number: int) -> HttpResponse:
    found, form = get_session(request, number), Evenings(request.POST)
    if form.is_valid():
        evenings = [
            (row["on"], row.get("starts")) for each in form if (row := each.cleaned_data) and row.get("on")
        ]
        try:
            actions.propose(session=found, evenings=evenings, by=request.viewer.user, now=timezone.now())
        except Refused as refused:
            form.forms[0].add_error("on", str(refused))
        else:
            messages.success(request, "Everyone is asked.")
            return to_dates(request, found)
    return dates_page(request, found, form)


@gm_required
@require_POST
def session_date_choose(request: Request, number: int, pk: int) -> HttpResponse:
    """Play on this evening; or, with `withdraw`, ask about it no longer."""
    found = get_session(request, number)
    date = get_object_or_404(dates_of(found), pk=pk)
    given: dict[str, Any] = {"date": date, "by": request.viewer.user, "now": timezone.now()}
    if request.POST.get("withdraw"):
        actions.withdraw(**given)
        messages.success(request, "Nobody is asked about that evening any more.")
    else:
        actions.choose(**given)
        messages.success(request, f"Session {found.number} is on {date.on:%A} {date.on.day} {date.on:%B}.")
    return to_dates(request, found)


@gm_required
@require_POST
def session_dates_again(request: Request, number: int) -> HttpResponse:
    found = get_session(request, number)
    actions.ask_again(session=found, by=request.viewer.user, now=timezone.now())
    messages.success(request, "Everyone is asked again; what they said stands until they change it.")
    return to_dates(request, found)


# The calendar


@member_required
@require_safe
def session_calendar(request: Request, number: int) -> HttpResponse:
    found = get_session(request, number)
    if found.on is None:
        raise Http404
    return calendar_of(request, [found], f"session-{number}.ics")


@member_required
@require_safe
def sessions_calendar(request: Request) -> HttpResponse:
    dated = request.viewer.campaign.sessions.exclude(on=None).order_by("number")
    return calendar_of(request, list(dated), "sessions.ics")


def calendar_of(request: Request, sessions: list[Session], name: str) -> HttpResponse:
    campaign = request.viewer.campaign
    evenings = [
        calendars.Evening(
            uid=uid_of(session),
            title=f"{campaign}: {session.title}",
            url=request.build_absolute_uri(
                reverse("session", kwargs={"campaign": campaign.slug, "number": session.number})
            ),
            on=session.on,
            starts=session.starts,
        )
        for session in sessions
        if session.on
    ]
    data = calendars.calendar(evenings, name=campaign.name, zone=campaign.time_zone, now=timezone.now())
    answer = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def uid_of(session: Session) -> str:
    """What names this evening for good in every calendar, and tells nobody how many others there are."""
    return f"{salted_hmac('calendar', str(session.pk)).hexdigest()}@khitomer"


# What the views share


def get_session(request: Request, number: int) -> Session:
    sessions = request.viewer.campaign.sessions.select_related("campaign", "poll")
    return get_object_or_404(sessions, number=number)


def dates_of(session: Session) -> Any:
    poll = getattr(session, "poll", None)
    if poll is None:
        raise Http404
    return poll.dates.select_related("poll__session__campaign")


def to_dates(request: Request, session: Session) -> HttpResponse:
    return redirect_to(request, "session-dates", campaign=request.viewer.campaign.slug, number=session.number)


def dates_page(request: Request, session: Session, form: Any = None) -> HttpResponse:
    viewer, poll = request.viewer, getattr(session, "poll", None)
    dates = list(poll.dates.prefetch_related("answers")) if poll else []
    found = viewer.campaign.memberships.select_related("user", "power")
    members = sorted(found, key=lambda row: (row.pk != viewer.membership.pk, str(row.user).lower()))
    context = {
        "here": "sessions",
        "session": session,
        "poll": poll,
        "is_open": poll is not None and poll.closed_at is None and session.state == SessionState.PLANNED,
        "dates": [column(date, viewer.membership.pk) for date in dates],
        "rows": [(member, answers_of(member.pk, dates)) for member in members],
        "words": list(WORDS.items()),
        "members": len(members),
        "observes": viewer.role == Role.OBSERVER,
        "form": form or Evenings(),
    }
    return render(request, "khitomer/session-dates.html", context, status=422 if form else 200)


def column(date: PollDate, member: int) -> dict[str, Any]:
    """An evening with how many said what, and what this member said of it."""
    said = [each.answer for each in date.answers.all()]
    mine = next((each.answer for each in date.answers.all() if each.member_id == member), "")
    return {"date": date, "mine": mine, **{answer: said.count(answer) for answer in WORDS}}


def answers_of(member: int, dates: list[PollDate]) -> list[tuple[str, str]]:
    """What a member said of each evening: the answer and its word."""
    found = []
    for date in dates:
        said = next((each.answer for each in date.answers.all() if each.member_id == member), "")
        found.append((said, WORDS.get(said, "has not said")))
    return found
