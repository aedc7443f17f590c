"""Dice and pools at the table: rolled here and nowhere else, and each a line of the evening's log.

Faces come from the system's own source of randomness, so nobody, the GM included, foresees or repeats one.
"""

from datetime import datetime
from random import Random
from secrets import SystemRandom
from typing import Any

from django.db import transaction
from django.urls import reverse

from khitomer.actions import activity, notation
from khitomer.actions.locks import lock
from khitomer.errors import Refused
from khitomer.models import (
    ActivityKind,
    Audience,
    Campaign,
    LogKind,
    LogLine,
    Membership,
    Pools,
    Role,
    Session,
    SessionState,
)
from khitomer.rules import dice as rules

MOMENTUM, THREAT = "momentum", "threat"
MOST = {MOMENTUM: 6, THREAT: 99}
"""The pools by name, each with what it may hold."""

_SOURCE = SystemRandom()


def roll_notation(
    *,
    session: Session,
    notation_text: str,
    what: str = "",
    secret: bool = False,
    by: Membership,
    now: datetime,
    source: Random = _SOURCE,
) -> LogLine:
    """Roll what d20's notation says, for everyone to see, or (`secret`) for the GMs alone.

    `what` is what it is for. `Refused` (on `notation`) for what cannot be rolled, and outside of play.
    """
    rolled = notation.roll(notation_text, source=source)
    detail = {
        "sort": "notation",
        "total": rolled.total,
        "dice": [{"sides": sides, "face": face, "counts": counts} for sides, face, counts in rolled.dice],
    }
    return _log(session, f"{rolled.notation} = {rolled.total}", what, detail, secret, by, now)


def roll_task(
    *,
    session: Session,
    task: rules.Task,
    what: str = "",
    secret: bool = False,
    by: Membership,
    now: datetime,
    source: Random = _SOURCE,
) -> LogLine:
    """Roll a task's twenty-sided dice and read them. Momentum left over waits in the line to be saved to the pool."""
    reading = rules.read(task, [source.randint(1, rules.SIDES) for _ in range(task.dice)])
    detail = {
        "sort": "task",
        "successes": reading.successes,
        "complications": reading.complications,
        "passed": reading.passed,
        "momentum": reading.momentum,
        "dice": [
            {
                "sides": rules.SIDES,
                "face": die.face,
                "counts": die.successes > 0,
                "successes": die.successes,
                "complication": die.complication,
            }
            for die in reading.dice
        ],
    }
    return _log(session, rules.in_words(task, reading), what, detail, secret, by, now)


def _log(
    session: Session,
    text: str,
    what: str,
    detail: dict[str, Any],
    secret: bool,
    by: Membership,
    now: datetime,
) -> LogLine:
    _check_may_act(by, session.campaign)
    if secret and not _runs(by):
        raise Refused("Only the GM rolls in secret", allowed="Roll openly")
    with transaction.atomic():
        lock(session.campaign)
        row = in_play(session)
        line = LogLine.objects.create(
            session=row,
            at=now,
            kind=LogKind.ROLL,
            text=f"{what.strip()}: {text}" if what.strip() else text,
            detail=detail,
            by=by,
            audience=Audience.GM if secret else Audience.ALL,
        )
        if not secret:
            _notice(row, now, by)
    return line


# Pools


def change_pool(*, session: Session, pool: str, by_how_much: int, by: Membership, now: datetime) -> Pools:
    """Add to Momentum or Threat, or take from it. Players add to Threat, and the GM alone takes from it.

    `Refused` beyond what a pool may hold, with what it does hold, and outside of play.
    """
    if pool not in MOST:
        raise Refused("There are two pools", allowed="Momentum and Threat")
    _check_may_act(by, session.campaign)
    if pool == THREAT and by_how_much < 0 and not _runs(by):
        raise Refused("Threat is the GM’s to spend", allowed="You may add to it")
    with transaction.atomic():
        lock(session.campaign)
        row = in_play(session)
        pools = pools_of(row.campaign)
        _set_pool(row, pools, pool, getattr(pools, pool) + by_how_much, by, now)
    return pools


def save_momentum(*, line: LogLine, by: Membership, now: datetime) -> Pools:
    """Put the Momentum that a roll left over into the pool, as much as it takes; of one roll once.

    `Refused` where the roll left none, where it was saved before, and while the pool is full.
    """
    _check_may_act(by, line.session.campaign)
    with transaction.atomic():
        lock(line.session.campaign)
        session = in_play(line.session)
        row = LogLine.objects.get(pk=line.pk)
        left = row.detail.get("momentum", 0)
        if not left or row.audience != Audience.ALL:
            raise Refused("This roll left no Momentum to save")
        if "saved" in row.detail:
            raise Refused("The Momentum of this roll is saved already")
        pools = pools_of(session.campaign)
        saved = min(left, MOST[MOMENTUM] - pools.momentum)
        if not saved:
            raise _full(MOMENTUM, pools.momentum)
        row.detail = {**row.detail, "saved": saved}
        row.save(update_fields=["detail"])
        _set_pool(session, pools, MOMENTUM, pools.momentum + saved, by, now)
    return pools


def pools_of(campaign: Campaign) -> Pools:
    """The campaign's pools, made empty where it has none yet. Under the campaign's lock."""
    pools, _ = Pools.objects.get_or_create(campaign=campaign)
    return pools


def _set_pool(session: Session, pools: Pools, pool: str, to: int, by: Membership, now: datetime) -> None:
    before = getattr(pools, pool)
    if not 0 <= to <= MOST[pool]:
        raise _full(pool, before) if to > before else _short(pool, before)
    setattr(pools, pool, to)
    pools.save(update_fields=[pool])
    LogLine.objects.create(
        session=session,
        at=now,
        kind=LogKind.POOL,
        text=f"{pool.capitalize()} {before} → {to}",
        detail={"pool": pool, "before": before, "after": to},
        by=by,
        audience=Audience.ALL,
    )
    _notice(session, now, by)


def _full(pool: str, holds: int) -> Refused:
    room = MOST[pool] - holds
    allowed = f"At most {room} more" if room else f"It holds {MOST[pool]}: spend some first"
    return Refused(f"{pool.capitalize()} takes no more than {MOST[pool]}", allowed=allowed)


def _short(pool: str, holds: int) -> Refused:
    allowed = f"At most {holds} can be spent" if holds else "There is none to spend"
    return Refused(f"{pool.capitalize()} is at {holds}", allowed=allowed)


# What they share


def in_play(session: Session) -> Session:
    """The session's row, read afresh. `Refused` unless it is in play."""
    row = Session.objects.select_related("campaign").get(pk=session.pk)
    if row.state != SessionState.IN_PLAY:
        raise Refused(f"Session {row.number} is not in play", allowed="Dice and pools wait for the evening")
    return row


def _runs(member: Membership) -> bool:
    return member.role in (Role.GM, Role.CO_GM)


def _check_may_act(member: Membership, campaign: Campaign) -> None:
    if member.campaign_id != campaign.pk or member.role == Role.OBSERVER:
        raise Refused("Observers look on", allowed="Players and the GM roll and spend")


def _notice(session: Session, now: datetime, by: Membership) -> None:
    """Let the others notice, in one row however often it happens: dice would drown all else among the latest."""
    campaign, number, kind = session.campaign, session.number, ActivityKind.ROLLED
    path = reverse("session-dice", kwargs={"campaign": campaign.slug, "number": number})
    campaign.activity.filter(kind=kind, number=number).delete()
    activity.record(campaign=campaign, kind=kind, now=now, number=number, by=by.user, path=path)
