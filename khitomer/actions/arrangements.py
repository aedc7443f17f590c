"""Moving panels about on one's own dashboard or desk."""

from collections.abc import Sequence

from django.db import transaction

from khitomer.models import Arrangement, Membership
from khitomer.rules.arranging import Layout, Move, arranged


def layout_of(*, member: Membership, page: str, usual: Sequence[Sequence[str]]) -> Layout:
    """How a member has arranged a page; `usual` is how it stands for whoever has not."""
    row = Arrangement.objects.filter(member=member, page=page).first()
    return arranged(row.layout if row else {}, usual)


def move_panel(
    *, member: Membership, page: str, usual: Sequence[Sequence[str]], panel: str, move: Move
) -> Layout:
    """Take one step with one panel, and keep the layout that comes of it."""
    with transaction.atomic():
        # The member's row is the lock: two presses of one person are two steps.
        Membership.objects.select_for_update(no_key=True).get(pk=member.pk)
        layout = layout_of(member=member, page=page, usual=usual).moved(panel, move)
        Arrangement.objects.update_or_create(member=member, page=page, defaults={"layout": layout.stored()})
    return layout


def as_usual(*, member: Membership, page: str) -> None:
    """Let a page stand as it does for whoever never moved anything."""
    Arrangement.objects.filter(member=member, page=page).delete()
