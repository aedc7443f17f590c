"""Names, aliases, tags and places: what leads to an entry, and what names it, for those alone who may know."""

import pytest
from django.utils import timezone

from khitomer.actions import archive as actions
from khitomer.actions import mentions, sessions, story
from khitomer.errors import Refused
from khitomer.models import Audience, Mention, Tag
from khitomer.views.linking import linked
from tests import factories
from tests.khitomer.test_archive import hidden, read, sent, url, without_tokens


@pytest.fixture
def pardek(campaign):
    return factories.make_entry(campaign, "Pardek", kind="person", text="A senator.")


def noted(row):
    mentions.note(source=row)
    return row


def links(campaign, user, text):
    (shown,) = linked(factories.viewer_of(campaign, user), [f"<p>{text}</p>"])
    return shown


def named_in(client, entry="pardek"):
    answer = client.get(url("entry", entry=entry))
    return [(link.sort, link.name) for link in answer.context["backlinks"]]


# Names and aliases


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("[[Pardek]]", "Pardek"), ("[[PARDEK]]", "PARDEK"), ("[[ the senator ]]", "the senator"),
        ("[[pardek|an old friend]]", "an old friend"), ("[[Pardek|]]", "Pardek"), ("[[Ölgür]]", "Ölgür"), ("[[ölgür]]", "ölgür"),
    ],
)  # fmt: skip
def test_a_name_leads_to_its_entry_however_it_is_written(campaign, pardek, gm, written, words):
    for name in ("The Senator", "Ölgür"):
        pardek.aliases.create(name=name)
    assert links(campaign, gm, written) == f'<p><a href="{url("entry", entry="pardek")}">{words}</a></p>'


def test_what_is_code_or_within_a_link_is_no_link(campaign, pardek, gm):
    text = '<code>[[Pardek]]</code> <a href="http://x">[[Pardek]]</a>'
    assert links(campaign, gm, text) == '<p><code>[[Pardek]]</code> <a href="http://x">Pardek</a></p>'


def test_an_alias_that_a_hidden_entry_bears_as_its_name(campaign, pardek, gm, klingon_player):
    """Each is led to the one that they may see; a name goes before an alias."""
    pardek.aliases.create(name="The mole")
    before = links(campaign, klingon_player, "[[The Mole]]")
    hidden(campaign, "The mole")
    assert links(campaign, klingon_player, "[[The Mole]]") == before
    assert url("entry", entry="pardek") in before
    assert url("entry", entry="the-mole") in links(campaign, gm, "[[The Mole]]")


def test_the_alias_of_a_hidden_entry_is_plain_words(campaign, klingon_player):
    hidden(campaign, "Plot").aliases.create(name="The game")
    assert links(campaign, klingon_player, "[[The game]]") == "<p>The game</p>"


def test_an_entry_renamed_is_found_by_its_old_name(campaign, gm, as_gm, pardek):
    as_gm.post(
        url("entry-edit", entry="pardek"),
        sent(name="Proconsul Pardek", audience="all", aliases="Uncle, Friend"),
    )
    names = list(pardek.aliases.values_list("name", flat=True))
    assert names == ["Pardek", "Uncle", "Friend"]
    assert url("entry", entry="pardek") in links(campaign, gm, "[[pardek]]")
    as_gm.post(
        url("entry-edit", entry="pardek"),
        sent(name="Pardek", audience="all", aliases="Pardek\nUncle, the elder\n"),
    )
    assert list(pardek.aliases.values_list("name", flat=True)) == ["Proconsul Pardek", "Uncle, the elder"]


def test_what_is_not_given_stays(campaign, gm, pardek):
    given = {
        "kind": "note",
        "name": "Pardek",
        "text": "",
        "audience": Audience.ALL,
        "by": gm,
        "now": timezone.now(),
    }
    actions.edit_entry(entry=pardek, aliases=["Uncle"], tags=["Old"], values={}, **given)
    actions.edit_entry(entry=pardek, **given)
    assert pardek.aliases.get().name == "Uncle" and pardek.tags.get().name == "Old"


# Tags


def test_a_tag_is_there_while_an_entry_bears_it(campaign, as_gm, pardek):
    as_gm.post(url("entry-edit", entry="pardek"), sent(audience="all", tags="Border war, border WAR, spies"))
    assert sorted(Tag.objects.values_list("slug", "name")) == [
        ("border-war", "Border war"),
        ("spies", "spies"),
    ]
    as_gm.post(url("entry-edit", entry="pardek"), sent(audience="all", tags="spies"))
    assert Tag.objects.get().slug == "spies"


@pytest.mark.parametrize("tags", ["!!", "x" * 41, ", ".join(f"t{n}" for n in range(21))])
def test_tags_that_will_not_do(campaign, as_gm, pardek, tags):
    answer = as_gm.post(url("entry-edit", entry="pardek"), sent(audience="all", tags=tags))
    assert answer.status_code == 422 and "tags" in answer.context["form"].errors


def test_tags_are_counted_over_what_the_viewer_sees(campaign, pardek, as_klingon, as_gm):
    plot = hidden(campaign, "Plot")
    spies = pardek.tags.create(campaign=campaign, slug="spies", name="spies")
    plot.tags.add(spies)
    plot.tags.create(campaign=campaign, slug="treason", name="treason")

    def counted(client):
        return {tag.slug: tag.number for tag in client.get(url("archive")).context["tags"]}

    assert counted(as_gm) == {"spies": 2, "treason": 1}
    assert counted(as_klingon) == {"spies": 1}
    there, not_there = (
        as_klingon.get(f"{url('archive')}?tag={slug}").content for slug in ("treason", "txeason")
    )
    assert there == not_there


# Places


def test_an_entry_stands_inside_another_for_those_who_see_both(campaign, gm, as_gm, as_klingon):
    world = factories.make_entry(campaign, "Halvet", kind="place")
    camp = factories.make_entry(campaign, "The pits", kind="place", parent=world)
    factories.make_entry(campaign, "Shaft nine", parent=camp, audience=Audience.ALL)
    secret = hidden(campaign, "The lower shaft")
    type(secret).objects.filter(pk=secret.pk).update(parent=camp)
    page = as_klingon.get(url("entry", entry="the-pits"))
    assert [part.name for part in page.context["parts"]] == ["Shaft nine"]
    assert [each.name for each in page.context["above"]] == ["Halvet"]
    assert len(as_gm.get(url("entry", entry="the-pits")).context["parts"]) == 2
    type(camp).objects.filter(pk=camp.pk).update(audience="gm")
    shown = as_klingon.get(url("entry", entry="shaft-nine"))
    assert shown.context["above"] == [] and "pits" not in shown.content.decode()
    there, not_there = (
        as_klingon.get(f"{url('archive')}?inside={slug}").content for slug in ("the-pits", "no-pits")
    )
    assert there == not_there


def test_nothing_is_inside_itself(campaign, as_gm, gm):
    world = factories.make_entry(campaign, "Halvet")
    camp = factories.make_entry(campaign, "Camp", parent=world)
    hut = factories.make_entry(campaign, "Hut", parent=camp)
    for inside in ("halvet", "Camp", "HUT"):
        answer = as_gm.post(
            url("entry-edit", entry="halvet"), sent(name="Halvet", audience="all", parent=inside)
        )
        assert answer.status_code == 422 and "inside" in str(answer.context["form"].errors["parent"])
    answer = as_gm.post(url("entry-edit", entry="hut"), sent(name="Hut", audience="all", parent="halvet"))
    assert answer.status_code == 302
    hut.refresh_from_db()
    assert hut.parent == world
    other = factories.make_entry(factories.make_campaign(slug="other"), "Elsewhere")
    with pytest.raises(Refused, match="another campaign"):
        actions.edit_entry(
            entry=hut,
            kind="note",
            name="Hut",
            text="",
            audience=Audience.ALL,
            parent=other,
            by=gm,
            now=timezone.now(),
        )


# Named in


def test_what_is_written_is_noted_wherever_it_is_written(campaign, gm, pardek, as_gm):
    now = timezone.now()
    as_gm.post(
        url("entry-new"), sent(name="Vreenak", text="Knows [[PARDEK|him]]; `[[not this]]`.", audience="all")
    )
    actions.add_secret(entry=pardek, text="Met [[Vreenak]].", audience=Audience.GM, by=gm, now=now)
    session = sessions.add_session(campaign=campaign, title="One", gm_notes="[[Pardek]]", by=gm, now=now)
    sessions.edit_session(
        session=session,
        title="One",
        on=None,
        recap="[[Vreenak]] spoke",
        gm_notes="[[Pardek]]",
        by=gm,
        now=now,
    )
    found = set(Mention.objects.values_list("name", "gm_only", "entry__name", "session__number"))
    assert found == {
        ("pardek", False, "Vreenak", None), ("vreenak", False, None, None), ("vreenak", False, None, 1), ("pardek", True, None, 1),
    }  # fmt: skip
    entry = campaign.entries.get(slug="vreenak")
    as_gm.post(url("entry-edit", entry="vreenak"), sent(name="Vreenak", text="Nobody.", audience="all"))
    assert not entry.mentions.exists()


def test_an_event_is_noted_when_it_is_added_and_when_it_is_amended(campaign, gm, as_gm):
    given = {"token": "a", "title": "A dinner", "on": "2379-01", "text": "With [[Pardek]]", "audience": "gm"}
    as_gm.post(url("event-new"), given)
    event = campaign.events.get()
    assert event.mentions.get().name == "pardek"
    as_gm.post(url("event-edit", event=event.slug), {**given, "token": "b", "text": "With [[Vreenak]]"})
    assert event.mentions.get().name == "vreenak"
    assert story


def test_each_reads_the_backlinks_that_are_theirs(
    campaign, pardek, romulan, klingon, as_gm, as_klingon, as_romulan, as_observer
):
    pardek.aliases.create(name="Uncle")
    noted(factories.make_entry(campaign, "Open letter", text="To [[uncle]]"))
    noted(factories.make_entry(campaign, "Sealed letter", text="[[Pardek]]", told=[romulan]))
    letter = factories.make_entry(campaign, "Empty letter", text="Nothing")
    noted(factories.make_secret(letter, "[[Pardek]]", told=[klingon]))
    noted(factories.make_event(campaign, "A dinner", text="[[Pardek]]", told=[klingon]))
    noted(factories.make_session(campaign, "One", recap_html="[[Pardek]]"))
    noted(factories.make_session(campaign, "Two", gm_notes_html="[[Pardek]]"))
    everyone = {("Archive", "Open letter"), ("Sessions", "Session 1: One")}
    mine = {("Archive", "Empty letter"), ("Timeline", "A dinner")}
    romulans = {("Archive", "Sealed letter")}
    assert set(named_in(as_observer)) == everyone
    assert set(named_in(as_klingon)) == everyone | mine
    assert set(named_in(as_romulan)) == everyone | romulans
    assert set(named_in(as_gm)) == everyone | mine | romulans | {("Sessions", "Session 2: Two")}


def test_a_text_that_another_stands_in_for_names_nothing_to_those_who_read_the_other(
    campaign, pardek, romulan, as_romulan, as_klingon
):
    lamp = noted(factories.make_entry(campaign, "The Lamp", text="[[Pardek]] was aboard"))
    old = noted(factories.make_secret(lamp, "[[Pardek]] sent it", told=[romulan], stands_in=True))
    assert named_in(as_romulan) == named_in(as_klingon) == [("Archive", "The Lamp")]
    noted(factories.make_secret(lamp, "Nobody was aboard", told=[romulan], stands_in=True))
    assert named_in(as_romulan) == [] and old.pk
    assert named_in(as_klingon) == [("Archive", "The Lamp")]


def test_a_hidden_mention_leaves_no_trace(campaign, pardek, romulan, as_klingon, as_observer):
    clients = (as_klingon, as_observer)
    before = [without_tokens(client.get(url("entry", entry="pardek"))) for client in clients]
    noted(hidden(campaign, "Plot", [romulan]))
    noted(factories.make_secret(pardek, "[[Pardek]]"))
    noted(factories.make_entry(campaign, "Dossier", text="[[Pardek]]", audience=Audience.GM))
    noted(factories.make_event(campaign, "A dinner", text="[[Pardek]]", audience=Audience.GM))
    assert [without_tokens(client.get(url("entry", entry="pardek"))) for client in clients] == before


def test_a_page_does_not_say_that_it_names_itself(campaign, pardek, as_gm):
    noted(factories.make_secret(pardek, "[[Pardek]]"))
    assert named_in(as_gm) == [] and "names it yet" in read(as_gm, "entry", entry="pardek")
