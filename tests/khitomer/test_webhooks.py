"""What goes to webhooks: to whom, in which words, once, again after a failure, and nowhere that it may not."""

import ipaddress
import json
import socket
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import transaction
from django.urls import reverse

from khitomer.actions import activity
from khitomer.actions import webhooks as actions
from khitomer.errors import Refused
from khitomer.models import ActivityKind, Audience, NoticeKind, Webhook
from khitomer.notices import calling, courier, outside, places
from khitomer.rules import webhooks as rules
from tests import factories
from tests.crowd import together
from tests.factories import NOW

pytestmark = pytest.mark.django_db

SOON = timedelta(seconds=1)


class Receiver(ThreadingHTTPServer):
    """A server that keeps what it was sent, and answers as it was told to, one answer a request; 204 by default."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard, self.answers, self.headers, self.patience = [], [], {}, 0.0
        self.url = f"http://127.0.0.1:{self.server_port}/api/webhooks/1/a-secret"

    @property
    def texts(self) -> list[str]:
        return [heard["content"] for heard in self.heard]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(json.loads(body))
        time.sleep(self.server.patience)
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def receiver(settings):
    settings.WEBHOOKS_ANYWHERE = True
    settings.ADDRESS = "https://khitomer.example"
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture
def webhook(campaign, receiver) -> Webhook:
    return factories.make_webhook(campaign, url=receiver.url)


def happen(campaign, kind=ActivityKind.RULED, at=NOW, **given):
    given.setdefault("number", 7)
    given.setdefault("path", "/c/long-peace/docket/7/")
    return activity.record(campaign=campaign, kind=kind, now=at, **given)


def deliver(now):
    return outside.deliver(lambda: now)


# What is sent


def test_what_everyone_may_know_is_told_once_with_a_link_and_mentions_nobody(campaign, webhook, receiver):
    happen(campaign)
    assert deliver(NOW) == 1
    assert receiver.heard == [
        {
            "content": "**The Long Peace**\n• Complaint No\\. 7 was ruled on <https://khitomer.example/c/long-peace/docket/7/>",
            "username": "Khitomer",
            "allowed_mentions": {"parse": []},
        }
    ]
    assert deliver(NOW + SOON) == 0
    webhook.refresh_from_db()
    assert (webhook.sent_at, webhook.trouble, webhook.held_by) == (NOW, "", "")


def test_what_is_the_gms_a_powers_or_a_persons_never_is(
    campaign, klingon, federation_player, webhook, receiver
):
    person = campaign.memberships.get(user=federation_player)
    happen(campaign, ActivityKind.STATE, audience=Audience.GM)
    happen(campaign, ActivityKind.PARLEY, powers=[klingon])
    happen(campaign, ActivityKind.DISCLOSED, persons=[person])
    happen(campaign, ActivityKind.FLOOR)
    assert deliver(NOW) == 0
    assert outside.due(NOW) == []  # it has been passed over, and is not looked at again
    assert receiver.heard == []


def test_the_ears_of_a_power_hear_what_its_delegation_may_and_no_more(
    campaign, klingon, federation, klingon_player, receiver
):
    factories.make_webhook(campaign, url=receiver.url, power=klingon)
    person = campaign.memberships.get(user=klingon_player)
    happen(campaign, ActivityKind.PARLEY, power=federation, powers=[klingon, federation])
    happen(campaign, ActivityKind.PARLEY, power=federation, powers=[federation], number=8)
    happen(campaign, ActivityKind.DISCLOSED, persons=[person], number=None)
    happen(campaign, ActivityKind.BEGUN, number=3)
    happen(campaign, ActivityKind.STATE, audience=Audience.GM)
    deliver(NOW)
    (text,) = receiver.texts
    assert text.count("•") == 2 and "No\\. 7" in text and "Session 3 began" in text


def test_only_the_kinds_that_were_chosen(campaign, receiver):
    factories.make_webhook(campaign, url=receiver.url, kinds=[NoticeKind.EVENINGS])
    happen(campaign)
    happen(campaign, ActivityKind.BEGUN, number=3)
    happen(campaign, ActivityKind.ROLLED, number=3)
    deliver(NOW)
    (text,) = receiver.texts
    assert text.count("•") == 1 and "Session 3 began" in text


def test_what_was_narrowed_before_it_was_sent_is_not(campaign, webhook, receiver):
    row = happen(campaign, ActivityKind.DISCLOSED)
    row.audience = Audience.GM
    row.save()
    assert deliver(NOW) == 0


def test_what_is_not_committed_is_not_told(campaign, webhook, receiver):
    with transaction.atomic():
        happen(campaign)
        transaction.set_rollback(True)
    assert deliver(NOW) == 0 and receiver.heard == []


def test_another_campaigns_activity_is_not_told(campaign, webhook, receiver):
    other = factories.make_campaign("Elsewhere", "elsewhere")
    happen(other)
    assert deliver(NOW) == 0


def test_much_is_told_in_several_messages_and_nothing_twice(campaign, webhook, receiver):
    for number in range(70):
        happen(campaign, number=number, at=NOW + timedelta(seconds=number))
        happen(campaign, number=number, at=NOW + timedelta(seconds=number))  # reads the same
    while deliver(NOW):
        pass
    lines = [line for text in receiver.texts for line in text.splitlines()[1:]]
    assert len(lines) == len(set(lines)) == 70
    assert all(len(text) <= 2000 for text in receiver.texts)


# Words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plain", "plain"),
        ("@everyone **now**", "\\@everyone \\*\\*now\\*\\*"),
        ("[a](https://b)", "\\[a\\]\\(https\\://b\\)"),
        ("<@1> `x` ~y~ |z| _q_ # >", "\\<\\@1\\> \\`x\\` \\~y\\~ \\|z\\| \\_q\\_ \\# \\>"),
        ("two\nlines", "two lines"),
    ],
)
def test_nothing_in_a_name_is_markup(text, said):
    assert rules.escaped(text) == said


def test_a_message_takes_what_it_has_room_for_and_one_line_at_least():
    assert rules.message("C", ["x" * 3000, "y"]) == ("**C**\n" + "x" * 1994, 1)
    text, taken = rules.message("C", ["x" * 900] * 5)
    assert taken == 2 and len(text) == 5 + 2 * 901


# Again


def test_after_a_failure_it_is_tried_again_and_told_once(campaign, webhook, receiver):
    receiver.answers = [500]
    happen(campaign)
    deliver(NOW)
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.trouble) == (1, "It answered 500")
    assert deliver(NOW + timedelta(seconds=9)) == 0
    assert deliver(NOW + timedelta(seconds=10)) == 1
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.trouble, webhook.next_try_at) == (0, "", None)
    assert deliver(NOW + timedelta(hours=1)) == 0
    assert len(receiver.heard) == 2 and receiver.texts[0] == receiver.texts[1]


def test_it_waits_longer_each_time_and_is_then_switched_off(campaign, webhook, receiver, as_gm):
    receiver.answers = [503] * 9
    happen(campaign)
    now, waits = NOW, []
    while deliver(now):
        webhook.refresh_from_db()
        if webhook.next_try_at is None:
            break
        waits.append(webhook.next_try_at - now)
        now = webhook.next_try_at
    assert waits == list(rules.TRIES) and not webhook.is_on
    page = as_gm.get(reverse("webhooks", args=[campaign.slug])).content.decode()
    assert "It answered 503. It is not tried any more" in page
    assert deliver(now + timedelta(days=1)) == 0


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_is_given_up_at_once(status, campaign, webhook, receiver):
    receiver.answers = [status]
    happen(campaign)
    deliver(NOW)
    webhook.refresh_from_db()
    assert not webhook.is_on and webhook.trouble == f"It answered {status}"


@pytest.mark.parametrize(
    ("asked", "waited"),
    [("7.5", 7.5), ("0", 1), ("86400", 3600), ("nan", 3600), ("a while", 60), ("-5", 3600)],
)
def test_a_receiver_that_asks_for_patience_gets_it(asked, waited, campaign, webhook, receiver):
    receiver.answers, receiver.headers = [429], {"Retry-After": asked}
    happen(campaign)
    deliver(NOW)
    webhook.refresh_from_db()
    assert webhook.next_try_at == NOW + timedelta(seconds=waited)
    assert (webhook.failures, webhook.is_on) == (0, True)
    deliver(webhook.next_try_at)
    webhook.refresh_from_db()
    assert webhook.sent_at and webhook.trouble == ""


def test_a_redirect_is_not_followed(campaign, webhook, receiver):
    receiver.answers, receiver.headers = [307], {"Location": receiver.url}
    happen(campaign)
    deliver(NOW)
    webhook.refresh_from_db()
    assert (
        len(receiver.heard) == 1
        and webhook.trouble == "It leads on to another address, which is not followed"
    )


def test_whoever_is_too_slow_is_left(campaign, webhook, receiver, monkeypatch):
    monkeypatch.setattr(calling, "PATIENCE", 0.2)
    receiver.patience = 1.0
    happen(campaign)
    deliver(NOW)
    webhook.refresh_from_db()
    assert webhook.failures == 1 and webhook.trouble.startswith("It did not answer within")


def test_whoever_answers_a_byte_at_a_time_is_left_too(monkeypatch):
    monkeypatch.setattr(calling, "PATIENCE", 0.3)
    with dripping() as url:
        began = time.monotonic()
        answer = calling.post(url, {}, anywhere=True)
    assert answer.trouble.startswith("It did not answer within") and time.monotonic() - began < 3


@contextmanager
def dripping():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            line, _ = server.accept()
            with line:
                try:
                    for _ in range(100):
                        line.sendall(b"H")
                        time.sleep(0.05)
                except OSError:
                    pass

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join()


def test_nobody_there_is_a_failure_in_words(campaign, webhook, receiver):
    webhook.url = "http://127.0.0.1:1/"
    webhook.save()
    happen(campaign)
    deliver(NOW)
    webhook.refresh_from_db()
    assert webhook.failures == 1 and webhook.trouble.startswith("It could not be reached")


# Once


@pytest.mark.django_db(transaction=True)
def test_two_who_send_at_once_send_once(campaign, webhook, receiver):
    happen(campaign)
    activity.number(NOW)
    receiver.patience = 0.3
    taken = together(lambda _: deliver(NOW), times=4)
    assert sorted(taken) == [0, 0, 0, 1] and len(receiver.heard) == 1


def test_one_that_died_lets_go_when_its_time_is_up(campaign, webhook, receiver):
    happen(campaign)
    activity.number(NOW)
    lost = outside.take(webhook.pk, NOW)
    assert lost and outside.take(webhook.pk, NOW + SOON) is None
    assert deliver(NOW + outside.HELD_FOR) == 1
    outside.settle(lost, calling.Answer(trouble="It answered 500"), NOW)  # too late to say so
    webhook.refresh_from_db()
    assert webhook.failures == 0 and len(receiver.heard) == 1


def test_each_is_held_from_when_it_is_sent_however_long_it_waited(campaign, monkeypatch):
    """Else a second courier sends again what the first has waiting behind slow receivers."""
    for label in "ABCD":
        factories.make_webhook(campaign, label)
    happen(campaign)
    now, held, take = [NOW], [], outside.take

    def taken(pk, at):
        held.append((at - NOW) / outside.HELD_FOR)
        return take(pk, at)

    def slow(errand):
        now[0] += outside.HELD_FOR
        return calling.Answer(200)

    monkeypatch.setattr(outside, "SENDERS", 1)
    monkeypatch.setattr(outside, "take", taken)
    monkeypatch.setattr(outside, "_send", slow)
    assert outside.deliver(lambda: now[0]) == 4
    assert held == [0, 1, 2, 3]


def test_what_is_on_its_way_is_set_down_when_the_next_goes_wrong(campaign, webhook, receiver, monkeypatch):
    factories.make_webhook(campaign, "Another", url=receiver.url)
    happen(campaign)
    write = outside.message_for

    def fails(row):
        if row.pk != webhook.pk:
            raise RuntimeError("a bug")
        return write(row)

    monkeypatch.setattr(outside, "message_for", fails)
    with pytest.raises(RuntimeError):
        deliver(NOW)
    webhook.refresh_from_db()
    assert webhook.sent_at == NOW and len(receiver.heard) == 1


# Where it may lead


@pytest.mark.parametrize(
    "url",
    [
        "http://chat.example.org/x",
        "ftp://chat.example.org/x",
        "https://",
        "https:///x",
        "chat.example.org",
        "https://localhost/x",
        "https://db.internal/x",
        "https://printer/x",
        "https://127.0.0.1/x",
        "https://10.1.2.3/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
        "https://somebody:else@chat.example.org/x",
        "https://chat.example.org:port/x",
        "https://chat.example.org/a b",
        "https://chat.example.org/\r\nHost: other",
        "https://[",
        "javascript:alert(1)",
    ],
)
def test_what_can_be_no_webhook_is_refused(url, campaign, gm):
    assert rules.why_not(url)
    with pytest.raises(Refused) as refused:
        actions.add(campaign=campaign, label="A", url=url, power=None, kinds=["state"], by=gm, now=NOW)
    assert refused.value.field == "url"
    assert calling.post(url, {}).trouble


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.1.1.1", True),
        ("2606:4700:4700::1111", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff0e::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("::7f00:1", False),
        ("::101:101", False),
        ("fec0::1", False),
        ("64:ff9b:1::7f00:1", False),
        ("64:ff9b::a00:1", False),
        ("2001:db8::1", False),
        ("4000::1", False),
        ("2002:7f00:1::", False),
        ("2002:a00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::101:101", True),
    ],
)
def test_which_addresses_are_of_the_open_internet(address, public):
    assert rules.is_public(ipaddress.ip_address(address)) == public


@pytest.mark.parametrize("others", [[], ["1.1.1.1"]])
def test_a_name_that_leads_inside_is_not_called(others, monkeypatch, receiver):
    """Neither alone nor among addresses that would do."""

    def found(host, port, **kwargs):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in [*others, "127.0.0.1"]]

    monkeypatch.setattr(calling.socket, "getaddrinfo", found)
    monkeypatch.setattr(calling.socket, "create_connection", lambda *args: pytest.fail("It was called."))
    answer = calling.post("https://chat.example.org/x", {})
    assert answer.trouble == "It leads into the server's own network"


def test_the_address_that_was_judged_is_the_one_that_is_called(monkeypatch):
    """A name that leads elsewhere at the second look is not looked up a second time."""
    called, looks = [], []

    def found(host, port, **kwargs):
        looks.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", port))]

    def connect(address, *args):
        called.append(address)
        raise OSError

    monkeypatch.setattr(calling.socket, "getaddrinfo", found)
    monkeypatch.setattr(calling.socket, "create_connection", connect)
    assert calling.post("https://chat.example.org/x", {}).trouble.startswith("It could not be reached")
    assert (called, looks) == ([("1.1.1.1", 443)], ["chat.example.org"])


# The GM's page


@pytest.fixture
def url(campaign):
    return reverse("webhooks", args=[campaign.slug])


def given(**instead):
    usual = {
        "label": "The channel",
        "url": "https://chat.example.org/api/webhooks/1/a-secret-of-many-characters",
    }
    return {**usual, "power": "", "kinds": ["complaints", "state"], **instead}


def test_a_webhook_is_made_and_its_address_is_not_shown_again(campaign, klingon, as_gm, url):
    happen(campaign)
    activity.number(NOW)
    assert as_gm.post(url, given(power=klingon.pk)).url == url
    webhook = campaign.webhooks.get()
    assert (webhook.power, webhook.kinds, webhook.is_on) == (klingon, ["complaints", "state"], True)
    assert webhook.position == campaign.activity.get().position  # what was before is not told
    edit = reverse("webhook-edit", args=[campaign.slug, webhook.pk])
    for page in (url, edit):
        body = as_gm.get(page).content.decode()
        assert "a-secret" not in body and "https://chat.example.org/…ters" in body


def test_what_is_not_right_is_said_beside_its_field(campaign, as_gm, url):
    answer = as_gm.post(url, given(url="http://10.0.0.1/"))
    assert answer.status_code == 422 and "The address begins with https://" in answer.content.decode()
    assert 'type="password" name="url" value="http://10.0.0.1/"' in answer.content.decode()  # kept, unread
    assert as_gm.post(url, given(kinds=[])).status_code == 422
    as_gm.post(url, given())
    answer = as_gm.post(url, given())
    assert answer.status_code == 422 and "Another webhook has this name" in answer.content.decode()
    for number in range(1, actions.MOST):
        as_gm.post(url, given(label=f"No. {number}"))
    assert "10 webhooks at most" in as_gm.post(url, given(label="One more")).content.decode()
    assert campaign.webhooks.count() == actions.MOST


def test_a_webhook_is_changed_and_begins_anew_with_other_ears(campaign, klingon, webhook, as_gm):
    edit = reverse("webhook-edit", args=[campaign.slug, webhook.pk])
    happen(campaign)
    activity.number(NOW)
    assert as_gm.post(edit, given(url="", label="Renamed", is_on="on")).status_code == 302
    before = webhook.url
    webhook.refresh_from_db()
    assert (webhook.label, webhook.url, webhook.position) == ("Renamed", before, 0)
    as_gm.post(edit, given(url="", label="Renamed", is_on="on", power=klingon.pk))
    webhook.refresh_from_db()
    assert webhook.position == campaign.activity.get().position
    assert deliver(NOW) == 0


def test_one_that_was_switched_off_begins_anew_when_it_is_on_again(campaign, webhook, receiver, as_gm):
    Webhook.objects.update(is_on=False, failures=5, trouble="It answered 500")
    happen(campaign)
    activity.number(NOW)
    as_gm.post(reverse("webhook-edit", args=[campaign.slug, webhook.pk]), given(url="", is_on="on"))
    webhook.refresh_from_db()
    assert (webhook.is_on, webhook.failures, webhook.trouble) == (True, 0, "")
    assert deliver(NOW) == 0
    happen(campaign, number=8)
    assert deliver(NOW) == 1 and "No\\. 8" in receiver.texts[0]


def test_a_test_is_sent_beside_what_waits_and_not_from_the_page(campaign, webhook, receiver, as_gm, url):
    assert as_gm.post(reverse("webhook-test", args=[campaign.slug, webhook.pk])).url == url
    assert receiver.heard == [] and "Test on its way" in as_gm.get(url).content.decode()
    happen(campaign)
    deliver(NOW)
    deliver(NOW)
    assert "This is a test" in receiver.texts[0] and "ruled on" in receiver.texts[1]
    Webhook.objects.update(is_on=False)
    as_gm.post(reverse("webhook-test", args=[campaign.slug, webhook.pk]))
    assert "is off" in as_gm.get(url).content.decode()


def test_a_webhook_is_taken_away(campaign, webhook, as_gm, url):
    assert as_gm.post(reverse("webhook-remove", args=[campaign.slug, webhook.pk])).url == url
    assert not campaign.webhooks.exists()


def test_a_webhook_of_another_campaign_is_not_to_be_had(campaign, as_gm):
    other = factories.make_webhook(factories.make_campaign("Elsewhere", "elsewhere"))
    assert as_gm.get(reverse("webhook-edit", args=[campaign.slug, other.pk])).status_code == 404


def test_the_table_is_told_of_what_it_hears_and_a_delegation_of_its_own(
    campaign, klingon, as_klingon, as_federation, as_gm
):
    factories.make_webhook(campaign, "Open")
    factories.make_webhook(campaign, "Sealed", power=klingon)
    factories.make_webhook(campaign, "Silent", is_on=False)
    to = reverse("notices", args=[campaign.slug])
    said = {
        client: [name for name in ("Open", "Sealed", "Silent") if f"{name}: what is for" in page]
        for client, page in (
            (name, client.get(to).content.decode())
            for name, client in (("klingon", as_klingon), ("federation", as_federation), ("gm", as_gm))
        )
    }
    assert said == {"klingon": ["Open", "Sealed"], "federation": ["Open"], "gm": ["Open", "Sealed"]}


# The loop, and where the house is


def test_the_loop_goes_on_after_what_goes_wrong(monkeypatch, caplog):
    halted, went = threading.Event(), []

    def send():
        went.append(True)
        if len(went) == 2:
            halted.set()
        raise RuntimeError("a bug")

    monkeypatch.setattr(courier.connection, "close", lambda: None)
    monkeypatch.setattr(halted, "wait", lambda seconds: None)
    courier.rounds(halted, send, courier.EVERY)
    assert len(went) == 2 and "Notices could not be sent" in caplog.text


@pytest.mark.parametrize(
    ("given", "site"),
    [
        ({"ADDRESS": "https://k.example/"}, "https://k.example"),
        ({"HTTPS": True, "ALLOWED_HOSTS": ["*", ".k.example"]}, "https://k.example"),
        ({"HOST": "0.0.0.0", "PORT": 8642}, "http://127.0.0.1:8642"),
        ({"HOST": "::1", "PORT": 8642}, "http://[::1]:8642"),
    ],
)
def test_where_the_house_is(given, site, settings):
    settings.ADDRESS, settings.HTTPS = "", False
    for name, value in given.items():
        setattr(settings, name, value)
    assert places.site() == site
    assert places.address_of("/c/a/") == f"{site}/c/a/" and places.address_of("") == ""
