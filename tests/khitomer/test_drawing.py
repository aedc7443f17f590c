"""The pictures: nothing collides, nothing leaves its box, nothing is claimed that the record does not say."""

import re
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from html.parser import HTMLParser
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Engine
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from khitomer.drawing import boards, charts, emblems, scales, strips, timelines
from khitomer.rules.dates import StoryDate

ROOT = Path(__file__).resolve().parents[2]
ENGINE = Engine(
    dirs=[ROOT / "templates"],
    builtins=["khitomer.templatetags.drawing"],
    libraries={"l10n": "django.templatetags.l10n"},
)
parse = StoryDate.parse

KLINGON = (
    "Klingon Empire", "KLI", "#ef6a55",
    ((parse("2368"), parse("2372")), (parse("2373"), None)),
)  # fmt: skip
CARDASSIA = ("Cardassian Union", "CAR", "#e3a948", ((parse("2376"), None),))
BAJOR = ("Republic of Bajor", "BAJ", "#f0c9a0", ((parse("2369-05-01"), parse("2377-02-11")),))


def draw(source: str, **values: Any) -> str:
    """Render a template with the drawing tags, as a page would."""
    return ENGINE.from_string(source).render(Context(values))


@st.composite
def story_dates(draw_: Any, first: int = 2360, last: int = 2385) -> StoryDate:
    """A date of any precision."""
    day = draw_(st.dates(date(first, 1, 1), date(last, 12, 31)))
    parts = draw_(st.integers(1, 3))
    return StoryDate(*(day.year, day.month, day.day)[:parts])


@st.composite
def spans_of_one_power(draw_: Any) -> tuple[tuple[StoryDate, StoryDate | None], ...]:
    """Up to three spans in order, the last one perhaps still running."""
    days = sorted(draw_(st.lists(story_dates(), max_size=6)), key=lambda day: (day.first, day.last))
    return tuple((days[i], days[i + 1] if i + 1 < len(days) else None) for i in range(0, len(days), 2))


# Colours and text


@pytest.mark.parametrize(
    ("given_colour", "drawn"),
    [
        ("#7fb2ff", "#7fb2ff"),
        ("#ABCDEF", "#ABCDEF"),
        ("", scales.FALLBACK_COLOUR),
        ("red", scales.FALLBACK_COLOUR),
        ("#7fb2ff\n", scales.FALLBACK_COLOUR),
        ('#fff" onload="x', scales.FALLBACK_COLOUR),
        ("url(//elsewhere)", scales.FALLBACK_COLOUR),
    ],
)
def test_only_a_hex_colour_reaches_an_attribute(given_colour: str, drawn: str) -> None:
    assert scales.colour_or_grey(given_colour) == drawn


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=80), st.floats(40, 300)
)
def test_shortened_text_fits_its_room(text: str, room: float) -> None:
    short = scales.fit(text, room, 13)
    assert scales.text_width(short, 13) <= room
    assert short == text or short.endswith("…")


# Emblems

_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "A": 7, "Z": 0}


def path_points(path: str) -> list[tuple[float, float]]:
    """Walk path data and return the ends of its segments; AssertionError on anything that is not path data."""
    points, x, y = [], 0.0, 0.0
    assert path.startswith("M")
    assert re.fullmatch(r"(?:[MLHVCSQAZa]|-?\d*\.?\d+|[ ,])+", path), path
    for command, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", rest)]
        size = _ARGUMENTS[command.upper()]
        assert len(numbers) == size or (size and numbers and len(numbers) % size == 0), (command, numbers)
        for start in range(0, len(numbers), size or 1):
            step = numbers[start : start + size]
            if command == "H":
                x = step[0]
            elif command == "V":
                y = step[0]
            elif command == "a":
                x, y = x + step[-2], y + step[-1]
            else:
                x, y = step[-2], step[-1]
            points.append((x, y))
    return points


PICTURES = [*emblems.EMBLEMS.values(), emblems.COMPASS_STAR]


@pytest.mark.parametrize("emblem", PICTURES, ids=lambda emblem: emblem.key)
def test_an_emblem_is_path_data_inside_its_ring(emblem: emblems.Emblem) -> None:
    ring = 27.5 if emblem is emblems.COMPASS_STAR else 24.0
    for x, y in path_points(emblem.figure) + (path_points(emblem.shade) if emblem.shade else []):
        assert (x - 30) ** 2 + (y - 30) ** 2 <= ring**2, (x, y)


def test_every_power_of_the_record_has_an_emblem_and_a_gm_a_choice() -> None:
    record = "federation klingon romulan cardassian dominion ferengi breen tholian gorn bajoran orion talarian tzenkethi"
    free = "star ring chevron wave crescent hex trident spear tower eye leaf knot"
    assert {*record.split(), *free.split()} <= emblems.EMBLEMS.keys()
    assert all(key == emblem.key for key, emblem in emblems.EMBLEMS.items())
    drawn = Counter((emblem.figure, emblem.shade) for emblem in PICTURES)
    assert set(drawn.values()) == {1}


def test_an_unknown_emblem_is_a_ring_and_not_an_error() -> None:
    assert emblems.emblem_named("no-such-thing").key == "ring"


def test_the_seal_is_the_same_every_time() -> None:
    assert emblems.seal() == emblems.seal()
    for x, y in path_points(emblems.seal().wax):
        assert 0 <= x <= 60
        assert 0 <= y <= 60


# The adherence strip


@pytest.mark.parametrize(
    ("spans", "day", "state"),
    [
        (KLINGON[3], "2370", strips.BOUND),
        (KLINGON[3], "2372", strips.IN_DOUBT),
        (KLINGON[3], "2372-06-01", strips.IN_DOUBT),
        (KLINGON[3], "2367", strips.NOT_BOUND),
        (KLINGON[3], "2379-03-14", strips.BOUND),
        (CARDASSIA[3], "2376", strips.IN_DOUBT),
        (CARDASSIA[3], "2375", strips.NOT_BOUND),
        (BAJOR[3], "2369-05-01", strips.BOUND),  # bound from the day of entry
        (BAJOR[3], "2369-04-30", strips.NOT_BOUND),
        (BAJOR[3], "2377-02-10", strips.BOUND),
        (BAJOR[3], "2377-02-11", strips.NOT_BOUND),  # free from the day of leaving
        (BAJOR[3], "2377-02", strips.IN_DOUBT),
        ((), "2379", strips.NOT_BOUND),
    ],
)
def test_the_state_of_a_power_on_a_day(spans: strips.Spans, day: str, state: str) -> None:
    assert strips.state_on(spans, parse(day)) == state


@given(story_dates(), st.none() | story_dates(), story_dates())
def test_a_state_is_certain_only_when_every_reading_of_the_dates_agrees(
    entered: StoryDate, left: StoryDate | None, day: StoryDate
) -> None:
    assume(left is None or entered.first < left.first)
    ends = (left.first, left.last) if left else (None,)
    turns = [entered.first, entered.last, *(end for end in ends if end)]
    near = [turn + timedelta(days=shift) for turn in turns for shift in (-1, 0)]
    readings = {
        begin <= asked and (end is None or asked < end)
        for asked in (day.first, day.last, *(turn for turn in near if day.first <= turn <= day.last))
        for begin in (entered.first, entered.last)
        for end in ends
    }
    expected = {frozenset({True}): strips.BOUND, frozenset({False}): strips.NOT_BOUND}.get(
        frozenset(readings), strips.IN_DOUBT
    )
    assert strips.state_on([(entered, left)], day) == expected


@given(
    st.lists(spans_of_one_power(), min_size=1, max_size=13),
    st.none() | story_dates(2365, 2380),
    st.none() | story_dates(2365, 2380),
    st.sampled_from([360, 760]),
)
def test_a_strip_keeps_within_its_picture(
    histories: list[Any], act: StoryDate | None, as_of: StoryDate | None, width: int
) -> None:
    parties = [(f"The Most Serene Power Number {i}", f"P{i}", "#7fb2ff", h) for i, h in enumerate(histories)]
    strip = strips.adherence(
        parties, start=parse("2365"), end=parse("2380"), act=act, as_of=as_of, width=width
    )
    for row in strip.rows:
        assert strip.top <= row.y <= row.y + strip.bar <= strip.bottom
        for piece in row.pieces:
            assert piece.width > 0
            assert strip.left - 0.1 <= piece.x <= piece.x + piece.width <= strip.right + 0.1
            path_points(piece.path)
        if row.node:
            assert strip.left - 0.1 <= row.node.x <= strip.right + 0.1
    for above, below in pairwise(strip.rows):
        assert above.y + strip.bar < below.y
    for mark in strip.marks:
        assert mark.label_box[0] >= 0
        assert mark.label_box[1] <= strip.width
        assert mark.label_y <= strip.height
    for one, other in combinations(strip.marks, 2):
        assert abs(one.label_y - other.label_y) >= 16
        upper, lower = sorted((one, other), key=lambda mark: mark.label_y)
        assert not upper.label_box[0] < lower.stem_x < upper.label_box[1]


@given(spans_of_one_power())
def test_hatching_is_drawn_only_where_a_date_is_imprecise(history: strips.Spans) -> None:
    strip = strips.adherence([("P", "P", "#7fb2ff", history)], start=parse("2365"), end=parse("2380"))
    imprecise = [day for span in history for day in span if day is not None and day.first != day.last]
    scale = scales.scale_between(parse("2365"), parse("2380"), left=strip.left, right=strip.right)
    zones = [(scale.x(scales.first_day(day)), scale.x(scales.day_after(day))) for day in imprecise]
    for piece in strip.rows[0].pieces:
        if piece.hatched:
            assert any(left - 3 <= piece.x and piece.x + piece.width <= right + 3 for left, right in zones)
    exact = [span for span in history if all(day is None or day.first == day.last for day in span)]
    if len(exact) == len(history):
        assert not strip.hatched


@given(spans_of_one_power(), st.integers(0, 15 * 365))
def test_a_bar_is_solid_only_where_the_power_was_bound_beyond_doubt(
    history: strips.Spans, offset: int
) -> None:
    day = StoryDate.from_day(date(2365, 1, 1) + timedelta(days=offset))
    strip = strips.adherence(
        [("P", "P", "#7fb2ff", history)], start=parse("2365"), end=parse("2380"), as_of=day
    )
    scale = scales.scale_between(parse("2365"), parse("2380"), left=strip.left, right=strip.right)
    middle = (scale.x(scales.first_day(day)) + scale.x(scales.day_after(day))) / 2
    solid = [
        p for p in strip.rows[0].pieces if p.kind == "solid" and p.x + 0.2 < middle < p.x + p.width - 0.2
    ]
    if solid:
        assert strips.state_on(history, day) == strips.BOUND


def test_the_signature_case_is_hatched_in_its_two_years_and_in_doubt() -> None:
    strip = strips.adherence([CARDASSIA, KLINGON], start=parse("2368"), end=parse("2379"), act=parse("2376"))
    cardassia, klingon = strip.rows
    assert [piece.kind for piece in cardassia.pieces] == ["entering", "solid"]
    assert [piece.kind for piece in klingon.pieces] == ["entering", "solid", "leaving", "entering", "solid"]
    assert cardassia.node is not None
    assert klingon.node is not None
    assert (cardassia.node.answer, klingon.node.answer) == (strips.IN_DOUBT, strips.BOUND)
    (act,) = strip.marks
    assert act.band
    assert act.label == "the act · 2376, day unknown"
    assert (act.x, act.far) == (cardassia.pieces[0].x, cardassia.pieces[0].x + cardassia.pieces[0].width)


def test_an_exact_act_is_a_line_and_a_scale_never_runs_backwards() -> None:
    strip = strips.adherence([BAJOR], start=parse("2368"), end=parse("2379"), act=parse("2376-04-02"))
    assert not strip.marks[0].band
    assert strip.marks[0].label == "the act · 2 Apr 2376"
    with pytest.raises(ValueError, match="cannot run"):
        strips.adherence([BAJOR], start=parse("2379"), end=parse("2368"))


# The vote


def seats(count: int, state: str = boards.WAITING) -> list[boards.Entry]:
    """So many seats, with wide short names."""
    return [(f"Power {i}", "WMW" if i % 2 else "UFP", "#7fb2ff", state) for i in range(count)]


@pytest.mark.parametrize("width", [360, 860])
@pytest.mark.parametrize("count", range(1, 25))
def test_no_seat_meets_another_nor_the_count(count: int, width: int) -> None:
    board = boards.board(seats(count), closed=True, outcome="Adopted", width=width)
    boxes = []
    for place in board.places:
        half = scales.text_width(place.short, board.label, condensed=True) / 2
        assert board.seat <= place.x <= board.width - board.seat
        assert board.seat <= place.y
        assert place.y + board.label_y <= board.height
        boxes.append((place.x - half, place.y + board.seat, place.x + half, place.y + board.label_y))
    for one, other in combinations(range(count), 2):
        a, b = board.places[one], board.places[other]
        assert (a.x - b.x) ** 2 + (a.y - b.y) ** 2 > (2 * board.seat) ** 2
        assert not meet(boxes[one], boxes[other])
    for line in board.lines:
        condensed = line.kind != "sentence"
        half = scales.text_width(line.text, line.size, condensed=condensed) / 2
        text = (line.x - half, line.y - line.size, line.x + half, line.y + line.size * 0.3)
        assert text[0] >= 0
        assert text[2] <= board.width
        assert text[3] <= board.height
        for place, box in zip(board.places, boxes, strict=True):
            disc = (place.x - board.seat, place.y - board.seat, place.x + board.seat, place.y + board.seat)
            assert not meet(text, disc)
            assert not meet(text, box)


def meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two boxes (left, top, right, bottom) overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


choices = st.sampled_from([boards.YES, boards.NO, boards.ABSTAIN])


@given(st.lists(st.tuples(choices, choices), min_size=1, max_size=24))
def test_an_open_board_tells_nothing_of_what_was_cast(pairs: list[tuple[str, str]]) -> None:
    boards_drawn = []
    for side in (0, 1):
        entries = [(f"P{i}", f"P{i}", "#7fb2ff", pair[side]) for i, pair in enumerate(pairs)]
        boards_drawn.append(
            boards.board(entries, closed=False, counts={"yes": side, "no": 3}, outcome=f"o{side}")
        )
    assert boards_drawn[0] == boards_drawn[1]
    assert {place.state for place in boards_drawn[0].places} == {boards.SEALED}


def test_what_a_board_says_while_open_and_after() -> None:
    states = ["yes", "yes", "no", "abstain", "waiting", "recused", "absent"]
    entries = [(f"P{i}", f"P{i}", "#7fb2ff", state) for i, state in enumerate(states)]
    during = boards.board(entries, closed=False)
    assert (during.headline, during.sentence) == (
        "4 of 5",
        "have voted · one to vote · one recused · one absent",
    )
    after = boards.board(entries, closed=True)
    assert after.headline == "2 : 1"
    assert after.sentence == "one abstains · one did not vote · one recused · one absent"


def test_a_secret_vote_shows_its_count_and_keeps_its_seats_sealed() -> None:
    board = boards.board(seats(5, boards.SEALED), closed=True, counts={"yes": 3, "no": 1, "abstain": 1})
    assert board.headline == "3 : 1"
    assert {place.said for place in board.places} == {"has voted"}


def test_a_state_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="state"):
        boards.board([("P", "P", "#7fb2ff", "maybe")], closed=True)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_a_vote_bar_fills_exactly_what_was_cast(yes: int, no: int, abstain: int, rest: int) -> None:
    bar = boards.bar(
        yes=yes, no=no, abstain=abstain, total=yes + no + abstain + rest, threshold=Fraction(2, 3)
    )
    assert sum(portion.count for portion in bar.portions) == yes + no + abstain
    for one, other in pairwise(bar.portions):
        assert abs(one.x + one.width - other.x) < 0.05
    assert all(0 <= portion.x <= portion.x + portion.width <= 100.05 for portion in bar.portions)
    assert bar.threshold is None or 0 <= bar.threshold <= 100


def test_a_threshold_stands_where_the_yes_votes_must_reach() -> None:
    bar = boards.bar(yes=4, no=2, total=12, threshold=Fraction(2, 3))
    assert bar.portions[0].width == bar.threshold == 33.33
    with pytest.raises(ValueError, match="do not fit"):
        boards.bar(yes=4, no=2, total=5)


# Clocks, standings, stages


@pytest.mark.parametrize("size", range(2, 13))
def test_a_clock_has_its_segments_and_no_more_are_full_than_said(size: int) -> None:
    for filled in range(size + 1):
        clock = charts.clock(filled=filled, size=size)
        assert [piece.filled for piece in clock.slices] == [True] * filled + [False] * (size - filled)
        for x, y in (point for piece in clock.slices for point in path_points(piece.path)):
            assert 0 <= x <= 60
            assert 0 <= y <= 60


@pytest.mark.parametrize(("filled", "size"), [(0, 1), (0, 13), (5, 4), (-1, 4)])
def test_an_impossible_clock_is_an_error(filled: int, size: int) -> None:
    with pytest.raises(ValueError, match="clock"):
        charts.clock(filled=filled, size=size)


POWERS = [("kli", "Klingon Empire", "KLI", "#ef6a55"), ("car", "Cardassian Union", "CAR", "#e3a948")]


def test_the_heat_map_reads_by_row_and_shows_the_figure() -> None:
    heat = charts.heat_map(POWERS, {("kli", "car"): -4}, {("kli", "car"): "/there/"})
    cell = heat.rows[0].cells[1]
    assert (cell.value, cell.shown, cell.css, cell.url) == (-4, "−4", "st-m4", "/there/")
    assert heat.rows[1].cells[0].css == "st-none"
    assert heat.rows[0].cells[0].css == "st-self"
    with pytest.raises(ValueError, match="standing"):
        charts.heat_map(POWERS, {("kli", "car"): 6})


def luminance(colour: str) -> float:
    """The relative luminance of a hex colour, as the accessibility guidelines define it."""
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_coloured_field_carries_its_figure_with_enough_contrast_in_both_schemes() -> None:
    css = (ROOT / "static/css/drawing.css").read_text()
    pairs = re.findall(r"([^{}]+)\{[^{}]*background:(#\w{3,6});color:(#\w{3,6})", css)
    fields = Counter(selector.strip().lstrip(".") for selector, _, _ in pairs if ".st-" in selector)
    standings = [f"st-{'mp'[value > 0]}{abs(value)}" if value else "st-0" for value in range(-5, 6)]
    assert fields == Counter(dict.fromkeys([*standings, "st-none"], 2))
    for selector, ground, text in pairs:
        light, dark = sorted((luminance(ground), luminance(text)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, selector


def test_stages_before_are_done_and_stages_after_are_ahead() -> None:
    labels = ["Filed", "Ruling", "Hearing"]
    assert [s.state for s in charts.stages(labels, now="Ruling", note="day 3")] == ["done", "now", "ahead"]
    assert [s.state for s in charts.stages(labels, now="Hearing", finished=True)] == ["done"] * 3
    with pytest.raises(ValueError):
        charts.stages(labels, now="Lunch")


# The timeline


@given(
    st.lists(st.builds(timelines.Event, story_dates(2293, 2385), st.text("Wmil ", min_size=1, max_size=60), st.booleans()),
             max_size=25),
    st.lists(story_dates(2300, 2380), max_size=4),
)  # fmt: skip
def test_no_label_of_a_timeline_meets_another_or_a_pole(
    events: list[timelines.Event], starts: list[StoryDate]
) -> None:
    wars = [timelines.War(day, StoryDate(day.year + 2), f"War {i}") for i, day in enumerate(starts)]
    line = timelines.timeline(
        events,
        start=parse("2290"),
        end=parse("2380"),
        now=parse("2379-03-14"),
        divergence=parse("2370"),
        wars=wars,
    )
    boxes = []
    for flag in line.flags:
        left, right = flag.label_box
        boxes.append((left, flag.label_y - 10, right, flag.label_y + 4))
        assert left >= 0
        assert right <= line.width
        assert flag.label_y - 12 >= 0
        assert flag.label_y + 4 <= line.height
    for one, other in combinations(boxes, 2):
        assert not meet(one, other)
    for flag in line.flags:
        low, high = sorted((flag.y, flag.pole))
        for box in boxes:
            assert not (box[0] < flag.x < box[2] and low < box[3] and box[1] < high)
    for one, other in combinations(line.bands, 2):
        apart = abs(one.label_y - other.label_y) >= 15
        assert (
            apart
            or one.label_x + one.label_width <= other.label_x
            or other.label_x + other.label_width <= one.label_x
        )
    for band in line.bands:
        assert band.label_x >= 0
        assert band.label_x + band.label_width <= line.width


def test_a_timeline_leaves_out_what_lies_outside_it_and_keeps_the_two_lines_apart() -> None:
    events = [
        timelines.Event(parse("2368"), "Signed"),
        timelines.Event(parse("2377-05-01"), "Ours", own=True),
        timelines.Event(parse("2400"), "Too late"),
    ]
    line = timelines.timeline(events, start=parse("2293"), end=parse("2379"), divergence=parse("2376"))
    assert [event.title for event in line.events] == ["Signed", "Ours"]
    signed, ours = line.flags
    assert signed.y == line.canon_y < ours.y
    assert signed.width > 0
    assert ours.width == 0
    assert line.branch.startswith(f"M{line.fork_x} {line.canon_y}")


@given(st.lists(story_dates(2366, 2379), min_size=1, max_size=6))
def test_every_event_of_the_campaigns_own_lies_on_its_branch(days: list[StoryDate]) -> None:
    events = [timelines.Event(day, f"Ours {number}", own=True) for number, day in enumerate(days)]
    line = timelines.timeline(events, start=parse("2366"), end=parse("2380"), divergence=parse("2378"))
    assert line.fork_x > 0
    for flag in line.flags:
        assert flag.x >= line.fork_x + 12  # past the bend


@pytest.mark.parametrize("last", ["2294", "2379", "3000", "5000", "9999"])
@pytest.mark.parametrize("width", [360.0, 760.0])
def test_the_years_on_a_scale_never_meet(last: str, width: float) -> None:
    scale = scales.scale_between(parse("2293"), parse(last), left=18, right=width - 18)
    ticks = scale.ticks()
    assert len(ticks) >= 1
    for left, right in pairwise(ticks):
        assert right.x - left.x >= scales.text_width(right.label, 12)


# The parts

PAGE = """
{% emblem "klingon" "#ef6a55" "Klingon Empire" 40 %}{% emblem "star" colour %}
{% compass_star 40 "The conference" %}{% seal 90 "Sealed" %}{% docket_pair "#e3a948" "#ef6a55" %}
{% adherence_strip parties start end act=act id="one" label="Second Accords" %}
{% adherence_strip parties start end as_of=end id="two" %}
{% vote_board seats id="three" %}{% vote_board seats closed=1 id="four" outcome="Adopted" %}
{% vote_bar 4 1 2 total=11 threshold=share threshold_label="two-thirds of those voting" %}
{% standings_map powers standings urls %}{% clock_pie 3 6 "Relief convoy" %}
{% stage_bar stages "Ruling" %}
{% story_timeline events start end now=end divergence=act wars=wars id="five" %}
"""
VALUES: dict[str, Any] = {
    "parties": [CARDASSIA, KLINGON, ("<b>Power</b>", "<i>", 'x" onload="y', ())],
    "start": parse("2368"),
    "end": parse("2379"),
    "act": parse("2376"),
    "colour": '"><script>',
    "seats": [("Klingon Empire", "KLI", "#ef6a55", "yes"), ("Cardassian Union", "CAR", "#e3a948", "recused")],
    "share": Fraction(2, 3),
    "powers": POWERS,
    "standings": {("kli", "car"): -4},
    "urls": {("kli", "car"): "/standings/kli/car/"},
    "stages": ["Filed", "Ruling", "Hearing"],
    "events": [
        timelines.Event(parse("2368"), "The Accords are signed", url="/e/1/"),
        timelines.Event(parse("2377-02"), "Ours & only ours", own=True),
    ],
    "wars": [timelines.War(parse("2372"), parse("2373"), "Second War")],
}


class Reader(HTMLParser):
    """Reads a page: its ids, references, tables' text, and whether every element is closed."""

    VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: set[str] = set()
        self.attributes: set[str] = set()
        self.pictures: list[dict[str, str | None]] = []
        self.open: list[str] = []
        self.rows: list[list[str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.attributes |= values.keys()
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.references |= set((values.get("aria-labelledby") or "").split())
        self.references |= set(re.findall(r"url\(#([^)]+)\)", values.get("fill") or ""))
        if tag == "svg":
            self.pictures.append(values)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "td" in self.open[-4:] or "th" in self.open[-4:]:
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def page() -> str:
    """Every picture on one page."""
    return draw(PAGE, **VALUES)


def test_every_part_is_well_formed_and_its_ids_are_its_own(page: str) -> None:
    reader = Reader(page)
    assert reader.open == []
    assert Counter(reader.ids) == Counter(set(reader.ids))
    assert reader.references <= set(reader.ids)


def test_no_part_has_anything_inline(page: str) -> None:
    assert not {name for name in Reader(page).attributes if name == "style" or name.startswith("on")}
    assert "<script" not in page
    assert "<style" not in page


def test_every_picture_has_a_name_or_is_decoration(page: str) -> None:
    for picture in Reader(page).pictures:
        named = picture.get("role") in ("img", "group") and (
            picture.get("aria-label") or picture.get("aria-labelledby")
        )
        assert named or picture.get("aria-hidden") == "true", picture


@pytest.mark.parametrize(
    "row",
    [
        ["Cardassian Union CAR", "from 2376", "in doubt"],
        ["Klingon Empire KLI", "2368 to 2372; from 2373", "bound"],
        ["<b>Power</b> <i>", "never", "not bound"],
        ["Klingon Empire (KLI)", "has voted"],
        ["Klingon Empire (KLI)", "yes"],
        ["Cardassian Union (CAR)", "recused"],
        ["Yes", "4"],
        ["KLI", "", "−4"],
        ["2368", "The Accords are signed", "canon"],
        ["Feb 2377", "Ours & only ours", "campaign"],
        ["2372 to 2373", "Second War", "war"],
    ],
    ids=" | ".join,
)
def test_the_table_behind_a_picture_carries_its_figures(page: str, row: list[str]) -> None:
    assert row in [[cell.strip() for cell in cells] for cells in Reader(page).rows]


def test_an_open_board_renders_no_choice() -> None:
    cast = [
        draw('{% vote_board seats id="b" %}', seats=seats(7, choice)) for choice in (boards.YES, boards.NO)
    ]
    assert cast[0] == cast[1]


def test_numbers_keep_their_points_whatever_the_language() -> None:
    with translation.override("de"):
        assert not re.search(r'"-?\d+,\d', draw(PAGE, **VALUES))


def test_now_is_named_where_it_is_when_more_lies_ahead() -> None:
    events = [timelines.Event(parse("2368"), "Signed"), timelines.Event(parse("2373"), "Back", state="ahead")]
    ahead = timelines.timeline(events, start=parse("2293"), end=parse("2379"), now=parse("2350"))
    assert ahead.now_x is not None and ahead.now_x < ahead.right
    assert ahead.now_label_x < ahead.now_x < ahead.now_label_x + 100
    assert ahead.now_label_y < ahead.now_top < min(flag.label_y for flag in ahead.flags)
    last = timelines.timeline(events[:1], start=parse("2293"), end=parse("2379"), now=parse("2379"))
    assert last.now_label_x > last.right
