"""Names that the GM has ready, crossed off as they are given away."""

from datetime import datetime

from django.db import transaction

from khitomer.actions.locks import lock
from khitomer.errors import Refused
from khitomer.models import Campaign, ListedName, NameList, SessionState, User

MOST_NAMES = 500
"""On one list."""
LONGEST = 80


def add_names(*, campaign: Campaign, title: str, names: str, by: User) -> int:
    """Put names, one a line, on the list of this title, which is made where there is none; gives how many are new.

    A name that is on the list already is left as it is. `Refused` (on `names`) for none, too many, or one too long.
    """
    lines = list(dict.fromkeys(name for line in names.splitlines() if (name := " ".join(line.split()))))
    if not lines:
        raise Refused("There is no name in it", field="names", allowed="Write one on each line")
    long = next((name for name in lines if len(name) > LONGEST), None)
    if long is not None:
        raise Refused(f"“{long[:30]}…” is longer than {LONGEST} characters", field="names")
    title = title.strip()
    with transaction.atomic():
        lock(campaign)
        found = NameList.objects.filter(campaign=campaign, title__iexact=title).first()
        of = found or NameList.objects.create(campaign=campaign, title=title)
        known = {name.casefold() for name in of.names.values_list("name", flat=True)}
        new: dict[str, str] = {}
        for name in lines:
            if name.casefold() not in known:
                new.setdefault(name.casefold(), name)
        if len(known) + len(new) > MOST_NAMES:
            raise Refused(
                f"A list has at most {MOST_NAMES} names, and this one would have {len(known) + len(new)}",
                field="names",
                allowed="Begin another list",
            )
        ListedName.objects.bulk_create(ListedName(list=of, name=name) for name in new.values())
    return len(new)


def use_name(*, name: ListedName, used_for: str = "", by: User, now: datetime) -> ListedName:
    """Cross a name off, noting for whom and (while one is in play) in which session. `Refused` where it is taken."""
    with transaction.atomic():
        campaign = lock(name.list.campaign)
        row = ListedName.objects.get(pk=name.pk)
        if row.used_at is not None:
            whose = f" by {row.used_for}" if row.used_for else ""
            raise Refused(
                f"“{row.name}” is borne{whose} already", allowed="Take another, or take it back first"
            )
        row.used_at, row.used_for = now, used_for.strip()[:120]
        row.session = campaign.sessions.filter(state=SessionState.IN_PLAY).first()
        row.save(update_fields=["used_at", "used_for", "session"])
    return row


def take_back(*, name: ListedName, by: User) -> ListedName:
    """The name is free again; twice is as good as once."""
    with transaction.atomic():
        lock(name.list.campaign)
        row = ListedName.objects.get(pk=name.pk)
        row.used_at, row.used_for, row.session = None, "", None
        row.save(update_fields=["used_at", "used_for", "session"])
    return row


def remove_list(*, names: NameList, by: User) -> None:
    """Throw a list away with all its names, those that are borne included."""
    NameList.objects.filter(pk=names.pk).delete()
