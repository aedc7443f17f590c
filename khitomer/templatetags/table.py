"""The table's tools on pages that know nothing of them but the session."""

from typing import Any

from django import template

from khitomer.access import Viewer
from khitomer.models import Session
from khitomer.views import dice, names

register = template.Library()


@register.simple_tag
def dice_tools(viewer: Viewer, session: Session) -> dict[str, Any]:
    """What the dice and pools of this session show this viewer."""
    return dice.dice_tools(viewer, session)


@register.simple_tag
def name_lists(viewer: Viewer) -> list[dict[str, Any]]:
    """The GM's lists of names; nothing for anybody else."""
    return names.lists_of(viewer) if viewer.is_gm else []
