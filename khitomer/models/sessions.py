"""Evenings at the table: what is planned for one, what happens in it, and what is told of it afterwards."""

from typing import Self

from django.db import models
from django.db.models import Q

from khitomer.models.audience import Disclosable, DisclosableQuerySet
from khitomer.models.campaigns import Campaign, Membership


class SessionState(models.TextChoices):
    PLANNED = "planned", "Planned"
    IN_PLAY = "in play", "In play"
    CLOSED = "closed", "Closed"


class Session(models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=SessionState.choices, default=SessionState.PLANNED)
    on = models.DateField("evening", null=True, blank=True)
    starts = models.TimeField(null=True, blank=True)  # in the campaign's time zone
    began_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    recap = models.TextField(blank=True)  # for everyone; what is told to some alone is a `Recap`
    recap_html = models.TextField(blank=True)
    gm_notes = models.TextField("GM notes", blank=True)
    gm_notes_html = models.TextField(blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="session_number_once"),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state="in play"), name="session_one_in_play"
            ),
        ]

    def __str__(self) -> str:
        return f"Session {self.number}: {self.title}"


class AgendaItem(models.Model):
    """A point of the agenda, which everyone reads; its note is the GM's.

    `refers` names something that an app above keeps, such as "conference:ajilon" (see `khitomer.agenda`).
    """

    session = models.ForeignKey(Session, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    gm_note = models.CharField("GM note", max_length=500, blank=True)
    refers = models.CharField(max_length=120, blank=True)
    carried_from = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["session", "position"], name="agenda_position_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"


class Scene(models.Model):
    """What the GM has ready for an evening; nobody else knows of it."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="scenes")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    text_html = models.TextField(blank=True)
    entries = models.ManyToManyField("khitomer.Entry", blank=True, related_name="scenes")
    carried_from = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["session", "position"], name="scene_position_once")]

    def __str__(self) -> str:
        return self.title


class LogKind(models.TextChoices):
    NOTE = "note", "Note"
    ROLL = "roll", "Dice"
    POOL = "pool", "Pools"


class LogLine(Disclosable):
    """One line of an evening's log, with the time. `detail` holds what was rolled, die by die."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="log")
    at = models.DateTimeField()
    kind = models.CharField(max_length=4, choices=LogKind.choices, default=LogKind.NOTE)
    text = models.CharField(max_length=500)
    detail = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = DisclosableQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%H:%M} {self.text}"


class Attendance(models.Model):
    """Whether a member says they will come, and whether they were there."""

    class Answer(models.TextChoices):
        NONE = "", "Has not said"
        YES = "yes", "Comes"
        MAYBE = "maybe", "May come"
        NO = "no", "Cannot come"

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="attendances")
    answer = models.CharField(max_length=5, choices=Answer.choices, blank=True, default=Answer.NONE)
    present = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "member"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.member}: {'present' if self.present else self.get_answer_display().lower()}"


class RecapQuerySet(DisclosableQuerySet):
    def told(self) -> Self:
        """Recaps that the GM has published."""
        return self.filter(published_at__isnull=False)


class Recap(Disclosable):
    """What is told of a session to some alone, beside what everyone is told. A draft until it is published."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="recaps")
    text = models.TextField(blank=True)
    text_html = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = RecapQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"A recap of {self.session}"


# The table's tools


class Pools(models.Model):
    """Momentum, which the players share and may save to six, and the GM's Threat."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="pools")
    momentum = models.PositiveSmallIntegerField(default=0)
    threat = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "pools"
        constraints = [
            models.CheckConstraint(condition=Q(momentum__lte=6), name="pools_momentum_at_most_six"),
            models.CheckConstraint(condition=Q(threat__lte=99), name="pools_threat_two_digits"),
        ]

    def __str__(self) -> str:
        return f"Momentum {self.momentum}, Threat {self.threat}"


class NameList(models.Model):
    """Names that the GM has ready for whoever the players meet."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="name_lists")
    title = models.CharField(max_length=60)

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class ListedName(models.Model):
    """A name on a list, crossed off once somebody bears it."""

    list = models.ForeignKey(NameList, models.CASCADE, related_name="names")
    name = models.CharField(max_length=80)
    used_at = models.DateTimeField(null=True, blank=True)
    used_for = models.CharField(max_length=120, blank=True)
    session = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["list", "name"], name="listed_name_once")]

    def __str__(self) -> str:
        return self.name


# When to meet


class DatePoll(models.Model):
    """Which evening suits whom, asked of everyone until the GM chooses one."""

    session = models.OneToOneField(Session, models.CASCADE, related_name="poll")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"When to play session {self.session.number}"


class PollDate(models.Model):
    poll = models.ForeignKey(DatePoll, models.CASCADE, related_name="dates")
    on = models.DateField()
    starts = models.TimeField(null=True, blank=True)
    chosen = models.BooleanField(default=False)

    class Meta:
        ordering = ["on", "starts", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "on", "starts"], name="poll_date_once"),
            models.UniqueConstraint(
                fields=["poll", "on"], condition=Q(starts__isnull=True), name="poll_day_once"
            ),
            models.UniqueConstraint(fields=["poll"], condition=Q(chosen=True), name="poll_chooses_one"),
        ]

    def __str__(self) -> str:
        return f"{self.on}"


class PollAnswer(models.Model):
    date = models.ForeignKey(PollDate, models.CASCADE, related_name="answers")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    answer = models.CharField(max_length=5, choices=[("yes", "Yes"), ("maybe", "If need be"), ("no", "No")])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["date", "member"], name="poll_answer_once")]

    def __str__(self) -> str:
        return f"{self.member}: {self.answer}"
