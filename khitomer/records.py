"""Rows of the chronicle read as values of the rules: canon, what the campaign tells of it, and what lies ahead."""

from collections.abc import Iterable
from functools import cache
from typing import Any, cast

from khitomer.actions import opening
from khitomer.models import Campaign, Event, FutureState
from khitomer.rules import canon, changes, divergence
from khitomer.rules.divergence import Divergence, Recorded, Waiting


@cache
def record() -> tuple[Recorded, ...]:
    """Every event of canon as a campaign takes it over, in the order of the record."""
    return tuple(
        Recorded(event=opening.add_event(event), rests_on=event.rests_on) for event in canon.load().timeline()
    )


def told(rows: Iterable[Event]) -> list[changes.AddEvent]:
    """Events of the timeline as they now are."""
    return [
        changes.AddEvent(
            slug=row.slug,
            on=row.on,
            until=row.until,
            title=row.title,
            text=row.text,
            canon_key=row.canon_key,
        )
        for row in rows
    ]


def waiting(campaign: Campaign, *, whole: bool = False) -> list[Waiting]:
    """The canon that was ahead of the campaign when it opened; `whole` reads what each piece would change, too."""
    rows = list(campaign.futures.all() if whole else campaign.futures.defer("changes"))
    instead = _instead(campaign) if any(row.state == FutureState.ALTERED for row in rows) else {}
    return [
        Waiting(
            key=row.canon_key,
            title=row.title,
            on=row.on,
            state=cast(changes.FutureState, row.state),
            changes=tuple(changes.from_json(each) for each in row.changes) if whole else (),
            became=instead.get(row.canon_key, ("", ""))[0],
            instead=instead.get(row.canon_key, ("", ""))[1],
        )
        for row in rows
    ]


def _instead(campaign: Campaign) -> dict[str, tuple[str, str]]:
    """By key of an altered piece of canon, the slug and title of what happened in its place and still stands.

    The ledger says which: the event came from the same source as the alteration.
    """
    kinds = (changes.SettleFuture.kind, changes.AddEvent.kind)
    rows = campaign.ledger.filter(source__startswith="future:", kind__in=kinds, undone_by=None)
    keys: dict[str, str] = {}
    slugs: dict[str, str] = {}
    for source, payload in rows.values_list("source", "payload"):
        change: dict[str, Any] = payload["change"]
        if change.get("state") == "altered":
            keys[source] = change["canon_key"]
        elif change["kind"] == changes.AddEvent.kind:
            slugs[source] = change["slug"]
    titles = dict(campaign.events.filter(slug__in=slugs.values()).values_list("slug", "title"))
    found = {keys[source]: slug for source, slug in slugs.items() if source in keys}
    return {key: (slug, titles[slug]) for key, slug in found.items() if slug in titles}


def events_of_canon(campaign: Campaign) -> list[changes.AddEvent]:
    """What the campaign tells of canon's events, whoever may know of them."""
    return told(campaign.events.exclude(canon_key=""))


def compared(campaign: Campaign, *, state: changes.State | None = None) -> Divergence:
    """Canon beside the campaign; nothing for a campaign that took over none. With its state, what is possible, too."""
    ours = events_of_canon(campaign)
    ahead = waiting(campaign, whole=state is not None)
    if not ours and not ahead:
        return Divergence()
    return divergence.compare(record(), ours, ahead, state=state)


def without(campaign: Campaign, key: str, *, state: changes.State) -> tuple[divergence.Lapsed, ...]:
    """What would no longer hold if this piece of canon ahead never happened."""
    ahead = waiting(campaign, whole=True)
    return divergence.if_averted(record(), events_of_canon(campaign), ahead, key, state=state)
