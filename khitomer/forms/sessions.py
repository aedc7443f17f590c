"""What the GM writes of an evening at the table."""

from collections.abc import Iterable
from typing import Any

from django import forms

from khitomer.agenda import Point
from khitomer.forms.audience import AudienceForm
from khitomer.forms.campaigns import OnceForm
from khitomer.forms.fields import MarkdownField, RowField
from khitomer.models import Audience, Campaign, Entry, Scene, SessionState


class GivenForm(OnceForm):
    def given(self) -> dict[str, Any]:
        """What was given, as the actions take it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "token"}


class SessionForm(GivenForm):
    title = forms.CharField(max_length=80, help_text="Everyone reads it.")
    on = forms.DateField(
        label="Evening", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    starts = forms.TimeField(
        label="Starts at",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="In the campaign’s time zone.",
    )
    gm_notes = MarkdownField(
        label="GM notes", required=False, help_text="For you and your co-GMs alone. Markdown."
    )


class AnewForm(GivenForm):
    """A form about what was written before, and may be written by another meanwhile."""

    began = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class EditSessionForm(AnewForm, SessionForm):
    """With `recap`, what is told of the evening as well: before its end there is nothing to tell."""

    recap = MarkdownField(required=False, help_text="What happened, for everyone at the table. Markdown.")

    def __init__(self, *args: Any, recap: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not recap:
            del self.fields["recap"]


class AgendaForm(GivenForm):
    """A point of the agenda: words, or something that an app keeps, whose name it bears where none is written."""

    title = forms.CharField(label="Point", max_length=120, required=False, help_text="Everyone reads it.")
    refers = forms.ChoiceField(
        label="Conference", required=False, help_text="Where the point is a conference, choose it."
    )
    gm_note = forms.CharField(
        label="GM note", max_length=500, required=False, help_text="For you and your co-GMs alone."
    )

    def __init__(self, *args: Any, points: Iterable[Point] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.initial.get("refers", "")
        self.points = {each.refers: each for each in points if not each.over or each.refers == kept}
        choices = [("", "None"), *((each.refers, each.title) for each in self.points.values())]
        self.fields["refers"].choices = choices  # type: ignore[attr-defined]
        if self.points:
            title = self.fields["title"]
            title.help_text += " Left empty, it bears the conference’s name."
            title.either = True  # type: ignore[attr-defined]
        else:
            del self.fields["refers"]
            self.fields["title"].required = True

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        point = self.points.get(given.get("refers", ""))
        if not given.get("title") and not self.has_error("title"):
            if point is None:
                self.add_error("title", "Write what it is, or choose a conference.")
            else:
                given["title"] = point.title[:120]
        return given


class NamesField(forms.CharField):
    """Entries of the archive by name, one a line. `queryset` are those that may be named."""

    widget = forms.Textarea
    queryset: Any = None

    def to_python(self, value: Any) -> list[Entry]:
        names = list(dict.fromkeys(line.strip() for line in str(value or "").splitlines() if line.strip()))
        if len(names) > 20:
            raise forms.ValidationError("At most twenty pages of the archive.")
        found: dict[str, Entry] = {}
        for entry in self.queryset.filter(name__in=names) if names else ():
            found.setdefault(entry.name.casefold(), entry)
        for name in names:
            if name.casefold() not in found:  # spelt in another case, which the database tells apart
                found |= {each.name.casefold(): each for each in self.queryset.filter(name__iexact=name)[:1]}
        missing = [name for name in names if name.casefold() not in found]
        if missing:
            raise forms.ValidationError(f"The archive has no page called {', '.join(missing)[:200]}.")
        return [found[name.casefold()] for name in names]

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str | None) else "\n".join(entry.name for entry in value)


class SceneForm(GivenForm):
    title = forms.CharField(max_length=120, help_text="For you and your co-GMs alone, as is all of a scene.")
    text = MarkdownField(required=False)
    entries = NamesField(
        label="Pages to have at hand",
        required=False,
        help_text="Names of pages in the archive, one a line.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entries"].queryset = campaign.entries.filter(deleted_at=None)  # type: ignore[attr-defined]


class EditSceneForm(AnewForm, SceneForm):
    pass


class SceneField(RowField):
    def label_from_instance(self, obj: Scene) -> str:
        return f"{obj.session.number}: {obj.title}"


class StageForm(AudienceForm):
    """To whom a thing would be disclosed at one press, and in which scene."""

    scene = SceneField(
        queryset=Scene._default_manager.none(),
        required=False,
        empty_label="Whichever comes last",
        help_text="The session's number, and the scene in which it waits for you.",
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, campaign=campaign, **kwargs)
        self.fields["audience"].label = "Who would learn of it"
        self.fields["audience"].choices = [  # type: ignore[attr-defined]
            (Audience.ALL.value, Audience.ALL.label),
            (Audience.POWERS.value, Audience.POWERS.label),
        ]
        scenes = Scene._default_manager.filter(session__campaign=campaign)
        self.fields["scene"].queryset = (  # type: ignore[attr-defined]
            scenes.exclude(session__state=SessionState.CLOSED)
            .select_related("session")
            .order_by("session__number", "position")
        )

    def given(self) -> dict[str, Any]:
        """What was given, as the actions take it."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "token"}
        return {**given, "audience": Audience(given["audience"])}


class LogForm(GivenForm):
    text = forms.CharField(
        label="A line for the log",
        max_length=500,
        widget=forms.TextInput(attrs={"placeholder": "What just happened", "autocomplete": "off"}),
    )
    told = forms.BooleanField(label="For the table", required=False)


class TellForm(AnewForm):
    """What everyone is told of an evening."""

    recap = MarkdownField(required=False)


class RecapForm(AnewForm):
    text = MarkdownField(label="Recap", required=False)
