"""The speakers' list: asking for the floor, calling, ending, and the chair's rulings on points of order.

Every step holds the conference's row first, so that two presses at once never give two seats the floor.
"""

from datetime import datetime

from django.db import transaction

from diplomacy.actions import clocks, minutes, sittings
from diplomacy.actions.chairing import hold, hold_as_chair
from diplomacy.actions.sealing import check_unquoted
from diplomacy.models import (
    Complaint,
    Conference,
    ConferenceStage,
    Hearing,
    MinuteKind,
    PointRuling,
    Seat,
    Side,
    Speech,
    SpeechKind,
)
from diplomacy.records_sitting import floor_of
from diplomacy.records_votes import is_chair, is_voice_of
from diplomacy.rules.floor import Wish, place
from diplomacy.rules.procedure import Feature
from khitomer import markup
from khitomer.errors import Refused
from khitomer.models import Membership, User


def ask(
    *,
    conference: Conference,
    seat: Seat,
    kind: str,
    by: User,
    now: datetime,
    side: str = "",
    about: str = "",
) -> Speech:
    """Put a seat on the speakers' list, or raise a point of order (`about` says what of, up to 300 letters).

    Points come first, then replies, then speeches, those for and against by turns where the charter has a floor
    (`rules.floor.place`). Asked twice, it stands once. `Refused` for a seat that is not one's own, for an observer
    whom the chair has not put there, and while the conference does not sit.
    """
    kind, side = _kind(kind), _side(side) if kind == SpeechKind.SPEECH else ""
    about = about.strip() if kind == SpeechKind.POINT else ""
    markup.check_length(about, limit=300, field="about")
    with transaction.atomic():
        conference = hold(conference)
        member = conference.campaign.memberships.filter(user=by).first()
        seat = conference.seats.select_related("power").get(pk=seat.pk)
        _check_may_ask(seat, member)
        if conference.stage != ConferenceStage.OPEN:
            raise Refused("The floor is asked for while the conference sits")
        if kind == SpeechKind.POINT and not about:
            raise Refused("A point of order says what it is about", field="about")
        check_unquoted(seat.power, [("about", about)])
        waiting = list(conference.speeches.waiting())
        found = next((row for row in waiting if row.seat_id == seat.pk and row.kind == kind), None)
        if found is not None:
            return found
        speech = Speech(
            conference=conference, seat=seat, kind=kind, side=side, about=about, asked_at=now, position=0
        )
        alternate = Feature.FLOOR in conference.charter.knows
        wishes = [Wish(kind=row.kind, side=row.side) for row in waiting]
        index = place(wishes, Wish(kind=kind, side=side), alternate=alternate, last=_last_side(conference))
        speech.save()
        _renumber([*waiting[:index], speech, *waiting[index:]])
    return speech


def take_back(*, speech: Speech, by: User) -> None:
    """Leave the list, or as the chair strike a seat off it. `Refused` once the seat has had the floor."""
    with transaction.atomic():
        conference = hold(speech.conference)
        row = _row(conference, speech)
        member = conference.campaign.memberships.filter(user=by).first()
        if not is_chair(member) and not is_voice_of(member, row.seat):
            raise Refused("Each delegation asks for the floor for itself")
        if row.started_at is not None:
            raise Refused(f"{row.seat.power} has had the floor already")
        row.delete()


def call(
    *, conference: Conference, by: User, now: datetime, after: int | None = None, speech: Speech | None = None
) -> Speech:
    """Give the floor to the next on the list, or to the one named, and start the charter's speaking time.

    Whoever speaks is thanked first. `after` is the key of the speech that the chair saw in hand, or None for nobody:
    the second of two presses then calls nobody past the one just called. `Refused` when the list is empty, when it
    moved on meanwhile, and while the conference does not sit.
    """
    with transaction.atomic():
        conference = hold_as_chair(conference, by)
        if conference.stage != ConferenceStage.OPEN:
            raise Refused("The floor is given while the conference sits", allowed="Open the sitting first")
        speaking = _speaking(conference)
        if (speaking.pk if speaking else None) != after:
            raise Refused("The list has moved on meanwhile", allowed="Look at it again")
        row = _row(conference, speech) if speech else conference.speeches.waiting().first()
        if row is None:
            raise Refused("Nobody waits for the floor")
        if row.started_at is not None:
            raise Refused(f"{row.seat.power} has had the floor already")
        if speaking is not None:
            _finish(conference, speaking, now)
        floor = floor_of(conference)
        row.hearing, row.motion, row.started_at = floor.hearing, floor.motion, now
        row.save(update_fields=["hearing", "motion", "started_at"])
        seconds = conference.charter.speaking_seconds
        clocks.set_clock(conference, label=row.seat.power.name, seconds=seconds, now=now)
    return row


def end(*, speech: Speech, by: User, now: datetime) -> Speech:
    """Thank the speaker: the clock is put out, and a party at its hearing counts as heard. Ended once, it stays so."""
    with transaction.atomic():
        conference = hold_as_chair(speech.conference, by)
        row = _row(conference, speech)
        if row.started_at is None:
            raise Refused(f"{row.seat.power} has not had the floor yet")
        if row.ended_at is None:
            _finish(conference, row, now)
    return row


def move(*, speech: Speech, by: User, steps: int) -> Speech:
    """Move one who waits up the list (`steps` below nought) or down it; past either end it stays at the end."""
    with transaction.atomic():
        conference = hold_as_chair(speech.conference, by)
        waiting = list(conference.speeches.waiting())
        row = next((each for each in waiting if each.pk == speech.pk), None)
        if row is None:
            raise Refused("That delegation does not wait for the floor any more")
        index = waiting.index(row)
        waiting.remove(row)
        waiting.insert(max(0, index + steps), row)
        _renumber(waiting)
    return row


def skip(*, speech: Speech, by: User) -> Speech:
    """Pass a seat over: it waits at the end of the list."""
    return move(speech=speech, by=by, steps=10_000)


def rule_on_point(*, speech: Speech, ruling: str, reason: str, by: User, now: datetime) -> Speech:
    """Rule on a point of order, at once and without debate (GA rule 71), with a reason where the chair gives one.

    `ruling` is a `PointRuling`. It may be ruled on while it waits or while it is put. Ruled on once, it stays so.
    """
    if ruling not in PointRuling.values:
        raise Refused("A point of order is sustained or not", field="ruling")
    reason = reason.strip()
    markup.check_length(reason, limit=500, field="reason")
    with transaction.atomic():
        conference = hold_as_chair(speech.conference, by)
        row = _row(conference, speech)
        if row.kind != SpeechKind.POINT:
            raise Refused("Only a point of order is ruled on")
        if row.ruling:
            return row
        spoke = row.started_at is not None and row.ended_at is None
        row.ruling, row.reason = ruling, reason
        row.started_at = row.started_at or now
        row.ended_at = row.ended_at or now
        row.save(update_fields=["ruling", "reason", "started_at", "ended_at"])
        if spoke:
            clocks.put_out(conference)
        minutes.note(
            conference=conference,
            kind=MinuteKind.POINT,
            now=now,
            power=row.seat.power,
            about=row.about,
            ruling=ruling,
            reason=reason,
        )
    return row


# All of them


def _finish(conference: Conference, row: Speech, now: datetime) -> None:
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    clocks.put_out(conference)
    complaint = _complaint(row.hearing, row)
    minutes.note(
        conference=conference,
        kind=MinuteKind.SPOKE,
        now=now,
        power=row.seat.power,
        motion=row.motion,
        complaint=complaint,
        reply=row.kind == SpeechKind.REPLY,
        side=row.side,
        seconds=int((now - row.started_at).total_seconds()) if row.started_at else 0,
    )
    hearing = row.hearing
    party = complaint is not None and row.seat.power in complaint.parties
    if hearing is not None and hearing.opened_at is not None and party and row.kind != SpeechKind.POINT:
        sittings.heard(conference=conference, hearing=hearing, power=row.seat.power, now=now)


def _complaint(hearing: Hearing | None, row: Speech) -> Complaint | None:
    if hearing is not None:
        return hearing.complaint
    return row.motion.complaint if row.motion else None


def _speaking(conference: Conference) -> Speech | None:
    rows = conference.speeches.select_related("seat__power", "hearing__complaint", "motion__complaint")
    return rows.filter(started_at__isnull=False, ended_at=None).first()


def _row(conference: Conference, speech: Speech) -> Speech:
    rows = conference.speeches.select_related("seat__power", "hearing__complaint", "motion__complaint")
    row = rows.filter(pk=speech.pk).first()
    if row is None:
        raise Refused("That was taken back meanwhile")
    return row


def _renumber(rows: list[Speech]) -> None:
    for position, row in enumerate(rows, 1):
        row.position = position
    Speech.objects.bulk_update(rows, ["position"])


def _last_side(conference: Conference) -> str:
    """The side of whoever speaks or spoke last, so that the other one follows."""
    had = conference.speeches.filter(started_at__isnull=False).exclude(side="").order_by("-started_at", "-pk")
    return had.values_list("side", flat=True).first() or ""


def _check_may_ask(seat: Seat, member: Membership | None) -> None:
    if is_chair(member):
        return  # the chair gives the floor to whom it will, an observer, too
    if not is_voice_of(member, seat):
        raise Refused("Each delegation asks for the floor for itself")
    if seat.observer:
        raise Refused("An observer speaks when the chair gives it the floor")


def _kind(kind: str) -> str:
    if kind not in SpeechKind.values:
        raise Refused("Ask for a speech, a reply or a point of order", field="kind")
    return kind


def _side(side: str) -> str:
    if side not in Side.values:
        raise Refused("A speech is for, against or neither", field="side")
    return side
