"""What a player proposes for the archive, and what the GM answers."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q

from khitomer.access import Viewer
from khitomer.forms.archive import KeptForm
from khitomer.forms.campaigns import OnceForm
from khitomer.forms.fields import MarkdownField
from khitomer.models import EntryKind, Kind


class ProposalForm(OnceForm):
    name = forms.CharField(max_length=80)
    kind = forms.ModelChoiceField(
        queryset=Kind._default_manager.none(), to_field_name="key", empty_label=None
    )
    text = MarkdownField(
        help_text="Markdown. Write what your character knows or tells; the GM reads it before anybody else does."
    )

    def __init__(self, *args: Any, viewer: Viewer, also: Kind | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A kind of the GM's own is known by an entry of it that one may see, or because one wrote of it before.
        seen = viewer.campaign.entries.visible_to(viewer).filter(kind=OuterRef("pk"))
        known = Q(key__in=EntryKind.values) | Exists(seen) | Q(pk=also.pk if also else None)
        self.fields["kind"].queryset = viewer.campaign.kinds.filter(known)  # type: ignore[attr-defined]
        self.fields["kind"].initial = EntryKind.NOTE

    def given(self) -> dict[str, Any]:
        """What was given, as the actions take it."""
        return {name: self.cleaned_data[name] for name in ("name", "kind", "text")}


class ApproveForm(KeptForm):
    """Under which name, and for whom. `read` says which writing of it the GM read."""

    name = forms.CharField(max_length=80, label="Its name in the archive")
    read = forms.CharField(widget=forms.HiddenInput, required=False)

    field_order = ("name",)

    def given(self) -> dict[str, Any]:
        given = super().given()
        return {**given, "began": self.cleaned_data["began"]}


class RewritingForm(OnceForm):
    """Approving a rewriting: the page keeps its audience."""

    name = forms.CharField(max_length=80, label="Its name in the archive")
    began = forms.CharField(widget=forms.HiddenInput, required=False)
    read = forms.CharField(widget=forms.HiddenInput, required=False)

    def given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "began", "read")}


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="Why it goes back",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The author reads it beside the page.",
    )
    read = forms.CharField(widget=forms.HiddenInput, required=False)
