"""What each person has set up for themselves."""

from django.db import models

from khitomer.models.campaigns import Membership


class Arrangement(models.Model):
    """How a person has arranged their dashboard or desk: `layout` names its panels in order, and those put away."""

    member = models.ForeignKey(Membership, models.CASCADE, related_name="arrangements")
    page = models.CharField(max_length=20)
    layout = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "page"], name="arrangement_once_a_page")]

    def __str__(self) -> str:
        return f"{self.member}: {self.page}"
