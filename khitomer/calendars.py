"""Evenings at the table as a calendar file (RFC 5545): what everyone at the table may know of them, and no more."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

LASTS = datetime.timedelta(hours=4)


@dataclass(frozen=True)
class Evening:
    """One event: `uid` names it for good, `starts` is the time at the table, or None where only the day is known."""

    uid: str
    title: str
    url: str
    on: datetime.date
    starts: datetime.time | None


def calendar(evenings: Iterable[Evening], *, name: str, zone: str, now: datetime.datetime) -> bytes:
    """The file: times in UTC, days as days, lines folded at 75 octets and ended as the standard says.

    SEQUENCE is the minute in which the file was made, so that the file taken last is the one a calendar goes by.
    """
    made = Calendar()
    made.add("prodid", "-//Khitomer//Sessions//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    for evening in evenings:
        made.add_component(_event(evening, ZoneInfo(zone), now))
    data: bytes = made.to_ical()
    return data


def _event(evening: Evening, zone: ZoneInfo, now: datetime.datetime) -> Event:
    event = Event()
    event.add("uid", evening.uid)
    event.add("dtstamp", now.astimezone(datetime.UTC))
    event.add("sequence", int(now.timestamp()) // 60)
    event.add("summary", evening.title)
    event.add("url", evening.url)
    if evening.starts is None:
        event.add("dtstart", evening.on)
        event.add("dtend", evening.on + datetime.timedelta(days=1))
    else:
        begins = datetime.datetime.combine(evening.on, evening.starts, zone).astimezone(datetime.UTC)
        event.add("dtstart", begins)
        event.add("dtend", begins + LASTS)
    return event
