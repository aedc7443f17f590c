"""What else happens when somebody comes to sit for a power, or no longer does, told by whoever keeps seats.

The campaign knows of members. Seats at a conference belong to an app built on it, which appends a function to
`WELCOMERS` and one to `RELEASERS` in its `AppConfig.ready`; each is called inside the transaction that made or changed
the membership.
"""

from collections.abc import Callable

from khitomer.models import Membership

WELCOMERS: list[Callable[[Membership], None]] = []
RELEASERS: list[Callable[[Membership], None]] = []


def welcome(membership: Membership) -> None:
    for each in WELCOMERS:
        each(membership)


def let_go(membership: Membership) -> None:
    """A member is about to speak for their power no longer."""
    for each in RELEASERS:
        each(membership)
