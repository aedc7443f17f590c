"""A vote counted aloud comes to the outcome that the tally comes to, whatever the rule and the ballots."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diplomacy.rules.counting import count_aloud
from diplomacy.rules.tally import Base, Choice, Kind, Outcome, Seat, Status, Tie, VotingRule, tally

SHARES = [Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(11, 20), Fraction(2, 3), Fraction(1)]

rules = st.builds(
    VotingRule,
    kind=st.sampled_from(Kind),
    threshold=st.sampled_from(SHARES),
    at_least=st.booleans(),
    base=st.sampled_from(Base),
    minimum_yes=st.integers(0, 5),
    weight_threshold=st.none() | st.sampled_from(SHARES),
    weight_base=st.sampled_from(Base),
    blocking_minority=st.integers(0, 4),
    veto=st.booleans(),
    quorum=st.sampled_from(SHARES),
    quorum_more_than=st.booleans(),
    tie=st.sampled_from(Tie),
)


@st.composite
def votes(draw):
    seats = [
        Seat(
            id=f"seat {number}",
            weight=draw(st.integers(1, 4)),
            veto=draw(st.booleans()),
            present=draw(st.booleans()),
            status=draw(st.sampled_from(Status)),
        )
        for number in range(draw(st.integers(0, 9)))
    ]
    voters = [seat for seat in seats if seat.may_vote]
    cast = {seat.id: draw(st.none() | st.sampled_from(Choice)) for seat in voters}
    return {
        "seats": seats,
        "ballots": {seat: choice for seat, choice in cast.items() if choice},
        "rule": draw(rules),
        "casting": draw(st.none() | st.sampled_from(Choice)),
        "second_vote": draw(st.booleans()),
    }


@settings(max_examples=2_000, deadline=None)
@given(votes())
def test_it_ends_as_the_tally_ends(vote):
    told = count_aloud(**vote)
    assert told[-1].outcome is tally(**vote).outcome
    assert [each.outcome for each in told[:-1] if each.outcome not in (None, Outcome.ADOPTED)] == []


def seats(*held: str) -> list[Seat]:
    return [Seat(id=name, veto="!" in name) for name in held]


@pytest.mark.parametrize(
    ("rule", "cast", "names", "last"),
    [
        (
            VotingRule(),
            {"a": Choice.YES, "b": Choice.NO},
            ["Quorum", "Heads", "Tie"],
            "Equal votes, which reject.",
        ),
        (
            VotingRule(veto=True),
            {"a": Choice.YES, "b": Choice.YES, "c!": Choice.NO},
            ["Quorum", "Heads", "Veto"],
            "Against, with a veto: c!.",
        ),
        (
            VotingRule(weight_threshold=Fraction(2, 3)),
            {"a": Choice.YES, "b": Choice.YES, "c!": Choice.NO},
            ["Quorum", "Heads", "Weights"],
            "Those in favour weigh 2 of 4; at least 2/3, which is 2 2/3, is needed.",
        ),
        (
            VotingRule(kind=Kind.CONSENSUS),
            {"a": Choice.NO},
            ["Quorum", "Consensus"],
            "1 against; a single one stops it.",
        ),
        (
            VotingRule(quorum=Fraction(1), quorum_more_than=True),
            {},
            ["Quorum"],
            "4 of 4 members in the room; more than 1 of 4, which is 4, must be.",
        ),
    ],
)
def test_it_says_each_question_until_one_decides(rule, cast, names, last):
    told = count_aloud(seats=seats("a", "b", "c!", "d"), ballots=cast, rule=rule)
    assert [each.name for each in told] == names
    assert told[-1].found == last
