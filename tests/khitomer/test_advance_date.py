"""Going on in the story: what comes up is chosen, seen before it is done, done as one and undone as one."""

import pytest

from khitomer.actions import campaigns, chronicle
from khitomer.models import Clock
from khitomer.rules.dates import StoryDate
from tests import factories
from tests.conftest import signed_in

parse = StoryDate.parse


@pytest.fixture
def opened(gm):
    opened = campaigns.open_campaign(name="Before the break", starts=parse("2372"), by=gm, now=factories.NOW)
    factories.make_clock(opened, "Breen withdrawal", slug="breen", size=6, filled=2, audience="gm")
    return opened


@pytest.fixture
def as_gm(opened, gm):
    return signed_in(gm)


def page_of(opened) -> str:
    return f"/c/{opened.slug}/date/"


def choices(opened, **more) -> dict[str, str]:
    """A post that lets the invasion happen, averts the condemnation and ticks the clock."""
    keys = {future.canon_key: future.pk for future in opened.futures.all()}
    return {
        "token": "d",
        "to": "2372-11",
        f"future-{keys['invasion-of-cardassia-prime']}": "enact",
        f"future-{keys['council-condemns-invasion']}": "avert",
        f"clock-{opened.clocks.get().pk}": "2",
        **more,
    }


def test_what_was_chosen_happens_with_the_date_as_one_source(opened, gm, as_gm):
    response = as_gm.post(page_of(opened), choices(opened, why="A long autumn"))
    assert response.status_code == 302
    opened.refresh_from_db()
    states = dict(opened.futures.values_list("canon_key", "state"))
    assert str(opened.today) == "2372-11"
    assert states["invasion-of-cardassia-prime"] == "enacted"
    assert states["council-condemns-invasion"] == "averted"
    assert states["klingon-withdrawal"] == "ahead"
    assert opened.events.filter(canon_key="invasion-of-cardassia-prime").exists()
    assert Clock.objects.get(slug="breen").filled == 4
    assert set(opened.ledger.values_list("source", "why")) == {("date:d", "A long autumn")}
    assert opened.entries.filter(slug="gowron").exists()
    assert "with the date" in as_gm.get(f"/c/{opened.slug}/ledger/").content.decode()
    chronicle.undo(campaign=opened, source="date:d", by=gm, why="too fast", now=factories.NOW)
    opened.refresh_from_db()
    assert str(opened.today) == "2372"
    assert set(opened.futures.values_list("state", flat=True)) == {"ahead"}
    assert Clock.objects.get(slug="breen").filled == 2
    assert not opened.events.filter(canon_key="invasion-of-cardassia-prime").exists()


def test_the_same_form_sent_twice_is_one_step(opened, as_gm):
    sent = choices(opened)
    for _ in range(2):
        as_gm.post(page_of(opened), sent)
    assert opened.ledger.filter(kind="advance date").count() == 1
    assert Clock.objects.get(slug="breen").filled == 4


def test_looking_shows_before_and_after_and_changes_nothing(opened, as_gm):
    page = as_gm.post(page_of(opened), choices(opened, do="look"))
    part = as_gm.post(page_of(opened), choices(opened, do="look"), headers={"HX-Request": "true"})
    for answer in (page, part):
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "goes from 2 to 4 of 6" in text
        assert "Event in 2372: Invasion of Cardassia Prime" in text
        assert "averted" in text
    assert "<h1" in page.content.decode() and "<h1" not in part.content.decode()
    assert opened.ledger.count() == 0


def test_what_was_chosen_stays_chosen_when_looked_at(opened, as_gm):
    text = as_gm.post(page_of(opened), choices(opened, do="look")).content.decode()
    assert text.count('value="enact" id') == text.count('value="enact"')
    assert text.count(" checked") == opened.futures.filter(on__lte="2372-11-30").count()
    assert '<option value="2" selected>' in text


def test_canon_that_cannot_be_made_is_refused_whole(opened, as_gm):
    factories.make_event(opened, "Taken", slug="invasion-of-cardassia-prime", audience="gm")
    response = as_gm.post(page_of(opened), choices(opened))
    assert response.status_code == 422
    assert "cannot be made" in response.content.decode()
    opened.refresh_from_db()
    assert (str(opened.today), opened.ledger.count()) == ("2372", 0)
    assert Clock.objects.get(slug="breen").filled == 2


@pytest.mark.parametrize("value", ["9", "-1", "x"])
def test_a_clock_ticks_only_as_far_as_it_goes(opened, as_gm, value):
    sent = choices(opened) | {f"clock-{opened.clocks.get().pk}": value}
    assert as_gm.post(page_of(opened), sent).status_code == 422
    assert opened.ledger.count() == 0


def test_canon_that_comes_after_the_date_is_not_asked_about_and_not_settled(opened, as_gm):
    late = opened.futures.get(canon_key="dominion-war")
    assert "Dominion War" not in as_gm.get(f"{page_of(opened)}?to=2372-11").content.decode()
    as_gm.post(page_of(opened), choices(opened) | {f"future-{late.pk}": "enact"})
    late.refresh_from_db()
    assert late.state == "ahead"


def test_canon_that_lost_its_ground_says_so_beside_its_choice(opened, gm, as_gm):
    future = opened.futures.get(canon_key="council-condemns-invasion")
    campaigns.avert_future(future=future, by=gm, now=factories.NOW, token="a")
    text = as_gm.get(f"{page_of(opened)}?to=2372-11").content.decode()
    assert "It rests on “The Federation Council condemns the invasion”, which was averted." in text
