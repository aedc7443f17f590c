"""Where the canaries of a campaign are planted, area by area; an app above has planters of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.forms import CharField

from khitomer.actions.handouts import SOURCE
from khitomer.auditing.canaries import PLANTERS, Cage, Canary
from khitomer.models import (
    AgendaItem,
    Alias,
    Campaign,
    Change,
    Entry,
    EntryKind,
    Future,
    Handout,
    ListedName,
    LogLine,
    MapPosition,
    Membership,
    NameList,
    Pack,
    Picture,
    Printed,
    Proposal,
    Recap,
    Scene,
    Secret,
    Version,
)
from khitomer.sheets import kind_of


def plant(campaign: Campaign) -> dict[str, Canary]:
    """Put a canary into every field of the campaign that can be kept from somebody; gives them by their word.

    This writes into the rows: call it on a copy, or inside a transaction that is rolled back.
    """
    cage = Cage(campaign, list(campaign.memberships.select_related("user", "power")))
    for planter in (_people, _archive, _handouts, _labels, _pictures, _chronicle, _sessions, *PLANTERS):
        planter(cage)
    return cage.canaries


def _people(cage: Cage) -> None:
    """Addresses for letters are nobody's but their owner's."""
    for member in cage.members:
        word = cage.word(f"person {member.user.pk}, email", [member])
        type(member.user)._base_manager.filter(pk=member.user.pk).update(email=f"{word}@example.org")


# The archive


def _archive(cage: Cage) -> None:
    for entry in _entries(cage):
        readers = _readers(cage, entry)
        secrets = [(secret, _readers_of(cage, secret, readers)) for secret in entry.secrets.all()]
        deceived = {member.pk for secret, told in secrets if secret.stands_in for member in told}
        called = [entry.name, *(alias.name for alias in entry.aliases.all())]
        cage.put(entry, readers, "name", "fate")
        _move(cage, entry, readers)
        cage.put(entry, [m for m in readers if m.pk not in deceived or m in cage.gms], "text")
        _answer(cage, entry, readers)
        for secret, told in secrets:
            cage.put(secret, told, "text")
        for alias in entry.aliases.all():
            cage.put(alias, readers, "name")
        # What names it in brackets goes on leading to it.
        Alias._base_manager.bulk_create(Alias(entry=entry, name=name) for name in dict.fromkeys(called))
    for row in Version._base_manager.filter(entry__campaign=cage.campaign):
        content = {
            **row.content,
            **{
                name: f"{row.content.get(name, '')} {cage.word(f'version {row.pk}, {name}', cage.gms)}"
                for name in ("name", "text")
                if name == "text" or name in row.content
            },
        }
        Version._base_manager.filter(pk=row.pk).update(content=content)
    for proposal in Proposal._base_manager.filter(campaign=cage.campaign).select_related("by"):
        cage.put(proposal, [*cage.gms, proposal.by], "name", "text", "answer")


# Handouts


def _handouts(cage: Cage) -> None:
    """What stands on them, what is blacked out of it, and what is out on paper."""
    for handout in cage.campaign.handouts.prefetch_related("powers", "persons"):
        readers = _readers(cage, handout)
        cage.put(handout, readers, "title", "text")
        form = kind_of(handout.kind).form
        lines = {
            name: f"{handout.details.get(name, '')} {cage.word(f'handout {handout.pk}, {name}', readers)}"
            for name in form.DETAILS
            if type(form.base_fields[name]) is CharField
        }
        blacked_out = cage.word(f"handout {handout.pk}, {SOURCE}", cage.gms)
        details = {**handout.details, **lines, SOURCE: f"{handout.text} ||{blacked_out}||"}
        Handout._base_manager.filter(pk=handout.pk).update(details=details)
        _move(cage, handout, readers)
    for printed in Printed._base_manager.filter(campaign=cage.campaign):
        cage.put(printed, cage.gms, "title", "given_to")
    for pack in Pack._base_manager.filter(campaign=cage.campaign).select_related("by"):
        cage.put(pack, [pack.by], "title")


def _entries(cage: Cage) -> models.QuerySet[Entry]:
    entries = Entry._base_manager.filter(campaign=cage.campaign).select_related("kind")
    return entries.prefetch_related(
        "powers", "persons", "aliases", "tags", "secrets__powers", "secrets__persons"
    )


def _readers(cage: Cage, thing: Any) -> list[Membership]:
    """Who reads an entry or a handout: nobody but the GM while it lies in the bin."""
    return cage.gms if thing.deleted_at else cage.told(thing)


def _readers_of(cage: Cage, secret: Secret, entry_readers: list[Membership]) -> list[Membership]:
    return cage.gms if secret.deleted_at else cage.both(cage.told(secret), entry_readers)


def _answer(cage: Cage, entry: Entry, readers: list[Membership]) -> None:
    """A word of its own in each thing that an entry answers to the questions of its kind."""
    if not entry.values:
        return
    sorts = {field["key"]: field["sort"] for field in entry.kind.fields}
    values = {
        key: f"{answer} {cage.word(f'entry {entry.pk}, {key}', readers)}"
        if sorts.get(key) == "text"
        else answer
        for key, answer in entry.values.items()
    }
    Entry._base_manager.filter(pk=entry.pk).update(values=values)


def _move(cage: Cage, row: Any, readers: list[Membership]) -> None:
    """Give a row that not everyone knows another address, with a canary in it, and lead to it from the activity and
    the map."""
    if len(readers) == len(cage.members):
        return
    old = row.slug
    cage.put(row, readers, "slug")
    for line in cage.campaign.activity.filter(path__contains=f"/{old}/"):
        cage.campaign.activity.filter(pk=line.pk).update(path=line.path.replace(f"/{old}/", f"/{row.slug}/"))
    if isinstance(row, Entry):
        placed = MapPosition._base_manager.filter(campaign=cage.campaign, sort=MapPosition.Sort.ENTRY)
        placed.filter(slug=old).update(slug=row.slug)


def _labels(cage: Cage) -> None:
    """Tags, and kinds of the GM's own with what they ask: known to whoever sees an entry that has them."""
    tagged: dict[int, set[Membership]] = defaultdict(set)
    kept: dict[int, set[Membership]] = defaultdict(set)
    for entry in _entries(cage):
        readers = _readers(cage, entry)
        kept[entry.kind_id].update(readers)
        for tag in entry.tags.all():
            tagged[tag.pk].update(readers)
    for tag in cage.campaign.tags.all():
        cage.put(tag, tagged[tag.pk] | {*cage.gms}, "name", "slug")
    for kind in cage.campaign.kinds.exclude(key__in=EntryKind.values):
        readers = kept[kind.pk] | {*cage.gms}
        cage.put(kind, readers, "name", "plural", "key")
        fields = []
        for field in kind.fields:
            word = cage.word(f"kind {kind.pk}, {field['key']}", readers)
            fields.append({**field, "label": f"{field['label'][:20]} {word}"})
        type(kind)._base_manager.filter(pk=kind.pk).update(fields=fields)


def _pictures(cage: Cage) -> None:
    """What a picture shows, and its address: for whoever sees something that bears it."""
    seen: dict[int, set[Membership]] = defaultdict(set)
    for bearers in (_entries(cage), Handout._base_manager.filter(campaign=cage.campaign)):
        for bearer in bearers.filter(picture__isnull=False, deleted_at=None).prefetch_related(
            "powers", "persons"
        ):
            seen[bearer.picture_id].update(cage.told(bearer))
    for picture in Picture._base_manager.filter(campaign=cage.campaign):
        cage.put(picture, seen[picture.pk] | {*cage.gms}, "alt", "token")


# The chronicle


def _chronicle(cage: Cage) -> None:
    for event in cage.campaign.events.prefetch_related("powers", "persons"):
        readers = cage.told(event)
        cage.put(event, readers, "title", "text")
        _move(cage, event, readers)
    for clock in cage.campaign.clocks.prefetch_related("powers", "persons"):
        readers = cage.told(clock)
        cage.put(clock, readers, "name")
        cage.put(clock, cage.gms if clock.hidden else readers, "note")
        _move(cage, clock, readers)
    for future in Future._base_manager.filter(campaign=cage.campaign):
        cage.put(future, cage.gms, "title")
    for change in Change._base_manager.filter(campaign=cage.campaign):
        cage.put(change, cage.gms, "why")
        if change.source.startswith("gm:"):  # what a resolution did is read on its page
            cage.put(change, cage.gms, "sentence", "before", "after")


# Evenings


def _sessions(cage: Cage) -> None:
    for session in cage.campaign.sessions.all():
        cage.put(session, cage.gms, "gm_notes")
    for item in AgendaItem._base_manager.filter(session__campaign=cage.campaign):
        cage.put(item, cage.gms, "gm_note")
    for scene in Scene._base_manager.filter(session__campaign=cage.campaign):
        cage.put(scene, cage.gms, "title", "text")
    for line in _kept(LogLine, cage):
        cage.put(line, cage.told(line), "text")
    for recap in _kept(Recap, cage):
        cage.put(recap, cage.told(recap) if recap.published_at else cage.gms, "text")
    for names in NameList._base_manager.filter(campaign=cage.campaign):
        cage.put(names, cage.gms, "title")
    for listed in ListedName._base_manager.filter(list__campaign=cage.campaign):
        cage.put(listed, cage.gms, "name", "used_for")


def _kept(model: type[models.Model], cage: Cage) -> Iterator[Any]:
    rows: Iterable[Any] = model._base_manager.filter(session__campaign=cage.campaign)
    yield from rows.prefetch_related("powers", "persons")  # type: ignore[attr-defined]
