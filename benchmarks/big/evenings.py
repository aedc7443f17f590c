"""Evenings, and what they are made of."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.big.building import Building, address, linked, write
from khitomer.markup import render
from khitomer.models import (
    AgendaItem,
    Audience,
    Entry,
    LogLine,
    Recap,
    Scene,
    Secret,
    SessionState,
    StagedReveal,
)
from tests import factories


def evenings(building: Building, number: int) -> None:
    """The last but one is in play, the last is planned."""
    for n in range(1, number + 1):
        state = (
            SessionState.CLOSED
            if n < number - 1
            else SessionState.IN_PLAY
            if n < number
            else SessionState.PLANNED
        )
        text = f"What everyone remembers of evening {n}, at [[Station {n}]]."
        notes = f"What only the GM knows of evening {n}, at [[Station {n + 1}]]."
        factories.make_session(
            building.campaign,
            f"Evening {n}",
            state=state,
            on=date(2026, 1, 1) + timedelta(days=7 * n),
            recap=text if state == SessionState.CLOSED else "",
            recap_html=render(text) if state == SessionState.CLOSED else "",
            gm_notes=notes,
            gm_notes_html=render(notes),
        )


def nights(building: Building, entries: list[Entry], number: int) -> None:
    """What the evenings are made of: points, scenes with what is ready to be shown, the log, and what is told after."""
    campaign = building.campaign
    evenings = list(campaign.sessions.order_by("number"))
    spread = [(n, evenings[n % len(evenings)]) for n in range(number)]
    position = {n: n // len(evenings) + 1 for n in range(number)}
    write(
        AgendaItem,
        (
            AgendaItem(session=on, position=position[n], title=f"Point {n}", gm_note=f"Mind point {n}")
            for n, on in spread[:40]
        ),
    )
    scenes = write(
        Scene,
        (
            Scene(
                session=on,
                position=position[n],
                title=f"Scene {n}",
                text=f"Read {n}.",
                text_html=f"<p>Read {n}.</p>",
            )
            for n, on in spread[:40]
        ),
    )
    pairs = ((scene.pk, entries[n * 3 % len(entries)].pk) for n, scene in enumerate(scenes))
    linked(Scene.entries.through, pairs, "scene", "entry")
    secret = Secret.objects.filter(entry__campaign=campaign).first()
    events = list(campaign.events.all()[:7])
    write(
        StagedReveal,
        (
            StagedReveal(
                scene=scene,
                audience=Audience.ALL,
                **(
                    {"entry": entries[n]}
                    if n % 3
                    else {"event": events[n % 7]}
                    if n % 2
                    else {"secret": secret}
                ),
            )
            for n, scene in enumerate(scenes[: len(entries)])
        ),
    )
    lines = write(
        LogLine,
        (
            LogLine(
                session=on,
                at=factories.NOW + timedelta(minutes=n),
                text=f"Line {n} of the log",
                by=building.members["gm"],
                audience=building.tell(n).audience,
            )
            for n, on in spread
        ),
    )
    address(building, lines, building.tell)
    recaps = write(
        Recap,
        (
            Recap(
                session=on,
                text=f"Recap {n}.",
                text_html=f"<p>Recap {n}.</p>",
                published_at=factories.NOW if n % 3 else None,
                audience=building.tell(n).audience,
            )
            for n, on in spread[: 3 * len(evenings)]
        ),
    )
    address(building, recaps, building.tell)
