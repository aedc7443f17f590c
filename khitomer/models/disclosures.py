"""The record of who was shown what, when, and in which session."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from khitomer.models.archive import Entry, Secret
from khitomer.models.campaigns import Campaign, Membership
from khitomer.models.chronicle import Clock, Event
from khitomer.models.exactly import one_of
from khitomer.models.fields import StoryDateField
from khitomer.models.handouts import Handout
from khitomer.models.powers import Power
from khitomer.models.sessions import Session
from khitomer.models.users import User

if TYPE_CHECKING:
    from khitomer.access import Viewer

THINGS = ("entry", "secret", "event", "clock", "handout")
"""What can be disclosed, by the names of its columns."""


class AboutAThing(models.Model):
    """A row about exactly one thing that can be disclosed."""

    entry = models.ForeignKey(Entry, models.CASCADE, null=True, blank=True, related_name="%(class)ss")
    secret = models.ForeignKey(Secret, models.CASCADE, null=True, blank=True, related_name="%(class)ss")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="%(class)ss")
    clock = models.ForeignKey(Clock, models.CASCADE, null=True, blank=True, related_name="%(class)ss")
    handout = models.ForeignKey(Handout, models.CASCADE, null=True, blank=True, related_name="%(class)ss")

    class Meta:
        abstract = True
        constraints = [models.CheckConstraint(condition=one_of(*THINGS), name="%(class)s_about_one_thing")]

    @property
    def sort(self) -> str:
        """Which of `THINGS` this row is about."""
        return next(name for name in THINGS if getattr(self, f"{name}_id") is not None)

    @property
    def thing(self) -> Any:
        """The thing itself."""
        return getattr(self, self.sort)


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    def in_force(self) -> Self:
        """Those that were not taken back."""
        return self.filter(taken_back_at=None)

    def of(self, thing: models.Model) -> Self:
        """Those of this entry, secret, event, clock or handout."""
        return self.filter(**{str(thing._meta.model_name): thing})

    def reaching(self, membership: Membership) -> Self:
        """Those by which this member knows of something: made to them, to their power, or to everyone."""
        reached = Q(power=None, person=None)
        if membership.pk:
            reached |= Q(person=membership.pk)
        if membership.power_id:
            reached |= Q(power=membership.power_id)
        return self.filter(reached)

    def seen_by(self, viewer: "Viewer") -> Self:
        """Those of things that this viewer may see now and nobody has thrown away."""
        campaign = viewer.campaign
        secrets = Secret.of(campaign)
        return self.filter(campaign=campaign).filter(
            Q(entry__in=campaign.entries.visible_to(viewer).values("pk"))
            | Q(secret__in=secrets.visible_to(viewer).values("pk"))
            | Q(event__in=campaign.events.visible_to(viewer).values("pk"))
            | Q(clock__in=campaign.clocks.visible_to(viewer).values("pk"))
            | Q(handout__in=campaign.handouts.visible_to(viewer).values("pk"))
        )

    def told_to(self, viewer: "Viewer") -> Self:
        """Those that this member may read of on pages of their own: of what they may see, but for the secrets that they
        read in place of a page's text, which are to them that page and no secret."""
        rows = self.seen_by(viewer).reaching(viewer.membership)
        return (
            rows
            if viewer.is_gm
            else rows.exclude(secret__in=Secret.of(viewer.campaign).filter(stands_in=True))
        )

    def with_things(self) -> Self:
        """With the names and addresses of the things, without their texts; and how they came to be known."""
        named = self.select_related(
            "entry", "secret__entry", "event", "clock", "handout", "session", "power", "person__user", "by"
        )
        texts = [
            f"{name}__{text}" for name in ("entry", "event", "handout") for text in ("text", "text_html")
        ]
        texts += ["entry__values", "secret__entry__text", "secret__entry__text_html", "secret__entry__values"]
        return named.defer(*texts, "clock__filled", "clock__size", "clock__note")


class Disclosure(AboutAThing):
    """One thing shown to one power, to one person, or (with neither) to everyone, until it is taken back.

    `khitomer.actions.disclosures` keeps what is in force in step with the audience of each thing, which is what pages
    go by. `from_start` marks what was known before anybody noted when; then `at` says nothing.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="disclosures")
    power = models.ForeignKey(Power, models.CASCADE, null=True, blank=True, related_name="disclosures")
    person = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="disclosures")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="disclosures")
    from_start = models.BooleanField(default=False)
    at = models.DateTimeField()
    story_date = StoryDateField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = DisclosureQuerySet.as_manager()

    class Meta(AboutAThing.Meta):
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["campaign", "-at"], name="disclosure_latest")]
        constraints = [
            *AboutAThing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(power__isnull=True) | Q(person__isnull=True), name="disclosure_to_one"
            ),
            *(
                models.UniqueConstraint(
                    fields=[name, "power"],
                    condition=Q(taken_back_at__isnull=True, power__isnull=False),
                    name=f"disclosure_{name}_once_a_power",
                )
                for name in THINGS
            ),
            *(
                models.UniqueConstraint(
                    fields=[name, "person"],
                    condition=Q(taken_back_at__isnull=True, person__isnull=False),
                    name=f"disclosure_{name}_once_a_person",
                )
                for name in THINGS
            ),
            *(
                models.UniqueConstraint(
                    fields=[name],
                    condition=Q(taken_back_at__isnull=True, power__isnull=True, person__isnull=True),
                    name=f"disclosure_{name}_once_to_all",
                )
                for name in THINGS
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thing} to {self.person or self.power or 'everyone'}"
