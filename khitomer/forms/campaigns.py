"""What is read when a campaign is opened, and when people are let into it."""

import secrets
from typing import Any

from django import forms

from khitomer.actions.campaign_settings import time_zones
from khitomer.actions.campaigns import MOST_USES
from khitomer.forms.fields import RowField, StoryDateField
from khitomer.models import Campaign, Entry, EntryKind, Membership, Power, Role

OTHER = "other"
OPENINGS = (
    ("2293", "2293: before Praxis. All of canon still lies ahead, for you to let happen, alter or avert."),
    (
        "2294",
        "2294: the First Accords are new. Two old enemies are bound by them, and no forum judges either.",
    ),
    (
        "2369",
        "2369: the Second Accords are new. They have a forum and two parties; the others are yours to win.",
    ),
    ("2372", "2372: the eve of the break. Both Accords bind the Empire still, and the invasion is at hand."),
    ("2373", "2373: the Empire has walked out. Its way back, and the Dominion War, lie ahead."),
    ("2379", "2379: the long peace. All of the record lies behind you, and the Empire is bound anew."),
    (OTHER, "Another date, written below."),
)
INVITED_ROLES = [(role.value, role.label) for role in (Role.PLAYER, Role.OBSERVER, Role.CO_GM)]


def form_token() -> str:
    """A name for one form as it was handed out, so that the same form sent twice counts once."""
    return secrets.token_urlsafe(16)


class OnceForm(forms.Form):
    """A form that carries the name it was handed out under."""

    token = forms.CharField(widget=forms.HiddenInput, initial=form_token, max_length=40)


class CampaignForm(OnceForm):
    """A new campaign. `cleaned_data["starts"]` holds the story date, wherever it was given."""

    name = forms.CharField(
        max_length=80, help_text="It stands in the strip of every page, and in the address."
    )
    opening = forms.ChoiceField(
        label="The story starts in",
        choices=OPENINGS,
        initial="2379",
        widget=forms.RadioSelect,
        help_text="A year alone means its first day: what canon dates to that very year still lies ahead.",
    )
    other = StoryDateField(label="Another date", required=False)
    summary = forms.CharField(
        max_length=200, required=False, help_text="One sentence that whoever is invited reads first."
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("opening") != OTHER:
            if "opening" in given:
                given["starts"] = StoryDateField().clean(given["opening"])
        elif given.get("other"):
            given["starts"] = given["other"]
        elif "other" in given:
            self.add_error("other", "Write the date, or choose one of those above.")
        return given


def zone_choices() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in time_zones()]


class CampaignEditForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        required=False,
        choices=zone_choices,
        help_text="Of the table: sessions start by its clock, and calendars go by it.",
    )

    class Meta:
        model = Campaign
        fields = ("name", "summary", "time_zone")
        help_texts = {
            "name": "The address keeps the name the campaign was opened under, so that links go on working.",
            "summary": "One sentence that whoever is invited reads first.",
        }


class PowerSelect(forms.Select):
    """Needed for a player alone, so the browser must not insist on it; the form does."""

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class SeatingForm(forms.Form):
    """A role, and the power that a player speaks for. Only powers of the campaign can be chosen."""

    role = forms.ChoiceField(
        choices=INVITED_ROLES,
        help_text="A player speaks for one power. An observer watches. A co-GM sees and does what you do.",
        widget=forms.Select(attrs={"data-kind-select": ""}),
    )
    power = RowField(
        queryset=Power._default_manager.none(),
        empty_label="Choose a power",
        help_text="For a player: the power they sit for.",
        widget=PowerSelect,
        error_messages={"required": "A player speaks for a power: choose which."},
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["power"].queryset = campaign.powers.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("role") == Role.PLAYER:
            return given
        if self.has_error("power", "required"):
            del self.errors["power"]
            given["power"] = None
        elif "role" in given and given.get("power") is not None:
            self.add_error("power", "Only a player speaks for a power: choose none, or the role of player.")
        return given


class InvitationForm(SeatingForm, OnceForm):
    """A link: for whom, how long it opens, and how many times."""

    days = forms.IntegerField(
        label="Open for", min_value=1, max_value=90, initial=14, help_text="Days, at most 90."
    )
    uses = forms.IntegerField(
        label="People", min_value=1, max_value=MOST_USES, initial=1, help_text="How many may come in by it."
    )


class MemberForm(SeatingForm):
    """A member's place, and whom they play, where the archive has a page on them."""

    character = RowField(
        queryset=Entry._default_manager.none(),
        required=False,
        empty_label="Nobody of the archive",
        help_text="The page of the person they play. Others read it beside their name if they may see that page.",
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        initial = {"role": member.role, "power": member.power_id, "character": member.character_id}
        kwargs.setdefault("initial", initial)
        super().__init__(*args, campaign=member.campaign, **kwargs)
        people = member.campaign.entries.filter(kind__key=EntryKind.PERSON, deleted_at=None)
        self.fields["character"].queryset = people.order_by("name")  # type: ignore[attr-defined]
