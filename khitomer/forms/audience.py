"""Who may know of something: asked the same way of everything that can be kept from someone."""

from typing import Any

from django import forms

from khitomer.forms.campaigns import OnceForm
from khitomer.forms.fields import RowsField
from khitomer.models import Audience, Campaign, Power


class AudienceForm(OnceForm):
    """Who may know: the GM, named powers, or everyone. Only powers of the campaign can be named."""

    audience = forms.ChoiceField(
        label="Who may know",
        choices=Audience.choices,
        widget=forms.Select(attrs={"data-kind-select": ""}),
    )
    powers = RowsField(
        queryset=Power._default_manager.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Which powers",
        help_text="For “Named powers”: their players alone, and you.",
        template_name="parts/named-powers.html",
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["powers"].queryset = campaign.powers.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        named = given.get("audience") == Audience.POWERS
        if named and not given.get("powers") and "powers" not in self.errors:
            self.add_error("audience", "Name at least one power, or choose another audience.")
        return given
