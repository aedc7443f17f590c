"""What the GM writes of territory and zones."""

from typing import Any

from django import forms

from khitomer.actions.naming import address_of
from khitomer.forms.fields import RowField, RowsField, StoryDateField
from khitomer.forms.powers import WhyForm
from khitomer.models import Campaign, Power

AT_TERRITORY = {"holds": "to", "held": "on", "a territory": "name"}
AT_ZONE = {"a zone": "name", "between nobody": "powers", "set up": "on", "abolished": "on"}
"""Which words of a refusal belong to which field."""

NOBODY = "-"
"""What is chosen where no power is to hold a territory: no slug."""


def powers_of(form: forms.Form, name: str, campaign: Campaign) -> None:
    """Let a field of a form offer the powers of the campaign."""
    form.fields[name].queryset = campaign.powers.all()  # type: ignore[attr-defined]


class TerritoryForm(WhyForm):
    """A sector or a world. `cleaned_data["slug"]` is what its address will be."""

    name = forms.CharField(max_length=80)
    holder = RowField(
        queryset=Power._default_manager.none(),
        required=False,
        empty_label="Nobody on record",
        label="Held by",
    )
    since = StoryDateField(
        required=False,
        help_text="A year, a month or a day. Leave it empty if it was held before the record begins.",
    )
    note = forms.CharField(max_length=300, required=False, help_text="Where it lies, and why it matters.")

    field_order = ("name", "holder", "since", "note", "why")

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        powers_of(self, "holder", campaign)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        given["slug"] = address_of(given.get("name", ""), most=80, otherwise="territory")
        if given.get("since") and not given.get("holder") and "holder" not in self.errors:
            self.add_error("holder", "Say who has held it since then.")
        return given


class MoveForm(WhyForm):
    """To whom a territory passes, and when."""

    to = forms.ChoiceField(label="Passes to")
    on = StoryDateField(label="On")
    note = forms.CharField(max_length=200, required=False, help_text="How it came about, in a few words.")

    field_order = ("to", "on", "note", "why")

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.powers = {power.slug: power for power in campaign.powers.all()}
        named = [(slug, power.name) for slug, power in self.powers.items()]
        self.fields["to"].choices = [("", "Choose"), (NOBODY, "Nobody"), *named]  # type: ignore[attr-defined]

    def clean_to(self) -> Power | None:
        """The power chosen, or None for nobody."""
        return self.powers.get(self.cleaned_data["to"])


class ZoneForm(WhyForm):
    """A zone between powers. `cleaned_data["slug"]` is what its address will be."""

    name = forms.CharField(max_length=80)
    powers = RowsField(
        queryset=Power._default_manager.none(),
        widget=forms.CheckboxSelectMultiple,
        label="Between",
        help_text="Two powers or more.",
    )
    established = StoryDateField(
        label="Set up",
        required=False,
        help_text="A year, a month or a day. Leave it empty if it was there before the record begins.",
    )
    note = forms.CharField(max_length=300, required=False, help_text="Where it runs, and what it forbids.")

    field_order = ("name", "powers", "established", "note", "why")

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        powers_of(self, "powers", campaign)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        given["slug"] = address_of(given.get("name", ""), most=80, otherwise="zone")
        return given


class AbolishForm(WhyForm):
    """When a zone is abolished."""

    on = StoryDateField(label="Abolished on")
