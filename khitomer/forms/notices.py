"""How a person wants to be told, kind by kind; and where a campaign tells of what happens outside."""

from collections.abc import Iterator
from typing import Any

from django import forms

from khitomer.actions.notices import USUAL_APP, Choices
from khitomer.forms.fields import RowField
from khitomer.models import Campaign, Digest, NoticeKind, Power, Webhook


class KindsField(forms.MultipleChoiceField):
    """Kinds of notices, each to be ticked."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=NoticeKind.choices, **kwargs)


class NoticesForm(forms.Form):
    """The three ways of telling, and how often a letter comes."""

    in_app = KindsField(label="In the app", required=False)
    in_browser = KindsField(label="In the browser", required=False)
    by_mail = KindsField(label="In the letter", required=False)
    digest = forms.ChoiceField(
        label="The letter",
        choices=Digest.choices,
        help_text="It names what happened since the last one. When nothing did, none comes.",
    )

    WAYS = ("in_app", "in_browser", "by_mail")

    def rows(self) -> Iterator[tuple[str, list[tuple[Any, Any]]]]:
        """Kind by kind, the box of each way of telling, with the field that it belongs to."""
        fields = [self[name] for name in self.WAYS]
        for (_, label), *boxes in zip(NoticeKind.choices, *fields, strict=True):
            yield label, list(zip(fields, boxes, strict=True))


def as_chosen(choices: Choices) -> dict[str, Any]:
    """Choices as a form shows them."""
    ways = {name: sorted(getattr(choices, name)) for name in NoticesForm.WAYS}
    return {**ways, "digest": choices.digest}


class WebhookForm(forms.Form):
    """An address outside, and what it is told. It is not shown again: whoever has it can write to the channel."""

    label = forms.CharField(
        label="Name", max_length=60, help_text="What the channel is called, for whoever reads of it here."
    )
    url = forms.CharField(
        label="Address",
        max_length=500,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="As the channel’s settings give it. It is kept, and not shown again.",
    )
    power = RowField(
        label="Whose ears it has",
        queryset=Power._default_manager.none(),
        required=False,
        empty_label="Everyone’s at the table",
        help_text="Who reads the channel may know what these know. What is yours alone is never sent.",
    )
    kinds = KindsField(label="What it is told", error_messages={"required": "Choose one kind at least."})

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["power"].queryset = campaign.powers.all()  # type: ignore[attr-defined]
        self.fields["power"].either = True  # type: ignore[attr-defined]  # none is a choice, too


class WebhookEditForm(WebhookForm):
    is_on = forms.BooleanField(
        label="Switched on",
        required=False,
        help_text="What happens while it is off is not told later.",
    )

    def __init__(self, *args: Any, webhook: Webhook, **kwargs: Any) -> None:
        initial = {name: getattr(webhook, name) for name in ("label", "power", "kinds", "is_on")}
        super().__init__(*args, campaign=webhook.campaign, initial=initial, **kwargs)
        self.fields["url"].required = False
        self.fields["url"].label = "Another address"
        self.fields["url"].help_text = "Leave it empty to keep the one that there is."


USUAL_OUTSIDE = [kind.value for kind in NoticeKind if kind in USUAL_APP]
"""What is ticked for a new webhook."""
