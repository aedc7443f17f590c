"""A thousand random votes, each counted again from its ballots: the same as was stored, and as the count told aloud.

One vote in ten goes through the database: opened, cast and closed by the actions, read afresh and recounted. The others
are rows that are never saved, counted by the same functions from the same columns; a database would only keep them.
"""

import random
from datetime import timedelta
from fractions import Fraction

import pytest

from diplomacy import records_votes as records
from diplomacy.actions import ballots, hands, secret_ballots
from diplomacy.models import Elector, Motion
from diplomacy.rules.charters import Mode
from diplomacy.rules.counting import count_aloud
from diplomacy.rules.procedure import MotionStage
from diplomacy.rules.tally import Base, Choice, Kind, Outcome, Status, Tally, Tie, VotingRule
from tests import factories
from tests.factories import NOW

SAVED = 100
UNSAVED = 900
SHARES = [Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(55, 100), Fraction(2, 3), Fraction(1)]


def a_rule(chance: random.Random, *, heads_alone: bool) -> VotingRule:
    return VotingRule(
        kind=chance.choices(list(Kind), weights=(6, 1, 1))[0],
        threshold=chance.choice(SHARES),
        at_least=chance.random() < 0.5,
        base=chance.choice(list(Base)),
        minimum_yes=chance.choice((0, 0, 0, 2, 4)),
        weight_threshold=None if heads_alone else chance.choice((None, *SHARES)),
        weight_base=chance.choice(list(Base)),
        blocking_minority=chance.choice((0, 0, 2, 3)),
        veto=not heads_alone and chance.random() < 0.5,
        quorum=chance.choice((Fraction(0), Fraction(1, 2), Fraction(2, 3))),
        quorum_more_than=chance.random() < 0.3,
        tie=chance.choice(list(Tie)),
    )


def written(motion: Motion, tally: Tally) -> Motion:
    """The motion with its tally stored, as closing stores it."""
    motion.outcome, motion.reason, motion.closed_at = tally.outcome.value, tally.reason, NOW
    motion.yes, motion.no, motion.abstain = tally.yes, tally.no, tally.abstain
    motion.not_voting, motion.vetoed_by = tally.not_voting, list(tally.vetoed_by)
    return motion


def test_nine_hundred_votes_are_counted_again_from_their_rows():
    chance = random.Random(2293)
    outcomes = set()
    for _ in range(UNSAVED):
        mode = chance.choice(list(Mode))
        secret = mode is Mode.SECRET
        rule = a_rule(chance, heads_alone=secret)
        electors = [
            Elector(
                seat_id=seat,
                weight=1 if secret else chance.randrange(1, 5),
                veto=not secret and chance.random() < 0.3,
                present=chance.random() < 0.85,
                status=chance.choices(list(Status), weights=(7, 2, 1))[0].value,
            )
            for seat in range(1, chance.randrange(2, 25))
        ]
        names = {each.seat_id: f"the power {each.seat_id}" for each in electors}
        motion = Motion(mode=mode.value)
        motion.rule = records.FrozenVote(
            rule=rule, names=names, second_vote=chance.random() < 0.3, earlier=None
        ).to_json()
        cast = {
            each.seat_id: chance.choice(list(Choice))
            for each in electors
            if records.may_vote(each) and chance.random() < 0.9
        }
        if secret:
            box = [choice.value for choice in cast.values()]
            chance.shuffle(box)
            cast = records.sealed_choices(cast, box)
        stored = records.count(motion, electors=electors, cast=cast)
        if stored.outcome is Outcome.TIED and rule.tie is Tie.CASTING:
            motion.casting = chance.choice(list(Choice)).value
            stored = records.count(motion, electors=electors, cast=cast)
        written(motion, stored)

        chance.shuffle(electors)  # in whatever order the rows come back
        again = dict(chance.sample(sorted(cast.items()), len(cast)))
        assert records.recount(motion, electors=electors, cast=again) == records.stored_tally(motion)
        aloud = count_aloud(**vars(records.vote_on(motion, electors=electors, cast=again)))
        assert aloud[-1].outcome is stored.outcome
        outcomes.add(stored.outcome)
    assert outcomes == set(Outcome)


@pytest.fixture
def conference(campaign, gm):
    powers = [*campaign.powers.all(), *factories.make_powers(campaign, 4)]
    return factories.make_conference(campaign, powers)


def set_the_table(conference, chance: random.Random, mode: Mode) -> None:
    secret = mode is Mode.SECRET
    rule = a_rule(chance, heads_alone=secret)
    charter = conference.charter
    for name, value in vars(rule).items():
        setattr(charter, name, value)
    charter.save()
    for seat in conference.seats.all():
        seat.weight = 1 if secret else chance.randrange(1, 5)
        seat.veto = chance.random() < 0.3
        seat.present = chance.random() < 0.8
        seat.observer = chance.random() < 0.1
        seat.save()
    first = conference.seats.first()  # somebody may vote
    conference.seats.filter(pk=first.pk).update(present=True, observer=False)


def vote(conference, chance: random.Random, mode: Mode, gm) -> Motion:
    set_the_table(conference, chance, mode)

    motion = factories.make_motion(conference)
    motion = ballots.open_vote(motion=motion, mode=mode.value, by=gm, now=NOW)
    give(motion, chance, mode, gm)
    motion = ballots.close(motion=motion, by=gm, now=NOW + timedelta(minutes=5))
    if motion.stage == MotionStage.TIED and records.frozen_vote(motion).rule.tie is Tie.CASTING:
        return ballots.casting(motion=motion, choice=chance.choice(list(Choice)).value, by=gm, now=NOW)
    if motion.stage == MotionStage.TIED:
        motion = ballots.open_vote(motion=motion, by=gm, now=NOW)
        give(motion, chance, mode, gm)
        return ballots.close(motion=motion, by=gm, now=NOW + timedelta(minutes=9))
    return motion


def give(motion: Motion, chance: random.Random, mode: Mode, gm) -> None:
    voters = [each for each in motion.electors.select_related("seat") if records.may_vote(each)]
    chosen = {each.seat: chance.choice(list(Choice)).value for each in voters if chance.random() < 0.9}
    if mode is Mode.HANDS:
        shown = {seat.pk: choice for seat, choice in chosen.items()}
        hands.key_in(motion=motion, choices=shown, by=gm, now=NOW)
        return
    for seat, choice in chosen.items():
        given = {"motion": motion, "seat": seat, "by": gm, "now": NOW}
        if mode is Mode.SECRET:
            receipt = secret_ballots.cast(choice="abstain", **given)
            secret_ballots.cast(choice=choice, receipt=receipt, **given)
        else:
            ballots.cast(choice=choice, **given)


def test_a_hundred_votes_are_counted_again_from_the_database(conference, gm):
    conference.seats.update(delegate=None)
    chance = random.Random(2368)
    outcomes = set()
    for number in range(SAVED):
        mode = list(Mode)[number % len(Mode)]
        motion = Motion.objects.get(pk=vote(conference, chance, mode, gm).pk)
        stored = records.stored_tally(motion)
        assert records.recount(motion) == stored
        assert count_aloud(**vars(records.vote_on(motion)))[-1].outcome is stored.outcome
        outcomes.add(stored.outcome)
    assert {Outcome.ADOPTED, Outcome.REJECTED, Outcome.VETOED, Outcome.NO_QUORUM} <= outcomes
