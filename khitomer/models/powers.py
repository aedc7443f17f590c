"""The powers and how each stands with each."""

from collections.abc import Collection, Iterable
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from khitomer.models.campaigns import Campaign, Membership


class PowerQuerySet(models.QuerySet["Power"]):
    def seated_first(self) -> Self:
        """The powers that players sit for, then the others, each by name."""
        players = Membership.objects.filter(power=models.OuterRef("pk"))
        return self.annotate(seated=models.Exists(players)).order_by("-seated", "name")


class Power(models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="powers")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=60)
    short = models.CharField(
        max_length=4, validators=[RegexValidator(r"^[A-Z]{2,4}$", "Two to four capital letters.")]
    )
    adjective = models.CharField(max_length=40)
    aliases = models.CharField(max_length=200, blank=True)
    colour = models.CharField(
        max_length=7, validators=[RegexValidator(r"^#[0-9a-f]{6}$", "A colour such as #7fb2ff.")]
    )
    emblem = models.CharField(max_length=30)
    summary = models.TextField(blank=True)
    summary_html = models.TextField(blank=True)
    canon_key = models.CharField(max_length=80, blank=True)

    objects = PowerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "slug"], name="power_slug_once"),
            models.UniqueConstraint(fields=["campaign", "short"], name="power_short_once"),
            models.UniqueConstraint(fields=["campaign", "name"], name="power_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class StandingQuerySet(models.QuerySet["Standing"]):
    def of(self, power: Power) -> Self:
        return self.filter(Q(first=power) | Q(second=power))

    def values_of(self, power: Power) -> dict[int, int]:
        """How a power stands with each other that it has a row with, by the key of the other."""
        return {
            row.second_id if row.first_id == power.pk else row.first_id: row.value for row in self.of(power)
        }

    def values_among(self, powers: Iterable[Power]) -> dict[int, dict[int, int]]:
        """How these powers stand with each other: by the key of the one, then of each that it has a row with."""
        found: dict[int, dict[int, int]] = {power.pk: {} for power in powers}
        for row in self.filter(first__in=found, second__in=found):
            found[row.first_id][row.second_id] = found[row.second_id][row.first_id] = row.value
        return found

    def by_pair(self, powers: Collection[Power]) -> dict[tuple[str, str], int]:
        """The same by the slugs of both, each pair both ways round: one without a row stands at 0."""
        among = self.values_among(powers)
        pairs = [(one, other) for one in powers for other in powers if one != other]
        return {(one.slug, other.slug): among[one.pk].get(other.pk, 0) for one, other in pairs}


class Standing(models.Model):
    """How two powers stand with each other, from −5 (war) to +5 (allied). A pair without a row stands at 0."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="standings")
    first = models.ForeignKey(Power, models.CASCADE, related_name="+")
    second = models.ForeignKey(Power, models.CASCADE, related_name="+")
    value = models.SmallIntegerField(default=0)

    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="standing_once_a_pair"),
            # One row a pair, whichever way round it is asked for.
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="standing_pair_in_order"),
            models.CheckConstraint(condition=Q(value__gte=-5, value__lte=5), name="standing_within_five"),
        ]

    def __str__(self) -> str:
        return f"{self.first.short}–{self.second.short} {self.value:+d}"
