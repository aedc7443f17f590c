"""What the GM writes into the archive, and for whom."""

from typing import Any

from django import forms

from khitomer.actions.labels import split_names
from khitomer.forms.audience import AudienceForm
from khitomer.forms.fields import MarkdownField, NameInput, StoryDateField
from khitomer.forms.powers import WhyForm
from khitomer.models import Audience, Campaign, Entry, EntryKind, Kind
from khitomer.reading import named
from khitomer.rules.kinds import Field, Sort, answer, read_fields
from khitomer.rules.names import LONGEST, fold


class KeptForm(AudienceForm):
    """Something written into the archive, for the GM alone until it is told to others.

    `began` says what the form of something that stands already began from (`khitomer.actions.versions`).
    """

    began = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].initial = Audience.GM

    def given(self) -> dict[str, Any]:
        """What was given, as the actions take it."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("token", "began")}
        return {**given, "audience": Audience(given["audience"])}


class NamesField(forms.CharField):
    """Several names, one a line or with commas between them; given as a list."""

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        kwargs |= {"widget": forms.Textarea(attrs={"rows": 2, "class": "few"})} if lines else {}
        super().__init__(strip=False, required=False, **kwargs)
        self.lines = lines

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "".join(f"{each}\n" for each in value) if self.lines else ", ".join(map(str, value))

    def to_python(self, value: Any) -> Any:
        return split_names(super().to_python(value))


class EntryNameField(forms.CharField):
    """An entry by its name or one of its others, whatever the capitals; given as its row."""

    widget = NameInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=LONGEST, **kwargs)
        self.entries: Any = None

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        if not name:
            return None
        if isinstance(self.initial, Entry) and fold(name) == fold(self.initial.name):
            return self.initial  # of two with one name the form had this one
        found = named(self.entries, [name]).get(fold(name))
        if found is None:
            raise forms.ValidationError(f"The archive has no “{name}”. Write the name of an entry.")
        return self.entries.get(pk=found.pk)


class EntryForm(KeptForm):
    """An entry, with the fields of its kind; `asked` are those, to be shown in their place."""

    name = forms.CharField(max_length=LONGEST)
    kind = forms.ModelChoiceField(
        queryset=Kind._default_manager.none(), to_field_name="key", empty_label=None
    )
    text = MarkdownField(
        required=False,
        help_text="Markdown. What only some may know belongs in a secret. [[A name]] leads to that entry.",
    )
    aliases = NamesField(
        lines=True,
        label="Other names",
        help_text="One a line. Whoever sees the page reads them, and [[links]] find it by each.",
    )
    tags = NamesField(help_text="Commas between them, such as “border, smugglers”.")
    parent = EntryNameField(
        label="Inside", help_text="The entry that this is a part of: a settlement’s world, a ship’s fleet."
    )

    field_order = ("name", "kind", "text", "aliases", "tags", "parent")

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, campaign=campaign, **kwargs)
        self.fields["kind"].queryset = campaign.kinds.all()  # type: ignore[attr-defined]
        self.fields["kind"].initial = EntryKind.NOTE
        parent = self.fields["parent"]
        parent.entries = campaign.entries.filter(deleted_at=None)  # type: ignore[attr-defined]
        parent.initial = self.initial.get("parent")
        kind = self.data.get("kind") if self.is_bound else self["kind"].value()
        chosen = campaign.kinds.filter(key=str(kind)[:40]).first()
        self.questions = read_fields(chosen.fields) if chosen else []
        for field in self.questions:
            self.fields[field.name] = asked(field)

    @property
    def asked(self) -> list[Any]:
        """The fields of the kind, as they are shown."""
        return [self[field.name] for field in self.questions]

    @classmethod
    def again(cls, post: Any, *, campaign: Campaign) -> "EntryForm":
        """The form for another kind, with what was typed: nothing of it is judged yet."""
        typed = cls(post, campaign=campaign)
        initial = {
            name: field.widget.value_from_datadict(post, {}, name) for name, field in typed.fields.items()
        }
        return cls(campaign=campaign, initial=initial)

    def given(self) -> dict[str, Any]:
        given = super().given()
        given["values"] = {field.key: str(given.pop(field.name) or "") for field in self.questions}
        return given


def asked(field: Field) -> forms.Field:
    """A field of a kind as a form asks about it."""
    common: dict[str, Any] = {"label": field.label, "required": False}
    match field.sort:
        case Sort.DATE:
            return StoryDateField(**common)
        case Sort.YES:
            return YesField(**common)
        case Sort.NUMBER:
            common["widget"] = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        case Sort.ENTRY:
            common |= {
                "widget": NameInput,
                "help_text": "The name of another entry. Whoever sees the page reads it.",
            }
    return AnswerField(field=field, **common)


class YesField(forms.BooleanField):
    """A yes, or nothing."""

    def clean(self, value: Any) -> Any:
        return "yes" if super().clean(value) else ""


class AnswerField(forms.CharField):
    """A field of a kind, judged by its sort."""

    def __init__(self, *, field: Field, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.field = field

    def clean(self, value: Any) -> Any:
        try:
            return answer(self.field, super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class SecretForm(KeptForm):
    text = MarkdownField(label="The secret")
    stands_in = forms.BooleanField(
        required=False,
        label="Read it instead of the page’s own text",
        help_text="Whoever is told it reads this where the others read the page, and is never sent the other text.",
    )
    false = forms.BooleanField(
        required=False,
        label="It is not so",
        help_text="A mark for you alone: “what the Romulans believe”. Those who are told it see no difference.",
    )


class FateForm(WhyForm):
    fate = forms.CharField(
        max_length=40, required=False, help_text="Dead, in exile, lost with all hands. Empty says nothing."
    )
