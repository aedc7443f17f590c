"""The archive: its kinds, its entries with all their versions, and the secrets kept on them."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from khitomer.models.audience import Disclosable, DisclosableQuerySet
from khitomer.models.campaigns import Campaign, Membership
from khitomer.models.exactly import one_of
from khitomer.models.fields import StoryDateField
from khitomer.models.pictures import Picture
from khitomer.models.users import User

if TYPE_CHECKING:
    from khitomer.access import Viewer

DAYS_IN_BIN = 30
"""How many days what was thrown away can be taken out of the bin again."""


class EntryKind(models.TextChoices):
    """The kinds that every campaign's archive begins with, by their key."""

    PERSON = "person", "Person"
    VESSEL = "vessel", "Vessel"
    PLACE = "place", "Place"
    ORGANISATION = "organisation", "Organisation"
    OBJECT = "object", "Object"
    DOCUMENT = "document", "Document"
    NOTE = "note", "Note"


class Kind(models.Model):
    """A kind of entry: one that every archive has (`EntryKind`), or one of the GM's own.

    `fields` are what an entry of this kind is asked about beyond its text, each as `{"key", "label", "sort"}` with a
    sort of "text", "number", "date" (in the story), "yes" or "entry" (the name of another entry).
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="kinds")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=40)
    plural = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    fields = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="kind_key_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_own(self) -> bool:
        """Whether the GM made this kind."""
        return self.key not in EntryKind.values


class Tag(models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="tags")
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["campaign", "slug"], name="tag_slug_once")]

    def __str__(self) -> str:
        return self.name


class BinnedQuerySet(DisclosableQuerySet):
    """Things that can be thrown away, and taken out of the bin for a while."""

    def visible_to(self, viewer: "Viewer") -> Self:
        """What this viewer may know of and nobody has thrown away."""
        return super().visible_to(viewer).filter(deleted_at=None)

    def in_bin(self) -> Self:
        """What lies in the bin, the latest first. For the GM."""
        return self.filter(deleted_at__isnull=False).order_by("-deleted_at", "-pk")

    def past_keeping(self, now: datetime) -> Self:
        """What has lain in the bin for longer than it is kept."""
        return self.filter(deleted_at__lt=now - timedelta(days=DAYS_IN_BIN))


class Binned(Disclosable):
    """What can be thrown away: it is gone from every page at once, and from the database after `DAYS_IN_BIN`."""

    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class Entry(Binned):
    """A page of the archive. `revision` counts its versions, so that two editors of one page notice each other."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="entries")
    slug = models.SlugField(max_length=80)
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="entries")
    name = models.CharField(max_length=80)
    fate = models.CharField(max_length=40, blank=True)  # changes only through the ledger
    text = models.TextField(blank=True)
    text_html = models.TextField(blank=True)
    values = models.JSONField(default=dict, blank=True)  # of its kind's fields, as text by key
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="parts")
    tags = models.ManyToManyField(Tag, blank=True, related_name="entries")
    picture = models.ForeignKey(Picture, models.SET_NULL, null=True, blank=True, related_name="entries")
    revision = models.PositiveIntegerField(default=1)
    canon_key = models.CharField(max_length=80, blank=True)
    written_by = models.ForeignKey(  # the player who proposed it, where one did
        Membership, models.SET_NULL, null=True, blank=True, related_name="written"
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = BinnedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "slug"], name="entry_slug_once"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("pk")), name="entry_not_in_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """Another name of an entry: `[[links]]` and the search find it by each."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "aliases"
        constraints = [models.UniqueConstraint(fields=["entry", "name"], name="alias_once")]

    def __str__(self) -> str:
        return self.name


class SecretQuerySet(BinnedQuerySet):
    def visible_to(self, viewer: "Viewer") -> Self:
        """Secrets this viewer was told, on entries that they may see."""
        return super().visible_to(viewer).filter(entry__in=viewer.campaign.entries.visible_to(viewer))

    def in_place_of_text(self) -> Self:
        """Those that stand in place of their entry's own text, the newest first: the first that is told counts."""
        return self.filter(stands_in=True).order_by("-pk")


class Secret(Binned):
    """A row of its own, never a part of the entry's text: what is not selected cannot leak.

    `false` marks for the GM what is not so: "what the Romulans believe". Whoever is told it reads it as they read any
    other. One that `stands_in` is read in place of the entry's own text, which its audience does not get.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="secrets")
    text = models.TextField()
    text_html = models.TextField(blank=True)
    false = models.BooleanField(default=False)
    stands_in = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SecretQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"A secret of {self.entry}"

    @classmethod
    def of(cls, campaign: Campaign) -> SecretQuerySet:
        """The secrets that are kept in a campaign."""
        return cls.objects.filter(entry__campaign=campaign)


class Version(models.Model):
    """What an entry, or one secret on it, said from one edit to the next. Append-only, and the GM's to read.

    `content` holds name, kind, text and whatever else was edited, as plain values; `story_date` is the campaign's
    date at the edit, which is what a page as of an earlier date goes by.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="versions")
    secret = models.ForeignKey(Secret, models.CASCADE, null=True, blank=True, related_name="versions")
    revision = models.PositiveIntegerField()
    content = models.JSONField()
    at = models.DateTimeField()
    story_date = StoryDateField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "revision"], condition=Q(secret__isnull=True), name="version_of_entry_once"
            ),
            models.UniqueConstraint(
                fields=["secret", "revision"],
                condition=Q(secret__isnull=False),
                name="version_of_secret_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}, version {self.revision}"


class ProposalState(models.TextChoices):
    OPEN = "open", "Waits for the GM"
    APPROVED = "approved", "Approved"
    RETURNED = "returned", "Returned"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, viewer: "Viewer") -> Self:
        """A proposal is its author's and the GM's."""
        rows = self.filter(campaign=viewer.campaign)
        return rows if viewer.is_gm else rows.filter(by=viewer.membership)


class Proposal(models.Model):
    """A page that a player wrote, or their rewriting of one, until the GM approves it.

    It is no entry yet: it has no address in the archive, so that a name that is taken by a page the player cannot see
    tells them nothing. `entry` is the page it would rewrite, or became.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="proposals")
    token = models.UUIDField(
        default=uuid.uuid4, unique=True
    )  # its address: a number would count other people's
    by = models.ForeignKey(Membership, models.CASCADE, related_name="proposals")
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="proposals")
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    text = models.TextField()
    text_html = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=ProposalState.choices, default=ProposalState.OPEN)
    answer = models.CharField(max_length=300, blank=True)  # the GM's, with what was returned
    at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Mention(models.Model):
    """That a text names something in `[[brackets]]`: what backlinks are found by.

    By name and not by entry, so that a page written later, renamed or given an alias is found all the same. Exactly one
    source is set. `name` is case-folded. What is `gm_only` is the GM's to find.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="mentions")
    name = models.CharField(max_length=200)
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, blank=True, related_name="mentions")
    secret = models.ForeignKey(Secret, models.CASCADE, null=True, blank=True, related_name="mentions")
    event = models.ForeignKey(
        "khitomer.Event", models.CASCADE, null=True, blank=True, related_name="mentions"
    )
    handout = models.ForeignKey(
        "khitomer.Handout", models.CASCADE, null=True, blank=True, related_name="mentions"
    )
    session = models.ForeignKey(
        "khitomer.Session", models.CASCADE, null=True, blank=True, related_name="mentions"
    )
    gm_only = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["campaign", "name"], name="mention_by_name")]
        constraints = [
            models.CheckConstraint(
                condition=one_of("entry", "secret", "event", "handout", "session"),
                name="mention_has_one_source",
            )
        ]

    def __str__(self) -> str:
        return f"[[{self.name}]]"
