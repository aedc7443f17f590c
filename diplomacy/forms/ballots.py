"""What is read when a vote is opened, a ballot cast, a tie decided and a resolution undone."""

from django import forms

from diplomacy.models import MODES
from diplomacy.rules.tally import Choice


class OpenVoteForm(forms.Form):
    """How the ballots are given; and why now, where it is not the vote's turn."""

    mode = forms.ChoiceField(
        label="How the vote is taken",
        choices=MODES,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "A vote is open, by roll call, by show of hands or secret."},
    )
    reason = forms.CharField(
        label="Why it is put to the vote now",
        max_length=500,
        required=False,
        help_text="It is set down as an overrule.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class BallotForm(forms.Form):
    """One seat's choice."""

    seat = forms.IntegerField(widget=forms.HiddenInput, error_messages={"invalid": "Say for which seat."})
    choice = forms.ChoiceField(choices=[(choice.value, choice.value.capitalize()) for choice in Choice])
    receipt = forms.CharField(required=False, max_length=40)


class PledgeForm(forms.Form):
    """How a seat says that it will vote; nothing takes the pledge back."""

    seat = forms.IntegerField()
    choice = forms.ChoiceField(
        choices=[("", "None"), *((choice.value, choice.value.capitalize()) for choice in Choice)],
        required=False,
    )


class ReceiptForm(forms.Form):
    """The receipt of a secret ballot, as its holder types it."""

    receipt = forms.CharField(max_length=40)


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
