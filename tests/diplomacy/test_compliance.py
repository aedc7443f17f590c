"""What comes after a breach: reports, acceptance, disputes, the review, countermeasures, and how they lift."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse

from diplomacy.actions import ballots, compliance, countermeasures, motions, resolutions
from diplomacy.actions.motions import ClauseText
from diplomacy.models import Complaint, MinuteKind, ObligationState, Overrule
from diplomacy.rules.compliance import (
    ObligationStage,
    ObligationStep,
    obligation_step,
    obligation_steps,
)
from diplomacy.rules.compliance import (
    ObligationState as State,
)
from diplomacy.rules.procedure import Actor, ComplaintStage, Feature, MotionKind, MotionStage
from diplomacy.rules.tally import Kind
from khitomer.actions import chronicle
from khitomer.errors import Refused
from khitomer.models import Activity, ActivityKind
from khitomer.rules import changes
from khitomer.rules.dates import StoryDate
from tests import factories
from tests.diplomacy.test_lock_order import at_once
from tests.factories import NOW

LATER = NOW + timedelta(minutes=30)
FULL = {"preset": "full", "features": sorted(Feature)}
STANDARD = {"features": ["amendments", "compliance", "floor", "parley"]}
ON_THE_DAY = "2379-03-14"  # today
LATE = "2379-05-01"


def owes(text="Send them home", due=LATE, power="klingon"):
    return {"kind": "obligation", "power": power, "text": text, "due_on": due}


def breach(campaign, gm, effects, charter=FULL):
    """A complaint decided as a breach, whose resolution has just been enacted."""
    conference = factories.make_conference(campaign, 5, charter=charter)
    complaint = factories.make_complaint(campaign, ComplaintStage.BREACH, conference=conference)
    motion = factories.make_motion(
        conference, MotionStage.ADOPTED, complaint=complaint, effects=effects, finding="breach"
    )
    resolution = factories.make_resolution(campaign, motion)
    return resolutions.enact(resolution=resolution, by=gm, now=NOW)


def complaint_of(resolution):
    return Complaint.objects.get(pk=resolution.motion.complaint_id)


def stage_of(resolution):
    return complaint_of(resolution).stage


@pytest.fixture
def resolution(campaign, gm):
    return breach(campaign, gm, [owes(), factories.standing_effect(by=-1)])


@pytest.fixture
def owed(resolution):
    return resolution.obligations.get()


def report(obligation, by, text="Three hundred were sent home."):
    return compliance.report(obligation=obligation, text=text, by=by, now=LATER)


def dispute(obligation, by, reason="Nobody has seen them."):
    return compliance.dispute(obligation=obligation, reason=reason, by=by, now=LATER)


# The procedure


def owner(**more):
    return Actor(is_chair=False, power="the Klingon Empire", **more)


OTHER = Actor(is_chair=False, power="the Federation")
CHAIR = Actor(is_chair=True, power=None)
GALLERY = Actor(is_chair=False, power=None, observer=True)


def state(stage="owed", *, features=frozenset(Feature), due=False):
    return State(
        stage=ObligationStage(stage),
        owner="the Klingon Empire",
        others=("the Federation",),
        features=features,
        due=due,
    )


QUICK = frozenset()
WATCHED = frozenset({Feature.COMPLIANCE})
TABLE = [
    # stage, features, due, who, the steps that are allowed
    ("owed", QUICK, False, owner(), {"report"}),
    ("owed", QUICK, True, OTHER, {"accept"}),
    ("owed", QUICK, False, CHAIR, {"find met", "find not met"}),
    ("owed", WATCHED, True, OTHER, {"accept"}),
    ("owed", frozenset(Feature), False, OTHER, {"accept"}),
    ("owed", frozenset(Feature), True, OTHER, {"accept", "dispute"}),
    ("reported", frozenset(Feature), False, OTHER, {"accept", "dispute"}),
    ("reported", frozenset(Feature), False, owner(), set()),
    ("disputed", frozenset(Feature), True, owner(), {"report"}),
    ("disputed", frozenset(Feature), True, OTHER, {"accept"}),
    ("unmet", frozenset(Feature), True, owner(), {"report"}),
    ("unmet", frozenset(Feature), True, OTHER, {"accept", "dispute"}),
    ("unmet", frozenset(Feature), True, CHAIR, {"find met"}),
    ("met", frozenset(Feature), True, CHAIR, set()),
    ("void", frozenset(Feature), True, owner(), set()),
    ("owed", frozenset(Feature), True, GALLERY, set()),
]


@pytest.mark.parametrize(("stage", "features", "due", "who", "allowed"), TABLE)
def test_who_may_say_what_of_an_obligation(stage, features, due, who, allowed):
    steps = obligation_steps(state(stage, features=features, due=due), who)
    assert {step.name.value for step in steps if step.allowed} == allowed
    assert all(step.reason for step in steps if not step.allowed)


def test_the_chair_of_a_quick_table_needs_no_reason_to_find_it_met():
    assert not obligation_step(ObligationStep.FIND_MET, state(features=QUICK), CHAIR).needs_reason
    assert obligation_step(ObligationStep.FIND_MET, state(), CHAIR).needs_reason
    assert obligation_step(ObligationStep.FIND_UNMET, state(features=QUICK), CHAIR).needs_reason


def test_a_step_that_the_charter_does_not_know_says_so():
    step = obligation_step(ObligationStep.DISPUTE, state(features=WATCHED, due=True), OTHER)
    assert (step.allowed, step.reason) == (False, "This charter has no such step.")


# To compliance by itself


def test_a_breach_with_obligations_goes_on_to_compliance(resolution):
    assert stage_of(resolution) == ComplaintStage.COMPLIANCE


@pytest.mark.parametrize(
    ("charter", "effects", "stage"),
    [
        ({}, [owes()], ComplaintStage.BREACH),
        (STANDARD, [owes()], ComplaintStage.COMPLIANCE),
        (FULL, [factories.standing_effect()], ComplaintStage.BREACH),
    ],
)
def test_only_where_the_charter_watches_it_and_something_is_owed(campaign, gm, charter, effects, stage):
    assert stage_of(breach(campaign, gm, effects, charter)) == stage


def test_undone_there_is_nothing_to_comply_with(resolution, gm):
    resolutions.undo(resolution=resolution, why="A forgery.", by=gm, now=LATER)
    assert stage_of(resolution) == ComplaintStage.BREACH
    assert resolution.obligations.get().state == ObligationState.VOID


# One obligation


def test_the_owner_reports_and_the_complainant_accepts(owed, campaign, klingon_player, federation_player):
    reported = report(owed, klingon_player)
    assert (reported.state, reported.report, reported.reported_on) == (
        ObligationState.REPORTED,
        "Three hundred were sent home.",
        campaign.today,
    )
    accepted = compliance.accept(obligation=owed, by=federation_player, now=LATER)
    assert (accepted.state, accepted.met_on) == (ObligationState.MET, campaign.today)
    assert stage_of(owed.resolution) == ComplaintStage.COMPLIED
    kinds = set(Activity.objects.values_list("kind", flat=True))
    assert {ActivityKind.REPORTED, ActivityKind.COMPLIED} <= kinds


def test_twice_is_once(owed, klingon_player, federation_player):
    for _ in range(2):
        report(owed, klingon_player)
    assert Activity.objects.filter(kind=ActivityKind.REPORTED).count() == 1
    for _ in range(2):
        dispute(owed, federation_player)
    assert Activity.objects.filter(kind=ActivityKind.DISPUTED).count() == 1
    for _ in range(2):
        compliance.accept(obligation=owed, by=federation_player, now=LATER)
    assert Activity.objects.filter(kind=ActivityKind.COMPLIED).count() == 1


def test_a_report_needs_words_and_the_owners_voice(owed, gm, klingon_player, federation_player):
    with pytest.raises(Refused, match="Say what was done") as refused:
        report(owed, klingon_player, text="   ")
    assert refused.value.field == "text"
    with pytest.raises(Refused) as refused:
        report(owed, klingon_player, text="x" * 501)
    assert refused.value.field == "text"
    for person in (gm, federation_player):
        with pytest.raises(Refused, match="the power that owes it, the Klingon Empire"):
            report(owed, person)


def test_nobody_disputes_what_is_not_due_and_not_reported(owed, federation_player):
    with pytest.raises(Refused, match="not due yet"):
        dispute(owed, federation_player)


def test_what_is_due_today_may_be_disputed_without_a_report(campaign, gm, federation_player):
    resolution = breach(campaign, gm, [owes(due=ON_THE_DAY)])
    dispute(resolution.obligations.get(), federation_player)
    assert stage_of(resolution) == ComplaintStage.DISPUTED


def test_a_dispute_needs_a_reason(owed, klingon_player, federation_player):
    report(owed, klingon_player)
    with pytest.raises(Refused) as refused:
        dispute(owed, federation_player, reason=" ")
    assert refused.value.field == "reason"


@pytest.mark.parametrize("who", ["observer", "romulan_player", "klingon_player"])
def test_nobody_else_accepts_or_disputes(request, owed, klingon_player, who):
    report(owed, klingon_player)
    person = request.getfixturevalue(who)
    with pytest.raises(Refused, match="the power it is owed to"):
        compliance.accept(obligation=owed, by=person, now=LATER)
    with pytest.raises(Refused, match="the power it is owed to"):
        dispute(owed, person)


def test_what_the_complainant_owes_is_the_respondents_to_accept(
    campaign, gm, klingon_player, federation_player
):
    resolution = breach(campaign, gm, [owes("Pay for the relief", power="federation")])
    owed = resolution.obligations.get()
    report(owed, federation_player)
    with pytest.raises(Refused):
        compliance.accept(obligation=owed, by=federation_player, now=LATER)
    assert compliance.accept(obligation=owed, by=klingon_player, now=LATER).state == ObligationState.MET


def test_the_last_dispute_settled_compliance_goes_on(campaign, gm, klingon_player, federation_player):
    resolution = breach(campaign, gm, [owes(), owes("Pay")])
    first, second = resolution.obligations.all()
    report(first, klingon_player)
    dispute(first, federation_player)
    assert stage_of(resolution) == ComplaintStage.DISPUTED
    compliance.find(obligation=first, met=True, reason="Seen by the chair.", by=gm, now=LATER)
    assert stage_of(resolution) == ComplaintStage.COMPLIANCE
    compliance.accept(obligation=second, by=federation_player, now=LATER)
    assert stage_of(resolution) == ComplaintStage.COMPLIED


# The complaint as a whole


def test_the_complainant_accepts_all_of_it(campaign, gm, federation_player):
    resolution = breach(campaign, gm, [owes(), owes("Pay")])
    compliance.accept_compliance(complaint=complaint_of(resolution), by=federation_player, now=LATER)
    assert stage_of(resolution) == ComplaintStage.COMPLIED
    assert set(resolution.obligations.values_list("state", flat=True)) == {ObligationState.MET}


def test_the_chair_accepts_in_its_stead_only_with_a_reason_on_record(resolution, gm):
    complaint = complaint_of(resolution)
    with pytest.raises(Refused) as refused:
        compliance.accept_compliance(complaint=complaint, by=gm, now=LATER)
    assert refused.value.field == "reason"
    compliance.accept_compliance(complaint=complaint, reason="The player has left.", by=gm, now=LATER)
    kept = Overrule.objects.get()
    assert (kept.step, kept.reason, kept.complaint) == ("accept", "The player has left.", complaint)


@pytest.mark.parametrize(
    ("complied", "stage", "owes_it"),
    [
        (True, ComplaintStage.COMPLIED, ObligationState.MET),
        (False, ComplaintStage.NON_COMPLIANT, ObligationState.UNMET),
    ],
)
def test_the_chair_reviews_a_dispute(
    resolution, owed, gm, klingon_player, federation_player, complied, stage, owes_it
):
    report(owed, klingon_player)
    dispute(owed, federation_player)
    complaint = complaint_of(resolution)
    with pytest.raises(Refused):
        compliance.review(complaint=complaint, complied=complied, reason="", by=gm, now=LATER)
    with pytest.raises(Refused, match="the chair"):
        compliance.review(complaint=complaint, complied=complied, reason="So.", by=klingon_player, now=LATER)
    compliance.review(complaint=complaint, complied=complied, reason="The rolls were read.", by=gm, now=LATER)
    owed.refresh_from_db()
    assert (stage_of(resolution), owed.state, owed.review) == (stage, owes_it, "The rolls were read.")


# Countermeasures: the full charter's tail


def standings(campaign):
    return sorted(campaign.standings.values_list("first__slug", "second__slug", "value"))


def bound(campaign):
    from khitomer.models import Adherence

    rows = Adherence.objects.filter(treaty__campaign=campaign)
    return sorted((row.power.slug, str(row.entered), str(row.left)) for row in rows)


SUSPEND = {"kind": "leave", "treaty": "second-khitomer-accords", "power": "klingon", "manner": "suspended"}


def non_compliant(resolution, gm, klingon_player, federation_player):
    owed = resolution.obligations.get()
    report(owed, klingon_player)
    dispute(owed, federation_player)
    return compliance.review(
        complaint=complaint_of(resolution), complied=False, reason="Not one was seen.", by=gm, now=LATER
    )


def ask(complaint, conference, by):
    clause = ClauseText(
        phrase="Decides", text="to suspend them", effects=(SUSPEND, factories.standing_effect(by=-1))
    )
    return countermeasures.ask_countermeasures(
        complaint=complaint,
        conference=conference,
        title="Countermeasures",
        clauses=[clause],
        by=by,
        now=LATER,
    )


def authorise(complaint, conference, gm, federation_player, ballots_cast):
    """The motion drafted, submitted, put to the vote and closed; gives it as it stands then."""
    motion = ask(complaint, conference, federation_player)
    motion = motions.submit_motion(motion=motion, by=federation_player, now=LATER)
    motion = ballots.open_vote(motion=motion, by=gm, now=LATER, mode="open", reason="The debate was had.")
    voices = {seat.power.slug: seat for seat in conference.seats.select_related("power", "delegate__user")}
    for slug, choice in ballots_cast.items():
        seat = voices[slug]
        by = seat.delegate.user if seat.delegate else gm
        ballots.cast(motion=motion, seat=seat, choice=choice, by=by, now=LATER)
    return ballots.close(motion=motion, by=gm, now=LATER)


ONLY_THE_COMPLAINANT = {
    "federation": "yes",
    "klingon": "no",
    "romulan": "no",
    "cardassian": "no",
    "ferengi": "no",
}


def under_countermeasures(resolution, gm, klingon_player, federation_player):
    """Countermeasures authorised by the complainant's vote alone, and in force."""
    complaint = non_compliant(resolution, gm, klingon_player, federation_player)
    conference = resolution.motion.conference
    motion = authorise(complaint, conference, gm, federation_player, ONLY_THE_COMPLAINANT)
    return resolutions.enact(resolution=motion.resolution, by=gm, now=LATER)


def test_the_whole_tail_of_the_full_charter(
    resolution, campaign, gm, klingon_player, federation_player, owed, klingon
):
    before = (standings(campaign), bound(campaign))
    complaint = non_compliant(resolution, gm, klingon_player, federation_player)
    assert complaint.stage == ComplaintStage.NON_COMPLIANT

    conference = resolution.motion.conference
    motion = authorise(complaint, conference, gm, federation_player, ONLY_THE_COMPLAINANT)
    assert (motion.kind, motion.sponsor.power.slug, motion.rule["kind"]) == (
        MotionKind.COUNTERMEASURES,
        "federation",
        Kind.REVERSE_CONSENSUS.value,
    )
    assert (motion.stage, motion.yes, motion.no) == (MotionStage.ADOPTED, 1, 4)
    complaint.refresh_from_db()
    assert complaint.stage == ComplaintStage.COUNTERMEASURES

    measures = resolutions.enact(resolution=motion.resolution, by=gm, now=LATER)
    assert (standings(campaign), bound(campaign)) != before
    assert stage_of(resolution) == ComplaintStage.COUNTERMEASURES

    report(owed, klingon_player, "They are home, all of them.")
    compliance.accept(obligation=owed, by=federation_player, now=LATER)
    complaint.refresh_from_db()
    measures.refresh_from_db()
    assert complaint.stage == ComplaintStage.COMPLIED
    assert (measures.undone_at, measures.lifted_at) == (LATER, LATER)
    assert (standings(campaign), bound(campaign)) == before
    rows = campaign.ledger.filter(source=measures.source).order_by("ordinal")
    inverses = campaign.ledger.filter(undoes__in=rows)
    assert (rows.count(), inverses.count()) == (2, 2)
    assert {row.why for row in inverses} == {"Lifted on compliance"}
    noted = conference.minutes.filter(kind=MinuteKind.UNDONE).get()
    assert (noted.data["number"], noted.data["reason"]) == (measures.number, "Lifted on compliance")
    assert Activity.objects.filter(kind=ActivityKind.LIFTED, number=complaint.number).count() == 1


def test_without_a_single_yes_they_are_refused(resolution, gm, klingon_player, federation_player):
    complaint = non_compliant(resolution, gm, klingon_player, federation_player)
    motion = authorise(
        complaint,
        resolution.motion.conference,
        gm,
        federation_player,
        {"klingon": "no", "romulan": "abstain"},
    )
    assert motion.stage == MotionStage.REJECTED
    assert stage_of(resolution) == ComplaintStage.NON_COMPLIANT


@pytest.mark.parametrize("way", ["accept all", "lift", "last obligation found met"])
def test_every_way_to_compliance_lifts_them(resolution, campaign, gm, klingon_player, federation_player, way):
    before = bound(campaign)
    measures = under_countermeasures(resolution, gm, klingon_player, federation_player)
    complaint = complaint_of(resolution)
    if way == "accept all":
        compliance.accept_compliance(complaint=complaint, by=federation_player, now=LATER)
    elif way == "lift":
        compliance.lift(complaint=complaint, reason="It is done.", by=gm, now=LATER)
    else:
        owed = resolution.obligations.get()
        compliance.find(obligation=owed, met=True, reason="It is done.", by=gm, now=LATER)
    measures.refresh_from_db()
    assert (stage_of(resolution), measures.lifted_at) == (ComplaintStage.COMPLIED, LATER)
    assert bound(campaign) == before


def test_what_was_authorised_and_not_enacted_is_never_enacted(
    resolution, campaign, gm, klingon_player, federation_player
):
    complaint = non_compliant(resolution, gm, klingon_player, federation_player)
    conference = resolution.motion.conference
    measures = authorise(complaint, conference, gm, federation_player, ONLY_THE_COMPLAINANT).resolution
    compliance.accept_compliance(complaint=complaint, by=federation_player, now=LATER)
    with pytest.raises(Refused, match="these countermeasures have ended"):
        resolutions.enact(resolution=measures, by=gm, now=LATER)
    assert not campaign.ledger.filter(source=measures.source).exists()


def test_an_inverse_that_cannot_be_keeps_everything_as_it_was(
    resolution, campaign, gm, klingon_player, federation_player
):
    measures = under_countermeasures(resolution, gm, klingon_player, federation_player)
    chronicle.apply(
        campaign=campaign,
        changes=[
            changes.EnterTreaty(
                treaty="second-khitomer-accords", power="klingon", on=StoryDate.parse("2379-03-15")
            )
        ],
        by=gm,
        why="They came back.",
        source="gm:test",
        now=LATER,
    )
    with pytest.raises(Refused, match=f"Resolution {measures.number} cannot be taken back as things stand"):
        compliance.accept_compliance(complaint=complaint_of(resolution), by=federation_player, now=LATER)
    measures.refresh_from_db()
    assert (stage_of(resolution), measures.lifted_at) == (ComplaintStage.COUNTERMEASURES, None)
    assert resolution.obligations.get().state == ObligationState.UNMET


def test_undone_by_hand_the_respondent_is_non_compliant_again(
    resolution, gm, klingon_player, federation_player
):
    measures = under_countermeasures(resolution, gm, klingon_player, federation_player)
    with pytest.raises(Refused, match="answer to this resolution"):
        resolutions.undo(resolution=resolution, why="A mistake.", by=gm, now=LATER)
    resolutions.undo(resolution=measures, why="Too harsh.", by=gm, now=LATER)
    assert stage_of(resolution) == ComplaintStage.NON_COMPLIANT


@pytest.mark.parametrize("who", ["gm", "klingon_player", "romulan_player", "observer"])
def test_only_the_complainant_asks_for_them(request, resolution, gm, klingon_player, federation_player, who):
    complaint = non_compliant(resolution, gm, klingon_player, federation_player)
    with pytest.raises(Refused):
        ask(complaint, resolution.motion.conference, request.getfixturevalue(who))


def test_they_are_not_asked_for_before_the_review(resolution, federation_player):
    with pytest.raises(Refused, match="non-compliant"):
        ask(complaint_of(resolution), resolution.motion.conference, federation_player)


# The pages


def at(name, campaign, **more):
    return reverse(name, kwargs={"campaign": campaign.slug, **more})


def test_the_way_through_the_pages(resolution, campaign, as_klingon, as_federation, as_gm):
    owed, number = resolution.obligations.get(), complaint_of(resolution).number
    page, panel = at("obligation", campaign, pk=owed.pk), at("complaint-compliance", campaign, number=number)
    assert "Report it done" in as_klingon.get(page).content.decode()
    refused = as_klingon.post(page, {"step": "report", "words": ""})
    assert refused.status_code == 422 and "Say it in a sentence." in refused.content.decode()
    assert as_klingon.post(page, {"step": "report", "words": "They are home."}).status_code == 302
    desk = as_federation.get(at("desk", campaign)).content.decode()
    assert "Accept or dispute" in desk
    refused = as_federation.post(page, {"step": "dispute", "words": ""})
    assert refused.status_code == 422
    assert as_federation.post(page, {"step": "dispute", "words": "Not one is."}).status_code == 302
    assert "Review" in as_gm.get(at("desk", campaign)).content.decode()
    refused = as_gm.post(panel, {"step": "find non-compliant", "words": ""})
    assert refused.status_code == 422
    posted = {"step": "find non-compliant", "words": "The rolls say so."}
    assert as_gm.post(panel, posted).status_code == 302
    complaint = as_federation.get(at("complaint", campaign, number=number)).content.decode()
    assert "for countermeasures" in complaint and "The rolls say so." in complaint
    form = at("countermeasures-new", campaign, conference=resolution.motion.conference.slug, number=number)
    assert f"Countermeasures on complaint No. {number}" in as_federation.get(form).content.decode()


def test_what_is_owed_is_named_before_the_date_is_advanced(resolution, campaign, as_gm, klingon_player):
    page = as_gm.get(at("advance-date", campaign), {"to": LATE}).content.decode()
    assert "Klingon Empire: Send them home" in page
    report(resolution.obligations.get(), klingon_player)
    page = as_gm.get(at("advance-date", campaign), {"to": LATE}).content.decode()
    assert "Klingon Empire: Send them home" in page, "what was only said to be done is outstanding"


@pytest.mark.parametrize("number", [1, 50])
def test_the_ledger_of_compliance_costs_the_same_for_one_and_fifty(
    campaign, gm, as_federation, number, django_assert_num_queries
):
    resolution = breach(campaign, gm, [owes(f"Send home group {each}") for each in range(number)])
    address = at("complaint-compliance", campaign, number=complaint_of(resolution).number)
    as_federation.get(address)
    with django_assert_num_queries(17):
        assert as_federation.get(address).content.decode().count("Send home group") >= number


# Two at once


@pytest.mark.django_db(transaction=True)
def test_accepting_against_enacting_countermeasures_leaves_none_in_force(
    campaign, gm, klingon_player, federation_player
):
    before = bound(campaign)
    for _ in range(4):
        resolution = breach(campaign, gm, [owes()])
        complaint = non_compliant(resolution, gm, klingon_player, federation_player)
        conference = resolution.motion.conference
        measures = authorise(complaint, conference, gm, federation_player, ONLY_THE_COMPLAINANT).resolution
        accepted, _ = at_once(
            partial(compliance.accept_compliance, complaint=complaint, by=federation_player, now=LATER),
            partial(resolutions.enact, resolution=measures, by=gm, now=LATER),
        )
        assert accepted is None
        measures.refresh_from_db()
        assert (stage_of(resolution), measures.lifted_at) == (ComplaintStage.COMPLIED, LATER)
        made = campaign.ledger.filter(source=measures.source).count()
        assert made == (2 if measures.enacted_at else 0)
        assert campaign.ledger.filter(undoes__source=measures.source).count() == made
        assert bound(campaign) == before


@pytest.mark.django_db(transaction=True)
def test_accepting_against_disputing_and_reporting_ends_in_one_of_them(
    campaign, gm, klingon_player, federation_player
):
    for _ in range(4):
        resolution = breach(campaign, gm, [owes(due=ON_THE_DAY)])
        owed = resolution.obligations.get()
        at_once(
            partial(compliance.accept, obligation=owed, by=federation_player, now=LATER),
            partial(dispute, owed, federation_player),
            partial(report, owed, klingon_player),
        )
        owed.refresh_from_db()
        # Whatever came before, accepted is accepted: nothing is said of it afterwards.
        assert (owed.state, stage_of(resolution)) == (ObligationState.MET, ComplaintStage.COMPLIED)
