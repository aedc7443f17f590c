"""Forms: what is read from a post, and how a field looks."""

from django import forms
from django.forms.renderers import TemplatesSetting

from khitomer.actions.meanwhile import Meanwhile, said
from khitomer.errors import Refused

forms.Field.default_error_messages["required"] = "This is needed."


class Renderer(TemplatesSetting):
    """Every field as a label, its help, the control, and its error beside it."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"


def refuse(form: forms.BaseForm, refused: Refused) -> None:
    """Show a refusal beside the field it belongs to (or above the form), with what was typed kept."""
    if isinstance(refused, Meanwhile):
        _show_both(form, refused)
        return
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, str(refused))


def _show_both(form: forms.BaseForm, meanwhile: Meanwhile) -> None:
    """What another wrote meanwhile, beside each field where it differs; above the form, what it has no field for. The
    next sending has seen it."""
    form.data = form.data.copy()
    form.data[form.add_prefix("began")] = meanwhile.began
    typed = dict(form.cleaned_data)
    form.add_error(None, str(meanwhile))
    for name, there in meanwhile.now.items():
        if name not in form.fields:
            form.add_error(None, f"What stands there now: “{there}”.")
        elif str(said(typed.get(name)) or "") != str(there or ""):
            stands = (
                f"What stands there now: “{there}”" if there not in ("", None) else "It is empty there now"
            )
            form.add_error(name, f"{stands}.")
