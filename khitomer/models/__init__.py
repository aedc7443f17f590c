"""The campaign's rows, one file per area."""

from khitomer.models.activity import QUIET, Activity, ActivityKind, Topic
from khitomer.models.archive import (
    DAYS_IN_BIN,
    Alias,
    Entry,
    EntryKind,
    Kind,
    Mention,
    Proposal,
    ProposalState,
    Secret,
    Tag,
    Version,
)
from khitomer.models.arrangements import Arrangement
from khitomer.models.audience import Audience
from khitomer.models.campaigns import Campaign, Invitation, Membership, Removal, Role
from khitomer.models.chronicle import Change, Clock, Event, Future, FutureState
from khitomer.models.disclosures import THINGS, Disclosure
from khitomer.models.handouts import Handout, Pack, PackState, PressMemory, Printed
from khitomer.models.maps import MapPosition
from khitomer.models.notices import Digest, NoticeKind, Notices, Webhook, activity_of, notice_of
from khitomer.models.pictures import Picture
from khitomer.models.powers import Power, Standing
from khitomer.models.search import SearchDocument
from khitomer.models.sessions import (
    AgendaItem,
    Attendance,
    DatePoll,
    ListedName,
    LogKind,
    LogLine,
    NameList,
    PollAnswer,
    PollDate,
    Pools,
    Recap,
    Scene,
    Session,
    SessionState,
)
from khitomer.models.staging import StagedReveal
from khitomer.models.territory import Holding, Territory, Zone
from khitomer.models.treaties import Adherence, Provision, RecordedUse, Reservation, Treaty
from khitomer.models.users import LettersSent, User

__all__ = [
    "DAYS_IN_BIN", "QUIET", "THINGS", "Activity", "ActivityKind", "Adherence", "AgendaItem", "Alias", "Arrangement",
    "Attendance", "Audience", "Campaign", "Change", "Clock", "DatePoll", "Digest", "Disclosure", "Entry", "EntryKind",
    "Event", "Future", "FutureState", "Handout", "Holding", "Invitation", "Kind", "LettersSent", "ListedName",
    "LogKind", "LogLine", "MapPosition", "Membership", "Mention", "NameList", "NoticeKind", "Notices", "Pack",
    "PackState", "Picture", "PollAnswer", "PollDate", "Pools", "Power", "PressMemory", "Printed", "Proposal",
    "ProposalState", "Provision", "Recap", "RecordedUse", "Removal", "Reservation", "Role", "Scene", "SearchDocument",
    "Secret", "Session", "SessionState", "StagedReveal", "Standing", "Tag", "Territory", "Topic", "Treaty", "User",
    "Version", "Webhook", "Zone", "activity_of", "notice_of",
]  # fmt: skip
