"""Story dates: what they accept, how they compare, and the laws they keep."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from khitomer.rules.dates import Answer, Precision, Stardate, StoryDate, stardate

parse = StoryDate.parse


def any_days(low: int = 1, high: int = 9999) -> st.SearchStrategy[datetime.date]:
    return st.dates(datetime.date(low, 1, 1), datetime.date(high, 12, 31))


@st.composite
def story_dates(draw: st.DrawFn, low: int = 1, high: int = 9999) -> StoryDate:
    day = draw(any_days(low, high))
    known = draw(st.sampled_from([1, 2, 3]))
    return StoryDate(*(day.year, day.month, day.day)[:known])


def days_of(date: StoryDate) -> list[datetime.date]:
    span = (date.last - date.first).days
    return [date.first + datetime.timedelta(days=n) for n in range(span + 1)]


# Reading and writing


@pytest.mark.parametrize(
    ("text", "date", "precision", "first", "last", "words", "short"),
    [
        ("2372", (2372,), Precision.YEAR, "2372-01-01", "2372-12-31", "2372", "2372"),
        ("2372-03", (2372, 3), Precision.MONTH, "2372-03-01", "2372-03-31", "March 2372", "Mar 2372"),
        ("2372-03-04", (2372, 3, 4), Precision.DAY, "2372-03-04", "2372-03-04", "4 March 2372", "4 Mar 2372"),
        ("2372-02", (2372, 2), Precision.MONTH, "2372-02-01", "2372-02-29", "February 2372", "Feb 2372"),
        ("2373-02", (2373, 2), Precision.MONTH, "2373-02-01", "2373-02-28", "February 2373", "Feb 2373"),
        ("0042-12", (42, 12), Precision.MONTH, "0042-12-01", "0042-12-31", "December 42", "Dec 42"),
        ("9999", (9999,), Precision.YEAR, "9999-01-01", "9999-12-31", "9999", "9999"),
    ],
)
def test_a_date_is_read_and_shown(text, date, precision, first, last, words, short):
    read = parse(text)
    assert read == StoryDate(*date)
    assert read.precision is precision
    assert (read.first.isoformat(), read.last.isoformat()) == (first, last)
    assert (str(read), read.words(), read.short()) == (text, words, short)


@pytest.mark.parametrize(
    "text",
    ["", " ", "2372 ", "\n2372", "2372\n", "372", "23720", "2372-3", "2372-03-1", "2372-", "2372/03", "14 March 2372",
     "-2372", "2372-03-14T00:00", "２３７２", "stardate 49011", "2372–73"],
)  # fmt: skip
def test_any_other_form_is_refused_naming_the_accepted_ones(text):
    with pytest.raises(ValueError) as refusal:
        parse(text)
    assert str(refusal.value) == (
        f'"{text}" is not a story date: write a year "2372", a month "2372-03" or a day "2372-03-14".'
    )


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ((0,), "The year 0 is out of range: years run from 1 to 9999."),
        ((10000, 1, 1), "The year 10000 is out of range: years run from 1 to 9999."),
        ((2372, 0), "There is no month 0: months run from 1 to 12."),
        ((2372, 13), "There is no month 13: months run from 1 to 12."),
        ((2372, 4, 31), "There is no day 31 in April 2372: it has 30 days."),
        ((2373, 2, 29), "There is no day 29 in February 2373: it has 28 days."),
        ((2300, 2, 29), "There is no day 29 in February 2300: it has 28 days."),
        ((2372, 1, 0), "There is no day 0 in January 2372: it has 31 days."),
        ((2372, None, 5), "A date with a day needs a month as well."),
    ],
)
def test_a_date_that_does_not_exist_is_refused(parts, sentence):
    with pytest.raises(ValueError) as refusal:
        StoryDate(*parts)
    assert str(refusal.value) == sentence


def test_a_leap_day_exists():
    assert parse("2372-02-29").first == datetime.date(2372, 2, 29)


def test_a_well_formed_text_of_an_impossible_day_says_which_part_is_wrong():
    with pytest.raises(ValueError, match="There is no day 31 in June 2372: it has 30 days."):
        parse("2372-06-31")


@given(story_dates())
def test_law_text_reads_back_as_the_same_date(date):
    assert parse(str(date)) == date


@given(story_dates())
def test_law_a_date_holds_its_first_and_last_day_and_no_fewer_than_one(date):
    assert date.first <= date.last
    assert (date.first == date.last) == (date.precision is Precision.DAY)


def test_a_date_is_a_value():
    assert len({parse("2372"), StoryDate(2372), parse("2372-01")}) == 2
    with pytest.raises(AttributeError):
        parse("2372").year = 2373


# Order


def test_the_less_precise_of_two_comes_first():
    texts = ["2372-01-01", "2373", "2372", "2372-02", "2372-01", "2371-12-31"]
    ordered = ["2371-12-31", "2372", "2372-01", "2372-01-01", "2372-02", "2373"]
    assert [str(date) for date in sorted(map(parse, texts))] == ordered


@given(st.lists(story_dates(2370, 2374), max_size=12))
def test_law_order_is_the_alphabetical_order_of_the_text(dates):
    assert [str(date) for date in sorted(dates)] == sorted(str(date) for date in dates)


@given(story_dates(2370, 2374), story_dates(2370, 2374))
def test_law_order_is_by_earliest_day_and_total(one, other):
    assert (one < other) + (one == other) + (one > other) == 1
    if one.first != other.first:
        assert (one < other) == (one.first < other.first)
    assert (one <= other) == (not other < one)


def test_a_date_is_not_ordered_against_anything_else():
    with pytest.raises(TypeError):
        parse("2372") < "2373"  # noqa: B015


# Before


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("2371", "2372", Answer.YES),
        ("2372", "2371", Answer.NO),
        ("2372", "2372", Answer.DOUBT),
        ("2372-03-14", "2372", Answer.DOUBT),
        ("2372", "2372-03-14", Answer.DOUBT),
        ("2372-03", "2372-04", Answer.YES),
        ("2372-03-14", "2372-03-14", Answer.NO),
        ("2372-03-14", "2372-03-15", Answer.YES),
        ("2372-12-31", "2372", Answer.NO),
        ("2372", "2372-01-01", Answer.NO),
        ("2372", "2372-12-31", Answer.DOUBT),
        ("2372-01-01", "2372", Answer.DOUBT),
    ],
)
def test_before(one, other, answer):
    assert parse(one).before(parse(other)) is answer


@given(story_dates(2371, 2373), story_dates(2371, 2373))
def test_law_before_agrees_with_every_day_either_may_mean(one, other):
    # For each day of the one, how many days of the other come after it.
    others = days_of(other)
    found = {sum(day < later for later in others) for day in days_of(one)}
    if found == {len(others)}:
        assert one.before(other) is Answer.YES
    elif found == {0}:
        assert one.before(other) is Answer.NO
    else:
        assert one.before(other) is Answer.DOUBT


@given(story_dates(2370, 2374), story_dates(2370, 2374))
def test_law_never_surely_before_each_other(one, other):
    if one.before(other) is Answer.YES:
        assert other.before(one) is Answer.NO


@given(story_dates(2370, 2374), story_dates(2370, 2374))
def test_law_surely_before_sorts_before(one, other):
    if one.before(other) is Answer.YES:
        assert one < other


@given(st.lists(story_dates(2000, 2999), min_size=3, max_size=3).map(sorted))
def test_law_surely_before_is_transitive(dates):
    one, two, three = dates
    assume(one.before(two) is Answer.YES and two.before(three) is Answer.YES)
    assert one.before(three) is Answer.YES


@given(any_days(), any_days())
def test_law_between_known_days_there_is_no_doubt(one, other):
    answer = StoryDate.from_day(one).before(StoryDate.from_day(other))
    assert answer is (Answer.YES if one < other else Answer.NO)


# Counting days


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2379-03-14", 0, "2379-03-14"),
        ("2379-03-14", 20, "2379-04-03"),
        ("2372-02-28", 1, "2372-02-29"),
        ("2373-02-28", 1, "2373-03-01"),
        ("2379-12-31", 1, "2380-01-01"),
        ("2380-01-01", -1, "2379-12-31"),
    ],
)
def test_days_are_added_and_counted(start, n, end):
    assert parse(start).plus_days(n) == parse(end)
    assert parse(start).days_until(parse(end)) == n


@given(any_days(2000, 3000), st.integers(-100_000, 100_000))
def test_law_adding_days_then_counting_them_gives_them_back(day, n):
    start = StoryDate.from_day(day)
    assert start.days_until(start.plus_days(n)) == n


@pytest.mark.parametrize("text", ["2372", "2372-03"])
def test_days_cannot_be_counted_from_a_vague_date(text):
    vague, known = parse(text), parse("2372-03-14")
    sentence = f"{text} is known only to the {vague.precision}: counting days needs the day."
    for count in (
        lambda: vague.plus_days(1),
        lambda: vague.days_until(known),
        lambda: known.days_until(vague),
    ):
        with pytest.raises(ValueError) as refusal:
            count()
        assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("9999-12-31", 1, "9999-12-31"),
        ("9999-12-01", 60, "9999-12-31"),
        ("0001-01-01", -1, "0001-01-01"),
        ("0001-02-01", -60, "0001-01-01"),
        ("2379-01-01", 10**12, "9999-12-31"),
        ("2379-01-01", -(10**12), "0001-01-01"),
    ],
)
def test_counting_stops_where_the_calendar_ends(start, n, end):
    assert parse(start).plus_days(n) == parse(end)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2379-03-14", 1, "2380"),
        ("2379", -8, "2371"),
        ("9999-12-31", 1, "9999"),
        ("9998", 3, "9999"),
        ("0001", -8, "0001"),
        ("2379", 10**12, "9999"),
    ],
)
def test_so_does_counting_years(start, n, end):
    assert parse(start).plus_years(n) == parse(end)


# Stardates


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2322-12-31", "None"),
        ("2293", "None"),
        ("2323-01-01", "≈ 00000"),
        ("2323", "≈ 00000–00999"),
        ("2379", "≈ 56000–56999"),
        ("2379-01", "≈ 56000–56084"),
        ("2379-02", "≈ 56084–56161"),
        ("2379-12", "≈ 56915–56999"),
        ("2379-03-14", "≈ 56197"),
        ("2379-12-31", "≈ 56997"),
        ("2380-12-31", "≈ 57997"),
    ],
)
def test_stardates_are_approximate_and_say_so(text, shown):
    assert str(stardate(parse(text))) == shown


@given(story_dates(2323, 2500))
def test_law_the_stardate_of_a_day_lies_in_that_of_its_month_and_year(date):
    month, year = stardate(date), stardate(StoryDate(date.year))
    assert year == Stardate(1000 * (date.year - 2323), 1000 * (date.year - 2323) + 999)
    for day in (stardate(StoryDate.from_day(date.first)), stardate(StoryDate.from_day(date.last))):
        assert day.low == day.high
        assert month.low <= day.low <= month.high
    assert year.low <= month.low <= month.high <= year.high
    assert str(month).startswith("≈ ")


@given(any_days(2323, 2600), any_days(2323, 2600))
def test_law_later_days_have_later_stardates(one, other):
    assume(one < other)
    assert stardate(StoryDate.from_day(one)).low < stardate(StoryDate.from_day(other)).low
