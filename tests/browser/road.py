"""The road from a complaint to an undone resolution, as steps that a person takes on a page.

Everything is found as a reader finds it: by its role, its label, its words. The same steps serve with and without
JavaScript; where the two differ, `Road.scripted` says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from playwright.sync_api import Locator, Page, expect

TITLE = "The convoy at Ajilon"
RESOLUTION = "On the convoy at Ajilon"
EVENT = "The convoy is let go"


@dataclass(frozen=True)
class Road:
    """The campaign walked through, and whether its pages may run scripts."""

    campaign: str
    scripted: bool = True

    def at(self, path: str = "") -> str:
        return f"/c/{self.campaign}/{path}"

    # The delegate

    def draft(self, page: Page) -> None:
        """From the desk to a draft with all that it needs."""
        page.goto(self.at())
        page.get_by_role("button", name="File a complaint").click()
        page.wait_for_url("**/drafts/**")  # loaded whole: what is typed before the scripts run starts nothing
        main = page.get_by_role("main")
        main.get_by_label("Against").select_option("Klingon Empire")
        main.get_by_label("II·3").check()
        main.get_by_label("II·4").check()
        main.get_by_label("Day of the act").fill("2379-02-20")
        main.get_by_label("Place").fill("Ajilon Prime")
        main.get_by_label("Title", exact=True).fill(TITLE)
        main.get_by_label("Asks for").fill("Safe passage")
        main.get_by_label("Statement").fill("The convoy was *stopped*, and its people were kept.")

    def attach(self, page: Page) -> None:
        """An exhibit: a picture from the delegate's own machine."""
        exhibits = page.get_by_role("group", name="Exhibits")
        exhibits.get_by_role("textbox").fill("The convoy from above")
        exhibits.locator("input[type=file]").set_input_files(
            {"name": "convoy.png", "mimeType": "image/png", "buffer": picture()}
        )
        page.get_by_role("button", name="Add the exhibit").click()
        expect(exhibits.get_by_role("link", name="The convoy from above")).to_be_visible()

    def file(self, page: Page) -> int:
        """File it; the docket number is in the address."""
        page.get_by_role("button", name="File the complaint").click()
        page.wait_for_url("**/docket/*/")
        expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
        return int(page.url.rstrip("/").rpartition("/")[2])

    # The GM

    def admit(self, page: Page, number: int) -> None:
        page.goto(self.at())
        page.get_by_role("main").get_by_role("link", name=f"No. {number}").first.click()
        expect(page.locator(".tag").get_by_text("Governed", exact=True).first).to_be_visible()
        page.get_by_role("button", name="Admit").click()
        expect(page.get_by_text("Admitted").first).to_be_visible()

    def convene(self, page: Page, name: str) -> None:
        """A conference with the complaint on its agenda; who is bound has a seat, and the sitting is opened."""
        page.get_by_role("main").get_by_role("link", name="Make a conference").click()
        main = page.get_by_role("main")
        main.get_by_label("Name").fill(name)
        main.get_by_label("Place").fill("Khitomer")
        main.get_by_role("group", name="Agenda").get_by_role("checkbox").first.check()
        main.get_by_role("button", name="Convene it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        expect(page.get_by_text("4 of 4 members present")).to_be_visible()

    def hear(self, page: Page) -> None:
        """Open the sitting and the hearing, in as many presses as the desk offers."""
        for label in ("Open the sitting", "Open the hearing"):
            button = page.get_by_role("main").get_by_role("button", name=label)
            if button.count():
                button.first.click()
        expect(page.get_by_text("Before the conference")).to_be_visible()

    def move(self, page: Page) -> None:
        """A motion of the chair on the complaint, with a standing that changes and an event."""
        page.get_by_role("main").get_by_role("link", name="Draft a motion").first.click()
        page.wait_for_url("**/motions/new/**")
        page.get_by_label("Title", exact=True).fill(RESOLUTION)
        found = self.clause_saying(page, "Finds")
        self.give(found, 1, "A standing changes", page)
        effect = self.effect(found, 1)
        effect.get_by_label("Power").select_option("Klingon Empire")
        effect.get_by_label("Towards").select_option("United Federation of Planets")
        effect.get_by_label("By how much").fill("-2")
        page.get_by_role("button", name="Check the effects").click()
        expect(page.get_by_role("region", name="If it is adopted and enacted")).to_contain_text("Klingon")
        found = self.clause_saying(page, "Finds")
        found.get_by_role("button", name="Add another effect").click()
        expect(self.effect(found, 2)).to_be_visible()
        found = self.clause_saying(page, "Finds")
        self.give(found, 2, "An event is set down in the timeline", page)
        self.effect(found, 2).get_by_label("Title of the event").fill(EVENT)
        if self.scripted:
            # The preview follows the typing by itself.
            expect(page.get_by_role("region", name="If it is adopted and enacted")).to_contain_text(EVENT)
        page.get_by_role("button", name="Save the draft").click()
        expect(page.get_by_role("main")).to_contain_text(RESOLUTION)

    def clause_saying(self, page: Page, phrase: str) -> Locator:
        """The first clause with this phrase."""
        for clause in page.locator("li.motion-clause").all():
            if clause.get_by_role("combobox").first.input_value() == phrase:
                return clause
        raise AssertionError(f"No clause says “{phrase}”.")

    def give(self, clause: Locator, which: int, kind: str, page: Page) -> None:
        clause.get_by_label(f"Kind of effect {which}").select_option(kind)
        if not self.scripted:
            # All fields of all kinds are there; nothing has to appear.
            return
        expect(self.effect(clause, which).get_by_label("Archive entry")).to_be_hidden()

    def effect(self, clause: Locator, which: int) -> Locator:
        return clause.get_by_role("group", name=f"Effect {which} of clause")

    def open_vote(self, page: Page) -> None:
        """To the motion's page, and the vote is open."""
        main = page.get_by_role("main")
        link = main.get_by_role("link", name=RESOLUTION)
        if main.get_by_role("button", name="Open the vote").count():
            main.get_by_role("button", name="Open the vote").first.click()
            if "/motions/" not in page.url:
                link.first.click()
        else:
            link.first.click()
            main.get_by_role("button", name="Open the vote").click()
        expect(page.get_by_role("heading", name="The vote is open")).to_be_visible()

    def vote_for_unseated(self, page: Page, power: str) -> None:
        """The GM votes for a power without a delegate."""
        page.get_by_role("button", name=f"Yes for {power}").click()
        expect(page.get_by_role("button", name=f"Yes for {power}")).to_have_attribute("aria-pressed", "true")

    def close_vote(self, page: Page) -> None:
        page.get_by_role("button", name="Close the vote").click()
        expect(page.get_by_role("heading", name="Adopted")).to_be_visible()

    def enact(self, page: Page) -> None:
        """See what it will change, and let it."""
        page.get_by_role("link", name="Preview and enact").click()
        effects = page.get_by_role("region", name="What it will change")
        expect(effects).to_contain_text(EVENT)
        page.get_by_role("button", name="Enact").click()
        expect(page.get_by_role("heading", name="What it changed")).to_be_visible()

    def undo(self, page: Page) -> None:
        page.get_by_role("link", name="Undo").click()
        page.get_by_role("main").get_by_role("textbox").first.fill("The table thought again.")
        page.get_by_role("button", name="Undo the resolution").click()
        expect(page.get_by_text("taken back").first).to_be_visible()

    # Anyone

    def vote(self, page: Page, power: str, choice: str = "Yes") -> None:
        """A delegate votes from their own desk."""
        page.goto(self.at())
        page.get_by_role("group", name=f"Vote of the {power}").get_by_role("button", name=choice).click()
        expect(page.get_by_text(f"Your ballot: {choice.lower()}").first).to_be_visible()

    def standing(self, page: Page) -> str:
        """How the Klingons stand with the Federation, as the Federation's own page says."""
        page.goto(self.at("powers/federation/"))
        table = page.get_by_role("table", name="The standing of")
        return table.get_by_role("row", name="Klingon").get_by_role("cell").first.inner_text().strip()


def picture() -> bytes:
    """A small picture, as a camera would make it."""
    made = BytesIO()
    Image.new("RGB", (320, 200), "#3a5f8f").save(made, "PNG")
    return made.getvalue()
