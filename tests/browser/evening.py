"""What the people at a table press when they use more of the procedure than the road does (see `road.py`).

Everything is found by its role, its label and its words, and whoever steps goes to the page afresh first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.road import RESOLUTION, TITLE, Road

RULES = "treaties/second-khitomer-accords/charter/"
COUNT = """() => addEventListener("pointerdown", event => event.isTrusted && countPress(), true)"""


class Presses:
    """How often a pointer was pressed on a person's pages. What is typed, and chosen by typing, does not count."""

    def __init__(self, page: Page) -> None:
        self.number = 0
        page.context.expose_function("countPress", self._count)
        page.context.add_init_script(f"({COUNT})()")

    def _count(self) -> None:
        self.number += 1


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def press(page: Page, name: str) -> None:
    """A button that says exactly this."""
    main(page).get_by_role("button", name=name, exact=True).first.click()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    main(page).get_by_role("link", name=name).first.click()


def unfold(page: Page, summary: str) -> None:
    """Open what is folded away under this line; open already, it stays."""
    folded = main(page).locator("details").filter(has=page.locator("summary", has_text=summary)).first
    if folded.get_attribute("open") is None:
        folded.locator("summary").click()


def rules(page: Page, road: Road, preset: str) -> None:
    """The GM gives the treaty the charter of a preset."""
    page.goto(road.at(RULES))
    page.get_by_role("link", name="Turn the knobs").click()
    press(page, f"Fill from “{preset}”")
    expect(page.get_by_text(f"Filled from the preset “{preset}”")).to_be_visible()
    press(page, "Keep this charter")
    expect(main(page).get_by_text(f"{preset}.", exact=True)).to_be_visible()


def file(page: Page) -> None:
    """File a draft where the chair puts complaints on the docket."""
    page.get_by_role("button", name="File the complaint").click()
    expect(main(page).get_by_text("waits for the chair").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def docket(page: Page, road: Road) -> int:
    """The GM puts on the docket what waits for it on the dashboard; the number it gets."""
    page.goto(road.at())
    follow(page, re.compile("^Filed"))
    press(page, "Put it on the docket")
    page.wait_for_url(re.compile(r"/docket/\d+/$"))
    return int(page.url.rstrip("/").rpartition("/")[2])


@dataclass(frozen=True)
class Ballots:
    """A vote on the page at `url`: delegates in their own browsers, and the GM for whoever has none."""

    gm: Page
    url: str

    def open(self, mode: str | None = None) -> None:
        self.gm.goto(self.url)
        if mode:
            self.gm.get_by_role("radio", name=mode).check()
        press(self.gm, "Open the vote")
        expect(self.gm.get_by_role("heading", name="The vote is open")).to_be_visible()

    def cast(self, page: Page, power: str, choice: str) -> Locator:
        """What the page then says of this ballot."""
        page.goto(self.url)
        press(page, f"{choice} for {power}")
        said = main(page).get_by_text(f"Your ballot: {choice.lower()}").first
        expect(said).to_be_visible()
        return said

    def chair_casts(self, power: str, choice: str) -> None:
        self.gm.goto(self.url)
        name = f"{choice} for {power}"
        press(self.gm, name)
        expect(self.gm.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")

    def close(self, outcome: str) -> None:
        press(self.gm, "Close the vote")
        expect(self.gm.get_by_role("heading", name=outcome, exact=True)).to_be_visible()

    def hold(
        self, delegates: Mapping[str, tuple[Page, str]], chaired: Mapping[str, str], outcome: str
    ) -> None:
        """The whole of an open vote; the GM casts last, for then the vote can be closed at once."""
        self.open()
        for power, (page, choice) in delegates.items():
            self.cast(page, power, choice)
        for power, choice in chaired.items():
            self.chair_casts(power, choice)
        self.close(outcome)


def move(page: Page, road: Road) -> None:
    """A motion of the chair as it is offered, but for its title and how much the standing changes."""
    follow(page, "Draft a motion")
    page.wait_for_url("**/motions/new/**")
    page.get_by_label("Title", exact=True).fill(RESOLUTION)
    road.effect(road.clause_saying(page, "Finds"), 1).get_by_label("By how much").fill("-2")
    press(page, "Save the draft")
    expect(main(page)).to_contain_text(RESOLUTION)
