"""What the GM writes into the archive, and for whom."""

from typing import Any

from django import forms

from khitomer.forms.campaigns import OnceForm
from khitomer.forms.fields import MarkdownField
from khitomer.forms.powers import WhyForm
from khitomer.models import Audience, Campaign, EntryKind, Power


class AudienceForm(OnceForm):
    """Something kept for the GM, for named powers or for everyone."""

    audience = forms.ChoiceField(
        label="Who sees it",
        choices=Audience.choices,
        initial=Audience.GM,
        widget=forms.Select(attrs={"data-kind-select": ""}),
    )
    powers = forms.ModelMultipleChoiceField(
        label="Which powers",
        queryset=Power._default_manager.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Their players alone, and you.",
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["powers"].queryset = campaign.powers.all()  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """What was given, as the actions take it."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "token"}
        return {**given, "audience": Audience(given["audience"])}


class EntryForm(AudienceForm):
    name = forms.CharField(max_length=80)
    kind = forms.ChoiceField(choices=EntryKind.choices, initial=EntryKind.NOTE)
    text = MarkdownField(
        required=False,
        help_text="Markdown. What only some may know belongs in a secret. [[A name]] leads to that entry.",
    )

    def given(self) -> dict[str, Any]:
        given = super().given()
        return {**given, "kind": EntryKind(given["kind"])}


class SecretForm(AudienceForm):
    text = MarkdownField(label="The secret")


class FateForm(WhyForm):
    fate = forms.CharField(
        max_length=40, required=False, help_text="Dead, in exile, lost with all hands. Empty says nothing."
    )
