"""What the timeline's page is made of: the lines of its list, and the picture of canon with the campaign's branch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from khitomer.drawing import timelines
from khitomer.models import Campaign, Event
from khitomer.rules.dates import StoryDate
from khitomer.rules.divergence import Compared, Divergence, Status

MOST_LABELS = 14
"""How many of a campaign's own events the picture names; the list below it names all."""
MOST_BANDS = 6
"""How many of its own wars, and whatever else lasted, the picture shows."""
LOOK_BACK = 8
"""How many years before a campaign's start its own window of the timeline opens."""

COLOURS = {Status.AS_IN_CANON: "sky", Status.ALTERED: "amber", Status.AVERTED: "brick", Status.AHEAD: ""}
SHORT = {Status.ALTERED: "altered", Status.AVERTED: "averted", Status.AHEAD: "ahead"}


@dataclass(frozen=True)
class Mark:
    """An event as a line of the timeline, without its text: read for all, to be counted, sorted and drawn."""

    on: StoryDate
    pk: int
    slug: str
    title: str
    until: StoryDate | None
    canon_key: str


@dataclass(frozen=True)
class Line:
    """One line of the list: an event (`pk`), or canon that stands in no timeline, with what became of it."""

    on: StoryDate
    title: str
    url: str
    until: StoryDate | None = None
    pk: int = 0
    canon: bool = False
    status: Status | None = None
    notes: tuple[str, ...] = ()
    instead: str = ""

    @property
    def colour(self) -> str:
        return COLOURS[self.status] if self.status else ""


@dataclass(frozen=True)
class Window:
    """What the picture shows between two dates; the branch leaves at `leaves`. `left_out` are too many to label."""

    events: list[timelines.Event]
    wars: list[timelines.War]
    start: StoryDate
    end: StoryDate
    leaves: StoryDate | None
    left_out: int


def url_of(campaign: Campaign, slug: str) -> str:
    return reverse("event", kwargs={"campaign": campaign.slug, "event": slug})


def marks_of(rows: Iterable[Event]) -> list[Mark]:
    """Events by date, read without their texts."""
    fields = ("on", "pk", "slug", "title", "until", "canon_key")
    return [Mark(*row) for row in rows.values_list(*fields)]  # type: ignore[attr-defined]


def lines_of(
    campaign: Campaign, marks: Sequence[Mark], found: Divergence, futures: dict[str, int]
) -> list[Line]:
    """Every event, and of canon also what stands in no timeline, the latest first."""
    by_slug = {each.told.slug: each for each in found.events if each.told}
    lines = [
        Line(
            mark.on,
            mark.title,
            url_of(campaign, mark.slug),
            mark.until,
            mark.pk,
            canon=bool(mark.canon_key),
            status=by_slug[mark.slug].status if mark.slug in by_slug else None,
            notes=(*by_slug[mark.slug].differs, *by_slug[mark.slug].lapsed) if mark.slug in by_slug else (),
        )
        for mark in marks
    ]
    lines += [
        Line(
            each.recorded.event.on,
            each.title,
            canon_url(campaign, each.key, futures),
            each.recorded.event.until,
            canon=True,
            status=each.status,
            notes=(*each.differs, *each.lapsed),
            instead=url_of(campaign, each.became) if each.became else "",
        )
        for each in found.events
        if each.told is None
    ]
    return sorted(lines, key=lambda line: (line.on, not line.pk, line.pk), reverse=True)


def canon_url(campaign: Campaign, key: str, futures: dict[str, int]) -> str:
    """Where a piece of canon is settled, if it waits or waited; or else where the record tells it."""
    if key in futures:
        return reverse("future", kwargs={"campaign": campaign.slug, "pk": futures[key]})
    return reverse("library-entry", kwargs={"kind": "events", "key": key})


def window(
    campaign: Campaign,
    marks: Sequence[Mark],
    found: Divergence,
    futures: dict[str, int],
    *,
    now: StoryDate,
    whole: bool,
) -> Window:
    """The picture: all of it, or from some years before the campaign's start, or its leaving of canon if earlier."""
    compared = {each.told.slug: each for each in found.events if each.told}
    became = {each.became for each in found.events if each.became}
    departed = [each for each in found.events if each.departs or each.status is Status.AHEAD]
    shown = [mark for mark in marks if mark.slug not in compared or not compared[mark.slug].departs]
    own = [mark for mark in marks if not mark.canon_key or mark.slug in became]
    named = {mark.slug for mark in [each for each in own if not each.until][-MOST_LABELS:]} | became
    bands = {mark.slug for mark in [each for each in own if each.until][-MOST_BANDS:]} - became
    events = [_drawn(campaign, mark, own=False) for mark in shown if mark.canon_key and not mark.until]
    events += [_drawn(campaign, mark, own=True) for mark in own if mark.slug in named]
    events += [_canon(campaign, each, futures) for each in departed if not each.recorded.event.until]
    wars = [_band(campaign, mark) for mark in shown if mark.until and (mark.canon_key or mark.slug in bands)]
    wars += [_canon_band(campaign, each, futures) for each in departed if each.recorded.event.until]
    dates = [each.when for each in events] + [each.begins for each in wars]
    ends = [each.when for each in events] + [each.ends for each in wars]
    leaves = leaving(own, found)
    earliest = min([campaign.starts, *dates])
    start = earliest if whole else max(earliest, min(_back(campaign.starts), _back(leaves or now, 1)))
    left_out = len(own) - len(named | bands)
    return Window(
        events, wars, StoryDate(start.year), max([now, *ends]).plus_years(1), leaves, max(left_out, 0)
    )


def leaving(own: Sequence[Mark], found: Divergence) -> StoryDate | None:
    """Where the branch leaves: at the point of divergence; where all is as in canon, with the first own event."""
    if found.point:
        return found.point.on
    return min((mark.on for mark in own), default=None)


def _back(date: StoryDate, years: int = LOOK_BACK) -> StoryDate:
    return date.plus_years(-years)


def _drawn(campaign: Campaign, mark: Mark, *, own: bool) -> timelines.Event:
    return timelines.Event(mark.on, mark.title, own=own, url=url_of(campaign, mark.slug), key=mark.slug)


def _band(campaign: Campaign, mark: Mark) -> timelines.War:
    return timelines.War(mark.on, mark.until or mark.on, mark.title, url=url_of(campaign, mark.slug))


def _canon(campaign: Campaign, each: Compared, futures: dict[str, int]) -> timelines.Event:
    url = canon_url(campaign, each.key, futures)
    event = each.recorded.event
    return timelines.Event(event.on, event.title, url=url, state=SHORT[each.status], became=each.became)


def _canon_band(campaign: Campaign, each: Compared, futures: dict[str, int]) -> timelines.War:
    url = canon_url(campaign, each.key, futures)
    event = each.recorded.event
    ends = event.until or event.on
    return timelines.War(event.on, ends, event.title, SHORT[each.status], each.became, url)
