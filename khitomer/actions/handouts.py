"""Handouts: what the GM makes for the table, shown to nobody until it is disclosed, and thrown away into a bin."""

from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.db import transaction

from khitomer.actions import disclosures, meanwhile, pictures
from khitomer.actions.disclosures import Told
from khitomer.actions.locks import lock
from khitomer.actions.naming import address_of
from khitomer.errors import Refused
from khitomer.markup import render
from khitomer.models import ActivityKind, Campaign, Handout, User
from khitomer.rules.redaction import redacted

SOURCE = "source"
"""Among the details, the text with what was blacked out: for the GM who edits it, and for nobody else."""

EVERYONE = Told(everyone=True)

WRITTEN = ("title", "text", "details", "meant", "meant_powers", "meant_persons")
"""What the form of a handout writes."""


def add_handout(
    *,
    campaign: Campaign,
    title: str,
    text: str = "",
    kind: str = "page",
    details: Mapping[str, Any] | None = None,
    meant: Told = EVERYONE,
    written: bool = True,
    sealed: bool = False,
    picture: pictures.Drawn | None = None,
    alt: str = "",
    by: User,
    now: datetime,
) -> Handout:
    """A new handout, for the GM alone until it is disclosed. `text` is Markdown; `alt` says what the picture shows.

    `details` are what its `kind` asks, and `meant` is for whom it is made; `sealed`, it is shown to nobody else.
    `Refused` (on `title`) for a title that gives an address already taken, and (on `text`) for one that is `written`,
    with neither words nor a picture.
    """
    if written:
        check_there_is_something(text, has_picture=picture is not None)
    words = _words(text, details)
    slug = address_of(title, most=80, otherwise=f"handout-{token_hex(4)}")
    with transaction.atomic():
        lock(campaign)
        taken = Handout.objects.filter(campaign=campaign, slug=slug).first()
        if taken is not None:
            where = "in the bin" if taken.deleted_at else "at that address already"
            raise Refused(
                f"There is a handout “{taken.title}” {where}",
                field="title",
                allowed="Choose another title, or take that one out"
                if taken.deleted_at
                else "Choose another title",
            )
        handout = Handout.objects.create(
            campaign=campaign,
            slug=slug,
            title=title.strip(),
            kind=kind,
            meant=meant.audience,
            sealed=sealed,
            created_at=now,
            **words,
        )
        _mean(handout, meant)
        if picture is not None:
            handout.picture = pictures.give_picture(to=handout, data=picture, alt=alt, by=by, now=now)
    return handout


def edit_handout(
    *,
    handout: Handout,
    title: str,
    text: str = "",
    details: Mapping[str, Any] | None = None,
    meant: Told | None = None,
    written: bool = True,
    began: str = "",
    by: User,
    now: datetime,
) -> Handout:
    """Write a handout anew; its address stays. Whoever was shown it reads the new words.

    `Meanwhile` when it is not any more what the form `began` from.
    """
    words = _words(text, details)
    with transaction.atomic():
        lock(handout.campaign)
        row = Handout.objects.get(pk=handout.pk)
        words_now = {name: value for name, value in as_written(row).items() if isinstance(value, str)}
        meanwhile.unchanged(row, began, *WRITTEN, now=words_now)
        if written:
            check_there_is_something(text, has_picture=row.picture_id is not None)
        row.title = title.strip()
        for name, value in words.items():
            setattr(row, name, value)
        row.meant = meant.audience if meant is not None else row.meant
        row.save(update_fields=["title", *words, "meant", "updated_at"])
        if meant is not None:
            _mean(row, meant)
            disclosures.check(row, disclosures.told_of(row))  # a sealed one, to those who hold it already
    return row


def check_there_is_something(text: str, *, has_picture: bool) -> None:
    """`Refused` for a handout with neither words nor a picture."""
    if not text.strip() and not has_picture:
        raise Refused("There is nothing on it yet", field="text", allowed="Write something, or add a picture")


def as_written(handout: Handout) -> dict[str, Any]:
    """The words of a handout as the GM wrote them, with what is blacked out for everyone else."""
    details = dict(handout.details)
    return {"title": handout.title, "text": details.pop(SOURCE, handout.text), **details}


def _words(text: str, details: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is kept of a text: for its readers without what is blacked out, which none but the GM's form has again."""
    read = redacted(text)
    kept = dict(details or {})
    if read != text:
        kept[SOURCE] = text
    return {"text": read, "text_html": render(read, field="text"), "details": kept}


def _mean(handout: Handout, meant: Told) -> None:
    """Whom the row names as those it is made for; `meant` itself is saved with the row."""
    handout.meant_powers.set(meant.powers)
    handout.meant_persons.set(meant.persons)


def throw_away(*, handout: Handout, by: User, now: datetime) -> None:
    """Into the bin: it is gone from every page at once, and from among the latest of those who were shown it.

    Who was shown it stays on record. Throwing it away twice is as good as once.
    """
    with transaction.atomic():
        lock(handout.campaign)
        row = Handout.objects.get(pk=handout.pk)
        if row.deleted_at is not None:
            return
        row.deleted_at, row.deleted_by = now, by
        row.save(update_fields=["deleted_at", "deleted_by"])
        disclosures.look_again(row, now=now)
        path = disclosures.path_of(row)
        row.campaign.activity.filter(kind=ActivityKind.DISCLOSED, path=path).delete()


def take_out(*, handout: Handout, by: User, now: datetime) -> None:
    """Out of the bin again, to be seen by whoever saw it before. What is not in the bin stays as it is."""
    with transaction.atomic():
        lock(handout.campaign)
        row = Handout.objects.filter(pk=handout.pk, deleted_at__isnull=False).first()
        if row is None:
            return
        row.deleted_at, row.deleted_by = None, None
        row.save(update_fields=["deleted_at", "deleted_by"])
        disclosures.look_again(row, now=now)
