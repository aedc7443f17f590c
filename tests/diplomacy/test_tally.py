"""The tally: its tables, its refusals, and every worked example of docs/guide/voting.md by its number."""

from fractions import Fraction
from pathlib import Path

import pytest

from diplomacy.rules.charters import Knobs, rule_for
from diplomacy.rules.motions import MotionKind
from diplomacy.rules.tally import (
    Base,
    Choice,
    Kind,
    Outcome,
    Seat,
    Status,
    Tally,
    Tie,
    VotingRule,
    tally,
    votes_needed,
)

YES, NO, ABSTAIN = Choice.YES, Choice.NO, Choice.ABSTAIN
GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "voting.md"


def hold(
    rule: VotingRule, yes: int = 0, no: int = 0, abstain: int = 0, silent: int = 0, absent: int = 0, **more
) -> Tally:
    """A vote of so many unnamed seats of weight one, without vetoes."""
    choices = [YES] * yes + [NO] * no + [ABSTAIN] * abstain
    seats = [Seat(id=f"seat {n}") for n in range(len(choices) + silent)]
    seats += [Seat(id=f"away {n}", present=False) for n in range(absent)]
    ballots = {seat.id: choice for seat, choice in zip(seats, choices, strict=False)}
    return tally(seats=seats, ballots=ballots, rule=rule, **more)


def named(yes: str = "", no: str = "", abstain: str = "", absent: str = "", veto: str = "", weights=None):
    """Seats and ballots from names: `named(yes="France Gabon", no="Russia", veto="Russia")`."""
    choices = dict.fromkeys(yes.split(), YES) | dict.fromkeys(no.split(), NO)
    choices |= dict.fromkeys(abstain.split(), ABSTAIN)
    weights = weights or {}
    seats = [
        Seat(
            id=name,
            veto=name in veto.split(),
            present=name not in absent.split(),
            weight=weights.get(name, 1),
        )
        for name in [*choices, *absent.split()]
    ]
    return {"seats": seats, "ballots": choices}


# The worked examples of the guide ----------------------------------------------------------------------------------

PERMANENT = "China France Russia UK USA"
SUBSTANCE = VotingRule(threshold=Fraction(0), minimum_yes=9, veto=True)
PROCEDURE = VotingRule(threshold=Fraction(0), minimum_yes=9)
TWO_THIRDS = VotingRule(threshold=Fraction(2, 3), at_least=True, quorum=Fraction(1, 2), quorum_more_than=True)
CASTING = VotingRule(tie=Tie.CASTING)
QUALIFIED = VotingRule(
    base=Base.MEMBERSHIP,
    threshold=Fraction(55, 100),
    at_least=True,
    weight_threshold=Fraction(65, 100),
    blocking_minority=4,
)

# Shares of the Union's population in hundredths of one per cent, as the Council set them for 2016.
POPULATION = {
    "Germany": 1593, "France": 1304, "UK": 1273, "Italy": 1207, "Spain": 912, "Poland": 747, "Romania": 390,
    "Netherlands": 337, "Belgium": 221, "Greece": 213, "Czechia": 205, "Portugal": 204, "Hungary": 194,
    "Sweden": 192, "Austria": 169, "Bulgaria": 142, "Denmark": 111, "Finland": 108, "Slovakia": 106, "Ireland": 91,
    "Croatia": 83, "Lithuania": 57, "Slovenia": 41, "Latvia": 39, "Estonia": 26, "Cyprus": 17, "Luxembourg": 11,
    "Malta": 8,
}  # fmt: skip


def union(no: str = "", abstain: str = ""):
    """A vote of the 28 members of 2016: everyone not named is in favour."""
    yes = " ".join(name for name in POPULATION if name not in (no + " " + abstain).split())
    return named(yes=yes, no=no, abstain=abstain, weights=POPULATION)


def example_1() -> Tally:
    council = named(
        yes="Albania France Ghana Ireland Kenya Mexico Norway UAE UK USA",
        no="Russia",
        abstain="Brazil China Gabon India",
        veto=PERMANENT,
    )
    return tally(**council, rule=SUBSTANCE)


def example_2() -> Tally:
    council = named(
        yes="Algeria China Ecuador France Guyana Japan Malta Mozambique Korea Russia SierraLeone Slovenia Switzerland UK",
        abstain="USA",
        veto=PERMANENT,
    )
    return tally(**council, rule=SUBSTANCE)


def example_3() -> Tally:
    council = named(
        yes="Albania Brazil France Gabon Ghana Ireland Kenya Mexico Norway UK USA",
        no="Russia",
        abstain="China India UAE",
        veto=PERMANENT,
    )
    return tally(**council, rule=PROCEDURE)


def example_4() -> Tally:
    council = named(
        yes="China Gabon Mozambique Russia UAE",
        no="France Japan UK USA",
        abstain="Albania Brazil Ecuador Ghana Malta Switzerland",
        veto=PERMANENT,
    )
    return tally(**council, rule=SUBSTANCE)


def example_5() -> Tally:
    return hold(TWO_THIRDS, yes=33, no=13, abstain=10, absent=1)


def example_6() -> Tally:
    return hold(TWO_THIRDS, yes=93, no=24, abstain=58, absent=18)


def example_7() -> Tally:
    return hold(CASTING, yes=310, no=310, casting=NO)


def example_8() -> Tally:
    return hold(CASTING, yes=7, no=7, casting=YES)


def example_9() -> Tally:
    against = "Belgium Greece France Croatia Italy Cyprus Malta Luxembourg Austria"
    return tally(**union(no=against, abstain="Portugal"), rule=QUALIFIED)


def example_10() -> Tally:
    abstaining = "Germany Italy Austria Portugal Luxembourg Greece Bulgaria"
    return tally(**union(no="France Malta", abstain=abstaining), rule=QUALIFIED)


def example_11() -> Tally:
    return hold(VotingRule(kind=Kind.CONSENSUS), silent=193)


def example_12() -> Tally:
    return hold(VotingRule(kind=Kind.CONSENSUS), no=1, silent=60)


def example_13() -> Tally:
    parties = named(yes="Ecuador Guatemala Honduras Mexico USA", no="EC")
    return tally(**parties, rule=VotingRule(kind=Kind.REVERSE_CONSENSUS))


def example_14() -> Tally:
    return hold(TWO_THIRDS, yes=88, no=55, abstain=23, silent=27)


ROLL = VotingRule(quorum=Fraction(1, 2), quorum_more_than=True)


def example_15() -> Tally:
    return hold(ROLL, yes=5, no=1, absent=6)


def example_16() -> Tally:
    return hold(VotingRule(tie=Tie.SECOND_VOTE), yes=4, no=4, abstain=1, second_vote=True)


def example_17() -> Tally:
    return hold(VotingRule(), yes=3, no=5, abstain=1)


def example_18() -> Tally:
    return hold(rule_for(Knobs(), kind=MotionKind.RECONSIDER, of_finding=False), yes=6, no=3)


EXAMPLES = {
    1: (example_1, Outcome.VETOED, (10, 1, 4, 0), ("Russia",)),
    2: (example_2, Outcome.ADOPTED, (14, 0, 1, 0), ()),
    3: (example_3, Outcome.ADOPTED, (11, 1, 3, 0), ()),
    4: (example_4, Outcome.REJECTED, (5, 4, 6, 0), ()),
    5: (example_5, Outcome.ADOPTED, (33, 13, 10, 1), ()),
    6: (example_6, Outcome.ADOPTED, (93, 24, 58, 18), ()),
    7: (example_7, Outcome.REJECTED, (310, 310, 0, 0), ()),
    8: (example_8, Outcome.ADOPTED, (7, 7, 0, 0), ()),
    9: (example_9, Outcome.ADOPTED, (18, 9, 1, 0), ()),
    10: (example_10, Outcome.REJECTED, (19, 2, 7, 0), ()),
    11: (example_11, Outcome.ADOPTED, (0, 0, 0, 193), ()),
    12: (example_12, Outcome.REJECTED, (0, 1, 0, 60), ()),
    13: (example_13, Outcome.ADOPTED, (5, 1, 0, 0), ()),
    14: (example_14, Outcome.REJECTED, (88, 55, 23, 27), ()),
    15: (example_15, Outcome.NO_QUORUM, (5, 1, 0, 6), ()),
    16: (example_16, Outcome.REJECTED, (4, 4, 1, 0), ()),
    17: (example_17, Outcome.REJECTED, (3, 5, 1, 0), ()),
    18: (example_18, Outcome.ADOPTED, (6, 3, 0, 0), ()),
}


@pytest.mark.parametrize("number", EXAMPLES)
def test_worked_example(number):
    vote, outcome, counts, vetoed_by = EXAMPLES[number]
    result = vote()
    assert result.outcome is outcome
    assert (result.yes, result.no, result.abstain, result.not_voting) == counts
    assert result.vetoed_by == vetoed_by


def test_the_guide_and_these_examples_have_the_same_numbers_and_outcomes():
    text = GUIDE.read_text(encoding="utf-8")
    for number, (_, outcome, _, _) in EXAMPLES.items():
        section = text.split(f"### Example {number}. ")[1].split("\n### ")[0].split("\n## ")[0]
        assert f"**Outcome: {outcome.value}.**" in section
    assert text.count("### Example ") == len(EXAMPLES)


def test_the_guide_quotes_the_reason_word_for_word():
    text = " ".join(GUIDE.read_text(encoding="utf-8").replace("\n> ", " ").split())
    for number, (vote, *_) in EXAMPLES.items():
        assert vote().reason in text, f"example {number}"


def test_two_thirds_of_the_votes_cast_is_not_two_thirds_of_the_members():
    assert hold(VotingRule(threshold=Fraction(2, 3), at_least=True, base=Base.MEMBERSHIP), yes=93, no=24, abstain=58, absent=18).outcome is Outcome.REJECTED  # fmt: skip


def test_three_large_members_cannot_block_alone():
    result = tally(**union(no="Germany France Italy"), rule=QUALIFIED)
    assert result.outcome is Outcome.ADOPTED
    assert "only 3 seats withheld a yes, and it takes 4 to block" in result.reason


# Tables ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "votes", "outcome"),
    [
        (VotingRule(), dict(yes=4, no=3), Outcome.ADOPTED),
        (VotingRule(), dict(yes=3, no=3), Outcome.REJECTED),
        (VotingRule(), dict(yes=1, abstain=9), Outcome.ADOPTED),
        (VotingRule(), dict(abstain=5), Outcome.REJECTED),
        (VotingRule(), dict(), Outcome.REJECTED),
        (VotingRule(at_least=True), dict(yes=3, no=3), Outcome.ADOPTED),
        (VotingRule(threshold=Fraction(0), at_least=True), dict(no=3), Outcome.REJECTED),
        (VotingRule(threshold=Fraction(0)), dict(yes=1, no=9), Outcome.ADOPTED),
        (VotingRule(threshold=Fraction(1), at_least=True), dict(yes=5, abstain=1), Outcome.ADOPTED),
        (VotingRule(threshold=Fraction(1), at_least=True), dict(yes=5, no=1), Outcome.REJECTED),
        (VotingRule(threshold=Fraction(2, 3)), dict(yes=4, no=2), Outcome.REJECTED),
        (VotingRule(threshold=Fraction(2, 3), at_least=True), dict(yes=4, no=2), Outcome.ADOPTED),
        (VotingRule(base=Base.PRESENT), dict(yes=3, no=1, abstain=2), Outcome.REJECTED),
        (VotingRule(base=Base.PRESENT), dict(yes=3, no=1, silent=2), Outcome.REJECTED),
        (VotingRule(base=Base.PRESENT), dict(yes=3, no=1, absent=2), Outcome.ADOPTED),
        (VotingRule(base=Base.MEMBERSHIP), dict(yes=3, no=1, absent=2), Outcome.REJECTED),
        (VotingRule(base=Base.MEMBERSHIP), dict(yes=4, absent=3), Outcome.ADOPTED),
        (VotingRule(minimum_yes=5), dict(yes=4), Outcome.REJECTED),
        (VotingRule(minimum_yes=5), dict(yes=5, no=1), Outcome.ADOPTED),
        (VotingRule(quorum=Fraction(1, 2)), dict(yes=3, absent=3), Outcome.ADOPTED),
        (VotingRule(quorum=Fraction(1, 2), quorum_more_than=True), dict(yes=3, absent=3), Outcome.NO_QUORUM),
        (VotingRule(quorum=Fraction(2, 3)), dict(yes=3, absent=3), Outcome.NO_QUORUM),
        (VotingRule(quorum_more_than=True), dict(absent=3), Outcome.NO_QUORUM),
        (VotingRule(kind=Kind.CONSENSUS), dict(silent=4), Outcome.ADOPTED),
        (VotingRule(kind=Kind.CONSENSUS), dict(yes=9, no=1), Outcome.REJECTED),
        (VotingRule(kind=Kind.CONSENSUS, quorum=Fraction(1)), dict(yes=9, absent=1), Outcome.NO_QUORUM),
        (VotingRule(kind=Kind.REVERSE_CONSENSUS), dict(no=9, abstain=1), Outcome.REJECTED),
        (VotingRule(kind=Kind.REVERSE_CONSENSUS), dict(no=9, yes=1), Outcome.ADOPTED),
        (VotingRule(kind=Kind.REVERSE_CONSENSUS), dict(silent=9), Outcome.ADOPTED),
    ],
)
def test_outcome(rule, votes, outcome):
    assert hold(rule, **votes).outcome is outcome


@pytest.mark.parametrize(
    ("rule", "votes", "more", "outcome"),
    [
        (CASTING, dict(yes=3, no=3), {}, Outcome.TIED),
        (CASTING, dict(yes=3, no=3), dict(casting=YES), Outcome.ADOPTED),
        (CASTING, dict(yes=3, no=3), dict(casting=NO), Outcome.REJECTED),
        (CASTING, dict(yes=3, no=3), dict(casting=ABSTAIN), Outcome.REJECTED),
        (CASTING, dict(yes=2, no=3), dict(casting=YES), Outcome.REJECTED),
        (CASTING, dict(yes=3, no=2), dict(casting=NO), Outcome.ADOPTED),
        (CASTING, dict(abstain=3), dict(casting=YES), Outcome.REJECTED),
        (VotingRule(tie=Tie.CASTING, base=Base.MEMBERSHIP), dict(yes=3, no=3, absent=2), dict(casting=YES), Outcome.ADOPTED),
        (VotingRule(tie=Tie.CASTING, at_least=True), dict(yes=3, no=3), dict(casting=NO), Outcome.ADOPTED),
        (VotingRule(tie=Tie.CASTING, quorum=Fraction(1)), dict(yes=3, no=3, absent=1), dict(casting=YES), Outcome.NO_QUORUM),
        (VotingRule(tie=Tie.SECOND_VOTE), dict(yes=3, no=3), {}, Outcome.TIED),
        (VotingRule(tie=Tie.SECOND_VOTE), dict(yes=3, no=3), dict(casting=YES), Outcome.TIED),
        (VotingRule(tie=Tie.SECOND_VOTE), dict(yes=3, no=3), dict(second_vote=True), Outcome.REJECTED),
        (VotingRule(tie=Tie.SECOND_VOTE), dict(yes=4, no=3), dict(second_vote=True), Outcome.ADOPTED),
        (VotingRule(), dict(yes=3, no=3), dict(casting=YES), Outcome.REJECTED),
        (CASTING, dict(yes=3, no=3), dict(second_vote=True), Outcome.TIED),
    ],
)  # fmt: skip
def test_ties(rule, votes, more, outcome):
    assert hold(rule, **votes, **more).outcome is outcome


def test_a_casting_vote_still_meets_the_weights_and_the_veto():
    seats = [Seat(id="a", weight=1), Seat(id="b", weight=9, veto=True)]
    ballots = {"a": YES, "b": NO}
    weighted = VotingRule(tie=Tie.CASTING, weight_threshold=Fraction(1, 2))
    vetoing = VotingRule(tie=Tie.CASTING, veto=True)
    assert tally(seats=seats, ballots=ballots, rule=weighted, casting=YES).outcome is Outcome.REJECTED
    assert tally(seats=seats, ballots=ballots, rule=vetoing, casting=YES).outcome is Outcome.VETOED
    assert tally(seats=seats, ballots=ballots, rule=vetoing).outcome is Outcome.TIED


@pytest.mark.parametrize(
    ("weight_base", "blocking", "outcome"),
    [
        (Base.CAST, 0, Outcome.ADOPTED),  # 6 of 10
        (Base.PRESENT, 0, Outcome.ADOPTED),  # 6 of 12
        (Base.MEMBERSHIP, 0, Outcome.REJECTED),  # 6 of 17
        (Base.MEMBERSHIP, 3, Outcome.REJECTED),  # three eligible seats withheld a yes: enough to block
        (Base.MEMBERSHIP, 4, Outcome.ADOPTED),
    ],
)
def test_weights(weight_base, blocking, outcome):
    seats = [
        Seat(id="a", weight=3),
        Seat(id="b", weight=3),
        Seat(id="c", weight=4),
        Seat(id="d", weight=2),
        Seat(id="e", weight=3, present=False),
        Seat(id="f", weight=2, status=Status.RECUSED),
        Seat(id="g", weight=90, status=Status.OBSERVER),
    ]
    ballots = {"a": YES, "b": YES, "c": NO, "d": ABSTAIN}
    rule = VotingRule(weight_threshold=Fraction(1, 2), weight_base=weight_base, blocking_minority=blocking)
    assert tally(seats=seats, ballots=ballots, rule=rule).outcome is outcome


def test_recused_seats_count_in_quorum_and_membership_alone():
    seats = [Seat(id="a"), Seat(id="b"), *(Seat(id=f"r{n}", status=Status.RECUSED) for n in range(2))]
    ballots = {"a": YES, "b": YES}

    def outcome(**rule):
        return tally(seats=seats, ballots=ballots, rule=VotingRule(**rule)).outcome

    assert outcome(quorum=Fraction(1)) is Outcome.ADOPTED
    assert outcome(base=Base.PRESENT, threshold=Fraction(1), at_least=True) is Outcome.ADOPTED
    assert outcome(base=Base.MEMBERSHIP) is Outcome.REJECTED
    assert tally(seats=seats, ballots=ballots, rule=VotingRule()).not_voting == 0


def test_observers_count_nowhere():
    seats = [Seat(id="a"), *(Seat(id=f"o{n}", status=Status.OBSERVER, veto=True) for n in range(9))]
    rule = VotingRule(
        base=Base.MEMBERSHIP, quorum=Fraction(1), threshold=Fraction(1), at_least=True, veto=True
    )
    result = tally(seats=seats, ballots={"a": YES}, rule=rule)
    assert (result.outcome, result.not_voting) == (Outcome.ADOPTED, 0)
    away = [Seat(id="a", present=False), seats[1]]
    assert tally(seats=away, ballots={}, rule=rule).outcome is Outcome.NO_QUORUM


@pytest.mark.parametrize(
    ("present", "ballot", "outcome"),
    [(True, NO, Outcome.VETOED), (True, ABSTAIN, Outcome.ADOPTED), (True, None, Outcome.ADOPTED), (False, None, Outcome.ADOPTED)],
)  # fmt: skip
def test_only_a_no_is_a_veto(present, ballot, outcome):
    seats = [*(Seat(id=f"s{n}") for n in range(3)), Seat(id="v", veto=True, present=present)]
    ballots = {f"s{n}": YES for n in range(3)} | ({"v": ballot} if ballot else {})
    assert tally(seats=seats, ballots=ballots, rule=VotingRule(veto=True)).outcome is outcome


def test_vetoes_are_named_in_order():
    seats = [
        *(Seat(id=f"s{n}") for n in range(4)),
        *(Seat(id=name, veto=True) for name in ("Romulus", "Breen", "Gorn")),
    ]
    ballots = {f"s{n}": YES for n in range(4)} | {"Romulus": NO, "Breen": NO, "Gorn": NO}
    result = tally(seats=seats, ballots=ballots, rule=VotingRule(veto=True))
    assert result.vetoed_by == ("Breen", "Gorn", "Romulus")
    assert "vetoed by Breen, Gorn and Romulus" in result.reason


def test_a_veto_binds_reverse_consensus_where_the_rule_gives_one():
    seats = [Seat(id="a"), Seat(id="b", veto=True)]
    rule = VotingRule(kind=Kind.REVERSE_CONSENSUS, veto=True)
    assert tally(seats=seats, ballots={"a": YES, "b": NO}, rule=rule).outcome is Outcome.VETOED
    assert tally(seats=seats, ballots={"b": NO}, rule=rule).outcome is Outcome.REJECTED


def test_seats_may_come_from_a_generator():
    assert (
        tally(seats=(Seat(id=i) for i in "ab"), ballots={"a": YES}, rule=VotingRule()).outcome
        is Outcome.ADOPTED
    )


@pytest.mark.parametrize(
    ("rule", "of", "needed"),
    [
        (VotingRule(), 7, 4),
        (VotingRule(), 8, 5),
        (VotingRule(threshold=Fraction(2, 3), at_least=True), 8, 6),
        (VotingRule(threshold=Fraction(2, 3), at_least=True), 9, 6),
        (VotingRule(threshold=Fraction(2, 3)), 9, 7),
        (VotingRule(minimum_yes=9, threshold=Fraction(0)), 10, 9),
        (VotingRule(threshold=Fraction(0), at_least=True), 3, 1),
        (VotingRule(), 0, 1),
    ],
)
def test_how_many_votes_are_needed(rule, of, needed):
    assert votes_needed(rule, of) == needed


# Reasons -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "votes", "reason"),
    [
        (VotingRule(), dict(yes=6, no=1, abstain=2), "Adopted: 6 in favour, 1 against, 2 abstaining; more than half of the 7 votes cast was needed."),
        (VotingRule(), dict(yes=2, no=2), "Rejected: 2 in favour, 2 against, 0 abstaining; the votes were equal, and more than half of the 4 votes cast was needed."),
        (VotingRule(), dict(silent=2), "Rejected: 0 in favour, 0 against, 0 abstaining, 2 not voting; nobody voted in favour."),
        (VotingRule(minimum_yes=2), dict(yes=2), "Adopted: 2 in favour, 0 against, 0 abstaining; more than half of the 2 votes cast was needed, and at least 2 votes in favour were needed."),
        (VotingRule(threshold=Fraction(0)), dict(yes=1, no=2), "Adopted: 1 in favour, 2 against, 0 abstaining; one vote in favour was enough."),
        (VotingRule(minimum_yes=4), dict(yes=3), "Rejected: 3 in favour, 0 against, 0 abstaining; at least 4 votes in favour were needed."),
        (CASTING, dict(yes=1, no=1), "Tied: 1 in favour, 1 against, 0 abstaining; the votes are equal, and the chair has a casting vote."),
        (VotingRule(quorum=Fraction(1, 2), quorum_more_than=True), dict(yes=1, absent=3), "No quorum: 1 member of 4 present, and more than half of the members must be there to vote."),
        (VotingRule(weight_threshold=Fraction(65, 100)), dict(yes=2, no=1), "Adopted: 2 in favour, 1 against, 0 abstaining; more than half of the 3 votes cast was needed; those in favour weigh 2 of 3, and at least 65 per cent of the weight of the members was needed."),
        (VotingRule(threshold=Fraction(5, 9)), dict(yes=1), "Adopted: 1 in favour, 0 against, 0 abstaining; more than 5/9 of the 1 vote cast was needed."),
    ],
)  # fmt: skip
def test_reason(rule, votes, reason):
    assert hold(rule, **votes).reason == reason


# Refusals ----------------------------------------------------------------------------------------------------------

CAST_OF_SEATS = (
    Seat(id="here"),
    Seat(id="away", present=False),
    Seat(id="recused", status=Status.RECUSED),
    Seat(id="observer", status=Status.OBSERVER),
)


@pytest.mark.parametrize(
    ("seats", "ballots", "sentence"),
    [
        (CAST_OF_SEATS, {"nobody": YES}, "no seat 'nobody'"),
        (CAST_OF_SEATS, {"away": YES}, "not present"),
        (CAST_OF_SEATS, {"recused": ABSTAIN}, "recused"),
        (CAST_OF_SEATS, {"observer": NO}, "observer"),
        (CAST_OF_SEATS, {"here": "yes"}, "must be yes, no or abstain"),
        (CAST_OF_SEATS, {"here": None}, "must be yes, no or abstain"),
        ((Seat(id="a"), Seat(id="a", weight=2)), {}, "same id"),
    ],
)
def test_illegal_ballots_are_refused_not_dropped(seats, ballots, sentence):
    with pytest.raises(ValueError, match=sentence):
        tally(seats=seats, ballots=ballots, rule=VotingRule())


@pytest.mark.parametrize("weight", [0, -1, 1.5, True, "2", Fraction(1, 2)])
def test_illegal_weights_are_refused(weight):
    with pytest.raises(ValueError, match="weight"):
        tally(seats=[Seat(id="a", weight=weight)], ballots={}, rule=VotingRule())


@pytest.mark.parametrize(
    "rule",
    [
        dict(threshold=Fraction(3, 2)),
        dict(threshold=Fraction(-1, 2)),
        dict(threshold=0.5),
        dict(threshold=True),
        dict(quorum=Fraction(2)),
        dict(quorum=0.25),
        dict(weight_threshold=Fraction(5, 4)),
        dict(weight_threshold=0.65),
        dict(minimum_yes=-1),
        dict(minimum_yes=1.0),
        dict(blocking_minority=-4),
        dict(kind="majority"),
        dict(base="cast"),
        dict(weight_base=None),
        dict(tie="chair"),
    ],
)
def test_illegal_rules_are_refused(rule):
    with pytest.raises(ValueError, match="The "):
        tally(seats=[], ballots={}, rule=VotingRule(**rule))


def test_an_illegal_casting_vote_is_refused():
    with pytest.raises(ValueError, match="casting"):
        hold(CASTING, yes=1, no=1, casting="yes")


def test_a_seat_needs_an_id_and_a_known_status():
    with pytest.raises(ValueError, match="id"):
        Seat(id="")
    with pytest.raises(ValueError, match="status"):
        Seat(id="a", status="eligible")


def test_the_values_are_frozen_and_keyword_only():
    with pytest.raises(TypeError):
        Seat("a")
    with pytest.raises(TypeError):
        VotingRule(Kind.MAJORITY)
    with pytest.raises(AttributeError):
        Seat(id="a").weight = 2
