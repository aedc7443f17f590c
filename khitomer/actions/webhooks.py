"""The addresses outside that a campaign tells of what happens: made, changed and taken away by whoever runs it."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction

from khitomer.actions.locks import lock
from khitomer.actions.notices import newest
from khitomer.errors import Refused
from khitomer.models import Campaign, NoticeKind, Power, User, Webhook
from khitomer.rules.webhooks import why_not

MOST = 10
"""Webhooks of one campaign."""


def add(
    *,
    campaign: Campaign,
    label: str,
    url: str,
    power: Power | None,
    kinds: Collection[str],
    by: User,
    now: datetime,
) -> Webhook:
    """Tell an address of what happens from now on: what everyone at the table may know, or a power's delegation.

    `Refused` for an address that cannot be one, a label that another has, and more than `MOST`.
    """
    _check(url)
    with transaction.atomic():
        lock(campaign)
        if campaign.webhooks.count() >= MOST:
            raise Refused(f"A campaign has {MOST} webhooks at most", allowed="Take one away first")
        _check_label(campaign, label)
        return Webhook.objects.create(
            campaign=campaign,
            label=label,
            url=url,
            power=power,
            kinds=_in_order(kinds),
            created_by=by,
            created_at=now,
            position=newest(),
        )


def change(
    *,
    webhook: Webhook,
    label: str,
    url: str,
    power: Power | None,
    kinds: Collection[str],
    is_on: bool,
    by: User,
) -> None:
    """Change what a webhook is told, and where; an empty `url` leaves it where it leads.

    One that gets other ears, another address, or is switched on again begins with what happens from now on: what was
    waiting was not meant for it, or is old.
    """
    if url:
        _check(url)
    with transaction.atomic():
        lock(webhook.campaign)
        row = Webhook.objects.select_for_update().get(pk=webhook.pk)
        if row.label != label:
            _check_label(row.campaign, label)
        anew = (url and url != row.url) or row.power != power or (is_on and not row.is_on)
        row.label, row.power, row.kinds, row.is_on = label, power, _in_order(kinds), is_on
        row.url = url or row.url
        if anew:
            row.position = newest()
        if anew or not is_on:
            row.failures, row.next_try_at, row.held_until, row.held_by = 0, None, None, ""
            row.trouble, row.test_wanted = "", False
        row.save()


def ask_for_a_test(*, webhook: Webhook, by: User) -> None:
    """Have a line sent that says nothing but that the webhook works. `Refused` for one that is off."""
    with transaction.atomic():
        row = Webhook.objects.select_for_update().get(pk=webhook.pk)
        if not row.is_on:
            raise Refused(f"“{row}” is off", allowed="Switch it on first")
        row.test_wanted, row.next_try_at = True, None
        row.save(update_fields=["test_wanted", "next_try_at"])


def remove(*, webhook: Webhook, by: User) -> None:
    """Tell this address nothing more, and forget it."""
    Webhook.objects.filter(pk=webhook.pk).delete()


def _check(url: str) -> None:
    if reason := why_not(url, anywhere=settings.WEBHOOKS_ANYWHERE):
        raise Refused(reason, field="url", allowed="Copy it from the channel's own settings")


def _check_label(campaign: Campaign, label: str) -> None:
    if campaign.webhooks.filter(label=label).exists():
        raise Refused("Another webhook has this name", field="label", allowed="Choose another")


def _in_order(kinds: Collection[str]) -> list[str]:
    return [kind.value for kind in NoticeKind if kind in kinds]
