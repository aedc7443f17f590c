"""What is read when a vote is opened, a ballot cast, a tie decided and a resolution undone."""

from django import forms

from diplomacy.models import MODES
from diplomacy.rules.tally import Choice


class OpenVoteForm(forms.Form):
    """How the ballots are given."""

    mode = forms.ChoiceField(
        label="How the vote is taken",
        choices=MODES[:2],
        widget=forms.RadioSelect,
    )


class BallotForm(forms.Form):
    """One seat's choice."""

    seat = forms.IntegerField(widget=forms.HiddenInput, error_messages={"invalid": "Say for which seat."})
    choice = forms.ChoiceField(choices=[(choice.value, choice.value.capitalize()) for choice in Choice])


class CastingForm(forms.Form):
    """The chair's own choice after a tie."""

    choice = forms.ChoiceField(choices=[(choice.value, choice.value.capitalize()) for choice in Choice])


class UndoForm(forms.Form):
    """Why a resolution is taken back."""

    why = forms.CharField(
        label="Why it is undone",
        max_length=280,
        strip=True,
        help_text="One or two sentences. They stand in the ledger beside every change that is taken back.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
