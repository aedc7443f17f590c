"""How a sheet is to be printed, as a person chooses it beside the sheet."""

from collections.abc import Collection
from typing import Any

from django import forms

from khitomer.rules.press import BLEEDS, Paper, Press, Sides, Turn

PAPERS = [(Paper.A4, "A4"), (Paper.LETTER, "Letter")]
TURNS = [(Turn.PORTRAIT, "Upright"), (Turn.LANDSCAPE, "Lying")]
SIDES = [
    (Sides.ONE, "On one side"),
    (Sides.LONG, "On both, turned about the long edge"),
    (Sides.SHORT, "On both, turned about the short edge"),
    (Sides.FOLD, "On one, folded over"),
]


class PressForm(forms.Form):
    """Paper and edges, sides, ink and size. What a sheet has no use for is not asked, and stays as it was."""

    paper = forms.ChoiceField(choices=PAPERS, required=False)
    turn = forms.ChoiceField(label="Which way round", choices=TURNS, required=False)
    sides = forms.ChoiceField(label="Printed", choices=SIDES, required=False)
    bleed = forms.TypedChoiceField(
        label="Bleed",
        coerce=int,
        choices=[(each, f"{each} mm" if each else "None") for each in BLEEDS],
        required=False,
        help_text="How far colour runs over the edge that is cut.",
    )
    marks = forms.BooleanField(label="Cut and fold marks", required=False)
    ink_saving = forms.BooleanField(label="Save ink", required=False)
    large = forms.BooleanField(label="Large print", required=False)

    def __init__(
        self,
        *args: Any,
        turns: bool = True,
        cut: bool = True,
        backs: bool = True,
        single: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for names, wanted in ((("turn",), turns), (("bleed", "marks"), cut), (("sides",), not single)):
            if not wanted:
                for name in names:
                    del self.fields[name]
        if not backs and not single:
            self.fields["sides"].choices = SIDES[:3]  # type: ignore[attr-defined]

    def chosen(self, before: Press, asked: Collection[str]) -> Press:
        """What was chosen of what was asked, on top of how it was before."""
        given = {name: value for name, value in self.cleaned_data.items() if name in asked}
        return before.but(
            {
                name: ("1" if value else "0") if isinstance(value, bool) else value
                for name, value in given.items()
            }
        )


class NoteForm(forms.Form):
    """What was printed, how often, and to whom it was given, by the token of their copy."""

    title = forms.CharField(max_length=160)
    path = forms.CharField(max_length=300, required=False)
    handout = forms.CharField(max_length=80, required=False)
    to = forms.CharField(max_length=80)
    copies = forms.IntegerField(min_value=1, max_value=99)
    show = forms.BooleanField(required=False)

    def mistakes(self) -> list[str]:
        """What is wrong, in words."""
        return [f"{name}: {said}" for name, errors in self.errors.items() for said in errors]
