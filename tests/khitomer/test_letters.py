"""Letters are counted: to an address, on an account's word, from a client; and the asker cannot tell."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.smtp import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khitomer.actions import letters
from khitomer.models import LettersSent
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def forgot(client: Client, email: str, **more: str):
    return client.post(reverse("password-reset"), {"email": email}, **more)


def test_a_forgotten_password_is_written_of_five_times_an_hour(client, gm):
    answers = [forgot(client, email, REMOTE_ADDR=f"192.0.2.{n}") for n, email in enumerate([gm.email] * 8)]
    assert len(mail.outbox) == 5
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, reverse("password-reset-sent"))
    }


def test_an_address_is_one_however_it_is_written(client, gm):
    for n in range(4):
        forgot(client, gm.email, REMOTE_ADDR=f"192.0.2.{n}")
        forgot(client, gm.email.upper(), REMOTE_ADDR=f"192.0.2.{n}")
    assert len(mail.outbox) == 5


def test_one_client_has_twenty_an_hour_whoever_they_are_to(client):
    people = [make_user(f"person-{n}") for n in range(25)]
    for each in people:
        assert forgot(client, each.email).status_code == 302
    assert len(mail.outbox) == 20
    forgot(client, people[-1].email, REMOTE_ADDR="192.0.2.7")
    assert len(mail.outbox) == 21


def test_an_account_that_gives_one_address_after_another(as_outsider, outsider):
    for n in range(8):
        answer = as_outsider.post(reverse("account"), {"name": "Otto", "email": f"box-{n}@example.org"})
        assert answer["Location"] == reverse("account")
        shown = as_outsider.get(reverse("account")).content.decode()
        assert f"A letter is on its way to box-{n}@example.org" in shown
    assert len(mail.outbox) == 5


def test_accounts_that_all_give_one_address(client):
    for n in range(8):
        client.force_login(make_user(f"person-{n}"), backend="django.contrib.auth.backends.ModelBackend")
        client.post(reverse("account"), {"name": "Otto", "email": "victim@example.org"})
    assert len(mail.outbox) == 5


def test_an_hour_later_there_are_more(db):
    start = timezone.now()

    def ask(minutes: int) -> bool:
        now = start + timedelta(minutes=minutes)
        return letters.may_send(to="a@example.org", client="192.0.2.1", now=now)

    assert [ask(0), ask(10), ask(20), ask(30), ask(40), ask(50)] == [True] * 5 + [False]
    assert [ask(61), ask(62)] == [True, False]
    assert [ask(200), LettersSent.objects.count()] == [True, 2]


def test_what_is_over_is_forgotten_and_no_address_is_ever_kept(db):
    start = timezone.now()
    letters.may_send(to="a@example.org", client="192.0.2.1", now=start)
    assert all(len(row.key) == 64 and int(row.key, 16) for row in LettersSent.objects.all())
    letters.may_send(to="b@example.org", client="192.0.2.2", now=start + timedelta(hours=2))
    assert LettersSent.objects.count() == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("", "", True),
        ("a socket", "a socket", True),
    ],
)
def test_who_counts_as_one_client(one, other, same):
    assert (letters._network(one) == letters._network(other)) is same


def test_a_mail_server_that_does_not_answer_is_not_waited_for_for_ever():
    assert EmailBackend().timeout == 15
