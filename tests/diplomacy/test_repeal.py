"""A motion that repeals a resolution takes back what that one did, when it is enacted; and who wins, two at once."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse

from diplomacy.actions import ballots, compliance, resolutions
from diplomacy.models import Motion, Obligation, ObligationState, Resolution
from diplomacy.rules.procedure import MotionKind, MotionStage
from khitomer.actions import chronicle
from khitomer.errors import Refused
from khitomer.models import Activity, ActivityKind, Audience, Change
from khitomer.rules import changes
from tests import factories
from tests.diplomacy.test_lock_order import at_once
from tests.factories import NOW

LATER = NOW + timedelta(minutes=30)
OWED = {"kind": "obligation", "power": "klingon", "text": "Send them home", "due_on": "2379-03-20"}


def adopted(conference, effects, title="On the prisoners", **fields):
    motion = factories.make_motion(conference, MotionStage.ADOPTED, effects=effects, title=title, **fields)
    return factories.make_resolution(conference.campaign, motion)


def enact(resolution, by):
    return resolutions.enact(resolution=resolution, by=by, now=LATER)


def undo(resolution, by):
    return resolutions.undo(resolution=resolution, why="A mistake.", by=by, now=LATER)


def standing(campaign):
    row = campaign.standings.filter(first__slug="federation", second__slug="klingon").first()
    return row.value if row else 0


def at(name, resolution):
    return reverse(name, kwargs={"campaign": resolution.campaign.slug, "number": resolution.number})


@pytest.fixture
def conference(campaign):
    return factories.make_conference(campaign, 5)


@pytest.fixture
def first(conference, gm):
    """In force: it set two powers further apart, and obliges one."""
    return enact(adopted(conference, [factories.standing_effect(by=-2), OWED]), gm)


@pytest.fixture
def second(conference, first):
    """Adopted, and repeals the first."""
    return adopted(
        conference, [factories.standing_effect(by=1)], title="Away with it", repeals=first, number=9
    )


# Enacting it


def test_it_takes_back_what_the_other_did_and_then_does_its_own(campaign, gm, first, second):
    assert standing(campaign) == 0
    enact(second, gm)
    first.refresh_from_db()
    assert (first.undone_at, first.repealed_by) == (LATER, second)
    assert standing(campaign) == 3  # two back from nothing, and one of its own
    assert first.obligations.get().state == ObligationState.VOID
    inverse = campaign.ledger.get(undoes__source=first.source)
    assert inverse.why == "Repealed by resolution 2: Away with it"
    assert inverse.sequence < campaign.ledger.get(source=second.source).sequence
    assert Activity.objects.filter(kind=ActivityKind.REPEALED, number=first.number).count() == 1


def test_the_preview_shows_the_inverses_before_its_own(first, second):
    planned = resolutions.preview(second)
    assert [(each.repeals, each.step.before, each.step.after) for each in planned] == [
        (True, "0", "+2"),
        (False, "+2", "+3"),
    ]


@pytest.mark.parametrize("state", ["owed", "reported", "disputed", "unmet"])
def test_it_voids_what_is_still_obliged_whatever_was_said_of_it(gm, first, second, state):
    first.obligations.update(state=state)
    enact(second, gm)
    assert first.obligations.get().state == ObligationState.VOID


def test_what_was_met_stays_met(gm, first, second):
    resolutions.mark_met(obligation=first.obligations.get(), by=gm, now=LATER)
    enact(second, gm)
    assert first.obligations.get().state == ObligationState.MET


def test_it_is_refused_in_words_when_an_inverse_is_no_longer_possible(campaign, conference, gm):
    factories.make_clock(campaign, "War drums", slug="war-drums")
    ticked = enact(adopted(conference, [{"kind": "clock", "clock": "war-drums", "by": 2}]), gm)
    chronicle.apply(
        campaign=campaign,
        changes=[changes.TickClock(clock="war-drums", by=-4)],
        by=gm,
        why="Peace.",
        source="gm:test",
        now=LATER,
    )
    repealing = adopted(conference, [factories.standing_effect(by=1)], repeals=ticked, number=9)
    with pytest.raises(Refused, match="Resolution 1 cannot be taken back as things stand.*War drums"):
        enact(repealing, gm)
    for row in (ticked, repealing):
        row.refresh_from_db()
    assert (ticked.undone_at, ticked.repealed_by, repealing.enacted_at) == (None, None, None)


def test_what_was_undone_by_hand_has_no_more_to_take_back(campaign, gm, first, second):
    undo(first, gm)
    enact(second, gm)
    first.refresh_from_db()
    assert first.repealed_by == second
    assert Change.objects.filter(undoes__source=first.source).count() == 1


def test_what_was_never_enacted_is_not_enacted_once_repealed(conference, gm):
    waiting = adopted(conference, [factories.standing_effect()])
    enact(adopted(conference, [], repeals=waiting, number=9), gm)
    with pytest.raises(Refused, match="was repealed by resolution 2"):
        enact(waiting, gm)


def test_it_is_repealed_once(conference, gm, first, second):
    enact(second, gm)
    third = adopted(conference, [], repeals=first, number=10)
    with pytest.raises(Refused, match="repealed already, by resolution 2"):
        enact(third, gm)


def test_to_undo_a_repeal_does_not_bring_the_other_back(campaign, gm, first, second):
    enact(second, gm)
    undo(second, gm)
    first.refresh_from_db()
    assert first.repealed_by == second
    assert standing(campaign) == 2  # as it was before either
    with pytest.raises(Refused, match="was repealed by resolution 2"):
        enact(first, gm)


# Reconsidered, or rescinded


@pytest.mark.parametrize(
    ("stage", "word"),
    [
        (MotionStage.DEBATE, "being reconsidered"),
        (MotionStage.VOTING, "being reconsidered"),
        (MotionStage.REJECTED, "rescinded"),
        (MotionStage.WITHDRAWN, "rescinded"),
    ],
)
def test_what_is_taken_up_again_is_not_enacted(conference, gm, as_gm, as_federation, stage, word):
    resolution = adopted(conference, [factories.standing_effect()])
    Motion.objects.filter(pk=resolution.motion_id).update(stage=stage.value)
    with pytest.raises(Refused, match="cannot take effect"):
        enact(resolution, gm)
    for name in ("resolution", "resolution-print"):
        assert "cannot be enacted" in as_federation.get(at(name, resolution)).content.decode()
    page = as_gm.get(at("resolution", resolution)).content.decode()
    assert word in page and "Enact</button>" not in page


def test_nor_while_a_motion_to_reconsider_waits_for_its_vote(conference, gm):
    resolution = adopted(conference, [factories.standing_effect()])
    factories.make_motion(
        conference,
        MotionStage.SUBMITTED,
        kind=MotionKind.RECONSIDER.value,
        parent=resolution.motion,
        number=9,
    )
    with pytest.raises(Refused, match="Motion 9, to reconsider it, is before the conference"):
        enact(resolution, gm)


# The pages


def test_both_resolutions_and_the_list_and_the_paper_say_so(gm, as_gm, as_federation, first, second):
    page = as_gm.get(at("resolution", second)).content.decode()
    assert "It repeals" in page and "and takes back:" in page
    assert '<span class="before">0</span> → <span class="after">+2</span>' in page
    enact(second, gm)
    assert "It repeals" in as_federation.get(at("resolution", second)).content.decode()
    for name in ("resolution", "resolution-print"):
        assert (
            "Repealed by resolution 2: Away with it." in as_federation.get(at(name, first)).content.decode()
        )
    listed = as_federation.get(reverse("resolutions", kwargs={"campaign": first.campaign.slug}))
    assert ">repealed</span>" in listed.content.decode()
    undoing = as_gm.get(at("resolution-undo", second)).content.decode()
    assert "Resolution 1, which it repealed, stays repealed" in undoing


def test_a_repeal_tells_nobody_of_what_they_may_not_see(campaign, conference, gm, as_gm, as_federation):
    factories.make_clock(campaign, "The Third Talon", slug="talon", audience=Audience.GM)
    factories.make_entry(campaign, "The Obsidian vault", slug="vault", audience=Audience.GM)
    hidden = [
        {"kind": "clock", "clock": "talon", "by": 1},
        {"kind": "disclose", "entry": "vault", "powers": ["klingon"]},
        factories.standing_effect(by=-1),
    ]
    secretive = enact(adopted(conference, hidden), gm)
    repealing = adopted(conference, [], title="Away with it", repeals=secretive, number=9)
    motion = reverse("motion", kwargs={"campaign": campaign.slug, "conference": conference.slug, "number": 9})
    addresses = [motion, *(at(name, repealing) for name in ("resolution", "resolution-print"))]

    def read():
        return "".join(as_federation.get(each).content.decode() for each in addresses)

    assert "Talon" in as_gm.get(at("resolution", repealing)).content.decode()
    assert "Talon" not in read() and "vault" not in read()
    enact(repealing, gm)
    assert "Talon" not in read() and "vault" not in read()


# Two at once


def ends_as_the_ledger_says(campaign, first, second):
    """Whatever won: the rows, the ledger and the standings tell one story."""
    for row in (first, second):
        row.refresh_from_db()
    for row in (first, second):
        made = Change.objects.filter(campaign=campaign, source=row.source)
        undone = Change.objects.filter(undoes__in=made)
        assert made.count() == (1 if row.enacted_at else 0)
        assert undone.count() == (1 if row.undone_at else 0)
        ordinals = list(made.values_list("ordinal", flat=True))
        assert len(ordinals) == len(set(ordinals))
    in_force = sum(
        by for row, by in ((first, -2), (second, 1)) if row.enacted_at is not None and row.undone_at is None
    )
    assert standing(campaign) == 2 + in_force
    assert (first.repealed_by == second) == (second.enacted_at is not None)
    owed = Obligation.objects.filter(resolution=first).values_list("state", flat=True)
    void = first.undone_at is not None
    assert set(owed) <= {ObligationState.VOID if void else ObligationState.OWED}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("began", ["adopted", "in force"])
def test_enact_undo_and_repeal_at_once_end_in_one_story(campaign, gm, co_gm, began):
    for _ in range(6):
        conference = factories.make_conference(campaign, 5)
        first = adopted(conference, [factories.standing_effect(by=-2), OWED])
        second = adopted(conference, [factories.standing_effect(by=1)], repeals=first)
        if began == "in force":
            enact(first, gm)
        at_once(
            partial(enact, first, gm),
            partial(undo, first, co_gm),
            partial(enact, second, gm),
            partial(enact, first, co_gm),
            partial(undo, first, gm),
            partial(enact, second, co_gm),
        )
        ends_as_the_ledger_says(campaign, first, second)
        for row in (second, first):  # leave the scene as it was found
            if row.enacted_at is not None and row.undone_at is None:
                undo(row, gm)
        assert standing(campaign) == 2


@pytest.mark.django_db(transaction=True)
def test_two_repeals_at_once_take_back_once(campaign, gm, co_gm):
    for _ in range(6):
        conference = factories.make_conference(campaign, 5)
        first = enact(adopted(conference, [factories.standing_effect(by=-2)]), gm)
        rivals = [adopted(conference, [], repeals=first) for _ in range(2)]
        refused = at_once(*(partial(enact, rival, by) for rival, by in zip(rivals, (gm, co_gm), strict=True)))
        assert sorted(each is None for each in refused) == [False, True]
        assert Change.objects.filter(undoes__source=first.source).count() == 1
        assert standing(campaign) == 2


@pytest.mark.django_db(transaction=True)
def test_enact_against_the_vote_to_reconsider_it(campaign, gm, co_gm):
    """Either it took effect before the motion to take it up again came, or it waits: never both."""
    for _ in range(6):
        conference = factories.make_conference(campaign, 5)
        resolution = adopted(conference, [factories.standing_effect(by=-1)])
        again = factories.make_motion(
            conference,
            MotionStage.VOTING,
            kind=MotionKind.RECONSIDER.value,
            parent=resolution.motion,
            ballots={"cardassian": "yes", "ferengi": "yes"},
        )
        refused, closed = at_once(
            partial(enact, resolution, gm), partial(ballots.close, motion=again, by=co_gm, now=LATER)
        )
        assert refused is not None and closed is None
        resolution.refresh_from_db()
        again.refresh_from_db()
        assert (again.stage, resolution.enacted_at) == (MotionStage.ADOPTED, None)
        assert Resolution.objects.get(pk=resolution.pk).motion.stage == MotionStage.SUBMITTED
        assert standing(campaign) == 2


@pytest.mark.django_db(transaction=True)
def test_met_accepted_and_undone_at_once(campaign, gm, co_gm):
    for _ in range(6):
        resolution = enact(adopted(factories.make_conference(campaign, 5), [OWED]), gm)
        owed = resolution.obligations.get()
        at_once(
            partial(compliance.find, obligation=owed, met=True, by=gm, now=LATER),
            partial(undo, resolution, co_gm),
            partial(compliance.find, obligation=owed, met=False, reason="No.", by=co_gm, now=LATER),
        )
        owed.refresh_from_db()
        assert owed.state in (ObligationState.MET, ObligationState.VOID)


def test_the_draft_shows_what_a_repeal_would_take_back(campaign, conference, first, as_federation):
    address = reverse("motion-new", kwargs={"campaign": campaign.slug, "conference": conference.slug})
    posted = {"do": "preview", "title": "Away with it", "repeals": str(first.number), "clauses": "0"}
    page = as_federation.post(address, posted).content.decode()
    assert '<span class="before">0</span> → <span class="after">+2</span>' in page


def test_a_draft_that_repeals_what_is_secret_says_nothing_of_it(campaign, conference, gm, as_federation):
    factories.make_clock(campaign, "The Third Talon", slug="talon", audience=Audience.GM)
    secretive = enact(adopted(conference, [{"kind": "clock", "clock": "talon", "by": 1}]), gm)
    address = reverse("motion-new", kwargs={"campaign": campaign.slug, "conference": conference.slug})
    posted = {"do": "preview", "title": "Away", "repeals": str(secretive.number), "clauses": "0"}
    assert "Talon" not in as_federation.post(address, posted).content.decode()
    campaign.clocks.update(filled=0)
    assert "Talon" not in as_federation.post(address, posted).content.decode()
