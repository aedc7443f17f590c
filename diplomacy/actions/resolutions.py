"""What becomes of an adopted resolution: its effects are previewed, enacted once, and undone by their inverses.

Each step takes the campaign's row first, the same that the ledger takes, then the complaint's, the motion's and the
resolution's: whoever comes second finds the work done and is shown the same result.
"""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from diplomacy.actions import compliance, in_force
from diplomacy.models import Clause, MinuteKind, Motion, Obligation, Resolution
from diplomacy.records_compliance import standing_of
from diplomacy.records_motions import LIVE_STAGES
from diplomacy.rules import effects as rules
from diplomacy.rules.procedure import MotionKind, MotionStage
from khitomer.actions import chronicle
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Campaign, Power, User
from khitomer.rules import changes


@dataclass(frozen=True, kw_only=True)
class PlannedChange:
    """One change a motion would make: the clause it stands under, by position, and what would come of it.

    `repeals` says that it takes back a change of the resolution that the motion repeals; its position is then 0.
    """

    position: int
    step: changes.Step
    repeals: bool = False


def preview(resolution: Resolution) -> tuple[PlannedChange, ...]:
    """What enacting a resolution would change, before → after, in order. `Refused` when a change cannot be made."""
    return preview_motion(resolution.motion, number=resolution.number)


def preview_motion(
    motion: Motion,
    *,
    number: int = 0,
    weighed: Callable[[list[changes.Change]], Container[int]] | None = None,
) -> tuple[PlannedChange, ...]:
    """What a motion would change if it were enacted today, as the resolution of that number. `Refused` if it cannot.

    Fetch `clauses__effects` before. Asks for the campaign's state only where there is a change to weigh. `weighed`
    chooses among all the changes, by their place, those that are weighed and answered for; all are unless it is given.
    """
    campaign = motion.conference.campaign
    clauses = clause_effects(motion.clauses.all())
    planned = rules.changes_of(clauses, on=campaign.today, resolution=number)
    inverses = inverses_of(motion.repeals)
    if not planned and not inverses:
        return ()
    made = [*inverses, *planned]
    chosen = weighed(made) if weighed else range(len(made))
    places = [place for place in range(len(made)) if place in chosen]
    steps = chronicle.preview(campaign, [made[place] for place in places]) if places else ()
    positions = [0] * len(inverses) + effect_positions(clauses)
    return tuple(
        PlannedChange(position=positions[place], step=step, repeals=place < len(inverses))
        for place, step in zip(places, steps, strict=True)
    )


def inverses_of(repealed: Resolution | None) -> list[changes.Change]:
    """What repealing a resolution today would append, the last change's inverse first; nothing where none stands."""
    if repealed is None or repealed.enacted_at is None or repealed.undone_at is not None:
        return []
    rows = repealed.campaign.ledger.filter(source=repealed.source, undone_by=None)
    return [changes.from_json(row.payload["inverse"]) for row in rows.order_by("-ordinal")]


def enact(*, resolution: Resolution, by: User, now: datetime) -> Resolution:
    """Make the resolution's changes and lay its obligations, in one transaction and once.

    What it repeals is taken back first, and a breach that obliges someone goes on to compliance. Enacted already, it
    is returned as it stands. `Refused` when it was undone, repealed or lifted, while it is being reconsidered, when a
    change cannot be made any more, and for anyone but the chair.
    """
    with transaction.atomic():
        campaign, resolution = _hold(resolution)
        in_force.check_chair(campaign, by, "enacts a resolution")
        _check_stands(resolution)
        if resolution.enacted_at is not None:
            return resolution
        clauses = list(resolution.motion.clauses.prefetch_related("effects"))
        effects = clause_effects(clauses)
        _repeal(resolution, by, now)
        chronicle.apply(
            campaign=campaign,
            changes=rules.changes_of(effects, on=campaign.today, resolution=resolution.number),
            by=by,
            why=f"Resolution {resolution.number}: {resolution.title}",
            source=resolution.source,
            now=now,
        )
        _lay_obligations(resolution, clauses, effects)
        resolution.enacted_at, resolution.enacted_by = now, by
        resolution.save(update_fields=["enacted_at", "enacted_by"])
        compliance.oversee(resolution, by)
        in_force.note(MinuteKind.ENACTED, resolution, now)
        in_force.tell(ActivityKind.ENACTED, resolution, now, by=by)
    return resolution


def undo(*, resolution: Resolution, why: str, by: User, now: datetime) -> Resolution:
    """Append the inverses of what the resolution changed, and void what it still obliges anyone to do.

    What it had repealed stays repealed: an undo is not undone. `Refused` without a reason, before it was enacted, when
    it was undone already, when the campaign has moved on so that an inverse is no longer possible, while
    countermeasures answer to it, and for anyone but the chair.
    """
    reason = why.strip()
    if not reason:
        raise Refused("Say why: the ledger keeps the reason beside the undo", field="why")
    with transaction.atomic():
        campaign, resolution = _hold(resolution)
        in_force.check_chair(campaign, by, "undoes a resolution")
        if resolution.enacted_at is None:
            raise Refused(f"Resolution {resolution.number} has not been enacted, so there is nothing to undo")
        if resolution.undone_at is not None:
            raise Refused(f"The effects of resolution {resolution.number} have been undone already")
        in_force.take_back(resolution, why=reason, by=by, now=now)
        resolution.save(update_fields=["undone_at"])
        compliance.after_taking_back(resolution)
        in_force.note(MinuteKind.UNDONE, resolution, now, reason=reason)
        in_force.tell(ActivityKind.UNDONE, resolution, now, by=by)
    return resolution


def mark_met(*, obligation: Obligation, by: User, now: datetime) -> Obligation:
    """The chair finds an obligation met on the story's today, in one press. Met already, it stays as it is."""
    return compliance.find(obligation=obligation, met=True, by=by, now=now)


def clause_effects(clauses: Iterable[Clause]) -> list[rules.ClauseEffects]:
    """The typed effects of each clause that stands; `effects` should have been fetched before."""
    return [
        rules.ClauseEffects(
            position=clause.position,
            effects=tuple(rules.parse(effect.payload) for effect in clause.effects.all()),
        )
        for clause in clauses
        if clause.fallen_by_id is None
    ]


def effect_positions(clauses: Iterable[rules.ClauseEffects]) -> list[int]:
    """The position of the clause under which each change of a motion stands, in the order of the changes."""
    return [
        clause.position
        for clause in rules.in_order(list(clauses))
        for effect in clause.effects
        if not isinstance(effect, rules.Obligation)
    ]


def _hold(resolution: Resolution) -> tuple[Campaign, Resolution]:
    """The campaign, then the resolution and the one it repeals, with their complaints and motions."""
    campaign = chronicle.lock(resolution.campaign)
    repealed = Motion.objects.values_list("repeals_id", flat=True).get(resolution=resolution.pk)
    found = in_force.hold(campaign, [resolution.pk, *([repealed] if repealed else [])])
    held = found[resolution.pk]
    held.motion.repeals = found.get(repealed) if repealed else None
    return campaign, held


def _check_stands(resolution: Resolution) -> None:
    """`Refused` when a resolution cannot take effect, whoever asks: each of these takes a new motion."""
    compliance.check_enactable(resolution)
    again = "To have its effects again takes a new motion"
    if resolution.repealed_by is not None:
        raise Refused(
            f"Resolution {resolution.number} was repealed by resolution {resolution.repealed_by.number}",
            allowed=again,
        )
    if resolution.undone_at is not None:
        raise Refused(f"Resolution {resolution.number} was enacted and undone", allowed=again)
    if resolution.enacted_at is not None:
        return
    standing = standing_of(resolution)
    if resolution.motion.stage != MotionStage.ADOPTED:
        raise Refused(f"Resolution {resolution.number} cannot take effect. {standing.sentence}")
    asked = resolution.motion.subsidiary.filter(
        kind=MotionKind.RECONSIDER.value, stage__in=LIVE_STAGES
    ).first()
    if asked is not None:
        raise Refused(
            f"Motion {asked.number}, to reconsider it, is before the conference",
            allowed="Put it to the vote, or rule it out, first",
        )


def _repeal(resolution: Resolution, by: User, now: datetime) -> None:
    """Take back what the motion repeals, in the same transaction; what was undone before has no more to take back."""
    repealed = resolution.motion.repeals
    if repealed is None:
        return
    if repealed.repealed_by is not None:
        raise Refused(
            f"Resolution {repealed.number} was repealed already, by resolution {repealed.repealed_by.number}"
        )
    why = f"Repealed by resolution {resolution.number}: {resolution.title}"
    if repealed.enacted_at is not None and repealed.undone_at is None:
        in_force.take_back(repealed, why=why, by=by, now=now)
    repealed.repealed_by = resolution
    repealed.save(update_fields=["undone_at", "repealed_by"])
    compliance.after_taking_back(repealed)
    in_force.note(MinuteKind.UNDONE, repealed, now, reason=why)
    in_force.tell(ActivityKind.REPEALED, repealed, now, by=by)


def _lay_obligations(
    resolution: Resolution, clauses: Iterable[Clause], effects: list[rules.ClauseEffects]
) -> None:
    owed = rules.obligations_of(effects)
    clause_at = {clause.position: clause for clause in clauses}
    powers = {power.slug: power for power in resolution.campaign.powers.all()} if owed else {}
    Obligation.objects.bulk_create(
        Obligation(
            resolution=resolution,
            clause=clause_at[each.position],
            power=_power(powers, each.obligation.power),
            text=each.obligation.text,
            due_on=each.obligation.due_on,
        )
        for each in owed
    )


def _power(powers: dict[str, Power], slug: str) -> Power:
    try:
        return powers[slug]
    except KeyError:
        raise Refused(f"This campaign has no power “{slug}”, so nothing can be owed by it") from None
