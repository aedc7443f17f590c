"""The kinds of entries: those of the GM's own, and what entries of each are asked about."""

from collections.abc import Iterable
from datetime import datetime
from secrets import token_hex

from django.db import transaction

from khitomer.actions.locks import lock
from khitomer.actions.naming import address_of
from khitomer.errors import Refused
from khitomer.models import Campaign, Kind, Proposal, User
from khitomer.rules import kinds as rules
from khitomer.rules.names import fold, tidy

Written = Iterable[tuple[str, str, str]]
"""Fields as a form gives them: the key of one that is there already (or ""), its label, and its sort."""


def add_kind(
    *, campaign: Campaign, name: str, plural: str, fields: Written = (), by: User, now: datetime
) -> Kind:
    """A kind of the GM's own, at the end of the list. `Refused` for a name that another kind bears."""
    settled = _settled(fields, [])
    with transaction.atomic():
        lock(campaign)
        _check_name(campaign, name)
        key = address_of(name, most=40, otherwise=f"kind-{token_hex(4)}")
        if campaign.kinds.filter(key=key).exists():
            key = f"{key[:31]}-{token_hex(4)}"
        last = campaign.kinds.order_by("-position").values_list("position", flat=True).first() or 0
        return Kind.objects.create(
            campaign=campaign,
            key=key,
            name=tidy(name),
            plural=tidy(plural),
            position=last + 1,
            fields=rules.write_fields(settled),
        )


def edit_kind(*, kind: Kind, name: str, plural: str, fields: Written, by: User, now: datetime) -> Kind:
    """Name a kind of the GM's own anew, and say what entries of any kind are asked about.

    A field keeps its key, and so what was answered, under a new label. What a field that is taken off was answered
    stays on record unseen, until its entry is written anew. Of a kind that every archive has the name stays.
    """
    with transaction.atomic():
        lock(kind.campaign)
        row = Kind.objects.get(pk=kind.pk)
        if row.is_own:
            _check_name(row.campaign, name, but=row)
            row.name, row.plural = tidy(name), tidy(plural)
        row.fields = rules.write_fields(_settled(fields, rules.read_fields(row.fields)))
        row.save(update_fields=["name", "plural", "fields"])
    return row


def remove_kind(*, kind: Kind, by: User, now: datetime) -> None:
    """Take a kind of the GM's own away. `Refused` while anything is of it, saying what would do."""
    with transaction.atomic():
        lock(kind.campaign)
        if not kind.is_own:
            raise Refused("Every archive has this kind", allowed="Only kinds of your own can be taken away")
        kept = kind.entries.filter(deleted_at=None).count()
        if kept:
            raise Refused(
                f"{kept} {'entry is' if kept == 1 else 'entries are'} of this kind",
                allowed="Give them another kind first",
            )
        if kind.entries.exists():
            raise Refused(
                "An entry of this kind lies in the recycle bin",
                allowed="Take it out and give it another kind, or wait until the bin lets it go",
            )
        if Proposal.objects.filter(kind=kind).exists():
            raise Refused("A player has proposed an entry of this kind", allowed="Keep the kind")
        Kind.objects.filter(pk=kind.pk).delete()


def _settled(fields: Written, known: Iterable[rules.Field]) -> list[rules.Field]:
    try:
        return rules.settle(fields, known)
    except ValueError as error:
        raise Refused(str(error), field="fields") from error


def _check_name(campaign: Campaign, name: str, *, but: Kind | None = None) -> None:
    for other in campaign.kinds.all():
        if fold(name) in (fold(other.name), fold(other.plural)) and other != but:
            raise Refused(
                f"There is a kind “{other.name}” already", field="name", allowed="Choose another name"
            )
