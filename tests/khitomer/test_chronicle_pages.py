"""The chronicle's pages: what each person finds in the timeline, the ledger and the clocks, and what the GM can do there."""

import re

import pytest
from django.utils import timezone

from khitomer import due
from khitomer.actions import chronicle, story
from khitomer.models import Activity, Future
from khitomer.rules import changes as rules
from khitomer.rules.dates import StoryDate
from tests import factories


def url(campaign, rest: str) -> str:
    return f"/c/{campaign.slug}/{rest}"


def body(response) -> str:
    """A page without what differs from one answer to the next."""
    text = re.sub(r'(name="(?:csrfmiddlewaretoken|token)" value=")[^"]*', r"\1", response.content.decode())
    return re.sub(r"\s+", " ", text)


def tick(campaign, clock, by=1, token="t1", who=None):
    return story.tick_clock(
        campaign=campaign, clock=clock, number=by, by=who, token=token, now=timezone.now()
    )


def event_post(**more):
    given = {
        "token": "one",
        "title": "Talks at Ajilon",
        "on": "2379-03",
        "text": "They *talked*.",
        "audience": "all",
    }
    return given | more


def clock_post(**more):
    return {"token": "one", "name": "Breen withdrawal", "size": "6", "filled": "2", "audience": "gm"} | more


# Who sees what


@pytest.mark.parametrize("cast", ["as_federation", "as_observer", "as_klingon"])
def test_what_the_gm_alone_may_know_changes_nothing_on_a_players_pages(request, campaign, cast):
    player = request.getfixturevalue(cast)
    factories.make_event(campaign, "A public raid", on=StoryDate.parse("2379-02"), audience="all")
    factories.make_clock(campaign, "Open clock", audience="all")
    pages = [
        url(campaign, part)
        for part in ("timeline/", "timeline/?span=all", "clocks/", "timeline/a-public-raid/")
    ]
    before = [body(player.get(page)) for page in pages]
    factories.make_event(
        campaign, "A secret raid", slug="a-secret-raid", on=StoryDate.parse("2379-01"), audience="gm"
    )
    factories.make_event(campaign, "A raid on Rom", slug="a-raid-on-rom", audience="powers",
                         told=[campaign.powers.get(slug="romulan")])  # fmt: skip
    factories.make_clock(campaign, "Secret clock", slug="secret-clock", audience="gm")
    Future.objects.create(campaign=campaign, canon_key="x", on=StoryDate(2380), title="Canon to come")
    assert [body(player.get(page)) for page in pages] == before


@pytest.mark.parametrize("cast", ["as_federation", "as_observer", "as_outsider"])
def test_a_hidden_event_answers_as_a_missing_one(request, campaign, cast):
    factories.make_event(campaign, "Hidden", slug="hidden", audience="gm")
    client = request.getfixturevalue(cast)
    hidden, missing = (client.get(url(campaign, f"timeline/{slug}/")) for slug in ("hidden", "no-such"))
    assert hidden.status_code == missing.status_code == 404
    assert body(hidden) == body(missing)
    assert dict(hidden.headers) == dict(missing.headers)


def test_named_powers_see_their_event_and_not_who_else_does(
    campaign, as_romulan, as_federation, romulan, klingon
):
    factories.make_event(campaign, "Tal Shiar", slug="tal-shiar", audience="powers", told=[romulan, klingon])
    page = as_romulan.get(url(campaign, "timeline/tal-shiar/"))
    assert page.status_code == 200
    assert klingon.short not in body(page).split("<main")[1]
    assert as_federation.get(url(campaign, "timeline/tal-shiar/")).status_code == 404


GM_PAGES = ["timeline/new/", "timeline/an-event/edit/", "timeline/an-event/strike/", "ledger/", "ledger/1/undo/", "date/",
            "clocks/new/", "clocks/a-clock/", "clocks/a-clock/tick/"]  # fmt: skip


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", GM_PAGES)
def test_the_gms_pages_are_missing_for_everyone_else(
    campaign, as_federation, as_outsider, as_anonymous, page, method
):
    factories.make_event(campaign, "An event", slug="an-event", audience="all")
    factories.make_clock(campaign, "A clock", slug="a-clock", audience="all")
    for client in (as_federation, as_outsider):
        assert getattr(client, method)(url(campaign, page)).status_code == 404
    assert getattr(as_anonymous, method)(url(campaign, page)).status_code == 302


def test_the_co_gm_sees_what_the_gm_sees(campaign, as_co_gm):
    factories.make_event(campaign, "Hidden", slug="hidden", audience="gm")
    assert as_co_gm.get(url(campaign, "timeline/hidden/")).status_code == 200
    assert as_co_gm.get(url(campaign, "ledger/")).status_code == 200


# Query counts


def test_the_timeline_asks_as_often_for_fifty_events_as_for_one(
    campaign, as_gm, as_federation, django_assert_num_queries
):
    def counted():
        with django_assert_num_queries(13):
            assert as_gm.get(url(campaign, "timeline/")).status_code == 200
        with django_assert_num_queries(8):
            assert as_federation.get(url(campaign, "timeline/")).status_code == 200

    campaign.events.all().delete()
    power = campaign.powers.get(slug="federation")
    for number in range(50):
        factories.make_event(campaign, f"Event {number}", slug=f"e{number}", audience="powers", told=[power])
        Future.objects.create(campaign=campaign, canon_key=f"f{number}", on=StoryDate(2380), title="Ahead")
        if number in (0, 49):
            counted()


def test_the_clocks_ask_as_often_for_fifty_as_for_one(
    campaign, as_gm, as_federation, django_assert_num_queries
):
    campaign.clocks.all().delete()
    power = campaign.powers.get(slug="federation")
    for number in range(50):
        factories.make_clock(campaign, f"Clock {number}", slug=f"c{number}", audience="powers", told=[power])
        if number in (0, 49):
            with django_assert_num_queries(9):
                as_gm.get(url(campaign, "clocks/"))
            with django_assert_num_queries(7):
                as_federation.get(url(campaign, "clocks/"))


def test_the_ledger_asks_as_often_for_fifty_rows_as_for_one(campaign, gm, as_gm, django_assert_num_queries):
    clock = factories.make_clock(campaign, "Long", slug="long", size=12, filled=0)
    for number in range(50):
        tick(campaign, clock, 1 if number % 2 == 0 else -1, f"t{number}", gm)
        if number in (0, 49):
            with django_assert_num_queries(9):
                page = as_gm.get(url(campaign, "ledger/"))
    assert body(page).count('id="change-') == 50


# Events


def test_the_gm_adds_an_event_through_the_ledger(campaign, gm, as_gm):
    response = as_gm.post(url(campaign, "timeline/new/"), event_post(why="session 3"))
    event = campaign.events.get(slug="talks-at-ajilon")
    assert response.url == url(campaign, "timeline/talks-at-ajilon/")
    assert (event.title, str(event.on), event.audience) == ("Talks at Ajilon", "2379-03", "all")
    assert "<em>talked</em>" in event.text_html
    row = campaign.ledger.get()
    assert (row.kind, row.source, row.by, row.why) == ("add event", "gm:one", gm, "session 3")
    assert "Talks at Ajilon" in body(as_gm.get(url(campaign, "timeline/")))


def test_the_same_form_sent_twice_is_one_event(campaign, as_gm):
    for _ in range(2):
        assert as_gm.post(url(campaign, "timeline/new/"), event_post()).status_code == 302
    assert campaign.ledger.count() == 1


def test_an_event_for_named_powers(campaign, as_gm, as_romulan, as_klingon, romulan):
    as_gm.post(url(campaign, "timeline/new/"), event_post(audience="powers", powers=[romulan.pk]))
    assert as_romulan.get(url(campaign, "timeline/talks-at-ajilon/")).status_code == 200
    assert as_klingon.get(url(campaign, "timeline/talks-at-ajilon/")).status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"on": "2379-13"}, "There is no month 13"),
        ({"on": "soon"}, "is not a story date"),
        ({"title": ""}, "needed"),
        ({"until": "2378"}, "cannot end"),
        ({"audience": "powers"}, "Name at least one power"),
        ({"text": "x" * 50_001}, "50,001 characters"),
    ],
)
def test_a_faulty_event_is_refused_with_its_text_kept(campaign, as_gm, sent, said):
    response = as_gm.post(url(campaign, "timeline/new/"), event_post(**sent))
    assert response.status_code == 422
    assert said in response.content.decode()
    assert campaign.ledger.count() == 0


def test_a_taken_name_is_refused_rather_than_numbered(campaign, as_gm):
    factories.make_event(campaign, "Talks at Ajilon", slug="talks-at-ajilon", audience="gm")
    response = as_gm.post(url(campaign, "timeline/new/"), event_post())
    assert response.status_code == 422
    assert "already" in response.content.decode()
    assert not campaign.events.filter(slug__startswith="talks-at-ajilon-").exists()


def test_a_powers_campaign_is_its_own(campaign, as_gm):
    stranger = factories.make_power(factories.make_campaign(name="Other", slug="other"), "Stranger")
    response = as_gm.post(url(campaign, "timeline/new/"), event_post(audience="powers", powers=[stranger.pk]))
    assert response.status_code == 422


@pytest.mark.parametrize("title", ["New", "…"])
def test_a_title_that_would_make_no_address_gets_one(campaign, as_gm, title):
    response = as_gm.post(url(campaign, "timeline/new/"), event_post(title=title))
    assert response.status_code == 302
    assert as_gm.get(response.url).status_code == 200
    assert title in body(as_gm.get(response.url))


def test_an_event_is_corrected_and_told_to_others(campaign, as_gm, as_federation):
    factories.make_event(campaign, "Raid", slug="raid", audience="gm", canon_key="")
    as_gm.post(url(campaign, "timeline/raid/edit/"), event_post(title="The raid", audience="all"))
    assert "The raid" in body(as_federation.get(url(campaign, "timeline/raid/")))
    assert {row.kind for row in campaign.ledger.all()} == {"amend"}
    assert campaign.events.get(slug="raid").disclosures.in_force().get().power is None


def test_an_event_is_struck_and_comes_back_by_the_ledger(campaign, as_gm):
    factories.make_event(campaign, "Raid", slug="raid", audience="all")
    as_gm.post(url(campaign, "timeline/raid/strike/"), {"token": "s"})
    assert not campaign.events.filter(slug="raid").exists()
    as_gm.post(url(campaign, "ledger/1/undo/"), {"scope": "one", "why": "too soon"})
    assert campaign.events.get(slug="raid").title == "Raid"


def test_the_picture_names_the_latest_and_the_list_all(campaign, as_gm):
    for number in range(20):
        factories.make_event(
            campaign, f"Skirmish {number:02}", slug=f"s{number}", on=StoryDate(2379), canon_key=""
        )
    page = body(as_gm.get(url(campaign, "timeline/")))
    picture, listed = page.split('id="happened"')
    assert "Skirmish 19" in picture
    assert "Skirmish 05" not in picture
    assert all(f"Skirmish {number:02}" in listed for number in range(20))


def test_canon_is_marked_and_links_to_its_record(campaign, as_federation):
    factories.make_event(campaign, "Battle of Narendra III", slug="battle-of-narendra-iii", on=StoryDate(2344),
                         audience="all", canon_key="battle-of-narendra-iii")  # fmt: skip
    page = body(as_federation.get(url(campaign, "timeline/battle-of-narendra-iii/")))
    assert ">canon" in page
    assert "/accords/events/battle-of-narendra-iii/" in page


# Canon ahead


@pytest.fixture
def ahead(campaign) -> Future:
    event = rules.AddEvent(slug="dominion-war", on=StoryDate(2380), title="Dominion War", text="War.")
    fate = rules.AddClock(slug="fleet", name="The fleet gathers", size=4)
    return Future.objects.create(
        campaign=campaign, canon_key="dominion-war", on=StoryDate(2380), title="Dominion War",
        changes=[rules.to_json(event), rules.to_json(fate)],
    )  # fmt: skip


def test_the_gm_sees_what_canon_would_change_before_it_does(campaign, as_gm, ahead):
    page = body(as_gm.get(url(campaign, f"timeline/futures/{ahead.pk}/")))
    assert "Event in 2380: Dominion War" in page
    assert "The clock “The fleet gathers” is set up" in page
    assert campaign.ledger.count() == 0


def test_canon_out_of_its_order_is_noted_and_not_refused(campaign, as_gm, ahead):
    first = Future.objects.create(campaign=campaign, canon_key="earlier", on=StoryDate(2375), title="A talk")
    page = body(as_gm.get(url(campaign, f"timeline/futures/{ahead.pk}/")))
    assert "Canon has more before this" in page and "A talk</a>. You may settle it in any order" in page
    assert "Canon has more" not in body(as_gm.get(url(campaign, f"timeline/futures/{first.pk}/")))
    as_gm.post(url(campaign, f"timeline/futures/{ahead.pk}/"), {"do": "avert", "token": "f", "why": ""})
    assert Future.objects.get(pk=ahead.pk).state == "averted"


@pytest.mark.parametrize("page", ["timeline/new/", "clocks/new/", "archive/new/"])
def test_which_powers_may_know_is_never_called_optional(campaign, as_gm, page):
    text = body(as_gm.get(url(campaign, page)))
    assert "<legend>Which powers</legend>" in text
    wrong = as_gm.post(
        url(campaign, page), event_post(name="It", kind="note", size="4", filled="0", audience="powers")
    )
    assert wrong.context["form"].errors["audience"] == [
        "Name at least one power or person, or choose another audience."
    ]


@pytest.mark.parametrize(("do", "state"), [("enact", "enacted"), ("avert", "averted")])
def test_canon_is_enacted_or_averted(campaign, as_gm, ahead, do, state):
    as_gm.post(url(campaign, f"timeline/futures/{ahead.pk}/"), {"do": do, "token": "f", "why": "so be it"})
    ahead.refresh_from_db()
    assert ahead.state == state
    assert campaign.events.filter(slug="dominion-war").exists() is (do == "enact")
    assert {row.why for row in campaign.ledger.all()} == {"so be it"}


def test_canon_happens_otherwise_with_what_follows_all_the_same(campaign, as_gm, ahead):
    sent = event_post(title="A cold war", on="2380", do="alter", keep=["1"])
    response = as_gm.post(url(campaign, f"timeline/futures/{ahead.pk}/"), sent)
    assert response.status_code == 302
    ahead.refresh_from_db()
    assert ahead.state == "altered"
    assert campaign.events.get(slug="a-cold-war").canon_key == ""
    assert campaign.clocks.filter(slug="fleet").exists()
    assert not campaign.events.filter(slug="dominion-war").exists()


@pytest.mark.parametrize("do", ["", "forget"])
def test_canon_is_not_settled_by_an_unknown_word(campaign, as_gm, ahead, do):
    response = as_gm.post(url(campaign, f"timeline/futures/{ahead.pk}/"), {"do": do, "token": "f"})
    assert response.status_code == 422
    ahead.refresh_from_db()
    assert ahead.state == "ahead"


def test_a_reason_too_long_strikes_nothing(campaign, as_gm):
    factories.make_event(campaign, "Raid", slug="raid", audience="all")
    response = as_gm.post(url(campaign, "timeline/raid/strike/"), {"token": "s", "why": "x" * 301})
    assert response.status_code == 409
    assert campaign.events.filter(slug="raid").exists()


def test_canon_is_settled_once(campaign, as_gm, ahead):
    page = url(campaign, f"timeline/futures/{ahead.pk}/")
    as_gm.post(page, {"do": "avert", "token": "f"})
    response = as_gm.post(page, {"do": "enact", "token": "g"})
    assert response.status_code == 422
    assert "settled" in response.content.decode()


@pytest.mark.parametrize("cast", ["as_federation", "as_observer", "as_outsider"])
def test_canon_ahead_is_the_gms(request, campaign, ahead, cast):
    client = request.getfixturevalue(cast)
    assert client.get(url(campaign, f"timeline/futures/{ahead.pk}/")).status_code == 404
    assert client.post(url(campaign, f"timeline/futures/{ahead.pk}/"), {"do": "enact"}).status_code == 404
    ahead.refresh_from_db()
    assert ahead.state == "ahead"


# The ledger


def test_the_ledger_tells_each_change_in_full(campaign, gm, as_gm):
    clock = factories.make_clock(campaign, "Long", slug="long", size=6, filled=1)
    story.tick_clock(campaign=campaign, clock=clock, by=gm, token="t", now=timezone.now(), why="they waited")
    page = body(as_gm.get(url(campaign, "ledger/")))
    for words in (
        "goes from 1 to 2 of 6",
        "1 of 6",
        "2 of 6",
        "they waited",
        "by hand",
        str(gm),
        campaign.today.words(),
    ):
        assert words in page


def test_a_resolutions_changes_link_to_it(campaign, gm, as_gm):
    chronicle.apply(campaign=campaign, changes=[rules.AddClock(slug="c", name="C", size=4)], by=gm, why="",
                    source="resolution:3", now=timezone.now())  # fmt: skip
    page = body(as_gm.get(url(campaign, "ledger/")))
    assert f'<a href="{url(campaign, "resolutions/3/")}">Resolution 3</a>' in page


def test_the_ledger_is_paged_by_fifty(campaign, gm, as_gm):
    clock = factories.make_clock(campaign, "Long", slug="long", size=12, filled=0)
    for number in range(51):
        tick(campaign, clock, 1 if number % 2 == 0 else -1, f"t{number}", gm)
    first, second = (body(as_gm.get(url(campaign, f"ledger/?page={page}"))) for page in (1, 2))
    assert (first.count('id="change-'), second.count('id="change-')) == (50, 1)
    assert 'id="change-51"' in first
    assert 'id="change-1"' in second


def test_an_undo_may_say_why_and_appends_the_inverse(campaign, gm, as_gm):
    clock = factories.make_clock(campaign, "Long", slug="long", size=6, filled=1)
    tick(campaign, clock, who=gm)
    page = url(campaign, "ledger/1/undo/")
    assert as_gm.get(page).status_code == 200
    assert as_gm.post(page, {"scope": "one", "why": "wrong clock"}).status_code == 302
    clock.refresh_from_db()
    row = campaign.ledger.get(sequence=2)
    assert (clock.filled, row.undoes.sequence, row.why, row.by) == (1, 1, "wrong clock", gm)
    shown = body(as_gm.get(url(campaign, "ledger/")))
    assert "undone by change 2" in shown
    assert "undo of change 1" in shown
    assert page not in shown


def test_what_was_made_together_is_undone_together(campaign, gm, as_gm):
    clocks = [rules.AddClock(slug=slug, name=slug, size=4) for slug in ("a", "b")]
    chronicle.apply(campaign=campaign, changes=clocks, by=gm, why="", source="gm:x", now=timezone.now())
    as_gm.post(url(campaign, "ledger/1/undo/"), {"scope": "all", "why": "no"})
    assert not campaign.clocks.filter(slug__in=("a", "b")).exists()
    assert campaign.ledger.count() == 4


def test_an_undo_that_cannot_be_is_refused_in_words(campaign, gm, as_gm):
    clock = factories.make_clock(campaign, "Long", slug="long", size=6, filled=1)
    tick(campaign, clock, who=gm)
    as_gm.post(url(campaign, "ledger/1/undo/"), {"scope": "one", "why": "no"})
    again = as_gm.post(url(campaign, "ledger/1/undo/"), {"scope": "one", "why": "no"})
    of_undo = as_gm.post(url(campaign, "ledger/2/undo/"), {"scope": "one", "why": "no"})
    assert (again.status_code, of_undo.status_code) == (422, 422)
    assert "undone already" in again.content.decode()
    assert "An undo is not undone" in of_undo.content.decode()
    assert campaign.ledger.count() == 2


def test_a_change_that_is_not_in_the_ledger_is_missing(campaign, as_gm):
    assert as_gm.get(url(campaign, "ledger/9/undo/")).status_code == 404


# The date


def test_the_story_goes_on_through_the_ledger(campaign, as_gm):
    to = StoryDate(campaign.today.year + 1)
    response = as_gm.post(url(campaign, "date/"), {"token": "d", "to": str(to)})
    campaign.refresh_from_db()
    assert response.status_code == 302
    assert campaign.today == to
    assert campaign.ledger.get().kind == "advance date"


def test_looking_ahead_shows_what_falls_due_and_changes_nothing(campaign, as_gm, ahead, monkeypatch):
    owed = due.Due(StoryDate(2380), "Reparations to Ajilon Prime", "/there/", "obligation")
    monkeypatch.setattr(due, "TELLERS", [lambda viewer, date: [owed] if owed.on <= date else []])
    factories.make_clock(campaign, "Breen withdrawal", slug="breen")
    far, near = (body(as_gm.get(url(campaign, f"date/?to={to}"))) for to in ("2381", "2379-12"))
    for words in (
        "Dominion War",
        "Reparations to Ajilon Prime",
        "1 clock runs",
        "Canon to settle",
        "Let the story go on",
    ):
        assert words in far
    assert far.index("Canon to settle") < far.index("Let the story go on")
    assert "Dominion War" not in near
    assert "Reparations" not in near
    assert "Nothing falls due by December 2379" in near
    unasked = body(as_gm.get(url(campaign, "date/")))
    assert "Nothing falls due" not in unasked and "Give a date" in unasked
    assert campaign.ledger.count() == 0


def test_htmx_gets_only_what_falls_due(campaign, as_gm):
    part = as_gm.get(url(campaign, "date/?to=2381"), headers={"HX-Request": "true"})
    assert "<h1" not in part.content.decode()
    assert 'id="due"' in part.content.decode()
    wrong = as_gm.get(url(campaign, "date/?to=soon"), headers={"HX-Request": "true"})
    assert wrong.status_code == 422
    assert "is not a story date" in wrong.content.decode()


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"to": "2370"}, 422, "the story goes forward"),
        ({"to": "2370", "back": "on"}, 422, "Say why the story goes back"),
        ({"to": "2399", "back": "on", "why": "x"}, 422, "not back but forward"),
        ({"to": "never"}, 422, "is not a story date"),
        ({"to": ""}, 422, "needed"),
        ({"to": "2370", "back": "on", "why": "a slip"}, 302, ""),
    ],
)
def test_the_date_goes_back_only_with_a_tick_and_a_reason(campaign, as_gm, sent, status, said):
    was = campaign.today
    response = as_gm.post(url(campaign, "date/"), {"token": "d"} | sent)
    campaign.refresh_from_db()
    assert response.status_code == status
    assert said in response.content.decode()
    assert (campaign.today == was) is (status == 422)


def test_today_again_is_refused(campaign, as_gm):
    response = as_gm.post(url(campaign, "date/"), {"token": "d", "to": str(campaign.today)})
    assert response.status_code == 422
    assert "only goes forward" in response.content.decode()


# Clocks


def test_a_clock_is_set_up_and_ticks_through_the_ledger(campaign, as_gm):
    as_gm.post(url(campaign, "clocks/new/"), clock_post(note="ticks on a condemnation"))
    clock = campaign.clocks.get(slug="breen-withdrawal")
    assert (clock.size, clock.filled, clock.audience) == (6, 2, "gm")
    for by, token in (("1", "a"), ("1", "b"), ("-1", "c")):
        assert (
            as_gm.post(url(campaign, f"clocks/{clock.slug}/tick/"), {"by": by, "token": token}).status_code
            == 302
        )
    clock.refresh_from_db()
    assert clock.filled == 3
    assert [row.kind for row in campaign.ledger.order_by("sequence")] == ["add clock"] + ["tick clock"] * 3


def test_htmx_gets_the_clocks_row(campaign, as_gm):
    clock = factories.make_clock(campaign, "Long", slug="long", size=6, filled=5)
    tick_url = url(campaign, f"clocks/{clock.slug}/tick/")
    row = as_gm.post(tick_url, {"by": "1", "token": "a"}, headers={"HX-Request": "true"})
    assert row.status_code == 200
    assert row.content.decode().strip().startswith('<li class="clock" id="clock-long">')
    assert "6 of 6" in row.content.decode()
    full = as_gm.post(tick_url, {"by": "1", "token": "b"}, headers={"HX-Request": "true"})
    assert full.status_code == 409
    assert "cannot move by 1" in full.content.decode()


@pytest.mark.parametrize(
    ("sent", "status"), [({"by": "7", "token": "a"}, 409), ({"by": "-1", "token": "a"}, 409)]
)
def test_a_tick_that_cannot_be_is_refused(campaign, as_gm, sent, status):
    factories.make_clock(campaign, "Long", slug="long", size=6, filled=0)
    assert as_gm.post(url(campaign, "clocks/long/tick/"), sent).status_code == status
    assert campaign.ledger.count() == 0


def test_a_tick_is_a_post(campaign, as_gm):
    factories.make_clock(campaign, "Long", slug="long")
    assert as_gm.get(url(campaign, "clocks/long/tick/")).status_code == 405


def test_a_clock_is_amended_shown_and_taken_down(campaign, as_gm, as_federation):
    factories.make_clock(campaign, "Long", slug="long", size=6, filled=2, audience="gm")
    page = url(campaign, "clocks/long/")
    as_gm.post(page, clock_post(name="Longer", size="8"))
    clock = campaign.clocks.get(slug="long")
    assert (clock.name, clock.size, clock.filled) == ("Longer", 8, 2)
    assert "Longer" not in body(as_federation.get(url(campaign, "clocks/")))
    as_gm.post(page, clock_post(name="Longer", size="8", audience="all", token="two"))
    assert "Longer" in body(as_federation.get(url(campaign, "clocks/")))
    assert campaign.clocks.get(slug="long").filled == 2
    as_gm.post(page, {"do": "remove", "token": "three"})
    assert not campaign.clocks.filter(slug="long").exists()


def test_a_clock_cannot_shrink_below_what_is_filled(campaign, as_gm):
    factories.make_clock(campaign, "Long", slug="long", size=6, filled=5, audience="gm")
    response = as_gm.post(url(campaign, "clocks/long/"), clock_post(name="Long", size="3"))
    assert response.status_code == 422
    assert campaign.clocks.get(slug="long").size == 6


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"size": "13"}, "12"),
        ({"size": "1"}, "2"),
        ({"filled": "7"}, "More than it has"),
        ({"name": ""}, "needed"),
    ],
)
def test_a_faulty_clock_is_refused(campaign, as_gm, sent, said):
    response = as_gm.post(url(campaign, "clocks/new/"), clock_post(**sent))
    assert response.status_code == 422
    assert said in response.content.decode()
    assert campaign.clocks.filter(slug="breen-withdrawal").count() == 0


def test_a_players_clock_has_no_buttons(campaign, as_federation):
    factories.make_clock(campaign, "Open", slug="open", audience="all")
    page = body(as_federation.get(url(campaign, "clocks/")))
    assert "Open" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]


def test_what_the_gm_alone_may_know_is_told_to_no_one_else(campaign, as_gm):
    as_gm.post(url(campaign, "timeline/new/"), event_post(audience="gm"))
    as_gm.post(url(campaign, "clocks/new/"), clock_post(audience="gm", token="two"))
    assert {row.audience for row in Activity.objects.filter(campaign=campaign)} == {"gm"}


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ("timeline/new/", 422),
        ("timeline/an-event/edit/", 422),
        ("timeline/an-event/strike/", 302),
        ("ledger/1/undo/", 422),
        ("date/", 422),
        ("clocks/new/", 422),
        ("clocks/a-clock/", 422),
        ("clocks/a-clock/tick/", 302),
    ],
)
def test_a_post_with_nothing_in_it_has_its_clear_answer(campaign, gm, as_gm, page, status):
    factories.make_event(campaign, "An event", slug="an-event")
    clock = factories.make_clock(campaign, "A clock", slug="a-clock", size=6, filled=1)
    tick(campaign, clock, who=gm)
    assert as_gm.post(url(campaign, page)).status_code == status
