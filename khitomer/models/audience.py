"""Who may see a row: the base of everything that can be kept from someone."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from khitomer.access import Viewer


class Audience(models.TextChoices):
    GM = "gm", "The GM alone"
    POWERS = "powers", "Named powers or persons"
    ALL = "all", "Everyone at the table"


class Addressed(models.Model):
    """Whom something is for: the GM, named powers (whoever speaks for them) and persons, or everyone.

    `powers` and `persons` count while the audience is "named powers or persons" and not otherwise.
    """

    audience = models.CharField(max_length=6, choices=Audience.choices, default=Audience.GM)
    powers = models.ManyToManyField("khitomer.Power", blank=True, related_name="+")
    persons = models.ManyToManyField("khitomer.Membership", blank=True, related_name="+")

    class Meta:
        abstract = True


class DisclosableQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: "Viewer") -> Self:
        """Rows this viewer may know of. The filter is in the query: what it leaves out leaves no trace."""
        if viewer.is_gm:
            return self
        named = models.Exists(self._naming("persons", membership_id=viewer.membership.pk))
        if viewer.power_id:
            named |= models.Exists(self._naming("powers", power_id=viewer.power_id))
        return self.filter(models.Q(audience=Audience.ALL) | models.Q(audience=Audience.POWERS) & named)

    def with_audience(self) -> Self:
        """With the powers and persons that each row names, for the GM's eyes."""
        return self.prefetch_related("powers", "persons__user", "persons__power")

    def _naming(self, field: str, **whom: int) -> models.QuerySet[Any]:
        """The rows of a list of names that name this one, on the row asked about."""
        through = getattr(self.model, field).through
        own = {f"{self.model._meta.model_name}_id": models.OuterRef("pk")}
        found: models.QuerySet[Any] = through.objects.filter(**own, **whom)
        return found


class Disclosable(Addressed):
    """Something that can be kept from somebody, and disclosed to them later."""

    class Meta:
        abstract = True
