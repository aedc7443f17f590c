"""Who knows what and since when: the GM's pages of everybody's knowledge, and each player's own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khitomer.actions import disclosures
from khitomer.actions.disclosures import Told
from khitomer.models import Audience, Disclosure
from khitomer.rules.knowledge import spans_of
from tests import factories
from tests.factories import NOW


def url(name: str, **kwargs: object) -> str:
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def later(hours: int):
    return NOW + timedelta(hours=hours)


def text_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def show(gm):
    def shown(thing, *, powers=(), persons=(), everyone=False, hours=0):
        to = Told(everyone, frozenset(powers), frozenset(persons))
        disclosures.reveal(thing=thing, to=to, with_entry=True, by=gm, now=later(hours))

    return shown


@pytest.fixture
def take(gm):
    def taken(thing, *, powers=(), persons=(), everyone=False, hours=0):
        whom = Told(everyone, frozenset(powers), frozenset(persons))
        disclosures.take_back(thing=thing, whom=whom, with_secrets=True, by=gm, now=later(hours))

    return taken


@pytest.fixture
def plot(campaign):
    return factories.make_entry(campaign, "The plot", audience=Audience.GM)


# Since when


class Row:
    def __init__(self, at, until=None):
        self.at, self.taken_back_at = later(at), None if until is None else later(until)


@pytest.mark.parametrize(
    ("rows", "spans"),
    [
        ([], []),
        ([(0, None)], [(0, None)]),
        ([(0, 2)], [(0, 2)]),
        ([(0, 2), (4, None)], [(0, 2), (4, None)]),
        ([(0, 2), (2, None)], [(0, None)]),  # for everyone now, for a power before
        ([(0, 9), (2, 4), (5, 6)], [(0, 9)]),
        ([(0, None), (2, 4)], [(0, None)]),
        ([(3, 4), (0, 3)], [(0, 4)]),
    ],
)
def test_what_is_known_without_a_break_is_one_time(rows, spans):
    found = spans_of(Row(*row) for row in rows)
    given = [(each.first.at, each.until) for each in found]
    assert given == [(later(at), None if until is None else later(until)) for at, until in spans]


# The GM's page


def test_what_a_power_learned_when_in_which_session_and_by_whom(campaign, as_gm, klingon, plot, show):
    factories.make_session(campaign, "The Ajilon hearing", state="in play")
    show(plot, powers=[klingon])
    text = text_of(as_gm, url("knowledge") + "?of=power:klingon")
    assert "Session 1: The Ajilon hearing" in text and "The plot" in text
    assert "14 Mar 2026" in text and "through Klingon Empire" in text and "told by Miriam" in text


def test_what_is_taken_back_is_told_apart(campaign, as_gm, klingon, plot, show, take):
    show(plot, powers=[klingon])
    take(plot, powers=[klingon], hours=2)
    answer = as_gm.get(url("knowledge") + "?of=power:klingon")
    assert answer.context["known"] == 0
    assert [each.name for each in answer.context["past"]] == ["The plot"]
    assert "taken back 14 Mar 2026, 22:00" in answer.content.decode()


def test_who_is_told_with_everyone_learned_it_when_they_did(campaign, as_gm, klingon, romulan, plot, show):
    show(plot, powers=[klingon])
    show(plot, everyone=True, hours=5)
    learned = {
        slug: as_gm.get(f"{url('knowledge')}?of=power:{slug}").context["page"].object_list[0].learned.at
        for slug in ("klingon", "romulan")
    }
    assert learned == {"klingon": NOW, "romulan": later(5)}
    assert as_gm.get(f"{url('knowledge')}?of=power:klingon").context["past"] == []


def test_a_person_knows_what_their_power_does_and_what_they_were_told_alone(
    campaign, as_gm, klingon, klingon_player, plot, show
):
    person = campaign.memberships.get(user=klingon_player)
    alone = factories.make_event(campaign, "A whisper", audience=Audience.GM)
    show(plot, powers=[klingon])
    show(alone, persons=[person], hours=1)
    page = as_gm.get(f"{url('knowledge')}?of=person:{person.pk}").context["page"]
    assert [(each.name, each.through) for each in page.object_list] == [
        ("A whisper", ["Kofi alone"]),
        ("The plot", ["through Klingon Empire"]),
    ]
    page = as_gm.get(f"{url('knowledge')}?of=power:klingon").context["page"]
    assert [each.name for each in page.object_list] == ["The plot"]


def test_who_changed_sides_knows_what_they_see_now(
    campaign, as_gm, klingon_player, klingon, ferengi, plot, show
):
    show(plot, powers=[klingon])
    person = campaign.memberships.get(user=klingon_player)
    person.power = ferengi
    person.save()
    assert as_gm.get(f"{url('knowledge')}?of=person:{person.pk}").context["known"] == 0


def test_what_was_known_from_the_start_is_a_count_until_asked_for(campaign, as_gm, as_klingon):
    entry = factories.make_entry(campaign, "Qo’noS")
    Disclosure.objects.of(entry).update(from_start=True)
    for client, of in ((as_gm, "of=power:klingon&"), (as_klingon, "")):
        text = text_of(client, f"{url('knowledge')}?{of}")
        assert "Known from the start: 1" in text and "Qo’noS" not in text
        assert "Qo’noS" in text_of(client, f"{url('knowledge')}?{of}begun=shown")


@pytest.mark.parametrize("of", ["power:nobody", "person:0", "person:²", "x", "power:"])
def test_nobody_knows_nothing(campaign, as_gm, of):
    answer = as_gm.get(f"{url('knowledge')}?of={of}")
    assert answer.status_code == (200 if answer.context and answer.context.get("subject", 1) is None else 404)


def test_a_campaign_without_anybody_says_what_to_do(gm):
    from tests.conftest import signed_in

    other = factories.make_campaign(slug="other")
    factories.join(other, gm, "gm")
    assert "Invite a player" in text_of(signed_in(gm), reverse("knowledge", args=["other"]))


# A player's own


def test_a_player_reads_what_they_know_and_no_word_of_anybody_else(
    campaign, as_klingon, klingon, romulan, plot, show, take
):
    secret = factories.make_secret(plot, "Owes much.")
    show(secret, powers=[klingon, romulan])
    show(factories.make_entry(campaign, "Romulan orders", audience=Audience.GM), powers=[romulan])
    gone = factories.make_event(campaign, "Gone again", audience=Audience.GM)
    show(gone, powers=[klingon])
    take(gone, powers=[klingon], hours=1)
    text = text_of(as_klingon, url("knowledge"))
    assert text.count(url("entry", entry="the-plot")) == 2  # the page, and the secret on it
    for word in ("Gone again", "Romulan", "Taken back", "taken back", "Miriam", "through", "alone"):
        assert word not in text, word
    same = text_of(as_klingon, url("knowledge") + "?of=power:romulan")
    assert "Romulan orders" not in same


def test_what_is_thrown_away_is_known_no_more(campaign, as_klingon, as_gm, klingon, plot, show):
    show(plot, powers=[klingon])
    type(plot).objects.filter(pk=plot.pk).update(deleted_at=NOW)
    assert "The plot" not in text_of(as_klingon, url("knowledge"))
    assert "The plot" not in text_of(as_gm, url("knowledge") + "?of=power:klingon")


@pytest.mark.parametrize("number", [1, 3])
def test_much_knowledge_costs_no_query_each(campaign, as_klingon, as_gm, klingon, number, show):
    for each in range(number):
        entry = factories.make_entry(campaign, f"Plot {each}", audience=Audience.GM)
        show(factories.make_secret(entry), powers=[klingon])
        show(factories.make_event(campaign, f"Event {each}", audience=Audience.GM), powers=[klingon])
    with CaptureQueriesContext(connection) as queries:
        as_klingon.get(url("knowledge"))
    assert len(queries) == 8
    with CaptureQueriesContext(connection) as queries:
        as_gm.get(url("knowledge") + "?of=power:klingon")
    assert len(queries) == 11


# The table


def test_the_table_says_who_knows_what(campaign, as_gm, klingon, klingon_player, romulan_player, plot, show):
    secret = factories.make_secret(plot, "Owes much.")
    show(secret, powers=[klingon])
    show(secret, persons=[campaign.memberships.get(user=romulan_player)])
    answer = as_gm.get(url("knowledge-table") + "?sort=secret")
    cells = dict(
        zip([c.slug for c in answer.context["columns"]], answer.context["rows"][0]["cells"], strict=True)
    )
    assert {slug for slug, cell in cells.items() if cell.knows} == {"klingon"}
    answer = as_gm.get(url("knowledge-table") + "?sort=secret&by=persons")
    cells = dict(
        zip([str(c.user) for c in answer.context["columns"]], answer.context["rows"][0]["cells"], strict=True)
    )
    assert {name: cell.by for name, cell in cells.items() if cell.knows} == {
        "Kofi": "through their power",
        "Rosa": "was told alone",
    }


def test_the_table_leaves_out_what_everyone_knows_until_asked(campaign, as_gm, plot):
    factories.make_entry(campaign, "Qo’noS")
    assert "Qo’noS" not in text_of(as_gm, url("knowledge-table") + "?sort=entry")
    assert "Qo’noS" in text_of(as_gm, url("knowledge-table") + "?sort=entry&all=1")


@pytest.mark.parametrize("sort", ["entry", "secret", "event", "clock", "handout", "nonsense"])
def test_the_table_of_every_sort_in_pages(campaign, as_gm, sort):
    for each in range(45):
        factories.make_clock(campaign, f"Clock {each}", audience=Audience.GM)
    answer = as_gm.get(f"{url('knowledge-table')}?sort={sort}&page=2")
    assert answer.status_code == 200
    assert len(answer.context["rows"]) == (5 if sort == "clock" else 0)


@pytest.mark.parametrize("number", [1, 30])
def test_the_table_is_flat(campaign, as_gm, klingon, number):
    entry = factories.make_entry(campaign, "Plot", told=[klingon])
    for _ in range(number):
        factories.make_secret(entry, told=[klingon])
    with CaptureQueriesContext(connection) as queries:
        as_gm.get(url("knowledge-table"))
    assert len(queries) == 11


# Whom they play


def test_the_gm_says_whom_a_member_plays(campaign, as_gm, as_romulan, as_klingon, klingon, klingon_player):
    martok = factories.make_entry(campaign, "Martok", kind="person", told=[klingon])
    person = campaign.memberships.get(user=klingon_player)
    given = {"role": "player", "power": klingon.pk, "character": martok.pk}
    assert as_gm.post(url("member-edit", pk=person.pk), given).status_code == 302
    person.refresh_from_db()
    assert (person.character, person.power) == (martok, klingon)
    assert "Martok" in text_of(as_gm, url("members"))
    assert "Martok" in text_of(as_gm, f"{url('knowledge')}?of=person:{person.pk}")
    assert "Martok" in text_of(as_klingon, url("members"))
    assert "Martok" not in text_of(as_romulan, url("members")) and "plays" not in text_of(
        as_romulan, url("members")
    )


def test_only_a_person_is_played(campaign, as_gm, klingon, klingon_player):
    ship = factories.make_entry(campaign, "Rotarran", kind="vessel")
    person = campaign.memberships.get(user=klingon_player)
    given = {"role": "player", "power": klingon.pk, "character": ship.pk}
    assert as_gm.post(url("member-edit", pk=person.pk), given).status_code == 422
    person.refresh_from_db()
    assert person.character is None


# The desk


def test_the_desk_lists_what_was_disclosed_of_every_sort(campaign, as_klingon, klingon, plot, show):
    secret = factories.make_secret(plot, "Owes *much*.")
    show(secret, powers=[klingon], hours=1)
    show(factories.make_event(campaign, "A handover", audience=Audience.GM), powers=[klingon], hours=2)
    show(factories.make_clock(campaign, "The fleet gathers", audience=Audience.GM), everyone=True, hours=3)
    rows = as_klingon.get(url("desk")).context["disclosed"]
    assert [(each.sort, each.name) for each in rows] == [
        ("clock", "The fleet gathers"),
        ("event", "A handover"),
        ("secret", "The plot"),
        ("page", "The plot"),
    ]
    assert rows[0].url == url("clocks") + "#clock-the-fleet-gathers"


def test_the_desk_leaves_out_what_was_known_already(campaign, as_klingon, as_romulan, klingon, plot, show):
    Disclosure.objects.of(factories.make_entry(campaign, "Qo’noS")).update(from_start=True)
    show(plot, powers=[klingon])
    for hours in range(1, 7):
        show(
            factories.make_event(campaign, f"Event {hours}", audience=Audience.GM),
            powers=[klingon],
            hours=hours,
        )
    show(plot, everyone=True, hours=9)
    names = [each.name for each in as_klingon.get(url("desk")).context["disclosed"]]
    assert names == ["Event 6", "Event 5", "Event 4", "Event 3", "Event 2"]
    assert [each.name for each in as_romulan.get(url("desk")).context["disclosed"]] == ["The plot"]


@pytest.mark.parametrize("number", [1, 4])
def test_the_desks_list_is_flat(campaign, klingon_player, klingon, number, show):
    from diplomacy.waiting_disclosures import disclosed_to

    for each in range(number):
        entry = factories.make_entry(campaign, f"Plot {each}", audience=Audience.GM)
        show(factories.make_secret(entry), powers=[klingon])
    viewer = factories.viewer_of(campaign, klingon_player)
    with CaptureQueriesContext(connection) as queries:
        assert [(each.url, each.name) for each in disclosed_to(viewer)]
    assert len(queries) == 2


def test_what_a_secret_is_told_by_in_the_table_is_words_and_not_cut_within_one(campaign, as_gm):
    told = "**Owes** [[Pardek]] a favour that nobody at the table may ever come to hear about in so many words, or to read of"
    factories.make_secret(factories.make_entry(campaign, "Vreenak"), told)
    page = as_gm.get("/c/long-peace/knowledge/table/", {"sort": "secret"})
    [row] = page.context["rows"]
    assert row["hint"].startswith("Owes Pardek a favour") and row["hint"].endswith("…")
    assert row["hint"][:-1] in told.replace("**", "").replace("[[", "").replace("]]", "")
