"""Every address as every role: who gets a page, who is sent to sign in, and for whom there is nothing there.

The routes come from the URLconf. What each answers whom is written down in `answers.py`; a route without a row fails, and
so does a row without a route. Denied and missing answer alike, to the byte.
"""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.answers import ANSWERS, MEANING
from tests.world import ROLES, Route, Table, as_if_not_done, routes

ROUTES = routes()
MARKS = {"anonymous_allowed", "account_required", "member_required", "gm_required", "seat_required"}


# Every view wears a mark


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_view_wears_one_mark(route):
    """`marked` refuses a second one, so to wear one is to wear exactly one."""
    assert getattr(route.view, "access", None) in MARKS


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_the_pages_of_errors_wear_one_too(status):
    assert get_resolver().resolve_error_handler(status).access == "anonymous_allowed"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_the_mark_fits_the_address(route):
    """What lies below a campaign asks for its members; what lies outside cannot."""
    inside = route.path.startswith("c/<slug:campaign>/")
    assert inside == (route.view.access in ("member_required", "gm_required", "seat_required"))


def test_the_table_holds_every_route_once():
    names = [route.name for route in ROUTES]
    assert sorted(set(names)) == sorted(names)
    assert sorted(set(names) - set(ANSWERS)) == [], "routes without a row"
    assert sorted(set(ANSWERS) - set(names)) == [], "rows without a route"


@pytest.mark.parametrize("name", list(ANSWERS))
def test_each_row_answers_every_role(name):
    for word in ANSWERS[name].values():
        assert len(word) == len(ROLES)
        assert set(word) <= set(MEANING)


def test_the_table_agrees_with_the_marks():
    """A row cannot quietly open a door that its mark closes."""
    closed = {
        "gm_required": "LMMMM",
        "member_required": "LM",
        "seat_required": "LMM",
        "account_required": "L",
    }
    for route in ROUTES:
        for word in ANSWERS[route.name].values():
            assert word.startswith(closed.get(route.view.access, "")), route.name


# The matrix


def describe(response) -> str:
    """Status and, of a redirect, whether it is to sign in: "404", "302 sign-in"."""
    to_sign_in = response.status_code == 302 and response["Location"].startswith(
        reverse("sign-in") + "?next="
    )
    return f"{response.status_code}{' sign-in' if to_sign_in else ''}"


def fits(answer: str, letter: str) -> bool:
    if letter in "LD":
        return answer == ("302 sign-in" if letter == "L" else "302")
    return int(answer.split()[0]) in MEANING[letter]


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_the_matrix(route, table):
    """All that is asked of a route, in one test: the rich campaign takes longer to lay than to walk through."""
    wrong = [*not_as_the_table_says(route.name, table)]
    if route in CAMPAIGN_ROUTES:
        wrong += [*not_alike(route.name, table), *not_missing(route, table)]
    assert not wrong, f"{table.world.url(route.name)}\n" + "\n".join(wrong)


def not_as_the_table_says(name: str, table: Table) -> Iterator[str]:
    """All seven roles, both methods; and a GET, a refusal and a page without a step write nothing."""
    for method, role, letter in cells(name):
        client = table.clients[role]
        with as_if_not_done(client), CaptureQueriesContext(connection) as queries:
            response = getattr(client, method)(table.world.url(name))
            b"".join(response) if response.streaming else response.content
        answer = describe(response)
        if not fits(answer, letter):
            yield f"{method} as {role}: {answer}, not {letter}"
        if method == "get" or letter in "LMXN":
            yield from (f"{method} as {role} writes: {sql}" for sql in writes(queries))


def cells(name: str) -> Iterator[tuple[str, str, str]]:
    """The row of a route, cell by cell: the method, the role, and the letter that is expected."""
    for method, word in ANSWERS[name].items():
        for role, letter in zip(ROLES, word, strict=True):
            yield method, role, letter


def writes(queries: CaptureQueriesContext) -> list[str]:
    """The statements that changed a row, sessions left out: signing in and messages live there."""
    statements = (query["sql"] for query in queries.captured_queries)
    changing = (sql for sql in statements if re.match(r"\s*(INSERT|UPDATE|DELETE)", sql))
    return [sql[:120] for sql in changing if "django_session" not in sql]


# Denied and missing answer alike


VARYING = [
    (re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"'), b"token"),
    (re.compile(rb"nonce-[\w+/=-]+"), b"nonce"),
]


def shape(response, *masks: tuple[str, str]) -> tuple[int, dict[str, str], bytes]:
    """All that can be told of an answer: status, headers and body, without what differs at every request."""
    body = response.content
    headers = {key: value for key, value in response.headers.items() if key not in ("Set-Cookie", "Date")}
    for pattern, word in VARYING:
        body = pattern.sub(word, body)
    for text, word in masks:
        body = body.replace(text.encode(), word.encode())
        headers = {key: value.replace(text, word) for key, value in headers.items()}
    headers.pop("Content-Length", None)
    headers["Set-Cookie"] = ", ".join(sorted(response.cookies))
    return response.status_code, headers, body


NOBODYS = "/nobody/has/this/address/"
CAMPAIGN_ROUTES = [route for route in ROUTES if route.path.startswith("c/")]
_nothing: dict[tuple[str, str, str], tuple[int, dict[str, str], bytes]] = {}


def nothing(table: Table, role: str, method: str, url: str) -> tuple[int, dict[str, str], bytes]:
    """What a role gets at an address that nobody has, in the same campaign or outside of it as the one given; the
    same all through the file, so asked for once."""
    nobodys = f"/c/long-peace{NOBODYS}" if url.startswith("/c/long-peace/") else NOBODYS
    if (role, method, nobodys) not in _nothing:
        _nothing[role, method, nobodys] = ask(table, role, method, nobodys)
        assert _nothing[role, method, nobodys][0] == 404
    return _nothing[role, method, nobodys]


def ask(table: Table, role: str, method: str, url: str, *masks: tuple[str, str]):
    with as_if_not_done(table.clients[role]):
        return shape(getattr(table.clients[role], method)(url), *masks)


def not_alike(name: str, table: Table) -> Iterator[str]:
    """Where a page that is not for you differs from that of a campaign, or of an address, that is not there."""
    denied, missing = table.world.url(name), table.world.url(name, campaign="short-peace")
    for method, role, letter in cells(name):
        if letter == "L":
            got = ask(table, role, method, denied, ("long-peace", "short-peace"))
            if got != ask(table, role, method, missing):
                yield f"{method} as {role}: a campaign that is there is told from one that is not"
        if letter == "M" and ask(table, role, method, denied) != nothing(table, role, method, denied):
            yield f"{method} as {role}: what is denied is told from what is missing"
    for method in ("get", "post"):
        if ask(table, "gm", method, missing) != nothing(table, "gm", method, missing):
            yield f"{method}: the page of a missing campaign has an answer of its own"


NOWHERE = {
    "power": "no-such-power",
    "other": "no-such-power",
    "treaty": "no-such-treaty",
    "conference": "no-such-conference",
    "entry": "no-such-entry",
    "event": "no-such-event",
    "handout": "no-such-handout",
    "clock": "no-such-clock",
    "territory": "no-such-territory",
    "zone": "no-such-zone",
    "sort": "power",
    "key": "no-such-thing",
    "kind": "no-such-kind",
    "token": "00000000-0000-4000-8000-000000000000",
    "letter": "Z",
    "size": "no-such-size",
    "number": 4711,
    "offer": 4711,
    "pk": 4711,
    "sequence": 4711,
    "position": 4711,
    "reveal": 4711,
}


TAKEN_AWAY = {("exhibit-remove", "letter")}
"""What is gone already is gone: taking it away again is no error, and tells the draft's own delegation nothing."""


def not_missing(route: Route, table: Table) -> Iterator[str]:
    """Where one part of the address has nothing behind it, and a member gets another answer than the one 404."""
    method = "post" if "X" in ANSWERS[route.name]["get"] else "get"
    for parameter in route.parameters:
        if parameter == "campaign" or (route.name, parameter) in TAKEN_AWAY:
            continue
        url = table.world.url(route.name, **{parameter: NOWHERE[parameter]})
        for role in ("observer", "federation", "gm"):
            if ask(table, role, method, url) != nothing(table, role, method, url):
                yield f"{method} as {role}: {url} is not plainly missing"


# Forged


def test_no_post_without_its_token(table):
    """A form that another site sends in one's name is refused at every address."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = table.clients["gm"].cookies
    answers = {}
    for name in ANSWERS:
        with as_if_not_done(client):
            answers[name] = client.post(table.world.url(name)).status_code
    assert {name: answer for name, answer in answers.items() if answer != 403} == {}


def test_a_route_needs_its_parts():
    with pytest.raises(NoReverseMatch):
        reverse("docket")
