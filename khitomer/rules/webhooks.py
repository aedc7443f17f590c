"""What a webhook is sent and where it may lead: Discord's form of a message, and when one is tried again."""

import ipaddress
import re
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

MOST = 2000
"""Characters that Discord takes in one message."""

TRIES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""How long is waited after the first failure, the second, and so on. After the one beyond, the webhook is off."""

LONGEST_WAIT = timedelta(hours=1)
"""What a receiver that asks for patience gets at most."""

GONE = (404, 410)
"""Answers after which nothing is tried again."""

_SPECIAL = re.compile(r"([\\*_~`|>#\-\[\]()<@:+.!])")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def escaped(text: str) -> str:
    """A text that Markdown and mentions leave as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def line(text: str, url: str) -> str:
    """One line of a message; the angle brackets keep the receiver from fetching the page for a preview."""
    return f"• {escaped(text)} <{url}>" if url else f"• {escaped(text)}"


def message(head: str, lines: Sequence[str]) -> tuple[str, int]:
    """The text of one message, and how many of the lines are in it: as many as it takes, and one at least."""
    text, taken = f"**{escaped(head)}**", 0
    for each in lines:
        if taken and len(text) + 1 + len(each) > MOST:
            break
        text, taken = f"{text}\n{each}"[:MOST], taken + 1
    return text, taken


def payload(text: str) -> dict[str, object]:
    """A message as Discord, and what understands it, takes it: nobody is mentioned, whatever the text says."""
    return {"content": text, "username": "Khitomer", "allowed_mentions": {"parse": []}}


def wait_after(failures: int) -> timedelta | None:
    """How long to wait after so many failures in a row; None when it has been tried often enough."""
    return TRIES[failures - 1] if failures <= len(TRIES) else None


def why_not(url: str, *, anywhere: bool = False) -> str:
    """Why an address cannot be a webhook's, in words; empty when it can, as far as the address alone tells."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "This is no address"
    if re.search(r"[\s\x00-\x1f\x7f]", url) or not url.isascii():
        return "An address holds no spaces and no letters beyond ASCII"
    if parts.scheme != "https" and not (anywhere and parts.scheme == "http"):
        return "The address begins with https://"
    if not host:
        return "The address names no host"
    if parts.username or parts.password:
        return "The address holds a name or a password before its host"
    if anywhere:
        return ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        inner = host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or "." not in host
        return "The address leads into the server's own network" if inner else ""
    return "" if is_public(address) else "The address leads into the server's own network"


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet: not this machine's, not a private network's, not a group's.

    Of IPv6 that is what is given out to the world, and what is translated; one that carries an address of IPv4 is
    judged by that, too.
    """
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        carried = [address.sixtofour, *(address.teredo or ())]
        if address in _TRANSLATED:
            carried.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        elif address not in _GIVEN_OUT:
            return False
        return all(each is None or is_public(each) for each in carried)
    return True


_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


def masked(url: str) -> str:
    """An address as it may be shown: where it leads, and the last characters, to tell it from another."""
    parts = urlsplit(url)
    tail = url.rstrip("/")[-4:] if len(url) > 40 else ""
    return f"{parts.scheme}://{parts.hostname}/…{tail}"
