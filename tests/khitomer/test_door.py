"""What may be sent to the house at once, before any of it is kept."""

import asyncio
from typing import Any

import pytest

from khitomer import asgi

MB = 1024 * 1024


def send(
    chunks: list[bytes], *, headers: list[tuple[bytes, bytes]] | None = None, most: int = 100
) -> tuple[list[Any], int, int]:
    """Send a request of these chunks: what was answered, how many chunks were taken, how much the inside got."""
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": index < len(chunks) - 1}
        for index, chunk in enumerate(chunks)
    ]
    answers: list[Any] = []
    taken, got = 0, 0

    async def receive() -> Any:
        nonlocal taken
        taken += 1
        return waiting.pop(0)

    async def answer(message: Any) -> None:
        answers.append(message)

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        nonlocal got
        while True:
            message = await receive()
            got += len(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})

    scope: Any = {"type": "http", "method": "POST", "path": "/", "headers": headers or []}
    asyncio.run(asgi.limited(inside, most)(scope, receive, answer))
    return answers, taken, got


def assert_refused(answers: list[Any]) -> None:
    start, body = answers
    assert start["status"] == 413
    assert (b"connection", b"close") in start["headers"]
    assert b"12 MB" in body["body"]


@pytest.mark.parametrize("length", [b"101", b"150000000", b"9" * 30, b"9" * 5000])
def test_what_says_that_it_is_too_large_is_not_read_at_all(length):
    answers, taken, got = send([b"x" * 50] * 3, headers=[(b"content-length", length)])
    assert_refused(answers)
    assert (taken, got) == (0, 0)


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"10")], [(b"content-length", b"-1")]])
def test_what_does_not_say_so_is_counted_as_it_comes(headers):
    answers, taken, got = send([b"x" * 60] * 50, headers=headers)
    assert_refused(answers)
    assert (taken, got) == (2, 60)


def test_as_much_as_is_allowed_goes_through():
    answers, _, got = send([b"x" * 50] * 2, headers=[(b"content-length", b"100")])
    assert [message.get("status") for message in answers] == [200, None]
    assert got == 100


def test_once_an_answer_has_begun_there_is_no_second():
    answers: list[Any] = []

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await receive()

    async def receive() -> Any:
        return {"type": "http.request", "body": b"x" * 101, "more_body": True}

    async def answer(message: Any) -> None:
        answers.append(message)

    scope: Any = {"type": "http", "headers": []}
    asyncio.run(asgi.limited(inside, 100)(scope, receive, answer))
    assert [message["status"] for message in answers] == [200]


def test_the_houses_own_door_takes_the_largest_exhibit_and_no_150_mb():
    assert 10 * MB < asgi.MOST_BYTES <= 12 * MB
    answers: list[Any] = []

    async def answer(message: Any) -> None:
        answers.append(message)

    async def receive() -> Any:
        raise AssertionError("nothing is read of it")

    scope: Any = {
        "type": "http",
        "method": "POST",
        "path": "/sign-in/",
        "headers": [(b"content-length", str(150 * MB).encode())],
    }
    asyncio.run(asgi.application(scope, receive, answer))
    assert_refused(answers)
