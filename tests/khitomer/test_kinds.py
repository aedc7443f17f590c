"""Kinds of entries: the GM's own, the fields of each, and what an entry answers to them."""

import pytest
from django.urls import reverse

from khitomer.actions import kinds as actions
from khitomer.errors import Refused
from khitomer.models import Audience
from khitomer.rules.kinds import Field, Sort, answer, settle
from tests import factories
from tests.khitomer.test_archive import read, sent, url

FIELDS = [
    ("", "Built", "date"),
    ("", "Crew", "number"),
    ("", "Flagship", "yes"),
    ("", "Captain", "entry"),
    ("", "Motto", "text"),
]


@pytest.fixture
def fleet(campaign, gm):
    return actions.add_kind(
        campaign=campaign, name="Fleet", plural="Fleets", fields=FIELDS, by=gm, now=factories.NOW
    )


def as_posted(rows, **given):
    keys, labels, sorts = zip(*rows, strict=True)
    return {
        "token": "t",
        "name": "Fleet",
        "plural": "Fleets",
        "key": keys,
        "label": labels,
        "sort": sorts,
        **given,
    }


# Rules


@pytest.mark.parametrize(
    ("sort", "typed", "kept"),
    [
        ("text", "  two  words ", "two words"), ("number", "1,200", "1200"), ("number", "−3.5", "-3.5"),
        ("number", "many", None), ("number", "1e9", None), ("date", "2372-03", "2372-03"), ("date", "2372-13", None),
        ("date", "soon", None), ("yes", "yes", "yes"), ("yes", "no", ""), ("entry", "Pardek", "Pardek"), ("text", "", ""),
        ("text", "x" * 201, None),
    ],
)  # fmt: skip
def test_what_a_field_takes(sort, typed, kept):
    field = Field("f", "F", Sort(sort))
    if kept is None:
        with pytest.raises(ValueError):
            answer(field, typed)
    else:
        assert answer(field, typed) == kept


def test_a_field_keeps_its_key_under_a_new_label_and_a_new_one_never_takes_an_old_key():
    first = settle([("", "Built", "date"), ("", " ", "text"), ("", "Crew", "number")], [])
    assert [field.key for field in first] == ["built", "crew"]
    again = settle([("crew", "Hands", "number"), ("built", "Laid down", "date"), ("", "Crew", "text")], first)
    assert [(field.key, field.label) for field in again] == [
        ("crew", "Hands"),
        ("built", "Laid down"),
        ("crew-2", "Crew"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [("", "A", "text"), ("", "a", "text")],
        [("", "x" * 41, "text")],
        [("", "A", "ghost")],
        [("", f"F{n}", "text") for n in range(13)],
        [("k", "K", "number")],
    ],
)
def test_fields_that_will_not_do(rows):
    with pytest.raises(ValueError):
        settle(rows, [Field("k", "K", Sort.TEXT)])


# The pages of kinds


def test_the_gm_makes_a_kind_once_however_often_it_is_sent(campaign, as_gm):
    for _ in range(2):
        assert as_gm.post(url("kind-new"), as_posted(FIELDS)).url == url("kinds")
    kind = campaign.kinds.get(key="fleet")
    assert [(row["key"], row["sort"]) for row in kind.fields][:2] == [("built", "date"), ("crew", "number")]
    assert kind.position == 8 and "Fleets" in read(as_gm, "kinds")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": "vessel"}, "a kind “Vessel” already"),
        ({"name": ""}, "needed"),
        ({"sort": ["ghost"] * 5}, "takes nothing"),
    ],
)
def test_what_is_wrong_with_a_kind_is_said(campaign, as_gm, given, says):
    answered = as_gm.post(url("kind-new"), as_posted(FIELDS, **given))
    assert answered.status_code == 422 and says in answered.content.decode()
    assert 'value="Captain"' in answered.content.decode()
    assert campaign.kinds.count() == 7


@pytest.mark.parametrize(
    ("asked", "labels"),
    [
        ("up-1", ["Crew", "Built"]),
        ("down-0", ["Crew", "Built"]),
        ("off-0", ["Crew"]),
        ("add", ["Built", "Crew", ""]),
        ("up-99", ["Built", "Crew"]),
    ],
)
def test_fields_are_put_in_order_and_nothing_is_kept_yet(campaign, as_gm, asked, labels):
    answered = as_gm.post(url("kind-new"), as_posted(FIELDS[:2], arrange=asked))
    assert [label for _, label, _ in answered.context["rows"]] == labels
    assert campaign.kinds.count() == 7


def test_a_built_in_kind_is_given_fields_and_keeps_its_name(campaign, as_gm):
    as_gm.post(url("kind-edit", kind="vessel"), as_posted(FIELDS[:1], name="Boat", plural="Boats"))
    kind = campaign.kinds.get(key="vessel")
    assert (kind.name, [row["label"] for row in kind.fields]) == ("Vessel", ["Built"])


def test_a_kind_with_entries_is_not_taken_away_and_an_empty_one_is(campaign, gm, fleet, as_gm):
    entry = factories.make_entry(campaign, "Third fleet", kind=fleet)
    given = {"kind": fleet, "by": gm, "now": factories.NOW}
    with pytest.raises(Refused, match="1 entry is of this kind"):
        actions.remove_kind(**given)
    type(entry).objects.filter(pk=entry.pk).update(deleted_at=factories.NOW)
    with pytest.raises(Refused, match="recycle bin"):
        actions.remove_kind(**given)
    entry.delete()
    as_gm.post(url("kind-remove", kind="fleet"))
    assert not campaign.kinds.filter(key="fleet").exists()
    with pytest.raises(Refused, match="Every archive has"):
        actions.remove_kind(**{**given, "kind": campaign.kinds.get(key="note")})


def test_a_kind_of_which_a_player_sees_nothing_leaves_no_trace(campaign, fleet, as_klingon):
    factories.make_entry(campaign, "Secret fleet", kind=fleet, audience=Audience.GM)
    assert "Fleet" not in read(as_klingon, "archive")
    there, not_there = (as_klingon.get(f"{url('archive')}?kind={key}").content for key in ("fleet", "flxxt"))
    assert there == not_there
    factories.make_entry(campaign, "Known fleet", kind=fleet)
    assert "Fleets" in read(as_klingon, "archive")


# What an entry answers


ANSWERS = {
    "value-built": "March 2372",
    "value-crew": "1,200",
    "value-flagship": "on",
    "value-captain": "pardek",
    "value-motto": "Hold",
}


def test_an_entry_answers_and_its_page_says_so(campaign, fleet, as_gm, as_klingon):
    factories.make_entry(campaign, "Pardek", audience=Audience.GM)
    as_gm.post(url("entry-new"), sent(name="Third", kind="fleet", audience="all", **ANSWERS))
    entry = campaign.entries.get(slug="third")
    assert entry.values == {
        "built": "2372-03",
        "crew": "1200",
        "flagship": "yes",
        "captain": "pardek",
        "motto": "Hold",
    }
    for client, linked in ((as_gm, True), (as_klingon, False)):
        page = read(client, "entry", entry="third")
        assert "<dt>Built</dt><dd>March 2372</dd>" in page and "<dt>Flagship</dt><dd>Yes</dd>" in page
        assert (f'<dd><a href="{url("entry", entry="pardek")}">pardek</a></dd>' in page) == linked
        assert linked or "<dd>pardek</dd>" in page


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("value-built", "soon", "not a story date"),
        ("value-crew", "many", "not a number"),
        ("value-captain", "Nobody", "has no “Nobody”"),
    ],
)
def test_what_is_wrong_with_an_answer_stands_beside_it(campaign, fleet, as_gm, field, typed, says):
    answered = as_gm.post(url("entry-new"), sent(kind="fleet", **{field: typed}))
    assert answered.status_code == 422
    assert says in str(answered.context["form"].errors[field])
    assert not campaign.entries.exists()


def test_another_kind_brings_its_fields_and_keeps_what_was_typed(campaign, fleet, as_gm):
    given = sent(kind="fleet", ask="1", text="Half a sentence", **ANSWERS)
    answered = as_gm.post(url("entry-new"), given)
    assert answered.status_code == 200 and not campaign.entries.exists()
    page = answered.content.decode()
    assert "Half a sentence" in page and 'name="value-crew" value="1,200"' in page and "errorlist" not in page
    part = as_gm.post(url("entry-new"), given, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="kind-fields"') and "<html" not in part and 'value="Hold"' in part


def test_an_entry_given_another_kind_leaves_the_answers_of_the_old(campaign, fleet, as_gm):
    as_gm.post(url("entry-new"), sent(name="Third", kind="fleet", **{"value-motto": "Hold"}))
    as_gm.post(url("entry-edit", entry="third"), sent(name="Third", kind="note"))
    assert campaign.entries.get().values == {}


def test_a_kind_relabelled_keeps_the_answers(campaign, fleet, as_gm):
    as_gm.post(url("entry-new"), sent(name="Third", kind="fleet", **{"value-motto": "Hold"}))
    as_gm.post(url("kind-edit", kind="fleet"), as_posted([("motto", "Creed", "text")]))
    assert "<dt>Creed</dt><dd>Hold</dd>" in read(as_gm, "entry", entry="third")


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_of_kinds_takes_the_same_queries_for_any_number(
    campaign, gm, as_gm, number, django_assert_num_queries
):
    for n in range(number):
        actions.add_kind(campaign=campaign, name=f"K{n}", plural=f"K{n}s", by=gm, now=factories.NOW)
    with django_assert_num_queries(7):
        as_gm.get(reverse("kinds", kwargs={"campaign": "long-peace"}))
