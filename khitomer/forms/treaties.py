"""What the GM writes of treaties: who is bound, by which provisions, with which reservations and uses."""

from typing import Any, get_args

from django import forms

from khitomer.forms.fields import MarkdownField, RowField, StoryDateField
from khitomer.forms.powers import WhyForm
from khitomer.models import Adherence, Campaign, Power, Treaty
from khitomer.rules.changes import Manner

MANNERS = {
    "withdrawn": "It withdraws",
    "suspended": "It is suspended",
    "released": "It is released",
}
AT_TREATY = {"The numeral": "numeral", "The address": "name", "signing": "signed"}
AT_SPAN = {"cannot leave": "left"}
AT_PROVISION = {"no number": "number", "a provision": "number", "The text": "text", "limit": "exemption_limit",
                "window": "exemption_window_days"}  # fmt: skip
"""Which words of a refusal belong to which field."""


class AsOfForm(forms.Form):
    """The day that a treaty's page answers for: `as-of` in the address."""

    day = StoryDateField(required=False)

    def add_prefix(self, field_name: str) -> str:
        return "as-of"


class TreatyForm(WhyForm):
    name = forms.CharField(max_length=80)
    numeral = forms.CharField(
        max_length=8, help_text="The first half of its provisions’ labels: II gives II·1, II·2 and so on."
    )
    signed = StoryDateField()
    has_forum = forms.BooleanField(
        label="It has a forum",
        required=False,
        help_text="Its parties may file complaints and sit in conference.",
    )
    accrued_rights_survive = forms.BooleanField(
        label="Accrued rights survive withdrawal",
        required=False,
        help_text="A power that has left may still complain, and be charged, of what happened while it was bound.",
    )
    summary = MarkdownField(label="What it is", required=False)

    def values(self) -> dict[str, Any]:
        """What was given, less what belongs to the form and not to the treaty."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("token", "why")}


class ByPowerForm(WhyForm):
    """A change that concerns one power of the campaign."""

    power = RowField(queryset=Power._default_manager.none(), empty_label="Choose a power")

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["power"].queryset = campaign.powers.all()  # type: ignore[attr-defined]


class DatesForm(WhyForm):
    entered = StoryDateField(label="Bound from")
    left = StoryDateField(
        label="Free again from", required=False, help_text="Only for a span of the past that has ended."
    )
    note = forms.CharField(max_length=200, required=False, help_text="How it came about, in a few words.")


class SpanForm(ByPowerForm, DatesForm):
    """A power is bound by the treaty from a date."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["power", "entered", "left", "note", "why", "token"])


class CorrectSpanForm(DatesForm):
    """The right dates of a span, over those that are on record."""

    def differs_from(self, span: Adherence) -> bool:
        """Whether anything given is not on record already."""
        return any(self.cleaned_data[name] != getattr(span, name) for name in ("entered", "left", "note"))


class LeaveForm(WhyForm):
    on = StoryDateField(label="Free from")
    manner = forms.ChoiceField(
        label="How", choices=[(manner, MANNERS[manner]) for manner in get_args(Manner)]
    )


class ProvisionForm(WhyForm):
    number = forms.IntegerField(min_value=1, max_value=999)
    title = forms.CharField(max_length=120)
    text = MarkdownField()
    exemption = forms.CharField(
        max_length=300, required=False, help_text="What the provision leaves free, in one sentence."
    )
    exemption_limit = forms.IntegerField(
        label="Free up to",
        required=False,
        min_value=0,
        max_value=32_767,
        help_text="Recorded uses, by anyone; one more and use is widespread, and the exemption lapses.",
    )
    exemption_window_days = forms.IntegerField(
        label="Within",
        required=False,
        min_value=1,
        max_value=32_767,
        help_text="Days, ending with the day asked about.",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        limit, window = given.get("exemption_limit"), given.get("exemption_window_days")
        if (limit is None) != (window is None):
            missing = "exemption_limit" if limit is None else "exemption_window_days"
            if missing not in self.errors:
                self.add_error(
                    missing, "The limit of uses and the window of days go together: give both, or neither."
                )
        return given


class EditProvisionForm(ProvisionForm):
    number = None  # type: ignore[assignment]


class ReservationForm(ByPowerForm):
    on = StoryDateField(label="From", help_text="From this date the power excludes the provision for itself.")


class EndReservationForm(WhyForm):
    on = StoryDateField(label="Until", help_text="From this date the provision binds the power again.")


class UseForm(ByPowerForm):
    on = StoryDateField(label="Day of the use")
    note = forms.CharField(max_length=200, required=False, help_text="Where, and to what end.")


def initial_of(treaty: Treaty) -> dict[str, Any]:
    """A treaty's fields as its form first shows them."""
    return {name: getattr(treaty, name) for name in TreatyForm.base_fields if hasattr(treaty, name)}
