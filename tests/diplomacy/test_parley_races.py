"""Several hands on one parley at once: rival offers accepted together, and each step against what would undo it.

The threads are real, each with a connection of its own, as in test_vote_race.py. Whoever comes second is told why.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from diplomacy.actions import ballots, complaints, parleys, settlements
from diplomacy.models import Complaint, Joinder, JoinderRole, Offer, OfferState
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.errors import Refused
from khitomer.models import Activity, ActivityKind, Campaign, Power, Role, User
from tests import factories
from tests.diplomacy.test_vote_race import hang_up
from tests.factories import NOW
from tests.parley_rows import make_offer, make_settlement

THREADS = 6
ROUNDS = 5


@dataclass
class Table:
    """A campaign of three powers with a player each, and the threads that act for them."""

    campaign: Campaign
    gm: User
    powers: dict[str, Power]
    players: dict[str, User]
    pool: ThreadPoolExecutor

    def complaint(
        self, *others: str, stage: ComplaintStage = ComplaintStage.RULING, **fields: Any
    ) -> Complaint:
        complaint = factories.make_complaint(self.campaign, stage, **fields)
        for slug in others:
            Joinder.objects.create(
                complaint=complaint, power=self.powers[slug], role=JoinderRole.RESPONDENT, at=NOW
            )
        return complaint

    def accept(self, offer: Offer, slug: str) -> Callable[[], Offer]:
        return lambda: parleys.accept(
            offer=Offer.objects.get(pk=offer.pk), power=self.powers[slug], by=self.players[slug], now=NOW
        )

    def at_once(self, *tasks: Callable[[], Any]) -> list[Any]:
        """Run the tasks together; give what each returned or raised, and fail on anything but `Refused`."""
        gate = threading.Barrier(len(tasks))

        def run(task: Callable[[], Any]) -> Any:
            gate.wait(60)
            try:
                return task()
            except Refused as refused:
                return refused

        return [future.result(120) for future in [self.pool.submit(run, task) for task in tasks]]


@pytest.fixture
def table(transactional_db: None) -> Iterator[Table]:
    campaign = factories.small_campaign()
    gm = factories.make_user("gm")
    factories.join(campaign, gm, Role.GM)
    powers = {power.slug: power for power in campaign.powers.all()}
    players = {}
    for slug in ("federation", "klingon", "romulan"):
        players[slug] = factories.make_user(slug)
        factories.join(campaign, players[slug], Role.PLAYER, powers[slug])
    pool = ThreadPoolExecutor(THREADS)
    yield Table(campaign, gm, powers, players, pool)
    hang_up(pool, THREADS)


def stage_of(complaint: Complaint) -> str:
    return str(Complaint.objects.get(pk=complaint.pk).stage)


def state_of(offer: Offer) -> str:
    return str(Offer.objects.get(pk=offer.pk).state)


def refusals(results: list[Any]) -> list[str]:
    return [str(each) for each in results if isinstance(each, Refused)]


def test_of_two_rival_offers_one_is_accepted(table: Table) -> None:
    """The complainant accepts the respondent's offer while the respondent accepts the complainant's."""
    for _ in range(ROUNDS):
        complaint = table.complaint()
        one = make_offer(complaint, table.powers["federation"])
        other = make_offer(complaint, table.powers["klingon"])

        results = table.at_once(table.accept(one, "klingon"), table.accept(other, "federation"))

        (refused,) = refusals(results)
        lodged = complaint.offers.lodged().get()
        assert refused == f"The complaint is settled: all have accepted offer {lodged.number}."
        assert {state_of(one), state_of(other)} == {OfferState.ACCEPTED, OfferState.LAPSED}
        assert stage_of(complaint) == ComplaintStage.SETTLED
        told = Activity.objects.filter(kind=ActivityKind.SETTLED, number=complaint.number)
        assert told.count() == 1


def test_three_parties_and_three_rival_offers(table: Table) -> None:
    """Everybody accepts everything at once: one offer is accepted by all, and no second one."""
    for _ in range(ROUNDS):
        complaint = table.complaint("romulan")
        slugs = ("federation", "klingon", "romulan")
        offers = [make_offer(complaint, table.powers[slug]) for slug in slugs]

        results = table.at_once(
            *(
                table.accept(offer, slug)
                for offer, maker in zip(offers, slugs, strict=True)
                for slug in slugs
                if slug != maker
            )
        )

        lodged = complaint.offers.lodged().get()
        assert set(lodged.acceptances.values_list("power__slug", flat=True)) == set(slugs)
        assert stage_of(complaint) == ComplaintStage.SETTLED
        assert all("The complaint is settled" in said for said in refusals(results))
        assert Activity.objects.filter(kind=ActivityKind.SETTLED, number=complaint.number).count() == 1


def test_accepted_by_several_hands_it_is_accepted_once(table: Table) -> None:
    for _ in range(ROUNDS):
        complaint = table.complaint()
        offer = make_offer(complaint, table.powers["federation"])

        results = table.at_once(*[table.accept(offer, "klingon")] * THREADS)

        assert refusals(results) == []
        assert offer.acceptances.count() == 2
        assert Activity.objects.filter(kind=ActivityKind.SETTLED, number=complaint.number).count() == 1


def test_accept_against_take_back(table: Table) -> None:
    for _ in range(ROUNDS):
        complaint = table.complaint()
        offer = make_offer(complaint, table.powers["federation"])

        def take_back(offer: Offer = offer) -> Offer:
            return parleys.take_back(offer=offer, by=table.players["federation"], now=NOW)

        (refused,) = refusals(table.at_once(table.accept(offer, "klingon"), take_back))

        if state_of(offer) == OfferState.ACCEPTED:
            assert refused.startswith("Offer 1 was accepted by all.")
            assert stage_of(complaint) == ComplaintStage.SETTLED
        else:
            assert refused.startswith("Offer 1 was taken back.")
            assert stage_of(complaint) == ComplaintStage.RULING


def test_accept_against_counter(table: Table) -> None:
    """Two respondents: one accepts what the other answers with an offer of its own."""
    for _ in range(ROUNDS):
        complaint = table.complaint("romulan")
        offer = make_offer(complaint, table.powers["federation"], accepted=[table.powers["romulan"]])

        def counter(offer: Offer = offer, complaint: Complaint = complaint) -> Offer:
            return parleys.make_offer(
                complaint=complaint,
                power=table.powers["romulan"],
                terms="Rather this.",
                answers=offer,
                by=table.players["romulan"],
                now=NOW,
            )

        (refused,) = refusals(table.at_once(table.accept(offer, "klingon"), counter))

        if state_of(offer) == OfferState.ACCEPTED:
            assert "settled" in refused
            assert complaint.offers.count() == 1
        else:
            assert (state_of(offer), refused.startswith("Offer 1 was answered by another offer.")) == (
                OfferState.COUNTERED,
                True,
            )
            assert stage_of(complaint) == ComplaintStage.RULING


def test_accept_against_a_withdrawal(table: Table) -> None:
    for _ in range(ROUNDS):
        complaint = table.complaint()
        offer = make_offer(complaint, table.powers["federation"])

        def withdraw(complaint: Complaint = complaint) -> Complaint:
            return complaints.withdraw(complaint=complaint, by=table.players["federation"], now=NOW)

        (refused,) = refusals(table.at_once(table.accept(offer, "klingon"), withdraw))

        settled = state_of(offer) == OfferState.ACCEPTED
        assert stage_of(complaint) == (ComplaintStage.SETTLED if settled else ComplaintStage.WITHDRAWN)
        assert ("“settled”" if settled else "“withdrawn”") in refused


def test_accept_against_the_opening_of_a_vote(table: Table) -> None:
    """Either the complaint is settled and nothing on it is voted, or it is voted and stays unsettled."""
    conference = factories.make_conference(table.campaign)
    for _ in range(ROUNDS):
        complaint = table.complaint(stage=ComplaintStage.HEARD, conference=conference)
        motion = factories.make_motion(conference, MotionStage.SUBMITTED, complaint=complaint)
        offer = make_offer(complaint, table.powers["federation"])

        def open_vote(motion: Any = motion) -> Any:
            return ballots.open_vote(motion=motion, by=table.gm, now=NOW)

        (refused,) = refusals(table.at_once(table.accept(offer, "klingon"), open_vote))

        motion.refresh_from_db()
        if state_of(offer) == OfferState.ACCEPTED:
            assert (stage_of(complaint), motion.stage) == (ComplaintStage.SETTLED, MotionStage.SUBMITTED)
            assert "settled" in refused
        else:
            assert (stage_of(complaint), motion.stage) == (ComplaintStage.HEARD, MotionStage.VOTING)
            assert refused.startswith("A vote on this complaint is open.")


def test_accept_against_the_close_that_decides(table: Table) -> None:
    conference = factories.make_conference(table.campaign)
    for _ in range(ROUNDS):
        complaint = table.complaint(stage=ComplaintStage.HEARD, conference=conference)
        motion = factories.make_motion(
            conference,
            MotionStage.VOTING,
            complaint=complaint,
            ballots={"romulan": "yes", "cardassian": "yes"},
        )
        offer = make_offer(complaint, table.powers["federation"])

        def close(motion: Any = motion) -> Any:
            return ballots.close(motion=motion, by=table.gm, now=NOW)

        (refused,) = refusals(table.at_once(table.accept(offer, "klingon"), close))

        motion.refresh_from_db()
        assert motion.stage == MotionStage.ADOPTED
        assert stage_of(complaint) in (ComplaintStage.BREACH, ComplaintStage.COMPLIANCE)
        assert state_of(offer) == OfferState.OPEN
        assert "A vote on this complaint is open." in refused or "the complaint stands at" in refused


def test_given_effect_by_many_it_takes_effect_once(table: Table) -> None:
    effects = [
        factories.standing_effect(by=1),
        {"kind": "obligation", "power": "klingon", "text": "Pay", "due_on": "2379-05-01"},
    ]
    for number in range(1, 3):
        offer = make_settlement(table.complaint(), effects)

        def give(offer: Offer = offer) -> Offer:
            return settlements.give_effect(offer=offer, by=table.gm, now=NOW)

        assert refusals(table.at_once(*[give] * THREADS)) == []
        assert table.campaign.ledger.filter(source=offer.source).count() == 1
        assert offer.obligations.count() == 1
        value = table.campaign.standings.get(first__slug="federation", second__slug="klingon").value
        assert value == 2 + number


def test_effect_against_undo_ends_in_one_of_two_states(table: Table) -> None:
    for _ in range(ROUNDS):
        offer = make_settlement(table.complaint(), [factories.standing_effect(by=1)])

        def give(offer: Offer = offer) -> Offer:
            return settlements.give_effect(offer=offer, by=table.gm, now=NOW)

        def undo(offer: Offer = offer) -> Offer:
            return settlements.undo(offer=offer, why="A slip.", by=table.gm, now=NOW)

        table.at_once(give, undo, give, undo)

        offer.refresh_from_db()
        assert offer.enacted_at is not None
        value = table.campaign.standings.get(first__slug="federation", second__slug="klingon").value
        assert value == (2 if offer.undone_at else 3)
        if not offer.undone_at:
            undo()
