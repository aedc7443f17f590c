"""The frozen electorate of a vote, and the ballots."""

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from diplomacy.models.conferences import Seat
from diplomacy.models.fields import choices
from diplomacy.models.motions import Motion
from diplomacy.rules.tally import Choice, Status
from khitomer.models import User

if TYPE_CHECKING:
    from khitomer.access import Viewer


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


class BallotQuerySet(models.QuerySet["Ballot"]):
    def cast_by(self, viewer: "Viewer") -> Self:
        """The ballots that this viewer gave: their own, and for a chair those that the chair gave for empty seats.

        While a vote is open nobody reads another's, not even by taking over the seat or by looking through their eyes.
        """
        if viewer.behind:
            return self.none()
        given = Q(by=viewer.user)
        if viewer.is_gm:
            chairs = viewer.campaign.memberships.gms().values("user")
            given |= Q(seat__delegate=None, by__in=chairs)
        return self.filter(given)


class Ballot(models.Model):
    """One seat's choice: one row a seat and motion, replaced while the vote is open."""

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="ballots")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="ballots")
    choice = models.CharField(max_length=7, choices=choices(Choice))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = BallotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["motion", "seat"], name="ballot_once_a_seat"),
            models.CheckConstraint(
                condition=Q(choice__in=[choice.value for choice in Choice]), name="ballot_choice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat} in {self.motion}"  # never the choice: this ends up in logs


class Voter(models.Model):
    """That a seat has voted in a secret ballot: no choice, no time, and no key that the box would share."""

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="voters")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["motion", "seat"], name="voter_once_a_seat")]

    def __str__(self) -> str:
        return f"{self.seat} in {self.motion}"


class SealedBallot(models.Model):
    """One ballot in a secret vote's box: no seat, no person, no time.

    The box is written anew and shuffled with each ballot (`actions.secret_ballots`), so that the order of its rows
    says nothing. `receipt` is the hash of what only the voter holds.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    motion = models.ForeignKey(Motion, models.CASCADE, related_name="box")
    choice = models.CharField(max_length=7, choices=choices(Choice))
    receipt = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["motion", "receipt"], name="sealed_ballot_receipt_once"),
            models.CheckConstraint(
                condition=Q(choice__in=[choice.value for choice in Choice]), name="sealed_ballot_choice"
            ),
        ]

    def __str__(self) -> str:
        return f"A ballot in {self.motion}"
