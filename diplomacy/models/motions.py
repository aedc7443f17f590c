"""What is voted: a motion, its clauses, and the typed effects they carry."""

from django.db import models
from django.db.models import Q

from diplomacy.models.complaints import Complaint
from diplomacy.models.conferences import Conference, Seat
from diplomacy.models.fields import choices
from diplomacy.rules.procedure import Finding, MotionStage
from diplomacy.rules.tally import Choice, Outcome
from khitomer.models import User

FINDINGS = [
    (Finding.BREACH.value, "The respondent breached the provision"),
    (Finding.NO_BREACH.value, "There was no breach"),
    (Finding.NONE.value, "No finding"),
]


class VotingMode(models.TextChoices):
    """How ballots are given. Show of hands and secret ballot are PROCEDURE's other two."""

    OPEN = "open", "Open: each choice is shown when the vote closes"
    ROLL_CALL = "roll call", "Roll call: each choice is read aloud when the vote closes"


class Motion(models.Model):
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="motions")
    number = models.PositiveSmallIntegerField()
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, blank=True, related_name="motions")
    title = models.CharField(max_length=120)
    finding = models.CharField(max_length=10, choices=FINDINGS, blank=True)
    sponsor = models.ForeignKey(Seat, models.PROTECT, null=True, blank=True, related_name="+")
    stage = models.CharField(max_length=12, choices=choices(MotionStage), default=MotionStage.DRAFT.value)
    mode = models.CharField(max_length=10, choices=VotingMode.choices, default=VotingMode.ROLL_CALL)
    # Frozen when the vote opens: the rule here, the electorate in Elector.
    rule = models.JSONField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    casting = models.CharField(max_length=7, choices=choices(Choice), blank=True)
    # The stored tally; `records.recount` makes it again from the ballots.
    outcome = models.CharField(max_length=10, choices=choices(Outcome), blank=True)
    reason = models.TextField(blank=True)
    yes = models.PositiveSmallIntegerField(null=True, blank=True)
    no = models.PositiveSmallIntegerField(null=True, blank=True)
    abstain = models.PositiveSmallIntegerField(null=True, blank=True)
    not_voting = models.PositiveSmallIntegerField(null=True, blank=True)
    vetoed_by = models.JSONField(default=list)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "number"], name="motion_number_once"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(rule__isnull=False), name="motion_open_has_rule"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(outcome=""), name="motion_closed_has_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"Motion {self.number}: {self.title}"


class ClauseKind(models.TextChoices):
    PREAMBULAR = "preambular", "Preambular"
    OPERATIVE = "operative", "Operative"


class Clause(models.Model):
    motion = models.ForeignKey(Motion, models.CASCADE, related_name="clauses")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=ClauseKind.choices, default=ClauseKind.OPERATIVE)
    phrase = models.CharField(max_length=40)  # "Decides", "Recalling"
    text = models.CharField(max_length=800)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["motion", "position"], name="clause_position_once")]

    def __str__(self) -> str:
        return f"{self.phrase} {self.text}"


class Effect(models.Model):
    """One typed effect of a clause, as `diplomacy.rules.effects` writes it."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="effects")
    ordinal = models.PositiveSmallIntegerField()
    payload = models.JSONField()

    class Meta:
        ordering = ["clause__position", "ordinal"]
        constraints = [models.UniqueConstraint(fields=["clause", "ordinal"], name="effect_ordinal_once")]

    def __str__(self) -> str:
        return f"{self.payload.get('kind')} of {self.clause}"
