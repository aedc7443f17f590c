"""The GM's dashboard and the delegate's desk: what waits, for whom it waits, and what neither gives away."""

import re

import pytest

from diplomacy.models import Complaint
from diplomacy.rules.jurisdiction import Verdict
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer.models import Audience, SessionState
from khitomer.rules.dates import StoryDate
from tests import factories

URL = "/c/long-peace/"
pytestmark = pytest.mark.django_db


def rows_of(response) -> list[tuple[str, str]]:
    return [(row.title, row.tag) for row in response.context["rows"]]


@pytest.mark.parametrize(
    ("stage", "tag", "held"),
    [
        (ComplaintStage.ADMITTED, "Put on an agenda", False),
        (ComplaintStage.SCHEDULED, "To be heard", True),
        (ComplaintStage.HEARD, "Put a motion", True),
    ],
)
def test_the_gm_is_asked_for_the_next_step_where_it_is_taken(as_gm, campaign, stage, tag, held):
    complaint = factories.make_complaint(campaign, stage)
    response = as_gm.get(URL)
    [(title, shown)] = rows_of(response)
    assert shown == tag
    assert title == f"No. {complaint.number} · {complaint.complainant} v. {complaint.respondent}"
    where = f"conferences/{complaint.hearing.conference.slug}" if held else f"docket/{complaint.number}"
    assert f'href="{URL}{where}/"' in response.text


@pytest.mark.parametrize(
    ("verdict", "tag"),
    [
        (Verdict.BOUND, "Governed: admit?"),
        (Verdict.IN_DOUBT, "Jurisdiction in doubt"),
        (Verdict.NOT_BOUND, "Not governed: rule"),
    ],
)
def test_a_ruling_to_confirm_says_what_was_found(as_gm, campaign, verdict, tag):
    factories.make_complaint(campaign, ComplaintStage.RULING, verdict=verdict)
    assert [tag] == [shown for _, shown in rows_of(as_gm.get(URL))]


@pytest.mark.parametrize("stage", [ComplaintStage.DRAFT, ComplaintStage.WITHDRAWN, ComplaintStage.BREACH])
def test_what_waits_for_nobody_is_not_on_the_dashboard(as_gm, campaign, stage):
    factories.make_complaint(campaign, stage)
    assert rows_of(as_gm.get(URL)) == []


def test_a_vote_shows_who_has_voted_and_never_what(as_gm, as_federation, campaign):
    conference = factories.make_conference(campaign, 4)
    factories.make_motion(conference, MotionStage.VOTING, ballots={"federation": "no", "klingon": "no"})
    assert [tag for _, tag in rows_of(as_gm.get(URL))] == ["2 of 4 voted"]
    for client in (as_gm, as_federation):
        assert not re.search(r"\b[02] (yes|no|in favour|against)", client.get(URL).text)


def test_a_delegate_finds_the_ballot_to_cast_with_its_choice_so_far(as_federation, as_romulan, campaign):
    conference = factories.make_conference(campaign, 4)
    factories.make_motion(conference, MotionStage.VOTING, ballots={"federation": "no"})
    federation = as_federation.get(URL).text
    assert len(re.findall(r'aria-pressed="true"', federation)) == 1
    assert re.search(r'class="no"[^>]*aria-pressed="true"', federation)
    assert 'aria-pressed="true"' not in as_romulan.get(URL).text


def test_canon_whose_day_has_come_waits_for_the_gm_alone(as_gm, as_federation, campaign):
    campaign.futures.create(canon_key="a", on=StoryDate.parse("2379"), title="A war begins")
    campaign.futures.create(canon_key="b", on=StoryDate.parse("2381"), title="A war ends")
    [(title, tag)] = rows_of(as_gm.get(URL))
    assert (title, tag) == ("Canon to settle", "Settle")
    assert "A war ends" not in as_gm.get(URL).text
    assert "A war begins" not in as_federation.get(URL).text


def test_a_clock_ticks_and_an_item_is_done_without_leaving_the_desk(as_gm, campaign):
    clock = factories.make_clock(campaign, "Breen withdrawal", filled=2)
    session = factories.make_session(campaign, "The hearing", ["Seating"], state=SessionState.IN_PLAY)
    ticked = as_gm.post(f"{URL}clocks/{clock.slug}/tick/", {"by": "1", "from": "desk"})
    done = as_gm.post(f"{URL}sessions/{session.number}/agenda/1/done/", {"from": "desk"})
    assert ticked.url == done.url == URL
    clock.refresh_from_db()
    assert clock.filled == 3
    assert session.agenda.get().done_at is not None


def test_the_gm_reads_what_changed_and_players_that_something_did(as_gm, as_federation, campaign):
    factories.make_clock(campaign, "Breen withdrawal", audience=Audience.GM, slug="breen")
    as_gm.post(f"{URL}clocks/breen/tick/", {"by": "1"})
    assert "Breen withdrawal" in as_gm.get(URL).context["latest"][0].text
    assert as_federation.get(URL).context["latest"] == []


def test_the_gallery_has_no_ballot(as_observer, campaign):
    conference = factories.make_conference(campaign, 4)
    factories.make_motion(conference, MotionStage.VOTING)
    response = as_observer.get(URL)
    assert response.context["ballots"] == []
    assert "File a complaint" not in response.text


def test_an_obligation_is_named_on_both_desks_a_month_ahead(
    as_gm, as_klingon, as_federation, campaign, klingon
):
    resolution = factories.make_resolution(campaign, enacted=True)
    factories.make_obligation(resolution, klingon, due_on=StoryDate.parse("2379-03-20"))
    factories.make_obligation(resolution, klingon, due_on=StoryDate.parse("2379-12-24"))
    assert [tag for _, tag in rows_of(as_gm.get(URL))] == ["Due soon"]
    assert [tag for _, tag in rows_of(as_klingon.get(URL))] == ["Due soon"]
    assert rows_of(as_federation.get(URL)) == []


def test_an_adopted_resolution_waits_to_take_effect(as_gm, campaign):
    factories.make_resolution(campaign)
    assert [tag for _, tag in rows_of(as_gm.get(URL))] == ["Enact"]


def test_a_draft_is_on_its_own_desk_alone(as_gm, as_federation, as_klingon, campaign, federation, klingon):
    factories.make_complaint(
        campaign, ComplaintStage.DRAFT, complainant=federation, respondent=klingon, title="Unsent quarrel"
    )
    assert "Unsent quarrel" in as_federation.get(URL).text
    for client in (as_gm, as_klingon):
        assert "Unsent quarrel" not in client.get(URL).text


def test_a_secret_reaches_the_desk_of_whom_it_was_told(
    as_federation, as_klingon, as_observer, campaign, federation
):
    entry = factories.make_entry(campaign, "Intercept 114-C")
    factories.make_secret(entry, "The post is to be empty.", told=[federation])
    hidden = factories.make_entry(campaign, "Black file", audience=Audience.GM)
    factories.make_secret(hidden, "Nobody reads this.", told=[federation])
    assert "The post is to be empty." in as_federation.get(URL).text
    assert "Nobody reads this." not in as_federation.get(URL).text
    for client in (as_klingon, as_observer):
        assert "The post is to be empty." not in client.get(URL).text


def test_what_the_gm_keeps_leaves_no_trace_on_a_desk(as_federation, campaign):
    factories.make_session(campaign, "The hearing", ["Seating"], state=SessionState.IN_PLAY)
    before = re.sub(r'value="[A-Za-z0-9]{64}"', "", as_federation.get(URL).text)
    factories.make_clock(campaign, "Breen withdrawal", audience=Audience.GM)
    factories.make_entry(campaign, "Black file", audience=Audience.GM)
    item = campaign.sessions.get().agenda.get()
    item.gm_note = "The captain who fired is in the gallery."
    item.save()
    after = re.sub(r'value="[A-Za-z0-9]{64}"', "", as_federation.get(URL).text)
    assert after == before


def test_the_gm_note_of_the_item_in_hand_is_inline_for_the_gm(as_gm, campaign):
    session = factories.make_session(campaign, "The hearing", ["Seating", "Vote"], state=SessionState.IN_PLAY)
    session.agenda.update(gm_note="Ask about the aide.")
    assert as_gm.get(URL).text.count("Ask about the aide.") == 1


@pytest.mark.parametrize(("who", "count"), [("gm", 34), ("federation", 28)])
@pytest.mark.parametrize("rows", [1, 50])
def test_the_queries_of_a_desk_do_not_grow(
    who, count, rows, request, campaign, federation, klingon, django_assert_num_queries
):
    client = request.getfixturevalue(f"as_{who}")
    conference = factories.make_conference(campaign, 4)
    resolution = factories.make_resolution(campaign, factories.make_motion(conference, MotionStage.ADOPTED))
    session = factories.make_session(campaign, state=SessionState.IN_PLAY)
    for number in range(rows):
        factories.make_complaint(campaign, ComplaintStage.RULING, complainant=federation, respondent=klingon)
        factories.make_complaint(campaign, ComplaintStage.DRAFT, complainant=federation, respondent=klingon)
        factories.make_motion(conference, MotionStage.VOTING)
        factories.make_obligation(resolution, federation)
        factories.make_clock(campaign)
        factories.make_secret(factories.make_entry(campaign), told=[federation])
        session.agenda.create(position=number + 1, title="Item")
    factories.make_powers(campaign, rows)
    with django_assert_num_queries(count):
        client.get(URL)
    assert Complaint.objects.count() == 2 * rows


def test_the_page_of_the_date_tells_which_obligations_fall_due(as_gm, campaign, klingon):
    resolution = factories.make_resolution(campaign, enacted=True)
    factories.make_obligation(
        resolution, klingon, text="Return the prisoners", due_on=StoryDate.parse("2379-03-20")
    )
    assert "Return the prisoners" in as_gm.get(f"{URL}date/", {"to": "2379-03-21"}).text
    assert "Return the prisoners" not in as_gm.get(f"{URL}date/", {"to": "2379-03-19"}).text


def test_what_a_resolution_did_is_not_undone_behind_its_back(as_gm, campaign):
    resolution = factories.make_resolution(campaign, enacted=True)
    row = campaign.ledger.get(source=resolution.source)
    response = as_gm.post(f"{URL}ledger/{row.sequence}/undo/", {"why": "A slip", "scope": "one"})
    assert response.status_code == 409
    assert "undone as a whole" in response.text
    assert campaign.ledger.count() == 1


def test_a_page_that_a_player_proposes_waits_on_the_dashboard(as_gm, as_klingon, campaign, klingon):
    by = campaign.memberships.get(power=klingon)
    campaign.proposals.create(by=by, kind=campaign.kinds.get(key="note"), name="My ship", text="Fast.")
    assert ("A page by Kofi", "Approve?") in rows_of(as_gm.get(URL))
    assert "My ship" not in as_klingon.get(URL).text


def test_what_the_scene_in_hand_may_show_is_one_press_away(as_gm, as_klingon, campaign, klingon):
    session = factories.make_session(campaign, "The hearing", ["Seating"], state=SessionState.IN_PLAY)
    event = factories.make_event(campaign, "A quiet handover", audience=Audience.GM)
    scene = session.scenes.create(position=1, title="The bar")
    staged = scene.reveals.create(event=event, audience=Audience.POWERS)
    staged.powers.set([klingon])
    where = f"{URL}sessions/{session.number}/scenes/{scene.pk}/reveals/{staged.pk}/"
    assert where in as_gm.get(URL).text
    assert "The bar" not in as_klingon.get(URL).text
    assert as_gm.post(where, {"from": "desk", "do": "show"}).url == URL
    assert campaign.events.visible_to(factories.viewer_of(campaign, klingon.memberships.get().user)).exists()
    assert where not in as_gm.get(URL).text


def test_a_line_is_noted_and_an_entry_written_without_leaving_the_dashboard(as_gm, campaign):
    session = factories.make_session(campaign, state=SessionState.IN_PLAY)
    sent = {"token": "a", "text": "She blinked", "from": "desk"}
    assert as_gm.post(f"{URL}sessions/{session.number}/log/", sent).url == URL
    assert session.log.get().audience == Audience.GM
    entry = {"token": "b", "name": "Karis Vell", "kind": "person", "text": ""}
    assert as_gm.post(f"{URL}quick-entry/", entry).url == URL
    assert campaign.entries.get(name="Karis Vell").audience == Audience.GM
    again = as_gm.post(f"{URL}quick-entry/", {**entry, "token": "c"})
    assert again.status_code == 422
    assert 'value="Karis Vell"' in again.text


@pytest.mark.parametrize("who", ["gm", "federation"])
def test_a_page_is_arranged_by_whom_it_belongs_to(who, request, as_co_gm, as_klingon, campaign):
    client = request.getfixturevalue(f"as_{who}")
    other = as_co_gm if who == "gm" else as_klingon
    page = "play" if who == "gm" else "desk"
    sent = {"page": page, "panel": "latest", "move": "away"}
    assert client.post(f"{URL}arrange/", sent).status_code == 302
    assert 'id="latest"' not in client.get(URL).text
    assert 'id="latest"' in other.get(URL).text
    assert "Bring back Latest" in client.get(f"{URL}?arrange=1").text
    client.post(f"{URL}arrange/", {"page": page, "move": "usual"})
    assert 'id="latest"' in client.get(URL).text


def test_a_player_has_no_dashboard_to_arrange(as_federation, campaign):
    for page in ("play", "prep"):
        sent = {"page": page, "panel": "latest", "move": "away"}
        assert as_federation.post(f"{URL}arrange/", sent).status_code == 404


def test_the_gm_reads_what_was_disclosed_to_whom_and_players_that_something_was(as_gm, as_klingon, campaign):
    entry = factories.make_entry(campaign, "Pardek", audience=Audience.GM)
    as_gm.post(f"{URL}disclose/entry/{entry.slug}/", {"show": "power:klingon"})
    [line] = as_gm.get(URL).context["latest"]
    assert line.text == f"Pardek was shown to {campaign.powers.get(slug='klingon').name}"
    [told] = as_klingon.get(URL).context["latest"]
    assert told.text == "Something was disclosed" and told.url == line.url


def test_a_secret_shown_together_with_its_page_is_one_line_that_names_both(as_gm, as_klingon, campaign):
    entry = factories.make_entry(campaign, "Pardek", audience=Audience.GM)
    secret = factories.make_secret(entry, "He is watched.", audience=Audience.GM)
    as_gm.post(f"{URL}disclose/secret/{secret.pk}/", {"show-more": "power:klingon"})
    name = campaign.powers.get(slug="klingon").name
    [line] = as_gm.get(URL).context["latest"]
    assert set(line.text.split("; ")) == {
        f"Pardek was shown to {name}",
        f"A secret of Pardek was shown to {name}",
    }
    [told] = as_klingon.get(URL).context["latest"]
    assert told.text == "Something was disclosed"


def test_the_latest_says_what_of_an_evening_changed_and_leads_there(as_gm, as_klingon, campaign):
    session = factories.make_session(campaign, "The hearing", ["Seating"], state=SessionState.IN_PLAY)
    as_gm.post(f"{URL}sessions/{session.number}/agenda/1/done/")
    as_gm.post(f"{URL}sessions/{session.number}/log/", {"token": "t", "text": "A toast", "told": "on"})
    as_klingon.post(
        f"{URL}sessions/{session.number}/dice/",
        {"sort": "notation", "roll-notation": "1d6", "roll-token": "a"},
    )
    lines = {line.text: line.url for line in as_klingon.get(URL).context["latest"]}
    assert lines == {
        "The agenda of session 1 changed": f"{URL}sessions/1/#agenda",
        "Session 1 has a new line in its log": f"{URL}sessions/1/#log",
        "Dice and pools of session 1 were used": f"{URL}sessions/1/dice/",
    }
