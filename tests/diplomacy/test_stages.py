"""A complaint under a charter with a parley: docketed, referred, objected to, taken up; and what is added to it."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from diplomacy import records, records_votes
from diplomacy.actions import complaints as actions
from diplomacy.forms import phrases
from diplomacy.models import Complaint, JoinderRole, Overrule, Ruling, TreatyCharter
from diplomacy.rules.charters import PRESETS
from diplomacy.rules.limits import due_after
from diplomacy.rules.procedure import Charter, ComplaintStage
from khitomer.due import due_by
from khitomer.errors import Refused
from khitomer.models import Activity, ActivityKind, Audience, Provision
from khitomer.rules.dates import StoryDate
from tests import factories
from tests.factories import NOW, make_complaint, viewer_of

D = StoryDate.parse


def url(campaign, name, **kwargs):
    return reverse(name, kwargs={"campaign": campaign.slug, **kwargs})


def under(campaign, preset, **turned):
    """Let the second Accords go by this charter."""
    treaty = campaign.treaties.get(numeral="II")
    columns = TreatyCharter.columns(PRESETS[preset]) | turned
    return TreatyCharter.objects.create(treaty=treaty, **columns)


@pytest.fixture
def full(campaign):
    return under(campaign, Charter.FULL)


@pytest.fixture
def filed(campaign, full, federation_player):
    """The Federation's complaint of the Klingons, filed and not docketed."""
    draft = make_complaint(campaign, ComplaintStage.DRAFT)
    return actions.file_complaint(complaint=draft, by=federation_player, now=NOW)


@pytest.fixture
def docketed(filed, gm):
    return actions.docket(complaint=filed, by=gm, now=NOW)


@pytest.fixture
def referred(docketed, federation_player):
    to_day(docketed.campaign, "2379-06-01")
    docketed.refresh_from_db()
    return actions.refer(complaint=docketed, by=federation_player, now=NOW)


def to_day(campaign, day):
    type(campaign).objects.filter(pk=campaign.pk).update(today=D(day))
    campaign.today = D(day)


def at(complaint):
    return Complaint.objects.get(pk=complaint.pk)


def name_third(complaint, power, role=JoinderRole.THIRD_PARTY):
    return complaint.joinders.create(power=power, role=role, interest="Its border", at=NOW)


# Filed, and not docketed --------------------------------------------------------------------------------------------


def test_filing_before_a_parley_gives_no_number_and_tells_nobody_else(filed, federation):
    assert (filed.stage, filed.number, filed.filed_on) == ("filed", None, filed.campaign.today)
    assert Ruling.objects.count() == 0
    told = Activity.objects.get()
    assert (told.kind, told.number, told.audience) == (ActivityKind.FILED, None, Audience.POWERS)
    assert list(told.powers.all()) == [federation]
    assert str(told) == "United Federation of Planets filed a complaint"


@pytest.mark.parametrize("who", ["as_klingon", "as_romulan", "as_observer", "as_outsider"])
def test_what_is_not_docketed_leaves_no_trace_for_others(campaign, filed, who, request):
    client = request.getfixturevalue(who)
    for name in ("desk", "docket"):
        assert "Prisoners of Ajilon" not in client.get(url(campaign, name)).text
    hidden, none = (client.get(url(campaign, "draft", token=token)) for token in (filed.token, NO_TOKEN))
    assert (hidden.status_code, hidden.content) == (404, none.content)
    for name in ("complaint-docket", "filed-return", "filed-withdraw"):
        assert client.post(url(campaign, name, token=filed.token), {"reason": "x"}).status_code == 404
    assert at(filed).stage == "filed"


NO_TOKEN = "00000000-0000-0000-0000-000000000007"


@pytest.mark.parametrize("who", ["as_federation", "as_gm", "as_co_gm"])
def test_its_delegation_and_the_chair_read_it_at_the_drafts_address(campaign, filed, who, request):
    client = request.getfixturevalue(who)
    page = client.get(url(campaign, "draft", token=filed.token))
    assert page.status_code == 200
    assert ("Put it on the docket" in page.text) == (who != "as_federation")
    assert "The chair is to docket it" in page.text
    assert "Prisoners of Ajilon" in client.get(url(campaign, "docket")).text


def test_the_dashboard_asks_the_chair_to_docket_it(campaign, filed, as_gm):
    page = as_gm.get(url(campaign, "desk"))
    assert "Docket it" in page.text
    assert url(campaign, "draft", token=filed.token) in page.text


def test_a_form_sent_again_after_filing_changes_nothing(campaign, filed, as_federation, klingon):
    again = as_federation.post(url(campaign, "draft", token=filed.token), {"title": "Changed"})
    assert again.url == url(campaign, "draft", token=filed.token)
    typed = as_federation.post(
        url(campaign, "draft-save", token=filed.token), {"title": "x"}, headers={"HX-Request": "true"}
    )
    assert "never edited" in typed.text
    assert (at(filed).stage, at(filed).title) == ("filed", "Prisoners of Ajilon")
    assert Activity.objects.count() == 1


def test_returned_amended_and_filed_again_it_still_has_no_number(campaign, filed, as_gm, as_federation):
    assert as_gm.post(url(campaign, "filed-return", token=filed.token), {"reason": " "}).status_code == 422
    done = as_gm.post(url(campaign, "filed-return", token=filed.token), {"reason": "Name the place."})
    assert done.url == url(campaign, "draft", token=filed.token)
    assert as_gm.get(done.url).status_code == 200
    page = as_federation.get(done.url)
    assert "Name the place." in page.text
    assert "No. None" not in page.text
    actions.file_complaint(complaint=filed, by=filed.filed_by, now=NOW)
    assert (at(filed).stage, at(filed).number) == ("filed", None)


def test_withdrawn_before_it_was_docketed_it_never_was_anyone_elses(
    campaign, filed, as_federation, as_klingon
):
    as_federation.post(url(campaign, "filed-withdraw", token=filed.token))
    assert (at(filed).stage, at(filed).number) == ("withdrawn", None)
    assert as_federation.get(url(campaign, "draft", token=filed.token)).status_code == 200
    for show in ("open", "closed", "all"):
        assert "Ajilon" not in as_klingon.get(url(campaign, "docket"), {"show": show}).text
    assert "complaint" not in str(as_klingon.get(url(campaign, "desk")).context["latest"])


def test_what_had_a_number_keeps_it_and_waits_unseen_under_a_new_charter(
    campaign, full, federation_player, as_gm, as_klingon
):
    complaint = make_complaint(campaign, ComplaintStage.RETURNED)
    actions.file_complaint(complaint=complaint, by=federation_player, now=NOW)
    assert (at(complaint).stage, at(complaint).number) == ("filed", 1)
    assert as_klingon.get(url(campaign, "complaint", number=1)).status_code == 404
    assert "Put it on the docket" in as_gm.get(url(campaign, "complaint", number=1)).text
    as_gm.post(url(campaign, "complaint-docket", token=complaint.token))
    assert (at(complaint).stage, at(complaint).number) == ("parley", 1)
    assert as_klingon.get(url(campaign, "complaint", number=1)).status_code == 200


def test_the_chair_sees_the_exhibits_of_what_waits_and_nobody_else_does(campaign, filed, as_gm, as_klingon):
    exhibit = factories.make_exhibit(filed)
    seen = url(campaign, "draft-exhibit", token=filed.token, letter=exhibit.letter)
    assert as_gm.get(seen).status_code == 200
    assert as_klingon.get(seen).status_code == 404


# Docketed -----------------------------------------------------------------------------------------------------------


def test_docketing_numbers_it_tells_everyone_and_lets_the_limits_run(campaign, docketed, as_klingon):
    assert (docketed.number, docketed.stage) == (1, "parley")
    assert (docketed.answer_due, docketed.parley_due) == (D("2379-03-24"), D("2379-05-13"))
    told = Activity.objects.filter(audience=Audience.ALL).get()
    assert (told.kind, told.number, told.path) == (
        ActivityKind.FILED,
        1,
        url(campaign, "complaint", number=1),
    )
    assert Ruling.objects.count() == 0
    page = as_klingon.get(url(campaign, "complaint", number=1)).text
    assert "An answer is due" in page
    assert "24 March 2379" in page


def test_limits_count_from_the_last_day_of_a_month(campaign, filed, gm):
    to_day(campaign, "2379-04")
    done = actions.docket(complaint=at(filed), by=gm, now=NOW)
    assert (done.answer_due, done.parley_due) == (D("2379-05-10"), D("2379-06-29"))


def test_docketing_twice_is_docketing_once(campaign, filed, as_gm):
    answers = [as_gm.post(url(campaign, "complaint-docket", token=filed.token)) for _ in range(2)]
    assert {each.url for each in answers} == {url(campaign, "complaint", number=1)}
    assert Activity.objects.filter(audience=Audience.ALL).count() == 1


def test_only_the_chair_dockets(campaign, filed, federation_player, klingon_player):
    for person in (federation_player, klingon_player):
        with pytest.raises(Refused):
            actions.docket(complaint=filed, by=person, now=NOW)
    assert at(filed).number is None


def test_a_charter_turned_quick_dockets_straight_to_the_ruling(campaign, filed, gm):
    TreatyCharter.objects.all().delete()
    done = actions.docket(complaint=at(filed), by=gm, now=NOW)
    assert (done.number, done.stage) == (1, "ruling")
    assert Ruling.objects.get().verdict == "bound"


@pytest.mark.parametrize("who", ["as_romulan", "as_observer"])
def test_whether_it_was_answered_is_the_parties_affair(campaign, docketed, who, request):
    page = request.getfixturevalue(who).get(url(campaign, "complaint", number=1)).text
    assert "Parley until" in page
    assert "answer" not in page.lower().replace("called to answer", "")


# Referred -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "answered", "may"),
    [
        ("2379-03-24", False, False),
        ("2379-03-25", False, True),
        ("2379-03-25", True, False),
        ("2379-05-13", True, False),
        ("2379-05-14", True, True),
        ("2379-05", True, False),
        ("2379-06", True, True),
    ],
)
def test_the_complainant_refers_once_a_limit_has_run(campaign, docketed, as_federation, today, answered, may):
    if answered:
        Complaint.objects.update(answered_on=D("2379-03-20"))
    to_day(campaign, today)
    page = as_federation.get(url(campaign, "complaint", number=1)).text
    assert ("Refer it to the chair</button>" in page) == may
    done = as_federation.post(url(campaign, "complaint-refer", number=1))
    assert done.status_code == (302 if may else 409)
    assert at(docketed).stage == ("referred" if may else "parley")
    if may:
        assert at(docketed).objection_due == due_after(D(today), 20)


def test_the_chair_refers_sooner_as_an_overrule_that_everyone_reads(campaign, docketed, as_gm, as_observer):
    assert as_gm.post(url(campaign, "complaint-refer", number=1)).status_code == 422
    assert at(docketed).stage == "parley"
    as_gm.post(url(campaign, "complaint-refer", number=1), {"reason": "They shout."})
    assert at(docketed).stage == "referred"
    kept = Overrule.objects.get()
    assert (kept.step, kept.reason, kept.complaint, kept.by.username) == (
        "refer",
        "They shout.",
        docketed,
        "gm",
    )
    assert "They shout." in as_observer.get(url(campaign, "complaint", number=1)).text


def test_nobody_else_refers(campaign, docketed, as_klingon, as_romulan, as_observer):
    to_day(campaign, "2379-06-01")
    for client in (as_klingon, as_romulan, as_observer):
        assert client.post(url(campaign, "complaint-refer", number=1), {"reason": "x"}).status_code == 404
    assert at(docketed).stage == "parley"


# Objected, taken up -------------------------------------------------------------------------------------------------


def objecting(client, campaign, text="The act was ours to do."):
    return client.post(url(campaign, "complaint-object", number=1), {"power": "klingon", "text": text})


def test_a_respondent_objects_once_inside_the_window(campaign, referred, as_klingon, klingon):
    assert "Object to its being heard" in as_klingon.get(url(campaign, "complaint", number=1)).text
    for _ in range(2):
        assert objecting(as_klingon, campaign).status_code == 302
    row = at(referred)
    assert (row.stage, row.objection, row.objected_by) == ("objected", "The act was ours to do.", klingon)
    assert row.objected_on == D("2379-06-01")
    assert Activity.objects.filter(kind=ActivityKind.OBJECTED).count() == 1
    other = objecting(as_klingon, campaign, "And another.")
    assert other.status_code == 422
    assert at(referred).objection == "The act was ours to do."


@pytest.mark.parametrize("text", ["", "  ", "x" * 501])
def test_an_objection_says_something_in_five_hundred_letters(campaign, referred, as_klingon, text):
    answer = objecting(as_klingon, campaign, text)
    assert answer.status_code == 422
    assert "text" in answer.context["objection_form"].errors
    assert at(referred).stage == "referred"


def test_the_window_shuts(campaign, referred, as_klingon):
    to_day(campaign, "2379-06-22")
    page = as_klingon.get(url(campaign, "complaint", number=1)).text
    assert "The window for objections has closed." in page
    answer = objecting(as_klingon, campaign)
    assert answer.status_code == 422
    assert "The act was ours to do." in answer.text
    assert at(referred).stage == "referred"


def test_nobody_objects_but_a_respondent(campaign, referred, as_federation, as_romulan, as_observer, as_gm):
    for client in (as_federation, as_romulan, as_observer, as_gm):
        assert objecting(client, campaign).status_code == 404
    assert at(referred).stage == "referred"


def test_taken_up_the_ruling_is_computed_and_the_chair_goes_on_as_ever(campaign, referred, as_gm, as_klingon):
    objecting(as_klingon, campaign)
    for _ in range(2):
        as_gm.post(url(campaign, "complaint-rule", number=1), {"decision": "take up"})
    assert at(referred).stage == "ruling"
    assert Ruling.objects.get().verdict == "bound"
    assert Overrule.objects.count() == 0
    as_gm.post(url(campaign, "complaint-rule", number=1), {"decision": "admit"})
    assert at(referred).stage == "admitted"
    assert "The act was ours to do." in as_gm.get(url(campaign, "complaint", number=1)).text


def test_taken_up_before_the_window_shuts_is_an_overrule(campaign, referred, as_gm):
    assert as_gm.post(url(campaign, "complaint-rule", number=1), {"decision": "take up"}).status_code == 422
    as_gm.post(url(campaign, "complaint-rule", number=1), {"decision": "take up", "reason": "Time is short."})
    assert at(referred).stage == "ruling"
    assert Overrule.objects.get().step == "rule"


def test_what_overrules_the_ruling_is_kept_as_an_overrule_as_well(campaign, as_gm):
    make_complaint(campaign)
    as_gm.post(url(campaign, "complaint-rule", number=1), {"decision": "decline", "reason": "Peace."})
    assert (Overrule.objects.get().step, Overrule.objects.get().reason) == ("decline", "Peace.")


def test_the_chair_withdraws_in_anothers_stead_with_a_reason(campaign, as_gm, as_klingon):
    complaint = make_complaint(campaign)
    assert as_gm.post(url(campaign, "complaint-withdraw", number=1)).status_code == 422
    assert at(complaint).stage == "ruling"
    as_gm.post(url(campaign, "complaint-withdraw", number=1), {"reason": "The player has left."})
    assert at(complaint).stage == "withdrawn"
    assert Overrule.objects.get().step == "withdraw"
    assert "The player has left." in as_klingon.get(url(campaign, "complaint", number=1)).text
    assert Activity.objects.get().kind == ActivityKind.TAKEN_BACK


# What comes due -----------------------------------------------------------------------------------------------------


def sorts(campaign, user, until):
    return [due.sort for due in due_by(viewer_of(campaign, user), D(until)) if due.sort != "Obligation"]


def test_what_comes_due_is_told_before_the_date_goes_past(
    campaign, docketed, gm, federation_player, klingon_player, romulan_player, observer
):
    for person in (gm, federation_player, klingon_player):
        assert sorts(campaign, person, "2379-03-23") == []
        assert sorts(campaign, person, "2379-03-24") == ["Answer"]
        assert sorts(campaign, person, "2379-06") == ["Answer", "Parley"]
    for person in (romulan_player, observer):
        assert sorts(campaign, person, "2380") == []
    Complaint.objects.update(answered_on=D("2379-03-20"))
    assert sorts(campaign, gm, "2379-06") == ["Parley"]


def test_the_page_of_the_date_names_them(campaign, docketed, as_gm):
    page = as_gm.get(url(campaign, "advance-date"), {"to": "2379-03-30"}).text
    assert "No. 1, United Federation of Planets v. Klingon Empire: an answer" in page


def test_the_window_for_objections_comes_due(campaign, referred, gm):
    assert sorts(campaign, gm, "2379-06-21") == ["Objection"]


@pytest.mark.parametrize(
    ("who", "tag"),
    [
        ("as_klingon", "Answer by 24 Mar 2379"),
        ("as_federation", "Answer due by 24 Mar 2379"),
        ("as_gm", "Answer due by 24 Mar 2379"),
    ],
)
def test_the_desks_say_what_a_limit_asks(campaign, docketed, who, tag, request):
    assert tag in [row.tag for row in request.getfixturevalue(who).get(url(campaign, "desk")).context["rows"]]


def test_the_gallery_reads_that_they_talk_and_no_more(campaign, docketed, as_observer):
    assert [row.tag for row in as_observer.get(url(campaign, "desk")).context["rows"]] == ["In parley"]


# Supplements and third parties --------------------------------------------------------------------------------------


def add(client, campaign, power, text="We *have* found the log."):
    return client.post(url(campaign, "complaint-supplement", number=1), {"power": power, "text": text})


@pytest.mark.parametrize(
    ("who", "power"), [("as_federation", "federation"), ("as_klingon", "klingon"), ("as_romulan", "romulan")]
)
def test_parties_and_third_parties_add_to_the_record(
    campaign, who, power, romulan, request, as_observer, federation_player
):
    complaint = make_complaint(campaign)
    name_third(complaint, romulan)
    client = request.getfixturevalue(who)
    for _ in range(2):
        assert add(client, campaign, power).status_code == 302
    said = complaint.supplements.get()
    assert (said.power.slug, said.text, said.on) == (power, "We *have* found the log.", campaign.today)
    assert "We <em>have</em> found the log." in as_observer.get(url(campaign, "complaint", number=1)).text
    assert Activity.objects.get().kind == ActivityKind.SUPPLEMENTED


@pytest.mark.parametrize("text", ["", " ", "x" * 50_001])
def test_a_supplement_that_cannot_be_taken_is_kept_in_its_field(campaign, as_federation, text):
    complaint = make_complaint(campaign)
    answer = add(as_federation, campaign, "federation", text)
    assert answer.status_code == 422
    assert "text" in answer.context["supplement_form"].errors
    assert text in answer.text
    assert complaint.supplements.count() == 0


@pytest.mark.parametrize("stage", ["breach", "no decision", "withdrawn", "inadmissible", "settled"])
def test_nothing_is_added_once_it_is_decided(campaign, as_federation, stage):
    complaint = make_complaint(campaign, ComplaintStage(stage))
    assert "Add to the record" not in as_federation.get(url(campaign, "complaint", number=1)).text
    answer = add(as_federation, campaign, "federation")
    assert answer.status_code == 422
    assert "We *have* found the log." in answer.text
    assert complaint.supplements.count() == 0


def test_nobody_else_adds_to_it(campaign, as_romulan, as_observer, as_gm, as_federation):
    complaint = make_complaint(campaign)
    for client, power in ((as_romulan, "romulan"), (as_observer, ""), (as_gm, "federation")):
        assert add(client, campaign, power).status_code == 404
    assert add(as_federation, campaign, "klingon").status_code == 422
    assert complaint.supplements.count() == 0


def joining(client, campaign, power="romulan", interest="Our border runs there"):
    return client.post(url(campaign, "complaint-join", number=1), {"power": power, "interest": interest})


def test_a_power_that_is_no_party_joins_once_and_stays(campaign, as_romulan, as_observer, romulan):
    complaint = make_complaint(campaign)
    for _ in range(2):
        assert joining(as_romulan, campaign).status_code == 302
    joined = complaint.joinders.get()
    assert (joined.power, joined.role, joined.interest) == (
        romulan,
        JoinderRole.THIRD_PARTY,
        "Our border runs there",
    )
    assert "Our border runs there" in as_observer.get(url(campaign, "complaint", number=1)).text
    assert Activity.objects.get().kind == ActivityKind.INTERVENED
    assert at(complaint).parties == [complaint.complainant, complaint.respondent]


@pytest.mark.parametrize("interest", ["", " ", "x" * 301])
def test_a_third_party_says_what_is_at_stake(campaign, as_romulan, interest):
    complaint = make_complaint(campaign)
    answer = joining(as_romulan, campaign, interest=interest)
    assert answer.status_code == 422
    assert "interest" in answer.context["join_form"].errors
    assert complaint.joinders.count() == 0


def test_the_parties_and_the_gallery_do_not_join_and_the_gm_joins_for_whom_nobody_plays(
    campaign, as_federation, as_klingon, as_observer, as_gm, cardassian
):
    complaint = make_complaint(campaign)
    for client in (as_federation, as_klingon, as_observer):
        assert joining(client, campaign).status_code == 404
    assert joining(as_gm, campaign, "romulan").status_code == 422
    assert joining(as_gm, campaign, "cardassian").status_code == 302
    assert complaint.joinders.get().power == cardassian


# Several respondents ------------------------------------------------------------------------------------------------


def whole(campaign, respondent, others, provisions=(3,)):
    cited = Provision.objects.filter(treaty__campaign=campaign, treaty__numeral="II", number__in=provisions)
    return {
        "respondent": respondent.pk,
        "others": [power.pk for power in others],
        "provisions": [each.pk for each in cited],
        "act_on": "2379-02-20",
        "title": "Prisoners of Ajilon",
        "statement": "Not returned.",
    }


@pytest.fixture
def draft(campaign):
    return make_complaint(campaign, ComplaintStage.DRAFT)


def test_a_complaint_names_several_and_is_ruled_on_against_each(
    campaign, draft, as_federation, as_observer, klingon, romulan, ferengi
):
    sent = whole(campaign, klingon, [romulan, ferengi], provisions=(3, 4))
    answer = as_federation.post(url(campaign, "draft", token=draft.token), sent)
    assert answer.url == url(campaign, "complaint", number=1)
    row = at(draft)
    assert row.respondents == [klingon, ferengi, romulan]
    found = {
        (each.respondent.slug, each.citation.provision.number): each.verdict for each in Ruling.objects.all()
    }
    bound = {(power, number): "bound" for power in ("klingon", "romulan") for number in (3, 4)}
    assert found == {**bound, ("ferengi", 3): "not bound", ("ferengi", 4): "not bound"}
    assert records.verdict_of(row) == "bound"
    page = as_observer.get(url(campaign, "complaint", number=1))
    assert [each.power for each in page.context["against"]] == [klingon, ferengi, romulan]
    assert [len(strip.parties) for strip in page.context["strips"]] == [4]
    assert page.context["record_changed"] is False
    assert "KLI, FER and ROM" in as_observer.get(url(campaign, "docket")).text


@pytest.mark.parametrize("name", ["draft", "draft-save"])
def test_doubles_and_oneself_are_refused_beside_the_field(
    campaign, draft, as_federation, klingon, romulan, federation, name
):
    for others, why in (
        ([klingon], "Klingon Empire is named already."),
        ([romulan, federation], "A power cannot complain of itself."),
    ):
        answer = as_federation.post(
            url(campaign, name, token=draft.token), {**whole(campaign, klingon, others), "place": "Kept"}
        )
        assert answer.status_code == 422
        assert answer.context["form"].errors["others"] == [why]
    assert (at(draft).stage, at(draft).place, at(draft).joinders.count()) == ("draft", "Kept", 0)


def test_an_action_refuses_them_as_well(campaign, draft, federation_player, federation, klingon, romulan):
    for others in ([klingon], [federation]):
        with pytest.raises(Refused):
            actions.save_draft(complaint=draft, by=federation_player, others=others)
    actions.save_draft(complaint=draft, by=federation_player, others=[romulan])
    actions.save_draft(complaint=draft, by=federation_player, respondent=romulan)
    assert at(draft).respondents == [romulan]


def test_a_third_party_that_is_named_when_it_comes_back_is_a_respondent(
    campaign, as_federation, klingon, romulan
):
    complaint = make_complaint(campaign, ComplaintStage.RETURNED)
    name_third(complaint, romulan)
    as_federation.post(
        url(campaign, "draft-save", token=complaint.token), whole(campaign, klingon, [romulan])
    )
    assert at(complaint).respondents == [klingon, romulan]
    assert at(complaint).third_parties == []


@pytest.mark.parametrize("many", [1, 4])
def test_the_page_costs_the_same_for_any_number_of_respondents(
    campaign, as_observer, many, django_assert_num_queries
):
    complaint = make_complaint(campaign)
    for power in factories.make_powers(campaign, many):
        name_third(complaint, power, JoinderRole.RESPONDENT)
    actions.rule(complaint=complaint, now=NOW)
    with django_assert_num_queries(23):
        as_observer.get(url(campaign, "complaint", number=1))


def test_the_summons_calls_every_respondent(campaign, as_observer, cardassian, romulan):
    complaint = make_complaint(campaign, ComplaintStage.ADMITTED)
    for power in (cardassian, romulan):
        name_third(complaint, power, JoinderRole.RESPONDENT)
    sheet = as_observer.get(url(campaign, "summons", number=1)).text
    assert "The Klingon Empire, the Cardassian Union and the Romulan Star Empire</span> are called" in sheet
    assert "The respondents" in sheet


def test_the_parties_of_an_open_vote_are_all_recused(campaign, romulan, cardassian):
    complaint = make_complaint(campaign, ComplaintStage.HEARD)
    name_third(complaint, romulan, JoinderRole.RESPONDENT)
    name_third(complaint, cardassian)
    motion = factories.make_motion(
        complaint.hearing.conference, "submitted", complaint=complaint, finding="breach"
    )
    statuses = {
        seat.power.slug: records_votes.status_of(seat, motion) for seat in motion.conference.seats.all()
    }
    assert statuses == {
        "federation": "recused",
        "klingon": "recused",
        "romulan": "recused",
        "cardassian": "eligible",
    }


def test_a_motion_on_it_speaks_of_every_respondent(campaign, cardassian, romulan):
    complaint = make_complaint(campaign)
    for power in (cardassian, romulan):
        name_third(complaint, power, JoinderRole.RESPONDENT)
    against = "the Klingon Empire, the Cardassian Union and the Romulan Star Empire"
    clauses = phrases.opening_clauses(complaint, "breach")
    assert clauses[1].text.startswith(f"the United Federation of Planets, {against} on")
    assert clauses[3].text.startswith(f"that {against} breached")
    assert [effect["other"] for effect in clauses[3].effects] == ["klingon", "cardassian", "romulan"]


def test_every_respondent_may_object_and_is_answered_for(campaign, referred, as_romulan, romulan):
    name_third(referred, romulan, JoinderRole.RESPONDENT)
    said = {"power": "romulan", "text": "Nor were we there."}
    assert as_romulan.post(url(campaign, "complaint-object", number=1), said).status_code == 302
    assert at(referred).objected_by == romulan


# Two at once --------------------------------------------------------------------------------------------------------


def at_once(*tasks):
    """Run each task in a thread of its own, released together; what each returned or was refused with."""
    gate, found = threading.Barrier(len(tasks)), {}

    def run(place, task):
        gate.wait(10)
        try:
            found[place] = task()
        except Refused as refused:
            found[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return [found[place] for place in range(len(tasks))]


@pytest.mark.django_db(transaction=True)
def test_complaints_docketed_at_once_get_numbers_without_a_gap(campaign, full, federation_player, gm):
    drafts = [make_complaint(campaign, ComplaintStage.DRAFT) for _ in range(4)]
    for each in drafts:
        actions.file_complaint(complaint=each, by=federation_player, now=NOW)

    def task(each):
        return lambda: actions.docket(complaint=at(each), by=gm, now=NOW).number

    found = at_once(*[task(each) for each in drafts * 2])
    assert sorted(found) == [1, 1, 2, 2, 3, 3, 4, 4]
    assert Activity.objects.filter(audience=Audience.ALL).count() == 4


@pytest.mark.django_db(transaction=True)
def test_filed_and_discarded_at_once_it_is_one_or_the_other(campaign, federation_player):
    draft = make_complaint(campaign, ComplaintStage.DRAFT)
    filed, discarded = at_once(
        lambda: actions.file_complaint(complaint=at(draft), by=federation_player, now=NOW),
        lambda: actions.discard_draft(complaint=draft, by=federation_player),
    )
    kept = Complaint.objects.filter(pk=draft.pk).first()
    if kept:
        assert (kept.number, kept.stage) == (1, "ruling")
        assert isinstance(discarded, Refused)
    else:
        assert isinstance(filed, Refused)
        assert Activity.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_objected_and_taken_up_at_once_one_of_them_is_told_so(
    campaign, referred, klingon, klingon_player, gm
):
    objected, ruled = at_once(
        lambda: actions.object_to(
            complaint=at(referred), power=klingon, text="No.", by=klingon_player, now=NOW
        ),
        lambda: actions.take_up(complaint=at(referred), by=gm, now=NOW, reason="Time is short."),
    )
    row = at(referred)
    assert row.stage == "ruling"
    assert not isinstance(ruled, Refused)
    assert isinstance(objected, Refused) == (row.objection == "")
    # Taken up after the objection, nothing was overruled.
    assert Overrule.objects.count() == (1 if row.objection == "" else 0)


@pytest.mark.django_db(transaction=True)
def test_a_third_party_that_joins_from_two_tabs_joins_once(campaign, romulan, romulan_player):
    complaint = make_complaint(campaign)

    def join():
        return actions.join(
            complaint=complaint, power=romulan, interest="Our border", by=romulan_player, now=NOW
        ).pk

    assert len(set(at_once(join, join, join))) == 1
    assert complaint.joinders.count() == 1
