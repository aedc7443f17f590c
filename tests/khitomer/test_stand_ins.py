"""A secret that stands in place of an entry's own text: whoever is told it is never sent the other."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khitomer import reading
from khitomer.models import Audience
from tests import factories

OWN, FALSE = "The Lamp carried a spy.", "The Lamp carried settlers, and nobody else."


@pytest.fixture
def lamp(campaign):
    return factories.make_entry(campaign, "The Lamp", text=OWN)


@pytest.fixture
def instead(lamp, romulan):
    return factories.make_secret(lamp, FALSE, told=[romulan], stands_in=True, false=True)


def page(client, entry="the-lamp"):
    return client.get(reverse("entry", kwargs={"campaign": "long-peace", "entry": entry}))


@pytest.mark.parametrize(
    ("who", "own", "false"),
    [
        ("as_gm", True, True),
        ("as_romulan", False, True),
        ("as_klingon", True, False),
        ("as_observer", True, False),
    ],
)
def test_who_reads_which(lamp, instead, request, who, own, false):
    sent = page(request.getfixturevalue(who)).content
    assert (OWN.encode() in sent, FALSE.encode() in sent) == (own, false)


def test_the_own_text_is_not_so_much_as_selected_for_whoever_is_told_another(
    lamp, instead, as_romulan, as_klingon
):
    column = '"khitomer_entry"."text"'
    for client, selected in ((as_romulan, 0), (as_klingon, 1)):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(client)
        rows = [query["sql"] for query in asked if column in query["sql"].partition(" FROM ")[0]]
        assert len(rows) == selected


def test_the_page_shows_no_difference(campaign, lamp, instead, romulan, as_romulan, as_klingon):
    """Told another text, a player's page is the page that would be there had it been written so."""
    told = page(as_romulan).content.decode()
    instead.delete()
    type(lamp).objects.filter(pk=lamp.pk).update(text_html=f"<p>{FALSE}</p>\n")
    plain = page(as_romulan).content.decode()
    assert told == plain


def test_of_several_the_newest_counts_and_the_older_are_not_read(
    campaign, lamp, instead, romulan_player, romulan
):
    newest = factories.make_secret(lamp, "The Lamp was empty.", told=[romulan], stands_in=True)
    viewer = factories.viewer_of(campaign, romulan_player)
    assert reading.texts_for(viewer, [lamp])[lamp.pk].secret == newest.pk
    assert not reading.secrets_of(viewer, lamp).exists()
    assert list(reading.secrets_read(viewer)) == [newest]
    assert not reading.with_own_text(viewer, campaign.entries.visible_to(viewer)).exists()


def test_one_for_the_gm_alone_changes_nobodys_page(campaign, lamp, klingon_player, gm):
    factories.make_secret(lamp, FALSE, stands_in=True)
    for user in (klingon_player, gm):
        viewer = factories.viewer_of(campaign, user)
        assert reading.texts_for(viewer, [lamp])[lamp.pk].text == OWN


def test_a_hidden_entry_says_nothing(campaign, klingon_player):
    entry = factories.make_entry(campaign, "Plot", audience=Audience.GM)
    assert reading.texts_for(factories.viewer_of(campaign, klingon_player), [entry]) == {}


@pytest.mark.parametrize("number", [1, 50])
def test_two_queries_for_any_number(campaign, romulan, romulan_player, number, django_assert_max_num_queries):
    entries = [factories.make_entry(campaign, f"Page {n}") for n in range(number)]
    for entry in entries[::2]:
        factories.make_secret(entry, FALSE, told=[romulan], stands_in=True)
    viewer = factories.viewer_of(campaign, romulan_player)
    with django_assert_max_num_queries(2):
        found = reading.texts_for(viewer, entries)
    assert sum(text.text == FALSE for text in found.values()) == (number + 1) // 2
