"""The sitting of signatories: its charter, its seats, and the complaints it hears."""

from typing import Self

from django.db import models
from django.db.models import Q

from diplomacy.models.charters import CharterRules
from diplomacy.models.complaints import Complaint
from diplomacy.rules.procedure import MotionStage
from khitomer.models import Campaign, Membership, Power, Session, Treaty
from khitomer.models.fields import StoryDateField


class ConferenceStage(models.TextChoices):
    PLANNED = "planned", "Planned"
    OPEN = "open", "Sitting"
    SUSPENDED = "suspended", "Suspended"
    CLOSED = "closed", "Closed"


class ConferenceQuerySet(models.QuerySet["Conference"]):
    def with_seats(self) -> Self:
        """With its seats, each with its power."""
        return self.prefetch_related(models.Prefetch("seats", queryset=Seat.objects.select_related("power")))

    def counted(self) -> Self:
        """With the number of `complaints` on its agenda and of open `votes`."""
        return self.annotate(
            complaints=models.Count("hearings", distinct=True),
            votes=models.Count("motions", filter=Q(motions__stage=MotionStage.VOTING.value), distinct=True),
        )


class Conference(models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="conferences")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=80)
    place = models.CharField(max_length=80, blank=True)
    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="conferences")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="conferences")
    on = StoryDateField("story date of the sitting")
    stage = models.CharField(max_length=9, choices=ConferenceStage.choices, default=ConferenceStage.PLANNED)
    minutes_published_at = models.DateTimeField(null=True, blank=True)

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "slug"], name="conference_slug_once")]

    def __str__(self) -> str:
        return self.name


class Charter(CharterRules):
    """The rules this conference sits under. A vote copies them when it opens and never looks here again."""

    conference = models.OneToOneField(Conference, models.CASCADE, related_name="charter")

    def __str__(self) -> str:
        return f"{self.get_preset_display()} charter of {self.conference}"


class Seat(models.Model):
    """A power's place; without a delegate the GM speaks for it."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="seats")
    power = models.ForeignKey(Power, models.PROTECT, related_name="seats")
    delegate = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="seats")
    weight = models.PositiveSmallIntegerField(default=1)
    veto = models.BooleanField(default=False)
    present = models.BooleanField(default=True)
    observer = models.BooleanField(default=False)

    class Meta:
        ordering = ["power__name"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "power"], name="seat_once_a_power"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="seat_weight_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.power} at {self.conference}"


class Hearing(models.Model):
    """A complaint's place on the conference's agenda."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="hearings")
    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="hearing")
    position = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "position"], name="hearing_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.complaint}"
