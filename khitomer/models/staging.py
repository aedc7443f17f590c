"""What is ready to be disclosed at the table, one press each."""

from django.db import models

from khitomer.models.audience import Addressed
from khitomer.models.disclosures import AboutAThing
from khitomer.models.sessions import Scene


class StagedReveal(AboutAThing, Addressed):
    """A thing that a scene may disclose, and to whom it then would be. For the GM alone."""

    scene = models.ForeignKey(Scene, models.CASCADE, related_name="reveals")
    position = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(AboutAThing.Meta):
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.thing)
