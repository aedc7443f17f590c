"""Who carries notices out of the house: a loop beside the server, never in a request."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from khitomer.notices import digests, outside

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between rounds."""

LETTERS_EVERY = timedelta(minutes=5)


def rounds(halted: threading.Event, clock: Callable[[], datetime] = timezone.now) -> None:
    """Go round after round until it is halted. What goes wrong is logged, and the next round tries again."""
    letters_at = clock()
    while not halted.is_set():
        now = clock()
        try:
            go_round(now, letters=now >= letters_at)
            if now >= letters_at:
                letters_at = now + LETTERS_EVERY
        except (DatabaseError, InterfaceError):
            log.warning("Notices could not be sent; trying again.", exc_info=True)
            connection.close()
            halted.wait(10)
        except Exception:
            # A bug in one message must not silence all that come after it for as long as the server runs.
            log.exception("Notices could not be sent.")
            halted.wait(60)
        halted.wait(EVERY)
    connection.close()


def go_round(now: datetime, *, letters: bool = True) -> int:
    """What is due now: messages to webhooks, and letters. Gives how many were sent."""
    sent = outside.deliver(now)
    return sent + (digests.send_due(now) if letters else 0)


class Courier:
    """The loop in a thread of its own, for as long as something else runs."""

    def __init__(self) -> None:
        self.halted = threading.Event()
        self.thread = threading.Thread(target=rounds, args=[self.halted], name="courier", daemon=True)

    def __enter__(self) -> "Courier":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.halted.set()
        self.thread.join(1)
