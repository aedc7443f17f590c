"""What helps while writing: names are offered of what the writer may see, and a text looks as it will look to them."""

import pytest

from khitomer.forms.archive import EntryForm, SecretForm
from khitomer.models import Audience
from tests import factories
from tests.khitomer.test_archive import hidden, url


def offered(client, q=""):
    answer = client.get(url("writing-names"), {"q": q})
    assert answer.status_code == 200
    return [entry.name for entry, _ in answer.context["offered"]]


@pytest.fixture
def names(campaign):
    for name in ("Pardek", "Old Pardek", "Vreenak", "A [bracket]"):
        factories.make_entry(campaign, name, slug=name[:3].lower())
    campaign.entries.get(name="Vreenak").aliases.create(name="Senator of Romulus")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("PAR", ["Pardek", "Old Pardek"]),
        ("romulus", ["Vreenak"]),
        ("", ["Old Pardek", "Pardek", "Vreenak"]),
        ("%", []),
        ("x" * 300, []),
    ],
)
def test_names_and_aliases_are_offered_those_that_begin_so_first(names, as_klingon, typed, found):
    assert offered(as_klingon, typed) == found


@pytest.mark.parametrize(
    ("who", "sees"), [("as_gm", 3), ("as_romulan", 2), ("as_klingon", 1), ("as_observer", 1)]
)
def test_only_what_the_writer_may_see_is_offered(campaign, romulan, request, who, sees):
    client = request.getfixturevalue(who)
    factories.make_entry(campaign, "Plover")
    before = client.get(url("writing-names"), {"q": "pl"}).content
    hidden(campaign, "Plot").aliases.create(name="Plover")
    hidden(campaign, "Planet", [romulan])
    assert len(offered(client, "pl")) == sees
    if sees == 1:
        assert client.get(url("writing-names"), {"q": "pl"}).content == before


@pytest.mark.parametrize("number", [1, 30])
def test_names_take_the_same_queries_for_any_number(campaign, as_klingon, number, django_assert_num_queries):
    for n in range(number):
        factories.make_entry(campaign, f"Post {n}").aliases.create(name=f"Outpost {n}")
    with django_assert_num_queries(8):
        assert len(offered(as_klingon, "post")) == min(number, 8)


def test_a_text_is_shown_as_it_will_look_to_its_writer(campaign, as_gm, as_klingon):
    hidden(campaign, "Plot")
    text = {"text": "*Hear* [[plot|this]] <script>x</script>"}
    shown = [client.post(url("writing-preview"), text).content.decode() for client in (as_gm, as_klingon)]
    assert f'<a href="{url("entry", entry="plot")}">this</a>' in shown[0]
    assert "<em>Hear</em> this" in shown[1] and "<script" not in shown[0]


def test_what_will_not_be_kept_says_why(as_klingon, campaign):
    answer = as_klingon.post(url("writing-preview"), {"text": "x" * 50_001})
    assert answer.status_code == 422 and "50,001 characters" in answer.content.decode()


def test_an_outsider_is_offered_nothing(campaign, as_outsider):
    assert as_outsider.get(url("writing-names")).status_code == 404
    assert as_outsider.post(url("writing-preview"), {"text": "x"}).status_code == 404


def test_every_page_with_a_text_brings_what_helps(campaign, as_gm):
    factories.make_entry(campaign, "Pardek", audience=Audience.ALL)
    for page in ("entry-new", "event-new", "session-new", "power-new", "treaty-new"):
        html = as_gm.get(url(page)).content.decode()
        assert "js/writing.js" in html and "data-writing" in html and 'data-names-at="' in html
    assert "js/writing.js" not in as_gm.get(url("archive")).content.decode()


def test_forms_say_what_they_mean():
    assert {"stands_in", "false"} <= set(SecretForm.base_fields)
    assert {"aliases", "tags", "parent"} <= set(EntryForm.base_fields)
