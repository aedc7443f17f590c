"""The conference system's rows, one file per area."""

from diplomacy.models.ballots import Ballot, Elector
from diplomacy.models.complaints import Admission, Citation, Complaint, Exhibit, ExhibitKind, Ruling
from diplomacy.models.conferences import Charter, Conference, ConferenceStage, Hearing, Seat
from diplomacy.models.motions import FINDINGS, Clause, ClauseKind, Effect, Motion, VotingMode
from diplomacy.models.resolutions import Obligation, ObligationState, Resolution

__all__ = [
    "FINDINGS",
    "Admission",
    "Ballot",
    "Charter",
    "Citation",
    "Clause",
    "ClauseKind",
    "Complaint",
    "Conference",
    "ConferenceStage",
    "Effect",
    "Elector",
    "Exhibit",
    "ExhibitKind",
    "Hearing",
    "Motion",
    "Obligation",
    "ObligationState",
    "Resolution",
    "Ruling",
    "Seat",
    "VotingMode",
]
