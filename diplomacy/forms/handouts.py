"""What the GM is asked for each kind of handout of the conference system."""

from typing import Any

from django import forms

from diplomacy.models import Complaint, Conference, Motion, Resolution
from diplomacy.models.complaints import PRIVATE_STAGES
from khitomer.forms.fields import RowField, RowsField
from khitomer.forms.handouts import HandoutForm, line
from khitomer.forms.sheets import DrawnForm
from khitomer.models import Audience, Campaign, Power


class MotionField(RowField):
    """A motion by its number and title, and before which conference."""

    def label_from_instance(self, obj: Motion) -> str:
        return f"{obj} ({obj.conference})"


class ComplaintField(RowField):
    """A complaint by its number, its parties and its title."""

    def label_from_instance(self, obj: Complaint) -> str:
        return f"{obj}: {obj.title}"


class SheetForm(DrawnForm):
    """A sheet that is drawn from the conference system."""

    def rows_of(self, campaign: Campaign, rows: str) -> Any:
        if rows == "motions":
            found = Motion.objects.filter(conference__campaign=campaign)
            return found.select_related("conference").order_by("conference", "number")
        if rows == "complaints":
            docketed = campaign.complaints.docketed().exclude(stage__in=PRIVATE_STAGES)
            return docketed.with_parties().order_by("number")
        return super().rows_of(campaign, rows)


class ConferenceSheetForm(SheetForm):
    DETAILS: tuple[str, ...] = ("conference",)
    ROWS = {"conference": "conferences"}

    conference = RowField(Conference.objects.none(), help_text="What stands on the sheet is drawn from it.")


class OrderForm(ConferenceSheetForm):
    DETAILS = ("conference", "hour", "chair", "note")

    hour = line("Hour", 60, help_text="When the sitting opens: “0900 hours”, “at the second bell”.")
    chair = line("In the chair", help_text="Who presides, as the table knows them.")
    note = line("Note of the secretariat", 300, help_text="It stands below the agenda, for everyone to read.")


class BriefForm(HandoutForm):
    """A brief is its power's alone: it is made for exactly that power, whatever else is chosen."""

    DETAILS = ("conference", "power")
    ROWS = {"conference": "conferences", "power": "powers"}

    conference = RowField(Conference.objects.none(), help_text="Where the delegation is to speak.")
    power = RowField(
        Power._default_manager.none(), help_text="Whose delegation it instructs, and nobody else."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "Instructions"
        self.fields["audience"].initial = Audience.POWERS
        self.fields["audience"].help_text = "Its power alone; name nobody, or name that power."

    def clean_audience(self) -> str:
        return self.cleaned_data["audience"] or Audience.POWERS

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        power, named = given.get("power"), given.get("audience") == Audience.POWERS
        if power and named and not given.get("powers") and not given.get("persons"):
            given["powers"] = self.fields["power"].queryset.filter(pk=power.pk)  # type: ignore[attr-defined]
        given = super().clean()
        if power and (not named or given.get("persons") or [*given.get("powers", ())] != [power]):
            self.add_error("audience", f"A brief is for the power that it instructs alone: {power}.")
        return given


class PlacardsForm(ConferenceSheetForm):
    DETAILS = ("conference", "delegations", "remark", "crib")
    ROWS = {"conference": "conferences", "delegations": "powers"}

    delegations = RowsField(
        Power._default_manager.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Only for",
        help_text="Choose nobody, and every seat has one.",
        template_name="parts/named-powers.html",
    )
    remark = line("Line on the back", 80, help_text="What the delegate reads behind it: “Rise to speak.”")
    crib = forms.BooleanField(
        required=False,
        label="On the back of your copy: the brief and the standings",
        help_text="On the GM's copy alone; nobody else's has it.",
    )


class VoteSheetForm(ConferenceSheetForm):
    DETAILS: tuple[str, ...] = ("conference", "motion")
    ROWS = {"conference": "conferences", "motion": "motions"}

    motion = MotionField(
        Motion.objects.none(),
        required=False,
        empty_label="None: a line to write it on",
        help_text="What is voted on.",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        meeting, motion = given.get("conference"), given.get("motion")
        if meeting and motion and motion.conference_id != meeting.pk:
            self.add_error("motion", f"This motion is before {motion.conference}, and not before {meeting}.")
        return given


class BallotsForm(VoteSheetForm):
    DETAILS = ("conference", "motion", "bearing")

    bearing = forms.ChoiceField(
        label="Whose name is on it",
        required=False,
        choices=[
            ("", "As the vote is given"),
            ("names", "Each power's"),
            ("blank", "Nobody's: a secret ballot"),
        ],
    )


class RollForm(VoteSheetForm):
    """The roll is the chair's own sheet, and made for nobody else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audience: Any = self.fields["audience"]
        audience.choices = [choice for choice in Audience.choices if choice[0] == Audience.GM]
        audience.initial = Audience.GM

    def clean_audience(self) -> str:
        return str(Audience.GM)


class SummonsForm(SheetForm):
    DETAILS = ("complaint",)
    ROWS = {"complaint": "complaints"}

    complaint = ComplaintField(Complaint.objects.none(), help_text="As it stands on the docket.")


class ResolutionForm(SheetForm):
    DETAILS = ("resolution", "signatures")
    ROWS = {"resolution": "resolutions"}

    resolution = RowField(Resolution.objects.none(), help_text="As it was adopted.")
    signatures = forms.BooleanField(
        required=False,
        label="A line to sign on for each seat that voted yes",
        help_text="Of a secret vote nobody knows them, and there are none.",
    )
