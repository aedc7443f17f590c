"""What the GM does to many entries at once, and which entries are listed to choose from."""

from typing import Any

from django import forms
from django.db import models

from khitomer.actions import bulk, disclosures
from khitomer.forms.audience import AudienceForm
from khitomer.models import Audience, Campaign, Entry, Kind, Tag


class Deed(models.TextChoices):
    """What can be done to many."""

    KIND = "kind", "Set the kind"
    TAG = "tag", "Add a tag"
    UNTAG = "untag", "Remove a tag"
    AUDIENCE = "audience", "Set who may see them"
    PARENT = "parent", "Make them part of a page"
    BIN = "bin", "Throw them away"


class BulkForm(AudienceForm):
    use_required_attribute = False  # what one deed needs another leaves empty

    do = forms.ChoiceField(
        label="Do this",
        choices=[("", "Choose…"), *Deed.choices],
        widget=forms.Select(attrs={"data-kind-select": ""}),
    )
    kind = forms.ModelChoiceField(
        queryset=Kind._default_manager.none(),
        to_field_name="key",
        required=False,
        empty_label="Choose…",
        label="The kind",
    )
    tag = forms.CharField(max_length=40, required=False, label="The tag")
    untag = forms.ModelChoiceField(
        queryset=Tag._default_manager.none(),
        to_field_name="slug",
        required=False,
        empty_label="Choose…",
        label="Which tag",
    )
    parent = forms.CharField(
        max_length=80,
        required=False,
        label="Part of",
        help_text="The name of a page, as it stands there. Empty: part of nothing.",
    )

    def __init__(self, *args: Any, campaign: Campaign, entries: Any, **kwargs: Any) -> None:
        super().__init__(*args, campaign=campaign, **kwargs)
        self.campaign, self.entries = campaign, entries
        self.fields["kind"].queryset = campaign.kinds.all()  # type: ignore[attr-defined]
        self.fields["untag"].queryset = campaign.tags.all()  # type: ignore[attr-defined]
        self.fields["token"].required = False
        for name in (Deed.KIND, Deed.TAG, Deed.UNTAG, Deed.AUDIENCE):  # each has a field of its name
            self.fields[name].required = not self.is_bound or self.data.get("do") == name
        self.fields["audience"].initial = Audience.GM

    def clean_parent(self) -> Entry | None:
        name = " ".join(str(self.cleaned_data["parent"]).split())
        if not name or self.data.get("do") != Deed.PARENT:
            return None
        found: Entry | None = self.entries.filter(name__iexact=name).first()
        if found is None:
            raise forms.ValidationError("No page has this name.")
        return found

    def clean(self) -> dict[str, Any]:
        return super().clean() if self.cleaned_data.get("do") == Deed.AUDIENCE else self.cleaned_data

    def act(self) -> bulk.Act:
        """What was chosen, as the action takes it. `Refused` where the audience and the names do not agree."""
        given = self.cleaned_data
        match given["do"]:
            case Deed.KIND:
                return bulk.set_kind(given["kind"])
            case Deed.TAG:
                return bulk.add_tag(given["tag"])
            case Deed.UNTAG:
                return bulk.remove_tag(given["untag"])
            case Deed.PARENT:
                return bulk.set_parent(given["parent"])
            case Deed.BIN:
                return bulk.throw_away()
        return bulk.set_audience(
            disclosures.to_whom(
                campaign=self.campaign,
                audience=given["audience"],
                powers=given["powers"],
                persons=given["persons"],
            )
        )


class BulkFilter(forms.Form):
    """Which entries are listed. What makes no sense filters nothing."""

    q = forms.CharField(max_length=80, required=False, label="Name contains")
    kind = forms.ModelChoiceField(
        queryset=Kind._default_manager.none(), to_field_name="key", required=False, empty_label="All kinds"
    )
    tag = forms.ModelChoiceField(
        queryset=Tag._default_manager.none(), to_field_name="slug", required=False, empty_label="All tags"
    )
    audience = forms.ChoiceField(choices=[("", "Anyone"), *Audience.choices], required=False, label="Open to")

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter-%s", **kwargs)
        self.fields["kind"].queryset = campaign.kinds.all()  # type: ignore[attr-defined]
        self.fields["tag"].queryset = campaign.tags.all()  # type: ignore[attr-defined]

    def of(self, entries: Any) -> Any:
        """Those of a query set of entries that the filter lets through."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        columns = {"q": "name__icontains", "kind": "kind", "tag": "tags", "audience": "audience"}
        return entries.filter(**{columns[name]: value for name, value in asked.items()})
