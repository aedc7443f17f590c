"""Where things stand on the sector map."""

from django.db import models
from django.db.models import Q

from khitomer.models.campaigns import Campaign


class MapPosition(models.Model):
    """Where a power's own space, a territory, or an entry that is a place is drawn: in thousandths of width and height.

    A drawing and no campaign state, so it is not in the ledger; it goes by slug, so that a territory that is taken away
    and brought back is where it was. `hidden` takes off the map what would stand on it by default.
    """

    class Sort(models.TextChoices):
        POWER = "power", "A power's own space"
        TERRITORY = "territory", "Territory"
        ENTRY = "entry", "Place of the archive"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="map_positions")
    sort = models.CharField(max_length=9, choices=Sort.choices)
    slug = models.SlugField(max_length=80)
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    hidden = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "sort", "slug"], name="map_position_once"),
            models.CheckConstraint(condition=Q(x__lte=1000, y__lte=1000), name="map_position_on_the_map"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} at {self.x}, {self.y}"
