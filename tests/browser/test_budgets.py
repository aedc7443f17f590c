"""What a first visit costs, as it goes over the wire, and that a second costs the page alone.

Measured in the browser, from what the server of the house sent; compressed as the browser asked for it.
"""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Response

from tests.browser.conftest import sign_in

KILOBYTE = 1000
BUDGET = {"html": 8, "css": 14, "js": 22, "fonts": 70}
"""Kilobytes that each kind may weigh on a first visit."""

MOST_REQUESTS = 13
"""What a page is made of. Once it stands it asks for the count of its reader's notices, and some for who else is here."""

VISITS = [
    (None, "home"),
    (None, "library"),
    (None, "library-entry"),
    (None, "sign-in"),
    ("federation", "desk"),
    ("federation", "docket"),
    ("federation", "complaint"),
    ("federation", "motion"),
    ("gm", "desk"),
    ("gm", "docket"),
    ("gm", "complaint"),
    ("gm", "conference"),
    ("gm", "motion"),
    ("gm", "treaty"),
    ("gm", "archive"),
    ("gm", "timeline"),
    ("gm", "motion-new"),
    ("gm", "treaty-charter-edit"),
    ("gm", "minutes"),
    ("gm", "docket-picture"),
    ("federation", "parley"),
    ("federation", "offer-new"),
    (None, "chamber"),
]


@dataclass(frozen=True)
class Sent:
    """One answer as it came over the wire: its kind, its body's bytes before unpacking, and how it was packed."""

    kind: str
    url: str
    size: int
    encoding: str


def kind_of(response: Response) -> str:
    path = response.url.partition("?")[0]
    for ending, kind in ((".css", "css"), (".js", "js"), (".woff2", "fonts"), (".svg", "pictures")):
        if path.endswith(ending):
            return kind
    return "html"


def visit(page: Page, path: str) -> list[Sent]:
    """Go there, wait until all is quiet, and say what the network brought; what came from the cache did not."""
    answers: list[Response] = []

    def note(answer: Response) -> None:
        if answer.request.resource_type != "eventsource":  # which has no end
            answers.append(answer)

    page.on("response", note)
    page.goto(path, wait_until="networkidle")
    page.remove_listener("response", note)
    return [
        Sent(
            kind_of(answer), answer.url, sizes["responseBodySize"], answer.headers.get("content-encoding", "")
        )
        for answer in answers
        if (sizes := answer.request.sizes()) and not _from_cache(sizes)
    ]


def _from_cache(sizes: dict[str, int]) -> bool:
    return sizes["responseBodySize"] <= 0


@pytest.mark.parametrize(("who", "name"), VISITS)
def test_a_first_visit_is_within_its_budget(who, name, chromium, house, keys):
    """A browser that has never been here, but for the cookie of whoever is signed in."""
    with chromium.new_context(base_url=house.address, storage_state=keys(who) if who else None) as context:
        page = context.new_page()
        sent = visit(page, house.paths[name])
    weights = {kind: sum(one.size for one in sent if one.kind == kind) / KILOBYTE for kind in BUDGET}
    assert {kind: weight for kind, weight in weights.items() if weight > BUDGET[kind]} == {}
    counts = [one for one in sent if one.url.endswith(("/notices/", "/here/"))]
    assert len(sent) - len(counts) <= MOST_REQUESTS
    assert len(counts) <= 2
    assert weights["html"] > 0
    assert weights["css"] > 0


def test_what_can_be_packed_is(chromium, house):
    with chromium.new_context(base_url=house.address) as context:
        sent = visit(context.new_page(), "/accords/")
    assert {
        one.url for one in sent if one.kind in ("html", "css", "js") and one.encoding not in ("gzip", "br")
    } == set()


def test_a_second_visit_costs_the_page_alone(chromium, house):
    """And the count of what is unread; everything else is named after its content, and kept."""
    with chromium.new_context(base_url=house.address) as context:
        page = context.new_page()
        sign_in(page, "gm")
        visit(page, house.paths["desk"])
        again = visit(page, house.paths["docket"])
    page_alone, count = again
    assert [page_alone.kind, count.kind] == ["html", "html"]
    assert count.url.endswith("/notices/") and count.size < 300


def test_what_is_kept_is_named_after_its_content(chromium, house):
    with chromium.new_context(base_url=house.address) as context:
        page = context.new_page()
        page.goto("/accords/", wait_until="networkidle")
        for path in page.evaluate("() => performance.getEntriesByType('resource').map(entry => entry.name)"):
            assert re.search(r"\.[0-9a-f]{12}\.", path), path
            kept = page.request.get(path).headers["cache-control"]
            assert "immutable" in kept, path
