"""Locks are taken in one order, whoever takes them: no two who decide at the same moment can stop each other for good.

On SQLite all writers queue, so there these rounds show only that both steps can be taken; on PostgreSQL a wrong order
ends in a deadlock, which the database breaks by failing one of the two.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from diplomacy.actions import ballots, complaints, conferences
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.actions import chronicle, once
from khitomer.errors import Refused
from khitomer.models import Campaign, User
from khitomer.rules.changes import ChangeStanding
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10
Step = Callable[..., Any]


def at_once(*steps: Step) -> list[Refused | None]:
    """Take the steps from as many threads at the same moment; None for each that was taken, or why it was refused."""
    start = Barrier(len(steps))

    def one(step: Step) -> Refused | None:
        start.wait()
        try:
            step()
        except Refused as refused:
            return refused
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(one, steps))


def convening(campaign: Campaign, gm: User, agenda: list[Any]) -> Step:
    treaty = campaign.treaties.get(numeral="II")
    return lambda: conferences.create_conference(
        campaign=campaign, name="Ajilon", treaty=treaty, on=campaign.today, agenda=agenda, by=gm, now=NOW
    )


@pytest.mark.parametrize("step", ["withdraw", "return", "decline", "admit again"])
def test_convening_over_a_complaint_against_a_step_of_that_complaint(campaign, gm, federation_player, step):
    for _ in range(ROUNDS):
        complaint = factories.make_complaint(campaign, ComplaintStage.ADMITTED)
        steps: dict[str, Step] = {
            "withdraw": partial(complaints.withdraw, by=federation_player),
            "return": partial(complaints.return_complaint, reason="The day is missing.", by=gm),
            "decline": partial(complaints.admit, admitted=False, reason="Not bound.", by=gm),
            "admit again": partial(complaints.admit, admitted=True, reason="As before.", by=gm),
        }
        assert None in at_once(
            convening(campaign, gm, [complaint]), partial(steps[step], complaint=complaint, now=NOW)
        )


def test_convening_over_a_complaint_against_the_close_of_the_vote_on_it(campaign, gm, federation_player):
    for _ in range(ROUNDS):
        meeting = factories.make_conference(campaign)
        complaint = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=meeting)
        motion = factories.make_motion(
            meeting, MotionStage.VOTING, complaint=complaint, ballots={"romulan": "yes", "cardassian": "yes"}
        )
        closed = at_once(
            convening(campaign, gm, [complaint]), partial(ballots.close, motion=motion, by=gm, now=NOW)
        )[1]
        assert closed is None
        motion.refresh_from_db()
        assert motion.stage == MotionStage.ADOPTED


def test_a_form_that_is_sent_once_against_the_ledger_in_the_same_name(campaign, gm):
    session = SessionStore()
    session.create()
    change = ChangeStanding(power="federation", other="klingon", by=-1)
    back = ChangeStanding(power="federation", other="klingon", by=1)

    def apply(number: int, source: str) -> None:
        chronicle.apply(
            campaign=campaign,
            changes=[change, back],
            by=gm,
            why="",
            source=f"{source}:{number}",
            now=NOW,
        )

    def by_form(number: int) -> None:
        with once.sending(token=str(number), session=SessionStore(session.session_key), by=gm) as sent:
            apply(number, "form")
            sent.to = "/"

    for number in range(ROUNDS):
        assert at_once(partial(by_form, number), partial(apply, number, "gm")) == [None, None]
    assert campaign.ledger.count() == ROUNDS * 4
