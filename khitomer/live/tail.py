"""The tail of a process: one thread that reads the activity as it grows, and tells every open page of that process."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from django.db import connection
from django.utils import timezone

from khitomer.actions import activity, presence
from khitomer.live.ears import AT_ONCE, Ears, Told, after, closed
from khitomer.live.stopping import Stopping
from khitomer.models import Activity, Topic

log = logging.getLogger(__name__)

LOOKS_EVERY = 0.1
LOOKS_ANYHOW = 1.0
"""Seconds between looks where the database cannot wake us; and where it can, and says nothing."""

CHECKED_EVERY = 2.0
"""Seconds in which whoever was removed, or signed out, is found."""

MOST_WAITING = 100
"""What a page that reads too slowly is kept; beyond that it is told to look at everything anew."""

MOST_OF_ONE = 20
"""Open pages of one person, in one process."""


class Listener:
    """One open page: what waits to be sent to it."""

    def __init__(self, ears: Ears) -> None:
        self.ears = ears
        self.waiting: deque[Told] = deque()
        self.has_lost = False
        self.is_over = False
        self._news = asyncio.Event()

    def tell(self, told: Told) -> None:
        if len(self.waiting) >= MOST_WAITING:
            self.waiting.clear()
            self.has_lost = True
        if not self.has_lost:
            self.waiting.append(told)
        self._news.set()

    def end(self) -> None:
        self.is_over = True
        self._news.set()

    async def news(self, within: float) -> bool:
        """Wait until there is something to send, or nothing more will be; False when the time is up."""
        try:
            async with asyncio.timeout(within):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True


class Tail:
    """Reads while somebody listens. Only `_run` and what it calls are in the thread; all else is in the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.listeners: defaultdict[int, set[Listener]] = defaultdict(set)
        self.of_one: Counter[tuple[int, int | None]] = Counter()
        self.alike: Counter[Ears] = Counter()
        self.thread: threading.Thread | None = None
        self.ready = asyncio.Event()
        self.ears: tuple[Ears, ...] = ()
        self.halted = threading.Event()
        self.stopping = Stopping(self._stop)
        self.is_over = False

    async def open(self, ears: Ears) -> Listener | None:
        """Listen from now on; None for whoever listens from too many pages. What was before, `Ears.since` finds."""
        if self.of_one[ears.one] >= MOST_OF_ONE:
            return None
        listener = Listener(ears)
        self.listeners[ears.campaign].add(listener)
        self._count(ears, 1)
        if self.thread is None:
            self.halted, self.ready = threading.Event(), asyncio.Event()
            self.thread = threading.Thread(
                target=self._run, args=(self.halted, self.ready), name="tail", daemon=True
            )
            self.thread.start()
            self.stopping.watch()
        await self.ready.wait()
        if self.is_over:
            listener.end()
        return listener

    def close(self, listener: Listener) -> None:
        of_campaign = self.listeners[listener.ears.campaign]
        of_campaign.discard(listener)
        if not of_campaign:
            del self.listeners[listener.ears.campaign]
        self._count(listener.ears, -1)
        if not self.listeners and self.thread is not None:
            self.halted.set()
            self.thread = None
            self.stopping.leave()

    def _stop(self) -> None:
        """The server is to stop: let every page go. They come back with what they heard last."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self.is_over = True
        for some in self.listeners.values():
            for listener in some:
                listener.end()

    def _count(self, ears: Ears, change: int) -> None:
        """One page more or less. Who listens is left to the thread as a tuple: it reads that while the next is made."""
        self.of_one[ears.one] += change
        self.alike[ears] += change
        if not self.alike[ears]:
            del self.alike[ears]
        self.ears = tuple(self.alike)

    def _deliver(self, told: list[Told], gone: set[Ears], moved: set[int]) -> None:
        for campaign in {row.campaign for row in told} | moved | {one.campaign for one in gone}:
            for listener in self.listeners.get(campaign, ()):
                if listener.ears in gone:
                    listener.end()
                    continue
                for row in told:
                    if listener.ears.hear(row):
                        listener.tell(row)
                if campaign in moved and listener.ears.hear(here := Told(0, campaign, Topic.TABLE)):
                    listener.tell(here)

    # In the thread

    def _run(self, halted: threading.Event, ready: asyncio.Event) -> None:
        reader = _Reader()
        while not halted.is_set():
            try:
                told, gone, moved = reader.look(self.ears)
                if told or gone or moved:
                    self.loop.call_soon_threadsafe(self._deliver, told, gone, moved)
                self.loop.call_soon_threadsafe(ready.set)
                if len(told) < AT_ONCE:
                    reader.wait(halted)
            except Exception:
                if self.loop.is_closed():  # and with it every page
                    break
                # Whatever it is, the database that went away above all: what was missed is told once it can be read.
                log.warning("The activity could not be read; trying again.", exc_info=True)
                connection.close()
                reader.listens = False
                halted.wait(1)
        connection.close()


class _Reader:
    """Where a tail has got to."""

    def __init__(self) -> None:
        self.position: int | None = None
        self.checked = 0.0
        self.here: dict[int, frozenset[int]] = {}
        self.listens = False

    def look(self, ears: Iterable[Ears]) -> tuple[list[Told], set[Ears], set[int]]:
        """What is new, whose doors have closed, and of which campaigns others are at the table than before."""
        if not self.listens and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {activity.CHANNEL}")
            self.listens = True
        activity.number(timezone.now())
        if self.position is None:
            newest = (
                Activity.objects.exclude(position=None)
                .order_by("-position")
                .values_list("position", flat=True)
            )
            self.position = newest.first() or 0
        told = after(self.position)
        due = time.monotonic() - self.checked >= CHECKED_EVERY
        campaigns = {row.campaign for row in told}
        asked = [one for one in ears if due or one.campaign in campaigns]
        gone = closed(asked, timezone.now()) if asked else set()
        moved = set[int]()
        if due:
            self.checked = time.monotonic()
            moved = self._moved({one for one in ears if one not in gone})
        if told:  # last, so that what could not be told is read again
            self.position = told[-1].position
        return told, gone, moved

    def _moved(self, ears: set[Ears]) -> set[int]:
        now = timezone.now()
        presence.note({one.who for one in ears if one.who is not None}, now)
        before, self.here = self.here, presence.at_tables({one.campaign for one in ears}, now)
        return {campaign for campaign, who in self.here.items() if before.get(campaign, who) != who}

    def wait(self, halted: threading.Event) -> None:
        if connection.vendor == "postgresql":
            for _ in connection.connection.notifies(timeout=LOOKS_ANYHOW, stop_after=1):
                pass
        else:
            halted.wait(LOOKS_EVERY)


_tails: WeakKeyDictionary[asyncio.AbstractEventLoop, Tail] = WeakKeyDictionary()


def tail() -> Tail:
    """The tail of this process."""
    loop = asyncio.get_running_loop()
    if loop not in _tails:
        _tails[loop] = Tail(loop)
    return _tails[loop]
