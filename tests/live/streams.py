"""Streams as a browser would hear them, without a browser or a server: the route is called as a server calls it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.test import Client

from khitomer.live.route import with_streams

PATIENCE = 20


async def _nobody(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError(f"{scope['path']} is no stream.")


class Stream:
    """One open page. What came is in `events`: name, data and id of each, in order."""

    def __init__(
        self, path: str, client: Client | None = None, *, last: str = "", method: str = "GET"
    ) -> None:
        headers = []
        if client is not None and settings.SESSION_COOKIE_NAME in client.cookies:
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
        if last:
            headers.append((b"last-event-id", last.encode()))
        path, _, query = path.partition("?")
        self.scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": headers,
            "server": ("testserver", 80),
        }
        self.status = 0
        self.headers: dict[str, str] = {}
        self.said = b""
        self.is_over = False
        self._gone = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._more = asyncio.Condition()

    async def __aenter__(self) -> Stream:
        self._task = asyncio.create_task(self._run())
        await self.until(lambda: self.is_over or self.said != b"")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._gone.set()
        assert self._task is not None
        await asyncio.wait_for(self._task, PATIENCE)

    async def _run(self) -> None:
        await with_streams(_nobody)(self.scope, self._receive, self._send)
        self.is_over = True
        async with self._more:
            self._more.notify_all()

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        self.said += message["body"]
        async with self._more:
            self._more.notify_all()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self._more:
            await self._more.wait_for(holds)

    @property
    def events(self) -> list[tuple[str, str, str]]:
        blocks = self.said.decode().split("\n\n")[:-1]
        read = [dict(line.split(": ", 1) for line in block.split("\n") if ": " in line) for block in blocks]
        return [(each["event"], each.get("data", ""), each.get("id", "")) for each in read]

    @property
    def topics(self) -> list[str]:
        """What it was told of, but for who is at the table, which depends on nothing a test does."""
        return [data for name, data, _ in self.events if name == "changed" and data != "table"]

    async def hears(self, *topics: str) -> None:
        await self.until(lambda: len(self.topics) >= len(topics))
        assert self.topics == list(topics)


def masked(said: bytes) -> bytes:
    """What was said, but for time."""
    return re.sub(
        rb"(id: |event: time\ndata: )\d+",
        rb"\1T",
        re.sub(rb"(event: time\nid: )\d+\ndata: \d+", rb"\1T", said),
    )


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Live through a story; what it asserts fails the test."""
    asyncio.run(story())


async def act(do: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Do something that touches the database, in a thread of its own."""

    def doing() -> Any:
        try:
            return do(*args, **kwargs)
        finally:
            connection.close()

    return await asyncio.to_thread(doing)


def database() -> str:
    """The tests' own database, as an address that another process understands."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    parts = {key: quote(str(given[key]), safe="") for key in ("USER", "PASSWORD", "HOST", "NAME")}
    port = f":{given['PORT']}" if given["PORT"] else ""
    return f"postgres://{parts['USER']}:{parts['PASSWORD']}@{parts['HOST']}{port}/{parts['NAME']}"
