"""Clauses in, campaign changes out."""

from __future__ import annotations

import json

import pytest

from diplomacy.rules import effects
from diplomacy.rules.effects import (
    Abolish,
    ClauseEffects,
    Clock,
    Disclose,
    Effect,
    Enter,
    Event,
    Fate,
    Leave,
    Names,
    Obligation,
    Owed,
    Standing,
    Territory,
    Zone,
)
from khitomer.rules import changes
from khitomer.rules.dates import StoryDate

ON = StoryDate(2379, 3, 14)
NAMES = Names(
    powers={"empire": "Klingon Empire", "federation": "Federation"},
    treaties={"accords": "Second Accords"},
    clocks={"famine": "Famine"},
    entries={"martok": "Martok"},
    territories={"archanis": "Archanis Sector"},
    zones={"line": "The Line"},
)

EXAMPLES: list[tuple[dict[str, object], Effect, str]] = [
    (
        {"kind": "standing", "power": "empire", "other": "federation", "by": -2},
        Standing(power="empire", other="federation", by=-2),
        "Standing of Klingon Empire and Federation: −2",
    ),
    (
        {"kind": "enter", "treaty": "accords", "power": "empire"},
        Enter(treaty="accords", power="empire"),
        "Klingon Empire is admitted to the Second Accords",
    ),
    (
        {"kind": "leave", "treaty": "accords", "power": "empire", "manner": "suspended"},
        Leave(treaty="accords", power="empire", manner="suspended"),
        "Klingon Empire is suspended from the Second Accords",
    ),
    (
        {"kind": "event", "title": "The envoy returns", "text": "In silence."},
        Event(title="The envoy returns", text="In silence."),
        "Event: The envoy returns",
    ),
    ({"kind": "clock", "clock": "famine", "by": 3}, Clock(clock="famine", by=3), "Clock “Famine”: +3"),
    (
        {"kind": "fate", "entry": "martok", "fate": "in exile"},
        Fate(entry="martok", fate="in exile"),
        "Martok: in exile",
    ),
    (
        {"kind": "territory", "territory": "archanis", "to": "empire"},
        Territory(territory="archanis", to="empire"),
        "Archanis Sector passes to Klingon Empire",
    ),
    (
        {"kind": "territory", "territory": "archanis"},
        Territory(territory="archanis"),
        "Archanis Sector passes to nobody",
    ),
    (
        {"kind": "zone", "name": "The Line", "powers": ["empire", "federation"]},
        Zone(name="The Line", powers=("empire", "federation")),
        "A zone is set up between Klingon Empire and Federation: The Line",
    ),
    ({"kind": "abolish", "zone": "line"}, Abolish(zone="line"), "The zone “The Line” is abolished"),
    (
        {"kind": "disclose", "entry": "martok", "powers": ["empire", "tholians", "federation"]},
        Disclose(entry="martok", powers=("empire", "tholians", "federation")),
        "“Martok” is disclosed to Klingon Empire, tholians and Federation",
    ),
    ({"kind": "disclose", "entry": "martok"}, Disclose(entry="martok"), "“Martok” is disclosed to everyone"),
    (
        {"kind": "obligation", "power": "tholians", "text": "Free the crew.", "due_on": "2379-04"},
        Obligation(power="tholians", text="Free the crew.", due_on=StoryDate(2379, 4)),
        "tholians owes by April 2379: Free the crew.",
    ),
]


@pytest.mark.parametrize(
    ("payload", "effect", "words"), EXAMPLES, ids=[str(row[0]["kind"]) for row in EXAMPLES]
)
def test_a_payload_is_an_effect_and_back_and_in_words(
    payload: dict[str, object], effect: Effect, words: str
) -> None:
    assert effects.parse(payload) == effect
    assert json.loads(json.dumps(effects.to_json(effect))) == payload
    assert effects.describe(effect, NAMES) == words


def test_every_kind_is_among_the_examples() -> None:
    assert {payload["kind"] for payload, _, _ in EXAMPLES} == set(effects.KINDS)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("standing", "must be an object"),
        ({"kind": "war"}, "There is no kind 'war'"),
        ({"kind": "standing", "power": "empire", "by": 1}, "lacks “other”"),
        ({"kind": "standing", "power": "empire", "other": "empire", "by": 1}, "name two powers"),
        ({"kind": "standing", "power": "empire", "other": "", "by": 1}, "The other power is needed"),
        ({"kind": "standing", "power": "empire", "other": "union", "by": 0}, "not by 0"),
        ({"kind": "standing", "power": "empire", "other": "union", "by": 11}, "1 to 10 points"),
        ({"kind": "standing", "power": "empire", "other": "union", "by": "2"}, "must be a whole number"),
        ({"kind": "enter", "treaty": "", "power": "empire"}, "A treaty is needed"),
        (
            {"kind": "leave", "treaty": "accords", "power": "empire", "manner": "angry"},
            "must be one of withdrawn",
        ),
        ({"kind": "event", "title": " "}, "A title is needed"),
        ({"kind": "event", "title": "T" * 121}, "120 characters, not 121"),
        ({"kind": "event", "title": "T", "text": "t" * 50_001}, "50,000 characters, not 50,001"),
        ({"kind": "clock", "clock": "famine", "by": 13}, "1 to 12 segments"),
        ({"kind": "fate", "entry": "martok", "fate": ""}, "A fate is needed"),
        ({"kind": "territory", "territory": ""}, "A territory is needed"),
        ({"kind": "territory", "territory": "archanis", "to": None}, "must be text"),
        ({"kind": "zone", "name": "Z", "powers": ["empire"]}, "between two powers"),
        ({"kind": "zone", "name": "Z", "powers": ["empire", "empire"]}, "named twice"),
        ({"kind": "zone", "name": "Z", "powers": "empire"}, "must be a list"),
        ({"kind": "zone", "name": "Z", "powers": ["empire", " "]}, "A power is needed"),
        ({"kind": "zone", "name": " ", "powers": ["empire", "union"]}, "A name for the zone is needed"),
        ({"kind": "zone", "name": "Z" * 81, "powers": ["empire", "union"]}, "80 characters, not 81"),
        ({"kind": "abolish", "zone": ""}, "A zone is needed"),
        ({"kind": "disclose", "entry": ""}, "An entry is needed"),
        ({"kind": "disclose", "entry": "martok", "powers": [3]}, "must be text"),
        (
            {"kind": "disclose", "entry": "martok", "powers": [f"p{n}" for n in range(61)]},
            "At most 60 powers",
        ),
        ({"kind": "obligation", "power": "empire", "text": "Pay.", "due_on": "soon"}, "not a story date"),
        ({"kind": "obligation", "power": "empire", "text": "", "due_on": "2380"}, "What is owed is needed"),
    ],
)
def test_a_payload_that_is_no_effect_is_refused_in_words(payload: object, reason: str) -> None:
    with pytest.raises(ValueError, match=".") as no:
        effects.parse(payload)

    assert reason in str(no.value)


CLAUSES = [
    ClauseEffects(position=3, effects=(Event(title="A second"), Clock(clock="famine", by=1))),
    ClauseEffects(
        position=1,
        effects=(
            Standing(power="empire", other="federation", by=-2),
            Obligation(power="empire", text="Pay.", due_on=StoryDate(2380)),
            Event(title="A first", text="It begins."),
        ),
    ),
    ClauseEffects(
        position=2,
        effects=(
            Leave(treaty="accords", power="empire", manner="released"),
            Enter(treaty="accords", power="union"),
            Fate(entry="martok", fate="in exile"),
        ),
    ),
    ClauseEffects(
        position=4,
        effects=(
            Territory(territory="archanis"),
            Zone(name="The Line", powers=("union", "empire")),
            Abolish(zone="old"),
            Zone(name="Another", powers=("union", "empire")),
            Disclose(entry="martok", powers=("union",)),
        ),
    ),
]


def test_changes_follow_the_order_of_the_clauses() -> None:
    assert effects.changes_of(CLAUSES, on=ON, resolution=4) == (
        changes.ChangeStanding(power="empire", other="federation", by=-2),
        changes.AddEvent(slug="resolution-4-1", on=ON, title="A first", text="It begins."),
        changes.LeaveTreaty(treaty="accords", power="empire", on=ON, manner="released"),
        changes.EnterTreaty(treaty="accords", power="union", on=ON, note="Resolution 4"),
        changes.SetFate(entry="martok", fate="in exile"),
        changes.AddEvent(slug="resolution-4-2", on=ON, title="A second"),
        changes.TickClock(clock="famine", by=1),
        changes.MoveTerritory(territory="archanis", to="", on=ON, note="Resolution 4"),
        changes.SetUpZone(
            slug="resolution-4-zone-1", name="The Line", powers=("union", "empire"), established=ON
        ),
        changes.AbolishZone(zone="old", on=ON),
        changes.SetUpZone(
            slug="resolution-4-zone-2", name="Another", powers=("union", "empire"), established=ON
        ),
        changes.DiscloseEntry(entry="martok", to=("union",)),
    )


def test_obligations_are_owed_under_their_clause() -> None:
    assert effects.obligations_of(CLAUSES) == (
        Owed(position=1, obligation=Obligation(power="empire", text="Pay.", due_on=StoryDate(2380))),
    )


def test_a_clause_without_effects_changes_nothing() -> None:
    bare = [ClauseEffects(position=1, effects=())]

    assert effects.changes_of(bare, on=ON, resolution=1) == ()
    assert effects.obligations_of(bare) == ()
