"""What a GM prepares for an evening of the campaign, and what a player writes for it: each part of it as one step.

The GM sits at a tablet, the players hold phones. Whoever steps goes to the page afresh first, and everything is found by
its role, its label and its words. Nothing is asserted to be absent from a page that was not seen to open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from tests.browser.evening import follow, main, press, unfold
from tests.browser.road import Road, picture

TABLET = {"viewport": {"width": 1024, "height": 768}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

PLACE = "Ajilon Prime"
PERSON = "Dalen Orr"
PAGE = "archive/dalen-orr/"
PUBLIC = "A trader in tulaberry wine, seen at"
TRUTH = "He sold the ciphers of Morska to the Orion Syndicate."
FALSEHOOD = "An honest pilgrim on the way to Boreth."
TRUTH_WORD, PUBLIC_WORD, FALSE_WORD = "Morska", "tulaberry", "Boreth"

LETTER = "A letter from the galley"
LETTER_PAGE = "archive/a-letter-from-the-galley/"
LETTER_TEXT = "The gagh was cold, and nobody apologised."

TITLE = "The night at Ajilon"
TAVERN, AMBUSH = "The tavern by the docks", "The ambush that may wait"
READ_ALOUD = "Smoke, low light, and a harp with two strings."
POINTS = ("The roll is called", "The tavern is searched")
NOTE = "The harper is an agent."

HANDOUT = "The intercepted order"
HANDOUT_PAGE = "handouts/the-intercepted-order/"
ORDER = "Burn this after reading, Commander."
SEAL = "The seal of a Romulan admiral"

FLEET = "The fleet gathers at Khazara"
PATIENCE = "The patience of the High Council"
NAMES = ("Kahlest", "Moraq", "Toral")


def field_of(page: Page | Locator, label: str) -> Locator:
    """What is filled in under this label, whether or not it says that it is optional."""
    return page.get_by_label(re.compile(rf"^\s*{re.escape(label)}( optional)?\s*$")).first


def listed(page: Page, *words: str) -> Locator:
    """The lines of a list that have all these words."""
    found = main(page).get_by_role("listitem")
    for each in words:
        found = found.filter(has_text=each)
    return found


def for_powers(page: Page, *names: str, asked: str = "Who may know") -> None:
    """Who may know, or what else is asked: these powers."""
    field_of(main(page), asked).select_option(label="Named powers or persons")
    for name in names:
        main(page).get_by_role("group", name="Which powers").get_by_label(name).check()


def for_everyone(page: Page) -> None:
    field_of(main(page), "Who may know").select_option(label="Everyone at the table")


def tap(page: Page, name: str | re.Pattern[str], role: str = "button") -> None:
    """A finger on what says this; exactly this, unless it is a pattern."""
    main(page).get_by_role(role, name=name, exact=True).first.tap()


@dataclass
class Preparing:
    """The people, each in a browser of their own."""

    road: Road
    gm: Page
    federation: Page
    klingon: Page
    romulan: Page
    players: dict[str, Page] = field(init=False)
    picture: str = ""

    def __post_init__(self) -> None:
        self.players = {"Fiona": self.federation, "Kofi": self.klingon, "Rosa": self.romulan}

    def goto(self, page: Page, path: str = "") -> Locator:
        """A page of the campaign, which opens; on a phone nothing of it stands out to the side."""
        answer = page.goto(self.road.at(path))
        assert answer and answer.status == 200, f"{path}: {answer and answer.status}"
        assert not page.evaluate("() => document.documentElement.scrollWidth > innerWidth"), (
            f"{path} is too wide"
        )
        return main(page)

    def is_not_there(self, page: Page, path: str) -> None:
        answer = page.goto(self.road.at(path))
        assert answer and answer.status == 404, f"{path}: {answer and answer.status}"

    # Before the evening

    def write_pages(self) -> None:
        """A place for all; a person whose page names the place, the name picked from those offered; his secrets."""
        gm = self.gm
        self.goto(gm, "archive/new/")
        field_of(main(gm), "Name").fill(PLACE)
        field_of(main(gm), "Kind").select_option(label="Place")
        for_everyone(gm)
        press(gm, "Write it")
        expect(gm.get_by_role("heading", level=1)).to_have_text(PLACE)
        self.goto(gm, "archive/new/")
        field_of(main(gm), "Name").fill(PERSON)
        field_of(main(gm), "Kind").select_option(label="Person")
        text = field_of(main(gm), "Text")
        text.press_sequentially(f"{PUBLIC} [[aji")
        gm.get_by_role("listbox", name="Entries").get_by_role("option", name=PLACE).click()
        expect(text).to_have_value(f"{PUBLIC} [[{PLACE}]]")
        expect(gm.get_by_role("region", name="How it looks").get_by_role("link", name=PLACE)).to_be_visible()
        for_everyone(gm)
        press(gm, "Write it")
        expect(main(gm).get_by_role("link", name=PLACE)).to_be_visible()
        self.keep_secret(TRUTH)
        expect(main(gm)).to_contain_text("GM only")
        self.keep_secret(
            FALSEHOOD, "Read it instead of the page’s own text", "It is not so", whom="Romulan Star Empire"
        )
        for mark in ("not so", "read instead of the text above"):
            expect(main(gm).get_by_text(mark, exact=True)).to_be_visible()

    def keep_secret(self, text: str, *ticks: str, whom: str = "") -> None:
        gm = self.gm
        self.goto(gm, PAGE)
        gm.get_by_role("link", name="Add a secret").click()
        field_of(main(gm), "The secret").fill(text)
        for tick in ticks:
            main(gm).get_by_label(tick).check()
        if whom:
            for_powers(gm, whom)
        press(gm, "Keep the secret")
        expect(main(gm)).to_contain_text(text)

    def plan(self) -> None:
        """The evening with two points, and two scenes of which one has a page at hand."""
        gm = self.gm
        self.goto(gm, "sessions/")
        gm.get_by_role("link", name="Plan a session").click()
        field_of(main(gm), "Title").fill(TITLE)
        field_of(main(gm), "Evening").fill("2026-11-06")
        field_of(main(gm), "Starts at").fill("19:30")
        field_of(main(gm), "GM notes").fill("Nobody dies tonight.")
        press(gm, "Plan it")
        expect(gm.get_by_role("heading", level=1)).to_have_text(TITLE)
        for point, note in zip(POINTS, ("", NOTE), strict=True):
            unfold(gm, "Add a point")
            field_of(main(gm), "Point").fill(point)
            field_of(main(gm), "GM note").fill(note)
            press(gm, "Add the point")
            expect(listed(gm, point)).to_be_visible()
        self.add_scene(TAVERN, READ_ALOUD, PERSON)
        self.add_scene(AMBUSH, "They come over the roofs.")

    def add_scene(self, title: str, text: str, at_hand: str = "") -> None:
        gm = self.gm
        self.goto(gm, "sessions/1/plan/")
        follow(gm, "Add a scene")
        field_of(main(gm), "Title").fill(title)
        field_of(main(gm), "Text").fill(text)
        field_of(main(gm), "Pages to have at hand").fill(at_hand)
        press(gm, "Add the scene")
        expect(main(gm).get_by_role("region", name="Scenes")).to_contain_text(title)

    def set_up_clocks(self) -> None:
        """One that is the GM's alone, and one that all know of without seeing its face."""
        gm = self.gm
        for name, known in ((FLEET, False), (PATIENCE, True)):
            self.goto(gm, "clocks/new/")
            field_of(main(gm), "Name").fill(name)
            if known:
                for_everyone(gm)
                main(gm).get_by_label("Known, but its face is hidden").check()
            press(gm, "Start the clock")
            expect(listed(gm, name, "0 of 6")).to_be_visible()
        for page in self.players.values():
            clocks = self.goto(page, "clocks/")
            expect(listed(page, PATIENCE)).to_contain_text("How far it has run is not known")
            expect(clocks).not_to_contain_text("of 6")
            expect(clocks).not_to_contain_text(FLEET)

    def make_handout(self) -> None:
        gm = self.gm
        self.goto(gm, "handouts/new/")
        main(gm).get_by_role("link", name=re.compile("^Intercepted message")).click()
        field_of(main(gm), "Title").fill(HANDOUT)
        field_of(main(gm), "Text").fill(ORDER)
        field_of(main(gm), "Picture").set_input_files(
            {"name": "order.png", "mimeType": "image/png", "buffer": picture()}
        )
        field_of(main(gm), "What it shows").fill(SEAL)
        press(gm, "Make it")
        expect(main(gm)).to_contain_text("you alone see it")
        self.picture = main(gm).get_by_role("img", name=SEAL).get_attribute("src") or ""
        assert gm.request.get(self.picture).status == 200
        for page in self.players.values():
            assert page.request.get(self.picture).status == 404
            expect(self.goto(page, "handouts/")).to_contain_text("You were shown nothing yet")
            self.is_not_there(page, HANDOUT_PAGE)

    def paste_names(self) -> None:
        gm = self.gm
        self.goto(gm, "names/")
        field_of(main(gm), "List").fill("Klingons")
        field_of(main(gm), "Names").fill("\n".join(NAMES))
        press(gm, "Put them on the list")
        expect(main(gm)).to_contain_text("3 free of 3")

    def stage(self, name: str, words: str, whom: str) -> None:
        """Found from the scene by a name, told apart from others by these words, and ready for this power."""
        gm = self.gm
        self.goto(gm, "sessions/1/plan/")
        follow(gm, f"Stage something in {TAVERN}")
        field_of(main(gm), "Its name").press_sequentially(name)
        listed(gm, words).get_by_role("link", name="Stage").click()
        for_powers(gm, whom, asked="Who would learn of it")
        press(gm, "Stage it")
        expect(main(gm)).to_contain_text(f"waits in “{TAVERN}”")

    # What a player writes

    def propose(self) -> None:
        """The Federation's player writes a page on the phone; nobody but the GM reads of it."""
        author, gm = self.federation, self.gm
        self.goto(author, "archive/proposals/")
        author.get_by_role("link", name="Write a page").first.tap()
        field_of(main(author), "Name").fill(LETTER)
        field_of(main(author), "Text").fill(LETTER_TEXT)
        tap(author, "Propose it")
        expect(main(author)).to_contain_text(LETTER)
        for page in (self.federation, self.klingon, self.romulan):
            expect(self.goto(page, "archive/")).to_contain_text(PERSON)
            expect(main(page)).not_to_contain_text(LETTER)
            self.is_not_there(page, LETTER_PAGE)
        self.goto(gm, "archive/proposals/")
        follow(gm, LETTER)
        expect(main(gm)).to_contain_text(LETTER_TEXT)

    def approve(self) -> None:
        gm = self.gm
        for_everyone(gm)
        press(gm, "Put it into the archive")
        expect(main(gm)).to_contain_text(LETTER_TEXT)
        for page in self.players.values():
            expect(self.goto(page, "archive/")).to_contain_text(LETTER)
            follow(page, LETTER)
            expect(main(page)).to_contain_text(LETTER_TEXT)
        expect(self.goto(self.federation, "archive/proposals/")).to_contain_text("Approved")
