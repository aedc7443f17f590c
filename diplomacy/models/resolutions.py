"""What was adopted, and what it obliges whom to do by when."""

from typing import Self

from django.db import models
from django.db.models import Q

from diplomacy.models.complaints import Complaint
from diplomacy.models.motions import Clause, Motion
from diplomacy.models.parleys import Offer
from diplomacy.rules.procedure import MotionKind
from khitomer.models import Campaign, Power, User
from khitomer.models.fields import StoryDateField
from khitomer.rules.dates import StoryDate


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    def with_instrument(self) -> Self:
        """With all that the instrument says of each, and who had it take effect."""
        return self.select_related(
            "motion__conference__treaty",
            "motion__conference__charter",
            "motion__repeals",
            "repealed_by",
            "motion__complaint__complainant",
            "motion__complaint__respondent",
            "enacted_by",
        ).prefetch_related("obligations__power", "motion__complaint__joinders__power")


class Resolution(models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="resolutions")
    number = models.PositiveSmallIntegerField()
    motion = models.OneToOneField(Motion, models.PROTECT, related_name="resolution")
    title = models.CharField(max_length=120)
    adopted_on = StoryDateField()
    adopted_at = models.DateTimeField()
    enacted_at = models.DateTimeField(null=True, blank=True)
    enacted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    # The later resolution that repealed it; a countermeasure that was lifted is undone without one.
    repealed_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    # Countermeasures end by themselves on compliance, in force or not yet.
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="resolution_number_once"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(enacted_at__isnull=False),
                name="resolution_undone_after_enacted",
            ),
        ]

    def __str__(self) -> str:
        return f"Resolution {self.number}: {self.title}"

    @property
    def source(self) -> str:
        """The name under which the ledger knows this resolution's changes."""
        return f"resolution:{self.number}"


class ObligationState(models.TextChoices):
    OWED = "owed", "Owed"
    REPORTED = "reported", "Reported as met"
    DISPUTED = "disputed", "Disputed"
    MET = "met", "Met"
    UNMET = "unmet", "Not met"
    VOID = "void", "Void"


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def in_campaign(self, campaign: Campaign) -> Self:
        """Laid by a resolution or by a settlement of this campaign."""
        return self.filter(Q(resolution__campaign=campaign) | Q(offer__complaint__campaign=campaign))

    def under(self, complaint: Complaint) -> Self:
        """What a complaint has led to: by its resolutions, by countermeasures, or by its settlement."""
        return self.filter(Q(resolution__motion__complaint=complaint) | Q(offer__complaint=complaint))

    def of_compliance_with(self, complaint: Complaint) -> Self:
        """What makes up compliance with a complaint: all that it led to, but what countermeasures themselves lay."""
        laid = self.under(complaint).standing()
        return laid.exclude(resolution__motion__kind=MotionKind.COUNTERMEASURES.value)

    def said_or_due(self, today: StoryDate) -> Self:
        """What is not met and is due by a date, or of which something was said: done, disputed, or found not met."""
        come = Q(due_on__lte=today.last.isoformat())
        return self.outstanding().filter(come | ~Q(state=ObligationState.OWED))

    def standing(self) -> Self:
        """All but what is void."""
        return self.exclude(state=ObligationState.VOID)

    def with_source(self) -> Self:
        """With whoever owes it, and with the resolution or the settlement that laid it, as far as its complaint."""
        parties = ("complainant", "respondent")
        return self.select_related(
            "power",
            "clause",
            "resolution__motion__conference__charter",
            *(f"resolution__motion__complaint__{each}" for each in parties),
            *(f"offer__complaint__{each}" for each in parties),
        )

    def owed(self) -> Self:
        return self.filter(state=ObligationState.OWED)

    def outstanding(self) -> Self:
        """What is not met yet, whatever has been said of it."""
        return self.exclude(state__in=(ObligationState.MET, ObligationState.VOID))

    def due_by(self, date: StoryDate) -> Self:
        """What is to be met by the last day of a date and is not, whatever has been said of it."""
        return self.outstanding().filter(due_on__lte=date.last.isoformat())


class Obligation(models.Model):
    """What a power must do by a day: laid by a clause of a resolution, or by the terms of a settlement."""

    resolution = models.ForeignKey(
        Resolution, models.CASCADE, null=True, blank=True, related_name="obligations"
    )
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+")
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, blank=True, related_name="obligations")
    power = models.ForeignKey(Power, models.PROTECT, related_name="obligations")
    text = models.CharField(max_length=300)
    due_on = StoryDateField()
    state = models.CharField(max_length=8, choices=ObligationState.choices, default=ObligationState.OWED)
    met_on = StoryDateField(null=True, blank=True)
    report = models.CharField(max_length=500, blank=True)  # what its owner says was done
    reported_on = StoryDateField(null=True, blank=True)
    review = models.CharField(max_length=500, blank=True)  # why it was disputed, or found met or not

    objects = ObligationQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name_plural = "obligations"
        constraints = [
            models.CheckConstraint(
                condition=Q(resolution__isnull=False, clause__isnull=False, offer__isnull=True)
                | Q(resolution__isnull=True, clause__isnull=True, offer__isnull=False),
                name="obligation_from_one_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.power}: {self.text}, due {self.due_on}"

    @property
    def complaint(self) -> Complaint | None:
        """The complaint that led to it; a resolution may have been adopted without one."""
        return self.offer.complaint if self.offer else self.resolution.motion.complaint  # type: ignore[union-attr]

    @property
    def source(self) -> str:
        """What laid it, in a few words."""
        if self.offer:
            return f"Settlement of complaint No. {self.offer.complaint.number}"
        return f"Resolution {self.resolution.number}" if self.resolution else ""
