"""Roll call and show of hands, abstention on procedure, pledges and the whip board, and the recount page."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from django.urls import reverse

from diplomacy import records_votes as records
from diplomacy.actions import ballots, hands, pledges, secret_ballots, vote_opening
from diplomacy.models import Ballot, Minute, MinuteKind, Motion, Overrule, Pledge
from diplomacy.rules.procedure import Charter as Preset
from diplomacy.rules.procedure import ComplaintStage, Feature, MotionKind, MotionStage
from diplomacy.rules.tally import Kind, Outcome
from khitomer.errors import Refused
from tests import factories
from tests.factories import NOW

LATER = NOW + timedelta(minutes=14)


@pytest.fixture
def conference(campaign):
    return factories.make_conference(campaign, 5)


@pytest.fixture
def drawn_first(monkeypatch):
    """The lot falls on the Klingons."""

    def drawn(electors):
        return next(each.seat for each in electors if each.seat.power.slug == "klingon")

    monkeypatch.setattr(vote_opening, "drawn", drawn)


def opened(conference, gm, mode, **fields):
    return ballots.open_vote(motion=factories.make_motion(conference, **fields), mode=mode, by=gm, now=NOW)


def seat(conference, slug):
    return conference.seats.get(power__slug=slug)


def cast(motion, slug, choice, by):
    return ballots.cast(motion=motion, seat=seat(motion.conference, slug), choice=choice, by=by, now=NOW)


def show(motion, gm, **choices):
    given = {motion.conference.seats.get(power__slug=slug).pk: choice for slug, choice in choices.items()}
    return hands.key_in(motion=motion, choices=given, by=gm, now=NOW)


def at(name, motion):
    where = {
        "campaign": motion.conference.campaign.slug,
        "conference": motion.conference.slug,
        "number": motion.number,
    }
    return reverse(name, kwargs=where)


# Roll call


def test_the_roll_goes_by_name_from_the_seat_that_was_drawn(conference, gm, drawn_first, as_observer):
    motion = opened(conference, gm, "roll call")
    electors = records.in_roll_order(motion.electors.select_related("seat__power"), motion.drawn_id)
    names = [each.seat.power.name for each in electors]
    assert names == [
        "Klingon Empire",
        "Romulan Star Empire",
        "United Federation of Planets",
        "Cardassian Union",
        "Ferengi Alliance",
    ]
    page = as_observer.get(at("motion", motion)).text
    assert f"The roll begins with Klingon Empire, drawn by lot: {', '.join(names)}." in page
    cast(motion, "cardassian", "yes", gm)
    cast(motion, "ferengi", "no", gm)
    ended = ballots.close(motion=motion, by=gm, now=LATER)
    for address in (at("motion", ended), at("recount", ended)):
        text = as_observer.get(address).text
        text = text[max(text.find('id="result"'), text.find('<h2 id="seats"')) :]
        rows = re.findall(r'<th scope="row">.*?</th>', text, re.DOTALL)
        table = [row for row in rows if any(name in row for name in names)]
        assert [next(name for name in names if name in row) for row in table][:5] == names
    line = Minute.objects.get(kind=MinuteKind.VOTE_CLOSED)
    assert line.data["roll"] == ["the Cardassian Union", "the Ferengi Alliance"]
    assert line.data["choices"] == {"the Cardassian Union": "yes", "the Ferengi Alliance": "no"}


def test_the_lot_falls_on_a_seat_that_may_vote(conference, gm):
    conference.seats.exclude(power__slug="ferengi").update(present=False)
    assert opened(conference, gm, "roll call").drawn == seat(conference, "ferengi")


@pytest.mark.parametrize("mode", ["open", "show of hands", "secret"])
def test_only_a_roll_is_drawn(conference, gm, mode):
    assert opened(conference, gm, mode).drawn is None


# Show of hands


def test_the_chair_keys_in_the_room_and_delegates_do_not_cast(conference, gm, federation_player):
    motion = opened(conference, gm, "show of hands")
    with pytest.raises(Refused, match="the chair counts and keys in"):
        cast(motion, "federation", "yes", federation_player)
    show(motion, gm, federation="yes", klingon="yes", romulan="no", cardassian="abstain")
    show(motion, gm, federation="yes", klingon="no", romulan="yes", ferengi="")
    assert dict(motion.ballots.values_list("seat__power__slug", "choice")) == {
        "federation": "yes",
        "klingon": "no",
        "romulan": "yes",
    }
    ended = ballots.close(motion=motion, by=gm, now=LATER)
    assert (ended.stage, ended.yes, ended.no, ended.not_voting) == (MotionStage.ADOPTED, 2, 1, 2)
    assert records.recount(ended) == records.stored_tally(ended)
    with pytest.raises(Refused, match="closed at 20:14"):
        show(motion, gm, federation="no")


def test_only_the_chair_keys_in_only_voters_and_only_such_a_vote(conference, gm, federation_player):
    conference.seats.filter(power__slug="ferengi").update(present=False)
    motion = opened(conference, gm, "show of hands")
    with pytest.raises(Refused, match="The chair counts"):
        show(motion, federation_player, federation="yes")
    with pytest.raises(Refused, match="has no vote in this"):
        show(motion, gm, ferengi="yes")
    with pytest.raises(Refused, match="yes, no or abstain"):
        show(motion, gm, federation="maybe")
    with pytest.raises(Refused, match="each seat casts its own"):
        show(opened(conference, gm, "open"), gm, federation="yes")
    assert not Ballot.objects.exists()


def test_the_grid_is_the_chairs_and_closes_in_the_same_press(conference, gm, as_gm, as_federation, as_co_gm):
    motion = opened(conference, gm, "show of hands")
    assert "The hands" in as_gm.get(at("motion", motion)).text
    page = as_federation.get(at("motion", motion)).text
    assert "The hands" not in page and "the chair keys in what each seat shows" in page
    as_gm.post(at("vote-hands", motion), {"all": "yes"})
    assert set(motion.ballots.values_list("choice", flat=True)) == {"yes"} and motion.ballots.count() == 5
    assert as_gm.get(at("motion", motion)).text.count(" checked") == 5
    page = as_federation.get(at("motion", motion)).text
    assert "5 of 5" in page and " checked" not in page
    assert as_co_gm.get(at("motion", motion)).text.count(" checked") == 5  # who chairs, too
    keyed = {f"hand-{each.pk}": "no" for each in conference.seats.all()}
    answer = as_gm.post(at("vote-hands", motion), {**keyed, "do": "close"})
    assert answer.status_code == 302
    motion.refresh_from_db()
    assert (motion.stage, motion.no) == (MotionStage.REJECTED, 5)


@pytest.mark.parametrize("choices", [{"klingon": "yes"}, {"klingon": "no"}, {"klingon": "abstain"}])
def test_what_was_keyed_in_is_nobodys_to_read_before_the_close(conference, gm, as_federation, choices):
    motion = opened(conference, gm, "show of hands")
    show(motion, gm, klingon="yes")
    desk = f"/c/{conference.campaign.slug}/conferences/{conference.slug}/"

    def read():
        pages = [as_federation.get(address).text for address in (at("motion", motion), desk)]
        return [re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page) for page in pages]

    before = read()
    show(motion, gm, **choices)
    assert read() == before


# Procedure


@pytest.mark.parametrize("mode", ["open", "show of hands", "secret"])
def test_nobody_abstains_on_procedure_where_the_charter_says_so(campaign, gm, mode, federation_player):

    conference = factories.make_conference(campaign, 5, charter={"procedural_abstention": False})
    motion = opened(conference, gm, mode, kind=MotionKind.SUSPEND.value)
    conference.charter.procedural_abstention = True  # too late for this vote
    conference.charter.save()
    federation = seat(conference, "federation")
    cast_it = {
        "open": lambda: cast(motion, "federation", "abstain", federation_player),
        "show of hands": lambda: show(motion, gm, federation="abstain"),
        "secret": lambda: secret_ballots.cast(
            motion=motion, seat=federation, choice="abstain", by=federation_player, now=NOW
        ),
    }[mode]
    with pytest.raises(Refused, match="nobody abstains on a procedural motion"):
        cast_it()
    ballots.close(motion=motion, by=gm, now=LATER)
    substance = opened(conference, gm, "open")
    assert cast(substance, "federation", "abstain", federation_player).choice == "abstain"


def test_its_page_offers_no_abstention(campaign, gm, as_federation):
    conference = factories.make_conference(campaign, 5, charter={"procedural_abstention": False})
    motion = opened(conference, gm, "open", kind=MotionKind.SUSPEND.value)
    desk = f"/c/{campaign.slug}/conferences/{conference.slug}/"
    for address in (at("motion", motion), desk, f"/c/{campaign.slug}/"):
        assert 'value="abstain"' not in as_federation.get(address).text
    assert "nobody abstains" in as_federation.get(at("motion", motion)).text


@pytest.mark.parametrize(
    ("charter", "fields", "choices", "outcome", "says"),
    [
        ({"minimum_yes": 4}, {}, "yyy..", Outcome.REJECTED, "at least 4 votes in favour were needed"),
        ({"threshold": "2/3", "at_least": True}, {}, "yyn..", Outcome.ADOPTED, "at least two thirds of the 3 votes cast"),
        ({"base": "membership"}, {}, "yyn..", Outcome.REJECTED, "more than half of the 5 members"),
        ({"base": "present"}, {}, "yyaaa", Outcome.REJECTED, "more than half of the 5 seats present"),
        ({"kind": Kind.CONSENSUS.value}, {}, "yyyyn", Outcome.REJECTED, "consensus means that nobody present"),
        ({}, {"kind": MotionKind.COUNTERMEASURES.value}, "nnnny", Outcome.ADOPTED, "under reverse consensus"),
        ({}, {"kind": MotionKind.COUNTERMEASURES.value}, "nnna.", Outcome.REJECTED, "every vote cast was against"),
        ({"weight_threshold": "65/100"}, {}, "yyyyn", Outcome.REJECTED, "those in favour weigh 4 of 9"),
        ({"weight_threshold": "65/100", "blocking_minority": 2}, {}, "yyyyn", Outcome.ADOPTED, "it takes 2 to block"),
        ({"veto": True}, {}, "yyyyn", Outcome.VETOED, "was vetoed by the United Federation of Planets"),
        ({"veto": True}, {"kind": MotionKind.SUSPEND.value}, "yyyyn", Outcome.ADOPTED, "more than half"),
        ({"tie": "reject"}, {}, "yynn.", Outcome.REJECTED, "the votes were equal"),
        ({"tie": "casting"}, {}, "yynn.", Outcome.TIED, "the chair has a casting vote"),
        ({"tie": "second vote"}, {}, "yynn.", Outcome.TIED, "a second vote must be held"),
        ({"quorum": "1/1", "quorum_more_than": True}, {}, "yyyyy", Outcome.NO_QUORUM, "No quorum: 5 members of 5"),
    ],
)  # fmt: skip
def test_every_rule_reaches_the_vote_and_says_why(
    campaign, gm, as_observer, charter, fields, choices, outcome, says
):
    """From the charter's knobs through the frozen rule to the reason, and the recount, step by step, agrees."""
    conference = factories.make_conference(campaign, 5, charter=charter)
    weighty = conference.seats.filter(power__slug="federation")
    weighty.update(weight=5, veto=True)
    if fields.get("kind") == MotionKind.COUNTERMEASURES:
        complaint = factories.make_complaint(campaign, ComplaintStage.NON_COMPLIANT, conference=conference)
        fields = {**fields, "complaint": complaint, "finding": ""}
    motion = opened(conference, gm, "show of hands", **fields)
    order = ("cardassian", "ferengi", "klingon", "romulan", "federation")
    words = {"y": "yes", "n": "no", "a": "abstain", ".": ""}
    show(motion, gm, **{slug: words[each] for slug, each in zip(order, choices, strict=True)})
    ended = ballots.close(motion=motion, by=gm, now=LATER)
    assert ended.outcome == outcome
    assert says in ended.reason
    ended = Motion.objects.get(pk=ended.pk)
    assert records.recount(ended) == records.stored_tally(ended)
    page = as_observer.get(at("recount", ended)).text
    assert "it comes to what was stored" in page
    assert f"<b>{outcome}</b>" in page


def test_two_thirds_find_a_breach_where_the_charter_asks_for_it(campaign, gm):
    conference = factories.make_conference(campaign, 7, charter={"finding_threshold": Fraction(2, 3)})
    complaint = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=conference)
    motion = opened(conference, gm, "show of hands", complaint=complaint)
    judges = [each.seat.power.slug for each in motion.electors.all() if each.status == "eligible"]
    show(motion, gm, **dict(zip(judges, ("yes", "yes", "yes", "no", "no"), strict=True)))
    ended = ballots.close(motion=motion, by=gm, now=LATER)
    assert (ended.outcome, "at least two thirds" in ended.reason) == (Outcome.REJECTED, True)


def test_a_vote_out_of_turn_asks_the_chair_for_a_reason(campaign, gm, as_gm):
    features = sorted({Feature.FLOOR.value})
    conference = factories.make_conference(
        campaign, 5, charter={"preset": Preset.STANDARD.value, "features": features}
    )
    motion = factories.make_motion(conference)
    with pytest.raises(Refused, match="out of turn") as refused:
        ballots.open_vote(motion=motion, by=gm, now=NOW)
    assert refused.value.field == "reason"
    answer = as_gm.post(at("vote-open", motion), {"mode": "open"})
    assert answer.status_code == 422 and "out of turn" in answer.text
    assert as_gm.post(at("vote-open", motion), {"mode": "open", "reason": "It is late."}).status_code == 302
    row = Overrule.objects.get()
    assert (row.motion, row.step, row.reason) == (motion, "open vote", "It is late.")
    assert "It is late." in as_gm.get(at("motion", motion)).text


def test_a_mode_that_cannot_be_is_refused_beside_its_field(campaign, as_gm):
    conference = factories.make_conference(campaign, 5, charter={"veto": True})
    conference.seats.filter(power__slug="romulan").update(veto=True)
    motion = factories.make_motion(conference)
    answer = as_gm.post(at("vote-open", motion), {"mode": "secret"})
    assert answer.status_code == 422
    assert "A secret ballot counts heads alone" in answer.text
    assert as_gm.post(at("vote-open", motion), {"mode": "by acclamation"}).status_code in (409, 422)
    motion.refresh_from_db()
    assert motion.stage == MotionStage.SUBMITTED


def test_a_ballot_says_when_it_was_cast(conference, gm, as_federation, federation_player):
    motion = opened(conference, gm, "open")
    cast(motion, "federation", "yes", federation_player)
    page = as_federation.get(at("motion", motion)).text
    assert "Your ballot: <b>yes</b>, cast 20:00. It stands until the vote closes" in page


# The recount


def test_before_the_close_there_is_no_recount(conference, gm, as_gm):
    motion = opened(conference, gm, "open")
    assert as_gm.get(at("recount", motion)).status_code == 404
    assert as_gm.get(at("recount", factories.make_motion(conference))).status_code == 404


@pytest.mark.parametrize("seats", [2, 24])
def test_the_recount_costs_the_same_for_two_seats_and_for_twenty_four(
    campaign, gm, as_observer, cardassian, ferengi, seats, django_assert_num_queries
):
    powers = [cardassian, ferengi, *factories.make_powers(campaign, seats - 2)]
    motion = opened(factories.make_conference(campaign, powers), gm, "open")
    ballots.cast_for_empty(motion=motion, choice="yes", by=gm, now=NOW)
    ballots.close(motion=motion, by=gm, now=LATER)
    as_observer.get(at("recount", motion))
    with django_assert_num_queries(9):
        as_observer.get(at("recount", motion))


# The whip board


def pledge(motion, slug, choice, by):
    return pledges.pledge(motion=motion, seat=seat(motion.conference, slug), choice=choice, by=by, now=NOW)


def test_a_pledge_is_heard_changed_and_taken_back(conference, federation_player, as_observer):
    motion = factories.make_motion(conference)
    pledge(motion, "federation", "yes", federation_player)
    pledge(motion, "federation", "no", federation_player)
    assert Pledge.objects.get().choice == "no"
    assert "pledged no" in as_observer.get(at("motion", motion)).text
    pledge(motion, "federation", "", federation_player)
    assert not Pledge.objects.exists()
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("who", ["klingon_player", "gm", "observer", "outsider"])
def test_nobody_pledges_for_another(request, conference, federation_player, who):
    motion = factories.make_motion(conference)
    with pytest.raises(Refused):
        pledge(motion, "federation", "yes", request.getfixturevalue(who))
    assert not Pledge.objects.exists()


def test_once_the_vote_is_open_the_board_stays_as_it_was(
    conference, gm, federation_player, klingon_player, as_romulan
):
    motion = factories.make_motion(conference)
    pledge(motion, "federation", "yes", federation_player)
    motion = ballots.open_vote(motion=motion, by=gm, now=NOW)
    with pytest.raises(Refused):
        pledge(motion, "klingon", "no", klingon_player)

    def board():
        return re.search(
            r'<section[^>]*aria-labelledby="whip".*?</section>',
            as_romulan.get(at("motion", motion)).text,
            re.DOTALL,
        )[0]

    said = board()
    assert "pledged yes" in said
    cast(motion, "federation", "no", federation_player)  # a pledge binds nobody, and the board does not tell
    cast(motion, "klingon", "no", klingon_player)
    assert board() == said
    ballots.close(motion=motion, by=gm, now=LATER)
    assert 'id="whip"' not in as_romulan.get(at("motion", motion)).text


def test_the_gms_seats_lean_by_their_standings(
    campaign, conference, gm, as_observer, federation, cardassian, ferengi
):
    campaign.standings.filter(
        first__in=(federation, cardassian, ferengi), second__in=(federation, cardassian, ferengi)
    ).delete()
    factories.make_standing(federation, cardassian, -3)
    factories.make_standing(federation, ferengi, 4)
    conference.charter.veto = True
    conference.charter.save()
    conference.seats.filter(power=cardassian).update(veto=True)
    motion = factories.make_motion(conference, sponsor=seat(conference, "federation"))
    page = as_observer.get(at("motion", motion)).text
    assert "stands at −3 with the sponsor: likely no" in page
    assert "stands at +4 with the sponsor: likely yes" in page
    assert "Enough votes as they lean; one veto opposed." in page
    assert "has pledged nothing" in page


def test_a_draft_has_no_board(conference, as_federation):
    motion = factories.make_motion(conference, MotionStage.DRAFT, sponsor=seat(conference, "federation"))
    assert 'id="whip"' not in as_federation.get(at("motion", motion)).text


def test_a_pledge_through_its_address(conference, as_federation, as_observer):
    motion = factories.make_motion(conference)
    data = {"seat": seat(conference, "federation").pk, "choice": "yes"}
    assert as_observer.post(at("pledge", motion), data).status_code == 404
    assert as_federation.post(at("pledge", motion), data).status_code == 302
    assert as_federation.post(at("pledge", motion), {**data, "choice": "maybe"}).status_code == 409
    assert Pledge.objects.get().choice == "yes"
