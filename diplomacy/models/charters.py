"""The rules a conference sits under, and those that a treaty gives its conferences and complaints."""

from django.db import models
from django.db.models import Q

from diplomacy.models.fields import FractionField, choices
from diplomacy.rules.charters import Knobs, Mode
from diplomacy.rules.procedure import Charter as Preset
from diplomacy.rules.procedure import Feature
from diplomacy.rules.tally import Base, Kind, Tie
from khitomer.models import Treaty

MODES = [
    (Mode.OPEN.value, "Open: each choice is shown when the vote closes"),
    (Mode.ROLL_CALL.value, "Roll call: each choice is read aloud when the vote closes"),
    (Mode.HANDS.value, "Show of hands: the chair counts, and keys it in"),
    (Mode.SECRET.value, "Secret: nobody learns who cast what"),
]


class CharterRules(models.Model):
    """A charter's knobs as columns: `rules.charters.Knobs`, and nothing else."""

    preset = models.CharField(max_length=8, choices=choices(Preset), default=Preset.QUICK.value)
    features = models.JSONField(default=list, blank=True)  # of `Feature`
    kind = models.CharField(max_length=20, choices=choices(Kind), default=Kind.MAJORITY.value)
    threshold = FractionField(default="1/2")
    at_least = models.BooleanField(default=False)
    base = models.CharField(max_length=10, choices=choices(Base), default=Base.CAST.value)
    minimum_yes = models.PositiveSmallIntegerField(default=0)
    weight_threshold = FractionField(null=True, blank=True)
    weight_base = models.CharField(max_length=10, choices=choices(Base), default=Base.MEMBERSHIP.value)
    blocking_minority = models.PositiveSmallIntegerField(default=0)
    quorum = FractionField(default="1/2")
    quorum_more_than = models.BooleanField(default=False)
    veto = models.BooleanField(default=False)
    tie = models.CharField(max_length=11, choices=choices(Tie), default=Tie.CASTING.value)
    finding_threshold = FractionField(null=True, blank=True)
    finding_at_least = models.BooleanField(default=True)
    procedural_abstention = models.BooleanField(default=True)
    mode = models.CharField(max_length=14, choices=MODES, default=Mode.ROLL_CALL.value)
    sponsors_needed = models.PositiveSmallIntegerField(default=1)
    speaking_seconds = models.PositiveSmallIntegerField(default=120)
    answer_days = models.PositiveSmallIntegerField(default=10)
    parley_days = models.PositiveSmallIntegerField(default=60)
    objection_days = models.PositiveSmallIntegerField(default=20)

    class Meta:
        abstract = True

    @property
    def knows(self) -> frozenset[Feature]:
        """The features of this charter, as the procedure asks for them."""
        return frozenset(Feature(name) for name in self.features)

    @property
    def knobs(self) -> Knobs:
        """The row as the rules' own value."""
        return Knobs(
            preset=Preset(self.preset),
            features=self.knows,
            kind=Kind(self.kind),
            threshold=self.threshold,
            at_least=self.at_least,
            base=Base(self.base),
            minimum_yes=self.minimum_yes,
            weight_threshold=self.weight_threshold,
            weight_base=Base(self.weight_base),
            blocking_minority=self.blocking_minority,
            veto=self.veto,
            quorum=self.quorum,
            quorum_more_than=self.quorum_more_than,
            tie=Tie(self.tie),
            finding_threshold=self.finding_threshold,
            finding_at_least=self.finding_at_least,
            procedural_abstention=self.procedural_abstention,
            mode=Mode(self.mode),
            sponsors_needed=self.sponsors_needed,
            speaking_seconds=self.speaking_seconds,
            answer_days=self.answer_days,
            parley_days=self.parley_days,
            objection_days=self.objection_days,
        )

    @staticmethod
    def columns(knobs: Knobs) -> dict[str, object]:
        """Knobs as the columns of a row."""
        return {**vars(knobs), "features": sorted(knobs.features)}


class TreatyCharter(CharterRules):
    """What a treaty gives its conferences when they are convened, and its complaints before they are on an agenda."""

    treaty = models.OneToOneField(Treaty, models.CASCADE, related_name="charter")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sponsors_needed__gte=1), name="treaty_charter_one_sponsor")
        ]

    def __str__(self) -> str:
        return f"{self.get_preset_display()} charter of the {self.treaty}"
