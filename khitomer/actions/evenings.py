"""An evening as it is played: the log, who comes and who is here, and what is carried over to the next."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from khitomer.actions import ordering
from khitomer.actions.locks import lock
from khitomer.actions.sessions import notice
from khitomer.errors import Refused
from khitomer.models import (
    ActivityKind,
    Attendance,
    Audience,
    Campaign,
    LogKind,
    LogLine,
    Membership,
    Scene,
    Session,
    SessionState,
    User,
)

# The log


def note(*, session: Session, text: str, told: bool = False, by: Membership, now: datetime) -> LogLine:
    """Write a line into the log, with the time: the GM's own, or `told` to the table. `Refused` before it begins."""
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=session.pk)
        if row.began_at is None:
            raise Refused(f"Session {row.number} has not begun", allowed="Begin it first")
        line = LogLine.objects.create(
            session=row,
            at=now,
            text=text.strip(),
            by=by,
            audience=Audience.ALL if told else Audience.GM,
        )
        if told:
            notice(row, now, ActivityKind.LOGGED, by=by.user, part="log")
    return line


def edit_note(*, line: LogLine, text: str, told: bool, by: Membership, now: datetime) -> LogLine:
    """Write one's own line anew. `Refused` for another's, and for what the dice wrote."""
    with transaction.atomic():
        row = _own(line, by)
        changed = (row.text, row.audience == Audience.ALL) != (text.strip(), told)
        noticed = row.audience == Audience.ALL or told
        row.text, row.audience = text.strip(), Audience.ALL if told else Audience.GM
        row.save(update_fields=["text", "audience"])
        if changed and noticed:
            session = row.session
            notice(session, now, ActivityKind.LOGGED, by=by.user, part="log")
    return row


def remove_note(*, line: LogLine, by: Membership, now: datetime) -> None:
    """Strike one's own line."""
    with transaction.atomic():
        _own(line, by).delete()


def _own(line: LogLine, by: Membership) -> LogLine:
    row: LogLine | None = LogLine.objects.select_for_update().filter(pk=line.pk).first()
    if row is None:
        raise Refused("The line is gone already")
    if row.kind != LogKind.NOTE or row.by_id != by.pk:
        raise Refused("Only whoever wrote a line may change it")
    return row


# Who comes


def answer(*, session: Session, member: Membership, answer: str, now: datetime) -> Attendance:
    """Say whether one comes. `Refused` once the evening is over, and for no answer that there is."""
    if answer not in Attendance.Answer.values:
        raise Refused("One comes, may come, or cannot come", allowed="Use one of the three buttons")
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=session.pk)
        if row.state == SessionState.CLOSED:
            raise Refused(f"Session {row.number} is over")
        found, _ = Attendance.objects.update_or_create(
            session=row, member=member, defaults={"answer": answer}
        )
    return found


def mark(*, session: Session, member: Membership, present: bool, by: User, now: datetime) -> Attendance:
    """Note that a member is here, or is not after all; noting it twice is as good as once."""
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=session.pk)
        found, _ = Attendance.objects.update_or_create(
            session=row, member=member, defaults={"present": present}
        )
    return found


# What was not used


def carry_over(
    *, session: Session, still_open: Collection[str] = (), by: User, now: datetime
) -> tuple[Session, int]:
    """Take what was not used to the next session planned, made if there is none; gives it, and how much went.

    Points and scenes that are not done go, a scene with whatever of it was not disclosed; and a point that is done
    while what it refers to (one of `still_open`) is not over stands on both agendas. A second time nothing is left to
    carry. `Refused` before the session is closed.
    """
    with transaction.atomic():
        campaign = lock(session.campaign)
        row = Session.objects.get(pk=session.pk)
        if row.state != SessionState.CLOSED:
            raise Refused(f"Session {row.number} is not closed", allowed="Close it first")
        target = _next(campaign, row)
        points, scenes = _carry_points(row, target, still_open), _carry_scenes(row, target, now)
        if points:  # that a scene went is nobody's to notice
            notice(target, now, ActivityKind.AGENDA, by=by, part="agenda")
    return target, points + scenes


def _next(campaign: Campaign, session: Session) -> Session:
    planned = campaign.sessions.filter(state=SessionState.PLANNED)
    found = planned.filter(number__gt=session.number).last() or planned.last()  # the lowest number is last
    if found:
        return found
    last = campaign.sessions.aggregate(last=Max("number"))["last"]
    return Session.objects.create(campaign=campaign, number=last + 1, title="The next evening")


def _carry_points(session: Session, target: Session, still_open: Collection[str]) -> int:
    there = set(target.agenda.exclude(refers="").values_list("refers", flat=True))
    place, number = ordering.last_of(target.agenda), 0
    for item in session.agenda.all():
        open_still = item.refers in still_open and item.refers not in there
        if item.done_at is not None and not open_still:
            continue
        number += 1
        if item.done_at is not None:
            item.pk, item.done_at = None, None  # it stays where it was done, and comes up again
            item._state.adding = True
        item.session, item.position, item.carried_from = target, place + number, session
        item.save()
    return number


def _carry_scenes(session: Session, target: Session, now: datetime) -> int:
    place, number = ordering.last_of(target.scenes), 0
    for scene in session.scenes.filter(done_at=None):
        number += 1
        if not scene.reveals.filter(done_at__isnull=False).exists():
            scene.session, scene.position, scene.carried_from = target, place + number, session
            scene.save(update_fields=["session", "position", "carried_from"])
            continue
        # What it disclosed belongs to the evening on which it did.
        copy = Scene.objects.create(
            session=target,
            position=place + number,
            title=scene.title,
            text=scene.text,
            text_html=scene.text_html,
            carried_from=session,
        )
        copy.entries.set(scene.entries.all())
        scene.reveals.filter(done_at=None).update(scene=copy)
        scene.done_at = now
        scene.save(update_fields=["done_at"])
    return number
