"""What no page tells: the leak audit finds nothing, finds what is there to be found, and secrets change no byte."""

import re
from itertools import product, zip_longest

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khitomer.auditing import audit, plant
from khitomer.auditing.crawling import crawl
from khitomer.models import Audience
from khitomer.models.audience import DisclosableQuerySet
from khitomer.views import pictures
from tests import factories
from tests.hiding import OTHERS, SECRETS, known_entry

pytestmark = pytest.mark.django_db

PAPER = re.compile(r"\.pdf\b|\?paper=")
"""What is not fetched here, for it says what the pages to print say: `manage.py audit_leaks` reads those, too."""


def test_no_canary_shows(table):
    campaign = table.world.campaign
    members = ("gm", "federation", "klingon", "observer")
    leaks = audit(campaign, plant(campaign), only=members, leave_out=PAPER)
    assert "\n".join(map(str, leaks)) == ""


def test_an_audience_that_is_not_asked_for_is_found(table, monkeypatch):
    """The audit goes by an oracle of its own: a query that forgets its viewer is told at once."""
    campaign = table.world.campaign
    canaries = plant(campaign)
    monkeypatch.setattr(DisclosableQuerySet, "visible_to", lambda rows, viewer: rows)
    leaks = audit(campaign, canaries, only=("klingon",), leave_out=PAPER)
    assert {"entry", "secret", "event", "clock"} <= {leak.where.split()[0] for leak in leaks}


def test_a_picture_that_anybody_gets_is_found(table, monkeypatch):
    """A file says nothing in words: that its address answers is what tells."""
    campaign = table.world.campaign
    canaries = plant(campaign)
    monkeypatch.setattr(pictures, "seen_by", lambda viewer: viewer.campaign.pictures.all())
    elsewhere = re.compile(r"^/c/[^/]+/(?!archive|handouts|pictures)\w")
    leaks = audit(campaign, canaries, only=("gm", "klingon"), leave_out=elsewhere)
    assert {(leak.member, leak.where.rpartition(" ")[2]) for leak in leaks} == {("klingon", "token")}


# With and without secrets: the same bytes

MASKS = [
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"'), "csrf"),
    (re.compile(r'name="[\w-]*token" value="[^"]+"'), "token"),
    (re.compile(r"(?:DTSTAMP|SEQUENCE):[^\r\n]+"), "when it was made"),
    (re.compile(r"nonce-[\w+/=-]+"), "nonce"),
]


def masked(text: str) -> str:
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return text


def seen(client, campaign) -> dict[str, str]:
    return {url: masked(text) for url, text in crawl(client, campaign, PAPER)}


def what_everyone_knows(campaign) -> None:
    """Pages and more that a player reads, made last: their keys would tell of a gap."""
    entry = factories.make_entry(campaign, "Pardek", kind="person", text="A senator.")
    entry.tags.add(campaign.tags.create(slug="senate", name="Senate"))
    klingon = campaign.powers.get(slug="klingon")
    factories.make_secret(known_entry(campaign), "He drinks.", told=[klingon])
    factories.make_handout(campaign, "A letter home", told=[klingon])
    factories.make_event(campaign, "A dinner", told=[klingon])
    session = campaign.sessions.order_by("number").first()
    session.log.create(at=factories.NOW, text="They dine.", audience=Audience.ALL)


def with_secrets(table, who: str, kept) -> dict[str, str]:
    """All that somebody receives of the campaign with these things kept from the Klingons, and then undone."""
    campaign = table.world.campaign
    with transaction.atomic():
        factories.make_entry(campaign, "Camp Khitomer", text="It burned.")
        factories.make_clock(campaign, "Hidden face", hidden=True)
        for number, (keep, whom) in enumerate(kept):
            keep(campaign, number, whom)
        what_everyone_knows(campaign)
        found = seen(table.clients[who], campaign)
        transaction.set_rollback(True)
    return found


def assert_same(after: dict[str, str], before: dict[str, str]) -> None:
    """The same addresses, and at each the same bytes; or else the first lines that differ."""
    assert sorted(after) == sorted(before)
    told = [
        (url, was, now)
        for url, text in sorted(after.items())
        for was, now in zip_longest(before[url].splitlines(), text.splitlines())
        if was != now
    ]
    assert told[:5] == []


@pytest.mark.parametrize("who", ["klingon", "observer"])
def test_one_of_every_sort_of_secret_changes_no_byte(table, who):
    """Each sort for each of those it may be for; the observer is told even less than the Klingons."""
    kept = product(SECRETS, OTHERS)
    assert_same(with_secrets(table, who, kept), with_secrets(table, who, []))


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=st.lists(st.tuples(st.sampled_from(SECRETS), st.sampled_from(OTHERS)), min_size=50, max_size=50))
def test_with_and_without_fifty_secrets_a_player_receives_the_same(table, without, kept):
    assert_same(with_secrets(table, "klingon", kept), without)


@pytest.fixture
def without(table) -> dict[str, str]:
    return with_secrets(table, "klingon", [])
