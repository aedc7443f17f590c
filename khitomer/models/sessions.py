"""Evenings at the table."""

from django.db import models
from django.db.models import Q

from khitomer.models.campaigns import Campaign


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
    began_at = models.DateTimeField(null=True, blank=True)
    recap = models.TextField(blank=True)
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
    session = models.ForeignKey(Session, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    gm_note = models.CharField("GM note", max_length=500, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["session", "position"], name="agenda_position_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"
