"""What is read of a motion's clauses: as many as the drafter makes, with or without JavaScript.

What was typed is read into plain clauses, one button's step is done to them (add, remove, move, add an effect), and
the forms are made anew from that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from diplomacy.actions.motions import MOST_CLAUSES, MOST_EFFECTS, MOST_EFFECTS_IN_ALL
from diplomacy.forms.effects import EffectForm, Offers, values_of_effect
from diplomacy.forms.phrases import OWN_WORDS, DraftClause
from diplomacy.models import Motion
from diplomacy.rules import effects as rules


class ClauseForm(forms.Form):
    """One clause's words. `own` is a phrase of the drafter's own, asked for where none of the list will do."""

    phrase = forms.ChoiceField(label="Phrase", widget=forms.Select(attrs={"data-kind-select": ""}))
    own = forms.CharField(label="Your own phrase", max_length=40, required=False)
    text = forms.CharField(
        label="Text", max_length=800, widget=forms.Textarea(attrs={"rows": 2}), required=False
    )

    def __init__(self, *args: Any, phrases: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["phrase"].choices = [*phrases, ("Your own words", _OWN)]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("phrase") in OWN_WORDS and not given.get("own") and given.get("text"):
            self.add_error("own", "Write the phrase with which the clause begins.")
        return given

    def phrase_and_kind(self, kinds: Mapping[str, str]) -> tuple[str, str]:
        """The phrase, chosen or written, and the kind of clause it makes; after `is_valid`."""
        chosen = self.cleaned_data["phrase"]
        return (self.cleaned_data["own"] if chosen in OWN_WORDS else chosen), kinds[chosen]


_OWN = [
    ("own-preambular", "Preambular, in your own words…"),
    ("own-operative", "Operative, in your own words…"),
]


@dataclass
class ClauseRow:
    """A clause on the page: its form and those of its effects."""

    index: int
    form: ClauseForm
    effects: list[EffectForm]
    operative: bool
    first: bool
    last: bool

    @property
    def number(self) -> int:
        return self.index + 1

    @property
    def carries(self) -> bool:
        """Whether its effects should stand open: it has one, or what was typed in one will not do."""
        return any(form["kind"].value() or form.errors for form in self.effects)


def clause_rows(
    clauses: list[DraftClause], *, bound: bool, phrases: list[Any], kinds: Mapping[str, str], offers: Offers
) -> list[ClauseRow]:
    """The clauses as forms. `kinds` says which phrases make an operative clause, the only kind that has effects.

    A long motion has an empty effect waiting at its first clauses alone; the others are given one by their button.
    """
    spared = range(MOST_EFFECTS_IN_ALL - _carried(clauses))
    return [
        ClauseRow(
            index=index,
            form=ClauseForm(
                **_values(
                    {"phrase": clause.phrase, "own": clause.own, "text": clause.text},
                    f"clause-{index}",
                    bound,
                ),
                phrases=phrases,
            ),
            effects=[
                EffectForm(**_values(effect, f"clause-{index}-effect-{place}", bound), offers=offers)
                for place, effect in enumerate(_with_spare(clause, kinds, spare=index in spared))
            ],
            operative=kinds.get(clause.phrase) == "operative",
            first=index == 0,
            last=index == len(clauses) - 1,
        )
        for index, clause in enumerate(clauses)
    ]


def take(clauses: list[DraftClause], step: str) -> None:
    """Do what the pressed button says to the clauses. What it does not understand is left alone."""
    verb, _, rest = step.partition(":")
    places = [int(each) for each in rest.split(":") if each.isascii() and each.isdigit() and len(each) < 4]
    index = places[0] if places else -1
    if verb == "add" and len(clauses) < MOST_CLAUSES:
        clauses.append(DraftClause(phrase="Decides"))
    if not 0 <= index < len(clauses):
        return
    clause = clauses[index]
    if verb == "remove":
        clauses.pop(index)
    elif verb == "up" and index > 0:
        clauses[index - 1], clauses[index] = clauses[index], clauses[index - 1]
    elif verb == "down" and index + 1 < len(clauses):
        clauses[index + 1], clauses[index] = clauses[index], clauses[index + 1]
    elif verb == "effect" and len(clause.effects) < MOST_EFFECTS and _carried(clauses) < MOST_EFFECTS_IN_ALL:
        clause.effects.append({})
    elif verb == "drop" and len(places) == 2 and places[1] < len(clause.effects):
        clause.effects.pop(places[1])


def _carried(clauses: Iterable[DraftClause]) -> int:
    return sum(len(clause.effects) for clause in clauses)


def read_clauses(data: Mapping[str, str]) -> list[DraftClause]:
    """The clauses of a post as they were typed, whatever they are worth.

    A number of effects is believed no further than effects were sent, and no further than a motion may have: each
    becomes a form of many choices, and a few bytes must not ask for hundreds of them.
    """
    clauses = [
        DraftClause(
            phrase=data.get(f"clause-{index}-phrase", ""),
            own=data.get(f"clause-{index}-own", "").strip(),
            text=data.get(f"clause-{index}-text", "").replace("\r\n", "\n").strip(),
            effects=[
                _read_effect(data, f"clause-{index}-effect-{place}")
                for place in range(_counted(data.get(f"clause-{index}-effects"), MOST_EFFECTS))
                if f"clause-{index}-effect-{place}-kind" in data
            ],
        )
        for index in range(_counted(data.get("clauses"), MOST_CLAUSES))
    ]
    left = MOST_EFFECTS_IN_ALL
    for clause in clauses:
        del clause.effects[left:]
        left -= len(clause.effects)
    return clauses


def _read_effect(data: Mapping[str, str], prefix: str) -> dict[str, str]:
    values = {name: data.get(f"{prefix}-{name}", "") for name in EffectForm.base_fields}
    if isinstance(data, QueryDict):
        values["powers"] = " ".join(data.getlist(f"{prefix}-powers"))
    return values


def _counted(text: str | None, most: int) -> int:
    return min(int(text), most) if text and text.isascii() and text.isdigit() and len(text) < 4 else 0


def _values(values: Mapping[str, str], prefix: str, bound: bool) -> dict[str, Any]:
    if not bound:
        return {"initial": values, "prefix": prefix}
    return {"data": {f"{prefix}-{name}": value for name, value in values.items()}, "prefix": prefix}


def _with_spare(clause: DraftClause, kinds: Mapping[str, str], *, spare: bool) -> list[dict[str, str]]:
    """Its effects, and where it has none and may have one, an empty one to fill in."""
    if clause.effects or kinds.get(clause.phrase) != "operative" or not spare:
        return clause.effects
    return [{}]


def effects_of(effects: Iterable[dict[str, str]], offers: Offers) -> Iterable[rules.Effect]:
    """Those of the typed effects that can be read."""
    for values in effects:
        form = EffectForm(data=values, offers=offers)
        if form.is_valid() and form.payload:
            yield rules.parse(form.payload)


def clauses_of(motion: Motion) -> list[DraftClause]:
    """A motion's clauses as they are drafted on."""
    return [
        DraftClause(
            phrase=clause.phrase,
            text=clause.text,
            effects=[values_of_effect(effect.payload) for effect in clause.effects.all()],
        )
        for clause in motion.clauses.all()
    ]
