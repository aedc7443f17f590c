"""Evenings at the table: planned, in play, closed; each with its agenda, its recap and the GM's notes."""

import datetime

from django.db import transaction
from django.db.models import Max

from khitomer.actions import activity, chronicle
from khitomer.errors import Refused
from khitomer.markup import render
from khitomer.models import ActivityKind, AgendaItem, Campaign, Session, SessionState, User


def add_session(
    *,
    campaign: Campaign,
    title: str,
    on: datetime.date | None = None,
    gm_notes: str = "",
    by: User,
    now: datetime.datetime,
) -> Session:
    """Plan an evening, under the next number. `on` is the day at the table; `gm_notes` is Markdown for the GM alone."""
    with transaction.atomic():
        chronicle.lock(campaign)
        last = Session.objects.filter(campaign=campaign).aggregate(last=Max("number"))["last"] or 0
        return Session.objects.create(
            campaign=campaign,
            number=last + 1,
            title=title.strip(),
            on=on,
            gm_notes=gm_notes,
            gm_notes_html=render(gm_notes, field="gm_notes"),
        )


def edit_session(
    *,
    session: Session,
    title: str,
    on: datetime.date | None,
    recap: str,
    gm_notes: str,
    by: User,
    now: datetime.datetime,
) -> Session:
    """Write a session anew. The recap is for everyone at the table, who are told when it changes."""
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=session.pk)
        retold = row.recap != recap
        row.title, row.on, row.recap, row.gm_notes = title.strip(), on, recap, gm_notes
        row.recap_html = render(recap, field="recap")
        row.gm_notes_html = render(gm_notes, field="gm_notes")
        row.save(update_fields=["title", "on", "recap", "recap_html", "gm_notes", "gm_notes_html"])
        if retold:
            _record(row, now)
    return row


def begin(*, session: Session, by: User, now: datetime.datetime) -> Session:
    """Put a session in play; one at a time. `Refused`, naming the other, while another is.

    A session that was closed goes on where it stopped. Beginning what is in play changes nothing.
    """
    with transaction.atomic():
        chronicle.lock(session.campaign)
        row = Session.objects.select_for_update().get(pk=session.pk)
        if row.state == SessionState.IN_PLAY:
            return row
        other = Session.objects.filter(campaign=row.campaign_id, state=SessionState.IN_PLAY).first()
        if other is not None:
            raise Refused(f"Session {other.number} is in play", allowed="Close it first")
        row.state, row.began_at = SessionState.IN_PLAY, row.began_at or now
        row.save(update_fields=["state", "began_at"])
        _record(row, now, ActivityKind.BEGUN)
    return row


def close(*, session: Session, by: User, now: datetime.datetime) -> Session:
    """End an evening. `Refused` before it has begun; closing what is closed changes nothing."""
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=session.pk)
        if row.state == SessionState.CLOSED:
            return row
        if row.state == SessionState.PLANNED:
            raise Refused(f"Session {row.number} has not begun", allowed="Begin it first")
        row.state = SessionState.CLOSED
        row.save(update_fields=["state"])
        _record(row, now, ActivityKind.CLOSED)
    return row


# The agenda


def add_item(
    *, session: Session, title: str, gm_note: str = "", by: User, now: datetime.datetime
) -> AgendaItem:
    """Put one more point on the agenda, at its end. Everyone reads the title; the note is the GM's alone."""
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=session.pk)
        last = row.agenda.aggregate(last=Max("position"))["last"] or 0
        item = AgendaItem.objects.create(
            session=row, position=last + 1, title=title.strip(), gm_note=gm_note.strip()
        )
        _record(row, now)
    return item


def tick_item(*, item: AgendaItem, done: bool, by: User, now: datetime.datetime) -> AgendaItem:
    """Mark a point of the agenda as done, or as not done after all; ticking twice is as good as once."""
    with transaction.atomic():
        row = AgendaItem.objects.select_for_update().get(pk=item.pk)
        if (row.done_at is not None) != done:
            row.done_at = now if done else None
            row.save(update_fields=["done_at"])
            _record(item.session, now)
    return row


def remove_item(*, item: AgendaItem, by: User, now: datetime.datetime) -> None:
    """Take a point off the agenda."""
    with transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).delete()
        _record(item.session, now)


def _record(session: Session, now: datetime.datetime, kind: ActivityKind = ActivityKind.SESSION) -> None:
    activity.record(campaign=session.campaign, kind=kind, now=now, number=session.number)
