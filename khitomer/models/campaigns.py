"""A campaign, who belongs to it, and the links that let people in."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from khitomer.models.fields import StoryDateField
from khitomer.models.users import User


class Role(models.TextChoices):
    GM = "gm", "GM"
    CO_GM = "co_gm", "co-GM"
    PLAYER = "player", "Player"
    OBSERVER = "observer", "Observer"


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def of(self, user: User) -> Self:
        """The campaigns this person belongs to, the latest joined first."""
        return self.filter(memberships__user=user).order_by("-memberships__joined_at")


class Campaign(models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    summary = models.CharField(max_length=200, blank=True)
    starts = StoryDateField()
    today = StoryDateField()
    time_zone = models.CharField(max_length=40, default="UTC")  # of the table: when its evenings start
    created_at = models.DateTimeField()

    objects = CampaignQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def gms(self) -> Self:
        return self.filter(role__in=(Role.GM, Role.CO_GM))

    def players(self) -> Self:
        """Everyone at the table who does not run the campaign: players and observers."""
        return self.exclude(role__in=(Role.GM, Role.CO_GM))

    def delegates(self) -> Self:
        return self.filter(role=Role.PLAYER)


class Membership(models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)
    power = models.ForeignKey(
        "khitomer.Power", models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    character = models.ForeignKey(  # whom they play, where the archive has a page on them
        "khitomer.Entry", models.SET_NULL, null=True, blank=True, related_name="players"
    )
    joined_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "user"], name="membership_once"),
            models.UniqueConstraint(fields=["campaign"], condition=Q(role="gm"), name="membership_one_gm"),
            models.CheckConstraint(
                condition=Q(role="player", power__isnull=False) | (~Q(role="player") & Q(power__isnull=True)),
                name="membership_power_iff_player",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def is_told(self) -> bool:
        """Whether this member sees what they are told, and not everything: a player or an observer."""
        return self.role not in (Role.GM, Role.CO_GM)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=now, uses__lt=F("max_uses"))


class Invitation(models.Model):
    """A link that lets people in. Only a hash of its secret is kept, so a stolen database opens no door."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=8, choices=Role.choices)
    power = models.ForeignKey("khitomer.Power", models.CASCADE, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    max_uses = models.PositiveSmallIntegerField(default=1)
    uses = models.PositiveSmallIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(uses__lte=F("max_uses")), name="invitation_uses_within_limit"),
            models.CheckConstraint(condition=~Q(role="gm"), name="invitation_never_for_gm"),
            models.CheckConstraint(
                condition=Q(role="player", power__isnull=False) | (~Q(role="player") & Q(power__isnull=True)),
                name="invitation_power_iff_player",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.uses} of {self.max_uses} used"


class Removal(models.Model):
    """That somebody was put out of a campaign, and when last: no invitation made before then lets them in again."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="removals")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "user"], name="removal_once")]

    def __str__(self) -> str:
        return f"{self.user}, at {self.at:%Y-%m-%d %H:%M}"
