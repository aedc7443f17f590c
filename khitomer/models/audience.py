"""Who may see a row: the base of everything that can be kept from someone."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from khitomer.access import Viewer


class Audience(models.TextChoices):
    GM = "gm", "The GM alone"
    POWERS = "powers", "Named powers"
    ALL = "all", "Everyone at the table"


class DisclosableQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: "Viewer") -> Self:
        """Rows this viewer may know of. The filter is in the query: what it leaves out leaves no trace."""
        if viewer.is_gm:
            return self
        told = models.Q(audience=Audience.ALL)
        if viewer.power_id:
            named = self.model.powers.through.objects.filter(
                **{f"{self.model._meta.model_name}_id": models.OuterRef("pk"), "power_id": viewer.power_id}
            )
            told |= models.Q(audience=Audience.POWERS) & models.Exists(named)
        return self.filter(told)


class Disclosable(models.Model):
    audience = models.CharField(max_length=6, choices=Audience.choices, default=Audience.GM)
    powers = models.ManyToManyField("khitomer.Power", blank=True, related_name="+")

    class Meta:
        abstract = True
