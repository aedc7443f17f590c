"""What is voted: a motion, its clauses, and the typed effects they carry."""

from django.db import models
from django.db.models import Q

from diplomacy.models.charters import MODES
from diplomacy.models.complaints import Complaint
from diplomacy.models.conferences import Conference, Seat
from diplomacy.models.fields import choices
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import Finding, MotionKind, MotionStage
from diplomacy.rules.tally import Choice, Outcome
from khitomer.models import User

FINDINGS = [
    (Finding.BREACH.value, "The respondent breached the provision"),
    (Finding.NO_BREACH.value, "There was no breach"),
    (Finding.NONE.value, "No finding"),
]


class Motion(models.Model):
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="motions")
    kind = models.CharField(max_length=20, choices=choices(MotionKind), default=MotionKind.SUBSTANTIVE.value)
    # What it belongs to: the motion it would amend, divide, adjourn or take up again; the ruling it appeals from.
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="subsidiary")
    # The point of order, ruled on by the chair, that an appeal is about.
    point = models.ForeignKey("Speech", models.CASCADE, null=True, blank=True, related_name="appeals")
    # The clause that a vote by division is on.
    clause = models.ForeignKey("Clause", models.CASCADE, null=True, blank=True, related_name="divisions")
    repeals = models.ForeignKey("Resolution", models.PROTECT, null=True, blank=True, related_name="repealing")
    number = models.PositiveSmallIntegerField()
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, blank=True, related_name="motions")
    title = models.CharField(max_length=120)
    finding = models.CharField(max_length=10, choices=FINDINGS, blank=True)
    sponsor = models.ForeignKey(Seat, models.PROTECT, null=True, blank=True, related_name="+")
    stage = models.CharField(max_length=12, choices=choices(MotionStage), default=MotionStage.DRAFT.value)
    mode = models.CharField(max_length=14, choices=MODES, default=Mode.ROLL_CALL.value)
    seconded_by = models.ForeignKey(Seat, models.PROTECT, null=True, blank=True, related_name="+")
    chair_reason = models.CharField(max_length=500, blank=True)  # why the chair ruled it out
    drawn = models.ForeignKey(
        Seat, models.PROTECT, null=True, blank=True, related_name="+"
    )  # first on the roll
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
            models.CheckConstraint(
                condition=Q(
                    kind__in=["motion", "countermeasures", "suspend the sitting", "adjourn the sitting"]
                )
                | Q(parent__isnull=False)
                | Q(kind="appeal", complaint__isnull=False)
                | Q(kind="appeal", point__isnull=False),
                name="motion_subsidiary_has_parent",
            ),
            models.CheckConstraint(
                condition=Q(kind="clause", clause__isnull=False)
                | (~Q(kind="clause") & Q(clause__isnull=True)),
                name="motion_division_has_clause",
            ),
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
    # The amendment that struck it, or the division in which it fell. It stays on record and has no effect.
    fallen_by = models.ForeignKey(Motion, models.SET_NULL, null=True, blank=True, related_name="+")
    added_by = models.ForeignKey(Motion, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["motion", "position"], name="clause_position_once")]

    def __str__(self) -> str:
        return f"{self.phrase} {self.text}"


class Operation(models.TextChoices):
    ADD = "add", "Add a clause"
    STRIKE = "strike", "Strike the clause"
    REPLACE = "replace", "Replace the clause"


class Amendment(models.Model):
    """What a motion of the kind “amendment” would do to a clause of its parent.

    `after` is the position that an added clause follows, 0 for the first. `effects` None leaves those of the clause
    as they are. `before` keeps the clause as it was when the amendment was adopted. `distance` is how far the chair
    puts it from the text; None leaves that to `rules.amendments`.
    """

    motion = models.OneToOneField(Motion, models.CASCADE, related_name="amendment")
    operation = models.CharField(max_length=7, choices=Operation.choices)
    clause = models.ForeignKey(Clause, models.CASCADE, null=True, blank=True, related_name="amendments")
    after = models.PositiveSmallIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=10, choices=ClauseKind.choices, default=ClauseKind.OPERATIVE)
    phrase = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=800, blank=True)
    effects = models.JSONField(null=True, blank=True)
    before = models.JSONField(null=True, blank=True)
    distance = models.PositiveSmallIntegerField(null=True, blank=True)
    rejected_by = models.ForeignKey(Motion, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(operation="add") & Q(clause__isnull=True) & Q(after__isnull=False))
                | (~Q(operation="add") & Q(clause__isnull=False)),
                name="amendment_of_a_clause",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_operation_display()}: {self.motion}"


class Sponsorship(models.Model):
    """A seat asked to sponsor a draft beside its mover; signed, it is a sponsor."""

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="sponsorships")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["seat__power__name"]
        constraints = [models.UniqueConstraint(fields=["motion", "seat"], name="sponsorship_once_a_seat")]

    def __str__(self) -> str:
        return f"{self.seat}: {self.motion}"


class Pledge(models.Model):
    """How a delegation says, for all to hear, that it will vote. It is no ballot."""

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="pledges")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=7, choices=choices(Choice))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["motion", "seat"], name="pledge_once_a_seat")]

    def __str__(self) -> str:
        return f"{self.seat} on {self.motion}: {self.choice}"


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
