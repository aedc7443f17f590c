"""The archive: entries and secrets for those whose they are, and no trace of either for anyone else."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from khitomer.actions import archive as actions
from khitomer.errors import Refused
from khitomer.models import Activity, Audience, EntryKind
from khitomer.views.linking import linked
from tests import factories
from tests.conftest import signed_in

LIST_QUERIES = {"as_gm": 14, "as_klingon": 11}
PAGE_QUERIES = {"as_gm": 22, "as_klingon": 16}


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def read(client, name, **kwargs):
    answer = client.get(url(name, **kwargs))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def pardek(campaign):
    return factories.make_entry(campaign, "Pardek", kind="person", audience=Audience.ALL, text="A *senator*.")


def secret_on(entry, text, audience=Audience.GM, powers=()):
    return factories.make_secret(entry, text, audience=audience, told=powers)


def hidden(campaign, name, powers=()):
    """An entry for the GM alone, or for some powers."""
    return factories.make_entry(campaign, name, told=powers, audience=Audience.GM)


# The list


def test_entries_stand_under_their_kind_in_the_order_of_names(campaign, as_klingon):
    for name, kind in [("vor'cha wreck", "vessel"), ("Archanis", "place"), ("Ajilon", "place")]:
        factories.make_entry(campaign, name, kind=kind, slug=name[:3].lower(), audience=Audience.ALL)
    groups = as_klingon.get(url("archive")).context["groups"]
    assert [(group.kind.plural, [each.name for each in group.entries]) for group in groups] == [
        ("Vessels", ["vor'cha wreck"]),
        ("Places", ["Ajilon", "Archanis"]),
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [("q=aj", ["Ajilon"]), ("q=A", ["Ajilon", "Archanis"]), ("q=outpost", ["Ajilon"]), ("tag=border", ["Archanis"]), ("tag=bogus", ["Ajilon", "Archanis"]), ("q=jilon", ["Ajilon"]), ("kind=place", ["Ajilon", "Archanis"]),
     ("kind=vessel", []), ("kind=bogus&q=%25", []), ("q=+aji+", ["Ajilon"])],
)  # fmt: skip
def test_the_list_is_filtered_by_what_a_name_has_in_it_by_tag_and_by_kind(campaign, as_klingon, asked, found):
    for name in ("Ajilon", "Archanis"):
        entry = factories.make_entry(campaign, name, kind="place", audience=Audience.ALL)
    entry.tags.create(campaign=campaign, slug="border", name="Border")
    campaign.entries.get(name="Ajilon").aliases.create(name="The Outpost")
    groups = as_klingon.get(f"{url('archive')}?{asked}").context["groups"]
    assert [entry.name for group in groups for entry in group.entries] == found


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("", 12), ("?kind=place", 100), ("?kind=place&page=2", 30), ("?kind=place&page=x", 100)],
)
def test_a_great_archive_is_shown_at_a_glance_or_a_page_at_a_time(campaign, as_klingon, asked, shown):
    place = campaign.kinds.get(key="place")
    campaign.entries.bulk_create(
        campaign.entries.model(
            campaign=campaign, kind=place, slug=f"p-{n}", name=f"Place {n:03}", audience="all"
        )
        for n in range(130)
    )
    hidden(campaign, "Place unseen")
    (group,) = as_klingon.get(url("archive") + asked).context["groups"]
    assert (len(group.entries), group.count) == (shown, 130)
    assert [entry.name for entry in group.entries] == sorted(entry.name for entry in group.entries)


def test_htmx_is_sent_the_entries_alone(campaign, as_klingon, pardek):
    page = as_klingon.get(f"{url('archive')}?q=p", headers={"HX-Request": "true"}).content.decode()
    assert page.strip().startswith('<div id="entries"') and "Pardek" in page and "<html" not in page


@pytest.mark.parametrize(
    ("who", "says"), [("as_gm", "Write the first entry"), ("as_klingon", "will stand here")]
)
def test_an_empty_archive_says_what_comes_next(campaign, request, who, says):
    assert says in read(request.getfixturevalue(who), "archive")


@pytest.mark.parametrize("who", ["as_gm", "as_klingon"])
@pytest.mark.parametrize("number", [1, 50])
def test_the_list_takes_the_same_queries_for_any_number(
    campaign, klingon, request, who, number, django_assert_num_queries
):
    client = request.getfixturevalue(who)
    for n in range(number):
        secret_on(hidden(campaign, f"Entry {n}", [klingon]), "Hush", Audience.POWERS, [klingon])
    with django_assert_num_queries(LIST_QUERIES[who]):
        client.get(url("archive"))


@pytest.mark.parametrize("who", ["as_gm", "as_klingon"])
@pytest.mark.parametrize("number", [1, 50])
def test_a_page_takes_the_same_queries_for_any_number_of_secrets(
    campaign, klingon, pardek, request, who, number, django_assert_num_queries
):
    client = request.getfixturevalue(who)
    for _ in range(number):
        secret_on(pardek, "[[Pardek]]", Audience.POWERS, [klingon])
    with django_assert_num_queries(PAGE_QUERIES[who]):
        client.get(url("entry", entry="pardek"))


# Who sees what

SECRETS = {"gm": "Sold the codes", "klingon": "Owes a debt", "all": "Was at Khitomer"}


@pytest.fixture
def secrets(pardek, klingon):
    secret_on(pardek, SECRETS["gm"])
    secret_on(pardek, SECRETS["klingon"], Audience.POWERS, [klingon])
    secret_on(pardek, SECRETS["all"], Audience.ALL)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("as_gm", {"gm", "klingon", "all"}),
        ("as_co_gm", {"gm", "klingon", "all"}),
        ("as_klingon", {"klingon", "all"}),
        ("as_romulan", {"all"}),
        ("as_observer", {"all"}),
    ],
)
def test_each_reads_the_secrets_that_are_theirs(secrets, request, who, sees):
    page = read(request.getfixturevalue(who), "entry", entry="pardek")
    assert {key for key, text in SECRETS.items() if text in page} == sees


def test_the_gm_sees_who_knows_each_and_nobody_else_does(secrets, as_gm, as_klingon):
    words = " ".join(read(as_gm, "entry", entry="pardek").split())
    assert 'title="Take it back from Klingon Empire"' in words
    assert "You alone" in words
    assert 'title="Take it back from Everyone"' in words
    page = read(as_klingon, "entry", entry="pardek")
    assert "Told to your delegation" in page and "Known to" not in page
    assert not re.search(r"secrets?/\d", page)


PARTS_THAT_CHANGE = re.compile(r'csrfmiddlewaretoken" value="[^"]*"')


def without_tokens(answer):
    return PARTS_THAT_CHANGE.sub("", answer.content.decode())


@pytest.mark.parametrize("who", ["as_klingon", "as_observer"])
@pytest.mark.parametrize("asked", ["", "?q=p", "?kind=note"])
def test_what_is_hidden_leaves_no_trace(campaign, pardek, romulan, request, who, asked):
    client = request.getfixturevalue(who)
    pages = [url("archive") + asked, url("entry", entry="pardek"), url("desk"), url("powers")]
    before = [without_tokens(client.get(page)) for page in pages]
    secret_on(hidden(campaign, "Pa, the first of all"), "Hush")
    secret_on(hidden(campaign, "Patrol", [romulan]), "Hush", Audience.POWERS, [romulan])
    secret_on(pardek, "Hush")
    secret_on(pardek, "Hush", Audience.POWERS, [romulan])
    assert [without_tokens(client.get(page)) for page in pages] == before


def test_probing_an_address_tells_a_hidden_entry_from_none_in_nothing(campaign, as_klingon, as_gm):
    hidden(campaign, "Plot")
    there, not_there = (as_klingon.get(url("entry", entry=slug)) for slug in ("plot", "plxt"))
    assert there.status_code == not_there.status_code == 404
    assert without_tokens(there) == without_tokens(not_there)
    assert dict(there.headers) == dict(not_there.headers)
    assert as_gm.get(url("entry", entry="plot")).status_code == 200


def test_a_link_to_a_hidden_entry_is_plain_words(campaign, klingon_player, gm):
    hidden(campaign, "Tal & sons")
    factories.make_entry(campaign, "Pardek", audience=Audience.ALL)
    text = '<p>[[Pardek]], [[Tal &amp; sons]], [[Nobody]], <a href="#" title="[[Pardek]]">x</a></p>'
    (player,) = linked(factories.viewer_of(campaign, klingon_player), [text])
    (all_of_it,) = linked(factories.viewer_of(campaign, gm), [text])
    link = f'<a href="{url("entry", entry="pardek")}">Pardek</a>'
    assert player == f'<p>{link}, Tal &amp; sons, Nobody, <a href="#" title="[[Pardek]]">x</a></p>'
    assert '">Tal &amp; sons</a>' in all_of_it


# Writing


def sent(**given):
    return {
        "token": "t",
        "name": "Vreenak",
        "kind": "person",
        "text": "A **senator**.",
        "audience": "gm",
        **given,
    }


def test_the_gm_writes_an_entry_once_however_often_it_is_sent(campaign, as_gm):
    for _ in range(2):
        assert as_gm.post(url("entry-new"), sent()).url == url("entry", entry="vreenak")
    entry = campaign.entries.get()
    assert (entry.kind.key, entry.audience) == ("person", Audience.GM)
    assert entry.text_html == "<p>A <strong>senator</strong>.</p>\n"
    assert Activity.objects.count() == 0  # for the GM alone there is nothing to tell


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"audience": "powers"}, "audience", "Name at least one power"),
        ({"audience": "all", "powers": "klingon"}, "audience", "not “Named powers or persons”"),
        ({"audience": "gm", "powers": "klingon"}, "audience", "not “Named powers or persons”"),
        ({"audience": "nobody"}, "audience", "not one of the available choices"),
        ({"powers": "999999", "audience": "powers"}, "powers", "not one of the available choices"),
        ({"name": ""}, "name", "needed"),
        ({"name": "x" * 81}, "name", "at most 80"),
        ({"name": "PARDEK"}, "name", "has “Pardek” at that address already"),
        ({"kind": "ghost"}, "kind", "not one of the available choices"),
        ({"text": "x" * 50_001}, "text", "50,001 characters"),
    ],
)
def test_what_is_wrong_with_an_entry_stands_beside_its_field(
    campaign, pardek, klingon, as_gm, given, field, says
):
    if given.get("powers") == "klingon":
        given = {**given, "powers": [klingon.pk]}
    answer = as_gm.post(url("entry-new"), sent(**given))
    assert answer.status_code == 422
    assert says in str(answer.context["form"].errors[field])
    assert answer.context["form"]["kind"].value() == sent(**given)["kind"]
    assert campaign.entries.count() == 1


def test_a_text_with_line_breaks_at_the_limit_is_kept(campaign, as_gm):
    assert as_gm.post(url("entry-new"), sent(text="x" * 50_000)).status_code == 302


@pytest.mark.parametrize("name", ["New", "新"])
def test_a_name_that_gives_no_address_gets_one_that_tells_nothing(campaign, as_gm, name):
    as_gm.post(url("entry-new"), sent(name=name))
    assert re.fullmatch(r"entry-[0-9a-f]{8}", campaign.entries.get().slug)


def test_those_who_are_told_notice_and_nobody_else(campaign, as_gm, klingon, klingon_player, romulan_player):
    as_gm.post(url("entry-new"), sent(audience="powers", powers=[klingon.pk]))
    row = Activity.objects.get()
    assert (row.kind, row.path) == ("disclosed", url("entry", entry="vreenak"))
    seen = {
        user: Activity.objects.visible_to(factories.viewer_of(campaign, user)).count()
        for user in (klingon_player, romulan_player)
    }
    assert seen == {klingon_player: 1, romulan_player: 0}


def test_telling_more_powers_is_noticed_by_those_alone(campaign, gm, klingon, romulan):
    entry = hidden(campaign, "Plot", [klingon])
    given = {"kind": EntryKind.NOTE, "name": "Plot", "text": "", "by": gm, "now": timezone.now()}
    actions.edit_entry(entry=entry, audience=Audience.POWERS, powers=[klingon, romulan], **given)
    assert list(Activity.objects.get().powers.all()) == [romulan]
    actions.edit_entry(entry=entry, audience=Audience.POWERS, powers=[romulan], **given)
    assert Activity.objects.told().count() == 1  # taking something back is on nobody's list
    actions.edit_entry(entry=entry, audience=Audience.ALL, powers=[], **given)
    assert Activity.objects.latest("pk").audience == Audience.ALL


def test_an_entry_is_written_anew_and_keeps_its_address(campaign, as_gm, pardek, klingon):
    answer = as_gm.post(
        url("entry-edit", entry="pardek"), sent(name="Senator Pardek", audience="powers", powers=[klingon.pk])
    )
    assert answer.url == url("entry", entry="pardek")
    pardek.refresh_from_db()
    assert (pardek.name, pardek.slug, list(pardek.powers.all())) == ("Senator Pardek", "pardek", [klingon])


def test_the_form_shows_what_is_on_record(as_gm, campaign, klingon):
    hidden(campaign, "Plot", [klingon])
    form = as_gm.get(url("entry-edit", entry="plot")).context["form"]
    assert form["audience"].value() == "powers" and list(form["powers"].value()) == [klingon.pk]


# Secrets


def test_a_secret_is_kept_once_however_often_it_is_sent(campaign, as_gm, pardek, klingon):
    given = {"token": "t", "text": "Owes *much*.", "audience": "powers", "powers": [klingon.pk]}
    for _ in range(2):
        assert as_gm.post(url("secret-new", entry="pardek"), given).url == url("entry", entry="pardek")
    secret = pardek.secrets.get()
    assert (secret.text_html, list(secret.powers.all())) == ("<p>Owes <em>much</em>.</p>\n", [klingon])
    assert list(Activity.objects.get().powers.all()) == [klingon]


@pytest.mark.parametrize(
    ("of_entry", "audience", "told", "allowed"),
    [
        ("all", "all", [], True),
        ("all", "powers", ["klingon"], True),
        ("powers", "powers", ["klingon"], True),
        ("powers", "gm", [], True),
        ("powers", "powers", ["klingon", "romulan"], False),
        ("powers", "all", [], False),
        ("gm", "powers", ["klingon"], False),
        ("gm", "all", [], False),
        ("gm", "gm", [], True),
    ],
)
def test_nobody_is_told_a_secret_of_an_entry_they_cannot_see(
    campaign, gm, klingon, of_entry, audience, told, allowed
):
    entry = hidden(campaign, "Plot", [klingon] if of_entry == "powers" else [])
    type(entry).objects.filter(pk=entry.pk).update(audience=of_entry)
    given = {
        "text": "Hush",
        "audience": Audience(audience),
        "powers": list(campaign.powers.filter(slug__in=told)),
        "by": gm,
        "now": timezone.now(),
    }
    if allowed:
        assert actions.add_secret(entry=entry, **given).audience == audience
    else:
        with pytest.raises(Refused, match="The entry itself is not open to"):
            actions.add_secret(entry=entry, **given)
        kept = secret_on(entry, "Hush")
        with pytest.raises(Refused, match="The entry itself is not open to"):
            actions.edit_secret(secret=kept, **given)
        kept.refresh_from_db()
        assert kept.audience == Audience.GM


@pytest.mark.parametrize(("audience", "powers"), [("gm", []), ("powers", ["romulan"])])
def test_an_entry_is_not_closed_to_those_who_know_a_secret_of_it(
    campaign, as_gm, pardek, klingon, audience, powers
):
    secret_on(pardek, "Hush", Audience.POWERS, [klingon])
    told = [power.pk for power in campaign.powers.filter(slug__in=powers)]
    answer = as_gm.post(url("entry-edit", entry="pardek"), sent(audience=audience, powers=told))
    assert answer.status_code == 422
    assert "open to Klingon Empire" in str(answer.context["form"].errors["audience"])
    pardek.refresh_from_db()
    assert (pardek.name, pardek.audience) == ("Pardek", Audience.ALL)


def test_a_secret_is_edited_and_removed(campaign, as_gm, pardek):
    secret = secret_on(pardek, "Hush")
    as_gm.post(
        url("secret-edit", entry="pardek", pk=secret.pk), {"token": "t", "text": "Hear", "audience": "all"}
    )
    secret.refresh_from_db()
    assert (secret.text_html, secret.audience) == ("<p>Hear</p>\n", Audience.ALL)
    as_gm.post(url("secret-remove", entry="pardek", pk=secret.pk))
    assert pardek.secrets.get().deleted_at  # it lies in the bin


def test_a_secret_is_not_found_under_another_entry(campaign, as_gm, pardek):
    secret = secret_on(hidden(campaign, "Plot"), "Hush")
    assert as_gm.get(url("secret-edit", entry="pardek", pk=secret.pk)).status_code == 404


# Fate


def test_a_fate_is_set_through_the_ledger(campaign, as_gm, pardek):
    given = {"token": "t", "fate": "In exile", "why": "The vote"}
    for _ in range(2):
        assert as_gm.post(url("entry-fate", entry="pardek"), given).url == url("entry", entry="pardek")
    pardek.refresh_from_db()
    assert pardek.fate == "In exile"
    row = campaign.ledger.get()
    assert (row.kind, row.before, row.after, row.why) == (
        "set fate",
        "fate not known",
        "In exile",
        "The vote",
    )


def test_a_fate_that_is_so_already_is_refused_beside_the_field(campaign, as_gm, pardek):
    answer = as_gm.post(url("entry-fate", entry="pardek"), {"token": "t", "fate": ""})
    assert answer.status_code == 422
    assert "already" in str(answer.context["fate"].errors["fate"])


def test_the_entry_form_cannot_set_a_fate(campaign, as_gm, pardek):
    as_gm.post(url("entry-edit", entry="pardek"), sent(audience="all", fate="Dead"))
    pardek.refresh_from_db()
    assert (pardek.name, pardek.fate) == ("Vreenak", "")


# Who must not


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [
        ("entry-new", {}),
        ("entry-edit", {"entry": "pardek"}),
        ("entry-fate", {"entry": "pardek"}),
        ("secret-new", {"entry": "pardek"}),
        ("secret-edit", {"entry": "pardek", "pk": 0}),
        ("secret-remove", {"entry": "pardek", "pk": 0}),
    ],
)
@pytest.mark.parametrize("who", ["as_klingon", "as_observer", "as_outsider"])
def test_only_the_gm_writes(campaign, pardek, klingon, request, name, kwargs, who):
    secret = secret_on(pardek, "Owes a debt", Audience.POWERS, [klingon])
    kwargs = {**kwargs, **({"pk": secret.pk} if "pk" in kwargs else {})}
    client = request.getfixturevalue(who)
    assert client.get(url(name, **kwargs)).status_code == 404
    assert client.post(url(name, **kwargs), sent()).status_code == 404
    assert pardek.secrets.get().text == "Owes a debt"


@pytest.mark.parametrize(("name", "kwargs"), [("archive", {}), ("entry", {"entry": "pardek"})])
def test_an_outsider_finds_no_archive(campaign, pardek, as_outsider, name, kwargs):
    assert as_outsider.get(url(name, **kwargs)).status_code == 404


def test_the_same_address_in_two_campaigns_is_two_entries(campaign, pardek, gm):
    other = factories.make_campaign(slug="other")
    factories.join(other, gm, "gm")
    factories.make_entry(other, "Pardek", audience=Audience.ALL, text="Another.")
    page = (
        signed_in(gm).get(reverse("entry", kwargs={"campaign": "other", "entry": "pardek"})).content.decode()
    )
    assert "A page of" not in page and "senator" not in page
