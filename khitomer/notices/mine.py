"""The notices of one viewer: which rows of the activity, in which words, and how many are unread."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from khitomer.access import Viewer
from khitomer.actions import activity
from khitomer.actions.activity import micros
from khitomer.actions.notices import choices_of, mark_read
from khitomer.models import Activity, NoticeKind, activity_of

SHOWN = 50
COUNTED = 100
"""Beyond so many the count says no more than that there are more."""


@dataclass(frozen=True)
class Notice:
    """One line: when, what, where to look, and whether it is new to whoever reads it."""

    at: datetime
    text: str
    path: str
    position: int | None
    is_new: bool = True

    @property
    def same(self) -> tuple[datetime, str, str]:
        """What reads the same of one moment, as a secret shown together with its page does, is told once."""
        return self.at, self.text, self.path


def notices_for(viewer: Viewer, kinds: Collection[NoticeKind]) -> Any:
    """The rows of these kinds that a viewer may know of, but for what they or their own power did."""
    rows = viewer.campaign.activity.told().visible_to(viewer).filter(kind__in=activity_of(list(kinds)))
    rows = rows.exclude(by=viewer.user)
    if viewer.power_id:
        rows = rows.exclude(power=viewer.power_id)
    return rows.select_related("power")


def after(position: int) -> Q:
    """Of what happened after a place in the order; what has no place yet has just happened."""
    return Q(position__gt=position) | Q(position=None, at__gt=moment(position))


def moment(micros: int) -> datetime:
    """The moment that a place in the order stands for."""
    return datetime.fromtimestamp(micros / 1_000_000, tz=UTC)


def lines_of(rows: Iterable[Activity], read: int = 0) -> list[Notice]:
    """Rows as lines, each once."""
    return list(_once(Notice(row.at, str(row), row.path, row.position, _is_new(row, read)) for row in rows))


def _once(lines: Iterable[Notice]) -> Iterator[Notice]:
    seen = set()
    for line in lines:
        if line.same not in seen:
            seen.add(line.same)
            yield line


def _is_new(row: Activity, read: int) -> bool:
    return row.position > read if row.position is not None else micros(row.at) > read


def latest(viewer: Viewer) -> list[Notice]:
    """What the page of notices lists, the newest first."""
    choices = choices_of(viewer.membership)
    return lines_of(notices_for(viewer, choices.in_app)[:SHOWN], choices.read)


def unread(viewer: Viewer) -> list[Notice]:
    """What a viewer has not read of what they chose to be told in the app."""
    choices = choices_of(viewer.membership)
    return lines_of(notices_for(viewer, choices.in_app).filter(after(choices.read))[:COUNTED])


def for_the_browser(viewer: Viewer) -> list[Notice]:
    """What a viewer's browser may say aloud: unread, of the kinds chosen for it, the newest few."""
    choices = choices_of(viewer.membership)
    rows = notices_for(viewer, choices.in_browser).filter(position__gt=choices.read)
    return lines_of(rows.order_by("-position")[:5])


def read_all(viewer: Viewer, *, seen: int | None, now: datetime) -> None:
    """Count as read what the viewer may know of, as far as they saw it: up to the moment `seen` (`micros`), or all."""
    activity.number(now)
    rows = viewer.campaign.activity.told().visible_to(viewer).exclude(position=None)
    if seen is not None:
        rows = rows.filter(at__lte=moment(seen + 1))  # a moment as micros may have lost one
    newest = rows.order_by("-position").values_list("position", flat=True).first()
    mark_read(by=viewer.membership, upto=newest or 0)
