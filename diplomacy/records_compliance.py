"""Rows to rule values for what is owed: whose it is, to whom, and what may be said of it now."""

from dataclasses import dataclass

from django.db.models import QuerySet

from diplomacy.models import Complaint, Obligation, Resolution
from diplomacy.models.resolutions import ObligationQuerySet
from diplomacy.records import called, charter_of
from diplomacy.rules.compliance import ObligationStage
from diplomacy.rules.compliance import ObligationState as State
from diplomacy.rules.procedure import ComplaintStage, Feature, MotionKind, MotionStage
from khitomer.models import Campaign, Power
from khitomer.rules.dates import Answer, StoryDate

UNDER_REVIEW = (
    ComplaintStage.COMPLIANCE,
    ComplaintStage.DISPUTED,
    ComplaintStage.NON_COMPLIANT,
    ComplaintStage.COUNTERMEASURES,
)
"""The stages at which it is watched whether what was decided is done."""


def obligations_in(campaign: Campaign) -> ObligationQuerySet:
    """Every obligation of a campaign, with its source: all of them are public."""
    return Obligation.objects.in_campaign(campaign).with_source()


def obligations_of(complaint: Complaint) -> ObligationQuerySet:
    """What makes up compliance with a complaint, with its source."""
    return Obligation.objects.of_compliance_with(complaint).with_source()


def countermeasures_on(complaint: Complaint) -> QuerySet[Resolution]:
    """The resolutions that authorise countermeasures on a complaint, whatever became of them."""
    rows = Resolution.objects.filter(
        motion__complaint=complaint, motion__kind=MotionKind.COUNTERMEASURES.value
    )
    return rows.select_related("motion", "repealed_by")


def countermeasures_stand(complaint: Complaint, *, but: Resolution) -> bool:
    """Whether any are adopted and neither undone nor lifted, one of them aside."""
    rows = countermeasures_on(complaint).exclude(pk=but.pk)
    return rows.filter(motion__stage=MotionStage.ADOPTED.value, undone_at=None, lifted_at=None).exists()


def owed_to(obligation: Obligation) -> list[Power]:
    """Whose it is to say that it was met: the complainant's, or the respondents' where the complainant owes it."""
    complaint = obligation.complaint
    if complaint is None:
        return []
    if obligation.power_id == complaint.complainant_id:
        return [each for each in complaint.respondents if each.pk != obligation.power_id]
    return [complaint.complainant]


def features_of(obligation: Obligation) -> frozenset[Feature]:
    """Those of the conference that laid it; of a settlement, those its complaint goes by."""
    if obligation.resolution:
        return obligation.resolution.motion.conference.charter.knows  # type: ignore[no-any-return]
    return charter_of(obligation.complaint).features if obligation.complaint else frozenset()


def obligation_state(obligation: Obligation, *, today: StoryDate) -> State:
    """All that the steps of an obligation depend on. Fetch it `with_source()` before."""
    return State(
        stage=ObligationStage(obligation.state),
        owner=called(obligation.power),
        others=tuple(map(called, owed_to(obligation))),
        features=features_of(obligation),
        due=is_due(obligation, today),
    )


def is_due(obligation: Obligation, today: StoryDate) -> bool:
    """Whether its day has come; a day known only roughly has come as soon as it may have."""
    return today.before(obligation.due_on) is not Answer.YES


@dataclass(frozen=True)
class Standing:
    """How a resolution stands, in a word, with its colour, and a sentence where the word does not say all."""

    word: str
    tone: str
    sentence: str = ""


def standing_of(resolution: Resolution) -> Standing:
    """How a resolution stands. Select `motion` and `repealed_by` before."""
    if resolution.lifted_at is not None:
        return Standing("lifted", "moss", "These countermeasures were lifted on compliance.")
    if resolution.repealed_by is not None:
        by = resolution.repealed_by
        return Standing("repealed", "brick", f"Repealed by resolution {by.number}: {by.title}.")
    if resolution.undone_at is not None:
        return Standing("undone", "brick")
    if resolution.enacted_at is not None:
        return Standing("in force", "moss")
    stage = MotionStage(resolution.motion.stage)
    if stage in (MotionStage.REJECTED, MotionStage.VETOED, MotionStage.WITHDRAWN, MotionStage.RULED_OUT):
        return Standing(
            "rescinded", "brick", f"Taken up again and {stage}: it has no effect, and cannot be enacted."
        )
    if stage is not MotionStage.ADOPTED:
        return Standing(
            "being reconsidered",
            "lilac",
            "It is before the conference again, and cannot be enacted meanwhile.",
        )
    return Standing("adopted", "amber")
