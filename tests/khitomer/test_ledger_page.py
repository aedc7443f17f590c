"""The ledger as a history: what was made together, what it is narrowed by, and what an undo would meet."""

import pytest
from django.utils import timezone

from khitomer.actions import chronicle, story
from khitomer.rules import changes
from khitomer.rules.dates import StoryDate
from tests import factories

URL = "/c/long-peace/ledger/"


@pytest.fixture
def history(campaign, gm, co_gm):
    """A standing, then two changes at once by the co-GM, then an undo of the first."""
    given = {"campaign": campaign, "now": timezone.now()}
    one = [changes.ChangeStanding(power="klingon", other="federation", by=1)]
    chronicle.apply(
        changes=one, by=gm, why="A toast", source="gm:one", story_date=StoryDate.parse("2378-02"), **given
    )
    two = [
        changes.AddClock(slug="fleet", name="The fleet", size=4),
        changes.AddEvent(slug="raid", on=StoryDate.parse("2379-03"), title="A raid"),
    ]
    chronicle.apply(changes=two, by=co_gm, why="A raid", source="gm:two", **given)
    chronicle.undo(by=gm, why="A slip", source="gm:one", **given)
    return campaign


def numbers(client, **asked):
    groups = client.get(URL, asked).context["groups"]
    return [[line.row.sequence for line in group.lines] for group in groups]


def test_what_was_made_together_stands_together(history, as_gm):
    assert numbers(as_gm) == [[4], [3, 2], [1]]
    page = as_gm.get(URL).content.decode()
    assert "<s>" in page and 'href="#change-4"' in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "raid"}, [[3, 2]]),
        ({"kind": "standings"}, [[4], [1]]),
        ({"kind": "story"}, [[3, 2]]),
        ({"kind": "territory"}, []),
        ({"source": "gm"}, [[3, 2], [1]]),
        ({"source": "undo"}, [[4]]),
        ({"until": "2378"}, [[1]]),
        ({"since": "2379"}, [[4], [3, 2]]),
        ({"since": "2378", "until": "2378-06", "kind": "standings"}, [[1]]),
    ],
)
def test_it_is_narrowed(history, as_gm, asked, found):
    assert numbers(as_gm, **asked) == found


def test_by_whom(history, as_gm, co_gm):
    assert numbers(as_gm, by=str(co_gm.pk)) == [[3, 2]]


def test_what_cannot_be_asked_for_is_said_beside_its_field(history, as_gm):
    answer = as_gm.get(URL, {"since": "long ago"})
    assert answer.status_code == 422
    assert 'value="long ago"' in answer.content.decode()


def test_an_undo_that_cannot_be_says_so_beforehand_and_what_comes_first(history, as_gm, gm):
    clock = history.clocks.get(slug="fleet")
    story.tick_clock(campaign=history, clock=clock, number=2, by=gm, token="t", now=timezone.now())
    added = history.ledger.get(kind="tick clock")
    story.remove_clock(campaign=history, clock=clock, by=gm, token="r", now=timezone.now())
    page = as_gm.get(f"{URL}{added.sequence}/undo/")
    assert "cannot be taken back now" in page.content.decode()
    assert [row.kind for row in page.context["since"]] == ["remove clock"]
    fine = as_gm.get(f"{URL}3/undo/")
    assert fine.context["blocked"] == {} or "all" in fine.context["blocked"]


def test_the_ledger_is_the_gms(history, as_federation):
    assert as_federation.get(URL, {"q": "raid"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 50])
def test_a_narrowed_ledger_asks_as_often_for_many(campaign, gm, as_gm, rows, django_assert_num_queries):
    for number in range(rows):
        factories.make_clock(campaign, f"Clock {number}", filled=0)
        clock = campaign.clocks.get(name=f"Clock {number}")
        story.tick_clock(
            campaign=campaign, clock=clock, number=1, by=gm, token=f"t{number}", now=timezone.now()
        )
    with django_assert_num_queries(9):
        as_gm.get(URL, {"kind": "story", "q": "clock"})


def test_where_the_date_moved_the_heading_is_the_day_that_was_reached(history, as_gm, gm):
    story.advance_date(campaign=history, to=StoryDate.parse("2379-06"), by=gm, token="d", now=timezone.now())
    group = as_gm.get(URL).context["groups"][0]
    assert str(group.on) == "2379-06" != str(group.first.row.story_date)


def test_an_undo_needs_no_reason(history, as_gm):
    page = as_gm.get(f"{URL}3/undo/")
    assert "Both changes that were made together" in page.content.decode()
    assert as_gm.post(f"{URL}3/undo/", {"scope": "all", "why": ""}).status_code == 302
    assert history.ledger.filter(undoes__isnull=False).count() == 3
