"""The campaign's rows, one file per area."""

from khitomer.models.activity import Activity, ActivityKind
from khitomer.models.archive import Entry, EntryKind, Secret
from khitomer.models.audience import Audience
from khitomer.models.campaigns import Campaign, Invitation, Membership, Removal, Role
from khitomer.models.chronicle import Change, Clock, Event, Future, FutureState
from khitomer.models.powers import Power, Standing
from khitomer.models.sessions import AgendaItem, Session, SessionState
from khitomer.models.territory import Holding, Territory, Zone
from khitomer.models.treaties import Adherence, Provision, RecordedUse, Reservation, Treaty
from khitomer.models.users import LettersSent, User

__all__ = [
    "Activity",
    "ActivityKind",
    "Adherence",
    "AgendaItem",
    "Audience",
    "Campaign",
    "Change",
    "Clock",
    "Entry",
    "EntryKind",
    "Event",
    "Future",
    "FutureState",
    "Holding",
    "Invitation",
    "LettersSent",
    "Membership",
    "Power",
    "Provision",
    "RecordedUse",
    "Removal",
    "Reservation",
    "Role",
    "Secret",
    "Session",
    "SessionState",
    "Standing",
    "Territory",
    "Treaty",
    "User",
    "Zone",
]
