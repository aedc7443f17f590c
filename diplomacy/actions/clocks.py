"""The clock of a sitting: one for all, kept here so that every screen shows the same whatever its own clock says."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from diplomacy.actions.chairing import hold_as_chair
from diplomacy.models import Conference, ConferenceStage, Floor
from diplomacy.records_sitting import clock_of, floor_of
from diplomacy.rules import floor as rules
from khitomer import markup
from khitomer.errors import Refused
from khitomer.models import User


def start_clock(*, conference: Conference, label: str, seconds: int, by: User, now: datetime) -> Floor:
    """Set the clock for anything, such as five minutes' recess, and let it run. A clock that ran before is put out.

    `Refused` beside the field for less than a second or more than a day, and for more than 60 letters.
    """
    label = label.strip()
    markup.check_length(label, limit=60, field="label")
    with transaction.atomic():
        conference = hold_as_chair(conference, by)
        if conference.stage == ConferenceStage.CLOSED:
            raise Refused("The sitting is closed", allowed="Open it again to set its clock")
        return set_clock(conference, label=label, seconds=seconds, now=now)


def pause_clock(*, conference: Conference, by: User, now: datetime) -> Floor:
    """Let the clock rest with what is left of it; one that rests stays as it is."""
    with transaction.atomic():
        return _write(hold_as_chair(conference, by), rules.pause, now)


def resume_clock(*, conference: Conference, by: User, now: datetime) -> Floor:
    """Let the clock run on; one that runs stays as it is."""
    with transaction.atomic():
        return _write(hold_as_chair(conference, by), rules.resume, now)


def extend_clock(*, conference: Conference, seconds: int, by: User, now: datetime) -> Floor:
    """Give so many seconds more, up to ten minutes at once."""
    if not 1 <= seconds <= 600:
        raise Refused("A clock is extended by up to ten minutes", field="seconds")
    with transaction.atomic():
        floor = floor_of(hold_as_chair(conference, by))
        return _save(floor, rules.extend(clock_of(floor), seconds, now))


def stop_clock(*, conference: Conference, by: User) -> Floor:
    """Put the clock out."""
    with transaction.atomic():
        return put_out(hold_as_chair(conference, by))


# For other actions, under the conference's lock


def set_clock(conference: Conference, *, label: str, seconds: int, now: datetime) -> Floor:
    """Let the clock run from now, for what the label says."""
    try:
        clock = rules.start(seconds, now)
    except ValueError as error:
        raise Refused(str(error).rstrip("."), field="seconds") from error
    floor = floor_of(conference)
    floor.timer, floor.seconds = label[:60], seconds
    return _save(floor, clock)


def put_by(conference: Conference, now: datetime) -> Floor:
    """Let the clock rest while nobody sits."""
    return _write(conference, rules.pause, now)


def put_out(conference: Conference) -> Floor:
    """No clock, and nothing that it is for."""
    floor = floor_of(conference)
    floor.timer, floor.seconds = "", None
    return _save(floor, rules.Clock())


def _write(
    conference: Conference, turn: Callable[[rules.Clock, datetime], rules.Clock], now: datetime
) -> Floor:
    floor = floor_of(conference)
    return _save(floor, turn(clock_of(floor), now))


def _save(floor: Floor, clock: rules.Clock) -> Floor:
    floor.ends_at, floor.left = clock.ends_at, clock.left
    floor.save(update_fields=["timer", "seconds", "ends_at", "left"])
    return floor
