"""Evenings at the table: planned, in play, closed; each with its agenda, its recap and the GM's notes."""

import datetime

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from khitomer.actions import activity, chronicle, meanwhile, mentions, ordering
from khitomer.errors import Refused
from khitomer.markup import render
from khitomer.models import ActivityKind, AgendaItem, Campaign, Session, SessionState, User


def add_session(
    *,
    campaign: Campaign,
    title: str,
    on: datetime.date | None = None,
    starts: datetime.time | None = None,
    gm_notes: str = "",
    by: User,
    now: datetime.datetime,
) -> Session:
    """Plan an evening, under the next number. `gm_notes` is Markdown for the GM alone.

    `on` is the day at the table and `starts` the time, both by the clock of the campaign's time zone.
    """
    with transaction.atomic():
        chronicle.lock(campaign)
        last = Session.objects.filter(campaign=campaign).aggregate(last=Max("number"))["last"] or 0
        session = Session.objects.create(
            campaign=campaign,
            number=last + 1,
            title=title.strip(),
            on=on,
            starts=starts,
            gm_notes=gm_notes,
            gm_notes_html=render(gm_notes, field="gm_notes"),
        )
        mentions.note(source=session)
    return session


WRITTEN = ("title", "on", "starts", "recap", "gm_notes")
"""What the form of a session writes."""


def edit_session(
    *,
    session: Session,
    title: str,
    on: datetime.date | None,
    starts: datetime.time | None = None,
    recap: str | None = None,
    gm_notes: str,
    began: str = "",
    by: User,
    now: datetime.datetime,
) -> Session:
    """Write a session anew. The recap is for everyone at the table, who are told when it changes; None leaves it.

    `meanwhile.Meanwhile` when it is not any more what the form `began` from.
    """
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=session.pk)
        meanwhile.unchanged(row, began, *WRITTEN)
        recap = row.recap if recap is None else recap
        retold = row.recap != recap
        row.title, row.on, row.starts = title.strip(), on, starts
        row.recap, row.gm_notes = recap, gm_notes
        row.recap_html = render(recap, field="recap")
        row.gm_notes_html = render(gm_notes, field="gm_notes")
        row.save(update_fields=["title", "on", "starts", "recap", "recap_html", "gm_notes", "gm_notes_html"])
        mentions.note(source=row)
        if retold:
            notice(row, now, ActivityKind.RECAPPED, by=by, part="recap")
    return row


def tell(*, session: Session, recap: str, began: str = "", by: User, now: datetime.datetime) -> Session:
    """Tell everyone what happened. The same words again change nothing. `meanwhile.Meanwhile` as for an edit."""
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=session.pk)
        meanwhile.unchanged(row, began, "recap")
        if row.recap != recap:
            row.recap, row.recap_html = recap, render(recap, field="recap")
            row.save(update_fields=["recap", "recap_html"])
            mentions.note(source=row)
            notice(row, now, ActivityKind.RECAPPED, by=by, part="recap")
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
        row.state, row.began_at, row.closed_at = SessionState.IN_PLAY, row.began_at or now, None
        row.save(update_fields=["state", "began_at", "closed_at"])
        notice(row, now, ActivityKind.BEGUN, by=by)
    return row


def close(*, session: Session, by: User, now: datetime.datetime) -> Session:
    """End an evening. `Refused` before it has begun; closing what is closed changes nothing."""
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=session.pk)
        if row.state == SessionState.CLOSED:
            return row
        if row.state == SessionState.PLANNED:
            raise Refused(f"Session {row.number} has not begun", allowed="Begin it first")
        row.state, row.closed_at = SessionState.CLOSED, now
        row.save(update_fields=["state", "closed_at"])
        notice(row, now, ActivityKind.CLOSED, by=by)
    return row


# The agenda


def add_item(
    *,
    session: Session,
    title: str,
    gm_note: str = "",
    refers: str = "",
    by: User,
    now: datetime.datetime,
) -> AgendaItem:
    """Put one more point on the agenda, at its end. Everyone reads the title; the note is the GM's alone.

    `refers` names what the point is, where it is more than words (`khitomer.agenda`).
    """
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=session.pk)
        item = AgendaItem.objects.create(
            session=row,
            position=ordering.last_of(row.agenda) + 1,
            title=title.strip(),
            gm_note=gm_note.strip(),
            refers=refers,
        )
        notice(row, now, ActivityKind.AGENDA, by=by, part="agenda")
    return item


def edit_item(
    *,
    item: AgendaItem,
    title: str,
    gm_note: str = "",
    refers: str = "",
    by: User,
    now: datetime.datetime,
) -> AgendaItem:
    """Write a point anew. That its note changed is nobody else's to notice."""
    with transaction.atomic():
        row = AgendaItem.objects.select_for_update().get(pk=item.pk)
        open_to_all = (title.strip(), refers) != (row.title, row.refers)
        row.title, row.gm_note, row.refers = title.strip(), gm_note.strip(), refers
        row.save(update_fields=["title", "gm_note", "refers"])
        if open_to_all:
            notice(item.session, now, ActivityKind.AGENDA, by=by, part="agenda")
    return row


def move_item(*, item: AgendaItem, to: str, by: User, now: datetime.datetime) -> bool:
    """Move a point "up", "down" or to a place counted from 1; gives whether it moved."""
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=item.session_id)
        moved = ordering.move(row.agenda.all(), item, to)
        if moved:
            notice(row, now, ActivityKind.AGENDA, by=by, part="agenda")
    return moved


def tick_item(*, item: AgendaItem, done: bool, by: User, now: datetime.datetime) -> AgendaItem:
    """Mark a point of the agenda as done, or as not done after all; ticking twice is as good as once."""
    with transaction.atomic():
        row = AgendaItem.objects.select_for_update().get(pk=item.pk)
        if (row.done_at is not None) != done:
            row.done_at = now if done else None
            row.save(update_fields=["done_at"])
            notice(item.session, now, ActivityKind.AGENDA, by=by, part="agenda")
    return row


def remove_item(*, item: AgendaItem, by: User, now: datetime.datetime) -> None:
    """Take a point off the agenda."""
    with transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).delete()
        notice(item.session, now, ActivityKind.AGENDA, by=by, part="agenda")


def notice(session: Session, now: datetime.datetime, kind: ActivityKind, *, by: User, part: str = "") -> None:
    """Let the table notice what changed of an evening, and lead to that part of its page."""
    path = page_of(session, part)
    activity.record(campaign=session.campaign, kind=kind, now=now, number=session.number, by=by, path=path)


def page_of(session: Session, part: str = "") -> str:
    """Where an evening is to be seen, or a part of its page."""
    where = {"campaign": session.campaign.slug, "number": session.number}
    return reverse("session", kwargs=where) + (f"#{part}" if part else "")
