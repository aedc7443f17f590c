"""What is jotted down while the game goes on."""

from typing import Any

from django import forms

from khitomer.forms.campaigns import OnceForm
from khitomer.forms.fields import MarkdownField
from khitomer.models import Campaign, EntryKind, Kind


class QuickEntryForm(OnceForm):
    """A name, a kind and a line: an entry for the GM alone, to be filled out later."""

    name = forms.CharField(max_length=80, label="Name")
    kind = forms.ModelChoiceField(
        queryset=Kind._default_manager.none(), to_field_name="key", empty_label=None
    )
    text = MarkdownField(
        required=False, label="A line about it", help_text="", widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="quick_%s", **kwargs)
        self.fields["kind"].queryset = campaign.kinds.all()  # type: ignore[attr-defined]
        self.fields["kind"].initial = EntryKind.NOTE
