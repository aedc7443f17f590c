"""A picture, and the square of it that stands on lists."""

from typing import Any

from django import forms

from khitomer.imaging import ALLOWED_PICTURES, MAX_FILE_BYTES

ALT_HELP = "In a few words, for whoever cannot see it."


def upload_field(**kwargs: Any) -> forms.FileField:
    """A field for one picture."""
    accept = "image/jpeg,image/png,image/webp,image/gif"
    given = {"label": "Picture", "help_text": ALLOWED_PICTURES, **kwargs}
    return forms.FileField(widget=forms.FileInput(attrs={"accept": accept}), **given)


def read(upload: Any) -> bytes:
    """The bytes of an upload, and no more of them than what is one too many."""
    data: bytes = upload.read(MAX_FILE_BYTES + 1)
    return data


class UploadForm(forms.Form):
    file = upload_field()
    alt = forms.CharField(label="What it shows", max_length=200, required=False, help_text=ALT_HELP)


class CropForm(forms.Form):
    """The square of the card and the focal point, in thousandths: the script sets these fields, and without it they are
    typed. A focal point that is not given stays where it was.
    """

    left = forms.IntegerField(
        label="From the left", min_value=0, max_value=1000, help_text="Thousandths of the width."
    )
    top = forms.IntegerField(
        label="From the top", min_value=0, max_value=1000, help_text="Thousandths of the height."
    )
    side = forms.IntegerField(
        label="Side", min_value=50, max_value=1000, help_text="Thousandths of the shorter side, from 50."
    )
    focal_x = forms.IntegerField(
        label="Focal point, from the left",
        min_value=0,
        max_value=1000,
        required=False,
        help_text="Thousandths of the width.",
    )
    focal_y = forms.IntegerField(
        label="Focal point, from the top",
        min_value=0,
        max_value=1000,
        required=False,
        help_text="Thousandths of the height.",
    )
    alt = forms.CharField(label="What it shows", max_length=200, required=False, help_text=ALT_HELP)
