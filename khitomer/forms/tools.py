"""Dice and names, as they are asked for at the table."""

from typing import Any

from django import forms

from khitomer.actions.notation import EXAMPLES, LONGEST
from khitomer.forms.campaigns import OnceForm
from khitomer.rules import dice as rules


def number(label: str, allowed: range, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=allowed[0], max_value=allowed[-1], **kwargs)


class RollForm(OnceForm):
    """What every roll is asked: what for, and whether the GM alone sees it. Only a GM is asked that."""

    what = forms.CharField(label="What for", max_length=80, required=False)
    secret = forms.BooleanField(label="For the GM’s eyes alone", required=False)

    def __init__(self, *args: Any, is_gm: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_gm:
            del self.fields["secret"]

    def shared(self) -> dict[str, Any]:
        return {"what": self.cleaned_data["what"], "secret": self.cleaned_data.get("secret", False)}


class NotationForm(RollForm):
    notation = forms.CharField(
        label="Dice",
        max_length=LONGEST,
        help_text=f"{EXAMPLES}.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("notation",)


class TaskForm(RollForm):
    target = number(
        "Target number", rules.TARGETS, initial=11, help_text="Attribute and discipline together."
    )
    focus = number("Focus", rules.FOCI, initial=0, help_text="The discipline, where a focus applies; else 0.")
    difficulty = number("Difficulty", rules.DIFFICULTIES, initial=1)
    complication_range = number(
        "Complication range", rules.RANGES, initial=1, help_text="1: on a 20. 5: on 16 to 20."
    )
    dice = number("Dice", rules.DICE, initial=2)
    field_order = ("target", "difficulty", "dice", "focus", "complication_range")

    def task(self) -> rules.Task:
        names = ("target", "focus", "difficulty", "complication_range", "dice")
        return rules.Task(**{name: self.cleaned_data[name] for name in names})


class NamesForm(forms.Form):
    title = forms.CharField(
        label="List", max_length=60, help_text="Klingons, Risan innkeepers. A list that is there gets longer."
    )
    names = forms.CharField(
        label="Names", max_length=20_000, widget=forms.Textarea, help_text="One on each line."
    )
