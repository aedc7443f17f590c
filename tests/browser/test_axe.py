"""Every page there is, for a stranger, a player and the GM, on a phone and on a desk, in the dark and in the light.

axe finds nothing; nothing is wider than the screen; what is pressed is large enough for a finger; and the console stays
silent, the content security policy's reports included (see `conftest.Watch`).
"""

from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.answers import pages_of
from tests.browser import stages
from tests.browser.conftest import Watch

PHONE, TABLET, DESK = 390, 1024, 1440
HEIGHTS = {PHONE: 844, TABLET: 768, DESK: 900}
TARGET = 44
"""The least height and width, in CSS pixels, of what is pressed."""

VISITS = [
    *((None, name) for name in pages_of("anonymous")),
    *(("federation", name) for name in pages_of("federation")),
    *(("gm", name) for name in pages_of("gm")),
]

RUN_AXE = """async only => (await axe.run(document, {
    resultTypes: ["violations"], ...(only ? {runOnly: {type: "rule", values: [only]}} : {})
})).violations.map(
    violation => `${violation.id}: ${violation.help}: ` + violation.nodes.slice(0, 3).map(node => node.html).join(" | ")
)"""

TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
    .filter(element => element.getBoundingClientRect().right > innerWidth + 0.5)
    .slice(0, 4).map(element => element.outerHTML.slice(0, 100))"""

TOO_SMALL = """target => [...document.querySelectorAll("button, a.button, summary, select, .rail a")]
    .filter(element => element.checkVisibility({visibilityProperty: true}) && !element.ariaHidden)
    .map(element => [element, element.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && (box.height < target - 0.5 || box.width < target - 0.5))
    .map(([element, box]) => `${box.width.toFixed(0)}x${box.height.toFixed(0)} ${element.outerHTML.slice(0, 100)}`)"""


NEW = [
    "desk",
    "docket",
    "conferences",
    "resolutions",
    "archive",
    "timeline",
    "ledger",
    "clocks",
    "sessions",
    "members",
]
"""The pages that say what to do next while there is nothing on them."""


@pytest.mark.parametrize(("who", "name"), VISITS)
def test_a_page_for_everyone(who, name, person, house):
    look_at(person, who, house.paths[name])


@pytest.mark.parametrize(
    ("who", "name"), [("gm", name) for name in NEW] + [("federation", "desk"), ("observer", "desk")]
)
def test_a_page_with_nothing_on_it(who, name, person, house):
    look_at(person, who, house.paths[name].replace("long-peace", "new-table"))


@pytest.mark.parametrize("name", stages.PAGES)
@pytest.mark.parametrize("who", ["gm", "federation"])
def test_a_page_at_a_later_stage(who, name, person, house):
    look_at(person, who, house.paths[f"stage {name}"])


def look_at(person: Callable[..., Page], who: str | None, path: str) -> None:
    """One page at all widths and in both schemes."""
    page = person(who, viewport={"width": DESK, "height": HEIGHTS[DESK]}, reduced_motion="reduce")
    answer = page.goto(path)
    assert answer.status == 200
    assert page.locator("h1").count() == 1
    page.evaluate(AXE_SCRIPT)
    wrong = []
    for width in (DESK, TABLET, PHONE):
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        wrong += [f"wider than {width}: {what}" for what in page.evaluate(TOO_WIDE)]
        wrong += [f"too small at {width}: {what}" for what in page.evaluate(TOO_SMALL, TARGET)]
        if width != TABLET:
            wrong += axe(page, width)
    assert not wrong, "\n".join(wrong)


def axe(page: Page, width: int) -> list[str]:
    """What axe finds: at each width, all of it in one colour scheme and the contrasts in the other."""
    found = []
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        only = None if (scheme == "dark") == (width == DESK) else "color-contrast"
        found += [f"{scheme} at {width}: {violation}" for violation in page.evaluate(RUN_AXE, only)]
    return found


FAULTS = {
    "color-contrast": "<p style='color: #777; background: #888'>Hardly to be read</p>",
    "image-alt": "<img src='/static/icons/khitomer.svg'>",
    "label": "<input type='text'>",
    "button-name": "<button></button>",
}


@pytest.mark.parametrize("rule", list(FAULTS))
def test_axe_would_find_it(rule, chromium):
    """The alarm works: a page with a fault of each kind is found faulty."""
    with chromium.new_context() as context:
        page = context.new_page()
        page.set_content(
            f"<!doctype html><html lang='en'><title>x</title><main><h1>x</h1>{FAULTS[rule]}</main>"
        )
        page.evaluate(AXE_SCRIPT)
        assert any(rule in violation for violation in page.evaluate(RUN_AXE))


FORBIDDEN = """() => {
    const script = document.createElement("script");
    script.textContent = "window.broken = true";
    document.body.append(script);
    const picture = document.createElement("img");
    picture.src = "http://khitomer.invalid/picture.png";
    document.body.append(picture);
}"""


def test_the_watch_hears_what_the_policy_blocks(chromium, house):
    """The alarm works: an inline script and a foreign picture are blocked, and the watch says so."""
    watch = Watch(house.address)
    with chromium.new_context(base_url=house.address) as context:
        page = context.new_page()
        watch.over(page)
        page.goto("/accords/")
        with page.expect_console_message(lambda message: "picture.png" in message.text):
            page.evaluate(FORBIDDEN)
        assert page.evaluate("window.broken") is None
    assert len([line for line in watch.complaints if "Content Security Policy" in line]) == 2
