"""That something happened, for those whom it concerns: never what it says."""

from django.db import models

from khitomer.models.audience import Disclosable, DisclosableQuerySet
from khitomer.models.campaigns import Campaign
from khitomer.models.powers import Power


class ActivityKind(models.TextChoices):
    FILED = "filed", "filed complaint No. {number}"
    RETURNED = "returned", "had complaint No. {number} returned"
    RULED = "ruled", "Complaint No. {number} was ruled on"
    SCHEDULED = "scheduled", "Complaint No. {number} was put on a conference's agenda"
    WITHDRAWN = "withdrawn", "withdrew complaint No. {number}"
    PARLEY = "parley", "spoke in the parley on complaint No. {number}"
    SETTLED = "settled", "Complaint No. {number} was settled"
    TERMS_MADE = "terms made", "The settlement of complaint No. {number} took effect"
    TERMS_UNDONE = "terms undone", "The settlement of complaint No. {number} was undone"
    REFERRED = "referred", "Complaint No. {number} was referred to the chair"
    OBJECTED = "objected", "objected to complaint No. {number}"
    SUPPLEMENTED = "supplemented", "added to the record of complaint No. {number}"
    INTERVENED = "intervened", "joined complaint No. {number} as a third party"
    TAKEN_BACK = "taken back", "Complaint No. {number} was withdrawn by the chair"
    VOTE_OPENED = "vote opened", "Voting opened on motion {number}"
    VOTED = "voted", "voted on motion {number}"
    VOTE_CLOSED = "vote closed", "Voting closed on motion {number}"
    ENACTED = "enacted", "Resolution {number} took effect"
    UNDONE = "undone", "Resolution {number} was undone"
    REPEALED = "repealed", "Resolution {number} was repealed"
    REPORTED = "reported", "reported on what it owes"
    DISPUTED = "disputed", "disputed what was said to be done on complaint No. {number}"
    REVIEWED = "reviewed", "Compliance with complaint No. {number} was reviewed"
    COMPLIED = "complied", "Complaint No. {number} was complied with"
    AUTHORISED = "authorised", "Countermeasures were authorised on complaint No. {number}"
    LIFTED = "lifted", "Countermeasures on complaint No. {number} were lifted"
    STATE = "state", "The state of the campaign changed"
    DISCLOSED = "disclosed", "Something was disclosed"
    BEGUN = "begun", "Session {number} began"
    CLOSED = "closed", "Session {number} closed"
    SESSION = "session", "The page of session {number} changed"
    SITTING = "sitting", "A conference opened its sitting"
    ADJOURNED = "adjourned", "A conference closed its sitting"
    HEARING = "hearing", "Complaint No. {number} came to its hearing"
    SUBMITTED = "submitted", "submitted motion {number}"
    JOINED = "joined", "has a new delegate"
    ARRIVED = "arrived", "Somebody joined the campaign"


class Activity(Disclosable):
    """One row an action, in its own transaction, with an audience and an address to look at: never content."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="activity")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=ActivityKind.choices)
    number = models.PositiveIntegerField(null=True, blank=True)
    power = models.ForeignKey(Power, models.CASCADE, null=True, blank=True, related_name="+")
    path = models.CharField(max_length=200, blank=True)

    objects = DisclosableQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["campaign", "-id"], name="activity_latest")]

    def __str__(self) -> str:
        told = self.get_kind_display()
        if self.number is None:  # what has not been docketed has no number to tell
            told = told.replace("complaint No. {number}", "a complaint")
        sentence = told.format(number=self.number)
        return f"{self.power} {sentence}" if self.power_id else sentence
