"""The hours of a sitting: what is on the floor, who speaks, the clock, the chamber's screen, and the minutes."""

from typing import Self

from django.db import models
from django.db.models import Q

from diplomacy.models.complaints import Complaint
from diplomacy.models.conferences import Conference, Hearing, Seat
from diplomacy.models.motions import Clause, Motion
from khitomer.models import Campaign, Power, User
from khitomer.models.fields import StoryDateField


class SpeechKind(models.TextChoices):
    """What a seat asks the floor for, the first coming before the others (GA rules 71 and 73)."""

    POINT = "point", "Point of order"
    REPLY = "reply", "Right of reply"
    SPEECH = "speech", "Speech"


class Side(models.TextChoices):
    FOR = "for", "For"
    AGAINST = "against", "Against"
    NEITHER = "", "Neither"


class PointRuling(models.TextChoices):
    SUSTAINED = "sustained", "Sustained"
    NOT_SUSTAINED = "not sustained", "Not sustained"


class SpeechQuerySet(models.QuerySet["Speech"]):
    def waiting(self) -> Self:
        return self.filter(started_at=None, ended_at=None)


class Speech(models.Model):
    """A place on the speakers' list; once it has ended, who spoke, on what, and for how long."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="speeches")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="speeches")
    hearing = models.ForeignKey(Hearing, models.SET_NULL, null=True, blank=True, related_name="speeches")
    motion = models.ForeignKey(Motion, models.SET_NULL, null=True, blank=True, related_name="speeches")
    kind = models.CharField(max_length=6, choices=SpeechKind.choices, default=SpeechKind.SPEECH)
    side = models.CharField(max_length=7, choices=Side.choices, blank=True, default=Side.NEITHER)
    position = models.PositiveSmallIntegerField()
    about = models.CharField(max_length=300, blank=True)  # what a point of order says
    ruling = models.CharField(max_length=13, choices=PointRuling.choices, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SpeechQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            # One voice at a time.
            models.UniqueConstraint(
                fields=["conference"],
                condition=Q(started_at__isnull=False, ended_at__isnull=True),
                name="speech_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.get_kind_display().lower()}"


class Heard(models.Model):
    """That a party was heard at the hearing of its complaint, or stayed away and is in default (DSU, ICJ art. 53)."""

    hearing = models.ForeignKey(Hearing, models.CASCADE, related_name="heard")
    power = models.ForeignKey(Power, models.PROTECT, related_name="+")
    defaulted = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hearing", "power"], name="heard_once_a_power")]

    def __str__(self) -> str:
        return f"{self.power}: {'in default' if self.defaulted else 'heard'}"


class Floor(models.Model):
    """What the chair has before the conference, and the clock: the chamber shows this and follows it.

    A running clock has `ends_at`; a paused one has `left`, in seconds. `seconds` is what it was set to.
    """

    conference = models.OneToOneField(Conference, models.CASCADE, related_name="floor")
    hearing = models.ForeignKey(Hearing, models.SET_NULL, null=True, blank=True, related_name="+")
    motion = models.ForeignKey(Motion, models.SET_NULL, null=True, blank=True, related_name="+")
    clause = models.ForeignKey(Clause, models.SET_NULL, null=True, blank=True, related_name="+")
    timer = models.CharField(max_length=60, blank=True)  # what the clock is for
    seconds = models.PositiveIntegerField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    left = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(left__isnull=True), name="floor_clock_runs_or_rests"
            )
        ]

    def __str__(self) -> str:
        return f"The floor of {self.conference}"


class ChamberLink(models.Model):
    """A secret address that shows one conference's public view on a wall, until it is revoked."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="chamber_links")
    token_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=60, blank=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"A screen of {self.conference}"


class MinuteKind(models.TextChoices):
    """What is set down. The words are composed when the minutes are read (`diplomacy.records_minutes_words`)."""

    OPENED = "opened", "Sitting opened"
    SUSPENDED = "suspended", "Sitting suspended"
    CLOSED = "closed", "Sitting closed"
    ROLL = "roll", "Roll called"
    HEARING = "hearing", "Hearing opened"
    HEARD = "heard", "Party heard"
    DEFAULT = "default", "Party in default"
    SPOKE = "spoke", "Spoke"
    POINT = "point", "Point of order ruled on"
    MOVED = "moved", "Motion moved"
    SECONDED = "seconded", "Motion seconded"
    RULED = "ruled", "Chair's ruling"
    DEBATE = "debate", "Debate"
    AMENDED = "amended", "Text amended"
    WITHDRAWN = "withdrawn", "Motion withdrawn"
    VOTE_OPENED = "vote opened", "Vote opened"
    VOTE_CLOSED = "vote closed", "Vote closed"
    DECIDED = "decided", "Complaint decided"
    ENACTED = "enacted", "Resolution took effect"
    UNDONE = "undone", "Resolution undone"
    OVERRULED = "overruled", "Overruled by the chair"
    NOTE = "note", "Note"


class Minute(models.Model):
    """One line of a conference's minutes, set down by the action that did it. Never a choice cast in secret."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="minutes")
    kind = models.CharField(max_length=11, choices=MinuteKind.choices)
    at = models.DateTimeField()
    on = StoryDateField()
    power = models.ForeignKey(Power, models.PROTECT, null=True, blank=True, related_name="+")
    motion = models.ForeignKey(Motion, models.SET_NULL, null=True, blank=True, related_name="minutes")
    complaint = models.ForeignKey(Complaint, models.SET_NULL, null=True, blank=True, related_name="+")
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.conference}: {self.get_kind_display()}"


class Overrule(models.Model):
    """That the chair took a step that was another's, or went against the ruling or the order; with the reason."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="overrules")
    complaint = models.ForeignKey(Complaint, models.CASCADE, null=True, blank=True, related_name="overrules")
    motion = models.ForeignKey(Motion, models.CASCADE, null=True, blank=True, related_name="overrules")
    step = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    on = StoryDateField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="overrule_has_reason")]

    def __str__(self) -> str:
        return f"{self.step}: {self.reason}"
