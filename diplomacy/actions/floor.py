"""A motion on its way to the vote: sponsors, the chair's ruling, the second, the debate; and what others move of it.

Whatever is moved here belongs to a motion, to a ruling or to the sitting, gets a number like any motion, and is put
to the vote as one (`actions.ballots`); `actions.consequences` then carries it out. Locks: conference, then motion.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from diplomacy import records_motions as records
from diplomacy.actions import minutes
from diplomacy.actions.consequences import fall_with
from diplomacy.actions.taking import held, held_conference, next_number, take, voice_for
from diplomacy.actions.under_lock import locked
from diplomacy.actions.under_lock import take as take_complaint
from diplomacy.models import (
    Clause,
    Complaint,
    Conference,
    ConferenceStage,
    MinuteKind,
    Motion,
    Seat,
    Speech,
    Sponsorship,
)
from diplomacy.records_sitting import appeal_from, last_ruled, not_appealable
from diplomacy.rules.procedure import ComplaintStep, Feature, MotionKind, MotionStage, MotionStep
from khitomer.errors import Refused
from khitomer.models import User

_M = MotionStep

DEBATE_STEPS = (_M.OPEN_DEBATE, _M.ADJOURN_DEBATE, _M.CLOSE_DEBATE, _M.TAKE_AMENDMENTS, _M.DIVIDE)
"""The chair's steps that bring a motion from one stage to the next."""

# Sponsors


def invite(*, motion: Motion, seat: Seat, by: User, now: datetime) -> Sponsorship:
    """Ask a seat to sponsor a draft: it may then read the draft and sign it. Asked already, it stays asked."""
    with transaction.atomic():
        motion = held(motion)
        take(_M.INVITE, motion, by=by, now=now)
        seats = motion.conference.seats.filter(observer=False).exclude(pk=motion.sponsor_id or 0)
        if not seats.filter(pk=seat.pk).exists():
            raise Refused("Another member of the conference is asked to sponsor it", field="seat")
        return Sponsorship.objects.get_or_create(motion=motion, seat=seat)[0]


def sign(*, motion: Motion, by: User, now: datetime) -> Motion:
    """Sign a draft as its sponsor, for every seat that was asked and that `by` speaks for. Signed twice is once."""
    with transaction.atomic():
        motion = held(motion)
        asked = motion.sponsorships.select_related("seat__power")
        own = [each for each in asked if _speaks(motion.conference, by, each.seat)]
        if own and all(each.signed_at for each in own):
            return motion
        take(_M.SIGN, motion, by=by, now=now)
        for each in own:
            each.signed_at = each.signed_at or now
            each.save(update_fields=["signed_at"])
    return motion


def _speaks(conference: Conference, by: User, seat: Seat) -> bool:
    try:
        voice_for(conference, by, seat=seat)
    except Refused:
        return False
    return True


# The chair's ruling, the second, and the debate


def rule_on(*, motion: Motion, in_order: bool, by: User, now: datetime, reason: str = "") -> Motion:
    """The chair rules a motion in order, or out with a reason (GA rules 35 and 71). Ruled so already, it stays."""
    target = MotionStage.IN_ORDER if in_order else MotionStage.RULED_OUT
    with transaction.atomic():
        motion = held(motion)
        if motion.stage == target:
            return motion
        take(_M.RULE_IN_ORDER if in_order else _M.RULE_OUT, motion, by=by, now=now, reason=reason)
        motion.stage = target.value
        motion.chair_reason = "" if in_order else reason.strip()
        motion.save(update_fields=["stage", "chair_reason"])
        _note(motion, MinuteKind.RULED, now, what=target.value, reason=motion.chair_reason)
    return motion


def second(*, motion: Motion, by: User, now: datetime, seat: Seat | None = None, reason: str = "") -> Motion:
    """Another seat seconds a motion; the first one counts. A chair who speaks for none overrules, with a reason."""
    with transaction.atomic():
        motion = held(motion)
        if motion.stage == MotionStage.SECONDED:
            return motion
        step = take(_M.SECOND, motion, by=by, now=now, reason=reason)
        if not step.overrule:
            motion.seconded_by = voice_for(motion.conference, by, seat=seat, but=motion.sponsor_id)
        motion.stage = MotionStage.SECONDED.value
        motion.save(update_fields=["stage", "seconded_by"])
        _note(motion, MinuteKind.SECONDED, now, seat=motion.seconded_by)
    return motion


def set_debate(*, motion: Motion, step: MotionStep, by: User, now: datetime, reason: str = "") -> Motion:
    """The chair's step from one stage of the debate to the next: one of `DEBATE_STEPS`. Taken already, it stays."""
    if step not in DEBATE_STEPS:
        raise Refused("The debate has no such step")
    with transaction.atomic():
        motion = held(motion)
        if motion.stage == _REACHED[step]:
            return motion
        take(step, motion, by=by, now=now, reason=reason)
        motion.stage = _REACHED[step].value
        motion.save(update_fields=["stage"])
        if motion.stage != MotionStage.DEBATE:
            moot = f"The debate on motion {motion.number} is over."
            fall_with(motion, moot, kinds=(MotionKind.ADJOURN_DEBATE, MotionKind.CLOSE_DEBATE))
        _note(motion, MinuteKind.DEBATE, now, what=step.value)
    return motion


_REACHED = {
    _M.OPEN_DEBATE: MotionStage.DEBATE,
    _M.ADJOURN_DEBATE: MotionStage.ADJOURNED,
    _M.CLOSE_DEBATE: MotionStage.CLOSED,
    _M.TAKE_AMENDMENTS: MotionStage.AMENDMENTS,
    _M.DIVIDE: MotionStage.DIVISION,
}


# What is moved of a motion, of a ruling, or of the sitting


def move(
    *,
    kind: MotionKind,
    by: User,
    now: datetime,
    motion: Motion | None = None,
    conference: Conference | None = None,
    clause: Clause | None = None,
    seat: Seat | None = None,
) -> Motion:
    """Move something about a motion (`motion`, and for a division its `clause`) or about the sitting (`conference`).

    It is before the conference at once, without a second. Moved already, what was moved is returned. `Refused` in the
    procedure's words, for a seat that is not one's own, and for a clause that stands no longer.
    """
    kind = MotionKind(kind)
    with transaction.atomic():
        where = motion.conference if motion else conference
        if where is None or (kind in records.OF_THE_SITTING) == bool(motion):
            raise Refused("This is moved of a motion, or of the sitting")
        where = held_conference(where)
        parent = held(motion) if motion else None
        if kind is MotionKind.CLAUSE:
            clause = _standing(parent, clause)
        found = _moved(where, kind, parent, clause)
        if found:
            return found
        if parent:
            step = _MOVES.get(kind)
            if step is None:
                raise Refused("This is moved in a way of its own")
            take(step, parent, by=by, now=now)
        else:
            _check_sitting(where)
        return bring(
            conference=where,
            kind=kind,
            title=_title(kind, parent, clause),
            seat=voice_for(where, by, seat=seat),
            by=by,
            now=now,
            parent=parent,
            clause=clause if kind is MotionKind.CLAUSE else None,
        )


_MOVES: Mapping[MotionKind, MotionStep] = {
    MotionKind.ADJOURN_DEBATE: _M.MOVE_TO_ADJOURN_DEBATE,
    MotionKind.CLOSE_DEBATE: _M.MOVE_TO_CLOSE_DEBATE,
    MotionKind.CLAUSE: _M.ASK_DIVISION,
    MotionKind.APPEAL: _M.APPEAL,
    MotionKind.RECONSIDER: _M.RECONSIDER,
}


def appeal_admission(
    *, complaint: Complaint, conference: Conference, by: User, now: datetime, seat: Seat | None = None
) -> Motion:
    """Appeal to a conference from the chair's ruling on a complaint: that it be overruled, by a simple majority.

    `conference` sits now, under a treaty that the complaint cites. Appealed already, that appeal is returned. `Refused`
    in the procedure's words, and on `conference` for one that has no say in it.
    """
    with transaction.atomic():
        conference = held_conference(conference)
        row = locked(complaint)
        if not courts_of(row).filter(pk=conference.pk).exists():
            raise Refused(
                "An appeal goes to a conference that sits now under a treaty cited", field="conference"
            )
        live = [stage.value for stage in records.LIVE_STAGES]
        found = row.motions.filter(kind=MotionKind.APPEAL.value, stage__in=live).first()
        if found:
            return found
        take_complaint(row, ComplaintStep.APPEAL, by)
        return bring(
            conference=conference,
            kind=MotionKind.APPEAL,
            title=f"That the chair’s ruling on complaint No. {row.number} be overruled",
            seat=voice_for(conference, by, seat=seat),
            by=by,
            now=now,
            complaint=row,
        )


def appeal_point(*, point: Speech, by: User, now: datetime, seat: Seat | None = None) -> Motion:
    """Appeal from the chair's ruling on the latest point of order: that it be overruled, by a simple majority.

    Appealed already, that appeal is returned. `Refused` where the rules of the floor know why not, and for who speaks
    for no seat (GA rule 71).
    """
    with transaction.atomic():
        conference = held_conference(point.conference)
        row = conference.speeches.select_related("seat__power").filter(pk=point.pk).first()
        if row is None:
            raise Refused("That was taken back meanwhile")
        found = appeal_from(row)
        if found and found.stage in records.LIVE_STAGES:
            return found
        why_not = not_appealable(conference, row, last_ruled(conference), found)
        if why_not:
            raise Refused(why_not)
        return bring(
            conference=conference,
            kind=MotionKind.APPEAL,
            title="That the chair’s ruling be overruled",
            seat=voice_for(conference, by, seat=seat),
            by=by,
            now=now,
            point=row,
        )


def courts_of(complaint: Complaint) -> QuerySet[Conference]:
    """The conferences that could hear an appeal now: under a treaty that it cites, with a charter that has appeals."""
    cited = complaint.citations.values("provision__treaty")
    sitting = complaint.campaign.conferences.filter(stage=ConferenceStage.OPEN, treaty__in=cited)
    with_appeals = [
        conference.pk
        for conference in sitting.select_related("charter")
        if Feature.APPEALS in conference.charter.knows
    ]
    return sitting.filter(pk__in=with_appeals)


def bring(
    *,
    conference: Conference,
    kind: MotionKind,
    title: str,
    seat: Seat,
    by: User,
    now: datetime,
    parent: Motion | None = None,
    complaint: Complaint | None = None,
    clause: Clause | None = None,
    point: Speech | None = None,
) -> Motion:
    """A motion that belongs to another, to a ruling or to the sitting, before the conference. Its row is held."""
    motion = Motion.objects.create(
        conference=conference,
        kind=kind.value,
        number=next_number(conference),
        title=title[:120],
        stage=MotionStage.SUBMITTED.value,
        mode=conference.charter.mode,
        sponsor=seat,
        parent=parent,
        complaint=complaint,
        clause=clause,
        point=point,
        created_by=by,
    )
    _note(motion, MinuteKind.MOVED, now, seat=seat)
    return motion


def may_move_sitting(conference: Conference) -> str:
    """Why nobody may move to suspend or adjourn this sitting, or ""."""
    if Feature.FLOOR not in conference.charter.knows:
        return "This charter has no such motion."
    return "" if conference.stage == ConferenceStage.OPEN else "This is moved only while the conference sits."


def _check_sitting(conference: Conference) -> None:
    why_not = may_move_sitting(conference)
    if why_not:
        raise Refused(why_not)


def _standing(parent: Motion | None, clause: Clause | None) -> Clause:
    found = parent.clauses.filter(pk=clause.pk, fallen_by=None).first() if parent and clause else None
    if found is None:
        raise Refused("Choose a clause of the motion that still stands", field="clause")
    return found


def _moved(
    conference: Conference, kind: MotionKind, parent: Motion | None, clause: Clause | None
) -> Motion | None:
    """The same, where it is before the conference already."""
    live = [stage.value for stage in records.LIVE_STAGES]
    rows = conference.motions.filter(kind=kind.value, parent=parent, stage__in=live)
    return rows.filter(clause=clause if kind is MotionKind.CLAUSE else None).first()


def _title(kind: MotionKind, parent: Motion | None, clause: Clause | None) -> str:
    number = parent.number if parent else ""
    if kind is MotionKind.CLAUSE and clause:
        says = f"{clause.phrase} {clause.text}"
        short = says if len(says) <= 60 else says[:59].rstrip() + "…"
        return f"Clause “{short}” of motion {number}, voted apart"
    return {
        MotionKind.SUSPEND: "To suspend the sitting",
        MotionKind.ADJOURN: "To adjourn the sitting",
        MotionKind.ADJOURN_DEBATE: f"To adjourn the debate on motion {number}",
        MotionKind.CLOSE_DEBATE: f"To close the debate on motion {number}",
        MotionKind.APPEAL: f"That the chair’s ruling on motion {number} be overruled",
        MotionKind.RECONSIDER: f"That motion {number} be reconsidered",
    }[kind]


def _note(motion: Motion, kind: MinuteKind, now: datetime, *, seat: Seat | None = None, **data: Any) -> None:
    minutes.note(
        conference=motion.conference,
        kind=kind,
        now=now,
        power=seat.power if seat else None,
        motion=motion,
        complaint=motion.complaint,
        number=motion.number,
        title=motion.title,
        **data,
    )
