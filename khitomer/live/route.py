"""The route of the streams: server-sent events, beside Django and not through it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import parse_qs

from django.db import close_old_connections
from django.utils import timezone

from khitomer.actions.activity import QUIET_KEPT_FOR, micros
from khitomer.live.ears import at_the_door, is_door
from khitomer.live.tail import Listener, tail

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]
Answer = TypeVar("Answer")

BEATS_EVERY = 15.0
"""Seconds of silence after which the time is told, so that nobody on the way takes the line for dead."""

SETTLED = timedelta(seconds=30)
"""What has a place in the order can be read by then: nobody waits for a lock as long."""

OLDEST_PAGE = timedelta(hours=1)
MOST_MISSED = 100
"""A page that has missed more is told to look at everything anew."""

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]

_readers = ThreadPoolExecutor(4, thread_name_prefix="door")


def with_streams(application: Application) -> Application:
    """The application, and beside it the streams."""

    async def inner(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_door(scope["path"]):
            await _answer(scope, receive, send)
        else:
            await application(scope, receive, send)

    return inner


async def _answer(scope: Message, receive: Receive, send: Send) -> None:
    if scope["method"] not in ("GET", "HEAD"):
        return await _refuse(send, 405)
    ears = await _read(lambda: at_the_door(scope))
    if ears is None:
        return await _refuse(send, 404)
    if scope["method"] == "HEAD":  # a page whose stream does not come asks whether it may hear at all
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        return await send({"type": "http.response.body", "body": b""})
    # Before anything is asked for: what is told of from here on is in the listener's hands.
    listener = await tail().open(ears)
    if listener is None:
        return await _refuse(send, 429)
    watch = asyncio.create_task(_watch(receive, listener))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await _talk(listener, send, _since(scope))
        await send({"type": "http.response.body", "body": b""})
    finally:
        watch.cancel()
        tail().close(listener)


async def _talk(listener: Listener, send: Send, since: int) -> None:
    """Say where the page stands, then what it missed, then what comes, until the page or its right is gone."""
    now = timezone.now()
    await _say(send, _time(since))
    if since < micros(now - QUIET_KEPT_FOR):
        missed, whole = [], False
    else:
        missed = await _read(lambda: listener.ears.since(since, MOST_MISSED + 1))
        whole = len(missed) <= MOST_MISSED
    if not whole:
        since = micros(now - SETTLED)
        await _say(send, _event("anew", "", since))
    elif missed:
        since = missed[-1].position
        await _say(send, *(_event("changed", told.topic, told.position) for told in missed))
    while True:
        came = await listener.news(BEATS_EVERY)
        if listener.is_over:
            return
        if not came:
            since = max(since, micros(timezone.now() - SETTLED))
            await _say(send, _time(since))
            continue
        if listener.has_lost:
            listener.has_lost = False
            since = max(since, micros(timezone.now() - SETTLED))
            await _say(send, _event("anew", "", since))
            continue
        new = []
        while listener.waiting:
            told = listener.waiting.popleft()
            if told.position > since:
                since = told.position
                new.append(_event("changed", told.topic, since))
            elif not told.position:  # who is at the table has no place in the order
                new.append(_event("changed", told.topic))
        if new:
            await _say(send, *new)


async def _watch(receive: Receive, listener: Listener) -> None:
    """Notice that the page has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()


def _since(scope: Message) -> int:
    """After which position a page wants to be told: what it had last, or else (`age`, in seconds) since it was made."""
    headers = dict(scope["headers"])
    asked = {key: values[-1] for key, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
    last = headers.get(b"last-event-id", b"").decode("latin-1") or asked.get("last", "")
    if last.isascii() and last.isdigit() and len(last) < 19:
        return int(last)
    try:
        age = timedelta(seconds=float(asked.get("age", "0")))
    except (ValueError, OverflowError):
        age = timedelta()
    return micros(timezone.now() - min(max(age, timedelta()), OLDEST_PAGE)) - 1_000_000


def _time(since: int) -> bytes:
    return _event("time", str(micros(timezone.now()) // 1000), since)


def _event(name: str, data: str, since: int | None = None) -> bytes:
    place = f"id: {since}\n" if since is not None else ""
    return f"event: {name}\n{place}data: {data}\n\n".encode()


async def _say(send: Send, *events: bytes) -> None:
    await send({"type": "http.response.body", "body": b"".join(events), "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"Nothing is said here.\n"})


async def _read(ask: Callable[[], Answer]) -> Answer:
    """What a question to the database finds, in a thread that may wait for it."""

    def asked() -> Answer:
        close_old_connections()
        try:
            return ask()
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_readers, asked)
