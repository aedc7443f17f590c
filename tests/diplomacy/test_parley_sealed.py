"""A phrase planted in a parley is found by its parties and the GM, and by nobody else anywhere; nor is a trace of it."""

import re
from io import BytesIO

import pytest
from PIL import Image

from diplomacy.actions import complaints, drafts, motions, parleys
from diplomacy.models import Joinder, JoinderRole
from diplomacy.rules.procedure import ComplaintStage
from khitomer.errors import Refused
from khitomer.models import Activity, Membership, Role, User
from khitomer.rules.dates import StoryDate
from tests import factories
from tests.conftest import signed_in
from tests.factories import NOW
from tests.parley_rows import make_message, make_offer
from tests.test_access_matrix import shape
from tests.world import Table, as_if_not_done, routes

CANARIES = {
    "message": "a magpie nests in the message",
    "note": "a magpie nests in the note",
    "terms": "a magpie nests in the terms",
    "counter": "a magpie nests in the counter-offer",
    "event": "a magpie nests in the event",
    "owed": "a magpie nests in the obligation",
}
OUTSIDE = ("anonymous", "outsider", "observer", "klingon")
"""Everybody at the rich campaign's table who is no party to the parley of the Federation and the Romulans."""


TOKEN = re.compile(rb'name="[\w-]*token" value="[^"]+"|(?:DTSTAMP|SEQUENCE):[^\r\n]+')
"""Each form is handed out under a name of its own, and a calendar says when it was made."""


def plant(complaint, *, accept: bool = False) -> None:
    """Talk, note, offer and counter through the actions, leaving a canary in each."""
    campaign = complaint.campaign
    player = {
        member.power.slug: member.user
        for member in Membership.objects.filter(campaign=campaign, role=Role.PLAYER).select_related(
            "power", "user"
        )
    }
    gm = campaign.memberships.get(role=Role.GM).user
    one, other = complaint.complainant, complaint.respondent
    here = {"complaint": complaint, "now": NOW}
    parleys.say(power=other, text=CANARIES["message"], by=player[other.slug], **here)
    parleys.note_meeting(text=CANARIES["note"], by=gm, **here)
    offer = parleys.make_offer(
        power=one,
        terms=CANARIES["terms"],
        effects=[
            {"kind": "event", "title": CANARIES["event"]},
            {"kind": "obligation", "power": other.slug, "text": CANARIES["owed"], "due_on": "2379-03-20"},
        ],
        lapses_on=factories.TODAY,
        by=player[one.slug],
        **here,
    )
    parleys.make_offer(power=other, terms=CANARIES["counter"], answers=offer, by=player[other.slug], **here)
    if accept:
        plain = parleys.make_offer(power=one, terms="They part in peace.", by=player[one.slug], **here)
        parleys.accept(offer=plain, power=other, by=player[other.slug], now=NOW)


def addresses(table: Table, *numbers: int) -> list[str]:
    """Every address of the world; those of a complaint also with these numbers."""
    found = []
    for route in routes():
        instead = [{"number": number} for number in numbers] if "docket/<int:number>/" in route.path else []
        for values in ({}, *instead):
            if None not in {**table.world.addresses[route.name], **values}.values():
                found.append(table.world.url(route.name, **values))
    assert len(found) > 100
    return found


def pages(table: Table, role: str, urls: list[str]) -> dict[str, str]:
    """What a role is given at each address, by GET; on the docket also by an empty POST."""
    client, found = table.clients[role], {}
    for url in urls:
        for method in ("get", "post") if "/docket/" in url else ("get",):
            with as_if_not_done(client):
                response = getattr(client, method)(url)
                body = b"".join(response) if response.streaming else response.content
            found[f"{method} {url}"] = body.decode("utf-8", "replace") + str(response.headers)
    return found


def complaint_of(table: Table):
    """A complaint in the time-limits of its parley, which waits for the respondent's answer."""
    campaign = table.world.campaign
    due = {"answer_due": StoryDate.parse("2379-03-20"), "parley_due": StoryDate.parse("2379-04-10")}
    respondent = campaign.powers.get(slug="romulan")
    return factories.make_complaint(campaign, ComplaintStage.PARLEY, respondent=respondent, **due)


@pytest.mark.parametrize("accept", [False, True], ids=["open", "settled"])
def test_only_the_parties_and_the_gm_find_it(table, accept):
    complaint = complaint_of(table)
    plant(complaint, accept=accept)
    urls = addresses(table, complaint.number)

    for role in OUTSIDE:
        for address, text in pages(table, role, urls).items():
            assert "magpie" not in text, f"{role}: {address}"
    inside = [table.world.url(name, number=complaint.number) for name in ("parley", "complaint")]
    for role in ("federation", "gm", "co_gm"):
        text = " ".join(pages(table, role, inside).values())
        assert not [where for where, canary in CANARIES.items() if canary not in text], role


@pytest.mark.parametrize("role", ["observer", "klingon"])
def test_a_parley_leaves_no_trace(table, role):
    """Every page is to the byte what it was before: no count, no line, no gap, no date."""
    complaint = complaint_of(table)
    urls = addresses(table, complaint.number)
    client = table.clients[role]

    def seen():
        found = {}
        for url in urls:
            if url.endswith(".pdf"):
                continue  # made of the page beside it, with the second in which it was made
            with as_if_not_done(client):
                status, headers, body = shape(client.get(url))
            found[url] = status, headers, TOKEN.sub(b"", body)
        return found

    before = seen()
    plant(complaint)
    after = seen()
    assert [url for url in urls if before.get(url) != after.get(url)] == []


def test_no_row_of_activity_is_anyone_elses(table):
    complaint = complaint_of(table)
    last = Activity.objects.latest("pk").pk
    plant(complaint)
    rows = Activity.objects.filter(pk__gt=last)
    assert rows.exists()
    for username, sees in (("federation", True), ("romulan", True), ("klingon", False), ("observer", False)):
        viewer = factories.viewer_of(complaint.campaign, User.objects.get(username=username))
        assert rows.visible_to(viewer).exists() == sees, username


def test_a_third_party_finds_nothing(table):
    complaint = complaint_of(table)
    klingon = complaint.campaign.powers.get(slug="klingon")
    Joinder.objects.create(complaint=complaint, power=klingon, role=JoinderRole.THIRD_PARTY, at=NOW)
    plant(complaint)
    urls = addresses(table, complaint.number)
    assert not [where for where, text in pages(table, "klingon", urls).items() if "magpie" in text]


def test_it_is_the_delegations_who_joins_it_reads_it_who_leaves_it_does_not(
    campaign, federation, federation_player
):
    complaint = factories.make_complaint(campaign)
    make_message(complaint, federation, CANARIES["message"])
    url = f"/c/{campaign.slug}/docket/{complaint.number}/parley/"
    later = factories.make_user("later")
    membership = factories.join(campaign, later, Role.PLAYER, federation)
    assert CANARIES["message"] in signed_in(later).get(url).content.decode()

    membership.delete()
    campaign.memberships.get(user=federation_player).delete()
    for user in (later, federation_player):
        response = signed_in(user).get(url)
        assert response.status_code == 404
        assert CANARIES["message"] not in response.content.decode()


def test_an_offer_of_another_parley_is_not_found_by_its_number(table):
    """The numbers of offers run in each parley; one's own complaint is no key to another's."""
    own = factories.make_complaint(table.world.campaign)
    hidden = complaint_of(table)
    make_offer(hidden, hidden.complainant, CANARIES["terms"])
    url = table.world.url("offer-accept", number=own.number, offer=1)
    assert table.clients["klingon"].get(url).status_code == 404


# Quoting

SAID = "We would hand over the forty prisoners of Ajilon before the feast of Kahless"


@pytest.fixture
def talked(campaign, klingon):
    complaint = factories.make_complaint(campaign)
    make_message(complaint, klingon, SAID)
    return complaint


def test_a_supplement_does_not_quote_it(talked, federation, federation_player, klingon, klingon_player):
    for power, player in ((federation, federation_player), (klingon, klingon_player)):
        with pytest.raises(Refused, match="nothing may quote") as refused:
            complaints.supplement(
                complaint=talked, power=power, text=f"They said: {SAID.upper()}!", by=player, now=NOW
            )
        assert refused.value.field == "text"
    assert not talked.supplements.exists()
    complaints.supplement(
        complaint=talked, power=federation, text="They owe us forty.", by=federation_player, now=NOW
    )


def test_whoever_heard_nothing_learns_nothing_by_trying(talked, romulan, romulan_player):
    Joinder.objects.create(complaint=talked, power=romulan, role=JoinderRole.THIRD_PARTY, at=NOW)
    added = complaints.supplement(complaint=talked, power=romulan, text=SAID, by=romulan_player, now=NOW)
    assert added.text == SAID


def test_a_statement_filed_again_does_not_quote_it(talked, federation_player):
    talked.stage = ComplaintStage.RETURNED
    talked.save()
    with pytest.raises(Refused, match="nothing may quote") as refused:
        drafts.save_draft(complaint=talked, by=federation_player, statement=f"Listen: {SAID}.")
    assert refused.value.field == "statement"
    drafts.save_draft(complaint=talked, by=federation_player, statement=talked.statement, title="Prisoners")


def test_nor_does_the_title_of_an_exhibit(talked, federation_player):
    picture = BytesIO()
    Image.new("RGB", (32, 24), "#7fb2ff").save(picture, "PNG")
    talked.stage = ComplaintStage.RETURNED
    talked.save()
    with pytest.raises(Refused, match="nothing may quote") as refused:
        drafts.add_exhibit(
            complaint=talked,
            title=SAID[:79],
            data=picture.getvalue(),
            name="said.webp",
            by=federation_player,
            now=NOW,
        )
    assert refused.value.field == "title"


def test_nor_a_clause_of_a_partys_motion(campaign, federation, federation_player, klingon, gm):
    conference = factories.make_conference(campaign)
    complaint = factories.make_complaint(campaign, ComplaintStage.HEARD, conference=conference)
    make_offer(complaint, klingon, SAID)
    clause = motions.ClauseText(kind="operative", phrase="Notes", text=f"that {SAID}")
    given = {"conference": conference, "title": "On it", "clauses": [clause], "now": NOW}
    seat = conference.seats.get(power=federation)
    with pytest.raises(Refused, match="nothing may quote") as refused:
        motions.draft_motion(sponsor=seat, by=federation_player, **given)
    assert refused.value.field == "clauses"
    other = conference.seats.get(power__slug="cardassian")
    assert motions.draft_motion(sponsor=other, by=gm, **given).clauses.get().text == clause.text


def test_the_accepted_terms_are_public_and_may_be_quoted(
    campaign, federation, klingon, federation_player, klingon_player
):
    complaint = factories.make_complaint(campaign)
    offer = make_offer(complaint, klingon, SAID)
    parleys.accept(offer=offer, power=federation, by=federation_player, now=NOW)
    another = factories.make_complaint(campaign)
    complaints.supplement(complaint=another, power=federation, text=SAID, by=federation_player, now=NOW)
