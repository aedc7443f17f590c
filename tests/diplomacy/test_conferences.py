"""Convening a conference, seating it, calling its roll, opening its hearings; the list and the desk."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from django.urls import reverse

from diplomacy.actions import ballots, sittings
from diplomacy.actions import conferences as actions
from diplomacy.models import Conference, ConferenceStage, Seat
from diplomacy.records_sitting import quorum_lacking
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from diplomacy.rules.tally import Tie
from diplomacy.sitting.desk import desk_of
from khitomer.errors import Refused
from khitomer.models import Role
from khitomer.rules.adherence import covers
from khitomer.rules.dates import Answer, StoryDate
from tests import factories
from tests.factories import NOW

DAY = StoryDate.parse("2379-03-14")


@pytest.fixture
def treaty(campaign):
    return campaign.treaties.get(slug="second-khitomer-accords")


def convene(campaign, gm, treaty, **given):
    given = {"name": "The Ajilon hearing", "on": DAY, **given}
    return actions.create_conference(campaign=campaign, treaty=treaty, by=gm, now=NOW, **given)


def page(name, campaign, conference=None, **more):
    where = {"conference": conference.slug} if conference else {}
    return reverse(name, kwargs={"campaign": campaign.slug, **where, **more})


# Who sits


@pytest.mark.parametrize(
    ("spans", "day", "answer"),
    [
        ([("2368", None)], "2379", Answer.YES),
        ([("2368", "2372"), ("2373", None)], "2374", Answer.YES),
        ([("2368", "2372")], "2379", Answer.NO),
        ([("2368", "2372")], "2372-03", Answer.DOUBT),
        ([("2379", None)], "2379-03-14", Answer.DOUBT),
        ([("2379-03-14", None)], "2379-03-14", Answer.YES),
        ([("2370", "2379-03-14")], "2379-03-14", Answer.NO),
        ([("2380", None)], "2379", Answer.NO),
        ([], "2379", Answer.NO),
    ],
)
def test_who_is_bound_on_a_day(spans, day, answer):
    parsed = [(StoryDate.parse(a), StoryDate.parse(b) if b else None) for a, b in spans]
    assert covers(parsed, StoryDate.parse(day)) is answer


@pytest.mark.parametrize(
    ("members", "present", "quorum", "lacking"),
    [
        (4, 2, "1/2", ""),
        (5, 2, "1/2", "A quorum is 3 of 5 members, and 2 are present"),
        (3, 1, "2/3", "A quorum is 2 of 3 members, and 1 is present"),
        (9, 0, "0", ""),
    ],
)
def test_quorum_counts_members_and_no_observers(members, present, quorum, lacking):
    seats = [Seat(present=number < present) for number in range(members)]
    seats += [Seat(present=True, observer=True)] * 3
    assert quorum_lacking(seats, Fraction(quorum)) == lacking


def test_every_power_bound_that_day_has_a_seat_and_its_only_player_speaks(campaign, gm, treaty):
    made = convene(campaign, gm, treaty)
    seats = {seat.power.slug: seat for seat in made.seats.all()}
    assert set(seats) == {"federation", "klingon", "romulan", "cardassian"}
    assert seats["federation"].delegate.user.username == "federation"
    assert seats["cardassian"].delegate is None
    assert not any(seat.observer for seat in seats.values())
    assert made.charter.threshold == Fraction(1, 2)
    assert made.stage == ConferenceStage.PLANNED


def test_a_conference_of_the_past_seats_who_was_bound_then(campaign, gm, treaty):
    made = convene(campaign, gm, treaty, on=StoryDate.parse("2369"))
    assert {seat.power.slug for seat in made.seats.all()} == {"federation", "klingon"}


def test_with_two_players_of_a_power_the_gm_chooses(campaign, gm, treaty, federation):
    second = factories.join(campaign, factories.make_user("second"), Role.PLAYER, federation)
    made = convene(campaign, gm, treaty)
    seat = made.seats.get(power=federation)
    assert seat.delegate is None
    actions.set_delegate(seat=seat, delegate=second, by=gm)
    seat.refresh_from_db()
    assert seat.delegate == second


def test_observers_come_to_watch(campaign, gm, treaty, ferengi, klingon):
    made = convene(campaign, gm, treaty, observers=[ferengi])
    assert made.seats.get(power=ferengi).observer
    with pytest.raises(Refused, match="bound by the treaty") as refused:
        convene(campaign, gm, treaty, observers=[klingon])
    assert refused.value.field == "observers"


def test_the_address_is_made_of_the_name_and_is_one_of_its_own(campaign, gm, treaty):
    slugs = [convene(campaign, gm, treaty).slug for _ in range(3)]
    assert slugs == ["the-ajilon-hearing", "the-ajilon-hearing-2", "the-ajilon-hearing-3"]
    assert convene(campaign, gm, treaty, name="New").slug == "new-2"
    assert convene(campaign, gm, treaty, name="…").slug == "conference"


def test_a_treaty_without_a_forum_has_no_conference(campaign, gm):
    with pytest.raises(Refused, match="no forum") as refused:
        convene(campaign, gm, campaign.treaties.get(slug="first-khitomer-accords"))
    assert refused.value.field == "treaty"
    assert not campaign.conferences.exists()


def test_nobody_is_seated_where_nobody_is_bound(campaign, gm, treaty):
    with pytest.raises(Refused, match="Nobody was bound") as refused:
        convene(campaign, gm, treaty, on=StoryDate.parse("2300"))
    assert refused.value.field == "on"
    with pytest.raises(Refused, match="in doubt"):
        convene(campaign, gm, treaty, on=StoryDate.parse("2368-02"))


def test_the_agenda_is_taken_in_order_or_not_at_all(campaign, gm, treaty):
    first, second = (factories.make_complaint(campaign, ComplaintStage.ADMITTED) for _ in range(2))
    made = convene(campaign, gm, treaty, agenda=[first, second])
    assert [hearing.complaint for hearing in made.hearings.all()] == [first, second]
    first.refresh_from_db()
    assert first.stage == ComplaintStage.SCHEDULED
    unruled = factories.make_complaint(campaign, ComplaintStage.RULING)
    with pytest.raises(Refused, match=f"No. {unruled.number}") as refused:
        convene(campaign, gm, treaty, agenda=[unruled])
    assert refused.value.field == "agenda"
    assert campaign.conferences.count() == 1


def test_only_the_chair_convenes(campaign, federation_player, treaty):
    with pytest.raises(Refused, match="for the chair"):
        convene(campaign, federation_player, treaty)


# The roll, the seats


def test_the_roll_is_who_is_present_and_no_others(campaign, gm, treaty, federation, klingon):
    made = convene(campaign, gm, treaty)
    here = made.seats.filter(power__in=[federation, klingon])
    actions.set_roll(conference=made, present_seats=here, by=gm, now=NOW)
    assert {seat.power.slug for seat in made.seats.filter(present=True)} == {"federation", "klingon"}


def test_one_speaks_only_for_ones_own_power(campaign, gm, treaty, federation, klingon_player):
    seat = convene(campaign, gm, treaty).seats.get(power=federation)
    stranger = campaign.memberships.get(user=klingon_player)
    with pytest.raises(Refused, match="does not play for"):
        actions.set_delegate(seat=seat, delegate=stranger, by=gm)
    actions.set_delegate(seat=seat, delegate=None, by=gm)
    seat.refresh_from_db()
    assert seat.delegate is None


def test_one_more_seat_is_a_members_only_for_a_power_that_may_be_bound(
    campaign, gm, treaty, ferengi, klingon
):
    made = convene(campaign, gm, treaty)
    with pytest.raises(Refused, match="is not bound"):
        actions.add_seat(conference=made, power=ferengi, observer=False, by=gm)
    assert actions.add_seat(conference=made, power=ferengi, observer=True, by=gm).observer
    with pytest.raises(Refused, match="has a seat already"):
        actions.add_seat(conference=made, power=ferengi, observer=True, by=gm)
    factories.bind(treaty, factories.make_power(campaign, "Breen"), "2379")
    breen = campaign.powers.get(name="Breen")
    assert not actions.add_seat(conference=made, power=breen, observer=False, by=gm).observer


def test_the_page_of_the_seats_sets_them_all(campaign, as_gm, gm, treaty, federation):
    made = convene(campaign, gm, treaty)
    data = {}
    for seat in made.seats.all():
        data[f"seat-{seat.pk}-weight"] = "3" if seat.power == federation else "1"
        data[f"seat-{seat.pk}-delegate"] = str(seat.delegate_id or "")
    seat = made.seats.get(power=federation)
    data |= {f"seat-{seat.pk}-present": "on", f"seat-{seat.pk}-veto": "on"}
    answer = as_gm.post(page("seats", campaign, made), data)
    assert answer.status_code == 302
    seat.refresh_from_db()
    assert (seat.weight, seat.veto, seat.present) == (3, True, True)
    assert seat.delegate is not None
    assert made.seats.filter(present=True).count() == 1


def test_a_seat_of_no_weight_is_refused_and_what_was_typed_is_kept(campaign, as_gm, gm, treaty):
    made = convene(campaign, gm, treaty)
    data = {f"seat-{seat.pk}-weight": "0" for seat in made.seats.all()}
    answer = as_gm.post(page("seats", campaign, made), data)
    assert answer.status_code == 422
    assert b'value="0"' in answer.content
    assert set(made.seats.values_list("weight", flat=True)) == {1}


# The hours, the hearings


def test_a_sitting_opens_closes_and_opens_again(campaign, as_gm, gm, treaty):
    made = convene(campaign, gm, treaty)
    for to in ("open", "closed", "open"):
        assert as_gm.post(page("conference-stage", campaign, made), {"to": to}).status_code == 302
        made.refresh_from_db()
        assert made.stage == to
    assert as_gm.post(page("conference-stage", campaign, made), {"to": "planned"}).status_code == 409
    assert as_gm.get(page("conference-stage", campaign, made)).status_code == 405


def test_a_sitting_does_not_close_over_an_open_vote(campaign, gm):
    made = factories.make_conference(campaign)
    factories.make_motion(made, MotionStage.VOTING)
    with pytest.raises(Refused, match="Motion 1 is being voted on"):
        sittings.close_sitting(conference=made, by=gm, now=NOW)
    made.refresh_from_db()
    assert made.stage == ConferenceStage.OPEN


@pytest.fixture
def scheduled(campaign, gm, treaty):
    complaint = factories.make_complaint(campaign, ComplaintStage.ADMITTED)
    made = convene(campaign, gm, treaty, agenda=[complaint])
    return made.hearings.get()


def test_a_hearing_opens_when_the_conference_sits_with_a_quorum(campaign, as_gm, gm, scheduled):
    address = page("hearing-open", campaign, scheduled.conference, number=scheduled.complaint.number)
    assert as_gm.post(address).status_code == 409  # not sitting
    sittings.open_sitting(conference=scheduled.conference, by=gm, now=NOW)
    actions.set_roll(conference=scheduled.conference, present_seats=[], by=gm, now=NOW)
    refused = as_gm.post(address)
    assert refused.status_code == 409
    assert b"A quorum is 2 of 4 members, and 0 are present" in refused.content
    actions.set_roll(
        conference=scheduled.conference,
        present_seats=scheduled.conference.seats.all()[:2],
        by=gm,
        now=NOW,
    )
    assert as_gm.post(address).status_code == 302
    scheduled.refresh_from_db()
    assert scheduled.opened_at is not None
    assert scheduled.complaint.stage == ComplaintStage.HEARD
    assert as_gm.post(address).status_code == 409  # once


def test_the_sitting_and_its_first_hearing_open_together_or_not_at_all(campaign, as_gm, gm, scheduled):
    made = scheduled.conference
    address = page("hearing-open", campaign, made, number=scheduled.complaint.number)
    actions.set_roll(conference=made, present_seats=[], by=gm, now=NOW)
    assert as_gm.post(address, {"sitting": "open"}).status_code == 409
    made.refresh_from_db()
    assert made.stage == ConferenceStage.PLANNED
    actions.set_roll(conference=made, present_seats=made.seats.all(), by=gm, now=NOW)
    assert as_gm.post(address, {"sitting": "open"}).status_code == 302
    made.refresh_from_db()
    scheduled.complaint.refresh_from_db()
    assert (made.stage, scheduled.complaint.stage) == (ConferenceStage.OPEN, ComplaintStage.HEARD)


def test_nobody_but_the_chair_opens_a_hearing(campaign, scheduled, gm, federation_player):
    sittings.open_sitting(conference=scheduled.conference, by=gm, now=NOW)
    with pytest.raises(Refused, match="the chair"):
        actions.open_hearing(hearing=scheduled, by=federation_player, now=NOW)
    with pytest.raises(Refused, match="for the chair"):
        sittings.open_sitting(conference=scheduled.conference, by=federation_player, now=NOW)


# The pages


def form_data(treaty, **given):
    return {
        "name": "The Ajilon hearing",
        "place": "Ajilon Prime",
        "on": "2379-03-14",
        "treaty": treaty.pk,
        "threshold": "two-thirds",
        "quorum": "1/2",
        "tie": "reject",
        **given,
    }


def test_the_form_convenes(campaign, as_gm, treaty, ferengi):
    complaint = factories.make_complaint(campaign, ComplaintStage.ADMITTED)
    answer = as_gm.post(
        page("conference-new", campaign),
        form_data(treaty, agenda=[complaint.pk], observers=[ferengi.pk], veto="on"),
    )
    made = campaign.conferences.get()
    assert answer.url == page("conference", campaign, made)
    assert (made.charter.threshold, made.charter.at_least) == (Fraction(2, 3), True)
    assert (made.charter.tie, made.charter.veto) == (Tie.REJECT.value, True)
    assert made.hearings.get().complaint == complaint
    assert made.seats.filter(observer=True).get().power == ferengi


def test_from_a_complaint_the_form_is_filled_in(campaign, as_gm):
    complaint = factories.make_complaint(campaign, ComplaintStage.ADMITTED)
    answer = as_gm.get(page("conference-new", campaign) + f"?complaint={complaint.number}")
    form = answer.context["form"]
    assert form["agenda"].value() == [complaint.pk]
    assert form["on"].value() == "2379-03-14"
    assert form["place"].value() == "Ajilon Prime"
    assert form["name"].value() == "The Ajilon Prime conference"


def test_a_forged_treaty_is_refused_beside_its_field(campaign, as_gm, treaty):
    forged = form_data(campaign.treaties.get(slug="first-khitomer-accords"), name="Kept as typed")
    answer = as_gm.post(page("conference-new", campaign), forged)
    assert answer.status_code == 422
    assert "treaty" in answer.context["form"].errors
    assert b"Kept as typed" in answer.content
    assert not campaign.conferences.exists()


def test_editing_keeps_the_address_and_the_seats(campaign, as_gm, gm, treaty):
    made = convene(campaign, gm, treaty)
    complaint = factories.make_complaint(campaign, ComplaintStage.ADMITTED)
    data = form_data(treaty, name="Another name", agenda=[complaint.pk])
    assert as_gm.post(page("conference-edit", campaign, made), data).status_code == 302
    made = Conference.objects.get(pk=made.pk)
    assert (made.name, made.slug) == ("Another name", "the-ajilon-hearing")
    assert made.charter.threshold == Fraction(2, 3)
    assert made.seats.count() == 4
    assert made.hearings.get().complaint == complaint


@pytest.mark.parametrize("name", ["conference-new", "conference-edit", "seats", "conference-stage"])
@pytest.mark.parametrize("who", ["as_federation", "as_observer", "as_outsider"])
def test_only_the_gm_runs_a_conference(campaign, gm, treaty, request, name, who):
    made = convene(campaign, gm, treaty)
    where = {} if name == "conference-new" else {"conference": made}
    client = request.getfixturevalue(who)
    for answer in (client.get(page(name, campaign, **where)), client.post(page(name, campaign, **where))):
        assert answer.status_code == 404
    assert campaign.conferences.count() == 1


@pytest.mark.parametrize("who", ["as_federation", "as_observer", "as_gm"])
def test_every_member_may_watch(campaign, gm, treaty, request, who):
    made = convene(campaign, gm, treaty)
    client = request.getfixturevalue(who)
    assert client.get(page("conferences", campaign)).status_code == 200
    assert client.get(page("conference", campaign, made)).status_code == 200


def test_an_outsider_sees_no_conference(campaign, gm, treaty, as_outsider, as_anonymous):
    made = convene(campaign, gm, treaty)
    for name, where in (("conferences", {}), ("conference", {"conference": made})):
        assert as_outsider.get(page(name, campaign, **where)).status_code == 404
        assert as_anonymous.get(page(name, campaign, **where)).status_code == 302


# The desk: the next step, one click away


def desk(campaign, user, conference):
    viewer = factories.viewer_of(campaign, user)
    return desk_of(viewer, campaign.conferences.select_related("treaty", "charter").get(pk=conference.pk))


def labels(acts):
    return [act.label for act in acts]


def test_the_next_step_of_an_agenda_item(campaign, gm, scheduled):
    made = scheduled.conference
    seen = desk(campaign, gm, made)
    assert seen.go.label == "Open the sitting and the hearing"
    sittings.open_sitting(conference=made, by=gm, now=NOW)
    assert desk(campaign, gm, made).go.label == "Open the hearing"
    actions.open_hearing(hearing=scheduled, by=gm, now=NOW)
    assert desk(campaign, gm, made).go.label == "Draft a motion"


@pytest.mark.parametrize(
    ("stage", "label"),
    [
        (MotionStage.DRAFT, "Open the vote"),
        (MotionStage.SUBMITTED, "Open the vote"),
        (MotionStage.VOTING, "Close the vote"),
        (MotionStage.TIED, "Give the casting vote"),
    ],
)
def test_the_next_step_of_a_motion_is_that_of_its_complaint(campaign, gm, stage, label):
    complaint = factories.make_complaint(campaign, ComplaintStage.HEARD)
    made = complaint.hearing.conference
    factories.make_motion(made, stage, complaint=complaint)
    assert desk(campaign, gm, made).go.label == label


def test_an_adopted_motion_waits_to_be_enacted(campaign, gm, klingon_player):
    made = factories.make_conference(campaign)
    motion = factories.make_motion(made, MotionStage.ADOPTED)
    factories.make_resolution(campaign, motion)
    assert desk(campaign, gm, made).go.label == "Preview and enact"
    seen = desk(campaign, klingon_player, made)
    assert seen.go is None
    assert labels(seen.others[0].acts) == ["Resolution 1"]


def test_a_finding_waits_for_the_hearing_in_words(campaign, gm):
    complaint = factories.make_complaint(campaign, ComplaintStage.SCHEDULED)
    made = complaint.hearing.conference
    factories.make_motion(made, MotionStage.SUBMITTED, complaint=complaint)
    row = desk(campaign, gm, made).items[0].motions[0]
    assert "Open the vote" not in labels(row.acts)
    assert "open the hearing first" in row.why_not


def test_a_players_ballot_comes_first(campaign, as_romulan, romulan_player):
    complaint = factories.make_complaint(campaign, ComplaintStage.HEARD)
    made = complaint.hearing.conference
    motion = factories.make_motion(made, MotionStage.VOTING, complaint=complaint)
    seen = desk(campaign, romulan_player, made)
    assert [due.motion for due in seen.ballots] == [motion]
    assert seen.ballots[0].choice == ""
    text = as_romulan.get(page("conference", campaign, made)).content.decode()
    assert text.index("Your ballot") < text.index("Agenda")


def test_a_party_to_the_complaint_has_no_ballot_on_the_finding(campaign, klingon_player):
    complaint = factories.make_complaint(campaign, ComplaintStage.HEARD)
    made = complaint.hearing.conference
    factories.make_motion(made, MotionStage.VOTING, complaint=complaint)
    assert desk(campaign, klingon_player, made).ballots == []


def test_the_desk_tells_who_has_voted_and_no_more(campaign, as_gm, as_klingon, gm):
    made = factories.make_conference(campaign)
    factories.make_motion(made, MotionStage.VOTING, ballots={"federation": "no", "romulan": "no"})
    states = {short: state for _, short, _, state in desk(campaign, gm, made).room.board}
    assert states["UFP"] == states["ROM"] == "sealed"
    assert states["KLI"] == "waiting"
    bare = factories.make_conference(campaign)
    factories.make_motion(bare, MotionStage.VOTING, ballots={"federation": "yes", "romulan": "abstain"})
    for client in (as_gm, as_klingon):
        one, other = (
            client.get(page("conference", campaign, each)).content.decode() for each in (made, bare)
        )
        board = [text[text.index('id="room"') : text.index('id="adopted"')] for text in (one, other)]
        assert board[0].split("<details")[0] == board[1].split("<details")[0]


def test_nobody_else_hears_of_a_draft(
    campaign, gm, federation_player, as_klingon, as_federation, as_gm, federation
):
    made = factories.make_conference(campaign)
    seat = made.seats.get(power=federation)
    plain = as_klingon.get(page("conference", campaign, made)).content.decode()
    factories.make_motion(made, MotionStage.DRAFT, sponsor=seat, title="A whispered plan")
    masked = as_klingon.get(page("conference", campaign, made)).content.decode()
    assert _without_tokens(plain) == _without_tokens(masked)
    assert b"A whispered plan" in as_federation.get(page("conference", campaign, made)).content
    assert b"A whispered plan" in as_gm.get(page("conference", campaign, made)).content


def _without_tokens(text):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


def test_before_a_vote_the_board_shows_who_is_in_the_room(campaign, gm, treaty, as_observer, klingon):
    made = convene(campaign, gm, treaty)
    actions.set_roll(conference=made, present_seats=made.seats.exclude(power=klingon), by=gm, now=NOW)
    text = as_observer.get(page("conference", campaign, made)).content.decode()
    assert "The roll: 3 of 4 present · one absent" in text


def test_an_empty_desk_says_what_to_do_next(campaign, as_gm, as_observer, gm, treaty):
    made = convene(campaign, gm, treaty)
    assert (
        b"Nothing is on the agenda. A complaint comes here"
        in as_gm.get(page("conference", campaign, made)).content
    )
    waiting = factories.make_complaint(campaign, ComplaintStage.ADMITTED)
    offered = as_gm.get(page("conference", campaign, made)).content.decode()
    assert page("complaint-schedule", campaign, number=waiting.number) in offered
    assert "Put on the agenda" not in as_observer.get(page("conference", campaign, made)).content.decode()


def test_at_most_one_button_stands_out(campaign, as_gm, gm):
    made = factories.make_conference(campaign)
    for stage in (ComplaintStage.HEARD, ComplaintStage.SCHEDULED):
        complaint = factories.make_complaint(campaign, stage, conference=made)
        factories.make_motion(made, MotionStage.SUBMITTED, complaint=complaint)
    text = as_gm.get(page("conference", campaign, made)).content.decode()
    assert text.count("button go") == 1
    assert text.count("<h1") == 1


# The same number of queries, however many there are


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_asks_as_often_for_one_as_for_fifty(campaign, as_gm, number, django_assert_num_queries):
    for _ in range(number):
        made = factories.make_conference(campaign, seats=3)
        factories.make_complaint(campaign, ComplaintStage.SCHEDULED, conference=made)
    with django_assert_num_queries(LIST_QUERIES):
        assert as_gm.get(page("conferences", campaign)).status_code == 200


LIST_QUERIES = 8


@pytest.mark.parametrize("number", [1, 50])
@pytest.mark.parametrize(("who", "queries"), [("as_gm", 35), ("as_federation", 28)])
def test_the_desk_asks_as_often_for_one_as_for_fifty(
    campaign, request, number, who, queries, django_assert_num_queries
):
    made = factories.make_conference(campaign, seats=number + 4)
    for _ in range(number):
        for stage in (ComplaintStage.SCHEDULED, ComplaintStage.HEARD):
            complaint = factories.make_complaint(campaign, stage, conference=made)
            factories.make_motion(made, MotionStage.SUBMITTED, complaint=complaint)
        factories.make_complaint(campaign, ComplaintStage.ADMITTED)
        motion = factories.make_motion(made, MotionStage.ADOPTED)
        factories.make_resolution(campaign, motion)
    factories.make_motion(made, MotionStage.VOTING)
    client = request.getfixturevalue(who)
    with django_assert_num_queries(queries):
        assert client.get(page("conference", campaign, made)).status_code == 200


# From a complaint that was filed to effects that were made, in at most twelve presses, and most on one page


def pressed(client, step):
    """The answer to pressing a step of the desk: the page one is on afterwards."""
    return client.post(step.path, dict(step.sends)) if step.post else client.get(step.path)


def test_from_a_filed_complaint_to_its_effects_in_twelve_presses(
    campaign, gm, as_gm, as_romulan, romulan_player
):
    complaint = factories.make_complaint(campaign, ComplaintStage.RULING)
    presses = ["No. 1"]
    docketed = reverse("complaint", kwargs={"campaign": campaign.slug, "number": complaint.number})
    assert as_gm.get(docketed).status_code == 200
    ruling = reverse("complaint-rule", kwargs={"campaign": campaign.slug, "number": complaint.number})
    assert as_gm.post(ruling, {"decision": "admit", "reason": ""}).status_code == 302
    presses.append("Admit")
    complaint.refresh_from_db()
    assert complaint.stage == ComplaintStage.ADMITTED
    made = _convene_by_form(campaign, as_gm, complaint)
    presses += ["Make a conference", "Convene it"]
    at_desk = page("conference", campaign, made)

    answer = pressed(as_gm, desk(campaign, gm, made).go)
    assert answer["Location"] == at_desk
    drafting = desk(campaign, gm, made).go
    answer = as_gm.post(drafting.path, _as_offered(as_gm, drafting.path))
    assert answer["Location"] == at_desk
    assert pressed(as_gm, desk(campaign, gm, made).go)["Location"] == at_desk
    presses += ["Open the sitting and the hearing", "Draft a motion", "Save the draft", "Open the vote"]

    motion = made.motions.get()
    ballots.cast(
        motion=motion,
        seat=made.seats.get(power__slug="romulan"),
        choice="yes",
        by=romulan_player,
        now=NOW,
    )
    assert "All seats the GM speaks for" in as_gm.get(at_desk).content.decode()
    every = page("ballots-empty", campaign, made, number=motion.number)
    assert as_gm.post(every, {"choice": "yes", "at": "desk"})["Location"] == at_desk
    closing = desk(campaign, gm, made).go
    assert not closing.asks
    assert pressed(as_gm, closing)["Location"] == at_desk
    shown = as_gm.get(at_desk).content.decode()
    assert '<span class="before">+2</span> → <span class="after">+1</span>' in shown
    assert shown.count("button go") == 1 and ">Enact</button>" in shown
    enact = reverse("resolution-enact", kwargs={"campaign": campaign.slug, "number": 1})
    assert as_gm.post(enact, {"at": "desk"})["Location"] == at_desk
    presses += ["Yes for all of them", "Close the vote", "Enact"]

    assert len(presses) <= 12
    assert campaign.ledger.get(kind="change standing").after == "+1"
    assert ">Enact</button>" not in as_gm.get(at_desk).content.decode()


def test_scheduling_a_complaint_leads_to_the_desk(campaign, as_gm):
    made = factories.make_conference(campaign)
    complaint = factories.make_complaint(campaign, ComplaintStage.ADMITTED)
    path = reverse("complaint-schedule", kwargs={"campaign": campaign.slug, "number": complaint.number})
    assert as_gm.post(path, {"conference": made.pk})["Location"] == page("conference", campaign, made)


def test_an_irreversible_close_is_asked_about_while_seats_are_missing(campaign, gm, as_gm):
    made = factories.make_conference(campaign)
    motion = factories.make_motion(made, MotionStage.VOTING, ballots={"federation": "yes"})
    missing = desk(campaign, gm, made).go
    assert missing.asks == "Close with 3 seats missing?"
    assert "Klingon Empire" in missing.because and "Federation" not in missing.because
    shown = as_gm.get(page("conference", campaign, made)).content.decode()
    assert '<summary class="button">Close with 3 seats missing?' in shown
    for slug in ("klingon", "romulan", "cardassian"):
        seat = made.seats.get(power__slug=slug)
        motion.ballots.create(seat=seat, choice="yes", by=gm, at=NOW)
    assert desk(campaign, gm, made).go.asks == ""


def test_a_resolution_comes_before_the_next_hearing(campaign, gm):
    first = factories.make_complaint(campaign, ComplaintStage.BREACH)
    made = first.hearing.conference
    motion = factories.make_motion(made, MotionStage.ADOPTED, complaint=first)
    factories.make_complaint(campaign, ComplaintStage.SCHEDULED, conference=made)
    factories.make_resolution(campaign, motion)
    seen = desk(campaign, gm, made)
    assert seen.current.complaint == first
    assert seen.enacting == motion


def test_the_hearing_opened_last_is_in_hand_and_no_other_is_folded(campaign, gm, as_gm, as_federation):
    first = factories.make_complaint(campaign, ComplaintStage.SCHEDULED)
    made = first.hearing.conference
    second = factories.make_complaint(campaign, ComplaintStage.SCHEDULED, conference=made)
    address = page("conference", campaign, made)
    assert "Out of turn" in as_gm.get(address).content.decode()
    assert "Out of turn" not in as_federation.get(address).content.decode()
    sittings.open_sitting(conference=made, by=gm, now=NOW)
    actions.open_hearing(hearing=first.hearing, by=gm, now=NOW)
    actions.open_hearing(hearing=second.hearing, by=gm, now=NOW + timedelta(minutes=5))
    assert desk(campaign, gm, made).current.complaint == second
    text = as_gm.get(address).content.decode()
    assert "Out of turn" not in text
    assert text.count("Draft a motion</a>") == 2
    assert "Being heard" in text and ">Heard<" not in text


# An empty seat whose power is played


def test_an_empty_seat_is_told_of_and_filled_with_one_press(campaign, gm, as_gm, as_klingon, klingon_player):
    made = factories.make_conference(campaign)
    seat = made.seats.get(power__slug="klingon")
    told = "The GM votes for your seat until the chair seats you."
    address = page("conference", campaign, made)
    assert told not in as_klingon.get(address).content.decode()
    actions.set_delegate(seat=seat, delegate=None, by=gm)
    motion = factories.make_motion(made, MotionStage.SUBMITTED)
    assert told in as_klingon.get(address).content.decode()
    assert told in as_klingon.get(page("motion", campaign, made, number=motion.number)).content.decode()
    member = campaign.memberships.get(user=klingon_player)
    assert [player for _, player in desk(campaign, gm, made).unseated] == [member]
    assert f"Seat {klingon_player}" in as_gm.get(address).content.decode()
    taking = page("seat-player", campaign, made, pk=seat.pk)
    assert as_klingon.post(taking, {"player": member.pk}).status_code == 404
    assert as_gm.post(taking, {"player": "x"}).status_code == 404
    assert as_gm.post(taking, {"player": member.pk}).status_code == 302
    seat.refresh_from_db()
    assert seat.delegate == member
    assert told not in as_klingon.get(address).content.decode()


# The road: whoever follows the one button that stands out gets there


def test_following_the_button_that_stands_out_leads_to_an_enacted_resolution(
    campaign, gm, as_gm, romulan_player
):
    complaint = factories.make_complaint(campaign, ComplaintStage.ADMITTED)
    made = _convene_by_form(campaign, as_gm, complaint)
    followed = []
    for _ in range(6):
        step = desk(campaign, gm, made).go
        followed.append(step.label)
        if step.path.endswith(f"motions/new/?complaint={complaint.number}"):
            assert as_gm.post(step.path, _as_offered(as_gm, step.path)).status_code == 302
        elif step.post:
            assert as_gm.post(step.path, dict(step.sends)).status_code == 302
        else:
            assert as_gm.get(step.path).status_code == 200
            break
        if step.label == "Open the vote":
            motion = made.motions.get()
            seats = {seat.power.slug: seat for seat in made.seats.all()}
            ballots.cast(motion=motion, seat=seats["romulan"], choice="yes", by=romulan_player, now=NOW)
            ballots.cast(motion=motion, seat=seats["cardassian"], choice="yes", by=gm, now=NOW)
    assert followed == [
        "Open the sitting and the hearing",
        "Draft a motion",
        "Open the vote",
        "Close the vote",
        "Preview and enact",
    ]
    enacted = as_gm.post(reverse("resolution-enact", kwargs={"campaign": campaign.slug, "number": 1}))
    assert enacted.status_code == 302
    complaint.refresh_from_db()
    assert complaint.stage == ComplaintStage.BREACH
    assert campaign.resolutions.get().enacted_at is not None
    assert campaign.ledger.get(kind="change standing").source == "resolution:1"
    assert desk(campaign, gm, made).go is None


def _convene_by_form(campaign, as_gm, complaint):
    address = page("conference-new", campaign) + f"?complaint={complaint.number}"
    form = as_gm.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, "")}
    assert as_gm.post(address, {**data, "session": ""}).status_code == 302
    return campaign.conferences.get()


def _as_offered(as_gm, address):
    """The form of a motion as it is offered, with one effect on the clause that finds the breach."""
    drafting = as_gm.get(address).context["drafting"]
    data = {name: drafting.head[name].value() for name in drafting.head.fields}
    data["clauses"] = len(drafting.rows)
    for row in drafting.rows:
        data[f"clause-{row.index}-phrase"] = row.form["phrase"].value()
        data[f"clause-{row.index}-text"] = row.form["text"].value()
        if row.form["phrase"].value() == "Finds":
            data[f"clause-{row.index}-effects"] = 1
            effect = {"kind": "standing", "power": "federation", "other": "klingon", "by": -1}
            data |= {f"clause-{row.index}-effect-0-{name}": value for name, value in effect.items()}
    return data
