"""Canaries in what the conference system keeps: drafts, parleys, pledges and what a sitting has not published."""

from collections.abc import Iterable

from django.db.models import Q

from diplomacy.models import (
    Amendment,
    ChamberLink,
    Clause,
    Complaint,
    Exhibit,
    Joinder,
    Message,
    Minute,
    Motion,
    Offer,
    Supplement,
)
from diplomacy.models.complaints import PRIVATE_STAGES
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.auditing.canaries import Cage
from khitomer.models import Membership, Power


def plant_in_diplomacy(cage: Cage) -> None:
    """Plant where a delegation, the parties of a complaint, or the chair are among themselves."""
    _complaints(cage)
    _parleys(cage)
    _drafts(cage)
    _chair(cage)


def _complaints(cage: Cage) -> None:
    """What is not docketed, or is back with its delegation; and what was withdrawn before it ever was docketed."""
    complaints = Complaint._base_manager.filter(campaign=cage.campaign)
    private = Q(stage__in=PRIVATE_STAGES) | Q(number=None)
    for complaint in complaints.filter(private).select_related("complainant", "drafted_by"):
        readers = _delegation(cage, complaint)
        cage.put(complaint, readers, "title", "statement", "place", "asks_for", "returned_because", "token")
        for exhibit in Exhibit._base_manager.filter(complaint=complaint):
            cage.put(exhibit, readers, "title")
        for supplement in Supplement._base_manager.filter(complaint=complaint):
            cage.put(supplement, readers, "text")
        for joinder in Joinder._base_manager.filter(complaint=complaint):
            cage.put(joinder, readers, "interest")


def _parleys(cage: Cage) -> None:
    complaints = Complaint._base_manager.filter(campaign=cage.campaign)
    for complaint in complaints.filter(Q(messages__isnull=False) | Q(offers__isnull=False)).distinct():
        parties = [complaint.complainant, *complaint.respondents]
        for message in Message._base_manager.filter(complaint=complaint):
            cage.put(message, _of(cage, parties), "text")
        for offer in Offer._base_manager.filter(complaint=complaint).exclude(state="accepted"):
            cage.put(offer, _of(cage, parties), "terms")


def _drafts(cage: Cage) -> None:
    drafts = Motion._base_manager.filter(conference__campaign=cage.campaign, stage=MotionStage.DRAFT)
    for motion in drafts.select_related("sponsor__power").prefetch_related("sponsorships__seat__power"):
        movers = _of(cage, [seat.power for seat in _seats(motion)])
        cage.put(motion, movers, "title")
        for clause in Clause._base_manager.filter(motion=motion):
            cage.put(clause, movers, "phrase", "text")
        for amendment in Amendment._base_manager.filter(motion=motion):
            cage.put(amendment, movers, "phrase", "text")


def _chair(cage: Cage) -> None:
    """Minutes that are not published, and what the chair calls the screens on the wall."""
    minutes = Minute._base_manager.filter(conference__campaign=cage.campaign)
    for minute in minutes.filter(conference__minutes_published_at=None):
        words = {
            name: f"{minute.data.get(name, '')} {cage.word(f'minute {minute.pk}, {name}', cage.gms)}".strip()
            for name in ("title", "text", "reason", "about")
        }
        Minute._base_manager.filter(pk=minute.pk).update(data={**minute.data, **words})
    for link in ChamberLink._base_manager.filter(conference__campaign=cage.campaign):
        cage.put(link, cage.gms, "label")


def _of(cage: Cage, powers: Iterable[Power]) -> list[Membership]:
    """The members who speak for these powers, and whoever runs the campaign."""
    keys = {power.pk for power in powers}
    return [member for member in cage.members if member in cage.gms or member.power_id in keys]


def _delegation(cage: Cage, complaint: Complaint) -> list[Membership]:
    """A draft is its delegation's, not the GM's, unless nobody sits for the power; what was filed the GM reads too."""
    own = [member for member in cage.members if member.power_id == complaint.complainant_id]
    if complaint.stage == ComplaintStage.DRAFT and own:
        return own
    return [*own, *cage.gms]


def _seats(motion: Motion) -> list[object]:
    own = [motion.sponsor] if motion.sponsor else []
    return [*own, *(each.seat for each in motion.sponsorships.all())]
