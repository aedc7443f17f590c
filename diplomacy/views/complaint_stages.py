"""Where a complaint stands, in words and as a road: what the docket, its page and its sheet of paper say of a stage."""

from dataclasses import dataclass

from diplomacy import records
from diplomacy.models import Complaint
from diplomacy.rules.procedure import ComplaintStage

_S = ComplaintStage
_STAGE_TONES = {
    _S.DRAFT: "",
    _S.RETURNED: "brick",
    _S.FILED: "amber",
    _S.RULING: "amber",
    _S.ADMITTED: "sky",
    _S.SCHEDULED: "sky",
    _S.HEARD: "lilac",
    _S.BREACH: "brick",
    _S.NO_BREACH: "moss",
    _S.COMPLIED: "moss",
}
_WAITS = {
    _S.DRAFT: "Its delegation is writing it",
    _S.RETURNED: "Its delegation is to amend it",
    _S.FILED: "The chair is to docket it",
    _S.RULING: "The chair is to admit it or not",
    _S.ADMITTED: "A conference is to hear it",
    _S.HEARD: "The conference is to decide",
    _S.BREACH: "Decided: a breach was found",
    _S.NO_BREACH: "Decided: no breach was found",
    _S.NO_DECISION: "The conference came to no decision",
    _S.INADMISSIBLE: "Closed: found inadmissible",
    _S.WITHDRAWN: "Closed: withdrawn by the complainant",
}


def tone_of(stage: ComplaintStage) -> str:
    return _STAGE_TONES.get(stage, "")


def waits_for(complaint: Complaint) -> str:
    """What is to happen next, or how it ended, in a few words."""
    stage = ComplaintStage(complaint.stage)
    hearing = records.hearing_of(complaint)
    if hearing and stage in (_S.SCHEDULED, _S.HEARD):
        verb = "is to hear it" if stage is _S.SCHEDULED else "has heard it, and is to decide"
        return f"{hearing.conference} {verb}"
    return _WAITS.get(stage, stage.capitalize())


@dataclass(frozen=True)
class Stages:
    """The labels of the stage bar, the one in hand, a note on it, and whether it is done."""

    labels: tuple[str, ...]
    now: str
    note: str = ""
    finished: bool = False


_ROAD = ("Filed", "Ruling", "Agenda", "Hearing", "Finding")
_PLACES = {
    _S.DRAFT: ("Filed", "draft", False),
    _S.FILED: ("Filed", "", False),
    _S.RETURNED: ("Filed", "returned", False),
    _S.RULING: ("Ruling", "", False),
    _S.ADMITTED: ("Agenda", "admitted", False),
    _S.SCHEDULED: ("Hearing", "scheduled", False),
    _S.HEARD: ("Finding", "", False),
    _S.BREACH: ("Finding", "breach", True),
    _S.NO_BREACH: ("Finding", "no breach", True),
    _S.NO_DECISION: ("Finding", "no decision", True),
}


def stages_of(complaint: Complaint) -> Stages:
    """The road of this complaint, ending where it left the road."""
    stage = ComplaintStage(complaint.stage)
    if stage is _S.INADMISSIBLE:
        return Stages((*_ROAD[:2], "Inadmissible"), "Inadmissible", "", True)
    if stage is _S.WITHDRAWN:
        return Stages((_ROAD[0], "Withdrawn"), "Withdrawn", "", True)
    if stage in _PLACES:
        now, note, finished = _PLACES[stage]
        return Stages(_ROAD, now, note, finished)
    name = stage.capitalize()
    return Stages((*_ROAD, name), name)


UNCALLED = {
    _S.FILED: "The chair has not ruled on it. Nobody is called to answer it until it is admitted.",
    _S.RULING: "The chair has not ruled on it. Nobody is called to answer it until it is admitted.",
    _S.RETURNED: "Returned to its delegation to be amended. Nobody is called to answer it as it stands.",
    _S.WITHDRAWN: "Withdrawn by the complainant. Nobody is called to answer it.",
    _S.INADMISSIBLE: "Found inadmissible. Nobody is called to answer it.",
}
"""Why nobody is called to answer, at the stages at which nobody is."""


def is_called(complaint: Complaint) -> bool:
    """Whether the respondent is called to answer: from the admission on, unless the complaint left the road."""
    return complaint.stage not in (_S.DRAFT, *UNCALLED)
