"""Twenty-four voters, each casting twice, against four closers: two hundred times, on whichever database this run has.

In every round the stored tally equals the ballots that were accepted, exactly one close took effect and every closer
was given the same result, no ballot was accepted after it, and nothing but `Refused` was raised. The threads are real,
each with a connection of its own, and are kept from round to round. Several rounds run side by side, each on a motion
of its own at a table of its own: SQLite's writers wait by sleeping, and what one round sleeps another works.
"""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from diplomacy import records_votes as records
from diplomacy.actions import ballots, resolutions
from diplomacy.models import (
    Ballot,
    Charter,
    Clause,
    Conference,
    ConferenceStage,
    Effect,
    Motion,
    ObligationState,
    Resolution,
    Seat,
)
from diplomacy.rules.procedure import MotionStage
from diplomacy.rules.tally import Choice, Outcome
from khitomer.errors import Refused
from khitomer.models import Activity, ActivityKind, Campaign, Change, Membership, Role, User
from tests import factories

VOTERS = 24
CLOSERS = 4
ROUNDS = 200
LANES = 4
BY_PAGE = 19  # every nineteenth round goes through the pages, in each lane by turns

CHOICES = list(Choice)


@dataclass
class Table:
    """A conference of twenty-four seats, half of them run by the GM, and the threads that sit at it."""

    campaign: Campaign
    conference: Conference
    gm: User
    seats: list[Seat]
    voices: list[User]
    pool: ThreadPoolExecutor
    clients: dict[int, Client]

    def motion(self, number: int) -> Motion:
        """A fresh motion, already put to the vote."""
        motion = Motion.objects.create(
            conference=self.conference, number=number, title="Race", created_by=self.gm
        )
        Clause.objects.create(motion=motion, position=1, phrase="Decides", text="that so it is")
        mode = "open" if number % 2 else "roll call"
        return ballots.open_vote(motion=motion, mode=mode, by=self.gm, now=factories.NOW)

    def at_once(self, tasks: list[Callable[[], Any]]) -> list[Any]:
        """Run each task on a thread of its own, all released together; give what each returned or raised."""
        gate = threading.Barrier(len(tasks))

        def run(task: Callable[[], Any]) -> Any:
            gate.wait(60)
            try:
                return task()
            except Exception as error:  # noqa: BLE001  (whatever it is, the test looks at it)
                return error

        futures: list[Future[Any]] = [self.pool.submit(run, task) for task in tasks]
        return [future.result(120) for future in futures]


@pytest.fixture
def tables(transactional_db: None) -> Iterator[list[Table]]:
    """One for each lane, each in a campaign of its own: whoever closes a vote holds the campaign's row."""
    tables = [lay(f"race-{lane}") for lane in range(LANES)]
    yield tables
    for table in tables:
        hang_up(table.pool, VOTERS + CLOSERS)


@pytest.fixture
def table(transactional_db: None) -> Iterator[Table]:
    table = lay("race")
    yield table
    hang_up(table.pool, VOTERS + CLOSERS)


def lay(name: str) -> Table:
    campaign = factories.make_campaign(slug=name)
    treaty = factories.make_treaty(campaign)
    gm = factories.make_user(f"gm-{name}")
    factories.join(campaign, gm, Role.GM)
    conference = Conference.objects.create(
        campaign=campaign,
        slug="race",
        name="Race",
        treaty=treaty,
        on=factories.TODAY,
        stage=ConferenceStage.OPEN,
    )
    Charter.objects.create(conference=conference, tie="reject")
    seats, voices = [], []
    for number, power in enumerate(factories.make_powers(campaign, VOTERS)):
        member: Membership | None = None
        if number % 2:
            member = factories.join(
                campaign, factories.make_user(f"delegate-{number}-{name}"), Role.PLAYER, power
            )
        seats.append(Seat.objects.create(conference=conference, power=power, delegate=member))
        voices.append(member.user if member else gm)
    clients = {}
    for user in {gm, *voices}:
        clients[user.pk] = Client()
        clients[user.pk].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    pool = ThreadPoolExecutor(VOTERS + CLOSERS)
    return Table(campaign, conference, gm, seats, voices, pool, clients)


def hang_up(pool: ThreadPoolExecutor, threads: int) -> None:
    """Close the connection of every thread of a pool, and end it: a database with guests cannot be dropped."""
    leaving = threading.Barrier(threads)

    def leave() -> None:
        leaving.wait(60)
        connections.close_all()

    for future in [pool.submit(leave) for _ in range(threads)]:
        future.result(120)
    pool.shutdown()


@dataclass
class Round:
    """What the threads of one round did. `when` ballots were attempted, the closers start."""

    when: int
    accepted: list[tuple[int, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    attempts: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    closing: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        if self.when == 0:
            self.closing.set()

    def attempt(self) -> None:
        with self.lock:
            self.attempts += 1
            if self.attempts >= self.when:
                self.closing.set()


def by_action(
    table: Table, motion: Motion, round_: Round, choices: list[list[Choice]]
) -> list[Callable[[], Any]]:
    """The tasks of a round that calls the actions."""

    def voter(index: int) -> Callable[[], None]:
        def vote() -> None:
            for choice in choices[index]:
                round_.attempt()
                try:
                    ballots.cast(
                        motion=motion,
                        seat=table.seats[index],
                        choice=choice,
                        by=table.voices[index],
                        now=factories.NOW,
                    )
                except Refused as refused:
                    round_.refused.append(str(refused))
                else:
                    round_.accepted.append((table.seats[index].pk, choice.value))

        return vote

    def closer() -> object:
        round_.closing.wait(60)
        later = factories.NOW + timedelta(minutes=threading.get_ident() % 60)
        return records.stored_tally(ballots.close(motion=motion, by=table.gm, now=later))

    return [*(voter(index) for index in range(VOTERS)), *[closer] * CLOSERS]


def by_page(
    table: Table, motion: Motion, round_: Round, choices: list[list[Choice]]
) -> list[Callable[[], Any]]:
    """The same through the pages; the GM's own posts share one session, as two open tabs do."""
    where = {
        "campaign": table.campaign.slug,
        "conference": table.conference.slug,
        "number": motion.number,
    }

    def post(user: User, name: str, data: dict[str, object]) -> int:
        client = Client()
        client.cookies = table.clients[user.pk].cookies
        return client.post(reverse(name, kwargs=where), data).status_code

    def voter(index: int) -> Callable[[], None]:
        def vote() -> None:
            for choice in choices[index]:
                round_.attempt()
                seat = table.seats[index]
                status = post(table.voices[index], "ballot", {"seat": seat.pk, "choice": choice.value})
                if status == 302:
                    round_.accepted.append((seat.pk, choice.value))
                else:
                    assert status == 409, status
                    round_.refused.append("closed")

        return vote

    def closer() -> object:
        round_.closing.wait(60)
        status = post(table.gm, "vote-close", {})
        assert status == 302, status
        return records.stored_tally(Motion.objects.get(pk=motion.pk))

    return [*(voter(index) for index in range(VOTERS)), *[closer] * CLOSERS]


def race(table: Table, number: int, chance: random.Random) -> bool:
    """One round; says whether the closers met the voters: some ballots were accepted and some refused."""
    motion = table.motion(number)
    round_ = Round(when=chance.randrange(0, 2 * VOTERS))
    choices = [[chance.choice(CHOICES), chance.choice(CHOICES)] for _ in range(VOTERS)]
    tasks = (by_page if number % BY_PAGE == 0 else by_action)(table, motion, round_, choices)
    results = table.at_once(tasks)

    assert [each for each in results if isinstance(each, Exception)] == []
    motion = Motion.objects.select_related("resolution").get(pk=motion.pk)
    stored = records.stored_tally(motion)
    assert stored is not None
    assert results[VOTERS:] == [stored] * CLOSERS
    assert records.recount(motion) == stored

    # A voter's second ballot comes after the first, so the last one accepted of each seat is what stands.
    stands = dict(round_.accepted)
    assert dict(motion.ballots.values_list("seat_id", "choice")) == stands
    cast = list(stands.values())
    counted = tuple(cast.count(choice) for choice in (Choice.YES, Choice.NO, Choice.ABSTAIN))
    assert (stored.yes, stored.no, stored.abstain) == counted
    assert stored.not_voting == VOTERS - len(stands)
    assert len(round_.accepted) + len(round_.refused) == 2 * VOTERS

    told = Activity.objects.filter(campaign=table.campaign, number=number)
    closings = told.filter(kind=ActivityKind.VOTE_CLOSED).count()
    resolved = Resolution.objects.filter(motion=motion).count()
    assert (closings, resolved) == (1, int(stored.outcome is Outcome.ADOPTED))
    return bool(round_.accepted) and bool(round_.refused)


def test_the_tally_equals_the_ballots_accepted(tables: list[Table]) -> None:
    """The wall: 24 voters, each twice, against 4 closers, 200 rounds."""

    def drive(lane: int) -> int:
        chance = random.Random(2293 + lane)
        return sum(race(tables[lane], number, chance) for number in range(1 + lane, ROUNDS + 1, LANES))

    drivers = ThreadPoolExecutor(LANES)
    met = sum(drivers.map(drive, range(LANES)))
    hang_up(drivers, LANES)

    assert Motion.objects.exclude(outcome="").count() == ROUNDS
    for table in tables:
        numbers = list(table.campaign.resolutions.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
    assert met > ROUNDS // 2, "the closers hardly ever met the voters: this was no race"


def test_votes_closed_at_once_take_numbers_without_a_gap(table: Table) -> None:
    motions = [table.motion(number) for number in range(1, 13)]
    for motion in motions:
        ballots.cast(motion=motion, seat=table.seats[0], choice="yes", by=table.gm, now=factories.NOW)

    def closer(motion: Motion) -> Callable[[], Motion]:
        return lambda: ballots.close(motion=motion, by=table.gm, now=factories.NOW)

    results = table.at_once([closer(motion) for motion in motions for _ in range(2)])

    assert [each for each in results if isinstance(each, Exception)] == []
    assert {motion.stage for motion in results} == {MotionStage.ADOPTED}
    numbers = sorted(table.campaign.resolutions.values_list("number", flat=True))
    assert numbers == list(range(1, 13))


def test_two_casting_votes_at_once_count_once(table: Table) -> None:
    Charter.objects.filter(conference=table.conference).update(tie="casting")
    for number in range(1, 11):
        motion = table.motion(number)
        for seat, choice in zip(table.seats[:2], ("yes", "no"), strict=True):
            voice = table.voices[table.seats.index(seat)]
            ballots.cast(motion=motion, seat=seat, choice=choice, by=voice, now=factories.NOW)
        assert ballots.close(motion=motion, by=table.gm, now=factories.NOW).stage == MotionStage.TIED

        def decide(choice: str, motion: Motion = motion) -> Callable[[], Motion]:
            return lambda: ballots.casting(motion=motion, choice=choice, by=table.gm, now=factories.NOW)

        results = table.at_once([decide("yes"), decide("no"), decide("yes"), decide("no")])

        settled = [each for each in results if isinstance(each, Motion)]
        assert len(settled) == 1
        assert all(isinstance(each, Refused) for each in results if each is not settled[0])
        motion.refresh_from_db()
        assert (motion.casting, motion.stage) == (settled[0].casting, settled[0].stage)
        assert records.recount(motion) == records.stored_tally(motion)


def adopted(table: Table, number: int) -> Resolution:
    """A resolution with a standing, an event and an obligation, adopted and waiting."""
    one, other = table.seats[0].power, table.seats[1].power
    motion = Motion.objects.create(conference=table.conference, number=number, title="Amends")
    clause = Clause.objects.create(motion=motion, position=1, phrase="Decides", text="that amends be made")
    payloads: list[dict[str, object]] = [
        {"kind": "standing", "power": one.slug, "other": other.slug, "by": 1},
        {"kind": "event", "title": f"Amends are made for the {number}th time"},
        {"kind": "obligation", "power": one.slug, "text": "Make amends", "due_on": "2379-04-01"},
    ]
    for ordinal, payload in enumerate(payloads):
        Effect.objects.create(clause=clause, ordinal=ordinal, payload=payload)
    ballots.open_vote(motion=motion, by=table.gm, now=factories.NOW)
    ballots.cast(motion=motion, seat=table.seats[0], choice="yes", by=table.gm, now=factories.NOW)
    return ballots.close(motion=motion, by=table.gm, now=factories.NOW).resolution


def test_enacted_by_many_at_once_it_takes_effect_once(table: Table) -> None:
    for number in range(1, 5):
        resolution = adopted(table, number)

        def enact(resolution: Resolution = resolution) -> Resolution:
            return resolutions.enact(resolution=resolution, by=table.gm, now=factories.NOW)

        results = table.at_once([enact] * 8)

        assert [each for each in results if isinstance(each, Exception)] == []
        rows = table.campaign.ledger.filter(source=resolution.source).order_by("ordinal")
        assert [row.kind for row in rows] == ["change standing", "add event"]
        assert resolution.obligations.count() == 1
        assert table.campaign.standings.get().value == number
        told = Activity.objects.filter(kind=ActivityKind.ENACTED, number=resolution.number)
        assert told.count() == 1


def test_enact_against_undo_ends_in_one_of_two_states(table: Table) -> None:
    """However they fall, the ledger, the standings, the timeline and the obligations tell the same story."""
    for number in range(1, 16):
        resolution = adopted(table, number)

        def enact(resolution: Resolution = resolution) -> Resolution:
            return resolutions.enact(resolution=resolution, by=table.gm, now=factories.NOW)

        def undo(resolution: Resolution = resolution) -> Resolution:
            return resolutions.undo(resolution=resolution, why="A mistake.", by=table.gm, now=factories.NOW)

        results = table.at_once([enact, undo, enact, undo])

        unexpected = [
            each for each in results if isinstance(each, Exception) and not isinstance(each, Refused)
        ]
        assert unexpected == []
        resolution.refresh_from_db()
        assert resolution.enacted_at is not None
        undone = resolution.undone_at is not None
        rows = Change.objects.filter(campaign=table.campaign, source=resolution.source)
        inverses = Change.objects.filter(undoes__in=rows)
        assert (rows.count(), inverses.count()) == (2, 2 if undone else 0)
        value = sum(row.value for row in table.campaign.standings.all())
        assert value == (0 if undone else 1)
        assert table.campaign.events.count() == (0 if undone else 1)
        states = set(resolution.obligations.values_list("state", flat=True))
        assert states == {ObligationState.VOID if undone else ObligationState.OWED}
        if not undone:  # leave the scene as it was found
            undo()


def test_a_ballot_after_the_close_finds_the_earlier_one_standing(table: Table) -> None:
    motion = table.motion(1)
    ballots.cast(motion=motion, seat=table.seats[1], choice="yes", by=table.voices[1], now=factories.NOW)
    ballots.close(motion=motion, by=table.gm, now=factories.NOW + timedelta(minutes=14))

    def late(index: int) -> Callable[[], Ballot]:
        return lambda: ballots.cast(
            motion=motion,
            seat=table.seats[index],
            choice="no",
            by=table.voices[index],
            now=factories.NOW + timedelta(hours=1),
        )

    results = table.at_once([late(index) for index in range(VOTERS)])

    assert all(isinstance(each, Refused) for each in results)
    assert str(results[1]) == "The vote closed at 20:14; your earlier ballot stands."
    assert str(results[0]) == "The vote closed at 20:14; no more ballots are taken."
    assert list(motion.ballots.values_list("choice", flat=True)) == ["yes"]


def test_the_threads_meet_the_locks_of_the_house(table: Table) -> None:
    """The races above mean nothing on a database in memory or in deferred transactions."""
    if connection.vendor == "sqlite":
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        assert "memory" not in str(connection.settings_dict["NAME"])
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)
    else:
        assert connection.vendor == "postgresql"
