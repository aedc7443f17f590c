"""The hours of a sitting: its opening, suspension and close, what is in hand, the agenda's order, who was heard.

Every step holds the conference's row first and decides under that lock. The speakers' list and the clock have a file
each beside this one.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.urls import reverse

from diplomacy.actions import minutes
from diplomacy.actions.chairing import hold_as_chair
from diplomacy.actions.clocks import put_by, put_out
from diplomacy.models import (
    Clause,
    Conference,
    ConferenceStage,
    Floor,
    Heard,
    Hearing,
    MinuteKind,
    Motion,
)
from diplomacy.records_sitting import floor_of
from diplomacy.rules.procedure import MotionStage
from khitomer.actions import activity
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Power, User

# Opening, suspending, closing


def open_sitting(*, conference: Conference, by: User, now: datetime) -> Conference:
    """Open the sitting, or take up again one that was suspended or closed. Open already, it stays so."""
    with transaction.atomic():
        conference = hold_as_chair(conference, by)
        opened(conference, now, by=by)
    return conference


def opened(conference: Conference, now: datetime, *, by: User | None = None) -> None:
    """Write that the sitting is open. The conference's row is held, and whoever asked has been asked who they are."""
    if conference.stage == ConferenceStage.OPEN:
        return
    before, conference.stage = conference.stage, ConferenceStage.OPEN.value
    conference.save(update_fields=["stage"])
    minutes.note(conference=conference, kind=MinuteKind.OPENED, now=now, after=before)
    _tell(conference, ActivityKind.SITTING, now, by=by)


def suspend_sitting(*, conference: Conference, by: User, now: datetime) -> Conference:
    """Suspend the sitting by the chair's own word: no vote opens and no hearing, and a running clock rests.

    The agenda and the speakers' list stay. `Refused` while a vote is open and where the conference does not sit;
    suspended already, it stays so.
    """
    with transaction.atomic():
        conference = hold_as_chair(conference, by)
        if conference.stage == ConferenceStage.SUSPENDED:
            return conference
        if conference.stage != ConferenceStage.OPEN:
            raise Refused("Only a conference that sits is suspended", allowed="Open the sitting first")
        _check_no_vote(conference)
        suspended(conference, now)
    return conference


def suspended(conference: Conference, now: datetime, *, motion: Motion | None = None) -> None:
    """Write it. The conference's row is held; `motion` is the procedural motion that decided it (GA rule 76)."""
    conference.stage = ConferenceStage.SUSPENDED.value
    conference.save(update_fields=["stage"])
    put_by(conference, now)
    minutes.note(conference=conference, kind=MinuteKind.SUSPENDED, now=now, motion=motion)


def close_sitting(*, conference: Conference, by: User, now: datetime) -> Conference:
    """Close the sitting. `Refused` while a vote is open; closed already, it stays so."""
    with transaction.atomic():
        conference = hold_as_chair(conference, by)
        if conference.stage == ConferenceStage.CLOSED:
            return conference
        _check_no_vote(conference)
        closed(conference, now, by=by)
    return conference


def closed(
    conference: Conference, now: datetime, *, motion: Motion | None = None, by: User | None = None
) -> None:
    """Write it: who speaks is thanked, who waits is struck off the list, the clock is put out, nothing is in hand.

    The conference's row is held; `motion` is the procedural motion that decided it.
    """
    conference.stage = ConferenceStage.CLOSED.value
    conference.save(update_fields=["stage"])
    conference.speeches.filter(started_at__isnull=False, ended_at=None).update(ended_at=now)
    conference.speeches.waiting().delete()
    put_out(conference)
    set_floor(conference=conference)
    minutes.note(conference=conference, kind=MinuteKind.CLOSED, now=now, motion=motion)
    _tell(conference, ActivityKind.ADJOURNED, now, by=by)


def _check_no_vote(conference: Conference) -> None:
    open_votes = (MotionStage.VOTING.value, MotionStage.TIED.value)
    voting = conference.motions.filter(stage__in=open_votes).first()
    if voting is None:
        return
    waits = "is being voted on" if voting.stage == MotionStage.VOTING else "is tied and waits for the chair"
    raise Refused(f"Motion {voting.number} {waits}", allowed="Close that vote before the sitting")


# What is in hand


def set_floor(
    *,
    conference: Conference,
    hearing: Hearing | None = None,
    motion: Motion | None = None,
    clause: Clause | None = None,
) -> Floor:
    """Write what the conference has in hand, for the chamber to show; with nothing, nothing is in hand.

    For other actions, inside their own transaction, which has asked who may: opening a hearing or a vote sets it too.
    A motion brings the hearing of its complaint with it, where this conference has that on its agenda.
    """
    if motion is not None and hearing is None and motion.complaint_id is not None:
        hearing = Hearing.objects.filter(conference=conference, complaint=motion.complaint_id).first()
    floor = floor_of(conference)
    floor.hearing, floor.motion, floor.clause = hearing, motion, clause
    floor.save(update_fields=["hearing", "motion", "clause"])
    return floor


def take_in_hand(
    *,
    conference: Conference,
    by: User,
    hearing: Hearing | None = None,
    motion: Motion | None = None,
    clause: Clause | None = None,
) -> Floor:
    """The chair puts a hearing, a motion or one of its clauses before the conference; with none of them, nothing.

    `Refused` for a draft, which is its sponsor's own, and for what is of another conference.
    """
    with transaction.atomic():
        conference = hold_as_chair(conference, by)
        if clause is not None:
            motion = clause.motion
        for thing in (hearing, motion):
            if thing is not None and thing.conference_id != conference.pk:
                raise Refused("That is before another conference")
        if motion is not None and Motion.objects.get(pk=motion.pk).stage == MotionStage.DRAFT:
            raise Refused(
                "A draft is its sponsor's own", allowed="Put it before the conference once it is submitted"
            )
        return set_floor(conference=conference, hearing=hearing, motion=motion, clause=clause)


# The order of the agenda


def move_hearing(*, hearing: Hearing, to: int, by: User) -> Hearing:
    """Put an item of the agenda at place `to`, counted from 1; past either end it goes to the end."""
    with transaction.atomic():
        conference = hold_as_chair(hearing.conference, by)
        if conference.stage == ConferenceStage.CLOSED:
            raise Refused("The sitting is closed", allowed="Open it again to change its agenda")
        order = list(conference.hearings.order_by("position").values_list("pk", flat=True))
        order.remove(hearing.pk)
        order.insert(max(0, min(to - 1, len(order))), hearing.pk)
        _renumber(conference, order)
        hearing.refresh_from_db(fields=["position"])
    return hearing


def _renumber(conference: Conference, order: Sequence[int]) -> None:
    """Places 1 to n in this order. All of them step aside first: no two may ever share a place, not for a moment."""
    rows = conference.hearings.all()
    aside = max(rows.aggregate(last=Max("position"))["last"] or 0, len(order))
    rows.update(position=F("position") + aside)
    for position, pk in enumerate(order, 1):
        rows.filter(pk=pk).update(position=position)


# Heard, or in default


def note_party(*, hearing: Hearing, power: Power, defaulted: bool, by: User, now: datetime) -> Heard:
    """The chair notes that a party was heard, or that it is in default (ICJ Statute art. 53).

    A party in default that comes after all is noted as heard, and not the other way round. `Refused` for a power that
    is no party, and before the hearing has opened.
    """
    with transaction.atomic():
        conference = hold_as_chair(hearing.conference, by)
        hearing = conference.hearings.select_related("complaint").get(pk=hearing.pk)
        if hearing.opened_at is None:
            raise Refused("The hearing has not opened yet")
        if power not in hearing.complaint.parties:
            raise Refused(f"{power} is no party to this complaint")
        return heard(conference=conference, hearing=hearing, power=power, defaulted=defaulted, now=now)


def heard(
    *, conference: Conference, hearing: Hearing, power: Power, now: datetime, defaulted: bool = False
) -> Heard:
    """Write it down, once; for other actions under the conference's lock, such as the end of a party's speech."""
    row, new = Heard.objects.get_or_create(
        hearing=hearing, power=power, defaults={"defaulted": defaulted, "at": now}
    )
    came_after_all = row.defaulted and not defaulted
    if came_after_all:
        row.defaulted, row.at = False, now
        row.save(update_fields=["defaulted", "at"])
    if new or came_after_all:
        minutes.note(
            conference=conference,
            kind=MinuteKind.DEFAULT if defaulted else MinuteKind.HEARD,
            now=now,
            power=power,
            complaint=hearing.complaint,
        )
    return row


def _tell(conference: Conference, kind: ActivityKind, now: datetime, *, by: User | None) -> None:
    activity.record(campaign=conference.campaign, kind=kind, now=now, by=by, path=path_of(conference))


def path_of(conference: Conference) -> str:
    """The address of the conference's desk."""
    where = {"campaign": conference.campaign.slug, "conference": conference.slug}
    return reverse("conference", kwargs=where)
