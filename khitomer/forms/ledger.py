"""What the ledger is narrowed by."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from khitomer.forms.fields import StoryDateField
from khitomer.models import Campaign

KINDS = {
    "standings": ("Standings", ("change standing",)),
    "law": (
        "Treaties and adherence",
        (
            "add treaty", "remove treaty", "add provision", "remove provision", "set exemption", "enter treaty",
            "strike adherence", "leave treaty", "reopen adherence", "make reservation", "strike reservation",
            "end reservation", "reopen reservation", "record use", "strike use",
        ),
    ),
    "territory": (
        "Territory and zones",
        (
            "add territory", "remove territory", "move territory", "return territory", "set up zone", "strike zone",
            "abolish zone", "reopen zone",
        ),
    ),
    "story": (
        "Events, clocks and the date",
        (
            "add event", "strike event", "add clock", "remove clock", "tick clock", "advance date", "return date",
            "settle future",
        ),
    ),
    "archive": ("The archive", ("set fate", "disclose entry", "close entry")),
    "fields": ("Corrections, and powers", ("amend", "add power", "remove power")),
}  # fmt: skip
SOURCES = {
    "gm": ("By hand", Q(source__startswith="gm:")),
    "resolution": ("Resolutions", Q(source__startswith="resolution:")),
    "settlement": ("Settlements", Q(source__startswith="settlement:")),
    "canon": ("Canon", Q(source__startswith="future:")),
    "date": ("The date", Q(source__startswith="date:")),
    "undo": ("Undos", Q(undoes__isnull=False)),
}


class LedgerForm(forms.Form):
    """Which rows of the ledger are shown: those that fit all that is given."""

    q = forms.CharField(label="Words", required=False, max_length=80)
    kind = forms.ChoiceField(
        label="Kind of change",
        required=False,
        choices=[("", "Anything"), *((k, v[0]) for k, v in KINDS.items())],
    )
    source = forms.ChoiceField(
        label="Cause", required=False, choices=[("", "Anything"), *((k, v[0]) for k, v in SOURCES.items())]
    )
    by = forms.ChoiceField(label="By whom", required=False)
    since = StoryDateField(label="Story date from", required=False, help_text="")
    until = StoryDateField(label="Story date to", required=False, help_text="")

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="ledger_%s", **kwargs)
        people = campaign.ledger.exclude(by=None).order_by().values_list("by_id", "by__name").distinct()
        choices = [("", "Anybody"), *sorted(((str(pk), name) for pk, name in people), key=lambda one: one[1])]
        self.fields["by"].choices = choices  # type: ignore[attr-defined]

    def narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that fit. Call it on a valid form."""
        given = self.cleaned_data
        if given["q"]:
            words = given["q"]
            rows = rows.filter(Q(sentence__icontains=words) | Q(why__icontains=words))
        if given["kind"]:
            rows = rows.filter(kind__in=KINDS[given["kind"]][1])
        if given["source"]:
            rows = rows.filter(SOURCES[given["source"]][1])
        if given["by"]:
            rows = rows.filter(by=given["by"])
        if given["since"]:
            rows = rows.filter(story_date__gte=f"{given['since']}")
        if given["until"]:
            rows = rows.filter(story_date__lte=given["until"].last.isoformat())
        return rows
