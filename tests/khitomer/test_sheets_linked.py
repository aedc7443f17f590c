"""From the page of a thing the GM makes a handout of it, with the form filled in; nobody else is offered one."""

from html import unescape
from re import search

import pytest
from django.urls import reverse

from khitomer.sheets import KINDS
from tests import factories


@pytest.fixture
def addresses(campaign):
    """The page of each thing, the kind that it offers, and what stands in the form's title then."""
    entry = factories.make_entry(campaign, "Qo'noS & its moon", slug="qonos", kind="place")
    session = factories.make_session(campaign, "An evening", state="closed")
    treaty = campaign.treaties.get(slug="second-khitomer-accords")
    treaty.provisions.filter(number=1).update(title="T" * 120)
    where = {"campaign": campaign.slug}
    return {
        "dossier": (reverse("entry", kwargs={**where, "entry": entry.slug}), entry.name),
        "treaty": (reverse("treaty", kwargs={**where, "treaty": treaty.slug}), treaty.name),
        "provision": (reverse("provision", kwargs={**where, "treaty": treaty.slug, "number": 1}), "T" * 80),
        "recap": (reverse("session", kwargs={**where, "number": session.number}), session.title),
        "clocks": (reverse("clocks", kwargs=where), "Clocks"),
        "chart": (reverse("map", kwargs=where), "Star chart"),
    }


@pytest.mark.parametrize("kind", ["dossier", "treaty", "provision", "recap", "clocks", "chart"])
def test_the_form_opens_filled_in(addresses, as_gm, as_klingon, kind):
    page, title = addresses[kind]
    found = search(rf'href="([^"]*/handouts/new/{kind}/[^"]*)"', as_gm.get(page).content.decode())
    assert found
    form = as_gm.get(unescape(found[1])).context["form"]
    assert form["title"].value() == title
    first = form.DETAILS[0]
    given = form[first].value()
    if kind != "clocks":
        assert str(form.fields[first].clean(given)) or kind == "chart"
    assert f"/handouts/new/{kind}/" not in as_klingon.get(page).content.decode()


@pytest.mark.parametrize("kind", ["cards", "dossier", "treaty", "provision", "recap", "clocks", "chart"])
def test_every_form_opens_empty_and_says_what_it_wants(campaign, as_gm, kind):
    assert kind in KINDS
    where = reverse("handout-make", kwargs={"campaign": campaign.slug, "kind": kind})
    assert as_gm.get(where).status_code == 200
    assert (
        as_gm.get(f"{where}?entry=x&treaty=0&clocks=999999999999999999999&day=soon&entries=-1").status_code
        == 200
    )
    assert as_gm.post(where, {"token": "t"}).status_code == 422
