"""What follows from the texts and the audiences: backlinks, and the record of who was shown what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.big.building import Building, write
from khitomer.markup import names_in
from khitomer.models import (
    Audience,
    Clock,
    Disclosure,
    Entry,
    Event,
    Handout,
    Mention,
    Secret,
    Session,
)
from khitomer.rules.names import fold
from tests import factories


def mentions(building: Building) -> None:
    campaign = building.campaign
    sources = {
        "entry": Entry._base_manager.filter(campaign=campaign),
        "secret": Secret._base_manager.filter(entry__campaign=campaign),
        "event": campaign.events.all(),
        "handout": Handout._base_manager.filter(campaign=campaign),
    }
    rows = [
        Mention(campaign=campaign, name=fold(name), **{f"{sort}_id": key})
        for sort, found in sources.items()
        for key, html in found.values_list("pk", "text_html")
        for name in sorted(names_in(html))
    ]
    for session in campaign.sessions.all():
        told, noted = names_in(session.recap_html), names_in(session.gm_notes_html)
        rows += [Mention(campaign=campaign, name=fold(name), session=session) for name in sorted(told)]
        rows += [
            Mention(campaign=campaign, name=fold(name), session=session, gm_only=True)
            for name in sorted(noted - told)
        ]
    write(Mention, rows)


def disclosed(building: Building) -> None:
    """The record that goes with the audiences; half of it was known before anybody noted when."""
    campaign = building.campaign
    evenings: list[Session] = list(campaign.sessions.order_by("number"))
    things = {
        "entry": Entry._base_manager.filter(campaign=campaign),
        "secret": Secret._base_manager.filter(entry__campaign=campaign),
        "event": Event._base_manager.filter(campaign=campaign),
        "clock": Clock._base_manager.filter(campaign=campaign),
        "handout": Handout._base_manager.filter(campaign=campaign),
    }
    rows = []
    for sort, found in things.items():
        for n, thing in enumerate(found.order_by("pk").prefetch_related("powers", "persons")):
            for whom in _whom(thing):
                rows.append(
                    Disclosure(
                        campaign=campaign,
                        **{sort: thing},
                        **whom,
                        from_start=n % 2 == 0,
                        session=evenings[n % len(evenings)] if n % 2 else None,
                        at=factories.NOW,
                        story_date=campaign.today,
                    )
                )
    write(Disclosure, rows)


def _whom(thing: Any) -> Iterator[dict[str, Any]]:
    if thing.audience == Audience.ALL:
        yield {}
    elif thing.audience == Audience.POWERS:
        yield from ({"power": power} for power in thing.powers.all())
        yield from ({"person": person} for person in thing.persons.all())
