"""The archive: entries, and the secrets kept on them."""

from django.db import models

from khitomer.models.audience import Disclosable, DisclosableQuerySet
from khitomer.models.campaigns import Campaign


class EntryKind(models.TextChoices):
    PERSON = "person", "Person"
    VESSEL = "vessel", "Vessel"
    PLACE = "place", "Place"
    ORGANISATION = "organisation", "Organisation"
    OBJECT = "object", "Object"
    DOCUMENT = "document", "Document"
    NOTE = "note", "Note"


class Entry(Disclosable):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="entries")
    slug = models.SlugField(max_length=80)
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    name = models.CharField(max_length=80)
    fate = models.CharField(max_length=40, blank=True)  # changes only through the ledger
    text = models.TextField(blank=True)
    text_html = models.TextField(blank=True)
    canon_key = models.CharField(max_length=80, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DisclosableQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["campaign", "slug"], name="entry_slug_once")]

    def __str__(self) -> str:
        return self.name


class Secret(Disclosable):
    """A row of its own, never a part of the entry's text: what is not selected cannot leak."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="secrets")
    text = models.TextField()
    text_html = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DisclosableQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"A secret of {self.entry}"
