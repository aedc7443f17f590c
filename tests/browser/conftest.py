"""A real browser before a real house. Each person has a browser context of their own, and every page is watched.

A page that breaks the content security policy, logs an error or asks another host for something fails its test, whatever
the test was about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.house import House, open_house
from tests.factories import PASSWORD
from tests.plugins.availability import chromium_path

SWITCHES = ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
PATIENCE = 15_000
"""Milliseconds that a step may take before it counts as broken: the machine may be busy with other tests."""

HERE = Path(__file__).parent
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with the cast and its campaigns, as `house.fill` wrote them."""
    with open_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="session")
def site(house: House) -> str:
    """Its address."""
    return house.address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def keys(site: str, chromium: Browser) -> Callable[[str], Any]:
    """What a person's browser keeps after signing in; each signs in once in the whole run."""
    kept: dict[str, Any] = {}

    def of(who: str) -> Any:
        if who not in kept:
            with chromium.new_context(base_url=site) as context:
                sign_in(context.new_page(), who)
                kept[who] = context.storage_state()
        return kept[who]

    return of


class Watch:
    """What a page said that it should not have."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.complaints: list[str] = []
        self.forgiven: tuple[str, ...] = ()

    def over(self, page: Page) -> None:
        page.on("console", lambda message: self._heard(message.type, message.text, page.url))
        page.on("pageerror", lambda error: self._say(f"{page.url}: {error}"))
        page.on("request", lambda request: self._asked(request.url, page.url))

    def _heard(self, kind: str, text: str, url: str) -> None:
        # A browser logs every answer of 400 and more; the tests that ask for one assert it themselves.
        forgiven = ("Failed to load resource", *self.forgiven)
        if kind in ("error", "warning") and not any(each in text for each in forgiven):
            self._say(f"{url}: {text}")

    def _asked(self, url: str, page: str) -> None:
        if not url.startswith((self.site, "data:", "blob:", "about:")):
            self._say(f"{page} asked {url}")

    def _say(self, text: str) -> None:
        self.complaints.append(text)


@pytest.fixture
def watch(site: str) -> Iterator[Watch]:
    watch = Watch(site)
    yield watch
    assert not watch.complaints, "\n".join(watch.complaints)


@pytest.fixture
def person(
    site: str, chromium: Browser, keys: Callable[[str], Any], watch: Watch
) -> Iterator[Callable[..., Page]]:
    """A page of somebody's own browser, signed in; `person(None)` is a stranger. Options are the context's."""
    contexts: list[BrowserContext] = []

    def page_of(who: str | None, **options: Any) -> Page:
        state = keys(who) if who else None
        context = chromium.new_context(base_url=site, storage_state=state, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        return page

    yield page_of
    for context in contexts:
        context.close()


def sign_in(page: Page, who: str) -> None:
    """Sign in through the form, as that person."""
    page.goto("/sign-in/")
    page.get_by_label("Sign-in name").fill(who)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
