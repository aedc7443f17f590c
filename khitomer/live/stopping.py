"""What stops a server: it waits for what it is still answering, and a stream would never end by itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopping:
    """Hears of the signals that stop a server, and hands each on to the server, which goes about it as ever.

    Where nobody handles them the process ends anyhow, and outside the main thread Python gives us none.
    """

    def __init__(self, then: Callable[[], None]) -> None:
        self.then = then
        self.servers: dict[int, Callable[[int, FrameType | None], Any]] = {}

    def watch(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for each in SIGNALS:
            handler = signal.getsignal(each)
            if each not in self.servers and callable(handler):
                self.servers[each] = handler
                signal.signal(each, self._came)

    def leave(self) -> None:
        """Give back what nobody has taken over since."""
        for each in list(self.servers):
            if signal.getsignal(each) == self._came:
                signal.signal(each, self.servers.pop(each))

    def _came(self, number: int, frame: FrameType | None) -> None:
        try:
            self.then()
        finally:
            self.servers[number](number, frame)
