"""A resolution as it is listed, read and printed.

The page is for one viewer. The instrument is for everyone: it holds the public text alone, so that no copy of it can
tell what only some may know.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from diplomacy import records_votes as records
from diplomacy.models import Complaint, Obligation, ObligationState, Resolution
from diplomacy.records import called
from diplomacy.records_compliance import Standing, standing_of
from diplomacy.rules.steps import and_
from diplomacy.rules.tally import Choice, Status
from diplomacy.rules.wording import adopted, on_the_day, roman
from diplomacy.views.compliance_panel import Owed, owed_of, tag_of
from diplomacy.views.effect_lines import Effects, Recorded, effects_of, recorded
from diplomacy.views.motion_page import ClauseText, read_clauses
from khitomer.access import Viewer

LINE = 80  # letters in a line of the printed sheet, on either paper
AIRY = 8  # lines of clauses up to which there is room for wide spaces


@dataclass(frozen=True, kw_only=True)
class ResolutionRow:
    """A resolution in the list."""

    resolution: Resolution
    standing: Standing
    owed: tuple[tuple[Obligation, str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ResolutionPage:
    """A resolution as one viewer reads it."""

    resolution: Resolution
    standing: Standing
    preamble: tuple[ClauseText, ...]
    operative: tuple[ClauseText, ...]
    effects: Effects
    owed: tuple[Owed, ...]
    adopted: str
    may_enact: bool
    may_undo: bool
    recorded: Recorded

    @property
    def changes(self) -> tuple[object, ...]:
        """The lines that change the campaign's state; obligations stand by themselves."""
        return tuple(line for line in self.effects.lines if not line.owed and not line.repeals)

    @property
    def lapsed(self) -> int:
        """How many of the recorded changes were taken back."""
        return sum(line.undone for line in self.effects.lines)


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """What stands on the printed resolution."""

    resolution: Resolution
    numeral: str
    treaty: str
    complaint: Complaint | None
    parties: str
    heard: str
    preamble: tuple[ClauseText, ...]
    operative: tuple[ClauseText, ...]
    obligations: tuple[Obligation, ...]
    adopted: str
    undone: str = ""

    @property
    def tight(self) -> bool:
        """Whether the text is long enough that it is set closer, so that one page holds what nearly fits on one."""
        clauses = [*self.preamble, *self.operative]
        lines = sum(1 + len(f"{each.clause.phrase} {each.text}") // LINE for each in clauses)
        return lines > AIRY


def row_of(resolution: Resolution) -> ResolutionRow:
    """A resolution in the list. Fetch its obligations with their powers before."""
    today = resolution.campaign.today
    return ResolutionRow(
        resolution=resolution,
        standing=standing_of(resolution),
        owed=tuple((each, *tag_of(each, today)) for each in resolution.obligations.all()),
    )


def page_of(viewer: Viewer, resolution: Resolution) -> ResolutionPage:
    """A resolution for this viewer, with the effects that they may know of."""
    motion = resolution.motion
    prefetch_related_objects([motion], "clauses__effects")
    effects = effects_of(viewer, motion, resolution)
    clauses = read_clauses(motion.clauses.all(), effects)
    standing = standing_of(resolution)
    return ResolutionPage(
        resolution=resolution,
        recorded=recorded(resolution, for_gm=viewer.is_gm),
        standing=standing,
        preamble=_preamble(clauses),
        operative=_operative(clauses),
        effects=effects,
        owed=owed_of(viewer, _obligations(resolution)),
        adopted=_adopted(resolution),
        # The word for what may still take effect is “adopted”.
        may_enact=viewer.is_gm and standing.word == "adopted",
        may_undo=viewer.is_gm and resolution.enacted_at is not None and resolution.undone_at is None,
    )


def instrument_of(resolution: Resolution) -> Instrument:
    """The public text of a resolution, without a word of what it does beyond its clauses and obligations."""
    motion = resolution.motion
    conference, complaint = motion.conference, motion.complaint
    clauses = read_clauses(motion.clauses.all())
    at = f"at {conference.place} " if conference.place else ""
    parties = ""
    if complaint is not None and complaint.respondent is not None:
        parties = f"{called(complaint.complainant)} against {and_(map(called, complaint.respondents))}"
    return Instrument(
        resolution=resolution,
        numeral=roman(resolution.number),
        treaty=conference.treaty.name,
        complaint=complaint,
        parties=parties,
        heard=f"{at}{on_the_day(conference.on)}",
        preamble=_preamble(clauses),
        operative=_operative(clauses),
        obligations=tuple(
            each for each in resolution.obligations.all() if each.state != ObligationState.VOID
        ),
        adopted=_adopted(resolution),
        undone=_undone(resolution),
    )


def _undone(resolution: Resolution) -> str:
    """The mark that a resolution bears on paper once it has no effect, or none meanwhile."""
    said = standing_of(resolution).sentence
    if said or resolution.undone_at is None:
        return said
    row = recorded(resolution).undone
    when = f" {on_the_day(row.story_date)}" if row else ""
    return f"The effects of this resolution were undone{when}."


def _preamble(clauses: Sequence[ClauseText]) -> tuple[ClauseText, ...]:
    return tuple(each for each in clauses if each.number is None)


def _operative(clauses: Sequence[ClauseText]) -> tuple[ClauseText, ...]:
    return tuple(each for each in clauses if each.number is not None)


def _adopted(resolution: Resolution) -> str:
    """How it was adopted, in a sentence."""
    motion = resolution.motion
    tally = records.stored_tally(motion)
    if tally is None:
        return ""
    recused = sum(status == Status.RECUSED for status in motion.electors.values_list("status", flat=True))
    casting = Choice(motion.casting) if motion.casting else None
    return adopted(tally, records.frozen_vote(motion).rule, recused=recused, casting=casting)


def _obligations(resolution: Resolution) -> list[Obligation]:
    """What it obliges whom to do, each knowing the one resolution, so that nothing asks for it again."""
    found = list(resolution.obligations.select_related("power", "clause"))
    for each in found:
        each.resolution = resolution
    return found
