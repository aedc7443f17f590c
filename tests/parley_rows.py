"""Parleys in the middle of things: rows as the actions would have left them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from diplomacy.actions import parleys, settlements
from diplomacy.models import Acceptance, Complaint, Message, Offer, OfferState
from diplomacy.rules.procedure import ComplaintStage
from khitomer.markup import render
from khitomer.models import Power, Role, User
from tests.factories import NOW, TODAY


def make_message(
    complaint: Complaint, power: Power | None, text: str = "Let us talk.", **fields: Any
) -> Message:
    """Something said in a parley; without a power it is the GM's note."""
    fields = {"at": NOW, "on": TODAY, **fields}
    return Message.objects.create(
        complaint=complaint, power=power, text=text, text_html=render(text), **fields
    )


def make_offer(
    complaint: Complaint,
    power: Power,
    terms: str = "The prisoners go home.",
    *,
    accepted: Iterable[Power] = (),
    **fields: Any,
) -> Offer:
    """An open offer that its maker, and whoever else is named, has accepted."""
    fields = {"number": complaint.offers.count() + 1, "made_at": NOW, "made_on": TODAY, **fields}
    offer = Offer.objects.create(
        complaint=complaint, power=power, terms=terms, terms_html=render(terms), **fields
    )
    for each in {power, *accepted}:
        Acceptance.objects.create(offer=offer, power=each, at=NOW)
    return offer


def make_settlement(complaint: Complaint, effects: Iterable[dict[str, Any]] = (), **fields: Any) -> Offer:
    """The complaint settled by an offer of its complainant that all have accepted."""
    offer = make_offer(
        complaint,
        complaint.complainant,
        accepted=complaint.parties,
        state=OfferState.ACCEPTED,
        lodged_at=NOW,
        lodged_on=TODAY,
        effects=list(effects),
        **fields,
    )
    complaint.stage = ComplaintStage.SETTLED.value
    complaint.save()
    return offer


def give_effect(offer: Offer, *, now: datetime = NOW) -> Offer:
    """The GM gives effect to a settlement."""
    gm = offer.complaint.campaign.memberships.get(role=Role.GM).user
    return settlements.give_effect(offer=offer, by=gm, now=now)


def settled_by(complaint: Complaint, offer: Offer, voices: dict[Power, User]) -> Offer:
    """All parties accept an offer, one after the other, through the action."""
    for power, user in voices.items():
        if power.pk != offer.power_id:
            parleys.accept(offer=offer, power=power, by=user, now=NOW)
    offer.refresh_from_db()
    return offer
