"""Every address as every role: who gets a page, who is sent to sign in, and for whom there is nothing there.

The routes come from the URLconf. What each answers whom is written down in `answers.py`; a route without a row fails, and
so does a row without a route. Denied and missing answer alike, to the byte.
"""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.answers import ANSWERS, MEANING
from tests.world import ROLES, Table, as_if_not_done, routes

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


@pytest.mark.parametrize("name", list(ANSWERS))
def test_the_matrix(name, table):
    """What the table says, for all seven roles and both methods; a GET and a page without a step write nothing."""
    url = table.world.url(name)
    wrong = []
    for method in ("get", "post"):
        for role, letter in zip(ROLES, ANSWERS[name][method], strict=True):
            client = table.clients[role]
            with (
                as_if_not_done(client),
                CaptureQueriesContext(
                    connection,
                ) as queries,
            ):
                response = getattr(client, method)(url)
                b"".join(response) if response.streaming else response.content
            answer = describe(response)
            if not fits(answer, letter):
                wrong.append(f"{method} as {role}: {answer}, not {letter}")
            if letter in "PLMXN" and (method == "get" or letter != "P"):
                wrong += [f"{method} as {role} writes: {sql}" for sql in writes(queries)]
    assert not wrong, f"{url}\n" + "\n".join(wrong)


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
    return response.status_code, headers, body


NOBODYS = "/nobody/has/this/address/"
CAMPAIGN_ROUTES = [route for route in ROUTES if route.path.startswith("c/")]
_nothing: dict[tuple[str, str], tuple[int, dict[str, str], bytes]] = {}


def nothing(table: Table, role: str, method: str) -> tuple[int, dict[str, str], bytes]:
    """What a role gets at an address that nobody has; the same all through the file, so asked for once."""
    if (role, method) not in _nothing:
        _nothing[role, method] = ask(table, role, method, NOBODYS)
        assert _nothing[role, method][0] == 404
    return _nothing[role, method]


def ask(table: Table, role: str, method: str, url: str, *masks: tuple[str, str]):
    with as_if_not_done(table.clients[role]):
        return shape(getattr(table.clients[role], method)(url), *masks)


@pytest.mark.parametrize("route", CAMPAIGN_ROUTES, ids=str)
def test_denied_and_missing_answer_alike(route, table):
    """A page that is not for you is the page of a campaign that is not there, and of an address nobody has."""
    denied, missing = table.world.url(route.name), table.world.url(route.name, campaign="short-peace")
    for method, word in ANSWERS[route.name].items():
        for role, letter in zip(ROLES, word, strict=True):
            if letter == "L":
                got = ask(table, role, method, denied, ("long-peace", "short-peace"))
                assert got == ask(table, role, method, missing), role
            if letter == "M":
                assert ask(table, role, method, denied) == nothing(table, role, method), role
        assert ask(table, "gm", method, missing) == nothing(table, "gm", method)


NOWHERE = {
    "power": "no-such-power",
    "other": "no-such-power",
    "treaty": "no-such-treaty",
    "conference": "no-such-conference",
    "entry": "no-such-entry",
    "event": "no-such-event",
    "clock": "no-such-clock",
    "token": "00000000-0000-4000-8000-000000000000",
    "letter": "Z",
    "number": 4711,
    "pk": 4711,
    "sequence": 4711,
    "position": 4711,
}


TAKEN_AWAY = {("exhibit-remove", "letter")}
"""What is gone already is gone: taking it away again is no error, and tells the draft's own delegation nothing."""


@pytest.mark.parametrize("route", CAMPAIGN_ROUTES, ids=str)
def test_what_is_not_there_is_missing_for_everyone(route, table):
    """For members, too: nothing behind one part of the address, and the answer is the one 404."""
    method = "post" if "X" in ANSWERS[route.name]["get"] else "get"
    for parameter in route.parameters:
        if parameter == "campaign" or (route.name, parameter) in TAKEN_AWAY:
            continue
        url = table.world.url(route.name, **{parameter: NOWHERE[parameter]})
        for role in ("observer", "federation", "gm"):
            assert ask(table, role, method, url) == nothing(table, role, method), f"{role} at {url}"


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
