"""What the search looks through: one row for each thing that can be found, kept by the database itself."""

from django.db import models

from khitomer.models.campaigns import Campaign


class SearchDocument(models.Model):
    """The words of one thing. Triggers write it (`khitomer.search.triggers`); nothing else does.

    `sort` names a source and `key` its row. Who may find it is never kept here: each search asks the source.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    sort = models.CharField(max_length=20)
    key = models.BigIntegerField()
    title = models.TextField()
    names = models.TextField(blank=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sort", "key"], name="search_document_once")]

    def __str__(self) -> str:
        return f"{self.sort} {self.key}"
