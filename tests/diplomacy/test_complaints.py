"""A complaint from its draft to its admission: each step by the person whose step it is, and nothing lost."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from diplomacy import records
from diplomacy.actions import complaints as actions
from diplomacy.models import Admission, Complaint, Ruling
from diplomacy.rules.procedure import ComplaintStage
from khitomer.errors import Refused
from khitomer.models import (
    Activity,
    ActivityKind,
    Audience,
    Membership,
    Power,
    Provision,
    RecordedUse,
    Reservation,
    Role,
)
from khitomer.rules.dates import StoryDate
from tests import factories
from tests.conftest import signed_in
from tests.factories import NOW, make_complaint, make_conference

D = StoryDate.parse

TYPED = {
    "act_on": "2379-02-20",
    "place": "Ajilon Prime",
    "title": "Prisoners of Ajilon",
    "asks_for": "Their return",
    "statement": "The prisoners were **not** returned.",
}


def url(campaign, name, **kwargs):
    return reverse(name, kwargs={"campaign": campaign.slug, **kwargs})


def provision(campaign, number, numeral="II"):
    return Provision.objects.get(treaty__campaign=campaign, treaty__numeral=numeral, number=number)


def typed(campaign, respondent, **changed):
    """What a browser sends of a draft that is whole."""
    sent = {**TYPED, "respondent": respondent.pk, "provisions": [provision(campaign, 3).pk], **changed}
    return {name: value for name, value in sent.items() if value is not None}


@pytest.fixture
def draft(campaign, federation, klingon):
    """The Federation's draft, whole and unfiled."""
    return make_complaint(
        campaign, ComplaintStage.DRAFT, complainant=federation, respondent=klingon, drafted_by=None
    )


# Beginning a draft --------------------------------------------------------------------------------------------------


def test_a_delegate_begins_a_draft_in_the_name_of_their_power(campaign, as_federation, federation):
    answer = as_federation.post(url(campaign, "complaint-new"), {"token": uuid.uuid4()})
    made = Complaint.objects.get()
    assert answer.url == url(campaign, "draft", token=made.token)
    assert (made.complainant, made.stage, made.number) == (federation, "draft", None)
    assert made.drafted_by.username == "federation"


def test_the_same_form_sent_twice_begins_one_draft(campaign, as_federation):
    form = {"token": uuid.uuid4()}
    answers = [as_federation.post(url(campaign, "complaint-new"), form) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert Complaint.objects.count() == 1


def test_a_token_of_anothers_draft_begins_one_of_ones_own(campaign, as_klingon, klingon, draft):
    answer = as_klingon.post(url(campaign, "complaint-new"), {"token": draft.token})
    made = Complaint.objects.get(complainant=klingon)
    assert made.token != draft.token
    assert str(made.token) in answer.url


def test_a_complaint_in_the_name_of_anothers_power_is_answered_beside_the_field(
    campaign, as_federation, klingon
):
    answer = as_federation.post(url(campaign, "complaint-new"), {"power": klingon.pk})
    assert answer.status_code == 422
    assert answer.context["form"].errors["power"] == [
        "Only its own delegation files in the name of the Klingon Empire."
        " The GM does so for a power that no player sits for."
    ]
    assert Complaint.objects.count() == 0


def test_the_gm_files_for_a_power_that_nobody_plays_and_for_no_other(
    campaign, as_gm, cardassian, ferengi, klingon
):
    page = as_gm.get(url(campaign, "complaint-new"))
    offered = [name for _, name in page.context["form"].fields["power"].widget.choices if _]
    assert offered == ["Cardassian Union", "Ferengi Alliance"]
    assert as_gm.post(url(campaign, "complaint-new"), {"power": klingon.pk}).status_code == 422
    answer = as_gm.post(url(campaign, "complaint-new"), {"power": cardassian.pk})
    made = Complaint.objects.get()
    assert made.complainant == cardassian
    assert as_gm.get(answer.url).status_code == 200


@pytest.mark.parametrize("who", ["as_observer", "as_outsider"])
def test_those_without_a_voice_begin_none(campaign, who, request):
    client = request.getfixturevalue(who)
    for method in (client.get, client.post):
        assert method(url(campaign, "complaint-new")).status_code == 404
    assert Complaint.objects.count() == 0


# Who sees a draft ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["as_gm", "as_co_gm", "as_klingon", "as_observer", "as_outsider"])
@pytest.mark.parametrize("name", ["draft", "draft-save", "draft-discard", "exhibit-add"])
def test_anothers_draft_is_the_same_404_as_none_at_all(campaign, draft, who, name, request):
    client = request.getfixturevalue(who)
    for method in (client.get, client.post):
        theirs = method(url(campaign, name, token=draft.token))
        none = method(url(campaign, name, token=uuid.UUID(int=7)))
        allowed = method == client.post or name == "draft" or who == "as_outsider"
        assert theirs.status_code == none.status_code == (404 if allowed else 405)
        assert theirs.content == none.content
    draft.refresh_from_db()
    assert draft.title == "Prisoners of Ajilon"


@pytest.mark.parametrize("who", ["as_gm", "as_klingon", "as_observer"])
def test_anothers_draft_leaves_no_trace_on_the_docket(campaign, who, request, federation):
    client = request.getfixturevalue(who)
    before = [
        _masked(client.get(f"{url(campaign, 'docket')}?show={show}")) for show in ("open", "closed", "all")
    ]
    make_complaint(campaign, ComplaintStage.DRAFT, complainant=federation, title="Nobody reads this")
    after = [
        _masked(client.get(f"{url(campaign, 'docket')}?show={show}")) for show in ("open", "closed", "all")
    ]
    assert before == after
    assert Activity.objects.count() == 0


def _masked(answer):
    """The page without its tokens, which differ from one answer to the next."""
    text = re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', r"\1", answer.content.decode())
    return re.sub(r'(name="token" value=")[^"]*', r"\1", text)


def test_the_gms_own_draft_is_theirs_until_a_player_sits_for_the_power(
    campaign, as_gm, gm, ferengi, outsider
):
    made = actions.draft_complaint(campaign=campaign, power=ferengi, by=gm, now=NOW)
    assert as_gm.get(url(campaign, "draft", token=made.token)).status_code == 200
    factories.join(campaign, outsider, Role.PLAYER, ferengi)
    assert as_gm.get(url(campaign, "draft", token=made.token)).status_code == 404
    assert signed_in(outsider).get(url(campaign, "draft", token=made.token)).status_code == 200


def test_a_player_who_is_removed_leaves_a_draft_that_the_gm_still_does_not_read(campaign, as_gm, romulan):
    player = Membership.objects.get(power=romulan)
    made = actions.draft_complaint(campaign=campaign, power=romulan, by=player.user, now=NOW)
    player.delete()
    assert as_gm.get(url(campaign, "draft", token=made.token)).status_code == 404


# Saving -------------------------------------------------------------------------------------------------------------


def test_saving_keeps_everything_that_was_typed(campaign, as_federation, draft, romulan):
    sent = typed(
        campaign,
        romulan,
        act_on="2371-10",
        statement="One\r\n\r\nTwo *three*",
        provisions=[provision(campaign, n).pk for n in (1, 4)],
    )
    answer = as_federation.post(url(campaign, "draft-save", token=draft.token), sent)
    assert answer.url == url(campaign, "draft", token=draft.token)
    draft.refresh_from_db()
    assert (draft.respondent, draft.act_on, draft.statement) == (romulan, D("2371-10"), "One\n\nTwo *three*")
    assert draft.statement_html == "<p>One</p>\n<p>Two <em>three</em></p>\n"
    assert [each.number for each in draft.provisions.order_by("number")] == [1, 4]
    assert draft.stage == "draft"
    assert draft.number is None


def test_a_draft_may_be_saved_empty(campaign, as_federation, draft):
    sent = dict.fromkeys(("respondent", "act_on", "place", "title", "asks_for", "statement"), "")
    assert as_federation.post(url(campaign, "draft-save", token=draft.token), sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.respondent, draft.act_on, draft.title, draft.statement_html) == (None, None, "", "")
    assert draft.citations.count() == 0


def test_an_autosave_answers_with_the_hour_and_what_is_missing(campaign, as_federation, draft, klingon):
    sent = typed(campaign, klingon, title="")
    answer = as_federation.post(
        url(campaign, "draft-save", token=draft.token), sent, headers={"HX-Request": "true"}
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Saved at " in text
    assert "To be filed it still needs a title." in text
    assert "<html" not in text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("act_on", "2379-02-31", "There is no day 31 in February 2379: it has 28 days."),
        ("act_on", "last week", "is not a story date"),
        ("title", "x" * 121, "at most 120 characters"),
        ("statement", "x" * 50_001, "50,001 characters; the limit is 50,000."),
        ("respondent", "0", "Choose a power of this campaign."),
        ("provisions", ["0"], "Choose provisions of this campaign’s treaties."),
        ("provisions", ["x"], "Choose provisions of this campaign’s treaties."),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_field_that_cannot_be_read_costs_no_other_field(
    campaign, as_federation, draft, romulan, field, value, sentence, htmx
):
    kept = {"place": "Station Nine", "asks_for": "Reparations"}
    before = getattr(draft, field) if field != "provisions" else list(draft.provisions.all())
    answer = as_federation.post(
        url(campaign, "draft-save", token=draft.token),
        {**typed(campaign, romulan), **kept, field: value},
        headers={"HX-Request": "true"} if htmx else {},
    )
    assert answer.status_code == (200 if htmx else 422)
    assert sentence in answer.content.decode()
    if not htmx and isinstance(value, str):
        assert answer.context["form"][field].value() == value
    draft.refresh_from_db()
    assert (draft.place, draft.asks_for) == ("Station Nine", "Reparations")
    assert (getattr(draft, field) if field != "provisions" else list(draft.provisions.all())) == before


def test_line_breaks_count_as_the_writer_typed_them(campaign, as_federation, draft, klingon):
    sent = typed(campaign, klingon, statement="x\r\n" * 24_999 + "x")  # a browser sends 74,998 characters
    assert as_federation.post(url(campaign, "draft-save", token=draft.token), sent).status_code == 302
    draft.refresh_from_db()
    assert len(draft.statement) == 49_999


def test_a_post_of_nothing_wipes_nothing(campaign, as_federation, draft):
    assert as_federation.post(url(campaign, "draft-save", token=draft.token), {}).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Prisoners of Ajilon"
    assert draft.citations.count() == 1


@pytest.mark.parametrize("name", ["draft", "draft-save"])
def test_a_power_cannot_complain_of_itself(campaign, as_federation, draft, federation, name):
    sent = typed(campaign, federation, place="Kept")
    answer = as_federation.post(url(campaign, name, token=draft.token), sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors["respondent"] == ["A power cannot complain of itself."]
    draft.refresh_from_db()
    assert (draft.stage, draft.place) == ("draft", "Kept")
    assert draft.respondent != federation


def test_only_provisions_with_a_forum_are_offered(campaign, as_federation, draft):
    page = as_federation.get(url(campaign, "draft", token=draft.token))
    labels = [label for _, label in page.context["form"].fields["provisions"].widget.choices]
    assert labels[0] == "II·1 Subspace weapons"
    assert len(labels) == 5


@pytest.mark.parametrize("name", ["draft", "draft-save"])
def test_a_provision_without_a_forum_is_refused_in_words(campaign, as_federation, draft, klingon, name):
    forged = provision(campaign, 2, "I")
    sent = typed(campaign, klingon, provisions=[provision(campaign, 3).pk, forged.pk])
    answer = as_federation.post(url(campaign, name, token=draft.token), sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors["provisions"] == [
        "I·2 belongs to the First Khitomer Accords, which has no forum: no conference hears complaints under it."
    ]
    draft.refresh_from_db()
    assert draft.stage == "draft"
    assert forged not in draft.provisions.all()


def test_the_preview_rules_as_if_filed_today(campaign, as_federation, draft, klingon):
    sent = typed(campaign, klingon, act_on="2372-06")
    answer = as_federation.post(
        url(campaign, "draft-save", token=draft.token), sent, headers={"HX-Request": "true"}
    )
    assert "In doubt" in answer.content.decode()
    assert "the record does not say which came first" in answer.content.decode()
    assert Ruling.objects.count() == 0


# Filing -------------------------------------------------------------------------------------------------------------


def test_filing_gives_a_number_a_day_and_a_ruling(campaign, as_federation, draft, klingon):
    answer = as_federation.post(url(campaign, "draft", token=draft.token), typed(campaign, klingon))
    assert answer.url == url(campaign, "complaint", number=1)
    draft.refresh_from_db()
    assert (draft.number, draft.stage, draft.filed_on) == (1, "ruling", campaign.today)
    assert draft.filed_by.username == "federation"
    ruling = Ruling.objects.get()
    assert ruling.verdict == "bound"
    assert [ground["answer"] for ground in ruling.grounds] == ["yes"] * 5
    noticed = Activity.objects.get()
    assert (noticed.kind, noticed.number, noticed.audience) == (ActivityKind.FILED, 1, Audience.ALL)
    assert noticed.path == answer.url
    assert noticed.power == draft.complainant


def test_filing_says_what_is_missing_beside_each_field(campaign, as_federation, draft):
    sent = dict.fromkeys(("respondent", "act_on", "place", "title", "asks_for", "statement"), "")
    answer = as_federation.post(url(campaign, "draft", token=draft.token), sent)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"respondent", "provisions", "act_on", "title", "statement"}
    assert Complaint.objects.get().number is None


@pytest.mark.parametrize(
    ("act", "allowed"),
    [
        ("2379-03-14", True),
        ("2379-03-15", False),
        ("2379-03", True),
        ("2379", True),
        ("2379-04", False),
        ("2380", False),
        ("2372", True),
    ],
)
def test_an_act_surely_after_the_filing_is_refused_and_a_doubt_is_not(
    campaign, as_federation, draft, klingon, act, allowed
):
    sent = typed(campaign, klingon, act_on=act, place="Kept")
    answer = as_federation.post(url(campaign, "draft", token=draft.token), sent)
    draft.refresh_from_db()
    assert draft.place == "Kept"
    if allowed:
        assert (answer.status_code, draft.stage) == (302, "ruling")
    else:
        assert answer.status_code == 422
        assert answer.context["form"].errors["act_on"] == [
            "The act cannot be later than the filing, and today is 14 March 2379."
        ]
        assert answer.context["form"]["act_on"].value() == act
        assert draft.stage == "draft"


@pytest.mark.parametrize("act", ["2379-03-15", "2379-04", "2380"])
def test_while_it_is_typed_the_page_says_what_filing_would_refuse(
    campaign, as_federation, draft, klingon, act
):
    sent = typed(campaign, klingon, act_on=act)
    typing = as_federation.post(
        url(campaign, "draft-save", token=draft.token), sent, headers={"HX-Request": "true"}
    )
    opened = as_federation.get(url(campaign, "draft", token=draft.token))
    for answer in (typing, opened):
        assert "The act cannot be later than the filing, and today is 14 March 2379." in answer.text
        assert "can be filed" not in answer.text
        assert answer.context["jurisdiction"].judged == []
        assert [strip.act for strip in answer.context["jurisdiction"].strips] == [None]
    filing = as_federation.post(url(campaign, "draft", token=draft.token), sent)
    assert filing.context["obstacles"] == filing.context["form"].errors["act_on"]


def test_a_whole_draft_is_said_to_be_whole(campaign, as_federation, draft):
    assert (
        "It is whole, and can be filed." in as_federation.get(url(campaign, "draft", token=draft.token)).text
    )


def test_a_refusal_is_told_at_the_top_with_a_way_to_each_field(campaign, as_federation, draft, klingon):
    sent = typed(campaign, klingon, title="", act_on="2380", provisions=None)
    page = as_federation.post(url(campaign, "draft", token=draft.token), sent).text
    summary = page[page.index("data-errors") :]
    summary = summary[: summary.index("</div>")]
    assert re.findall(r'href="#([^"]+)"', summary) == ["id_provisions", "id_act_on", "id_title"]
    for name in ("id_provisions", "id_act_on", "id_title"):
        assert f'id="{name}"' in page
    assert 'role="alert"' in page
    assert "data-errors" not in as_federation.get(url(campaign, "draft", token=draft.token)).text


@pytest.mark.parametrize(("use", "said"), [
    ("2379-02-20", "The act itself is among the uses on record."),
    ("2379-02-21", "The act itself is not among the uses on record, so it is not counted."),
    ("2379", "The act itself may be among the uses on record"),
])  # fmt: skip
def test_a_draft_says_whether_the_act_is_among_the_uses(campaign, as_federation, draft, klingon, use, said):
    cited = provision(campaign, 1)
    RecordedUse.objects.create(provision=cited, power=klingon, on=D(use))
    as_federation.post(
        url(campaign, "draft-save", token=draft.token), typed(campaign, klingon, provisions=[cited.pk])
    )
    assert said in as_federation.get(url(campaign, "draft", token=draft.token)).text


def test_an_exempt_act_is_not_governed_though_both_are_bound(campaign, as_gm, draft, federation_player):
    actions.save_draft(complaint=draft, by=federation_player, provisions=[provision(campaign, 1)])
    actions.file_complaint(complaint=draft, by=federation_player, now=NOW)
    for page in ("complaint", "docket"):
        text = as_gm.get(url(campaign, page, **({"number": 1} if page == "complaint" else {}))).text
        assert "Not governed" in text
        assert "Not bound" not in text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("20 February 2379", "2379-02-20"),
        ("20 feb 2379", "2379-02-20"),
        ("February 2379", "2379-02"),
        ("2379", "2379"),
    ],
)
def test_the_day_may_be_typed_in_words(campaign, as_federation, draft, klingon, written, kept):
    as_federation.post(
        url(campaign, "draft-save", token=draft.token), typed(campaign, klingon, act_on=written)
    )
    draft.refresh_from_db()
    assert draft.act_on == D(kept)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("31 February 2379", "There is no day 31 in February 2379: it has 28 days."),
        ("20 Ju 2379", "is not a story date"),
        ("20 Jum 2379", "is not a story date"),
        ("Mayhem 2379", "is not a story date"),
        ("20 February", "is not a story date"),
    ],
)
def test_words_that_are_no_date_are_refused_as_before(
    campaign, as_federation, draft, klingon, written, sentence
):
    answer = as_federation.post(
        url(campaign, "draft-save", token=draft.token), typed(campaign, klingon, act_on=written)
    )
    assert sentence in answer.context["form"].errors["act_on"][0]
    assert answer.context["form"]["act_on"].value() == written
    assert 'inputmode="numeric"' not in answer.text


def test_a_draft_filed_twice_or_from_two_tabs_is_one_complaint(campaign, as_federation, draft, klingon):
    sent = typed(campaign, klingon)
    answers = [as_federation.post(url(campaign, "draft", token=draft.token), sent) for _ in range(2)]
    assert {answer.url for answer in answers} == {url(campaign, "complaint", number=1)}
    assert Complaint.objects.count() == 1
    assert Activity.objects.filter(kind=ActivityKind.FILED).count() == 1


def test_a_filed_statement_is_never_edited(campaign, as_federation, federation_player, draft, klingon):
    actions.file_complaint(complaint=draft, by=federation_player, now=NOW)
    late = typed(campaign, klingon, title="Changed")
    answer = as_federation.post(
        url(campaign, "draft-save", token=draft.token), late, headers={"HX-Request": "true"}
    )
    assert "never edited" in answer.content.decode()
    as_federation.post(url(campaign, "draft", token=draft.token), late)
    with pytest.raises(Refused, match="never edited"):
        actions.save_draft(complaint=draft, by=federation_player, title="Changed")
    draft.refresh_from_db()
    assert draft.title == "Prisoners of Ajilon"


def test_nobody_files_in_anothers_name(campaign, draft, gm, klingon_player, observer, outsider):
    for person in (gm, klingon_player, observer, outsider):
        with pytest.raises(Refused, match="Only its own delegation"):
            actions.file_complaint(complaint=draft, by=person, now=NOW)
        with pytest.raises(Refused):
            actions.save_draft(complaint=draft, by=person, title="Changed")
        with pytest.raises(Refused):
            actions.discard_draft(complaint=draft, by=person)
    draft.refresh_from_db()
    assert (draft.stage, draft.number, draft.title) == ("draft", None, "Prisoners of Ajilon")


def test_drafts_leave_no_gap_in_the_numbers(campaign, federation, federation_player, gm, cardassian):
    made = [
        actions.draft_complaint(campaign=campaign, power=federation, by=federation_player, now=NOW)
        for _ in range(4)
    ]
    for complaint in made:
        actions.save_draft(
            complaint=complaint,
            by=federation_player,
            respondent=cardassian,
            provisions=[provision(campaign, 3)],
            act_on=D("2379-01"),
            title="An act",
            statement="It was so.",
        )
    actions.discard_draft(complaint=made[1], by=federation_player)
    numbers = [
        actions.file_complaint(complaint=each, by=federation_player, now=NOW).number
        for each in (made[3], made[0])
    ]
    assert numbers == [1, 2]


def test_each_provision_cited_has_its_own_ruling(campaign, as_federation, draft, klingon):
    Reservation.objects.create(provision=provision(campaign, 4), power=klingon, entered=D("2376"))
    RecordedUse.objects.create(provision=provision(campaign, 1), power=klingon, on=D("2379-02"))
    sent = typed(campaign, klingon, provisions=[provision(campaign, n).pk for n in (1, 3, 4)])
    as_federation.post(url(campaign, "draft", token=draft.token), sent)
    verdicts = {r.citation.provision.number: r.verdict for r in Ruling.objects.all()}
    assert verdicts == {1: "not bound", 3: "bound", 4: "not bound"}
    draft.refresh_from_db()
    assert records.verdict_of(draft) == "bound"


def test_uses_by_anyone_count_against_an_exemption(campaign, draft, federation_player, romulan, ferengi):
    first = provision(campaign, 1)
    for power, day in ((romulan, "10"), (ferengi, "12"), (romulan, "15"), (ferengi, "18")):
        RecordedUse.objects.create(provision=first, power=power, on=D(f"2379-02-{day}"))
    actions.save_draft(complaint=draft, by=federation_player, provisions=[first])
    actions.file_complaint(complaint=draft, by=federation_player, now=NOW)
    assert Ruling.objects.get().verdict == "bound"
    assert "use had become widespread" in Ruling.objects.get().grounds[3]["because"]


@pytest.mark.parametrize("power", ["United Federation of Planets", "Klingon Empire", "Romulan Star Empire"])
def test_names_in_sentences_take_their_article(power):
    assert records.called(Power(name=power)) == f"the {power}"


@pytest.mark.parametrize("power", ["Bajor", "The Dominion", "New Risa"])
def test_names_that_take_none_get_none(power):
    assert records.called(Power(name=power)) == power


# Ruling -------------------------------------------------------------------------------------------------------------


def decide(client, complaint, decision, reason=""):
    return client.post(
        url(complaint.campaign, "complaint-rule", number=complaint.number),
        {"decision": decision, "reason": reason},
    )


@pytest.mark.parametrize(
    ("verdict", "decision", "reason", "done", "overrules"),
    [
        ("bound", "admit", "", True, False),
        ("bound", "decline", "", False, None),
        ("bound", "decline", "The parties have made peace.", True, True),
        ("not bound", "decline", "", True, False),
        ("not bound", "admit", "", False, None),
        ("not bound", "admit", "The table wants to hear it.", True, True),
        ("in doubt", "admit", "", False, None),
        ("in doubt", "admit", "  ", False, None),
        ("in doubt", "admit", "The log settles the day.", True, False),
        ("in doubt", "decline", "", False, None),
        ("in doubt", "decline", "Nobody recalls the day.", True, False),
    ],
)
def test_the_chair_rules(campaign, as_gm, verdict, decision, reason, done, overrules):
    complaint = make_complaint(campaign, verdict=verdict)
    answer = decide(as_gm, complaint, decision, reason)
    complaint.refresh_from_db()
    if not done:
        assert answer.status_code == 422
        assert "reason" in answer.context["ruling_form"].errors
        assert complaint.stage == "ruling"
        assert not Admission.objects.exists()
        return
    assert complaint.stage == ("admitted" if decision == "admit" else "inadmissible")
    admission = complaint.admission
    assert (admission.admitted, admission.overrules) == (decision == "admit", overrules)
    assert (admission.reason, admission.on, admission.by.username) == (reason, campaign.today, "gm")
    assert Activity.objects.get().kind == ActivityKind.RULED


@pytest.mark.parametrize("who", ["as_federation", "as_klingon", "as_observer", "as_outsider"])
@pytest.mark.parametrize("name", ["complaint-rule", "complaint-return", "complaint-schedule"])
def test_only_the_chair_rules(campaign, who, name, request):
    complaint = make_complaint(campaign)
    client = request.getfixturevalue(who)
    answer = client.post(url(campaign, name, number=1), {"decision": "admit", "reason": "x"})
    assert answer.status_code == 404
    complaint.refresh_from_db()
    assert complaint.stage == "ruling"


def test_an_action_asked_by_a_player_refuses_as_well(campaign, federation_player):
    complaint = make_complaint(campaign)
    with pytest.raises(Refused, match="This is for the chair"):
        actions.admit(complaint=complaint, admitted=True, reason="", by=federation_player, now=NOW)


def test_a_corrected_record_is_ruled_on_again_until_the_chair_decides(
    campaign, as_gm, draft, federation_player
):
    actions.file_complaint(complaint=draft, by=federation_player, now=NOW)
    second = campaign.treaties.get(numeral="II")
    second.adherences.filter(power__slug="klingon", left=None).update(left=D("2378"))
    page = as_gm.get(url(campaign, "complaint", number=1)).content.decode()
    assert "The record has changed since this ruling was computed." in page
    decide(as_gm, Complaint.objects.get(), "again")
    assert Ruling.objects.get().verdict == "not bound"
    decide(as_gm, Complaint.objects.get(), "decline")
    second.adherences.filter(power__slug="klingon", left=D("2378")).update(left=None)
    answer = decide(as_gm, Complaint.objects.get(), "again")
    assert answer.status_code == 409
    assert Ruling.objects.get().verdict == "not bound"


def test_the_chair_may_come_back_to_it_as_an_overrule(campaign, as_gm):
    complaint = make_complaint(campaign, ComplaintStage.SCHEDULED)
    assert decide(as_gm, complaint, "decline").status_code == 422
    assert decide(as_gm, complaint, "decline", "The treaty was forged.").status_code == 302
    complaint.refresh_from_db()
    assert complaint.stage == "inadmissible"
    assert complaint.admission.overrules
    assert records.hearing_of(complaint) is None


# Returned, withdrawn ------------------------------------------------------------------------------------------------


def test_a_returned_complaint_is_amended_and_filed_again_under_its_number(
    campaign, as_gm, as_federation, as_klingon, draft, federation_player, klingon, federation
):
    actions.file_complaint(complaint=draft, by=federation_player, now=NOW)
    empty = as_gm.post(url(campaign, "complaint-return", number=1), {"reason": ""})
    assert empty.status_code == 422
    assert "reason" in empty.context["return_form"].errors
    as_gm.post(url(campaign, "complaint-return", number=1), {"reason": "Name the place."})
    draft.refresh_from_db()
    assert (draft.stage, draft.number, draft.returned_because) == ("returned", 1, "Name the place.")
    told = Activity.objects.get(kind=ActivityKind.RETURNED)
    assert (told.audience, list(told.powers.all())) == (Audience.POWERS, [federation])
    assert as_klingon.get(url(campaign, "complaint", number=1)).status_code == 404
    assert "Name the place." in as_federation.get(url(campaign, "docket")).content.decode()
    as_federation.post(url(campaign, "draft", token=draft.token), typed(campaign, klingon, place="Sector 12"))
    draft.refresh_from_db()
    assert (draft.stage, draft.number, draft.place) == ("ruling", 1, "Sector 12")
    assert Ruling.objects.count() == 1
    assert as_klingon.get(url(campaign, "complaint", number=1)).status_code == 200


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("respondent", "A complaint that was filed keeps a respondent; give another."),
        ("act_on", "A complaint that was filed keeps the day of the act; give another."),
    ],
)
def test_what_has_a_number_keeps_its_respondent_and_its_day_while_it_is_amended(
    campaign, as_federation, as_gm, federation_player, klingon, field, sentence, htmx
):
    complaint = make_complaint(campaign, ComplaintStage.RETURNED)
    before = getattr(complaint, field)
    answer = as_federation.post(
        url(campaign, "draft-save", token=complaint.token),
        {**typed(campaign, klingon), "place": "Kept", "title": "", field: ""},
        headers={"HX-Request": "true"} if htmx else {},
    )
    assert answer.status_code == (200 if htmx else 422)
    assert sentence in answer.content.decode()
    complaint.refresh_from_db()
    assert (complaint.place, complaint.title, getattr(complaint, field)) == ("Kept", "", before)
    with pytest.raises(Refused, match="keeps"):
        actions.save_draft(complaint=complaint, by=federation_player, **{field: None})
    assert as_gm.get(url(campaign, "complaint", number=1)).status_code == 200


def test_a_returned_complaint_is_not_discarded(campaign, federation_player):
    complaint = make_complaint(campaign, ComplaintStage.RETURNED)
    with pytest.raises(Refused):
        actions.discard_draft(complaint=complaint, by=federation_player)
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("stage", ["ruling", "admitted", "scheduled", "heard", "returned"])
def test_the_complainant_withdraws_until_a_decision(campaign, as_federation, stage):
    complaint = make_complaint(campaign, ComplaintStage(stage))
    assert as_federation.post(url(campaign, "complaint-withdraw", number=1)).status_code == 302
    complaint.refresh_from_db()
    assert complaint.stage == "withdrawn"
    assert (records.hearing_of(complaint) is None) == (stage != "heard")
    assert Activity.objects.get().kind == ActivityKind.WITHDRAWN


@pytest.mark.parametrize("stage", ["breach", "no breach", "inadmissible", "withdrawn"])
def test_what_is_decided_is_not_withdrawn(campaign, as_federation, stage):
    complaint = make_complaint(campaign, ComplaintStage(stage))
    assert as_federation.post(url(campaign, "complaint-withdraw", number=1)).status_code == 409
    complaint.refresh_from_db()
    assert complaint.stage == stage


@pytest.mark.parametrize("who", ["as_klingon", "as_observer"])
def test_nobody_withdraws_anothers_complaint(campaign, who, request):
    complaint = make_complaint(campaign)
    client = request.getfixturevalue(who)
    assert client.post(url(campaign, "complaint-withdraw", number=1)).status_code == 404
    complaint.refresh_from_db()
    assert complaint.stage == "ruling"


def test_a_complaint_is_not_withdrawn_from_under_an_open_vote(campaign, as_federation):
    complaint = make_complaint(campaign, ComplaintStage.HEARD)
    factories.make_motion(complaint.hearing.conference, "voting", complaint=complaint)
    assert as_federation.post(url(campaign, "complaint-withdraw", number=1)).status_code == 409
    complaint.refresh_from_db()
    assert complaint.stage == "heard"


# Agenda -------------------------------------------------------------------------------------------------------------


def test_an_admitted_complaint_goes_last_on_an_agenda(campaign, as_gm):
    conference = make_conference(campaign)
    make_complaint(campaign, ComplaintStage.SCHEDULED, conference=conference)
    complaint = make_complaint(campaign, ComplaintStage.ADMITTED)
    page = as_gm.get(url(campaign, "complaint", number=2))
    assert list(page.context["schedule_form"].fields["conference"].queryset) == [conference]
    for _ in range(2):
        as_gm.post(url(campaign, "complaint-schedule", number=2), {"conference": conference.pk})
    complaint.refresh_from_db()
    assert (complaint.stage, complaint.hearing.position) == ("scheduled", 2)
    assert Activity.objects.filter(kind=ActivityKind.SCHEDULED).count() == 1


def test_a_conference_of_another_treaty_or_a_closed_one_does_not_hear_it(campaign, as_gm, gm):
    other = factories.make_treaty(campaign)
    wrong = [
        make_conference(campaign, treaty=other),
        make_conference(campaign, stage="closed"),
    ]
    complaint = make_complaint(campaign, ComplaintStage.ADMITTED)
    page = as_gm.get(url(campaign, "complaint", number=1))
    assert page.context["schedule_form"] is None
    assert "Make a conference" in page.content.decode()
    for conference in wrong:
        assert (
            as_gm.post(
                url(campaign, "complaint-schedule", number=1), {"conference": conference.pk}
            ).status_code
            == 422
        )
        with pytest.raises(Refused):
            actions.schedule(complaint=complaint, conference=conference, by=gm, now=NOW)
    complaint.refresh_from_db()
    assert complaint.stage == "admitted"


@pytest.mark.parametrize("stage", ["ruling", "heard", "breach", "withdrawn"])
def test_only_what_was_admitted_is_scheduled(campaign, gm, stage):
    complaint = make_complaint(campaign, ComplaintStage(stage))
    with pytest.raises(Refused):
        actions.schedule(
            complaint=complaint, conference=make_conference(campaign), by=gm, now=NOW + timedelta(1)
        )
