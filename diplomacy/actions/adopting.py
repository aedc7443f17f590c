"""An amendment that was adopted is worked into the text, and what it makes impossible is rejected with it."""

from datetime import datetime
from typing import Any

from django.db.models import F

from diplomacy.actions import minutes
from diplomacy.models import Amendment, Clause, Effect, MinuteKind, Motion, Operation
from diplomacy.records_motions import LIVE_STAGES, proposal_of
from diplomacy.rules.amendments import falls
from diplomacy.rules.procedure import MotionKind, MotionStage
from khitomer.errors import Refused

_FAR = 10_000  # further than any clause: two steps, so that no two clauses share a place on the way


def adopt_amendment(motion: Motion, now: datetime) -> None:
    """Work an adopted amendment into the text, and reject by implication what it makes impossible (GA rule 90).

    Call it with the parent and the motion held. `Refused` when the clause it is about stands no longer.
    """
    amendment = Amendment.objects.select_related("clause", "motion__parent").get(motion=motion)
    clause = amendment.clause
    if clause and clause.fallen_by_id:
        raise Refused("The clause that it would amend has been struck already")
    rivals = _rivals(motion, amendment)
    if amendment.operation == Operation.ADD:
        _add(motion, amendment)
    elif clause and amendment.operation == Operation.STRIKE:
        _keep_for_all(amendment, clause, rivals)
        clause.fallen_by = motion
        clause.save(update_fields=["fallen_by"])
        _undivide(clause, motion)
    elif clause:
        _keep_for_all(amendment, clause, rivals)
        _replace(amendment, clause)
    for rival in rivals:
        _reject(rival, motion)
    minutes.note(
        conference=motion.conference,
        kind=MinuteKind.AMENDED,
        now=now,
        motion=motion.parent,
        complaint=motion.parent.complaint if motion.parent else None,
        number=motion.number,
        operation=amendment.operation,
        fell=[rival.motion.number for rival in rivals],
    )


def _rivals(motion: Motion, amendment: Amendment) -> list[Amendment]:
    """The amendments that fall with the adoption of this one, read before the text is changed."""
    live = [stage.value for stage in LIVE_STAGES]
    others = Amendment.objects.filter(motion__parent=motion.parent, motion__stage__in=live)
    others = others.exclude(pk=amendment.pk).select_related("motion", "clause")
    adopted = proposal_of(amendment, motion.number)
    return [each for each in others if falls(proposal_of(each, each.motion.number), adopted)]


def _reject(rival: Amendment, adopted: Motion) -> None:
    rival.rejected_by = adopted
    rival.save(update_fields=["rejected_by"])
    rival.motion.stage = MotionStage.REJECTED.value
    rival.motion.reason = f"Rejected by implication: amendment {adopted.number} was adopted."
    rival.motion.save(update_fields=["stage", "reason"])


def _undivide(clause: Clause, struck_by: Motion) -> None:
    """Nobody votes apart on a clause that is gone."""
    live = [stage.value for stage in LIVE_STAGES]
    clause.divisions.filter(kind=MotionKind.CLAUSE.value, stage__in=live).update(
        stage=MotionStage.WITHDRAWN.value, reason=f"Amendment {struck_by.number} struck the clause."
    )


def _keep_for_all(adopted: Amendment, clause: Clause, rivals: list[Amendment]) -> None:
    """The clause as it was for every amendment to it that is decided now or was before: each changed that text."""
    live = [stage.value for stage in LIVE_STAGES]
    decided = clause.amendments.filter(before__isnull=True).exclude(motion__stage__in=live)
    about_it = (rival for rival in rivals if rival.clause_id == clause.pk)
    for each in (adopted, *decided.exclude(pk=adopted.pk), *about_it):
        _keep(each, clause)


def _keep(amendment: Amendment, clause: Clause) -> None:
    """The clause as it was, for whoever wants to know what was changed."""
    amendment.before = {
        "kind": clause.kind,
        "phrase": clause.phrase,
        "text": clause.text,
        "effects": [effect.payload for effect in clause.effects.all()],
    }
    amendment.save(update_fields=["before"])


def _replace(amendment: Amendment, clause: Clause) -> None:
    clause.kind, clause.phrase, clause.text = amendment.kind, amendment.phrase, amendment.text
    clause.save(update_fields=["kind", "phrase", "text"])
    if amendment.effects is not None:
        clause.effects.all().delete()
        _carry(clause, amendment.effects)


def _add(motion: Motion, amendment: Amendment) -> None:
    """Put the clause in its place. What else was to come after that place comes after this clause."""
    parent = motion.parent
    if parent is None:
        return
    after = min(amendment.after or 0, parent.clauses.count())
    later = parent.clauses.filter(position__gt=after)
    later.update(position=F("position") + _FAR)
    parent.clauses.filter(position__gt=_FAR).update(position=F("position") - _FAR + 1)
    clause = Clause.objects.create(
        motion=parent,
        position=after + 1,
        kind=amendment.kind,
        phrase=amendment.phrase,
        text=amendment.text,
        added_by=motion,
    )
    _carry(clause, amendment.effects or [])
    Amendment.objects.filter(
        motion__parent=parent, motion__stage__in=[stage.value for stage in LIVE_STAGES], after__gte=after
    ).exclude(pk=amendment.pk).update(after=F("after") + 1)


def _carry(clause: Clause, payloads: list[dict[str, Any]]) -> None:
    Effect.objects.bulk_create(
        Effect(clause=clause, ordinal=ordinal, payload=payload)
        for ordinal, payload in enumerate(payloads, start=1)
    )
