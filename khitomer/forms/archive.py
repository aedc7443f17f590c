"""What the GM writes into the archive, and for whom."""

from typing import Any

from django import forms

from khitomer.forms.audience import AudienceForm
from khitomer.forms.fields import MarkdownField
from khitomer.forms.powers import WhyForm
from khitomer.models import Audience, EntryKind


class KeptForm(AudienceForm):
    """Something written into the archive, for the GM alone until it is told to others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].initial = Audience.GM

    def given(self) -> dict[str, Any]:
        """What was given, as the actions take it."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "token"}
        return {**given, "audience": Audience(given["audience"])}


class EntryForm(KeptForm):
    name = forms.CharField(max_length=80)
    kind = forms.ChoiceField(choices=EntryKind.choices, initial=EntryKind.NOTE)
    text = MarkdownField(
        required=False,
        help_text="Markdown. What only some may know belongs in a secret. [[A name]] leads to that entry.",
    )

    def given(self) -> dict[str, Any]:
        given = super().given()
        return {**given, "kind": EntryKind(given["kind"])}


class SecretForm(KeptForm):
    text = MarkdownField(label="The secret")


class FateForm(WhyForm):
    fate = forms.CharField(
        max_length=40, required=False, help_text="Dead, in exile, lost with all hands. Empty says nothing."
    )
