"""Telling what happened: drafts of it from the record, each for one audience, and publishing them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from khitomer.actions import activity, meanwhile
from khitomer.actions.locks import lock
from khitomer.actions.scenes import is_binned
from khitomer.actions.sessions import page_of
from khitomer.errors import Refused
from khitomer.markup import plain, render
from khitomer.models import (
    ActivityKind,
    Audience,
    Campaign,
    Change,
    Disclosure,
    LogKind,
    Membership,
    Power,
    Recap,
    Session,
    SessionState,
    User,
)
from khitomer.rules import changes
from khitomer.rules import recaps as rules

DECISIONS = (ActivityKind.ENACTED, ActivityKind.REPEALED)
WORDS = 400
"""Characters of a secret's words in a draft."""

Whom = Power | Membership


def draft(session: Session) -> str:
    """What everyone may be told of an evening, as Markdown: nothing that somebody at the table may not know."""
    campaign = session.campaign
    told = _of(session.disclosures.filter(power=None, person=None))
    lines = session.log.filter(audience=Audience.ALL, kind=LogKind.NOTE).order_by("at", "pk")
    return rules.common(
        rules.Evening(
            done=tuple(item.title for item in session.agenda.all() if item.done_at),
            decided=_decided(campaign, session),
            changed=_changed(campaign, session),
            told=tuple(_value(each) for each in told),
            lines=tuple(line.text for line in lines),
        )
    )


def draft_apart(*, session: Session, by: User, now: datetime) -> list[Recap]:
    """A draft for each power and person who was told something alone, where they have none yet; gives the new ones.

    What came to be known to everyone by the end of the evening is everyone's, and stands in no draft of theirs.
    """
    with transaction.atomic():
        lock(session.campaign)
        row = Session.objects.get(pk=session.pk)
        if row.state != SessionState.CLOSED:
            raise Refused(f"Session {row.number} is not closed", allowed="Close it first")
        already = _addressed(row)
        return [_begin(row, whom, values) for whom, values in _told_apart(row).items() if whom not in already]


def write(*, recap: Recap, text: str, publish: bool, began: str = "", by: User, now: datetime) -> Recap:
    """Write what some are told, and `publish` it to them, or keep it as a draft for the GM.

    What was published stays so; its readers notice when it changes. `Refused` for publishing nothing,
    `meanwhile.Meanwhile` where another wrote it since the form `began`.
    """
    with transaction.atomic():
        row: Recap | None = Recap.objects.select_for_update().filter(pk=recap.pk).first()
        if row is None:
            raise Refused("Somebody has thrown it away meanwhile")
        meanwhile.unchanged(row, began, "text")
        if publish and not text.strip():
            raise Refused("It says nothing yet", field="text", allowed="Write a line, or throw it away")
        notice = publish and (row.published_at is None or row.text != text)
        row.text, row.text_html = text, render(text, field="text")
        row.published_at = (row.published_at or now) if publish else None
        row.save(update_fields=["text", "text_html", "published_at"])
        if notice:
            activity.record(
                campaign=row.session.campaign,
                kind=ActivityKind.RECAPPED,
                now=now,
                number=row.session.number,
                by=by,
                path=page_of(row.session, "recap"),
                powers=list(row.powers.all()),
                persons=row.persons.all(),
            )
    return row


def remove(*, recap: Recap, by: User, now: datetime) -> None:
    """Throw a recap away; its readers do not find it any more."""
    Recap.objects.filter(pk=recap.pk).delete()


# What was recorded


def _changed(campaign: Campaign, session: Session) -> tuple[str, ...]:
    if session.began_at is None:
        return ()
    rows = _between(campaign.ledger.all(), session).filter(undoes=None, undone_by=None).order_by("sequence")
    found = [(row, changes.from_json(row.payload["change"])) for row in rows]
    open_ = rules.Open(
        clocks=_open_clocks(campaign, session, found),
        entries=tuple(
            campaign.entries.filter(audience=Audience.ALL, deleted_at=None).values_list("slug", "name")
        )
        if any(isinstance(change, changes.SetFate) for _, change in found)
        else (),
    )
    told = (rules.sentence_for_all(change, row.sentence, open_) for row, change in found)
    return tuple(sentence for sentence in told if sentence)


def _open_clocks(
    campaign: Campaign, session: Session, found: Sequence[tuple[Change, changes.Change]]
) -> frozenset[str]:
    """Clocks that everyone sees run now and saw run all evening: one that was hidden for a while is left out."""
    since = campaign.ledger.filter(kind=changes.Amend.kind, at__gte=session.began_at)
    amended = {row.payload["change"].get("key") for row in since}
    told_late = set(
        Disclosure.objects.filter(campaign=campaign, session=session, clock__isnull=False).values_list(
            "clock__slug", flat=True
        )
    )
    made_now = {change.slug for _, change in found if isinstance(change, changes.AddClock)}
    shown = campaign.clocks.filter(audience=Audience.ALL, hidden=False).values_list("slug", flat=True)
    return frozenset(shown) - amended - (told_late - made_now)


def _decided(campaign: Campaign, session: Session) -> tuple[str, ...]:
    rows = _between(campaign.activity.filter(audience=Audience.ALL, kind__in=DECISIONS), session)
    return tuple(dict.fromkeys(str(row) for row in rows.order_by("pk")))


def _between(rows: Any, session: Session) -> Any:
    """The rows of the evening's own hours."""
    if session.began_at is None:
        return rows.none()
    rows = rows.filter(at__gte=session.began_at)
    return rows.filter(at__lte=session.closed_at) if session.closed_at else rows


def _of(rows: Any) -> list[Disclosure]:
    """Disclosures in force of what nobody has thrown away, in the order in which they were made."""
    found = (
        rows.in_force()
        .filter(from_start=False)
        .select_related("entry", "secret__entry", "event", "clock", "handout", "power", "person__user")
    )
    return [each for each in found.order_by("at", "pk") if not is_binned(each.thing)]


def _value(row: Disclosure) -> rules.Told:
    thing = row.thing
    match row.sort:
        case "secret":
            return rules.Told("secret", thing.entry.name, plain(thing.text, WORDS))
        case "event" | "handout":
            return rules.Told(row.sort, thing.title)
        case _:
            return rules.Told(row.sort, thing.name)


def _told_apart(session: Session) -> dict[Whom, rules.Evening]:
    told: dict[Whom, list[rules.Told]] = defaultdict(list)
    for row in _of(session.disclosures.exclude(power=None, person=None)):
        whom = row.power or row.person
        if whom is not None:
            told[whom].append(_value(row))
    lines: dict[Whom, list[str]] = defaultdict(list)
    noted = session.log.filter(audience=Audience.POWERS, kind=LogKind.NOTE).with_audience()
    for line in noted.order_by("at", "pk"):
        for whom in [*line.powers.all(), *line.persons.all()]:
            lines[whom].append(line.text)
    return {
        whom: rules.Evening(told=tuple(told.get(whom, ())), lines=tuple(lines.get(whom, ())))
        for whom in [*told, *(whom for whom in lines if whom not in told)]
    }


def _addressed(session: Session) -> set[Whom]:
    """Those who have a recap of this evening of their own, drafted or published."""
    rows: Iterable[Recap] = session.recaps.prefetch_related("powers", "persons")
    return {whom for row in rows for whom in [*row.powers.all(), *row.persons.all()]}


def _begin(session: Session, whom: Whom, evening: rules.Evening) -> Recap:
    text = rules.apart(evening)
    recap = Recap.objects.create(session=session, audience=Audience.POWERS, text=text, text_html=render(text))
    if isinstance(whom, Power):
        recap.powers.add(whom)
    else:
        recap.persons.add(whom)
    return recap
