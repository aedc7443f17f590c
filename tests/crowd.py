"""Many at once: the same thing done from as many threads at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

from khitomer.errors import Refused

CROWD = 8

Result = TypeVar("Result")


def together(act: Callable[[int], Result], times: int = CROWD) -> list[Result | Refused]:
    """Do it from as many threads at the same moment; what each got, or how it was refused."""
    start = Barrier(times)

    def one(number: int) -> Result | Refused:
        start.wait()
        try:
            return act(number)
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))
