"""What is read when a party speaks in a parley, and when it makes an offer with terms and typed effects."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from diplomacy.actions.motions import MOST_EFFECTS
from diplomacy.actions.parleys import LONGEST_MESSAGE, LONGEST_NOTE, LONGEST_TERMS
from diplomacy.forms.clauses import clause_rows, effects_of, read_clauses, take
from diplomacy.forms.effects import EffectForm, Offers, values_of_effect
from diplomacy.forms.phrases import DraftClause
from diplomacy.models import Offer
from diplomacy.rules import effects as rules
from khitomer.access import Viewer
from khitomer.errors import Refused
from khitomer.forms import refuse
from khitomer.forms.campaigns import OnceForm, form_token
from khitomer.forms.fields import MarkdownField, StoryDateField
from khitomer.models import Power
from khitomer.rules.dates import StoryDate


class VoiceForm(OnceForm):
    """A form in the name of a party: of one's own, or for the GM of one that no player sits for."""

    power = forms.ChoiceField(label="In the name of", error_messages={"invalid_choice": "Choose a party."})

    def __init__(self, *args: Any, voices: Sequence[Power], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.voices = {power.slug: power for power in voices}
        field: Any = self.fields["power"]
        field.choices = [(power.slug, power.name) for power in voices]
        if len(voices) == 1:
            field.widget = forms.HiddenInput()
            field.initial = voices[0].slug

    @property
    def speaker(self) -> Power:
        """Who speaks, after `is_valid`."""
        return self.voices[self.cleaned_data["power"]]


class SayForm(VoiceForm):
    text = MarkdownField(
        label="To the other parties", max_length=LONGEST_MESSAGE, widget=forms.Textarea(attrs={"rows": 4})
    )


class NoteForm(OnceForm):
    """The GM's one line about what the parties said at the table."""

    note = forms.CharField(
        label="At the table",
        max_length=LONGEST_NOTE,
        help_text="A captains’ meeting in one line. The parties and you alone read it.",
    )


class HeadForm(VoiceForm):
    terms = MarkdownField(
        max_length=LONGEST_TERMS,
        help_text="What each party would do. Once all accept, everyone may read it. Markdown.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    lapses_on = StoryDateField(
        label="Last day to accept", required=False, help_text="Such as 2379-03-20. Empty, it stands."
    )


class Offering:
    """An offer being written: its terms, and as many typed effects as its maker gives it.

    An answer to another begins with what that one says. `step` is what the pressed button asks for; empty, the offer
    is to be made. The effects are read as those of one clause, with the fields and the buttons that a motion's have.
    """

    def __init__(
        self,
        *,
        viewer: Viewer,
        voices: Sequence[Power],
        data: Any = None,
        answers: Offer | None = None,
    ) -> None:
        self.viewer, self.offers = viewer, Offers.to(viewer)
        self.repealed = None  # what the preview asks of a motion: an offer takes no resolution back
        self.step = data.get("do", "") if data is not None else ""
        self.saving = data is not None and not self.step
        self.clause = DraftClause(phrase="")
        for typed in read_clauses(data or {})[:1]:
            self.clause.effects = typed.effects
        if data is None and answers:
            self.clause.effects = _begun_from(answers, self.offers)
        take([self.clause], self.step)
        values = {name: data.get(name, "") for name in HeadForm.base_fields} if data is not None else {}
        if data is None and answers:
            values = {"terms": answers.terms}
        given: dict[str, Any] = {"data": values} if self.saving else {"initial": _filled(values)}
        self.head = HeadForm(voices=voices, **given)
        bound = self.saving or self.step == "check"
        (self.row,) = clause_rows(
            [self.clause], bound=bound, phrases=[], kinds={"": "operative"}, offers=self.offers
        )

    @property
    def effects(self) -> list[EffectForm]:
        return self.row.effects

    @property
    def may_add(self) -> bool:
        return len(self.effects) < MOST_EFFECTS

    def is_valid(self) -> bool:
        """Whether all of it can be read. Effects left without a kind are passed over."""
        return all([self.head.is_valid(), *(form.is_valid() for form in self.effects)])

    def fields(self) -> dict[str, Any]:
        """What the action wants, after `is_valid`."""
        day: StoryDate | None = self.head.cleaned_data["lapses_on"]
        return {
            "power": self.head.speaker,
            "terms": self.head.cleaned_data["terms"],
            "lapses_on": day,
            "effects": [form.payload for form in self.effects if form.payload],
        }

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside what it is about."""
        refuse(self.head, refused)

    def clause_effects(self) -> list[rules.ClauseEffects]:
        """The effects that can be read so far, for the preview."""
        return [rules.ClauseEffects(position=1, effects=tuple(effects_of(self.clause.effects, self.offers)))]


def _begun_from(answers: Offer, offers: Offers) -> list[dict[str, str]]:
    """The effects of the offer that is answered, less what names a thing that is kept from whoever answers it."""
    known = {"entry": dict(offers.entries), "clock": dict(offers.clocks)}
    typed = [values_of_effect(payload) for payload in answers.effects]
    return [
        values
        for values in typed
        if all(values.get(name, "") in ("", *names) for name, names in known.items())
    ]


def _filled(values: Mapping[str, str]) -> dict[str, str]:
    """What was typed, without what was left empty: a token of its own for a form that had none."""
    return {"token": form_token(), **{name: value for name, value in values.items() if value}}
