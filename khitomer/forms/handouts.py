"""What the GM writes on a handout: of any kind, for whom it is; and for each kind that is written, its own lines."""

from typing import Any

from django import forms

from khitomer.forms.audience import AudienceForm
from khitomer.forms.fields import MarkdownField, RowField, RowsField, StoryDateField
from khitomer.forms.pictures import ALT_HELP, upload_field
from khitomer.imaging import ALLOWED_PICTURES
from khitomer.models import Audience, Campaign, Power
from khitomer.rules.dates import StoryDate

TEXT_HELP = (
    "Markdown. Whoever is shown the handout reads all of it, and may print it. "
    "What stands ||between double bars|| is blacked out, and is not in the file."
)


class HandoutForm(AudienceForm):
    """A handout of any kind. `DETAILS` are the fields that a kind adds; `ROWS` names, for each of them that chooses
    rows, what of the campaign it chooses from."""

    DETAILS: tuple[str, ...] = ()
    ROWS: dict[str, str] = {}

    title = forms.CharField(max_length=80, help_text="It stands above the text, and in the address.")
    text = MarkdownField(required=False, help_text=TEXT_HELP)
    began = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, campaign=campaign, **kwargs)
        self.fields["audience"].label = "Made for"
        self.fields["audience"].required = False  # whoever says nothing makes it for everyone
        self.fields["audience"].initial = Audience.ALL
        self.fields["audience"].help_text = "Nobody sees it before you show it, whoever it is made for."
        for name, rows in self.ROWS.items():
            self.fields[name].queryset = self.rows_of(campaign, rows)  # type: ignore[attr-defined]

    def rows_of(self, campaign: Campaign, rows: str) -> Any:
        """What a field of `ROWS` chooses from."""
        return getattr(campaign, rows).all()

    def clean_audience(self) -> str:
        return self.cleaned_data["audience"] or Audience.ALL

    def given(self) -> dict[str, Any]:
        """What was given, as the actions take it."""
        names = [name for name in ("title", "text") if name in self.fields]
        given = {name: self.cleaned_data[name] for name in names}
        given["details"] = {name: kept(self.cleaned_data[name]) for name in self.DETAILS}
        return given

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The fields that this kind adds, as they are asked."""
        return [self[name] for name in self.DETAILS]


class WithPicture(forms.Form):
    """The picture of a handout that is being made."""

    file = upload_field(required=False, help_text=ALLOWED_PICTURES)
    alt = forms.CharField(label="What it shows", max_length=200, required=False, help_text=ALT_HELP)


def kept(value: Any) -> Any:
    """A field's value as it is kept among the details: rows by their keys, a story date as it is written."""
    if isinstance(value, StoryDate):
        return str(value)
    if hasattr(value, "pk"):
        return value.pk
    if hasattr(value, "model"):
        return sorted(value.values_list("pk", flat=True))
    return value


def line(label: str, most: int = 120, **kwargs: Any) -> forms.CharField:
    """A line that need not be filled in."""
    return forms.CharField(label=label, max_length=most, required=False, **kwargs)


class PageForm(HandoutForm):
    pass


class LetterForm(HandoutForm):
    DETAILS = (
        "letterhead",
        "office",
        "reference",
        "place",
        "dated",
        "addressee",
        "salutation",
        "closing",
        "sender",
    )
    ROWS = {"letterhead": "powers"}

    letterhead = RowField(
        queryset=Power._default_manager.none(),
        required=False,
        empty_label="Nobody's: plain paper",
        help_text="Whose emblem and name stand at the head.",
    )
    office = line("Office", help_text="Below the name: the High Council, Starfleet Command.")
    reference = line("Reference", 60)
    place = line("Place", 80)
    dated = StoryDateField(required=False)
    addressee = line("To", 160)
    salutation = line("Salutation", 80, help_text="“To the Chancellor,”")
    closing = line("Closing", 80, help_text="“With respect,”")
    sender = line("Signed by", 120)


class CommuniqueForm(HandoutForm):
    DETAILS = ("issuers", "place", "dated", "reference")
    ROWS = {"issuers": "powers"}

    issuers = RowsField(
        queryset=Power._default_manager.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Issued by",
        help_text="One power, or those that speak together.",
        template_name="parts/named-powers.html",
    )
    place = line("Place", 80)
    dated = StoryDateField(required=False)
    reference = line("Number", 60)


class InterceptForm(HandoutForm):
    DETAILS = ("origin", "destination", "channel", "dated", "grade", "taken_by")
    ROWS = {"taken_by": "powers"}

    origin = line("From", 120)
    destination = line("To", 120)
    channel = line("Channel", 80, help_text="Subspace band, cipher, relay.")
    dated = StoryDateField(required=False)
    grade = line("Marked", 60, help_text="The word across the top: SECRET, FOR THE TAL SHIAR ALONE.")
    taken_by = RowField(
        queryset=Power._default_manager.none(),
        required=False,
        label="Intercepted by",
        empty_label="Nobody says",
    )
