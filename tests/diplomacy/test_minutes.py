"""The minutes: what a secretary writes of each step, who reads it when, and what never stands in it."""

import json

import pytest
from django.urls import reverse

from diplomacy.actions import ballots, publishing
from diplomacy.actions.minutes import note, overrule
from diplomacy.models import Conference, MinuteKind
from diplomacy.records_minutes import minutes_of
from diplomacy.records_minutes_words import sentence
from diplomacy.rules.charters import Mode
from diplomacy.rules.procedure import ComplaintStage, MotionKind, MotionStage
from khitomer.errors import Refused
from tests.factories import NOW, make_complaint, make_conference, make_motion, make_resolution


def url(campaign, conference, name="minutes"):
    return reverse(name, kwargs={"campaign": campaign.slug, "conference": conference.slug})


@pytest.fixture
def conference(campaign):
    return make_conference(campaign, name="The Ajilon conference")


@pytest.fixture
def sat(conference, federation):
    """A sitting of four lines."""
    note(conference=conference, kind=MinuteKind.OPENED, now=NOW, after="planned")
    note(conference=conference, kind=MinuteKind.SPOKE, now=NOW, power=federation, side="")
    note(conference=conference, kind=MinuteKind.NOTE, now=NOW, text="The lights failed.")
    note(conference=conference, kind=MinuteKind.CLOSED, now=NOW)
    return conference


# The sentences ------------------------------------------------------------------------------------------------------

K = MinuteKind

WRITTEN = [
    (K.OPENED, {}, "The sitting was opened, 14 March 2379."),
    (K.OPENED, {"after": "closed"}, "The sitting was opened again, 14 March 2379."),
    (K.OPENED, {"after": "suspended"}, "The sitting was resumed."),
    (K.SUSPENDED, {}, "The sitting was suspended."),
    (K.SUSPENDED, {"motion": 1}, "The sitting was suspended, as motion 1 had it."),
    (K.CLOSED, {}, "The sitting was closed."),
    (
        K.ROLL,
        {"present": ["Klingon Empire", "Cardassian Union"], "absent": ["Romulan Star Empire"]},
        "The roll was called. Present: Cardassian Union, Klingon Empire. Absent: Romulan Star Empire.",
    ),
    (K.ROLL, {"present": []}, "The roll was called. Present: nobody."),
    (K.HEARING, {"complaint": 1}, "The hearing of complaint No. 1 was opened."),
    (K.HEARD, {"power": 1, "complaint": 1}, "The Klingon Empire was heard on complaint No. 1."),
    (
        K.DEFAULT,
        {"power": 1, "complaint": 1},
        "The Klingon Empire did not appear on complaint No. 1 and was noted in default.",
    ),
    (
        K.SPOKE,
        {"power": 1, "motion": 1, "side": "for"},
        "The Klingon Empire spoke in favour of motion 1, “On peace”.",
    ),
    (
        K.SPOKE,
        {"power": 1, "motion": 1, "side": "against"},
        "The Klingon Empire spoke against motion 1, “On peace”.",
    ),
    (K.SPOKE, {"power": 1, "complaint": 1, "side": ""}, "The Klingon Empire spoke on complaint No. 1."),
    (
        K.SPOKE,
        {"power": 1, "complaint": 1, "reply": True},
        "The Klingon Empire spoke in reply on complaint No. 1.",
    ),
    (
        K.POINT,
        {"power": 1, "about": "The clock ran out", "ruling": "not sustained", "reason": "it had a minute"},
        "The Klingon Empire raised a point of order: The clock ran out. The chair ruled that it was not sustained."
        " It had a minute.",
    ),
    (K.MOVED, {"motion": 1}, "The chair moved motion 1, “On peace”."),
    (K.MOVED, {"power": 1, "motion": 1}, "The Klingon Empire moved motion 1, “On peace”."),
    (K.SECONDED, {"power": 1, "motion": 1}, "The Klingon Empire seconded motion 1, “On peace”."),
    (K.RULED, {"motion": 1, "what": "in order"}, "The chair ruled motion 1, “On peace”, in order."),
    (
        K.RULED,
        {"motion": 1, "what": "ruled out", "reason": "another treaty’s matter"},
        "The chair ruled motion 1, “On peace”, out of order. Another treaty’s matter.",
    ),
    (
        K.RULED,
        {"motion": 1, "what": "overruled on appeal", "by_motion": 5},
        "On appeal (motion 5), the conference overruled the chair’s ruling on motion 1, “On peace”.",
    ),
    (K.DEBATE, {"motion": 1, "what": "close debate"}, "The debate on motion 1, “On peace”, was closed."),
    (
        K.DEBATE,
        {"motion": 1, "what": "reconsidered", "by_motion": 4},
        "Motion 1, “On peace”, was taken up again, as motion 4 had it.",
    ),
    (
        K.AMENDED,
        {"motion": 1, "number": 2, "operation": "strike", "fell": [3, 4]},
        "Motion 1, “On peace”, was amended by amendment 2: a clause was struck."
        " Rejected by implication: amendments 3, 4.",
    ),
    (K.WITHDRAWN, {"power": 1, "motion": 1}, "The Klingon Empire withdrew motion 1, “On peace”."),
    (
        K.VOTE_OPENED,
        {"motion": 1, "mode": "roll call", "drawn": "the Klingon Empire"},
        "Motion 1, “On peace”, was put to the vote by roll call. The Klingon Empire was drawn to vote first.",
    ),
    (
        K.VOTE_OPENED,
        {"motion": 1, "mode": "secret", "second": True},
        "Motion 1, “On peace”, was put to the vote a second time by secret ballot.",
    ),
    (
        K.VOTE_CLOSED,
        {
            "motion": 1,
            "mode": "open",
            "outcome": "adopted",
            "yes": 2,
            "no": 1,
            "reason": "Adopted: 2 in favour, 1 against",
        },
        "Motion 1, “On peace”, was adopted: 2 in favour, 1 against.",
    ),
    (
        K.VOTE_CLOSED,
        {"motion": 1, "mode": "open", "outcome": "adopted", "yes": 3, "no": 0, "abstain": 1, "not_voting": 0},
        "Motion 1, “On peace”, was adopted, with 3 in favour, 0 against, 1 abstaining.",
    ),
    (
        K.VOTE_CLOSED,
        {
            "motion": 1,
            "mode": "open",
            "outcome": "vetoed",
            "vetoed_by": ["the Klingon Empire"],
            "reason": "so be it",
        },
        "Motion 1, “On peace”, was vetoed by the Klingon Empire. So be it.",
    ),
    (
        K.VOTE_CLOSED,
        {"motion": 1, "mode": "open", "outcome": "rejected", "yes": 1, "no": 1, "casting": "no"},
        "Motion 1, “On peace”, was rejected, with 1 in favour, 1 against. The chair’s casting vote was no.",
    ),
    (
        K.VOTE_CLOSED,
        {"motion": 1, "mode": "open", "outcome": "no quorum"},
        "Motion 1, “On peace”, was void for want of a quorum.",
    ),
    (K.DECIDED, {"complaint": 1, "stage": "no breach"}, "The conference found no breach in complaint No. 1."),
    (
        K.DECIDED,
        {"complaint": 1, "stage": "no decision"},
        "The conference came to no decision on complaint No. 1.",
    ),
    (K.ENACTED, {"number": 3, "title": "On peace", "motion": 1}, "Resolution 3, “On peace”, took effect."),
    (
        K.UNDONE,
        {"number": 3, "title": "On peace", "reason": "the table thought better of it"},
        "Resolution 3, “On peace”, was undone. Reason given: the table thought better of it.",
    ),
    (
        K.OVERRULED,
        {"complaint": 1, "step": "admit", "reason": "for the story"},
        "Overruled by the chair (complaint No. 1 · admit). Reason given: for the story.",
    ),
    (K.NOTE, {"text": "The lights failed"}, "The lights failed."),
]


@pytest.mark.parametrize(
    ("kind", "given", "written"), WRITTEN, ids=[f"{each[0].value}-{n}" for n, each in enumerate(WRITTEN)]
)
def test_a_line_is_written_as_a_secretary_writes(conference, klingon, kind, given, written):
    given = dict(given)
    rows = {}
    if given.pop("motion", None):
        rows["motion"] = make_motion(conference, title="On peace")
    if given.pop("complaint", None):
        rows["complaint"] = make_complaint(conference.campaign, ComplaintStage.HEARD, conference=conference)
    if given.pop("power", None):
        rows["power"] = klingon
    assert sentence(note(conference=conference, kind=kind, now=NOW, **rows, **given)) == written


@pytest.mark.parametrize("kind", MinuteKind)
def test_every_kind_has_a_sentence_even_when_everything_is_gone(conference, kind):
    """A motion may be thrown away and a reason left out: the line still reads."""
    written = sentence(note(conference=conference, kind=kind, now=NOW))
    assert written.endswith(".")
    assert written[0].isupper()
    assert "None" not in written
    assert "  " not in written


def test_what_is_subsidiary_is_called_by_what_it_asks(conference):
    parent = make_motion(conference, title="On peace")
    kinds = [
        (MotionKind.AMENDMENT, "Amendment to clause 1", "amendment 2"),
        (
            MotionKind.ADJOURN_DEBATE,
            "To adjourn the debate on motion 1",
            "motion 3 (to adjourn the debate on motion 1)",
        ),
    ]
    for kind, title, called in kinds:
        motion = make_motion(conference, kind=kind.value, parent=parent, title=title)
        row = note(conference=conference, kind=K.MOVED, now=NOW, motion=motion)
        assert sentence(row) == f"The chair moved {called}."


# The sittings -------------------------------------------------------------------------------------------------------


def test_lines_are_numbered_through_and_a_suspension_starts_no_new_sitting(conference):
    kinds = [
        (K.ROLL, {}),
        (K.OPENED, {"after": "planned"}),
        (K.SUSPENDED, {}),
        (K.OPENED, {"after": "suspended"}),
        (K.CLOSED, {}),
        (K.OPENED, {"after": "closed"}),
    ]
    for kind, given in kinds:
        note(conference=conference, kind=kind, now=NOW, **given)
    sittings = minutes_of(conference).sittings
    assert [each.title for each in sittings] == ["Before the sitting", "First sitting", "Second sitting"]
    assert [[line.number for line in each.lines] for each in sittings] == [[1], [2, 3, 4, 5], [6]]


def test_the_minutes_head_with_attendance_and_close_with_resolutions(conference, campaign):
    conference.seats.filter(power__slug="romulan").update(present=False)
    conference.seats.filter(power__slug="cardassian").update(observer=True)
    make_resolution(campaign, make_motion(conference, MotionStage.ADOPTED))
    found = minutes_of(conference)
    named = [[seat.power.short for seat in seats] for seats in vars(found.attendance).values()]
    assert named == [["KLI", "UFP"], ["ROM"], ["CAR"]]
    assert [(each.number, standing.word) for each, standing in found.resolutions] == [(1, "adopted")]


# What an open vote says, and a secret one does not ------------------------------------------------------------------


@pytest.mark.parametrize("mode", [Mode.OPEN, Mode.ROLL_CALL])
def test_an_open_vote_is_told_by_name_once_it_is_closed(conference, gm, mode):
    motion = ballots.open_vote(motion=make_motion(conference), by=gm, now=NOW, mode=mode.value)
    ballots.cast_for_empty(motion=motion, choice="no", by=gm, now=NOW)
    assert not any(line.votes for each in minutes_of(conference).sittings for line in each.lines)
    (opened,) = conference.minutes.filter(kind=K.VOTE_OPENED)
    opened.data.pop("drawn", None)  # by lot, and it may be this one
    assert "Cardassian" not in json.dumps(opened.data)
    ballots.close(motion=motion, by=gm, now=NOW)
    [votes] = [line.votes for each in minutes_of(conference).sittings for line in each.lines if line.votes]
    assert votes == (("Against", "Cardassian Union"),)


def test_a_secret_vote_has_its_result_and_nothing_else(conference):
    """Even if a row held the choices by a mistake of ours, they would not be read."""
    motion = make_motion(conference, MotionStage.REJECTED, mode=Mode.SECRET.value)
    for mode in ({"mode": "secret"}, {}):
        note(
            conference=conference,
            kind=K.VOTE_CLOSED,
            now=NOW,
            motion=motion,
            outcome="rejected",
            choices={"the Klingon Empire": "no"},
            **mode,
        )
    lines = [line for each in minutes_of(conference).sittings for line in each.lines]
    assert [line.votes for line in lines] == [(), ()]
    assert "Klingon" not in "".join(line.text for line in lines)


def test_an_overrule_is_minuted_with_its_reason(conference, campaign, gm):
    motion = make_motion(conference, title="On peace")
    overrule(
        campaign=campaign,
        step="open vote",
        reason="It is late",
        by=gm,
        now=NOW,
        motion=motion,
        conference=conference,
    )
    [line] = minutes_of(conference).sittings[0].lines
    assert line.text == "Overruled by the chair (motion 1, “On peace” · open vote). Reason given: It is late."


# Who reads them -----------------------------------------------------------------------------------------------------

READERS = ["as_gm", "as_co_gm", "as_federation", "as_klingon", "as_observer"]
CHAIRS = ("as_gm", "as_co_gm")


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("name", ["minutes", "minutes-print", "minutes-pdf"])
def test_the_draft_is_the_chairs(campaign, sat, who, name, request):
    client = request.getfixturevalue(who)
    assert client.get(url(campaign, sat, name)).status_code == (200 if who in CHAIRS else 404)


@pytest.mark.parametrize("who", READERS)
def test_published_everyone_reads_them_and_what_is_added(campaign, sat, gm, who, request):
    publishing.publish_minutes(conference=sat, by=gm, now=NOW)
    note(conference=sat, kind=K.OPENED, now=NOW, after="closed")
    note(conference=sat, kind=K.NOTE, now=NOW, text="A late line")
    client = request.getfixturevalue(who)
    for name in ("minutes", "minutes-print"):
        text = client.get(url(campaign, sat, name)).text
        assert "The lights failed." in text
        assert "A late line." in text
        assert "not been published" not in text
    assert client.get(url(campaign, sat, "minutes-pdf"))["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("who", ["as_outsider", "as_federation"])
def test_unpublished_and_missing_answer_alike(campaign, sat, who, request):
    client = request.getfixturevalue(who)
    sat_at = url(campaign, sat)
    hidden, none = client.get(sat_at), client.get(sat_at.replace(sat.slug, "no-such-conference"))
    assert (hidden.status_code, hidden.content) == (none.status_code, none.content)


@pytest.mark.parametrize("who", READERS)
def test_the_conference_leads_to_minutes_only_for_whom_there_are_any(campaign, sat, gm, who, request):
    client = request.getfixturevalue(who)
    page = reverse("conference", kwargs={"campaign": campaign.slug, "conference": sat.slug})
    assert (url(campaign, sat) in client.get(page).text) == (who in CHAIRS)
    publishing.publish_minutes(conference=sat, by=gm, now=NOW)
    assert url(campaign, sat) in client.get(page).text


def test_the_gm_publishes_and_takes_back(campaign, sat, as_gm, as_federation):
    publish = url(campaign, sat, "minutes-publish")
    assert as_gm.post(publish).url == url(campaign, sat)
    first = Conference.objects.get().minutes_published_at
    as_gm.post(publish)
    assert Conference.objects.get().minutes_published_at == first  # published once
    assert as_federation.get(url(campaign, sat)).status_code == 200
    as_gm.post(publish, {"to": "draft"})
    assert Conference.objects.get().minutes_published_at is None
    assert as_federation.get(url(campaign, sat)).status_code == 404


def test_nothing_is_published_where_nothing_was_kept(campaign, conference, gm, federation_player, as_gm):
    """A conference that sat before minutes were kept: nothing is made up for it."""
    make_motion(conference, MotionStage.ADOPTED)
    assert "No minutes were kept of this conference" in as_gm.get(url(campaign, conference)).text
    with pytest.raises(Refused, match="No minutes were kept"):
        publishing.publish_minutes(conference=conference, by=gm, now=NOW)
    with pytest.raises(Refused, match="for the chair"):
        publishing.publish_minutes(conference=conference, by=federation_player, now=NOW)
    with pytest.raises(Refused, match="for the chair"):
        publishing.unpublish_minutes(conference=conference, by=federation_player)


def test_what_people_wrote_is_escaped(campaign, sat, as_gm):
    note(conference=sat, kind=K.POINT, now=NOW, about="<script>alert(1)</script>")
    for name in ("minutes", "minutes-print"):
        text = as_gm.get(url(campaign, sat, name)).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_the_sheet_says_that_it_is_a_draft(campaign, sat, as_gm):
    assert "These minutes have not been published" in as_gm.get(url(campaign, sat, "minutes-print")).text
    letter = as_gm.get(url(campaign, sat, "minutes-print"), {"paper": "letter"}).text
    assert 'class="paper-letter ' in letter


@pytest.mark.parametrize("lines", [1, 300])
@pytest.mark.parametrize(("who", "queries"), [("as_gm", 10), ("as_observer", 10)])
def test_long_minutes_cost_what_short_ones_do(
    campaign, conference, klingon, gm, who, queries, lines, request, django_assert_num_queries
):
    motion = make_motion(conference)
    for _ in range(lines):
        note(conference=conference, kind=K.MOVED, now=NOW, motion=motion, power=klingon)
    publishing.publish_minutes(conference=conference, by=gm, now=NOW)
    client = request.getfixturevalue(who)
    with django_assert_num_queries(queries):
        assert client.get(url(campaign, conference)).status_code == 200
