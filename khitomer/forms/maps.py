"""What is read when something is put on the map."""

from collections.abc import Iterable
from typing import Any

from django import forms


class PlacingForm(forms.Form):
    """A thing, and where it is to stand: in thousandths of the map's width and height."""

    thing = forms.ChoiceField(label="What")
    x = forms.IntegerField(min_value=0, max_value=1000, label="From the left", help_text="0 to 1000.")
    y = forms.IntegerField(min_value=0, max_value=1000, label="From the top", help_text="0 to 1000.")

    def __init__(
        self, *args: Any, things: Iterable[tuple[str, str]], off: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, auto_id="map_%s", **kwargs)
        self.fields["thing"].choices = list(things)  # type: ignore[attr-defined]
        if off:  # what is taken off stands nowhere
            del self.fields["x"], self.fields["y"]
