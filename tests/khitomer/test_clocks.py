"""Clocks: open, known with a hidden face, or secret; and a hidden face hides how far, whether and when."""

import re

import pytest
from django.urls import reverse

from diplomacy.actions import resolutions
from diplomacy.forms.effects import Offers
from diplomacy.rules.procedure import MotionStage
from khitomer.actions import story
from khitomer.models import Activity, Audience, Clock
from tests import factories
from tests.factories import NOW


def url(name: str, **kwargs: object) -> str:
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def text_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r'value="[\w-]{20,}"', "", answer.content.decode())


def form(**given: object) -> dict[str, object]:
    return {"token": "t", "name": "The fleet gathers", "size": 6, "filled": 2, "audience": "all", **given}


def test_the_form_sets_up_a_clock_with_a_hidden_face(campaign, as_gm):
    assert 'name="hidden"' in text_of(as_gm, url("clock-new"))
    assert as_gm.post(url("clock-new"), form(hidden="on")).status_code == 302
    clock = campaign.clocks.get()
    assert (clock.hidden, clock.filled, clock.audience) == (True, 2, Audience.ALL)
    as_gm.post(url("clock-edit", clock=clock.slug), form(token="u"))
    clock.refresh_from_db()
    assert not clock.hidden


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"audience": Audience.GM}, "Nobody but you knows"),
        ({}, "Everyone at the table sees how far it has run"),
        ({"hidden": True}, "Everyone at the table sees that it is there, and neither how far"),
    ],
)
def test_the_gm_reads_who_sees_what(campaign, as_gm, fields, words):
    clock = factories.make_clock(campaign, **fields)
    assert words in text_of(as_gm, url("clock-edit", clock=clock.slug))


def test_the_gm_reads_whom_a_clock_is_told(campaign, as_gm, klingon, romulan):
    clock = factories.make_clock(campaign, told=[klingon, romulan])
    assert "Klingon Empire and Romulan Star Empire see how" in text_of(
        as_gm, url("clock-edit", clock=clock.slug)
    )


def test_the_gm_finds_them_in_three_groups_and_a_player_in_one(campaign, as_gm, as_klingon):
    factories.make_clock(campaign, "Open one")
    factories.make_clock(campaign, "Hidden one", hidden=True)
    factories.make_clock(campaign, "Secret one", audience=Audience.GM)
    groups = as_gm.get(url("clocks")).context["groups"]
    assert [(name, [clock.name for clock in clocks]) for name, _, _, clocks in groups] == [
        ("Open", ["Open one"]),
        ("Known, its face hidden", ["Hidden one"]),
        ("Secret", ["Secret one"]),
    ]
    text = text_of(as_klingon, url("clocks"))
    assert "Open one" in text and "Hidden one" in text and "Secret one" not in text
    assert "GM" not in text.split("<main")[1].split("</main>")[0]


# A hidden face


PAGES = ("clocks", "desk", "knowledge", "timeline", "motion", "resolution", "conference", "print")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["as_klingon", "as_observer"])
def test_a_hidden_clock_is_the_same_to_the_byte_however_far_it_has_run(campaign, gm, request, page, who):
    clock = factories.make_clock(campaign, "The fleet gathers", hidden=True, filled=1, note="At six: doom")
    effects = [{"kind": "clock", "clock": clock.slug, "by": 3}, factories.standing_effect()]
    conference = factories.make_conference(campaign, slug="ajilon")
    motion = factories.make_motion(conference, MotionStage.ADOPTED, effects=effects)
    resolution = factories.make_resolution(campaign, motion)
    address = {
        "motion": lambda: url("motion", conference="ajilon", number=motion.number),
        "resolution": lambda: url("resolution", number=resolution.number),
        "conference": lambda: url("conference", conference="ajilon"),
        "print": lambda: url("resolution-print", number=resolution.number),
    }.get(page, lambda: url(page))()
    client = request.getfixturevalue(who)
    client.get(address)
    before, heard = text_of(client, address), Activity.objects.count()
    for _ in range(4):  # from 1 to 5, from where the resolution's three would not fit any more
        story.tick_clock(campaign=campaign, clock=clock, by=gm, token=f"tick{_}", now=NOW)
    assert Clock.objects.get().filled == 5
    assert text_of(client, address) == before
    assert "doom" not in before and "of 6" not in before
    told = Activity.objects.all()[: Activity.objects.count() - heard]
    assert {row.audience for row in told} == {Audience.GM}


def test_a_resolution_that_moved_a_hidden_clock_does_not_tell_players_so(campaign, gm, as_gm, as_klingon):
    clock = factories.make_clock(campaign, "The fleet gathers", hidden=True, filled=2)
    effects = [{"kind": "clock", "clock": clock.slug, "by": 1}, factories.standing_effect()]
    motion = factories.make_motion(
        factories.make_conference(campaign, slug="ajilon"), MotionStage.ADOPTED, effects=effects
    )
    resolution = factories.make_resolution(campaign, motion)
    resolutions.enact(resolution=resolution, by=gm, now=NOW)
    page = url("resolution", number=resolution.number)
    assert "goes from 2 to 3" in text_of(as_gm, page) or "3 of 6" in text_of(as_gm, page)
    for address in (page, url("motion", conference="ajilon", number=motion.number)):
        text = text_of(as_klingon, address)
        assert "3 of 6" not in text and "from 2 to 3" not in text and "Klingon Empire" in text
    Clock.objects.update(hidden=False)
    assert "3 of 6" in text_of(as_klingon, page)


@pytest.mark.parametrize("filled", [1, 5])
@pytest.mark.parametrize("fields", [{"hidden": True}, {"audience": Audience.GM}])
def test_a_delegate_who_drafts_learns_nothing_of_a_face_from_the_preview(
    campaign, klingon_player, filled, fields
):
    from diplomacy.forms.previews import preview_of
    from diplomacy.rules import effects as rules

    factories.make_clock(campaign, "The fleet gathers", filled=filled, **fields)
    viewer = factories.viewer_of(campaign, klingon_player)
    effect = rules.parse({"kind": "clock", "clock": "the-fleet-gathers", "by": 3})

    class Drafting:
        repealed = None
        offers = Offers.to(viewer)

        def clause_effects(self):
            return (rules.ClauseEffects(position=1, effects=(effect,)),)

    drafting = Drafting()
    drafting.viewer = viewer
    found = preview_of(drafting)
    assert (found.lines, found.refused) == ((), "")


def test_a_full_clock_cannot_be_told_by_a_refusal_to_anybody_but_the_gm(campaign, as_klingon):
    clock = factories.make_clock(campaign, "The fleet gathers", hidden=True, filled=6)
    assert as_klingon.post(url("clock-tick", clock=clock.slug), {"by": 1}).status_code == 404
    assert "full" not in text_of(as_klingon, url("clocks"))


def test_a_tick_in_place_keeps_the_row_with_its_buttons(campaign, as_gm):
    clock = factories.make_clock(campaign, "The fleet gathers")
    answer = as_gm.post(url("clock-tick", clock=clock.slug), {"by": 1}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "3 of 6" in text and 'id="reveal-clock-the-fleet-gathers"' in text
