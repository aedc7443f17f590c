"""What is read when the GM moves the story: events, canon ahead, the date, clocks, and what is taken back."""

from collections.abc import Sequence
from typing import Any

from django import forms

from khitomer.actions.naming import address_of
from khitomer.actions.story_date import Plan
from khitomer.forms.audience import AudienceForm
from khitomer.forms.campaigns import OnceForm
from khitomer.forms.fields import MarkdownField, StoryDateField
from khitomer.models import Audience, Clock, Event, Future
from khitomer.rules.dates import StoryDate


def why_field(**kwargs: Any) -> forms.CharField:
    """The reason that the ledger keeps beside a change."""
    kwargs.setdefault("required", False)
    return forms.CharField(label="Why", max_length=300, **kwargs)


def address(name: str, what: str) -> str:
    """The last word of a thing's address, from its name; "new" is a page of its own.

    A name that is taken is refused, not numbered: a number would betray a namesake that the reader may not know of.
    """
    otherwise = address_of(f"{what} {name}", most=80, otherwise=what)
    return address_of(name, most=80, otherwise=otherwise)


class ToldForm(AudienceForm):
    """Something of the chronicle with its audience, which is settled here: those named, or nobody by name."""

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("audience") != Audience.POWERS:
            given["powers"] = given["persons"] = []
        return given


class TimelineForm(forms.Form):
    """What of the timeline is asked for: whose line, what became of canon, and up to which date."""

    show = forms.ChoiceField(
        required=False,
        choices=[("", "Both lines"), ("campaign", "This campaign"), ("canon", "Canon")],
    )
    status = forms.ChoiceField(required=False, label="What became of canon")
    on = StoryDateField(required=False, label="As of", help_text="")

    def __init__(self, *args: Any, statuses: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Any"), *((each, each.capitalize()) for each in statuses)]
        self.fields["status"].choices = choices  # type: ignore[attr-defined]


class EventForm(ToldForm):
    """Something that happened. `cleaned_data["slug"]` is what its address will be."""

    title = forms.CharField(max_length=120)
    on = StoryDateField(label="When")
    until = StoryDateField(
        label="Until", required=False, help_text="For what lasted, such as a war: when it ended."
    )
    text = MarkdownField(required=False, label="What happened")
    why = why_field(help_text="Kept in the ledger, for you and your co-GM.")

    field_order = ("title", "on", "until", "text", "audience", "powers", "persons", "why")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        given["slug"] = address(given.get("title", ""), "event")
        return given

    def fields_of_event(self) -> dict[str, Any]:
        """The event as `khitomer.actions.story.add_event` takes it."""
        given = self.cleaned_data
        names = ("slug", "title", "on", "until", "text", "audience")
        return {name: given[name] for name in names} | {"told": given["powers"], "persons": given["persons"]}


def of_event(event: Event) -> dict[str, Any]:
    """What a form about an event starts from."""
    names = ("title", "on", "until", "text", "audience")
    named = {"powers": event.powers.all(), "persons": event.persons.all()}
    return {name: getattr(event, name) for name in names} | named


class AlterForm(EventForm):
    """What happens instead of a piece of canon, and which of its consequences follow all the same."""

    keep = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="What follows all the same"
    )

    field_order = ("title", "on", "until", "text", "keep", "audience", "powers", "persons", "why")

    def __init__(self, *args: Any, consequences: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep"].choices = consequences  # type: ignore[attr-defined]
        if not consequences:
            del self.fields["keep"]


class SettleForm(OnceForm):
    """Canon is enacted or averted, with a reason if there is one to give."""

    why = why_field()


class LookForm(forms.Form):
    """A date to look ahead to."""

    to = StoryDateField()


class DateForm(OnceForm):
    """Where the story goes on, and what happens on the way: a choice for each piece of canon and for each clock.

    Going back needs a tick and a reason.
    """

    to = StoryDateField(label="New story date")
    back = forms.BooleanField(
        required=False, label="Go back in time", help_text="Only to mend a mistake; it needs a reason below."
    )
    why = why_field()

    def __init__(
        self,
        *args: Any,
        today: StoryDate,
        futures: Sequence[Future] = (),
        clocks: Sequence[Clock] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.futures, self.clocks = today, futures, clocks
        for future in futures:
            self.fields[f"future-{future.pk}"] = forms.ChoiceField(
                label=future.title,
                choices=[("", "Leave it waiting"), ("enact", "Let it happen"), ("avert", "Avert it")],
                widget=forms.RadioSelect,
                required=False,
            )
        for clock in clocks:
            left = clock.size - clock.filled
            self.fields[f"clock-{clock.pk}"] = forms.TypedChoiceField(
                label=clock.name,
                choices=[(0, "stays"), *((by, f"+{by}") for by in range(1, left + 1))],
                coerce=int,
                empty_value=0,
                required=False,
            )

    def canon(self) -> list[tuple[Future, Any]]:
        """Each piece of canon with its choice."""
        return [(future, self[f"future-{future.pk}"]) for future in self.futures]

    def hands(self) -> list[tuple[Clock, Any]]:
        """Each clock with its choice."""
        return [(clock, self[f"clock-{clock.pk}"]) for clock in self.clocks]

    def plan(self) -> Plan:
        """What was chosen, of a form that is valid."""
        given = self.cleaned_data
        chosen = {future: given.get(f"future-{future.pk}") for future in self.futures}
        return Plan(
            to=given["to"],
            enacted=[future for future, choice in chosen.items() if choice == "enact"],
            averted=[future for future, choice in chosen.items() if choice == "avert"],
            ticks={clock: given.get(f"clock-{clock.pk}") or 0 for clock in self.clocks},
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        to = given.get("to")
        if to is None:
            return given
        if to < self.today and not given.get("back"):
            self.add_error(
                "to",
                f"{to.words()} is before {self.today.words()}: the story goes forward, unless you tick “go back”.",
            )
        if to < self.today and given.get("back") and not given.get("why"):
            self.add_error("why", "Say why the story goes back.")
        if to > self.today and given.get("back"):
            self.add_error("back", f"{to.words()} is not back but forward: take the tick away.")
        return given


class ClockForm(ToldForm):
    """A clock, new or amended. `cleaned_data["slug"]` is what a new one's address will be."""

    name = forms.CharField(max_length=60)
    note = forms.CharField(
        max_length=200, required=False, help_text="What makes it tick, or what happens when it is full."
    )
    size = forms.IntegerField(
        label="Segments", min_value=2, max_value=12, initial=6, help_text="From 2 to 12."
    )
    filled = forms.IntegerField(label="Filled already", min_value=0, max_value=12, initial=0)
    hidden = forms.BooleanField(
        label="Known, but its face is hidden",
        required=False,
        help_text="Those who may know of it see that it is there, and not how far it has run.",
    )
    why = why_field()

    field_order = ("name", "note", "size", "filled", "audience", "powers", "persons", "hidden", "why")

    def __init__(self, *args: Any, clock: Clock | None = None, **kwargs: Any) -> None:
        if clock is not None:
            names = ("name", "note", "size", "audience", "hidden")
            named = {"powers": clock.powers.all(), "persons": clock.persons.all()}
            kwargs.setdefault("initial", {name: getattr(clock, name) for name in names} | named)
        super().__init__(*args, **kwargs)
        if clock is not None:
            del self.fields["filled"]  # it ticks in the list

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        given["slug"] = address(given.get("name", ""), "clock")
        if (given.get("filled") or 0) > (given.get("size") or 12):
            self.add_error("filled", "More than it has segments.")
        return given


class TickForm(OnceForm):
    """One segment on, or one back; nothing said is one on."""

    by = forms.TypedChoiceField(
        choices=[("1", "+1"), ("-1", "−1")], coerce=int, required=False, empty_value=1
    )


class UndoForm(forms.Form):
    """Why something is taken back, and how much of what came with it."""

    scope = forms.ChoiceField(label="Take back", widget=forms.RadioSelect)
    why = why_field(help_text="Kept in the ledger beside the undo.")

    def __init__(self, *args: Any, together: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        many = "Both changes" if together == 2 else f"All {together} changes"
        whole = [("all", f"{many} that were made together")] if together > 1 else []
        self.fields["scope"].choices = [*whole, ("one", "This change alone")]  # type: ignore[attr-defined]
        self.fields["scope"].initial = "all" if whole else "one"
        if not whole:
            self.fields["scope"].widget = forms.HiddenInput()
