"""What is read when a conference is convened, mended and seated."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import forms

from diplomacy.actions.conferences import Place
from diplomacy.rules.charters import Knobs
from diplomacy.models import Charter, Complaint, Conference, ConferenceStage, Seat
from diplomacy.rules.procedure import ComplaintStage
from diplomacy.rules.tally import Tie
from khitomer.access import Viewer
from khitomer.forms.fields import RowField, RowsField, StoryDateField
from khitomer.models import Membership, Power, Session, SessionState, Treaty

THRESHOLDS = (
    ("majority", "A simple majority: more yes than no"),
    ("two-thirds", "Two thirds of the votes cast"),
)
QUORUMS = (
    ("0", "None: whoever comes, decides"),
    ("1/3", "A third of the members"),
    ("1/2", "Half of the members"),
    ("2/3", "Two thirds of the members"),
)
TIES = (
    (Tie.CASTING.value, "The chair gives a casting vote"),
    (Tie.REJECT.value, "The motion is rejected"),
    (Tie.SECOND_VOTE.value, "The conference votes once more"),
)


class CharterForm(forms.Form):
    """The knobs of a quick charter, in words."""

    threshold = forms.ChoiceField(
        label="A motion is adopted by", choices=THRESHOLDS, widget=forms.RadioSelect
    )
    quorum = forms.ChoiceField(
        label="Quorum", choices=QUORUMS, help_text="Who must be in the room for a hearing and a vote."
    )
    tie = forms.ChoiceField(label="When the votes are equal", choices=TIES)
    veto = forms.BooleanField(
        label="Some seats hold a veto",
        required=False,
        help_text="Which ones is set on the page of the seats.",
    )

    def knobs(self) -> Knobs:
        """The charter as the action takes it."""
        two_thirds = self.cleaned_data["threshold"] == "two-thirds"
        return Knobs(
            threshold=Fraction(2, 3) if two_thirds else Fraction(1, 2),
            at_least=two_thirds,
            quorum=Fraction(self.cleaned_data["quorum"]),
            tie=Tie(self.cleaned_data["tie"]),
            veto=self.cleaned_data["veto"],
        )

    @staticmethod
    def initial_of(charter: Charter) -> dict[str, Any]:
        return {
            "threshold": "two-thirds" if charter.threshold > Fraction(1, 2) else "majority",
            "quorum": str(charter.quorum),
            "tie": charter.tie,
            "veto": charter.veto,
        }


class ConferenceForm(CharterForm):
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
            (each.pk, f"No. {each.number} · {each.complainant} v. {each.respondent}: {each.title}")
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
            "threshold": "majority",
            "quorum": "1/2",
            "tie": Tie.CASTING.value,
        }
        return form

    @classmethod
    def initial_of_conference(cls, conference: Conference) -> dict[str, Any]:
        return {
            "name": conference.name,
            "place": conference.place,
            "on": str(conference.on),
            "session": conference.session_id,
            **cls.initial_of(conference.charter),
        }

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
    """Where the sitting goes: open or closed."""

    to = forms.ChoiceField(
        choices=[(stage.value, stage.label) for stage in (ConferenceStage.OPEN, ConferenceStage.CLOSED)]
    )
