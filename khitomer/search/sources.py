"""What can be found: for each sort of thing its words, who may see it, and where it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from khitomer.access import Viewer
from khitomer.models import Clock, Entry, Event, Handout, Power, Provision, Secret, Session, Territory, Treaty
from khitomer.reading import secrets_read, stand_ins, with_own_text


@dataclass(frozen=True, kw_only=True)
class Source:
    """One sort of thing. `title`, `names`, `body` and `campaign` are SQL over the row, which goes by the alias `s`.

    `columns` are those whose change makes the words others; `visible` gives the rows that a viewer may find; `text` is
    what an excerpt is cut from (Markdown) and `called` what the row goes by.
    """

    sort: str
    label: str
    model: type[Any]
    title: str
    columns: tuple[str, ...]
    visible: Callable[[Viewer], QuerySet[Any]]
    url: Callable[[Any], str]
    called: Callable[[Any], str] = str
    text: Callable[[Any], str] = lambda row: str(row.text)
    names: str = "''"
    body: str = "''"
    campaign: str = "s.campaign_id"
    parts: tuple[tuple[str, str], ...] = ()
    """Other tables whose rows lend words to this one, each with its column that names the row."""

    @property
    def table(self) -> str:
        return str(self.model._meta.db_table)


def _at(name: str, *parts: str) -> Callable[[Any], str]:
    """The address of a row's page: the campaign's slug, then these attributes of the row."""

    def url(row: Any) -> str:
        return reverse(name, args=[row.campaign.slug, *(getattr(row, part) for part in parts)])

    return url


def _all(name: str) -> Callable[[Viewer], QuerySet[Any]]:
    return lambda viewer: getattr(viewer.campaign, name).all()


def _visible(name: str) -> Callable[[Viewer], QuerySet[Any]]:
    return lambda viewer: getattr(viewer.campaign, name).visible_to(viewer)


def _faces(viewer: Viewer) -> QuerySet[Any]:
    """Clocks whose note this viewer reads."""
    clocks = viewer.campaign.clocks.visible_to(viewer)
    return clocks if viewer.is_gm else clocks.filter(hidden=False)


def _gm_alone(name: str) -> Callable[[Viewer], QuerySet[Any]]:
    def rows(viewer: Viewer) -> QuerySet[Any]:
        found = getattr(viewer.campaign, name).all()
        return found if viewer.is_gm else found.none()

    return rows


def _secrets(viewer: Viewer) -> QuerySet[Any]:
    """Secrets that this viewer reads as such: to a player, what stands in for a page's text is that page."""
    rows: QuerySet[Any] = secrets_read(viewer).select_related("entry__campaign")
    return rows if viewer.is_gm else rows.exclude(stands_in=True)


def _entry_of(secret: Any) -> str:
    return reverse("entry", args=[secret.entry.campaign.slug, secret.entry.slug])


def _provision_at(row: Any) -> str:
    return reverse("provision", args=[row.treaty.campaign.slug, row.treaty.slug, row.number])


def _clock_at(row: Any) -> str:
    return f"{reverse('clocks', args=[row.campaign.slug])}#clock-{row.slug}"


INSTEAD = "in its place"
"""The sort of a text that is read in place of an entry's own: to its readers it is the entry."""

_ALIASES = "(SELECT group_concat(name, ' ') FROM khitomer_alias WHERE entry_id = s.id)"

SOURCES: list[Source] = [
    Source(
        sort="entry",
        label="Archive",
        model=Entry,
        title="s.name",
        names=_ALIASES,
        columns=("name",),
        parts=(("khitomer_alias", "entry_id"),),
        visible=_visible("entries"),
        url=_at("entry", "slug"),
        text=lambda row: "",
    ),
    Source(
        sort="entry text",
        label="Archive",
        model=Entry,
        title="''",
        body="s.text",
        columns=("text",),
        visible=lambda viewer: with_own_text(viewer, viewer.campaign.entries.visible_to(viewer)),
        url=_at("entry", "slug"),
    ),
    Source(
        sort="secret",
        label="Secrets",
        model=Secret,
        title="''",
        body="s.text",
        campaign="(SELECT campaign_id FROM khitomer_entry WHERE id = s.entry_id)",
        columns=("text", "entry_id"),
        visible=_secrets,
        url=_entry_of,
        called=lambda row: str(row.entry),
    ),
    Source(
        sort=INSTEAD,
        label="Archive",
        model=Secret,
        title="''",
        body="s.text",
        campaign="(SELECT campaign_id FROM khitomer_entry WHERE id = s.entry_id)",
        columns=("text", "entry_id"),
        visible=lambda viewer: stand_ins(viewer).select_related("entry__campaign"),
        url=_entry_of,
        called=lambda row: str(row.entry),
    ),
    Source(
        sort="event",
        label="Timeline",
        model=Event,
        title="s.title",
        body="s.text",
        columns=("title", "text"),
        visible=_visible("events"),
        url=_at("event", "slug"),
        called=lambda row: str(row.title),
    ),
    Source(
        sort="handout",
        label="Handouts",
        model=Handout,
        title="s.title",
        body="s.text",
        columns=("title", "text"),
        visible=_visible("handouts"),
        url=_at("handout", "slug"),
    ),
    Source(
        sort="session",
        label="Sessions",
        model=Session,
        title="s.title",
        body="s.recap",
        columns=("title", "recap"),
        visible=_all("sessions"),
        url=_at("session", "number"),
        text=lambda row: str(row.recap),
    ),
    Source(
        sort="session notes",
        label="GM notes",
        model=Session,
        title="''",
        body="s.gm_notes",
        columns=("gm_notes",),
        visible=_gm_alone("sessions"),
        url=_at("session", "number"),
        text=lambda row: str(row.gm_notes),
    ),
    Source(
        sort="power",
        label="Powers",
        model=Power,
        title="s.name",
        names="s.short || ' ' || s.adjective || ' ' || s.aliases",
        body="s.summary",
        columns=("name", "short", "adjective", "aliases", "summary"),
        visible=_all("powers"),
        url=_at("power", "slug"),
        text=lambda row: str(row.summary),
    ),
    Source(
        sort="treaty",
        label="Accords",
        model=Treaty,
        title="s.name",
        names="s.numeral",
        body="s.summary",
        columns=("name", "numeral", "summary"),
        visible=_all("treaties"),
        url=_at("treaty", "slug"),
        text=lambda row: str(row.summary),
    ),
    Source(
        sort="provision",
        label="Accords",
        model=Provision,
        title="s.title",
        body="s.text || ' ' || s.exemption",
        campaign="(SELECT campaign_id FROM khitomer_treaty WHERE id = s.treaty_id)",
        columns=("title", "text", "exemption"),
        visible=lambda viewer: Provision.objects.filter(treaty__campaign=viewer.campaign).select_related(
            "treaty__campaign"
        ),
        url=_provision_at,
    ),
    Source(
        sort="territory",
        label="Powers",
        model=Territory,
        title="s.name",
        body="s.note",
        columns=("name", "note"),
        visible=_all("territories"),
        url=lambda row: reverse("territory", args=[row.campaign.slug]),
        text=lambda row: str(row.note),
    ),
    Source(
        sort="clock",
        label="Clocks",
        model=Clock,
        title="s.name",
        columns=("name",),
        visible=_visible("clocks"),
        url=_clock_at,
        called=lambda row: str(row.name),
        text=lambda row: "",
    ),
    Source(
        sort="clock note",
        label="Clocks",
        model=Clock,
        title="''",
        body="s.note",
        columns=("note",),
        visible=_faces,
        url=_clock_at,
        called=lambda row: str(row.name),
        text=lambda row: str(row.note),
    ),
]
"""Every sort that can be found. An app above appends its own in `AppConfig.ready`."""


def source_of(sort: str) -> Source:
    """The source of this name."""
    return next(source for source in SOURCES if source.sort == sort)
