"""The timeline as two lines: where the branch leaves canon, what became of canon, and what players never learn."""

import re

import pytest

from khitomer.actions import campaigns, story
from khitomer.drawing import timelines
from khitomer.models import Role
from khitomer.rules.changes import AddEvent
from khitomer.rules.dates import StoryDate
from tests import factories
from tests.conftest import signed_in

parse = StoryDate.parse


@pytest.fixture
def opened(gm, federation_player):
    """A campaign that begins in 2372, with one player."""
    opened = campaigns.open_campaign(name="Before the break", starts=parse("2372"), by=gm, now=factories.NOW)
    power = opened.powers.get(slug="united-federation-of-planets")
    factories.join(opened, federation_player, Role.PLAYER, power)
    return opened


@pytest.fixture
def as_gm(opened, gm):
    return signed_in(gm)


@pytest.fixture
def as_player(opened, federation_player):
    return signed_in(federation_player)


def url(campaign, rest: str = "timeline/") -> str:
    return f"/c/{campaign.slug}/{rest}"


def body(response) -> str:
    assert response.status_code == 200
    text = re.sub(r'(name="(?:csrfmiddlewaretoken|token)" value=")[^"]*', r"\1", response.content.decode())
    return re.sub(r"\s+", " ", text)


def avert(campaign, gm, key):
    future = campaigns.avert_future
    future(future=campaign.futures.get(canon_key=key), by=gm, now=factories.NOW, token=key)


def alter(campaign, gm, key, title, audience="all"):
    instead = AddEvent(slug="instead", on=parse("2372"), title=title, audience=audience)
    future = campaign.futures.get(canon_key=key)
    campaigns.alter_future(future=future, changes=[instead], by=gm, now=factories.NOW, token=key)


# The picture


def picture(*events, **more) -> timelines.Timeline:
    return timelines.timeline(
        events, start=parse("2368"), end=parse("2376"), now=parse("2374"), leaves=parse("2372"), **more
    )


def test_the_branch_runs_on_canons_line_until_it_leaves():
    before = timelines.Event(parse("2370"), "Ours before", own=True)
    after = timelines.Event(parse("2372-06"), "Ours after", own=True)
    drawn = picture(before, after)
    shared, own = drawn.flags
    assert (shared.y, own.y) == (drawn.canon_y, drawn.branch_y)
    assert shared.x < drawn.fork_x < own.x


def test_canon_that_happens_after_the_branch_left_is_on_both_lines():
    drawn = picture(
        timelines.Event(parse("2370"), "Before"),
        timelines.Event(parse("2373"), "After"),
        timelines.Event(parse("2373-06"), "Never", state="averted"),
    )
    assert drawn.echoes == (drawn.flags[1].x,)


def test_altered_canon_is_linked_to_what_happened_instead():
    drawn = picture(
        timelines.Event(parse("2372"), "War", state="altered", became="cold"),
        timelines.Event(parse("2372-08"), "Cold war", own=True, key="cold"),
    )
    war, cold = drawn.flags
    assert len(drawn.links) == 1
    assert drawn.links[0].startswith(f"M{war.x} {war.y}C")
    assert drawn.links[0].endswith(f"{cold.x} {cold.y}")


def test_canon_is_dotted_from_now_on_where_some_is_still_ahead():
    ahead = picture(timelines.Event(parse("2375"), "To come", state="ahead"))
    assert ahead.solid_to == ahead.now_x < ahead.right
    none = picture(timelines.Event(parse("2370"), "Past"))
    assert none.solid_to == none.right


# What players never learn


@pytest.mark.parametrize("query", ["", "?span=all", "?on=2379", "?show=canon", "?status=as+in+canon"])
def test_a_players_timeline_is_the_same_with_canon_ahead_averted_altered_in_secret_or_struck(
    opened, gm, as_player, query
):
    page = url(opened) + query
    without = body(as_player.get(page))
    avert(opened, gm, "council-condemns-invasion")
    alter(opened, gm, "klingon-withdrawal", "A secret bargain", audience="gm")
    story.add_event(
        campaign=opened,
        slug="hidden",
        on=parse("2372-02"),
        title="Hidden",
        audience="gm",
        by=gm,
        token="h",
        now=factories.NOW,
    )
    assert body(as_player.get(page)) == without
    opened.futures.all().delete()
    assert body(as_player.get(page)) == without
    for words in ("ahead", "averted", "no longer hold", "Dominion War", "Compare with canon"):
        assert words not in without.split("<main")[1]


def test_a_player_cannot_ask_for_canon_ahead_or_averted(opened, as_player):
    for status in ("averted", "still ahead"):
        page = as_player.get(url(opened), {"status": status})
        assert page.context["form"].errors["status"]


def test_what_happened_instead_is_an_event_like_any_other_to_a_player(opened, gm, as_player):
    alter(opened, gm, "klingon-withdrawal", "Gowron stays")
    page = body(as_player.get(url(opened))).split("<main")[1]
    assert "Gowron stays" in page
    assert "instead" not in page.replace("/timeline/instead/", "")
    assert "The Klingon Empire leaves the Accords" not in page


def test_the_comparison_is_the_gms(opened, as_gm, as_player):
    assert as_player.get(url(opened, "divergence/")).status_code == 404
    assert as_gm.get(url(opened, "divergence/")).status_code == 200


# What the GM reads


def test_the_gm_reads_where_canon_was_left_and_what_no_longer_holds(opened, gm, as_gm):
    assert "As in canon so far" in body(as_gm.get(url(opened)))
    avert(opened, gm, "council-condemns-invasion")
    page = body(as_gm.get(url(opened)))
    assert "Canon was left in 2372" in page
    assert "It rests on “The Federation Council condemns the invasion”, which was averted" in page
    whole = body(as_gm.get(url(opened, "divergence/")))
    assert "It can no longer happen as recorded" in whole  # nothing is left that could end


def test_a_piece_of_canon_says_what_goes_with_it_and_what_can_still_be_made(opened, gm, as_gm):
    withdrawal = opened.futures.get(canon_key="klingon-withdrawal")
    page = body(as_gm.get(url(opened, f"timeline/futures/{withdrawal.pk}/")))
    never = page.split('id="avert"')[1].split("</section>")[0]
    assert "Second Federation-Klingon War" in never and "The Klingon Empire returns" in never
    avert(opened, gm, "klingon-withdrawal")
    war = opened.futures.get(canon_key="second-federation-klingon-war-ended")
    page = body(as_gm.get(url(opened, f"timeline/futures/{war.pk}/")))
    assert "As recorded it no longer holds" in page
    assert "This campaign has no event" in page


@pytest.mark.parametrize(
    ("query", "there", "missing"),
    [
        ("status=averted", "The Federation Council condemns", "Praxis"),
        ("status=still+ahead", "Dominion War", "Praxis"),
        ("show=campaign", "Ours alone", "Praxis"),
        ("show=canon", "Praxis", "Ours alone"),
        ("on=2300", "Praxis", "Narendra"),
    ],
)
def test_the_list_is_narrowed(opened, gm, as_gm, query, there, missing):
    avert(opened, gm, "council-condemns-invasion")
    factories.make_event(opened, "Ours alone", slug="ours", on=parse("2372-03"), audience="all")
    listed = body(as_gm.get(f"{url(opened)}?{query}")).split('id="happened"')[1].split("</ol>")[0]
    assert there in listed
    assert missing not in listed


def test_the_list_is_paged_by_hundred_and_costs_the_same(opened, as_player, django_assert_num_queries):
    for number in range(2):
        factories.make_event(opened, f"Ours {number}", slug=f"o{number}", on=parse("2372-03"), audience="all")
    with django_assert_num_queries(8):
        as_player.get(url(opened))
    for number in range(2, 150):
        factories.make_event(opened, f"Ours {number}", slug=f"o{number}", on=parse("2372-03"), audience="all")
    with django_assert_num_queries(8):
        first = as_player.get(url(opened))
    second = as_player.get(f"{url(opened)}?page=2")
    assert len(first.context["lines"]) == 100
    assert len(second.context["lines"]) == first.context["page"].paginator.count - 100


def test_an_event_in_one_short_form(opened, as_gm):
    given = {"token": "q", "title": "A quick one", "on": "2372-04", "audience": "all"}
    assert as_gm.post(url(opened, "timeline/new/"), given).status_code == 302
    assert opened.events.get(slug="a-quick-one").audience == "all"


def test_names_in_an_events_text_lead_to_their_pages(opened, as_player):
    factories.make_event(
        opened, "Talks", slug="talks", audience="all", text="With [[Thot Krell]] and [[Nobody]]."
    )
    factories.make_entry(opened, "Thot Krell", slug="thot-krell", audience="all")
    page = body(as_player.get(url(opened, "timeline/talks/")))
    assert f'<a href="{url(opened, "archive/thot-krell/")}">Thot Krell</a> and Nobody.' in page
