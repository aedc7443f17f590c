"""The same road with JavaScript switched off: every step is a plain link or a plain form."""

from playwright.sync_api import expect

from tests.browser.road import TITLE, Road

HANDLE = "⠿"
"""What a pointer drags a row by, which takes a script; the buttons beside it do the same without one."""


def test_the_road_without_a_script(person):
    road = Road("plain", scripted=False)
    plain = {"java_script_enabled": False}
    federation, gm, romulan = (person(who, **plain) for who in ("federation", "gm", "romulan"))

    road.draft(federation)
    federation.get_by_role("button", name="Save", exact=True).click()
    expect(federation.get_by_text("Saved").first).to_be_visible()
    expect(federation.get_by_label("Title", exact=True)).to_have_value(TITLE)
    road.attach(federation)
    number = road.file(federation)

    road.admit(gm, number)
    road.convene(gm, "The plain conference")
    road.hear(gm)
    road.move(gm)
    road.open_vote(gm)
    road.vote(romulan, "Romulan Star Empire")
    road.vote_for_unseated(gm, "Cardassian Union")
    road.close_vote(gm)
    road.enact(gm)
    assert road.standing(federation) == "0"


def test_every_page_reads_the_same(person, house):
    """Nothing is hidden until a script shows it: the page's own text is there without one."""
    with_script, without = person("gm"), person("gm", java_script_enabled=False)
    for name in (
        "desk",
        "docket",
        "complaint",
        "conference",
        "powers",
        "treaty",
        "timeline",
        "archive",
        "clocks",
        "motion",
        "parley",
        "docket-picture",
        "minutes",
        "treaty-charter",
        "complaint-compliance",
    ):
        texts = []
        for page in (with_script, without):
            page.goto(house.paths[name])
            text = page.get_by_role("main").inner_text()
            texts.append(text.replace(f"{HANDLE}\n", ""))
        assert texts[0] == texts[1], name
