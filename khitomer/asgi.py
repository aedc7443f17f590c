"""The server's door: Django and the streams behind a limit on what may be sent to them.

Django hands a body on only when all of it lies on the disk, so a limit within it would come too late.
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.core.asgi import get_asgi_application

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

MOST_BYTES = 12 * 1024 * 1024
"""Of one request's body: an exhibit of 10 MB, and the form around it."""

_SENTENCE = b"This is larger than the 12 MB that may be sent at once. An exhibit may have 10 MB.\n"


class TooLarge(Exception):
    """More came than was allowed; the request is over."""


def limited(application: Application, most: int = MOST_BYTES) -> Application:
    """The application, behind a 413 for bodies of more than `most` bytes: as declared, or else as they come in.

    The answer closes the connection, so that the rest of the body is not read either.
    """

    async def inner(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        if _declared(scope) > most:
            await _refuse(send)
            return
        came = 0
        answering = False

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal answering
            answering = True
            await send(message)

        try:
            await application(scope, counted, noted)
        except TooLarge:
            if not answering:
                await _refuse(send)

    return inner


def _declared(scope: Message) -> int:
    """The length that the request gives itself, or 0 where it gives none that can be read."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            # So many digits are too many bytes, whichever they are.
            return int(value[:20])
    return 0


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(_SENTENCE)).encode()),
        (b"connection", b"close"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": _SENTENCE})


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khitomer.settings")
_django = get_asgi_application()  # before anything that needs the models

from khitomer.live.route import with_streams  # noqa: E402

application = limited(with_streams(_django))
