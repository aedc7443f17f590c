"""The race of `test_vote_race` in the other ways of voting: into a secret box, and by show of hands.

Twenty-four voters, each twice, against four closers: every closer is given the same result, and the result equals the
ballots that were accepted, whatever the order in which the box was written anew.
"""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from diplomacy import records_votes as records
from diplomacy.actions import ballots, hands, pledges, secret_ballots
from diplomacy.models import Clause, Motion
from diplomacy.rules.procedure import MotionStage
from diplomacy.rules.tally import Choice
from khitomer.errors import Refused
from khitomer.models import Activity, ActivityKind
from tests import factories
from tests.diplomacy.test_vote_race import CLOSERS, VOTERS, Round, Table, hang_up, lay

ROUNDS = 24
CHOICES = [choice.value for choice in Choice]


@pytest.fixture
def table(transactional_db: None) -> Iterator[Table]:
    table = lay("race-modes")
    yield table
    hang_up(table.pool, VOTERS + CLOSERS)


def motion_of(table: Table, number: int, mode: str) -> Motion:
    motion = Motion.objects.create(
        conference=table.conference, number=number, title="Race", created_by=table.gm
    )
    Clause.objects.create(motion=motion, position=1, phrase="Decides", text="that so it is")
    return ballots.open_vote(motion=motion, mode=mode, by=table.gm, now=factories.NOW)


def closer(table: Table, motion: Motion, round_: Round) -> Callable[[], object]:
    def close() -> object:
        round_.closing.wait(60)
        return records.stored_tally(ballots.close(motion=motion, by=table.gm, now=factories.NOW))

    return close


def settled(table: Table, motion: Motion, results: list[Any]) -> Motion:
    """Nothing but refusals was raised, and every closer was given what is stored and what the ballots come to."""
    assert [each for each in results if isinstance(each, Exception)] == []
    motion = Motion.objects.get(pk=motion.pk)
    stored = records.stored_tally(motion)
    assert stored is not None
    assert results[-CLOSERS:] == [stored] * CLOSERS
    assert records.recount(motion) == stored
    told = Activity.objects.filter(campaign=table.campaign, number=motion.number)
    assert told.filter(kind=ActivityKind.VOTE_CLOSED).count() == 1
    return motion


def test_into_a_secret_box(table: Table) -> None:
    chance = random.Random(2293)
    met = 0
    for number in range(1, ROUNDS + 1):
        motion = motion_of(table, number, "secret")
        round_ = Round(when=chance.randrange(0, 2 * VOTERS))
        choices = [(chance.choice(CHOICES), chance.choice(CHOICES)) for _ in range(VOTERS)]
        held: dict[int, tuple[str, str]] = {}  # by seat: the receipt, and the last choice that was accepted

        def voter(
            index: int,
            motion: Motion = motion,
            round_: Round = round_,
            choices: list[tuple[str, str]] = choices,
            held: dict[int, tuple[str, str]] = held,
        ) -> Callable[[], None]:
            def vote() -> None:
                seat, receipt = table.seats[index], ""
                for choice in choices[index]:
                    round_.attempt()
                    try:
                        receipt = secret_ballots.cast(
                            motion=motion,
                            seat=seat,
                            choice=choice,
                            receipt=receipt,
                            by=table.voices[index],
                            now=factories.NOW,
                        )
                    except Refused as refused:
                        round_.refused.append(str(refused))
                    else:
                        round_.accepted.append((seat.pk, choice))
                        held[seat.pk] = receipt, choice

            return vote

        tasks = [*map(voter, range(VOTERS)), *[closer(table, motion, round_)] * CLOSERS]
        motion = settled(table, motion, table.at_once(tasks))
        assert set(motion.voters.values_list("seat_id", flat=True)) == set(held)
        assert sorted(motion.box.values_list("choice", flat=True)) == sorted(
            said for _, said in held.values()
        )
        for receipt, said in held.values():
            assert secret_ballots.find(motion=motion, receipt=receipt) == said
        assert (motion.yes or 0) + (motion.no or 0) + (motion.abstain or 0) == len(held)
        assert not motion.ballots.exists()
        voted = Activity.objects.filter(
            campaign=table.campaign, number=motion.number, kind=ActivityKind.VOTED
        )
        assert voted.count() == len(held)
        met += bool(round_.accepted) and bool(round_.refused)
    assert met > ROUNDS // 3, "the closers hardly ever met the voters: this was no race"


def test_by_show_of_hands(table: Table) -> None:
    """As many keys at once as there are seats, each with a room of its own: the last that was kept is what counts."""
    chance = random.Random(2368)
    met = 0
    for number in range(1, ROUNDS + 1):
        motion = motion_of(table, number, "show of hands")
        round_ = Round(when=chance.randrange(0, 2 * VOTERS))
        rooms = [{seat.pk: chance.choice([*CHOICES, ""]) for seat in table.seats} for _ in range(2 * VOTERS)]

        def keyer(
            index: int,
            motion: Motion = motion,
            round_: Round = round_,
            rooms: list[dict[int, str]] = rooms,
        ) -> Callable[[], None]:
            def key() -> None:
                for place in (index, index + VOTERS):
                    round_.attempt()
                    try:
                        hands.key_in(motion=motion, choices=rooms[place], by=table.gm, now=factories.NOW)
                    except Refused as refused:
                        round_.refused.append(str(refused))
                    else:
                        round_.accepted.append((place, ""))

            return key

        tasks = [*map(keyer, range(VOTERS)), *[closer(table, motion, round_)] * CLOSERS]
        motion = settled(table, motion, table.at_once(tasks))
        stands = dict(motion.ballots.values_list("seat_id", "choice"))
        kept = [{seat: said for seat, said in rooms[place].items() if said} for place, _ in round_.accepted]
        assert stands in (kept or [{}])
        met += bool(round_.accepted) and bool(round_.refused)
    assert met > ROUNDS // 3, "the closers hardly ever met the keys: this was no race"


def test_pledges_against_the_opening_of_the_vote(table: Table) -> None:
    """A pledge is made before the vote opens, or refused: none comes after it."""
    for number in range(1, 9):
        motion = Motion.objects.create(
            conference=table.conference, number=number, title="Race", stage=MotionStage.SUBMITTED.value
        )
        Clause.objects.create(motion=motion, position=1, phrase="Decides", text="that so it is")
        made: list[int] = []

        def pledge(index: int, motion: Motion = motion, made: list[int] = made) -> Callable[[], None]:
            def say() -> None:
                try:
                    pledges.pledge(
                        motion=motion,
                        seat=table.seats[index],
                        choice="yes",
                        by=table.voices[index],
                        now=factories.NOW,
                    )
                except Refused:
                    return
                made.append(table.seats[index].pk)

            return say

        def open_it(motion: Motion = motion) -> object:
            return ballots.open_vote(motion=motion, by=table.gm, now=factories.NOW)

        results = table.at_once([*map(pledge, range(8)), open_it])
        assert [each for each in results if isinstance(each, Exception)] == []
        assert set(motion.pledges.values_list("seat_id", flat=True)) == set(made)
