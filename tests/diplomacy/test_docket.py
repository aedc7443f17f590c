"""The docket and the page of a complaint: what each viewer reads there, and what it costs."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from diplomacy.actions import complaints as actions
from diplomacy.models import Complaint
from diplomacy.rules.jurisdiction import Verdict
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.actions import activity
from khitomer.errors import Refused
from khitomer.models import ActivityKind
from tests import factories
from tests.factories import NOW, make_complaint, make_conference, make_motion

EVERYONE = ["as_gm", "as_co_gm", "as_federation", "as_klingon", "as_romulan", "as_observer"]


def url(campaign, name, **kwargs):
    return reverse(name, kwargs={"campaign": campaign.slug, **kwargs})


def titles(answer):
    return [row.complaint.title for row in answer.context["rows"]]


# The docket ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("", ["Open"]),
        ("open", ["Open"]),
        ("closed", ["Closed"]),
        ("all", ["Closed", "Open"]),
        ("x", ["Open"]),
    ],
)
@pytest.mark.parametrize("who", EVERYONE)
def test_the_docket_shows_open_closed_or_all(campaign, who, show, expected, request):
    make_complaint(campaign, ComplaintStage.RULING, title="Open")
    make_complaint(campaign, ComplaintStage.BREACH, title="Closed")
    answer = request.getfixturevalue(who).get(url(campaign, "docket"), {"show": show})
    assert titles(answer) == expected


@pytest.mark.parametrize("who", ["as_gm", "as_federation", "as_observer"])
@pytest.mark.parametrize("show", ["open", "closed", "all"])
def test_an_empty_docket_says_what_to_do(campaign, who, show, request):
    answer = request.getfixturevalue(who).get(url(campaign, "docket"), {"show": show})
    assert 'class="empty"' in answer.content.decode()


def test_outsiders_see_no_docket(campaign, as_outsider, as_anonymous):
    assert as_outsider.get(url(campaign, "docket")).status_code == 404
    assert as_anonymous.get(url(campaign, "docket")).status_code == 302


def test_a_delegation_finds_its_own_drafts_on_top(campaign, as_federation, as_klingon):
    make_complaint(campaign, ComplaintStage.DRAFT, title="")
    make_complaint(campaign, ComplaintStage.RETURNED, title="Came back", returned_because="No place.")
    own = as_federation.get(url(campaign, "docket"))
    assert [draft.title for draft in own.context["drafts"]] == ["", "Came back"]
    assert "Untitled" in own.content.decode()
    assert as_klingon.get(url(campaign, "docket")).context["drafts"] == []


@pytest.mark.parametrize(
    ("stage", "tag", "waits"),
    [
        ("ruling", "Governed", "The chair is to admit it or not"),
        ("admitted", "Admitted", "A conference is to hear it"),
        ("scheduled", "Scheduled", "Conference 1 is to hear it"),
        ("heard", "Heard", "Conference 1 has heard it, and is to decide"),
        ("breach", "Breach", "Decided: a breach was found"),
        ("no decision", "No decision", "The conference came to no decision"),
        ("inadmissible", "Inadmissible", "Closed: found inadmissible"),
        ("withdrawn", "Withdrawn", "Closed: withdrawn by the complainant"),
    ],
)
def test_a_row_says_what_it_waits_for(campaign, as_observer, stage, tag, waits):
    make_complaint(campaign, ComplaintStage(stage))
    [row] = as_observer.get(url(campaign, "docket"), {"show": "all"}).context["rows"]
    assert (row.tag, row.waits) == (tag, waits)


@pytest.mark.parametrize("rows", [1, 3, 50])
@pytest.mark.parametrize(("who", "queries"), [("as_gm", 16), ("as_federation", 17), ("as_observer", 15)])
def test_the_docket_costs_the_same_at_any_length(
    campaign, who, queries, rows, request, django_assert_num_queries
):
    conference = make_conference(campaign)
    stages = [ComplaintStage.RULING, ComplaintStage.SCHEDULED, ComplaintStage.ADMITTED]
    for number in range(rows):
        make_complaint(campaign, stages[number % 3], conference=conference)
        make_complaint(campaign, ComplaintStage.DRAFT)
    client = request.getfixturevalue(who)
    with django_assert_num_queries(queries):
        assert len(client.get(url(campaign, "docket")).context["rows"]) == rows


def test_a_long_docket_is_read_in_pages(campaign, as_observer):
    for _ in range(51):
        make_complaint(campaign, ComplaintStage.RULING)
    first, second = (as_observer.get(url(campaign, "docket"), {"page": page}) for page in (1, 2))
    assert [len(answer.context["rows"]) for answer in (first, second)] == [50, 1]
    assert "51 complaints" in first.text
    assert "page 2 of 2" in second.text


def test_a_returned_complaint_leaves_its_number_and_nothing_else(campaign, as_observer, as_federation, gm):
    complaint = make_complaint(campaign, ComplaintStage.RULING, title="The lane")
    activity.record(
        campaign=campaign,
        kind=ActivityKind.FILED,
        now=NOW,
        number=1,
        path=url(campaign, "complaint", number=1),
    )
    actions.return_complaint(complaint=complaint, reason="No provision fits", by=gm, now=NOW)
    for page in (url(campaign, "docket"), url(campaign, "desk")):
        text = as_observer.get(page).text
        assert "The lane" not in text
        assert "docket/1/" not in text
    assert "No. 1 is back with its delegation" in as_observer.get(url(campaign, "docket")).text
    assert "No. 1 is back with its delegation" not in as_federation.get(url(campaign, "docket")).text
    # Filed anew where a parley comes first, it waits for the GM, and says no more than that.
    Complaint.objects.filter(pk=complaint.pk).update(stage=ComplaintStage.FILED.value)
    text = as_observer.get(url(campaign, "docket")).text
    assert "No. 1 was filed again, and waits to be docketed again" in text
    assert "No. 1 is back" not in text
    assert "The lane" not in text


# The page of a complaint --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [each for each in ComplaintStage if each is not ComplaintStage.DRAFT])
@pytest.mark.parametrize("who", ["as_gm", "as_federation", "as_klingon", "as_observer"])
def test_every_stage_has_a_page(campaign, who, stage, request):
    make_complaint(campaign, stage)
    answer = request.getfixturevalue(who).get(url(campaign, "complaint", number=1))
    hidden = stage in (ComplaintStage.RETURNED, ComplaintStage.FILED) and who in ("as_klingon", "as_observer")
    assert answer.status_code == (404 if hidden else 200)


def test_a_missing_complaint_and_a_hidden_one_answer_alike(campaign, as_klingon, as_outsider):
    make_complaint(campaign, ComplaintStage.RETURNED)
    for client in (as_klingon, as_outsider):
        hidden, none = (client.get(url(campaign, "complaint", number=n)) for n in (1, 99))
        assert (hidden.status_code, hidden.content) == (none.status_code, none.content)


STEPS = {
    "admit": 'value="admit"',
    "return": "/return/",
    "schedule": "/schedule/",
    "withdraw": "/withdraw/",
    "amend": "Amend it and file it again",
}


@pytest.mark.parametrize(
    ("who", "stage", "offered"),
    [
        ("as_gm", "ruling", {"admit", "return", "withdraw"}),
        ("as_gm", "admitted", {"schedule", "withdraw"}),
        ("as_gm", "scheduled", {"withdraw"}),
        ("as_gm", "returned", {"withdraw"}),
        ("as_gm", "breach", set()),
        ("as_federation", "ruling", {"withdraw"}),
        ("as_federation", "heard", {"withdraw"}),
        ("as_federation", "breach", set()),
        ("as_federation", "returned", {"withdraw", "amend"}),
        ("as_klingon", "ruling", set()),
        ("as_observer", "ruling", set()),
    ],
)
def test_the_page_offers_each_person_their_own_steps(campaign, who, stage, offered, request):
    conference = make_conference(campaign)
    make_complaint(campaign, ComplaintStage(stage), conference=conference)
    text = request.getfixturevalue(who).get(url(campaign, "complaint", number=1)).content.decode()
    assert {step for step, mark in STEPS.items() if mark in text} == offered
    assert text.count("button go") <= 1


def test_what_cannot_be_done_says_why(campaign, as_gm, as_federation, as_klingon, as_observer):
    """Only what a person of that role takes at some other stage: nobody is told of steps that are never theirs."""
    make_complaint(campaign)
    said = {
        who: [name for name, _ in client.get(url(campaign, "complaint", number=1)).context["why_not"]]
        for who, client in [("gm", as_gm), ("ufp", as_federation), ("kli", as_klingon), ("obs", as_observer)]
    }
    assert said == {
        "gm": ["Put it on an agenda", "Open the hearing"],
        "ufp": ["Edit the statement"],
        "kli": [],
        "obs": [],
    }
    assert "What cannot be done now" not in as_klingon.get(url(campaign, "complaint", number=1)).text


def test_the_page_draws_a_strip_for_each_treaty_cited(campaign, as_observer, federation, klingon):
    other = factories.make_treaty(campaign, signed="2370")
    factories.bind(other, federation, "2370")
    second = campaign.treaties.get(numeral="II")
    cited = [*second.provisions.filter(number=3), *other.provisions.all()]
    make_complaint(campaign, provisions=cited)
    answer = as_observer.get(url(campaign, "complaint", number=1))
    assert [strip.treaty for strip in answer.context["strips"]] == [second, other]
    bound = [(name, len(spans)) for strip in answer.context["strips"] for name, _, _, spans in strip.parties]
    assert bound == [
        ("United Federation of Planets", 1),
        ("Klingon Empire", 2),
        ("United Federation of Planets", 1),
        ("Klingon Empire", 0),
    ]


def test_an_act_before_the_treaty_still_has_its_strip(campaign, as_observer):
    make_complaint(campaign, act_on="2301-02", verdict=Verdict.NOT_BOUND)
    answer = as_observer.get(url(campaign, "complaint", number=1))
    assert answer.status_code == 200
    assert str(answer.context["strips"][0].start) == "2301"


def test_a_motion_in_draft_is_shown_to_its_sponsor_and_the_gm_alone(
    campaign, federation, as_gm, as_federation, as_klingon, as_observer
):
    complaint = make_complaint(campaign, ComplaintStage.HEARD)
    conference = complaint.hearing.conference
    seat = conference.seats.get(power=federation)
    make_motion(conference, MotionStage.DRAFT, complaint=complaint, sponsor=seat, title="Unspoken")
    make_motion(conference, MotionStage.SUBMITTED, complaint=complaint, title="Spoken")
    seen = {
        who: "Unspoken" in client.get(url(campaign, "complaint", number=1)).content.decode()
        for who, client in [("gm", as_gm), ("ufp", as_federation), ("kli", as_klingon), ("obs", as_observer)]
    }
    assert seen == {"gm": True, "ufp": True, "kli": False, "obs": False}


@pytest.mark.parametrize("many", [1, 5])
def test_the_page_costs_the_same_for_any_number_of_provisions(
    campaign, as_gm, many, django_assert_num_queries
):
    second = campaign.treaties.get(numeral="II")
    complaint = make_complaint(
        campaign, ComplaintStage.SCHEDULED, provisions=second.provisions.filter(number__lte=many)
    )
    for _ in range(many):
        make_motion(complaint.hearing.conference, complaint=complaint)
    with django_assert_num_queries(29):
        as_gm.get(url(campaign, "complaint", number=1))


def test_names_and_texts_are_escaped(campaign, as_gm, klingon):
    klingon.name = "<b>Klingon</b> Empire"
    klingon.save()
    make_complaint(campaign, title="<script>alert(1)</script>", statement="<img src=x onerror=alert(1)>")
    for name, kwargs in (("docket", {}), ("complaint", {"number": 1}), ("summons", {"number": 1})):
        text = as_gm.get(url(campaign, name, **kwargs)).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<b>Klingon" not in text


# Two at once --------------------------------------------------------------------------------------------------------


def at_once(work, items):
    """Run the work on every item in a thread of its own; what each returned or was refused with."""
    gate, found = threading.Barrier(len(items)), []

    def run(item):
        gate.wait(10)
        try:
            found.append(work(item))
        except Refused as refused:
            found.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.mark.django_db(transaction=True)
def test_a_draft_filed_eight_times_at_once_gets_one_number(campaign, federation_player):
    draft = make_complaint(campaign, ComplaintStage.DRAFT)

    def file(_):
        complaint = Complaint.objects.get(pk=draft.pk)
        return actions.file_complaint(complaint=complaint, by=federation_player, now=NOW).number

    assert at_once(file, list(range(8))) == [1] * 8
    assert campaign.activity.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_drafts_filed_at_once_get_eight_numbers_without_a_gap(campaign, federation_player):
    drafts = [make_complaint(campaign, ComplaintStage.DRAFT) for _ in range(8)]

    def file(draft):
        complaint = Complaint.objects.get(pk=draft.pk)
        return actions.file_complaint(complaint=complaint, by=federation_player, now=NOW).number

    assert sorted(at_once(file, drafts)) == list(range(1, 9))


@pytest.mark.django_db(transaction=True)
def test_admitted_and_withdrawn_at_once_ends_in_one_of_the_two(campaign, gm, federation_player):
    complaint = make_complaint(campaign)

    def step(name):
        if name == "admit":
            return actions.admit(complaint=complaint, admitted=True, reason="", by=gm, now=NOW).stage
        return actions.withdraw(complaint=complaint, by=federation_player, now=NOW).stage

    found = at_once(step, ["admit", "withdraw"])
    complaint.refresh_from_db()
    # Either the admission came first and was withdrawn, or it met a complaint that was gone.
    assert complaint.stage == "withdrawn"
    assert "withdrawn" in found
