"""Where an entry is named, as far as one viewer may know."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from khitomer.access import Viewer
from khitomer.models import Entry
from khitomer.reading import secrets_read, with_own_text
from khitomer.rules.names import fold

MOST = 100


@dataclass(frozen=True)
class Backlink:
    """A page on which an entry is named: what sort of page, what it is called, and its address."""

    sort: str
    name: str
    address: str


_COLUMNS = (
    "entry__slug", "entry__name", "secret__entry__slug", "secret__entry__name", "event__slug", "event__title",
    "handout__slug", "handout__title", "session__number", "session__title",
)  # fmt: skip


def backlinks(viewer: Viewer, entry: Entry, names: list[str]) -> list[Backlink]:
    """The pages that name an entry by any of its `names`, each once, at most `MOST`; one query.

    What a viewer does not read does not count for them: another text than theirs, a secret that they were not told, an
    event or a handout that they do not know of, and what is the GM's alone.
    """
    campaign = viewer.campaign
    found = campaign.mentions.filter(name__in={fold(name)[:200] for name in names}).filter(
        Q(entry__in=with_own_text(viewer, campaign.entries.visible_to(viewer)))
        | Q(secret__in=secrets_read(viewer))
        | Q(event__in=campaign.events.visible_to(viewer))
        | Q(handout__in=campaign.handouts.visible_to(viewer))
        | Q(session__in=campaign.sessions.all())
    )
    found = found.exclude(entry=entry).exclude(secret__entry=entry)
    if not viewer.is_gm:
        found = found.filter(gm_only=False)
    rows = found.order_by("pk").values_list(*_COLUMNS)[: 3 * MOST]
    return sorted(
        {_link(campaign.slug, row) for row in rows}, key=lambda link: (link.sort, link.name.casefold())
    )[:MOST]


def _link(campaign: str, row: tuple[str | int | None, ...]) -> Backlink:
    entry, entry_name, of_secret, secret_name, event, title, handout, handout_title, number, evening = row

    def address(route: str, **kwargs: object) -> str:
        return reverse(route, kwargs={"campaign": campaign, **kwargs})

    if entry or of_secret:
        return Backlink("Archive", str(entry_name or secret_name), address("entry", entry=entry or of_secret))
    if event:
        return Backlink("Timeline", str(title), address("event", event=event))
    if handout:
        return Backlink("Handouts", str(handout_title), address("handout", handout=handout))
    return Backlink("Sessions", f"Session {number}: {evening}", address("session", number=number))
