"""What is read when a complaint is drafted, filed, ruled on and put on an agenda."""

from typing import Any, cast

from django import forms

from diplomacy import records
from diplomacy.actions.drafts import DRAFT_FIELDS, check_act, check_others, no_forum, others_of
from diplomacy.models import Complaint, Conference
from khitomer.access import Viewer
from khitomer.errors import Refused
from khitomer.forms.fields import MarkdownField, RowField, RowsField, StoryDateField
from khitomer.imaging import ALLOWED_PDFS, ALLOWED_PICTURES, MAX_FILE_BYTES
from khitomer.models import Campaign, Power, Provision


class NewComplaintForm(forms.Form):
    """In whose name: a delegate's own power, or for the GM one that no player sits for."""

    power = RowField(
        Power.objects.none(),
        label="In the name of",
        empty_label="Choose a power",
        help_text="Powers that no player sits for: the GM speaks for them.",
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Every power is read, so that a name one may not use is answered in words by the action.
        self._field("power").queryset = viewer.campaign.powers.all()
        offered = list(records.unspoken_powers(viewer.campaign)) if viewer.is_gm else []
        self._field("power").widget.choices = [
            ("", "Choose a power"),
            *((each.pk, each.name) for each in offered),
        ]
        self.none_offered = not offered
        if viewer.power:
            self.fields["power"].required = False
            self.fields["power"].widget = forms.HiddenInput()

    def _field(self, name: str) -> Any:
        return self.fields[name]


class DraftForm(forms.Form):
    """A complaint being written. Nothing is required until it is filed, so that a draft may be saved at any time."""

    use_required_attribute = False  # the browser's own check would hold back a draft that is not whole yet

    respondent = RowField(
        Power.objects.none(),
        empty_label="Choose a power",
        label="Against",
        error_messages={"invalid_choice": "Choose a power of this campaign."},
    )
    others = RowsField(
        Power.objects.none(),
        label="And against",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Choose powers of this campaign.",
            "invalid_pk_value": "Choose powers of this campaign.",
        },
    )
    provisions = RowsField(
        Provision.objects.none(),
        label="Provisions breached",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Choose provisions of this campaign’s treaties.",
            "invalid_pk_value": "Choose provisions of this campaign’s treaties.",
        },
    )
    act_on = StoryDateField(label="Day of the act")
    place = forms.CharField(label="Place", max_length=80, required=False)
    title = forms.CharField(label="Title", max_length=120, help_text="The act in a few words.")
    asks_for = forms.CharField(
        label="Asks for",
        max_length=300,
        required=False,
        help_text="What the conference should find or order: a finding, reparations, safe passage.",
    )
    statement = MarkdownField(label="Statement")

    def __init__(self, *args: Any, complaint: Complaint, filing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.complaint, self.filing = complaint, filing
        self._offer_powers(complaint.campaign)
        self._offer_provisions(complaint.campaign)
        self._all["statement"].widget.attrs["rows"] = 10

    def full_clean(self) -> None:
        """A draft lacks what it lacks; its labels still say what a filing will ask for."""
        wanted = [field for field in self.fields.values() if field.required and not self.filing]
        for field in wanted:
            field.required = False
        super().full_clean()
        for field in wanted:
            field.required = True

    @property
    def _all(self) -> dict[str, Any]:
        return self.fields

    @classmethod
    def of(cls, complaint: Complaint) -> "DraftForm":
        """The form with the draft as it was last saved."""
        rows = ("provisions", "others")
        initial = {name: getattr(complaint, name) for name in DRAFT_FIELDS if name not in rows}
        initial["others"] = [power.pk for power in others_of(complaint)]
        initial["provisions"] = [citation.provision_id for citation in complaint.citations.all()]
        return cls(initial=initial, complaint=complaint)

    def _offer_powers(self, campaign: Campaign) -> None:
        powers = campaign.powers.all()
        self._all["respondent"].queryset = powers
        others = [(each.pk, each.name) for each in powers if each.pk != self.complaint.complainant_id]
        self._all["respondent"].widget.choices = [("", "Choose a power"), *others]
        self._all["others"].queryset = powers
        self._all["others"].widget.choices = others

    def _offer_provisions(self, campaign: Campaign) -> None:
        """Those of treaties with a forum; the rest are read as well, to be refused in words that say why."""
        provisions = Provision.objects.filter(treaty__campaign=campaign).select_related("treaty")
        self._all["provisions"].queryset = provisions
        heard = [each for each in provisions if each.treaty.has_forum]
        treaties = {each.treaty for each in heard}
        choices: list[Any] = [(each.pk, str(each)) for each in heard]
        if len(treaties) > 1:
            choices = [
                (treaty.name, [(each.pk, str(each)) for each in heard if each.treaty_id == treaty.pk])
                for treaty in sorted(treaties, key=lambda treaty: (treaty.signed, treaty.name))
            ]
        self._all["provisions"].widget.choices = choices

    def clean_respondent(self) -> Power | None:
        respondent = cast(Power | None, self.cleaned_data["respondent"])
        if respondent and respondent.pk == self.complaint.complainant_id:
            raise forms.ValidationError("A power cannot complain of itself.")
        self._check_kept("respondent", respondent)
        return respondent

    def clean_others(self) -> Any:
        others = list(self.cleaned_data["others"])
        try:
            check_others(self.complaint, self.cleaned_data.get("respondent"), others)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return others

    def clean_provisions(self) -> Any:
        provisions = self.cleaned_data["provisions"]
        refused = [f"{no_forum(each)}." for each in provisions if not each.treaty.has_forum]
        if refused:
            raise forms.ValidationError(refused)
        return provisions

    def clean_act_on(self) -> Any:
        act = self.cleaned_data["act_on"]
        if self.filing:
            try:
                check_act(act, self.complaint.campaign.today)
            except Refused as refused:
                raise forms.ValidationError(str(refused)) from refused
        self._check_kept("act_on", act)
        return act

    def _check_kept(self, name: str, value: object) -> None:
        """What was filed has both, even while it is amended: what was there stays until another is given."""
        if value is None and self.complaint.filed_on and not self.filing:
            raise forms.ValidationError(
                f"A complaint that was filed keeps {records.WANTED[name]}; give another."
            )

    def kept(self) -> dict[str, Any]:
        """The fields that were sent and can be read: what an autosave may write. The rest stays as it was saved."""
        self.is_valid()
        sent = {name for name in DRAFT_FIELDS if name in self.data}
        if "respondent" in sent:
            sent |= {"provisions", "others"}  # ticked boxes alone are sent: none ticked is an answer, too
        return {name: value for name, value in self.cleaned_data.items() if name in sent}


class ExhibitForm(forms.Form):
    """A picture or a PDF, and what it shows. With `empty_permitted`, both may be left out, but not one of them."""

    use_required_attribute = False  # it stands inside the draft's form, which may be saved without it

    exhibit_title = forms.CharField(
        label="What the exhibit shows",
        max_length=80,
        error_messages={"required": "Say what the exhibit shows, and choose the file once more."},
    )
    exhibit_file = forms.FileField(
        label="Picture or PDF",
        help_text="JPEG, PNG, WebP or GIF up to 25 megapixels, or a PDF; up to 10 MB.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif,application/pdf"}),
        error_messages={"required": "Choose the picture or PDF that this is the title of."},
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.files.get("exhibit_file") and "exhibit_title" in self.errors:
            # Nothing was chosen, so nothing has to be chosen again.
            self.errors["exhibit_title"] = self.error_class(["Say what the exhibit shows."])
        return given

    def clean_exhibit_file(self) -> Any:
        """Measured before it is read, so that a huge file costs no memory."""
        file = self.cleaned_data["exhibit_file"]
        if file.size > MAX_FILE_BYTES:
            allowed = ALLOWED_PDFS if file.name.lower().endswith(".pdf") else ALLOWED_PICTURES
            raise forms.ValidationError(f"This file is larger than 10 MB. {allowed}")
        return file

    def refuse(self, refused: Refused) -> None:
        """Beside the exhibit's own field: the action calls them `title` and `file`."""
        named = f"exhibit_{refused.field}"
        self.add_error(named if named in self.fields else "exhibit_file", str(refused))


class ReasonForm(forms.Form):
    """A reason in writing; whether one is needed is the procedure's to say."""

    reason = forms.CharField(
        max_length=500, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, label: str = "Reason", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label


class ScheduleForm(forms.Form):
    """Which of the conferences that may hear it."""

    conference = RowField(
        Conference.objects.none(), empty_label=None, error_messages={"invalid_choice": "Choose one of these."}
    )

    def __init__(self, *args: Any, conferences: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["conference"]
        field.queryset = conferences
