"""The first page of a campaign: the GM's dashboard, or the desk of whoever else belongs to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from diplomacy import waiting, waiting_parleys
from khitomer.access import Request, Viewer, member_required
from khitomer.models import ActivityKind, Campaign, Power, Session

LATEST = 6
CLOCKS = 3
STANDINGS = 6  # as many powers as the dashboard's heat map shows; the powers page shows all


@member_required
def desk(request: Request) -> HttpResponse:
    viewer = request.viewer
    if viewer.is_gm:
        return render(request, "diplomacy/dashboard.html", {"here": "desk", **_dashboard(viewer)})
    return render(request, "diplomacy/desk.html", {"here": "desk", **_desk(viewer)})


def _dashboard(viewer: Viewer) -> dict[str, Any]:
    campaign = viewer.campaign
    session = _session(campaign)
    powers, standings, urls = _standings(campaign)
    return {
        "rows": [*waiting_parleys.before_the_chair(viewer), *waiting.before_the_chair(campaign)],
        "session": session,
        "agenda_now": next((item for item in session.agenda.all() if not item.done_at), None)
        if session
        else None,
        "sitting": campaign.conferences.filter(stage="open").first(),
        "clocks": campaign.clocks.visible_to(viewer)[:CLOCKS],
        "powers": powers,
        "standings": standings,
        "standing_urls": urls,
        "latest": _latest_for_the_gm(viewer),
    }


def _desk(viewer: Viewer) -> dict[str, Any]:
    campaign = viewer.campaign
    own = viewer.power
    return {
        "ballots": waiting.ballots_to_cast(viewer),
        "rows": [*waiting_parleys.offers_to_answer(viewer), *waiting.before_the_delegate(viewer)]
        if own
        else waiting.before_the_gallery(viewer),
        "drafts": campaign.complaints.visible_to(viewer).drafts_of(own).with_parties() if own else [],
        "secrets": waiting.disclosed_to(viewer)[:3],
        "session": _session(campaign),
        "sitting": campaign.conferences.filter(stage="open").first(),
        "clocks": campaign.clocks.visible_to(viewer),
        "standings": _standings_of(campaign, own) if own else [],
        "latest": _latest(viewer),
    }


def _session(campaign: Campaign) -> Session | None:
    """The session in play, or else the next one planned, with its agenda."""
    open_sessions = campaign.sessions.exclude(state="closed").prefetch_related("agenda")
    return min(open_sessions, key=lambda session: (session.state != "in play", session.number), default=None)


@dataclass(frozen=True)
class Line:
    """One line of the latest: when, what, and where to look."""

    at: datetime
    text: str
    url: str


def _latest(viewer: Viewer) -> list[Line]:
    rows = viewer.campaign.activity.visible_to(viewer).select_related("power")[:LATEST]
    return [Line(row.at, str(row), row.path) for row in rows]


def _latest_for_the_gm(viewer: Viewer) -> list[Line]:
    """The GM reads in the ledger what changed; everyone else learns that something did, and looks."""
    campaign = viewer.campaign
    ledger = reverse("ledger", args=[campaign.slug])
    told = campaign.activity.exclude(kind=ActivityKind.STATE).select_related("power")[:LATEST]
    lines = [Line(row.at, str(row), row.path) for row in told]
    lines += [
        Line(row.at, row.sentence, f"{ledger}#change-{row.sequence}")
        for row in campaign.ledger.all()[:LATEST]
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:LATEST]


def _standings(
    campaign: Campaign,
) -> tuple[list[Any], dict[tuple[str, str], int], dict[tuple[str, str], str]]:
    """The heat map of the powers at the table first, then of the others by name."""
    powers = campaign.powers.seated_first()[:STANDINGS]
    by_pk = {power.pk: power for power in powers}
    pairs = [(one.slug, other.slug) for one in powers for other in powers if one.pk != other.pk]
    standings = dict.fromkeys(pairs, 0)
    for row in campaign.standings.filter(first__in=by_pk, second__in=by_pk):
        first, second = by_pk[row.first_id].slug, by_pk[row.second_id].slug
        standings[first, second] = standings[second, first] = row.value
    urls = {pair: reverse("standing-edit", args=[campaign.slug, *pair]) for pair in pairs}
    return [(power.slug, power.name, power.short, power.colour) for power in powers], standings, urls


def _standings_of(campaign: Campaign, power: Power) -> list[tuple[Power, int]]:
    """How every other power stands with this one, the warmest first."""
    values = {
        row.second_id if row.first_id == power.pk else row.first_id: row.value
        for row in campaign.standings.of(power)
    }
    others = campaign.powers.exclude(pk=power.pk)
    return sorted(((other, values.get(other.pk, 0)) for other in others), key=lambda pair: -pair[1])
