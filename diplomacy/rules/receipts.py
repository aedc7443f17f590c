"""A receipt for a secret ballot: what its voter holds, and the hash that lies in the box beside the choice.

The code is drawn by whoever calls; only its hash is ever stored.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters and figures that are not mistaken for one another when written by hand."""

LENGTH = 16  # of 32 letters each: eighty bits, which nobody finds by trying


def write(draw: Callable[[Sequence[str]], str]) -> str:
    """A new receipt such as "K7QM-2XWA-9DHB-TRE4"; `draw` picks one of several by chance that cannot be foretold."""
    code = "".join(draw(LETTERS) for _ in range(LENGTH))
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def read(typed: str) -> str:
    """A receipt as it was written, whatever case, spaces and dashes it was typed with; "" for what can be none."""
    code = "".join(each for each in typed.upper() if each in LETTERS)
    if len(code) != LENGTH:
        return ""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def sealed(receipt: str, seat: int) -> str:
    """The hash under which a seat's ballot lies in the box (SHA-256, in hexadecimal figures).

    The seat is part of it, so that a receipt changes no other seat's ballot; without the receipt it tells nothing.
    """
    return sha256(f"{seat}:{receipt}".encode()).hexdigest()
