"""A whole evening of the campaign: beside its play the story, the map and the search, and what is told when it is over.

What comes before is `preparing` and `playing`; here, too, each part is one step, and looks with everybody's eyes.
"""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.evening import follow, main, press
from tests.browser.house import AHEAD
from tests.browser.playing import ALOUD, ASIDE, EVENING, Playing
from tests.browser.preparing import (
    AMBUSH,
    FLEET,
    HANDOUT,
    PATIENCE,
    PERSON,
    POINTS,
    TITLE,
    TRUTH_WORD,
    field_of,
    listed,
    tap,
)

NEXT = "sessions/2/"
TOLD_ALL = "What happened is told in few words: the harper fled."
TOLD_KLINGONS = "Only the Empire has seen the fleet."
SECTOR = "The Archanis sector"


def overlap(one: Locator, other: Locator) -> bool:
    """Whether two things that are seen lie on each other."""
    first, second = one.bounding_box(), other.bounding_box()
    assert first and second
    return all(
        first[at] < second[at] + second[size] and second[at] < first[at] + first[size]
        for at, size in (("x", "width"), ("y", "height"))
    )


class Gathering(Playing):
    """The same people, until they know when they meet again."""

    # The chronicle

    def advance(self) -> None:
        """The GM sees what comes up, chooses, and sees it again in steps before the story goes on; one undo for all."""
        gm = self.gm
        self.goto(gm)
        gm.get_by_role("link", name="Advance date").click()
        field_of(main(gm), "New story date").fill("2379-04-20")
        press(gm, "Show what comes up")
        expect(main(gm).get_by_role("region", name="Canon to settle")).to_contain_text(AHEAD)
        steps = main(gm).get_by_role("region", name="On to 20 April 2379")
        expect(steps).not_to_contain_text(AHEAD)
        choices = main(gm).get_by_role("group", name=AHEAD)
        assert not overlap(main(gm).get_by_role("link", name=AHEAD), choices), "the choices lie on the name"
        choices.get_by_label("Let it happen").check()
        expect(steps).to_contain_text(AHEAD)
        main(gm).get_by_role("combobox", name=re.compile(PATIENCE)).select_option(label="+2")
        expect(steps).to_contain_text(PATIENCE)
        press(gm, "Let the story go on")
        expect(gm.get_by_role("banner")).to_contain_text("20 Apr 2379")
        for page in self.players.values():
            expect(self.goto(page, "timeline/")).to_contain_text(AHEAD)
            expect(page.get_by_role("banner")).to_contain_text("20 Apr 2379")
        self.goto(gm, "clocks/")
        expect(listed(gm, PATIENCE, "3 of 6")).to_be_visible()

    def undo(self) -> None:
        """The ledger tells it as one change; undone, the day and what happened on it are gone."""
        gm = self.gm
        self.goto(gm, "ledger/")
        change = main(gm).get_by_role("region", name=re.compile("^Change ")).first
        for said in (AHEAD, PATIENCE, "20 April 2379"):
            expect(change).to_contain_text(said)
        change.get_by_role("link", name="Undo").first.click()
        expect(main(gm).get_by_role("region", name="What is taken back")).to_contain_text(AHEAD)
        expect(main(gm).get_by_label("changes that were made together")).to_be_checked()
        field_of(main(gm), "Why").fill("It was but a dream.")
        press(gm, "Undo")
        expect(gm.get_by_role("banner")).to_contain_text("14 Mar 2379")
        expect(self.goto(gm, "ledger/")).to_contain_text("It was but a dream.")
        for page in self.players.values():
            expect(self.goto(page, "timeline/").get_by_role("heading", level=1)).to_have_text("Timeline")
            expect(main(page)).not_to_contain_text(AHEAD)
            self.is_not_there(page, "ledger/")
        self.goto(gm, "clocks/")
        expect(listed(gm, PATIENCE, "1 of 6")).to_be_visible()

    def draw_the_map(self) -> None:
        """A sector that was the Klingons' passes to the Federation; the slider knows both days."""
        gm = self.gm
        self.goto(gm, "territory/new/")
        field_of(main(gm), "Name").fill(SECTOR)
        field_of(main(gm), "Held by").select_option(label="Klingon Empire")
        press(gm, "Add it")
        expect(main(gm)).to_contain_text(SECTOR)
        self.goto(gm, "map/")
        main(gm).get_by_role("link", name=SECTOR).click()
        field_of(main(gm), "Passes to").select_option(label="United Federation of Planets")
        field_of(main(gm), "On").fill("2379-01")
        press(gm, "Move it")
        for page in (self.romulan, gm):
            self.goto(page, "map/")
            row = main(page).get_by_role("row", name=SECTOR)
            expect(row).to_contain_text("United Federation of Planets")
            main(page).get_by_role("slider", name="Year").fill("2293")
            expect(main(page).get_by_role("region", name="The sector map as of 2293")).to_be_visible()
            expect(row).to_contain_text("Klingon Empire")
            expect(row).not_to_contain_text("United Federation of Planets")

    def compare_standings(self) -> None:
        """The table of standings leads to how a pair came to stand as it does."""
        page = self.klingon
        self.goto(page, "powers/")
        heat = main(page).get_by_role("table", name="Standings")
        row = heat.get_by_role("row").filter(has=page.get_by_role("rowheader", name="KLI"))
        row.get_by_role("link", name=re.compile("Federation")).tap()
        expect(main(page).get_by_role("heading", level=1)).to_contain_text("Klingon Empire")
        expect(main(page)).to_contain_text("+2")

    def search(self) -> None:
        """`/` from any page: the beginning of a word, a slip of the finger, and Enter goes there."""
        gm = self.gm
        dialog = gm.get_by_role("dialog", name="Search")
        for path, typed in (("docket/", "dal"), ("map/", "dalan")):
            self.goto(gm, path)
            expect(dialog).to_be_hidden()
            gm.keyboard.press("/")
            gm.keyboard.type(typed)
            expect(dialog.get_by_role("link", name=PERSON)).to_be_visible()
        expect(dialog).to_contain_text("Also like")
        gm.keyboard.press("Enter")
        expect(gm.get_by_role("heading", level=1)).to_have_text(PERSON)
        romulan = self.romulan
        self.goto(romulan, "treaties/")
        romulan.get_by_role("link", name="Search").tap()
        romulan.get_by_role("dialog", name="Search").get_by_role("searchbox").press_sequentially("khaz")
        found = romulan.get_by_role("dialog", name="Search")
        expect(found).to_contain_text("Nothing that you may see has “khaz”")
        found.get_by_role("searchbox").fill("dal")
        expect(found.get_by_role("link", name=PERSON)).to_be_visible()

    # When the table rises

    def close(self) -> None:
        self.goto(self.gm, EVENING)
        self.gm.get_by_role("button", name="Close the session").click()
        expect(main(self.gm)).to_contain_text("Session 1 is closed.")
        for page in self.players.values():
            expect(self.goto(page, EVENING)).to_contain_text("Nobody has told it yet.")

    def tell(self) -> None:
        """A draft for all, made from what all may know; the GM makes it theirs, and they read it."""
        gm = self.gm
        self.goto(gm, EVENING)
        follow(gm, "Write the recap")
        text = field_of(main(gm), "Recap")
        for said in (POINTS[0], ALOUD, TRUTH_WORD, HANDOUT):
            expect(text).to_have_value(re.compile(re.escape(said)))
        for kept in (FLEET, PATIENCE, ASIDE, POINTS[1], AMBUSH):
            assert kept not in text.input_value(), kept
        text.fill(TOLD_ALL)
        press(gm, "Publish it")
        expect(main(gm)).to_contain_text("The table can read it.")
        for page in self.players.values():
            expect(self.goto(page, EVENING).get_by_role("region", name="Recap")).to_contain_text(TOLD_ALL)
            expect(self.goto(page, "sessions/")).to_contain_text(TOLD_ALL)

    def tell_apart(self) -> None:
        """What the Klingons alone were shown is drafted for them; they read it once it is published."""
        gm = self.gm
        self.nobody_reads_of(FLEET, self.federation, self.klingon, self.romulan)
        others, theirs = self.noticed(self.federation, self.romulan), self.noticed(self.klingon)
        self.goto(gm, EVENING)
        expect(main(gm).get_by_role("region", name="Recap").get_by_text("Draft", exact=True)).to_have_count(1)
        follow(gm, "Edit or publish")
        text = field_of(main(gm), "Recap")
        expect(text).to_have_value(re.compile(FLEET))
        text.fill(f"{TOLD_KLINGONS} {FLEET}.")
        press(gm, "Publish it")
        expect(main(gm).get_by_text("Published", exact=True)).to_be_visible()
        recap = self.goto(self.klingon, EVENING).get_by_role("region", name="Recap")
        expect(recap).to_contain_text("For you alone")
        expect(recap).to_contain_text(TOLD_KLINGONS)
        self.goto(self.klingon, "sessions/")
        expect(listed(self.klingon, TITLE)).to_contain_text("One for you")
        self.nobody_reads_of(TOLD_KLINGONS, self.federation, self.romulan)
        assert self.noticed(self.federation, self.romulan) == others
        assert self.noticed(self.klingon) != theirs

    def nobody_reads_of(self, told: str, *pages: Page) -> None:
        """Neither in the recap nor in the list of evenings."""
        for page in pages:
            recap = self.goto(page, EVENING).get_by_role("region", name="Recap")
            expect(recap).to_contain_text(TOLD_ALL)
            expect(recap).not_to_contain_text(told)
            self.goto(page, "sessions/")
            expect(listed(page, TITLE)).to_contain_text(TOLD_ALL)
            expect(listed(page, TITLE)).not_to_contain_text("One for you")

    def carry_over(self) -> None:
        """What was not played is ready on the next evening; the players read its point, and no scene."""
        gm = self.gm
        self.goto(gm, EVENING)
        press(gm, "Carry over what was not used")
        expect(main(gm)).to_contain_text("Session 2 is the next.")
        scenes = main(gm).get_by_role("region", name="Scenes")
        expect(scenes.get_by_role("listitem").filter(has_text=AMBUSH)).to_contain_text("from session 1")
        for page in self.players.values():
            expect(self.goto(page, NEXT)).to_contain_text(POINTS[1])
            expect(main(page)).not_to_contain_text(POINTS[0])
            expect(main(page)).not_to_contain_text(AMBUSH)

    def find_an_evening(self) -> None:
        """The GM asks, the Klingons' player answers on the phone, and the day is chosen."""
        gm, klingon = self.gm, self.klingon
        self.goto(gm, NEXT)
        follow(gm, "When to play")
        for row, day in enumerate(("2026-11-20", "2026-11-27")):
            gm.get_by_role("region", name="Propose evenings").get_by_label("Evening").nth(row).fill(day)
            gm.get_by_role("region", name="Propose evenings").get_by_label("From").nth(row).fill("19:30")
        press(gm, "Ask everyone")
        expect(main(gm).get_by_role("button", name="Play on Friday 27 November")).to_be_visible()
        self.goto(klingon, NEXT)
        tap(klingon, "When to play", role="link")
        for day, answer in (("Fri 20 Nov", "No"), ("Fri 27 Nov", "Yes")):
            group = main(klingon).get_by_role("group", name=re.compile(day))
            group.get_by_label(answer, exact=True).check()
        tap(klingon, "Keep my answers")
        expect(main(klingon)).to_contain_text("Your answers are kept.")
        self.goto(gm, f"{NEXT}dates/")
        expect(listed(gm, "Fri 27 Nov", "1 yes, 0 if need be, 0 no")).to_be_visible()
        expect(listed(gm, "Fri 20 Nov", "0 yes, 0 if need be, 1 no")).to_be_visible()
        press(gm, "Play on Friday 27 November")
        expect(main(gm)).to_contain_text("Session 2 is on Friday 27 November 2026")

    def take_the_calendar(self) -> str:
        """The file that a player's calendar takes."""
        page = self.federation
        self.goto(page, NEXT)
        with page.expect_download() as download:
            tap(page, "Calendar", role="link")
        return download.value.path().read_text(encoding="utf-8")
