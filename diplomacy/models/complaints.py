"""The docket: complaints, what they cite, what they show, and how they were ruled on."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from diplomacy.models.fields import choices
from diplomacy.rules.jurisdiction import Verdict
from diplomacy.rules.procedure import CLOSED_STAGES, ComplaintStage
from diplomacy.rules.steps import and_
from khitomer.models import Campaign, Power, Provision, Role, User
from khitomer.models.fields import StoryDateField

if TYPE_CHECKING:
    from khitomer.access import Viewer

PRIVATE_STAGES = (ComplaintStage.DRAFT, ComplaintStage.RETURNED, ComplaintStage.FILED)


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, viewer: "Viewer") -> Self:
        """A docketed complaint is everyone's; a draft is its delegation's alone, even before the GM.

        What is filed and waits to be docketed is between its delegation and the GM.

        A complaint that was returned is back with its delegation, and the GM who returned it still sees it. Where no
        player sits for a power, the GMs are its delegation, and see the drafts that they made for it.
        """
        own = Q(complainant_id=viewer.power_id) if viewer.power_id else Q(pk__in=())
        if viewer.behind:  # a GM who looks through a delegate's eyes, which a draft is kept from
            own &= ~Q(stage=ComplaintStage.DRAFT.value)
        if viewer.is_gm:
            unspoken = viewer.campaign.powers.exclude(memberships__role=Role.PLAYER)
            chairs = viewer.campaign.memberships.gms()
            own = Q(complainant__in=unspoken, drafted_by__in=chairs.values("user"))
            return self.filter(own | ~Q(stage=ComplaintStage.DRAFT.value))
        # What was withdrawn before it was docketed never was anyone else's.
        return self.filter(own | Q(number__isnull=False) & ~Q(stage__in=PRIVATE_STAGES))

    def withheld_from(self, viewer: "Viewer") -> Self:
        """Docketed complaints that are back with their delegation: their numbers were public, their texts change."""
        return self.docketed().exclude(pk__in=self.visible_to(viewer).values("pk"))

    def docketed(self) -> Self:
        return self.filter(number__isnull=False)

    def drafts_of(self, power: Power) -> Self:
        return self.filter(complainant=power, stage__in=(ComplaintStage.DRAFT, ComplaintStage.RETURNED))

    def open(self) -> Self:
        return self.docketed().exclude(stage__in=CLOSED_STAGES)

    def at(self, *stages: ComplaintStage) -> Self:
        return self.filter(stage__in=stages)

    def of(self, power: Power) -> Self:
        """Complaints that this power brought, answers, or has joined."""
        joined = Joinder.objects.filter(complaint=models.OuterRef("pk"), power=power)
        return self.filter(Q(complainant=power) | Q(respondent=power) | models.Exists(joined))

    def with_parties(self) -> Self:
        return self.select_related("complainant", "respondent").prefetch_related("joinders__power")


class Complaint(models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="complaints")
    number = models.PositiveIntegerField(null=True, blank=True)
    # The draft's name in its address, and what makes the same form sent twice one complaint.
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stage = models.CharField(
        max_length=20, choices=choices(ComplaintStage), default=ComplaintStage.DRAFT.value
    )
    complainant = models.ForeignKey(Power, models.PROTECT, related_name="complaints_made")
    respondent = models.ForeignKey(
        Power, models.PROTECT, related_name="complaints_answered", null=True, blank=True
    )
    title = models.CharField(max_length=120, blank=True)
    act_on = StoryDateField("day of the act", null=True, blank=True)
    place = models.CharField(max_length=80, blank=True)
    statement = models.TextField(blank=True)
    statement_html = models.TextField(blank=True)
    asks_for = models.CharField(max_length=300, blank=True)
    drafted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    filed_on = StoryDateField(null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    filed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    returned_because = models.CharField(max_length=500, blank=True)
    # The story dates by which the procedure's time-limits run, set when each begins.
    answer_due = StoryDateField(null=True, blank=True)
    parley_due = StoryDateField(null=True, blank=True)
    objection_due = StoryDateField(null=True, blank=True)
    answered_on = StoryDateField(null=True, blank=True)  # the respondents' first word in the parley
    objection = models.CharField(max_length=500, blank=True)
    objected_on = StoryDateField(null=True, blank=True)
    objected_by = models.ForeignKey(Power, models.PROTECT, null=True, blank=True, related_name="+")
    provisions = models.ManyToManyField(Provision, through="Citation", related_name="complaints")

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = [F("number").desc(nulls_first=True), "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="complaint_number_once"),
            models.CheckConstraint(
                condition=~Q(complainant=F("respondent")), name="complaint_not_of_oneself"
            ),
            models.CheckConstraint(
                condition=Q(stage=ComplaintStage.DRAFT.value)
                | Q(respondent__isnull=False, act_on__isnull=False, filed_on__isnull=False),
                name="complaint_filed_is_whole",
            ),
        ]

    def __str__(self) -> str:
        number = f"No. {self.number}" if self.number else "Draft"
        return f"{number}: {self.complainant} v. {self.against}"

    @property
    def respondents(self) -> list[Power]:
        """The powers complained of, the first one named first. Fetch `joinders__power` before for many rows."""
        first = [self.respondent] if self.respondent else []
        return first + [each.power for each in self._joined(JoinderRole.RESPONDENT)]

    @property
    def third_parties(self) -> list[Power]:
        """The powers that asked to be heard without being parties."""
        return [each.power for each in self._joined(JoinderRole.THIRD_PARTY)]

    @property
    def parties(self) -> list[Power]:
        """The complainant and the respondents: who negotiates, and who is recused from the finding."""
        return [self.complainant, *self.respondents]

    @property
    def against(self) -> str:
        """The respondents for a title: "Cardassian Union and Romulan Star Empire", or "…" before one is named."""
        return _listed(power.name for power in self.respondents)

    @property
    def against_short(self) -> str:
        """The respondents by their short names; of more than three, how many there are beside the first."""
        names = [power.short for power in self.respondents]
        return _listed(names if len(names) < 4 else [names[0], f"{len(names) - 1} others"])

    @property
    def their_colours(self) -> list[str]:
        """The respondents' colours, the first one named first."""
        return [power.colour for power in self.respondents]

    def _joined(self, role: "JoinderRole") -> "list[Joinder]":
        fetched = "joinders" in getattr(self, "_prefetched_objects_cache", {})
        rows = self.joinders.all() if fetched else self.joinders.select_related("power")
        return [each for each in rows if each.role == role]


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    return and_(found) if found else "…"


class Citation(models.Model):
    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="citations")
    provision = models.ForeignKey(Provision, models.PROTECT, related_name="citations")

    class Meta:
        ordering = ["provision__treaty__signed", "provision__number"]
        constraints = [models.UniqueConstraint(fields=["complaint", "provision"], name="citation_once")]

    def __str__(self) -> str:
        return f"{self.complaint}: {self.provision}"


class JoinderRole(models.TextChoices):
    RESPONDENT = "respondent", "Respondent"
    THIRD_PARTY = "third party", "Third party"


class Joinder(models.Model):
    """A power that joins a complaint: a respondent beside the first one named, or a third party (DSU art. 10)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="joinders")
    power = models.ForeignKey(Power, models.PROTECT, related_name="joinders")
    role = models.CharField(max_length=11, choices=JoinderRole.choices)
    interest = models.CharField(max_length=300, blank=True)  # why a third party asks to be heard
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "power"], name="joinder_once_a_power"),
        ]

    def __str__(self) -> str:
        return f"{self.power}, {self.get_role_display().lower()} in {self.complaint}"


class Supplement(models.Model):
    """What a party adds to the record after filing; the statement itself stands as it was filed."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="supplements")
    power = models.ForeignKey(Power, models.PROTECT, related_name="+")
    text = models.TextField()
    text_html = models.TextField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    on = StoryDateField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.power} in {self.complaint}, {self.on}"


class Ruling(models.Model):
    """The finding on jurisdiction for one provision cited against one respondent, as `assess` computed it."""

    citation = models.ForeignKey(Citation, models.CASCADE, related_name="rulings")
    respondent = models.ForeignKey(Power, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=choices(Verdict))
    grounds = models.JSONField()  # [{"question", "answer", "because"}, …]
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["citation", "respondent"], name="ruling_once_a_respondent")
        ]

    def __str__(self) -> str:
        return f"{self.citation} against {self.respondent}: {self.verdict}"


class Admission(models.Model):
    """What the chair made of the ruling."""

    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="admission")
    admitted = models.BooleanField()
    overrules = models.BooleanField(default=False)  # the chair went against a clear ruling
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    on = StoryDateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(overrules=False) | ~Q(reason=""), name="admission_overrule_has_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.complaint}: {'admitted' if self.admitted else 'inadmissible'}"


class ExhibitKind(models.TextChoices):
    PICTURE = "picture", "Picture"
    PDF = "pdf", "PDF"


class Exhibit(models.Model):
    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="exhibits")
    letter = models.CharField(max_length=1)
    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=7, choices=ExhibitKind.choices)
    file = models.FileField(
        upload_to="exhibits", max_length=200
    )  # under a random name, served by a view that asks
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["letter"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "letter"], name="exhibit_letter_once"),
            models.CheckConstraint(
                condition=Q(letter__gte="A", letter__lte="Z"), name="exhibit_letter_a_to_z"
            ),
        ]

    def __str__(self) -> str:
        return f"Exhibit {self.letter}: {self.title}"
