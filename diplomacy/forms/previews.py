"""What the effects of a draft would do, before → after, for whoever is drafting."""

from collections.abc import Sequence
from dataclasses import dataclass

from diplomacy.actions.resolutions import inverses_of
from diplomacy.forms.motions import Drafting
from diplomacy.rules import effects as rules
from diplomacy.rules.wording import says_after, what_changes
from khitomer.access import Viewer
from khitomer.actions import chronicle
from khitomer.errors import Refused
from khitomer.rules.changes import Change, CloseEntry, DiscloseEntry, Step, TickClock


@dataclass(frozen=True)
class Line:
    """One effect in a few words, and what it would change. An obligation changes nothing, so it has only words."""

    words: str
    before: str = ""
    after: str = ""

    @property
    def subject(self) -> str:
        """The sentence without its figures, where before → after stands beside it and would say them again."""
        return what_changes(self.words) if self.shows_change else self.words

    @property
    def shows_change(self) -> bool:
        """Whether before → after tells more than the sentence does."""
        return bool(self.before or self.after) and not says_after(self.words, self.after)


@dataclass(frozen=True)
class Preview:
    """The lines that this drafter may see, or why the effects cannot be."""

    lines: tuple[Line, ...] = ()
    refused: str = ""


def preview_of(drafting: Drafting) -> Preview:
    """What enacting the draft today would change, what it repeals taken back first.

    Asks for the campaign's state only where there is an effect.
    """
    campaign, viewer = drafting.viewer.campaign, drafting.viewer
    clauses = drafting.clause_effects()
    owed = tuple(
        Line(rules.describe(each.obligation, drafting.offers.names()))
        for each in rules.obligations_of(clauses)
    )
    inverses = inverses_of(drafting.repealed)
    changes = (*inverses, *rules.changes_of(clauses, on=campaign.today, resolution=0))
    changes = tuple(changes[place] for place in sorted(weighed_for(viewer, changes)))
    if not changes:
        return Preview(lines=owed)
    try:
        steps = chronicle.preview(campaign, changes)
    except Refused as refused:
        # Why another resolution cannot be taken back may name what only the GM knows of.
        told = viewer.is_gm or not inverses
        return Preview(lines=owed, refused=str(refused) if told else "As things stand it cannot be enacted.")
    seen = (_line(viewer, step) for step in steps if _may_see(viewer, step))
    return Preview(lines=(*seen, *owed))


def _line(viewer: Viewer, step: Step) -> Line:
    """Of a disclosure a delegate reads whom it names; who knew before is the GM's to know."""
    if isinstance(step.change, (DiscloseEntry, CloseEntry)) and not viewer.is_gm:
        return Line(step.sentence)
    return Line(step.sentence, step.before, step.after)


def _may_see(viewer: Viewer, step: Step) -> bool:
    """What an effect does to something kept from others shows to nobody but those who know of it."""
    if viewer.is_gm or step.audience == "all":
        return True
    own = viewer.power is not None and viewer.power.slug in step.told
    return step.audience == "powers" and (own or viewer.user.username in step.persons)


def weighed_for(viewer: Viewer, changes: Sequence[Change]) -> frozenset[int]:
    """The places of the changes that a preview for this viewer weighs.

    Those of a clock whose run they may not read are left out: whether it can move so far would tell how far it has run.
    """
    ticked = {change.clock for change in changes if isinstance(change, TickClock)}
    unread: set[str] = set()
    if ticked:
        clocks = viewer.campaign.clocks.unread_by(viewer).filter(slug__in=ticked)
        unread = set(clocks.values_list("slug", flat=True))
    return frozenset(
        place
        for place, change in enumerate(changes)
        if not (isinstance(change, TickClock) and change.clock in unread)
    )
