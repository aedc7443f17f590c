"""What is read when an amendment is moved: what it does to which clause, and the words and effects it brings."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from diplomacy.actions.amendments import Wording
from diplomacy.forms.clauses import clause_rows, read_clauses, take
from diplomacy.forms.effects import Offers
from diplomacy.forms.phrases import KIND_OF, OPERATIVE, OWN_WORDS, PREAMBULAR, DraftClause
from diplomacy.models import Clause, ClauseKind, Motion, Operation, Seat
from khitomer.access import Viewer
from khitomer.errors import Refused
from khitomer.forms import refuse


class AmendmentForm(forms.Form):
    """What stands above the words of an amendment."""

    operation = forms.ChoiceField(
        label="What it does",
        choices=Operation.choices,
        widget=forms.RadioSelect,
        initial=Operation.REPLACE.value,
    )
    clause = forms.ChoiceField(label="Which clause", required=False, help_text="To strike or to replace.")
    after = forms.TypedChoiceField(
        label="After which clause", required=False, coerce=int, empty_value=0, help_text="To add one."
    )
    effects = forms.ChoiceField(
        label="Its effects",
        required=False,
        choices=[("keep", "As they are"), ("new", "Those given below, or none")],
        help_text="Of a clause that is replaced.",
    )
    seat = forms.ChoiceField(label="Moved by")

    def __init__(self, *args: Any, clauses: Iterable[Clause], seats: list[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        standing = [each for each in clauses if each.fallen_by_id is None]
        named, number = [], 0
        for clause in standing:
            number += clause.kind == ClauseKind.OPERATIVE
            numbered = f"{number}. " if clause.kind == ClauseKind.OPERATIVE else ""
            named.append((clause, f"{numbered}{clause.phrase} {clause.text}"[:90]))
        fields["clause"].choices = [(str(clause.pk), words) for clause, words in named]
        first = [("0", "Before all others")]
        fields["after"].choices = first + [(str(clause.position), words) for clause, words in named]
        fields["seat"].choices = [(str(each.pk), each.power.name) for each in seats]
        if len(seats) == 1:
            fields["seat"].widget = forms.HiddenInput()
            fields["seat"].initial = str(seats[0].pk)


class Amending:
    """An amendment being drafted to a motion, from a post or from the clause that the address names.

    `step` is what the pressed button asks for; empty, the amendment is to be moved.
    """

    def __init__(
        self, *, viewer: Viewer, motion: Motion, seats: Iterable[Seat], data: Any = None, clause: str = ""
    ) -> None:
        self.motion = motion
        self.clauses = {
            str(each.pk): each
            for each in motion.clauses.prefetch_related("effects")
            if each.fallen_by_id is None
        }
        self.seats = {str(each.pk): each for each in seats if not each.observer}
        self.offers = Offers.to(viewer)
        self.step = data.get("do", "") if data is not None else ""
        self.saving = data is not None and not self.step
        if data is not None:
            head: Mapping[str, str] = {name: data.get(name, "") for name in AmendmentForm.base_fields}
            drafted = read_clauses(data)[:1] or [DraftClause(phrase="Decides")]
            if self.step.partition(":")[0] in ("effect", "drop"):
                take(drafted, self.step)
        else:
            operative = (each for each in self.clauses.values() if each.kind == ClauseKind.OPERATIVE)
            chosen = self.clauses.get(clause) or next(operative, None)
            head = {
                "operation": Operation.REPLACE.value,
                "clause": str(chosen.pk) if chosen else "",
                "effects": "keep",
            }
            drafted = [_drafted(chosen)] if chosen else [DraftClause(phrase="Decides")]
        given: dict[str, Any] = {"data": head} if self.saving else {"initial": head}
        self.head = AmendmentForm(clauses=self.clauses.values(), seats=list(self.seats.values()), **given)
        self.kinds = {**KIND_OF, **OWN_WORDS}
        for each in self.clauses.values():
            self.kinds.setdefault(each.phrase, each.kind)
        own = [each.phrase for each in self.clauses.values() if each.phrase not in KIND_OF]
        phrases = [
            ("Preambular: what is recalled and noted", [(each, each) for each in PREAMBULAR]),
            ("Operative: what is decided", [(each, each) for each in OPERATIVE]),
            *([("As this motion says", [(each, each) for each in dict.fromkeys(own)])] if own else []),
        ]
        self.row = clause_rows(
            drafted, bound=self.saving, phrases=phrases, kinds=self.kinds, offers=self.offers
        )[0]

    @property
    def operation(self) -> str:
        value: str = self.head["operation"].value() or ""
        return value

    def is_valid(self) -> bool:
        """Whether all that the operation needs can be read."""
        sound = [self.head.is_valid()]
        if self.operation != Operation.STRIKE:
            sound += [self.row.form.is_valid(), *(form.is_valid() for form in self.row.effects)]
        return all(sound)

    def fields(self) -> dict[str, Any]:
        """What the action wants, after `is_valid`."""
        given = self.head.cleaned_data
        fields: dict[str, Any] = {
            "operation": given["operation"],
            "seat": self.seats.get(given["seat"]),
            "clause": self.clauses.get(given["clause"]),
            "after": given["after"] or 0,
        }
        if given["operation"] != Operation.STRIKE:
            fields["wording"] = self._wording(keep=given["effects"] != "new")
        return fields

    def _wording(self, *, keep: bool) -> Wording:
        phrase, kind = self.row.form.phrase_and_kind(self.kinds)
        effects = tuple(form.payload for form in self.row.effects if form.payload)
        # Whoever writes effects means them, whatever stands chosen above.
        keep = keep and not effects and self.operation == Operation.REPLACE
        text = self.row.form.cleaned_data["text"]
        return Wording(kind=kind, phrase=phrase, text=text, effects=None if keep else effects)

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside what it is about."""
        form = self.row.form if refused.field in ("text", "phrase") else self.head
        refuse(form, refused)


def _drafted(clause: Clause) -> DraftClause:
    """The clause's words to begin from. Its effects are not repeated: they may name what the mover must not know."""
    return DraftClause(phrase=clause.phrase, text=clause.text, effects=[{}])
