"""Writing the archive: entries and the secrets kept on them, each with its audience.

Text and audience are edited in place; what became of an entry changes only through the ledger (`story.set_fate`).
Who may see what is settled by `disclosures`, which keeps an entry open to whoever knows a secret on it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from secrets import token_hex
from types import EllipsisType

from django.db import transaction

from khitomer.actions import disclosures, labels, mentions, versions
from khitomer.actions.locks import lock
from khitomer.actions.naming import address_of
from khitomer.errors import Refused
from khitomer.markup import render
from khitomer.models import Audience, Campaign, Entry, EntryKind, Kind, Membership, Power, Secret, User
from khitomer.rules.names import tidy

PLURALS = {
    EntryKind.PERSON: "People",
    EntryKind.VESSEL: "Vessels",
    EntryKind.PLACE: "Places",
    EntryKind.ORGANISATION: "Organisations",
    EntryKind.OBJECT: "Objects",
    EntryKind.DOCUMENT: "Documents",
    EntryKind.NOTE: "Notes",
}


def found_kinds(campaign: Campaign) -> dict[str, Kind]:
    """Give a new campaign the kinds that every archive has; gives them by their key."""
    rows = Kind.objects.bulk_create(
        Kind(campaign=campaign, key=kind, name=kind.label, plural=plural, position=position)
        for position, (kind, plural) in enumerate(PLURALS.items(), start=1)
    )
    return {row.key: row for row in rows}


def add_entry(
    *,
    campaign: Campaign,
    kind: str | Kind,
    name: str,
    text: str,
    audience: Audience,
    powers: Iterable[Power] = (),
    persons: Iterable[Membership] = (),
    aliases: Iterable[str] = (),
    tags: Iterable[str] = (),
    parent: Entry | None = None,
    values: Mapping[str, str] | None = None,
    by: User,
    now: datetime,
) -> Entry:
    """A new page of the archive, for the GM alone, for the `powers` and `persons` named, or for everyone.

    `text` is Markdown, `kind` a row or the key of one, `values` what the kind's fields were answered, by their keys. A
    name that gives an address already taken is refused, never numbered: a number would tell players that there is a
    page they cannot see.
    """
    told = disclosures.to_whom(campaign=campaign, audience=audience, powers=powers, persons=persons)
    slug = address_of(name, most=80, otherwise=f"entry-{token_hex(4)}")
    with transaction.atomic():
        lock(campaign)
        taken = Entry.objects.filter(campaign=campaign, slug=slug).first()
        if taken is not None and taken.deleted_at is not None:
            raise Refused(
                f"“{taken.name}”, at that address, lies in the bin",
                field="name",
                allowed="Take it out or delete it for good, or choose another name",
            )
        if taken is not None:
            raise Refused(
                f"The archive has “{taken.name}” at that address already",
                field="name",
                allowed="Choose another name, or write on that page",
            )
        entry = Entry(campaign=campaign, slug=slug)
        _write(
            entry,
            kind=kind,
            name=name,
            text=text,
            aliases=aliases,
            tags=tags,
            parent=parent,
            values=values or {},
        )
        disclosures.set_audience(thing=entry, to=told, by=by, now=now)
        entry.refresh_from_db(fields=["audience"])
    return entry


def _write(
    row: Entry,
    *,
    kind: str | Kind,
    name: str,
    text: str,
    aliases: Iterable[str] | None,
    tags: Iterable[str] | None,
    parent: Entry | EllipsisType | None,
    values: Mapping[str, str] | None,
) -> None:
    """Write an entry's row and what is fastened to it: the one place where that is done.

    Of what a caller does not give (None, or the ellipsis of a parent) everything stays as it is.
    """
    campaign, old = row.campaign, row.name
    row.kind, row.name = kind_of(campaign, kind), tidy(name)
    row.text, row.text_html = text, render(text, field="text")
    if not isinstance(parent, EllipsisType):
        labels.check_parent(row if row.pk else None, parent, campaign)
        row.parent = parent
    if values is not None:
        row.values = labels.answers(row.kind, values, before=row.values, campaign=campaign)
    row.save()
    if aliases is not None:
        labels.set_aliases(row, aliases)
    if old:
        labels.keep_old_name(row, old)
    if tags is not None:
        labels.set_tags(row, tags)
    mentions.note(source=row)


def kind_of(campaign: Campaign, kind: str | Kind) -> Kind:
    """A kind of this campaign by its row or its key. `Refused` for any other."""
    rows = campaign.kinds.filter(pk=kind.pk) if isinstance(kind, Kind) else campaign.kinds.filter(key=kind)
    found = rows.first()
    if found is None:
        raise Refused("This archive has no such kind", field="kind", allowed="Choose one of the list")
    return found


def edit_entry(
    *,
    entry: Entry,
    kind: str | Kind,
    name: str,
    text: str,
    audience: Audience,
    powers: Iterable[Power] = (),
    persons: Iterable[Membership] = (),
    aliases: Iterable[str] | None = None,
    tags: Iterable[str] | None = None,
    parent: Entry | EllipsisType | None = ...,
    values: Mapping[str, str] | None = None,
    began: str = "",
    by: User,
    now: datetime,
) -> Entry:
    """Write an entry anew, as its next version; what is not given stays. Its address stays, for the ledger knows it by
    it, and a name that it had goes on leading to it.

    `Refused` when someone who was told a secret on it would no longer see it, and `versions.Meanwhile` when it is not
    any more what the form `began` from.
    """
    told = disclosures.to_whom(campaign=entry.campaign, audience=audience, powers=powers, persons=persons)
    with transaction.atomic():
        lock(entry.campaign)
        row: Entry = Entry.objects.select_for_update().get(pk=entry.pk)
        versions.unchanged(row, began)
        with versions.versioned(row, by=by, now=now):
            _write(
                row, kind=kind, name=name, text=text, aliases=aliases, tags=tags, parent=parent, values=values
            )
        disclosures.set_audience(thing=row, to=told, by=by, now=now)
        row.refresh_from_db(fields=["audience"])
    return row


def add_secret(
    *,
    entry: Entry,
    text: str,
    audience: Audience,
    powers: Iterable[Power] = (),
    persons: Iterable[Membership] = (),
    false: bool = False,
    stands_in: bool = False,
    by: User,
    now: datetime,
) -> Secret:
    """A secret on an entry, a row of its own. `Refused` for an audience that may not see the entry itself.

    `false` marks for the GM what is not so; one that `stands_in` is read in place of the entry's text.
    """
    told = disclosures.to_whom(campaign=entry.campaign, audience=audience, powers=powers, persons=persons)
    with transaction.atomic():
        lock(entry.campaign)
        secret = Secret.objects.create(
            entry=entry,
            text=text,
            text_html=render(text, field="text"),
            false=false,
            stands_in=stands_in,
        )
        mentions.note(source=secret)
        disclosures.set_audience(thing=secret, to=told, by=by, now=now)
        secret.refresh_from_db(fields=["audience"])
    return secret


def edit_secret(
    *,
    secret: Secret,
    text: str,
    audience: Audience,
    powers: Iterable[Power] = (),
    persons: Iterable[Membership] = (),
    false: bool = False,
    stands_in: bool = False,
    began: str = "",
    by: User,
    now: datetime,
) -> Secret:
    """Write a secret anew, or tell it to others. `Refused` for an audience that may not see the entry itself, and
    `versions.Meanwhile` when it is not any more what the form `began` from."""
    campaign = secret.entry.campaign
    told = disclosures.to_whom(campaign=campaign, audience=audience, powers=powers, persons=persons)
    with transaction.atomic():
        lock(campaign)
        row = Secret.objects.get(pk=secret.pk)
        versions.unchanged(row, began)
        with versions.versioned(row, by=by, now=now):
            row.text, row.text_html = text, render(text, field="text")
            row.false, row.stands_in = false, stands_in
            row.save(update_fields=["text", "text_html", "false", "stands_in"])
            mentions.note(source=row)
        disclosures.set_audience(thing=row, to=told, by=by, now=now)
        row.refresh_from_db(fields=["audience"])
    return row
