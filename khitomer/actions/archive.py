"""Writing the archive: entries and the secrets kept on them, each with its audience.

Text and audience are edited in place; what became of an entry changes only through the ledger (`story.set_fate`).
Whoever is told a secret may also see the entry it is kept on: the two are kept in step here, so that no list of secrets
can name an entry to someone who must not know of it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from secrets import token_hex

from django.db import transaction
from django.urls import reverse

from khitomer.actions import activity, chronicle
from khitomer.actions.naming import address_of
from khitomer.errors import Refused
from khitomer.markup import render
from khitomer.models import ActivityKind, Audience, Campaign, Entry, EntryKind, Power, Secret, User


def add_entry(
    *,
    campaign: Campaign,
    kind: EntryKind,
    name: str,
    text: str,
    audience: Audience,
    powers: Iterable[Power] = (),
    by: User,
    now: datetime,
) -> Entry:
    """A new page of the archive, for the GM alone, for the `powers` named, or for everyone.

    `text` is Markdown. A name that gives an address already taken is refused, never numbered: a number would tell
    players that there is a page they cannot see.
    """
    told = _told(audience, powers, campaign)
    slug = address_of(name, most=80, otherwise=f"entry-{token_hex(4)}")
    with transaction.atomic():
        chronicle.lock(campaign)
        taken = Entry.objects.filter(campaign=campaign, slug=slug).first()
        if taken is not None:
            raise Refused(
                f"The archive has “{taken.name}” at that address already",
                field="name",
                allowed="Choose another name, or write on that page",
            )
        entry = Entry.objects.create(
            campaign=campaign,
            slug=slug,
            kind=kind,
            name=name.strip(),
            text=text,
            text_html=render(text, field="text"),
            audience=audience,
        )
        entry.powers.set(told)
        _disclose(entry, entry, audience, told, now)
    return entry


def edit_entry(
    *,
    entry: Entry,
    kind: EntryKind,
    name: str,
    text: str,
    audience: Audience,
    powers: Iterable[Power] = (),
    by: User,
    now: datetime,
) -> Entry:
    """Write an entry anew. Its address stays, for the ledger knows it by it.

    `Refused` when someone who was told a secret on it would no longer see it.
    """
    told = _told(audience, powers, entry.campaign)
    with transaction.atomic():
        row: Entry = Entry.objects.select_for_update().get(pk=entry.pk)
        for secret in row.secrets.prefetch_related("powers"):
            kept = _out_of_reach(secret.audience, list(secret.powers.all()), audience, told)
            if kept:
                raise Refused(
                    f"A secret on this entry is open to {kept}, who would no longer see the entry",
                    field="audience",
                    allowed="Keep the entry open to them, or close that secret first",
                )
        before = (Audience(row.audience), list(row.powers.all()))
        row.kind, row.name, row.text, row.audience = kind, name.strip(), text, audience
        row.text_html = render(text, field="text")
        row.save(update_fields=["kind", "name", "text", "text_html", "audience", "updated_at"])
        row.powers.set(told)
        _disclose(row, row, audience, told, now, before=before)
    return row


def add_secret(
    *, entry: Entry, text: str, audience: Audience, powers: Iterable[Power] = (), by: User, now: datetime
) -> Secret:
    """A secret on an entry, a row of its own. `Refused` for an audience that may not see the entry itself."""
    told = _told(audience, powers, entry.campaign)
    with transaction.atomic():
        row = Entry.objects.select_for_update().get(pk=entry.pk)
        _check_within(row, audience, told)
        secret = Secret.objects.create(
            entry=row, text=text, text_html=render(text, field="text"), audience=audience
        )
        secret.powers.set(told)
        _disclose(row, secret, audience, told, now)
    return secret


def edit_secret(
    *, secret: Secret, text: str, audience: Audience, powers: Iterable[Power] = (), by: User, now: datetime
) -> Secret:
    """Write a secret anew, or tell it to others. `Refused` for an audience that may not see the entry itself."""
    told = _told(audience, powers, secret.entry.campaign)
    with transaction.atomic():
        entry = Entry.objects.select_for_update().get(pk=secret.entry_id)
        row = Secret.objects.get(pk=secret.pk)
        _check_within(entry, audience, told)
        before = (Audience(row.audience), list(row.powers.all()))
        row.text, row.text_html, row.audience = text, render(text, field="text"), audience
        row.save(update_fields=["text", "text_html", "audience"])
        row.powers.set(told)
        _disclose(entry, row, audience, told, now, before=before)
    return row


def remove_secret(*, secret: Secret, by: User, now: datetime) -> None:
    """Take a secret away; removing it twice is as good as once."""
    Secret.objects.filter(pk=secret.pk).delete()


# Audiences


def _told(audience: Audience, powers: Iterable[Power], campaign: Campaign) -> list[Power]:
    """The powers named, in order; `Refused` where the audience and the powers do not agree."""
    told = sorted(set(powers), key=lambda power: power.name)
    if any(power.campaign_id != campaign.pk for power in told):
        raise Refused("A power of another campaign cannot be told", field="powers")
    if audience == Audience.POWERS and not told:
        raise Refused("Nobody is named", field="powers", allowed="Choose the powers that may see it")
    if audience != Audience.POWERS and told:
        raise Refused(
            "Powers are chosen, but the audience is not “Named powers”",
            field="audience",
            allowed="Choose “Named powers”, or no power",
        )
    return told


def _check_within(entry: Entry, audience: Audience, told: Sequence[Power]) -> None:
    kept = _out_of_reach(audience, told, entry.audience, list(entry.powers.all()))
    if kept:
        raise Refused(
            f"The entry itself is not open to {kept}",
            field="powers" if audience == Audience.POWERS else "audience",
            allowed="Open the entry to them first, or keep the secret closer",
        )


def _out_of_reach(inner: str, told: Sequence[Power], outer: str, may_see: Sequence[Power]) -> str:
    """Whom the inner audience reaches and the outer does not, in words; empty when it reaches nobody more."""
    if inner == Audience.GM or outer == Audience.ALL:
        return ""
    if inner == Audience.ALL:
        return "everyone at the table"
    seen = may_see if outer == Audience.POWERS else []
    return ", ".join(power.name for power in told if power not in seen)


def _disclose(
    entry: Entry,
    what: Entry | Secret,
    audience: Audience,
    told: Sequence[Power],
    now: datetime,
    before: tuple[Audience, Sequence[Power]] = (Audience.GM, ()),
) -> None:
    """Tell those who may see a thing now, and could not before, that there is something to see."""
    seen_by, knew = before
    if audience == Audience.GM or seen_by == Audience.ALL:
        return
    newly = None if audience == Audience.ALL else [power for power in told if power not in knew]
    if newly == []:
        return
    path = reverse("entry", kwargs={"campaign": entry.campaign.slug, "entry": entry.slug})
    activity.record(campaign=entry.campaign, kind=ActivityKind.DISCLOSED, now=now, path=path, powers=newly)
