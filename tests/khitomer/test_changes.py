"""What changes do to a state, in words and in fact; and the laws that make the ledger reversible."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khitomer.rules import changes
from khitomer.rules.changes import (
    AbolishZone,
    AddClock,
    AddEvent,
    AddPower,
    AddProvision,
    AddTerritory,
    AddTreaty,
    AdvanceDate,
    Amend,
    Change,
    ChangeStanding,
    CloseEntry,
    DiscloseEntry,
    EndReservation,
    EnterTreaty,
    Entry,
    Future,
    Held,
    Impossible,
    LeaveTreaty,
    MakeReservation,
    MoveTerritory,
    RecordUse,
    RemoveClock,
    RemovePower,
    RemoveProvision,
    RemoveTerritory,
    RemoveTreaty,
    ReopenAdherence,
    ReopenReservation,
    ReopenZone,
    ReturnDate,
    ReturnTerritory,
    SetExemption,
    SetFate,
    SettleFuture,
    SetUpZone,
    Span,
    State,
    StrikeAdherence,
    StrikeEvent,
    StrikeReservation,
    StrikeUse,
    StrikeZone,
    TickClock,
    Use,
)
from khitomer.rules.dates import StoryDate

ACCORDS = "second-accords"
NAMES = {"empire": "Klingon Empire", "federation": "Federation", "union": "Cardassian Union"}


def on(text: str) -> StoryDate:
    return StoryDate.parse(text)


def power(slug: str, name: str, short: str) -> AddPower:
    return AddPower(slug=slug, name=name, short=short, adjective=name, colour="#7fb2ff", emblem="star")


STATE = State(
    today=on("2379-03-14"),
    powers={slug: power(slug, name, slug[:3].upper()) for slug, name in NAMES.items()},
    treaties={
        ACCORDS: AddTreaty(slug=ACCORDS, name="Second Accords", numeral="II", signed=on("2368"), has_forum=True),
        "spare": AddTreaty(slug="spare", name="Spare Treaty", numeral="IX", signed=on("2370")),
    },
    provisions={
        f"{ACCORDS}/1": AddProvision(
            treaty=ACCORDS, number=1, title="Subspace weapons", text="Banned.", exemption="Tri-cobalt devices",
            exemption_limit=3, exemption_window_days=90,
        ),
        f"{ACCORDS}/2": AddProvision(treaty=ACCORDS, number=2, title="Biogenic weapons", text="Prohibited."),
    },
    standings={("empire", "federation"): -1},
    adherence={
        (ACCORDS, "empire"): (
            Span(entered=on("2368"), left=on("2372"), canon_key="first-span"), Span(entered=on("2373")),
        ),
        (ACCORDS, "federation"): (Span(entered=on("2368"), note="Founder"),),
    },
    reservations={(f"{ACCORDS}/2", "empire"): (Span(entered=on("2374")),)},
    uses={f"{ACCORDS}/1": (Use(on=on("2375-01-02"), power="federation", note="At Torga IV"),)},
    events={
        "raid": AddEvent(slug="raid", on=on("2378-11"), title="A raid", audience="powers", told=("empire",)),
        "council": AddEvent(slug="council", on=on("2378"), title="A council", text="It met.", until=on("2379")),
    },
    clocks={"famine": AddClock(slug="famine", name="Famine", size=6, filled=2)},
    entries={
        "martok": Entry(name="Martok", audience="all"), "spy": Entry(name="A spy", fate="at large"),
        "base": Entry(name="A base", audience="powers", told=("federation",), secret_told=("federation",)),
    },
    territories={
        "archanis": AddTerritory(slug="archanis", name="Archanis Sector", canon_key="archanis-sector"),
        "ajilon": AddTerritory(slug="ajilon", name="Ajilon Prime"),
    },
    holdings={
        "archanis": (
            Held(power="federation", left=on("2372"), canon_key="archanis-sector"),
            Held(power="empire", entered=on("2372"), left=on("2373-06"), note="In the war"),
            Held(power="", entered=on("2373-06")),
        ),
    },
    zones={
        "old": SetUpZone(
            slug="old", name="Klingon Neutral Zone", powers=("empire", "federation"), abolished=on("2293")
        ),
        "buffer": SetUpZone(slug="buffer", name="Buffer", powers=("empire", "federation"), established=on("2370")),
    },
    futures={"return": Future(title="The return"), "gone": Future(title="The past", state="averted")},
    held=frozenset({"federation"}),
)  # fmt: skip

MAKES: dict[str, Change] = {
    "a standing falls": ChangeStanding(power="federation", other="empire", by=-2),
    "a standing comes to nought": ChangeStanding(power="empire", other="federation", by=1),
    "a standing begins": ChangeStanding(power="union", other="empire", by=5),
    "a power joins": power("breen", "Breen Confederacy", "BRE"),
    "a power that nothing rests on goes": RemovePower(slug="union"),
    "a treaty is added": AddTreaty(slug="algeron", name="Treaty of Algeron", numeral="A", signed=on("2311")),
    "a treaty goes": RemoveTreaty(slug="spare"),
    "a provision is added": AddProvision(treaty="spare", number=1, title="One", text="First."),
    "a number is used twice over two treaties": AddProvision(treaty="spare", number=2, title="Two", text="Second."),
    "an exemption is tightened": SetExemption(
        provision=f"{ACCORDS}/1", exemption="Tri-cobalt devices", limit=1, window_days=30
    ),
    "an exemption is dropped": SetExemption(provision=f"{ACCORDS}/1", exemption=""),
    "an exemption is given": SetExemption(provision=f"{ACCORDS}/2", exemption="Cures", limit=0, window_days=1),
    "a power accedes": EnterTreaty(treaty=ACCORDS, power="union", on=on("2376"), note="By signature"),
    "a past span is entered": EnterTreaty(treaty=ACCORDS, power="union", on=on("2370"), left=on("2371")),
    "a span fits between two": EnterTreaty(
        treaty=ACCORDS, power="empire", on=on("2372-02"), left=on("2372-09"), canon_key="between"
    ),
    "a power withdraws": LeaveTreaty(treaty=ACCORDS, power="federation", on=on("2379-03-14")),
    "a power is suspended": LeaveTreaty(
        treaty=ACCORDS, power="empire", on=on("2379-03-14"), manner="suspended"
    ),
    "a closed span is struck": StrikeAdherence(treaty=ACCORDS, power="empire", entered=on("2368")),
    "an open span is struck": StrikeAdherence(treaty=ACCORDS, power="federation", entered=on("2368")),
    "a reservation is made": MakeReservation(provision=f"{ACCORDS}/1", power="union", on=on("2376")),
    "a reservation is given up": EndReservation(provision=f"{ACCORDS}/2", power="empire", on=on("2379")),
    "a reservation is struck": StrikeReservation(provision=f"{ACCORDS}/2", power="empire", entered=on("2374")),
    "a use is recorded": RecordUse(provision=f"{ACCORDS}/1", power="union", on=on("2376")),
    "a use is recorded again": RecordUse(
        provision=f"{ACCORDS}/1", power="federation", on=on("2375-01-02"), note="At Torga IV"
    ),
    "a use is struck": StrikeUse(
        provision=f"{ACCORDS}/1", power="federation", on=on("2375-01-02"), note="At Torga IV"
    ),
    "an event is told to one": AddEvent(
        slug="leak", on=on("2379"), title="A leak", audience="powers", told=("union",)
    ),
    "an event for all": AddEvent(slug="fair", on=on("2379-02"), title="A fair", until=on("2379-03")),
    "an event is struck": StrikeEvent(slug="raid"),
    "a clock starts": AddClock(slug="war", name="War", size=8),
    "a clock goes": RemoveClock(slug="famine"),
    "a clock ticks": TickClock(clock="famine", by=4),
    "a clock goes back": TickClock(clock="famine", by=-2),
    "a fate is set": SetFate(entry="martok", fate="Chancellor"),
    "a fate is forgotten": SetFate(entry="spy", fate=""),
    "the date moves": AdvanceDate(to=on("2379-04-01")),
    "canon is enacted": SettleFuture(canon_key="return", state="enacted"),
    "canon is open again": SettleFuture(canon_key="gone", state="ahead"),
    "a territory is added": AddTerritory(slug="kalandra", name="Kalandra Sector", note="On the front"),
    "a territory that nobody held goes": RemoveTerritory(slug="ajilon"),
    "a territory passes on": MoveTerritory(territory="archanis", to="union", on=on("2379-03-14"), note="Bought"),
    "a first holder is put on record": MoveTerritory(territory="ajilon", to="federation"),
    "a first holder takes it on a day": MoveTerritory(territory="ajilon", to="empire", on=on("2379")),
    "the last passing is taken back": ReturnTerritory(territory="archanis", to="", on=on("2373-06")),
    "a zone is set up": SetUpZone(
        slug="line", name="The Line", powers=("union", "empire", "federation"), established=on("2379-03")
    ),
    "a zone of the past is put on record": SetUpZone(
        slug="past", name="Past", powers=("union", "empire"), established=on("2350"), abolished=on("2360")
    ),
    "a zone is struck": StrikeZone(slug="old"),
    "a zone is abolished": AbolishZone(zone="buffer", on=on("2379-03-14")),
    "an abolition is taken back": ReopenZone(zone="old"),
    "an entry is disclosed to one": DiscloseEntry(entry="spy", to=("union",)),
    "an entry is disclosed to one more": DiscloseEntry(entry="base", to=("union", "empire")),
    "an entry is disclosed to all": DiscloseEntry(entry="base"),
    "an entry is closed to all but one": CloseEntry(
        entry="martok", audience="powers", told=("empire",), was="all"
    ),
    "a name is amended": Amend(subject="power", key="union", field="name", value="Cardassian Empire"),
    "a date of signing is amended": Amend(subject="treaty", key=ACCORDS, field="signed", value="2367-05"),
    "a forum is closed": Amend(subject="treaty", key=ACCORDS, field="has_forum", value=False),
    "a text is amended": Amend(subject="provision", key=f"{ACCORDS}/2", field="text", value="Forbidden."),
    "an end is taken off": Amend(subject="event", key="council", field="until", value=None),
    "a clock grows": Amend(subject="clock", key="famine", field="size", value=12),
}  # fmt: skip

FOLLOW_UPS: dict[str, tuple[Change, ...]] = {
    "a withdrawal is taken back": (
        LeaveTreaty(treaty=ACCORDS, power="empire", on=on("2379")),
        ReopenAdherence(treaty=ACCORDS, power="empire", entered=on("2373")),
    ),
    "a giving up is taken back": (
        EndReservation(provision=f"{ACCORDS}/2", power="empire", on=on("2379")),
        ReopenReservation(provision=f"{ACCORDS}/2", power="empire", entered=on("2374")),
    ),
    "an advance is taken back": (
        AdvanceDate(to=on("2380")), ReturnDate(to=on("2379-03-14"), advanced_to=on("2380")),
    ),
    "a provision comes and goes": (
        AddProvision(treaty="spare", number=1, title="One", text="First."), RemoveProvision(provision="spare/1"),
    ),
}  # fmt: skip

EVERY = [*MAKES.values(), *(change for pair in FOLLOW_UPS.values() for change in pair)]


# Laws


@pytest.mark.parametrize("change", MAKES.values(), ids=MAKES)
def test_a_change_and_its_inverse_leave_the_state_as_it_was(change: Change) -> None:
    there = changes.step(STATE, change)
    back = changes.step(there.state_after, there.inverse)

    assert there.state_after != STATE
    assert back.state_after == STATE
    assert (back.before != back.after) or isinstance(change, Amend)


@pytest.mark.parametrize("pair", FOLLOW_UPS.values(), ids=FOLLOW_UPS)
def test_the_kinds_that_take_back_have_inverses_too(pair: tuple[Change, Change]) -> None:
    first, second = changes.preview(STATE, pair)

    assert second.state_after == STATE
    assert changes.step(second.state_after, second.inverse).state_after == first.state_after


def test_every_kind_is_among_the_examples() -> None:
    assert {change.kind for change in EVERY} == set(changes.KINDS)


@pytest.mark.parametrize("change", EVERY, ids=lambda change: change.kind)
def test_a_change_survives_json(change: Change) -> None:
    text = json.dumps(changes.to_json(change))

    assert changes.from_json(json.loads(text)) == change


@pytest.mark.parametrize("change", EVERY, ids=lambda change: change.kind)
def test_an_inverse_survives_json(change: Change) -> None:
    try:
        inverse = changes.step(STATE, change).inverse
    except Impossible:
        return  # the second of a pair: its inverse is in the test above
    assert changes.from_json(json.loads(json.dumps(changes.to_json(inverse)))) == inverse


dates = st.builds(
    lambda year, month: StoryDate(year, month),
    st.integers(2366, 2382),
    st.none() | st.integers(1, 12),
)
powers = st.sampled_from(sorted(NAMES))
any_change: st.SearchStrategy[Change] = st.one_of(
    st.builds(ChangeStanding, power=powers, other=powers, by=st.integers(-6, 6)),
    st.builds(EnterTreaty, treaty=st.just(ACCORDS), power=powers, on=dates, left=st.none() | dates),
    st.builds(
        LeaveTreaty,
        treaty=st.just(ACCORDS),
        power=powers,
        on=dates,
        manner=st.sampled_from(get_args(changes.Manner)),
    ),
    st.builds(StrikeAdherence, treaty=st.just(ACCORDS), power=powers, entered=dates),
    st.builds(ReopenAdherence, treaty=st.just(ACCORDS), power=powers, entered=dates),
    st.builds(
        MakeReservation, provision=st.just(f"{ACCORDS}/1"), power=powers, on=dates, left=st.none() | dates
    ),
    st.builds(EndReservation, provision=st.just(f"{ACCORDS}/1"), power=powers, on=dates),
    st.builds(RecordUse, provision=st.just(f"{ACCORDS}/1"), power=powers, on=dates),
    st.builds(StrikeUse, provision=st.just(f"{ACCORDS}/1"), power=powers, on=dates),
    st.builds(TickClock, clock=st.just("famine"), by=st.integers(-7, 7)),
    st.builds(AdvanceDate, to=dates),
    st.builds(SetFate, entry=st.just("martok"), fate=st.sampled_from(["", "dead", "Chancellor"])),
    st.builds(
        AddEvent, slug=st.sampled_from(["a", "b"]), on=dates, title=st.just("E"), until=st.none() | dates
    ),
    st.builds(StrikeEvent, slug=st.sampled_from(["a", "b", "raid"])),
    st.builds(
        MoveTerritory,
        territory=st.sampled_from(["archanis", "ajilon"]),
        to=st.just("") | powers,
        on=st.none() | dates,
    ),
    st.builds(ReturnTerritory, territory=st.just("archanis"), to=st.just("") | powers, on=dates),
    st.builds(
        SetUpZone,
        slug=st.sampled_from(["a", "b"]),
        name=st.just("Z"),
        powers=st.lists(powers, max_size=3).map(tuple),
        established=st.none() | dates,
    ),
    st.builds(AbolishZone, zone=st.sampled_from(["a", "b", "buffer"]), on=dates),
    st.builds(ReopenZone, zone=st.sampled_from(["a", "old"])),
    st.builds(
        DiscloseEntry,
        entry=st.sampled_from(["martok", "spy", "base"]),
        to=st.lists(powers, max_size=3).map(tuple),
    ),
    st.sampled_from(EVERY),
)


def possible(state: State, wanted: list[Change]) -> list[changes.Step]:
    """The steps of those changes that could be made, one after another."""
    steps: list[changes.Step] = []
    for change in wanted:
        with suppress(Impossible):
            steps.append(changes.step(steps[-1].state_after if steps else state, change))
    return steps


@given(st.lists(any_change, max_size=12))
def test_law_undoing_in_reverse_order_restores_the_state(wanted: list[Change]) -> None:
    steps = possible(STATE, wanted)
    state = steps[-1].state_after if steps else STATE

    undone = changes.preview(state, [step.inverse for step in reversed(steps)])

    assert (undone[-1].state_after if undone else state) == STATE


@given(st.lists(any_change, max_size=12))
def test_law_spans_never_overlap_and_standings_stay_on_the_scale(wanted: list[Change]) -> None:
    steps = possible(STATE, wanted)
    state = steps[-1].state_after if steps else STATE

    for spans in (*state.adherence.values(), *state.reservations.values()):
        assert spans
        for earlier, later in pairwise(spans):
            assert earlier.left is not None
            assert earlier.entered < later.entered
            assert earlier.left <= later.entered
        assert all(span.left is None or span.left >= span.entered for span in spans)
    for held in state.holdings.values():
        assert held and held[-1].left is None
        for past, next_ in pairwise(held):
            assert past.left == next_.entered and past.power != next_.power
            assert past.entered is None or past.entered < past.left
    assert all(entry.told == () or entry.audience == "powers" for entry in state.entries.values())
    assert all(-5 <= value <= 5 and value for value in state.standings.values())
    assert all(0 <= clock.filled <= clock.size for clock in state.clocks.values())


@given(st.lists(any_change, max_size=8))
def test_law_preview_is_folding(wanted: list[Change]) -> None:
    made = [step.change for step in possible(STATE, wanted)]
    state = STATE
    for step in changes.preview(STATE, made):
        alone = changes.step(state, step.change)
        assert alone == step
        state = alone.state_after


@given(st.lists(any_change, max_size=8))
def test_law_json_round_trip(wanted: list[Change]) -> None:
    for change in wanted:
        assert changes.from_json(json.loads(json.dumps(changes.to_json(change)))) == change


# Words


@pytest.mark.parametrize(
    ("change", "before", "after", "sentence"),
    [
        (
            MAKES["a standing falls"], "−1", "−3", "Federation and Klingon Empire go from −1 to −3",
        ),
        (
            MAKES["a power is suspended"], "bound since 2373", "not bound from 14 March 2379",
            "Klingon Empire is suspended from the Second Accords on 14 March 2379",
        ),
        (
            MAKES["a power accedes"], "not bound", "bound from 2376",
            "Cardassian Union enters the Second Accords in 2376",
        ),
        (
            MAKES["a span fits between two"], "bound since 2373", "bound February 2372 to September 2372",
            "Klingon Empire re-enters the Second Accords in February 2372, until September 2372",
        ),
        (
            MAKES["an exemption is tightened"], "Tri-cobalt devices, up to 3 uses in 90 days",
            "Tri-cobalt devices, up to 1 use in 30 days",
            "The exemption of II·1 is now: Tri-cobalt devices, up to 1 use in 30 days",
        ),
        (
            MAKES["a clock ticks"], "2 of 6", "6 of 6", "The clock “Famine” goes from 2 to 6 of 6",
        ),
        (
            MAKES["the date moves"], "14 March 2379", "1 April 2379", "The story goes on to 1 April 2379",
        ),
        (
            MAKES["a forum is closed"], "yes", "no", "The forum for complaints of Second Accords is now “no”",
        ),
        (
            MAKES["a use is recorded"], "1 recorded use", "2 recorded uses",
            "A use under II·1 by Cardassian Union in 2376 is recorded",
        ),
        (
            MAKES["a fate is set"], "fate not known", "Chancellor", "Martok: Chancellor",
        ),
        (
            MAKES["a territory passes on"], "nobody since June 2373", "Cardassian Union since 14 March 2379",
            "Archanis Sector passes to Cardassian Union on 14 March 2379",
        ),
        (
            MAKES["a first holder is put on record"], "no holder on record", "Federation",
            "Ajilon Prime is held by Federation",
        ),
        (
            MAKES["the last passing is taken back"], "nobody since June 2373", "Klingon Empire since 2372",
            "The passing of Archanis Sector to nobody is taken back",
        ),
        (
            MAKES["a zone is set up"], "no such zone", "in force since March 2379",
            "A zone is set up between Cardassian Union, Klingon Empire and Federation: The Line",
        ),
        (
            MAKES["a zone is abolished"], "in force since 2370", "abolished on 14 March 2379",
            "The Buffer is abolished on 14 March 2379",
        ),
        (
            MAKES["an entry is disclosed to one more"], "open to Federation",
            "open to Klingon Empire, Federation, Cardassian Union",
            "“A base” is disclosed to Cardassian Union, Klingon Empire",
        ),
        (
            MAKES["an entry is disclosed to all"], "open to Federation", "open to everyone",
            "“A base” is disclosed to everyone",
        ),
    ],
)  # fmt: skip
def test_a_step_tells_before_and_after_in_words(
    change: Change, before: str, after: str, sentence: str
) -> None:
    step = changes.step(STATE, change)

    assert (step.before, step.after, step.sentence) == (before, after, sentence)
    assert changes.describe(STATE, change) == sentence


@pytest.mark.parametrize(
    ("change", "audience", "told"),
    [
        (MAKES["a standing falls"], "all", ()),
        (MAKES["an event is told to one"], "powers", ("union",)),
        (MAKES["an event is struck"], "powers", ("empire",)),
        (MAKES["a clock ticks"], "gm", ()),
        (MAKES["a clock grows"], "gm", ()),
        (MAKES["a fate is set"], "all", ()),
        (MAKES["a fate is forgotten"], "gm", ()),
        (MAKES["canon is enacted"], "gm", ()),
        (MAKES["a territory passes on"], "all", ()),
        (MAKES["a zone is abolished"], "all", ()),
        (MAKES["an entry is disclosed to one"], "powers", ("union",)),
        (MAKES["an entry is disclosed to one more"], "powers", ("empire", "federation", "union")),
        (MAKES["an entry is disclosed to all"], "all", ()),
        (MAKES["an entry is closed to all but one"], "powers", ("empire",)),
    ],
)
def test_a_step_says_who_may_notice(change: Change, audience: str, told: tuple[str, ...]) -> None:
    step = changes.step(STATE, change)

    assert (step.audience, step.told) == (audience, told)


@pytest.mark.parametrize("entry", ["spy", "base"])
@pytest.mark.parametrize("to", [(), ("union",), ("federation",), ("federation", "union")])
def test_of_a_disclosure_taken_back_only_those_hear_who_knew_before(entry: str, to: tuple[str, ...]) -> None:
    there = changes.step(STATE, DiscloseEntry(entry=entry, to=to))
    back = changes.step(there.state_after, there.inverse)

    assert back.state_after == STATE
    assert (back.audience, back.told) == (STATE.entries[entry].audience, STATE.entries[entry].told)


def test_to_tell_those_who_know_is_no_error_and_says_nothing_of_who_knows() -> None:
    known = changes.step(STATE, DiscloseEntry(entry="base", to=("federation",)))
    told = changes.step(
        replace(STATE, entries={"base": Entry(name="A base")}),
        DiscloseEntry(entry="base", to=("federation",)),
    )

    assert known.state_after == STATE
    assert known.sentence == told.sentence


def test_a_withdrawal_taken_back_keeps_its_manner() -> None:
    left, back = changes.preview(
        STATE,
        [
            MAKES["a power is suspended"],
            ReopenAdherence(treaty=ACCORDS, power="empire", entered=on("2373"), manner="suspended"),
        ],
    )

    assert left.inverse == back.change
    assert back.inverse == left.change


# Refusals

IMPOSSIBLE: list[tuple[Change, str, str]] = [
    (ChangeStanding(power="empire", other="federation", by=-5), "stand at −1", "from −4 to +6"),
    (ChangeStanding(power="empire", other="empire", by=1), "no standing with itself", ""),
    (ChangeStanding(power="empire", other="union", by=0), "as they stand", ""),
    (ChangeStanding(power="tholians", other="union", by=1), "no power “tholians”", ""),
    (power("gorn", "Klingon Empire", "GOR"), "“Klingon Empire” is taken by Klingon Empire", ""),
    (power("gorn", "Gorn Hegemony", "UNI"), "“UNI” is taken by Cardassian Union", ""),
    (power("gorn", "Gorn Hegemony", "g"), "no short name", "two to four capital letters"),
    (replace(power("gorn", "Gorn", "GOR"), colour="red"), "no colour", "#7fb2ff"),
    (power("Gorn!", "Gorn", "GOR"), "cannot stand in an address", "small letters"),
    (power("gorn", "G" * 61, "GOR"), "The name has 61 characters", "limit is 60"),
    (power("gorn", " ", "GOR"), "The name is empty", ""),
    (RemovePower(slug="empire"), "bound by a treaty", "Undo that first"),
    (
        AddTreaty(slug="x", name="X", numeral="II", signed=on("2370")),
        "“II” is taken by the Second Accords",
        "",
    ),
    (RemoveTreaty(slug=ACCORDS), "There are provisions in the Second Accords", "first"),
    (AddProvision(treaty=ACCORDS, number=2, title="T", text="t"), "a provision 2", ""),
    (AddProvision(treaty=ACCORDS, number=0, title="T", text="t"), "no number 0", "1 to 999"),
    (
        AddProvision(treaty="spare", number=1, title="T", text="t", exemption_limit=2),
        "go together",
        "both or neither",
    ),
    (RemoveProvision(provision=f"{ACCORDS}/1"), "Uses are recorded under II·1", ""),
    (RemoveProvision(provision=f"{ACCORDS}/2"), "A reservation was made to II·2", ""),
    (SetExemption(provision=f"{ACCORDS}/2", exemption="", limit=2), "go together", ""),
    (SetExemption(provision=f"{ACCORDS}/2", exemption=""), "is that already", ""),
    (
        EnterTreaty(treaty=ACCORDS, power="empire", on=on("2379")),
        "bound by the Second Accords since 2373",
        "End that",
    ),
    (EnterTreaty(treaty=ACCORDS, power="empire", on=on("2370")), "from 2368 to 2372", ""),
    (EnterTreaty(treaty=ACCORDS, power="empire", on=on("2372")), "from 2373 to now", "outside that span"),
    (
        EnterTreaty(treaty=ACCORDS, power="empire", on=on("2368"), left=on("2368")),
        "in 2368 already",
        "more exact",
    ),
    (
        EnterTreaty(treaty=ACCORDS, power="union", on=on("2367")),
        "before the signing in 2368",
        "2368 or later",
    ),
    (
        EnterTreaty(treaty=ACCORDS, power="union", on=on("2370"), left=on("2369")),
        "cannot leave in 2369",
        "2370",
    ),
    (EnterTreaty(treaty="algeron", power="union", on=on("2370")), "no treaty “algeron”", ""),
    (LeaveTreaty(treaty=ACCORDS, power="union", on=on("2379")), "Cardassian Union is not bound", ""),
    (
        LeaveTreaty(treaty=ACCORDS, power="empire", on=on("2372")),
        "cannot leave in 2372",
        "not earlier than 2373",
    ),
    (StrikeAdherence(treaty=ACCORDS, power="union", entered=on("2370")), "no entry of Cardassian Union", ""),
    (
        ReopenAdherence(treaty=ACCORDS, power="empire", entered=on("2368")),
        "entered again in 2373",
        "Undo that",
    ),
    (ReopenAdherence(treaty=ACCORDS, power="empire", entered=on("2373")), "is open already", ""),
    (
        MakeReservation(provision=f"{ACCORDS}/2", power="empire", on=on("2376")),
        "reservation to II·2 since 2374",
        "",
    ),
    (EndReservation(provision=f"{ACCORDS}/1", power="empire", on=on("2376")), "no reservation to II·1", ""),
    (
        StrikeReservation(provision=f"{ACCORDS}/1", power="empire", entered=on("2376")),
        "no reservation of Klingon",
        "",
    ),
    (StrikeUse(provision=f"{ACCORDS}/1", power="empire", on=on("2376")), "No such use", ""),
    (AddEvent(slug="raid", on=on("2379"), title="Another"), "“raid” already: A raid", ""),
    (AddEvent(slug="x", on=on("2379"), title="X", until=on("2378")), "cannot end in 2378", "2379"),
    (AddEvent(slug="x", on=on("2379"), title="X", told=("union",)), "audience is not", ""),
    (AddEvent(slug="x", on=on("2379"), title="X", audience="powers", told=("gorn",)), "no power “gorn”", ""),
    (AddEvent(slug="x", on=on("2379"), title=""), "The title is empty", ""),
    (StrikeEvent(slug="x"), "no event “x”", ""),
    (AddClock(slug="famine", name="F", size=4), "“famine” already", ""),
    (AddClock(slug="x", name="X", size=13), "13 segments", "2 to 12"),
    (AddClock(slug="x", name="X", size=4, filled=5), "5 segments filled", ""),
    (TickClock(clock="famine", by=5), "at 2 of 6", "−2 to +4"),
    (TickClock(clock="famine", by=0), "as it is", ""),
    (SetFate(entry="spy", fate="at large"), "“at large” already", ""),
    (SetFate(entry="nobody", fate="dead"), "no entry “nobody”", ""),
    (AddTerritory(slug="ajilon", name="A"), "a territory “ajilon” already: Ajilon Prime", ""),
    (AddTerritory(slug="Bad Slug", name="A"), "cannot stand in an address", ""),
    (AddTerritory(slug="x", name=""), "The name is empty", ""),
    (RemoveTerritory(slug="archanis"), "who holds or held Archanis Sector", "moves back first"),
    (RemoveTerritory(slug="x"), "no territory “x”", ""),
    (MoveTerritory(territory="x", to="union", on=on("2379")), "no territory “x”", ""),
    (MoveTerritory(territory="archanis", to="gorn", on=on("2379")), "no power “gorn”", ""),
    (MoveTerritory(territory="archanis", to="", on=on("2379")), "Nobody holds Archanis Sector as it is", ""),
    (MoveTerritory(territory="ajilon", to=""), "Nobody holds Ajilon Prime as it is", ""),
    (MoveTerritory(territory="archanis", to="union"), "says already who holds", "Give the date"),
    (MoveTerritory(territory="archanis", to="union", on=on("2373")), "by nobody since June 2373", "later"),
    (MoveTerritory(territory="archanis", to="union", on=on("2373-06")), "by nobody since June 2373", ""),
    (
        ReturnTerritory(territory="archanis", to="empire", on=on("2372")),
        "passed on since: nobody since",
        "later",
    ),
    (ReturnTerritory(territory="ajilon", to="empire", on=on("2372")), "no holder on record", ""),
    (SetUpZone(slug="old", name="X", powers=("empire", "union")), "a zone “old” already", ""),
    (SetUpZone(slug="x", name="X", powers=("empire", "empire")), "between nobody", "two powers"),
    (SetUpZone(slug="x", name="X", powers=("empire", "gorn")), "no power “gorn”", ""),
    (
        SetUpZone(
            slug="x", name="X", powers=("empire", "union"), established=on("2370"), abolished=on("2369")
        ),
        "cannot be abolished in 2369",
        "not earlier than 2370",
    ),
    (StrikeZone(slug="x"), "no zone “x”", ""),
    (AbolishZone(zone="old", on=on("2379")), "abolished in 2293 already", ""),
    (
        AbolishZone(zone="buffer", on=on("2369")),
        "was set up in 2370, later than 2369",
        "not earlier than 2370",
    ),
    (ReopenZone(zone="buffer"), "has not been abolished", ""),
    (DiscloseEntry(entry="nobody"), "no entry “nobody”", ""),
    (DiscloseEntry(entry="spy", to=("gorn",)), "no power “gorn”", ""),
    (
        CloseEntry(entry="martok", audience="gm", was="powers", was_told=("union",)),
        "open to everyone",
        "own page",
    ),
    (
        CloseEntry(entry="base", audience="powers", told=("union",), was="powers", was_told=("federation",)),
        "opened and not closed",
        "Disclose it",
    ),
    (
        CloseEntry(entry="base", audience="gm", was="powers", was_told=("federation",)),
        "A secret on “A base” is open to Federation",
        "secret first",
    ),
    (AdvanceDate(to=on("2379-03-14")), "only goes forward", "later than 14 March 2379"),
    (AdvanceDate(to=on("2379")), "only goes forward", ""),
    (ReturnDate(to=on("2378"), advanced_to=on("2379")), "gone on from 2379", "later advance"),
    (SettleFuture(canon_key="gone", state="enacted"), "is settled: averted", "Undo that"),
    (SettleFuture(canon_key="gone", state="averted"), "averted already", ""),
    (Amend(subject="power", key="union", field="slug", value="x"), "not amended this way", "short name"),
    (Amend(subject="power", key="union", field="short", value="EMP"), "taken by Klingon Empire", ""),
    (Amend(subject="power", key="union", field="name", value="Cardassian Union"), "already", ""),
    (Amend(subject="power", key="union", field="name", value=4), "must be text", ""),
    (
        Amend(subject="treaty", key=ACCORDS, field="signed", value="2371"),
        "entered the Second Accords in 2368",
        "Correct",
    ),
    (Amend(subject="treaty", key=ACCORDS, field="signed", value="soon"), "not a story date", ""),
    (
        Amend(subject="clock", key="famine", field="size", value=2, only_if=(8,)),
        "is “6” by now",
        "later amendment",
    ),
]


@pytest.mark.parametrize(
    ("change", "reason", "allowed"), IMPOSSIBLE, ids=[f"{c.kind}: {r}" for c, r, _ in IMPOSSIBLE]
)
def test_what_cannot_be_is_refused_with_a_reason(change: Change, reason: str, allowed: str) -> None:
    with pytest.raises(Impossible) as no:
        changes.step(STATE, change)

    assert reason in no.value.reason
    assert allowed in no.value.allowed


@pytest.mark.parametrize(
    ("state", "what"),
    [
        (replace(STATE, standings={("federation", "union"): 1}), "stands well or ill"),
        (replace(STATE, held=frozenset({"union"})), "someone plays it"),
        (replace(STATE, entries={"x": Entry(name="X", audience="powers", told=("union",))}), "in confidence"),
        (replace(STATE, uses={f"{ACCORDS}/1": (Use(on=on("2376"), power="union"),)}), "a use is recorded"),
        (replace(STATE, holdings={"ajilon": (Held(power="union"),)}), "holds or held territory"),
        (
            replace(STATE, zones={"z": SetUpZone(slug="z", name="Z", powers=("empire", "union"))}),
            "a zone lies",
        ),
        (
            replace(STATE, reservations={(f"{ACCORDS}/2", "union"): (Span(entered=on("2374")),)}),
            "reservation",
        ),
    ],
)
def test_a_power_that_something_rests_on_stays(state: State, what: str) -> None:
    with pytest.raises(Impossible, match=what):
        changes.step(state, RemovePower(slug="union"))


def test_an_amendment_is_not_taken_back_over_a_later_one() -> None:
    first, second = changes.preview(
        STATE,
        [Amend(subject="clock", key="famine", field="size", value=size) for size in (8, 10)],
    )

    with pytest.raises(Impossible, match="is “10” by now, no longer “8”"):
        changes.step(second.state_after, first.inverse)


def test_preview_stops_at_the_first_that_cannot_be() -> None:
    with pytest.raises(Impossible, match="is not bound"):
        changes.preview(STATE, [LeaveTreaty(treaty=ACCORDS, power="federation", on=on("2379"))] * 2)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (None, "must be an object"),
        ({}, "There is no kind None"),
        ({"kind": "explode"}, "There is no kind 'explode'"),
        ({"kind": ["tick clock"]}, "There is no kind"),
        ({"kind": "tick clock", "clock": "famine"}, "“tick clock” lacks “by”"),
        (
            {"kind": "tick clock", "clock": "famine", "by": "1"},
            "“by” of “tick clock”: '1' must be a whole number",
        ),
        ({"kind": "tick clock", "clock": "famine", "by": True}, "must be a whole number"),
        ({"kind": "tick clock", "clock": "famine", "by": 1, "of": 2}, "has no “of”"),
        ({"kind": "advance date", "to": "2379-13"}, "There is no month 13"),
        ({"kind": "advance date", "to": 2379}, "must be a story date"),
        (
            {"kind": "leave treaty", "treaty": "a", "power": "b", "on": "2379", "manner": "fled"},
            "must be one of",
        ),
        ({"kind": "add event", "slug": "a", "on": "2379", "title": "A", "told": "all"}, "must be a list"),
        ({"kind": "amend", "subject": "power", "key": "a", "field": "name", "value": 1.5}, "must be text or"),
    ],
)
def test_json_that_is_no_change_is_refused(given: object, reason: str) -> None:
    with pytest.raises(ValueError, match=".") as no:
        changes.from_json(given)

    assert reason in str(no.value)
