"""Signing in, filing and voting with the keyboard alone: no pointer is ever moved here."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from tests.browser.road import TITLE, Road
from tests.factories import PASSWORD

FOCUS = """() => {
    const here = document.activeElement;
    const label = here.labels?.length ? here.labels[0].textContent : here.getAttribute("aria-label") ?? here.textContent;
    const box = here.getBoundingClientRect();
    const style = getComputedStyle(here);
    return {
        name: (label ?? "").replace(/\\s+/g, " ").trim(),
        kind: here.tagName.toLowerCase(),
        value: here.value ?? "",
        inside: box.bottom > 0 && box.top < innerHeight && box.width > 0,
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    };
}"""


def tab_to(page: Page, name: str, kind: str | None = None, most: int = 120) -> None:
    """Press Tab until what has this name is in focus; each stop must show where it is."""
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        if here["kind"] == "body":
            continue
        assert here["inside"], f"{here} has the focus out of sight"
        assert here["ring"], f"{here} has the focus and does not show it"
        if here["name"].startswith(name) and (kind is None or here["kind"] == kind):
            return
    raise AssertionError(f"No “{name}” within {most} stops of {page.url}")


@contextmanager
def another_page(page: Page) -> Iterator[None]:
    """What is done here leads to another document, which is loaded before the next key.

    Playwright's `expect_navigation` is content with a page that only notes its own address, as htmx does at its first swap.
    """
    page.evaluate("() => document.documentElement.setAttribute('data-left', '')")
    yield
    page.locator("html:not([data-left])").wait_for()
    page.wait_for_load_state("load")


def press(page: Page, name: str, kind: str, key: str = "Enter") -> None:
    """Go to it and press; the page that comes is loaded before the next key."""
    tab_to(page, name, kind)
    with another_page(page):
        page.keyboard.press(key)


def choose(page: Page, value: str, most: int = 20) -> None:
    """Step through a select's options until this one is chosen."""
    for _ in range(most):
        if page.evaluate("() => document.activeElement.selectedOptions[0].text.trim()") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"No “{value}” in the list")


def enter(page: Page, who: str) -> None:
    page.goto("/sign-in/")
    tab_to(page, "Sign-in name", "input")
    page.keyboard.type(who)
    tab_to(page, "Password", "input")
    page.keyboard.type(PASSWORD)
    with another_page(page):
        page.keyboard.press("Enter")
    assert "/sign-in/" not in page.url


def test_the_first_stop_skips_to_the_page(person, house):
    page = person("gm")
    page.goto(house.paths["desk"])
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["name"] == "Skip to the page"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


def test_sign_in_file_and_vote(person):
    road = Road("keys")
    page, gm, romulan = person(None), person("gm"), person(None)

    enter(page, "federation")
    page.goto(road.at())
    press(page, "File a complaint", "button")
    tab_to(page, "Against", "select")
    choose(page, "Klingon Empire")
    tab_to(page, "II·3", "input")
    page.keyboard.press("Space")
    tab_to(page, "Day of the act", "input")
    page.keyboard.type("2379-02-20")
    tab_to(page, "Title", "input")
    page.keyboard.type(TITLE)
    tab_to(page, "Statement", "textarea")
    page.keyboard.type("The convoy was stopped.")
    press(page, "File the complaint", "button")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    number = int(page.url.rstrip("/").rpartition("/")[2])

    # The GM brings it to a vote; how is `test_road`'s to say.
    road.admit(gm, number)
    road.convene(gm, "The conference of keys")
    road.hear(gm)
    road.move(gm)
    road.open_vote(gm)

    enter(romulan, "romulan")
    romulan.goto(road.at())
    press(romulan, "Yes", "button")
    expect(romulan.get_by_text("Your ballot: yes").first).to_be_visible()
    # From there it is changed in place, and the focus is not lost.
    tab_to(romulan, "No", "button")
    romulan.keyboard.press("Enter")
    expect(romulan.get_by_text("Your ballot: no").first).to_be_visible()
    assert romulan.evaluate(FOCUS)["name"].startswith("No")


def test_no_stop_is_a_trap(person, house):
    """Tab goes through a whole page and out of it at the end, every stop in sight and ringed."""
    page = person("gm")
    for name in (
        "desk",
        "conference",
        "motion",
        "treaty",
        "timeline",
        "docket-picture",
        "treaty-charter-edit",
    ):
        page.goto(house.paths[name])
        stops = 0
        while stops < 400:
            page.keyboard.press("Tab")
            here = page.evaluate(FOCUS)
            if here["kind"] == "body":
                break
            stops += 1
            assert here["inside"] and here["ring"], f"{here} on {name}"
        assert 5 < stops < 400, name
