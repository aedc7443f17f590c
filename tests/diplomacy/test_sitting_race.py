"""Two hands on one floor: one voice at a time, one call a press, and an agenda whose places stay 1 to n."""

from collections.abc import Iterator
from itertools import permutations

import pytest

from diplomacy.actions import clocks, floor, sittings, speakers
from diplomacy.models import Conference, ConferenceStage, Floor, Heard, MinuteKind, SpeechKind
from diplomacy.rules.procedure import ComplaintStage, MotionKind
from khitomer.errors import Refused
from tests import factories
from tests.diplomacy.test_vote_race import CLOSERS, VOTERS, Table, hang_up, lay
from tests.factories import NOW


@pytest.fixture
def table(transactional_db: None) -> Iterator[Table]:
    table = lay("floor-race")
    yield table
    hang_up(table.pool, VOTERS + CLOSERS)


def unexpected(results):
    return [each for each in results if isinstance(each, Exception) and not isinstance(each, Refused)]


def test_everyone_asks_and_four_hands_call_the_next(table):
    def asker(index):
        return lambda: speakers.ask(
            conference=table.conference,
            seat=table.seats[index],
            kind="speech",
            side=("for", "against", "")[index % 3],
            by=table.voices[index],
            now=NOW,
        )

    results = table.at_once([asker(index % VOTERS) for index in range(VOTERS + CLOSERS)])
    assert unexpected(results) == []
    waiting = list(table.conference.speeches.waiting().values_list("position", flat=True))
    assert waiting == list(range(1, VOTERS + 1))

    after = None
    for _ in range(5):
        calls = [
            lambda after=after: speakers.call(conference=table.conference, by=table.gm, now=NOW, after=after)
        ] * 4
        results = table.at_once(calls)
        called = [each for each in results if not isinstance(each, Exception)]
        assert len(called) == 1
        assert all(isinstance(each, Refused) for each in results if each is not called[0])
        after = called[0].pk
    assert table.conference.speeches.filter(started_at__isnull=False, ended_at=None).count() == 1
    assert table.conference.minutes.filter(kind=MinuteKind.SPOKE).count() == 4


def test_all_appeal_from_one_ruling_at_once_and_it_is_asked_once(table):
    type(table.conference.charter).objects.filter(conference=table.conference).update(
        features=["floor", "appeals"]
    )
    point = factories.make_speech(table.seats[0], SpeechKind.POINT, about="The hour")
    ruled = speakers.rule_on_point(speech=point, ruling="sustained", reason="", by=table.gm, now=NOW)

    def appealer(index):
        return lambda: floor.appeal_point(point=ruled, by=table.voices[index], now=NOW)

    results = table.at_once([appealer(index % VOTERS) for index in range(VOTERS + CLOSERS)])
    assert unexpected(results) == []
    assert table.conference.motions.filter(kind=MotionKind.APPEAL.value, point=ruled).count() == 1


def test_ending_against_calling_against_closing_leaves_one_story(table):
    for index in range(3):
        speakers.ask(
            conference=table.conference, seat=table.seats[index], kind="speech", by=table.gm, now=NOW
        )
    first = speakers.call(conference=table.conference, by=table.gm, now=NOW)
    given = {"conference": table.conference, "by": table.gm, "now": NOW}
    results = table.at_once(
        [
            lambda: speakers.end(speech=first, by=table.gm, now=NOW),
            lambda: speakers.call(**given, after=first.pk),
            lambda: sittings.close_sitting(**given),
            lambda: clocks.extend_clock(**given, seconds=30),
        ]
    )
    assert unexpected(results) == []
    conference = Conference.objects.get(pk=table.conference.pk)
    assert conference.stage == ConferenceStage.CLOSED
    assert not conference.speeches.filter(ended_at=None).exists()
    floor = Floor.objects.get(conference=conference)
    assert (floor.ends_at, floor.left) == (None, None)


def test_an_agenda_moved_by_many_hands_keeps_its_places(table):
    one, other = table.seats[0].power, table.seats[1].power
    for _ in range(6):
        factories.make_complaint(
            table.campaign,
            ComplaintStage.SCHEDULED,
            conference=table.conference,
            complainant=one,
            respondent=other,
            provisions=(),
        )
    hearings = list(table.conference.hearings.all())
    pairs = list(permutations(range(6), 2))[: VOTERS + CLOSERS]

    def mover(which, to):
        return lambda: sittings.move_hearing(hearing=hearings[which], to=to + 1, by=table.gm)

    results = table.at_once([mover(which, to) for which, to in pairs])
    assert [each for each in results if isinstance(each, Exception)] == []
    rows = table.conference.hearings.order_by("position")
    assert list(rows.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert {row.pk for row in rows} == {row.pk for row in hearings}


def test_a_party_noted_by_many_hands_is_noted_once(table):
    one, other = table.seats[0].power, table.seats[1].power
    complaint = factories.make_complaint(
        table.campaign,
        ComplaintStage.HEARD,
        conference=table.conference,
        complainant=one,
        respondent=other,
        provisions=(),
    )

    def noter(defaulted):
        return lambda: sittings.note_party(
            hearing=complaint.hearing, power=one, defaulted=defaulted, by=table.gm, now=NOW
        )

    results = table.at_once([noter(number % 2 == 0) for number in range(12)])
    assert unexpected(results) == []
    assert list(Heard.objects.values_list("power", "defaulted")) == [(one.pk, False)]
    assert table.conference.minutes.filter(kind=MinuteKind.HEARD).count() == 1
