"""The phrases in which a conference speaks, and the clauses with which a motion on a complaint begins."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from diplomacy.models import ClauseKind, Complaint
from diplomacy.records import called
from diplomacy.rules.jurisdiction import Verdict
from diplomacy.rules.procedure import Finding
from diplomacy.rules.steps import and_

PREAMBULAR = (
    "Recalling",
    "Reaffirming",
    "Guided by",
    "Mindful of",
    "Noting",
    "Noting with regret",
    "Having heard",
    "Having found",
    "Having considered",
    "Welcoming",
    "Concerned",
    "Deeply concerned",
    "Alarmed",
    "Convinced",
    "Bearing in mind",
)
OPERATIVE = (
    "Finds",
    "Decides",
    "Directs",
    "Demands",
    "Requests",
    "Calls upon",
    "Urges",
    "Invites",
    "Authorises",
    "Condemns",
    "Deplores",
    "Censures",
    "Affirms",
    "Welcomes",
    "Notes",
    "Commends",
    "Admits",
    "Suspends",
    "Remains seized",
)

KIND_OF = {
    **dict.fromkeys(PREAMBULAR, ClauseKind.PREAMBULAR.value),
    **dict.fromkeys(OPERATIVE, ClauseKind.OPERATIVE.value),
}
"""Whether a clause that begins with this phrase is preambular or operative: its ending says so."""


OWN_WORDS = {
    "own-preambular": ClauseKind.PREAMBULAR.value,
    "own-operative": ClauseKind.OPERATIVE.value,
}
"""What is chosen where no phrase of the list will do, and the kind of the clause that begins with the drafter's own."""


@dataclass
class DraftClause:
    """One clause as it was typed: its phrase, its text, and the fields of its effects, all as text.

    `own` is the drafter's own phrase, where `phrase` is one of `OWN_WORDS`.
    """

    phrase: str = ""
    text: str = ""
    own: str = ""
    effects: list[dict[str, str]] = field(default_factory=list)


def blank_clauses() -> list[DraftClause]:
    """With what a motion of its own begins."""
    return [DraftClause(phrase="Recalling"), DraftClause(phrase="Decides")]


def opening_clauses(complaint: Complaint, finding: str) -> list[DraftClause]:
    """With what a motion on a complaint begins: the provision, the parties heard, the ruling, and what is found.

    Fetch `citations__provision__treaty` and `citations__rulings` before.
    """
    found = DraftClause(phrase="Finds", text=finding_text(complaint, finding))
    if finding == Finding.BREACH.value:
        found.effects = opening_effects(complaint)
    return [
        DraftClause(phrase="Recalling", text=_recalled(complaint)),
        DraftClause(phrase="Having heard", text=_heard(complaint)),
        _ruled(complaint),
        found,
        DraftClause(phrase="Remains seized", text="of the matter"),
    ]


def opening_title(complaint: Complaint) -> str:
    """The title that a motion on this complaint is offered."""
    return (f"On complaint No. {complaint.number}: {complaint.title}" if complaint.title else str(complaint))[
        :120
    ]


def finding_text(complaint: Complaint, finding: str) -> str:
    """What is found, for each of the three findings; a motion without one begins its operative part empty."""
    respondents = _respondents(complaint)
    whose = "their" if len(complaint.respondents) > 1 else "its"
    cited = _and(
        [f"{each.provision.label}, {_lower(each.provision.title)}" for each in complaint.citations.all()]
    )
    when = _when(complaint)
    if finding == Finding.BREACH.value:
        return f"that {respondents} breached {cited}, by {whose} act {when}"
    if finding == Finding.NO_BREACH.value:
        return f"that {respondents} did not breach {cited}, by {whose} act {when}"
    return ""


def opening_effects(complaint: Complaint) -> list[dict[str, str]]:
    """What a finding of breach is offered to do: each respondent stands one step worse with the complainant."""
    return [
        {"kind": "standing", "power": complaint.complainant.slug, "other": power.slug, "by": "-1"}
        for power in complaint.respondents
    ]


def follow_finding(clauses: list[DraftClause], complaint: Complaint | None, finding: str) -> None:
    """Let the clause that says what is found follow the finding chosen, as long as nobody has written in it.

    The effect that it was offered goes with a breach, comes with one, and stays away once it was removed.
    """
    if complaint is None:
        return
    drafted = {finding_text(complaint, each.value) for each in Finding}
    breach = finding == Finding.BREACH.value
    for clause in clauses:
        if clause.phrase == "Finds" and clause.text in drafted:
            before, clause.text = clause.text, finding_text(complaint, finding)
            given = [typed for effect in clause.effects if (typed := _typed(effect))]
            if breach and before != clause.text and not given:
                clause.effects = opening_effects(complaint)
            elif not breach and given == opening_effects(complaint):
                clause.effects = []


def _typed(effect: dict[str, str]) -> dict[str, str]:
    """The fields of an effect in which something stands."""
    return {name: value for name, value in effect.items() if value}


def _recalled(complaint: Complaint) -> str:
    return _and(
        [
            f"article {each.provision.number} of the {each.provision.treaty}, {_lower(each.provision.title)}"
            for each in complaint.citations.all()
        ]
    )


def _heard(complaint: Complaint) -> str:
    parties = [called(complaint.complainant), *map(called, complaint.respondents)]
    heard = and_(parties) if len(parties) > 1 else f"{parties[0]} and the respondent"
    return f"{heard} on complaint No. {complaint.number}"


def _respondents(complaint: Complaint) -> str:
    return and_(map(called, complaint.respondents)) if complaint.respondents else "the respondent"


def _ruled(complaint: Complaint) -> DraftClause:
    verdicts = {ruling.verdict for each in complaint.citations.all() for ruling in each.rulings.all()}
    if verdicts == {Verdict.BOUND.value}:
        parties = "both parties" if len(complaint.respondents) == 1 else "all parties"
        return DraftClause(phrase="Having found", text=f"that {parties} were bound on the day of the act")
    return DraftClause(phrase="Noting", text="that the chair admitted the complaint to this conference")


def _when(complaint: Complaint) -> str:
    if complaint.act_on is None:
        return "complained of"
    return f"{'on' if complaint.act_on.day else 'in'} {complaint.act_on.words()}"


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _and(parts: Iterable[str]) -> str:
    listed = list(parts)
    if len(listed) < 2:
        return "".join(listed) or "the treaty"
    return f"{'; '.join(listed[:-1])}; and {listed[-1]}"
