"""Laws of the tally, which hold for every vote that can be drawn."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from diplomacy.rules.tally import Base, Choice, Kind, Outcome, Seat, Status, Tie, VotingRule, tally

SHARES = st.fractions(min_value=0, max_value=1, max_denominator=12)


@st.composite
def votes(draw, kinds=tuple(Kind)):
    """Keyword arguments of `tally`: up to nine seats, legal ballots, any rule."""
    size = draw(st.integers(0, 9))
    seats = [
        Seat(
            id=f"seat {n}",
            weight=draw(st.integers(1, 20)),
            veto=draw(st.booleans()),
            present=draw(st.sampled_from([True, True, True, False])),
            status=draw(st.sampled_from([Status.ELIGIBLE] * 6 + [Status.RECUSED, Status.OBSERVER])),
        )
        for n in range(size)
    ]
    ballots = {}
    for seat in seats:
        choice = draw(st.sampled_from([*Choice, Choice.YES, None]))
        if seat.may_vote and choice is not None:
            ballots[seat.id] = choice
    rule = VotingRule(
        kind=draw(st.sampled_from(kinds)),
        threshold=draw(SHARES),
        at_least=draw(st.booleans()),
        base=draw(st.sampled_from(Base)),
        minimum_yes=draw(st.integers(0, 4)),
        weight_threshold=draw(st.none() | SHARES),
        weight_base=draw(st.sampled_from(Base)),
        blocking_minority=draw(st.integers(0, 4)),
        veto=draw(st.booleans()),
        quorum=draw(st.just(Fraction(0)) | SHARES),
        quorum_more_than=draw(st.booleans()),
        tie=draw(st.sampled_from(Tie)),
    )
    casting = draw(st.none() | st.sampled_from(Choice))
    return dict(seats=seats, ballots=ballots, rule=rule, casting=casting, second_vote=draw(st.booleans()))


@given(votes(), st.randoms(use_true_random=False))
def test_order_of_seats_and_ballots_changes_nothing(vote, random):
    seats, ballots = list(vote["seats"]), list(vote["ballots"].items())
    random.shuffle(seats)
    random.shuffle(ballots)
    assert tally(**vote) == tally(**vote | dict(seats=seats, ballots=dict(ballots)))


@given(votes())
def test_turning_a_ballot_into_a_yes_never_harms(vote):
    """With no casting vote: a chair's casting vote answers one division, and is not given again in another."""
    vote["casting"] = None
    assume(tally(**vote).outcome is Outcome.ADOPTED)
    for seat in vote["ballots"]:
        assert tally(**vote | dict(ballots=vote["ballots"] | {seat: Choice.YES})).outcome is Outcome.ADOPTED


@given(votes(kinds=(Kind.MAJORITY,)))
def test_turning_a_ballot_into_a_yes_never_harms_where_the_chair_settles_a_simple_majority(vote):
    """More than half of the votes cast is the rule under which a casting vote and a yes pull the same way."""
    vote["rule"] = replace(
        vote["rule"], threshold=Fraction(1, 2), at_least=False, base=Base.CAST, minimum_yes=0
    )
    assume(tally(**vote).outcome is Outcome.ADOPTED)
    for seat in vote["ballots"]:
        assert tally(**vote | dict(ballots=vote["ballots"] | {seat: Choice.YES})).outcome is Outcome.ADOPTED


@given(votes(kinds=(Kind.MAJORITY,)))
def test_without_a_yes_nothing_is_adopted(vote):
    vote["ballots"] = {seat: choice for seat, choice in vote["ballots"].items() if choice is not Choice.YES}
    assert tally(**vote).outcome in {Outcome.REJECTED, Outcome.NO_QUORUM}


@given(votes(), st.integers(1, 1000))
def test_scaling_all_weights_changes_no_outcome(vote, factor):
    scaled = [replace(seat, weight=seat.weight * factor) for seat in vote["seats"]]
    before, after = tally(**vote), tally(**vote | dict(seats=scaled))
    assert replace(before, reason="") == replace(after, reason="")


@given(votes())
def test_on_votes_cast_abstaining_equals_staying_away_but_for_the_quorum(vote):
    """A weight base of those present sees who is in the room, so it is set aside here with the quorum."""
    rule = replace(vote["rule"], base=Base.CAST, quorum=Fraction(0), quorum_more_than=False)
    if rule.weight_base is Base.PRESENT:
        rule = replace(rule, weight_base=Base.MEMBERSHIP)
    abstaining = {seat for seat, choice in vote["ballots"].items() if choice is Choice.ABSTAIN}
    away = dict(
        seats=[replace(seat, present=seat.present and seat.id not in abstaining) for seat in vote["seats"]],
        ballots={seat: choice for seat, choice in vote["ballots"].items() if seat not in abstaining},
    )
    assert tally(**vote | dict(rule=rule)).outcome is tally(**vote | dict(rule=rule) | away).outcome


@given(votes())
def test_nothing_is_adopted_over_a_veto(vote):
    vote["rule"] = replace(vote["rule"], veto=True)
    against = {s.id for s in vote["seats"] if s.veto and vote["ballots"].get(s.id) is Choice.NO}
    result = tally(**vote)
    if against:
        assert result.outcome is not Outcome.ADOPTED
    assert result.vetoed_by == (tuple(sorted(against)) if result.outcome is Outcome.VETOED else ())
    assert (result.outcome is Outcome.VETOED) <= bool(against)


@given(votes())
def test_a_veto_only_stops_what_would_have_been_adopted(vote):
    plain = tally(**vote | dict(rule=replace(vote["rule"], veto=False)))
    vetoing = tally(**vote | dict(rule=replace(vote["rule"], veto=True)))
    assert vetoing.outcome is plain.outcome or (plain.outcome, vetoing.outcome) == (
        Outcome.ADOPTED,
        Outcome.VETOED,
    )


@given(votes())
def test_the_counts_account_for_every_eligible_seat(vote):
    result = tally(**vote)
    eligible = sum(seat.status is Status.ELIGIBLE for seat in vote["seats"])
    assert result.yes + result.no + result.abstain + result.not_voting == eligible
    assert result.yes + result.no + result.abstain == len(vote["ballots"])


@given(votes())
def test_observers_change_nothing(vote):
    members = [seat for seat in vote["seats"] if seat.status is not Status.OBSERVER]
    assert tally(**vote) == tally(**vote | dict(seats=members))


@given(votes())
def test_the_reason_is_a_sentence_that_names_the_outcome(vote):
    result = tally(**vote)
    assert result.reason.startswith(result.outcome.value.capitalize())
    assert result.reason.endswith(".")
