"""How two powers have stood with each other over the years."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render

from khitomer.access import Request, member_required
from khitomer.drawing.standings import Step, history
from khitomer.models import Campaign, Change, Power
from khitomer.rules.changes import ChangeStanding
from khitomer.rules.dates import StoryDate
from khitomer.views.powers import get_power


@dataclass(frozen=True)
class Line:
    """From this date on a pair stood at this value; `row` is the change in the ledger, which is the GM's to read."""

    on: StoryDate
    value: int
    row: Change | None = None


@member_required
def standing_history(request: Request, power: str, other: str) -> HttpResponse:
    """The standing of a pair as a line: everyone reads dates and values, the GM also why."""
    viewer = request.viewer
    first, second = get_power(viewer, power), get_power(viewer, other)
    if first == second:
        raise Http404
    value = viewer.campaign.standings.by_pair([first, second])[first.slug, second.slug]
    lines = lines_of(viewer.campaign, first, second, value)
    context = {
        "here": "powers",
        "first": first,
        "second": second,
        "value": value,
        "lines": lines[::-1],
        "history": history([Step(line.on, line.value) for line in lines], viewer.campaign.today),
    }
    return render(request, "khitomer/standing-history.html", context)


def lines_of(campaign: Campaign, first: Power, second: Power, value: int) -> list[Line]:
    """What a pair stood at, and from when: today's value, less the changes that stand, from the first on."""
    pair = Q(payload__change__power=first.slug, payload__change__other=second.slug)
    pair |= Q(payload__change__power=second.slug, payload__change__other=first.slug)
    stands = campaign.ledger.filter(kind=ChangeStanding.kind, undoes=None, undone_by=None).filter(pair)
    rows = list(stands.order_by("story_date", "sequence"))
    if not rows:
        return []
    value -= sum(row.payload["change"]["by"] for row in rows)
    lines = [Line(campaign.starts, value)]
    for row in rows:
        value += row.payload["change"]["by"]
        lines.append(Line(row.story_date, value, row))
    return lines
