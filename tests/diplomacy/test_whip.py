"""The whip's arithmetic: what standings say, and how far pledges and leanings carry a motion."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplomacy.rules.tally import Base, Choice, Kind, Outcome, Seat, VotingRule, tally
from diplomacy.rules.whip import Leaning, forecast, likely, pledged

YES, NO, ABSTAIN = Choice.YES, Choice.NO, Choice.ABSTAIN


@pytest.mark.parametrize(
    ("given_", "choice", "because"),
    [
        ({"sponsors": True, "sponsor": ("Vulcan", -5)}, YES, "sponsors it: likely yes"),
        ({"sponsor": ("Vulcan", -3)}, NO, "stands at −3 with the sponsor: likely no"),
        ({"sponsor": ("Vulcan", 1)}, None, "stands at +1 with the sponsor: open"),
        (
            {"sponsor": ("Vulcan", 1), "hurt": [("Qo'noS", -2)]},
            YES,
            "stands at +1 with the sponsor, at −2 with Qo'noS, whom it blames: likely yes",
        ),
        (
            {"helped": [("Andor", -4)], "hurt": [("Qo'noS", 0)]},
            NO,
            "stands at −4 with Andor, whom it favours, at 0 with Qo'noS, whom it blames: likely no",
        ),
        ({}, None, "nothing tells how it leans"),
    ],
)
def test_standings_say_how_a_seat_leans(given_, choice, because):
    assert likely(**given_) == Leaning(choice=choice, because=because)


def room(*choices, veto=(), weight=None):
    seats = [
        Seat(id=f"s{number}", veto=number in veto, weight=(weight or {}).get(number, 1))
        for number in range(len(choices))
    ]
    return seats, {
        seat.id: pledged(choice) if choice else Leaning(choice=None, because="")
        for seat, choice in zip(seats, choices, strict=True)
    }


TWO_THIRDS = VotingRule(threshold=Fraction(2, 3), at_least=True)


@pytest.mark.parametrize(
    ("choices", "more", "rule", "words"),
    [
        ((YES, YES, NO), {}, VotingRule(), "It carries as they lean."),
        ((YES, YES, NO, None), {}, VotingRule(), "It carries while the one open seat does not vote against."),
        ((YES, NO, YES, None, None), {}, VotingRule(), "It carries while the two open seats do not vote against."),
        ((YES, YES, YES, NO, None), {}, VotingRule(), "It carries, whatever the open seats do."),
        ((YES, NO, NO, None, None), {}, VotingRule(), "Two short."),
        ((YES, YES, NO, NO, None, None), {"veto": (2,)}, VotingRule(veto=True, threshold=Fraction(2, 3), at_least=True), "Two short; one veto opposed."),
        ((YES, YES, NO, None), {"veto": (2,)}, VotingRule(veto=True), "Enough votes as they lean; one veto opposed."),
        ((YES, YES, NO, None), {"veto": (2,)}, VotingRule(), "It carries while the one open seat does not vote against."),
        ((YES, NO, NO), {}, TWO_THIRDS, "It cannot carry as they lean."),
        ((YES, None, None), {}, VotingRule(base=Base.MEMBERSHIP), "One short."),
        ((None, None), {}, VotingRule(), "One short."),
        ((YES, NO), {}, VotingRule(kind=Kind.CONSENSUS), "Consensus is broken."),
        ((NO, NO, None), {}, VotingRule(kind=Kind.REVERSE_CONSENSUS), "One short."),
        ((YES, YES, NO), {"weight": {2: 9}}, VotingRule(weight_threshold=Fraction(1, 2)), "The heads are enough, their weight is not."),
    ],
)  # fmt: skip
def test_the_line_of_words(choices, more, rule, words):
    seats, leanings = room(*choices, **more)
    assert forecast(seats=seats, leanings=leanings, rule=rule).words == words


@given(
    choices=st.lists(st.none() | st.sampled_from(Choice), max_size=9),
    threshold=st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(2, 3)]),
    at_least=st.booleans(),
    base=st.sampled_from(Base),
    minimum=st.integers(0, 4),
)
def test_so_many_more_votes_in_favour_would_carry_it(choices, threshold, at_least, base, minimum):
    """As many as it is short, of those not yet counted, and no fewer."""
    rule = VotingRule(threshold=threshold, at_least=at_least, base=base, minimum_yes=minimum)
    seats, leanings = room(*choices)
    short = forecast(seats=seats, leanings=leanings, rule=rule).short
    spare = [seat.id for seat in seats if leanings[seat.id].choice in (None, ABSTAIN)]
    cast = {seat: each.choice for seat, each in leanings.items() if each.choice}

    def outcome(more):
        return tally(seats=seats, ballots={**cast, **dict.fromkeys(spare[:more], YES)}, rule=rule).outcome

    carries = [more for more in range(len(spare) + 1) if outcome(more) is Outcome.ADOPTED]
    assert short == (carries[0] if carries else None)
