"""What the GM writes of the powers and of how they stand."""

import re
from typing import Any

from django import forms

from khitomer.drawing.emblems import EMBLEMS
from khitomer.forms.campaigns import OnceForm
from khitomer.forms.fields import MarkdownField
from khitomer.models import Power
from khitomer.rules.changes import HIGHEST, LOWEST, signed

WHY_HELP = "Stands in the ledger beside the change."
SHORT = re.compile(r"[A-Z]{2,4}")
COLOUR = re.compile(r"#[0-9a-f]{6}")
STANDINGS = {5: "allied", 3: "friendly", 0: "indifferent", -3: "hostile", -5: "war"}
REFUSED_AT = {"short name": "short", "adjective": "adjective", "aliases": "aliases", "colour": "colour",
              "name": "name", "address": "name"}  # fmt: skip
"""Which words of a refusal belong to which field of the form; the longer before what is part of it."""


class WhyForm(OnceForm):
    """A change of the ledger: what is asked, and why. The reason comes last."""

    why = forms.CharField(label="Why", max_length=300, required=False, help_text=WHY_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "why"])


class PowerForm(WhyForm):
    name = forms.CharField(max_length=60, help_text="In full, as it stands in a treaty.")
    short = forms.CharField(
        label="Short name",
        max_length=4,
        help_text="Two to four capitals, which no other power bears: UFP, KLI. It stands wherever room is scarce.",
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    adjective = forms.CharField(max_length=40, help_text="As in “Klingon delegate”.")
    aliases = forms.CharField(
        label="Also called", max_length=200, required=False, help_text="Other names, with commas."
    )
    colour = forms.CharField(
        widget=forms.TextInput(attrs={"type": "color"}),
        initial="#8fbdff",
        help_text="Its bar, its seat and its cards are drawn in it. The short name always stands beside it.",
    )
    emblem = forms.ChoiceField(
        choices=[(each.key, each.shows) for each in EMBLEMS.values()], widget=forms.RadioSelect
    )
    summary = MarkdownField(label="What it is", required=False)

    def clean_short(self) -> str:
        short = str(self.cleaned_data["short"]).upper()
        if not SHORT.fullmatch(short):
            raise forms.ValidationError("Two to four letters from A to Z.")
        return short

    def clean_colour(self) -> str:
        colour = str(self.cleaned_data["colour"]).lower()
        if not COLOUR.fullmatch(colour):
            raise forms.ValidationError("A colour such as #7fb2ff.")
        return colour

    def values(self) -> dict[str, str]:
        """What was given, less what belongs to the form and not to the power."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("token", "why")}


def initial_of(power: Power) -> dict[str, str]:
    """A power's fields as its form first shows them."""
    return {name: getattr(power, name) for name in PowerForm.base_fields if hasattr(power, name)}


def standing_words(value: int) -> str:
    """A standing as it is chosen: "+3 friendly", "+2"."""
    return f"{signed(value)} {STANDINGS.get(value, '')}".strip()


class StandingForm(WhyForm):
    value = forms.TypedChoiceField(
        label="They stand at",
        coerce=int,
        choices=[(value, standing_words(value)) for value in range(HIGHEST, LOWEST - 1, -1)],
        help_text="One standing for both: how each regards the other.",
    )
