"""What waits in the parleys, and for whom: offers to answer, offers that lapse soon, settlements without effect yet.

All but the last is told to the parties and the GM alone.
"""

from django.urls import reverse

from diplomacy import records
from diplomacy.models import Offer
from diplomacy.models.parleys import OfferQuerySet
from diplomacy.rules.complaints import PARLEY_STAGES
from diplomacy.waiting_rows import Waiting, colours_of
from khitomer.access import Viewer
from khitomer.due import Due
from khitomer.models import Power
from khitomer.rules.dates import StoryDate


def before_the_chair(viewer: Viewer) -> list[Waiting]:
    """What waits for the GM: settlements to give effect to, and offers to the powers that no player sits for."""
    settled = _offers(viewer).lodged().filter(enacted_at=None).exclude(effects=[])
    return [*offers_to_answer(viewer), *(_settled(viewer, offer) for offer in settled)]


def offers_to_answer(viewer: Viewer) -> list[Waiting]:
    """The offers that stand and wait for a power in whose name this viewer speaks. Two queries, three for the GM."""
    standing = [offer for offer in _open_to(viewer) if offer.stands(viewer.campaign.today)]
    if not standing:
        return []
    voices = _voices(viewer)
    return [
        _asked(viewer, offer, party)
        for offer in standing
        for party in offer.complaint.parties
        if party.pk in voices and party.pk not in {each.power_id for each in offer.acceptances.all()}
    ]


def offers_lapsing(viewer: Viewer, date: StoryDate) -> list[Due]:
    """For the page of the story date: the offers whose last day comes by then."""
    lapsing = [
        (offer.lapses_on, offer)
        for offer in _open_to(viewer)
        if offer.lapses_on is not None
        and offer.stands(viewer.campaign.today)
        and offer.lapses_on.last <= date.last
    ]
    return [
        Due(
            on=day,
            what=f"Offer of {offer.power} in the parley on No. {offer.complaint.number}: its last day",
            url=reverse("parley", args=[viewer.campaign.slug, offer.complaint.number]),
            sort="Offer",
        )
        for day, offer in lapsing
    ]


def _offers(viewer: Viewer) -> OfferQuerySet:
    rows: OfferQuerySet = Offer.objects.visible_to(viewer)
    rows = rows.select_related("power", "complaint__complainant", "complaint__respondent")
    return rows.prefetch_related("complaint__joinders__power")


def _open_to(viewer: Viewer) -> OfferQuerySet:
    rows = _offers(viewer).open().filter(complaint__stage__in=[stage.value for stage in PARLEY_STAGES])
    return rows.prefetch_related("acceptances").order_by("-made_at")


def _voices(viewer: Viewer) -> set[int]:
    if viewer.is_gm:
        return {power.pk for power in records.unspoken_powers(viewer.campaign)}
    return {viewer.power_id} if viewer.power_id else set()


def _asked(viewer: Viewer, offer: Offer, party: Power) -> Waiting:
    until = f" Until {offer.lapses_on.short()}." if offer.lapses_on else ""
    to = f" to {party}" if viewer.is_gm else ""
    return Waiting(
        title=f"No. {offer.complaint.number} · an offer of {offer.power}{to}",
        sentence=f"In the parley, sealed. Accept it, counter it or refuse it.{until}",
        tag="Answer",
        tone="amber",
        url=reverse("complaint", args=[viewer.campaign.slug, offer.complaint.number]),
        colours=(offer.power.colour, party.colour),
    )


def _settled(viewer: Viewer, offer: Offer) -> Waiting:
    complaint = offer.complaint
    return Waiting(
        title=f"No. {complaint.number} · {complaint.complainant} v. {complaint.against}",
        sentence="Settled by its parties. The terms have not had their effect yet.",
        tag="Give effect",
        tone="amber",
        url=reverse("complaint", args=[viewer.campaign.slug, complaint.number]),
        colours=colours_of(complaint),
    )
