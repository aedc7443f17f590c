"""The campaign a new house opens with: what it holds, and who knows what of it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction

from diplomacy.actions import ballots, parleys, resolutions
from diplomacy.demo import archive, docket, fuller, loader, sittings, story
from diplomacy.models import Complaint, Exhibit, Motion
from diplomacy.records_votes import count
from diplomacy.rules.procedure import ComplaintStage, MotionStage
from khitomer import demo, imaging
from khitomer.drawing.emblems import EMBLEMS
from khitomer.errors import Refused
from khitomer.models import Campaign, Change, Entry, Secret, SessionState, User
from khitomer.rules.dates import StoryDate
from tests import factories

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker) -> Iterator[Campaign]:
    """The demo, loaded once for this file: what a test does to it is taken back after the test, the whole at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield loader.load(now=NOW)
        transaction.set_rollback(True)


@pytest.fixture
def peace(house, db) -> Campaign:
    return Campaign.objects.get(pk=house.pk)


@pytest.fixture
def as_player(peace, client):
    """A client signed in as the account of that name."""

    def sign_in(username: str):
        client.force_login(User.objects.get(username=username))
        return client

    return sign_in


def test_twelve_powers_on_the_fourteenth_of_march(peace):
    assert peace.today == StoryDate.parse("2379-03-14")
    assert peace.powers.count() == 12
    assert set(peace.powers.values_list("emblem", flat=True)) <= set(EMBLEMS)
    assert len(set(peace.powers.values_list("colour", flat=True))) == 12


def test_what_goes_beyond_canon_is_marked_as_its_own(peace):
    canon = {"united-federation-of-planets", "klingon-empire"}
    accords = peace.treaties.get(slug="second-khitomer-accords")
    for span in accords.adherences.select_related("power"):
        assert span.is_own == (span.power.slug not in canon)
    own = set(peace.powers.filter(canon_key="").values_list("slug", flat=True))
    assert own == {power.slug for power in loader.powers.POWERS}
    assert not peace.futures.exists()


def test_eight_complaints_in_eight_stages_and_a_draft(peace):
    stages = dict(peace.complaints.docketed().values_list("number", "stage"))
    assert stages == {
        1: ComplaintStage.COMPLIANCE,
        2: ComplaintStage.WITHDRAWN,
        3: ComplaintStage.INADMISSIBLE,
        4: ComplaintStage.HEARD,
        5: ComplaintStage.SCHEDULED,
        6: ComplaintStage.RULING,
        7: ComplaintStage.RETURNED,
        8: ComplaintStage.PARLEY,
    }
    draft = peace.complaints.get(number=None)
    assert draft.stage == ComplaintStage.DRAFT
    assert draft.complainant.slug == "united-federation-of-planets"


@pytest.mark.parametrize(
    ("number", "verdicts"),
    [
        (1, {"II·4": "bound"}),
        (3, {"II·3": "not bound"}),  # before Cardassia signed
        (4, {"II·3": "not bound", "II·4": "bound"}),  # the Breen reservation
        (5, {"II·1": "bound"}),  # the fourth use in ninety days, whoever made the others
        (6, {"II·4": "in doubt"}),  # in 2372, as the Empire left
    ],
)
def test_the_rulings_follow_from_the_record(peace, number, verdicts):
    complaint = peace.complaints.get(number=number)
    found = {each.provision.label: each.rulings.get().verdict for each in complaint.citations.all()}
    assert found == verdicts


def test_the_vote_on_the_deep_is_half_way(peace):
    motion = Motion.objects.get(stage=MotionStage.VOTING)
    electors = {each.seat.power.slug: each for each in motion.electors.select_related("seat__power")}
    voted = set(motion.ballots.values_list("seat__power__slug", flat=True))
    eligible = {slug for slug, each in electors.items() if each.status == "eligible"}
    waiting = eligible - voted
    assert voted == {power for power, _ in sittings.MARRAK_BALLOTS}
    assert waiting == {
        "united-federation-of-planets",
        "cardassian-union",
        "ferengi-alliance",
        "tholian-assembly",
    }
    assert {slug for slug in waiting if electors[slug].seat.delegate is None} == {
        "ferengi-alliance",
        "tholian-assembly",
    }


def test_an_offer_waits_for_cardassia_and_nobody_else_knows(peace, as_player):
    complaint = peace.complaints.get(number=8)
    offer = complaint.offers.get()
    assert (offer.power.slug, offer.state, len(offer.effects)) == ("united-federation-of-planets", "open", 2)
    page = f"/c/{story.SLUG}/docket/8/"
    words = "notary"
    assert words in as_player("cardassian").get(page).content.decode()
    for username in ("klingon", "romulan", "observer"):
        client = as_player(username)
        assert words not in client.get(page).content.decode()
        assert client.get(f"{page}parley/").status_code == 404
    accepted = parleys.accept(
        offer=offer,
        power=complaint.complainant,
        by=User.objects.get(username="cardassian"),
        now=NOW,
    )
    assert accepted.complaint.stage == ComplaintStage.SETTLED


def test_the_committee_debates_two_amendments_with_three_seats_waiting(peace):
    committee = peace.conferences.get(name=fuller.COMMITTEE)
    motion = committee.motions.get(parent=None)
    assert motion.stage == MotionStage.DEBATE
    assert sorted(motion.subsidiary.values_list("amendment__operation", flat=True)) == ["replace", "strike"]
    assert committee.speeches.waiting().count() == 3
    # The dashboards lead to the evening in play, not here.
    assert peace.conferences.filter(stage="open").first().name == sittings.SECOND_NAME


def test_the_story_goes_on_from_here(peace):
    """The rest of the vote, the close, the enactment and the undo, as the GM of a demo would try them."""
    motion = Motion.objects.get(stage=MotionStage.VOTING)
    people = {user.username: user for user in User.objects.all()}
    for power in ("united-federation-of-planets", "cardassian-union", "ferengi-alliance", "tholian-assembly"):
        by = people[sittings.SPEAKERS.get(power, "gm")]
        seat = motion.conference.seats.get(power__slug=power)
        ballots.cast(motion=motion, seat=seat, choice="yes", by=by, now=NOW)
    closed = ballots.close(motion=motion, by=people["gm"], now=NOW)
    resolution = closed.resolution
    assert (closed.outcome, resolution.number) == ("adopted", 2)
    assert len(resolutions.preview(resolution)) == 4
    resolutions.enact(resolution=resolution, by=people["gm"], now=NOW)
    assert peace.clocks.get(slug="waiting-at-the-buoys").filled == 2
    resolutions.undo(resolution=resolution, why="Only a rehearsal", by=people["gm"], now=NOW)
    assert peace.clocks.get(slug="waiting-at-the-buoys").filled == 4


def test_one_resolution_stands_with_a_report_to_answer(peace):
    resolution = peace.resolutions.get()
    assert resolution.enacted_at
    assert peace.ledger.filter(source=resolution.source).count() == 4
    owed = resolution.obligations.outstanding().get()
    assert (owed.power.slug, owed.due_on) == ("klingon-empire", StoryDate.parse("2379-03-20"))
    assert (owed.state, owed.report) == ("reported", fuller.REPORT)
    assert resolution.obligations.get(power__slug="republic-of-bajor").state == "met"
    tally = count(resolution.motion)
    assert (tally.yes, tally.no, tally.abstain) == (5, 1, 2)


def test_two_evenings_one_told_and_one_in_play(peace):
    first, second, _ = peace.sessions.order_by("number")
    assert (first.state, second.state) == (SessionState.CLOSED, SessionState.IN_PLAY)
    assert first.recap_html
    assert second.gm_notes_html
    assert second.agenda.filter(done_at=None).count() == 3
    sat = peace.conferences.exclude(session=None).order_by("session__number")
    assert list(sat.values_list("session__number", flat=True)) == [1, 2]
    assert sat[0].minutes_published_at


def test_nothing_is_dated_later_than_the_loading(peace):
    assert peace.activity.told().latest("at").at <= NOW
    assert Change.objects.latest("at").at <= NOW
    told = peace.activity.told()
    assert list(told.order_by("pk")) == list(told.order_by("at", "pk"))


def test_the_ledger_tells_the_whole_story_in_order(peace):
    dates = [row.story_date for row in peace.ledger.order_by("sequence")]
    assert dates == sorted(dates)
    assert dates[0] == peace.starts


def test_exhibits_are_pictures_and_papers(peace):
    kinds = list(Exhibit.objects.order_by("complaint__number", "letter").values_list("kind", flat=True))
    assert kinds == ["picture", "pdf", "picture", "pdf"]
    for exhibit in Exhibit.objects.all():
        with exhibit.file.open("rb") as file:
            data = file.read()
        if exhibit.kind == "pdf":
            imaging.check_pdf(data)
        else:
            assert imaging.make_picture(data).width == 1200


@pytest.mark.parametrize(
    ("username", "told"),
    [
        ("federation", {"Ambassador Ines Okafor", "Archanis Nine"}),
        ("klingon", {"Captain Mavek"}),
        ("romulan", {"Calder’s Rest", "Ardent"}),
        ("cardassian", {"Dalen Orr"}),
        ("observer", set()),
    ],
)
def test_each_delegation_knows_something_the_others_do_not(peace, username, told):
    member = peace.memberships.get(user__username=username)
    seen = Secret.objects.visible_to(factories.viewer_of(peace, member.user))
    assert set(seen.values_list("entry__name", flat=True)) == told


def test_what_is_secret_is_in_no_address_and_no_open_text(peace):
    """The quartermaster's name, the conspiracy and its clock belong to the GM alone."""
    told = Entry.objects.filter(audience="all")
    words = " ".join(
        [
            *told.values_list("slug", flat=True),
            *told.values_list("text", flat=True),
            *peace.events.filter(audience="all").values_list("text", flat=True),
            *peace.clocks.filter(audience="all").values_list("slug", flat=True),
            *peace.sessions.values_list("recap", flat=True),
            *Complaint.objects.docketed().values_list("statement", flat=True),
        ]
    ).lower()
    for name in ("rhek", "heirs of", "sallow"):
        assert name not in words


@pytest.mark.parametrize("username", ["gm", "federation", "klingon", "romulan", "cardassian", "observer"])
@pytest.mark.parametrize(
    "path",
    [
        "",
        "docket/",
        "docket/4/",
        "conferences/the-march-sitting/",
        "conferences/the-march-sitting/motions/1/",
        "conferences/the-committee-on-hospital-ships/",
        "conferences/the-committee-on-hospital-ships/motions/1/",
        "conferences/the-halvet-sitting/minutes/",
    ],
)
def test_every_account_finds_the_main_pages(as_player, username, path):
    assert as_player(username).get(f"/c/{story.SLUG}/{path}").status_code == 200


def test_the_accounts_have_the_published_password(peace):
    assert demo.open_accounts() == sorted(each.username for each in demo.ACCOUNTS)
    assert [str(User.objects.get(username=each.username)) for each in demo.ACCOUNTS] == [
        each.name for each in demo.ACCOUNTS
    ]


def test_a_second_loading_is_refused_and_leaves_the_first(peace):
    before = (User.objects.count(), Change.objects.count(), Exhibit.objects.count())
    with pytest.raises(Refused, match="already"):
        loader.load(now=NOW)
    assert (User.objects.count(), Change.objects.count(), Exhibit.objects.count()) == before


def test_every_text_fits_where_it_stands():
    charges = [
        value
        for module in (docket, fuller)
        for value in vars(module).values()
        if isinstance(value, docket.Charge)
    ]
    assert len(charges) == 9
    assert max(len(charge.asks_for) for charge in charges) <= 300
    assert max(len(page.name) for page in archive.PAGES) <= 80
    clauses = [*sittings.HALVET, *sittings.MARRAK, *sittings.REGISTER, *fuller.SHIPS]
    assert max(len(clause.text) for clause in clauses) <= 800
