"""What is read when something is said of an obligation, or of compliance with a complaint."""

from typing import Any

from django import forms

from khitomer.errors import Refused
from khitomer.forms import refuse


class WordsForm(forms.Form):
    """A report or a reason in writing, where the procedure asks for one."""

    words = forms.CharField(
        max_length=500,
        strip=True,
        error_messages={"required": "Say it in a sentence."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = label

    def refuse(self, refused: Refused) -> None:
        """Beside the words, where the refusal is about them: the actions call them text or reason."""
        field = "words" if refused.field else None
        refuse(self, Refused(refused.reason, field=field, allowed=refused.allowed))
