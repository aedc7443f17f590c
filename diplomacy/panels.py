"""The panels of the GM's dashboard and of the delegate's desk: what each shows, and where it usually stands."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from diplomacy import waiting, waiting_disclosures, waiting_parleys
from khitomer import evening
from khitomer.access import Viewer
from khitomer.forms.quick import QuickEntryForm
from khitomer.forms.sessions import LogForm
from khitomer.models import Activity, ActivityKind, Campaign, FutureState, Power, Session
from khitomer.rules.arranging import Layout

LATEST = 6
GLANCE = 4  # of the latest, where all of the dashboard is to stand on one screen
CLOCKS = 3
STANDINGS = 6  # as many powers as the dashboard's heat map shows; the powers page shows all
RECENT = 8
AHEAD = 5


@dataclass(frozen=True)
class Panel:
    """One panel: its name for who arranges the page, and what its template needs."""

    key: str
    name: str
    fill: Callable[[Viewer], Mapping[str, Any]]

    @property
    def template(self) -> str:
        return f"diplomacy/panels/{self.key}.html"


@dataclass(frozen=True)
class Page:
    """A page of panels: where each usually stands, and the name under which a person's arrangement of it is kept."""

    key: str
    panels: tuple[Panel, ...]
    usual: tuple[tuple[str, ...], ...]

    def panel(self, key: str) -> Panel:
        return next(panel for panel in self.panels if panel.key == key)

    def shown(self, layout: Layout) -> list[list[Panel]]:
        """The panels of a layout, column by column."""
        return [[self.panel(key) for key in column] for column in layout.columns]

    def context(self, viewer: Viewer, layout: Layout) -> dict[str, Any]:
        """What the panels of a layout need; nothing is asked for one that was put away."""
        found: dict[str, Any] = {}
        for column in self.shown(layout):
            for panel in column:
                found |= panel.fill(viewer)
        return found | {
            "page": self,
            "columns": self.shown(layout),
            "away": [self.panel(key) for key in layout.away],
        }


# The GM's


def _needs(viewer: Viewer) -> dict[str, Any]:
    campaign = viewer.campaign
    return {
        "rows": [
            *waiting_parleys.before_the_chair(viewer),
            *waiting.before_the_chair(campaign),
            *waiting.proposed_to(viewer),
        ]
    }


def _tonight(viewer: Viewer) -> dict[str, Any]:
    session = session_of(viewer.campaign)
    items = session.agenda.all() if session else ()
    scenes = evening.scenes_of(session) if session else []
    return {
        "session": session,
        "agenda_now": next((item for item in items if not item.done_at), None),
        "scene": next((scene for scene in scenes if scene.row.done_at is None), None),
    }


def _gm_clocks(viewer: Viewer) -> dict[str, Any]:
    return {"clocks": viewer.campaign.clocks.shown_to(viewer)[:CLOCKS]}


def _standings(viewer: Viewer) -> dict[str, Any]:
    """The heat map of the powers at the table first, then of the others by name."""
    campaign = viewer.campaign
    powers = list(campaign.powers.seated_first()[:STANDINGS])
    standings = campaign.standings.by_pair(powers)
    return {
        "powers": [(power.slug, power.name, power.short, power.colour) for power in powers],
        "standings": standings,
        "standing_urls": {pair: reverse("standing-edit", args=[campaign.slug, *pair]) for pair in standings},
    }


@dataclass(frozen=True)
class Line:
    """One line of the latest: when, what, and where to look."""

    at: datetime
    text: str
    url: str


def _latest_for_the_gm(viewer: Viewer) -> dict[str, Any]:
    """The GM reads in the ledger what changed; everyone else learns that something did, and looks."""
    campaign = viewer.campaign
    ledger = reverse("ledger", args=[campaign.slug])
    told = list(campaign.activity.told().exclude(kind=ActivityKind.STATE).select_related("power")[:GLANCE])
    shown = _shown(campaign, [row for row in told if row.kind == ActivityKind.DISCLOSED])
    lines = [Line(row.at, shown.get((row.at, row.path), str(row)), row.path) for row in told]
    lines += [
        Line(row.at, row.sentence, f"{ledger}#change-{row.sequence}")
        for row in campaign.ledger.all()[:GLANCE]
    ]
    return {"latest": sorted(_once(lines), key=lambda line: line.at, reverse=True)[:GLANCE]}


def _once(lines: Iterable[Line]) -> list[Line]:
    """What reads the same of one moment, as a secret shown together with its page does, is told once."""
    return list(dict.fromkeys(lines))


def _shown(campaign: Campaign, rows: list[Activity]) -> dict[tuple[datetime, str], str]:
    """For the GM, what was disclosed and to whom, by the moment and the address. The record says it, not the notice."""
    if not rows:
        return {}
    things = ("entry", "secret__entry", "event", "clock", "handout")
    found = campaign.disclosures.filter(at__in={row.at for row in rows}, from_start=False)
    said: dict[tuple[datetime, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in found.select_related("power", "person__user", *things):
        thing = each.thing
        (thing.entry if each.sort == "secret" else thing).campaign = campaign
        who = said[each.at, evening.address_of(thing)][evening.name_of(thing)]
        who.append(str(each.person.user if each.person else each.power or "everyone"))
    return {
        place: "; ".join(f"{name} was shown to {', '.join(dict.fromkeys(who))}" for name, who in here.items())
        for place, here in said.items()
    }


def _quick(viewer: Viewer) -> dict[str, Any]:
    return {"quick": QuickEntryForm(campaign=viewer.campaign), "log": LogForm(auto_id="log_%s")}


def _ahead(viewer: Viewer) -> dict[str, Any]:
    return {"ahead": viewer.campaign.futures.filter(state=FutureState.AHEAD)[:AHEAD]}


def _recent(viewer: Viewer) -> dict[str, Any]:
    entries = viewer.campaign.entries.visible_to(viewer).select_related("kind").with_audience()
    return {"recent": entries.defer("text", "text_html").order_by("-updated_at")[:RECENT]}


NEEDS = Panel("needs", "Needs your ruling", _needs)
TONIGHT = Panel("tonight", "Tonight", _tonight)
QUICK = Panel("quick", "Quick entry", _quick)

PLAY = Page(
    "play",
    (
        NEEDS,
        TONIGHT,
        Panel("clocks", "Clocks", _gm_clocks),
        Panel("standings", "Standings", _standings),
        QUICK,
        Panel("latest", "Latest", _latest_for_the_gm),
    ),
    (("needs", "quick"), ("tonight", "latest"), ("standings", "clocks")),
)
PREP = Page(
    "prep",
    (
        NEEDS,
        TONIGHT,
        QUICK,
        Panel("ahead", "Canon ahead", _ahead),
        Panel("recent", "Lately written", _recent),
    ),
    (("tonight", "ahead"), ("quick", "recent"), ("needs",)),
)


# Everyone else's


def _docket(viewer: Viewer) -> dict[str, Any]:
    campaign, own = viewer.campaign, viewer.power
    if own is None:
        sitting = campaign.conferences.filter(stage="open").first()
        return {"rows": waiting.before_the_gallery(viewer), "drafts": [], "sitting": sitting}
    return {
        "rows": [*waiting_parleys.offers_to_answer(viewer), *waiting.before_the_delegate(viewer)],
        "drafts": campaign.complaints.visible_to(viewer).drafts_of(own).with_parties(),
    }


def _disclosed(viewer: Viewer) -> dict[str, Any]:
    return {"disclosed": waiting_disclosures.disclosed_to(viewer)}


def _session(viewer: Viewer) -> dict[str, Any]:
    return {"session": session_of(viewer.campaign)}


def _clocks(viewer: Viewer) -> dict[str, Any]:
    return {"clocks": viewer.campaign.clocks.shown_to(viewer)}


def _own_standings(viewer: Viewer) -> dict[str, Any]:
    return {"standings": standings_of(viewer.campaign, viewer.power) if viewer.power else []}


def _latest(viewer: Viewer) -> dict[str, Any]:
    rows = viewer.campaign.activity.told().visible_to(viewer).select_related("power")[:LATEST]
    return {"latest": _once(Line(row.at, str(row), row.path) for row in rows)}


DESK = Page(
    "desk",
    (
        Panel("docket", "Your docket", _docket),
        Panel("known-clocks", "Clocks", _clocks),
        Panel("latest", "Latest", _latest),
        Panel("disclosed", "Disclosed to you", _disclosed),
        Panel("session", "Next session", _session),
        Panel("own-standings", "Standings", _own_standings),
    ),
    (("docket", "known-clocks", "latest"), ("disclosed", "session", "own-standings")),
)

PAGES = {page.key: page for page in (PLAY, PREP, DESK)}


def session_of(campaign: Campaign) -> Session | None:
    """The session in play, or else the next one planned, with its agenda."""
    open_sessions = campaign.sessions.exclude(state="closed").prefetch_related("agenda")
    return min(open_sessions, key=lambda session: (session.state != "in play", session.number), default=None)


def standings_of(campaign: Campaign, power: Power) -> list[tuple[Power, int]]:
    """How every other power stands with this one, the warmest first."""
    values = campaign.standings.values_of(power)
    others = campaign.powers.exclude(pk=power.pk)
    return sorted(((other, values.get(other.pk, 0)) for other in others), key=lambda pair: -pair[1])
