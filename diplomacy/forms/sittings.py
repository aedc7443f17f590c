"""What is read at a sitting: what a seat asks the floor for, and what the clock is set to."""

from typing import Any

from django import forms

from diplomacy.models import PointRuling, Side, SpeechKind
from khitomer.forms.campaigns import OnceForm

ASKS = {
    "for": (SpeechKind.SPEECH, Side.FOR),
    "against": (SpeechKind.SPEECH, Side.AGAINST),
    "neither": (SpeechKind.SPEECH, Side.NEITHER),
    "reply": (SpeechKind.REPLY, Side.NEITHER),
    "point": (SpeechKind.POINT, Side.NEITHER),
}
"""What a button of the speakers' list sends, and what it asks for."""


class AskForm(forms.Form):
    """A place on the speakers' list."""

    seat = forms.IntegerField()
    ask = forms.ChoiceField(choices=[(name, name) for name in ASKS])
    about = forms.CharField(required=False, max_length=300)

    def values(self) -> dict[str, Any]:
        """What the action takes, but for the seat."""
        kind, side = ASKS[self.cleaned_data["ask"]]
        return {"kind": kind.value, "side": side.value, "about": self.cleaned_data["about"]}


class ClockForm(forms.Form):
    """What the clock is for, and its minutes."""

    label = forms.CharField(max_length=60, required=False)
    minutes = forms.FloatField(min_value=0.1, max_value=24 * 60)

    @property
    def seconds(self) -> int:
        return round(self.cleaned_data["minutes"] * 60)


class PointForm(forms.Form):
    """The chair's ruling on a point of order."""

    ruling = forms.ChoiceField(choices=PointRuling.choices)
    reason = forms.CharField(required=False, max_length=500)


class LinkForm(OnceForm):
    """Where a wall screen hangs, to tell its link from others."""

    label = forms.CharField(
        label="Which screen is it for?",
        max_length=60,
        required=False,
        help_text="For yourself, to know it by: the TV, the projector.",
    )
