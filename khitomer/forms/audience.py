"""Who may know of something: asked the same way of everything that can be kept from someone."""

from typing import Any

from django import forms

from khitomer.forms.campaigns import OnceForm
from khitomer.models import Audience, Campaign, Power


class AudienceForm(OnceForm):
    """Who may know: the GM, named powers, or everyone. Only powers of the campaign can be named."""

    audience = forms.ChoiceField(label="Who may know", choices=Audience.choices, widget=forms.RadioSelect)
    powers = forms.ModelMultipleChoiceField(
        queryset=Power._default_manager.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Named powers",
        help_text="For “named powers”: the players of these, and nobody else.",
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["powers"].queryset = campaign.powers.all()  # type: ignore[attr-defined]
