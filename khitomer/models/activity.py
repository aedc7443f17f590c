"""That something happened, for those whom it concerns: never what it says."""

from typing import Self

from django.db import models

from khitomer.models.audience import Disclosable, DisclosableQuerySet
from khitomer.models.campaigns import Campaign
from khitomer.models.powers import Power
from khitomer.models.users import User


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
    AGENDA = "agenda", "The agenda of session {number} changed"
    LOGGED = "logged", "Session {number} has a new line in its log"
    RECAPPED = "recapped", "Session {number} was recapped"
    ROLLED = "rolled", "Dice and pools of session {number} were used"
    POLLED = "polled", "When to play session {number} is being settled"
    SITTING = "sitting", "A conference opened its sitting"
    ADJOURNED = "adjourned", "A conference closed its sitting"
    HEARING = "hearing", "Complaint No. {number} came to its hearing"
    SUBMITTED = "submitted", "submitted motion {number}"
    JOINED = "joined", "has a new delegate"
    ARRIVED = "arrived", "Somebody joined the campaign"
    PROPOSED = "proposed", "A page was proposed for the archive"
    TAKEN_UP = "taken up", "A page that you wrote was approved"
    SENT_BACK = "sent back", "A page that you wrote was returned"

    # Of these no list tells; pages that are open look again.
    FLOOR = "floor", "The sitting moved on"
    NARROWED = "narrowed", "What you may see changed"
    BOUND = "bound", "A pack is further than it was"


class Topic(models.TextChoices):
    """What a part of a page is about, and so what it listens for: all that the event stream says of an activity."""

    DOCKET = "docket", "complaints, and what follows from them"
    SITTING = "sitting", "the floor of a conference, its motions and its votes"
    STATE = "state", "the state of the campaign"
    KNOWN = "known", "what somebody was shown"
    SESSION = "session", "an evening at the table"
    TABLE = "table", "who is at the table"
    ARCHIVE = "archive", "pages proposed and taken up"
    PACKS = "packs", "packs that are being made"


QUIET = (ActivityKind.FLOOR, ActivityKind.NARROWED, ActivityKind.BOUND)
"""Kinds that open pages are told of, and no list."""

_TOPICS = {
    Topic.SITTING: "VOTE_OPENED VOTED VOTE_CLOSED ENACTED UNDONE REPEALED SITTING ADJOURNED HEARING SUBMITTED FLOOR",
    Topic.STATE: "STATE",
    Topic.KNOWN: "DISCLOSED NARROWED",
    Topic.SESSION: "BEGUN CLOSED AGENDA LOGGED RECAPPED ROLLED POLLED",
    Topic.TABLE: "JOINED ARRIVED",
    Topic.ARCHIVE: "PROPOSED TAKEN_UP SENT_BACK",
    Topic.PACKS: "BOUND",
}
_TOPIC_OF = {ActivityKind[name]: topic for topic, names in _TOPICS.items() for name in names.split()}


class ActivityQuerySet(DisclosableQuerySet):
    def told(self) -> Self:
        """What lists tell of."""
        return self.exclude(kind__in=QUIET)


class Activity(Disclosable):
    """One row an action, in its own transaction, with an audience and an address to look at: never content.

    `position` is its place in the one order in which all streams tell of it, in microseconds of the world's time: given
    once the row is committed (`actions.activity.number`), growing from row to row, and saying nothing of the rows
    between, which another viewer may not know of.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="activity")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=ActivityKind.choices)
    number = models.PositiveIntegerField(null=True, blank=True)
    power = models.ForeignKey(Power, models.CASCADE, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    path = models.CharField(max_length=200, blank=True)
    position = models.BigIntegerField(null=True, blank=True, unique=True, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["campaign", "-id"], name="activity_latest"),
            models.Index(fields=["id"], name="activity_new", condition=models.Q(position=None)),
        ]

    @property
    def topic(self) -> Topic:
        return _TOPIC_OF.get(ActivityKind(self.kind), Topic.DOCKET)

    def __str__(self) -> str:
        told = self.get_kind_display()
        if self.number is None:  # what has not been docketed has no number to tell
            told = told.replace("complaint No. {number}", "a complaint")
        sentence = told.format(number=self.number)
        return f"{self.power} {sentence}" if self.power_id else sentence
