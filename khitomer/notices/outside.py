"""What happens, told to webhooks: after it was committed, by nobody who waits for a page, and once.

Whoever sends takes hold of a webhook in a transaction of its own, sends while nothing is locked, and sets down what
came of it. Two who try at once find it held; one that dies lets go when its time is up.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from khitomer.access import Viewer
from khitomer.actions import activity
from khitomer.models import Activity, Membership, Role, User, Webhook, activity_of
from khitomer.notices.calling import Answer, post
from khitomer.notices.mine import Notice, lines_of
from khitomer.notices.places import address_of
from khitomer.rules import webhooks as rules

log = logging.getLogger(__name__)

HELD_FOR = timedelta(minutes=2)
"""Longer than a request may take, whatever happens."""

SENDERS = 16
"""Messages on their way at once: more than one campaign has webhooks, so that its slow receivers leave some over."""

AT_ONCE = 200
"""Rows that are read for one message: more than it has room for, so that it is cut where it is full."""

TEST = "This is a test. Whoever reads it here will be told of what happens in the campaign."


@dataclass(frozen=True)
class Errand:
    """One message on its way: whose, by whom it is held, what it says, and up to where it tells."""

    webhook: int
    held_by: str
    url: str
    text: str
    upto: int
    is_test: bool


def deliver(clock: Callable[[], datetime] = timezone.now) -> int:
    """Send what waits to be sent; gives how many messages were taken.

    A webhook is taken hold of when somebody is free to send to it: while it waits for slow receivers, nobody holds it.
    """
    activity.number(clock())
    taken = 0
    on_their_way: dict[Future[Answer], Errand] = {}
    with ThreadPoolExecutor(SENDERS) as pool:
        try:
            for pk in due(clock()):
                if len(on_their_way) == SENDERS:
                    _settle_some(on_their_way, clock)
                if errand := take(pk, clock()):
                    on_their_way[pool.submit(_send, errand)] = errand
                    taken += 1
        finally:
            while on_their_way:
                _settle_some(on_their_way, clock)
    return taken


def _settle_some(on_their_way: dict[Future[Answer], Errand], clock: Callable[[], datetime]) -> None:
    """Wait for an answer, and set down what came of every message that has one."""
    for answered in wait(on_their_way, return_when=FIRST_COMPLETED).done:
        errand = on_their_way.pop(answered)
        try:
            settle(errand, answered.result(), clock())
        except Exception:  # of the others all the same
            log.exception("What came of a message to a webhook could not be set down.")


def due(now: datetime) -> list[int]:
    """The webhooks that have something to be told, and may be tried."""
    latest = (
        Activity.objects.filter(campaign=OuterRef("campaign")).exclude(position=None).order_by("-position")
    )
    rows = Webhook.objects.filter(_free(now), is_on=True).annotate(
        newest=Subquery(latest.values("position")[:1])
    )
    some = Q(test_wanted=True) | Q(newest__gt=F("position"))
    return list(rows.filter(some).order_by("pk").values_list("pk", flat=True))


def take(pk: int, now: datetime) -> Errand | None:
    """Take hold of a webhook, and of the next message to it; None when another has it, or nothing is for its ears."""
    with transaction.atomic():
        row = (
            Webhook.objects.select_for_update(skip_locked=True).filter(_free(now), pk=pk, is_on=True).first()
        )
        if row is None:
            return None
        if row.test_wanted:
            text, upto = rules.message(row.campaign.name, [rules.escaped(TEST)])[0], row.position
        else:
            text, upto = message_for(row)
        if not text:
            row.position = upto
            row.save(update_fields=["position"])
            return None
        row.held_until, row.held_by = now + HELD_FOR, secrets.token_hex(16)
        row.save(update_fields=["held_until", "held_by"])
    return Errand(row.pk, row.held_by, row.url, text, upto, row.test_wanted)


def message_for(webhook: Webhook) -> tuple[str, int]:
    """The next message to a webhook, and up to where it tells; an empty one where nothing is for its ears."""
    campaign, ears = webhook.campaign, ears_of(webhook)
    rows = campaign.activity.filter(position__gt=webhook.position).order_by("position")
    last = rows.order_by("-position").values_list("position", flat=True).first() or webhook.position
    mine = rows.told().visible_to(ears).filter(kind__in=activity_of(webhook.kinds)).select_related("power")
    heard = list(mine[:AT_ONCE])
    if not heard:
        return "", last
    notices = lines_of(heard)
    text, taken = rules.message(
        campaign.name, [rules.line(one.text, address_of(one.path)) for one in notices]
    )
    return text, _told_upto(heard, notices[taken:])


def _told_upto(heard: Sequence[Activity], left: Sequence[Notice]) -> int:
    """Up to where a message tells that has room for all but the lines that are left."""
    upto = left[0].position - 1 if left and left[0].position else heard[-1].position
    return upto or 0


def ears_of(webhook: Webhook) -> Viewer:
    """Who reads what a webhook is told: a delegate of its power who was told nothing alone, or anybody at the table."""
    role = Role.PLAYER if webhook.power_id else Role.OBSERVER
    nobody = Membership(campaign=webhook.campaign, role=role, power=webhook.power)
    return Viewer(user=User(), campaign=webhook.campaign, membership=nobody)


def settle(errand: Errand, answer: Answer, now: datetime) -> None:
    """Set down what came of a message, unless the webhook has been taken from whoever sent it."""
    with transaction.atomic():
        row = Webhook.objects.select_for_update().filter(pk=errand.webhook, held_by=errand.held_by).first()
        if row is None:
            return
        row.held_until, row.held_by = None, ""
        if answer.is_good:
            row.failures, row.next_try_at, row.trouble, row.sent_at = 0, None, "", now
            row.position = max(row.position, errand.upto)
            row.test_wanted = row.test_wanted and not errand.is_test
        elif answer.wait is not None:
            row.next_try_at, row.trouble = now + answer.wait, "It asked for patience"
        else:
            _failed(row, answer, now)
        row.save()


def _failed(row: Webhook, answer: Answer, now: datetime) -> None:
    row.failures += 1
    wait = None if answer.status in rules.GONE else rules.wait_after(row.failures)
    row.trouble = answer.trouble
    row.next_try_at = now + wait if wait is not None else None
    if wait is None:
        row.is_on, row.test_wanted = False, False
        log.warning("A webhook of %s was switched off: %s.", row.campaign.slug, answer.trouble)


def _free(now: datetime) -> Q:
    """Held by nobody, and not to be left alone for a while."""
    return (Q(held_until=None) | Q(held_until__lte=now)) & (Q(next_try_at=None) | Q(next_try_at__lte=now))


def _send(errand: Errand) -> Answer:
    return post(errand.url, rules.payload(errand.text), anywhere=settings.WEBHOOKS_ANYWHERE)
