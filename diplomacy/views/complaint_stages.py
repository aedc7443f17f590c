"""Where a complaint stands, in words and as a road: what the docket, its page and its sheet of paper say of a stage."""

from collections.abc import Collection
from dataclasses import dataclass

from diplomacy import records
from diplomacy.models import Complaint
from diplomacy.rules.limits import has_run
from diplomacy.rules.procedure import ComplaintStage, Feature

_S = ComplaintStage
_STAGE_TONES = {
    _S.DRAFT: "",
    _S.RETURNED: "brick",
    _S.FILED: "amber",
    _S.PARLEY: "lilac",
    _S.REFERRED: "amber",
    _S.OBJECTED: "amber",
    _S.SETTLED: "moss",
    _S.RULING: "amber",
    _S.ADMITTED: "sky",
    _S.SCHEDULED: "sky",
    _S.HEARD: "lilac",
    _S.BREACH: "brick",
    _S.NO_BREACH: "moss",
    _S.COMPLIANCE: "sky",
    _S.DISPUTED: "amber",
    _S.NON_COMPLIANT: "brick",
    _S.COUNTERMEASURES: "brick",
    _S.COMPLIED: "moss",
}
_WAITS = {
    _S.DRAFT: "Its delegation is writing it",
    _S.RETURNED: "Its delegation is to amend it",
    _S.FILED: "The chair is to docket it",
    _S.PARLEY: "The parties are to talk it over",
    _S.REFERRED: "The chair is to take it up",
    _S.OBJECTED: "The chair is to weigh the objection and take it up",
    _S.SETTLED: "Closed: settled by the parties",
    _S.RULING: "The chair is to admit it or not",
    _S.ADMITTED: "A conference is to hear it",
    _S.HEARD: "The conference is to decide",
    _S.BREACH: "Decided: a breach was found",
    _S.NO_BREACH: "Decided: no breach was found",
    _S.NO_DECISION: "The conference came to no decision",
    _S.COMPLIANCE: "Decided: what was ordered is to be done",
    _S.DISPUTED: "The chair is to say whether what was ordered is done",
    _S.NON_COMPLIANT: "What was ordered is not done: the complainant may ask for countermeasures",
    _S.COUNTERMEASURES: "Countermeasures are in force until what was ordered is done",
    _S.COMPLIED: "Closed: what was ordered is done",
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
    if stage is _S.PARLEY and complaint.parley_due:
        return f"The parties are to talk it over until {complaint.parley_due.short()}"
    today = complaint.campaign.today
    if stage is _S.REFERRED and complaint.objection_due and not has_run(complaint.objection_due, today):
        return f"It may be objected to until {complaint.objection_due.short()}; then the chair takes it up"
    return _WAITS.get(stage, stage.capitalize())


@dataclass(frozen=True)
class Stages:
    """The labels of the stage bar, the one in hand, a note on it, and whether it is done."""

    labels: tuple[str, ...]
    now: str
    note: str = ""
    finished: bool = False


_PLACES = {
    _S.DRAFT: ("Filed", "draft", False),
    _S.FILED: ("Filed", "", False),
    _S.RETURNED: ("Filed", "returned", False),
    _S.PARLEY: ("Parley", "", False),
    _S.REFERRED: ("Ruling", "referred", False),
    _S.OBJECTED: ("Ruling", "objected", False),
    _S.RULING: ("Ruling", "", False),
    _S.ADMITTED: ("Agenda", "admitted", False),
    _S.SCHEDULED: ("Hearing", "scheduled", False),
    _S.HEARD: ("Finding", "", False),
    _S.BREACH: ("Finding", "breach", True),
    _S.NO_BREACH: ("Finding", "no breach", True),
    _S.NO_DECISION: ("Finding", "no decision", True),
    _S.COMPLIANCE: ("Compliance", "", False),
    _S.DISPUTED: ("Compliance", "disputed", False),
    _S.NON_COMPLIANT: ("Compliance", "not done", False),
    _S.COUNTERMEASURES: ("Compliance", "measures", False),
    _S.COMPLIED: ("Compliance", "done", True),
}
_OFF_THE_ROAD = {
    _S.INADMISSIBLE: ("Ruling", "Inadmissible"),
    _S.SETTLED: ("Parley", "Settled"),
    _S.WITHDRAWN: ("Filed", "Withdrawn"),
}


def _road(features: Collection[Feature]) -> list[str]:
    """The stages that a charter leads through, in a few words."""
    road = ["Filed", "Parley", "Ruling", "Agenda", "Hearing", "Finding", "Compliance"]
    lacks = {"Parley": Feature.PARLEY, "Compliance": Feature.COMPLIANCE}
    return [name for name in road if name not in lacks or lacks[name] in features]


def stages_of(complaint: Complaint, features: Collection[Feature] = ()) -> Stages:
    """The road of this complaint under its charter, ending where it left the road.

    Where the charter was changed since, the stage at which the complaint stands is on its road all the same.
    """
    stage = ComplaintStage(complaint.stage)
    road = _road(features)
    if stage in _OFF_THE_ROAD:
        last, name = _OFF_THE_ROAD[stage]
        kept = road[: road.index(last) + 1] if last in road else road[:1]
        return Stages((*kept, name), name, "", True)
    now, note, finished = _PLACES[stage]
    if now not in road:
        road = _road({*features, Feature.PARLEY if now == "Parley" else Feature.COMPLIANCE})
    return Stages(tuple(road), now, note, finished)


_TALKING = "The parties are to talk it over first. Nobody is called to answer it before a conference yet."
UNCALLED = {
    _S.PARLEY: _TALKING,
    _S.REFERRED: "Referred to the chair. Nobody is called to answer it until it is admitted.",
    _S.OBJECTED: "Referred to the chair, and objected to. Nobody is called to answer it until it is admitted.",
    _S.SETTLED: "Settled by the parties. Nobody is called to answer it.",
    _S.FILED: "The chair has not ruled on it. Nobody is called to answer it until it is admitted.",
    _S.RULING: "The chair has not ruled on it. Nobody is called to answer it until it is admitted.",
    _S.RETURNED: "Returned to its delegation to be amended. Nobody is called to answer it as it stands.",
    _S.WITHDRAWN: "Withdrawn by the complainant. Nobody is called to answer it.",
    _S.INADMISSIBLE: "Found inadmissible. Nobody is called to answer it.",
}
"""Why nobody is called to answer, at the stages at which nobody is."""


OVERSEEN_STAGES = (_S.COMPLIANCE, _S.DISPUTED, _S.COMPLIED, _S.NON_COMPLIANT, _S.COUNTERMEASURES)
"""Where what was decided is being carried out."""


def is_called(complaint: Complaint) -> bool:
    """Whether the respondent is called to answer: from the admission on, unless the complaint left the road."""
    return complaint.stage not in (_S.DRAFT, *UNCALLED)
