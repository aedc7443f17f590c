"""Amendments to the clauses of a motion: proposed by any seat, and by the chair put in another order.

`actions.adopting` works into the text what is adopted. Locks: conference, then motion.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from diplomacy import records_votes
from diplomacy.actions import minutes
from diplomacy.actions.floor import bring
from diplomacy.actions.motions import ClauseText, Known, payloads_of
from diplomacy.actions.sealing import check_unquoted, effect_texts
from diplomacy.actions.taking import held, held_conference, member_of, take, voice_for
from diplomacy.models import Amendment, Clause, ClauseKind, Motion, Operation, Seat
from diplomacy.records_motions import LIVE_STAGES, amendments_in_order, live_motions, proposal_of
from diplomacy.rules.amendments import distance_of
from diplomacy.rules.procedure import MotionKind, MotionStage, MotionStep
from khitomer import markup
from khitomer.errors import Refused
from khitomer.models import User

LONGEST = 800
MOST_WAITING = 5  # of one seat, to one motion


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What an addition or a replacement would have the clause say. `effects` None leaves those of the clause."""

    kind: str = ClauseKind.OPERATIVE.value
    phrase: str = ""
    text: str = ""
    effects: tuple[Mapping[str, Any], ...] | None = None


def propose(
    *,
    motion: Motion,
    operation: str,
    by: User,
    now: datetime,
    clause: Clause | None = None,
    after: int = 0,
    wording: Wording | None = None,
    seat: Seat | None = None,
) -> Motion:
    """Move an amendment: an `Operation` on a clause that stands, or a clause to be added after the position `after`.

    It is before the conference at once, with a number of its own. The same one moved again by the same seat is
    returned. `Refused` in the procedure's words, or on `operation`, `clause`, `text` or `seat` for what cannot be.
    """
    if operation not in Operation.values:
        raise Refused("An amendment adds, strikes or replaces a clause", field="operation")
    with transaction.atomic():
        conference = held_conference(motion.conference)
        parent = held(motion)
        take(MotionStep.AMEND, parent, by=by, now=now)
        mover = voice_for(conference, by, seat=seat)
        about = None if operation == Operation.ADD else _standing(parent, clause)
        worded = wording or Wording()
        said = (worded.text, *effect_texts(worded.effects or ()))
        check_unquoted(mover.power, [("text", text) for text in said])
        fields = _fields(parent, operation, about, after, worded, by)
        found = _same(parent, mover, fields)
        if found:
            return found
        _check_room(parent, mover)
        moved = bring(
            conference=conference,
            kind=MotionKind.AMENDMENT,
            title=_title(parent, operation, about, worded),
            seat=mover,
            by=by,
            now=now,
            parent=parent,
        )
        Amendment.objects.create(motion=moved, **fields)
    return moved


def put_first(*, motion: Motion, reason: str, by: User, now: datetime) -> Motion:
    """The chair has this amendment voted before the others, against the order of GA rule 90, for a reason it gives.

    First already, it stays so and nothing is set down.
    """
    with transaction.atomic():
        held_conference(motion.conference)
        motion = held(motion)
        campaign = motion.conference.campaign
        if not records_votes.is_chair(member_of(campaign, by)):
            raise Refused("The chair sets the order of the amendments")
        if motion.kind != MotionKind.AMENDMENT or motion.stage not in (
            MotionStage.SUBMITTED,
            MotionStage.VOID,
        ):
            raise Refused("Only an amendment that waits for its vote has a place in their order")
        ordered = amendments_in_order(live_motions(motion.conference), motion.parent_id)
        if ordered[0].pk == motion.pk:
            return motion
        if not reason.strip():
            raise Refused("To change the order is an overrule, and needs a reason", field="reason")
        markup.check_length(reason.strip(), limit=500, field="reason")
        furthest = max(distance_of(proposal_of(each.amendment, each.number)) for each in ordered)
        Amendment.objects.filter(motion=motion).update(distance=furthest + 1)
        minutes.overrule(
            campaign=campaign,
            conference=motion.conference,
            motion=motion,
            step="order of the amendments",
            reason=reason.strip(),
            by=by,
            now=now,
        )
    return motion


def _check_room(parent: Motion, mover: Seat) -> None:
    """Everyone is heard before anyone a sixth time; and each that waits is compared with the text on every page."""
    live = [stage.value for stage in LIVE_STAGES]
    waiting = parent.subsidiary.filter(kind=MotionKind.AMENDMENT.value, stage__in=live, sponsor=mover).count()
    if waiting >= MOST_WAITING:
        raise Refused(
            f"{MOST_WAITING} amendments of yours to this motion wait already",
            allowed="Withdraw one, or wait until it has been voted on",
        )


def _standing(parent: Motion, clause: Clause | None) -> Clause:
    found = parent.clauses.filter(pk=clause.pk, fallen_by=None).first() if clause else None
    if found is None:
        raise Refused("Choose a clause of the motion that still stands", field="clause")
    return found


def _fields(
    parent: Motion, operation: str, clause: Clause | None, after: int, wording: Wording, by: User
) -> dict[str, Any]:
    """The columns of the amendment; what its operation does not need stays empty."""
    fields: dict[str, Any] = {"operation": operation, "clause": clause}
    if operation == Operation.STRIKE:
        return fields
    _check_wording(wording)
    if clause and _says(clause, wording):
        raise Refused("That is what the clause says already", field="text")
    if operation == Operation.ADD:
        fields["after"] = max(0, min(after, parent.clauses.count()))
    fields |= {"kind": wording.kind, "phrase": wording.phrase.strip(), "text": wording.text.strip()}
    effects = wording.effects
    if wording.kind != ClauseKind.OPERATIVE and clause and clause.effects.exists():
        effects = ()  # a preambular clause decides nothing, and can change nothing
    if effects is not None:
        fields["effects"] = _payloads(parent, wording, effects, by)
    return fields


def _check_wording(wording: Wording) -> None:
    if not wording.phrase.strip() or not wording.text.strip():
        raise Refused("Write what the clause is to say", field="text")
    if len(wording.phrase.strip()) > 40:
        raise Refused("The phrase has more than 40 characters", field="phrase")
    length = len(wording.text.strip())
    if length > LONGEST:
        raise Refused(f"The text has {length} characters", field="text", allowed=f"The limit is {LONGEST}")


def _says(clause: Clause, wording: Wording) -> bool:
    same = (clause.phrase, clause.text) == (wording.phrase.strip(), wording.text.strip())
    return same and wording.effects is None


def _payloads(
    parent: Motion, wording: Wording, effects: Iterable[Mapping[str, Any]], by: User
) -> list[dict[str, Any]]:
    campaign = parent.conference.campaign
    drafted = ClauseText(kind=wording.kind, phrase=wording.phrase, text=wording.text, effects=tuple(effects))
    return payloads_of(drafted, 1, Known(campaign, member_of(campaign, by)))


def _same(parent: Motion, mover: Seat, fields: Mapping[str, Any]) -> Motion | None:
    """The amendment that this seat has before the conference already, word for word."""
    live = [stage.value for stage in LIVE_STAGES]
    rows = Amendment.objects.filter(motion__parent=parent, motion__sponsor=mover, motion__stage__in=live)
    for each in rows.select_related("motion"):
        if all(getattr(each, name) == value for name, value in fields.items()):
            return each.motion
    return None


def _title(parent: Motion, operation: str, clause: Clause | None, wording: Wording) -> str:
    says = f"{clause.phrase} {clause.text}" if clause else f"{wording.phrase} {wording.text}"
    verb = {Operation.ADD: "Add", Operation.STRIKE: "Strike", Operation.REPLACE: "Replace"}[
        Operation(operation)
    ]
    short = says if len(says) <= 60 else says[:59].rstrip() + "…"
    return f"{verb} “{short}” in motion {parent.number}"
