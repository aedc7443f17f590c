"""Names that the GM has ready: pasted, crossed off in one press, and nobody else's to see."""

import pytest
from django.urls import reverse

from khitomer.actions import names as actions
from khitomer.errors import Refused
from khitomer.models import ListedName, NameList, SessionState
from tests import factories

KLINGONS = "Kurn\n  Martok \r\nkurn\n\nB'Etor"


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


@pytest.fixture
def klingons(campaign, gm):
    actions.add_names(campaign=campaign, title="Klingons", names=KLINGONS, by=gm)
    return NameList.objects.get()


def test_names_are_pasted_one_a_line(campaign, as_gm):
    given = {"title": " Klingons ", "names": KLINGONS}
    assert as_gm.post(url("names"), given).status_code == 302
    assert list(ListedName.objects.values_list("name", flat=True)) == ["Kurn", "Martok", "B'Etor"]
    as_gm.post(url("names"), {"title": "klingons", "names": "MARTOK\nGowron"})
    assert NameList.objects.get().names.count() == 4


@pytest.mark.parametrize(
    ("given", "field"),
    [({"title": "", "names": "A"}, "title"), ({"title": "T", "names": " \n "}, "names"),
     ({"title": "T", "names": "x" * 81}, "names"), ({"title": "T", "names": "\n".join(f"N{n}" for n in range(501))}, "names")],
)  # fmt: skip
def test_what_will_not_do_is_said_beside_its_field(campaign, as_gm, given, field):
    answer = as_gm.post(url("names"), given)
    assert answer.status_code == 422 and answer.context["form"].errors[field]
    assert not ListedName.objects.exists() and not NameList.objects.exists()


def test_a_name_is_crossed_off_with_for_whom_and_when(campaign, klingons, as_gm):
    session = factories.make_session(campaign, state=SessionState.IN_PLAY)
    kurn = klingons.names.get(name="Kurn")
    assert as_gm.post(url("name-use", pk=kurn.pk), {"used_for": "The bartender"}).status_code == 302
    kurn.refresh_from_db()
    assert (kurn.used_for, kurn.session, kurn.used_at is None) == ("The bartender", session, False)
    again = as_gm.post(url("name-use", pk=kurn.pk), {"used_for": "Another"})
    assert again.status_code == 409 and "The bartender" in again.content.decode()
    assert as_gm.post(url("name-use", pk=kurn.pk), {"back": "1"}).status_code == 302
    kurn.refresh_from_db()
    assert (kurn.used_for, kurn.session, kurn.used_at) == ("", None, None)


def test_htmx_is_sent_the_lists_alone(klingons, as_gm):
    kurn = klingons.names.get(name="Kurn")
    for given, begins in (({}, 'id="name-lists"'), ({"from": "session", "back": "1"}, 'id="next-names"')):
        answer = as_gm.post(url("name-use", pk=kurn.pk), given, headers={"HX-Request": "true"})
        page = answer.content.decode()
        assert answer.status_code == 200 and begins in page and "<html" not in page and "Martok" in page


def test_the_next_few_free_names_stand_ready(campaign, gm, klingons, as_gm):
    actions.add_names(campaign=campaign, title="Klingons", names="Gowron\nToral", by=gm)
    actions.use_name(name=klingons.names.get(name="Kurn"), by=gm, now=factories.NOW)
    (row,) = as_gm.get(url("names")).context["lists"]
    assert [name.name for name in row["next"]] == ["Martok", "B'Etor", "Gowron"]
    assert len(row["free"]) == 4 and [name.name for name in row["used"]] == ["Kurn"]


def test_a_list_is_thrown_away(klingons, as_gm):
    assert as_gm.post(url("name-list-remove", pk=klingons.pk)).status_code == 302
    assert not ListedName.objects.exists()


def test_names_are_the_gms_alone(campaign, klingons, as_klingon, as_observer):
    name = klingons.names.first()
    for client in (as_klingon, as_observer):
        assert client.get(url("names")).status_code == 404
        assert client.post(url("name-use", pk=name.pk)).status_code == 404
        assert client.post(url("name-list-remove", pk=klingons.pk)).status_code == 404
    assert ListedName.objects.filter(used_at=None).count() == 3


def test_a_name_of_another_campaign_is_not_there(campaign, gm, as_gm):
    other = factories.make_campaign("Another", "another")
    factories.join(other, gm, role="gm")
    actions.add_names(campaign=other, title="T", names="Elsewhere", by=gm)
    assert as_gm.post(url("name-use", pk=ListedName.objects.get().pk)).status_code == 404


def test_two_who_take_one_name(klingons, gm):
    kurn = klingons.names.get(name="Kurn")
    actions.use_name(name=kurn, by=gm, now=factories.NOW)
    with pytest.raises(Refused):
        actions.use_name(name=kurn, by=gm, now=factories.NOW)


@pytest.mark.parametrize("number", [1, 50])
def test_the_page_takes_the_same_queries_for_any_number(
    campaign, gm, as_gm, number, django_assert_num_queries
):
    for n in range(3):
        names = "\n".join(f"Name {k}" for k in range(number))
        actions.add_names(campaign=campaign, title=f"List {n}", names=names, by=gm)
    ListedName.objects.filter(name="Name 0").update(used_at=factories.NOW)
    with django_assert_num_queries(8):
        as_gm.get(url("names"))
