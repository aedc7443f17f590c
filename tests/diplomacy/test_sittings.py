"""A sitting as it runs: its agenda's order, what is in hand, the speakers' list, the clock, and parties heard."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from django.urls import reverse

from diplomacy.actions import ballots, clocks, sittings, speakers
from diplomacy.actions import conferences as actions
from diplomacy.models import (
    Charter,
    Conference,
    ConferenceStage,
    Floor,
    Heard,
    MinuteKind,
    PointRuling,
    Speech,
    SpeechKind,
)
from diplomacy.records_sitting import quorum_lacking, unheard
from diplomacy.rules.charters import PRESETS
from diplomacy.rules.procedure import Charter as Preset
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from diplomacy.sitting.desk import desk_of
from khitomer.errors import Refused
from tests import factories
from tests.factories import NOW

LATER = NOW + timedelta(seconds=45)


@pytest.fixture
def sitting(campaign):
    """A conference that sits under the standard charter, with one hearing open and one to come."""
    made = factories.make_conference(campaign, seats=5)
    Charter.objects.filter(conference=made).update(**Charter.columns(PRESETS[Preset.STANDARD]))
    first = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=made)
    factories.make_complaint(campaign, ComplaintStage.SCHEDULED, conference=made)
    sittings.set_floor(conference=made, hearing=first.hearing)
    return Conference.objects.get(pk=made.pk)


@pytest.fixture
def hearing(sitting):
    return sitting.hearings.order_by("position").first()


def seat(conference, slug):
    return conference.seats.get(power__slug=slug)


def ask(conference, slug, by, kind="speech", **given):
    return speakers.ask(
        conference=conference, seat=seat(conference, slug), kind=kind, by=by, now=NOW, **given
    )


def listed(conference):
    return [row.seat.power.slug for row in conference.speeches.waiting().select_related("seat__power")]


def page(name, campaign, conference, **more):
    return reverse(name, kwargs={"campaign": campaign.slug, "conference": conference.slug, **more})


def minuted(conference):
    return list(conference.minutes.values_list("kind", flat=True))


# The hours


def test_a_sitting_is_suspended_and_taken_up_again_with_its_agenda(sitting, gm, federation_player):
    ask(sitting, "federation", federation_player)
    clocks.start_clock(conference=sitting, label="A speech", seconds=120, by=gm, now=NOW)
    sittings.suspend_sitting(conference=sitting, by=gm, now=LATER)
    sitting.refresh_from_db()
    assert sitting.stage == ConferenceStage.SUSPENDED
    assert (sitting.floor.ends_at, sitting.floor.left) == (None, 75)
    assert sitting.hearings.count() == 2
    assert listed(sitting) == ["federation"]
    sittings.suspend_sitting(conference=sitting, by=gm, now=LATER)
    sittings.open_sitting(conference=sitting, by=gm, now=LATER)
    sitting.refresh_from_db()
    assert sitting.stage == ConferenceStage.OPEN
    assert minuted(sitting) == [MinuteKind.SUSPENDED, MinuteKind.OPENED]


def test_while_it_is_suspended_no_vote_opens_no_hearing_and_nobody_speaks(campaign, sitting, gm):
    motion = factories.make_motion(sitting, MotionStage.CLOSED)
    sittings.suspend_sitting(conference=sitting, by=gm, now=NOW)
    second = sitting.hearings.get(opened_at=None)
    with pytest.raises(Refused, match="sits"):
        ballots.open_vote(motion=motion, by=gm, now=NOW)
    with pytest.raises(Refused, match="sits"):
        actions.open_hearing(hearing=second, by=gm, now=NOW)
    with pytest.raises(Refused, match="while the conference sits"):
        ask(sitting, "federation", gm)
    motion.refresh_from_db()
    assert motion.stage == MotionStage.CLOSED


def test_a_sitting_is_not_suspended_over_an_open_vote_nor_before_it_opened(sitting, gm, klingon_player):
    factories.make_motion(sitting, MotionStage.VOTING)
    with pytest.raises(Refused, match="is being voted on"):
        sittings.suspend_sitting(conference=sitting, by=gm, now=NOW)
    with pytest.raises(Refused, match="for the chair"):
        sittings.suspend_sitting(conference=sitting, by=klingon_player, now=NOW)
    Conference.objects.filter(pk=sitting.pk).update(stage=ConferenceStage.PLANNED)
    with pytest.raises(Refused, match="that sits"):
        sittings.suspend_sitting(conference=sitting, by=gm, now=NOW)


def test_closing_empties_the_list_and_the_floor_and_is_minuted_once(sitting, gm, federation_player):
    ask(sitting, "federation", federation_player)
    ask(sitting, "romulan", gm)
    speakers.call(conference=sitting, by=gm, now=NOW)
    for _ in range(2):
        sittings.close_sitting(conference=sitting, by=gm, now=LATER)
    assert list(sitting.speeches.values_list("ended_at", flat=True)) == [LATER]
    floor = Floor.objects.get(conference=sitting)
    assert (floor.hearing, floor.motion, floor.ends_at, floor.left) == (None, None, None, None)
    assert minuted(sitting) == [MinuteKind.CLOSED]


def test_the_roll_is_minuted_with_who_came_who_did_not_and_who_watched(campaign, sitting, gm):
    ferengi = campaign.powers.get(slug="ferengi")
    sitting.seats.filter(power=ferengi).update(observer=True)
    here = sitting.seats.exclude(power__slug="klingon")
    actions.set_roll(conference=sitting, present_seats=here, by=gm, now=NOW)
    data = sitting.minutes.get(kind=MinuteKind.ROLL).data
    assert data["absent"] == [campaign.powers.get(slug="klingon").name]
    assert data["observers"] == [ferengi.name]
    assert len(data["present"]) == 3


@pytest.mark.parametrize(("present", "lacking"), [(2, True), (3, False)])
def test_a_quorum_of_more_than_half_is_more_than_half(campaign, present, lacking):
    made = factories.make_conference(campaign)
    seats = list(made.seats.all())
    for number, each in enumerate(seats):
        each.present = number < present
    half = Fraction(1, 2)
    assert bool(quorum_lacking(seats, half, more_than=True)) is lacking
    assert quorum_lacking(seats, half) == ""


# The agenda


def numbers(conference):
    return list(conference.hearings.order_by("position").values_list("complaint__number", flat=True))


def test_the_agenda_is_put_in_order_with_buttons_and_by_place(campaign, as_gm):
    made = factories.make_conference(campaign)
    for _ in range(4):
        factories.make_complaint(campaign, ComplaintStage.SCHEDULED, conference=made)
    one, two, three, four = numbers(made)
    steps = [
        (four, "up", [one, two, four, three]),
        (one, "down", [two, one, four, three]),
        (three, "1", [three, two, one, four]),
        (three, "up", [three, two, one, four]),
        (three, "99", [two, one, four, three]),
        (three, "down", [two, one, four, three]),
    ]
    for number, to, order in steps:
        answer = as_gm.post(page("hearing-move", campaign, made, number=number), {"to": to})
        assert answer["Location"].endswith(f"#item-{number}")
        assert numbers(made) == order
    positions = list(made.hearings.order_by("position").values_list("position", flat=True))
    assert positions == [1, 2, 3, 4]
    shown = as_gm.get(page("conference", campaign, made)).content.decode()
    assert f'id="item-{one}" tabindex="-1"' in shown
    assert re.search(r"No\. \d+ is item \d of 4 now\.", shown)


@pytest.mark.parametrize("to", ["", "sideways", "-1", "99999999999999999999"])
def test_a_place_that_is_none_is_refused_and_nothing_moves(campaign, sitting, as_gm, to):
    before = numbers(sitting)
    assert (
        as_gm.post(page("hearing-move", campaign, sitting, number=before[0]), {"to": to}).status_code == 409
    )
    assert numbers(sitting) == before


def test_a_closed_agenda_stays_as_it_was(campaign, sitting, hearing, gm):
    sittings.close_sitting(conference=sitting, by=gm, now=NOW)
    with pytest.raises(Refused, match="closed"):
        sittings.move_hearing(hearing=hearing, to=2, by=gm)


# What is in hand


def test_opening_a_hearing_and_a_vote_puts_them_in_hand(campaign, gm):
    complaint = factories.make_complaint(campaign, ComplaintStage.SCHEDULED)
    made = complaint.hearing.conference
    complaint.hearing.opened_at = None
    complaint.hearing.save()
    actions.open_hearing(hearing=complaint.hearing, by=gm, now=NOW)
    floor = Floor.objects.get(conference=made)
    assert (floor.hearing, floor.motion) == (complaint.hearing, None)
    motion = factories.make_motion(made, MotionStage.SUBMITTED, complaint=complaint)
    ballots.open_vote(motion=motion, by=gm, now=NOW)
    floor.refresh_from_db()
    assert (floor.hearing, floor.motion) == (complaint.hearing, motion)


def test_the_chair_puts_a_clause_in_hand_and_nobody_a_draft(campaign, sitting, as_gm, as_klingon):
    motion = factories.make_motion(sitting, MotionStage.SUBMITTED)
    draft = factories.make_motion(sitting, MotionStage.DRAFT)
    clause = motion.clauses.first()
    address = page("floor-set", campaign, sitting)
    as_gm.post(address, {"motion": motion.number, "clause": clause.position})
    floor = Floor.objects.get(conference=sitting)
    assert (floor.motion, floor.clause) == (motion, clause)
    assert as_gm.post(address, {"motion": draft.number}).status_code == 404
    assert as_klingon.post(address, {"motion": motion.number}).status_code == 404
    floor.refresh_from_db()
    assert floor.motion == motion
    as_gm.post(address)
    floor.refresh_from_db()
    assert (floor.hearing, floor.motion, floor.clause) == (None, None, None)


# The speakers' list


def test_points_replies_and_sides_take_their_turns(sitting, gm, federation_player, klingon_player):
    ask(sitting, "federation", federation_player, side="for")
    ask(sitting, "romulan", gm, side="for")
    ask(sitting, "cardassian", gm, side="against")
    ask(sitting, "klingon", klingon_player, kind="reply")
    ask(sitting, "ferengi", gm, kind="point", about="The order of the list")
    assert listed(sitting) == ["ferengi", "klingon", "federation", "cardassian", "romulan"]


def test_without_a_floor_whoever_asked_first_speaks_first(campaign, gm):
    made = factories.make_conference(campaign)
    for slug, side in (("federation", "for"), ("romulan", "for"), ("cardassian", "against")):
        ask(made, slug, gm, side=side)
    assert listed(made) == ["federation", "romulan", "cardassian"]


def test_asked_twice_it_stands_once_and_may_be_taken_back(sitting, federation_player, klingon_player):
    first = ask(sitting, "federation", federation_player, side="for")
    assert ask(sitting, "federation", federation_player, side="against") == first
    with pytest.raises(Refused, match="for itself"):
        speakers.take_back(speech=first, by=klingon_player)
    speakers.take_back(speech=first, by=federation_player)
    assert listed(sitting) == []
    with pytest.raises(Refused, match="taken back"):
        speakers.take_back(speech=first, by=federation_player)


def test_nobody_asks_for_another_and_an_observer_waits_for_the_chair(campaign, sitting, gm, klingon_player):
    with pytest.raises(Refused, match="for itself"):
        ask(sitting, "federation", klingon_player)
    own = seat(sitting, "klingon")
    own.observer = True
    own.save()
    with pytest.raises(Refused, match="An observer speaks when the chair"):
        ask(sitting, "klingon", klingon_player)
    ask(sitting, "klingon", gm)
    assert listed(sitting) == ["klingon"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "shout"}, "kind"),
        ({"side": "both"}, "side"),
        ({"kind": "point"}, "about"),
        ({"kind": "point", "about": "x" * 301}, "about"),
    ],
)
def test_what_is_no_wish_is_refused_beside_its_field(sitting, gm, given, field):
    with pytest.raises(Refused) as refused:
        ask(sitting, "federation", gm, **given)
    assert refused.value.field == field
    assert not sitting.speeches.exists()


def test_calling_the_next_starts_the_clock_and_thanks_the_last(sitting, hearing, gm):
    ask(sitting, "federation", gm, side="for")
    ask(sitting, "romulan", gm, side="against")
    first = speakers.call(conference=sitting, by=gm, now=NOW)
    floor = Floor.objects.get(conference=sitting)
    assert floor.ends_at == NOW + timedelta(seconds=sitting.charter.speaking_seconds)
    assert (first.hearing, floor.timer) == (hearing, first.seat.power.name)
    second = speakers.call(conference=sitting, by=gm, now=LATER, after=first.pk)
    first.refresh_from_db()
    assert (first.ended_at, second.started_at) == (LATER, LATER)
    spoke = sitting.minutes.get(kind=MinuteKind.SPOKE)
    assert (spoke.power.slug, spoke.data["side"], spoke.data["seconds"]) == ("federation", "for", 45)
    assert spoke.complaint == hearing.complaint


def test_the_second_of_two_presses_calls_nobody_past_the_first(sitting, gm):
    for slug in ("federation", "romulan"):
        ask(sitting, slug, gm)
    speakers.call(conference=sitting, by=gm, now=NOW, after=None)
    with pytest.raises(Refused, match="moved on meanwhile"):
        speakers.call(conference=sitting, by=gm, now=NOW, after=None)
    assert listed(sitting) == ["romulan"]


def test_the_chair_moves_passes_over_and_calls_out_of_turn(sitting, gm):
    one, two, three = (ask(sitting, slug, gm) for slug in ("federation", "romulan", "cardassian"))
    speakers.move(speech=three, by=gm, steps=-1)
    assert listed(sitting) == ["federation", "cardassian", "romulan"]
    speakers.skip(speech=one, by=gm)
    assert listed(sitting) == ["cardassian", "romulan", "federation"]
    speakers.call(conference=sitting, by=gm, now=NOW, speech=two)
    assert listed(sitting) == ["cardassian", "federation"]
    with pytest.raises(Refused, match="has had the floor"):
        speakers.take_back(speech=two, by=gm)


def test_a_point_is_ruled_on_at_once_and_once(sitting, gm, klingon_player):
    point = ask(sitting, "klingon", klingon_player, kind="point", about="The vote is open")
    ruled = speakers.rule_on_point(speech=point, ruling="sustained", reason="It is.", by=gm, now=NOW)
    again = speakers.rule_on_point(speech=point, ruling="not sustained", reason="", by=gm, now=LATER)
    assert (ruled.ruling, again.ruling, again.ended_at) == (PointRuling.SUSTAINED, PointRuling.SUSTAINED, NOW)
    minute = sitting.minutes.get(kind=MinuteKind.POINT)
    assert minute.data == {"about": "The vote is open", "ruling": "sustained", "reason": "It is."}
    with pytest.raises(Refused, match="for the chair"):
        speakers.rule_on_point(speech=point, ruling="sustained", reason="", by=klingon_player, now=NOW)


def test_a_press_on_the_desk_for_each_step_of_the_list(campaign, sitting, as_gm, as_federation, as_klingon):
    given = {"seat": seat(sitting, "federation").pk, "ask": "for"}
    assert as_federation.post(page("speech-ask", campaign, sitting), given)["Location"].endswith("#floor")
    speech = Speech.objects.get()
    assert "Take it back" in as_federation.get(page("conference", campaign, sitting)).content.decode()
    assert "Take it back" not in as_klingon.get(page("conference", campaign, sitting)).content.decode()
    assert as_klingon.post(page("speech-back", campaign, sitting, pk=speech.pk)).status_code == 409
    as_gm.post(page("speech-next", campaign, sitting), {"after": "", "speech": speech.pk})
    shown = as_klingon.get(page("conference", campaign, sitting)).content.decode()
    assert "has the floor, for" in shown
    assert "Thank the speaker" not in shown
    as_gm.post(page("speech-step", campaign, sitting, pk=speech.pk), {"step": "end"})
    speech.refresh_from_db()
    assert speech.ended_at is not None


# The clock


def test_the_clock_starts_pauses_runs_on_is_extended_and_stops(campaign, sitting, as_gm, as_klingon):
    address = page("floor-clock", campaign, sitting)

    def floor():
        return Floor.objects.get(conference=sitting)

    as_gm.post(address, {"step": "start", "label": "Five minutes' recess", "minutes": "5"})
    assert (floor().seconds, floor().timer) == (300, "Five minutes' recess")
    shown = as_klingon.get(page("conference", campaign, sitting)).content.decode()
    left = float(re.search(r'data-left="([\d.]+)" data-runs', shown)[1])
    assert 290 < left <= 300
    as_gm.post(address, {"step": "pause"})
    rests = floor().left
    assert 290 < rests <= 300
    as_gm.post(address, {"step": "30"})
    assert floor().left == rests + 30
    as_gm.post(address, {"step": "resume"})
    assert floor().left is None
    assert floor().ends_at is not None
    as_gm.post(address, {"step": "stop"})
    assert (floor().ends_at, floor().left, floor().timer) == (None, None, "")
    assert as_klingon.post(address, {"step": "start", "minutes": "5"}).status_code == 404


@pytest.mark.parametrize("minutes", ["", "0", "-3", "nan", "inf", "1e9", "soon"])
def test_minutes_that_are_none_are_refused(campaign, sitting, as_gm, minutes):
    answer = as_gm.post(page("floor-clock", campaign, sitting), {"step": "start", "minutes": minutes})
    assert answer.status_code == 409
    assert Floor.objects.get(conference=sitting).ends_at is None


def test_the_part_that_is_asked_for_again_comes_only_when_it_changed(campaign, sitting, as_klingon, gm):
    address = page("conference-floor", campaign, sitting)
    first = as_klingon.get(address).content.decode()
    seen = re.search(r"\?seen=(\w+)", first)[1]
    assert as_klingon.get(f"{address}?seen={seen}").status_code == 204
    ask(sitting, "romulan", gm)
    assert as_klingon.get(f"{address}?seen={seen}").status_code == 200


# Heard, or in default


def test_a_party_that_spoke_at_its_hearing_is_heard(sitting, hearing, gm):
    assert [power.slug for power in unheard(hearing)] == ["federation", "klingon"]
    for slug in ("federation", "romulan"):
        ask(sitting, slug, gm)
        speech = speakers.call(conference=sitting, by=gm, now=NOW)
        speakers.end(speech=speech, by=gm, now=LATER)
    assert [power.slug for power in unheard(hearing)] == ["klingon"]
    assert list(Heard.objects.values_list("power__slug", "defaulted")) == [("federation", False)]
    assert sitting.minutes.filter(kind=MinuteKind.HEARD).count() == 1


def test_a_point_of_order_is_no_hearing(sitting, hearing, gm):
    speech = ask(sitting, "federation", gm, kind=SpeechKind.POINT, about="The heat in this room")
    speakers.call(conference=sitting, by=gm, now=NOW)
    speakers.end(speech=speech, by=gm, now=LATER)
    assert len(unheard(hearing)) == 2


def test_no_finding_is_put_to_the_vote_before_both_were_heard_or_are_in_default(
    campaign, sitting, hearing, gm, as_gm
):
    motion = factories.make_motion(sitting, MotionStage.CLOSED, complaint=hearing.complaint, finding="breach")
    with pytest.raises(Refused, match="heard or noted in default first"):
        ballots.open_vote(motion=motion, by=gm, now=NOW)
    address = page("party-heard", campaign, sitting, number=hearing.complaint.number)
    as_gm.post(address, {"power": "federation"})
    as_gm.post(address, {"power": "klingon", "how": "default"})
    assert dict(Heard.objects.values_list("power__slug", "defaulted")) == {
        "federation": False,
        "klingon": True,
    }
    opened = ballots.open_vote(motion=motion, by=gm, now=NOW)
    assert opened.stage == MotionStage.VOTING
    assert minuted(sitting)[:2] == [MinuteKind.HEARD, MinuteKind.DEFAULT]


def test_in_default_one_may_come_after_all_and_not_the_other_way_round(sitting, hearing, gm, klingon):
    note = {"hearing": hearing, "power": klingon, "by": gm, "now": NOW}
    assert sittings.note_party(defaulted=True, **note).defaulted
    assert not sittings.note_party(defaulted=False, **note).defaulted
    assert not sittings.note_party(defaulted=True, **note).defaulted
    assert Heard.objects.count() == 1


def test_a_quick_charter_asks_for_no_hearing_of_the_parties(campaign, gm):
    complaint = factories.make_complaint(campaign, ComplaintStage.HEARD)
    motion = factories.make_motion(
        complaint.hearing.conference, MotionStage.SUBMITTED, complaint=complaint, finding="breach"
    )
    assert ballots.open_vote(motion=motion, by=gm, now=NOW).stage == MotionStage.VOTING


def test_only_a_party_is_heard_as_one(campaign, sitting, hearing, as_gm):
    address = page("party-heard", campaign, sitting, number=hearing.complaint.number)
    assert as_gm.post(address, {"power": "romulan"}).status_code == 409
    assert not Heard.objects.exists()


# The desk


def viewer_desk(campaign, user, conference):
    viewer = factories.viewer_of(campaign, user)
    return desk_of(
        viewer, viewer.campaign.conferences.select_related("treaty", "charter").get(pk=conference.pk)
    )


def test_where_both_members_are_parties_the_desk_says_that_nobody_may_vote(campaign, gm):
    made = factories.make_conference(campaign, seats=2)
    complaint = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=made)
    factories.make_motion(made, MotionStage.SUBMITTED, complaint=complaint, finding="breach")
    row = viewer_desk(campaign, gm, made).items[0].motions[0]
    assert "Open the vote" not in [act.label for act in row.acts]
    assert row.why_not.startswith("No seat present may vote on this motion: each is a party, and recused.")


def test_a_resolution_is_enacted_with_one_press_while_another_hearing_is_open(campaign, gm, as_gm):
    made = factories.make_conference(campaign)
    decided = factories.make_complaint(campaign, ComplaintStage.BREACH, conference=made)
    motion = factories.make_motion(made, MotionStage.ADOPTED, complaint=decided)
    factories.make_resolution(campaign, motion)
    heard = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=made)
    seen = viewer_desk(campaign, gm, made)
    assert seen.current.complaint == heard
    assert seen.enacting == motion
    shown = as_gm.get(page("conference", campaign, made)).content.decode()
    assert ">Enact</button>" in shown
    assert len(re.findall(r'class="button go', shown)) <= 1


def test_after_a_motion_without_a_finding_the_desk_says_that_one_is_due(campaign, gm, as_gm, as_klingon):
    complaint = factories.make_complaint(campaign, ComplaintStage.HEARD)
    made = complaint.hearing.conference
    motion = factories.make_motion(made, MotionStage.ADOPTED, complaint=complaint, finding="")
    factories.make_resolution(campaign, motion, enacted=True)
    told = "the complaint is still being heard, and a finding is due."
    assert told in as_gm.get(page("conference", campaign, made)).content.decode()
    assert told not in as_klingon.get(page("conference", campaign, made)).content.decode()


def test_the_roll_counts_members_and_tells_of_observers_apart(campaign, gm, as_gm):
    made = factories.make_conference(campaign, seats=5, stage=ConferenceStage.CLOSED)
    made.seats.filter(power__slug="ferengi").update(observer=True)
    shown = as_gm.get(page("conference", campaign, made)).content.decode()
    assert "4 of 4 members present, 1 observing" in shown
    assert "5 of 5" not in shown


def test_what_the_chair_took_up_is_in_hand_until_nothing_is_left_to_do(campaign, as_gm):
    """Also when another complaint was heard later, or waits for its resolution to be enacted."""
    meeting = factories.make_conference(campaign, stage=ConferenceStage.OPEN.value)
    first, second = (
        factories.make_complaint(campaign, ComplaintStage.HEARD, conference=meeting) for _ in range(2)
    )
    for taken, then in ((first, second), (second, first)):
        sittings.set_floor(conference=meeting, hearing=taken.hearing)
        desk = as_gm.get(reverse("conference", args=[campaign.slug, meeting.slug])).context["desk"]
        assert desk.current.complaint == taken != then
    first.stage = ComplaintStage.BREACH.value
    first.save()
    motion = factories.make_motion(meeting, MotionStage.ADOPTED, complaint=first)
    factories.make_resolution(campaign, motion)
    sittings.set_floor(conference=meeting, hearing=first.hearing, motion=motion)
    desk = as_gm.get(reverse("conference", args=[campaign.slug, meeting.slug])).context["desk"]
    assert (desk.current.complaint, desk.enacting) == (first, motion)
