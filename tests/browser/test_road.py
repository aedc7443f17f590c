"""One complaint goes all the way: three people, three browsers, one evening."""

from playwright.sync_api import expect

from tests.browser.road import EVENT, TITLE, Road


def test_from_complaint_to_undone_resolution(person, house):
    road = Road("road")
    federation, gm, romulan = person("federation"), person("gm"), person("romulan")
    assert road.standing(federation) == "+2"

    road.draft(federation)
    # It is saved as it is typed: another look at the draft finds it all there.
    expect(federation.get_by_text("Saved at")).to_be_visible()
    expect(federation.get_by_role("main").get_by_text("Governed", exact=True).first).to_be_visible()
    federation.reload()
    expect(federation.get_by_label("Title", exact=True)).to_have_value(TITLE)
    road.attach(federation)
    # Until it is filed it is nobody else's, the GM's neither.
    draft = federation.url
    assert gm.goto(draft).status == 404
    number = road.file(federation)
    exhibit = gm.request.get(road.at(f"docket/{number}/exhibits/A/"))
    assert exhibit.headers["content-type"] == "image/webp"
    assert romulan.request.get(draft).status == 404

    road.admit(gm, number)
    road.convene(gm, "The Ajilon conference")
    road.hear(gm)
    road.move(gm)
    road.open_vote(gm)
    vote = gm.url

    # The parties are recused; the others vote, each for itself, and nothing is counted before the end.
    federation.goto(vote)
    expect(federation.get_by_text("recused").first).to_be_visible()
    expect(federation.get_by_role("button", name="Yes")).to_have_count(0)
    road.vote(romulan, "Romulan Star Empire", "No")
    road.vote(romulan, "Romulan Star Empire", "Yes")
    road.vote_for_unseated(gm, "Cardassian Union")
    federation.goto(vote)
    expect(federation.get_by_role("main")).not_to_contain_text("in favour")
    road.close_vote(gm)
    federation.goto(vote)
    expect(federation.get_by_role("heading", name="Adopted")).to_be_visible()

    road.enact(gm)
    resolution = gm.url
    assert road.standing(federation) == "0"
    federation.goto(road.at("timeline/"))
    expect(federation.get_by_role("main")).to_contain_text(EVENT)
    federation.goto(road.at(f"docket/{number}/"))
    expect(federation.get_by_role("main")).to_contain_text("Finding, done breach")

    # What the table wants to hold.
    gm.goto(resolution + "print/")
    expect(gm.get_by_role("heading", level=1)).to_have_text("Resolution I")
    expect(gm.get_by_role("main")).to_contain_text("Finds")
    for path in (f"{resolution}resolution.pdf", f"{house.address}{road.at(f'docket/{number}/summons.pdf')}"):
        pdf = gm.request.get(path)
        assert pdf.status == 200
        assert pdf.body().startswith(b"%PDF-")

    gm.goto(resolution)
    road.undo(gm)
    assert road.standing(federation) == "+2"
    gm.goto(road.at("ledger/"))
    expect(gm.get_by_role("main")).to_contain_text("The table thought again.")
