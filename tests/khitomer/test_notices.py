"""The notices of a member: what they list, what counts as unread, and how each is told."""

import datetime
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khitomer.access import get_campaign_for
from khitomer.actions import activity, sessions
from khitomer.actions import notices as actions
from khitomer.actions.notices import choices_of
from khitomer.models import (
    QUIET,
    ActivityKind,
    Audience,
    Digest,
    Membership,
    NoticeKind,
    Notices,
    activity_of,
    notice_of,
)
from khitomer.notices import mine
from tests.factories import NOW, make_session

pytestmark = pytest.mark.django_db

LATER = NOW + datetime.timedelta(hours=1)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def url(campaign):
    return reverse("notices", args=[campaign.slug])


def happen(campaign, kind=ActivityKind.RULED, at=LATER, **given):
    given.setdefault("number", 7)
    given.setdefault("path", "/c/long-peace/docket/7/")
    row = activity.record(campaign=campaign, kind=kind, now=at, **given)
    activity.number(at)
    return row


def member_of(campaign, user) -> Membership:
    return campaign.memberships.get(user=user)


def count_of(client, url) -> str:
    """What the frame of every page asks for."""
    answer = client.get(url, headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def chosen(**instead):
    """A post of the form as it stands for a player who changed nothing, but for what is given."""
    usual = {
        "in_app": sorted(actions.USUAL_APP),
        "in_browser": sorted(actions.USUAL_BROWSER),
        "by_mail": sorted(actions.USUAL_MAIL),
        "digest": "off",
    }
    return {**usual, **instead}


# Kinds


def test_every_kind_of_activity_that_is_told_is_one_of_notice():
    assert {notice_of(kind) for kind in ActivityKind if kind not in QUIET} == set(NoticeKind)
    told = sorted(kind for each in NoticeKind for kind in activity_of([each]))
    assert told == sorted(set(ActivityKind) - set(QUIET))


@pytest.mark.parametrize(
    ("kind", "notice"),
    [
        (ActivityKind.FILED, NoticeKind.COMPLAINTS),
        (ActivityKind.PARLEY, NoticeKind.PARLEYS),
        (ActivityKind.VOTE_OPENED, NoticeKind.CONFERENCES),
        (ActivityKind.DISCLOSED, NoticeKind.KNOWN),
        (ActivityKind.POLLED, NoticeKind.EVENINGS),
        (ActivityKind.ROLLED, NoticeKind.PLAY),
        (ActivityKind.JOINED, NoticeKind.PEOPLE),
        (ActivityKind.TAKEN_UP, NoticeKind.PAGES),
    ],
)
def test_what_belongs_to_which_kind(kind, notice):
    assert notice_of(kind) == notice


# The list and the count


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_lists_what_is_new_in_as_many_queries_for_one_as_for_three(
    number, campaign, klingon, as_klingon, url
):
    for each in range(number):
        happen(campaign, at=LATER + datetime.timedelta(minutes=each), number=each + 1)
    as_klingon.get(url)
    with CaptureQueriesContext(connection) as asked:
        body = as_klingon.get(url).content.decode()
    assert len(asked) == 12
    assert body.count('<span class="tag amber">New</span>') == number
    assert "Complaint No. 1 was ruled on" in body
    assert 'href="/c/long-peace/docket/7/"' in body


def test_the_frame_asks_for_the_count_and_gets_the_part_alone(campaign, as_klingon, url):
    assert count_of(as_klingon, url) == "Notices"
    happen(campaign)
    assert count_of(as_klingon, url) == (
        'Notices <span class="tag amber">1<span class="visually-hidden"> unread</span></span>'
    )
    assert "<html" in as_klingon.get(url).content.decode()
    page = as_klingon.get(reverse("members", args=[campaign.slug])).content.decode()
    assert f'href="{url}" hx-morph-skip hx-get="{url}"' in page
    assert ">1<" not in page.split("</header>")[0]


def test_the_list_is_asked_for_again_by_itself(campaign, as_klingon, url):
    happen(campaign)
    part = as_klingon.get(url, {"list": "1"}, headers=HTMX).content.decode()
    assert part.strip().startswith("<section") and "Complaint No. 7 was ruled on" in part
    assert "1 unread" in part and "csrfmiddlewaretoken" in part and "How you are told" not in part
    assert "<html" in as_klingon.get(url, {"list": "1"}).content.decode()


def test_what_is_kept_from_somebody_changes_no_byte_of_theirs(
    campaign, klingon, as_klingon, as_federation, url
):
    happen(campaign)
    before = [count_of(as_federation, url), listed(as_federation, url)]
    happen(campaign, ActivityKind.DISCLOSED, powers=[klingon], path="/c/long-peace/archive/duras/")
    happen(campaign, ActivityKind.STATE, audience=Audience.GM)
    assert [count_of(as_federation, url), listed(as_federation, url)] == before
    assert "duras" in listed(as_klingon, url)
    assert ">2<" in count_of(as_klingon, url)


def listed(client, url) -> str:
    page = client.get(url).content.decode()
    section = page[page.index('id="latest"') : page.index("How you are told")]
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", section)


def test_ones_own_doings_and_what_was_before_one_came_do_not_count(
    campaign, klingon, federation, as_klingon, url
):
    happen(campaign, ActivityKind.FILED, at=NOW - datetime.timedelta(days=3), power=federation)
    happen(campaign, ActivityKind.FILED, power=klingon)
    assert count_of(as_klingon, url) == "Notices"
    happen(campaign, ActivityKind.FILED, power=federation)
    assert ">1<" in count_of(as_klingon, url)
    assert "United Federation" in listed(as_klingon, url) and "Klingon" not in listed(as_klingon, url)


def test_what_a_gm_did_is_news_to_the_other_gm_alone(campaign, gm, as_gm, as_co_gm, url):
    session = make_session(campaign, "The hearing")
    sessions.add_item(session=session, title="Seating", by=gm, now=LATER)
    sessions.begin(session=session, by=gm, now=LATER)
    activity.number(LATER)
    assert count_of(as_gm, url) == "Notices" and "Nothing has happened" in listed(as_gm, url)
    assert ">2<" in count_of(as_co_gm, url)


def test_what_has_no_place_in_the_order_yet_counts_all_the_same(campaign, as_klingon, url):
    activity.record(campaign=campaign, kind=ActivityKind.BEGUN, now=LATER, number=3)
    assert ">1<" in count_of(as_klingon, url)
    as_klingon.post(reverse("notices-read", args=[campaign.slug]))
    assert count_of(as_klingon, url) == "Notices"


def test_what_reads_the_same_of_one_moment_is_one_notice(campaign, as_klingon, url):
    for _ in range(2):
        happen(campaign, ActivityKind.DISCLOSED, number=None, path="/c/long-peace/archive/pardek/")
    assert ">1<" in count_of(as_klingon, url)


def test_a_great_many_are_not_counted_out(campaign, as_klingon, url):
    for each in range(101):
        happen(campaign, number=each)
    assert "99+" in count_of(as_klingon, url)
    assert "More than 99 unread" in as_klingon.get(url).content.decode()


# Read


def test_all_that_was_shown_is_read_and_nothing_else(campaign, klingon_player, as_klingon, url):
    happen(campaign)
    page = as_klingon.get(url).content.decode()
    assert "Mark all read" in page
    happen(campaign, number=8, at=LATER + datetime.timedelta(minutes=1))
    to = reverse("notices-read", args=[campaign.slug])
    assert as_klingon.post(to, {"seen": activity.micros(LATER)}).url == url
    assert ">1<" in count_of(as_klingon, url)
    as_klingon.post(to)
    assert count_of(as_klingon, url) == "Notices"
    assert "Mark all read" not in as_klingon.get(url).content.decode()
    read = Notices.objects.get(member__user=klingon_player).read_position
    actions.mark_read(by=member_of(campaign, klingon_player), upto=1)
    assert Notices.objects.get(member__user=klingon_player).read_position == read


@pytest.mark.parametrize("seen", ["", "yesterday", "9" * 40, str(2**62), "-1"])
def test_nonsense_for_what_was_seen_is_all_of_it(seen, campaign, as_klingon, url):
    happen(campaign)
    assert as_klingon.post(reverse("notices-read", args=[campaign.slug]), {"seen": seen}).status_code == 302
    assert count_of(as_klingon, url) == "Notices"


def test_whoever_looks_through_anothers_eyes_reads_their_notices_and_marks_none(
    campaign, klingon, klingon_player, as_gm, url
):
    happen(campaign, ActivityKind.STATE, audience=Audience.GM)
    happen(campaign, ActivityKind.PARLEY, powers=[klingon])
    member = member_of(campaign, klingon_player)
    as_gm.post(reverse("view-as", args=[campaign.slug]), {"member": member.pk})
    assert ">1<" in count_of(as_gm, url)
    assert as_gm.post(url, chosen()).status_code == 409
    assert as_gm.post(reverse("notices-read", args=[campaign.slug])).status_code == 409
    assert not Notices.objects.exists()


# Choices


def test_what_was_chosen_is_kept_and_kept_to(campaign, klingon_player, as_klingon, url):
    happen(campaign, ActivityKind.RULED)
    happen(campaign, ActivityKind.ROLLED, number=1)
    assert ">1<" in count_of(as_klingon, url)
    assert as_klingon.post(url, chosen(in_app=["play"], in_browser=[])).url == url
    choices = choices_of(member_of(campaign, klingon_player))
    assert choices.in_app == {NoticeKind.PLAY} and choices.in_browser == set()
    assert "Dice and pools" in listed(as_klingon, url) and "ruled on" not in listed(as_klingon, url)
    as_klingon.post(url, chosen(in_app=[]))
    assert count_of(as_klingon, url) == "Notices"
    assert "Nothing has happened yet" in as_klingon.get(url).content.decode()


def test_whoever_runs_the_campaign_is_not_told_of_what_they_do(campaign, gm, co_gm, klingon_player):
    for user in (gm, co_gm):
        assert not choices_of(member_of(campaign, user)).in_app & actions.OF_THE_GM
    assert choices_of(member_of(campaign, klingon_player)).in_app >= actions.OF_THE_GM


@pytest.mark.parametrize(
    "given", [{}, chosen(digest="hourly"), chosen(in_app=["secrets"]), {"in_app": ["play"]}]
)
def test_what_is_no_choice_is_said_so(given, as_klingon, url):
    assert as_klingon.post(url, given).status_code == 422
    assert not Notices.objects.exists()


def test_letters_begin_with_what_happens_after_they_were_asked_for(campaign, klingon_player, as_klingon, url):
    happen(campaign)
    as_klingon.post(url, chosen(digest="daily"))
    row = Notices.objects.get(member__user=klingon_player)
    assert row.digest_position == actions.newest() > 0 and row.digest_at
    happen(campaign, number=8)
    as_klingon.post(url, chosen(digest="weekly"))
    row.refresh_from_db()
    assert row.digest == Digest.WEEKLY and row.digest_position < actions.newest()


@pytest.mark.parametrize("broken", [{"digest": "hourly"}, {"read_position": -1}, {"digest_position": -1}])
def test_the_database_keeps_what_can_be(broken, campaign, klingon_player):
    with pytest.raises(IntegrityError), transaction.atomic():
        Notices.objects.create(member=member_of(campaign, klingon_player), **broken)


def test_without_an_address_the_page_says_that_no_letter_comes(campaign, klingon_player, as_klingon, url):
    assert "There is no address on your account" not in as_klingon.get(url).content.decode()
    klingon_player.email = ""
    klingon_player.save()
    assert "There is no address on your account" in as_klingon.get(url).content.decode()


# What the browser says aloud


def test_the_browser_is_given_what_is_unread_of_its_own_kinds(
    campaign, klingon, romulan, klingon_player, as_klingon, as_federation
):
    to = reverse("notices-newest", args=[campaign.slug])
    happen(campaign, ActivityKind.RULED)
    row = happen(
        campaign, ActivityKind.PARLEY, power=romulan, powers=[klingon], path="/c/long-peace/docket/7/parley/"
    )
    row.refresh_from_db()
    assert as_klingon.get(to).json() == {
        "campaign": "The Long Peace",
        "notices": [
            {
                "position": row.position,
                "text": "Romulan Star Empire spoke in the parley on complaint No. 7",
                "path": "/c/long-peace/docket/7/parley/",
            }
        ],
    }
    assert as_federation.get(to).json()["notices"] == []
    mine.read_all(get_campaign_for(klingon_player, campaign.slug), seen=None, now=LATER)
    assert as_klingon.get(to).json()["notices"] == []
