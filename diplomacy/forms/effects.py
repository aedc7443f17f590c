"""What is read when a clause is given an effect: its kind, and what that kind needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from diplomacy.rules import effects as rules
from khitomer.access import Viewer
from khitomer.forms.fields import StoryDateField

EFFECT_KINDS = (
    ("", "No effect"),
    ("standing", "A standing changes"),
    ("enter", "A power is admitted to a treaty"),
    ("leave", "A power leaves a treaty"),
    ("territory", "A territory passes to a power"),
    ("zone", "A zone is set up"),
    ("abolish", "A zone is abolished"),
    ("event", "An event is set down in the timeline"),
    ("clock", "A clock moves"),
    ("fate", "What becomes of an archive entry"),
    ("disclose", "An archive entry is disclosed"),
    ("obligation", "Someone must do something by a date"),
)
_NEEDS = {
    "standing": ("power", "other", "by"),
    "enter": ("power", "treaty"),
    "leave": ("power", "treaty", "manner"),
    "territory": ("territory", "to"),
    "zone": ("name", "powers"),
    "abolish": ("zone",),
    "event": ("title",),
    "clock": ("clock", "by"),
    "fate": ("entry", "fate"),
    "disclose": ("entry",),
    "obligation": ("power", "owed", "due_on"),
}
_OPTIONAL = ("text",)
NOBODY = "-"
"""To whom a territory passes that nobody is to hold: no power's slug."""

_MANNERS = (("withdrawn", "It withdraws"), ("suspended", "It is suspended"), ("released", "It is released"))

# The fields in the order in which they are shown, with the kinds that have them.
_SHOWN = (
    ("power", "standing enter leave obligation"),
    ("other", "standing"),
    ("treaty", "enter leave"),
    ("manner", "leave"),
    ("territory", "territory"),
    ("to", "territory"),
    ("zone", "abolish"),
    ("name", "zone"),
    ("clock", "clock"),
    ("by", "standing clock"),
    ("entry", "fate disclose"),
    ("powers", "zone disclose"),
    ("fate", "fate"),
    ("title", "event"),
    ("text", "event"),
    ("owed", "obligation"),
    ("due_on", "obligation"),
)


@dataclass(frozen=True)
class Offers:
    """What this drafter may choose from, as (slug, name): nothing that is kept from them."""

    powers: list[tuple[str, str]]
    treaties: list[tuple[str, str]]
    clocks: list[tuple[str, str]]
    entries: list[tuple[str, str]]
    territories: list[tuple[str, str]]
    zones: list[tuple[str, str]]  # those not yet abolished

    @classmethod
    def to(cls, viewer: Viewer) -> "Offers":
        campaign = viewer.campaign
        return cls(
            powers=list(campaign.powers.values_list("slug", "name")),
            treaties=list(campaign.treaties.values_list("slug", "name")),
            clocks=list(campaign.clocks.visible_to(viewer).values_list("slug", "name")),
            entries=list(campaign.entries.visible_to(viewer).values_list("slug", "name")),
            territories=list(campaign.territories.values_list("slug", "name")),
            zones=list(campaign.zones.filter(abolished=None).values_list("slug", "name")),
        )

    def names(self) -> rules.Names:
        """The same as names for sentences."""
        return rules.Names(
            powers=dict(self.powers),
            treaties=dict(self.treaties),
            clocks=dict(self.clocks),
            entries=dict(self.entries),
            territories=dict(self.territories),
            zones=dict(self.zones),
        )


class SeveralWidget(forms.CheckboxSelectMultiple):
    """Several choices that a draft keeps as one text, a space between them; a slug has none."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return _split(super().value_from_datadict(data, files, name))

    def format_value(self, value: Any) -> list[str]:
        return _split(value)


def _split(value: Any) -> list[str]:
    texts = [value] if isinstance(value, str) else value or []
    return [slug for text in texts for slug in text.split()]


class EffectForm(forms.Form):
    """One typed effect. `payload` is what `diplomacy.rules.effects` reads, or None for no effect."""

    kind = forms.ChoiceField(
        label="Effect",
        choices=EFFECT_KINDS,
        required=False,
        widget=forms.Select(attrs={"data-kind-select": ""}),
    )
    power = forms.ChoiceField(label="Power", required=False)
    other = forms.ChoiceField(label="Towards", required=False)
    treaty = forms.ChoiceField(label="Treaty", required=False)
    manner = forms.ChoiceField(label="How it leaves", choices=_MANNERS, required=False)
    territory = forms.ChoiceField(label="Territory", required=False)
    to = forms.ChoiceField(label="Passes to", required=False)
    zone = forms.ChoiceField(label="Zone", required=False)
    name = forms.CharField(label="Name of the zone", max_length=80, required=False)
    clock = forms.ChoiceField(label="Clock", required=False)
    by = forms.IntegerField(
        label="By how much", required=False, min_value=-12, max_value=12, help_text="Such as 2 or -1."
    )
    entry = forms.ChoiceField(label="Archive entry", required=False)
    powers = forms.MultipleChoiceField(
        label="Which powers",
        required=False,
        widget=SeveralWidget,
        help_text="A zone lies between two or more; with none, an entry is disclosed to everyone.",
    )
    fate = forms.CharField(label="Its fate", max_length=40, required=False, help_text="Such as “in exile”.")
    title = forms.CharField(label="Title of the event", max_length=120, required=False)
    text = forms.CharField(
        label="What happened", max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    owed = forms.CharField(label="What is owed", max_length=300, required=False)
    due_on = StoryDateField(label="Due on", required=False)

    def __init__(self, *args: Any, offers: Offers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose = [("", "Choose")]
        fields: Any = self.fields
        fields["power"].choices = fields["other"].choices = choose + offers.powers
        fields["to"].choices = [*choose, (NOBODY, "Nobody"), *offers.powers]
        fields["powers"].choices = offers.powers
        fields["treaty"].choices = choose + offers.treaties
        fields["territory"].choices = choose + offers.territories
        fields["zone"].choices = choose + offers.zones
        fields["clock"].choices = choose + offers.clocks
        fields["entry"].choices = choose + offers.entries
        self.payload: dict[str, Any] | None = None

    def shown(self) -> list[tuple[forms.BoundField, str, bool]]:
        """Every field but the kind, with the kinds that have it, and whether it may be left empty there."""
        return [(self[name], kinds, name in _OPTIONAL) for name, kinds in _SHOWN]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        kind = given.get("kind", "")
        if not kind or self.errors:
            return given
        for name in _NEEDS[kind]:
            if given.get(name) in ("", None, []):
                self.add_error(name, f"{self.fields[name].label}: this effect needs it.")
        if not self.errors:
            self._parse(kind, given)
        return given

    def _parse(self, kind: str, given: Mapping[str, Any]) -> None:
        payload: dict[str, Any] = {"kind": kind}
        for name in _NEEDS[kind]:
            payload["text" if name == "owed" else name] = given[name]
        if kind == "event" and given["text"]:
            payload["text"] = given["text"]
        if kind == "disclose" and given["powers"]:
            payload["powers"] = given["powers"]
        if kind == "territory" and given["to"] == NOBODY:
            del payload["to"]
        if kind == "obligation":
            payload["due_on"] = str(given["due_on"])
        try:
            rules.parse(payload)
        except ValueError as error:
            self.add_error(None, str(error))
        else:
            self.payload = payload


def values_of_effect(payload: Mapping[str, Any]) -> dict[str, str]:
    """A stored effect as the fields of its form."""
    values = {
        name: " ".join(value) if isinstance(value, list) else str(value) for name, value in payload.items()
    }
    if payload.get("kind") == "territory":
        values.setdefault("to", NOBODY)
    if payload.get("kind") == "obligation":
        values["owed"] = values.pop("text", "")
    return values
