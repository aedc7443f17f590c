"""Packs: made apart from the request, with progress, cancelled, and never told to anybody else or out of date."""

import io
import os
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from pypdf import PdfReader

from khitomer.actions import campaigns, disclosures, handouts
from khitomer.actions import packs as actions
from khitomer.actions.disclosures import Told
from khitomer.errors import Refused
from khitomer.models import Activity, ActivityKind, Pack, PackState
from khitomer.rules.press import Press, Sides
from khitomer.sheets import KINDS, Sheet, packs
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]

SORT = "for the tests"


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", **kwargs})


def sheet(number):
    class Words:
        title, text = f"Sheet {number}", ""

    context = {"sheet": Words, "text": f"What stands on sheet {number}."}
    return packs.Part(title=f"Sheet {number}", template="print/handout.html", context=context)


@pytest.fixture
def packer(monkeypatch):
    """A sort of pack with three sheets; gives the list of those for whom it was drawn."""
    drawn = []

    def three(copy, refers):
        drawn.append((copy.token, refers))
        return packs.Occasion("The evening", "As it is", [sheet(number) for number in (1, 2, 3)])

    monkeypatch.setitem(packs.PACKERS, SORT, three)
    return drawn


def ask(campaign, user, *, eyes="gm", reader=None, press=None):
    (pack,) = actions.ask(
        by=campaign.memberships.get(user=user),
        sort=SORT,
        refers="evening",
        wanted=[actions.Wanted("The pack", eyes, reader)],
        press=press or Press(),
        now=timezone.now(),
    )
    return pack


def fetched(client, pack):
    return client.get(url("pack-pdf", token=pack.token))


def told(texts):
    """The page of each sheet, as the contents say."""
    return [int(page) for page in re.findall(r"Sheet \d\D+(\d+)", texts[0])]


def footed(texts):
    """By its place in the file, the number at the foot of each page that bears one."""
    found = {place: re.search(r"Page (\d+) · \d+ of \d+", text) for place, text in enumerate(texts, start=1)}
    return {place: int(number[1]) for place, number in found.items() if number}


def test_it_is_bound_behind_its_contents(campaign, gm, as_gm, packer):
    pack = ask(campaign, gm)
    packs.make(pack)
    pack.refresh_from_db()
    assert (pack.state, pack.pages, pack.of) == (PackState.DONE, 4, 5)
    assert packer == [("gm", "evening")]
    reader = PdfReader(io.BytesIO(fetched(as_gm, pack).content))
    texts = [page.extract_text() for page in reader.pages]
    assert [f"sheet {n}." in texts[n] for n in (1, 2, 3)] == [True] * 3
    assert told(texts) == [1, 2, 3] and footed(texts) == {2: 1, 3: 2, 4: 3}
    assert reader.trailer["/Root"]["/Lang"] == "en-GB" and "/StructTreeRoot" in reader.trailer["/Root"]


@pytest.mark.parametrize("sides", [Sides.LONG, Sides.SHORT])
def test_on_both_sides_each_sheet_begins_on_the_front_of_a_leaf(campaign, gm, as_gm, packer, sides):
    pack = ask(campaign, gm, press=Press(sides=sides))
    packs.make(pack)
    reader = PdfReader(io.BytesIO(fetched(as_gm, pack).content))
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) == 7
    assert ["What stands" in text for text in texts] == [False, False, True, False, True, False, True]
    assert told(texts) == [1, 3, 5] and footed(texts) == {3: 1, 5: 3, 7: 5}


def test_nobody_else_has_it(campaign, gm, as_gm, as_co_gm, as_klingon, as_outsider, packer):
    pack = ask(campaign, gm)
    packs.make(pack)
    for client in (as_co_gm, as_klingon, as_outsider):
        assert fetched(client, pack).status_code == 404
        assert client.post(url("pack-cancel", token=pack.token)).status_code == 404
    assert "The pack" not in as_co_gm.get(url("packs")).content.decode()
    assert "The pack" in as_gm.get(url("packs")).content.decode()


def test_who_no_longer_runs_the_campaign_does_not_get_the_gms_pack(
    campaign, co_gm, as_co_gm, federation, gm, packer
):
    pack = ask(campaign, co_gm)
    packs.make(pack)
    assert fetched(as_co_gm, pack).status_code == 200
    member = campaign.memberships.get(user=co_gm)
    campaigns.change_member(membership=member, role="player", power=federation, by=gm, now=timezone.now())
    assert fetched(as_co_gm, pack).status_code == 409


def test_a_players_pack_is_out_of_date_when_anything_was_taken_back(
    campaign, klingon_player, as_klingon, klingon, gm, packer
):
    handout = factories.make_handout(campaign, "Intercept", told=[klingon])
    pack = ask(campaign, klingon_player)
    packs.make(pack)
    assert packer == [("", "evening")]  # their own eyes, whatever they ask for
    assert fetched(as_klingon, pack).status_code == 200
    disclosures.keep_record(handout, by=gm, now=timezone.now())
    told = Told(powers=frozenset([klingon]))
    disclosures.take_back(thing=handout, whom=told, by=gm, now=timezone.now())
    answer = fetched(as_klingon, pack)
    assert answer.status_code == 409 and "out of date" in answer.content.decode()


@pytest.mark.parametrize("thrown", [True, False])
@pytest.mark.parametrize(("before", "status"), [(59, 409), (61, 200)])
def test_what_was_asked_for_just_before_it_may_have_been_done_after(
    campaign, klingon_player, as_klingon, klingon, gm, packer, before, status, thrown
):
    handout = factories.make_handout(campaign, "Intercept", told=[klingon])
    disclosures.keep_record(handout, by=gm, now=timezone.now())
    pack = ask(campaign, klingon_player)
    packs.make(pack)
    then = pack.began_at - timedelta(seconds=before)  # when a request came in that waited for its lock
    if thrown:
        handouts.throw_away(handout=handout, by=gm, now=then)
    else:
        told = Told(powers=frozenset([klingon]))
        disclosures.take_back(thing=handout, whom=told, by=gm, now=then)
    assert fetched(as_klingon, pack).status_code == status


def test_a_handout_written_just_before_a_pack_leaves_it_good(
    campaign, klingon_player, as_klingon, gm, packer
):
    handout = factories.make_handout(campaign, "Intercept")
    handouts.edit_handout(handout=handout, title="Intercept", text="Anew", by=gm, now=timezone.now())
    pack = ask(campaign, klingon_player)
    packs.make(pack)
    assert fetched(as_klingon, pack).status_code == 200


def test_it_is_cancelled_between_two_sheets(campaign, gm, as_gm, packer, monkeypatch):
    pack = ask(campaign, gm)
    step = actions.step

    def stopped(*, pack, done, doing, now):
        step(pack=pack, done=done, doing=doing, now=now)
        if done == 1:
            assert as_gm.post(url("pack-cancel", token=pack.token)).status_code == 302

    monkeypatch.setattr(actions, "step", stopped)
    packs.make(pack)
    pack.refresh_from_db()
    assert pack.state == PackState.CANCELLED and not actions.file_of(pack).exists()
    assert fetched(as_gm, pack).status_code == 409
    assert not actions.cancel(pack=pack, now=timezone.now())


def test_each_step_is_heard_by_whoever_asked_for_it_and_listed_for_nobody(
    campaign, klingon_player, klingon, packer
):
    pack = ask(campaign, klingon_player)
    packs.make(pack)
    rows = Activity.objects.filter(kind=ActivityKind.BOUND)
    pack.refresh_from_db()
    assert rows.count() == pack.of + 3  # asked for, begun, each step, and done
    assert {tuple(row.persons.all()) for row in rows} == {(pack.by,)}
    assert not any(row.powers.exists() or row.path or row.number for row in rows)
    assert not Activity.objects.told().filter(kind=ActivityKind.BOUND).exists()

    again = ask(campaign, klingon_player)
    before = rows.all().count()
    assert actions.cancel(pack=again, now=timezone.now()) and not actions.cancel(
        pack=again, now=timezone.now()
    )
    assert rows.all().count() == before + 1


def test_progress_is_told_while_it_is_made(campaign, gm, as_gm, packer, monkeypatch):
    pack, seen = ask(campaign, gm), []
    step = actions.step

    def looked(*, pack, done, doing, now):
        step(pack=pack, done=done, doing=doing, now=now)
        page = as_gm.get(url("packs"), headers={"HX-Request": "true"}).content.decode()
        seen.append(f"{done} of 5: {doing}" in page and "every 20s" in page)

    monkeypatch.setattr(actions, "step", looked)
    packs.make(pack)
    assert len(seen) == 5 and all(seen)
    assert "every 20s" not in as_gm.get(url("packs")).content.decode()


def test_what_goes_wrong_is_said_and_no_error_page(campaign, gm, as_gm, packer, monkeypatch):
    def broken(copy, refers):
        raise ZeroDivisionError

    def refused(copy, refers):
        raise Refused("There is no such conference")

    for packer_of, said in (
        (broken, "Something went wrong on our side."),
        (refused, "There is no such conference"),
    ):
        monkeypatch.setitem(packs.PACKERS, SORT, packer_of)
        pack = ask(campaign, gm)
        packs.make(pack)
        pack.refresh_from_db()
        assert pack.state == PackState.FAILED and said in pack.reason
        assert said in as_gm.get(url("packs")).content.decode()


def test_one_whose_maker_fell_silent_says_so(campaign, gm, as_gm, packer):
    pack = ask(campaign, gm)
    Pack.objects.update(
        state=PackState.MAKING, beat_at=timezone.now() - actions.SILENT - timedelta(seconds=1)
    )
    page = as_gm.get(url("packs")).content.decode()
    assert "The server stopped" in page and "every 20s" not in page
    assert fetched(as_gm, pack).status_code == 409


def test_as_many_as_a_full_table_at_once_and_no_more(campaign, gm, packer):
    given = {"by": campaign.memberships.get(user=gm), "sort": SORT, "refers": "evening", "press": Press()}
    wanted = [actions.Wanted(f"Pack {number}", "gm") for number in range(actions.MOST_AT_ONCE - 1)]
    actions.ask(wanted=wanted, now=timezone.now(), **given)
    with pytest.raises(Refused):
        actions.ask(wanted=wanted[:2], now=timezone.now(), **given)
    assert Pack.objects.count() == len(wanted)  # all of them or none
    actions.ask(wanted=wanted[:1], now=timezone.now(), **given)


@pytest.mark.parametrize("role", ["player", "observer"])
def test_whoever_does_not_run_the_campaign_has_three_under_way_at_most(
    campaign, klingon_player, observer, packer, role
):
    user = klingon_player if role == "player" else observer
    first, *_ = [ask(campaign, user) for _ in range(3)]
    with pytest.raises(Refused, match="Enough packs"):
        ask(campaign, user)
    packs.make(first)
    ask(campaign, user)


def test_a_co_gm_has_as_many_as_the_gm(campaign, co_gm, packer):
    assert all(ask(campaign, co_gm) for _ in range(4))


def test_whoever_waits_for_the_press_holds_no_connection(campaign, gm, packer, monkeypatch):
    pack, seen = ask(campaign, gm), []

    class Busy:
        def acquire(self, timeout):
            seen.append("waits")
            return len(seen) > 4

        def release(self):
            seen.append("done")

    monkeypatch.setattr(packs, "_making", Busy())
    monkeypatch.setattr(packs.connections, "close_all", lambda: seen.append("lets go"))
    packs._apart(pack.pk)
    assert seen == ["lets go", "waits"] * 3 + ["done", "lets go"]


def test_who_changed_sides_is_not_handed_what_was_theirs(
    campaign, gm, as_gm, klingon_player, romulan, packer
):
    reader = campaign.memberships.get(user=klingon_player)
    pack = ask(campaign, gm, eyes=f"person:{reader.pk}", reader=reader)
    packs.make(pack)
    assert fetched(as_gm, pack).status_code == 200
    campaigns.change_member(membership=reader, role="player", power=romulan, by=gm, now=timezone.now())
    assert fetched(as_gm, pack).status_code == 409


@pytest.mark.parametrize("thrown", [True, False])
def test_what_was_thrown_away_or_blacked_out_since_is_in_no_pack(
    campaign, gm, as_klingon, klingon_player, klingon, packer, thrown
):
    handout = factories.make_handout(campaign, "Intercept", told=[klingon])
    pack = ask(campaign, klingon_player)
    packs.make(pack)
    if thrown:
        handouts.throw_away(handout=handout, by=gm, now=timezone.now())
    else:
        handouts.edit_handout(handout=handout, title="Intercept", text="||All||", by=gm, now=timezone.now())
    assert fetched(as_klingon, pack).status_code == 409


def test_yesterdays_packs_are_let_go_of_whoever_asked_for_them(campaign, gm, as_gm, klingon_player, packer):
    pack = ask(campaign, gm)
    packs.make(pack)
    yesterday = timezone.now() - actions.KEPT_FOR - timedelta(minutes=1)
    Pack.objects.update(began_at=yesterday)
    assert fetched(as_gm, pack).status_code == 409
    os.utime(actions.file_of(pack), (yesterday.timestamp(), yesterday.timestamp()))
    ask(campaign, klingon_player)
    assert not actions.file_of(pack).exists() and not Pack.objects.filter(pk=pack.pk).exists()


def test_packs_of_one_process_are_made_one_after_the_other_and_say_that_they_wait(
    campaign, gm, packer, monkeypatch
):
    first, second, told = ask(campaign, gm), ask(campaign, gm), []
    monkeypatch.setattr(packs, "WAITING_BEATS", 0.01)
    monkeypatch.setattr(packs.connections, "close_all", lambda: None)
    wait = actions.wait

    def waited(*, pack, now):
        wait(pack=pack, now=now)
        told.append(pack.pk)
        packs._making.release()  # the one before it is made

    monkeypatch.setattr(actions, "wait", waited)
    packs._making.acquire()
    packs._apart(second.pk)
    assert told == [second.pk] and packer == [("gm", "evening")]
    packs._making.acquire()
    actions.cancel(pack=first, now=timezone.now())
    packs._apart(first.pk)
    packs._making.release()
    first.refresh_from_db()
    assert first.state == PackState.CANCELLED and packer == [("gm", "evening")]


def test_nothing_is_printed_behind_what_is_cut_or_glued(campaign, gm, as_gm, monkeypatch):
    long = replace(
        sheet(2), context={**sheet(2).context, "text": SafeString("<p>Words.</p>" * 120)}, single=True
    )
    parts = [sheet(1), long, sheet(3)]
    monkeypatch.setitem(packs.PACKERS, SORT, lambda copy, refers: packs.Occasion("The evening", "", parts))
    pack = ask(campaign, gm, press=Press(sides=Sides.LONG))
    packs.make(pack)
    reader = PdfReader(io.BytesIO(fetched(as_gm, pack).content))
    texts = [page.extract_text() for page in reader.pages]
    pages = [number for number, text in enumerate(texts, start=1) if "Words." in text]
    assert len(pages) > 1 and all(number % 2 for number in pages)
    last = next(number for number, text in enumerate(texts, start=1) if "sheet 3." in text)
    assert told(texts) == [1, pages[0] - 2, last - 2]
    assert footed(texts) == {number: number - 2 for number in (3, *pages, last)}


def test_contents_of_two_pages_are_counted_apart_and_what_is_cut_bears_no_number(
    campaign, gm, as_gm, monkeypatch
):
    bare = replace(sheet(1), template="print/chart.html", context=chart_of(campaign, gm), single=True)
    parts = [bare, *(sheet(number) for number in range(2, 33))]
    monkeypatch.setitem(packs.PACKERS, SORT, lambda copy, refers: packs.Occasion("The evening", "", parts))
    pack = ask(campaign, gm)
    packs.make(pack)
    reader = PdfReader(io.BytesIO(fetched(as_gm, pack).content))
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) == 34
    assert footed(texts) == {number: number - 2 for number in range(4, 35)}


def chart_of(campaign, gm):
    drawn = Sheet(campaign=campaign, kind=KINDS["chart"], title="Sheet 1")
    return KINDS["chart"].draw(factories.viewer_of(campaign, gm), drawn).context
