"""Letters of what happened: one a day or a week for each person and campaign, and none where nothing did.

That a letter is due is decided, and set down, under the lock of the person's row, and the letter goes out when that is
committed, before the next is looked at: whoever else looks finds it sent. What could not be sent is in the next.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from khitomer.access import Viewer, get_campaign_for
from khitomer.actions import activity
from khitomer.actions.notices import choices_of, newest
from khitomer.models import Digest, Notices
from khitomer.notices.mine import lines_of, notices_for
from khitomer.notices.places import address_of
from khitomer.rules.digests import is_due

log = logging.getLogger(__name__)

MOST = 40
"""Lines of one letter; of more it says that there is more."""


@dataclass(frozen=True)
class Letter:
    """A letter that is about to go out, and from where in the order it tells."""

    row: int
    to: str
    subject: str
    body: str
    since: int
    upto: int


def send_due(now: datetime) -> int:
    """Send the letters that are due; gives how many went out."""
    activity.number(now)
    return sum(_write_to(pk, now) for pk in _perhaps_due(now))


def _write_to(pk: int, now: datetime) -> bool:
    """Take one person's letter and send it. What goes wrong is logged, and keeps no letter from anybody else."""
    try:
        letter = take(pk, now)
        return letter is not None and _send(letter)
    except Exception:
        log.exception("A letter of what happened could not be written; it is tried again.")
        return False


def _perhaps_due(now: datetime) -> list[int]:
    """Whose letter is due, as it looks before anything is locked."""
    rows = (
        Notices.objects.exclude(digest=Digest.OFF)
        .filter(member__user__is_active=True)
        .exclude(member__user__email="")
    )
    return [row.pk for row in rows.select_related("member__campaign").order_by("pk") if _is_due(row, now)]


def _is_due(row: Notices, now: datetime) -> bool:
    zone = ZoneInfo(row.member.campaign.time_zone)
    return row.digest != Digest.OFF and is_due(now, row.digest_at, zone, weekly=row.digest == Digest.WEEKLY)


def take(pk: int, now: datetime) -> Letter | None:
    """Count this person's letter as sent, and give it; None where another has, or where there is nothing to tell."""
    with transaction.atomic():
        row = Notices.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
        if row is None or not _is_due(row, now):
            return None
        upto = max(row.digest_position, newest())
        letter = _letter(row, upto)
        row.digest_at, row.digest_position = now, upto
        row.save(update_fields=["digest_at", "digest_position"])
    return letter


def _letter(row: Notices, upto: int) -> Letter | None:
    """What this person may know now of what happened since their last letter, of the kinds that they chose."""
    user, slug = row.member.user, row.member.campaign.slug
    viewer: Viewer = get_campaign_for(user, slug)
    kinds = choices_of(viewer.membership).by_mail
    rows = notices_for(viewer, kinds).filter(position__gt=row.digest_position, position__lte=upto)
    lines = lines_of(rows.order_by("position")[: MOST + 1])
    if not lines:
        return None
    context = {
        "user": user,
        "campaign": viewer.campaign,
        "lines": [(line.at, line.text, address_of(line.path)) for line in lines[:MOST]],
        "more": len(lines) > MOST,
        "weekly": row.digest == Digest.WEEKLY,
        "notices": address_of(reverse("notices", args=[slug])),
    }
    body = render_to_string("khitomer/mail/digest.txt", context)
    subject = f"{viewer.campaign}: what happened this {'week' if context['weekly'] else 'day'}"
    return Letter(row.pk, user.email, " ".join(subject.split()), body, row.digest_position, upto)


def _send(letter: Letter) -> bool:
    try:
        send_mail(letter.subject, letter.body, None, [letter.to])
    except Exception:
        log.exception("A letter of what happened could not be sent; the next one tells of it, too.")
        told = Notices.objects.filter(pk=letter.row, digest_position=letter.upto)
        told.update(digest_position=letter.since)
        return False
    return True
