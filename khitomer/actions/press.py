"""How a person prints, remembered; what was printed and given to whom, and what of it was withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from khitomer.actions import disclosures
from khitomer.actions.disclosures import Told
from khitomer.actions.locks import lock
from khitomer.errors import Refused
from khitomer.models import Campaign, Handout, PressMemory, Printed, SessionState, User
from khitomer.rules.press import Press

MOST_COPIES = 99


def remember(*, user: User, press: Press) -> None:
    """Print like this the next time, too, whatever is printed then."""
    PressMemory.objects.update_or_create(user=user, defaults={"kept": press.kept})


def note_printed(
    *,
    campaign: Campaign,
    title: str,
    to: Told,
    path: str = "",
    handout: Handout | None = None,
    copies: int = 1,
    show: bool = False,
    by: User,
    now: datetime,
) -> Printed:
    """Put on record that something was printed and given to those named, or (with nobody) kept by the GM. `show`
    discloses a handout to them on their screens as well. `Refused` for a number of copies out of reason.
    """
    if not 1 <= copies <= MOST_COPIES:
        raise Refused(f"{copies} copies", field="copies", allowed=f"1 to {MOST_COPIES}")
    with transaction.atomic():
        lock(campaign)
        if handout is not None and show and to != Told():
            disclosures.reveal(thing=handout, to=to, by=by, now=now)
        return Printed.objects.create(
            campaign=campaign,
            handout=handout,
            title=title[:160],
            path=path[:300],
            given_to=_words(to),
            kept_by_gm=to == Told(),
            copies=copies,
            session=campaign.sessions.filter(state=SessionState.IN_PLAY).first(),
            at=now,
            by=by,
        )


def withdraw(*, campaign: Campaign, printed: Collection[int], by: User, now: datetime) -> int:
    """Note that these came back, and give how many were still out; what came back before stays as it was noted."""
    with transaction.atomic():
        lock(campaign)
        rows = Printed.objects.out().filter(campaign=campaign, pk__in=printed)
        return rows.update(withdrawn_at=now, withdrawn_by=by)


def _words(told: Told) -> str:
    if told.everyone:
        return "everyone at the table"
    names = [power.name for power in told.powers] + [str(person.user) for person in told.persons]
    return ", ".join(names) or "the GM"
