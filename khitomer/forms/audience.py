"""Who may know of something: asked the same way of everything that can be kept from someone."""

from typing import Any

from django import forms

from khitomer.forms.campaigns import OnceForm
from khitomer.forms.fields import RowsField
from khitomer.models import Audience, Campaign, Membership, Power


class PersonsField(RowsField):
    """Members of the campaign who do not run it, by name and with the power they speak for."""

    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.user} ({obj.power.name})" if obj.power else str(obj.user)


class AudienceForm(OnceForm):
    """Who may know: the GM, named powers and persons, or everyone. Only those of the campaign can be named."""

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
        help_text="Whoever speaks for them, now or later, and you.",
        template_name="parts/named-powers.html",
    )
    persons = PersonsField(
        queryset=Membership._default_manager.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Which persons",
        help_text="These people alone, whichever power they speak for.",
        template_name="parts/named-powers.html",
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["powers"].queryset = campaign.powers.all()  # type: ignore[attr-defined]
        self.fields["persons"].queryset = players_of(campaign)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        named = given.get("audience") == Audience.POWERS
        wrong = "powers" in self.errors or "persons" in self.errors
        if named and not given.get("powers") and not given.get("persons") and not wrong:
            self.add_error("audience", "Name at least one power or person, or choose another audience.")
        return given


def players_of(campaign: Campaign) -> Any:
    """The members who can be told something that not everyone is: all who do not run the campaign."""
    return campaign.memberships.players().select_related("user", "power").order_by("user__name", "pk")
