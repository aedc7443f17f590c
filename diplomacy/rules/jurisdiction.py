"""Who was bound, when: whether a treaty governs an act that one power lays at another's door.

A ruling weighs five grounds, each a question answered yes (it supports jurisdiction), no or in doubt. Any no means
that the act is not governed; five times yes, that it is; anything else is left to the chair, with the reason.

Dates in the record are often known to the year only. Each answer is therefore over every calendar day that the
dates may mean: yes when it holds for all of them, no when for none, and otherwise in doubt. How spans and windows
are read is told once, in `khitomer.rules.adherence`; here are the questions of law that are put to them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from khitomer.rules.adherence import Dated, covers, either_side, open_changes, use_in_window
from khitomer.rules.dates import Answer, StoryDate

__all__ = [
    "Answer",
    "Exemption",
    "Ground",
    "Party",
    "Reservation",
    "Ruling",
    "Span",
    "Verdict",
    "assess",
    "overall",
]


class Verdict(StrEnum):
    """Whether both sides were bound by the cited provision, and may be heard on it."""

    BOUND = "bound"
    NOT_BOUND = "not bound"
    IN_DOUBT = "in doubt"

    @property
    def spoken(self) -> str:
        """How people read it: it speaks of the act, for both sides may be bound while an exemption frees the act."""
        return {"bound": "governed", "not bound": "not governed"}.get(self.value, self.value)


@dataclass(frozen=True)
class Span:
    """A period of adherence: bound from the day of entry, free from the day of leaving; `left` None is still bound.

    Raises ValueError when it certainly ends before it begins.
    """

    entered: StoryDate
    left: StoryDate | None = None

    def __post_init__(self) -> None:
        _check_order(self.entered, self.left)


@dataclass(frozen=True)
class Reservation:
    """A period in which a power has excluded the provision for itself; the ends count as those of a Span do."""

    entered: StoryDate
    left: StoryDate | None = None

    def __post_init__(self) -> None:
        _check_order(self.entered, self.left)


@dataclass(frozen=True)
class Party:
    """One side: its name as it stands in a sentence, its spans in the treaty, its reservations to the provision."""

    power: str
    spans: tuple[Span, ...]
    reservations: tuple[Reservation, ...] = ()


@dataclass(frozen=True)
class Exemption:
    """What a provision lets pass as long as it is not widespread: up to `limit` uses in `window_days` days.

    The window ends with the day of the act and counts that day, so a window of 1 is the day of the act alone.
    Raises ValueError for a limit below 0 or a window below 1.
    """

    limit: int
    window_days: int

    def __post_init__(self) -> None:
        if self.limit < 0:
            raise ValueError("The limit of an exemption cannot be below 0.")
        if self.window_days < 1:
            raise ValueError("The window of an exemption must be at least 1 day.")


@dataclass(frozen=True)
class Ground:
    """One question of a ruling. YES supports jurisdiction; `because` is a sentence for the table."""

    question: str
    answer: Answer
    because: str


@dataclass(frozen=True)
class Ruling:
    """A verdict with its five grounds, in the order in which `assess` weighs them."""

    verdict: Verdict
    grounds: tuple[Ground, ...]


def assess(
    *,
    complainant: Party,
    respondent: Party,
    act: StoryDate,
    filed: StoryDate,
    has_forum: bool = True,
    accrued_rights_survive: bool = False,
    exemption: Exemption | None = None,
    uses: Sequence[StoryDate] = (),
) -> Ruling:
    """Rule on one provision between one complainant and one respondent.

    The grounds: (1) the complainant was bound on the day of the act; (2) so was the respondent; (3) no reservation
    of either covers the provision on that day (reservations are reciprocal, VCLT art. 21); (4) no exemption of the
    provision applies; (5) the treaty has a forum, and both parties are in it on the day of filing. Where accrued
    rights survive withdrawal (VCLT art. 70(1)(b)), it is enough for (5) that a party was bound on the day of the act.

    `uses` are the recorded uses of what the exemption lets pass. The act counts among them only if it is recorded
    there. Whether a complaint may be filed at all (against oneself, of an act still to come) is not asked here.
    """
    grounds = (
        _bound_ground("complainant", complainant, act),
        _bound_ground("respondent", respondent, act),
        _reservation_ground(complainant, respondent, act),
        _exemption_ground(exemption, uses, act),
        _forum_ground(complainant, respondent, act, filed, has_forum, accrued_rights_survive),
    )
    answer = _all([ground.answer for ground in grounds])
    return Ruling(verdict=_VERDICTS[answer], grounds=grounds)


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on a complaint from those on each provision it cites: one that governs the act is enough to hear it.

    A complaint that cites nothing is NOT_BOUND.
    """
    found = set(verdicts)
    for verdict in (Verdict.BOUND, Verdict.IN_DOUBT):
        if verdict in found:
            return verdict
    return Verdict.NOT_BOUND


_VERDICTS = {Answer.YES: Verdict.BOUND, Answer.NO: Verdict.NOT_BOUND, Answer.DOUBT: Verdict.IN_DOUBT}

# The grounds --------------------------------------------------------------------------------------------------------


def _bound_ground(role: str, party: Party, act: StoryDate) -> Ground:
    """Grounds 1 and 2: a treaty binds its parties, and only while they are parties (VCLT arts. 26, 34, 70)."""
    answer = _within(act, party.spans)
    return Ground(
        f"Was the {role} bound on the day of the act?", answer, _adherence(party, act, answer, "the act")
    )


def _reservation_ground(complainant: Party, respondent: Party, act: StoryDate) -> Ground:
    """Ground 3: a reservation excludes the provision for both sides (VCLT art. 21(1))."""
    excluded = _within(act, complainant.reservations + respondent.reservations)
    return Ground(
        "Was the provision free of reservations between the two?",
        _not(excluded),
        _reservations((complainant, respondent), act, excluded),
    )


def _exemption_ground(exemption: Exemption | None, uses: Sequence[StoryDate], act: StoryDate) -> Ground:
    """Ground 4: what is exempt is outside the provision, until its use is widespread (Second Accords, prov. 1)."""
    question = "Is the act outside any exemption of the provision?"
    if exemption is None:
        return Ground(question, Answer.YES, "The provision has no exemption.")
    widespread, counted = use_in_window(uses, act, limit=exemption.limit, window_days=exemption.window_days)
    record = (
        f"The record has {_uses(counted)} in the {_days(exemption.window_days)} that end with the day of the act;"
        f" the limit is {exemption.limit}"
    )
    return Ground(question, widespread, f"{record}: {_EXEMPTION_WORDS[widespread]}.")


_EXEMPTION_WORDS = {
    Answer.YES: "use had become widespread, so the exemption had lapsed",
    Answer.NO: "use was not widespread, so the exemption applies",
    Answer.DOUBT: "the dates are too coarse to say if use was widespread",
}


def _forum_ground(
    complainant: Party,
    respondent: Party,
    act: StoryDate,
    filed: StoryDate,
    has_forum: bool,
    accrued_rights_survive: bool,
) -> Ground:
    """Ground 5: nobody is heard without consent to the forum, as on the day of filing (ICJ, Nottebohm, 1953)."""
    question = "Is there a forum, and are both parties in it?"
    if not has_forum:
        return Ground(question, Answer.NO, "The treaty has no forum for complaints.")
    parties = (complainant, respondent)
    in_forum = [_within(filed, party.spans) for party in parties]
    if _all(in_forum) is Answer.YES:
        return Ground(question, Answer.YES, f"Both were parties on the day of filing, {filed.adverb()}.")
    if accrued_rights_survive:
        accrued = [_within(act, party.spans) for party in parties]
        entitled = [_either(now, then) for now, then in zip(in_forum, accrued, strict=True)]
        words = (
            "the treaty keeps accrued rights alive, so a party bound on the day of the act"
            " may be heard even if it has left"
        )
        return Ground(question, _all(entitled), f"{_ACCRUED_WORDS[_all(entitled)]} {words}.")
    answer = _all(in_forum)
    because = " ".join(
        _adherence(party, filed, now, "the filing")
        for party, now in zip(parties, in_forum, strict=True)
        if now is answer
    )
    return Ground(question, answer, because)


_ACCRUED_WORDS = {
    Answer.YES: "Both may be heard:",
    Answer.NO: "One of them was bound neither then nor on the day of filing:",
    Answer.DOUBT: "The dates are too coarse to say:",
}

# Days ---------------------------------------------------------------------------------------------------------------


def _dated(spans: Iterable[Span | Reservation]) -> list[Dated]:
    """The spans as the rules of adherence take them, the earliest first."""
    return sorted(((span.entered, span.left) for span in spans), key=lambda span: span[0])


def _within(day: StoryDate, spans: Iterable[Span | Reservation]) -> Answer:
    """Whether the day lies in one of the spans."""
    return covers(_dated(spans), day)


def _check_order(entered: StoryDate, left: StoryDate | None) -> None:
    if left is not None and left.last < entered.first:
        raise ValueError(f"A span that begins {entered.adverb()} cannot end {left.adverb()}.")


# Answers ------------------------------------------------------------------------------------------------------------


def _all(answers: Sequence[Answer]) -> Answer:
    if Answer.NO in answers:
        return Answer.NO
    return Answer.DOUBT if Answer.DOUBT in answers else Answer.YES


def _either(one: Answer, other: Answer) -> Answer:
    return _not(_all([_not(one), _not(other)]))


def _not(answer: Answer) -> Answer:
    return {Answer.YES: Answer.NO, Answer.NO: Answer.YES}.get(answer, answer)


# Sentences ----------------------------------------------------------------------------------------------------------


def _adherence(party: Party, day: StoryDate, answer: Answer, what: str) -> str:
    """Why a party was or was not bound on a day, or why nobody can tell; `what` names the day: the act, the filing."""
    spans = _dated(party.spans)
    if not spans:
        sentence = f"{party.power} has never been a party"
    elif answer is Answer.YES:
        sentence = _bound_sentence(party.power, spans, day, what)
    elif answer is Answer.NO:
        sentence = _free_sentence(party.power, spans, day, what)
    else:
        sentence = (
            f"{party.power} {_and(open_changes(spans, day))}, and {what} was {day.adverb()}:"
            " the record does not say which came first"
        )
    return _sentence(sentence)


def _bound_sentence(power: str, spans: Sequence[Dated], day: StoryDate, what: str) -> str:
    holding = [n for n, span in enumerate(spans) if covers([span], day) is Answer.YES]
    if not holding:
        return (
            f"{power} was bound without a gap through {day.words()}, when {what} took place:"
            " it left and returned on one day"
        )
    entered, left = spans[holding[0]]
    if left is None:
        verb = "it entered" if holding[0] == 0 else "its return"
        return f"{power} has been bound without a break since {verb} {entered.adverb()}; {what} was {day.adverb()}"
    return (
        f"{power} was bound from {entered.words()} until it left {left.adverb()}; {what} was {day.adverb()}"
    )


def _free_sentence(power: str, spans: Sequence[Dated], day: StoryDate, what: str) -> str:
    gone, ahead = either_side(spans, day)
    if gone and ahead:
        found = f"left {gone.adverb()} and returned only {ahead.adverb()}"
    elif gone:
        found = f"left {gone.adverb()} and had not returned"
    else:
        found = f"entered only {ahead.adverb()}" if ahead else "was not bound"
    return f"{power} {found}; {what} was {day.adverb()}"


def _reservations(parties: Sequence[Party], act: StoryDate, excluded: Answer) -> str:
    made = [(party.power, reservation) for party in parties for reservation in party.reservations]
    if not made:
        return f"Neither {parties[0].power} nor {parties[1].power} has made a reservation to the provision."
    if excluded is Answer.NO:
        return f"No reservation to the provision was in force {act.adverb()}."
    near = [(power, each) for power, each in made if _within(act, [each]) is not Answer.NO]
    listed = _and([f"{power} {_reserved(each)}" for power, each in near])
    if excluded is Answer.YES:
        return _sentence(
            f"{listed}, and a reservation excludes the provision for both sides; the act was {act.adverb()}"
        )
    return _sentence(
        f"{listed}, and the act was {act.adverb()}: the record does not say if the reservation was in force"
    )


def _reserved(reservation: Reservation) -> str:
    made = f"reserved its position {reservation.entered.adverb()}"
    return (
        made
        if reservation.left is None
        else f"{made} and withdrew the reservation {reservation.left.adverb()}"
    )


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _uses(counted: str) -> str:
    """The count in a sentence: "4 uses", "no use", "between 0 and 1 uses"."""
    return {"0": "no use", "1": "1 use"}.get(counted, f"{counted} uses")


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
