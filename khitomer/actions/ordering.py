"""Putting rows in order by their `position`, which is unique among them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Max, QuerySet

from khitomer.errors import Refused

_FAR = 10_000


def last_of(rows: Any) -> int:
    """The position of the last of these rows; 0 where there is none."""
    return int(rows.aggregate(last=Max("position"))["last"] or 0)


def move(rows: QuerySet[Any], row: Any, to: str) -> bool:
    """Move one row among the others: "up", "down", or to a place counted from 1; gives whether it moved.

    Call it under the lock of what the rows belong to. Moving up what is first changes nothing.
    """
    order = list(rows.order_by("position"))
    if row not in order:
        raise Refused("Somebody has taken it away meanwhile")
    before = order.index(row)
    order.insert(_place(to, before, len(order)), order.pop(before))
    if order.index(row) == before:
        return False
    _number(rows, order)
    return True


def _place(to: str, before: int, number: int) -> int:
    if to == "up":
        return max(0, before - 1)
    if to == "down":
        return min(number - 1, before + 1)
    if not (to.isascii() and to.isdigit() and len(to) < 6):
        raise Refused("It is moved up, down, or to a place", allowed="Use one of its buttons")
    return min(number, max(1, int(to))) - 1


def _number(rows: QuerySet[Any], order: Sequence[Any]) -> None:
    # First out of the way: no two may have the same place, not even for a moment.
    rows.update(position=F("position") + _FAR)
    for position, each in enumerate(order, start=1):
        each.position = position
    rows.model._default_manager.bulk_update(order, ["position"])
