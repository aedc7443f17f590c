"""The parties' own sealed channel: what they say, what they offer, and who accepted it.

Nobody but the parties and the GM learns that any of it exists, until an offer that all accepted is lodged.
"""

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from diplomacy.models.complaints import Complaint, Joinder, JoinderRole
from khitomer.models import Campaign, Power, User
from khitomer.models.fields import StoryDateField
from khitomer.rules.dates import Answer, StoryDate

if TYPE_CHECKING:
    from khitomer.access import Viewer


_Sealed = TypeVar("_Sealed", bound=models.Model)


class SealedQuerySet(models.QuerySet[_Sealed]):
    def visible_to(self, viewer: "Viewer") -> Self:
        """What the parties of a complaint, and the GM, may read of its parley."""
        rows = self.filter(complaint__campaign=viewer.campaign)
        if viewer.is_gm:
            return rows
        return rows.of_party(viewer.power) if viewer.power else rows.none()

    def of_party(self, power: Power) -> Self:
        """What was said in the parleys of a power's complaints, since each was last filed.

        A complaint that was returned may be filed again against others: they do not read what came before them.
        """
        beside = Joinder.objects.filter(
            complaint=OuterRef("complaint"), power=power, role=JoinderRole.RESPONDENT
        )
        party = Q(complaint__complainant=power) | Q(complaint__respondent=power) | Exists(beside)
        return self.filter(party).since_filed()

    def since_filed(self) -> Self:
        return self.filter(**{f"{self.model.SAID}__gte": F("complaint__filed_at")})  # type: ignore[attr-defined]


class MessageQuerySet(SealedQuerySet["Message"]):
    pass


class Message(models.Model):
    """One thing said in a parley; without a power it is the GM's note of a captains' meeting at the table."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="messages")
    power = models.ForeignKey(Power, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    text_html = models.TextField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    on = StoryDateField()

    SAID = "at"

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"A message in {self.complaint}"


class OfferState(models.TextChoices):
    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted by all"
    REFUSED = "refused", "Refused"
    COUNTERED = "countered", "Answered by another offer"
    TAKEN_BACK = "taken back", "Taken back"
    LAPSED = "lapsed", "Lapsed"


class OfferQuerySet(SealedQuerySet["Offer"]):
    def open(self) -> Self:
        """Offers that nothing has ended yet, though they may have lapsed: see `Offer.stands`."""
        return self.filter(state=OfferState.OPEN).since_filed()

    def lodged(self) -> Self:
        """What everybody accepted: it is no longer sealed."""
        return self.filter(state=OfferState.ACCEPTED)


class Offer(models.Model):
    """Terms that one party puts to the others, with the typed effects they would have (see `rules.effects`)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="offers")
    number = models.PositiveSmallIntegerField()
    power = models.ForeignKey(Power, models.PROTECT, related_name="+")
    answers = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    terms = models.TextField()
    terms_html = models.TextField()
    effects = models.JSONField(default=list, blank=True)
    lapses_on = StoryDateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.OPEN)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_on = StoryDateField()
    lodged_at = models.DateTimeField(null=True, blank=True)
    lodged_on = StoryDateField(null=True, blank=True)
    enacted_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    SAID = "made_at"

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "number"], name="offer_number_once"),
            # Two rival offers are never both accepted, whoever presses at the same moment.
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(state="accepted"), name="offer_accepted_once"
            ),
            models.CheckConstraint(
                condition=Q(lodged_at__isnull=True) | Q(state="accepted"), name="offer_lodged_when_accepted"
            ),
        ]

    def __str__(self) -> str:
        return f"Offer {self.number} in {self.complaint}"

    @property
    def campaign(self) -> Campaign:
        return self.complaint.campaign

    def lapsed(self, today: StoryDate) -> bool:
        """Whether the last day on which it could be accepted is over; in doubt, it is not."""
        return self.lapses_on is not None and self.lapses_on.before(today) is Answer.YES

    def stands(self, today: StoryDate) -> bool:
        """Whether it can still be accepted: open, and its day not over."""
        return self.state == OfferState.OPEN and not self.lapsed(today)

    @property
    def source(self) -> str:
        """The name under which the ledger knows a settlement's changes."""
        return f"settlement:{self.complaint.number}"


class Acceptance(models.Model):
    """A party's yes to an offer; the one who made it accepts it by making it."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="acceptances")
    power = models.ForeignKey(Power, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "power"], name="acceptance_once_a_power")]

    def __str__(self) -> str:
        return f"{self.power} accepts {self.offer}"
