"""The stages of a complaint and of a motion: what this person may do now, and why not the rest.

Two tables hold the procedure (`complaints.py`, `motions.py`), one row a step: the stages it starts from, where it
leads, whose step it is, the feature of a charter that it needs, and the article it carries out. A charter with more
procedure is more rows. `complaint_steps` and `motion_steps` read the tables for one person and answer with every
step of the charter, allowed or not, each with its reason. Actions ask the same question again under their lock before
they write.

The chair may take most steps in another's stead, and some against the ruling or out of turn. That is an overrule:
it needs a reason and is recorded as one. A filed statement is never edited, not even so, and nobody casts another's
ballot.
"""

from diplomacy.rules.complaints import (
    CLOSED_STAGES,
    DECIDED_STAGES,
    ComplaintStage,
    ComplaintState,
    ComplaintStep,
    Finding,
    complaint_step,
    complaint_steps,
    decision_for,
)
from diplomacy.rules.motions import (
    MAIN_KINDS,
    PROCEDURAL_KINDS,
    UNVOTED_STAGES,
    VOTED_STAGES,
    MotionKind,
    MotionStage,
    MotionState,
    MotionStep,
    motion_step,
    motion_steps,
    stage_for,
)
from diplomacy.rules.steps import (
    Actor,
    Charter,
    Feature,
    Step,
)

__all__ = [
    "CLOSED_STAGES",
    "DECIDED_STAGES",
    "MAIN_KINDS",
    "PROCEDURAL_KINDS",
    "UNVOTED_STAGES",
    "VOTED_STAGES",
    "Actor",
    "Charter",
    "ComplaintStage",
    "ComplaintState",
    "ComplaintStep",
    "Feature",
    "Finding",
    "MotionKind",
    "MotionStage",
    "MotionState",
    "MotionStep",
    "Step",
    "complaint_step",
    "complaint_steps",
    "decision_for",
    "motion_step",
    "motion_steps",
    "stage_for",
]
