"""How a member wants to be told, and up to where they have read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from khitomer.actions import activity
from khitomer.models import Activity, Digest, Membership, NoticeKind, Notices

ALL = frozenset(NoticeKind)
USUAL_APP = ALL - {NoticeKind.PLAY}
USUAL_BROWSER = frozenset([NoticeKind.CONFERENCES, NoticeKind.PARLEYS, NoticeKind.KNOWN, NoticeKind.EVENINGS])
USUAL_MAIL = USUAL_APP
OF_THE_GM = frozenset([NoticeKind.STATE, NoticeKind.KNOWN])
"""What whoever runs the campaign does, and so need not be told of."""


@dataclass(frozen=True)
class Choices:
    """What one member is told, by the way of telling, and up to where they have read."""

    in_app: frozenset[NoticeKind]
    in_browser: frozenset[NoticeKind]
    by_mail: frozenset[NoticeKind]
    digest: Digest
    read: int


def choices_of(member: Membership) -> Choices:
    """How a member has chosen to be told; as is usual for their role, where they have not."""
    row = Notices.objects.filter(member=member).first() or Notices(
        read_position=activity.micros(member.joined_at)
    )
    own = frozenset[NoticeKind]() if member.is_told else OF_THE_GM

    def chosen(kinds: list[str] | None, usual: frozenset[NoticeKind]) -> frozenset[NoticeKind]:
        return usual - own if kinds is None else frozenset(map(NoticeKind, ALL & set(kinds)))

    return Choices(
        in_app=chosen(row.in_app, USUAL_APP),
        in_browser=chosen(row.in_browser, USUAL_BROWSER),
        by_mail=chosen(row.by_mail, USUAL_MAIL),
        digest=Digest(row.digest),
        read=row.read_position,
    )


def choose(
    *,
    by: Membership,
    in_app: Collection[str],
    in_browser: Collection[str],
    by_mail: Collection[str],
    digest: Digest,
    now: datetime,
) -> None:
    """Set down how `by` wants to be told. Whoever begins to get letters is written to of what happens from now on."""
    with transaction.atomic():
        row = _held(by)
        row.in_app, row.in_browser, row.by_mail = map(_in_order, (in_app, in_browser, by_mail))
        if digest != Digest.OFF and row.digest == Digest.OFF:
            row.digest_position, row.digest_at = newest(), now
        row.digest = digest
        row.save()


def mark_read(*, by: Membership, upto: int) -> None:
    """Count nothing up to this place as unread any more. It never goes back."""
    with transaction.atomic():
        row = _held(by)
        row.read_position = max(row.read_position, upto)
        row.save(update_fields=["read_position"])


def newest() -> int:
    """The last place in the order of the activity."""
    last: int | None = Activity.objects.aggregate(last=Max("position"))["last"]
    return last or 0


def _in_order(kinds: Iterable[str]) -> list[str]:
    return [kind.value for kind in NoticeKind if kind in set(kinds)]


def _held(member: Membership) -> Notices:
    """The member's row, under its lock; made first where there is none."""
    begun = {"read_position": activity.micros(member.joined_at)}
    Notices.objects.get_or_create(member=member, defaults=begun)
    return Notices.objects.select_for_update().get(member=member)
