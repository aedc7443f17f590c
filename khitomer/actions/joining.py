"""What else happens when somebody comes to sit for a power, told by whoever keeps seats.

The campaign knows of members. Seats at a conference belong to an app built on it, which appends a function to
`WELCOMERS` in its `AppConfig.ready`; each is called inside the transaction that made the membership.
"""

from collections.abc import Callable

from khitomer.models import Membership

WELCOMERS: list[Callable[[Membership], None]] = []


def welcome(membership: Membership) -> None:
    for each in WELCOMERS:
        each(membership)
