"""Showing a thing and taking it back from where it is read: one button, one record, and nobody else any wiser."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khitomer.actions import disclosures
from khitomer.errors import Refused
from khitomer.models import Activity, Audience, Disclosure, Handout
from tests import factories
from tests.factories import NOW

SORTS = ("entry", "secret", "event", "clock")


def url(name: str, **kwargs: object) -> str:
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def of(thing) -> str:
    """The address of a thing's buttons."""
    sort = thing._meta.model_name
    return url("disclose", sort=sort, key=thing.pk if sort == "secret" else thing.slug)


@pytest.fixture
def things(campaign):
    """One of each, the GM's alone."""
    entry = factories.make_entry(campaign, "Pardek", audience=Audience.GM)
    return {
        "entry": entry,
        "secret": factories.make_secret(factories.make_entry(campaign, "Vreenak"), "Owes much."),
        "event": factories.make_event(campaign, "A handover", audience=Audience.GM),
        "clock": factories.make_clock(campaign, "The fleet gathers", audience=Audience.GM),
    }


def told(thing) -> tuple[str, set, set]:
    thing.refresh_from_db()
    return thing.audience, {row.slug for row in thing.powers.all()}, {row.pk for row in thing.persons.all()}


def in_force(thing) -> set:
    rows = Disclosure.objects.of(thing).in_force()
    return {(row.power and row.power.slug, row.person_id) for row in rows}


# One press


@pytest.mark.parametrize("sort", SORTS)
def test_one_press_shows_a_thing_to_a_power_and_another_takes_it_back(things, as_gm, klingon, sort):
    thing = things[sort]
    for _ in range(2):  # pressed twice is as good as once
        assert as_gm.post(of(thing), {"show": "power:klingon"}).status_code == 302
    assert told(thing) == ("powers", {"klingon"}, set()) and in_force(thing) == {("klingon", None)}
    for _ in range(2):
        assert as_gm.post(of(thing), {"take": "power:klingon"}).status_code == 302
    assert told(thing) == ("gm", set(), set()) and in_force(thing) == set()
    row = Disclosure.objects.of(thing).get()
    assert (row.by.username, row.taken_back_by.username) == ("gm", "gm")


@pytest.mark.parametrize("sort", SORTS)
def test_one_press_shows_a_thing_to_everyone(things, as_co_gm, sort):
    as_co_gm.post(of(things[sort]), {"show": "power:klingon"})
    as_co_gm.post(of(things[sort]), {"show": "everyone"})
    assert told(things[sort]) == ("all", set(), set()) and in_force(things[sort]) == {(None, None)}
    as_co_gm.post(of(things[sort]), {"take": "everyone"})
    assert told(things[sort]) == ("gm", set(), set())


@pytest.mark.parametrize("sort", SORTS)
def test_one_person_is_told_without_their_power(things, as_gm, campaign, klingon_player, klingon, sort):
    person = campaign.memberships.get(user=klingon_player)
    other = factories.join(campaign, factories.make_user("second"), power=klingon)
    as_gm.post(of(things[sort]), {"show": f"person:{person.pk}"})
    assert told(things[sort]) == ("powers", set(), {person.pk})
    seen = type(things[sort]).objects.all()
    assert seen.visible_to(factories.viewer_of(campaign, klingon_player)).filter(pk=things[sort].pk).exists()
    assert not seen.visible_to(factories.viewer_of(campaign, other.user)).filter(pk=things[sort].pk).exists()


def test_it_is_noted_in_which_session_it_was_shown(things, as_gm, campaign):
    session = factories.make_session(campaign, state="in play")
    as_gm.post(of(things["event"]), {"show": "power:klingon"})
    row = Disclosure.objects.of(things["event"]).get()
    assert (row.session, row.story_date, row.from_start) == (session, campaign.today, False)


def test_a_handout_is_shown_and_taken_back(campaign, as_gm, klingon_player, klingon):
    handout = Handout.objects.create(campaign=campaign, slug="a-letter", title="A letter", created_at=NOW)
    viewer = factories.viewer_of(campaign, klingon_player)
    as_gm.post(of(handout), {"show": "power:klingon"})
    assert told(handout) == ("powers", {"klingon"}, set()) and in_force(handout) == {("klingon", None)}
    assert campaign.handouts.visible_to(viewer).exists()
    as_gm.post(of(handout), {"take": "everyone"})
    assert not campaign.handouts.visible_to(viewer).exists() and in_force(handout) == set()


# A secret and its page


def test_showing_a_secret_of_a_closed_page_opens_the_page_and_says_so(campaign, as_gm, klingon):
    entry = factories.make_entry(campaign, "Plot", audience=Audience.GM)
    secret = factories.make_secret(entry)
    page = as_gm.get(of(secret)).content.decode()
    button = re.search(r'<button[^>]*name="show-more" value="power:klingon".*?</button>', page, re.S)
    assert button and "with its page" in button[0]
    assert as_gm.post(of(secret), {"show": "power:klingon"}).status_code == 409  # not without saying so
    assert told(entry)[0] == told(secret)[0] == "gm"
    as_gm.post(of(secret), {"show-more": "power:klingon"})
    assert told(entry) == told(secret) == ("powers", {"klingon"}, set())
    assert in_force(entry) == in_force(secret) == {("klingon", None)}


def test_taking_a_page_from_who_knows_a_secret_on_it_offers_to_take_that_too(
    campaign, as_gm, klingon, romulan
):
    entry = factories.make_entry(campaign, "Plot", told=[klingon, romulan])
    secret = factories.make_secret(entry, told=[klingon, romulan])
    page = as_gm.get(of(entry)).content.decode()
    button = re.search(r'<button[^>]*name="take-more" value="power:klingon".*?</button>', page, re.S)
    assert button and "with its secrets" in button[0]
    assert as_gm.post(of(entry), {"take": "power:klingon"}).status_code == 409
    as_gm.post(of(entry), {"take-more": "power:klingon"})
    assert told(entry) == told(secret) == ("powers", {"romulan"}, set())


def test_who_changed_sides_does_not_hold_up_the_page_for_others(
    campaign, gm, klingon_player, klingon, romulan, ferengi
):
    """Told a secret as a person, they lost sight of the page with their power; that is nothing new."""
    person = campaign.memberships.get(user=klingon_player)
    entry = factories.make_entry(campaign, "Plot", told=[klingon])
    secret = factories.make_secret(entry)
    whom = disclosures.Told(persons=frozenset([person]))
    disclosures.reveal(thing=secret, to=whom, by=gm, now=NOW)
    person.power = ferengi
    person.save()
    disclosures.reveal(thing=entry, to=disclosures.Told(powers=frozenset([romulan])), by=gm, now=NOW)
    assert told(entry) == ("powers", {"klingon", "romulan"}, set())
    with pytest.raises(Refused, match="Everyone knows|open to"):
        disclosures.set_audience(thing=secret, to=disclosures.Told(everyone=True), by=gm, now=NOW)


# In place


def test_with_htmx_the_part_comes_back_in_place(things, as_gm):
    answer = as_gm.post(of(things["clock"]), {"show": "power:klingon"}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 200 and "<html" not in text
    assert 'id="reveal-clock-the-fleet-gathers"' in text and 'name="take" value="power:klingon"' in text


def test_with_htmx_what_touches_more_of_the_page_reads_it_all_afresh(campaign, as_gm):
    secret = factories.make_secret(factories.make_entry(campaign, "Plot", audience=Audience.GM))
    answer = as_gm.post(of(secret), {"show-more": "everyone"}, headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"


def test_with_htmx_a_refusal_stands_in_the_part(things, as_gm):
    as_gm.post(of(things["event"]), {"show": "everyone"})
    answer = as_gm.post(of(things["event"]), {"take": "power:klingon"}, headers={"HX-Request": "true"})
    assert answer.status_code == 409 and "Everyone knows it" in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/c/long-peace/timeline/", "/c/long-peace/timeline/"),
        ("", "/c/long-peace/timeline/a-handover/"),
        ("https://elsewhere.example/", "/c/long-peace/timeline/a-handover/"),
        ("//elsewhere.example/", "/c/long-peace/timeline/a-handover/"),
        ("/\\elsewhere.example", "/c/long-peace/timeline/a-handover/"),
        ("javascript:alert(1)", "/c/long-peace/timeline/a-handover/"),
    ],
)
def test_a_button_leads_back_to_where_it_was_pressed_and_nowhere_else(things, as_gm, asked, leads):
    answer = as_gm.post(of(things["event"]), {"show": "everyone", "next": asked})
    assert answer.url == f"{leads}#reveal-event-a-handover"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"show": ""},
        {"show": "power:nobody"},
        {"show": "person:999999"},
        {"show": "person:²"},
        {"take": "gm"},
        {"show": "person:gm"},
    ],
)
def test_nonsense_is_refused_and_changes_nothing(things, as_gm, campaign, gm, given):
    if given.get("show") == "person:gm":
        given = {"show": f"person:{campaign.memberships.get(user=gm).pk}"}
    assert as_gm.post(of(things["event"]), given).status_code == 409
    assert told(things["event"]) == ("gm", set(), set())


def test_somebody_of_another_campaign_is_nobody_here(things, as_gm, outsider):
    other = factories.make_campaign(slug="other")
    there = factories.join(other, outsider, "observer")
    assert as_gm.post(of(things["event"]), {"show": f"person:{there.pk}"}).status_code == 409


# Where the parts stand


@pytest.mark.parametrize("who", ["as_klingon", "as_observer"])
def test_players_find_no_button_and_no_word_of_who_else_knows(campaign, request, who):
    entry = factories.make_entry(campaign, "Pardek")
    factories.make_secret(entry, "Told to all.", audience=Audience.ALL)
    event = factories.make_event(campaign, "A handover")
    factories.make_clock(campaign, "The fleet gathers")
    client = request.getfixturevalue(who)
    for page in (url("entry", entry="pardek"), url("event", event=event.slug), url("clocks")):
        text = client.get(page).content.decode()
        assert "reveal" not in text and "Known to" not in text and "/disclose/" not in text


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("who", ["as_klingon", "as_observer", "as_outsider"])
def test_only_the_gm_presses(things, request, sort, who):
    client = request.getfixturevalue(who)
    assert client.get(of(things[sort])).status_code == 404
    assert client.post(of(things[sort]), {"show": "everyone"}).status_code == 404
    assert told(things[sort])[0] == "gm"


def test_the_pages_of_the_gm_have_the_buttons(things, as_gm):
    for page, thing in (
        (url("entry", entry="pardek"), things["entry"]),
        (url("entry", entry="vreenak"), things["secret"]),
        (url("event", event="a-handover"), things["event"]),
    ):
        text = as_gm.get(page).content.decode()
        assert f'action="{of(thing)}"' in text and 'value="power:klingon"' in text
        assert f'name="next" value="{page}"' in text
    assert f'href="{of(things["clock"])}?next=' in as_gm.get(url("clocks")).content.decode()


def test_what_is_in_the_bin_has_no_buttons(things, as_gm):
    things["entry"].deleted_at = NOW
    things["entry"].save()
    assert as_gm.get(of(things["entry"])).status_code == 404
    assert as_gm.get(url("disclose", sort="power", key="klingon")).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_many_secrets_on_a_page_cost_no_query_each(campaign, as_gm, klingon, number):
    entry = factories.make_entry(campaign, "Pardek", told=[klingon])
    for _ in range(number):
        factories.make_secret(entry, told=[klingon])
    as_gm.get(url("entry", entry="pardek"))
    with CaptureQueriesContext(connection) as queries:
        as_gm.get(url("entry", entry="pardek"))
    assert len(queries) == ENTRY_QUERIES


ENTRY_QUERIES = 25


@pytest.mark.parametrize("number", [1, 3])
def test_many_clocks_cost_no_query_each(campaign, as_gm, klingon, number):
    for _ in range(number):
        factories.make_clock(campaign, told=[klingon])
    with CaptureQueriesContext(connection) as queries:
        as_gm.get(url("clocks"))
    assert len(queries) == CLOCK_QUERIES


CLOCK_QUERIES = 9


def test_what_is_taken_back_leaves_no_way_to_it_among_the_latest(things, as_gm, as_klingon, klingon):
    as_gm.post(of(things["event"]), {"show": "power:klingon"})
    assert "Something was disclosed" in as_klingon.get(url("desk")).content.decode()
    as_gm.post(of(things["event"]), {"take": "power:klingon"})
    text = as_klingon.get(url("desk")).content.decode()
    assert "Something was disclosed" not in text and "a-handover" not in text
    assert Activity.objects.get(kind="disclosed").audience == Audience.GM


# What the page says afterwards


def test_a_secret_pressed_on_its_own_page_has_that_page_read_afresh(things, as_gm):
    """Beside it stands whose it is, and above it what was done before: neither may go on saying the opposite."""
    own = url("entry", entry="vreenak")
    answer = as_gm.post(
        of(things["secret"]), {"show": "everyone", "next": own}, headers={"HX-Request": "true"}
    )
    assert answer["HX-Refresh"] == "true"
    text = as_gm.get(own).content.decode()
    assert "GM only" not in text and "Shown to everyone." in text


def test_in_place_what_was_done_takes_the_place_of_what_was_said_before(things, as_gm):
    part = as_gm.post(of(things["clock"]), {"show": "everyone"}, headers={"HX-Request": "true"})
    assert 'id="messages" hx-swap-oob="true"' in part.content.decode()
    assert "Shown to everyone." in part.content.decode()
    assert "Shown to everyone." not in as_gm.get(url("clocks")).content.decode()


def test_after_a_secret_is_taken_it_is_said_that_its_page_is_still_seen(things, as_gm):
    for press in ({"show": "power:klingon"}, {"take": "power:klingon"}):
        as_gm.post(of(things["secret"]), press)
    assert "still sees the page." in as_gm.get(url("entry", entry="vreenak")).content.decode()


def test_the_page_of_a_secrets_readers_has_the_secret_on_it(things, as_gm):
    assert "Owes much." in as_gm.get(of(things["secret"])).content.decode()
