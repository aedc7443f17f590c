"""A charter in words: what each knob means at the table, and how it is turned.

The forms, the page of a conference's rules and docs/guide/gm.md all say the same sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from diplomacy.rules.charters import PRESETS, Knobs, Mode, turned
from diplomacy.rules.steps import Charter, Feature
from diplomacy.rules.tally import Base, Kind, Tie


@dataclass(frozen=True, kw_only=True)
class Word:
    """A knob as people read it: its label, one sentence on what it means at the table, and the rule it follows."""

    label: str
    meaning: str
    source: str = ""

    @property
    def help(self) -> str:
        """The sentence with its source behind it."""
        return f"{self.meaning} ({self.source})" if self.source else self.meaning


def _word(label: str, meaning: str, source: str = "") -> Word:
    return Word(label=label, meaning=meaning, source=source)


FEATURES: Mapping[Feature, Word] = {
    Feature.PARLEY: _word(
        "Parley first",
        "The parties talk in a sealed channel before anyone rules; the complaint goes on when time is up.",
        "DSU arts. 4 and 5",
    ),
    Feature.OBJECTIONS: _word(
        "Objections",
        "The respondent may object once to jurisdiction before the ruling.",
        "ICJ Rules art. 79bis",
    ),
    Feature.FLOOR: _word(
        "The floor",
        "Motions are ruled in order, seconded and debated, and each party is heard or noted in default.",
        "GA rules 35, 71 and 78",
    ),
    Feature.AMENDMENTS: _word(
        "Amendments",
        "Clauses may be changed from the floor, and what is furthest from the text is voted first.",
        "GA rule 90",
    ),
    Feature.DIVISION: _word("Division", "A seat may ask that a clause be voted apart.", "GA rule 89"),
    Feature.APPEALS: _word(
        "Appeals", "A seat may ask the conference to overrule its chair, by a simple majority.", "GA rule 71"
    ),
    Feature.RECONSIDERATION: _word(
        "Reconsideration", "A decided motion may be taken up again by two thirds.", "GA rule 81"
    ),
    Feature.COMPLIANCE: _word(
        "Compliance",
        "After a breach is found, the docket waits until what was ordered is done.",
        "DSU art. 21",
    ),
    Feature.REVIEW: _word(
        "Review and countermeasures",
        "Compliance may be disputed, and countermeasures pass unless all reject them.",
        "DSU arts. 21.5 and 22.6",
    ),
}

WORDS: Mapping[str, Word] = {
    "preset": _word("Preset", "How much procedure the table wants, before any knob is turned by itself."),
    "features": _word("Parts of the procedure", "What this table uses of the full procedure."),
    "kind": _word(
        "How a motion carries",
        "By counting votes, or by asking whether anyone is against it.",
        "DSU arts. 2.4 and 16.4",
    ),
    "threshold": _word(
        "Share of yes votes",
        "How much of the votes a motion needs: one half, two thirds, or any fraction.",
        "GA rules 83 to 86",
    ),
    "at_least": _word(
        "The share itself is enough",
        "With this, exactly two thirds carries; without it, it takes more than the share.",
    ),
    "base": _word(
        "Share of what",
        "Who is counted below the line: votes cast, everyone in the room, or all members.",
        "GA rule 86",
    ),
    "minimum_yes": _word(
        "Yes votes at least",
        "A motion also needs this many yes votes; 0 asks for none beyond the share.",
        "UN Charter art. 27",
    ),
    "weight_threshold": _word(
        "Share of the weights",
        "The seats that vote yes must also weigh this much together; empty counts heads alone.",
        "TEU art. 16(4)",
    ),
    "weight_base": _word(
        "Share of which weights",
        "Whose weights are counted: of votes cast, of those in the room, or of all members.",
    ),
    "blocking_minority": _word(
        "Blocking minority",
        "Fewer than this many seats without a yes cannot stop a motion by their weight; 0 leaves it to the weights.",
        "TEU art. 16(4)",
    ),
    "veto": _word(
        "Some seats hold a veto",
        "A no from a seat with a veto defeats a motion; which seats hold one is set on the page of the seats.",
        "UN Charter art. 27(3)",
    ),
    "quorum": _word(
        "Quorum",
        "How much of the membership must be in the room for a hearing and a vote; 0 asks for none.",
        "GA rule 67",
    ),
    "quorum_more_than": _word(
        "More than the quorum",
        "With this, the room needs more than that share; without it, the share itself will do.",
    ),
    "tie": _word(
        "When the votes are equal",
        "What happens to a motion with as many yes as no.",
        "GA rule 95; ICJ Statute art. 55(2)",
    ),
    "finding_threshold": _word(
        "Share for a finding",
        "A share of its own for whether there was a breach; empty votes it like everything else.",
        "GA rule 83",
    ),
    "finding_at_least": _word(
        "For a finding, the share itself is enough",
        "With this, exactly that share carries a finding; without it, it takes more.",
    ),
    "procedural_abstention": _word(
        "Abstaining on procedure",
        "With this, a seat may abstain on procedural motions; without it, it is yes or no.",
    ),
    "mode": _word(
        "How ballots are given", "How votes are given unless the chair says otherwise.", "GA rule 87"
    ),
    "sponsors_needed": _word(
        "Sponsors of a motion",
        "How many delegations must sign a draft, its mover among them, before it is submitted.",
    ),
    "speaking_seconds": _word(
        "Speaking time", "How many seconds a speaker has before the clock runs out.", "GA rule 72"
    ),
    "answer_days": _word(
        "Days to answer",
        "Story days for the respondent's first word in the parley; then the complaint may go on.",
        "DSU art. 4.3: 10",
    ),
    "parley_days": _word(
        "Days of parley",
        "Story days after docketing until the complainant may refer the complaint to the chair.",
        "DSU art. 4.7: 60",
    ),
    "objection_days": _word(
        "Days to object",
        "Story days after referral in which the respondent may object to jurisdiction.",
        "ICJ Rules art. 79bis",
    ),
}
"""Every knob of `Knobs`, with the one sentence that is said of it everywhere."""

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("The procedure", ("features",)),
    ("The room and the floor", ("quorum", "quorum_more_than", "sponsors_needed", "speaking_seconds")),
    ("Time-limits", ("answer_days", "parley_days", "objection_days")),
    (
        "The vote",
        (
            "kind",
            "threshold",
            "at_least",
            "base",
            "minimum_yes",
            "tie",
            "veto",
            "mode",
            "procedural_abstention",
        ),
    ),
    ("A finding", ("finding_threshold", "finding_at_least")),
    ("Weights", ("weight_threshold", "weight_base", "blocking_minority")),
)
"""The knobs as they are laid out on a page."""

PRESET_WORDS: Mapping[Charter, Word] = {
    Charter.QUICK: _word("Quick", "File, rule, one hearing, one vote, one resolution."),
    Charter.STANDARD: _word(
        "Standard",
        "Adds the parley, the floor and its speakers, amendments, compliance, and two thirds for a finding.",
    ),
    Charter.FULL: _word(
        "Full", "Adds objections, appeals, division, reconsideration, review and countermeasures."
    ),
}

KINDS: Mapping[Kind, str] = {
    Kind.MAJORITY: "By a share of the votes",
    Kind.CONSENSUS: "By consensus: unless someone present votes no",
    Kind.REVERSE_CONSENSUS: "By reverse consensus: unless somebody votes no and nobody votes yes",
}
BASES: Mapping[Base, str] = {
    Base.CAST: "of the votes cast, yes and no",
    Base.PRESENT: "of those in the room",
    Base.MEMBERSHIP: "of all members",
}
TIES: Mapping[Tie, str] = {
    Tie.CASTING: "The chair gives a casting vote",
    Tie.REJECT: "The motion is rejected",
    Tie.SECOND_VOTE: "The conference votes once more",
}
MODES: Mapping[Mode, str] = {
    Mode.OPEN: "Open: each choice is shown when the vote closes",
    Mode.ROLL_CALL: "Roll call: each choice is read aloud when the vote closes",
    Mode.HANDS: "Show of hands: the chair counts, and keys it in",
    Mode.SECRET: "Secret: nobody learns who cast what",
}

_FRACTIONS = {
    Fraction(1, 4): "a quarter",
    Fraction(1, 3): "a third",
    Fraction(1, 2): "half",
    Fraction(3, 5): "three fifths",
    Fraction(2, 3): "two thirds",
    Fraction(3, 4): "three quarters",
    Fraction(1): "all",
}


def share_words(share: Fraction) -> str:
    """A share as it is said: "two thirds", "none", "7/12"."""
    return "none" if share == 0 else _FRACTIONS.get(share, str(share))


def value_words(name: str, knobs: Knobs) -> str:
    """How one knob is turned, in words."""
    if name == "features":
        return (
            ", ".join(FEATURES[each].label.lower() for each in Feature if each in knobs.features)
            or "none of them"
        )
    if name == "preset":
        return PRESET_WORDS[knobs.preset].label
    value = getattr(knobs, name)
    if name in _CHOSEN:
        return _lower(_CHOSEN[name][value])
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "as every motion" if name == "finding_threshold" else "heads alone"
    if isinstance(value, Fraction):
        return share_words(value)
    return f"{value}{_UNITS.get(name, '')}"


_CHOSEN: Mapping[str, Mapping[str, str]] = {
    "kind": {key.value: word for key, word in KINDS.items()},
    "base": {key.value: word for key, word in BASES.items()},
    "weight_base": {key.value: word for key, word in BASES.items()},
    "tie": {key.value: word for key, word in TIES.items()},
    "mode": {key.value: word for key, word in MODES.items()},
}
_UNITS = {
    "speaking_seconds": " seconds",
    "answer_days": " story days",
    "parley_days": " story days",
    "objection_days": " story days",
}


def name_of(knobs: Knobs) -> str:
    """What a charter is called: its preset, and "changed" once a knob was turned by itself."""
    name = PRESET_WORDS[knobs.preset].label
    return f"{name}, changed" if turned(knobs) else name


@dataclass(frozen=True, kw_only=True)
class Told:
    """One knob as a reader finds it: the value, and what the preset has instead where they differ."""

    name: str
    word: Word
    value: str
    preset: str
    changed: bool


def told(knobs: Knobs) -> tuple[tuple[str, tuple[Told, ...]], ...]:
    """The whole charter for a reader, group by group; of the procedure, one line a part."""
    changed = set(turned(knobs))
    preset = PRESETS[knobs.preset]
    groups: list[tuple[str, tuple[Told, ...]]] = []
    for title, names in GROUPS:
        lines: list[Told] = []
        for name in names:
            if name == "features":
                lines += [_feature_told(each, knobs, preset) for each in Feature]
                continue
            lines.append(
                Told(
                    name=name,
                    word=WORDS[name],
                    value=value_words(name, knobs),
                    preset=value_words(name, preset),
                    changed=name in changed,
                )
            )
        groups.append((title, tuple(lines)))
    return tuple(groups)


def _feature_told(feature: Feature, knobs: Knobs, preset: Knobs) -> Told:
    value, usual = ("yes" if feature in each.features else "no" for each in (knobs, preset))
    return Told(name=feature.value, word=FEATURES[feature], value=value, preset=usual, changed=value != usual)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def changes(before: Knobs, after: Knobs) -> tuple[str, ...]:
    """What was turned between two charters, in words: "Quorum: half → two thirds"."""
    return tuple(
        f"{WORDS[name].label}: {value_words(name, before)} → {value_words(name, after)}"
        for _, names in GROUPS
        for name in names
        if getattr(before, name) != getattr(after, name)
    )
