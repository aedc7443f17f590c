"""A search finds nothing that its reader may not see, and gives no sign of it either."""

import re

import pytest

from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.models import Audience, Entry
from khitomer.search.searching import search
from tests import factories

URL = "/c/long-peace/search/"
WORD = "zanzibar"


def a_name(campaign):
    factories.make_entry(campaign, f"The {WORD} file", audience=Audience.GM)


def a_text(campaign):
    factories.make_entry(
        campaign, "A file", text=f"It says {WORD}.", told=[campaign.powers.get(slug="romulan")]
    )


def an_alias(campaign):
    entry = factories.make_entry(campaign, "A file", audience=Audience.GM)
    entry.aliases.create(name=WORD)


def a_secret(campaign):
    factories.make_secret(campaign.entries.get(name="Open"), f"It says {WORD}.")


def a_secret_of_others(campaign):
    romulan = campaign.powers.get(slug="romulan")
    factories.make_secret(campaign.entries.get(name="Open"), f"It says {WORD}.", told=[romulan])


def an_event(campaign):
    factories.make_event(campaign, f"The {WORD} affair", audience=Audience.GM)


def a_clock(campaign):
    factories.make_clock(campaign, f"The {WORD} fleet", audience=Audience.GM)


def the_note_of_a_hidden_clock(campaign):
    campaign.clocks.filter(name="Hidden").update(note=WORD)


def the_notes_of_a_session(campaign):
    campaign.sessions.update(gm_notes=WORD)


def a_text_that_a_secret_stands_in_for(campaign):
    Entry.objects.filter(name="Believed").update(text=f"In truth {WORD}.")


def what_lies_in_the_bin(campaign):
    entry = factories.make_entry(campaign, f"The {WORD} file")
    Entry.objects.filter(pk=entry.pk).update(deleted_at=factories.NOW)


def a_handout(campaign):
    campaign.handouts.create(slug="h", title=f"The {WORD} letter", created_at=factories.NOW)


def a_draft(campaign):
    romulan = campaign.powers.get(slug="romulan")
    factories.make_complaint(campaign, ComplaintStage.DRAFT, complainant=romulan, title=WORD)


def a_motion_in_draft(campaign):
    conference = campaign.conferences.get()
    factories.make_motion(conference, MotionStage.DRAFT, title=WORD)


def the_name_behind_other_words(campaign):
    Entry.objects.filter(name="Open").update(text="[[Zanzibar|Open]] to all.")


KEPT = [
    a_name, a_text, an_alias, a_secret, a_secret_of_others, an_event, a_clock, the_note_of_a_hidden_clock,
    the_notes_of_a_session, a_text_that_a_secret_stands_in_for, what_lies_in_the_bin, a_handout, a_draft,
    a_motion_in_draft, the_name_behind_other_words,
]  # fmt: skip


@pytest.fixture
def laid(campaign, klingon):
    factories.make_entry(campaign, "Open", text="Open to all.")
    believed = factories.make_entry(campaign, "Believed", text="What is so.")
    factories.make_secret(believed, "What they think.", told=[klingon], stands_in=True, false=True)
    factories.make_clock(campaign, "Hidden", hidden=True)
    factories.make_session(campaign)
    factories.make_conference(campaign)
    return campaign


def bytes_of(client, **query):
    page = client.get(URL, query).content.decode()
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", page)


@pytest.mark.parametrize("keep", KEPT, ids=lambda keep: keep.__name__)
@pytest.mark.parametrize("typed", [WORD, "zan", "zanzibra", "file affair fleet letter", "open"])
def test_no_sign_of_what_is_kept(laid, as_klingon, keep, typed):
    before = bytes_of(as_klingon, q=typed)
    keep(laid)
    assert bytes_of(as_klingon, q=typed) == before
    assert WORD not in before.replace(f'value="{WORD}"', "").replace(f"“{WORD}”", "").replace(
        f"<title>{WORD}", ""
    )


@pytest.mark.parametrize(
    "keep",
    [each for each in KEPT if each not in (what_lies_in_the_bin, a_draft, the_name_behind_other_words)],
)
def test_the_gm_finds_it(laid, gm, keep):
    keep(laid)
    assert search(factories.viewer_of(laid, gm), WORD).total >= 1


def test_what_stands_in_is_found_and_what_it_stands_for_is_not(laid, klingon_player, romulan_player):
    klingon, romulan = (factories.viewer_of(laid, user) for user in (klingon_player, romulan_player))
    assert [str(hit.title) for hit in search(klingon, "think").hits] == ["Believed"]
    assert search(klingon, "what is so").total == 0
    assert search(romulan, "what is so").total == 1
    assert search(romulan, "think").total == 0


def test_to_its_readers_what_stands_in_is_the_page_and_no_secret(laid, as_klingon, klingon):
    page = as_klingon.get(URL, {"q": "think"}).content.decode()
    assert "Secrets" not in page
    assert "Archive 1" in page
    both = as_klingon.get(URL, {"q": "believed"}).context["found"]
    assert both.counts == {"Archive": 1}
    for path in ("knowledge/", ""):
        assert "secret" not in as_klingon.get(f"/c/long-peace/{path}").content.decode().lower().replace(
            "secretariat", ""
        )


@pytest.mark.parametrize("far", [0, 3000])
def test_an_excerpt_does_not_tell_whom_the_words_of_a_link_mean(laid, klingon_player, far):
    """Where a long text is cut for its excerpt, the hidden name in `[[name|words]]` is no place to cut it at."""
    factories.make_entry(laid, "Koval of Romulus", audience=Audience.GM)
    between = "Nothing more was said. " * (far // 23)
    text = f"In the garden [[Koval of Romulus|the informer]] waited. {between}Colonel Koval chairs the committee."
    factories.make_entry(laid, "The garden", text=text)
    viewer = factories.viewer_of(laid, klingon_player)
    [hit] = search(viewer, "koval").hits
    assert "Colonel <mark>Koval</mark>" in hit.excerpt
    assert "Romulus" not in hit.excerpt and "[[" not in hit.excerpt
    assert not far or "informer" not in hit.excerpt
