"""The conference system: what is among a delegation, among the parties, or the chair's."""

from __future__ import annotations

from itertools import cycle, islice

from benchmarks.big.building import Building
from diplomacy.models import Complaint, Sponsorship
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from tests import factories, parley_rows


def docket(building: Building) -> None:
    """Of each private stage a complaint with its exhibit, sealed parleys, and motions that nobody has submitted."""
    campaign, powers = building.campaign, building.powers
    conference = factories.make_conference(campaign, slug="ajilon", name="The Ajilon conference")
    private = (ComplaintStage.DRAFT, ComplaintStage.FILED, ComplaintStage.RETURNED)
    for n, (stage, slug) in enumerate(
        islice(
            zip(cycle(private), cycle(("federation", "klingon", "romulan", "cardassian")), strict=False), 12
        )
    ):
        respondent = powers["klingon"] if slug != "klingon" else powers["romulan"]
        complaint = factories.make_complaint(
            campaign,
            stage,
            complainant=powers[slug],
            respondent=respondent,
            number=None,
            title=f"Colony {n}",
            drafted_by=building.members.get(slug, building.members["gm"]).user,
            returned_because="Say where." if stage is ComplaintStage.RETURNED else "",
        )
        factories.make_exhibit(complaint, title=f"Picture of colony {n}")
    for one, other in (("federation", "romulan"), ("klingon", "cardassian"), ("romulan", "klingon")):
        complaint = factories.make_complaint(
            campaign, ComplaintStage.RULING, complainant=powers[one], respondent=powers[other]
        )
        factories.make_exhibit(complaint)
        _parley(complaint)
    for stage in (ComplaintStage.HEARD, ComplaintStage.BREACH, ComplaintStage.SCHEDULED):
        factories.make_complaint(campaign, stage, conference=conference)
    for slug in ("federation", "klingon", "romulan"):
        seat = conference.seats.get(power=powers[slug])
        drafted = factories.make_motion(
            conference, MotionStage.DRAFT, sponsor=seat, title=f"Draft of {slug}",
            effects=[factories.standing_effect()],
        )  # fmt: skip
        asked = conference.seats.exclude(pk=seat.pk).first()
        Sponsorship.objects.create(motion=drafted, seat=asked)
    factories.make_motion(conference, MotionStage.WITHDRAWN, title="Withdrawn before it was submitted")
    factories.make_motion(conference, MotionStage.VOTING, ballots={"federation": "yes"})
    factories.make_motion(conference, MotionStage.SUBMITTED)


def _parley(complaint: Complaint) -> None:
    parley_rows.make_message(complaint, complaint.complainant, "Let us talk.")
    parley_rows.make_message(complaint, None, "They met on the bridge.")
    parley_rows.make_offer(complaint, complaint.complainant, "We take half.")
    parley_rows.make_offer(complaint, complaint.respondent, "You take a third.")
