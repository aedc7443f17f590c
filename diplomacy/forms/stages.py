"""What is read when a party adds to the record or objects, and when a power joins as a third party."""

from collections.abc import Sequence
from typing import Any

from django import forms

from diplomacy.actions.stages import INTEREST_LENGTH, OBJECTION_LENGTH
from khitomer.forms.fields import MarkdownField
from khitomer.models import Power


class InTheNameOf(forms.Form):
    """A form in the name of a power: hidden for who speaks for one, a choice for a chair who speaks for several."""

    power = forms.ChoiceField(
        label="In the name of", error_messages={"invalid_choice": "Choose one of these."}
    )

    def __init__(self, *args: Any, voices: Sequence[Power], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.voices = {power.slug: power for power in voices}
        field: Any = self.fields["power"]
        field.choices = [(power.slug, power.name) for power in voices]
        if len(voices) == 1:
            field.widget = forms.HiddenInput()
            field.initial = voices[0].slug

    @property
    def speaker(self) -> Power:
        """Who speaks, after `is_valid`."""
        return self.voices[self.cleaned_data["power"]]


class SupplementForm(InTheNameOf):
    text = MarkdownField(label="Supplement", widget=forms.Textarea(attrs={"rows": 6}))


class ObjectionForm(InTheNameOf):
    text = forms.CharField(
        label="Objection",
        max_length=OBJECTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Why the chair should not hear it. Once, and never edited.",
    )


class JoinForm(InTheNameOf):
    interest = forms.CharField(
        label="What is at stake for it",
        max_length=INTEREST_LENGTH,
        help_text="In a line, for everyone to read.",
    )
