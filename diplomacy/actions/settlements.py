"""What becomes of a lodged settlement: its effects are previewed, given once and whole, undone by inverses."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from diplomacy import records
from diplomacy.models import Obligation, ObligationState, Offer, OfferState
from diplomacy.rules import effects as rules
from khitomer.actions import activity, chronicle
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Campaign, User
from khitomer.rules import changes


def effects_of(offer: Offer) -> list[rules.ClauseEffects]:
    """The typed effects of an offer, as those of one clause."""
    return [rules.ClauseEffects(position=1, effects=tuple(map(rules.parse, offer.effects)))]


def changes_of(offer: Offer) -> tuple[changes.Change, ...]:
    """The campaign changes of an offer, as of today."""
    today = offer.complaint.campaign.today
    return rules.changes_of(effects_of(offer), on=today, settlement=offer.complaint.number or 0)


def preview(offer: Offer) -> tuple[changes.Step, ...]:
    """What an offer would change if its effects were given today, in order. `Refused` when a change cannot be made.

    The campaign's state is read only where there is a change to weigh.
    """
    return preview_changes(offer, changes_of(offer))


def preview_changes(offer: Offer, planned: Sequence[changes.Change]) -> tuple[changes.Step, ...]:
    """The same for some of an offer's changes."""
    return chronicle.preview(offer.complaint.campaign, planned) if planned else ()


def give_effect(*, offer: Offer, by: User, now: datetime) -> Offer:
    """Make all the changes of a settlement and lay its obligations, in one transaction and once.

    Given already, it is returned as it stands. `Refused` for anyone but the GM, for an offer that is not lodged, after
    it was undone, and when a change can no longer be made: it is the whole or nothing.
    """
    with transaction.atomic():
        campaign, found = _lock(offer)
        _check_gm(campaign, by)
        if found.undone_at is not None:
            raise Refused("The settlement had its effect, and was undone", allowed="It takes effect once")
        if found.enacted_at is not None:
            return found
        chronicle.apply(
            campaign=campaign,
            changes=changes_of(found),
            by=by,
            why=f"Settlement of complaint No. {found.complaint.number}",
            source=found.source,
            now=now,
        )
        _lay_obligations(campaign, found)
        found.enacted_at = now
        found.save(update_fields=["enacted_at"])
        _tell(ActivityKind.TERMS_MADE, campaign, found, now, by=by)
    return found


def undo(*, offer: Offer, why: str, by: User, now: datetime) -> Offer:
    """Append the inverses of what the settlement changed, and void what it still obliges anyone to do.

    `Refused` without a reason, before it had effect, when it was undone already, when an inverse is no longer possible,
    and for anyone but the GM.
    """
    reason = why.strip()
    if not reason:
        raise Refused("Say why: the ledger keeps the reason beside the undo", field="why")
    with transaction.atomic():
        campaign, found = _lock(offer)
        _check_gm(campaign, by)
        if found.enacted_at is None:
            raise Refused("The settlement has had no effect, so there is nothing to undo")
        if found.undone_at is not None:
            raise Refused("The effects of the settlement have been undone already")
        # Rows that were taken back one by one leave nothing to undo here; that is no reason to stop.
        if campaign.ledger.filter(source=found.source, undone_by=None).exists():
            chronicle.undo(campaign=campaign, source=found.source, why=reason, by=by, now=now)
        found.obligations.outstanding().update(state=ObligationState.VOID)
        found.undone_at = now
        found.save(update_fields=["undone_at"])
        _tell(ActivityKind.TERMS_UNDONE, campaign, found, now, by=by)
    return found


def _lock(offer: Offer) -> tuple[Campaign, Offer]:
    campaign = chronicle.lock(offer.complaint.campaign)
    found = Offer.objects.select_for_update(of=("self",)).select_related("complaint").get(pk=offer.pk)
    found.complaint.campaign = campaign
    if found.state != OfferState.ACCEPTED:
        raise Refused("Only a settlement that all have accepted has effect")
    return campaign, found


def _check_gm(campaign: Campaign, by: User) -> None:
    if not records.voice(campaign, by).is_chair:
        raise Refused("The GM gives effect to a settlement")


def _lay_obligations(campaign: Campaign, offer: Offer) -> None:
    owed = rules.obligations_of(effects_of(offer))
    powers = {power.slug: power for power in campaign.powers.all()} if owed else {}
    for each in owed:
        if each.obligation.power not in powers:
            raise Refused(
                f"This campaign has no power “{each.obligation.power}”, so nothing can be owed by it"
            )
    Obligation.objects.bulk_create(
        Obligation(
            offer=offer,
            power=powers[each.obligation.power],
            text=each.obligation.text,
            due_on=each.obligation.due_on,
        )
        for each in owed
    )


def _tell(kind: ActivityKind, campaign: Campaign, offer: Offer, now: datetime, *, by: User) -> None:
    number = offer.complaint.number
    path = reverse("complaint", kwargs={"campaign": campaign.slug, "number": number})
    activity.record(campaign=campaign, kind=kind, now=now, number=number, by=by, path=path)
