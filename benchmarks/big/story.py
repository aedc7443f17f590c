"""The chronicle, what is handed out, the tools of the table, and the ledger."""

from __future__ import annotations

from benchmarks.big.building import Building, address, write
from khitomer.actions import chronicle
from khitomer.markup import render
from khitomer.models import (
    Activity,
    ActivityKind,
    Clock,
    Entry,
    Event,
    Future,
    Handout,
    ListedName,
    MapPosition,
    NameList,
    Proposal,
    ProposalState,
)
from khitomer.rules import changes
from khitomer.rules.dates import StoryDate
from tests import factories


def events(building: Building, number: int) -> None:
    rows = []
    for n in range(number):
        text = f"What happened on day {n}, at [[Station {n}]]."
        year, month, day = 2370 + n % 9, 1 + n % 12, 1 + n % 28
        rows.append(
            Event(
                campaign=building.campaign,
                slug=f"day-{n}",
                title=f"The events of day {n}",
                on=StoryDate.parse(f"{year}-{month:02}-{day:02}"),
                until=StoryDate.parse(f"{year + 1}") if n % 10 == 9 else None,
                text=text,
                text_html=render(text),
                audience=building.tell(n).audience,
            )
        )
    address(building, write(Event, rows), building.tell)
    write(
        Future,
        (
            Future(
                campaign=building.campaign,
                canon_key=f"later-{n}",
                on=StoryDate.parse("2381"),
                title=f"What may come of day {n}",
            )
            for n in range(7)
        ),
    )


def clocks(building: Building, number: int) -> None:
    written = write(
        Clock,
        (
            Clock(
                campaign=building.campaign,
                slug=f"clock-{n}",
                name=f"Clock {n} runs",
                note=f"When clock {n} is full",
                size=6,
                filled=n % 6,
                hidden=n % 3 == 1,
                audience=building.tell(n).audience,
            )
            for n in range(number)
        ),
    )
    address(building, written, building.tell)


def handouts(building: Building, number: int) -> None:
    rows = []
    for n in range(number):
        text = f"Letter {n}, from [[Station {n}]]."
        rows.append(
            Handout(
                campaign=building.campaign,
                slug=f"letter-{n}",
                title=f"Letter {n}",
                text=text,
                text_html=render(text),
                created_at=factories.NOW,
                audience=building.tell(n).audience,
                picture=building.pictures[-1 - n % len(building.pictures)]
                if building.pictures and n % 5 == 4
                else None,
                deleted_at=factories.NOW if n % 23 == 22 else None,
            )
        )
    address(building, write(Handout, rows), building.tell)


def tools(building: Building, entries: list[Entry], number: int) -> None:
    """Name lists, places on the map, what players propose, and the latest that leads to all of it."""
    campaign = building.campaign
    lists = write(NameList, (NameList(campaign=campaign, title=f"Names of sector {n}") for n in range(4)))
    write(ListedName, (ListedName(list=lists[n % 4], name=f"Kurn {n}", used_for="") for n in range(40)))
    places = [(n, row) for n, row in enumerate(entries) if row.kind.key == "place"][: max(number // 4, 20)]
    write(
        MapPosition,
        (
            MapPosition(campaign=campaign, sort="entry", slug=row.slug, x=n * 13 % 1000, y=n * 29 % 1000)
            for n, row in places
        ),
    )
    authors = [building.members[name] for name in ("federation", "klingon", "romulan")]
    note = campaign.kinds.get(key="note")
    states = list(ProposalState)
    write(
        Proposal,
        (
            Proposal(
                campaign=campaign,
                by=authors[n % 3],
                kind=note,
                name=f"Proposed page {n}",
                text=f"Proposal {n}.",
                text_html=f"<p>Proposal {n}.</p>",
                state=states[n // 3 % 3],
                answer=f"Answer {n}" if n // 3 % 3 else "",
                entry=entries[n * 7 % len(entries)] if n % 2 else None,
            )
            for n in range(27)
        ),
    )
    lines = write(
        Activity,
        (
            Activity(
                campaign=campaign,
                at=factories.NOW,
                kind=ActivityKind.DISCLOSED,
                path=f"/c/{campaign.slug}/archive/{entries[n].slug}/",
                audience=building.tell(n).audience,
            )
            for n in range(min(number, len(entries)))
        ),
    )
    address(building, lines, building.tell)


def ledger(building: Building, entries: list[Entry]) -> None:
    """What changed in the campaign: a standing, which everyone knows, and the fates of entries, known and secret."""
    fates = [
        changes.SetFate(entry=row.slug, fate="destroyed") for row in entries[1:8] if row.deleted_at is None
    ]
    chronicle.apply(
        campaign=building.campaign,
        changes=[changes.ChangeStanding(power="federation", other="klingon", by=1), *fates],
        by=building.members["gm"].user,
        why="As it was played.",
        source="gm:big",
        now=factories.NOW,
    )
