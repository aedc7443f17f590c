"""What is asked for a sheet that is drawn from the campaign: which rows stand on it, and how."""

from typing import Any

from django import forms

from khitomer.forms.fields import RowField, RowsField, StoryDateField
from khitomer.forms.handouts import HandoutForm
from khitomer.models import Campaign, Clock, Entry, Power, Provision, Session, Tag, Treaty
from khitomer.rules.dates import Answer, StoryDate
from khitomer.rules.imposition import Size

MOST_CARDS = 120
"""On one handout: more would be no page that the PDF maker takes."""


class Choosing(forms.CheckboxSelectMultiple):
    """Rows to tick, of which there may be many: in columns, and in a window of their own that scrolls."""

    class Media:
        css = {"all": ["css/choosing.css"]}


class DrawnForm(HandoutForm):
    """A handout that is drawn from the campaign. What lies in the bin is not there to choose."""

    text = None  # type: ignore[assignment]

    def rows_of(self, campaign: Campaign, rows: str) -> Any:
        if rows == "entries":
            found = campaign.entries.filter(deleted_at=None).select_related("kind")
            return found.defer("text", "text_html").order_by("name", "pk")
        return super().rows_of(campaign, rows)


class _WithKind:
    """Pages of the archive, each by its name and its kind."""

    def label_from_instance(self, obj: Entry) -> str:
        return f"{obj.name} ({obj.kind.name.lower()})"


class EntryField(_WithKind, RowField):
    """A page of the archive."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Entry._default_manager.none(), **kwargs)


class EntriesField(_WithKind, RowsField):
    """Pages of the archive to choose from, of which there may be many."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Entry._default_manager.none(),
            required=False,
            widget=Choosing,
            template_name="parts/choosing.html",
            **kwargs,
        )


# Of the archive


class CardsForm(DrawnForm):
    DETAILS = ("entries", "tag", "size", "back", "emblem")
    ROWS = {"entries": "entries", "tag": "tags", "emblem": "powers"}

    entries = EntriesField(
        label="Pages",
        help_text="One card each. Whoever gets the cards finds those that they may know of, with what they may read.",
    )
    tag = RowField(
        queryset=Tag._default_manager.none(),
        required=False,
        label="And every page tagged",
        empty_label="No tag",
        help_text="Pages that bear the tag later are on the cards, too.",
    )
    size = forms.ChoiceField(
        choices=[
            (Size.POKER, "Playing card, 63.5 × 88.9 mm: nine to a sheet"),
            (Size.QUARTER, "Quarter of the sheet: four to a sheet"),
            (Size.INDEX, "Index card, 4 × 6 in: two to a sheet"),
        ],
        initial=Size.POKER,
        help_text="Each at its true size. Four index cards fit neither A4 nor Letter, so they are printed by two; "
        "with bleed, fewer of the others may fit.",
    )
    back = forms.ChoiceField(
        choices=[("", "Nothing"), ("star", "The star of the Accords"), ("power", "A power's emblem")],
        required=False,
        label="On the back",
        help_text="Printed behind each card where you print on both sides, and beside it where you fold.",
    )
    emblem = RowField(
        queryset=Power._default_manager.none(),
        required=False,
        label="Whose colour and emblem",
        empty_label="Nobody's: gilt",
        help_text="A page that is tagged with the name of a power bears that power's instead.",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        chosen, tag = given.get("entries"), given.get("tag")
        if "entries" not in self.errors:
            if not chosen and not tag:
                self.add_error("entries", "Choose at least one page, or a tag.")
            elif chosen and len(chosen) > MOST_CARDS:
                self.add_error("entries", f"{len(chosen)} pages; at most {MOST_CARDS} fit on one handout.")
        if given.get("back") == "power" and not given.get("emblem") and "emblem" not in self.errors:
            self.add_error("emblem", "Choose whose emblem stands on the back.")
        return given


class DossierForm(DrawnForm):
    DETAILS = ("entry", "secrets")
    ROWS = {"entry": "entries"}

    entry = EntryField(label="Page", empty_label="Choose one")
    secrets = forms.BooleanField(
        label="With its secrets",
        required=False,
        initial=True,
        help_text="Each reader finds those that they were told, and no others.",
    )


# Of the law


class TreatyForm(DrawnForm):
    DETAILS = ("treaty", "parties", "reservations", "signatures")
    ROWS = {"treaty": "treaties"}

    treaty = RowField(
        queryset=Treaty._default_manager.none(),
        empty_label="Choose one",
        help_text="It is printed as it stands on the day on which it is printed.",
    )
    parties = forms.BooleanField(label="Say who is bound, and since when", required=False, initial=True)
    reservations = forms.BooleanField(
        label="Say below each provision who has excluded it", required=False, initial=True
    )
    signatures = forms.BooleanField(
        label="A line for each party to sign on",
        required=False,
        initial=True,
        help_text="For those who are bound; for everyone who ever was, where nobody is.",
    )


class ProvisionForm(DrawnForm):
    DETAILS = ("provision", "parties", "reservations", "uses")
    ROWS = {"provision": "provisions"}

    provision = RowField(queryset=Provision._default_manager.none(), empty_label="Choose one")
    parties = forms.BooleanField(label="Say who is bound by it", required=False, initial=True)
    reservations = forms.BooleanField(label="Say who has excluded it", required=False, initial=True)
    uses = forms.BooleanField(label="List the recorded uses of its exemption", required=False, initial=True)

    def rows_of(self, campaign: Campaign, rows: str) -> Any:
        if rows == "provisions":
            return Provision._default_manager.filter(treaty__campaign=campaign).select_related("treaty")
        return super().rows_of(campaign, rows)


# Of the story


class RecapForm(DrawnForm):
    DETAILS = ("session", "attendance")
    ROWS = {"session": "sessions"}

    session = RowField(
        queryset=Session._default_manager.none(),
        empty_label="Choose one",
        help_text="What everyone was told, and below it what the reader was told alone.",
    )
    attendance = forms.BooleanField(label="Say who was there", required=False, initial=True)


class ClocksForm(DrawnForm):
    DETAILS = ("clocks", "blank")
    ROWS = {"clocks": "clocks"}

    clocks = RowsField(
        queryset=Clock._default_manager.none(),
        required=False,
        widget=Choosing,
        template_name="parts/choosing.html",
        help_text="With none chosen, all that the reader knows of. Of a hidden face they get the name alone.",
    )
    blank = forms.BooleanField(
        label="Empty, to be filled in with a pencil",
        required=False,
        help_text="Otherwise as they stand when it is printed.",
    )


# The map

TILES = [
    ("1x1", "One sheet"),
    ("2x1", "Two, beside each other"),
    ("2x2", "Four"),
    ("3x2", "Six"),
    ("3x3", "Nine"),
]


class ChartForm(DrawnForm):
    DETAILS = ("day", "tiles", "places")

    day = StoryDateField(
        required=False,
        label="As of",
        help_text="A year, a month or a day of the story so far: 2379, 2379-03 or 2379-03-14. "
        "Left empty, the day on which it is printed.",
    )
    tiles = forms.ChoiceField(
        label="Over how many sheets",
        choices=TILES,
        initial="1x1",
        help_text="They overlap by 10 mm, to be glued; the first says how they lie.",
    )
    places = forms.BooleanField(
        label="With worlds and stations",
        required=False,
        initial=True,
        help_text="Those that its reader knows of.",
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, campaign=campaign, **kwargs)
        self.today = campaign.today

    def clean_day(self) -> StoryDate | None:
        day: StoryDate | None = self.cleaned_data["day"]
        if day and self.today.before(day) is Answer.YES:
            raise forms.ValidationError(f"The story has come no further than {self.today.words()}.")
        return day
