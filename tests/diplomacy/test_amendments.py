"""Amendments: their order, what they make of the text, what falls with them, and how the change is shown."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from diplomacy.actions import amendments, ballots, floor
from diplomacy.actions import motions as drafting
from diplomacy.actions.amendments import Wording
from diplomacy.models import Amendment, Minute, MinuteKind, Motion, Overrule
from diplomacy.records_motions import amendments_in_order, live_motions
from diplomacy.rules import amendments as rules
from diplomacy.rules.amendments import Operation, Proposal, Text
from diplomacy.rules.procedure import MotionKind, MotionStage, MotionStep
from khitomer.errors import Refused
from khitomer.models import Audience
from tests import factories
from tests.diplomacy.test_vote_race import hang_up
from tests.factories import NOW

# The rules ----------------------------------------------------------------------------------------------------------

WORDS = st.text(alphabet="ab ,.\n", max_size=40)
PROPOSALS = st.lists(
    st.builds(
        Proposal,
        number=st.integers(1, 500),
        operation=st.sampled_from(Operation),
        clause=st.integers(1, 3),
        before=WORDS,
        after=WORDS,
        distance=st.none() | st.integers(0, 200),
    ),
    unique_by=lambda each: each.number,
    max_size=8,
)


@given(PROPOSALS, st.randoms())
def test_the_order_is_one_order_whatever_the_input(proposals, chance):
    shuffled = list(proposals)
    chance.shuffle(shuffled)
    ordered = rules.in_order(proposals)
    assert ordered == rules.in_order(shuffled)
    assert sorted(each.number for each in ordered) == sorted(each.number for each in proposals)
    distances = [rules.distance_of(each) for each in ordered]
    assert distances == sorted(distances, reverse=True)


@given(WORDS, WORDS)
def test_a_replacement_lies_between_striking_and_adding(before, after):
    replaced = Proposal(number=1, operation=Operation.REPLACE, clause=1, before=before, after=after)
    struck = Proposal(number=2, operation=Operation.STRIKE, clause=1, before=before)
    added = Proposal(number=3, operation=Operation.ADD, after=after)
    assert [each.number for each in rules.in_order([added, replaced, struck])] == [2, 1, 3]


def test_less_kept_is_further():
    def replaced(number, after):
        before = "that the prisoners be returned by June"
        return Proposal(number=number, operation=Operation.REPLACE, clause=1, before=before, after=after)

    near = replaced(1, "that the prisoners be returned by July")
    far = replaced(2, "that nothing is owed")
    assert [each.number for each in rules.in_order([near, far])] == [2, 1]


def test_the_chair_may_put_one_first():
    first = Proposal(number=9, operation=Operation.ADD, after="x", distance=101)
    struck = Proposal(number=2, operation=Operation.STRIKE, clause=1)
    assert rules.in_order([struck, first])[0] == first
    assert "chair" in rules.why_first(first)
    assert rules.why_first(struck) == "it is furthest from the text"


@pytest.mark.parametrize(
    ("adopted", "other", "falls"),
    [
        ("strike", "strike", True),
        ("strike", "replace", True),
        ("replace", "replace", True),
        ("replace", "strike", True),
        ("strike", "add", False),
        ("replace", "add", False),
        ("add", "add", False),
        ("add", "strike", False),
    ],
)
def test_what_falls_with_an_adoption(adopted, other, falls):
    def proposal(number, operation, clause=1):
        return Proposal(number=number, operation=Operation(operation), clause=clause)

    assert rules.falls(proposal(2, other), proposal(1, adopted)) is falls
    assert not rules.falls(proposal(2, other, clause=2), proposal(1, adopted))
    assert not rules.falls(proposal(1, adopted), proposal(1, adopted))


@given(
    st.integers(0, 5), st.lists(st.tuples(st.sampled_from(Operation), st.integers(0, 9), WORDS), max_size=9)
)
def test_after_any_adoptions_positions_run_from_one_and_what_was_adopted_reads_back(clauses, steps):
    text = tuple(Text(key=n, position=n, words=f"clause {n}") for n in range(1, clauses + 1))
    for number, (operation, place, words) in enumerate(steps, start=100):
        standing = [each for each in text if each.stands]
        if operation is Operation.ADD:
            proposal = Proposal(number=number, operation=operation, after=words)
            text = rules.applied(text, proposal, after=place, key=number)
            assert next(each for each in text if each.key == number).words == words
        elif standing:
            key = standing[place % len(standing)].key
            proposal = Proposal(number=number, operation=operation, clause=key, after=words)
            text = rules.applied(text, proposal)
            after = next(each for each in text if each.key == key)
            assert (after.stands, after.words == words) == (
                (True, True) if operation is Operation.REPLACE else (False, after.words == words)
            )
        assert [each.position for each in text] == list(range(1, len(text) + 1))


def test_a_clause_that_is_gone_cannot_be_amended():
    text = (Text(key=1, position=1, words="gone", stands=False),)
    for clause in (1, 2):
        with pytest.raises(ValueError, match="stands no longer"):
            rules.applied(text, Proposal(number=1, operation=Operation.STRIKE, clause=clause))


# At the table -------------------------------------------------------------------------------------------------------


@pytest.fixture
def conference(campaign):
    features = ["floor", "amendments", "division", "appeals", "reconsideration"]
    return factories.make_conference(campaign, charter={"features": features, "preset": "full"})


@pytest.fixture
def motion(conference, klingon):
    """Under debate: clause 1 recalls, clause 2 finds with an effect, clause 3 decides."""
    found = factories.make_motion(
        conference,
        MotionStage.DEBATE,
        effects=[factories.standing_effect()],
        sponsor=conference.seats.get(power=klingon),
    )
    factories.make_clause(found, "operative", "Decides", "to send observers to Ajilon")
    return found


@pytest.fixture
def moved(motion, federation_player):
    def move(operation, position=2, by=None, after=0, **wording):
        clause = None if operation == "add" else motion.clauses.get(position=position)
        worded = Wording(**wording) if wording else None
        return amendments.propose(
            motion=motion, operation=operation, clause=clause, after=after, wording=worded,
            by=by or federation_player, now=NOW,
        )  # fmt: skip

    return move


@pytest.fixture
def vote(conference, gm):
    """Put a motion to the vote and give every seat this choice, by whoever speaks for it."""

    def put(motion, choice):
        opened = ballots.open_vote(motion=motion, by=gm, now=NOW)
        for seat in conference.seats.select_related("delegate__user"):
            voice = seat.delegate.user if seat.delegate else gm
            ballots.cast(motion=opened, seat=seat, choice=choice, by=voice, now=NOW)
        return ballots.close(motion=opened, by=gm, now=NOW)

    return put


def take(motion, gm, *steps):
    for step in steps:
        motion = floor.set_debate(motion=motion, step=step, by=gm, now=NOW)
    return motion


def to_amendments(motion, gm):
    return take(motion, gm, MotionStep.CLOSE_DEBATE, MotionStep.TAKE_AMENDMENTS)


def read(motion):
    return [
        (each.position, each.phrase, each.fallen_by_id is None)
        for each in motion.clauses.order_by("position")
    ]


def test_an_amendment_is_a_motion_with_a_number_of_its_own(motion, moved, federation):
    amendment = moved("replace", phrase="Finds", text="that most prisoners were not returned")
    assert (amendment.kind, amendment.parent, amendment.number) == ("amendment", motion, motion.number + 1)
    assert (amendment.stage, amendment.sponsor.power) == ("submitted", federation)
    row = Amendment.objects.get()
    assert (row.operation, row.clause, row.effects) == ("replace", motion.clauses.get(position=2), None)
    line = Minute.objects.get(kind=MinuteKind.MOVED)
    assert (line.power, line.motion) == (federation, amendment)


def test_the_same_amendment_moved_twice_is_one(moved):
    first = moved("replace", phrase="Finds", text="otherwise")
    assert moved("replace", phrase="Finds", text="otherwise") == first
    assert moved("strike") == moved("strike")
    assert Amendment.objects.count() == 2


@pytest.mark.parametrize(
    ("operation", "given", "field"),
    [
        ("turn", {}, "operation"),
        ("replace", dict(phrase="Finds", text="x" * 801), "text"),
        ("replace", dict(phrase="F" * 41, text="x"), "phrase"),
        ("replace", dict(phrase="Finds", text="  "), "text"),
        ("replace", dict(phrase="Finds", text="that the prisoners were not returned"), "text"),
        ("add", dict(phrase="Decides", text="x", effects=({"kind": "clock", "clock": "none", "by": 1},)), "clauses"),
        ("add", dict(kind="preambular", phrase="Noting", text="x", effects=({"kind": "event", "title": "x"},)), "clauses"),
    ],
)  # fmt: skip
def test_what_cannot_be_moved_is_refused_beside_its_field(moved, operation, given, field):
    with pytest.raises(Refused) as refused:
        moved(operation, **given)
    assert refused.value.field == field
    assert not Amendment.objects.exists()


def test_a_clause_of_another_motion_cannot_be_amended(conference, motion, federation_player):
    other = factories.make_motion(conference, MotionStage.DEBATE)
    with pytest.raises(Refused, match="still stands"):
        amendments.propose(
            motion=motion, operation="strike", clause=other.clauses.first(), by=federation_player, now=NOW
        )


@pytest.mark.parametrize("stage", ["draft", "submitted", "in order", "voting", "adopted"])
def test_only_a_motion_under_debate_is_amended(conference, klingon, stage, federation_player):
    found = factories.make_motion(conference, MotionStage(stage), sponsor=conference.seats.get(power=klingon))
    with pytest.raises(Refused, match="belongs to"):
        amendments.propose(
            motion=found, operation="strike", clause=found.clauses.first(), by=federation_player, now=NOW
        )


def test_no_observer_and_nobody_without_a_seat_amends(conference, motion, moved, observer, federation):
    with pytest.raises(Refused):
        moved("strike", by=observer)
    conference.seats.filter(power=federation).update(observer=True)
    with pytest.raises(Refused):
        moved("strike")


def test_a_charter_without_amendments_knows_none(conference, motion, moved):
    conference.charter.features = ["floor"]
    conference.charter.save()
    with pytest.raises(Refused, match="no such step"):
        moved("strike")


def test_the_furthest_is_voted_first_and_the_motion_waits(motion, moved, gm, vote):
    added = moved("add", after=3, phrase="Decides", text="to meet again")
    struck = moved("strike", position=3)
    to_amendments(motion, gm)
    order = amendments_in_order(live_motions(motion.conference), motion.pk)
    assert [each.number for each in order] == [struck.number, added.number]
    words = f"Amendment {struck.number} is voted first: it is furthest from the text."
    for waiting in (added, motion):
        with pytest.raises(Refused) as refused:
            ballots.open_vote(motion=waiting, by=gm, now=NOW)
        assert str(refused.value) == words
    assert vote(struck, "no").stage == "rejected"
    assert vote(added, "yes").stage == "adopted"
    assert read(motion) == [
        (1, "Recalling", True), (2, "Finds", True), (3, "Decides", True), (4, "Decides", True),
    ]  # fmt: skip
    assert vote(motion, "yes").stage == "adopted"


def test_amendments_wait_until_the_chair_takes_them(motion, moved, gm):
    struck = moved("strike", position=3)
    with pytest.raises(Refused, match="once the debate on motion"):
        ballots.open_vote(motion=struck, by=gm, now=NOW)


def test_the_chair_changes_the_order_with_a_reason(motion, moved, gm, federation_player):
    added = moved("add", phrase="Decides", text="to meet again")
    moved("strike", position=3)
    take(motion, gm, MotionStep.CLOSE_DEBATE, MotionStep.TAKE_AMENDMENTS)
    for by, reason in ((federation_player, "Mine first"), (gm, " ")):
        with pytest.raises(Refused):
            amendments.put_first(motion=added, reason=reason, by=by, now=NOW)
    amendments.put_first(motion=added, reason="It settles the rest", by=gm, now=NOW)
    amendments.put_first(motion=added, reason="", by=gm, now=NOW)  # first already
    assert Overrule.objects.get().reason == "It settles the rest"
    assert ballots.open_vote(motion=added, by=gm, now=NOW).stage == "voting"


def test_a_replacement_keeps_what_was_and_its_effects(motion, moved, gm, vote):
    clause = motion.clauses.get(position=2)
    amendment = moved("replace", phrase="Declares", text="that they were not returned")
    to_amendments(motion, gm)
    vote(amendment, "yes")
    clause.refresh_from_db()
    assert (clause.phrase, clause.text) == ("Declares", "that they were not returned")
    assert [each.payload for each in clause.effects.all()] == [factories.standing_effect()]
    assert Amendment.objects.get().before["text"] == "that the prisoners were not returned"


def test_a_replacement_may_bring_effects_of_its_own(motion, moved, gm, vote):
    effect = {"kind": "event", "title": "Relief"}
    amendment = moved("replace", phrase="Declares", text="that they were not returned", effects=(effect,))
    to_amendments(motion, gm)
    vote(amendment, "yes")
    effects = motion.clauses.get(position=2).effects.all()
    assert [each.payload for each in effects] == [effect]
    assert Amendment.objects.get().before["effects"] == [factories.standing_effect()]


def test_what_was_decided_shows_the_text_it_was_about(motion, moved, gm, vote):
    """And not the words that a later amendment put there."""
    voted_down = moved("replace", phrase="Finds", text="something else entirely, of another kind")
    fell = moved("replace", phrase="Finds", text="something milder")
    to_amendments(motion, gm)
    was = motion.clauses.get(position=2).text
    for amendment, choice in ((voted_down, "no"), (fell, "yes")):
        vote(amendment, choice)
    kept = Amendment.objects.get(motion=voted_down)
    assert (kept.before["text"], kept.rejected_by) == (was, None)
    assert motion.clauses.get(position=2).text == "something milder"


def test_striking_rejects_the_rivals_by_implication(motion, moved, gm, vote):
    replaced = moved("replace", phrase="Finds", text="something milder")
    struck = moved("strike")
    other = moved("replace", position=3, phrase="Decides", text="to do nothing")
    to_amendments(motion, gm)
    vote(struck, "yes")
    replaced.refresh_from_db()
    other.refresh_from_db()
    assert (replaced.stage, replaced.amendment.rejected_by, replaced.outcome) == ("rejected", struck, "")
    assert replaced.amendment.before["text"] == motion.clauses.get(position=2).text
    assert replaced.reason == f"Rejected by implication: amendment {struck.number} was adopted."
    assert other.stage == "submitted"
    assert read(motion)[1] == (2, "Finds", False)
    line = Minute.objects.get(kind=MinuteKind.AMENDED)
    assert line.data["fell"] == [replaced.number]


def test_an_addition_moves_what_comes_after_it(motion, moved, gm, vote):
    first = moved("add", after=1, phrase="Noting", text="the first", kind="preambular")
    second = moved("add", after=1, phrase="Noting", text="the second", kind="preambular")
    last = moved("add", after=3, phrase="Decides", text="the last")
    to_amendments(motion, gm)
    for each in (first, second, last):
        vote(each, "yes")
    assert [(each.position, each.text) for each in motion.clauses.order_by("position")] == [
        (1, "the Second Khitomer Accords"),
        (2, "the first"),
        (3, "the second"),
        (4, "that the prisoners were not returned"),
        (5, "to send observers to Ajilon"),
        (6, "the last"),
    ]


def test_what_was_amended_is_no_longer_its_sponsors_to_withdraw(motion, moved, gm, vote, klingon_player):
    amendment = moved("strike", position=3)
    to_amendments(motion, gm)
    vote(amendment, "yes")
    with pytest.raises(Refused, match="belongs to the conference"):
        drafting.withdraw_motion(motion=motion, by=klingon_player, now=NOW)


def test_what_was_moved_of_a_motion_falls_with_it(motion, moved, klingon_player):
    amendment = moved("strike", position=3)
    drafting.withdraw_motion(motion=motion, by=klingon_player, now=NOW)
    amendment.refresh_from_db()
    assert (amendment.stage, amendment.reason) == ("withdrawn", f"Motion {motion.number} was withdrawn.")


def test_a_motion_is_not_withdrawn_while_its_amendment_is_voted_on(motion, moved, gm, klingon_player):
    amendment = moved("strike", position=3)
    to_amendments(motion, gm)
    ballots.open_vote(motion=amendment, by=gm, now=NOW)
    with pytest.raises(Refused, match="is being voted on"):
        drafting.withdraw_motion(motion=motion, by=klingon_player, now=NOW)


def test_its_mover_takes_an_amendment_back(motion, moved, federation_player, gm):
    amendment = moved("strike", position=3)
    assert drafting.withdraw_motion(motion=amendment, by=federation_player, now=NOW).stage == "withdrawn"
    to_amendments(motion, gm)
    assert ballots.open_vote(motion=motion, by=gm, now=NOW).stage == "voting"


def test_when_every_operative_clause_is_struck_the_whole_is_rejected(motion, moved, gm, vote):
    first, second = moved("strike", position=2), moved("strike", position=3)
    to_amendments(motion, gm)
    vote(first, "yes")
    vote(second, "yes")
    motion.refresh_from_db()
    assert (motion.stage, motion.outcome, motion.closed_at) == ("rejected", "rejected", None)
    assert motion.kind == MotionKind.SUBSTANTIVE


# The pages


def address(name, campaign, motion):
    return reverse(name, args=[campaign.slug, motion.conference.slug, motion.number])


def post(motion, federation, **given):
    clause = motion.clauses.get(position=2)
    return {
        "operation": "replace", "clause": clause.pk, "after": "0", "effects": "keep",
        "seat": motion.conference.seats.get(power=federation).pk, "clauses": "1", "clause-0-effects": "0",
        "clause-0-phrase": "Finds", "clause-0-text": "that most prisoners were not returned", **given,
    }  # fmt: skip


def test_an_amendment_is_moved_from_its_form_and_shown_as_a_change(
    campaign, motion, federation, as_federation
):
    path = address("motion-amend", campaign, motion)
    clause = motion.clauses.get(position=3)
    assert "observers to Ajilon" in as_federation.get(f"{path}?clause={clause.pk}").content.decode()
    answer = as_federation.post(path, post(motion, federation))
    assert answer.status_code == 302
    page = as_federation.get(address("motion", campaign, motion)).content.decode()
    assert "<del>the</del><ins>most</ins>" in page
    assert "“the” is struck; “most” is put in." in page
    own = as_federation.get(address("motion", campaign, Amendment.objects.get().motion)).content.decode()
    assert "<ins>most</ins>" in own


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"operation": "turn"}, "turn"),
        ({"clause": "999999"}, "999999"),
        ({"clause-0-text": ""}, "Write what the clause is to say"),
        ({"clause-0-text": "x" * 801}, "800"),
        ({"clause-0-phrase": "own-operative"}, "Write the phrase"),
    ],
)
def test_a_form_that_will_not_do_comes_back_with_what_was_typed(
    campaign, motion, federation, as_federation, given, says
):
    answer = as_federation.post(address("motion-amend", campaign, motion), post(motion, federation, **given))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Amendment.objects.exists()


def test_a_phrase_of_ones_own(campaign, motion, federation, as_federation):
    given = post(motion, federation, **{"clause-0-phrase": "own-operative", "clause-0-own": "Solemnly vows"})
    assert as_federation.post(address("motion-amend", campaign, motion), given).status_code == 302
    row = Amendment.objects.get()
    assert (row.phrase, row.kind) == ("Solemnly vows", "operative")


def test_what_an_amendment_would_do_to_a_secret_is_the_chairs_to_know(
    campaign, conference, motion, gm, as_klingon, as_gm
):
    entry = factories.make_entry(campaign, "Canary orders", audience=Audience.GM)
    seat = next(each for each in conference.seats.all() if each.delegate_id is None)
    amendments.propose(
        motion=motion, operation="add", by=gm, seat=seat, now=NOW,
        wording=Wording(
            phrase="Decides", text="to act", effects=({"kind": "fate", "entry": entry.slug, "fate": "canary"},)
        ),
    )  # fmt: skip
    page = address("motion", campaign, motion)
    assert "anary" in as_gm.get(page).content.decode()
    hidden = as_klingon.get(page).content.decode()
    assert "anary" not in hidden and "With it:" not in hidden


def test_a_clause_to_be_amended_brings_no_effects_into_the_form(campaign, motion, as_federation):
    entry = factories.make_entry(campaign, "Canary orders", audience=Audience.GM)
    clause = motion.clauses.get(position=3)
    clause.effects.create(ordinal=1, payload={"kind": "fate", "entry": entry.slug, "fate": "canary"})
    page = as_federation.get(f"{address('motion-amend', campaign, motion)}?clause={clause.pk}")
    assert "anary" not in page.content.decode()


@pytest.mark.parametrize("number", [1, 50])
def test_the_page_asks_as_often_for_one_amendment_as_for_fifty(
    campaign, conference, motion, klingon, as_federation, number, django_assert_num_queries
):
    for place in range(number):
        moved = factories.make_motion(conference, kind="amendment", parent=motion, sponsor=motion.sponsor)
        Amendment.objects.create(
            motion=moved, operation="replace", clause=motion.clauses.get(position=2),
            kind="operative", phrase="Finds", text=f"otherwise {place}",
        )  # fmt: skip
    with django_assert_num_queries(38):
        assert as_federation.get(address("motion", campaign, motion)).status_code == 200


# At once


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.fixture
    def at_once(self):
        pool = ThreadPoolExecutor(2)

        def run(*tasks):
            gate = threading.Barrier(len(tasks))

            def one(task):
                gate.wait(60)
                try:
                    return task()
                except Refused as refused:
                    return refused

            return [each.result(120) for each in [pool.submit(one, task) for task in tasks]]

        yield run
        hang_up(pool, 2)

    def test_two_rival_amendments_closed_at_once_change_the_text_once(self, conference, motion, gm, at_once):
        rivals = []
        for text in ("one thing", "another"):
            found = factories.make_motion(conference, MotionStage.SUBMITTED, kind="amendment", parent=motion)
            clause = motion.clauses.get(position=2)
            Amendment.objects.create(
                motion=found, operation="replace", clause=clause, phrase="Finds", text=text
            )
            rivals.append(found)
        motion.stage = "amendments"
        motion.save()
        for each in rivals:  # as if both had been opened before either came first
            Motion.objects.exclude(pk__in=(each.pk, motion.pk)).update(stage="closed")
            Motion.objects.filter(pk=each.pk).update(stage="submitted")
            ballots.open_vote(motion=each, by=gm, now=NOW)
            ballots.cast(
                motion=each, seat=conference.seats.filter(delegate=None).first(), choice="yes", by=gm, now=NOW
            )
        Motion.objects.filter(pk__in=[each.pk for each in rivals]).update(stage="voting")

        at_once(*[partial(ballots.close, motion=each, by=gm, now=NOW) for each in rivals])

        stages = sorted(
            Motion.objects.filter(pk__in=[each.pk for each in rivals]).values_list("stage", flat=True)
        )
        assert stages == ["adopted", "rejected"]
        adopted = Amendment.objects.get(motion__stage="adopted")
        assert motion.clauses.get(position=2).text == adopted.text
        assert Amendment.objects.get(motion__stage="rejected").rejected_by == adopted.motion

    def test_withdrawn_while_it_is_amended_it_takes_the_amendment_with_it(
        self, motion, moved, klingon_player, at_once
    ):
        at_once(
            partial(drafting.withdraw_motion, motion=motion, by=klingon_player, now=NOW),
            partial(moved, "strike", position=3),
        )
        motion.refresh_from_db()
        assert motion.stage == "withdrawn"
        assert not motion.subsidiary.exclude(stage="withdrawn").exists()

    def test_seconded_twice_at_once_it_has_one_second(
        self, conference, motion, federation_player, gm, at_once
    ):
        Motion.objects.filter(pk=motion.pk).update(stage="in order")
        at_once(
            partial(floor.second, motion=motion, by=federation_player, now=NOW),
            partial(floor.second, motion=motion, by=gm, now=NOW),
        )
        motion.refresh_from_db()
        assert (motion.stage, motion.seconded_by is not None) == ("seconded", True)
        assert Minute.objects.filter(kind=MinuteKind.SECONDED).count() == 1


def test_a_seat_has_so_many_amendments_waiting_and_no_more(motion, moved):
    for number in range(amendments.MOST_WAITING):
        moved("add", phrase="Decides", text=f"also this, for the {number}th time")
    with pytest.raises(Refused, match="5 amendments of yours"):
        moved("add", phrase="Decides", text="and this")
    assert motion.subsidiary.count() == amendments.MOST_WAITING
