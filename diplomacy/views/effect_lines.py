"""What the effects of a motion do, before → after, as one viewer may know it.

Before enactment the lines are a preview; afterwards they are what the ledger holds. An effect on a clock, an entry or
an event that is kept from the viewer leaves no line, no gap and no count; only of a disclosure everyone reads that
there is one. What may be named is judged by what the viewer may see now, not by what the resolution would show them;
and of an entry's audience nobody but the GM reads more than whom a disclosure names.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from diplomacy.actions import settlements
from diplomacy.actions.resolutions import clause_effects, effect_positions, preview_motion
from diplomacy.forms.previews import weighed_for
from diplomacy.models import Motion, Offer, Resolution
from diplomacy.rules import effects as rules
from diplomacy.rules.wording import says_after, what_changes
from khitomer.access import Viewer
from khitomer.errors import Refused
from khitomer.models import Change as LedgerRow
from khitomer.rules import changes


@dataclass(frozen=True, kw_only=True)
class Line:
    """One effect: the position of its clause, a sentence, and what was or will be before and after.

    `kept` says that not everyone at the table may see it; `undone` that it was taken back; `owed` that it is an
    obligation, which changes no state; `repeals` that it takes back what another resolution changed.
    """

    position: int
    sentence: str
    before: str = ""
    after: str = ""
    kept: bool = False
    undone: bool = False
    owed: bool = False
    repeals: bool = False

    @property
    def subject(self) -> str:
        """The sentence without its figures, where before → after stands beside it and would say them again."""
        return what_changes(self.sentence) if self.shows_change else self.sentence

    @property
    def shows_change(self) -> bool:
        """Whether before → after tells more than the sentence does."""
        return bool(self.before or self.after) and not says_after(self.sentence, self.after)


@dataclass(frozen=True, kw_only=True)
class Effects:
    """The lines that a viewer may see, and for the GM why the effects cannot be made as things stand."""

    lines: tuple[Line, ...] = ()
    impossible: str = ""

    @property
    def taken_back(self) -> tuple[Line, ...]:
        """What a repeal takes back, as long as it is a preview."""
        return tuple(line for line in self.lines if line.repeals)

    def of(self, position: int) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.position == position)


def effects_of(viewer: Viewer, motion: Motion, resolution: Resolution | None = None) -> Effects:
    """The effects of a motion for this viewer: from the ledger once enacted, else as a preview.

    Fetch `clauses__effects` before, and select `repeals`. A motion without effects costs no query.
    """
    clauses = clause_effects(motion.clauses.all())
    if motion.repeals_id is None and not any(clause.effects for clause in clauses):
        return Effects()
    owed = obligation_lines(viewer, clauses)
    if resolution is not None and resolution.enacted_at is not None:
        return Effects(lines=(*recorded_lines(viewer, clauses, resolution.source), *owed))
    try:
        planned = preview_motion(
            motion, number=resolution.number if resolution else 0, weighed=partial(weighed_for, viewer)
        )
    except Refused as refused:
        # The reason may name what only the GM knows of.
        return Effects(lines=owed, impossible=str(refused) if viewer.is_gm else "")
    told = Told.of(viewer, [each.step.change for each in planned])
    seen = (
        replace(line, repeals=each.repeals)
        for each in planned
        if (line := line_of(viewer, told, each.position, each.step))
    )
    return Effects(lines=(*seen, *owed))


def terms_of(viewer: Viewer, offer: Offer) -> Effects:
    """The same of an offer's effects: from the ledger once the settlement had effect, else as a preview."""
    clauses = settlements.effects_of(offer)
    owed = obligation_lines(viewer, clauses)
    if offer.enacted_at is not None:
        return Effects(lines=(*recorded_lines(viewer, clauses, offer.source), *owed))
    made = settlements.changes_of(offer)
    planned = [made[place] for place in sorted(weighed_for(viewer, made))]
    told = Told.of(viewer, planned)
    try:
        steps = settlements.preview_changes(offer, planned)
    except Refused as refused:
        # The reason may name what only the GM knows of; a party reads it of what the party knows.
        if viewer.is_gm:
            return Effects(lines=owed, impossible=str(refused))
        try:
            steps = settlements.preview_changes(offer, [each for each in planned if told.hears_of(each)])
        except Refused as known:
            return Effects(lines=owed, impossible=str(known))
    seen = (line for step in steps if (line := line_of(viewer, told, 1, step)))
    return Effects(lines=(*seen, *owed))


def line_of(viewer: Viewer, told: "Told", position: int, step: changes.Step) -> Line | None:
    """What a step of a preview shows this viewer; None where it shows them nothing."""
    change = step.change
    if not (told.hears_of(change) and _may_see(viewer, step)):
        unseen = _UNSEEN.get(type(change))
        return Line(position=position, sentence=unseen) if unseen else None
    audience = _tells_audience(change) and not viewer.is_gm
    return Line(
        position=position,
        sentence=step.sentence,
        before="" if audience else step.before,
        after="" if audience else step.after,
        kept=step.audience != "all" or not told.everyone_hears_of(change),
    )


_UNSEEN: Mapping[type[changes.Change], str] = {
    changes.DiscloseEntry: rules.DISCLOSED_UNSEEN,
    changes.CloseEntry: "The disclosure of an entry is taken back",
}
"""What everyone may read of changes whose matter they may not know."""


def _tells_audience(change: changes.Change) -> bool:
    """Whether before → after of a change says who may see an entry."""
    return isinstance(change, (changes.DiscloseEntry, changes.CloseEntry))


def _may_see(viewer: Viewer, step: changes.Step) -> bool:
    if viewer.is_gm or step.audience == "all":
        return True
    own = viewer.power is not None and viewer.power.slug in step.told
    return step.audience == "powers" and (own or viewer.user.username in step.persons)


def obligation_lines(viewer: Viewer, clauses: Sequence[rules.ClauseEffects]) -> tuple[Line, ...]:
    owed = rules.obligations_of(clauses)
    if not owed:
        return ()
    names = rules.Names(powers=dict(viewer.campaign.powers.values_list("slug", "name")))
    return tuple(
        Line(position=each.position, sentence=rules.describe(each.obligation, names), owed=True)
        for each in owed
    )


def recorded_lines(viewer: Viewer, clauses: Sequence[rules.ClauseEffects], source: str) -> Iterable[Line]:
    """The rows of the ledger under this source, those aside that touch what the viewer may not know of."""
    rows = list(viewer.campaign.ledger.filter(source=source).select_related("undone_by").order_by("ordinal"))
    made = [changes.from_json(row.payload["change"]) for row in rows]
    told = Told.of(viewer, made)
    positions = effect_positions(clauses)
    for row, change, position in zip(rows, made, positions, strict=False):
        if told.hears_of(change):
            audience = _tells_audience(change) and not viewer.is_gm
            yield Line(
                position=position,
                sentence=row.sentence,
                before="" if audience else row.before,
                after="" if audience else row.after,
                kept=viewer.is_gm and not told.everyone_hears_of(change),
                undone=_is_undone(row),
            )
        elif isinstance(change, changes.DiscloseEntry):
            yield Line(position=position, sentence=rules.DISCLOSED_UNSEEN, undone=_is_undone(row))


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """The row of the ledger that tells when a resolution took effect, and the one that tells of its undoing."""

    made: LedgerRow | None = None
    undone: LedgerRow | None = None


def recorded(resolution: Resolution | Offer, *, for_gm: bool = False) -> Recorded:
    """When the effects came and went, by the story's dates. For anyone but the GM from what is everyone's alone."""
    if resolution.enacted_at is None:
        return Recorded()
    rows = resolution.campaign.ledger.filter(source=resolution.source).select_related("undone_by__by")
    told = [row for row in rows if for_gm or _key(changes.from_json(row.payload["change"])) is None]
    undos = [row.undone_by for row in told if _is_undone(row)]
    last = max(undos, key=lambda row: row.sequence, default=None) if resolution.undone_at else None
    return Recorded(made=told[0] if told else None, undone=last)


def _is_undone(row: LedgerRow) -> bool:
    return hasattr(row, "undone_by")


@dataclass(frozen=True)
class Told:
    """The clocks and entries that changes touch and this viewer, or everyone, may know of as yet, by slug.

    Of a clock whose face is hidden that is the GM alone: how far it moved is what hiding it keeps.
    """

    viewer: frozenset[tuple[str, str]]
    everyone: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, viewer: Viewer, made: Iterable[changes.Change]) -> "Told":
        named = {key for change in made if (key := _key(change))}
        seen: set[tuple[str, str]] = set()
        everyone: set[tuple[str, str]] = set()
        for kind, rows in (("clock", viewer.campaign.clocks), ("entry", viewer.campaign.entries)):
            slugs = [slug for of, slug in named if of == kind]
            if slugs:
                found = rows.visible_to(viewer).filter(slug__in=slugs)
                faces = found.filter(hidden=False) if kind == "clock" else found
                seen |= {(kind, row.slug) for row in (found if viewer.is_gm else faces).only("slug")}
                everyone |= {(kind, row.slug) for row in faces.filter(audience="all").only("slug")}
        return cls(frozenset(seen), frozenset(everyone))

    def hears_of(self, change: changes.Change) -> bool:
        key = _key(change)
        return key is None or key in self.viewer

    def everyone_hears_of(self, change: changes.Change) -> bool:
        key = _key(change)
        return key is None or key in self.everyone


def _key(change: changes.Change) -> tuple[str, str] | None:
    """What a change touches that may be kept from someone; a resolution's own events are for everyone."""
    match change:
        case changes.TickClock():
            return "clock", change.clock
        case changes.SetFate() | changes.DiscloseEntry() | changes.CloseEntry():
            return "entry", change.entry
    return None
