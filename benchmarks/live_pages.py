"""The open pages of the load test: many streams in one process, read as a browser's EventSource reads them.

    python -m benchmarks.live_pages < orders

The first line on standard input is JSON: `port`, `path`, `cookies` (one for each page), and `again`, the seconds after
which a page whose stream has ended comes back with what it heard last, or null for never. `within` is how long all may
take to open, in seconds; then a line is printed. The next line that is read says what to wait for, `position` and
`within`: until every page has heard that, or the time is up. Then what each page heard is printed, and the pages go.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass, field

AT_ONCE = 40
"""Pages that are on their way at the same time, before all are open for the first time."""

LINGERS = 1.0
"""Seconds for which the pages listen on after the last event, for one that comes twice."""


@dataclass
class Page:
    """What one page heard, each event's place and the moment it came; when its streams opened; and what went wrong."""

    heard: list[tuple[int, float]] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    anew: int = 0
    refused: int = 0
    ended: int = 0


class Pages:
    """All the pages, and what they share."""

    def __init__(self, port: int, path: str, again: float | None) -> None:
        self.port, self.path, self.again = port, path, again
        self.turn = asyncio.Semaphore(AT_ONCE)
        self.stirred = asyncio.Event()

    async def stay(self, page: Page, cookie: str) -> None:
        """Open the page, and again and again if that was ordered, until it is cancelled."""
        last = ""
        async with self.turn:
            stream = self.listen(cookie, last)
            last = await self.follow(page, stream, last, once=True)
        while True:
            last = await self.follow(page, stream, last)
            page.ended += 1
            self.stirred.set()
            if self.again is None:
                return
            await asyncio.sleep(self.again)
            stream = self.listen(cookie, last)

    async def follow(
        self, page: Page, stream: AsyncIterator[tuple[str, str, float]], last: str, *, once: bool = False
    ) -> str:
        """Note what a stream says, until it ends or (`once`) has begun; gives the place it had got to."""
        try:
            async for name, place, moment in stream:
                last = place or last
                if name == "open":
                    page.opened.append(moment)
                elif name == "refused":
                    page.refused += 1
                elif name == "anew":
                    page.anew += 1
                elif name == "changed" and place:  # who is at the table has no place
                    page.heard.append((int(place), moment))
                self.stirred.set()
                if once:
                    break
        except (OSError, EOFError):
            pass
        return last

    async def listen(self, cookie: str, last: str) -> AsyncIterator[tuple[str, str, float]]:
        """One stream: the name of each event, its place, and the moment it came; `open` first, or `refused`."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            lines = [f"GET {self.path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/event-stream"]
            lines += [f"Cookie: {cookie}"] + [f"Last-Event-ID: {last}"] * bool(last)
            writer.write("\r\n".join([*lines, "", ""]).encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if head.split(b" ", 2)[1] != b"200":
                yield "refused", "", time.time()
                return
            is_open, rest = False, b""
            while size := int(await reader.readline() or b"0", 16):
                rest += (await reader.readexactly(size + 2))[:-2]
                moment = time.time()
                *blocks, rest = rest.split(b"\n\n")
                for block in blocks:
                    fields = dict(line.split(": ", 1) for line in block.decode().split("\n"))
                    if not is_open:
                        is_open = True
                        yield "open", fields.get("id", ""), moment
                    yield fields["event"], fields.get("id", ""), moment
        finally:
            writer.close()

    async def until(self, holds: Callable[[], bool], within: float) -> bool:
        """Wait until something holds of the pages, looking whenever one of them has heard something."""
        try:
            async with asyncio.timeout(within):
                while not holds():
                    self.stirred.clear()
                    await self.stirred.wait()
                    await asyncio.sleep(0.05)
        except TimeoutError:
            return False
        return True


async def main() -> None:
    orders = json.loads(await asyncio.to_thread(sys.stdin.readline))
    all_of_them = Pages(orders["port"], orders["path"], orders["again"])
    pages = [Page() for _ in orders["cookies"]]
    begun = time.time()
    tasks = [
        asyncio.create_task(all_of_them.stay(page, cookie))
        for page, cookie in zip(pages, orders["cookies"], strict=True)
    ]
    await all_of_them.until(lambda: all(page.opened or page.ended for page in pages), orders["within"])
    print(
        json.dumps({"open": sum(bool(page.opened) for page in pages), "took": time.time() - begun}),
        flush=True,
    )
    last = json.loads(await asyncio.to_thread(sys.stdin.readline))
    position = last["position"]
    await all_of_them.until(
        lambda: all(page.heard and page.heard[-1][0] >= position for page in pages), last["within"]
    )
    await asyncio.sleep(LINGERS)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    print(json.dumps([asdict(page) for page in pages]))


if __name__ == "__main__":
    asyncio.run(main())
