"""What of the activity a person wants to be told of, and how; and where a campaign tells of it outside."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from khitomer.models.activity import QUIET, Activity, ActivityKind, Topic
from khitomer.models.campaigns import Campaign, Membership
from khitomer.models.powers import Power
from khitomer.models.users import User

if TYPE_CHECKING:
    from khitomer.access import Viewer


class NoticeKind(models.TextChoices):
    """What a person chooses by: coarser than what is recorded, finer than what a page listens for."""

    COMPLAINTS = "complaints", "Complaints: filed, ruled on, answered and complied with"
    PARLEYS = "parleys", "Parleys: what is said there, and how it ends"
    CONFERENCES = "conferences", "Conferences: sittings, motions, votes and resolutions"
    STATE = "state", "The state of the campaign"
    KNOWN = "known", "What you are shown"
    EVENINGS = "evenings", "Evenings: dates, agendas and recaps"
    PLAY = "play", "While you play: the log and the dice"
    PEOPLE = "people", "Who joins the table"
    PAGES = "pages", "Pages proposed for the archive"


_OF_TOPIC = {
    Topic.DOCKET: NoticeKind.COMPLAINTS,
    Topic.SITTING: NoticeKind.CONFERENCES,
    Topic.STATE: NoticeKind.STATE,
    Topic.KNOWN: NoticeKind.KNOWN,
    Topic.SESSION: NoticeKind.EVENINGS,
    Topic.TABLE: NoticeKind.PEOPLE,
    Topic.ARCHIVE: NoticeKind.PAGES,
}
_APART = {
    ActivityKind.PARLEY: NoticeKind.PARLEYS,
    ActivityKind.SETTLED: NoticeKind.PARLEYS,
    ActivityKind.TERMS_MADE: NoticeKind.PARLEYS,
    ActivityKind.TERMS_UNDONE: NoticeKind.PARLEYS,
    ActivityKind.LOGGED: NoticeKind.PLAY,
    ActivityKind.ROLLED: NoticeKind.PLAY,
}


def notice_of(kind: str) -> NoticeKind:
    """The kind of notice that an activity of this kind is: one that lists tell of."""
    activity = ActivityKind(kind)
    return _APART.get(activity, _OF_TOPIC[Activity(kind=activity).topic])


def activity_of(kinds: list[str]) -> list[ActivityKind]:
    """What is recorded that belongs to these kinds of notices; what is no kind of notice adds nothing."""
    return [kind for kind in ActivityKind if kind not in QUIET and notice_of(kind) in kinds]


class Digest(models.TextChoices):
    OFF = "off", "No letters"
    DAILY = "daily", "One letter a day, at seven in the morning"
    WEEKLY = "weekly", "One letter a week, on Monday at seven in the morning"


class Notices(models.Model):
    """How one member is told, and up to where they have read.

    `read_position` and `digest_position` are places in the order of the activity (`Activity.position`). The three lists
    hold kinds of notices; one that is null stands for the usual choices, as does having no row.
    """

    member = models.OneToOneField(Membership, models.CASCADE, related_name="notices")
    read_position = models.BigIntegerField(default=0)
    in_app = models.JSONField(null=True, blank=True)
    in_browser = models.JSONField(null=True, blank=True)
    by_mail = models.JSONField(null=True, blank=True)
    digest = models.CharField(max_length=6, choices=Digest.choices, default=Digest.OFF)
    digest_position = models.BigIntegerField(default=0)
    digest_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(read_position__gte=0, digest_position__gte=0), name="notices_from_the_start"
            ),
            models.CheckConstraint(condition=Q(digest__in=Digest.values), name="notices_digest_known"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: read up to {self.read_position}"


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def known_to(self, viewer: "Viewer") -> Self:
        """Those that a viewer may know of: the table's own, their delegation's, and all for the GM."""
        return self if viewer.is_gm else self.filter(Q(power=None) | Q(power=viewer.power_id))


class Webhook(models.Model):
    """An address outside that is told what happens: never more than its ears may hear, and never the GM's share.

    Its ears are those of `power`'s delegation, or, without one, of everyone at the table. `position` is up to where it
    was told. Who sends to it holds it until `held_until`, so that two who try at once send once; `failures` and
    `next_try_at` say when it is tried again, `trouble` in words what went wrong last.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="webhooks")
    label = models.CharField(max_length=60)
    url = models.CharField(max_length=500)
    power = models.ForeignKey(Power, models.CASCADE, null=True, blank=True, related_name="+")
    kinds = models.JSONField(default=list)
    is_on = models.BooleanField(default=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    position = models.BigIntegerField(default=0)
    test_wanted = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    held_by = models.CharField(max_length=32, blank=True)
    trouble = models.CharField(max_length=200, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["label", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "label"], name="webhook_label_once"),
            models.CheckConstraint(condition=Q(position__gte=0), name="webhook_from_the_start"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def whose(self) -> str:
        """Who may know what it is told."""
        return f"the delegation of {self.power}" if self.power_id else "everyone at the table"
