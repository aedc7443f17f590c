"""Motions that wait: for the chair to rule on, put to the vote or decide, and for a delegation to sign or second."""

from django.db.models import Q, QuerySet
from django.urls import reverse

from diplomacy.models import ConferenceStage, Motion
from diplomacy.rules.procedure import MAIN_KINDS, Feature, MotionKind, MotionStage
from diplomacy.rules.tally import Tie
from diplomacy.waiting_rows import Waiting, colours_of
from khitomer.access import Viewer
from khitomer.models import Campaign

_CHAIRS = {
    MotionStage.SECONDED: ("Open the debate", "sky"),
    MotionStage.CLOSED: ("Bring it to the vote", "lilac"),
    MotionStage.AMENDMENTS: ("Bring it to the vote", "lilac"),
    MotionStage.DIVISION: ("Bring it to the vote", "lilac"),
    MotionStage.VOID: ("Vote again", "amber"),
}
_LILAC = ("#c8a8ec", "#c8a8ec")


def waiting_for_the_chair(campaign: Campaign) -> QuerySet[Motion]:
    """The motions of conferences that are not closed on which the chair's next step is due, an equal vote first.

    Amendments and clauses are put from the page of their motion, which waits in its own row when their turn comes.
    """
    stages = [MotionStage.TIED, MotionStage.SUBMITTED, *_CHAIRS]
    from_its_motion = Q(kind__in=[MotionKind.AMENDMENT.value, MotionKind.CLAUSE.value])
    return (
        _live(campaign)
        .filter(stage__in=[str(stage) for stage in stages])
        .exclude(from_its_motion & Q(stage=MotionStage.SUBMITTED.value))
        .order_by("-stage", "conference", "number")
    )


def before_the_chair(campaign: Campaign, motions: QuerySet[Motion]) -> list[Waiting]:
    """A row for each of `waiting_for_the_chair`."""
    rows = [_row(campaign, motion, *_asked(motion)) for motion in motions]
    return sorted(rows, key=lambda row: row.tone != "brick")


def before_the_delegate(viewer: Viewer) -> list[Waiting]:
    """The drafts this delegation is asked to sponsor, and the motions of others that wait for a second."""
    signed = Q(stage=MotionStage.DRAFT.value) & Q(
        sponsorships__seat__delegate=viewer.membership, sponsorships__signed_at=None
    )
    seconded = Q(
        stage=MotionStage.IN_ORDER.value,
        conference__stage=ConferenceStage.OPEN,
        conference__seats__delegate=viewer.membership,
        conference__seats__observer=False,
    ) & ~Q(sponsor__delegate=viewer.membership)
    asked = seconded if viewer.behind else signed | seconded
    motions = _live(viewer.campaign).filter(asked).distinct().order_by("conference", "number")
    return [
        _row(viewer.campaign, motion, "Sign it?", "amber")
        if motion.stage == MotionStage.DRAFT
        else _row(viewer.campaign, motion, "Second it?", "sky")
        for motion in motions
    ]


def _live(campaign: Campaign) -> QuerySet[Motion]:
    return (
        Motion.objects.filter(conference__campaign=campaign)
        .exclude(conference__stage=ConferenceStage.CLOSED)
        .select_related(
            "conference__charter", "sponsor__power", "complaint__complainant", "complaint__respondent"
        )
        .prefetch_related("complaint__joinders__power")
    )


def _asked(motion: Motion) -> tuple[str, str]:
    stage = MotionStage(motion.stage)
    if stage is MotionStage.TIED:
        second = (motion.rule or {}).get("tie") == Tie.SECOND_VOTE
        return ("Tied: vote again" if second else "Tied: your casting vote"), "brick"
    if stage is not MotionStage.SUBMITTED:
        return _CHAIRS[stage]
    if motion.kind in MAIN_KINDS and Feature.FLOOR in motion.conference.charter.knows:
        return "Rule on its order", "amber"
    return "Open the vote", "lilac"


def _row(campaign: Campaign, motion: Motion, tag: str, tone: str) -> Waiting:
    mover = str(motion.sponsor.power) if motion.sponsor else "the chair"
    what = "Motion" if motion.kind == MotionKind.SUBSTANTIVE else str(motion.get_kind_display())
    number = "A draft" if motion.stage == MotionStage.DRAFT else f"{what} {motion.number}"
    return Waiting(
        title=f"{number} · {motion.title}",
        sentence=f"{motion.conference}, moved by {mover}.",
        tag=tag,
        tone=tone,
        url=reverse("motion", args=[campaign.slug, motion.conference.slug, motion.number]),
        colours=colours_of(motion.complaint) if motion.complaint else _LILAC,
    )
