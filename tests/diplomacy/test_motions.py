"""Drafting a motion: its clauses, its typed effects and their preview, and putting it before the conference."""

import pytest
from django.urls import reverse

from diplomacy.actions import ballots
from diplomacy.actions import motions as actions
from diplomacy.actions.motions import PRIVATE_NUMBERS, ClauseText
from diplomacy.forms.phrases import DraftClause, follow_finding, opening_clauses
from diplomacy.models import ClauseKind, Motion
from diplomacy.rules.jurisdiction import Verdict
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.errors import Refused
from khitomer.models import Audience
from tests import factories
from tests.factories import NOW

FINDS = ClauseText(phrase="Finds", text="that the prisoners were not returned")
STANDING = {"kind": "standing", "power": "federation", "other": "klingon", "by": -1}


@pytest.fixture
def conference(campaign):
    return factories.make_conference(campaign)


@pytest.fixture
def complaint(campaign, conference):
    return factories.make_complaint(campaign, ComplaintStage.HEARD, conference=conference)


@pytest.fixture
def federation_seat(conference, federation):
    return conference.seats.get(power=federation)


def draft(conference, by, **given):
    given = {"title": "On the prisoners", "clauses": [FINDS], **given}
    return actions.draft_motion(conference=conference, by=by, now=NOW, **given)


def page(name, campaign, conference, **more):
    return reverse(name, kwargs={"campaign": campaign.slug, "conference": conference.slug, **more})


# The action


def test_a_draft_keeps_its_clauses_in_order_with_their_effects(conference, complaint, gm):
    clauses = [
        ClauseText(kind="preambular", phrase="Recalling", text="the Accords"),
        ClauseText(
            phrase="Finds", text="a breach", effects=(STANDING, {"kind": "event", "title": "A finding"})
        ),
        ClauseText(
            phrase="Directs",
            text="their return",
            effects=(
                {"kind": "obligation", "power": "klingon", "text": "Return them", "due_on": "2379-04-01"},
            ),
        ),
    ]
    motion = draft(conference, gm, complaint=complaint, finding="breach", clauses=clauses)
    rows = list(motion.clauses.prefetch_related("effects"))
    assert [(row.position, row.kind, row.phrase) for row in rows] == [
        (1, "preambular", "Recalling"),
        (2, "operative", "Finds"),
        (3, "operative", "Directs"),
    ]
    assert [effect.payload for effect in rows[1].effects.all()] == [
        STANDING,
        {"kind": "event", "title": "A finding"},
    ]
    assert rows[2].effects.get().payload["due_on"] == "2379-04-01"
    assert (motion.stage, motion.finding, motion.sponsor) == ("draft", "breach", None)


def test_a_draft_leaves_no_gap_in_the_row_of_motions(conference, gm, federation_player, federation_seat):
    first = draft(conference, gm)
    hidden = draft(conference, federation_player, sponsor=federation_seat)
    third = draft(conference, gm)
    assert {each.number in PRIVATE_NUMBERS for each in (first, hidden, third)} == {True}
    assert actions.submit_motion(motion=third, by=gm, now=NOW).number == 1
    assert ballots.open_vote(motion=first, by=gm, now=NOW).number == 2
    assert actions.submit_motion(motion=hidden, by=federation_player, now=NOW).number == 3


def test_submitting_twice_is_submitting_once(conference, gm):
    motion = draft(conference, gm)
    numbers = {actions.submit_motion(motion=motion, by=gm, now=NOW).number for _ in range(2)}
    assert numbers == {1}


@pytest.mark.parametrize("kind", ["sponsorless", "another's", "observer's"])
def test_a_delegate_moves_from_its_own_seat(conference, klingon_player, federation_seat, klingon, kind):
    own = conference.seats.get(power=klingon)
    sponsor = {"sponsorless": None, "another's": federation_seat, "observer's": own}[kind]
    if kind == "observer's":
        own.observer = True
        own.save()
    with pytest.raises(Refused) as refused:
        draft(conference, klingon_player, sponsor=sponsor)
    assert refused.value.field == "sponsor"
    assert not Motion.objects.exists()


def test_the_gm_moves_for_a_seat_without_a_delegate_and_for_no_other(
    conference, gm, cardassian, federation_seat
):
    own = conference.seats.get(power=cardassian)
    assert draft(conference, gm, sponsor=own).sponsor == own
    with pytest.raises(Refused, match="do not speak for"):
        draft(conference, gm, sponsor=federation_seat)


def test_neither_an_observer_nor_an_outsider_moves_anything(conference, observer, outsider, cardassian):
    seat = conference.seats.get(power=cardassian)
    for person in (observer, outsider):
        for sponsor in (None, seat):
            with pytest.raises(Refused):
                draft(conference, person, sponsor=sponsor)


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        (ClauseText(phrase="Finds", text=" "), "Clause 1 is empty"),
        (ClauseText(kind="preambular", phrase="Noting", text="x", effects=(STANDING,)), "only operative"),
        (ClauseText(kind="decorative", phrase="Noting", text="x"), "neither preambular nor operative"),
        (ClauseText(phrase="Finds", text="x", effects=({"kind": "war"},)), "no kind 'war'"),
        (
            ClauseText(phrase="Finds", text="x", effects=({**STANDING, "power": "q"},)),
            "There is no power “q”",
        ),
        (ClauseText(phrase="Finds", text="x", effects=({**STANDING, "by": 0},)), "1 to 10"),
        (ClauseText(phrase="Finds", text="x", effects=(STANDING,) * 13), "more than 12 effects"),
    ],
)
def test_a_clause_that_will_not_do_is_refused_and_nothing_is_kept(conference, gm, clause, words):
    with pytest.raises(Refused, match=words) as refused:
        draft(conference, gm, clauses=[clause])
    assert refused.value.field == "clauses"
    assert not Motion.objects.exists()


def test_a_finding_needs_a_complaint_of_this_agenda(campaign, conference, gm):
    with pytest.raises(Refused, match="about a complaint"):
        draft(conference, gm, finding="breach")
    elsewhere = factories.make_complaint(campaign, ComplaintStage.HEARD)
    with pytest.raises(Refused, match="not on this conference's agenda"):
        draft(conference, gm, finding="breach", complaint=elsewhere)
    decided = factories.make_complaint(campaign, ComplaintStage.BREACH, conference=conference)
    with pytest.raises(Refused, match="nothing left to find"):
        draft(conference, gm, finding="breach", complaint=decided)
    assert draft(conference, gm, complaint=decided).finding == ""


def test_a_closed_conference_takes_no_motions(conference, gm, as_gm, campaign):
    conference.stage = "closed"
    conference.save()
    with pytest.raises(Refused, match="closed"):
        draft(conference, gm)
    assert as_gm.get(page("motion-new", campaign, conference)).status_code == 409


def test_editing_writes_the_motion_anew_until_the_vote(conference, gm):
    motion = draft(conference, gm)
    given = {"title": "Another title", "finding": "", "mode": "open", "by": gm, "now": NOW}
    new = ClauseText(phrase="Decides", text="otherwise", effects=(STANDING,))
    actions.edit_motion(motion=motion, clauses=[new], **given)
    motion.refresh_from_db()
    assert (motion.title, motion.mode) == ("Another title", "open")
    assert [clause.phrase for clause in motion.clauses.all()] == ["Decides"]
    ballots.open_vote(motion=motion, by=gm, now=NOW)
    with pytest.raises(Refused, match="voting"):
        actions.edit_motion(motion=motion, clauses=[FINDS], **given)
    assert motion.clauses.get().phrase == "Decides"


def test_only_the_sponsor_edits_submits_and_withdraws(
    conference, gm, federation_player, klingon_player, federation_seat
):
    motion = draft(conference, federation_player, sponsor=federation_seat)
    given = {"title": "Mine now", "clauses": [FINDS], "finding": "", "mode": "open"}
    for person in (gm, klingon_player):
        with pytest.raises(Refused, match="sponsor"):
            actions.edit_motion(motion=motion, by=person, now=NOW, **given)
        for step in (actions.submit_motion, actions.withdraw_motion):
            with pytest.raises(Refused, match="sponsor"):
                step(motion=motion, by=person, now=NOW)
    motion.refresh_from_db()
    assert (motion.stage, motion.title) == ("draft", "On the prisoners")


def test_a_motion_without_an_operative_clause_is_not_submitted(
    conference, federation_player, federation_seat
):
    preamble = ClauseText(kind="preambular", phrase="Noting", text="the silence")
    motion = draft(conference, federation_player, sponsor=federation_seat, clauses=[preamble])
    with pytest.raises(Refused, match="at least one operative clause"):
        actions.submit_motion(motion=motion, by=federation_player, now=NOW)


def test_a_draft_is_thrown_away_and_a_motion_withdrawn(conference, gm):
    motion = draft(conference, gm)
    assert actions.withdraw_motion(motion=motion, by=gm, now=NOW) is None
    assert not Motion.objects.exists()
    with pytest.raises(Refused, match="thrown away"):
        actions.submit_motion(motion=motion, by=gm, now=NOW)
    motion = draft(conference, gm)
    actions.submit_motion(motion=motion, by=gm, now=NOW)
    assert actions.withdraw_motion(motion=motion, by=gm, now=NOW).stage == MotionStage.WITHDRAWN


# What is kept from the drafter


def test_a_secret_is_answered_as_what_does_not_exist(
    campaign, conference, federation_player, federation_seat, gm
):
    clock = factories.make_clock(campaign, "The mole")
    clock.audience = Audience.GM
    clock.save()
    given = {"sponsor": federation_seat}
    words = {}
    for slug in (clock.slug, "no-such"):
        clause = ClauseText(phrase="Notes", text="x", effects=({"kind": "clock", "clock": slug, "by": 1},))
        with pytest.raises(Refused) as refused:
            draft(conference, federation_player, clauses=[clause], **given)
        words[slug] = str(refused.value).replace(slug, "…")
    assert words[clock.slug] == words["no-such"]
    clause = ClauseText(phrase="Notes", text="x", effects=({"kind": "clock", "clock": clock.slug, "by": 1},))
    assert draft(conference, gm, clauses=[clause]).clauses.get().effects.count() == 1


def test_the_form_offers_only_what_the_drafter_may_see(campaign, conference, as_federation, as_gm):
    clock = factories.make_clock(campaign, "Hidden mole")
    entry = factories.make_entry(campaign, "Hidden station")
    for thing in (clock, entry):
        thing.audience = Audience.GM
        thing.save()
    address = page("motion-new", campaign, conference)
    assert "Hidden" not in as_federation.get(address).content.decode()
    assert as_gm.get(address).content.decode().count("Hidden") >= 2


@pytest.mark.parametrize("forged", [{"kind": "clock", "clock": "hidden-mole", "by": "1"}])
def test_a_forged_choice_shows_nothing_in_the_preview(campaign, conference, as_federation, forged):
    clock = factories.make_clock(campaign, "Hidden mole")
    clock.audience = Audience.GM
    clock.save()
    data = typed(effect=forged) | {"do": "preview"}
    answer = as_federation.post(page("motion-new", campaign, conference), data)
    assert answer.status_code == 200
    assert "mole" not in answer.content.decode()


# The prefill


def test_a_motion_on_a_complaint_begins_with_its_law_and_its_finding(complaint):
    clauses = opening_clauses(complaint, "breach")
    assert [clause.phrase for clause in clauses] == [
        "Recalling",
        "Having heard",
        "Having found",
        "Finds",
        "Remains seized",
    ]
    assert clauses[0].text == "article 3 of the Second Khitomer Accords, prisoners and non-combatants"
    assert "the Klingon Empire breached II·3" in clauses[3].text
    assert "on 20 February 2379" in clauses[3].text


def test_a_ruling_in_doubt_is_noted_and_not_claimed(campaign, conference):
    doubtful = factories.make_complaint(
        campaign, ComplaintStage.HEARD, conference=conference, verdict=Verdict.IN_DOUBT
    )
    third = opening_clauses(doubtful, "breach")[2]
    assert (third.phrase, third.text) == (
        "Noting",
        "that the chair admitted the complaint to this conference",
    )


def test_the_drafted_finding_follows_the_finding_chosen_until_it_is_written_in(complaint):
    clauses = opening_clauses(complaint, "breach")
    follow_finding(clauses, complaint, "no breach")
    assert "did not breach" in clauses[3].text
    own = [DraftClause(phrase="Finds", text="that both share the blame")]
    follow_finding(own, complaint, "breach")
    assert own[0].text == "that both share the blame"


def test_a_finding_of_breach_is_offered_an_effect_between_the_parties(complaint):
    worse = [{"kind": "standing", "power": "federation", "other": "klingon", "by": "-1"}]
    clauses = opening_clauses(complaint, "breach")
    assert clauses[3].effects == worse
    follow_finding(clauses, complaint, "no breach")
    assert clauses[3].effects == []
    follow_finding(clauses, complaint, "breach")
    assert clauses[3].effects == worse
    clauses[3].effects = []
    follow_finding(clauses, complaint, "breach")
    assert clauses[3].effects == []


def test_parties_at_war_are_offered_no_worse(campaign, conference, complaint, as_gm, federation, klingon):
    address = page("motion-new", campaign, conference) + f"?complaint={complaint.number}"
    assert "United Federation of Planets and Klingon Empire" in as_gm.get(address).content.decode()
    campaign.standings.update(value=-5)
    text = as_gm.get(address).content.decode()
    assert "off the scale" not in text and "No effect yet" in text


def test_what_an_effect_needs_is_not_called_optional(campaign, conference, as_gm):
    text = as_gm.get(page("motion-new", campaign, conference)).content.decode()
    assert ">What is owed</label>" in text
    assert ">What happened <small>optional</small></label>" in text


# The form


def typed(effect=None, **given):
    """A post of the form with one operative clause."""
    data = {
        "title": "On the prisoners",
        "complaint": "",
        "finding": "",
        "sponsor": "chair",
        "mode": "roll call",
        "clauses": "1",
        "clause-0-phrase": "Decides",
        "clause-0-text": "that they be returned",
        "clause-0-effects": "1",
        **given,
    }
    return data | {f"clause-0-effect-0-{name}": value for name, value in (effect or {}).items()}


def test_the_form_from_a_complaint_is_filled_in_and_can_be_sent_as_it_is(
    campaign, conference, complaint, as_gm
):
    address = page("motion-new", campaign, conference) + f"?complaint={complaint.number}"
    drafting = as_gm.get(address).context["drafting"]
    data = typed(
        title=drafting.head["title"].value(),
        complaint=drafting.head["complaint"].value(),
        finding=drafting.head["finding"].value(),
        clauses=str(len(drafting.rows)),
    )
    for row in drafting.rows:
        data[f"clause-{row.index}-phrase"] = row.form["phrase"].value()
        data[f"clause-{row.index}-text"] = row.form["text"].value()
    answer = as_gm.post(address, data)
    assert answer.url == page("conference", campaign, conference)
    motion = Motion.objects.get()
    assert (motion.complaint, motion.finding, motion.clauses.count()) == (complaint, "breach", 5)
    assert motion.clauses.filter(kind=ClauseKind.PREAMBULAR).count() == 3


def test_a_delegate_drafts_from_its_own_seat(campaign, conference, as_federation, federation_seat):
    data = typed(sponsor=str(federation_seat.pk), effect={**STANDING, "by": "-1"})
    assert as_federation.post(page("motion-new", campaign, conference), data).status_code == 302
    motion = Motion.objects.get()
    assert motion.sponsor == federation_seat
    assert motion.clauses.get().effects.get().payload == STANDING


def test_another_seats_name_cannot_be_forged(campaign, conference, as_federation, klingon):
    data = typed(sponsor=str(conference.seats.get(power=klingon).pk))
    answer = as_federation.post(page("motion-new", campaign, conference), data)
    assert answer.status_code == 422
    assert answer.context["drafting"].head.errors["sponsor"]
    assert not Motion.objects.exists()


@pytest.mark.parametrize(
    ("do", "phrases"),
    [
        ("add", ["Recalling", "Decides", "Decides"]),
        ("remove:0", ["Decides"]),
        ("down:0", ["Decides", "Recalling"]),
        ("up:1", ["Decides", "Recalling"]),
        ("up:0", ["Recalling", "Decides"]),
        ("down:9", ["Recalling", "Decides"]),
        ("remove:x", ["Recalling", "Decides"]),
        ("nonsense", ["Recalling", "Decides"]),
    ],
)
def test_clauses_are_added_removed_and_moved_with_what_was_typed(campaign, conference, as_gm, do, phrases):
    data = typed(clauses="2") | {
        "clause-0-phrase": "Recalling",
        "clause-0-text": "first words",
        "clause-1-phrase": "Decides",
        "clause-1-text": "second words",
        "clause-1-effects": "1",
        "clause-1-effect-0-kind": "event",
        "clause-1-effect-0-title": "A title half typed",
        "do": do,
    }
    answer = as_gm.post(page("motion-new", campaign, conference), data)
    assert answer.status_code == 200
    rows = answer.context["drafting"].rows
    assert [row.form["phrase"].value() for row in rows] == phrases
    assert "A title half typed" in answer.content.decode()
    assert not answer.context["drafting"].head.errors
    assert not Motion.objects.exists()


def test_effects_are_added_and_removed(campaign, conference, as_gm):
    address = page("motion-new", campaign, conference)
    more = as_gm.post(address, typed(effect={"kind": "event", "title": "One"}, do="effect:0"))
    assert len(more.context["drafting"].rows[0].effects) == 2
    fewer = as_gm.post(address, typed(effect={"kind": "event", "title": "One"}, do="drop:0:0"))
    assert [form["kind"].value() for form in fewer.context["drafting"].rows[0].effects] in ([None], [""])


@pytest.mark.parametrize(
    ("effect", "field"),
    [
        ({"kind": "standing", "power": "federation", "other": "klingon"}, "by"),
        ({"kind": "standing", "power": "federation", "other": "nobody", "by": "1"}, "other"),
        ({"kind": "standing", "power": "federation", "other": "federation", "by": "1"}, None),
        ({"kind": "leave", "power": "federation", "manner": "released"}, "treaty"),
        ({"kind": "obligation", "power": "klingon", "owed": "Return them", "due_on": "soon"}, "due_on"),
        ({"kind": "event"}, "title"),
        ({"kind": "war"}, "kind"),
    ],
)
def test_an_effect_that_will_not_do_is_refused_beside_its_field(campaign, conference, as_gm, effect, field):
    answer = as_gm.post(page("motion-new", campaign, conference), typed(effect=effect))
    assert answer.status_code == 422
    errors = answer.context["drafting"].rows[0].effects[0].errors
    assert (field or "__all__") in errors
    assert "that they be returned" in answer.content.decode()
    assert not Motion.objects.exists()


def test_the_preview_tells_before_and_after(campaign, conference, as_gm):
    data = typed(effect={**STANDING, "by": "-1"}, do="preview")
    answer = as_gm.post(page("motion-new", campaign, conference), data, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "<html" not in text
    assert 'class="before">+2' in text
    assert 'class="after">+1' in text
    assert not Motion.objects.exists()


def test_an_impossible_effect_says_why_in_the_preview(campaign, conference, as_gm):
    data = typed(
        effect={"kind": "enter", "power": "klingon", "treaty": "second-khitomer-accords"}, do="check"
    )
    answer = as_gm.post(page("motion-new", campaign, conference), data)
    assert "already" in answer.context["preview"].refused


def test_an_htmx_step_gets_the_draft_alone(campaign, conference, as_gm):
    answer = as_gm.post(
        page("motion-new", campaign, conference), typed(do="add"), headers={"HX-Request": "true"}
    )
    text = answer.content.decode()
    assert 'id="draft"' in text
    assert "<html" not in text


def test_the_form_edits_what_stands_and_keeps_phrases_of_its_own(campaign, conference, as_gm, gm):
    clauses = [ClauseText(phrase="Solemnly finds", text="a breach", effects=(STANDING,))]
    motion = draft(conference, gm, clauses=clauses)
    address = page("motion-edit", campaign, conference, number=motion.number)
    rows = as_gm.get(address).context["drafting"].rows
    assert rows[0].form["phrase"].value() == "Solemnly finds"
    assert rows[0].effects[0]["power"].value() == "federation"
    data = typed(effect={**STANDING, "by": "-2"}) | {"clause-0-phrase": "Solemnly finds", "title": "Anew"}
    assert as_gm.post(address, data).status_code == 302
    motion.refresh_from_db()
    assert motion.title == "Anew"
    assert motion.clauses.get().effects.get().payload["by"] == -2


def test_submitting_and_withdrawing_are_posts_of_the_sponsor(
    campaign, conference, as_federation, as_klingon, as_gm, federation_player, federation_seat
):
    motion = draft(conference, federation_player, sponsor=federation_seat)
    submit = page("motion-submit", campaign, conference, number=motion.number)
    assert as_klingon.post(submit).status_code == 404  # a draft is not there for others
    assert as_gm.post(submit).status_code == 409
    assert as_federation.get(submit).status_code == 405
    assert as_federation.post(submit).url == page("conference", campaign, conference)
    motion.refresh_from_db()
    assert (motion.number, motion.stage) == (1, "submitted")
    withdraw = page("motion-withdraw", campaign, conference, number=1)
    assert as_klingon.post(withdraw).status_code == 409
    assert as_federation.post(withdraw).status_code == 302
    motion.refresh_from_db()
    assert motion.stage == "withdrawn"


def test_a_motion_in_the_vote_has_no_form(campaign, conference, as_gm, gm):
    motion = ballots.open_vote(motion=draft(conference, gm), by=gm, now=NOW)
    assert as_gm.get(page("motion-edit", campaign, conference, number=motion.number)).status_code == 409


@pytest.mark.parametrize("who", ["as_observer", "as_outsider"])
@pytest.mark.parametrize("name", ["motion-new", "motion-edit", "motion-submit", "motion-withdraw"])
def test_who_speaks_for_no_seat_finds_no_form(campaign, conference, request, gm, who, name):
    motion = draft(conference, gm)
    more = {} if name == "motion-new" else {"number": motion.number}
    client = request.getfixturevalue(who)
    assert client.get(page(name, campaign, conference, **more)).status_code == 404
    assert client.post(page(name, campaign, conference, **more)).status_code == 404


def test_an_observing_power_moves_nothing(campaign, conference, as_klingon, klingon):
    conference.seats.filter(power=klingon).update(observer=True)
    answer = as_klingon.get(page("motion-new", campaign, conference))
    assert answer.status_code == 409
    assert b"An observer moves no motions" in answer.content


def test_an_empty_post_is_answered_and_not_an_error(campaign, conference, as_gm):
    answer = as_gm.post(page("motion-new", campaign, conference), {})
    assert answer.status_code == 422
    assert answer.context["drafting"].head.errors["title"]


@pytest.mark.parametrize("clauses", ["-1", "9999", "x", "²", "60"])
def test_a_forged_count_of_clauses_does_no_harm(campaign, conference, as_gm, clauses):
    answer = as_gm.post(page("motion-new", campaign, conference), typed(clauses=clauses, do="preview"))
    assert answer.status_code == 200


@pytest.mark.parametrize("number", [1, 50])
def test_the_form_asks_as_often_for_one_clause_as_for_fifty(
    campaign, conference, as_gm, gm, number, django_assert_num_queries
):
    motion = draft(
        conference,
        gm,
        clauses=[ClauseText(phrase="Finds", text="a breach", effects=(STANDING,)) for _ in range(1)]
        + [ClauseText(phrase="Decides", text="much") for _ in range(number - 1)],
    )
    with django_assert_num_queries(43):
        as_gm.get(page("motion-edit", campaign, conference, number=motion.number))


# What a few bytes may ask for


def test_effects_that_were_not_sent_are_not_believed(campaign, conference, as_gm):
    """Each effect is a form of many choices: a number alone must not ask for seven hundred of them."""
    data = {"do": "preview", "clauses": "60"}
    data |= {f"clause-{index}-effects": "12" for index in range(60)}
    answer = as_gm.post(page("motion-new", campaign, conference), data)
    assert sum(len(row.effects) for row in answer.context["drafting"].rows) == 0
    data |= {f"clause-{index}-phrase": "Decides" for index in range(60)}
    answer = as_gm.post(page("motion-new", campaign, conference), data)
    assert sum(len(row.effects) for row in answer.context["drafting"].rows) == actions.MOST_EFFECTS_IN_ALL
    data |= {f"clause-{index}-effect-{place}-kind": "" for index in range(60) for place in range(12)}
    answer = as_gm.post(page("motion-new", campaign, conference), data)
    assert sum(len(row.effects) for row in answer.context["drafting"].rows) <= actions.MOST_EFFECTS_IN_ALL


def test_a_motion_has_so_many_effects_and_no_more(conference, gm):
    clauses = [ClauseText(phrase="Finds", text="x", effects=(STANDING,) * 10) for _ in range(4)]
    with pytest.raises(Refused, match="at most 30 effects"):
        actions.draft_motion(conference=conference, title="Much", clauses=clauses, by=gm, now=NOW)
    assert not Motion.objects.exists()


def test_nobody_else_hears_that_a_motion_was_submitted_by_them(
    conference, federation, klingon_player, federation_player
):
    seat = conference.seats.get(power=federation)
    motion = factories.make_motion(conference, MotionStage.SUBMITTED, sponsor=seat)
    with pytest.raises(Refused):
        actions.submit_motion(motion=motion, by=klingon_player, now=NOW)
    assert actions.submit_motion(motion=motion, by=federation_player, now=NOW).stage == "submitted"
