"""The frozen electorate of a vote, and the ballots."""

from django.db import models
from django.db.models import Q

from diplomacy.models.conferences import Seat
from diplomacy.models.fields import choices
from diplomacy.models.motions import Motion
from diplomacy.rules.tally import Choice, Status
from khitomer.models import User


class Elector(models.Model):
    """A seat as it was when the vote opened. Nothing done to the seat later touches this vote."""

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="electors")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    weight = models.PositiveSmallIntegerField()
    veto = models.BooleanField()
    present = models.BooleanField()
    status = models.CharField(max_length=8, choices=choices(Status))

    class Meta:
        ordering = ["seat__power__name"]
        constraints = [
            models.UniqueConstraint(fields=["motion", "seat"], name="elector_once"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="elector_weight_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.seat} in {self.motion}"


class Ballot(models.Model):
    """One seat's choice: one row a seat and motion, replaced while the vote is open."""

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="ballots")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="ballots")
    choice = models.CharField(max_length=7, choices=choices(Choice))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["motion", "seat"], name="ballot_once_a_seat"),
            models.CheckConstraint(
                condition=Q(choice__in=[choice.value for choice in Choice]), name="ballot_choice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat} in {self.motion}"  # never the choice: this ends up in logs
