"""What becomes of an adopted resolution: its effects are previewed, enacted once, and undone by their inverses.

Each step takes the campaign's row first, the same that the ledger takes, and then the resolution's: whoever comes
second finds the work done and is shown the same result.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from diplomacy import records_votes as records
from diplomacy.models import Clause, Motion, Obligation, ObligationState, Resolution
from diplomacy.rules import effects as rules
from khitomer.actions import activity, chronicle
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Campaign, Power, User
from khitomer.rules import changes


@dataclass(frozen=True, kw_only=True)
class PlannedChange:
    """One change a motion would make: the clause it stands under, by position, and what would come of it."""

    position: int
    step: changes.Step


def preview(resolution: Resolution) -> tuple[PlannedChange, ...]:
    """What enacting a resolution would change, before → after, in order. `Refused` when a change cannot be made."""
    return preview_motion(resolution.motion, number=resolution.number)


def preview_motion(motion: Motion, *, number: int = 0) -> tuple[PlannedChange, ...]:
    """What a motion would change if it were enacted today, as the resolution of that number. `Refused` if it cannot.

    Fetch `clauses__effects` before. Asks for the campaign's state only where there is a change to weigh.
    """
    campaign = motion.conference.campaign
    clauses = clause_effects(motion.clauses.all())
    planned = rules.changes_of(clauses, on=campaign.today, resolution=number)
    if not planned:
        return ()
    steps = chronicle.preview(campaign, planned)
    return tuple(
        PlannedChange(position=position, step=step)
        for position, step in zip(effect_positions(clauses), steps, strict=True)
    )


def enact(*, resolution: Resolution, by: User, now: datetime) -> Resolution:
    """Make the resolution's changes and lay its obligations, in one transaction and once.

    Enacted already, it is returned as it stands. `Refused` when it was undone, when a change cannot be made any more,
    and for anyone but the chair.
    """
    with transaction.atomic():
        campaign, resolution = _lock(resolution)
        _check_chair(campaign, by, "enacts")
        if resolution.undone_at is not None:
            raise Refused(
                f"Resolution {resolution.number} was enacted and undone",
                allowed="To have its effects again takes a new motion",
            )
        if resolution.enacted_at is not None:
            return resolution
        clauses = list(resolution.motion.clauses.prefetch_related("effects"))
        effects = clause_effects(clauses)
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
        _tell(ActivityKind.ENACTED, resolution, now)
    return resolution


def undo(*, resolution: Resolution, why: str, by: User, now: datetime) -> Resolution:
    """Append the inverses of what the resolution changed, and void what it still obliges anyone to do.

    `Refused` without a reason, before it was enacted, when it was undone already, when the campaign has moved on so
    that an inverse is no longer possible, and for anyone but the chair.
    """
    reason = why.strip()
    if not reason:
        raise Refused("Say why: the ledger keeps the reason beside the undo", field="why")
    with transaction.atomic():
        campaign, resolution = _lock(resolution)
        _check_chair(campaign, by, "undoes")
        if resolution.enacted_at is None:
            raise Refused(f"Resolution {resolution.number} has not been enacted, so there is nothing to undo")
        if resolution.undone_at is not None:
            raise Refused(f"The effects of resolution {resolution.number} have been undone already")
        # Rows that were taken back one by one leave nothing to undo here; that is no reason to stop.
        if campaign.ledger.filter(source=resolution.source, undone_by=None).exists():
            chronicle.undo(campaign=campaign, source=resolution.source, why=reason, by=by, now=now)
        resolution.obligations.owed().update(state=ObligationState.VOID)
        resolution.undone_at = now
        resolution.save(update_fields=["undone_at"])
        _tell(ActivityKind.UNDONE, resolution, now)
    return resolution


def mark_met(*, obligation: Obligation, by: User, now: datetime) -> Obligation:
    """The chair finds an obligation met on the story's today. Met already, it stays as it is; void, it is `Refused`."""
    with transaction.atomic():
        campaign = chronicle.lock(obligation.resolution.campaign)
        _check_chair(campaign, by, "finds obligations met under")
        obligation = Obligation.objects.select_for_update(of=("self",)).get(pk=obligation.pk)
        if obligation.state == ObligationState.VOID:
            raise Refused("This obligation is void: the resolution that laid it was undone")
        if obligation.state == ObligationState.OWED:
            obligation.state, obligation.met_on = ObligationState.MET, campaign.today
            obligation.save(update_fields=["state", "met_on"])
            _tell(ActivityKind.STATE, obligation.resolution, now)
    return obligation


def clause_effects(clauses: Iterable[Clause]) -> list[rules.ClauseEffects]:
    """The typed effects of each clause; `effects` should have been fetched before."""
    return [
        rules.ClauseEffects(
            position=clause.position,
            effects=tuple(rules.parse(effect.payload) for effect in clause.effects.all()),
        )
        for clause in clauses
    ]


def effect_positions(clauses: Iterable[rules.ClauseEffects]) -> list[int]:
    """The position of the clause under which each change of a motion stands, in the order of the changes."""
    return [
        clause.position
        for clause in rules.in_order(list(clauses))
        for effect in clause.effects
        if not isinstance(effect, rules.Obligation)
    ]


def _lock(resolution: Resolution) -> tuple[Campaign, Resolution]:
    campaign = chronicle.lock(resolution.campaign)
    rows = Resolution.objects.select_for_update(of=("self",)).select_related("motion__conference")
    found = rows.get(pk=resolution.pk)
    found.campaign = campaign
    return campaign, found


def _check_chair(campaign: Campaign, by: User, does: str) -> None:
    if not records.is_chair(campaign.memberships.filter(user=by).first()):
        raise Refused(f"The chair {does} a resolution")


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


def _tell(kind: ActivityKind, resolution: Resolution, now: datetime) -> None:
    campaign = resolution.campaign
    activity.record(
        campaign=campaign,
        kind=kind,
        now=now,
        number=resolution.number,
        path=reverse("resolution", kwargs={"campaign": campaign.slug, "number": resolution.number}),
    )
