"""The stream: who hears what, in which order, after what, and until when."""

import asyncio
import contextlib
import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from diplomacy.actions import chambers
from khitomer.actions import activity
from khitomer.live.ears import Ears, Told
from khitomer.live.tail import Listener
from khitomer.models import Activity, ActivityKind, Audience, Topic
from tests import factories
from tests.conftest import signed_in
from tests.live.streams import Stream, act, masked, run

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime.datetime(2026, 5, 1, 19, 30, tzinfo=datetime.UTC)


@pytest.fixture
def url(campaign):
    return f"/c/{campaign.slug}/live/"


def record(campaign, kind=ActivityKind.STATE, **given):
    return activity.record(campaign=campaign, kind=kind, now=NOW, **given)


def test_the_wall_hears_of_the_sitting_and_nothing_else(campaign, gm, as_klingon):
    conference = factories.make_conference(campaign)
    _, token = chambers.make_link(conference=conference, label="Wall", by=gm, now=NOW)

    async def story():
        since = str(activity.micros(timezone.now()))
        async with (
            Stream(f"/chamber/{token}/live/", last=since) as wall,
            Stream(f"/c/{campaign.slug}/live/", as_klingon),
        ):
            await act(record, campaign, ActivityKind.FILED)
            await act(record, campaign, ActivityKind.JOINED)
            await act(campaign.memberships.update, seen_at=timezone.now())
            await asyncio.sleep(2.5)
            await act(record, campaign, ActivityKind.VOTED)
            await wall.until(lambda: "sitting" in wall.topics)
            assert {data for name, data, _ in wall.events if name == "changed"} == {"sitting"}
        async with Stream("/chamber/no-such-wall/live/") as stranger:
            assert stranger.status == 404

    run(story)


def test_everyone_hears_what_everyone_may_and_each_what_is_theirs(
    url, campaign, klingon, as_gm, as_klingon, as_federation
):
    async def story():
        async with (
            Stream(url, as_gm) as gm,
            Stream(url, as_klingon) as own,
            Stream(url, as_federation) as other,
        ):
            await act(record, campaign, ActivityKind.FILED)
            await act(record, campaign, ActivityKind.DISCLOSED, powers=[klingon])
            await act(record, campaign, ActivityKind.STATE, audience=Audience.GM)
            await act(record, campaign, ActivityKind.BEGUN)
            await gm.hears("docket", "known", "state", "session")
            await own.hears("docket", "known", "session")
            await other.hears("docket", "session")

    run(story)


def test_a_person_who_is_named_hears_it(url, campaign, klingon_player, as_klingon, as_federation):
    member = campaign.memberships.get(user=klingon_player)

    async def story():
        async with Stream(url, as_klingon) as own, Stream(url, as_federation) as other:
            await act(record, campaign, ActivityKind.DISCLOSED, persons=[member], powers=[])
            await act(record, campaign, ActivityKind.BEGUN)
            await own.hears("known", "session")
            await other.hears("session")

    run(story)


@pytest.mark.parametrize("who", ["anonymous", "outsider"])
def test_a_stranger_and_a_missing_campaign_get_the_same(url, request, outsider, who):
    client = signed_in(outsider) if who == "outsider" else None

    async def story():
        async with Stream(url, client) as stranger, Stream("/c/no-such-table/live/", client) as missing:
            assert (stranger.status, stranger.said) == (missing.status, missing.said)
            assert stranger.status == 404 and stranger.is_over

    run(story)


def test_whether_one_may_hear_is_told_without_a_stream(url, as_gm):
    async def story():
        async with Stream(url, as_gm, method="HEAD") as own, Stream(url, method="HEAD") as stranger:
            assert (own.status, own.said, own.is_over) == (200, b"", True)
            assert (stranger.status, stranger.is_over) == (404, True)

    run(story)


def test_what_is_sent_to_it_is_refused(url, as_gm):
    async def story():
        async with Stream(url, as_gm, method="POST") as stream:
            assert stream.status == 405

    run(story)


def test_nobody_on_the_way_keeps_it(url, as_gm):
    async def story():
        async with Stream(url, as_gm) as stream:
            assert stream.headers["cache-control"] == "no-store"
            assert stream.headers["content-type"].startswith("text/event-stream")

    run(story)


def test_it_says_no_more_than_a_topic(url, campaign, as_klingon):
    async def story():
        async with Stream(url, as_klingon) as stream:
            await act(record, campaign, ActivityKind.FILED, number=7, path="/c/long-peace/docket/7/")
            await stream.hears("docket")
            assert masked(stream.said) == (b"event: time\nid: T\n\nevent: changed\nid: T\ndata: docket\n\n")

    run(story)


def test_whoever_comes_back_hears_what_they_missed_once_and_in_order(url, campaign, klingon, as_klingon):
    async def story():
        async with Stream(url, as_klingon) as stream:
            await act(record, campaign, ActivityKind.FILED)
            await stream.hears("docket")
            last = stream.events[-1][2]
        await act(record, campaign, ActivityKind.STATE, audience=Audience.GM)
        await act(record, campaign, ActivityKind.BEGUN)
        await act(record, campaign, ActivityKind.DISCLOSED, powers=[klingon])
        async with Stream(url, as_klingon, last=last) as again:
            await act(record, campaign, ActivityKind.VOTED)
            await again.hears("session", "known", "sitting")
            assert sorted(ids := [one for *_, one in again.events if one]) == ids

    run(story)


def test_what_happened_while_the_page_was_on_its_way_is_told(url, campaign, as_klingon):
    record(campaign, ActivityKind.FILED)

    async def story():
        async with Stream(f"{url}?age=2.5", as_klingon) as stream:
            await stream.hears("docket")
        async with Stream(f"{url}?age=none", as_klingon) as stream:
            assert stream.status == 200

    run(story)


def test_a_page_that_missed_too_much_is_told_to_look_at_everything(url, campaign, as_klingon):
    for _ in range(101):
        record(campaign)
    activity.number(timezone.now())

    async def story():
        async with Stream(url, as_klingon, last="1") as old:
            await old.until(lambda: len(old.events) > 1)
            assert [name for name, *_ in old.events] == ["time", "anew"]
        recent = str(activity.micros(timezone.now() - datetime.timedelta(minutes=1)))
        async with Stream(url, as_klingon, last=recent) as far:
            await far.until(lambda: len(far.events) > 1)
            assert [name for name, *_ in far.events] == ["time", "anew"]

    run(story)


def test_secrets_of_others_leave_a_stream_as_it_is(url, campaign, romulan, as_klingon):
    """Byte for byte but for time, with and without what the GM and another delegation do meanwhile."""

    async def heard(secret: bool) -> bytes:
        await asyncio.sleep(0.2)  # what was numbered a moment ago may lie a tenth of a second ahead
        async with Stream(url, as_klingon, last=str(activity.micros(timezone.now()))) as stream:
            for kind in (ActivityKind.FILED, ActivityKind.VOTED, ActivityKind.BEGUN):
                if secret:
                    await act(record, campaign, ActivityKind.STATE, audience=Audience.GM)
                    await act(record, campaign, ActivityKind.DISCLOSED, powers=[romulan])
                await act(record, campaign, kind)
            await stream.hears("docket", "sitting", "session")
            first = stream.events[1][2]
        async with Stream(url, as_klingon, last=first) as again:
            await again.hears("sitting", "session")
            return masked(stream.said.replace(b"event: changed\ndata: table\n\n", b"")) + masked(again.said)

    async def story():
        assert await heard(secret=False) == await heard(secret=True)

    run(story)


# The end of a right


def test_whoever_is_removed_hears_nothing_more(url, campaign, klingon_player, as_klingon, as_gm):
    async def story():
        async with Stream(url, as_klingon) as stream:
            await act(campaign.memberships.filter(user=klingon_player).delete)
            await act(record, campaign, ActivityKind.FILED)
            await stream.until(lambda: stream.is_over)
            assert not stream.topics

    run(story)


@pytest.mark.parametrize("how", ["removed", "signed out", "another password", "another role", "shut out"])
def test_a_door_closes_within_five_seconds(url, campaign, klingon_player, as_klingon, how):
    def close():
        member = campaign.memberships.get(user=klingon_player)
        match how:
            case "removed":
                member.delete()
            case "signed out":
                as_klingon.post(reverse("sign-out"))
            case "another password":
                klingon_player.set_password("quite another one")
                klingon_player.save()
            case "another role":
                member.role, member.power = "observer", None
                member.save()
            case "shut out":
                klingon_player.is_active = False
                klingon_player.save()

    async def story():
        async with Stream(url, as_klingon) as stream:
            await act(close)
            async with asyncio.timeout(5):
                await stream.until(lambda: stream.is_over)

    run(story)


def test_a_gm_who_looks_through_a_members_eyes_hears_what_they_hear(
    url, campaign, klingon, romulan, as_gm, klingon_player
):
    member = campaign.memberships.get(user=klingon_player)
    session = as_gm.session
    session["view-as"] = {str(campaign.pk): member.pk}
    session.save()

    async def story():
        async with Stream(url, as_gm) as stream:
            await act(record, campaign, ActivityKind.STATE, audience=Audience.GM)
            await act(record, campaign, ActivityKind.DISCLOSED, powers=[romulan])
            await act(record, campaign, ActivityKind.DISCLOSED, powers=[klingon])
            await act(record, campaign, ActivityKind.BEGUN)
            await stream.hears("known", "session")

    run(story)


def test_one_person_has_only_so_many_pages(url, as_klingon):
    async def story():
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(20):
                await stack.enter_async_context(Stream(url, as_klingon))
            async with Stream(url, as_klingon) as one_more:
                assert one_more.status == 429
        async with Stream(url, as_klingon) as again:
            assert again.status == 200

    run(story)


def test_a_page_that_reads_too_slowly_is_told_to_look_anew_and_costs_no_memory(campaign):
    listener = Listener(Ears(campaign=campaign.pk, runs=True))
    for position in range(1, 10_000):
        listener.tell(Told(position, campaign.pk, Topic.STATE))
    assert listener.has_lost and len(listener.waiting) == 0


def test_a_wave_of_rows_is_told_whole_and_none_twice(url, campaign, as_klingon, as_gm):
    async def story():
        async with Stream(url, as_klingon) as one, Stream(url, as_gm) as other:
            await asyncio.gather(*(act(record, campaign, ActivityKind.FILED) for _ in range(40)))
            for stream in (one, other):
                await stream.hears(*["docket"] * 40)
                ids = [place for name, _, place in stream.events if name == "changed" and place]
                assert len(set(ids)) == 40 and ids == sorted(ids)

    run(story)


# Order and keeping


def test_a_row_gets_its_place_once_it_is_committed_and_keeps_it(campaign):
    rows = [record(campaign) for _ in range(3)]
    assert activity.number(NOW) == 3 and activity.number(NOW) == 0
    rows.append(record(campaign))
    activity.number(NOW - datetime.timedelta(days=1))  # a clock that was put back
    places = [Activity.objects.get(pk=row.pk).position for row in rows]
    assert places == sorted(places) and len(set(places)) == 4
    assert 0 <= places[0] - activity.micros(NOW) < activity.BLUR


def test_the_distance_of_two_places_does_not_say_what_lies_between(campaign):
    """Of rows that are numbered together, those next to each other may lie further apart than those with one between."""
    spans = {1: [], 2: []}
    for _ in range(40):
        rows = [record(campaign) for _ in range(3)]
        activity.number(NOW)
        first, second, third = (Activity.objects.get(pk=row.pk).position for row in rows)
        spans[1].append(second - first)
        spans[2].append(third - first)
    assert max(spans[1]) > min(spans[2])


def test_what_is_old_is_let_go_and_what_moves_often_sooner(campaign):
    days = {"old": 91, "kept": 89, "quiet": 2, "fresh": 0}
    for name, ago in days.items():
        kind = ActivityKind.FLOOR if name in ("quiet", "fresh") else ActivityKind.FILED
        at = NOW - datetime.timedelta(days=ago)
        activity.record(campaign=campaign, kind=kind, now=at, path=f"/{name}/")
    assert activity.prune(NOW) == 2
    assert set(campaign.activity.values_list("path", flat=True)) == {"/kept/", "/fresh/"}


def test_what_moves_often_is_on_no_list(campaign, as_gm, as_klingon):
    activity.stir(campaign=campaign, kind=ActivityKind.FLOOR)
    for client in (as_gm, as_klingon):
        assert client.get(f"/c/{campaign.slug}/").context["latest"] == []
