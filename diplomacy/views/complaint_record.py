"""Beside the charge on a complaint's page: its time-limits, what was added since, what may be done and what not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from diplomacy import records
from diplomacy.forms.stages import JoinForm, ObjectionForm, SupplementForm
from diplomacy.models import Complaint, JoinderRole
from diplomacy.rules.limits import has_run
from diplomacy.rules.procedure import Actor, ComplaintStage, ComplaintStep, Step
from khitomer.access import Viewer
from khitomer.models import Power
from khitomer.rules.dates import StoryDate

_S = ComplaintStage

Steps = Mapping[str, Step[ComplaintStep, ComplaintStage]]


# Time-limits --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limit:
    """A time-limit that runs: of what, its last day, and whether that day is over."""

    what: str
    due: StoryDate
    over: bool


def limits_of(complaint: Complaint, *, party: bool) -> list[Limit]:
    """The limits that run now. Whether a respondent has answered is between the parties and the GM (`party`)."""
    stage = complaint.stage
    unanswered = party and stage == _S.PARLEY and complaint.answered_on is None
    running = [
        ("An answer is due", complaint.answer_due if unanswered else None),
        ("Parley until", complaint.parley_due if stage == _S.PARLEY else None),
        ("Objections until", complaint.objection_due if stage == _S.REFERRED else None),
    ]
    today = complaint.campaign.today
    return [Limit(what, due, has_run(due, today)) for what, due in running if due]


# What was added -----------------------------------------------------------------------------------------------------

_OVERRULED = {
    ComplaintStep.REFER: "referred it",
    ComplaintStep.RULE: "took it up before the window for objections had closed",
    ComplaintStep.ADMIT: "admitted it",
    ComplaintStep.DECLINE: "found it inadmissible",
    ComplaintStep.WITHDRAW: "withdrew it in the complainant’s stead",
    ComplaintStep.SETTLE: "settled it in the parties’ stead",
    ComplaintStep.DECIDE: "decided it out of turn",
    ComplaintStep.ACCEPT: "accepted compliance in the complainant’s stead",
    ComplaintStep.DISPUTE: "disputed compliance in the complainant’s stead",
}


def added(complaint: Complaint) -> dict[str, Any]:
    """What came to the complaint since it was filed, for everyone who sees it."""
    return {
        "supplements": list(complaint.supplements.select_related("power")),
        "third_parties": [each for each in complaint.joinders.all() if each.role == JoinderRole.THIRD_PARTY],
        "overrules": [(_OVERRULED.get(each.step, each.step), each) for each in complaint.overrules.all()],
    }


# What may be done ---------------------------------------------------------------------------------------------------


def voices(actor: Actor, powers: Iterable[Power]) -> list[Power]:
    """Those of the powers for which this person speaks."""
    return [power for power in powers if actor.speaks_for(records.called(power))]


def supplementers(complaint: Complaint, actor: Actor) -> list[Power]:
    return voices(actor, [*complaint.parties, *complaint.third_parties])


def objectors(complaint: Complaint, actor: Actor) -> list[Power]:
    return voices(actor, complaint.respondents)


def joiners(viewer: Viewer, complaint: Complaint, actor: Actor) -> list[Power]:
    """The powers that this person may bring in: its own, or for a chair those that nobody plays."""
    inside = [*complaint.parties, *complaint.third_parties]
    own = viewer.campaign.powers.all() if viewer.is_gm else [viewer.power] if viewer.power else []
    return voices(actor, [power for power in own if power not in inside])


def step_forms(viewer: Viewer, complaint: Complaint, steps: Steps, actor: Actor) -> dict[str, Any]:
    """The forms of the steps that this person may take; None where the procedure does not let them."""

    def may(name: str) -> bool:
        return name in steps and steps[name].allowed

    return {
        "supplement_form": _supplement(complaint, actor) if may("supplement") else None,
        "objection_form": _objection(complaint, actor) if may("object") else None,
        "join_form": _join(viewer, complaint, actor) if may("join") else None,
    }


def _supplement(complaint: Complaint, actor: Actor) -> SupplementForm:
    return SupplementForm(auto_id="supplement-%s", voices=supplementers(complaint, actor))


def _objection(complaint: Complaint, actor: Actor) -> ObjectionForm:
    return ObjectionForm(auto_id="objection-%s", voices=objectors(complaint, actor))


def _join(viewer: Viewer, complaint: Complaint, actor: Actor) -> JoinForm:
    return JoinForm(auto_id="join-%s", voices=joiners(viewer, complaint, actor))


# And why not the rest -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Waiting:
    """A step for which one might look on this page: what it is called, where it is looked for, why it is not there.

    Without words of its own, the procedure's reason is shown.
    """

    step: ComplaintStep
    name: str
    stages: tuple[ComplaintStage, ...]
    why: str = ""


_TALKING = (_S.PARLEY, _S.REFERRED, _S.OBJECTED)
_UNDECIDED = (_S.FILED, *_TALKING, _S.RULING, _S.ADMITTED, _S.SCHEDULED, _S.HEARD)
_OF_THE_CHAIR = (
    _Waiting(ComplaintStep.RULE, "Take it up", (_S.PARLEY,), "Once the complainant has referred it to you."),
    _Waiting(ComplaintStep.ADMIT, "Admit it", (_S.REFERRED, _S.OBJECTED), "Take it up first."),
    _Waiting(
        ComplaintStep.RETURN,
        "Return it",
        _TALKING,
        "Only before you docket it; its delegation may still withdraw it.",
    ),
    _Waiting(
        ComplaintStep.RETURN,
        "Return it",
        (_S.ADMITTED, _S.SCHEDULED, _S.HEARD),
        "Only before you admit it; its delegation may still withdraw it.",
    ),
    _Waiting(
        ComplaintStep.SCHEDULE,
        "Put it on an agenda",
        (_S.FILED, _S.RULING),
        "Admit it first.",
    ),
    _Waiting(
        ComplaintStep.HEAR,
        "Open the hearing",
        (_S.FILED, _S.RULING, _S.ADMITTED),
        "At the conference, once it is on the agenda.",
    ),
)
_OF_THE_COMPLAINANT = (
    _Waiting(ComplaintStep.REFER, "Refer it to the chair", (_S.PARLEY,)),
    _Waiting(
        ComplaintStep.EDIT,
        "Edit the statement",
        _UNDECIDED,
        "What was filed is never edited, unless the chair returns it to you.",
    ),
)
_OF_A_RESPONDENT = (
    _Waiting(
        ComplaintStep.OBJECT, "Object", (_S.PARLEY,), "Once the complainant has referred it to the chair."
    ),
    _Waiting(ComplaintStep.OBJECT, "Object", (_S.REFERRED,)),
)


def why_not(viewer: Viewer, complaint: Complaint, steps: Steps, actor: Actor) -> list[tuple[str, str]]:
    """What this person could take at another stage, and might look for now, with the reason why it is not there."""
    theirs: list[_Waiting] = [*_OF_THE_CHAIR] if viewer.is_gm else []
    if actor.speaks_for(records.called(complaint.complainant)):
        theirs += _OF_THE_COMPLAINANT
    if objectors(complaint, actor):
        theirs += _OF_A_RESPONDENT
    found = []
    for each in theirs:
        step = steps.get(each.step.name.lower())
        if step and not step.allowed and complaint.stage in each.stages:
            found.append((each.name, each.why or step.reason))
    return found
