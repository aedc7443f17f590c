"""An evening as a viewer meets it: what its page shows a player, and what the GM has at hand."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Prefetch, QuerySet, Value, When
from django.urls import NoReverseMatch

from khitomer import agenda
from khitomer.access import Viewer
from khitomer.actions.disclosures import path_of
from khitomer.actions.scenes import is_binned
from khitomer.markup import plain
from khitomer.models import (
    AgendaItem,
    Attendance,
    Disclosure,
    Entry,
    LogLine,
    Membership,
    Recap,
    Scene,
    Secret,
    Session,
    SessionState,
    StagedReveal,
)

SAID = 90
"""Characters of a secret where it is one of several things to press."""


# The agenda


@dataclass(frozen=True)
class Item:
    """A point of the agenda: its row, what it refers to, and whether it is the one in hand."""

    row: AgendaItem
    point: agenda.Point | None
    current: bool = False


def agenda_of(session: Session, points: dict[str, agenda.Point]) -> list[Item]:
    """The points in order; while the session is in play, the first that is not done is in hand."""
    rows = list(session.agenda.select_related("carried_from"))
    waiting = next((row for row in rows if row.done_at is None), None)
    in_play = session.state == SessionState.IN_PLAY
    return [Item(row, points.get(row.refers), in_play and row is waiting) for row in rows]


# Who comes


@dataclass(frozen=True)
class Guest:
    """A member, with what they said and whether they are here."""

    member: Membership
    row: Attendance

    @property
    def answer(self) -> str:
        return self.row.get_answer_display()


def guests(session: Session) -> list[Guest]:
    """Everyone at the table, the GMs first, each with their answer."""
    members = session.campaign.memberships.select_related("user", "power").order_by("joined_at", "pk")
    said = {row.member_id: row for row in session.attendances.all()}
    found = [Guest(each, said.get(each.pk) or Attendance(session=session, member=each)) for each in members]
    return sorted(found, key=lambda guest: guest.member.role not in ("gm", "co_gm"))


# What was shown


@dataclass(frozen=True)
class Shown:
    """One thing that was disclosed: what it is, its name, and where it is to be seen."""

    sort: str
    name: str
    url: str
    at: datetime | None = None


def address_of(thing: Any) -> str:
    """Where a thing is to be seen; empty where it has no page."""
    try:
        return path_of(thing)
    except NoReverseMatch:
        return ""


def name_of(thing: Any) -> str:
    """What a thing is called on a list of things: a secret by the entry that it is kept on."""
    match thing._meta.model_name:
        case "secret":
            return f"A secret of {thing.entry.name}"
        case "event" | "handout":
            return str(thing.title)
    return str(thing.name)


def shown_to(viewer: Viewer, session: Session) -> list[Shown]:
    """What this viewer, who does not run the campaign, was shown on the evening and may still see."""
    return list(_shown(viewer, session.disclosures).values())


def shown_since(viewer: Viewer, since: datetime) -> dict[tuple[str, int], Shown]:
    """The same of what happened since a moment, in whichever evening or none, by the sort and the key of each thing."""
    return _shown(viewer, viewer.campaign.disclosures.filter(at__gte=since))


def _shown(viewer: Viewer, disclosures: Any) -> dict[tuple[str, int], Shown]:
    rows = disclosures.in_force().told_to(viewer).filter(from_start=False)
    found: dict[tuple[str, int], Shown] = {}
    for row in rows.select_related("entry", "secret__entry", "event", "clock", "handout"):
        thing = row.thing
        thing.campaign = viewer.campaign
        if row.sort == "secret":
            thing.entry.campaign = viewer.campaign
        if not is_binned(thing):
            found.setdefault((row.sort, thing.pk), Shown(row.sort, name_of(thing), address_of(thing), row.at))
    return found


def log_of(viewer: Viewer, session: Session) -> list[LogLine]:
    """The lines of the log that this viewer may read, the latest first."""
    return list(session.log.visible_to(viewer).select_related("by__user"))


def recaps_of(viewer: Viewer, session: Session) -> list[Recap]:
    """What this viewer is told beside the others; for the GM all of it, drafts too, with whom each is for."""
    rows = session.recaps.visible_to(viewer)
    return list(rows.with_audience() if viewer.is_gm else rows.told())


# The GM's side


@dataclass(frozen=True)
class Staged:
    """Something ready to be disclosed: its row, name and address, and once pressed, who learned of it by that."""

    row: StagedReveal
    name: str
    said: str
    url: str
    gone: bool
    learned: tuple[str, ...] = ()


@dataclass(frozen=True)
class SceneAtHand:
    """A scene with the pages it names and what is staged in it."""

    row: Scene
    entries: list[Entry]
    staged: list[Staged] = field(default_factory=list)

    @property
    def left(self) -> int:
        """How much of what is staged was not disclosed yet."""
        return sum(1 for each in self.staged if each.row.done_at is None and not each.gone)


def scenes_of(session: Session) -> list[SceneAtHand]:
    """All scenes of an evening, in a constant number of queries. For the GM alone."""
    reveals = StagedReveal.objects.select_related("entry", "secret__entry", "event", "clock", "handout")
    rows = list(
        session.scenes.select_related("carried_from").prefetch_related(
            Prefetch("entries", Entry.objects.filter(deleted_at=None).only("name", "slug")),
            Prefetch("reveals", reveals.prefetch_related("powers", "persons__user")),
        )
    )
    learned = _learned(session, (each for row in rows for each in row.reveals.all()))
    return [
        SceneAtHand(
            row,
            list(row.entries.all()),
            [_staged(session, each, learned) for each in row.reveals.all()],
        )
        for row in rows
    ]


def _learned(session: Session, reveals: Iterable[StagedReveal]) -> dict[tuple[str, int, datetime], list[str]]:
    pressed = {each.done_at for each in reveals if each.done_at}
    found: dict[tuple[str, int, datetime], list[str]] = defaultdict(list)
    if not pressed:
        return found
    rows = Disclosure.objects.in_force().filter(campaign=session.campaign_id, at__in=pressed)
    for row in rows.select_related("power", "person__user").order_by("pk"):
        whom = row.power.name if row.power else str(row.person.user) if row.person else "Everyone"
        found[row.sort, getattr(row, f"{row.sort}_id"), row.at].append(whom)
    return found


def _staged(session: Session, row: StagedReveal, learned: dict[Any, list[str]]) -> Staged:
    thing = row.thing
    thing.campaign = session.campaign
    if row.sort == "secret":
        thing.entry.campaign = session.campaign
    return Staged(
        row,
        name_of(thing),
        plain(thing.text, SAID) if row.sort == "secret" else "",
        address_of(thing),
        is_binned(thing),
        tuple(learned.get((row.sort, thing.pk, row.done_at), ())),
    )


# The list


def listed(viewer: Viewer) -> QuerySet[Session]:
    """The sessions as the list has them: in play, then what comes, the next first, then what was, the latest first.

    `told_apart` says whether there is a recap for this viewer beside the one that everyone reads.
    """
    recaps = Recap.objects.visible_to(viewer).told().filter(session=OuterRef("pk"))
    turn = Case(
        When(state=SessionState.IN_PLAY, then=Value(0)),
        When(state=SessionState.PLANNED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    soonest = Case(
        When(state=SessionState.PLANNED, then=F("number")), default=-F("number"), output_field=IntegerField()
    )
    told = Value(False) if viewer.is_gm else Exists(recaps)
    rows: QuerySet[Session] = viewer.campaign.sessions.annotate(told_apart=told)
    return rows.order_by(turn, soonest)


# What can be staged


def stageable(viewer: Viewer, words: str) -> list[Shown]:
    """Up to eight things of each sort whose name contains the words, each with its key as the address. For the GM."""
    if not words:
        return []
    campaign = viewer.campaign
    secrets = campaign.entries.filter(deleted_at=None, name__icontains=words, secrets__deleted_at=None)
    return [
        *_rows("entry", campaign.entries.filter(deleted_at=None, name__icontains=words), "name"),
        *(
            Shown("secret", f"A secret of {name}: {plain(text, SAID)}", str(pk))
            for pk, name, text in secrets.exclude(secrets=None).values_list(
                "secrets__pk", "name", "secrets__text"
            )[:8]
        ),
        *_rows("event", campaign.events.filter(title__icontains=words), "title"),
        *_rows("clock", campaign.clocks.filter(name__icontains=words), "name"),
        *_rows("handout", campaign.handouts.filter(deleted_at=None, title__icontains=words), "title"),
    ]


def _rows(sort: str, rows: QuerySet[Any], name: str) -> list[Shown]:
    return [Shown(sort, called, str(pk)) for pk, called in rows.values_list("pk", name)[:8]]


def thing_of(viewer: Viewer, sort: str, pk: int) -> Any:
    """The thing of this sort and key, None where there is none. For the GM."""
    campaign = viewer.campaign
    match sort:
        case "entry" | "handout":
            rows = getattr(campaign, "entries" if sort == "entry" else "handouts").filter(deleted_at=None)
        case "secret":
            rows = Secret.objects.visible_to(viewer).select_related("entry")
        case "event" | "clock":
            rows = getattr(campaign, f"{sort}s").all()
        case _:
            return None
    return rows.filter(pk=pk).first()
