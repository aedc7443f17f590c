"""A complaint under the full charter, from its filing to countermeasures that lift: each part of it as one step.

`Evening` holds who sits where; every step begins by going to its page, as somebody does who comes back to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.browser import evening
from tests.browser.evening import Ballots, follow, main, press, unfold
from tests.browser.road import RESOLUTION, Road

MEETING = "The Rura Penthe conference"
FEDERATION = "United Federation of Planets"
KLINGON = "Klingon Empire"
ROMULAN = "Romulan Star Empire"
CARDASSIAN = "Cardassian Union"
ANSWER = "On an answer to the convoy"
PAST_THE_LIMIT = "2379-03-28"


@dataclass
class Evening:
    """The people, each in a browser of their own, and where things are once they exist."""

    road: Road
    gm: Page
    federation: Page
    klingon: Page
    romulan: Page
    complaint: str = ""
    meeting: str = ""
    motion: str = ""
    resolution: str = ""
    voters: dict[str, Page] = field(init=False)

    def __post_init__(self) -> None:
        self.voters = {FEDERATION: self.federation, KLINGON: self.klingon, ROMULAN: self.romulan}

    # Before the conference

    def file(self) -> None:
        evening.rules(self.gm, self.road, "Full")
        self.road.draft(self.federation)
        evening.file(self.federation)
        self.complaint = self.road.at(f"docket/{evening.docket(self.gm, self.road)}/")

    def let_the_limit_run(self) -> None:
        """The GM looks at what falls due, and lets the story go on."""
        gm = self.gm
        gm.goto(self.road.at("date/"))
        gm.get_by_role("main").get_by_role("textbox").first.fill(PAST_THE_LIMIT)
        press(gm, "Show what comes up")
        due = gm.get_by_role("region", name="What falls due")
        expect(due).to_contain_text("No. ")
        press(gm, "Let the story go on")
        expect(gm.get_by_role("button", name="Let the story go on")).to_have_count(0)

    def refer(self) -> None:
        self.federation.goto(self.complaint)
        press(self.federation, "Refer it to the chair")
        expect(main(self.federation)).to_contain_text("eferred")

    def object(self, why: str) -> None:
        self.klingon.goto(self.complaint)
        unfold(self.klingon, "Object to its being heard")
        form = self.klingon.locator("details", has_text="Object to its being heard")
        form.get_by_role("textbox").fill(why)
        press(self.klingon, "Object")
        expect(main(self.klingon)).to_contain_text(why)

    def decline(self, why: str) -> None:
        """The chair takes it up, and goes against the ruling that was computed."""
        self.gm.goto(self.complaint)
        press(self.gm, "Take it up")
        ruling = self.gm.locator("form#ruling")
        ruling.get_by_role("textbox").fill(why)
        press(self.gm, "Find inadmissible, overruling")
        expect(main(self.gm)).to_contain_text(why)
        expect(main(self.gm)).to_contain_text("Overruled by the chair")

    def convene(self) -> None:
        """A conference without an agenda, to which the chair's ruling can be appealed."""
        gm = self.gm
        gm.goto(self.road.at("conferences/new/"))
        main(gm).get_by_label("Name").fill(MEETING)
        press(gm, "Convene it")
        expect(gm.get_by_role("heading", level=1)).to_have_text(MEETING)
        self.meeting = gm.url
        gm.get_by_role("button", name="Open the sitting").click()
        expect(gm.get_by_role("button", name="Suspend")).to_be_visible()

    def appeal(self) -> None:
        self.federation.goto(self.complaint)
        follow(self.federation, "Appeal to the conference")
        press(self.federation, "Appeal")
        self.federation.wait_for_url("**/motions/*/")
        self.vote(self.federation.url, against=(KLINGON,), outcome="Adopted")
        self.gm.goto(self.complaint)
        expect(main(self.gm)).to_contain_text("Admitted")

    # The sitting

    def schedule(self) -> None:
        self.gm.goto(self.complaint)
        press(self.gm, "Put it on the agenda")
        self.gm.goto(self.meeting)
        press(self.gm, "Open the hearing")
        expect(self.gm.get_by_text("Before the conference")).to_be_visible()

    def call_the_roll(self) -> None:
        self.gm.goto(self.meeting)
        unfold(self.gm, "Call the roll")
        press(self.gm, "Note who is present")
        expect(main(self.gm)).to_contain_text("4 of 4 members present")

    def hear_the_parties(self) -> None:
        """The complainant asks for the floor and has it; both parties are noted as heard."""
        federation, gm = self.federation, self.gm
        federation.goto(self.meeting)
        unfold(federation, "Ask for the floor")
        press(federation, "For")
        gm.goto(self.meeting)
        main(gm).get_by_role("button", name="Call the next").click()
        expect(main(gm).get_by_text("has the floor")).to_be_visible()
        press(gm, "Thank the speaker")
        expect(main(gm).get_by_text("has the floor")).to_have_count(0)
        for party in (FEDERATION, KLINGON):
            button = main(gm).get_by_role("button", name=re.compile(f"^Heard.*{party}"))
            if button.count():
                button.click()
        expect(main(gm).get_by_text("Heard", exact=True)).to_have_count(2)

    # The motion

    def draft(self) -> None:
        """On the finding; its last clause is one that not everybody wants, and another obliges the respondent."""
        page = self.federation
        page.goto(self.meeting)
        follow(page, "Draft a motion")
        page.wait_for_url("**/motions/new/**")
        page.get_by_label("Title", exact=True).fill(RESOLUTION)
        clauses = page.locator("li.motion-clause")
        before = clauses.count()
        press(page, "Add clause")
        expect(clauses).to_have_count(before + 1)
        added = clauses.last
        added.get_by_label("Phrase of clause").select_option("Directs")
        added.get_by_label("Text of clause").fill("the Klingon Empire to let the convoy go")
        added.get_by_label("Kind of effect 1").select_option("Someone must do something by a date")
        effect = self.road.effect(added, 1)
        effect.get_by_label("Power").select_option(KLINGON)
        effect.get_by_label("What is owed").fill("Let the convoy go")
        effect.get_by_label("Due on").fill("2379-04-20")
        self.submit(page, RESOLUTION)

    def submit(self, page: Page, title: str) -> None:
        """Save what was drafted, submit it from the desk, and go to its page."""
        press(page, "Save the draft")
        page.wait_for_url(self.meeting)
        press(page, "Submit the motion")
        follow(page, re.compile(f"Motion \\d+: {title}"))
        page.wait_for_url(re.compile(r"/motions/\d+/$"))
        self.motion = page.url

    def step(self, page: Page, label: str, says: str) -> None:
        """One press on the motion's page, and what the page then says."""
        page.goto(self.motion)
        press(page, label)
        expect(main(page).get_by_text(says, exact=True).first).to_be_visible()

    def to_the_debate(self) -> None:
        self.step(self.gm, "Rule it in order", "In order")
        self.step(self.romulan, "Second it", "Seconded")
        self.step(self.gm, "Open the debate", "Debate")

    def amend(self, text: str) -> str:
        """The Romulans move other words for the clause that directs; the amendment's address."""
        page = self.romulan
        page.goto(self.motion)
        main(page).get_by_role("link", name=re.compile("Amend.*Directs")).click()
        page.get_by_label("Text of clause").fill(text)
        press(page, "Move the amendment")
        follow(page, re.compile("^Amendment"))
        page.wait_for_url(lambda url: url != self.motion)
        return page.url

    def ask_division(self) -> None:
        page = self.romulan
        page.goto(self.motion)
        unfold(page, "Have a clause voted apart")
        form = page.locator("details", has_text="Have a clause voted apart")
        seized = form.get_by_label("Which clause").locator("option", has_text="Remains seized")
        form.get_by_label("Which clause").select_option(seized.get_attribute("value"))
        form.get_by_role("button", name="Have a clause voted apart").click()
        expect(main(page)).to_contain_text("voted apart")

    def vote(self, url: str, *, outcome: str, against: tuple[str, ...] = ()) -> None:
        """An open vote: whoever has a vote on it is for it, but those named."""
        ballots = Ballots(self.gm, url)
        ballots.open()
        for power, page in self.voters.items():
            page.goto(url)
            choice = "No" if power in against else "Yes"
            if page.get_by_role("button", name=f"{choice} for {power}", exact=True).count():
                ballots.cast(page, power, choice)
        ballots.chair_casts(CARDASSIAN, "No" if CARDASSIAN in against else "Yes")
        ballots.close(outcome)

    def vote_before_the_vote(self, label: str, link: re.Pattern[str], *, outcome: str) -> None:
        """The chair takes what was moved of the motion, and puts the first of it to the vote."""
        self.gm.goto(self.motion)
        press(self.gm, label)
        follow(self.gm, link)
        self.gm.wait_for_url(lambda url: url != self.motion)
        against = tuple(self.voters) if outcome == "Rejected" else ()
        self.vote(self.gm.url, outcome=outcome, against=(*against, CARDASSIAN) if against else ())

    def find_in_secret(self) -> str:
        """The vote on the finding; the Romulan receipt, as their page showed it."""
        ballots = Ballots(self.gm, self.motion)
        ballots.open("Secret")
        self.federation.goto(self.motion)
        expect(main(self.federation).get_by_role("button", name="Yes")).to_have_count(0)
        said = ballots.cast(self.romulan, ROMULAN, "Yes")
        expect(said).to_contain_text("Its receipt is")
        receipt = said.locator("b.nowrap").inner_text()
        ballots.chair_casts(CARDASSIAN, "Yes")
        ballots.close("Adopted")
        return receipt

    def enact(self, tells: str) -> None:
        self.gm.goto(self.motion)
        follow(self.gm, "Preview and enact")
        self.resolution = self.gm.url
        press(self.gm, "Enact")
        expect(self.gm.get_by_role("heading", name="What it changed")).to_be_visible()
        expect(main(self.gm)).to_contain_text(tells)

    # Compliance

    def say_of_it(self, page: Page, label: str, words: str, says: str) -> None:
        """One step about what is owed: from the complaint's page to the obligation's, with a sentence."""
        page.goto(self.complaint)
        page.locator("#compliance").get_by_role("link", name="Let the convoy go").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Let the convoy go")
        unfold(page, label)
        main(page).locator("details", has_text=label).get_by_role("textbox").fill(words)
        press(page, label)
        expect(main(page).get_by_text(says, exact=True).first).to_be_visible()

    def stands_at(self, stage: str) -> None:
        self.gm.goto(self.complaint)
        expect(self.gm.locator("#compliance").get_by_text(stage, exact=True).first).to_be_visible()

    def ask_countermeasures(self) -> None:
        page = self.federation
        page.goto(self.complaint)
        follow(page, re.compile("^Ask .* for countermeasures"))
        page.wait_for_url("**/countermeasures/**")
        page.get_by_label("Title", exact=True).fill(ANSWER)
        clause = page.locator("li.motion-clause").last
        clause.get_by_label("Text of clause").fill("that what was given in trust is taken back")
        clause.get_by_label("Kind of effect 1").select_option("A standing changes")
        effect = self.road.effect(clause, 1)
        effect.get_by_label("Power").select_option(FEDERATION)
        effect.get_by_label("Towards").select_option(KLINGON)
        effect.get_by_label("By how much").fill("-2")
        self.submit(page, ANSWER)

    def answer(self) -> None:
        """Through the same debate; only the complainant is for it, and that is enough."""
        self.to_the_debate()
        self.step(self.gm, "Close the debate", "Closed")
        self.vote(self.motion, outcome="Adopted", against=(KLINGON, ROMULAN, CARDASSIAN))

    def publish_the_minutes(self) -> Page:
        """The chair publishes them; they stand on the page that comes back, somebody else's."""
        self.gm.goto(f"{self.meeting}minutes/")
        self.gm.get_by_role("button", name="Publish the minutes").click()
        expect(self.gm.get_by_role("button", name="Take them back")).to_be_visible()
        self.romulan.goto(f"{self.meeting}minutes/")
        return self.romulan
