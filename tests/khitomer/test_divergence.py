"""Where a campaign has left canon, by comparison: what became of each event, and what no longer holds because of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khitomer import records
from khitomer.actions import campaigns, chronicle, story
from khitomer.rules.canon import load
from khitomer.rules.changes import AddClock, AddEvent, State, StrikeEvent
from khitomer.rules.dates import StoryDate
from khitomer.rules.divergence import Recorded, Status, Waiting, compare, if_averted
from tests import factories

parse = StoryDate.parse


def event(key: str, on: str, **more) -> AddEvent:
    return AddEvent(slug=key, on=parse(on), title=key.title(), text=f"{key} it was.", canon_key=key, **more)


CANON = (
    Recorded(event=event("talks", "2293")),
    Recorded(event=event("peace", "2293"), rests_on=("talks",)),
    Recorded(event=event("war", "2372", until=parse("2373")), rests_on=("peace",)),
    Recorded(event=event("return", "2373"), rests_on=("war",)),
)
TOLD = [each.event for each in CANON]


def ahead(key: str, **more) -> Waiting:
    on = next((each.event.on for each in CANON if each.key == key), parse("2373"))
    return Waiting(key=key, title=key.title(), on=on, **more)


def statuses(found) -> dict[str, str]:
    return {each.key: each.status.value for each in found.events}


# What became of each event


def test_canon_taken_over_as_it_is_has_no_point_of_divergence():
    found = compare(CANON, TOLD, [])
    assert set(statuses(found).values()) == {"as in canon"}
    assert found.point is None
    assert found.lapsed == ()


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        ({"title": "Truce"}, "It is called “Truce”; canon has “Peace”."),
        ({"on": parse("2294-03")}, "It happened in March 2294; canon has 2293."),
        ({"until": parse("2295")}, "It ended in 2295; canon has none."),
        ({"text": "Something else."}, "Its text is not canon’s."),
    ],
)
def test_an_edited_event_is_altered_and_says_how(edit, sentence):
    told = [TOLD[0], replace(TOLD[1], **edit), *TOLD[2:]]
    found = compare(CANON, told, [])
    assert statuses(found)["peace"] == "altered"
    assert found.of("peace").differs == (sentence,)
    assert found.point.key == "peace"


def test_an_event_of_another_key_changes_nothing():
    assert compare(CANON, [*TOLD, event("raid", "2379")], []).point is None


@pytest.mark.parametrize(
    ("waiting", "status", "sentence"),
    [
        ([ahead("war")], Status.AHEAD, ()),
        ([ahead("war", state="averted")], Status.AVERTED, ("It never happened.",)),
        (
            [ahead("war", state="altered", instead="A cold war")],
            Status.ALTERED,
            ("“A cold war” happened instead.",),
        ),
        ([ahead("war", state="altered")], Status.ALTERED, ("What happened instead was struck since.",)),
        ([ahead("war", state="enacted")], Status.AVERTED, ("It was struck from the timeline.",)),
        ([], Status.AVERTED, ("It was struck from the timeline.",)),
    ],
)
def test_an_event_that_stands_in_no_timeline(waiting, status, sentence):
    found = compare(CANON, TOLD[:2], waiting).of("war")
    assert (found.status, found.differs) == (status, sentence)


@pytest.mark.parametrize(
    ("until", "ending", "status"),
    [
        (None, "ahead", "as in canon"),
        (None, "averted", "altered"),
        ("2373", "enacted", "as in canon"),
        ("2375", "ahead", "altered"),
    ],
)
def test_a_war_need_not_have_ended_while_its_end_lies_ahead(until, ending, status):
    told = [*TOLD[:2], replace(TOLD[2], until=parse(until) if until else None)]
    found = compare(CANON, told, [ahead("war-ended", state=ending), ahead("return")])
    assert statuses(found)["war"] == status


# What no longer holds


def test_what_rests_on_averted_canon_no_longer_holds_and_says_why_through_every_step():
    waiting = [ahead("peace", state="averted"), ahead("war"), ahead("return")]
    found = compare(CANON, TOLD[:1], waiting)
    assert [(each.key, each.reasons) for each in found.lapsed] == [
        ("war", ("It rests on “Peace”, which was averted",)),
        ("return", ("It rests on “War”, which no longer holds: it rests on “Peace”, which was averted",)),
    ]
    assert found.point.key == "peace"
    assert str(found.point.on) == "2293"


def test_what_happened_all_the_same_is_ground_again_for_what_rests_on_it():
    waiting = [ahead("peace", state="averted"), ahead("war", state="enacted"), ahead("return")]
    found = compare(CANON, [TOLD[0], TOLD[2]], waiting)
    assert [(each.key, each.stands) for each in found.lapsed] == [("war", True)]


@pytest.mark.parametrize(
    ("moved", "reasons"),
    [("2372-06", ()), ("2380", ("It rests on “War”, which here comes only in 2380",))],
)
def test_an_event_cannot_rest_on_what_comes_later(moved, reasons):
    told = [*TOLD[:2], replace(TOLD[2], on=parse(moved), until=None), TOLD[3]]
    assert compare(CANON, told, []).why_lapsed("return") == reasons


def test_canon_that_can_no_longer_be_made_says_why():
    clash = AddClock(slug="fleet", name="Fleet", size=4)
    state = State(today=parse("2372"), clocks={"fleet": clash})
    waiting = [ahead("war", changes=(clash,)), ahead("return", changes=(StrikeEvent(slug="war"),))]
    found = compare(CANON, TOLD[:2], waiting, state=state)
    assert found.why_lapsed("war") == (
        "It can no longer happen as recorded: There is a clock “fleet” already: Fleet",
    )
    assert "which no longer holds" in found.why_lapsed("return")[0]


def test_canon_ahead_is_tried_in_its_order():
    """The second change needs the first: it is possible, because canon before it would have happened by then."""
    clock = AddClock(slug="fleet", name="Fleet", size=4)
    waiting = [ahead("war", changes=(clock,)), ahead("gone", changes=(clock,))]
    found = compare(CANON, TOLD[:2], waiting, state=State(today=parse("2372")))
    assert [each.key for each in found.lapsed if each.key != "return"] == ["gone"]


def test_the_preview_of_averting_names_what_would_no_longer_hold():
    waiting = [ahead("war"), ahead("return")]
    assert [each.key for each in if_averted(CANON, TOLD[:2], waiting, "war")] == ["return"]
    assert if_averted(CANON, TOLD[:2], waiting, "return") == ()


# Laws


@st.composite
def canons(draw) -> tuple[Recorded, ...]:
    years = sorted(draw(st.lists(st.integers(2290, 2380), min_size=1, max_size=9)))
    found = []
    for number, year in enumerate(years):
        grounds = draw(st.sets(st.integers(0, number - 1), max_size=3)) if number else set()
        rests_on = tuple(f"e{each}" for each in sorted(grounds))
        found.append(Recorded(event=event(f"e{number}", str(year)), rests_on=rests_on))
    return tuple(found)


@given(canons(), st.data())
def test_averting_something_never_makes_later_canon_hold_that_did_not(record, data):
    states = data.draw(
        st.lists(
            st.sampled_from(["ahead", "enacted", "altered", "averted"]),
            min_size=len(record),
            max_size=len(record),
        )
    )
    waiting = [
        Waiting(key=each.key, title=each.event.title, on=each.event.on, state=state)
        for each, state in zip(record, states, strict=True)
    ]
    told = [each.event for each, state in zip(record, states, strict=True) if state == "enacted"]
    one = data.draw(st.sampled_from(range(len(record))))
    averted = [replace(each, state="averted") if at == one else each for at, each in enumerate(waiting)]
    left = [each for each in told if each.canon_key != record[one].key]
    before = {each.key for each in compare(record, told, waiting).lapsed} - {record[one].key}
    after = {each.key for each in compare(record, left, averted).lapsed}
    assert before <= after
    point = compare(record, told, waiting).point
    then = compare(record, left, averted).point
    assert then is not None
    assert point is None or then.on <= point.on


# The canon that ships, and a campaign that was opened on it


def test_nothing_in_canon_rests_on_what_comes_later():
    order = {each.key: place for place, each in enumerate(load().events)}
    for each in load().events:
        assert all(order[ground] < order[each.key] for ground in each.rests_on)


@pytest.mark.parametrize(
    ("key", "ground"),
    [
        ("gorkon-opens-talks", "praxis-explosion"),
        ("first-khitomer-conference", "gorkon-opens-talks"),
        ("klingon-withdrawal", "council-condemns-invasion"),
        ("klingon-return", "klingon-withdrawal"),
        ("klingon-return", "dominion-cardassian-alliance"),
    ],
)
def test_the_record_gives_the_ground(key, ground):
    assert ground in load().get("event", key).rests_on


@pytest.fixture
def opened(gm):
    """A campaign that begins in 2372: the withdrawal and all that follows lie ahead of it."""
    return campaigns.open_campaign(name="Before the break", starts=parse("2372"), by=gm, now=factories.NOW)


def settle(opened, gm, key, state="averted", **more):
    do = {"averted": campaigns.avert_future, "enacted": campaigns.enact_future}[state]
    do(future=opened.futures.get(canon_key=key), by=gm, now=factories.NOW, token=f"{key}-{state}", **more)


def test_a_campaign_as_it_opens_has_left_canon_nowhere(opened):
    found = records.compared(opened, state=chronicle.load_state(opened))
    assert found.point is None
    assert found.lapsed == ()
    assert {each.status for each in found.events} == {Status.AS_IN_CANON, Status.AHEAD}


def test_a_campaign_that_let_all_of_canon_happen_has_left_it_nowhere(opened, gm):
    for future in opened.futures.all():
        settle(opened, gm, future.canon_key, "enacted")
    found = records.compared(opened)
    assert found.point is None
    assert {each.status for each in found.events} == {Status.AS_IN_CANON}


def test_averting_the_condemnation_unsettles_all_that_came_of_it(opened, gm):
    settle(opened, gm, "council-condemns-invasion")
    found = records.compared(opened, state=chronicle.load_state(opened))
    assert found.point.key == "council-condemns-invasion"
    gone = [each.key for each in found.lapsed]
    assert gone[:3] == ["klingon-withdrawal", "second-federation-klingon-war", "klingon-return"]
    assert "second-federation-klingon-war-ended" in gone  # nothing is left that could end
    assert "dominion-war" not in gone


def test_a_struck_event_of_the_past_is_averted_and_undoing_it_brings_canon_back(opened, gm):
    praxis = opened.events.get(slug="praxis-explosion")
    story.strike_event(campaign=opened, event=praxis, by=gm, token="s", now=factories.NOW)
    found = records.compared(opened)
    assert (found.point.key, found.point.differs) == (
        "praxis-explosion",
        ("It was struck from the timeline.",),
    )
    assert [each.key for each in found.lapsed] == [
        "gorkon-opens-talks"
    ]  # it stands, and so what rests on it does
    chronicle.undo(campaign=opened, source="gm:s", by=gm, why="no", now=factories.NOW)
    assert records.compared(opened).point is None


def test_what_happened_instead_is_found_by_the_ledger_and_lost_when_it_is_struck(opened, gm):
    cold = AddEvent(slug="a-cold-war", on=parse("2372"), title="A cold war")
    future = opened.futures.get(canon_key="second-federation-klingon-war")
    campaigns.alter_future(future=future, changes=[cold], by=gm, now=factories.NOW, token="t")
    assert records.compared(opened).of(future.canon_key).differs == ("“A cold war” happened instead.",)
    assert records.compared(opened).of(future.canon_key).became == "a-cold-war"
    story.strike_event(
        campaign=opened, event=opened.events.get(slug="a-cold-war"), by=gm, token="s", now=factories.NOW
    )
    assert records.compared(opened).of(future.canon_key).differs == (
        "What happened instead was struck since.",
    )


def test_a_campaign_that_took_over_no_canon_is_compared_with_none(db):
    assert records.compared(factories.make_campaign()).events == ()


@pytest.mark.parametrize("number", [1, 40])
def test_comparing_costs_the_same_whatever_the_timeline_holds(opened, number, django_assert_num_queries):
    for each in range(number):
        factories.make_event(opened, f"Event {each}", slug=f"e{each}")
    with django_assert_num_queries(2):
        records.compared(opened)
