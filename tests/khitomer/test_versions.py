"""What was written stays readable: versions, two editors of one page, and the page as of an earlier day."""

import datetime

import pytest
from django.urls import reverse

from khitomer.actions import archive, campaigns, labels, story, versions
from khitomer.errors import Refused
from khitomer.models import Audience, Campaign, Entry, EntryKind, Secret, User, Version
from khitomer.rules.dates import StoryDate
from tests import factories
from tests.factories import NOW
from tests.khitomer.test_ledger_races import together

LATER = NOW + datetime.timedelta(hours=1)


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


@pytest.fixture
def pardek(campaign):
    return factories.make_entry(campaign, "Pardek", kind="person", audience=Audience.ALL, text="A senator.")


@pytest.fixture
def hush(pardek, klingon):
    return factories.make_secret(pardek, "Hush.", told=[klingon])


def write(entry, gm, text="Anew.", now=NOW, **given):
    fields = {"kind": entry.kind, "name": entry.name, "audience": Audience.ALL, **given}
    return archive.edit_entry(entry=entry, text=text, by=gm, now=now, **fields)


def write_secret(secret, gm, text, now=NOW, **given):
    told = {"audience": Audience.POWERS, "powers": list(secret.powers.all())}
    return archive.edit_secret(secret=secret, text=text, by=gm, now=now, **{**told, **given})


def form_of(client, address):
    """What the form at this address would send back untouched."""
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: [str(getattr(v, "pk", v)) for v in value] if isinstance(value, (list, tuple)) or hasattr(value, "all") else value
            for name, value in sent.items() if value is not None}  # fmt: skip


# Keeping


def test_the_first_edit_keeps_what_stood_before_and_what_stands_now(campaign, gm, pardek):
    row = write(pardek, gm, "A proconsul.", now=LATER)
    assert row.revision == 2
    first, second = pardek.versions.order_by("revision")
    assert (first.revision, first.content["text"], first.story_date, first.by) == (
        1,
        "A senator.",
        campaign.starts,
        None,
    )
    assert (second.revision, second.content["text"], second.story_date, second.by, second.at) == (
        2,
        "A proconsul.",
        campaign.today,
        gm,
        LATER,
    )
    assert second.content == {
        "name": "Pardek",
        "kind": "person",
        "text": "A proconsul.",
        "values": {},
        "aliases": [],
        "tags": [],
        "parent": "",
    }


@pytest.mark.parametrize("number", [1, 3])
def test_every_edit_is_one_version_more(gm, pardek, number):
    for n in range(number):
        write(pardek, gm, f"Text {n}.")
    assert list(pardek.versions.values_list("revision", flat=True)) == list(range(number + 1, 0, -1))


def test_the_same_text_sent_again_makes_no_version(gm, pardek):
    write(pardek, gm, "A senator.")
    assert not Version.objects.exists()
    write(pardek, gm, "Anew.")
    row = write(pardek, gm, "Anew.")
    assert (row.revision, pardek.versions.count()) == (2, 2)


def test_an_edit_that_is_refused_leaves_no_version(gm, pardek, hush):
    with pytest.raises(Refused):
        write(pardek, gm, "Anew.", audience=Audience.GM)
    assert not Version.objects.exists()


def test_a_secret_has_versions_of_its_own(gm, pardek, hush):
    row = write_secret(hush, gm, "Hear.", false=True)
    assert row.revision == 2
    assert [each.content for each in versions.versions_of(hush)] == [
        {"text": "Hear.", "false": True, "stands_in": False},
        {"text": "Hush.", "false": False, "stands_in": False},
    ]
    assert not versions.versions_of(pardek).exists()


# The history


def test_the_history_shows_what_changed_between_any_two(gm, as_gm, pardek):
    for text in ("A proconsul.", "A proconsul of Romulus."):
        write(pardek, gm, text, name="Pardek the Elder")
    page = as_gm.get(url("entry-history", entry="pardek"))
    assert (page.context["difference"].earlier.revision, page.context["difference"].later.revision) == (2, 3)
    page = as_gm.get(url("entry-history", entry="pardek") + "?from=1&to=3")
    said = page.content.decode()
    assert "(struck: </span>senator<" in said and "(put in: </span>proconsul of Romulus<" in said
    assert page.context["difference"].others == [
        ("Name", "Pardek", "Pardek the Elder"),
        ("Also called", "nothing", "Pardek"),
    ]


@pytest.mark.parametrize("asked", ["?from=7&to=1", "?from=x&to=y", "?from=99999999999999999999", "?to=0"])
def test_versions_that_are_not_there_are_plainly_said(gm, as_gm, pardek, asked):
    write(pardek, gm)
    page = as_gm.get(url("entry-history", entry="pardek") + asked)
    assert page.status_code == 200
    if asked != "?to=0":
        assert page.context["difference"] is None or page.context["difference"].earlier


def test_a_page_that_was_never_edited_says_so(as_gm, pardek):
    assert "still says what it said first" in as_gm.get(url("entry-history", entry="pardek")).content.decode()


@pytest.mark.parametrize("number", [1, 50])
def test_a_history_takes_the_same_queries_for_any_number(
    gm, as_gm, pardek, number, django_assert_num_queries
):
    for n in range(number):
        write(pardek, gm, f"Text {n}.")
    with django_assert_num_queries(9):
        as_gm.get(url("entry-history", entry="pardek"))


@pytest.mark.parametrize("who", ["as_klingon", "as_observer", "as_outsider"])
def test_the_history_is_the_gms_alone(gm, pardek, hush, request, who):
    write(pardek, gm)
    write_secret(hush, gm, "Hear.")
    client = request.getfixturevalue(who)
    assert client.get(url("entry-history", entry="pardek")).status_code == 404
    assert client.get(url("secret-history", entry="pardek", pk=hush.pk)).status_code == 404
    assert client.post(url("version-restore", entry="pardek", number=1)).status_code == 404
    assert client.post(url("secret-version-restore", entry="pardek", pk=hush.pk, number=1)).status_code == 404
    pardek.refresh_from_db()
    assert pardek.text == "Anew."
    if who != "as_outsider":
        page = client.get(url("entry", entry="pardek")).content.decode()
        assert "History" not in page and "/history/" not in page


# Bringing back


def test_what_is_restored_is_a_new_version_and_keeps_its_audience(gm, as_gm, pardek, klingon):
    write(pardek, gm, "Anew.", name="Other", kind=EntryKind.NOTE)
    write(pardek, gm, "Anew.", name="Other", kind=EntryKind.NOTE, audience=Audience.POWERS, powers=[klingon])
    answer = as_gm.post(url("version-restore", entry="pardek", number=1))
    assert answer.url == url("entry-history", entry="pardek")
    pardek.refresh_from_db()
    assert (pardek.name, pardek.kind.key, pardek.text_html, pardek.revision) == (
        "Pardek",
        "person",
        "<p>A senator.</p>\n",
        3,
    )
    assert (pardek.audience, list(pardek.powers.all())) == (Audience.POWERS, [klingon])
    assert pardek.versions.count() == 3


def test_a_secret_is_restored_for_those_who_know_it_now(gm, as_gm, pardek, hush):
    write_secret(hush, gm, "Hear.", audience=Audience.GM, powers=[])
    as_gm.post(url("secret-version-restore", entry="pardek", pk=hush.pk, number=1))
    hush.refresh_from_db()
    assert (hush.text_html, hush.audience, hush.powers.count()) == ("<p>Hush.</p>\n", Audience.GM, 0)


def test_names_tags_and_parent_come_back_too(campaign, gm, pardek):
    senate = factories.make_entry(campaign, "Senate")
    with versions.versioned(pardek, by=gm, now=NOW):
        pardek.aliases.create(name="The senator")
        pardek.tags.add(labels.tag_named(campaign, "Tal Shiar"))
        pardek.parent, pardek.values = senate, {"rank": "senator"}
        pardek.save()
    with versions.versioned(pardek, by=gm, now=NOW):
        pardek.aliases.all().delete()
        pardek.tags.clear()
        pardek.parent, pardek.values = None, {}
        pardek.save()
    assert versions.restore(thing=pardek, revision=2, by=gm, now=NOW)
    row = Entry.objects.get(pk=pardek.pk)
    assert (row.parent, row.values, row.revision) == (senate, {"rank": "senator"}, 4)
    assert [str(each) for each in [*row.aliases.all(), *row.tags.all()]] == ["The senator", "Tal Shiar"]


def test_a_parent_that_would_lie_within_the_entry_is_left_out(campaign, gm, pardek):
    senate = factories.make_entry(campaign, "Senate")
    for parent in (senate, None):
        with versions.versioned(pardek, by=gm, now=NOW):
            pardek.parent = parent
            pardek.save()
    Entry.objects.filter(pk=senate.pk).update(parent=pardek)
    versions.restore(thing=pardek, revision=2, by=gm, now=NOW)
    assert Entry.objects.get(pk=pardek.pk).parent is None


def test_what_stands_already_is_restored_to_no_effect(gm, pardek):
    write(pardek, gm)
    assert not versions.restore(thing=pardek, revision=2, by=gm, now=NOW)
    assert pardek.versions.count() == 2
    with pytest.raises(Refused, match="no such version"):
        versions.restore(thing=pardek, revision=9, by=gm, now=NOW)


# Two editors of one page


def test_the_second_of_two_editors_loses_nothing(gm, as_gm, as_co_gm, pardek, campaign):
    address = url("entry-edit", entry="pardek")
    mine, theirs = form_of(as_co_gm, address), form_of(as_gm, address)
    assert as_gm.post(address, {**theirs, "text": "A senator of Romulus."}).status_code == 302
    answer = as_co_gm.post(address, {**mine, "text": "A dead senator.", "name": "Pardek II"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "A dead senator." in page and "A senator of Romulus." in page
    assert ("Name", "Pardek", "Pardek II") in answer.context["meanwhile"].others
    pardek.refresh_from_db()
    assert (pardek.text, pardek.revision) == ("A senator of Romulus.", 2)
    form = answer.context["form"]
    both = {**mine, "began": form["began"].value(), "text": "A dead senator of Romulus."}
    assert as_co_gm.post(address, both).status_code == 302
    pardek.refresh_from_db()
    assert (pardek.text, pardek.revision) == ("A dead senator of Romulus.", 3)


def test_whom_the_other_told_is_not_taken_back_unseen(gm, as_gm, pardek, hush, klingon, romulan):
    """A secret revealed at the table while its form stands open elsewhere."""
    address = url("secret-edit", entry="pardek", pk=hush.pk)
    form = form_of(as_gm, address)
    write_secret(hush, gm, "Hush.", powers=[klingon, romulan])
    answer = as_gm.post(address, {**form, "text": "Hear."})
    assert answer.status_code == 409
    assert [label for label, *_ in answer.context["meanwhile"].others] == ["Who may know"]
    assert set(hush.powers.all()) == {klingon, romulan}
    assert as_gm.post(address, {**form, "began": answer.context["form"]["began"].value()}).status_code == 302


def test_what_was_thrown_away_meanwhile_is_not_written(gm, as_gm, pardek):
    form = form_of(as_gm, url("entry-edit", entry="pardek"))
    as_gm.post(url("entry-throw-away", entry="pardek"))
    assert as_gm.post(url("entry-edit", entry="pardek"), form).status_code == 404
    with pytest.raises(Refused, match="thrown away meanwhile"):
        write(pardek, gm)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_save_at_once_one_does() -> None:
    gm = User.objects.create(username="gm", name="Ada")
    campaign: Campaign = campaigns.open_campaign(name="Race", starts=StoryDate(2379), by=gm, now=NOW)
    entry = archive.add_entry(
        campaign=campaign, kind="note", name="Page", text="First.", audience=Audience.GM, by=gm, now=NOW
    )
    began = versions.began(entry)
    got = together(
        lambda n: write(entry, gm, f"By hand {n}.", audience=Audience.GM, began=began).revision, times=4
    )
    assert sorted(map(type, got), key=str) == [int, *[versions.Meanwhile] * 3]
    entry.refresh_from_db()
    assert (entry.revision, entry.versions.count()) == (2, 2)


# As of an earlier day


@pytest.fixture
def told_anew(campaign, gm, pardek):
    """Rewritten on 14 March 2379 and on 1 June, when he also died."""
    write(pardek, gm, "A proconsul.", name="Proconsul Pardek")
    Campaign.objects.filter(pk=campaign.pk).update(today="2379-06-01")
    campaign.refresh_from_db()
    write(pardek, gm, "A hero.", name="Pardek")
    story.set_fate(campaign=campaign, entry=pardek, fate="Dead", by=gm, why="", token="t", now=NOW)
    return pardek


@pytest.mark.parametrize(
    ("on", "text", "fate"),
    [
        ("2378", "A senator.", ""),
        ("2379-03-13", "A senator.", ""),
        ("2379-03-14", "A proconsul.", ""),
        ("2379-05", "A proconsul.", ""),
        ("1 June 2379", "A hero.", "Dead"),
        ("2379", "A hero.", "Dead"),
        ("2400", "A hero.", "Dead"),
        ("2200", "A senator.", ""),
    ],
)
def test_the_gm_reads_the_page_as_it_was(as_gm, told_anew, on, text, fate):
    page = as_gm.get(url("entry", entry="pardek"), {"on": on})
    assert page.context["day"].fate == fate and text in page.context["text"]
    assert "As of" in page.content.decode() and "Back to today" in page.content.decode()


def test_players_read_todays_text_with_the_fate_of_the_day(as_klingon, told_anew):
    page = as_klingon.get(url("entry", entry="pardek"), {"on": "2379-03-14"})
    said = page.content.decode()
    assert "A hero." in said and "the text is today’s" in said
    assert "senator" not in said  # the old name is among its others, which whoever sees the page reads
    assert page.context["day"].fate == ""


@pytest.mark.parametrize("who", ["as_gm", "as_klingon"])
def test_what_is_no_date_is_said_beside_the_field(request, told_anew, who):
    page = request.getfixturevalue(who).get(url("entry", entry="pardek"), {"on": "soon"})
    assert page.status_code == 422 and page.context["day"].error
    assert "A hero." in page.content.decode()


def test_no_day_is_today(as_gm, told_anew):
    page = as_gm.get(url("entry", entry="pardek"), {"on": ""})
    assert page.context["day"].date is None and "Back to today" not in page.content.decode()


def test_a_hidden_page_has_no_past_either(as_klingon, campaign, told_anew):
    factories.make_entry(campaign, "Plot", audience=Audience.GM)
    missing = as_klingon.get(url("entry", entry="nothing"), {"on": "2379"})
    hidden = as_klingon.get(url("entry", entry="plot"), {"on": "2379"})
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert Secret.objects.count() == 0
