"""The text of a motion as one viewer meets it: who is behind it, what was moved of it, and the steps before the vote.

Amendments show as tracked changes, in the order of their votes. Buttons are drawn from the procedure's own answer,
which the actions ask again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diplomacy import records_motions
from diplomacy import records_votes as records
from diplomacy.forms.effects import Offers
from diplomacy.models import Clause, ClauseKind, Motion, Operation, Overrule, Seat, Sponsorship
from diplomacy.rules import effects as effect_rules
from diplomacy.rules.procedure import MotionKind, MotionStage, MotionStep, Step
from khitomer.access import Viewer
from khitomer.rules.differences import Run, in_words, tracked

_M = MotionStep


@dataclass(frozen=True, kw_only=True)
class StepButton:
    """One step to press: what it sends, the seats it may be taken for, and what else it asks for."""

    label: str
    do: str
    needs_reason: bool = False
    because: str = ""
    seats: tuple[Seat, ...] = ()
    clauses: tuple[tuple[int, str], ...] = ()
    others: tuple[Seat, ...] = ()  # seats that may be asked to sponsor
    main: bool = False

    @property
    def plain(self) -> bool:
        """Whether one press does it."""
        return not (self.needs_reason or self.clauses or self.others or len(self.seats) > 1)


@dataclass(frozen=True, kw_only=True)
class AmendmentLine:
    """An amendment: what it does, as tracked changes and in words, and where it stands."""

    motion: Motion
    does: str
    runs: tuple[Run, ...]
    words: str
    waits_for: str = ""
    live: bool = False
    first: bool = False
    new_effects: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TextPart:
    """What the motion's page shows of its text and of its way to the vote."""

    sponsors: tuple[Sponsorship, ...] = ()
    amendments: tuple[AmendmentLine, ...] = ()
    own_amendment: AmendmentLine | None = None
    moved: tuple[Motion, ...] = ()
    fallen: tuple[Clause, ...] = ()
    overrules: tuple[Overrule, ...] = ()
    buttons: tuple[StepButton, ...] = ()
    why_not: tuple[str, ...] = ()
    may_amend: bool = False
    may_order: bool = False
    waits_for: str = ""
    reconsidered: str = ""

    @property
    def leads(self) -> bool:
        """Whether one of the buttons is the step that leads on."""
        return any(button.main for button in self.buttons)

    @property
    def anything_moved(self) -> bool:
        return bool(self.amendments or self.moved)


def text_part(
    viewer: Viewer, motion: Motion, seats: Sequence[Seat], steps: Mapping[str, Step[Any, Any]]
) -> TextPart:
    """The part of a motion's page that is not its vote, in a constant number of queries.

    Fetch `clauses__effects`, `sponsorships__seat__power` and `subsidiary` (as `records_motions.moved`) before.
    """
    subsidiary = list(motion.subsidiary.all())
    clauses = sorted(motion.clauses.all(), key=lambda each: each.position)
    own = [each for each in seats if records.is_voice_of(viewer.membership, each) and not each.observer]
    amendments = [each for each in subsidiary if each.kind == MotionKind.AMENDMENT]
    sponsors = tuple(motion.sponsorships.all())
    return TextPart(
        sponsors=sponsors,
        amendments=tuple(_amendments(viewer, amendments, clauses)),
        own_amendment=_own_amendment(viewer, motion),
        moved=tuple(each for each in subsidiary if each.kind != MotionKind.AMENDMENT),
        fallen=tuple(each for each in clauses if each.fallen_by_id),
        overrules=tuple(motion.overrules.all()),
        buttons=tuple(_buttons(motion, steps, own, clauses, seats, sponsors)),
        why_not=tuple(_why_not(motion, steps, viewer)),
        may_amend=_may(steps, _M.AMEND),
        may_order=viewer.is_gm,
        waits_for=records.motion_state(motion).waits_for if motion.stage in _WAITING else "",
        reconsidered=_reconsidered(motion),
    )


_WAITING = (
    MotionStage.SUBMITTED,
    MotionStage.CLOSED,
    MotionStage.AMENDMENTS,
    MotionStage.DIVISION,
)


def _reconsidered(motion: Motion) -> str:
    """What became of the resolution of a motion whose vote was taken up again."""
    resolution = getattr(motion, "resolution", None)
    if resolution is None or motion.stage == MotionStage.ADOPTED:
        return ""
    if motion.stage in (MotionStage.REJECTED, MotionStage.VETOED, MotionStage.WITHDRAWN):
        return f"Resolution {resolution.number} was reconsidered and is rescinded."
    return f"Resolution {resolution.number} is being reconsidered, and takes no effect meanwhile."


# Amendments


def _amendments(viewer: Viewer, rows: Sequence[Motion], clauses: Sequence[Clause]) -> Iterable[AmendmentLine]:
    """Those that wait first, in the order of their votes, and then what became of the others."""
    live = [each for each in rows if each.stage in records_motions.LIVE_STAGES]
    ordered = records_motions.amendments_in_order(live, rows[0].parent_id if rows else None)
    numbers = _names(clauses)
    for place, each in enumerate(ordered):
        yield _line(viewer, each, numbers, live=True, first=place == 0)
    for each in rows:
        if each not in ordered:
            yield _line(viewer, each, numbers)


def _own_amendment(viewer: Viewer, motion: Motion) -> AmendmentLine | None:
    if motion.kind != MotionKind.AMENDMENT or motion.parent is None:
        return None
    clauses = list(motion.parent.clauses.order_by("position"))
    numbers = _names(clauses)
    return _line(viewer, motion, numbers)


def _standing(clauses: Sequence[Clause]) -> list[Clause]:
    return [each for each in clauses if each.fallen_by_id is None]


def _line(
    viewer: Viewer,
    motion: Motion,
    numbers: Mapping[int, str],
    *,
    live: bool = False,
    first: bool = False,
) -> AmendmentLine:
    amendment = motion.amendment
    kept = amendment.before or {}
    clause = amendment.clause
    before = (
        f"{kept['phrase']} {kept['text']}" if kept else f"{clause.phrase} {clause.text}" if clause else ""
    )
    after = f"{amendment.phrase} {amendment.text}".strip()
    runs = tracked(before, after)
    where = numbers.get(clause.pk, "") if clause else ""
    return AmendmentLine(
        motion=motion,
        does=_does(amendment.operation, where, numbers.get(-(amendment.after or 0), "")),
        runs=runs,
        words=in_words(runs),
        live=live,
        first=first,
        new_effects=tuple(_described(viewer, amendment.effects)),
    )


def _does(operation: str, clause: str, after: str) -> str:
    if operation == Operation.ADD:
        return f"Adds a clause after {after}" if after else "Adds a clause before all others"
    verb = "Strikes" if operation == Operation.STRIKE else "Replaces"
    return f"{verb} {clause or 'a clause that stands no longer'}"


def _names(clauses: Sequence[Clause]) -> dict[int, str]:
    """Each clause that stands as the text numbers it, by its key; and below zero, by its position."""
    names: dict[int, str] = {}
    number = 0
    for clause in _standing(clauses):
        operative = clause.kind == ClauseKind.OPERATIVE
        number += operative
        name = f"clause {number}" if operative else f"the preambular clause “{clause.phrase}…”"
        names[clause.pk] = names[-clause.position] = name
    return names


def _described(viewer: Viewer, payloads: Any) -> Iterable[str]:
    """New effects in words. Those on what is kept from this viewer leave no line and no count."""
    if not payloads:
        return
    offers = Offers.to(viewer)
    known = {"clock": dict(offers.clocks), "entry": dict(offers.entries)}
    for payload in payloads:
        effect = effect_rules.parse(payload)
        if all(payload.get(kind) in (None, *slugs) for kind, slugs in known.items()):
            yield effect_rules.describe(effect, offers.names())
        elif payload.get("kind") == "disclose":
            yield effect_rules.DISCLOSED_UNSEEN


# The steps before the vote

_LABELS: Mapping[MotionStep, str] = {
    _M.SIGN: "Sign as a sponsor",
    _M.INVITE: "Ask for its support",
    _M.RULE_IN_ORDER: "Rule it in order",
    _M.SECOND: "Second it",
    _M.OPEN_DEBATE: "Open the debate",
    _M.CLOSE_DEBATE: "Close the debate",
    _M.ADJOURN_DEBATE: "Adjourn the debate",
    _M.TAKE_AMENDMENTS: "Take the amendments",
    _M.DIVIDE: "Divide the question",
    _M.ASK_DIVISION: "Have a clause voted apart",
    _M.MOVE_TO_ADJOURN_DEBATE: "Move to adjourn the debate",
    _M.MOVE_TO_CLOSE_DEBATE: "Move to close the debate",
    _M.APPEAL: "Appeal from the ruling",
    _M.RECONSIDER: "Move to reconsider it",
    _M.RULE_OUT: "Rule it out of order",
    _M.WITHDRAW: "Withdraw it in its sponsor’s stead",
}
_ELSEWHERE = (_M.WITHDRAW,)  # what the sponsor takes by buttons of its own
_FOR_A_SEAT = (
    _M.SECOND,
    _M.ASK_DIVISION,
    _M.MOVE_TO_ADJOURN_DEBATE,
    _M.MOVE_TO_CLOSE_DEBATE,
    _M.APPEAL,
    _M.RECONSIDER,
)
_MAIN = (_M.SIGN, _M.RULE_IN_ORDER, _M.SECOND, _M.OPEN_DEBATE, _M.CLOSE_DEBATE, _M.TAKE_AMENDMENTS)


def _may(steps: Mapping[str, Step[Any, Any]], name: MotionStep) -> bool:
    step = steps.get(name.value)
    return step is not None and step.allowed and not step.overrule


def _buttons(
    motion: Motion,
    steps: Mapping[str, Step[Any, Any]],
    own: Sequence[Seat],
    clauses: Sequence[Clause],
    seats: Sequence[Seat],
    sponsors: Sequence[Sponsorship],
) -> Iterable[StepButton]:
    """What this viewer may press, in the order of the procedure."""
    asked = {each.seat_id for each in sponsors}
    waiting = any(each.stage in records_motions.LIVE_STAGES for each in motion.subsidiary.all())
    for name, label in _LABELS.items():
        step = steps.get(name.value)
        if step is None or not step.allowed:
            continue
        if name in _ELSEWHERE and not (step.overrule and motion.stage != MotionStage.DRAFT):
            continue
        voices = tuple(each for each in own if each.pk != motion.sponsor_id or name is not _M.SECOND)
        if name in _FOR_A_SEAT and not voices and not step.overrule:
            continue
        others = _askable(motion, seats, asked) if name is _M.INVITE else ()
        if name is _M.INVITE and (not others or motion.conference.charter.sponsors_needed < 2):
            continue
        yield StepButton(
            label=label,
            do=name.value,
            needs_reason=step.needs_reason,
            because=step.reason if step.overrule else "",
            seats=voices if name in _FOR_A_SEAT and not step.overrule else (),
            clauses=_choices(clauses) if name is _M.ASK_DIVISION else (),
            others=others,
            main=_leads(name, motion, waiting) and not step.overrule,
        )


def _leads(name: MotionStep, motion: Motion, waiting: bool) -> bool:
    """Whether this is the step that leads on: amendments are taken where any wait, or else the vote is opened."""
    if name is _M.TAKE_AMENDMENTS:
        return waiting
    return name in _MAIN


def _askable(motion: Motion, seats: Sequence[Seat], asked: set[int]) -> tuple[Seat, ...]:
    return tuple(
        each for each in seats if not each.observer and each.pk != motion.sponsor_id and each.pk not in asked
    )


def _choices(clauses: Sequence[Clause]) -> tuple[tuple[int, str], ...]:
    operative = [each for each in _standing(clauses) if each.kind == ClauseKind.OPERATIVE]
    return tuple(
        (clause.pk, f"{number}. {clause.phrase} {clause.text}"[:90])
        for number, clause in enumerate(operative, start=1)
    )


def _why_not(motion: Motion, steps: Mapping[str, Step[Any, Any]], viewer: Viewer) -> Iterable[str]:
    """Why the step that comes next is not this viewer's, or not yet; one line, no wall."""
    for name in (_M.SUBMIT, _M.RULE_IN_ORDER, _M.SECOND, _M.OPEN_DEBATE, _M.CLOSE_DEBATE):
        step = steps.get(name.value)
        if step is None or step.reason.startswith("This step belongs to"):
            continue
        if not step.allowed and step.reason:
            yield f"{_NEXT[name]}: {step.reason[:1].lower()}{step.reason[1:]}"
        return


_NEXT: Mapping[MotionStep, str] = {
    _M.SUBMIT: "To submit it",
    _M.RULE_IN_ORDER: "To rule on it",
    _M.SECOND: "To second it",
    _M.OPEN_DEBATE: "To open the debate",
    _M.CLOSE_DEBATE: "To close the debate",
}
