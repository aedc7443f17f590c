"""A refusal of the ledger shown beside the field it is about."""

import re
from collections.abc import Mapping

from django import forms

from khitomer.errors import Refused
from khitomer.forms import refuse

COUNTED = re.compile(r"^Change \d+ of \d+ cannot be made: ")
"""How the ledger names one of several changes; whoever filled in one form made one."""


def place(
    form: forms.BaseForm, refused: Refused, *, by_words: Mapping[str, str] | None = None, otherwise: str = ""
) -> None:
    """Show a refusal beside its field, with what was typed kept.

    The ledger speaks of things and not of forms: `by_words` says which field its words are about (the first that is
    found counts), and `otherwise` is the field that bears the rest.
    """
    reason = COUNTED.sub("", refused.reason)
    found = [field for words, field in (by_words or {}).items() if words in reason]
    field = refused.field or (found[0] if found else otherwise) or None
    refuse(form, Refused(reason, field=field, allowed=refused.allowed))
