"""Tags that draw: plain values in a template become SVG or HTML, each picture with a title and its figures in
a table.

Every tag takes ``id``, the prefix of the ids inside its picture, wherever the picture needs ids: two pictures
of one kind on one page need two prefixes.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django import template

from khitomer.drawing import bars, boards, charts, emblems, quarrels, strips, timelines
from khitomer.drawing.scales import colour_or_grey
from khitomer.rules.dates import StoryDate

register = template.Library()

PARTS = "parts/drawing/"
SLIM = 360.0
"""The width, in user units, of the version of a picture that a phone is shown."""


@register.inclusion_tag(PARTS + "emblem.html")
def emblem(name: str, colour: str, label: str = "", size: int = 28, outlined: bool = False) -> dict[str, Any]:
    """A power's emblem on its medallion, ``size`` pixels wide. Without a label it is decoration beside a
    written name. ``outlined`` spares ink: black on white, without the medallion's ground.
    """
    return {
        "emblem": emblems.emblem_named(name),
        "colour": "#12151d" if outlined else colour_or_grey(colour),
        "ground": "#ffffff" if outlined else "#12151d",
        "label": label,
        "size": size,
    }


@register.inclusion_tag(PARTS + "compass-star.html")
def compass_star(size: int = 48, label: str = "") -> dict[str, Any]:
    """The conference's compass-star in the colour of the text around it."""
    return {"emblem": emblems.COMPASS_STAR, "label": label, "size": size}


@register.inclusion_tag(PARTS + "seal.html")
def seal(size: int = 120, label: str = "", colour: str = "#8e2a20") -> dict[str, Any]:
    """The conference's seal in wax, for paper."""
    return {"seal": emblems.seal(), "colour": colour_or_grey(colour), "label": label, "size": size}


@register.inclusion_tag(PARTS + "adherence-strip.html")
def adherence_strip(
    parties: Sequence[strips.Party],
    start: StoryDate,
    end: StoryDate,
    act: StoryDate | None = None,
    as_of: StoryDate | None = None,
    id: str = "strip",
    label: str = "Adherence to the treaty",
    act_label: str = "the act",
) -> dict[str, Any]:
    """Who was bound, when: (name, short, colour, ((entered, left or None), ...)) for each power, from
    ``start`` to ``end``.
    """
    wide, slim = (
        strips.adherence(
            parties, start=start, end=end, act=act, as_of=as_of, width=width, act_label=act_label
        )
        for width in (760, SLIM)
    )
    return {"wide": wide, "slim": slim, "id": id, "label": label}


@register.inclusion_tag(PARTS + "docket-pair.html")
def docket_pair(complainant: str, respondents: str | Sequence[str], label: str = "") -> dict[str, Any]:
    """The upright bar of a docket row: the complainant's colour over the respondents', the first of them largest."""
    below = [respondents] if isinstance(respondents, str) else list(respondents)
    return {"upper": colour_or_grey(complainant), "lower": bars.stacked(below or [""]), "label": label}


@register.inclusion_tag(PARTS + "vote-board.html")
def vote_board(
    seats: Sequence[boards.Entry],
    closed: bool = False,
    counts: Mapping[str, int] | None = None,
    outcome: str = "",
    clock: str = "",
    id: str = "board",
    label: str = "The vote",
) -> dict[str, Any]:
    """The horseshoe: (name, short, colour, state) for each seat; states as in ``boards.STATES``. Open boards
    tell no choice.
    """
    wide, slim = (
        boards.board(seats, closed=closed, counts=counts, outcome=outcome, clock=clock, width=width)
        for width in (860, SLIM)
    )
    return {"wide": wide, "slim": slim, "id": id, "label": label}


@register.inclusion_tag(PARTS + "vote-bar.html")
def vote_bar(
    yes: int,
    no: int,
    abstain: int = 0,
    total: int = 0,
    threshold: Fraction | None = None,
    of: int | None = None,
    threshold_label: str = "",
    label: str = "Votes cast",
) -> dict[str, Any]:
    """What was cast, out of ``total``, with the threshold as a share of ``of`` votes (by default of yes and
    no).
    """
    bar = boards.bar(
        yes=yes,
        no=no,
        abstain=abstain,
        total=max(total, yes + no + abstain),
        threshold=threshold,
        of=of,
        threshold_label=threshold_label,
    )
    return {"bar": bar, "yes": yes, "no": no, "abstain": abstain, "label": label}


@register.inclusion_tag(PARTS + "standings-map.html")
def standings_map(
    powers: Sequence[tuple[str, str, str, str]],
    standings: Mapping[tuple[str, str], int],
    urls: Mapping[tuple[str, str], str] | None = None,
    label: str = "Standings between the powers",
    names: bool = False,
) -> dict[str, Any]:
    """The heat map: (key, name, short, colour) for each power, and (of, towards) → −5 to +5. ``names`` writes
    names in full.
    """
    return {"map": charts.heat_map(powers, standings, urls), "label": label, "names": names}


@register.inclusion_tag(PARTS + "quarrels.html")
def quarrel_board(
    powers: Sequence[tuple[str, str, str, str]],
    pairs: Sequence[quarrels.Pair],
    fills: Mapping[str, str],
    id: str = "quarrels",
    label: str = "Who complains of whom",
) -> dict[str, Any]:
    """Rows complain of columns: (key, name, short, colour) for each power, and for each pair its row, its
    column, its numbers by outcome, what is said of it and where it leads; ``fills`` colours the outcomes.
    """
    return {"board": quarrels.board(powers, pairs, fills), "id": id, "label": label}


@register.inclusion_tag(PARTS + "clock-pie.html")
def clock_pie(filled: int, size: int, label: str = "", px: int = 44) -> dict[str, Any]:
    """A clock as a pie, ``px`` pixels wide, in the colour of the text around it."""
    return {"clock": charts.clock(filled=filled, size=size), "label": label, "px": px}


@register.inclusion_tag(PARTS + "stage-bar.html")
def stage_bar(
    labels: Sequence[str], now: str, note: str = "", finished: bool = False, label: str = "Stages"
) -> dict[str, Any]:
    """The steps of a complaint, with the one in hand marked; ``finished`` marks that one as done, too."""
    return {"stages": charts.stages(labels, now=now, note=note, finished=finished), "label": label}


@register.inclusion_tag(PARTS + "story-timeline.html")
def story_timeline(
    events: Sequence[timelines.Event],
    start: StoryDate,
    end: StoryDate,
    now: StoryDate | None = None,
    divergence: StoryDate | None = None,
    leaves: StoryDate | None = None,
    wars: Sequence[timelines.War] = (),
    id: str = "timeline",
    label: str = "Timeline",
    width: int = 1140,
) -> dict[str, Any]:
    """Events on a line, the campaign's own on a branch of theirs; on a phone, the same as a list."""
    drawn = timelines.timeline(
        events,
        start=start,
        end=end,
        now=now,
        divergence=divergence,
        leaves=leaves,
        wars=wars,
        width=width,
    )
    return {"timeline": drawn, "id": id, "label": label}
