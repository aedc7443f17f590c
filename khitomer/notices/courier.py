"""Who carries notices out of the house: two loops beside the server, never in a request.

Letters have one of their own, so that they wait for no slow receiver of a webhook, and no message for the mail server.
"""

import logging
import threading
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from khitomer.notices import digests, outside

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between rounds of messages to webhooks."""

LETTERS_EVERY = 300.0
"""Seconds between rounds of letters."""


def rounds(halted: threading.Event, send: Callable[[], int], every: float) -> None:
    """Send what is due round after round until it is halted. What goes wrong is logged, and tried again."""
    while not halted.is_set():
        pause = every
        try:
            send()
        except (DatabaseError, InterfaceError):
            log.warning("Notices could not be sent; trying again.", exc_info=True)
            connection.close()
            pause = 10
        except Exception:
            # A bug in one message must not silence all that come after it for as long as the server runs.
            log.exception("Notices could not be sent.")
            pause = 60
        halted.wait(pause)
    connection.close()


def letters() -> int:
    """Send the letters that are due now; gives how many went out."""
    return digests.send_due(timezone.now())


def go_round() -> int:
    """What is due now: letters, and messages to webhooks. Gives how many were sent."""
    return letters() + outside.deliver()


class Courier:
    """The loops in threads of their own, for as long as something else runs."""

    def __init__(self) -> None:
        self.halted = threading.Event()
        self.threads = [
            threading.Thread(target=rounds, args=[self.halted, *each], name="courier", daemon=True)
            for each in ((outside.deliver, EVERY), (letters, LETTERS_EVERY))
        ]

    def __enter__(self) -> "Courier":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.halted.set()
        for thread in self.threads:
            thread.join(1)
