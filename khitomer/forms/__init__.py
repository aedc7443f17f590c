"""Forms: what is read from a post, and how a field looks."""

from django import forms
from django.forms.renderers import TemplatesSetting

from khitomer.errors import Refused

forms.Field.default_error_messages["required"] = "This is needed."


class Renderer(TemplatesSetting):
    """Every field as a label, its help, the control, and its error beside it."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"


def refuse(form: forms.BaseForm, refused: Refused) -> None:
    """Show a refusal beside the field it belongs to (or above the form), with what was typed kept."""
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, str(refused))
