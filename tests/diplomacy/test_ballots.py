"""The vote: what is frozen when it opens, who may cast, what closing it does, and what a tie leads to."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.urls import reverse

from diplomacy import records_votes as records
from diplomacy.actions import ballots
from diplomacy.actions.motions import ClauseText, draft_motion
from diplomacy.models import Ballot, Complaint, ConferenceStage, Motion, Resolution
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from diplomacy.rules.tally import Base, Kind, Outcome, Status, Tie, VotingRule
from khitomer.actions import campaigns
from khitomer.errors import Refused
from khitomer.models import Activity, ActivityKind, Audience, Role
from tests import factories
from tests.factories import NOW

LATER = NOW + timedelta(minutes=14)


@pytest.fixture
def conference(campaign):
    """The five known powers; players sit for the Federation, the Klingons and the Romulans."""
    return factories.make_conference(campaign, 5)


@pytest.fixture
def motion(conference):
    return factories.make_motion(conference)


@pytest.fixture
def heard(conference):
    """The Federation's complaint against the Klingons, heard."""
    return factories.make_complaint(conference.campaign, ComplaintStage.HEARD, conference=conference)


def seat(conference, slug):
    return conference.seats.get(power__slug=slug)


def opened(motion, gm, **fields):
    return ballots.open_vote(motion=motion, by=gm, now=NOW, **fields)


def cast(motion, slug, choice, by):
    return ballots.cast(motion=motion, seat=seat(motion.conference, slug), choice=choice, by=by, now=NOW)


def closed(motion, gm):
    return ballots.close(motion=motion, by=gm, now=LATER)


# Opening


def test_opening_freezes_the_rule_as_exact_fractions(conference, gm):
    conference.charter.threshold, conference.charter.veto = Fraction(2, 3), True
    conference.charter.tie = Tie.SECOND_VOTE
    conference.charter.save()
    motion = opened(factories.make_motion(conference), gm)

    assert motion.stage == MotionStage.VOTING
    assert motion.opened_at == NOW
    assert (motion.rule["threshold"], motion.rule["quorum"]) == ("2/3", "1/2")
    conference.charter.threshold = Fraction(1, 2)
    conference.charter.save()
    assert records.frozen_vote(Motion.objects.get(pk=motion.pk)).rule == VotingRule(
        threshold=Fraction(2, 3), quorum=Fraction(1, 2), veto=True, tie=Tie.SECOND_VOTE
    )


@pytest.mark.parametrize(
    "rule",
    [
        VotingRule(),
        VotingRule(kind=Kind.CONSENSUS, quorum=Fraction(3, 5), quorum_more_than=True),
        VotingRule(
            threshold=Fraction(5, 9),
            at_least=True,
            base=Base.MEMBERSHIP,
            minimum_yes=9,
            weight_threshold=Fraction(65, 100),
            weight_base=Base.PRESENT,
            blocking_minority=4,
            veto=True,
            tie=Tie.CASTING,
        ),
    ],
)
def test_a_rule_comes_back_from_json_as_it_went(rule):
    assert records.rule_from_json(records.rule_to_json(rule)) == rule


def test_opening_freezes_the_electorate(conference, heard, gm):
    ferengi = seat(conference, "ferengi")
    ferengi.observer = True
    ferengi.save()
    romulan = seat(conference, "romulan")
    romulan.weight, romulan.veto, romulan.present = 3, True, False
    romulan.save()
    motion = opened(factories.make_motion(conference, complaint=heard), gm)

    romulan.weight, romulan.veto, romulan.present = 1, False, True
    romulan.save()
    electors = {
        each.seat.power.slug: (each.status, each.weight, each.veto, each.present)
        for each in motion.electors.all()
    }
    assert electors == {
        "federation": (Status.RECUSED, 1, False, True),
        "klingon": (Status.RECUSED, 1, False, True),
        "romulan": (Status.ELIGIBLE, 3, True, False),
        "cardassian": (Status.ELIGIBLE, 1, False, True),
        "ferengi": (Status.OBSERVER, 1, False, True),
    }


def test_the_parties_vote_where_nothing_is_found(conference, heard, gm):
    motion = opened(factories.make_motion(conference, complaint=heard, finding=""), gm)
    assert set(motion.electors.values_list("status", flat=True)) == {Status.ELIGIBLE}


def test_several_votes_may_be_open_at_once(conference, gm):
    first = opened(factories.make_motion(conference), gm)
    second = opened(factories.make_motion(conference), gm)
    assert {first.stage, second.stage} == {MotionStage.VOTING}


def test_the_chairs_own_draft_takes_its_number_with_its_vote(conference, gm):
    factories.make_motion(conference)
    draft = draft_motion(
        conference=conference,
        title="Straight to it",
        clauses=[ClauseText(phrase="Decides", text="so")],
        by=gm,
        now=NOW,
    )
    assert opened(draft, gm).number == 2


@pytest.mark.parametrize(
    ("stage", "says"),
    [
        (ComplaintStage.SCHEDULED, "open the hearing first"),
        (ComplaintStage.BREACH, "no finding on it can be put to the vote"),
        (ComplaintStage.WITHDRAWN, "no finding on it can be put to the vote"),
    ],
)
def test_a_finding_is_voted_on_after_the_hearing(conference, gm, stage, says):
    complaint = factories.make_complaint(conference.campaign, stage, conference=conference)
    motion = factories.make_motion(conference, complaint=complaint)
    with pytest.raises(Refused, match=says):
        opened(motion, gm)
    motion.refresh_from_db()
    assert (motion.stage, motion.electors.count()) == (MotionStage.SUBMITTED, 0)


def test_a_vote_opens_only_while_the_conference_sits(conference, gm):
    motion = factories.make_motion(conference)
    conference.stage = ConferenceStage.PLANNED
    conference.save()
    with pytest.raises(Refused, match="only while the conference sits"):
        opened(motion, gm)


def test_a_vote_without_a_single_voter_does_not_open(conference, gm):
    conference.seats.update(present=False)
    with pytest.raises(Refused, match="No seat present may vote"):
        opened(factories.make_motion(conference), gm)


def test_only_the_chair_opens_a_vote(motion, federation_player):
    with pytest.raises(Refused, match="the chair"):
        opened(motion, federation_player)


def test_a_vote_does_not_open_twice(motion, gm, federation_player):
    opened(motion, gm)
    cast(motion, "federation", "yes", federation_player)
    with pytest.raises(Refused, match="stands at “voting”"):
        opened(motion, gm)
    assert motion.ballots.count() == 1


def test_an_unknown_mode_is_refused(motion, gm):
    with pytest.raises(Refused, match="by roll call, by show of hands or secret"):
        opened(motion, gm, mode="acclamation")


# Casting


def test_a_delegate_casts_and_changes_the_ballot(motion, gm, federation_player):
    opened(motion, gm)
    cast(motion, "federation", "yes", federation_player)
    cast(motion, "federation", "abstain", federation_player)

    ballot = Ballot.objects.get()
    assert (ballot.choice, ballot.by) == ("abstain", federation_player)


def test_it_is_told_once_who_has_voted_and_never_what(motion, gm, federation_player, federation):
    opened(motion, gm)
    cast(motion, "federation", "yes", federation_player)
    cast(motion, "federation", "no", federation_player)

    told = Activity.objects.get(kind=ActivityKind.VOTED)
    assert (told.power, told.number, told.audience) == (federation, motion.number, Audience.ALL)
    assert "yes" not in str(told) and "no " not in str(told)


def test_the_gm_votes_for_a_seat_without_a_delegate(motion, gm, co_gm):
    opened(motion, gm)
    cast(motion, "cardassian", "no", gm)
    cast(motion, "ferengi", "yes", co_gm)
    assert dict(motion.ballots.values_list("seat__power__slug", "choice")) == {
        "cardassian": "no",
        "ferengi": "yes",
    }


@pytest.mark.parametrize(
    ("who", "slug", "says"),
    [
        ("gm", "federation", "has a delegate"),
        ("klingon_player", "federation", "do not speak for the United Federation of Planets"),
        ("federation_player", "cardassian", "do not speak for the Cardassian Union"),
        ("observer", "cardassian", "do not speak for the Cardassian Union"),
        ("outsider", "cardassian", "do not speak for the Cardassian Union"),
    ],
)
def test_a_ballot_for_a_seat_not_ones_own_is_refused(request, motion, gm, who, slug, says):
    opened(motion, gm)
    with pytest.raises(Refused, match=says):
        cast(motion, slug, "yes", request.getfixturevalue(who))
    assert not Ballot.objects.exists()


def test_a_seat_whose_delegate_has_left_is_the_gms(campaign, motion, gm, federation_player):
    opened(motion, gm)
    campaign.memberships.get(user=federation_player).delete()
    with pytest.raises(Refused, match="do not speak"):
        cast(motion, "federation", "yes", federation_player)
    cast(motion, "federation", "no", gm)
    assert motion.ballots.get().by == gm


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"present": False}, "was not present when the vote opened"),
        ({"observer": True}, "observers have no vote"),
    ],
)
def test_who_has_no_vote_is_told_why(conference, gm, federation_player, change, says):
    conference.seats.filter(power__slug="federation").update(**change)
    motion = opened(factories.make_motion(conference), gm)
    with pytest.raises(Refused, match=says):
        cast(motion, "federation", "yes", federation_player)


def test_a_party_is_recused_from_the_finding(conference, heard, gm, federation_player):
    motion = opened(factories.make_motion(conference, complaint=heard), gm)
    with pytest.raises(Refused, match="recused"):
        cast(motion, "federation", "yes", federation_player)


def test_before_the_vote_there_is_no_ballot(motion, federation_player):
    with pytest.raises(Refused, match="has not been opened yet"):
        cast(motion, "federation", "yes", federation_player)


def test_after_the_close_the_earlier_ballot_stands(motion, gm, federation_player, klingon_player):
    opened(motion, gm)
    cast(motion, "federation", "yes", federation_player)
    closed(motion, gm)
    with pytest.raises(Refused) as late:
        cast(motion, "federation", "no", federation_player)
    assert str(late.value) == "The vote closed at 20:14; your earlier ballot stands."
    with pytest.raises(Refused, match="no more ballots are taken"):
        cast(motion, "klingon", "no", klingon_player)
    assert list(motion.ballots.values_list("choice", flat=True)) == ["yes"]


def test_a_ballot_says_yes_no_or_abstain(motion, gm, federation_player):
    opened(motion, gm)
    with pytest.raises(Refused, match="yes, no or abstain"):
        cast(motion, "federation", "maybe", federation_player)


# Closing


def test_closing_stores_the_tally_and_makes_the_resolution(
    motion, gm, federation_player, klingon_player, campaign
):
    opened(motion, gm)
    cast(motion, "federation", "yes", federation_player)
    cast(motion, "klingon", "no", klingon_player)
    cast(motion, "cardassian", "yes", gm)
    cast(motion, "ferengi", "abstain", gm)
    closed(motion, gm)

    motion = Motion.objects.get(pk=motion.pk)
    assert (motion.stage, motion.outcome, motion.closed_at) == (
        MotionStage.ADOPTED,
        Outcome.ADOPTED,
        LATER,
    )
    assert (motion.yes, motion.no, motion.abstain, motion.not_voting) == (2, 1, 1, 1)
    assert motion.reason.startswith("Adopted: 2 in favour, 1 against")
    assert records.recount(motion) == records.stored_tally(motion)
    resolution = Resolution.objects.get()
    assert (resolution.number, resolution.adopted_on, resolution.title) == (1, campaign.today, motion.title)
    assert resolution.enacted_at is None


def test_closing_again_changes_nothing(motion, gm, co_gm, federation_player):
    opened(motion, gm)
    cast(motion, "federation", "yes", federation_player)
    first = closed(motion, gm)
    second = ballots.close(motion=motion, by=co_gm, now=LATER + timedelta(hours=1))

    assert records.stored_tally(second) == records.stored_tally(first)
    assert second.closed_at == LATER
    assert Resolution.objects.count() == 1
    assert Activity.objects.filter(kind=ActivityKind.VOTE_CLOSED).count() == 1


@pytest.mark.parametrize("who", ["federation_player", "observer", "outsider"])
def test_only_the_chair_closes_a_vote(request, motion, gm, who):
    opened(motion, gm)
    with pytest.raises(Refused, match="chair"):
        closed(motion, request.getfixturevalue(who))
    motion.refresh_from_db()
    assert motion.stage == MotionStage.VOTING


def test_a_vote_that_is_not_open_cannot_be_closed(motion, gm):
    with pytest.raises(Refused, match="stands at “submitted”"):
        closed(motion, gm)


@pytest.mark.parametrize(
    ("finding", "choice", "stage", "resolutions"),
    [
        ("breach", "yes", ComplaintStage.BREACH, 1),
        ("no breach", "yes", ComplaintStage.NO_BREACH, 1),
        ("breach", "no", ComplaintStage.NO_DECISION, 0),
        ("no breach", "no", ComplaintStage.NO_DECISION, 0),
        ("", "yes", ComplaintStage.HEARD, 1),
    ],
)
def test_the_vote_decides_the_complaint(conference, heard, gm, finding, choice, stage, resolutions):
    motion = opened(factories.make_motion(conference, complaint=heard, finding=finding), gm)
    cast(motion, "cardassian", choice, gm)
    cast(motion, "ferengi", choice, gm)
    closed(motion, gm)
    heard.refresh_from_db()
    assert heard.stage == stage
    assert Resolution.objects.count() == resolutions


def test_a_later_finding_may_end_what_an_earlier_vote_left_open(conference, heard, gm):
    for choice in ("no", "yes"):
        motion = opened(factories.make_motion(conference, complaint=heard), gm)
        cast(motion, "cardassian", choice, gm)
        closed(motion, gm)
    heard.refresh_from_db()
    assert heard.stage == ComplaintStage.BREACH


def test_a_complaint_withdrawn_during_the_vote_stays_withdrawn(conference, heard, gm):
    motion = opened(factories.make_motion(conference, complaint=heard), gm)
    cast(motion, "cardassian", "yes", gm)
    Complaint.objects.update(stage=ComplaintStage.WITHDRAWN)
    assert closed(motion, gm).stage == MotionStage.ADOPTED
    heard.refresh_from_db()
    assert heard.stage == ComplaintStage.WITHDRAWN


def test_a_veto_is_named_as_the_powers_were_called_then(conference, gm, klingon_player, klingon):
    conference.charter.veto = True
    conference.charter.save()
    conference.seats.filter(power=klingon).update(veto=True)
    motion = opened(factories.make_motion(conference), gm)
    cast(motion, "klingon", "no", klingon_player)
    cast(motion, "cardassian", "yes", gm)
    cast(motion, "ferengi", "yes", gm)
    klingon.name = "House of Duras"
    klingon.save()
    motion = closed(motion, gm)

    assert motion.stage == MotionStage.VETOED
    assert motion.vetoed_by == ["the Klingon Empire"]
    assert "vetoed by the Klingon Empire" in motion.reason
    assert records.recount(Motion.objects.get(pk=motion.pk)) == records.stored_tally(motion)


def test_a_vote_without_a_quorum_is_void_and_may_be_held_again(conference, gm, federation_player):
    conference.seats.exclude(power__slug="federation").update(present=False)
    motion = opened(factories.make_motion(conference), gm)
    cast(motion, "federation", "yes", federation_player)
    assert closed(motion, gm).stage == MotionStage.VOID

    conference.seats.update(present=True)
    again = opened(motion, gm)
    assert (again.stage, again.outcome, again.closed_at, again.ballots.count()) == (
        MotionStage.VOTING,
        "",
        None,
        0,
    )
    assert all(elector.present for elector in again.electors.all())


# Ties


def tie(conference, gm, federation_player, **charter):
    for name, value in charter.items():
        setattr(conference.charter, name, value)
    conference.charter.save()
    motion = opened(factories.make_motion(conference), gm)
    cast(motion, "federation", "yes", federation_player)
    cast(motion, "cardassian", "no", gm)
    return closed(motion, gm)


@pytest.mark.parametrize(
    ("choice", "stage"),
    [("yes", MotionStage.ADOPTED), ("no", MotionStage.REJECTED), ("abstain", MotionStage.REJECTED)],
)
def test_the_casting_vote_decides_a_tie(conference, gm, federation_player, choice, stage):
    motion = tie(conference, gm, federation_player, tie="casting")
    assert (motion.stage, Resolution.objects.count()) == (MotionStage.TIED, 0)

    decided = ballots.casting(motion=motion, choice=choice, by=gm, now=LATER)
    assert (decided.stage, decided.casting) == (stage, choice)
    assert decided.closed_at == motion.closed_at
    assert Resolution.objects.count() == int(stage is MotionStage.ADOPTED)
    assert records.recount(Motion.objects.get(pk=motion.pk)) == records.stored_tally(decided)


def test_a_delegate_gives_no_casting_vote(conference, gm, federation_player):
    motion = tie(conference, gm, federation_player, tie="casting")
    with pytest.raises(Refused, match="the chair"):
        ballots.casting(motion=motion, choice="yes", by=federation_player, now=LATER)


def test_a_second_vote_is_held_once(conference, gm, federation_player):
    motion = tie(conference, gm, federation_player, tie="second vote")
    with pytest.raises(Refused, match="no casting vote"):
        ballots.casting(motion=motion, choice="yes", by=gm, now=LATER)

    again = opened(motion, gm)
    assert (again.stage, again.ballots.count()) == (MotionStage.VOTING, 0)
    assert records.frozen_vote(again).earlier == {"yes": 1, "no": 1, "abstain": 0}
    cast(again, "federation", "yes", federation_player)
    cast(again, "cardassian", "no", gm)
    ended = closed(again, gm)
    assert (ended.stage, ended.reason.endswith("the votes were equal a second time.")) == (
        MotionStage.REJECTED,
        True,
    )
    assert records.recount(Motion.objects.get(pk=ended.pk)) == records.stored_tally(ended)


def test_a_tie_that_rejects_leaves_nothing_to_decide(conference, gm, federation_player):
    assert tie(conference, gm, federation_player, tie="reject").stage == MotionStage.REJECTED


# The addresses


def at(name, motion):
    where = {
        "campaign": motion.conference.campaign.slug,
        "conference": motion.conference.slug,
        "number": motion.number,
    }
    return reverse(name, kwargs=where)


def test_the_whole_vote_through_its_addresses(motion, as_gm, as_federation, conference):
    assert as_gm.post(at("vote-open", motion), {"mode": "open"}).status_code == 302
    answer = as_federation.post(
        at("ballot", motion), {"seat": seat(conference, "federation").pk, "choice": "yes"}
    )
    assert (answer.status_code, answer["Location"]) == (302, at("motion", motion))
    assert as_gm.post(at("vote-close", motion)).status_code == 302
    motion.refresh_from_db()
    assert (motion.stage, motion.mode, motion.yes) == (MotionStage.ADOPTED, "open", 1)


def test_htmx_gets_the_vote_alone(motion, gm, as_federation, conference):
    opened(motion, gm)
    answer = as_federation.post(
        at("ballot", motion),
        {"seat": seat(conference, "federation").pk, "choice": "no"},
        headers={"HX-Request": "true"},
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page and 'id="vote"' in page
    assert "The ballot of the United Federation of Planets is cast: no." in page


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_late_ballot_is_answered_in_words(
    motion, gm, as_federation, federation_player, conference, headers
):
    opened(motion, gm)
    cast(motion, "federation", "yes", federation_player)
    closed(motion, gm)
    answer = as_federation.post(
        at("ballot", motion),
        {"seat": seat(conference, "federation").pk, "choice": "no"},
        headers=headers,
    )
    if headers:
        # Where the vote alone would be put in its place, the rest of the page would still say that it is open.
        assert answer["HX-Redirect"] == at("motion", motion)
        answer = as_federation.get(at("motion", motion))
        assert "The vote is open" not in answer.content.decode()
    else:
        assert answer.status_code == 409
    assert "The vote closed at 20:14; your earlier ballot stands." in answer.content.decode()
    assert Ballot.objects.get().choice == "yes"


@pytest.mark.parametrize(
    "data", [{}, {"seat": "x", "choice": "yes"}, {"seat": "999999", "choice": "yes"}, {"seat": "1"}]
)
def test_nonsense_is_refused_in_words(motion, gm, as_federation, data):
    opened(motion, gm)
    assert as_federation.post(at("ballot", motion), data).status_code == 409
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("name", ["vote-open", "vote-close", "vote-casting", "ballot"])
def test_steps_are_posts(motion, as_gm, name):
    assert as_gm.get(at(name, motion)).status_code == 405


@pytest.mark.parametrize("name", ["vote-open", "vote-close", "vote-casting"])
def test_the_chairs_steps_are_missing_for_others(motion, as_federation, as_outsider, name):
    assert as_federation.post(at(name, motion)).status_code == 404
    assert as_outsider.post(at(name, motion)).status_code == 404


def test_an_observer_has_no_ballot_box(motion, gm, as_observer):
    opened(motion, gm)
    assert as_observer.post(at("ballot", motion), {}).status_code == 404


def test_one_press_casts_for_every_seat_without_a_delegate(motion, gm, as_gm, conference):
    opened(motion, gm)
    cast(motion, "cardassian", "no", gm)
    for _ in range(2):
        answer = as_gm.post(at("ballots-empty", motion), {"choice": "yes"})
        assert answer["Location"] == at("motion", motion)
    empty = [row.power.slug for row in conference.seats.filter(delegate=None, observer=False)]
    cast_for = dict(motion.ballots.values_list("seat__power__slug", "choice"))
    assert cast_for == {**dict.fromkeys(empty, "yes"), "cardassian": "no"}
    assert set(motion.ballots.values_list("by", flat=True)) == {gm.pk}


def test_one_press_casts_nothing_before_or_after_the_vote_nor_for_a_player(
    motion, gm, as_gm, as_federation, federation_player
):
    assert as_gm.post(at("ballots-empty", motion), {"choice": "yes"}).status_code == 409
    opened(motion, gm)
    assert as_federation.post(at("ballots-empty", motion), {"choice": "yes"}).status_code == 404
    with pytest.raises(Refused, match="The chair votes"):
        ballots.cast_for_empty(motion=motion, choice="yes", by=federation_player, now=NOW)
    assert as_gm.post(at("ballots-empty", motion), {"choice": "maybe"}).status_code == 409
    closed(motion, gm)
    assert as_gm.post(at("ballots-empty", motion), {"choice": "yes"}).status_code == 409
    assert not motion.ballots.exists()


def test_observers_of_the_campaign_are_nobodys_voice(campaign, conference, motion, gm, observer):
    """Even one whom a slip has made a delegate."""
    opened(motion, gm)
    place = seat(conference, "cardassian")
    place.delegate = campaign.memberships.get(user=observer, role=Role.OBSERVER)
    place.save()
    with pytest.raises(Refused, match="do not speak"):
        cast(motion, "cardassian", "yes", observer)


# A seat that changes hands in mid-vote ------------------------------------------------------------------------------


@pytest.fixture
def sealed_no(campaign, federation, federation_player):
    """A vote in which the Federation's delegate said no before the chair took the seat."""
    conference = factories.make_conference(campaign, 4)
    motion = factories.make_motion(conference, MotionStage.VOTING)
    seat = conference.seats.get(power=federation)
    ballots.cast(motion=motion, seat=seat, choice="no", by=federation_player, now=NOW)
    seat.delegate = None
    seat.save()
    return motion, seat


def test_the_chair_cannot_read_a_delegates_ballot_by_taking_the_seat(sealed_no, campaign, as_gm):
    motion, _ = sealed_no
    for address in ("conferences/{0}/motions/{1}/", "conferences/{0}/", ""):
        page = as_gm.get(f"/c/{campaign.slug}/" + address.format(motion.conference.slug, motion.number)).text
        assert 'aria-pressed="true"' not in page


def test_the_chair_cannot_overwrite_it_either(sealed_no, gm):
    motion, seat = sealed_no
    with pytest.raises(Refused, match="it stands"):
        ballots.cast(motion=motion, seat=seat, choice="yes", by=gm, now=NOW)
    assert motion.ballots.get().choice == "no"


def test_one_chair_may_change_what_another_gave_for_an_empty_seat(campaign, gm, co_gm, cardassian):
    conference = factories.make_conference(campaign, campaign.powers.all())
    motion = factories.make_motion(conference, MotionStage.VOTING)
    seat = conference.seats.get(power=cardassian)
    ballots.cast(motion=motion, seat=seat, choice="no", by=gm, now=NOW)
    ballots.cast(motion=motion, seat=seat, choice="yes", by=co_gm, now=NOW)
    assert motion.ballots.get().choice == "yes"


def test_who_comes_to_play_a_power_takes_its_empty_seat(campaign, gm, outsider, cardassian):
    conference = factories.make_conference(campaign, campaign.powers.all())
    over = factories.make_conference(campaign, campaign.powers.all(), slug="over", stage="closed")
    _, token = campaigns.invite(
        campaign=campaign, role="player", power=cardassian, expires_at=NOW + timedelta(days=7), by=gm, now=NOW
    )
    membership = campaigns.accept(token=token, user=outsider, now=NOW)
    assert conference.seats.get(power=cardassian).delegate == membership
    assert over.seats.get(power=cardassian).delegate is None
