"""One thing done to many entries: all of it, or nothing and the reasons."""

import pytest
from django.urls import reverse

from khitomer.actions import bulk, labels
from khitomer.models import Audience, Entry, Version
from tests import factories
from tests.factories import NOW


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


@pytest.fixture
def three(campaign):
    return [factories.make_entry(campaign, f"Page {n}", audience=Audience.ALL) for n in range(3)]


def ticks(entries, **given):
    return {"token": "t", "audience": "gm", "entry": [entry.pk for entry in entries], **given}


def all_of(client, asked, **given):
    """A post of all that the filter lets through, from the page as it stands now."""
    listed = client.get(url("archive-bulk") + asked).context["listed"]
    return {"token": "t", "audience": "gm", "everything": "yes", "listed": listed, **given}


def again(entries):
    return [Entry.objects.get(pk=entry.pk) for entry in entries]


def test_the_kind_of_many_is_set_and_each_has_a_version_more(as_gm, three):
    answer = as_gm.post(url("archive-bulk"), ticks(three[:2], do="kind", kind="person"))
    assert answer.url == url("archive-bulk")
    assert [(row.kind.key, row.revision) for row in again(three)] == [
        ("person", 2),
        ("person", 2),
        ("note", 1),
    ]
    assert Version.objects.count() == 4


def test_tags_come_and_go(campaign, as_gm, three):
    as_gm.post(url("archive-bulk"), ticks(three, do="tag", tag=" Tal  Shiar "))
    assert [[str(tag) for tag in row.tags.all()] for row in again(three)] == [["Tal Shiar"]] * 3
    as_gm.post(url("archive-bulk"), ticks(three[:1], do="untag", untag="tal-shiar"))
    assert [row.tags.count() for row in again(three)] == [0, 1, 1]
    assert campaign.tags.count() == 1


def test_who_may_see_many_is_set(as_gm, as_klingon, three, klingon):
    given = ticks(three, do="audience", audience="powers", powers=[klingon.pk])
    as_gm.post(url("archive-bulk"), given)
    assert [(row.audience, list(row.powers.all())) for row in again(three)] == [("powers", [klingon])] * 3
    assert as_klingon.get(url("entry", entry="page-1")).status_code == 200


def test_many_are_made_part_of_a_page_and_of_nothing(as_gm, three):
    as_gm.post(url("archive-bulk"), ticks(three[1:], do="parent", parent="page 0"))
    assert [row.parent for row in again(three)] == [None, three[0], three[0]]
    as_gm.post(url("archive-bulk"), ticks(three[1:2], do="parent", parent=""))
    assert [row.parent for row in again(three)] == [None, None, three[0]]


def test_many_are_thrown_away(as_gm, three):
    answer = as_gm.post(url("archive-bulk"), ticks(three[:2], do="bin"))
    assert answer.url == url("bin")
    assert [bool(row.deleted_at) for row in again(three)] == [True, True, False]


def test_when_some_refuse_nothing_is_done_and_each_says_why(as_gm, three, klingon):
    factories.make_secret(three[1], "Hush.", told=[klingon])
    answer = as_gm.post(url("archive-bulk"), ticks(three, do="audience", audience="gm"))
    assert answer.status_code == 422
    assert [(entry, "open to Klingon Empire" in str(why)) for entry, why in answer.context["refusals"]] == [
        (three[1], True)
    ]
    assert answer.context["ticked"] == {entry.pk for entry in three}
    page = answer.content.decode()
    assert page.count('name="entry"') == 3 and page.count(" checked>") >= 3
    assert [row.audience for row in again(three)] == [Audience.ALL] * 3


def test_a_page_cannot_lie_within_itself(as_gm, three):
    Entry.objects.filter(pk=three[0].pk).update(parent=three[1])
    answer = as_gm.post(url("archive-bulk"), ticks(three[1:], do="parent", parent="Page 0"))
    assert [entry for entry, _ in answer.context["refusals"]] == [three[1]]
    assert [row.parent for row in again(three)] == [three[1], None, None]
    assert not Version.objects.exists()


def test_all_of_a_filter_is_all_of_it_and_no_more(campaign, as_gm, three):
    for n in range(60):
        factories.make_entry(campaign, f"Ship {n}", kind="vessel")
    thrown = factories.make_entry(campaign, "Ship of old", kind="vessel", deleted_at=NOW)
    given = all_of(as_gm, "?kind=vessel&q=ship", do="tag", tag="fleet")
    answer = as_gm.post(url("archive-bulk") + "?kind=vessel&q=ship", given)
    assert answer.url == url("archive-bulk") + "?kind=vessel&q=ship"
    assert campaign.tags.get().entries.count() == 60
    assert not thrown.tags.exists()


@pytest.mark.parametrize("come", [True, False])
def test_what_came_under_the_filter_meanwhile_is_not_done_unseen(campaign, as_gm, three, come):
    """A page that another GM gave the tag, or one for another: the number stays, and it is another list."""
    for row in three:
        row.tags.add(labels.tag_named(campaign, "fleet"))
    plot = factories.make_entry(campaign, "Plot", audience=Audience.GM)
    asked = "?tag=fleet"
    given = all_of(as_gm, asked, do="audience", audience="all")
    plot.tags.add(labels.tag_named(campaign, "fleet"))
    if not come:
        three[0].tags.clear()
    number = 4 if come else 3
    for wrong in ({}, {"do": ""}, {"listed": ""}):
        answer = as_gm.post(url("archive-bulk") + asked, given | wrong)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert f"The list is another meanwhile, of {number} pages" in page
        assert f'value="yes" checked> All {number} of this choice' in page
    assert again([plot])[0].audience == Audience.GM
    assert answer.context["form"]["do"].value() == "audience"
    given["listed"] = answer.context["listed"]
    assert as_gm.post(url("archive-bulk") + asked, given).status_code == 302
    assert again([plot])[0].audience == Audience.ALL


def test_of_a_list_that_is_empty_meanwhile_nothing_is_done(as_gm, three):
    given = all_of(as_gm, "?kind=note", do="bin")
    Entry.objects.update(deleted_at=NOW)
    page = as_gm.post(url("archive-bulk") + "?kind=note", given).content.decode()
    assert "The list is another meanwhile, of 0 pages" in page and "No page is like that" in page


def test_those_ticked_are_done_whatever_else_came_under_the_filter(campaign, as_gm, three):
    given = ticks(three[:1], do="bin", listed=all_of(as_gm, "")["listed"])
    factories.make_entry(campaign, "Plot")
    assert as_gm.post(url("archive-bulk"), given).url == url("bin")


@pytest.mark.parametrize(
    ("asked", "found"),
    [("", 3), ("q=page+1", 1), ("q=PAGE", 3), ("kind=person", 0), ("kind=ghost", 3), ("audience=all", 3),
     ("audience=gm", 0), ("tag=none", 3), ("page=99", 3), ("page=x", 3)],
)  # fmt: skip
def test_the_list_is_filtered(as_gm, three, asked, found):
    assert as_gm.get(f"{url('archive-bulk')}?{asked}").context["number"] == found


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"do": "kind"}, "kind", "needed"),
        ({"do": "kind", "kind": "ghost"}, "kind", "not one of"),
        ({"do": "tag"}, "tag", "needed"),
        ({"do": "tag", "tag": "x" * 41}, "tag", "at most 40"),
        ({"do": "untag", "untag": "none"}, "untag", "not one of"),
        ({"do": "parent", "parent": "Nobody"}, "parent", "No page has this name"),
        ({"do": "audience", "audience": "powers"}, "audience", "Name at least one"),
        ({"do": "audience", "audience": ""}, "audience", "needed"),
        ({"do": "burn"}, "do", "not one of"),
        ({}, "do", "needed"),
        ({"do": "bin", "entry": []}, "__all__", "No page is chosen"),
        ({"do": "bin", "entry": ["x", "9" * 30, "-1"]}, "__all__", "No page is chosen"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(as_gm, three, given, field, says):
    answer = as_gm.post(url("archive-bulk"), ticks(three) | given)
    assert answer.status_code == 422
    assert says in str(answer.context["form"].errors[field])
    assert [row.deleted_at for row in again(three)] == [None] * 3


def test_a_tag_of_signs_alone_is_refused_by_every_page(as_gm, three):
    answer = as_gm.post(url("archive-bulk"), ticks(three, do="tag", tag="!!!"))
    assert "is no tag" in answer.content.decode()


def test_pages_of_another_campaign_are_out_of_reach(as_gm, campaign, gm, three):
    other = factories.make_campaign(slug="other")
    elsewhere = factories.make_entry(other, "Elsewhere")
    as_gm.post(url("archive-bulk"), ticks([elsewhere, three[0]], do="bin"))
    assert [bool(row.deleted_at) for row in again([elsewhere, three[0]])] == [False, True]
    act = bulk.throw_away()
    assert bulk.to_many(campaign=campaign, entries=[elsewhere.pk], act=act, by=gm, now=NOW) == 0


def test_a_parent_in_the_bin_is_no_parent(as_gm, gm, three):
    Entry.objects.filter(pk=three[0].pk).update(deleted_at=NOW)
    answer = as_gm.post(url("archive-bulk"), ticks(three[1:], do="parent", parent="Page 0"))
    assert answer.status_code == 422


def test_entries_that_lie_in_a_circle_end_the_search(campaign, three):
    for child, parent in zip(three, [*three[1:], three[0]], strict=True):
        Entry.objects.filter(pk=child.pk).update(parent=parent)
    lone = factories.make_entry(campaign, "Lone")
    labels.check_parent(lone, again(three)[0], campaign)


@pytest.mark.parametrize("number", [1, 50])
def test_the_page_takes_the_same_queries_for_any_number(
    campaign, as_gm, klingon, number, django_assert_num_queries
):
    for n in range(number):
        factories.make_entry(campaign, f"Page {n}", told=[klingon])
    with django_assert_num_queries(19):
        as_gm.get(url("archive-bulk"))


@pytest.mark.parametrize("who", ["as_klingon", "as_observer", "as_outsider"])
def test_it_is_the_gms_alone(request, three, who):
    client = request.getfixturevalue(who)
    assert client.get(url("archive-bulk")).status_code == 404
    assert client.post(url("archive-bulk"), ticks(three, do="bin")).status_code == 404
    assert [row.deleted_at for row in again(three)] == [None] * 3
