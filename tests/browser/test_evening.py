"""Four evenings: a quick one counted press by press, a settlement, a whole procedure, and the screen on the wall."""

import re

from playwright.sync_api import expect

from tests.browser import evening
from tests.browser.evening import Presses, follow, main, press
from tests.browser.road import Road
from tests.browser.whole import Evening

MOST_PRESSES = 12
CANARY = "the lantern over Rura Penthe"
TERMS = "The convoy goes on under escort."


def test_a_quick_complaint_in_twelve_presses(person):
    """From the GM's opening of a filed complaint to its effects applied."""
    road = Road("supper")
    federation, gm, romulan = person("federation"), person("gm"), person("romulan")
    road.draft(federation)
    number = road.file(federation)
    assert road.standing(federation) == "+2"

    presses = Presses(gm)
    gm.goto(road.at(f"docket/{number}/"))
    press(gm, "Admit")
    road.convene(gm, "The supper conference")
    road.hear(gm)
    evening.move(gm, road)
    road.open_vote(gm)
    road.vote(romulan, "Romulan Star Empire")
    road.vote_for_unseated(gm, "Cardassian Union")
    road.close_vote(gm)
    follow(gm, "Preview and enact")
    press(gm, "Enact")
    expect(gm.get_by_role("heading", name="What it changed")).to_be_visible()

    assert road.standing(federation) == "0"
    assert 0 < presses.number <= MOST_PRESSES


def test_a_settlement_at_a_standard_table(person):
    road = Road("talks")
    federation, klingon, romulan, gm = map(person, ("federation", "klingon", "romulan", "gm"))
    evening.rules(gm, road, "Standard")
    road.draft(federation)
    evening.file(federation)
    number = evening.docket(gm, road)
    page = road.at(f"docket/{number}/")

    # The parties talk.
    klingon.goto(page)
    follow(klingon, "Open the parley")
    klingon.get_by_label("To the other parties").fill(f"Meet me below {CANARY}.")
    press(klingon, "Say it")
    expect(main(klingon).get_by_role("listitem").filter(has_text=CANARY)).to_be_visible()
    federation.goto(page)
    follow(federation, "Open the parley")
    expect(main(federation)).to_contain_text(CANARY)
    follow(federation, "Make an offer")
    federation.get_by_role("textbox", name="Terms").fill("The convoy is let go.")
    federation.get_by_label("Kind of effect 1").select_option("A standing changes")
    federation.get_by_label("Power", exact=True).select_option("Klingon Empire")
    federation.get_by_label("Towards").select_option("United Federation of Planets")
    federation.get_by_label("By how much").fill("1")
    press(federation, "Make the offer")
    expect(main(federation).get_by_role("heading", name="Offer 1")).to_be_visible()

    # The counter-offer.
    klingon.goto(page)
    follow(klingon, "Counter offer 1")
    klingon.get_by_role("textbox", name="Terms").fill(TERMS)
    klingon.get_by_label("Kind of effect 1").select_option("A standing changes")
    klingon.get_by_label("Power", exact=True).select_option("Klingon Empire")
    klingon.get_by_label("Towards").select_option("United Federation of Planets")
    klingon.get_by_label("By how much").fill("2")
    press(klingon, "Make the counter-offer")
    expect(main(klingon).get_by_role("heading", name="Offer 2")).to_be_visible()

    # To everyone else there is no parley, as long as there is no settlement.
    romulan.goto(page)
    expect(main(romulan).get_by_role("link", name="parley")).to_have_count(0)
    assert romulan.goto(page + "parley/").status == 404
    for path in (page, road.at(), road.at("docket/"), road.at("timeline/")):
        romulan.goto(path)
        said = romulan.get_by_role("main").inner_text()
        assert CANARY not in said and TERMS not in said and "ffer 2" not in said

    # Two presses from the complaint's page.
    federation.goto(page)
    presses = Presses(federation)
    federation.reload()
    follow(federation, "Accept offer 2")
    press(federation, "Accept the offer")
    expect(main(federation).get_by_role("heading", name="The settlement")).to_be_visible()
    assert presses.number == 2

    romulan.goto(page)
    expect(main(romulan)).to_contain_text(TERMS)
    expect(main(romulan)).not_to_contain_text(CANARY)
    assert romulan.goto(page + "parley/").status == 404

    assert road.standing(federation) == "+2"
    gm.goto(page)
    press(gm, "Give effect to the settlement")
    expect(main(gm).get_by_role("heading", name="What it changed")).to_be_visible()
    assert road.standing(federation) == "+4"


def test_the_whole_procedure(person):
    """The full charter, from the first day of the time-limit to the lifting of countermeasures."""
    table = Evening(Road("whole"), *map(person, ("gm", "federation", "klingon", "romulan")))

    # The chair's ruling, and the conference's over it.
    table.file()
    table.let_the_limit_run()
    table.refer()
    table.object("Ajilon is ours.")
    table.decline("It is too small a matter.")
    table.convene()
    table.appeal()

    # The sitting, the debate and the finding.
    table.schedule()
    table.call_the_roll()
    table.hear_the_parties()
    table.draft()
    table.to_the_debate()
    table.amend("the Klingon Empire to let the convoy go, under escort")
    table.ask_division()
    table.step(table.gm, "Close the debate", "Closed")
    table.vote_before_the_vote("Take the amendments", re.compile("^Amendment"), outcome="Adopted")
    table.vote_before_the_vote("Divide the question", re.compile("^Motion"), outcome="Rejected")
    receipt = table.find_in_secret()
    table.gm.goto(table.motion)
    text = table.gm.get_by_role("region", name="The text")
    expect(text).to_contain_text("let the convoy go, under escort")
    expect(text.get_by_role("deletion")).to_contain_text("Remains seized")
    expect(main(table.gm)).not_to_contain_text(receipt)

    minutes = main(table.publish_the_minutes())
    for said in (
        "Amendment 3 was adopted",
        "Clause 5 of motion 2 fell",
        "by secret ballot",
        "found a breach",
    ):
        expect(minutes).to_contain_text(said)
    expect(minutes).not_to_contain_text(receipt)

    # Compliance, and what answers for the want of it.
    assert table.road.standing(table.federation) == "+2"
    table.enact("Klingon")
    assert table.road.standing(table.federation) == "+1"
    table.say_of_it(table.klingon, "Report it done", "It has gone.", "reported as met")
    table.say_of_it(table.federation, "Dispute it", "Nobody saw it.", "disputed")
    table.say_of_it(table.gm, "Find it not met", "It is still there.", "found not met")
    table.stands_at("Non-compliant")
    table.ask_countermeasures()
    table.answer()
    table.enact("Klingon")
    table.stands_at("Countermeasures")
    assert table.road.standing(table.federation) == "−1"
    table.say_of_it(table.gm, "Find it met", "It has gone at last.", "Met")
    table.stands_at("Complied")
    assert table.road.standing(table.federation) == "+1"


def test_the_screen_on_the_wall(person):
    """It needs no sign-in, follows the chair by itself, and is gone when its link is revoked."""
    road = Road("wall")
    gm, romulan, wall = person("gm"), person("romulan"), person(None)
    gm.goto(road.at("conferences/ajilon/chamber/"))
    gm.get_by_label("Which screen is it for?").fill("The television")
    press(gm, "Make the link")
    link = gm.get_by_label("Open this in the browser of the screen").input_value()

    assert wall.goto(link).status == 200
    hall = main(wall)
    expect(hall).to_contain_text("The conference is sitting")
    for role in ("button", "link", "textbox", "combobox"):
        expect(wall.get_by_role(role)).to_have_count(0)

    vote = evening.Ballots(gm, road.at("conferences/ajilon/motions/1/"))
    vote.open()
    expect(hall.get_by_role("region", name="The vote")).to_be_visible()
    expect(hall).to_contain_text("On the prisoners of Ajilon")
    vote.cast(romulan, "Romulan Star Empire", "Yes")
    expect(hall).not_to_contain_text("Adopted")
    vote.cast(person("federation"), "United Federation of Planets", "Yes")
    vote.cast(person("klingon"), "Klingon Empire", "No")
    vote.chair_casts("Cardassian Union", "Yes")
    vote.close("Adopted")
    expect(hall).to_contain_text("Adopted")

    gm.goto(road.at("conferences/ajilon/chamber/"))
    main(gm).get_by_role("button", name="Revoke").click()
    expect(wall.get_by_role("heading", level=1)).not_to_contain_text("Ajilon")
    assert wall.goto(link).status == 404
