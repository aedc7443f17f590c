"""What happened: events, clocks, the canon still ahead, and the ledger of every change."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, F, Q, Value, When

from khitomer.models.audience import Disclosable, DisclosableQuerySet
from khitomer.models.campaigns import Campaign
from khitomer.models.fields import StoryDateField
from khitomer.models.users import User

if TYPE_CHECKING:
    from khitomer.access import Viewer


class Event(Disclosable):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="events")
    slug = models.SlugField(max_length=80)
    on = StoryDateField()
    until = StoryDateField(null=True, blank=True)
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    text_html = models.TextField(blank=True)
    canon_key = models.CharField(max_length=80, blank=True)

    objects = DisclosableQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "slug"], name="event_slug_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("on")), name="event_until_after_on"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.title}"


class ClockQuerySet(DisclosableQuerySet):
    def shown_to(self, viewer: "Viewer") -> Self:
        """The clocks this viewer may know of, each with its `face`: the segments filled, or None where it is hidden.

        Of a hidden clock neither `filled`, `size` nor `note` is read from the database for anyone but the GM.
        """
        shown = self.visible_to(viewer)
        if viewer.is_gm:
            return shown.annotate(face=F("filled"), segments=F("size"), remark=F("note"))
        return shown.defer("filled", "size", "note").annotate(
            face=Case(When(hidden=False, then=F("filled"))),
            segments=Case(When(hidden=False, then=F("size"))),
            remark=Case(When(hidden=False, then=F("note")), default=Value("")),
        )

    def unread_by(self, viewer: "Viewer") -> Self:
        """The clocks of which this viewer may not know how far they have run: secret, or known with a hidden face."""
        if viewer.is_gm:
            return self.none()
        return self.exclude(pk__in=self.visible_to(viewer).filter(hidden=False).values("pk"))


class Clock(Disclosable):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="clocks")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=60)
    note = models.CharField(max_length=200, blank=True)
    size = models.PositiveSmallIntegerField()
    filled = models.PositiveSmallIntegerField(default=0)
    hidden = models.BooleanField(default=False)  # known, but only the GM sees how far it has run

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "slug"], name="clock_slug_once"),
            models.CheckConstraint(condition=Q(size__gte=2, size__lte=12), name="clock_size_two_to_twelve"),
            models.CheckConstraint(condition=Q(filled__lte=F("size")), name="clock_filled_within_size"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.filled}/{self.size}"


class FutureState(models.TextChoices):
    AHEAD = "ahead", "Still ahead"
    ENACTED = "enacted", "As in canon"
    ALTERED = "altered", "Altered"
    AVERTED = "averted", "Averted"


class Future(models.Model):
    """Canon later than the campaign's start: it waits until the GM enacts, alters or averts it."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="futures")
    canon_key = models.CharField(max_length=120)
    on = StoryDateField()
    title = models.CharField(max_length=120)
    changes = models.JSONField(default=list)  # typed changes, as khitomer.rules.changes writes them
    state = models.CharField(max_length=8, choices=FutureState.choices, default=FutureState.AHEAD)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "canon_key"], name="future_once")]

    def __str__(self) -> str:
        return f"{self.on}: {self.title}"


class Change(models.Model):
    """One row of the ledger: append-only. An undo is a row of its own that names the row it inverts."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="ledger")
    sequence = models.PositiveIntegerField()
    source = models.CharField(max_length=120)  # "resolution:4", "gm:<form token>", "undo:17"
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30)
    payload = models.JSONField()
    sentence = models.CharField(max_length=300)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    why = models.CharField(max_length=300, blank=True)
    story_date = StoryDateField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")

    class Meta:
        ordering = ["-sequence"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "sequence"], name="change_sequence_once"),
            # This is what makes a resolution, or a form sent twice, take effect once.
            models.UniqueConstraint(fields=["campaign", "source", "ordinal"], name="change_source_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}. {self.sentence}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The ledger is append-only: append an inverse instead.")
        super().save(*args, **kwargs)
