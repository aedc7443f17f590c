"""How many letters go out: enough for whoever has lost a letter, too few to flood a stranger's box or the mail server.

What is counted is written down as a keyed hash, never as an address, and goes when its hour is over. The rows are in
the database because every process must count the same letters.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.db import transaction
from django.utils.crypto import salted_hmac

from khitomer.models import LettersSent

HOUR = timedelta(hours=1)
MOST_TO_ONE = 5
"""Letters an hour to one address, and on the word of one account."""
MOST_FROM_ONE = 20
"""Letters an hour on the word of one client's network address."""


def may_send(*, to: str, client: str, now: datetime, account: int | None = None) -> bool:
    """Whether one more letter may go to the address `to`; if so it is counted.

    `client` is the network address of who asks for it, `account` the key of theirs where they have one. Whoever asks
    is told the same either way. A letter that one count forbids is not counted by those after it.
    """
    counts = [(f"client {_network(client)}", MOST_FROM_ONE), (f"to {to.strip().lower()}", MOST_TO_ONE)]
    if account is not None:
        counts.insert(1, (f"account {account}", MOST_TO_ONE))
    # One row is held at a time, so that no two askers can wait for each other.
    may = all(_count(name, most, now) for name, most in counts)
    _forget(now)
    return may


def _network(client: str) -> str:
    """Who has one address of IPv6 has 2**64 of them: they count as one."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    return str(int(address) >> 64) if isinstance(address, IPv6Address) else str(address)


def _count(name: str, most: int, now: datetime) -> bool:
    key = salted_hmac("khitomer.letters", name, algorithm="sha256").hexdigest()
    with transaction.atomic():
        LettersSent.objects.get_or_create(key=key, defaults={"latest": now})
        row = LettersSent.objects.select_for_update().filter(key=key).first()
        if row is None:  # it was forgotten in between, so there was nothing to count
            row = LettersSent(key=key)
        recent = [at for at in row.at if at > (now - HOUR).timestamp()]
        if len(recent) >= most:
            return False
        row.at, row.latest = [*recent, now.timestamp()], now
        row.save()
    return True


def _forget(now: datetime) -> None:
    """Let go of whatever is over; what another holds at this moment is left to it."""
    with transaction.atomic():
        over = LettersSent.objects.filter(latest__lt=now - HOUR)
        keys = list(over.select_for_update(skip_locked=True).values_list("pk", flat=True)[:100])
        LettersSent.objects.filter(pk__in=keys).delete()
