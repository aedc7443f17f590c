"""What is read when a conference is convened, mended and seated."""

from collections.abc import Sequence
from typing import Any

from django import forms

from diplomacy.actions.conferences import Place
from diplomacy.forms.charters import QuickCharterForm
from diplomacy.models import Complaint, Conference, ConferenceStage, Seat
from diplomacy.records import knobs_of
from diplomacy.rules.charters import Knobs, faults
from diplomacy.rules.procedure import ComplaintStage
from khitomer.access import Viewer
from khitomer.forms.fields import RowField, RowsField, StoryDateField
from khitomer.models import Membership, Power, Session, SessionState, Treaty


class ConferenceForm(QuickCharterForm):
    """A conference to be convened, or with `conference` one to be mended: its treaty and seats are then settled."""

    name = forms.CharField(max_length=80, help_text="It stands in the address and over the desk.")
    place = forms.CharField(max_length=80, required=False)
    on = StoryDateField(label="Story date of the sitting")
    treaty = RowField(
        Treaty.objects.none(),
        empty_label=None,
        help_text="Every power that it binds on that date has a seat.",
        error_messages={
            "invalid_choice": "That treaty has no forum: choose one with a conference system.",
        },
    )
    session = RowField(
        Session.objects.none(), required=False, empty_label="No session yet", label="Played in"
    )
    agenda = RowsField(
        Complaint.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Admitted complaints that cite the treaty, in the order of the docket.",
        error_messages={
            "invalid_choice": "Only complaints that were admitted and wait can be put on an agenda."
        },
    )
    observers = RowsField(
        Power.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Powers that the treaty does not bind, who come to watch.",
    )

    field_order = ("name", "place", "on", "treaty", "session", "agenda")

    def __init__(
        self, *args: Any, viewer: Viewer, conference: Conference | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.conference = conference
        self.offer("Keep the charter as it is" if conference else "As its treaty has it")
        campaign, fields = viewer.campaign, self._all
        waiting = campaign.complaints.visible_to(viewer).at(ComplaintStage.ADMITTED).with_parties()
        if conference is not None:
            del fields["treaty"], fields["observers"]
            waiting = waiting.filter(citations__provision__treaty=conference.treaty_id).distinct()
        else:
            fields["treaty"].queryset = campaign.treaties.with_forum()
            fields["observers"].queryset = campaign.powers.all()
        fields["session"].queryset = campaign.sessions.exclude(state=SessionState.CLOSED)
        if conference is not None and conference.session_id:
            fields["session"].queryset |= campaign.sessions.filter(pk=conference.session_id)
        fields["agenda"].queryset = waiting.order_by("number")
        fields["agenda"].widget.choices = [
            (each.pk, f"No. {each.number} · {each.complainant} v. {each.against}: {each.title}")
            for each in fields["agenda"].queryset
        ]

    @property
    def _all(self) -> dict[str, Any]:
        return self.fields

    @classmethod
    def opening(cls, viewer: Viewer, about: str) -> "ConferenceForm":
        """An empty form, with the day and what waits; `about` is the number of a complaint it should hear."""
        form = cls(viewer=viewer)
        waiting = list(form._all["agenda"].queryset)
        asked = next((each for each in waiting if str(each.number) == about), None)
        cited = asked.citations.select_related("provision__treaty").first() if asked else None
        form.initial = {
            "name": _name_for(asked) if asked else "",
            "on": str(viewer.campaign.today),
            "place": asked.place if asked else "",
            "treaty": cited.provision.treaty_id if cited else None,
            "agenda": [asked.pk] if asked else [],
            "session": viewer.campaign.sessions.filter(state=SessionState.IN_PLAY).first(),
            "preset": "",
        }
        return form

    @classmethod
    def initial_of_conference(cls, conference: Conference) -> dict[str, Any]:
        return {
            "name": conference.name,
            "place": conference.place,
            "on": str(conference.on),
            "session": conference.session_id,
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            for name, fault in faults(self.knobs()).items():
                self.add_error(name if name in self.fields else "preset", fault)
        return given

    def knobs(self) -> Knobs:
        """The charter: that of the conference, or of the treaty it is convened under, as far as nothing was chosen."""
        conference = self.conference
        return self.turned(conference.charter.knobs if conference else knobs_of(self.cleaned_data["treaty"]))

    def values(self) -> dict[str, Any]:
        """What the actions take, after `is_valid`."""
        given = self.cleaned_data
        wanted = ("name", "place", "on", "session", "agenda", "treaty", "observers")
        return {**{name: given[name] for name in wanted if name in given}, "knobs": self.knobs()}


def _name_for(complaint: Complaint) -> str:
    """The name that a conference over this complaint is offered."""
    if complaint.place:
        return f"The {complaint.place} conference"[:80]
    return f"The conference on complaint No. {complaint.number}"


class SeatForm(forms.Form):
    """One seat: in the room or not, who speaks for it, its weight, its veto."""

    present = forms.BooleanField(required=False)
    delegate = RowField(
        Membership.objects.none(),
        required=False,
        empty_label="The GM",
        error_messages={"invalid_choice": "Choose a player of this power, or the GM."},
    )
    weight = forms.IntegerField(min_value=1, max_value=1000)
    veto = forms.BooleanField(required=False)

    def __init__(self, *args: Any, seat: Seat, players: Sequence[Membership], **kwargs: Any) -> None:
        initial = {
            "present": seat.present,
            "delegate": seat.delegate_id,
            "weight": seat.weight,
            "veto": seat.veto,
        }
        super().__init__(*args, prefix=f"seat-{seat.pk}", initial=initial, **kwargs)
        self.seat = seat
        self.own = [player for player in players if player.power_id == seat.power_id]
        fields: Any = self.fields
        fields["delegate"].queryset = Membership.objects.filter(pk__in=[player.pk for player in self.own])
        fields["delegate"].widget.choices = [
            ("", "The GM"),
            *((each.pk, str(each.user)) for each in self.own),
        ]
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{seat.power}: {name}"

    def place(self) -> Place:
        given = self.cleaned_data
        return Place(
            seat=self.seat,
            present=given["present"],
            delegate=given["delegate"],
            weight=given["weight"],
            veto=given["veto"],
        )


class AddSeatForm(forms.Form):
    power = RowField(Power.objects.none(), empty_label="Choose a power")
    observer = forms.TypedChoiceField(
        label="Sits as",
        choices=(("yes", "An observer, without a vote"), ("no", "A member, if it may be bound on the day")),
        coerce=lambda text: text == "yes",
    )

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["power"].queryset = conference.campaign.powers.exclude(seats__conference=conference)


class StageForm(forms.Form):
    """Where the sitting goes: open, suspended or closed."""

    to = forms.ChoiceField(
        choices=[(stage.value, stage.label) for stage in ConferenceStage if stage != ConferenceStage.PLANNED]
    )
