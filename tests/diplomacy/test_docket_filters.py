"""The docket as an open list: narrowed, counted, paged and drawn; and what it must not give away."""

from itertools import product

import pytest
from django.urls import reverse

from diplomacy.models import Joinder
from diplomacy.models.complaints import JoinderRole
from diplomacy.records_docket import Filters, filters_of
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.drawing import quarrels
from khitomer.models import Provision
from khitomer.rules.dates import StoryDate
from tests.factories import make_complaint, make_conference, make_motion, make_resolution


def url(campaign, name="docket"):
    return reverse(name, kwargs={"campaign": campaign.slug})


def numbers(answer):
    return sorted(row.complaint.number for row in answer.context["rows"])


def provision(campaign, number):
    return Provision.objects.filter(treaty__campaign=campaign, treaty__numeral="II", number=number)


@pytest.fixture
def docket(campaign, federation, klingon, romulan, cardassian):
    """Four complaints: 1 UFP v. KLI; 2 KLI v. ROM; 3 UFP v. ROM and KLI; 4 CAR v. UFP."""
    day = StoryDate.parse
    make_complaint(campaign, ComplaintStage.RULING, filed_on=day("2379-01-02"))
    make_complaint(
        campaign, ComplaintStage.BREACH, complainant=klingon, respondent=romulan, filed_on=day("2378")
    )
    third = make_complaint(
        campaign,
        ComplaintStage.ADMITTED,
        respondent=romulan,
        provisions=provision(campaign, 1) | provision(campaign, 2),
        filed_on=day("2379-02"),
    )
    Joinder.objects.create(complaint=third, power=klingon, role=JoinderRole.RESPONDENT)
    Joinder.objects.create(complaint=third, power=cardassian, role=JoinderRole.THIRD_PARTY)
    make_complaint(
        campaign,
        ComplaintStage.SETTLED,
        complainant=cardassian,
        respondent=federation,
        filed_on=day("2378-12-31"),
    )
    return campaign


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [1, 3]),
        ({"show": "closed"}, [2, 4]),
        ({"show": "all"}, [1, 2, 3, 4]),
        ({"show": "admitted"}, [3]),
        ({"show": "no breach"}, []),
        ({"show": "all", "party": "klingon"}, [1, 2, 3]),
        ({"show": "all", "party": "cardassian"}, [4]),  # a third party is no party
        ({"show": "all", "by": "klingon"}, [2]),
        ({"show": "all", "against": "klingon"}, [1, 3]),
        ({"show": "all", "against": "romulan"}, [2, 3]),
        ({"show": "all", "by": "federation", "against": "klingon"}, [1, 3]),
        ({"show": "all", "provision": "second-khitomer-accords.3"}, [1, 2, 4]),
        ({"show": "all", "provision": "second-khitomer-accords.1"}, [3]),
        ({"show": "all", "provision": "second-khitomer-accords.5"}, []),
        ({"show": "all", "year": "2378"}, [2, 4]),
        ({"show": "all", "year": "2379"}, [1, 3]),
        ({"show": "closed", "year": "2378", "party": "klingon"}, [2]),
        ({"party": "klingon", "year": "2378"}, []),
    ],
)
def test_the_docket_narrows(docket, as_observer, asked, expected):
    answer = as_observer.get(url(docket), asked)
    assert numbers(answer) == expected
    assert f"{len(expected)} complaint{'' if len(expected) == 1 else 's'}" in answer.text
    if not expected:
        unknown = any(value in ("no breach", "second-khitomer-accords.5") for value in asked.values())
        said = "Nothing on the docket goes by" if unknown else "No complaint is like that"
        assert said in answer.text


NONSENSE = [
    "x",
    "",
    "0000",
    "2379-01",
    "'; drop",
    "a.b.c",
    "-.9999999",
    "9" * 30,
    "è",
    "open ",
    "٢٣٧٩",
]


@pytest.mark.parametrize("name", ["show", "party", "by", "against", "provision", "year", "page"])
@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_is_not_asked(docket, as_observer, name, value):
    answer = as_observer.get(url(docket), {name: value})
    assert answer.status_code == 200
    assert set(numbers(answer)) <= {1, 3}


def test_the_byte_nought_is_not_understood_here_either(docket, as_observer):
    assert as_observer.get(url(docket), {"party": "\x00"}).status_code == 400


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ({}, Filters()),
        ({"show": "heard", "year": "2379"}, Filters(show="heard", year="2379")),
        ({"show": "nowhere", "year": "79", "provision": "x"}, Filters()),
    ],
)
def test_filters_are_read_from_the_address(asked, read):
    assert filters_of(asked) == read


def test_the_query_keeps_what_was_asked():
    filters = Filters(show="all", party="klingon", year="2379")
    assert filters.query(page=2) == "show=all&party=klingon&year=2379&page=2"
    assert filters.query(show="open") == "show=open&party=klingon&year=2379"


def test_pages_keep_the_filters(campaign, as_observer, klingon, federation):
    for index in range(52):
        make_complaint(campaign, **({} if index else {"complainant": klingon, "respondent": federation}))
    first = as_observer.get(url(campaign), {"by": "federation"})
    assert "51 complaints" in first.text
    assert 'href="?show=open&amp;by=federation&amp;page=2"' in first.text
    second = as_observer.get(url(campaign), {"by": "federation", "page": "2"})
    assert len(second.context["rows"]) == 1
    assert 'href="?show=open&amp;by=federation&amp;page=1"' in second.text


def test_the_filters_can_be_cleared(docket, as_observer):
    assert "Clear the filters" not in as_observer.get(url(docket)).text
    assert 'href="?show=all">Clear the filters' in as_observer.get(url(docket), {"year": "2379"}).text


def test_every_respondent_stands_in_the_row(docket, as_observer):
    text = as_observer.get(url(docket), {"show": "admitted"}).text
    row = text[text.index("No. 3 ·") :][:700]
    assert "ROM" in row
    assert "KLI" in row


# What must not be given away ----------------------------------------------------------------------------------------

HIDDEN = [
    (ComplaintStage.DRAFT, {}),
    (ComplaintStage.FILED, {"number": None}),
    (ComplaintStage.RETURNED, {"number": 9}),
]


@pytest.mark.parametrize(("stage", "fields"), HIDDEN)
@pytest.mark.parametrize("who", ["as_romulan", "as_observer", "as_klingon"])
def test_what_is_hidden_is_in_no_option_and_no_count(
    campaign, stage, fields, who, request, cardassian, ferengi
):
    """The Cardassians complain of the Ferengi in secret: neither they, the provision, the year nor the stage shows."""
    make_complaint(campaign, ComplaintStage.RULING)
    make_complaint(
        campaign,
        stage,
        complainant=cardassian,
        respondent=ferengi,
        provisions=provision(campaign, 5),
        title="A canary",
        **({} if stage is ComplaintStage.DRAFT else {"filed_on": StoryDate.parse("2370")}),
        **fields,
    )
    client = request.getfixturevalue(who)
    answer = client.get(url(campaign), {"show": "all"})
    options = answer.context["options"]
    assert {power.slug for power in options.powers} == {"federation", "klingon"}
    assert [key for key, _ in options.provisions] == ["second-khitomer-accords.3"]
    assert options.years == ("2379",)
    assert options.stages == (ComplaintStage.RULING,)
    asked = [
        {"show": show, **more}
        for show, more in product(
            ["all", "open", stage.value],
            [
                {"party": "ferengi"},
                {"by": "cardassian"},
                {"against": "ferengi"},
                {"year": "2370"},
                {"provision": "second-khitomer-accords.5"},
            ],
        )
    ]
    for each in asked:
        found = client.get(url(campaign), each)
        assert numbers(found) == []
        assert "A canary" not in found.text
        assert "No. 9" not in found.text
    picture = client.get(url(campaign, "docket-picture")).text
    assert "Cardassian" not in picture
    assert "Ferengi" not in picture


def test_a_delegation_finds_its_draft_on_its_desk_and_in_no_filter(campaign, as_federation, ferengi):
    make_complaint(campaign, ComplaintStage.DRAFT, respondent=ferengi)
    answer = as_federation.get(url(campaign), {"show": "all"})
    assert len(answer.context["drafts"]) == 1
    assert answer.context["options"].powers == ()


# What it costs ------------------------------------------------------------------------------------------------------


def queries(client, address, asked):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        assert client.get(address, asked).status_code == 200
    return len(caught)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("docket", {"show": "all"}),
        ("docket", {"show": "all", "party": "klingon", "year": "2379"}),
        ("docket-picture", {}),
    ],
)
def test_three_hundred_complaints_cost_what_one_does(campaign, as_observer, name, asked, klingon, romulan):
    conference = make_conference(campaign)
    make_complaint(campaign, ComplaintStage.SCHEDULED, conference=conference)
    address = url(campaign, name)
    one = queries(as_observer, address, asked)
    for index in range(299):
        complaint = make_complaint(campaign, ComplaintStage.RULING)
        if index % 3 == 0:
            Joinder.objects.create(complaint=complaint, power=romulan, role=JoinderRole.RESPONDENT)
    # With several respondents there is one query more, for who they are.
    assert queries(as_observer, address, asked) <= one + 1


# The picture --------------------------------------------------------------------------------------------------------


def test_the_picture_counts_each_respondent(docket, as_observer):
    found = as_observer.get(url(docket, "docket-picture")).context["quarrels"]
    pairs = {(each.complainant.short, each.respondent.short): each.total for each in found.pairs}
    assert pairs == {("UFP", "KLI"): 2, ("UFP", "ROM"): 1, ("KLI", "ROM"): 1, ("CAR", "UFP"): 1}
    assert (found.complaints, found.charges) == (4, 5)


def test_the_picture_reads_without_a_style_sheet(docket, as_observer):
    text = as_observer.get(url(docket, "docket-picture")).text
    assert 'aria-label="United Federation of Planets of Klingon Empire: 2 complaints, 2 open"' in text
    assert 'fill="#c4513f"' in text  # the Klingons' breach
    assert "show=all&amp;by=klingon&amp;against=romulan" in text
    assert '<th scope="row">Klingon Empire</th>' in text
    assert 'style="' not in text


def test_each_disc_leads_to_its_complaints(docket, as_observer):
    picture = as_observer.get(url(docket, "docket-picture"))
    for line in picture.context["lines"]:
        assert len(as_observer.get(line["url"]).context["rows"]) == line["quarrel"].total


def test_an_empty_docket_has_no_picture(campaign, as_observer):
    assert "Nobody complains of anybody yet" in as_observer.get(url(campaign, "docket-picture")).text


def test_outsiders_see_no_picture(campaign, as_outsider, as_anonymous):
    assert as_outsider.get(url(campaign, "docket-picture")).status_code == 404
    assert as_anonymous.get(url(campaign, "docket-picture")).status_code == 302


def test_a_disc_is_cut_by_outcome_and_no_colour_but_a_colour_is_written():
    powers = [("a", "Alpha", "ALP", "#112233"), ("b", "Beta", "BET", "red;x")]
    board = quarrels.board(
        powers,
        [
            ("a", "b", (("open", 1), ("breach", 3)), "A of B", "/x/"),
            ("b", "a", (("open", 1),), "B of A", "/y/"),
        ],
        {"open": "#d9a441", "breach": "javascript:1"},
    )
    cut, whole = board.discs
    assert [bool(each.path) for each in cut.cuts] == [True, True]
    assert [each.path for each in whole.cuts] == [""]
    assert cut.r > whole.r
    assert (cut.x, cut.y) == (whole.y, whole.x)
    assert {each.fill for each in cut.cuts} == {"#d9a441", "#a9afbf"}
    assert board.heads[1].colour == "#a9afbf"
    with pytest.raises(KeyError):
        quarrels.board(powers, [("a", "c", (), "", "")], {})


@pytest.mark.parametrize(
    "asked",
    [
        {"party": "tholian-assembly"},
        {"by": "nobody"},
        {"against": "nobody"},
        {"provision": "nothing.9"},
        {"year": "1999"},
        {"show": "no breach"},
    ],
)
def test_what_no_complaint_has_stays_asked_and_names_itself(docket, as_observer, asked):
    (value,) = asked.values()
    answer = as_observer.get(url(docket), {"show": "all", **asked})
    assert numbers(answer) == []
    assert f'<option value="{value}" selected>{value}: nothing</option>' in answer.text
    assert f"Nothing on the docket goes by “{value}”." in answer.text


def test_what_is_hidden_and_what_never_was_are_told_alike(docket, campaign, romulan, as_observer):
    make_complaint(campaign, ComplaintStage.FILED, number=None, filed_on=StoryDate.parse("2377"))
    hidden, never = (as_observer.get(url(docket), {"year": year}).text for year in ("2377", "2376"))
    assert hidden.replace("2377", "2376") == never


def test_every_row_bears_the_colours_of_all_respondents(
    campaign, federation, klingon, romulan, as_gm, as_klingon, as_observer
):
    held = make_conference(campaign)
    complaint = make_complaint(campaign, ComplaintStage.HEARD, conference=held)
    Joinder.objects.create(complaint=complaint, power=romulan, role=JoinderRole.RESPONDENT)
    make_resolution(campaign, make_motion(held, MotionStage.ADOPTED, complaint=complaint))
    bars = [f'fill="{each.colour}"' for each in (federation, klingon, romulan)]
    conference = reverse("conference", args=[campaign.slug, held.slug])
    resolution = reverse("resolution", args=[campaign.slug, 1])
    for client, path in (
        (as_observer, url(campaign)),
        (as_observer, url(campaign, "resolutions")),
        (as_observer, resolution),
        (as_observer, conference),
        (as_observer, url(campaign, "desk")),
        (as_klingon, url(campaign, "desk")),
        (as_gm, url(campaign, "desk")),
    ):
        text = client.get(path).content.decode()
        pairs = [part.partition("</svg>")[0] for part in text.split('<svg class="dw-pair"')[1:]]
        assert any(all(bar in pair for bar in bars) for pair in pairs), path
    listed = as_observer.get(url(campaign, "resolutions")).text
    assert f"{federation.short} v. {klingon.short} and {romulan.short}" in listed
