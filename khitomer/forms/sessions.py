"""What the GM writes of an evening at the table."""

from typing import Any

from django import forms

from khitomer.forms.campaigns import OnceForm
from khitomer.forms.fields import MarkdownField


class SessionForm(OnceForm):
    title = forms.CharField(max_length=80, help_text="Everyone reads it.")
    on = forms.DateField(
        label="Evening", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    gm_notes = MarkdownField(
        label="GM notes", required=False, help_text="For you and your co-GMs alone. Markdown."
    )

    def given(self) -> dict[str, Any]:
        """What was given, as the actions take it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "token"}


class EditSessionForm(SessionForm):
    recap = MarkdownField(required=False, help_text="What happened, for everyone at the table. Markdown.")


class AgendaForm(OnceForm):
    title = forms.CharField(label="Point", max_length=120, help_text="Everyone reads it.")
    gm_note = forms.CharField(
        label="GM note", max_length=500, required=False, help_text="For you and your co-GMs alone."
    )

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "token"}
