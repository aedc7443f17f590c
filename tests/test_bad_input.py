"""Nonsense at every address: it is answered, never with a broken page, and never repeated as markup.

What each form says to each mistake is tested with its area. This is the rest: what no form ever sends.
"""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import NoReverseMatch

from tests.answers import ANSWERS, pages_of
from tests.world import as_if_not_done, routes

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = "<script>alert(4711)</script>"
NONSENSE = {
    "nothing at all": "\x00",
    "a number beyond all numbers": "9" * 40,
    "digits that are no digits": "٣²",
    "a script": f"\"'>{SCRIPT}",
    "a date that is none": "2379-99-99",
    "too much of it": "x" * 6_000,
}
HUGE = 10**30
CODES = {200, 302, 400, 404, 405, 409, 413, 422}
"""All that nonsense may be answered with."""


def fails(what: str, response) -> list[str]:
    if response.status_code not in CODES:
        return [f"{what}: {response.status_code}"]
    body = b"".join(response) if response.streaming else response.content
    return [f"{what}: the script comes back"] if SCRIPT.encode() in body else []


def query_names() -> set[str]:
    """Every name that any view reads from an address's query."""
    sources = [
        path.read_text(encoding="utf-8")
        for app in ("khitomer", "diplomacy")
        for path in (ROOT / app).rglob("*.py")
    ]
    return {
        name
        for source in sources
        for name in re.findall(r"""GET(?:\.get(?:list)?\(|\[)\s*["']([\w-]+)""", source)
    }


def field_names(table) -> set[str]:
    """Every name that a field has on any page of the GM's and of the delegate's."""
    names = {"next", "choice", "to", "do", "why", "file"}
    for role in ("gm", "federation"):
        for page in pages_of(role):
            body = table.clients[role].get(table.world.url(page)).content.decode()
            names |= set(re.findall(r"<(?:input|select|textarea|button)[^>]*\sname=\"([^\"]+)\"", body))
    return names - {"csrfmiddlewaretoken"}


@pytest.mark.parametrize("role", ["anonymous", "federation", "gm"])
def test_nonsense_in_the_query(role, table):
    client = table.clients[role]
    wrong = []
    for name in pages_of(role):
        for kind, value in NONSENSE.items():
            given = dict.fromkeys(query_names(), value)
            with as_if_not_done(client):
                wrong += fails(f"{kind} at {name}", client.get(table.world.url(name), given))
    assert wrong == []


@pytest.mark.parametrize("role", ["federation", "gm"])
@pytest.mark.parametrize("kind", list(NONSENSE))
def test_nonsense_in_every_field(kind, role, table):
    client, value = table.clients[role], NONSENSE[kind]
    given = dict.fromkeys(field_names(table), value)
    wrong = []
    for name in ANSWERS:
        with as_if_not_done(client):
            answer = client.post(table.world.url(name), given)
        wrong += fails(f"post to {name}", answer)
        if not answer.streaming and answer.content.count(b" data-errors") > 1:
            wrong.append(f"post to {name}: what is to be mended is said twice")
    assert wrong == []


@pytest.mark.parametrize("role", ["federation", "gm"])
def test_a_file_in_every_field(role, table):
    """And text where a file is wanted."""
    client = table.clients[role]
    wrong = []
    names = field_names(table)
    for name in ANSWERS:
        given = {key: SimpleUploadedFile("a\x00b.png", b"no picture at all") for key in names}
        with as_if_not_done(client):
            wrong += fails(f"post to {name}", client.post(table.world.url(name), given))
    assert wrong == []


@pytest.mark.parametrize("role", ["anonymous", "federation", "gm"])
def test_numbers_beyond_all_numbers_in_the_address(role, table):
    """No database holds them, and neither does the answer break."""
    client = table.clients[role]
    wrong = []
    for route in routes():
        instead = dict.fromkeys(re.findall(r"<int:(\w+)>", route.path), HUGE)
        instead |= dict.fromkeys(re.findall(r"<str:(\w+)>", route.path), "💥'--")
        if not instead:
            continue
        for method in ("get", "post"):
            with as_if_not_done(client):
                answer = getattr(client, method)(table.world.url(route.name, **instead))
            wrong += fails(f"{method} {route.name}", answer)
    assert wrong == []


@pytest.mark.parametrize("body", [b"\xff\xfe", b"{", b"a=%ff&b=%00", b"=&=&&="])
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data", "application/json", "nonsense"]
)
def test_a_body_that_is_no_form(body, kind, table):
    wrong = []
    for role, name in (
        ("anonymous", "sign-in"),
        ("federation", "draft-save"),
        ("gm", "entry-new"),
        ("gm", "motion-new"),
    ):
        client = table.clients[role]
        with as_if_not_done(client):
            wrong += fails(name, client.post(table.world.url(name), body, content_type=kind))
    assert wrong == []


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "head", "trace"])
def test_methods_that_no_form_sends(method, table):
    """Nothing is done by them: a page may be shown, or the method refused."""
    client = table.clients["gm"]
    wrong = []
    for name in ANSWERS:
        before = table.world.campaign.ledger.count()
        with as_if_not_done(client):
            response = getattr(client, method)(table.world.url(name))
            changed = table.world.campaign.ledger.count() != before
        wrong += fails(f"{method} {name}", response)
        wrong += [f"{method} {name} writes"] if changed else []
    assert wrong == []


def test_a_route_without_its_parts_has_no_address(table):
    with pytest.raises(NoReverseMatch):
        table.world.url("draft", token="no-such-token")
