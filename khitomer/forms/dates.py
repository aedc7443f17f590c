"""Evenings that the GM proposes."""

import datetime

from django import forms

ROWS = 4


class EveningForm(forms.Form):
    """One proposed evening; a row left empty is none."""

    on = forms.DateField(
        label="Evening", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    starts = forms.TimeField(
        label="From", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def clean_on(self) -> datetime.date | None:
        on: datetime.date | None = self.cleaned_data["on"]
        if on is not None and not 2000 <= on.year <= 2200:
            raise forms.ValidationError("That is no evening of ours.")
        return on

    def clean(self) -> dict[str, object]:
        given = super().clean() or self.cleaned_data
        if given.get("starts") and not given.get("on") and "on" not in self.errors:
            self.add_error("on", "On which day?")
        return given


Evenings = forms.formset_factory(EveningForm, extra=ROWS, max_num=ROWS, absolute_max=12)
