"""Rows to rule values for what is before a conference beside the main motions: what comes before what."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from diplomacy.models import Amendment, Conference, Motion
from diplomacy.records import called
from diplomacy.rules import amendments as rules
from diplomacy.rules.procedure import MotionKind, MotionStage

_K = MotionKind
_S = MotionStage

LIVE_STAGES = (_S.SUBMITTED, _S.VOTING, _S.TIED, _S.VOID)
"""Where a motion that belongs to another, to a ruling or to the sitting waits for its vote, or for the end of it."""

OF_THE_SITTING = (_K.SUSPEND, _K.ADJOURN)
"""Motions about the sitting: they come before everything else (GA rule 77)."""

OF_THE_DEBATE = (_K.ADJOURN_DEBATE, _K.CLOSE_DEBATE)

_ABOUT_A_RULING = (_K.APPEAL, _K.RECONSIDER)
_PRECEDENCE = {_K.SUSPEND: 0, _K.ADJOURN: 1, _K.ADJOURN_DEBATE: 2, _K.CLOSE_DEBATE: 3}
_LAST = 9
_BEING_VOTED = (_S.VOTING, _S.TIED)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the steps of a motion must know of the motions and seats around it (see `MotionState`)."""

    invited: frozenset[str] = frozenset()
    signed: frozenset[str] = frozenset()
    enough_sponsors: bool = True
    amended: bool = False
    appealed: bool = False
    waits_for: str = ""


def live_motions(conference: Conference) -> Sequence[Motion]:
    """What is before the conference beside the main motions, in the order moved.

    One query; set `conference.live` to what this returns where many motions of it are read.
    """
    fetched: Sequence[Motion] | None = conference.__dict__.get("live")
    if fetched is not None:
        return fetched
    rows = conference.motions.filter(stage__in=[each.value for each in LIVE_STAGES])
    rows = rows.exclude(kind__in=[_K.SUBSTANTIVE.value, _K.COUNTERMEASURES.value])
    return list(rows.select_related("amendment__clause", "clause", "parent").order_by("number"))


def moved() -> QuerySet[Motion]:
    """What was moved of motions, with all that the page of one tells of it."""
    rows = Motion.objects.select_related("amendment__clause", "clause", "sponsor__power", "parent")
    return rows.order_by("number")


def standing_of(motion: Motion) -> Standing:
    """Where a motion stands among the others.

    For many motions, prefetch `sponsorships__seat__power` and `subsidiary`, and set `conference.live`: then this
    asks the database nothing.
    """
    sponsorships = list(motion.sponsorships.all())
    subsidiary = list(motion.subsidiary.all())
    signed = frozenset(called(each.seat.power) for each in sponsorships if each.signed_at)
    needed = motion.conference.charter.sponsors_needed
    return Standing(
        invited=frozenset(called(each.seat.power) for each in sponsorships if each.signed_at is None),
        signed=signed,
        enough_sponsors=motion.sponsor_id is None or 1 + len(signed) >= needed,
        amended=any(each.kind == _K.AMENDMENT and each.stage == _S.ADOPTED for each in subsidiary),
        appealed=any(
            each.kind in _ABOUT_A_RULING and each.stage in (*LIVE_STAGES, _S.REJECTED) for each in subsidiary
        ),
        waits_for=waits_for(motion, live_motions(motion.conference)),
    )


def waits_for(motion: Motion, live: Sequence[Motion]) -> str:
    """What comes before the vote on this motion, in a sentence; "" for nothing."""
    others = [each for each in live if each.pk != motion.pk]
    kind = MotionKind(motion.kind)
    return (
        _precedence(motion, kind, others)
        or (_uninterrupted(motion) if kind in OF_THE_SITTING else "")
        or (_amendment_waits(motion, others) if kind is _K.AMENDMENT else "")
        or (_division_waits(motion) if kind is _K.CLAUSE else "")
        or _text_waits(motion, others)
    )


def _precedence(motion: Motion, kind: MotionKind, others: Sequence[Motion]) -> str:
    """Procedural motions go before the rest, in the order of GA rule 77."""
    rank = _PRECEDENCE.get(kind, _LAST)
    subject = motion.parent_id or motion.pk
    before = [
        each
        for each in others
        if _PRECEDENCE.get(MotionKind(each.kind), _LAST) < rank
        and (each.kind in OF_THE_SITTING or each.parent_id == subject)
    ]
    first = min(before, key=lambda each: _PRECEDENCE[MotionKind(each.kind)], default=None)
    return f"Motion {first.number}, to {first.kind}, comes first." if first else ""


def _uninterrupted(motion: Motion) -> str:
    # GA rule 88: once a vote has begun, nobody interrupts it.
    voting = motion.conference.motions.filter(stage__in=[each.value for each in _BEING_VOTED])
    other = voting.exclude(pk=motion.pk).order_by("number").first()
    return f"The vote on motion {other.number} is open, and is not interrupted." if other else ""


def proposal_of(amendment: Amendment, number: int) -> rules.Proposal:
    """An amendment as the rules know it. Fetch `clause` before."""
    clause = amendment.clause
    return rules.Proposal(
        number=number,
        operation=rules.Operation(amendment.operation),
        clause=clause.pk if clause else None,
        before=f"{clause.phrase} {clause.text}" if clause else "",
        after=f"{amendment.phrase} {amendment.text}".strip(),
        distance=amendment.distance,
    )


def amendments_in_order(live: Sequence[Motion], parent_id: int | None) -> list[Motion]:
    """The amendments to a motion that wait for their votes, the one to be voted first at the head."""
    own = {each.number: each for each in live if each.kind == _K.AMENDMENT and each.parent_id == parent_id}
    ordered = rules.in_order(proposal_of(each.amendment, number) for number, each in own.items())
    return [own[each.number] for each in ordered]


def _amendment_waits(motion: Motion, others: Sequence[Motion]) -> str:
    parent = motion.parent
    if parent is None or parent.stage != _S.AMENDMENTS:
        number = parent.number if parent else ""
        return f"Amendments are put once the debate on motion {number} is closed and the chair takes them."
    own = [each for each in others if each.kind == _K.AMENDMENT and each.parent_id == motion.parent_id]
    voting = next((each for each in own if each.stage in _BEING_VOTED), None)
    if voting:
        return f"Amendment {voting.number} is being voted on."
    first = amendments_in_order([*own, motion], motion.parent_id)[0]
    return "" if first.pk == motion.pk else _voted_first(first)


def _voted_first(amendment: Motion) -> str:
    proposal = proposal_of(amendment.amendment, amendment.number)
    return f"Amendment {amendment.number} is voted first: {rules.why_first(proposal)}."


def _division_waits(motion: Motion) -> str:
    parent = motion.parent
    if parent is None or parent.stage == _S.DIVISION:
        return ""
    return f"The clause is put once the chair divides motion {parent.number}, after any amendments."


def _text_waits(motion: Motion, others: Sequence[Motion]) -> str:
    """What is still to be settled of a main motion's own text."""
    own = [each for each in others if each.parent_id == motion.pk]
    amendments = amendments_in_order(own, motion.pk)
    if amendments:
        return _voted_first(amendments[0])
    clause = next((each for each in own if each.kind == _K.CLAUSE), None)
    return f"Motion {clause.number} is voted first: it puts a clause of this one apart." if clause else ""
