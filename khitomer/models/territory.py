"""Whose a sector or a world is, from when to when; and the zones that powers set up between them."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from khitomer.models.campaigns import Campaign
from khitomer.models.fields import StoryDateField
from khitomer.models.powers import Power
from khitomer.rules.dates import StoryDate


class Territory(models.Model):
    """A sector or a world that somebody may hold."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="territories")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)
    canon_key = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "territories"
        constraints = [models.UniqueConstraint(fields=["campaign", "slug"], name="territory_slug_once")]

    def __str__(self) -> str:
        return self.name


class HoldingQuerySet(models.QuerySet["Holding"]):
    def around(self, date: StoryDate) -> Self:
        """Holdings that may run on this date: begun by its last day and not surely over by its first."""
        return self.filter(Q(entered__isnull=True) | Q(entered__lte=date.last.isoformat())).filter(
            Q(left__isnull=True) | Q(left__gte=f"{date.year:04}")
        )


class Holding(models.Model):
    """A span [entered, left) in which a power, or nobody, holds a territory. The spans of one never overlap.

    A first span without `entered` began before the record does: no date is made up for it.
    """

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="holdings")
    power = models.ForeignKey(Power, models.CASCADE, null=True, blank=True, related_name="holdings")
    entered = StoryDateField(null=True, blank=True)
    left = StoryDateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    canon_key = models.CharField(max_length=80, blank=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        # Where an empty date sorts is each database's own habit, so it is said.
        ordering = [F("entered").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(fields=["territory", "entered"], name="holding_entered_once"),
            models.UniqueConstraint(
                fields=["territory"], condition=Q(entered__isnull=True), name="holding_one_from_the_first"
            ),
            models.UniqueConstraint(
                fields=["territory"], condition=Q(left__isnull=True), name="holding_one_open_span"
            ),
            models.CheckConstraint(
                condition=Q(left__isnull=True) | Q(entered__isnull=True) | Q(left__gte=F("entered")),
                name="holding_left_after_entered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.territory}: {self.power or 'nobody'}, {self.entered or ''}–{self.left or ''}"


class Zone(models.Model):
    """A neutral or demilitarised zone between powers, from its setting up to its abolition.

    Without `established` it was there before the record begins.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="zones")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)
    powers = models.ManyToManyField(Power, related_name="zones")
    established = StoryDateField(null=True, blank=True)
    abolished = StoryDateField(null=True, blank=True)
    canon_key = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["name", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "slug"], name="zone_slug_once"),
            models.CheckConstraint(
                condition=Q(abolished__isnull=True)
                | Q(established__isnull=True)
                | Q(abolished__gte=F("established")),
                name="zone_abolished_after_established",
            ),
        ]

    def __str__(self) -> str:
        return self.name
