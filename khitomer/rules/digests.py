"""When a letter of what happened is due."""

from datetime import datetime, time, timedelta, tzinfo

AT = time(7)
"""In the morning, by the clock of the table."""

MONDAY = 0


def begun(now: datetime, zone: tzinfo, *, weekly: bool) -> datetime:
    """When the day, or the week, began for which a letter is due at `now`: the last morning, or Monday morning."""
    here = now.astimezone(zone)
    day = here.date()
    if weekly:
        day -= timedelta(days=(day.weekday() - MONDAY) % 7)
    morning = datetime.combine(day, AT, tzinfo=zone)
    if morning > now:
        morning = datetime.combine(day - timedelta(days=7 if weekly else 1), AT, tzinfo=zone)
    return morning


def is_due(now: datetime, last: datetime | None, zone: tzinfo, *, weekly: bool) -> bool:
    """Whether no letter has gone out since the day, or the week, began."""
    return last is None or last < begun(now, zone, weekly=weekly)
