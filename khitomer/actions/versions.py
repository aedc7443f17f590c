"""Every version of an entry and of a secret: kept as they are written, compared, and brought back.

`versioned` stands around whatever writes them; `began` is what a form of theirs begins from, so that two editors of
one page notice each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from khitomer.actions import labels, meanwhile, mentions
from khitomer.actions.disclosures import campaign_of, told_of
from khitomer.actions.locks import lock
from khitomer.errors import Refused
from khitomer.markup import render
from khitomer.models import Campaign, Entry, Secret, User, Version
from khitomer.rules.dates import StoryDate

Kept = Entry | Secret
"""What versions are kept of."""


class Meanwhile(meanwhile.Meanwhile):
    """As of anything that two may write, of a page: `thing` is what stands there now, to be compared with."""

    def __init__(self, thing: Kept) -> None:
        super().__init__({}, began(thing))
        self.thing = thing


# Keeping


@contextmanager
def versioned(thing: Kept, *, by: User | None, now: datetime) -> Iterator[None]:
    """What is written of a thing inside this is its next version, unless it says what the last one said.

    Call it inside the transaction, under the campaign's lock. Before anything was edited there is no version: the first
    edit also keeps what stood there until then.
    """
    stood, written_at = again(thing), _written_at(thing)
    before = content_of(stood)
    yield
    row = again(thing)
    after = content_of(row)
    if after == before:
        return
    today = lock(campaign_of(row)).today
    if not versions_of(row).filter(revision=row.revision).exists():
        first = row.revision == 1
        _keep(row, before, at=written_at, story_date=campaign_of(row).starts if first else today, by=None)
    row.revision += 1
    row.save(update_fields=["revision"])
    thing.revision = row.revision
    _keep(row, after, at=now, story_date=today, by=by)


def again(thing: Kept) -> Any:
    """The thing's row, read afresh."""
    return type(thing)._default_manager.get(pk=thing.pk)


def content_of(thing: Kept) -> dict[str, Any]:
    """What a version holds, as plain values."""
    if isinstance(thing, Secret):
        return {"text": thing.text, "false": thing.false, "stands_in": thing.stands_in}
    return {
        "name": thing.name,
        "kind": thing.kind.key,
        "text": thing.text,
        "values": thing.values,
        "aliases": list(thing.aliases.values_list("name", flat=True)),
        "tags": sorted(thing.tags.values_list("name", flat=True)),
        "parent": thing.parent.slug if thing.parent else "",
    }


def versions_of(thing: Kept) -> Any:
    """The versions kept of an entry itself, or of a secret, the latest first."""
    if isinstance(thing, Secret):
        return thing.versions.all()
    return thing.versions.filter(secret=None)


def version_on(entry: Entry, date: StoryDate) -> Version | None:
    """What the entry said at the end of a day of the story; of days before the oldest, that. None: it never changed."""
    kept = versions_of(entry)
    found: Version | None = (
        kept.filter(story_date__lte=date.last.isoformat()).order_by("-story_date", "-revision").first()
        or kept.order_by("revision").first()
    )
    return found


def _keep(row: Kept, content: dict[str, Any], **more: Any) -> None:
    of = {"entry": row.entry, "secret": row} if isinstance(row, Secret) else {"entry": row}
    Version.objects.create(**of, revision=more.pop("revision", row.revision), content=content, **more)


def _written_at(thing: Kept) -> datetime:
    return thing.created_at if isinstance(thing, Secret) else thing.updated_at


# Two editors of one page


def began(thing: Kept) -> str:
    """What a form about this thing begins from: which it is, its version, and whom it is told to."""
    told = told_of(thing)
    named = [sorted(each.pk for each in rows) for rows in (told.powers, told.persons)]
    return f"{thing._meta.model_name} {thing.pk} {thing.revision} {told.audience.value} {named[0]} {named[1]}"


def unchanged(thing: Kept, since: str) -> None:
    """Call it under the lock, on the row read afresh. `Meanwhile` when the thing is not as the form began; `Refused`
    when it lies in the bin. A form that does not say what it began from is let through."""
    if thing.deleted_at is not None:
        raise Refused("It was thrown away meanwhile", allowed="Take it out of the bin to write on it")
    if since and since != began(thing):
        raise Meanwhile(thing)


# Bringing back


def restore(*, thing: Kept, revision: int, by: User, now: datetime) -> bool:
    """Let a thing say again what a version of it said; gives whether that is a change. Who may see it stays as it is.

    `Refused` for a version whose kind the archive no longer has. A parent that is gone, or would lie within the entry
    itself, is left out.
    """
    with transaction.atomic():
        campaign = lock(campaign_of(thing))
        row = again(thing)
        unchanged(row, "")
        version = versions_of(row).filter(revision=revision).first()
        if version is None:
            raise Refused("There is no such version")
        stood = row.revision
        with versioned(row, by=by, now=now):
            if isinstance(row, Secret):
                _write_secret(row, version.content)
            else:
                _write_entry(campaign, row, version.content)
        return bool(row.revision != stood)


def _write_secret(row: Secret, content: dict[str, Any]) -> None:
    row.text, row.text_html = content["text"], render(content["text"], field="text")
    row.false, row.stands_in = content["false"], content["stands_in"]
    row.save(update_fields=["text", "text_html", "false", "stands_in"])
    mentions.note(source=row)


def _write_entry(campaign: Campaign, row: Entry, content: dict[str, Any]) -> None:
    kind = campaign.kinds.filter(key=content["kind"]).first()
    if kind is None:
        raise Refused(f"The archive has no kind “{content['kind']}” any more", allowed="Make it again first")
    row.kind, row.name, row.values = kind, content["name"], content["values"]
    row.text, row.text_html = content["text"], render(content["text"], field="text")
    parent = campaign.entries.filter(slug=content["parent"], deleted_at=None).first()
    try:
        labels.check_parent(row, parent, campaign)
    except Refused:
        parent = None
    row.parent = parent
    row.save(update_fields=["kind", "name", "values", "text", "text_html", "parent", "updated_at"])
    labels.set_aliases(row, content["aliases"])
    labels.set_tags(row, content["tags"])
    mentions.note(source=row)
