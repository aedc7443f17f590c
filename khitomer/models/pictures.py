"""Pictures of entries and handouts: made safe before they are kept, and served by a view that asks first."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile

from khitomer.imaging import LONGEST_ON_SCREEN
from khitomer.models.campaigns import Campaign


def new_name(picture: "Picture", _filename: str) -> str:
    """A random name: what a person called their file is nobody's business."""
    return f"{Picture.FOLDER}/{uuid.uuid4().hex}.webp"


class Picture(models.Model):
    """One upload, drawn anew in three sizes for screens and one for paper.

    `whole` is as large as a screen is sent; `screen` is the same for a smaller one; `card` is the part of it that
    stands on lists. `master` has the pixels that paper wants, and no address. Pictures from before there were four have
    neither `screen` nor `master`, and the whole stands in for both.

    `left`, `top` and `side` say which square the card is, in thousandths of the width, the height, and the shorter
    side of the whole. `focal_x` and `focal_y`, in thousandths of width and height, say what must stay in sight
    wherever the picture is cut to another shape.
    """

    FOLDER = "pictures"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="pictures")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    whole = models.FileField(upload_to=new_name)
    screen = models.FileField(upload_to=new_name, blank=True)
    card = models.FileField(upload_to=new_name)
    master = models.FileField(upload_to=new_name, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    left = models.PositiveSmallIntegerField(default=0)
    top = models.PositiveSmallIntegerField(default=0)
    side = models.PositiveSmallIntegerField(default=1000)
    focal_x = models.PositiveSmallIntegerField(default=500)
    focal_y = models.PositiveSmallIntegerField(default=400)
    alt = models.CharField("what it shows", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left__lte=1000, top__lte=1000, side__gte=50, side__lte=1000),
                name="picture_crop_within",
            ),
            models.CheckConstraint(
                condition=Q(focal_x__lte=1000, focal_y__lte=1000), name="picture_focal_point_within"
            ),
        ]

    def __str__(self) -> str:
        return self.alt or "A picture"

    @property
    def files(self) -> list[FieldFile]:
        """All that lies on the disk for it."""
        return [file for file in (self.whole, self.screen, self.card, self.master) if file]

    @property
    def for_paper(self) -> FieldFile:
        """The file with the most pixels."""
        return self.master or self.whole

    @property
    def focal(self) -> tuple[int, int]:
        return self.focal_x, self.focal_y

    @property
    def screen_width(self) -> int:
        """How many pixels wide the file for a smaller screen is."""
        longer = max(self.width, self.height)
        if not self.screen or longer <= LONGEST_ON_SCREEN:
            return self.width
        return max(1, round(self.width * LONGEST_ON_SCREEN / longer))
