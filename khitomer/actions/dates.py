"""When to meet: evenings proposed for a session, everyone's answer, and the one that the GM chooses."""

import datetime
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.urls import reverse

from khitomer.actions import activity
from khitomer.actions.locks import lock
from khitomer.errors import Refused
from khitomer.models import (
    ActivityKind,
    DatePoll,
    Membership,
    PollAnswer,
    PollDate,
    Session,
    SessionState,
    User,
)

MOST_DATES = 12
ANSWERS = ("yes", "maybe", "no")

Evening = tuple[datetime.date, datetime.time | None]
"""A day, and the time at the table if it is known."""


def propose(*, session: Session, evenings: Sequence[Evening], by: User, now: datetime.datetime) -> DatePoll:
    """Ask everyone about these evenings, beside those that are asked about already. The poll opens with the first.

    `Refused` (on `evenings`) for none and for too many, and for a session that is not planned any more.
    """
    wanted = sorted(set(evenings), key=str)
    if not wanted:
        raise Refused("No evening is proposed", field="evenings", allowed="Give at least one date")
    with transaction.atomic():
        row = _planned(session)
        poll, _ = DatePoll.objects.get_or_create(session=row, defaults={"opened_at": now})
        if poll.closed_at is not None:
            raise Refused("An evening is chosen already", allowed="Ask again first")
        known = set(poll.dates.values_list("on", "starts"))
        new = [each for each in wanted if each not in known]
        if len(known) + len(new) > MOST_DATES:
            raise Refused(
                f"A poll has at most {MOST_DATES} evenings", field="evenings", allowed="Take some back first"
            )
        PollDate.objects.bulk_create(PollDate(poll=poll, on=on, starts=starts) for on, starts in new)
        if new:
            _notice(row, now, by)
    return poll


def withdraw(*, date: PollDate, by: User, now: datetime.datetime) -> None:
    """Ask about one evening no longer; with the last, the poll goes. Of a closed poll, none can be taken back."""
    with transaction.atomic():
        row = _planned(date.poll.session)
        poll = _open(row)
        poll.dates.filter(pk=date.pk).delete()
        if not poll.dates.exists():
            poll.delete()
        _notice(row, now, by)


def answer(
    *, session: Session, member: Membership, answers: Mapping[int, str], now: datetime.datetime
) -> None:
    """Say which evenings suit, by the key of each: "yes", "maybe" or "no". What is left out stays as it was.

    Evenings that are not asked about (any more) are passed over. `Refused` once the poll is closed.
    """
    if any(each not in ANSWERS for each in answers.values()):
        raise Refused("An answer is yes, if need be, or no")
    with transaction.atomic():
        row = _planned(session)
        if member.campaign_id != row.campaign_id:
            raise Refused("Only members are asked")
        dates = {date.pk: date for date in _open(row).dates.all()}
        for key, said in answers.items():
            if key in dates:
                PollAnswer.objects.update_or_create(date=dates[key], member=member, defaults={"answer": said})


def choose(*, date: PollDate, by: User, now: datetime.datetime) -> Session:
    """Play on this evening: the session has its date, and the poll is closed."""
    with transaction.atomic():
        row = _planned(date.poll.session)
        poll = _open(row)
        chosen = poll.dates.filter(pk=date.pk).first()
        if chosen is None:
            raise Refused("That evening is not asked about any more")
        chosen.chosen = True
        chosen.save(update_fields=["chosen"])
        poll.closed_at = now
        poll.save(update_fields=["closed_at"])
        row.on, row.starts = chosen.on, chosen.starts
        row.save(update_fields=["on", "starts"])
        _notice(row, now, by)
    return row


def ask_again(*, session: Session, by: User, now: datetime.datetime) -> None:
    """Open a closed poll again, with all its answers. The session keeps its date until another is chosen."""
    with transaction.atomic():
        row = _planned(session)
        poll = DatePoll.objects.filter(session=row).first()
        if poll is None:
            raise Refused("Nothing was asked yet", allowed="Propose some evenings")
        if poll.closed_at is not None:
            poll.dates.update(chosen=False)
            poll.closed_at = None
            poll.save(update_fields=["closed_at"])
            _notice(row, now, by)


def _planned(session: Session) -> Session:
    """The session's row under the campaign's lock. `Refused` once it has begun."""
    lock(session.campaign)
    row = Session.objects.select_related("campaign").get(pk=session.pk)
    if row.state != SessionState.PLANNED:
        raise Refused(
            f"Session {row.number} has begun", allowed="Dates are asked of sessions that are planned"
        )
    return row


def _open(session: Session) -> DatePoll:
    poll = DatePoll.objects.filter(session=session, closed_at=None).first()
    if poll is None:
        raise Refused("Nothing is asked just now", allowed="The GM proposes evenings")
    return poll


def _notice(session: Session, now: datetime.datetime, by: User) -> None:
    where = {"campaign": session.campaign.slug, "number": session.number}
    activity.record(
        campaign=session.campaign,
        kind=ActivityKind.POLLED,
        now=now,
        number=session.number,
        by=by,
        path=reverse("session-dates", kwargs=where),
    )
