"""The knobs of a charter as a form: every one, with its sentence, or the few of a quick one."""

import re
from fractions import Fraction
from typing import Any

from django import forms

from diplomacy.rules.charter_words import (
    BASES,
    FEATURES,
    GROUPS,
    KINDS,
    MODES,
    PRESET_WORDS,
    TIES,
    WORDS,
    share_words,
)
from diplomacy.rules.charters import BOUNDS, PRESETS, Knobs, Mode, faults
from diplomacy.rules.procedure import Charter, Feature
from diplomacy.rules.tally import Base, Kind, Tie

SHARES = [
    (str(share), share_words(share)) for share in map(Fraction, ("1/3", "1/2", "3/5", "2/3", "3/4", "1"))
]
"""What is offered where a share is typed."""

# Nothing longer: a number with an exponent could take a day to write out.
_FRACTION = re.compile(r"(\d{1,3})\s*/\s*(\d{1,3})", re.ASCII)
_PER_CENT = re.compile(r"(\d{1,3})\s*%", re.ASCII)
_DECIMAL = re.compile(r"[01]|0?\.\d{1,3}|1\.0{1,3}", re.ASCII)


class ShareField(forms.CharField):
    """A share typed as "2/3", "60 %", "0.5", "0" or "1", kept as an exact fraction; empty is None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        given = {"list": "shares", "autocomplete": "off", "spellcheck": "false", "maxlength": "20"}
        self.widget.attrs.update(given)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Fraction):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            if found := _FRACTION.fullmatch(text):
                return Fraction(int(found[1]), int(found[2]))
            if found := _PER_CENT.fullmatch(text):
                return Fraction(int(found[1]), 100)
            if _DECIMAL.fullmatch(text):
                return Fraction(text)
        except ZeroDivisionError:
            pass
        raise forms.ValidationError("A share is typed as a fraction, such as 1/2 or 2/3, or as 60 %.")


def _number(name: str) -> forms.IntegerField:
    least, most = BOUNDS[name]
    said = f"This lies between {least} and {most}."
    return forms.IntegerField(
        min_value=least, max_value=most, error_messages={"min_value": said, "max_value": said}
    )


def _choice(words: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=[(each.value, said) for each, said in words.items()])


class KnobsForm(forms.Form):
    """Every knob. `preset` is the one it was last filled from; what differs is marked against it."""

    preset = forms.ChoiceField(
        choices=[(each.value, word.label) for each, word in PRESET_WORDS.items()], widget=forms.HiddenInput
    )
    features = forms.MultipleChoiceField(
        choices=[(each.value, f"{word.label}: {word.help}") for each, word in FEATURES.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kind = _choice(KINDS)
    threshold = ShareField()
    at_least = forms.BooleanField(required=False)
    base = _choice(BASES)
    minimum_yes = _number("minimum_yes")
    weight_threshold = ShareField(required=False)
    weight_base = _choice(BASES)
    blocking_minority = _number("blocking_minority")
    veto = forms.BooleanField(required=False)
    quorum = ShareField()
    quorum_more_than = forms.BooleanField(required=False)
    tie = _choice(TIES)
    finding_threshold = ShareField(required=False)
    finding_at_least = forms.BooleanField(required=False)
    procedural_abstention = forms.BooleanField(required=False)
    mode = _choice(MODES)
    sponsors_needed = _number("sponsors_needed")
    speaking_seconds = _number("speaking_seconds")
    answer_days = _number("answer_days")
    parley_days = _number("parley_days")
    objection_days = _number("objection_days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label, field.help_text = WORDS[name].label, WORDS[name].help

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields as they are laid out."""
        return [(title, [self[name] for name in names]) for title, names in GROUPS]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            for name, fault in faults(self.knobs()).items():
                self.add_error(name, fault)
        return given

    def knobs(self) -> Knobs:
        """The charter as the rules know it, once every field could be read."""
        given = self.cleaned_data
        return Knobs(
            **{
                **given,
                "preset": Charter(given["preset"]),
                "features": frozenset(map(Feature, given["features"])),
                "kind": Kind(given["kind"]),
                "base": Base(given["base"]),
                "weight_base": Base(given["weight_base"]),
                "tie": Tie(given["tie"]),
                "mode": Mode(given["mode"]),
            }
        )

    @classmethod
    def of(cls, knobs: Knobs) -> "KnobsForm":
        """The form filled with these knobs."""
        shown = {
            name: str(value) if isinstance(value, Fraction) else value for name, value in vars(knobs).items()
        }
        return cls(initial={**shown, "features": [each.value for each in knobs.features]})


class QuickCharterForm(forms.Form):
    """A preset, and the four knobs that a table turns most; what is left open stays as the charter has it."""

    preset = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    threshold = forms.ChoiceField(
        label="A motion is adopted by",
        required=False,
        choices=(
            ("", "What the charter says"),
            ("majority", "A simple majority: more yes than no"),
            ("two-thirds", "Two thirds of the votes"),
        ),
        help_text="A finding keeps its own share, where the charter gives it one.",
    )
    quorum = forms.ChoiceField(
        required=False,
        choices=(
            ("", "What the charter says"),
            ("0", "None: whoever comes, decides"),
            ("1/3", "A third of the members"),
            ("1/2", "Half of the members"),
            ("2/3", "Two thirds of the members"),
        ),
        help_text="Who must be in the room for a hearing and a vote.",
    )
    tie = forms.ChoiceField(
        label="When the votes are equal",
        required=False,
        choices=(("", "What the charter says"), *((each.value, words) for each, words in TIES.items())),
    )
    veto = forms.ChoiceField(
        label="Veto",
        required=False,
        choices=(
            ("", "What the charter says"),
            ("on", "Some seats hold one"),
            ("off", "Nobody holds one"),
        ),
        help_text="Which seats is set on the page of the seats.",
    )

    def offer(self, kept: str) -> None:
        """Offer the presets, and `kept` for leaving the charter as it is."""
        presets = [(each.value, f"{word.label}: {word.meaning}") for each, word in PRESET_WORDS.items()]
        field: Any = self.fields["preset"]
        field.choices = [("", kept), *presets]
        field.label = "How much procedure"
        # A radio that nothing was chosen of shows the first one.
        self.initial.setdefault("preset", "")

    def turned(self, charter: Knobs) -> Knobs:
        """The preset that was chosen, or else `charter`, with what was turned by itself."""
        given = self.cleaned_data
        base = PRESETS[Charter(given["preset"])] if given.get("preset") else charter
        values: dict[str, Any] = {**vars(base)}
        if given.get("threshold"):
            two_thirds = given["threshold"] == "two-thirds"
            values |= {"threshold": Fraction(2, 3) if two_thirds else Fraction(1, 2), "at_least": two_thirds}
        if given.get("quorum"):
            values["quorum"] = Fraction(given["quorum"])
        if given.get("tie"):
            values["tie"] = Tie(given["tie"])
        if given.get("veto"):
            values["veto"] = given["veto"] == "on"
        return Knobs(**values)
