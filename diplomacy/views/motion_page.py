"""A motion as one viewer meets it: its text, its effects, the vote, and what may be done next.

The vote's own part is in `vote_part`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from diplomacy import records_motions
from diplomacy import records_votes as records
from diplomacy.models import Clause, ClauseKind, Motion, Resolution, Seat
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import MAIN_KINDS, UNVOTED_STAGES, MotionStage, MotionStep, Step, motion_steps
from diplomacy.rules.wording import rule_in_words
from diplomacy.sitting.motions import TONES
from diplomacy.sitting.room import own_empty
from diplomacy.views.effect_lines import Effects, Line, effects_of
from diplomacy.views.motion_text import TextPart, text_part
from diplomacy.views.vote_part import Result, VotePart, vote_part
from khitomer.access import Viewer

_HOW_TAKEN = {
    Mode.OPEN: "Open vote: your choice is shown when it closes.",
    Mode.ROLL_CALL: "Roll call: your choice is read aloud when it closes.",
    Mode.HANDS: "Show of hands: the chair keys in what each seat shows.",
    Mode.SECRET: "Secret: that you have voted is seen by all; what you cast is kept nowhere beside your name.",
}
_PREVIEWED = (*UNVOTED_STAGES, MotionStage.VOTING, MotionStage.TIED, MotionStage.ADOPTED)


@dataclass(frozen=True, kw_only=True)
class ClauseText:
    """A clause as it is read: its number if it is operative, and how it ends, as clauses of one sentence do."""

    clause: Clause
    number: int | None
    text: str
    end: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MotionPage:
    """All that the page of a motion shows this viewer."""

    motion: Motion
    tone: str
    preamble: tuple[ClauseText, ...]
    operative: tuple[ClauseText, ...]
    effects: Effects
    rule: str
    steps: Mapping[str, Step[Any, Any]]
    vote: VotePart
    text: TextPart
    earlier: Mapping[str, int] | None = None
    second_vote: bool = False
    why_not_open: str = ""
    resolution: Resolution | None = None
    own_empty: Seat | None = None

    @property
    def result(self) -> Result | None:
        return self.vote.result

    @property
    def may_open(self) -> bool:
        """Whether this viewer may put it to the vote, if need be out of turn."""
        return not self.why_not_open and ("open_vote" in self.overrules or self.may.get("open_vote", False))

    @property
    def secret(self) -> bool:
        return self.motion.mode == Mode.SECRET

    @property
    def how_taken(self) -> str:
        """What becomes known of a ballot in this vote."""
        return _HOW_TAKEN[Mode(self.motion.mode)]

    @property
    def is_main(self) -> bool:
        """Whether it has a text of its own, and does not belong to another motion."""
        return self.motion.kind in MAIN_KINDS

    @property
    def voting(self) -> bool:
        return self.motion.stage == MotionStage.VOTING

    @property
    def may(self) -> dict[str, bool]:
        """Which steps this viewer may take as their own, under names a template can spell."""
        return {
            name.replace(" ", "_"): step.allowed and not step.overrule for name, step in self.steps.items()
        }

    @property
    def overrules(self) -> dict[str, str]:
        """Which steps this viewer may take as the chair's overrule, each with what speaks against it."""
        return {
            name.replace(" ", "_"): step.reason
            for name, step in self.steps.items()
            if step.allowed and step.overrule
        }


def page_of(viewer: Viewer, motion: Motion, receipts: Mapping[int, str] | None = None) -> MotionPage:
    """The page of a motion for this viewer, in a constant number of queries whatever the number of seats.

    `receipts` are those that the viewer holds of a secret vote, by seat.
    """
    prefetch_related_objects(
        [motion],
        "clauses__effects",
        "sponsorships__seat__power",
        Prefetch("subsidiary", queryset=records_motions.moved()),
    )
    conference = motion.conference
    seats = list(conference.seats.select_related("power", "delegate__user"))
    _keep(conference, "seats", seats)
    electors = list(motion.electors.select_related("seat__power", "seat__delegate__user"))
    _keep(motion, "electors", electors)
    resolution = getattr(motion, "resolution", None)
    effects = effects_of(viewer, motion, resolution) if motion.stage in _PREVIEWED else Effects()
    clauses = read_clauses(motion.clauses.all(), effects)
    conference.live = records_motions.live_motions(conference)
    actor = records.actor_at(conference, viewer.membership, sponsor=motion.sponsor)
    steps = {step.name.value: step for step in motion_steps(records.motion_state(motion), actor)}
    frozen = records.frozen_vote(motion) if motion.rule else None
    rule = frozen.rule if frozen else records.rule_of(conference.charter, motion)
    return MotionPage(
        motion=motion,
        tone=TONES.get(MotionStage(motion.stage), ""),
        preamble=tuple(each for each in clauses if each.number is None),
        operative=tuple(each for each in clauses if each.number is not None),
        effects=effects,
        rule=rule_in_words(rule),
        steps=steps,
        vote=vote_part(viewer, motion, seats, electors, rule, receipts or {}),
        text=text_part(viewer, motion, seats, steps),
        own_empty=own_empty(viewer, conference, seats),
        earlier=frozen.earlier if frozen else None,
        second_vote=bool(frozen and frozen.second_vote),
        why_not_open=_why_not_open(motion, steps.get(MotionStep.OPEN_VOTE.value)),
        resolution=resolution,
    )


def read_clauses(clauses: Iterable[Clause], effects: Effects | None = None) -> list[ClauseText]:
    """The clauses as one sentence reads: numbered where they are operative, each but the last ending in a semicolon.

    What was struck, or fell when it was voted apart, is no longer part of it.
    """
    standing = (clause for clause in clauses if clause.fallen_by_id is None)
    ordered = sorted(standing, key=lambda clause: (clause.kind == ClauseKind.OPERATIVE, clause.position))
    read, number = [], 0
    for clause in ordered:
        operative = clause.kind == ClauseKind.OPERATIVE
        number += operative
        text = clause.text.rstrip().rstrip(";,").rstrip()
        full_stop = clause is ordered[-1]
        # A clause of several sentences brings its own last stop, and a question its mark.
        bare = text if text.endswith(("…", "!", "?")) else text.rstrip(".")
        end = ("" if bare.endswith(("…", "!", "?")) else ".") if full_stop else ";"
        lines = effects.of(clause.position) if effects else ()
        read.append(
            ClauseText(clause=clause, number=number if operative else None, text=bare, end=end, lines=lines)
        )
    return read


def _keep(row: Any, name: str, found: list[Any]) -> None:
    """Let the procedure read the rows fetched here instead of asking for them again."""
    rows = getattr(row, name).all()
    rows._result_cache = found
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows


def _why_not_open(motion: Motion, step: Step[Any, Any] | None) -> str:
    if step is None:
        return ""
    return records.not_votable(motion) if step.allowed else step.reason
