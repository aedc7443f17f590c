"""A motion's way to the vote in a charter with a floor, and what may be moved of it, of a ruling and of the sitting."""

import pytest
from django.urls import reverse

from diplomacy.actions import ballots, floor, resolutions
from diplomacy.actions import motions as drafting
from diplomacy.actions.motions import ClauseText
from diplomacy.models import Admission, Minute, MinuteKind, Motion, Overrule, Resolution, Sponsorship
from diplomacy.rules.procedure import ComplaintStage, MotionKind, MotionStage, MotionStep
from khitomer.errors import Refused
from tests import factories
from tests.factories import NOW

FULL = ["floor", "amendments", "division", "appeals", "reconsideration"]
DECIDES = ClauseText(phrase="Decides", text="to send observers to Ajilon")


@pytest.fixture
def conference(campaign):
    return factories.make_conference(campaign, charter={"features": FULL, "preset": "full"})


@pytest.fixture
def seat(conference):
    return lambda power: conference.seats.get(power=power)


@pytest.fixture
def draft(conference, seat, federation, federation_player):
    return drafting.draft_motion(
        conference=conference, title="Observers", clauses=[DECIDES], sponsor=seat(federation),
        by=federation_player, now=NOW,
    )  # fmt: skip


@pytest.fixture
def debated(conference, seat, federation):
    return factories.make_motion(conference, MotionStage.DEBATE, sponsor=seat(federation))


@pytest.fixture
def vote(conference, gm):
    def put(motion, choice):
        opened = ballots.open_vote(motion=motion, by=gm, now=NOW)
        for each in conference.seats.select_related("delegate__user"):
            voice = each.delegate.user if each.delegate else gm
            ballots.cast(motion=opened, seat=each, choice=choice, by=voice, now=NOW)
        return ballots.close(motion=opened, by=gm, now=NOW)

    return put


def move(kind, by, motion=None, conference=None, clause=None):
    return floor.move(kind=kind, motion=motion, conference=conference, clause=clause, by=by, now=NOW)


def where(name, campaign, motion):
    return reverse(name, args=[campaign.slug, motion.conference.slug, motion.number])


# Sponsors


def test_a_draft_waits_for_its_sponsors(conference, draft, seat, klingon, klingon_player, federation_player):
    conference.charter.sponsors_needed = 2
    conference.charter.save()
    with pytest.raises(Refused, match="needs more sponsors"):
        drafting.submit_motion(motion=draft, by=federation_player, now=NOW)
    for _ in range(2):
        floor.invite(motion=draft, seat=seat(klingon), by=federation_player, now=NOW)
    for _ in range(2):
        floor.sign(motion=draft, by=klingon_player, now=NOW)
    assert Sponsorship.objects.get().signed_at == NOW
    assert drafting.submit_motion(motion=draft, by=federation_player, now=NOW).stage == "submitted"
    line = Minute.objects.get(kind=MinuteKind.MOVED)
    assert line.power == draft.sponsor.power


def test_what_was_signed_is_signed_again_when_it_is_written_anew(
    draft, seat, klingon, klingon_player, federation_player
):
    floor.invite(motion=draft, seat=seat(klingon), by=federation_player, now=NOW)
    floor.sign(motion=draft, by=klingon_player, now=NOW)
    drafting.edit_motion(
        motion=draft, title="Otherwise", clauses=[DECIDES], finding="", mode="open",
        by=federation_player, now=NOW,
    )  # fmt: skip
    assert Sponsorship.objects.get().signed_at is None


def test_only_who_is_asked_reads_a_draft_and_signs(
    campaign, draft, seat, klingon, romulan_player, federation_player, as_klingon, as_romulan
):
    path = where("motion", campaign, draft)
    desk = reverse("conference", args=[campaign.slug, draft.conference.slug])
    assert as_klingon.get(path).status_code == 404
    floor.invite(motion=draft, seat=seat(klingon), by=federation_player, now=NOW)
    assert as_klingon.get(path).status_code == 200
    assert "Observers" in as_klingon.get(desk).content.decode()
    assert as_romulan.get(path).status_code == 404
    assert "Observers" not in as_romulan.get(desk).content.decode()
    with pytest.raises(Refused):
        floor.sign(motion=draft, by=romulan_player, now=NOW)
    step = where("motion-step", campaign, draft)
    assert as_romulan.post(step, {"do": "sign"}).status_code == 404


# In order, seconded, debated


def test_the_chair_leads_a_motion_to_the_vote_one_press_each(
    campaign, draft, federation_player, as_gm, gm, romulan
):
    drafting.submit_motion(motion=draft, by=federation_player, now=NOW)
    draft.refresh_from_db()
    step = where("motion-step", campaign, draft)
    for do, stage in (
        ("rule in order", "in order"),
        ("second", "seconded"),
        ("open debate", "debate"),
        ("close debate", "closed"),
    ):
        page = as_gm.get(where("motion", campaign, draft)).content.decode()
        assert f'name="do" value="{do}"' in page
        for _ in range(2):  # pressed twice, it is done once
            assert as_gm.post(step, {"do": do}).status_code == 302
        draft.refresh_from_db()
        assert draft.stage == stage
    assert draft.seconded_by.delegate is None
    assert not Overrule.objects.exists()
    assert Minute.objects.filter(kind=MinuteKind.SECONDED).count() == 1
    assert ballots.open_vote(motion=draft, by=gm, now=NOW).stage == "voting"


def test_a_motion_is_not_seconded_by_its_mover(
    conference, seat, federation, klingon_player, federation_player
):
    motion = factories.make_motion(conference, MotionStage.IN_ORDER, sponsor=seat(federation))
    with pytest.raises(Refused):
        floor.second(motion=motion, by=federation_player, now=NOW)
    seconded = floor.second(motion=motion, by=klingon_player, now=NOW)
    assert seconded.seconded_by.power.slug == "klingon"
    # A second second changes nothing.
    assert floor.second(motion=motion, by=federation_player, now=NOW).seconded_by == seconded.seconded_by


def test_the_chair_out_of_turn_gives_a_reason(conference, seat, federation, gm):
    motion = factories.make_motion(conference, MotionStage.SECONDED, sponsor=seat(federation))
    with pytest.raises(Refused) as refused:
        ballots.open_vote(motion=motion, by=gm, now=NOW)
    assert refused.value.field == "reason"
    ballots.open_vote(motion=motion, by=gm, now=NOW, reason="The evening is short")
    assert Overrule.objects.get(motion=motion).reason == "The evening is short"


def test_a_chair_withdraws_in_anothers_stead_with_a_reason(campaign, debated, as_gm, as_klingon):
    path = where("motion-step", campaign, debated)
    assert as_gm.post(path, {"do": "withdraw"}).status_code == 409
    assert as_klingon.post(path, {"do": "withdraw", "reason": "No"}).status_code == 409
    assert as_gm.post(path, {"do": "withdraw", "reason": "Its mover has left"}).status_code == 302
    debated.refresh_from_db()
    assert debated.stage == "withdrawn"
    page = as_klingon.get(where("motion", campaign, debated)).content.decode()
    assert "Its mover has left" in page


# Appeals from the chair


@pytest.mark.parametrize(("choice", "stage"), [("yes", "in order"), ("no", "ruled out")])
def test_the_conference_may_overrule_its_chair(conference, debated, gm, klingon_player, vote, choice, stage):
    Motion.objects.filter(pk=debated.pk).update(stage="submitted")
    with pytest.raises(Refused) as refused:
        floor.rule_on(motion=debated, in_order=False, by=gm, now=NOW)
    assert refused.value.field == "reason"
    floor.rule_on(motion=debated, in_order=False, reason="Not of this treaty", by=gm, now=NOW)
    appeal = move(MotionKind.APPEAL, klingon_player, debated)
    assert move(MotionKind.APPEAL, klingon_player, debated) == appeal
    assert appeal.title == f"That the chair’s ruling on motion {debated.number} be overruled"
    vote(appeal, choice)
    debated.refresh_from_db()
    assert debated.stage == stage
    if choice == "no":
        with pytest.raises(Refused, match="asked that already"):
            move(MotionKind.APPEAL, klingon_player, debated)


@pytest.mark.parametrize(
    ("stage", "turned"),
    [(ComplaintStage.ADMITTED, "inadmissible"), (ComplaintStage.INADMISSIBLE, "admitted")],
)
def test_an_appeal_turns_an_admission_round(campaign, conference, as_klingon, gm, vote, stage, turned):
    complaint = factories.make_complaint(campaign, stage)
    treaty_charter(conference.treaty)
    path = reverse("complaint-appeal", args=[campaign.slug, complaint.number])
    assert "be overruled" in as_klingon.get(path).content.decode()
    for _ in range(2):
        as_klingon.post(path)
    appeal = conference.motions.get(kind=MotionKind.APPEAL.value)
    vote(appeal, "yes")
    complaint.refresh_from_db()
    assert complaint.stage == turned
    ruling = Admission.objects.get(complaint=complaint)
    assert (ruling.admitted, ruling.overrules) == (turned == "admitted", True)
    assert ruling.reason.startswith(f"Overruled on appeal, motion {appeal.number}")


def treaty_charter(treaty):
    from diplomacy.models import TreatyCharter

    TreatyCharter.objects.create(treaty=treaty, features=FULL, preset="full")


def test_an_appeal_needs_a_conference_that_sits_under_a_treaty_cited(campaign, conference, as_klingon):
    complaint = factories.make_complaint(campaign, ComplaintStage.ADMITTED)
    treaty_charter(conference.treaty)
    conference.stage = "closed"
    conference.save()
    path = reverse("complaint-appeal", args=[campaign.slug, complaint.number])
    assert "No conference sits" in as_klingon.post(path).content.decode()
    assert not Motion.objects.filter(kind=MotionKind.APPEAL.value).exists()


# Procedural motions, by precedence


def test_what_disrupts_most_comes_first(conference, debated, gm, klingon_player, federation_player):
    close = move(MotionKind.CLOSE_DEBATE, klingon_player, debated)
    later = move(MotionKind.ADJOURN_DEBATE, federation_player, debated)
    adjourn = move(MotionKind.ADJOURN, klingon_player, conference=conference)
    suspend = move(MotionKind.SUSPEND, federation_player, conference=conference)
    for waiting, first in ((close, suspend), (later, suspend), (adjourn, suspend)):
        with pytest.raises(Refused, match=f"Motion {first.number}, to suspend the sitting, comes first"):
            ballots.open_vote(motion=waiting, by=gm, now=NOW)
    Motion.objects.filter(pk__in=(suspend.pk, adjourn.pk)).update(stage="rejected")
    with pytest.raises(Refused, match=f"Motion {later.number}, to adjourn the debate, comes first"):
        ballots.open_vote(motion=close, by=gm, now=NOW)
    assert ballots.open_vote(motion=later, by=gm, now=NOW).stage == "voting"


@pytest.mark.parametrize(
    ("kind", "stage"), [(MotionKind.SUSPEND, "suspended"), (MotionKind.ADJOURN, "closed")]
)
def test_the_conference_leaves_off_by_its_own_vote(conference, klingon_player, vote, kind, stage):
    moved = move(kind, klingon_player, conference=conference)
    assert moved.parent is None
    vote(moved, "yes")
    conference.refresh_from_db()
    assert conference.stage == stage
    with pytest.raises(Refused, match="while the conference sits"):
        move(kind, klingon_player, conference=conference)


@pytest.mark.parametrize(
    ("kind", "stage"), [(MotionKind.ADJOURN_DEBATE, "adjourned"), (MotionKind.CLOSE_DEBATE, "closed")]
)
def test_a_debate_ends_by_vote(debated, klingon_player, vote, kind, stage):
    vote(move(kind, klingon_player, debated), "yes")
    debated.refresh_from_db()
    assert debated.stage == stage


def test_a_vote_that_is_open_is_not_interrupted(conference, debated, gm, klingon_player):
    voting = factories.make_motion(conference, MotionStage.VOTING)
    moved = move(MotionKind.SUSPEND, klingon_player, conference=conference)
    with pytest.raises(Refused, match=f"vote on motion {voting.number} is open"):
        ballots.open_vote(motion=moved, by=gm, now=NOW)


def test_what_is_moot_is_put_to_nobody(debated, klingon_player, gm):
    moved = move(MotionKind.CLOSE_DEBATE, klingon_player, debated)
    floor.set_debate(motion=debated, step=MotionStep.CLOSE_DEBATE, by=gm, now=NOW)
    moved.refresh_from_db()
    assert (moved.stage, moved.reason) == ("withdrawn", f"The debate on motion {debated.number} is over.")


def test_a_quick_table_has_none_of_it(campaign, klingon_player, as_klingon):
    quick = factories.make_conference(campaign)
    with pytest.raises(Refused, match="no such motion"):
        move(MotionKind.SUSPEND, klingon_player, conference=quick)
    motion = factories.make_motion(quick)
    for kind in (MotionKind.CLOSE_DEBATE, MotionKind.APPEAL, MotionKind.RECONSIDER):
        with pytest.raises(Refused):
            move(kind, klingon_player, motion)
    desk = as_klingon.get(reverse("conference", args=[campaign.slug, quick.slug])).content.decode()
    assert "suspend the sitting" not in desk


def test_an_observer_moves_nothing(conference, debated, observer, outsider, klingon_player, klingon):
    for by in (observer, outsider):
        with pytest.raises(Refused):
            move(MotionKind.SUSPEND, by, conference=conference)
        with pytest.raises(Refused):
            move(MotionKind.CLOSE_DEBATE, by, debated)
    conference.seats.filter(power=klingon).update(observer=True)
    with pytest.raises(Refused):
        move(MotionKind.SUSPEND, klingon_player, conference=conference)


# Reconsideration


def test_a_vote_taken_again_keeps_its_resolution(campaign, conference, gm, klingon_player, vote, as_klingon):
    complaint = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=conference)
    motion = factories.make_motion(conference, MotionStage.CLOSED)
    vote(motion, "yes")
    resolution = Resolution.objects.get()
    asked = move(MotionKind.RECONSIDER, klingon_player, motion)
    vote(asked, "yes")
    motion.refresh_from_db()
    assert (motion.stage, motion.outcome, motion.opened_at, motion.rule) == ("debate", "", None, None)
    assert motion.ballots.count() == motion.electors.count() == 0
    page = as_klingon.get(where("motion", campaign, motion)).content.decode()
    assert f"Resolution {resolution.number} is being reconsidered" in page
    with pytest.raises(Refused):
        resolutions.enact(resolution=resolution, by=gm, now=NOW)
    floor.set_debate(motion=motion, step=MotionStep.CLOSE_DEBATE, by=gm, now=NOW)
    vote(motion, "yes")
    assert Resolution.objects.get() == resolution
    assert resolutions.enact(resolution=resolution, by=gm, now=NOW).enacted_at == NOW
    with pytest.raises(Refused, match="taken effect"):
        move(MotionKind.RECONSIDER, klingon_player, Motion.objects.get(pk=motion.pk))
    assert complaint.stage == ComplaintStage.HEARD


def test_what_is_rejected_the_second_time_is_never_enacted(campaign, conference, gm, klingon_player, vote):
    motion = factories.make_motion(conference, MotionStage.CLOSED)
    vote(motion, "yes")
    vote(move(MotionKind.RECONSIDER, klingon_player, motion), "yes")
    floor.set_debate(motion=motion, step=MotionStep.CLOSE_DEBATE, by=gm, now=NOW)
    vote(motion, "no")
    with pytest.raises(Refused):
        resolutions.enact(resolution=Resolution.objects.get(), by=gm, now=NOW)


def test_a_finding_taken_up_again_is_open_until_the_next_vote(
    campaign, conference, gm, klingon_player, federation, klingon, vote
):
    complaint = factories.make_complaint(campaign, ComplaintStage.BREACH, conference=conference)
    motion = factories.make_motion(conference, MotionStage.ADOPTED, complaint=complaint)
    factories.make_resolution(campaign, motion)
    asked = move(MotionKind.RECONSIDER, klingon_player, motion)
    opened = ballots.open_vote(motion=asked, by=gm, now=NOW)
    for each in conference.seats.select_related("delegate__user"):
        voice = each.delegate.user if each.delegate else gm
        ballots.cast(motion=opened, seat=each, choice="yes", by=voice, now=NOW)
    ballots.close(motion=opened, by=gm, now=NOW)
    complaint.refresh_from_db()
    motion.refresh_from_db()
    assert (complaint.stage, motion.stage) == ("heard", "debate")


def test_two_thirds_are_needed_to_take_a_vote_up_again(conference, gm, klingon_player):
    motion = factories.make_motion(conference, MotionStage.REJECTED)
    opened = ballots.open_vote(motion=move(MotionKind.RECONSIDER, klingon_player, motion), by=gm, now=NOW)
    seats = list(conference.seats.select_related("delegate__user"))
    for each, choice in zip(seats, ("yes", "yes", "no", "no"), strict=True):
        voice = each.delegate.user if each.delegate else gm
        ballots.cast(motion=opened, seat=each, choice=choice, by=voice, now=NOW)
    assert ballots.close(motion=opened, by=gm, now=NOW).stage == "rejected"
    motion.refresh_from_db()
    assert motion.stage == "rejected"
