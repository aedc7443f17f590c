"""The evening in play: what is shown to whom and taken back, what is rolled and noted: each part of it as one step.

What somebody may not see is looked for wherever they could come upon it, and only on pages that were seen to open.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.evening import main, press
from tests.browser.preparing import (
    AMBUSH,
    FALSE_WORD,
    FALSEHOOD,
    FLEET,
    HANDOUT,
    HANDOUT_PAGE,
    NAMES,
    NOTE,
    ORDER,
    PAGE,
    PATIENCE,
    PERSON,
    POINTS,
    PUBLIC,
    PUBLIC_WORD,
    READ_ALOUD,
    TAVERN,
    TITLE,
    TRUTH,
    TRUTH_WORD,
    Preparing,
    listed,
    tap,
)

SECRET = f"A secret of {PERSON}"
EVENING = "sessions/1/"
SHOWN = "Shown to you on this evening"
ASIDE, ALOUD = "The harper has noticed the tricorder.", "The harp falls silent."


class Playing(Preparing):
    """The same people, from the beginning of the evening on."""

    # In play

    def answer(self) -> None:
        """The Klingons' player comes. Nothing of what is only the GM's is on the page where that is said."""
        klingon = self.klingon
        for page in self.players.values():
            evening = self.goto(page, EVENING)
            expect(evening).to_contain_text(POINTS[0])
            for kept in (TAVERN, READ_ALOUD, NOTE, AMBUSH, "Nobody dies tonight."):
                expect(evening).not_to_contain_text(kept)
            self.is_not_there(page, f"{EVENING}plan/")
        self.goto(klingon, EVENING)
        tap(klingon, "I come")
        expect(main(klingon)).to_contain_text("The table knows your answer.")
        expect(listed(klingon, "Kofi", "Comes")).to_be_visible()

    def begin(self) -> None:
        """The evening is in play; who is here is noted with one press each."""
        gm = self.gm
        self.goto(gm, EVENING)
        gm.get_by_role("button", name="Begin the session").click()
        expect(gm.get_by_role("region", name="Now")).to_contain_text(POINTS[0])
        expect(gm.get_by_role("region", name=TAVERN)).to_contain_text(READ_ALOUD)
        here = gm.get_by_role("region", name="Who is here")
        for name in self.players:
            here.get_by_role("button", name=name).click()
            expect(here.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
        press(gm, "Done, next")
        expect(gm.get_by_role("region", name="Now")).to_contain_text(POINTS[1])
        for page in self.players.values():
            self.goto(page, EVENING)
            expect(listed(page, "Rosa", "Here")).to_be_visible()

    def read_at_hand(self) -> None:
        """What the scene has at hand opens where it is named."""
        scene = self.gm.get_by_role("region", name=TAVERN)
        expect(scene).not_to_contain_text(PUBLIC)
        scene.get_by_role("link", name=PERSON).click()
        expect(scene).to_contain_text(PUBLIC)
        expect(self.gm).to_have_url(re.compile(f"{EVENING}$"))

    def disclose(self, name: str) -> None:
        """One press on the page that the evening is run from; nothing happened that the others could notice."""
        before = self.noticed(self.federation, self.romulan)
        self.goto(self.gm, EVENING)
        press(self.gm, f"Disclose: {name}")
        expect(main(self.gm)).to_contain_text("Told Klingon Empire")
        assert self.noticed(self.federation, self.romulan) == before

    def noticed(self, *pages: Page) -> list[str]:
        """What the desk of each says of late."""
        found = []
        for page in pages:
            latest = self.goto(page).get_by_role("region", name="Latest")
            expect(latest).to_contain_text("Session 1")
            found.append(latest.inner_text())
        return found

    def take_back(self) -> None:
        self.goto(self.gm, EVENING)
        press(self.gm, f"Take back: {SECRET}")
        expect(main(self.gm).get_by_role("button", name=f"Disclose: {SECRET}")).to_be_visible()

    def show_to_all(self) -> None:
        """The secret is shown to everyone from where it is read."""
        gm = self.gm
        self.goto(gm, PAGE)
        secret = main(gm).locator(".secret", has_text=TRUTH)
        secret.get_by_role("button", name="Everyone").click()
        taken = secret.get_by_role("button", name=re.compile("^Take the secret back from"))
        expect(taken).to_have_count(1)
        expect(taken).to_contain_text("Everyone")

    def knows(self, page: Page, marked: str) -> None:
        """It is on the page, in the search, in what one knows, in what the evening showed, and on the desk."""
        expect(self.goto(page, PAGE)).to_contain_text(TRUTH)
        expect(main(page)).to_contain_text(marked)
        self.goto(page, f"search/?q={TRUTH_WORD}")
        expect(main(page).get_by_role("link", name=PERSON)).to_be_visible()
        self.goto(page, "knowledge/")
        expect(main(page).get_by_role("heading", name=f"Session 1: {TITLE}")).to_be_visible()
        expect(listed(page, PERSON, "secret")).to_be_visible()
        self.goto(page, EVENING)
        expect(main(page).get_by_role("region", name=SHOWN)).to_contain_text(SECRET)
        self.goto(page)
        expect(main(page).get_by_role("region", name="Disclosed to you")).to_contain_text(TRUTH)

    def knows_nothing(self, page: Page) -> None:
        """At each of these doors stands what everyone may read, and nothing of the secret."""
        expect(self.goto(page, PAGE).get_by_role("heading", level=1)).to_have_text(PERSON)
        expect(main(page)).not_to_contain_text(TRUTH_WORD)
        expect(self.goto(page, f"search/?q={TRUTH_WORD}")).to_contain_text("Nothing that you may see has")
        expect(main(page).get_by_role("link", name=PERSON)).to_have_count(0)
        expect(self.goto(page, "knowledge/").get_by_role("heading", level=1)).to_have_text("What you know")
        expect(listed(page, PERSON, "secret")).to_have_count(0)
        expect(self.goto(page, EVENING)).to_contain_text(POINTS[0])
        expect(main(page)).not_to_contain_text(SECRET)
        self.goto(page)
        expect(main(page)).not_to_contain_text(TRUTH_WORD)

    def believes(self, page: Page) -> None:
        """The Romulans read another page under the same address, and find it by its words and not by the others'."""
        expect(self.goto(page, PAGE)).to_contain_text(FALSEHOOD)
        expect(main(page)).not_to_contain_text(PUBLIC_WORD)
        expect(main(page)).not_to_contain_text("not so")
        self.goto(page, f"search/?q={FALSE_WORD}")
        expect(main(page).get_by_role("link", name=PERSON)).to_be_visible()
        self.goto(page, f"search/?q={PUBLIC_WORD}")
        expect(main(page)).to_contain_text("Nothing that you may see has")

    def note_by_key(self) -> None:
        """`l` and Enter: a line of the GM's own, then one for the table."""
        gm = self.gm
        self.goto(gm, EVENING)
        gm.keyboard.press("l")
        gm.keyboard.type(ASIDE)
        gm.keyboard.press("Enter")
        expect(listed(gm, ASIDE)).to_be_visible()
        expect(gm.get_by_label("A line for the log")).to_be_focused()
        gm.keyboard.type(ALOUD)
        gm.keyboard.press("Tab")
        gm.keyboard.press("Space")
        gm.keyboard.press("Enter")
        expect(listed(gm, ALOUD, "told")).to_be_visible()
        for page in self.players.values():
            expect(self.goto(page, EVENING).get_by_role("region", name="Log")).to_contain_text(ALOUD)
            expect(main(page)).not_to_contain_text(ASIDE)

    def roll(self) -> None:
        """The Federation's player rolls a task on the phone, and the table has one Momentum more."""
        page = self.federation
        self.goto(page, EVENING)
        for name, number in (("Target number", "12"), ("Difficulty", "1"), ("Dice", "2")):
            main(page).get_by_role("spinbutton", name=name).fill(number)
        tap(page, "Roll the task")
        rolls = main(page).get_by_role("list", name="The latest rolls").get_by_role("listitem")
        expect(rolls).to_contain_text(["Fiona (UFP)"])
        expect(rolls.first.get_by_title("d20")).to_have_count(2)
        pools = main(page).get_by_role("region", name="Pools")
        expect(pools).to_contain_text("0 Momentum")
        tap(page, "Add one Momentum")
        expect(pools).to_contain_text("1 Momentum")
        for other in (self.gm, self.klingon):
            expect(self.goto(other, EVENING).get_by_role("region", name="Pools")).to_contain_text(
                "1 Momentum"
            )
            expect(main(other).get_by_role("list", name="The latest rolls")).to_contain_text("Fiona (UFP)")

    def give_a_name(self) -> None:
        """The next name is given away, and is not offered again."""
        gm = self.gm
        self.goto(gm, EVENING)
        ready = gm.get_by_role("region", name="Names")
        ready.get_by_label(f"For whom is {NAMES[0]}").fill("the harper")
        ready.get_by_role("button", name=f"Use {NAMES[0]}").click()
        expect(ready.get_by_role("button", name=f"Use {NAMES[0]}")).to_have_count(0)
        expect(ready.get_by_role("button", name=f"Use {NAMES[1]}")).to_be_visible()
        expect(self.goto(gm, "names/")).to_contain_text("2 free of 3")

    def move_clocks(self) -> None:
        """Both run on; whoever may not see how far sees no difference."""
        gm = self.gm
        self.goto(gm, "clocks/")
        for name in (FLEET, PATIENCE):
            press(gm, f"Tick {name} on by one")
            expect(listed(gm, name, "1 of 6")).to_be_visible()
        expect(self.goto(self.klingon, "clocks/")).to_contain_text(FLEET)
        expect(listed(self.klingon, FLEET)).to_contain_text("1 of 6")
        for page in self.players.values():
            self.goto(page, "clocks/")
            expect(listed(page, PATIENCE)).to_contain_text("How far it has run is not known")
            expect(listed(page, PATIENCE)).not_to_contain_text("of 6")
        for page in (self.federation, self.romulan):
            expect(main(page)).not_to_contain_text(FLEET)

    def show_handout(self) -> None:
        gm = self.gm
        self.goto(gm, HANDOUT_PAGE)
        gm.get_by_role("region", name="Who sees it").get_by_role("button", name="Everyone").click()
        expect(gm.get_by_role("button", name=f"Take {HANDOUT} back from")).to_contain_text("Everyone")
        for page in self.players.values():
            self.goto(page, "handouts/")
            main(page).get_by_role("link", name=HANDOUT).tap()
            expect(main(page).get_by_role("article", name=HANDOUT)).to_contain_text(ORDER)
            assert page.request.get(self.picture).headers["content-type"] == "image/webp"

    # Through another's eyes

    def look_through(self) -> None:
        """The GM reads the page as the Romulans' player does, to the letter, and comes back."""
        gm = self.gm
        theirs = self.goto(self.romulan, PAGE).text_content()
        self.goto(gm, PAGE)
        expect(main(gm)).to_contain_text(TRUTH)
        self.goto(gm, "members/")
        press(gm, "View as Rosa")
        banner = gm.get_by_role("complementary", name="Whose eyes you look through")
        expect(banner).to_contain_text("You see what Rosa sees.")
        self.goto(gm, PAGE)
        expect(banner).to_be_visible()
        seen = main(gm).text_content() or ""
        assert words(seen.replace(banner.text_content() or "", "")) == words(theirs or "")
        assert FALSEHOOD in seen and TRUTH_WORD not in seen
        self.is_not_there(gm, "ledger/")
        self.goto(gm, PAGE)
        press(gm, "Back to your own view")
        expect(main(gm)).to_contain_text("You see the campaign as yourself again.")
        expect(main(gm)).to_contain_text(TRUTH)


def words(text: str) -> str:
    return " ".join(text.split())
