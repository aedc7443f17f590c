"""When to meet: evenings proposed, answered by everyone, chosen by the GM, and taken into a calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from icalendar import Calendar

from khitomer import calendars
from khitomer.actions import campaigns as members
from khitomer.actions import dates as actions
from khitomer.errors import Refused
from khitomer.models import DatePoll, PollAnswer, PollDate, Session, SessionState
from tests import factories

ONE, TWO = (date(2026, 4, 1), time(19, 30)), (date(2026, 4, 2), None)


def url(name, **kwargs):
    return reverse(name, kwargs={"campaign": "long-peace", "number": 1, **kwargs})


def read(client, name="session-dates"):
    answer = client.get(url(name))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def planned(campaign):
    return factories.make_session(campaign, "The hearing", on=None)


@pytest.fixture
def poll(planned, gm):
    return actions.propose(session=planned, evenings=[TWO, ONE], by=gm, now=factories.NOW)


def proposed(*rows):
    given = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": "0"}
    for n, (on, starts) in enumerate(rows):
        given |= {f"form-{n}-on": on, f"form-{n}-starts": starts}
    return given


# Proposing


def test_the_gm_proposes_evenings(planned, as_gm):
    given = proposed(("2026-04-02", ""), ("2026-04-01", "19:30"), ("", ""), ("2026-04-01", "19:30"))
    assert as_gm.post(url("session-dates-propose"), given).status_code == 302
    assert list(PollDate.objects.values_list("on", "starts")) == [ONE, TWO]
    as_gm.post(url("session-dates-propose"), proposed(("2026-04-02", ""), ("2026-04-03", "")))
    assert PollDate.objects.count() == 3 and DatePoll.objects.count() == 1


@pytest.mark.parametrize(
    "rows",
    [
        [("", "")],
        [("", "19:00")],
        [("x", "")],
        [("2026-04-01", "25:00")],
        [("0001-01-01", "")],
        [("9999-12-31", "")],
    ],
)
def test_what_will_not_do_is_said_on_the_page(planned, as_gm, rows):
    answer = as_gm.post(url("session-dates-propose"), proposed(*rows))
    assert answer.status_code == 422 and "errorlist" in answer.content.decode()
    assert not DatePoll.objects.exists()


def test_too_many_evenings_are_refused(planned, gm):
    evenings = [(date(2026, 4, day), None) for day in range(1, 14)]
    with pytest.raises(Refused):
        actions.propose(session=planned, evenings=evenings, by=gm, now=factories.NOW)
    assert not DatePoll.objects.exists()


@pytest.mark.parametrize("state", [SessionState.IN_PLAY, SessionState.CLOSED])
def test_a_session_that_has_begun_asks_nobody(campaign, gm, state):
    session = factories.make_session(campaign, state=state)
    with pytest.raises(Refused):
        actions.propose(session=session, evenings=[ONE], by=gm, now=factories.NOW)


# Answering


def test_everyone_answers_and_sees_the_others(poll, as_klingon, as_observer, as_gm):
    one, two = poll.dates.all()
    given = {f"date-{one.pk}": "yes", f"date-{two.pk}": "no"}
    assert as_klingon.post(url("session-dates"), given).status_code == 302
    assert as_observer.post(url("session-dates"), {f"date-{one.pk}": "maybe"}).status_code == 302
    assert as_gm.post(url("session-dates"), {f"date-{one.pk}": "yes"}).status_code == 302
    page = " ".join(read(as_klingon).split())
    assert "2 yes, 1 if need be, 0 no" in page and "0 yes, 0 if need be, 1 no" in page
    as_klingon.post(url("session-dates"), {f"date-{one.pk}": "no"})
    assert PollAnswer.objects.filter(date=one).count() == 3
    assert "1 yes, 1 if need be, 1 no" in " ".join(read(as_observer).split())


@pytest.mark.parametrize("said", ["", "never", "YES", "x" * 500])
def test_what_is_no_answer_is_refused(poll, as_klingon, said):
    one = poll.dates.first()
    assert as_klingon.post(url("session-dates"), {f"date-{one.pk}": said}).status_code == 409
    assert not PollAnswer.objects.exists()


@pytest.mark.parametrize("key", ["999999", "x", "9" * 40, "-1", ""])
def test_an_evening_that_is_not_asked_about_is_passed_over(poll, as_klingon, key):
    assert as_klingon.post(url("session-dates"), {f"date-{key}": "yes"}).status_code == 302
    assert not PollAnswer.objects.exists()


def test_an_evening_of_another_poll_is_not_answered_here(campaign, poll, gm, as_klingon):
    other = factories.make_session(campaign, "Another", on=None)
    elsewhere = actions.propose(session=other, evenings=[ONE], by=gm, now=factories.NOW)
    as_klingon.post(url("session-dates"), {f"date-{elsewhere.dates.get().pk}": "yes"})
    assert not PollAnswer.objects.exists()


def test_what_a_removed_member_said_goes_with_them(campaign, poll, gm, klingon_player, as_klingon, as_gm):
    one = poll.dates.first()
    as_klingon.post(url("session-dates"), {f"date-{one.pk}": "yes"})
    member = campaign.memberships.get(user=klingon_player)
    members.remove_member(membership=member, by=gm, now=factories.NOW)
    assert not PollAnswer.objects.exists()
    assert "1 yes" not in read(as_gm) and str(klingon_player) not in read(as_gm)
    assert as_klingon.post(url("session-dates"), {f"date-{one.pk}": "yes"}).status_code == 404
    assert not PollAnswer.objects.exists()


def test_outsiders_find_nothing(poll, as_outsider):
    assert as_outsider.get(url("session-dates")).status_code == 404
    assert as_outsider.get(url("session-calendar")).status_code == 404


# Choosing


def test_the_gm_chooses_and_the_session_has_its_date(planned, poll, as_gm, as_klingon):
    one, two = poll.dates.all()
    assert as_gm.post(url("session-date-choose", pk=one.pk)).status_code == 302
    planned.refresh_from_db()
    poll.refresh_from_db()
    assert (planned.on, planned.starts) == ONE and poll.closed_at is not None
    assert as_klingon.post(url("session-dates"), {f"date-{one.pk}": "yes"}).status_code == 409
    assert as_gm.post(url("session-date-choose", pk=two.pk)).status_code == 409
    assert "chosen" in read(as_klingon)


def test_the_gm_asks_again_and_what_was_said_stands(planned, poll, as_gm, as_klingon):
    one, two = poll.dates.all()
    as_klingon.post(url("session-dates"), {f"date-{two.pk}": "yes"})
    as_gm.post(url("session-date-choose", pk=one.pk))
    assert as_gm.post(url("session-dates-again")).status_code == 302
    assert as_gm.post(url("session-date-choose", pk=two.pk)).status_code == 302
    planned.refresh_from_db()
    assert (planned.on, planned.starts) == TWO
    assert PollAnswer.objects.count() == 1 and PollDate.objects.get(chosen=True) == two


def test_an_evening_is_taken_back_and_with_the_last_the_poll(poll, as_gm):
    for left, each in zip((1, 0), poll.dates.all(), strict=True):
        assert as_gm.post(url("session-date-choose", pk=each.pk), {"withdraw": "1"}).status_code == 302
        assert PollDate.objects.count() == left
    assert not DatePoll.objects.exists()


def test_players_neither_propose_nor_choose(poll, as_klingon):
    one = poll.dates.first()
    for name, where in (
        ("session-dates-propose", {}),
        ("session-date-choose", {"pk": one.pk}),
        ("session-dates-again", {}),
    ):
        assert as_klingon.post(url(name, **where), proposed(("2026-05-01", ""))).status_code == 404
    assert PollDate.objects.count() == 2 and "Propose evenings" not in read(as_klingon)


@pytest.mark.parametrize("number", [1, 12])
def test_the_page_takes_the_same_queries_for_any_number(
    campaign, planned, gm, as_klingon, number, django_assert_num_queries
):
    evenings = [(date(2026, 4, day + 1), None) for day in range(number)]
    poll = actions.propose(session=planned, evenings=evenings, by=gm, now=factories.NOW)
    for member in campaign.memberships.all():
        PollAnswer.objects.bulk_create(
            PollAnswer(date=each, member=member, answer="yes") for each in poll.dates.all()
        )
    with django_assert_num_queries(10):
        as_klingon.get(url("session-dates"))


@pytest.mark.django_db(transaction=True)
def test_two_gms_who_choose_at_once_choose_one(planned, poll, gm, co_gm):
    from threading import Barrier, Thread

    start, refused = Barrier(2), []

    def go(each, by):
        start.wait()
        try:
            actions.choose(date=each, by=by, now=factories.NOW)
        except Refused as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=go, args=pair) for pair in zip(poll.dates.all(), (gm, co_gm), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chosen = PollDate.objects.get(chosen=True)
    assert len(refused) == 1 and Session.objects.get().on == chosen.on


# The calendar

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def made(evenings, zone="Europe/Berlin", now=NOW):
    return calendars.calendar(evenings, name="The Long Peace", zone=zone, now=now)


def evening(**given):
    given = {"uid": "a@khitomer", "title": "The hearing", "url": "https://k.example/c/x/", **given}
    return calendars.Evening(**{"on": date(2026, 4, 1), "starts": time(19, 30), **given})


@pytest.mark.parametrize(
    ("zone", "on", "begins"),
    [
        ("UTC", date(2026, 4, 1), "20260401T193000Z"),
        ("Europe/Berlin", date(2026, 1, 1), "20260101T183000Z"),
        ("Europe/Berlin", date(2026, 7, 1), "20260701T173000Z"),
        ("America/Los_Angeles", date(2026, 12, 31), "20270101T033000Z"),
        ("Asia/Kathmandu", date(2026, 4, 1), "20260401T134500Z"),
    ],
)
def test_times_are_those_of_the_table_in_utc(zone, on, begins):
    text = made([evening(on=on)], zone=zone).decode()
    assert f"DTSTART:{begins}\r\n" in text
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=4)


def test_a_day_without_a_time_is_a_day():
    text = made([evening(starts=None)]).decode()
    assert "DTSTART;VALUE=DATE:20260401\r\n" in text and "DTEND;VALUE=DATE:20260402\r\n" in text


def test_lines_are_folded_escaped_and_ended_as_the_standard_says():
    title = "Ærø; a, b\\c\nEND:VEVENT " + "ö" * 120
    data = made([evening(title=title)])
    lines = data.split(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"") and lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    for line in lines:
        line.decode()  # no letter is cut in two
    assert data.count(b"\r\nEND:VEVENT\r\n") == 1
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    assert str(event["SUMMARY"]) == title
    assert {"UID", "DTSTAMP", "SEQUENCE", "SUMMARY"} <= set(event)


def test_what_is_taken_later_goes_before():
    first, later = (
        Calendar.from_ical(made([evening()], now=now)).walk("VEVENT")[0]
        for now in (NOW, NOW + timedelta(hours=1))
    )
    assert first["UID"] == later["UID"] and later["SEQUENCE"] > first["SEQUENCE"]


def test_the_file_of_a_session_and_of_all(campaign, as_klingon, as_gm):
    factories.make_session(campaign, "The roll", gm_notes="The traitor is Pardek", starts=time(20))
    factories.make_session(campaign, "The vote", on=date(2026, 5, 1))
    factories.make_session(campaign, "Some day", on=None)
    answer = as_klingon.get(url("session-calendar"))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="session-1.ics"'
    one = Calendar.from_ical(answer.content).walk("VEVENT")
    every = as_gm.get(reverse("sessions-calendar", kwargs={"campaign": "long-peace"}))
    both = Calendar.from_ical(every.content).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in both] == [
        "The Long Peace: The roll",
        "The Long Peace: The vote",
    ]
    assert both[0]["UID"] == one[0]["UID"] != both[1]["UID"]
    assert b"Pardek" not in answer.content + every.content
    assert as_klingon.get(url("session-calendar", number=3)).status_code == 404


def test_the_gm_sets_the_time_zone(campaign, as_gm):
    where = reverse("campaign-edit", kwargs={"campaign": "long-peace"})
    for zone, status in (("Europe/Berlin", 302), ("Mars/Olympus", 422), ("../../etc/passwd", 422), ("", 302)):
        given = {"name": "The Long Peace", "summary": "", "time_zone": zone}
        assert as_gm.post(where, given).status_code == status
    campaign.refresh_from_db()
    assert campaign.time_zone == "Europe/Berlin"


def test_a_session_starts_at_a_time(campaign, as_gm):
    where = reverse("session-new", kwargs={"campaign": "long-peace"})
    given = {"token": "a", "title": "T", "on": "2026-04-01", "starts": "19:30"}
    assert as_gm.post(where, given).status_code == 302
    assert Session.objects.get().starts == time(19, 30)
    given = {"token": "b", "title": "T", "on": "2026-04-01", "starts": "20:00"}
    assert as_gm.post(url("session-edit"), given).status_code == 302
    assert Session.objects.get().starts == time(20)
