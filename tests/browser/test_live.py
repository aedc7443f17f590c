"""The live table: nobody presses reload, nothing typed is lost, and what happened while the line was down arrives."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs

from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, sign_in
from tests.browser.evening import main, press, unfold
from tests.browser.house import LETTER
from tests.browser.preparing import PHONE, field_of, for_everyone

URL = "/c/live-table/"
EVENING, DICE, HALL = "sessions/1/", "sessions/1/dice/", "conferences/ajilon/"
DOWN = "The line is down"
QUARTER = 250
"""Milliseconds by which two screens may differ."""


def open_at(page: Page, where: str = "") -> Page:
    """A page that has begun to hear."""
    with page.expect_response(lambda answer: "/live/" in answer.url):
        page.goto(URL + where)
    return page


@contextmanager
def as_it_is(page: Page) -> Iterator[None]:
    """What follows changes the page, and does not load it."""
    page.evaluate("window.asItIs = true")
    yield
    assert page.evaluate("window.asItIs === true"), "The page was loaded anew."


def until(page: Page, condition: str) -> None:
    """Wait for something that only a script can tell. (The policy forbids the browser driver's own way of waiting.)"""
    give_up = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(condition):
        assert time.monotonic() < give_up, condition
        page.wait_for_timeout(20)


def write_roll(page: Page, dice: str) -> None:
    unfold(page, "Other dice")
    page.get_by_role("textbox", name="Dice").fill(dice)
    page.get_by_role("button", name="Roll", exact=True).click()


def roll(page: Page, dice: str) -> None:
    write_roll(page, dice)
    expect(page.get_by_role("list", name="The latest rolls")).to_contain_text(dice)


def test_what_is_typed_survives_ten_changes_of_the_page_around_it(person):
    gm, klingon = open_at(person("gm")), open_at(person("klingon", **PHONE), DICE)
    gm.evaluate(
        """() => { window.changes = 0;
          document.addEventListener("htmx:after:swap", (event) => {
            if (event.detail.ctx.target.id === "main") window.changes += 1; }) }"""
    )
    with as_it_is(gm):
        text = main(gm).get_by_label("A line about it")
        text.click()
        text.press_sequentially("Koord spoke first.")
        for _ in range(6):
            text.press("ArrowLeft")
        for number in range(10):
            seen = gm.evaluate("window.changes")
            roll(klingon, f"{number + 1}d6")
            until(gm, f"window.changes > {seen}")
            text.press("x")
        expect(text).to_have_value(f"Koord spoke {'x' * 10}first.")
        expect(gm.get_by_role("region", name="Latest")).to_contain_text(
            "Dice and pools of session 1 were used"
        )


def test_what_is_shown_to_somebody_arrives_as_a_card_and_goes_when_it_is_taken_back(person):
    gm, klingon, romulan = person("gm"), person("klingon", **PHONE), person("romulan", **PHONE)
    open_at(klingon)
    open_at(romulan)
    open_at(gm, "disclose/handout/a-letter-under-seal/")
    card = klingon.locator("#arrivals").get_by_role("link", name=LETTER)
    take_back = main(gm).get_by_role("button", name=re.compile("^Take .* back from")).first
    with as_it_is(klingon), as_it_is(romulan):
        press(gm, "KLI")
        expect(card).to_be_visible()
        expect(klingon.get_by_role("region", name="Disclosed to you")).to_contain_text(LETTER)
        take_back.click()
        expect(klingon.locator("body")).not_to_contain_text(LETTER)
        press(gm, "KLI")
        klingon.get_by_role("button", name=f"Dismiss {LETTER}").click()
        expect(card).to_have_count(0)
        expect(romulan.locator("body")).not_to_contain_text(LETTER)
    open_at(klingon, "handouts/")
    expect(main(klingon)).to_contain_text(LETTER)
    with as_it_is(klingon):
        take_back.click()
        expect(main(klingon)).not_to_contain_text(LETTER)


def test_a_pack_is_seen_to_grow(person, watch):
    """It is heard: what the page asks for from time to time comes to nothing here."""
    watch.forgiven = ("Failed to fetch",)
    gm = person("gm")
    gm.route(
        "**/packs/",
        lambda route: route.abort() if "hx-request" in route.request.headers else route.continue_(),
    )
    open_at(gm, "packs/")
    with as_it_is(gm):
        asks = gm.context.new_page()
        asks.goto(URL + HALL + "pack/")
        for other in main(asks).get_by_role("group", name="For whom").get_by_role("checkbox").all()[1:]:
            other.uncheck()
        press(asks, "Make the packs")
        expect(main(asks).get_by_role("listitem").first).to_be_visible()
        asks.close()
        row = main(gm).get_by_role("listitem").filter(has_text="The Ajilon conference, for")
        expect(row).to_be_visible()
        expect(row.get_by_role("link", name="PDF")).to_be_visible(timeout=4 * PATIENCE)


def test_what_somebody_chose_of_a_page_is_what_they_get_when_it_changes(person):
    """The year of the map and the words of the filter hold for what comes in by itself, too."""
    gm, romulan = person("gm"), person("romulan")

    def draw(name: str) -> None:
        gm.goto(URL + "territory/new/")
        field_of(main(gm), "Name").fill(name)
        field_of(main(gm), "Held by").select_option(label="Klingon Empire")
        press(gm, "Add it")
        expect(main(gm)).to_contain_text(name)

    def write(name: str) -> None:
        gm.goto(URL + "archive/new/")
        field_of(main(gm), "Name").fill(name)
        for_everyone(gm)
        press(gm, "Write it")
        expect(gm.get_by_role("heading", level=1)).to_have_text(name)

    draw("The Ajilon sector")
    gm.goto(URL + "map/")
    main(gm).get_by_role("link", name="The Ajilon sector").click()
    field_of(main(gm), "Passes to").select_option(label="United Federation of Planets")
    field_of(main(gm), "On").fill("2379-01")
    press(gm, "Move it")
    expect(main(gm)).to_contain_text("The Ajilon sector")
    open_at(romulan, "map/")
    then = main(romulan).get_by_role("region", name="The sector map as of 2293")
    with as_it_is(romulan):
        main(romulan).get_by_role("slider", name="Year").fill("2293")
        expect(then).to_be_visible()
        draw("The Narendra sector")
        expect(main(romulan).get_by_role("row", name="The Narendra sector")).to_be_visible()
        expect(then).to_be_visible()

    open_at(romulan, "archive/")
    with as_it_is(romulan):
        main(romulan).get_by_label("Name has in it").press_sequentially("korv")
        expect(main(romulan)).to_contain_text("Nothing")
        write("The ferry of Tranome Sar")
        write("The Korvat relay")
        expect(main(romulan).get_by_role("link", name="The Korvat relay")).to_be_visible()
        expect(main(romulan)).not_to_contain_text("Tranome Sar")


def test_what_a_page_asks_for_by_itself_and_does_not_get_leaves_what_stands_there(person):
    """The floor asks every four seconds, and the count of notices at once: of a server that stumbles they show nothing."""
    gm = person("gm")
    for asked in ("**/notices/", "**/floor/?seen=*"):
        gm.route(asked, lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    for asked in ("/notices/", "/floor/?seen="):
        with gm.expect_response(lambda answer, asked=asked: asked in answer.url):
            gm.goto(URL + HALL)
    gm.wait_for_timeout(200)
    expect(gm.locator("#notices")).to_have_text("Notices")
    expect(gm.locator("#floor")).to_be_visible()
    expect(gm.get_by_text("Bad gateway")).to_have_count(0)
    gm.unroute_all()
    with gm.expect_response(lambda answer: "/floor/?seen=" in answer.url and answer.status < 400):
        pass  # it asks again


def test_what_is_not_taken_is_said_beside_what_was_sent_and_nothing_typed_is_lost(person):
    """A server that stumbles, a session that has ended, a form from before one signed in anew."""
    page = person(None)
    sign_in(page, "romulan")
    open_at(page, DICE)
    said = page.get_by_role("alert")
    page.route("**/dice/", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    write_roll(page, "7d4")
    expect(said).to_contain_text("the server did not answer as it should")
    page.unroute_all()

    page.context.clear_cookies()
    press(page, "Roll")
    expect(said).to_contain_text("you are signed out")
    other = page.context.new_page()
    sign_in(other, "romulan")
    expect(said).to_contain_text("you are signed out")
    press(page, "Roll")
    expect(said).to_contain_text("signed in anew")
    expect(page.get_by_role("textbox", name="Dice")).to_have_value("7d4")
    press(page, "Roll")
    expect(page.get_by_role("list", name="The latest rolls")).to_contain_text("7d4")
    expect(said).to_have_count(0)


def test_two_things_that_are_moved_by_key_one_after_the_other_are_both_kept(person):
    gm = person("gm")
    gm.goto(URL + "map/")
    kept: list[str] = []
    gm.on("request", lambda sent: kept.append(sent.post_data or "") if "/map/place/" in sent.url else None)
    things = []
    for handle in (gm.locator(".map-handle").first, gm.locator(".map-handle").last):
        things.append(handle.get_attribute("data-thing"))
        handle.focus()
        gm.keyboard.press("ArrowRight")
    give_up = time.monotonic() + PATIENCE / 1000
    while len(kept) < 2 and time.monotonic() < give_up:
        gm.wait_for_timeout(50)
    assert [parse_qs(sent)["thing"] for sent in kept] == [[thing] for thing in things]


def test_whom_to_show_a_thing_to_is_chosen_while_another_goes_on(person):
    """The buttons that somebody opened stay under their hand, and say what is so by now."""
    gm, other = person("gm"), person("co_gm")
    for name in ("The first clock", "The second clock"):
        other.goto(URL + "clocks/new/")
        field_of(main(other), "Name").fill(name)
        press(other, "Start the clock")
        expect(main(other)).to_contain_text(name)
    open_at(gm, "clocks/")
    with as_it_is(gm):
        first = gm.get_by_role("form", name="Who knows of The first clock")
        first.get_by_text("Show to…").click()
        expect(first.get_by_role("button", name="Everyone", exact=True)).to_be_visible()
        other.goto(URL + "clocks/")
        press(other, "Tick The second clock on by one")
        expect(main(gm).get_by_role("listitem").filter(has_text="The second clock")).to_contain_text("1 of")
        first.get_by_role("button", name="Everyone", exact=True).click()
        expect(first.get_by_role("button", name="Take The first clock back from Everyone")).to_be_visible()


def test_a_draft_that_could_not_be_kept_says_so_and_is_kept_once_it_can_be(person, watch):
    watch.forgiven = ("Failed to fetch",)
    page = person("klingon", **PHONE)
    page.goto(URL + "docket/file/")
    press(page, "Begin a draft")
    page.wait_for_url("**/drafts/**")
    statement = field_of(main(page), "Statement")
    saved = main(page).locator(".saved")
    page.context.set_offline(True)
    statement.press_sequentially("They came by night.")
    expect(saved).to_contain_text("Not saved yet")
    page.context.set_offline(False)
    expect(saved).to_contain_text("Saved at")
    page.reload()
    expect(statement).to_have_value("They came by night.")


def test_a_parley_goes_on_while_the_other_side_writes(person, house):
    romulan, federation = person("romulan"), person("federation", **PHONE)
    for page in (romulan, federation):
        with page.expect_response(lambda answer: "/live/" in answer.url):
            page.goto(house.paths["parley"])
    with as_it_is(romulan):
        mine, theirs = (page.get_by_role("region", name="Say something") for page in (romulan, federation))
        mine.get_by_role("textbox").fill("Half a sen")
        theirs.get_by_role("textbox").fill("We could live with three.")
        theirs.get_by_role("button", name="Say it").click()
        expect(main(romulan)).to_contain_text("We could live with three.")
        expect(mine.get_by_role("textbox")).to_have_value("Half a sen")


def test_two_forms_that_wait_for_the_line_are_both_sent(person):
    klingon = open_at(person("klingon", **PHONE), DICE)
    klingon.context.set_offline(True)
    expect(klingon.get_by_text(DOWN)).to_be_visible()
    write_roll(klingon, "5d4")
    klingon.get_by_role("button", name="Roll the task").click()
    expect(klingon.get_by_text("Not sent yet")).to_have_count(2)
    klingon.context.set_offline(False)
    rolls = klingon.get_by_role("list", name="The latest rolls")
    expect(rolls).to_contain_text("5d4")
    expect(rolls).to_contain_text("2d20")


def test_whoever_was_in_a_tunnel_sends_what_they_wrote_and_catches_up(person):
    gm, klingon, romulan = person("gm"), person("klingon", **PHONE), person("romulan", **PHONE)
    open_at(klingon, DICE)
    open_at(romulan, EVENING)
    open_at(gm, EVENING)
    klingon.context.set_offline(True)
    expect(klingon.get_by_text(DOWN)).to_be_visible()
    with as_it_is(klingon), as_it_is(romulan):
        write_roll(klingon, "4d4")
        expect(klingon.get_by_text("Not sent yet")).to_be_visible()
        gm.locator("[data-log]").fill("A toast to the dead.")
        gm.get_by_label("For the table").check()
        gm.locator("[data-log]").press("Enter")
        for page in (gm, romulan):
            expect(main(page)).to_contain_text("A toast to the dead.")
        klingon.context.set_offline(False)
        expect(klingon.get_by_role("list", name="The latest rolls")).to_contain_text("4d4")
        expect(klingon.get_by_text(DOWN)).to_have_count(0)
    expect(main(gm)).to_contain_text("4d4")


def test_the_clock_of_a_sitting_agrees_on_all_screens(person):
    for_clock = (
        """() => document.addEventListener("live:time", (event) => { window.offset = event.detail.offset })"""
    )
    an_hour_fast = "() => { const now = Date.now; Date.now = () => now() + 3_600_000 }"
    pages = [person("gm"), person("klingon", **PHONE), person("romulan")]
    pages[1].add_init_script(f"({an_hour_fast})()")
    for page in pages:
        page.add_init_script(f"({for_clock})()")
        open_at(page, HALL)
    gm = pages[0]
    with as_it_is(pages[1]), as_it_is(pages[2]):
        start_clock(gm)
        for page in pages:
            expect(page.get_by_role("timer")).to_be_visible()
            until(page, "window.offset !== undefined")
        ends = [
            page.evaluate(
                """() => Number(document.querySelector("[data-until]").dataset.until)
                    - window.offset + performance.timeOrigin"""
            )
            for page in pages
        ]
        assert max(ends) - min(ends) < QUARTER


def test_whoever_signed_out_elsewhere_is_let_out_here(person):
    page = person(None)
    sign_in(page, "romulan")  # a session of its own: the others' go on
    open_at(page)
    with page.context.expect_page() as opened:
        page.evaluate("window.open('/account/')")
    other = opened.value
    other.get_by_role("button", name="Sign out").first.click()
    page.bring_to_front()
    page.wait_for_url("**/sign-in/**")


def start_clock(gm: Page) -> None:
    main(gm).locator("summary", has_text="clock").first.click()
    press(gm, "Start")


def test_how_many_are_here_is_seen_as_they_come(person):
    gm, klingon = person("gm"), person("klingon", **PHONE)
    open_at(gm)
    with as_it_is(gm):
        open_at(klingon)
        expect(gm.locator("#here [title*='Kofi']")).to_be_visible()
