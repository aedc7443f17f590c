"""Jurisdiction as a page shows it: strips, rulings and their grounds, as kept or on the record as it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from django.db.models import prefetch_related_objects

from diplomacy import records
from diplomacy.models import Citation, Complaint
from diplomacy.rules.jurisdiction import Ruling as Found
from diplomacy.rules.jurisdiction import Verdict, overall
from khitomer.models import Power, Treaty
from khitomer.rules.dates import Answer, StoryDate

MARKS = {"yes": "✓", "no": "✗", "doubt": "?"}
ANSWERS = {"yes": "Yes", "no": "No", "doubt": "In doubt"}
TONES = {Verdict.BOUND: "moss", Verdict.NOT_BOUND: "brick", Verdict.IN_DOUBT: "amber"}


@dataclass(frozen=True)
class Ground:
    """One ground of a ruling, ready to be shown."""

    question: str
    because: str
    answer: str
    word: str
    mark: str


@dataclass(frozen=True)
class Judged:
    """A provision cited with its ruling against one respondent."""

    citation: Citation
    respondent: Power
    verdict: Verdict
    tone: str
    grounds: tuple[Ground, ...]
    note: str = ""


def _ground(question: str, answer: str, because: str) -> Ground:
    return Ground(question, because, answer, ANSWERS[answer], MARKS[answer])


def stored(complaint: Complaint, citations: Iterable[Citation]) -> list[Judged]:
    """The rulings as they were computed and kept, respondent by respondent."""
    kept = {
        (ruling.respondent_id, citation.pk): (citation, ruling)
        for citation in citations
        for ruling in citation.rulings.all()
    }
    judged = []
    for power in complaint.respondents:
        for (respondent, _), (citation, ruling) in kept.items():
            if respondent == power.pk:
                verdict = Verdict(ruling.verdict)
                grounds = tuple(_ground(**ground) for ground in ruling.grounds)
                judged.append(Judged(citation, power, verdict, TONES[verdict], grounds))
    return judged


@dataclass(frozen=True)
class Against:
    """One respondent with the ruling on each provision, and what they say taken together."""

    power: Power
    judged: list[Judged]

    @property
    def verdict(self) -> Verdict:
        return overall(each.verdict for each in self.judged)

    @property
    def tone(self) -> str:
        return TONES[self.verdict]


def by_respondent(judged: Iterable[Judged]) -> list[Against]:
    """The rulings of each respondent together, in their order."""
    found: dict[int, Against] = {}
    for each in judged:
        found.setdefault(each.respondent.pk, Against(each.respondent, [])).judged.append(each)
    return list(found.values())


_AMONG_USES = {
    Answer.YES: "The act itself is among the uses on record.",
    Answer.NO: "The act itself is not among the uses on record, so it is not counted.",
    Answer.DOUBT: "The act itself may be among the uses on record: their dates do not say.",
    None: "",
}


def _as_judged(citation: Citation, power: Power, found: Found, note: str) -> Judged:
    grounds = tuple(_ground(each.question, each.answer.value, each.because) for each in found.grounds)
    return Judged(citation, power, found.verdict, TONES[found.verdict], grounds, note)


@dataclass(frozen=True)
class Jurisdiction:
    """The strips and the rulings of a complaint on the record as it stands now."""

    strips: list[records.Strip]
    judged: list[Judged]
    to_come: bool = False  # the act is dated after the filing: nobody can say who will be bound then

    @property
    def against(self) -> list[Against]:
        return by_respondent(self.judged)

    @property
    def verdict(self) -> Verdict | None:
        return overall(each.verdict for each in self.judged) if self.judged else None

    @property
    def tone(self) -> str:
        return TONES[self.verdict] if self.verdict else ""


def weigh(
    complaint: Complaint, citations: list[Citation], treaties: list[Treaty], *, filed: StoryDate | None
) -> Jurisdiction:
    """Who was bound when, and what that says of each provision cited; a draft may lack a party or the day.

    `filed` None is a filing today. Of an act that is still to come, nothing is said.
    """
    respondents = complaint.respondents
    provisions = [citation.provision for citation in citations]
    record = records.draw([complaint.complainant, *respondents], provisions, treaties)
    act, today = complaint.act_on, complaint.campaign.today
    to_come = act is not None and (filed or today).before(act) is Answer.YES
    shown = None if to_come else act  # no mark says "bound" of a day that has not come
    strips = [
        records.strip(record, treaty, [complaint.complainant, *respondents], act=shown, today=today)
        for treaty in treaties
    ]
    if act is None or to_come:
        return Jurisdiction(strips, [], to_come)
    judged = []
    for power, citation in product(respondents, citations):
        found = records.weigh(
            record,
            citation.provision,
            complainant=complaint.complainant,
            respondent=power,
            act=act,
            filed=filed or today,
        )
        use = records.act_among_uses(record, citation.provision, respondent=power, act=act)
        judged.append(_as_judged(citation, power, found, _AMONG_USES[use]))
    return Jurisdiction(strips, judged)


def cited(complaint: Complaint) -> list[Citation]:
    """The provisions cited with their rulings, kept on the complaint for whoever asks it next."""
    prefetch_related_objects([complaint], "citations__provision__treaty__charter", "citations__rulings")
    return list(complaint.citations.all())


def treaties_of(citations: Iterable[Citation]) -> list[Treaty]:
    return list({citation.provision.treaty_id: citation.provision.treaty for citation in citations}.values())
