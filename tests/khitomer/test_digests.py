"""Letters of what happened: to whom, of what, when, and once."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command

from khitomer.actions import activity
from khitomer.actions import notices as actions
from khitomer.models import ActivityKind, Audience, Digest, NoticeKind, Notices
from khitomer.notices import courier, digests, outside
from khitomer.rules.digests import begun, is_due
from tests.crowd import together

pytestmark = pytest.mark.django_db

SATURDAY = datetime(2026, 3, 14, 20, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 15, 7, 0, tzinfo=UTC)
MONDAY = datetime(2026, 3, 16, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def address(settings):
    settings.ADDRESS = "https://khitomer.example"


@pytest.fixture
def member(campaign, klingon_player):
    """The Klingon delegate, who gets a letter a day since Saturday evening."""
    member = campaign.memberships.get(user=klingon_player)
    ask(member)
    return member


def ask(member, digest=Digest.DAILY, kinds=actions.ALL):
    given = {"in_app": [], "in_browser": [], "by_mail": kinds}
    actions.choose(by=member, digest=digest, now=SATURDAY, **given)


def happen(campaign, kind=ActivityKind.RULED, at=SATURDAY, **given):
    given.setdefault("number", 7)
    given.setdefault("path", "/c/long-peace/docket/7/")
    return activity.record(campaign=campaign, kind=kind, now=at, **given)


def test_a_letter_tells_what_happened_since_the_last_one(campaign, member, mailoutbox):
    happen(campaign)
    assert digests.send_due(SUNDAY - timedelta(seconds=1)) == 0
    assert digests.send_due(SUNDAY) == 1
    (letter,) = mailoutbox
    assert letter.to == ["klingon@example.org"]
    assert letter.subject == "The Long Peace: what happened this day"
    assert "14 Mar, 20:00 UTC: Complaint No. 7 was ruled on" in letter.body
    assert "https://khitomer.example/c/long-peace/docket/7/" in letter.body
    assert "choose “No letters” here:\n\nhttps://khitomer.example/c/long-peace/notices/" in letter.body
    happen(campaign, number=8)
    assert digests.send_due(SUNDAY + timedelta(hours=23, minutes=59)) == 0
    assert digests.send_due(MONDAY) == 1
    assert "No. 8" in mailoutbox[1].body and "No. 7" not in mailoutbox[1].body


def test_where_nothing_happened_no_letter_goes_out(campaign, klingon, member, mailoutbox):
    happen(campaign, ActivityKind.FILED, power=klingon)  # their own doing
    assert digests.send_due(SUNDAY) == 0
    happen(campaign)
    assert digests.send_due(SUNDAY + timedelta(hours=1)) == 0  # this day's letter was left out
    assert digests.send_due(MONDAY) == 1
    assert len(mailoutbox) == 1


def test_a_letter_says_what_its_reader_may_know_and_no_more(
    campaign, klingon, federation, romulan_player, member, mailoutbox
):
    other = campaign.memberships.get(user=romulan_player)
    ask(other)
    happen(campaign, ActivityKind.PARLEY, power=federation, powers=[klingon])
    happen(
        campaign, ActivityKind.DISCLOSED, number=None, persons=[other], path="/c/long-peace/archive/duras/"
    )
    happen(campaign, ActivityKind.STATE, audience=Audience.GM, number=None)
    taken_back = happen(campaign, ActivityKind.DISCLOSED, number=None, powers=[klingon], path="/c/x/gone/")
    taken_back.powers.clear()
    digests.send_due(SUNDAY)
    told = {letter.to[0]: letter.body for letter in mailoutbox}
    assert set(told) == {"klingon@example.org", "romulan@example.org"}
    assert "spoke in the parley" in told["klingon@example.org"]
    assert "duras" not in told["klingon@example.org"] and "gone" not in told["klingon@example.org"]
    assert "duras" in told["romulan@example.org"] and "parley" not in told["romulan@example.org"]
    assert not any("state of the campaign" in body for body in told.values())


def test_only_the_kinds_that_were_chosen(campaign, member, mailoutbox):
    ask(member, kinds=[NoticeKind.EVENINGS])
    happen(campaign)
    assert digests.send_due(SUNDAY) == 0
    happen(campaign, ActivityKind.BEGUN, number=3)
    digests.send_due(MONDAY)
    assert "Session 3 began" in mailoutbox[0].body and "No. 7" not in mailoutbox[0].body


@pytest.mark.parametrize("why", ["off", "no address", "shut out", "removed"])
def test_whoever_is_not_to_be_written_to_is_not(why, campaign, member, mailoutbox):
    happen(campaign)
    if why == "off":
        ask(member, Digest.OFF)
    elif why == "no address":
        member.user.email = ""
    elif why == "shut out":
        member.user.is_active = False
    member.user.save()
    if why == "removed":
        member.delete()
    assert digests.send_due(SUNDAY) == 0 and mailoutbox == []


def test_a_long_letter_is_cut_and_says_so(campaign, member, mailoutbox):
    for number in range(digests.MOST + 1):
        happen(campaign, number=number, at=SATURDAY + timedelta(seconds=number))
    digests.send_due(SUNDAY)
    assert mailoutbox[0].body.count("was ruled on") == digests.MOST and "There is more." in mailoutbox[0].body


def test_what_the_mail_server_did_not_take_is_in_the_next_letter(campaign, member, mailoutbox, monkeypatch):
    def down(self, messages):
        raise ConnectionRefusedError

    happen(campaign)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", down)
        assert digests.send_due(SUNDAY) == 0
    assert digests.send_due(SUNDAY + timedelta(minutes=5)) == 0  # not again and again
    assert digests.send_due(MONDAY) == 1
    assert "No. 7" in mailoutbox[0].body


@pytest.mark.parametrize("step", ["_letter", "send_mail"])
def test_what_goes_wrong_for_one_stops_nobody_elses(
    step, campaign, member, federation_player, romulan_player, mailoutbox, monkeypatch, caplog
):
    for user in (federation_player, romulan_player):
        ask(campaign.memberships.get(user=user))
    happen(campaign)
    done, calls = getattr(digests, step), []

    def second_fails(*given):
        calls.append(given)
        if len(calls) == 2:
            raise ValueError("a bug")
        return done(*given)

    with monkeypatch.context() as patch:
        patch.setattr(digests, step, second_fails)
        assert digests.send_due(SUNDAY) == 2 and "a bug" in caplog.text
    assert digests.send_due(MONDAY) == 1  # it is not lost
    assert len({letter.to[0] for letter in mailoutbox}) == 3


def test_a_letter_goes_out_before_the_next_counts_as_sent(
    campaign, member, federation_player, mailoutbox, monkeypatch
):
    ask(campaign.memberships.get(user=federation_player))
    happen(campaign)
    sent, write = [], digests._letter
    monkeypatch.setattr(digests, "_letter", lambda *given: sent.append(len(mailoutbox)) or write(*given))
    assert digests.send_due(SUNDAY) == 2 and sent == [0, 1]


@pytest.mark.django_db(transaction=True)
def test_however_many_look_one_letter_goes_out(campaign, member, mailoutbox):
    happen(campaign)
    activity.number(SATURDAY)
    sent = together(lambda _: digests.send_due(SUNDAY), times=4)
    assert sorted(sent) == [0, 0, 0, 1] and len(mailoutbox) == 1


def test_the_commands_send_what_is_due(campaign, member, mailoutbox, capsys):
    happen(campaign)
    call_command("send_digests")
    call_command("send_digests")
    assert capsys.readouterr().out == "1 sent.\n0 sent.\n"
    call_command("deliver_notices", once=True)
    assert capsys.readouterr().out == "0 sent.\n"


def test_letters_wait_for_no_slow_receiver(monkeypatch):
    sending, answered, written = threading.Event(), threading.Event(), threading.Event()

    def deliver() -> None:
        sending.set()
        answered.wait(20)

    def send_due(now) -> None:
        if sending.wait(20):
            written.set()

    monkeypatch.setattr(outside, "deliver", deliver)
    monkeypatch.setattr(digests, "send_due", send_due)
    with courier.Courier():
        assert written.wait(20)
        answered.set()


@pytest.mark.parametrize(
    ("now", "zone", "weekly", "when"),
    [
        ("2026-03-14T20:00", "UTC", False, "2026-03-14T07:00"),
        ("2026-03-14T06:59", "UTC", False, "2026-03-13T07:00"),
        ("2026-03-14T07:00", "UTC", False, "2026-03-14T07:00"),
        ("2026-03-14T20:00", "UTC", True, "2026-03-09T07:00"),
        ("2026-03-16T06:59", "UTC", True, "2026-03-09T07:00"),
        ("2026-03-16T07:00", "UTC", True, "2026-03-16T07:00"),
        ("2026-03-14T20:00", "Asia/Tokyo", False, "2026-03-13T22:00"),
        ("2026-03-14T10:00", "America/New_York", False, "2026-03-13T11:00"),
        ("2026-03-29T05:00", "Europe/Berlin", False, "2026-03-29T05:00"),  # summer time began in the night
    ],
)
def test_when_a_day_and_a_week_begin(now, zone, weekly, when):
    def at(text):
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    zone = ZoneInfo(zone)
    assert begun(at(now), zone, weekly=weekly) == at(when)
    assert is_due(at(now), None, zone, weekly=weekly)
    assert is_due(at(now), at(when) - timedelta(seconds=1), zone, weekly=weekly)
    assert not is_due(at(now), at(when), zone, weekly=weekly)


def test_whoever_never_chose_gets_no_letter(campaign, mailoutbox):
    happen(campaign)
    assert digests.send_due(SUNDAY) == 0 and not Notices.objects.exists() and mailoutbox == []
