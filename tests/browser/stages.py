"""Complaints and motions at the stages of the full charter, each with its page to look at."""

from __future__ import annotations

from django.urls import reverse

from diplomacy.actions import amendments, floor
from diplomacy.models import Charter, Motion, TreatyCharter
from diplomacy.rules.charters import PRESETS
from diplomacy.rules.procedure import ComplaintStage, MotionKind, MotionStage
from diplomacy.rules.steps import Charter as Preset
from khitomer.models import Campaign, Role, User
from khitomer.rules.dates import StoryDate
from tests import factories

COMPLAINTS = (
    ComplaintStage.PARLEY,
    ComplaintStage.REFERRED,
    ComplaintStage.OBJECTED,
    ComplaintStage.INADMISSIBLE,
    ComplaintStage.DISPUTED,
    ComplaintStage.COUNTERMEASURES,
)
PAGES = [
    *(stage.value for stage in COMPLAINTS),
    "debate",
    "amendment",
    "amend",
    "appeal",
    "adjourn",
    "secret",
]
"""What `build` makes, by the name in its addresses."""


def build(campaign: Campaign) -> dict[str, str]:
    """Fill the campaign, and say where each page is."""
    columns = TreatyCharter.columns(PRESETS[Preset.FULL])
    TreatyCharter.objects.create(treaty=campaign.treaties.get(numeral="II"), **columns)
    addresses = {}
    for stage in COMPLAINTS:
        complaint = factories.make_complaint(
            campaign,
            stage,
            objection="Ajilon is ours." if stage is ComplaintStage.OBJECTED else "",
            objection_due=StoryDate.parse("2379-04-20") if stage is ComplaintStage.REFERRED else None,
        )
        addresses[stage.value] = _at(campaign, "complaint", number=complaint.number)
        if stage is ComplaintStage.INADMISSIBLE:
            addresses["appeal"] = _at(campaign, "complaint-appeal", number=complaint.number)
    conference = factories.make_conference(
        campaign, slug="ajilon", charter=Charter.columns(PRESETS[Preset.FULL])
    )
    seat = conference.seats.get(power__slug="federation")
    debated = factories.make_motion(conference, MotionStage.DEBATE, sponsor=seat)
    addresses["debate"] = _motion(campaign, debated)
    addresses["amend"] = _at(campaign, "motion-amend", conference="ajilon", number=debated.number)
    given = {"by": _player(campaign, "romulan"), "now": factories.NOW}
    clause = debated.clauses.order_by("position").last()
    struck = amendments.propose(motion=debated, operation="strike", clause=clause, **given)
    addresses["amendment"] = _motion(campaign, struck)
    amendments.propose(
        motion=debated,
        operation="replace",
        clause=clause,
        wording=amendments.Wording(kind="operative", phrase="Notes", text="that the prisoners were returned"),
        by=_player(campaign, "klingon"),
        now=factories.NOW,
    )
    moved = floor.move(kind=MotionKind.ADJOURN_DEBATE, motion=debated, **given)
    addresses["adjourn"] = _motion(campaign, moved)
    secret = factories.make_motion(conference, MotionStage.VOTING, mode="secret")
    addresses["secret"] = _motion(campaign, secret)
    return addresses


def _at(campaign: Campaign, route: str, **where: object) -> str:
    return reverse(route, kwargs={"campaign": campaign.slug, **where})


def _motion(campaign: Campaign, motion: Motion) -> str:
    return _at(campaign, "motion", conference=motion.conference.slug, number=motion.number)


def _player(campaign: Campaign, power: str) -> User:
    return campaign.memberships.get(role=Role.PLAYER, power__slug=power).user
