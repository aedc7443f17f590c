"""Treaties, their provisions, and which power is bound by which, when."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from khitomer.models.campaigns import Campaign
from khitomer.models.fields import StoryDateField
from khitomer.models.powers import Power
from khitomer.rules.dates import StoryDate


class TreatyQuerySet(models.QuerySet["Treaty"]):
    def with_forum(self) -> Self:
        return self.filter(has_forum=True)


class Treaty(models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="treaties")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    numeral = models.CharField(max_length=8)  # "II", the first half of a provision's label
    signed = StoryDateField()
    has_forum = models.BooleanField(default=False)
    accrued_rights_survive = models.BooleanField(default=False)
    summary = models.TextField(blank=True)
    summary_html = models.TextField(blank=True)
    canon_key = models.CharField(max_length=80, blank=True)

    objects = TreatyQuerySet.as_manager()

    class Meta:
        ordering = ["signed", "name"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "slug"], name="treaty_slug_once"),
            models.UniqueConstraint(fields=["campaign", "numeral"], name="treaty_numeral_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Provision(models.Model):
    treaty = models.ForeignKey(Treaty, models.CASCADE, related_name="provisions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    text_html = models.TextField(blank=True)
    exemption = models.CharField(max_length=300, blank=True)
    exemption_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    exemption_window_days = models.PositiveSmallIntegerField(null=True, blank=True)
    canon_key = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["treaty__signed", "number"]
        constraints = [
            models.UniqueConstraint(fields=["treaty", "number"], name="provision_number_once"),
            models.CheckConstraint(
                condition=Q(exemption_limit__isnull=True, exemption_window_days__isnull=True)
                | Q(exemption_limit__isnull=False, exemption_window_days__gte=1),
                name="provision_exemption_limit_with_window",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    @property
    def label(self) -> str:
        """ "II·4": the treaty's numeral and the provision's number."""
        return f"{self.treaty.numeral}·{self.number}"


class AdherenceQuerySet(models.QuerySet["Adherence"]):
    def around(self, date: StoryDate) -> Self:
        """Spans that may bind on this date: entered by its last day and not surely left by its first.

        A span may still be in doubt there; `StoryDate.before` decides.
        """
        return self.filter(entered__lte=date.last.isoformat()).filter(
            Q(left__isnull=True) | Q(left__gte=f"{date.year:04}")
        )


class Adherence(models.Model):
    """A span [entered, left) in which a power is bound. Spans of one power and treaty never overlap."""

    treaty = models.ForeignKey(Treaty, models.CASCADE, related_name="adherences")
    power = models.ForeignKey(Power, models.CASCADE, related_name="adherences")
    entered = StoryDateField()
    left = StoryDateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    canon_key = models.CharField(max_length=120, blank=True)

    objects = AdherenceQuerySet.as_manager()

    class Meta:
        ordering = ["power__name", "entered"]
        constraints = [
            models.UniqueConstraint(fields=["treaty", "power", "entered"], name="adherence_entered_once"),
            models.UniqueConstraint(
                fields=["treaty", "power"], condition=Q(left__isnull=True), name="adherence_one_open_span"
            ),
            models.CheckConstraint(
                condition=Q(left__isnull=True) | Q(left__gte=F("entered")),
                name="adherence_left_after_entered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.power} {self.entered}–{self.left or ''}"

    @property
    def is_own(self) -> bool:
        """Whether this span is the campaign's own, beyond canon."""
        return not self.canon_key


class Reservation(models.Model):
    """A power's dated exclusion of one provision (VCLT 2(1)(d))."""

    provision = models.ForeignKey(Provision, models.CASCADE, related_name="reservations")
    power = models.ForeignKey(Power, models.CASCADE, related_name="reservations")
    entered = StoryDateField()
    left = StoryDateField(null=True, blank=True)

    class Meta:
        ordering = ["entered"]
        constraints = [
            models.UniqueConstraint(
                fields=["provision", "power", "entered"], name="reservation_entered_once"
            ),
            models.CheckConstraint(
                condition=Q(left__isnull=True) | Q(left__gte=F("entered")),
                name="reservation_left_after_entered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.power}: {self.provision}, {self.entered}–{self.left or ''}"


class RecordedUse(models.Model):
    """One use of what a provision exempts, by anyone: enough of them together and the exemption lapses."""

    provision = models.ForeignKey(Provision, models.CASCADE, related_name="uses")
    power = models.ForeignKey(Power, models.CASCADE, related_name="+")
    on = StoryDateField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.power}, {self.on}"
