"""The bin: what is thrown away leaves no trace at once, comes back as it was, and is gone for good after thirty days."""

import datetime

import pytest
from django.urls import reverse

from khitomer.actions import archive, bin, bulk, chronicle, story, versions
from khitomer.errors import Refused
from khitomer.models import DAYS_IN_BIN, Activity, ActivityKind, Audience, Disclosure, Entry, Secret
from tests import factories
from tests.factories import NOW

DAY = datetime.timedelta(days=1)


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


@pytest.fixture
def pardek(campaign):
    return factories.make_entry(campaign, "Pardek", audience=Audience.ALL, text="See [[Pardek]].")


@pytest.fixture
def hush(campaign, gm, pardek, klingon):
    """A secret told to the Klingons by an action, so that they have noticed."""
    return archive.add_secret(
        entry=pardek, text="Hush.", audience=Audience.POWERS, powers=[klingon], by=gm, now=NOW + DAY / 24
    )


def throw(thing, gm, now=NOW):
    return bin.throw_away(thing=thing, by=gm, now=now)


# Gone at once


@pytest.mark.parametrize("who", ["as_gm", "as_klingon", "as_observer"])
def test_an_entry_that_is_thrown_away_leaves_no_trace(campaign, request, as_gm, pardek, hush, who):
    factories.make_entry(campaign, "Other", text="Knows [[Pardek]].")
    answer = as_gm.post(url("entry-throw-away", entry="pardek"))
    assert answer.url == url("archive")
    as_gm.get(url("archive"))  # reads the message, which names it to whoever threw it away
    client = request.getfixturevalue(who)
    assert client.get(url("entry", entry="pardek")).status_code == 404
    for page in (url("archive"), url("archive") + "?q=P", url("entry", entry="other"), url("desk")):
        said = client.get(page).content.decode()
        assert url("entry", entry="pardek") not in said
        assert ">Pardek<" not in said and "Hush" not in said


def test_those_who_were_told_find_no_way_to_it_among_the_latest(
    campaign, gm, pardek, hush, klingon, klingon_player
):
    disclosed = archive.add_entry(
        campaign=campaign,
        kind="note",
        name="Plot",
        text="",
        audience=Audience.POWERS,
        powers=[klingon],
        by=gm,
        now=NOW,
    )
    viewer = factories.viewer_of(campaign, klingon_player)
    assert Activity.objects.visible_to(viewer).count() == 2
    throw(disclosed, gm)
    assert [row.path for row in Activity.objects.visible_to(viewer).told()] == [url("entry", entry="pardek")]
    throw(hush, gm)
    assert not Activity.objects.visible_to(viewer).told().exists()


def test_a_secret_that_is_thrown_away_is_gone_for_those_who_knew_it(as_gm, as_klingon, pardek, hush):
    answer = as_gm.post(url("secret-remove", entry="pardek", pk=hush.pk))
    assert answer.url == url("entry", entry="pardek")
    page = as_klingon.get(url("entry", entry="pardek")).content.decode()
    assert "Hush" not in page and 'class="secret"' not in page
    assert as_gm.get(url("secret-edit", entry="pardek", pk=hush.pk)).status_code == 404
    listed = as_gm.get(url("archive")).content.decode()
    assert "1 secret" not in listed


def test_nothing_of_it_is_offered_or_changed_by_the_ledger(campaign, gm, as_gm, pardek):
    throw(pardek, gm)
    assert "pardek" not in chronicle.load_state(campaign).entries
    with pytest.raises(Refused):
        story.set_fate(campaign=campaign, entry=pardek, fate="Dead", by=gm, why="", token="t", now=NOW)


def test_its_name_is_told_to_lie_in_the_bin(as_gm, gm, pardek):
    throw(pardek, gm)
    given = {"token": "t", "name": "Pardek", "kind": "note", "text": "", "audience": "gm"}
    answer = as_gm.post(url("entry-new"), given)
    assert answer.status_code == 422
    assert "lies in the bin" in str(answer.context["form"].errors["name"])


def test_an_entry_may_be_closed_to_those_who_knew_a_secret_that_is_thrown_away(gm, pardek, hush):
    throw(hush, gm)
    given = {"kind": "note", "name": "Pardek", "text": "", "by": gm, "now": NOW}
    assert archive.edit_entry(entry=pardek, audience=Audience.GM, **given).audience == Audience.GM
    with pytest.raises(Refused, match="not open to Klingon Empire"):
        bin.take_out(thing=hush, by=gm, now=NOW)
    assert Secret.objects.get().deleted_at


# Pages that are open look again


@pytest.fixture
def hear(campaign, klingon_player, romulan_player, observer, co_gm):
    """How often the open pages of each were told that what they may see changed."""

    def heard():
        rows = Activity.objects.filter(kind=ActivityKind.NARROWED)
        users = {"klingon": klingon_player, "romulan": romulan_player, "observer": observer, "co-gm": co_gm}
        viewers = {name: factories.viewer_of(campaign, user) for name, user in users.items()}
        return {name: number for name, who in viewers.items() if (number := rows.visible_to(who).count())}

    return heard


EVERYONE = ("klingon", "romulan", "observer", "co-gm")


@pytest.mark.parametrize("sort", ["page", "secret"])
@pytest.mark.parametrize(
    ("told", "who"), [("all", EVERYONE), ("powers", ("klingon", "co-gm")), ("gm", ("co-gm",))]
)
def test_those_who_saw_it_look_again_and_nobody_else(campaign, gm, klingon, pardek, hear, sort, told, who):
    given = {"audience": told, "told": [klingon] if told == "powers" else []}
    if sort == "page":
        thing = factories.make_entry(campaign, "Plot", **given)
    else:
        thing = factories.make_secret(pardek, **given)
    throw(thing, gm)
    throw(thing, gm)
    assert hear() == dict.fromkeys(who, 1)
    bin.take_out(thing=thing, by=gm, now=NOW)
    assert hear() == dict.fromkeys(who, 2)


def test_who_knew_a_secret_of_a_page_that_they_no_longer_see_hears_nothing(
    campaign, gm, klingon, romulan, hear
):
    entry = factories.make_entry(campaign, "Plot", told=[romulan])
    throw(factories.make_secret(entry, told=[klingon, romulan]), gm)
    assert hear() == {"romulan": 1, "co-gm": 1}


def test_of_many_thrown_away_each_audience_hears_once(campaign, gm, klingon, hear):
    rows = [factories.make_entry(campaign, told=told) for told in ((), (), [klingon], [klingon])]
    bulk.to_many(campaign=campaign, entries=[row.pk for row in rows], act=bulk.throw_away(), by=gm, now=NOW)
    assert hear() == {"klingon": 2, "romulan": 1, "observer": 1, "co-gm": 2}


# The bin itself


def test_the_bin_shows_what_lies_there_and_for_how_long(as_gm, gm, pardek, hush):
    throw(hush, gm, now=datetime.datetime.now(datetime.UTC) - 28 * DAY)
    throw(pardek, gm, now=datetime.datetime.now(datetime.UTC))
    page = as_gm.get(url("bin"))
    assert [(line.name, line.days) for line in page.context["lines"]] == [("Pardek", 30), ("Hush.", 2)]
    assert "A secret of Pardek" in page.content.decode()


@pytest.mark.parametrize("number", [1, 50])
def test_the_bin_takes_the_same_queries_for_any_number(
    campaign, gm, as_gm, number, django_assert_num_queries
):
    for n in range(number):
        throw(factories.make_entry(campaign, f"Page {n}"), gm)
    with django_assert_num_queries(8):
        as_gm.get(url("bin"))


def test_an_empty_bin_says_what_comes_here(as_gm):
    assert "Nothing lies in the bin" in as_gm.get(url("bin")).content.decode()


def test_taken_out_it_stands_as_it_stood(as_gm, as_klingon, gm, pardek, hush, klingon):
    told = set(Disclosure.objects.in_force().values_list("pk", flat=True))
    throw(pardek, gm)
    answer = as_gm.post(url("bin-take-out", sort="pages", pk=pardek.pk))
    assert answer.url == url("entry", entry="pardek")
    pardek.refresh_from_db()
    assert (pardek.deleted_at, pardek.deleted_by, pardek.audience) == (None, None, Audience.ALL)
    assert set(Disclosure.objects.in_force().values_list("pk", flat=True)) == told
    assert "Hush." in as_klingon.get(url("entry", entry="pardek")).content.decode()


def test_a_secret_is_taken_out_for_those_who_knew_it(as_gm, as_klingon, as_romulan, gm, pardek, hush):
    throw(hush, gm)
    as_gm.post(url("bin-take-out", sort="secrets", pk=hush.pk))
    assert "Hush." in as_klingon.get(url("entry", entry="pardek")).content.decode()
    assert "Hush." not in as_romulan.get(url("entry", entry="pardek")).content.decode()


def test_a_secret_comes_back_after_its_page(as_gm, gm, pardek, hush):
    throw(hush, gm)
    throw(pardek, gm)
    answer = as_gm.post(url("bin-take-out", sort="secrets", pk=hush.pk), follow=True)
    assert "Take the page out first" in answer.content.decode()
    assert Secret.objects.get().deleted_at


def test_what_is_deleted_for_good_is_gone_with_all_that_was_on_it(as_gm, gm, pardek, hush):
    archive.edit_secret(
        secret=hush, text="Hear.", audience=Audience.POWERS, powers=hush.powers.all(), by=gm, now=NOW
    )
    throw(pardek, gm)
    as_gm.post(url("bin-delete", sort="pages", pk=pardek.pk))
    assert not Entry.objects.exists() and not Secret.objects.exists()
    assert not versions.Version.objects.exists()


@pytest.mark.parametrize("name", ["bin-take-out", "bin-delete"])
def test_what_does_not_lie_in_the_bin_is_not_found_there(as_gm, gm, campaign, pardek, name):
    assert as_gm.post(url(name, sort="pages", pk=pardek.pk)).status_code == 404
    other = factories.make_campaign(slug="other")
    elsewhere = factories.make_entry(other, "Elsewhere")
    throw(elsewhere, gm)
    assert as_gm.post(url(name, sort="pages", pk=elsewhere.pk)).status_code == 404
    assert as_gm.post(url(name, sort="secrets", pk=elsewhere.pk)).status_code == 404
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("who", ["as_klingon", "as_observer", "as_outsider"])
def test_the_bin_is_the_gms_alone(request, gm, pardek, who):
    client = request.getfixturevalue(who)
    assert client.post(url("entry-throw-away", entry="pardek")).status_code == 404
    assert not Entry.objects.get().deleted_at
    throw(pardek, gm)
    assert client.get(url("bin")).status_code == 404
    for name in ("bin-take-out", "bin-delete"):
        assert client.post(url(name, sort="pages", pk=pardek.pk)).status_code == 404
    assert Entry.objects.get().deleted_at


def test_thrown_away_twice_is_thrown_away_once(gm, pardek):
    assert throw(pardek, gm) and not throw(pardek, gm, now=NOW + DAY)
    pardek.refresh_from_db()
    assert pardek.deleted_at == NOW


# Thirty days


@pytest.mark.parametrize(("after", "gone"), [(29, False), (30, False), (31, True)])
def test_after_thirty_days_it_is_gone_for_good(gm, campaign, pardek, hush, after, gone):
    other = factories.make_entry(campaign, "Other")
    kept = factories.make_secret(other, "Kept.")
    throw(pardek, gm)
    throw(kept, gm)
    assert bin.empty_old(NOW + after * DAY) == (2 if gone else 0)
    assert Entry.objects.filter(pk=pardek.pk).exists() is not gone
    assert Secret.objects.filter(pk=kept.pk).exists() is not gone
    assert Entry.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize(("after", "left"), [(0, 30), (0.5, 30), (1, 29), (29.5, 1), (30, 0), (40, 0)])
def test_the_days_that_are_left(gm, pardek, after, left):
    throw(pardek, gm)
    pardek.refresh_from_db()
    assert bin.days_left(pardek, NOW + after * DAY) == left
    assert DAYS_IN_BIN == 30


def test_doing_something_in_the_bin_empties_what_is_old(as_gm, campaign, gm, pardek):
    old = factories.make_entry(campaign, "Old")
    throw(old, gm, now=NOW - 400 * DAY)
    throw(pardek, gm, now=datetime.datetime.now(datetime.UTC))
    as_gm.post(url("bin-take-out", sort="pages", pk=pardek.pk))
    assert list(Entry.objects.all()) == [pardek]
