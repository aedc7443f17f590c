"""The campaign side, whole: a GM at a tablet and three players on phones, from the first page to the next evening."""

from playwright.sync_api import expect

from tests.browser.gathering import NEXT, Gathering
from tests.browser.playing import SECRET
from tests.browser.preparing import FLEET, PERSON, PHONE, TABLET, TRUTH
from tests.browser.road import Road
from tests.browser.test_keyboard import FOCUS, another_page, enter, press, tab_to

KLINGON = "Klingon Empire"
ALONE, ALL = "Told to your delegation", "Told to the table"


def test_an_evening_of_the_campaign(person):
    table = Gathering(
        Road("gathering"),
        person("gm", **TABLET),
        *(person(who, **PHONE) for who in ("federation", "klingon", "romulan")),
    )

    # What is made ready, and what a player writes.
    table.write_pages()
    table.plan()
    table.set_up_clocks()
    table.make_handout()
    table.paste_names()
    table.stage(PERSON, TRUTH, KLINGON)
    table.stage(FLEET, FLEET, KLINGON)
    table.propose()
    table.approve()

    # In play. What one delegation is shown is nowhere for the others, and nowhere for anybody once it is taken back.
    table.answer()
    table.begin()
    table.read_at_hand()
    table.disclose(SECRET)
    table.knows(table.klingon, ALONE)
    for page in (table.federation, table.romulan):
        table.knows_nothing(page)
    table.believes(table.romulan)
    table.take_back()
    table.knows_nothing(table.klingon)
    table.look_through()
    table.show_to_all()
    for page in (table.federation, table.romulan):
        table.knows(page, ALL)
    table.believes(table.romulan)
    table.note_by_key()
    table.roll()
    table.give_a_name()
    table.disclose(FLEET)
    table.move_clocks()
    table.show_handout()

    # The chronicle, the map and the search.
    table.advance()
    table.undo()
    table.draw_the_map()
    table.compare_standings()
    table.search()

    # The table rises.
    table.close()
    table.tell()
    table.tell_apart()
    table.carry_over()
    table.find_an_evening()
    calendar = table.take_the_calendar()
    assert calendar.startswith("BEGIN:VCALENDAR")
    assert "DTSTART:20261127T193000Z" in calendar
    assert table.road.at(NEXT) in calendar


def test_the_hands_stay_on_the_keys(person):
    """A page jotted down, the evening begun, a line in its log, and the search: without a pointer."""
    page, road = person(None, **TABLET), Road("quick-hands")
    enter(page, "gm")

    page.goto(road.at())
    tab_to(page, "Name", "input")
    page.keyboard.type("Kahlest of the lower town")
    tab_to(page, "Keep it", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Quick note")).to_contain_text("is in the archive, for you alone.")

    page.goto(road.at("sessions/new/"))
    tab_to(page, "Title", "input")
    page.keyboard.type("A short evening")
    with another_page(page):
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A short evening")
    press(page, "Begin the session", "button")
    log = page.get_by_role("region", name="Log")
    page.keyboard.press("l")
    for line in ("Kahlest comes in.", "She wants 1/2 of it all."):
        page.keyboard.type(line)
        page.keyboard.press("Enter")
        expect(log.get_by_role("listitem").filter(has_text=line)).to_be_visible()
        expect(log.get_by_label("A line for the log")).to_be_focused()

    # Out of the line, `/` is the search again; the arrows step to what was found, Escape leaves everything as it was.
    dialog = page.get_by_role("dialog", name="Search")
    tab_to(page, "Note it", "button")
    page.keyboard.press("/")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.evaluate(FOCUS)["name"] == "Note it"
    page.keyboard.press("/")
    page.keyboard.type("kahl")
    expect(dialog.get_by_role("link", name="Kahlest of the lower town")).to_be_visible()
    page.keyboard.press("ArrowDown")
    here = page.evaluate(FOCUS)
    assert here["name"].startswith("Kahlest of the lower town") and here["ring"] and here["inside"]
    with another_page(page):
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kahlest of the lower town")


def test_players_need_no_script(person):
    """What is known and what is not, the answer, the dice and a page of one's own: plain links and forms."""
    plain = {**PHONE, "java_script_enabled": False}
    table = Gathering(
        Road("still-page"),
        person("gm", **TABLET),
        *(person(who, **plain) for who in ("federation", "klingon", "romulan")),
    )
    table.write_pages()
    table.plan()
    table.stage(PERSON, TRUTH, KLINGON)
    table.answer()
    table.begin()
    table.disclose(SECRET)
    table.knows(table.klingon, ALONE)
    table.knows_nothing(table.federation)
    table.believes(table.romulan)
    table.roll()
    table.propose()
    table.approve()


def test_a_player_reads_the_same_without_a_script(person, house):
    with_script, without = (
        person("federation", **PHONE),
        person("federation", **PHONE, java_script_enabled=False),
    )
    for name in (
        "desk",
        "archive",
        "entry",
        "session",
        "sessions",
        "knowledge",
        "handouts",
        "clocks",
        "map",
        "powers",
    ):
        texts = []
        for page in (with_script, without):
            assert page.goto(house.paths[name]).status == 200
            texts.append(page.get_by_role("main").inner_text())
        assert texts[0] == texts[1], name
