"""The GM's edits to the story: the date, events, clocks and fates, each through the ledger.

`token` names the form that was sent: sent twice, it is one change.
"""

from collections.abc import Iterable
from datetime import datetime

from khitomer.actions import chronicle
from khitomer.models import Campaign, Change, Clock, Entry, Event, Membership, Power, User
from khitomer.rules import changes as rules
from khitomer.rules.dates import StoryDate


def names_of(persons: Iterable[Membership]) -> tuple[str, ...]:
    """Members as changes name them."""
    return tuple(sorted(person.user.username for person in persons))


def _apply(
    campaign: Campaign, change: rules.Change, *, by: User, token: str, now: datetime, why: str
) -> list[Change]:
    return chronicle.apply(campaign=campaign, changes=[change], by=by, why=why, source=f"gm:{token}", now=now)


def advance_date(
    *, campaign: Campaign, to: StoryDate, by: User, token: str, now: datetime, why: str = ""
) -> list[Change]:
    """Let the story go on to a later date."""
    return _apply(campaign, rules.AdvanceDate(to=to), by=by, token=token, now=now, why=why)


def add_event(
    *,
    campaign: Campaign,
    slug: str,
    on: StoryDate,
    title: str,
    text: str = "",
    until: StoryDate | None = None,
    audience: rules.Audience = "all",
    told: Iterable[Power] = (),
    persons: Iterable[Membership] = (),
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> Event:
    """Put an event (Markdown `text`) into the timeline of those who may know of it."""
    change = rules.AddEvent(
        slug=slug,
        on=on,
        title=title,
        text=text,
        until=until,
        audience=audience,
        told=tuple(sorted(power.slug for power in told)),
        persons=names_of(persons),
    )
    _apply(campaign, change, by=by, token=token, now=now, why=why)
    return campaign.events.get(slug=slug)


def strike_event(
    *, campaign: Campaign, event: Event, by: User, token: str, now: datetime, why: str = ""
) -> list[Change]:
    """Strike an event from the timeline."""
    return _apply(campaign, rules.StrikeEvent(slug=event.slug), by=by, token=token, now=now, why=why)


def add_clock(
    *,
    campaign: Campaign,
    slug: str,
    name: str,
    size: int,
    filled: int = 0,
    note: str = "",
    audience: rules.Audience = "gm",
    told: Iterable[Power] = (),
    persons: Iterable[Membership] = (),
    hidden: bool = False,
    by: User,
    token: str,
    now: datetime,
    why: str = "",
) -> Clock:
    """Set up a clock of 2 to 12 segments."""
    change = rules.AddClock(
        slug=slug,
        name=name,
        size=size,
        filled=filled,
        note=note,
        audience=audience,
        told=tuple(sorted(power.slug for power in told)),
        persons=names_of(persons),
        hidden=hidden,
    )
    _apply(campaign, change, by=by, token=token, now=now, why=why)
    return campaign.clocks.get(slug=slug)


def tick_clock(
    *, campaign: Campaign, clock: Clock, number: int = 1, by: User, token: str, now: datetime, why: str = ""
) -> list[Change]:
    """Fill `number` segments of a clock; a negative number empties them."""
    return _apply(
        campaign, rules.TickClock(clock=clock.slug, by=number), by=by, token=token, now=now, why=why
    )


def remove_clock(
    *, campaign: Campaign, clock: Clock, by: User, token: str, now: datetime, why: str = ""
) -> list[Change]:
    """Take a clock down."""
    return _apply(campaign, rules.RemoveClock(slug=clock.slug), by=by, token=token, now=now, why=why)


def set_fate(
    *, campaign: Campaign, entry: Entry, fate: str, by: User, token: str, now: datetime, why: str = ""
) -> list[Change]:
    """Say what became of someone or something in the archive; an empty text says nothing."""
    return _apply(campaign, rules.SetFate(entry=entry.slug, fate=fate), by=by, token=token, now=now, why=why)
