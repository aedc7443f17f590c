"""Pages that players write: theirs and the GM's until they are approved, and telling nothing of what is hidden."""

import pytest
from django.urls import reverse

from khitomer.actions import archive, bin, campaigns, proposals
from khitomer.errors import Refused
from khitomer.models import Activity, Audience, Campaign, Entry, Proposal, ProposalState, Role, User
from khitomer.rules.dates import StoryDate
from tests import factories
from tests.factories import NOW
from tests.khitomer.test_ledger_races import together


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def sent(**given):
    return {"token": "t", "name": "A letter home", "kind": "document", "text": "Dear *all*.", **given}


@pytest.fixture
def author(campaign):
    return campaign.memberships.get(power__slug="klingon")


@pytest.fixture
def letter(author):
    return proposals.propose(by=author, kind="document", name="A letter home", text="Dear *all*.", now=NOW)


@pytest.fixture
def own_page(campaign, author):
    """A page that the Klingon wrote and everyone reads."""
    return factories.make_entry(campaign, "My ship", text="A bird of prey.", written_by=author)


def approving(client, proposal, **given):
    form = client.get(url("proposal", token=proposal.token)).context["approve"]
    data = {name: form[name].value() for name in form.fields if name not in ("powers", "persons")}
    data = {name: value for name, value in data.items() if value is not None}
    return client.post(url("proposal-approve", token=proposal.token), data | given)


# Writing


def test_a_player_writes_a_page_once_however_often_it_is_sent(campaign, as_klingon, author):
    for _ in range(2):
        answer = as_klingon.post(url("proposal-new"), sent())
    row = Proposal.objects.get()
    assert answer.url == url("proposal", token=row.token)
    assert (row.by, row.kind.key, row.text_html, row.state) == (
        author,
        "document",
        "<p>Dear <em>all</em>.</p>\n",
        ProposalState.OPEN,
    )
    assert not Entry.objects.exists()
    assert [(each.kind, each.audience) for each in Activity.objects.all()] == [("proposed", Audience.GM)]


@pytest.mark.parametrize("who", ["as_romulan", "as_observer", "as_outsider"])
def test_nobody_else_finds_it(request, letter, who):
    client = request.getfixturevalue(who)
    for name in ("proposal", "proposal-edit"):
        assert client.get(url(name, token=letter.token)).status_code == 404
    for name in ("proposal-edit", "proposal-withdraw", "proposal-approve", "proposal-return"):
        assert client.post(url(name, token=letter.token), sent()).status_code == 404
    if who != "as_outsider":
        assert "A letter home" not in client.get(url("proposals")).content.decode()
    assert Proposal.objects.get().state == ProposalState.OPEN


def test_its_author_approves_nothing(as_klingon, letter):
    assert as_klingon.post(url("proposal-approve", token=letter.token), sent()).status_code == 404
    page = as_klingon.get(url("proposal", token=letter.token)).content.decode()
    assert "Waits for the GM" in page and "Approve" not in page


@pytest.mark.parametrize("taken", ["hidden", "in the bin", "seen", None])
def test_a_name_that_is_taken_tells_its_author_nothing(campaign, gm, as_klingon, taken):
    if taken:
        audience = Audience.ALL if taken == "seen" else Audience.GM
        row = factories.make_entry(campaign, "A letter home", audience=audience)
        if taken == "in the bin":
            bin.throw_away(thing=row, by=gm, now=NOW)
    answer = as_klingon.post(url("proposal-new"), sent(), follow=True)
    assert answer.status_code == 200 and "Waits for the GM" in answer.content.decode()
    assert answer.redirect_chain == [(url("proposal", token=Proposal.objects.get().token), 302)]
    edited = as_klingon.post(url("proposal-edit", token=Proposal.objects.get().token), sent(text="Again."))
    assert edited.status_code == 302


def test_a_kind_of_the_gms_own_is_not_offered_to_those_who_see_none_of_it(campaign, as_klingon, klingon):
    cult = campaign.kinds.create(key="cult", name="Cult", plural="Cults")
    factories.make_entry(campaign, "The cult", kind=cult, audience=Audience.GM)
    assert "Cult" not in as_klingon.get(url("proposal-new")).content.decode()
    assert as_klingon.post(url("proposal-new"), sent(kind="cult")).status_code == 422
    factories.make_entry(campaign, "Another cult", kind=cult, told=[klingon])
    assert as_klingon.post(url("proposal-new"), sent(kind="cult")).status_code == 302


def test_at_most_twenty_wait(as_klingon, author):
    for n in range(proposals.MOST_OPEN):
        proposals.propose(by=author, kind="note", name=f"Page {n}", text="x", now=NOW)
    answer = as_klingon.post(url("proposal-new"), sent())
    assert answer.status_code == 422 and "wait for the GM already" in answer.content.decode()
    proposals.withdraw(proposal=Proposal.objects.first())
    assert as_klingon.post(url("proposal-new"), sent(token="u")).status_code == 302
    assert Proposal.objects.count() == proposals.MOST_OPEN


def test_it_is_edited_and_taken_back_while_it_waits(as_klingon, letter):
    as_klingon.post(url("proposal-edit", token=letter.token), sent(text="Dear you."))
    letter.refresh_from_db()
    assert letter.text_html == "<p>Dear you.</p>\n"
    as_klingon.post(url("proposal-withdraw", token=letter.token))
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("who", ["as_gm", "as_co_gm"])
def test_the_gm_proposes_nothing(request, letter, who):
    client = request.getfixturevalue(who)
    assert client.get(url("proposal-new")).status_code == 404
    assert client.post(url("proposal-edit", token=letter.token), sent()).status_code == 404
    assert client.post(url("proposal-withdraw", token=letter.token)).status_code == 404


@pytest.mark.parametrize(
    ("who", "says"),
    [("as_gm", "Players write pages"), ("as_klingon", "what your ship saw"), ("as_observer", "Write a page")],
)
def test_an_empty_list_says_what_comes_next(campaign, request, who, says):
    assert says in request.getfixturevalue(who).get(url("proposals")).content.decode()


@pytest.mark.parametrize("who", ["as_gm", "as_klingon"])
@pytest.mark.parametrize("number", [1, 15])
def test_the_list_takes_the_same_queries_for_any_number(
    campaign, author, request, who, number, django_assert_num_queries
):
    client = request.getfixturevalue(who)
    for n in range(number):
        proposals.propose(by=author, kind="note", name=f"Page {n}", text="x", now=NOW)
    with django_assert_num_queries({"as_gm": 7, "as_klingon": 7}[who]):
        client.get(url("proposals"))


# Approving and returning


def test_approved_it_is_a_page_of_its_author(as_gm, as_klingon, as_romulan, letter, author, klingon_player):
    answer = approving(as_gm, letter, persons=[author.pk])
    assert answer.url == url("entry", entry="a-letter-home")
    entry, row = Entry.objects.get(), Proposal.objects.get()
    assert (entry.written_by, list(entry.persons.all()), row.state, row.entry) == (
        author,
        [author],
        ProposalState.APPROVED,
        entry,
    )
    page = as_klingon.get(url("entry", entry="a-letter-home")).content.decode()
    assert "Propose a rewriting" in page
    assert as_romulan.get(url("entry", entry="a-letter-home")).status_code == 404
    viewer = factories.viewer_of(entry.campaign, klingon_player)
    assert "taken up" in [each.kind for each in Activity.objects.visible_to(viewer)]


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ({"audience": "gm"}, False),
        ({"audience": "powers", "powers": ["romulan"]}, False),
        ({"audience": "powers", "powers": ["klingon", "romulan"]}, True),
        ({"audience": "all"}, True),
    ],
)
def test_its_author_is_not_left_out(campaign, as_gm, letter, given, allowed):
    named = [power.pk for power in campaign.powers.filter(slug__in=given.get("powers", []))]
    answer = approving(as_gm, letter, audience=given["audience"], powers=named)
    assert answer.status_code == (302 if allowed else 422)
    assert Entry.objects.exists() is allowed
    if not allowed:
        assert "could not see the page" in str(answer.context["approve"].errors["audience"])


def test_a_taken_name_is_told_to_the_gm_who_chooses_another(campaign, as_gm, as_klingon, letter, author):
    factories.make_entry(campaign, "A letter home", audience=Audience.GM)
    answer = approving(as_gm, letter, persons=[author.pk])
    assert answer.status_code == 422
    assert "at that address already" in str(answer.context["approve"].errors["name"])
    letter.refresh_from_db()
    assert letter.state == ProposalState.OPEN
    approving(as_gm, letter, name="A second letter", persons=[author.pk])
    assert Entry.objects.get(slug="a-second-letter").text == "Dear *all*."


def test_returned_it_says_why_and_may_be_written_anew(as_gm, as_klingon, letter, klingon_player):
    as_gm.post(url("proposal-return", token=letter.token), {"answer": "Too long."})
    assert "Too long." in as_klingon.get(url("proposals")).content.decode()
    assert "Too long." in as_klingon.get(url("proposal", token=letter.token)).content.decode()
    viewer = factories.viewer_of(letter.campaign, klingon_player)
    assert [each.kind for each in Activity.objects.visible_to(viewer)] == ["sent back"]
    as_klingon.post(url("proposal-edit", token=letter.token), sent(text="Short."))
    letter.refresh_from_db()
    assert (letter.state, letter.answer, letter.text) == (ProposalState.OPEN, "", "Short.")


def test_a_return_needs_an_answer(as_gm, letter):
    answer = as_gm.post(url("proposal-return", token=letter.token), {"answer": " "})
    assert answer.status_code == 422 and "needed" in str(answer.context["answer"].errors["answer"])


def test_what_was_changed_since_the_gm_read_it_is_not_approved_unread(as_gm, letter, author):
    form = as_gm.get(url("proposal", token=letter.token)).context["approve"]
    read = form["read"].value()
    proposals.edit(
        proposal=letter, kind="note", name="Other", text="Rude.", now=factories.datetime.now(factories.UTC)
    )
    given = {"token": "t", "name": "A letter", "audience": "all", "read": read}
    answer = as_gm.post(url("proposal-approve", token=letter.token), given)
    assert answer.status_code == 422 and "wrote it anew meanwhile" in answer.content.decode()
    assert not Entry.objects.exists()


def test_what_is_settled_stays_so(gm, letter):
    given = {"proposal": letter, "by": gm, "now": NOW}
    proposals.approve(name="A letter", audience=Audience.ALL, **given)
    for step in (
        lambda: proposals.approve(name="Another", audience=Audience.ALL, **given),
        lambda: proposals.send_back(proposal=letter, answer="No.", now=NOW),
        lambda: proposals.edit(proposal=letter, kind="note", name="N", text="x", now=NOW),
        lambda: proposals.withdraw(proposal=letter),
    ):
        with pytest.raises(Refused, match="approved already"):
            step()
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_does() -> None:
    gm, player = (User.objects.create(username=name, name=name) for name in ("gm", "player"))
    campaign: Campaign = campaigns.open_campaign(name="Race", starts=StoryDate(2379), by=gm, now=NOW)
    author = factories.join(campaign, player, Role.OBSERVER)
    row = proposals.propose(by=author, kind="note", name="Page", text="x", now=NOW)
    before = Entry.objects.count()

    def approve(number: int) -> int:
        entry = proposals.approve(proposal=row, name=f"Page {number}", audience=Audience.ALL, by=gm, now=NOW)
        return entry.pk

    got = together(approve, times=4)
    assert sum(isinstance(each, Refused) for each in got) == 3
    assert Entry.objects.count() == before + 1


# Rewriting


def test_an_author_proposes_to_rewrite_their_page(as_gm, as_klingon, own_page, romulan, author):
    begun = as_klingon.get(url("proposal-new") + "?entry=my-ship").context["form"]
    assert begun["text"].value() == "A bird of prey."
    given = sent(name="My ship", kind="note", text="A cruiser of prey.")
    as_klingon.post(url("proposal-new") + "?entry=my-ship", given)
    row = Proposal.objects.get()
    page = as_gm.get(url("proposal", token=row.token)).content.decode()
    assert "(struck: </span>bird" in page and "(put in: </span>cruiser" in page
    own_page.refresh_from_db()
    assert own_page.text == "A bird of prey."
    approving(as_gm, row)
    own_page.refresh_from_db()
    assert (own_page.text, own_page.revision, own_page.audience) == ("A cruiser of prey.", 2, Audience.ALL)
    assert Entry.objects.count() == 1


def test_nobody_rewrites_what_they_did_not_write(campaign, as_romulan, as_klingon, own_page):
    factories.make_entry(campaign, "Hidden", audience=Audience.GM)
    for slug in ("my-ship", "hidden", "nothing"):
        answer = as_romulan.get(url("proposal-new") + f"?entry={slug}")
        assert answer.status_code == 404
        assert as_romulan.post(url("proposal-new") + f"?entry={slug}", sent()).status_code == 404
    assert not Proposal.objects.exists()


def test_a_page_that_its_author_no_longer_sees_is_not_theirs_to_rewrite(as_klingon, own_page):
    Entry.objects.filter(pk=own_page.pk).update(audience=Audience.GM)
    assert as_klingon.get(url("proposal-new") + "?entry=my-ship").status_code == 404


def test_a_rewriting_begins_with_what_its_author_reads(as_klingon, own_page, klingon):
    factories.make_secret(own_page, "What they believe.", told=[klingon], stands_in=True)
    Entry.objects.filter(pk=own_page.pk).update(text="What is so.")
    page = as_klingon.get(url("proposal-new") + "?entry=my-ship")
    assert page.context["form"]["text"].value() == "What they believe."
    assert "What is so." not in page.content.decode()


def test_a_rewriting_of_what_the_gm_wrote_anew_meanwhile_is_shown_again(gm, as_gm, own_page, author):
    row = proposals.propose(by=author, kind="note", name="My ship", text="Mine.", entry=own_page, now=NOW)
    form = as_gm.get(url("proposal", token=row.token)).context["approve"]
    given = {name: form[name].value() for name in form.fields}
    archive.edit_entry(
        entry=own_page, kind="note", name="My ship", text="Theirs.", audience=Audience.ALL, by=gm, now=NOW
    )
    answer = as_gm.post(url("proposal-approve", token=row.token), given)
    assert answer.status_code == 422 and "written anew meanwhile" in answer.content.decode()
    own_page.refresh_from_db()
    assert own_page.text == "Theirs."
    given["began"] = answer.context["approve"]["began"].value()
    assert as_gm.post(url("proposal-approve", token=row.token), given).status_code == 302
    own_page.refresh_from_db()
    assert (own_page.text, own_page.revision) == ("Mine.", 3)


@pytest.mark.parametrize("stood", [True, False])
def test_what_another_gm_wrote_meanwhile_for_its_author_to_read_is_not_lost(
    co_gm, as_gm, own_page, author, klingon, stood
):
    """Also where they read the page's own text until then."""

    def stand_in(text):
        return factories.make_secret(own_page, text, audience=Audience.ALL, stands_in=True)

    if stood:
        secret = stand_in("What they believed.")
    row = proposals.propose(by=author, kind="note", name="My ship", text="Mine.", entry=own_page, now=NOW)
    form = as_gm.get(url("proposal", token=row.token)).context["approve"]
    given = {name: form[name].value() for name in form.fields}
    if stood:
        written = {
            "audience": Audience.POWERS,
            "powers": [klingon],
            "stands_in": True,
            "by": co_gm,
            "now": NOW,
        }
        archive.edit_secret(secret=secret, text="Theirs.", **written)
    else:
        secret = stand_in("Theirs.")
    answer = as_gm.post(url("proposal-approve", token=row.token), given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "written anew meanwhile" in page
    assert "(struck: </span>Theirs" in page and "(put in: </span>Mine" in page
    secret.refresh_from_db()
    assert secret.text == "Theirs."
    given["began"] = answer.context["approve"]["began"].value()
    assert as_gm.post(url("proposal-approve", token=row.token), given).status_code == 302
    secret.refresh_from_db()
    own_page.refresh_from_db()
    assert (secret.text, secret.audience, own_page.text) == (
        "Mine.",
        Audience.POWERS if stood else Audience.ALL,
        "A bird of prey.",
    )
    assert "Theirs." in [version.content["text"] for version in secret.versions.all()]


def test_a_page_in_the_bin_is_not_rewritten(gm, as_klingon, as_gm, own_page, author):
    row = proposals.propose(by=author, kind="note", name="My ship", text="Mine.", entry=own_page, now=NOW)
    bin.throw_away(thing=own_page, by=gm, now=NOW)
    assert as_klingon.get(url("proposal-new") + "?entry=my-ship").status_code == 404
    assert (
        url("entry", entry="my-ship") not in as_klingon.get(url("proposal", token=row.token)).content.decode()
    )
    assert approving(as_gm, row).status_code == 422
