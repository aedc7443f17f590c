"""Who listens: what of the activity an open page may be told, and whether it still may."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.handlers.asgi import ASGIRequest
from django.db.models import Q
from django.http import Http404, HttpRequest

from khitomer.access import Viewer, get_campaign_for, seen_through
from khitomer.models import Activity, Audience, Membership, Topic

AT_ONCE = 500
"""Rows that are read, and people that are looked up, in one query."""

Member = tuple[int, str, int | None, str, bool]
"""A membership as a door remembers it: its key, role and power, its user's password hash, and whether they are active.
When any of it changes, the door closes; the page asks again, and gets the rights of now, or none."""


@dataclass(frozen=True)
class Told:
    """One row of the activity, as far as a stream needs it."""

    position: int
    campaign: int
    topic: Topic
    audience: str = Audience.ALL
    powers: frozenset[int] = frozenset()
    persons: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Ears:
    """What one open page hears: the activity of a campaign, with the rights of a member, or of a screen on the wall.

    `member` is whose eyes the page has; `who` sits before it. `members` and `session` must stay as they are, and
    `opens`, where there is one, must stay true. With `topics`, these alone are heard.
    """

    campaign: int
    member: int | None = None
    power: int | None = None
    runs: bool = False
    who: int | None = None
    members: tuple[Member, ...] = ()
    session: str = ""
    topics: tuple[Topic, ...] = ()
    opens: Callable[[], bool] | None = None

    @property
    def one(self) -> tuple[int, int | None]:
        """Who counts as one when open pages are counted: a person at a table, or all the screens of its wall."""
        return self.campaign, self.who

    def hear(self, told: Told) -> bool:
        """Whether a row is for these ears. The query of `since` says the same."""
        if told.campaign != self.campaign or (self.topics and told.topic not in self.topics):
            return False
        if told.audience == Audience.ALL or (self.runs and told.topic != Topic.PACKS):
            return True  # whoever runs the campaign hears of everything but what others have printed
        named = self.member in told.persons or (self.power is not None and self.power in told.powers)
        return told.audience == Audience.POWERS and named

    def since(self, position: int, most: int) -> list[Told]:
        """What these ears would have heard after a position, the earliest first; `most` of it."""
        rows = Activity.objects.filter(campaign=self.campaign, position__gt=position)
        if not self.runs:
            named = Q(persons=self.member) | Q(powers=self.power) if self.power else Q(persons=self.member)
            mine = Q(audience=Audience.POWERS) & named if self.member else Q(pk=None)
            rows = rows.filter(Q(audience=Audience.ALL) | mine).distinct()
        return [told for told in _told(rows.order_by("position")[:most]) if self.hear(told)]


def after(position: int) -> list[Told]:
    """What was told of in any campaign after a position, the earliest first."""
    return list(_told(Activity.objects.filter(position__gt=position).order_by("position")[:AT_ONCE]))


def _told(rows: Any) -> Iterator[Told]:
    for row in rows.only("position", "campaign", "kind", "audience").prefetch_related("powers", "persons"):
        named = ([one.pk for one in row.powers.all()], [one.pk for one in row.persons.all()])
        yield Told(row.position, row.campaign_id, row.topic, row.audience, *map(frozenset, named))


# The doors

Knock = Callable[[HttpRequest, str], Ears | None]
"""Who comes with this request, to what the address names; None for whoever may not."""

_doors: list[tuple[re.Pattern[str], Knock]] = []


def door(pattern: str) -> Callable[[Knock], Knock]:
    """Open an address to streams: a regular expression of one group, which names what is listened to."""

    def opened(knock: Knock) -> Knock:
        _doors.append((re.compile(pattern), knock))
        return knock

    return opened


def is_door(path: str) -> bool:
    return any(pattern.fullmatch(path) for pattern, _ in _doors)


def at_the_door(scope: Any) -> Ears | None:
    """Whose ears come with a request, or None for nobody's: a stranger's, and one that asks for what is not there."""
    for pattern, knock in _doors:
        if found := pattern.fullmatch(scope["path"]):
            return knock(ASGIRequest(scope, BytesIO()), found[1])
    return None


@door(r"/c/([-a-zA-Z0-9_]+)/live/")
def of_a_campaign(request: HttpRequest, slug: str) -> Ears | None:
    """A member, with the rights that the pages of this session have: a GM may look through a member's eyes."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not key.isalnum():
        return None
    request.session = SessionStore(key)
    request.user = user = get_user(request)  # type: ignore[assignment, arg-type]
    try:
        own = get_campaign_for(user, slug)  # type: ignore[arg-type]
    except Http404:
        return None
    eyes = seen_through(request, own)  # type: ignore[arg-type]
    return Ears(
        campaign=own.campaign.pk,
        member=eyes.membership.pk,
        power=eyes.power_id,
        runs=eyes.is_gm,
        who=own.membership.pk,
        members=tuple(_member(each) for each in {own.membership.pk: own, eyes.membership.pk: eyes}.values()),
        session=key,
    )


def _member(viewer: Viewer) -> Member:
    member, user = viewer.membership, viewer.user
    return member.pk, member.role, member.power_id, user.password, user.is_active


def closed(ears: Collection[Ears], now: datetime) -> set[Ears]:
    """Of these, whom the doors do not let in any more: removed, of another role or power, signed out, or shut out."""
    keys = {member[0] for one in ears for member in one.members}
    sessions = {one.session for one in ears if one.session}
    members = set[Member]()
    for some in _in_parts(sorted(keys)):
        rows = Membership.objects.filter(pk__in=some)
        members |= set(rows.values_list("pk", "role", "power_id", "user__password", "user__is_active"))
    alive = set[str]()
    for some in _in_parts(sorted(sessions)):
        rows = Session.objects.filter(session_key__in=some, expire_date__gt=now)
        alive |= set(rows.values_list("session_key", flat=True))
    return {
        one
        for one in ears
        if not members.issuperset(one.members)
        or (one.session and one.session not in alive)
        or (one.opens is not None and not one.opens())
    }


def _in_parts(keys: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]
