"""One request to an address outside: no redirect followed, no private network reached, no more read than is needed."""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

from khitomer.rules import webhooks as rules

PATIENCE = 10.0
"""Seconds for the whole of it, and for each step."""

READ = 4096
"""Bytes of an answer's body that are read."""


@dataclass(frozen=True)
class Answer:
    """What came of it: the status, or in `trouble` why there is none; `wait`, when the receiver asks for patience."""

    status: int = 0
    wait: timedelta | None = None
    trouble: str = ""

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


def post(url: str, message: dict[str, object], *, anywhere: bool = False) -> Answer:
    """Send a message as JSON. Whatever goes wrong comes back as an answer; nothing is raised.

    The host is looked up once, each of its addresses judged, and the connection made to an address that was judged: a
    name that leads elsewhere a moment later leads nowhere. `anywhere` lets http and private addresses be.
    """
    if reason := rules.why_not(url, anywhere=anywhere):
        return Answer(trouble=reason)
    try:
        return _sent(url, json.dumps(message).encode(), anywhere)
    except TimeoutError:
        return Answer(trouble=f"It did not answer within {PATIENCE:.0f} seconds")
    except ssl.SSLError:
        return Answer(trouble="It could not prove who it is")
    except (OSError, HTTPException, ValueError, UnicodeError):
        return Answer(trouble="It could not be reached, or did not answer as a web server does")


def _sent(url: str, body: bytes, anywhere: bool) -> Answer:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not anywhere and not all(rules.is_public(ipaddress.ip_address(each)) for each in addresses):
        return Answer(trouble="It leads into the server's own network")
    line = _Line(host, port, addresses, secure=parts.scheme == "https")
    # A receiver that answers a byte at a time keeps every single step short; this ends the whole.
    watch = Timer(PATIENCE, line.cut)
    watch.daemon = True
    watch.start()
    try:
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        headers = {"Content-Type": "application/json", "User-Agent": "Khitomer", "Connection": "close"}
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        answer.read(READ)
        return _as_answer(answer)
    except (OSError, HTTPException):
        if line.was_cut:
            raise TimeoutError from None
        raise
    finally:
        watch.cancel()
        line.close()


def _as_answer(response: HTTPResponse) -> Answer:
    if 300 <= response.status < 400:
        return Answer(response.status, trouble="It leads on to another address, which is not followed")
    wait = _patience(response.headers.get("Retry-After", "")) if response.status == 429 else None
    trouble = "" if 200 <= response.status < 300 else f"It answered {response.status}"
    return Answer(response.status, wait, trouble)


def _patience(asked: str) -> timedelta:
    try:
        seconds = float(asked)
    except ValueError:
        seconds = 60.0
    within = (
        seconds if 0 <= seconds < rules.LONGEST_WAIT.total_seconds() else rules.LONGEST_WAIT.total_seconds()
    )
    return timedelta(seconds=max(within, 1))


class _Line(HTTPConnection):
    """A connection to one of these addresses, in the name of the host that they were looked up for."""

    def __init__(self, host: str, port: int, addresses: Sequence[str], *, secure: bool) -> None:
        super().__init__(host, port, timeout=PATIENCE)
        self.default_port = 443 if secure else 80
        self.addresses, self.secure, self.was_cut = addresses, secure, False
        self.wire: Any = None

    def connect(self) -> None:
        failed: OSError | None = None
        for address in self.addresses:
            if self.was_cut:
                raise TimeoutError
            try:
                self.wire = socket.create_connection((address, self.port), PATIENCE)
                break
            except OSError as error:
                failed = error
        else:
            raise failed or OSError("no address")
        if self.secure:
            context = ssl.create_default_context()
            self.wire = context.wrap_socket(
                self.wire, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.wire.do_handshake()
        self.sock = self.wire

    def cut(self) -> None:
        self.was_cut = True
        if self.wire is not None:
            with suppress(OSError):
                self.wire.shutdown(socket.SHUT_RDWR)
