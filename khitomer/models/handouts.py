"""What is made to be shown or handed out, and the record of what was printed and given."""

import uuid

from django.db import models
from django.db.models import Q

from khitomer.models.archive import Binned, BinnedQuerySet
from khitomer.models.audience import Audience
from khitomer.models.campaigns import Campaign, Membership
from khitomer.models.pictures import Picture
from khitomer.models.powers import Power
from khitomer.models.sessions import Session
from khitomer.models.users import User


class Handout(Binned):
    """Something for the table: a letter, a summons, a sheet of cards. Nobody sees it before it is disclosed to them.

    `kind` is a key of `khitomer.sheets.KINDS`, and `details` what the form of that kind asks; `text` is what its
    readers read, without what was redacted. `meant`, with the powers and persons it names, is for whom it is made,
    whether or not they were shown it yet; one that is `sealed` is shown to nobody else.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="handouts")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=80)
    text = models.TextField(blank=True)
    text_html = models.TextField(blank=True)
    kind = models.CharField(max_length=20, default="page")
    details = models.JSONField(default=dict, blank=True)
    meant = models.CharField(max_length=6, choices=Audience.choices, default=Audience.ALL)
    meant_powers = models.ManyToManyField(Power, blank=True, related_name="+")
    meant_persons = models.ManyToManyField(Membership, blank=True, related_name="+")
    sealed = models.BooleanField(default=False)
    picture = models.ForeignKey(Picture, models.SET_NULL, null=True, blank=True, related_name="handouts")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)

    objects = BinnedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "slug"], name="handout_slug_once")]

    def __str__(self) -> str:
        return self.title


class PressMemory(models.Model):
    """How a person last had things printed: `khitomer.rules.press.Press` as it keeps itself."""

    user = models.OneToOneField(User, models.CASCADE, related_name="press")
    kept = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"How {self.user} prints"


class PrintedQuerySet(models.QuerySet["Printed"]):
    def out(self) -> "PrintedQuerySet":
        """What was given and not withdrawn since."""
        return self.filter(withdrawn_at=None)


class Printed(models.Model):
    """So many copies on paper, given to a power, to a person, to everyone (with neither), or kept by the GM.

    `title` is what it was called then, and `path` where it is looked at again. For the GM's eyes alone.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="printed")
    handout = models.ForeignKey(Handout, models.SET_NULL, null=True, blank=True, related_name="printed")
    title = models.CharField(max_length=160)
    path = models.CharField(max_length=300, blank=True)
    given_to = models.CharField(max_length=160)  # in words, which stay when somebody leaves
    kept_by_gm = models.BooleanField(default=False)
    copies = models.PositiveSmallIntegerField(default=1)
    session = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="printed")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = PrintedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(copies__gte=1, copies__lte=99), name="printed_copies_within"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, to {self.given_to}"


class PackState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    MAKING = "making", "Being made"
    DONE = "done", "Made"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Failed"


class Pack(models.Model):
    """Many sheets bound into one PDF, made while its maker looks on: how far it is, and where its file lies.

    `sort` names what makes it and `refers` what it is about; `eyes` is through whose it is drawn, and `reader` who that
    is, where it is a person other than whoever asked. It is served to whoever asked for it, while both may see as much
    as then, and nothing was taken back since.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="packs")
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    sort = models.CharField(max_length=20)
    refers = models.CharField(max_length=80)
    title = models.CharField(max_length=160)
    eyes = models.CharField(max_length=80)
    by = models.ForeignKey(Membership, models.CASCADE, related_name="packs")
    reader = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="+")
    rights = models.CharField(max_length=120)  # the roles and powers of both, as they were then
    press = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=PackState.choices, default=PackState.WAITING)
    doing = models.CharField(max_length=160, blank=True)
    done = models.PositiveSmallIntegerField(default=0)
    of = models.PositiveSmallIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    began_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    class Meta:
        ordering = ["-began_at", "-pk"]

    def __str__(self) -> str:
        return self.title
