"""A secret ballot: the box, the receipts, and a database in which nothing links a seat to a choice."""

import io
import random
import re
from collections import Counter
from datetime import timedelta
from itertools import permutations

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import reverse

from diplomacy import records_votes as records
from diplomacy.actions import ballots, secret_ballots
from diplomacy.models import Ballot, Minute, MinuteKind, SealedBallot
from diplomacy.rules import receipts
from diplomacy.rules.procedure import MotionStage
from diplomacy.rules.tally import Choice, Tie
from khitomer.errors import Refused
from khitomer.models import Activity, ActivityKind
from tests import factories
from tests.factories import NOW

ORDER = ("romulan", "cardassian", "federation", "ferengi", "klingon")


@pytest.fixture
def conference(campaign):
    return factories.make_conference(campaign, 5)


@pytest.fixture
def motion(conference, gm):
    return opened(conference, gm)


@pytest.fixture
def voices(gm, federation_player, klingon_player, romulan_player):
    return {
        "federation": federation_player,
        "klingon": klingon_player,
        "romulan": romulan_player,
        "cardassian": gm,
        "ferengi": gm,
    }


def opened(conference, gm):
    return ballots.open_vote(motion=factories.make_motion(conference), mode="secret", by=gm, now=NOW)


def seat(motion, slug):
    return motion.conference.seats.get(power__slug=slug)


def cast(motion, slug, choice, by, receipt=""):
    return secret_ballots.cast(
        motion=motion, seat=seat(motion, slug), choice=choice, receipt=receipt, by=by, now=NOW
    )


def closed(motion, gm):
    return ballots.close(motion=motion, by=gm, now=NOW + timedelta(minutes=14))


def at(name, motion):
    where = {
        "campaign": motion.conference.campaign.slug,
        "conference": motion.conference.slug,
        "number": motion.number,
    }
    return reverse(name, kwargs=where)


def box(motion):
    return sorted(motion.box.values_list("choice", flat=True))


# Casting and changing one's mind


def test_who_voted_and_what_was_cast_lie_apart(motion, federation_player, klingon_player):
    cast(motion, "federation", "yes", federation_player)
    cast(motion, "klingon", "no", klingon_player)
    assert {row.seat.power.slug for row in motion.voters.all()} == {"federation", "klingon"}
    assert box(motion) == ["no", "yes"]
    assert not Ballot.objects.exists()
    assert {field.name for field in SealedBallot._meta.fields} == {"id", "motion", "choice", "receipt"}


def test_the_receipt_changes_a_mind_and_stays_good(motion, federation_player):
    receipt = cast(motion, "federation", "yes", federation_player)
    typed = receipt.lower().replace("-", " ")
    assert cast(motion, "federation", "abstain", federation_player, typed) == receipt
    assert (box(motion), motion.voters.count()) == (["abstain"], 1)
    assert Activity.objects.get(kind=ActivityKind.VOTED).by is None


@pytest.mark.parametrize("wrong", ["", "AAAA-AAAA-AAAA-AAAA", "nonsense", "0" * 40])
def test_without_it_the_earlier_ballot_stands(motion, federation_player, wrong):
    cast(motion, "federation", "yes", federation_player)
    with pytest.raises(Refused, match="has voted, and its ballot stands") as refused:
        cast(motion, "federation", "no", federation_player, wrong)
    assert refused.value.field == "receipt"
    assert box(motion) == ["yes"]


def test_a_receipt_changes_no_other_seats_ballot(motion, federation_player, klingon_player):
    held = cast(motion, "federation", "yes", federation_player)
    cast(motion, "klingon", "yes", klingon_player)
    with pytest.raises(Refused, match="has voted, and its ballot stands"):
        cast(motion, "klingon", "no", klingon_player, held)
    assert box(motion) == ["yes", "yes"]


def test_whoever_takes_the_seat_cannot_change_its_ballot(motion, gm, federation_player):
    cast(motion, "federation", "yes", federation_player)
    place = seat(motion, "federation")
    place.delegate = None
    place.save()
    with pytest.raises(Refused, match="its ballot stands"):
        cast(motion, "federation", "no", gm)
    assert box(motion) == ["yes"]


def test_after_the_close_it_stands(motion, gm, federation_player, klingon_player):
    receipt = cast(motion, "federation", "yes", federation_player)
    closed(motion, gm)
    with pytest.raises(Refused, match="closed at 20:14; your earlier ballot stands"):
        cast(motion, "federation", "no", federation_player, receipt)
    with pytest.raises(Refused, match="no more ballots are taken"):
        cast(motion, "klingon", "no", klingon_player)
    assert box(motion) == ["yes"]


def test_no_way_of_voting_takes_anothers_ballots(conference, motion, gm, federation_player):
    with pytest.raises(Refused, match="secret"):
        ballots.cast(
            motion=motion, seat=seat(motion, "federation"), choice="yes", by=federation_player, now=NOW
        )
    public = ballots.open_vote(motion=factories.make_motion(conference), mode="open", by=gm, now=NOW)
    with pytest.raises(Refused, match="not secret"):
        cast(public, "federation", "yes", federation_player)
    assert not Ballot.objects.exists() and not SealedBallot.objects.exists()


@pytest.mark.parametrize(
    ("charter", "change", "says"),
    [
        ({"weight_threshold": "1/2"}, {}, "seats here have weights"),
        ({}, {"weight": 2}, "seats here have weights"),
        ({"veto": True}, {"veto": True}, "holds a veto"),
    ],
)
def test_weights_and_vetoes_have_no_place_in_it(campaign, gm, charter, change, says):
    conference = factories.make_conference(campaign, 4, charter=charter)
    conference.seats.filter(power__slug="romulan").update(**change)
    with pytest.raises(Refused, match=f"counts heads alone, and .*{says}") as refused:
        opened(conference, gm)
    assert refused.value.field == "mode"
    assert not conference.motions.filter(stage=MotionStage.VOTING).exists()


def test_a_veto_that_the_rule_does_not_know_stops_nothing(campaign, gm):
    conference = factories.make_conference(campaign, 4)
    conference.seats.filter(power__slug="romulan").update(veto=True)
    assert opened(conference, gm).mode == "secret"


def test_the_chair_casts_for_the_empty_seats_and_holds_a_receipt_for_each(motion, gm):
    given = secret_ballots.cast_for_empty(motion=motion, choice="yes", by=gm, now=NOW)
    assert set(given) == {seat(motion, "cardassian").pk, seat(motion, "ferengi").pk}
    assert len(set(given.values())) == 2
    assert secret_ballots.cast_for_empty(motion=motion, choice="no", by=gm, now=NOW) == {}
    assert box(motion) == ["yes", "yes"]


# Counting


def test_the_box_is_counted_and_counted_again(motion, gm, voices):
    for slug, choice in zip(ORDER, ("yes", "no", "yes", "abstain"), strict=False):
        cast(motion, slug, choice, voices[slug])
    ended = closed(motion, gm)
    assert (ended.stage, ended.yes, ended.no, ended.abstain, ended.not_voting) == (
        MotionStage.ADOPTED,
        2,
        1,
        1,
        1,
    )
    assert records.recount(ended) == records.stored_tally(ended)


def test_a_receipt_finds_its_ballot_after_the_close_and_not_before(motion, gm, federation_player):
    receipt = cast(motion, "federation", "no", federation_player)
    with pytest.raises(Refused, match="when a secret vote has closed"):
        secret_ballots.find(motion=motion, receipt=receipt)
    ended = closed(motion, gm)
    assert secret_ballots.find(motion=ended, receipt=receipt.lower()) is Choice.NO
    with pytest.raises(Refused, match="No ballot in this box"):
        secret_ballots.find(motion=ended, receipt="AAAA-AAAA-AAAA-AAAA")


def test_a_second_vote_begins_with_an_empty_box(campaign, gm, federation_player, klingon_player):
    conference = factories.make_conference(campaign, 4, charter={"tie": Tie.SECOND_VOTE.value})
    motion = opened(conference, gm)
    cast(motion, "federation", "yes", federation_player)
    cast(motion, "klingon", "no", klingon_player)
    tied = closed(motion, gm)
    assert tied.stage == MotionStage.TIED
    again = ballots.open_vote(motion=tied, by=gm, now=NOW)
    assert (again.mode, again.box.count(), again.voters.count()) == ("secret", 0, 0)
    cast(again, "federation", "yes", federation_player)
    assert closed(again, gm).stage == MotionStage.ADOPTED


def test_a_box_that_was_tampered_with_is_noticed(motion, gm, as_observer, federation_player):
    cast(motion, "federation", "yes", federation_player)
    closed(motion, gm)
    motion.box.update(choice="no")
    assert "does not agree" in as_observer.get(at("motion", motion)).text
    motion.box.all().delete()
    assert "does not agree" in as_observer.get(at("motion", motion)).text
    assert "does not come to what was stored" in as_observer.get(at("recount", motion)).text


# What the database and the logs keep


def physical(table, columns):
    """The rows of a table as they lie in it: their place, the transaction that wrote them, and these columns."""
    where = "rowid, 0" if connection.vendor == "sqlite" else "ctid::text, xmin::text"
    with connection.cursor() as cursor:
        cursor.execute(f"select {where}, {columns} from {table} order by 1")
        rows = cursor.fetchall()
    if connection.vendor != "sqlite":
        rows.sort(key=lambda row: tuple(map(int, row[0].strip("()").split(","))))
    return rows


def test_the_rows_of_the_box_lie_in_the_order_of_the_lot(conference, gm, voices, monkeypatch):
    """The order of voting is the same each time; where each ballot comes to lie is the lot's alone, and evenly so."""
    chance = random.Random(2293)
    lots = []

    def shuffle(lot):
        chance.shuffle(lot)
        lots.append(list(lot))

    monkeypatch.setattr(secret_ballots, "shuffle", shuffle)
    places = {slug: Counter() for slug in ORDER}
    for _ in range(60):
        motion = opened(conference, gm)
        held = {slug: cast(motion, slug, chance.choice(list(Choice)), voices[slug]) for slug in ORDER}
        rows = [row[2:] for row in physical("diplomacy_sealedballot", "choice, receipt, motion_id")]
        lying = [(choice, receipt) for choice, receipt, of in rows if of == motion.pk]
        if connection.vendor == "sqlite":
            assert lying == lots[-1]
        else:  # it takes what place has become free, in the order of the lot
            assert sorted(lying) == sorted(lots[-1])
        order = [receipt for _, receipt in lying]
        for slug in ORDER:
            places[slug][order.index(receipts.sealed(held[slug], seat(motion, slug).pk))] += 1
    # Sixty ballots of each voter over five places: twelve would be even. Kept in the order of voting it were sixty.
    assert all(4 <= places[slug][place] <= 22 for slug in ORDER for place in range(5))


def test_both_tables_are_written_whole_each_time(motion, voices):
    """No row is older than another: one transaction, one run of places, voters by their seats."""
    for slug in ORDER:
        cast(motion, slug, "yes", voices[slug])
    for table in ("diplomacy_sealedballot", "diplomacy_voter"):
        rows = physical(table, "motion_id")
        assert len({row[1] for row in rows}) == 1
        if connection.vendor == "sqlite":
            places = [row[0] for row in rows]
            assert places == list(range(places[0], places[0] + len(ORDER)))
    seats = [row[2] for row in physical("diplomacy_voter", "seat_id")]
    assert seats == sorted(seats)
    assert list(motion.voters.order_by("pk").values_list("seat_id", flat=True)) == seats


def everything_else():
    """Every row of every table but the box, by value."""
    models = [model for model in apps.get_models() if model is not SealedBallot]
    kept = {}
    for model in models:
        rows = [{k: v for k, v in row.items() if k != "id"} for row in model.objects.order_by("pk").values()]
        kept[model._meta.label] = rows
    return kept


class Undo(Exception):
    pass


def test_whoever_cast_which_the_database_is_the_same(motion, gm, voices):
    """The same ballots given by other seats leave the same rows in every table, and the same choices in the box."""
    seen = []
    for choices in [*permutations(("yes", "yes", "no", "no", "abstain"))][:40:4]:
        try:
            with transaction.atomic():
                for slug, choice in zip(ORDER, choices, strict=True):
                    cast(motion, slug, choice, voices[slug])
                closed(motion, gm)
                seen.append((box(motion), everything_else()))
                raise Undo
        except Undo:
            pass
    assert len(seen) == 10
    assert all(each == seen[0] for each in seen)


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL's rows are read by place and transaction above"
)
def test_a_dump_holds_no_receipt_and_no_time_beside_a_choice(motion, gm, voices):
    held = {slug: cast(motion, slug, "no", voices[slug]) for slug in ORDER}
    closed(motion, gm)
    dump = "\n".join(connection.connection.iterdump())
    assert not any(receipt in dump or receipt.replace("-", "") in dump for receipt in held.values())
    rows = re.findall(r'INSERT INTO "diplomacy_sealedballot" VALUES\((.*)\);', dump)
    assert len(rows) == 5
    shape = rf"'[0-9a-f]{{32}}','no','[0-9a-f]{{64}}',{motion.pk}"
    assert all(re.fullmatch(shape, row) for row in rows)
    for row in rows:  # neither the id nor the hash of a ballot stands anywhere else
        ident, sealed = row.split(",")[0].strip("'"), row.split(",")[2].strip("'")
        assert dump.count(ident) == 1 and dump.count(sealed) == 1


def test_the_minutes_know_the_count_and_nothing_more(motion, gm, voices):
    for slug in ORDER:
        cast(motion, slug, "yes", voices[slug])
    closed(motion, gm)
    line = Minute.objects.get(kind=MinuteKind.VOTE_CLOSED)
    assert (line.data["yes"], line.data["mode"]) == (5, "secret")
    assert "choices" not in line.data


# The pages


def vote_by_page(client, motion, slug, choice, **more):
    data = {"seat": seat(motion, slug).pk, "choice": choice, **more.pop("data", {})}
    return client.post(at("ballot", motion), data, **more)


def test_the_receipt_is_in_the_voters_cookie_and_nowhere_on_the_server(motion, as_federation, caplog, capsys):
    with caplog.at_level("DEBUG"):
        answer = vote_by_page(as_federation, motion, "federation", "no")
    name = f"receipt-{seat(motion, 'federation').pk}"
    cookie = answer.cookies[name]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", at("motion", motion))
    page = as_federation.get(at("motion", motion)).text
    assert cookie.value in page and "Your ballot: <b>no</b>" in page
    session = dict(as_federation.session.items())
    kept = str(session) + str(answer.cookies.get("messages", "")) + caplog.text + "".join(capsys.readouterr())
    assert cookie.value not in kept
    assert not re.search(r"\bno\b", str(answer.cookies.get("messages", "")) + str(session))
    dump = io.StringIO()
    for rows in everything_else().values():
        dump.write(str(rows))
    assert cookie.value not in dump.getvalue()


@pytest.mark.parametrize("https", [True, False])
def test_the_cookie_is_as_secure_as_the_sessions(motion, as_federation, settings, https):
    settings.SESSION_COOKIE_SECURE = https
    answer = vote_by_page(as_federation, motion, "federation", "no")
    assert bool(answer.cookies[f"receipt-{seat(motion, 'federation').pk}"]["secure"]) is https


def test_htmx_is_given_the_receipt_with_the_vote(motion, as_federation):
    answer = vote_by_page(as_federation, motion, "federation", "yes", headers={"HX-Request": "true"})
    receipt = answer.cookies[f"receipt-{seat(motion, 'federation').pk}"].value
    assert "<html" not in answer.text and receipt in answer.text


def test_the_cookie_changes_the_ballot_and_so_does_what_was_written_down(motion, as_federation):
    vote_by_page(as_federation, motion, "federation", "yes")
    assert vote_by_page(as_federation, motion, "federation", "no").status_code == 302
    assert box(motion) == ["no"]
    name = f"receipt-{seat(motion, 'federation').pk}"
    receipt = as_federation.cookies[name].value
    del as_federation.cookies[name]
    page = as_federation.get(at("motion", motion)).text
    assert "has voted. Its ballot stands" in page and receipt not in page
    for typed, said in (("", "Enter the receipt"), ("AAAA-AAAA-AAAA-AAAA", "No ballot of this seat has")):
        refused = vote_by_page(as_federation, motion, "federation", "abstain", data={"receipt": typed})
        assert refused.status_code == 422 and box(motion) == ["no"]
        # Above the choices, with what was typed and what is wrong with it.
        assert said in refused.text and f'value="{typed}"' in refused.text
        assert refused.text.index('name="receipt"') < refused.text.index('name="choice"')
    answer = vote_by_page(as_federation, motion, "federation", "abstain", data={"receipt": receipt})
    assert answer.status_code == 302 and box(motion) == ["abstain"]


@pytest.mark.parametrize("value", ["", "x", "../..", "AAAA-AAAA-AAAA-AAAA", "ÿ"])
def test_a_cookie_of_nonsense_is_no_receipt(motion, as_federation, value):
    as_federation.cookies[f"receipt-{seat(motion, 'federation').pk}"] = value
    as_federation.cookies["receipt-x"] = value
    assert as_federation.get(at("motion", motion)).status_code == 200


def stripped(page):
    return re.sub(r'name="[\w-]*token" value="[^"]+"', "", page)


@pytest.mark.parametrize("who", ["as_gm", "as_co_gm", "as_observer", "as_federation"])
def test_before_and_after_the_close_every_page_is_the_same_whoever_cast_which(
    request, motion, gm, klingon_player, romulan_player, who
):
    """The GM, too, reads who has voted and never what: not on the motion, the desk, the recount, or the minutes."""
    client = request.getfixturevalue(who)
    campaign = motion.conference.campaign.slug
    open_now = [
        at("motion", motion),
        f"/c/{campaign}/conferences/{motion.conference.slug}/",
        f"/c/{campaign}/",
    ]
    after = [*open_now, at("recount", motion)]
    seen = []
    for choices in (("yes", "no"), ("no", "yes")):
        try:
            with transaction.atomic():
                cast(motion, "klingon", choices[0], klingon_player)
                cast(motion, "romulan", choices[1], romulan_player)
                pages = [client.get(address) for address in open_now]
                closed(motion, gm)
                pages += [client.get(address) for address in after]
                assert {page.status_code for page in pages} == {200}
                seen.append([stripped(page.text) for page in pages])
                raise Undo
        except Undo:
            pass
    assert seen[0] == seen[1]


@pytest.mark.parametrize("choices", [("yes", "no"), ("no", "no"), ("abstain", "yes")])
def test_no_page_has_a_running_count(motion, as_gm, as_federation, klingon_player, romulan_player, choices):
    campaign = motion.conference.campaign.slug
    addresses = [
        at("motion", motion),
        f"/c/{campaign}/conferences/{motion.conference.slug}/",
        f"/c/{campaign}/",
    ]
    held = cast(motion, "klingon", "yes", klingon_player), cast(motion, "romulan", "yes", romulan_player)
    before = [stripped(client.get(each).text) for client in (as_gm, as_federation) for each in addresses]
    cast(motion, "klingon", choices[0], klingon_player, held[0])
    cast(motion, "romulan", choices[1], romulan_player, held[1])
    assert before == [
        stripped(client.get(each).text) for client in (as_gm, as_federation) for each in addresses
    ]
    assert "2 of 5" in before[0]


def test_anyone_with_a_receipt_learns_that_it_was_counted(motion, gm, as_observer, federation_player):
    receipt = cast(motion, "federation", "no", federation_player)
    assert as_observer.post(at("receipt", motion), {"receipt": receipt}).status_code == 409
    closed(motion, gm)
    answer = as_observer.post(at("receipt", motion), {"receipt": receipt})
    assert "It lies in the box and was counted: no." in answer.text
    assert as_observer.post(at("receipt", motion), {"receipt": "AAAA-AAAA-AAAA-AAAA"}).status_code == 409


def test_the_recount_shows_the_box_sorted(motion, gm, as_observer, voices):
    for slug, choice in zip(ORDER, ("no", "yes", "abstain", "yes", "no"), strict=True):
        cast(motion, slug, choice, voices[slug])
    closed(motion, gm)
    page = as_observer.get(at("recount", motion)).text
    assert "yes, yes, no, no, abstains" in " ".join(page.split())
    assert page.count("Voted in secret") == 5
    assert "it comes to what was stored when the vote closed" in page


# What a close would tell


@pytest.mark.parametrize(("ballots_in", "warned"), [(1, True), (2, True), (3, False)])
def test_closing_on_so_few_ballots_says_what_it_would_tell(motion, as_gm, voices, ballots_in, warned):
    for slug in ORDER[:ballots_in]:
        cast(motion, slug, "yes", voices[slug])
    desk = reverse("conference", args=[motion.conference.campaign.slug, motion.conference.slug])
    for page in (at("motion", motion), desk):
        assert ("would tell what was cast by whom" in as_gm.get(page).text) is warned


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a setting of SQLite")
@pytest.mark.django_db
def test_what_is_deleted_is_overwritten():
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA secure_delete").fetchone() == (1,)
