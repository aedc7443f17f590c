"""Signing in, out and up; passwords; an account's own page: and what they must not give away."""

import re

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khitomer.actions import users as actions
from khitomer.errors import Refused
from khitomer.models import User
from tests import factories
from tests.factories import PASSWORD, make_user

DESK = "/c/long-peace/"

NEW = {
    "username": "Worf",
    "name": "Worf, son of Mogh",
    "password1": "bat-leth-2379",
    "password2": "bat-leth-2379",
}
NEW_PASSWORD = {"new_password1": "prune-juice-2379", "new_password2": "prune-juice-2379"}
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    r"/\evil.example",
    r"\\evil.example",
    "///evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    " //evil.example",
    "\t//evil.example",
    "https://testserver@evil.example/",
    "home",
    "no-such-page",
    "",
]


def sign_in(client: Client, username: str = "gm", password: str = PASSWORD, **more: str):
    return client.post(reverse("sign-in"), {"username": username, "password": password, **more})


def signed_in_as(client: Client) -> int | None:
    pk = client.session.get("_auth_user_id")
    return int(pk) if pk else None


class TestSigningIn:
    @pytest.mark.parametrize("username", ["gm", "GM", "Gm"])
    def test_in_any_case(self, client, gm, username):
        response = sign_in(client, username)
        assert response.status_code == 302
        assert response["Location"] == reverse("home")
        assert signed_in_as(client) == gm.pk

    @pytest.mark.parametrize(("username", "password"), [("gm", "wrong"), ("nobody", "wrong")])
    def test_the_same_answer_whichever_is_wrong(self, client, gm, username, password):
        response = sign_in(client, username, password)
        assert response.status_code == 422
        assert "do not go together" in response.content.decode()
        assert f'value="{username}"' in response.content.decode()
        assert signed_in_as(client) is None

    def test_a_closed_account_is_told_nothing_of_it(self, client, gm):
        User.objects.filter(pk=gm.pk).update(is_active=False)
        response = sign_in(client)
        assert response.status_code == 422
        assert "do not go together" in response.content.decode()

    def test_goes_on_to_where_they_were_going(self, client, gm):
        page = client.get(reverse("sign-in"), {"next": "/account/?tab=1"})
        assert 'name="next" value="/account/?tab=1"' in page.content.decode()
        assert sign_in(client, next="/account/?tab=1")["Location"] == "/account/?tab=1"

    @pytest.mark.parametrize("to", ELSEWHERE)
    def test_never_leads_out_of_the_house(self, client, gm, to):
        page = client.get(reverse("sign-in"), {"next": to})
        assert "evil.example" not in page.content.decode()
        assert sign_in(client, next=to)["Location"] == reverse("home")

    @pytest.mark.parametrize("to", ELSEWHERE)
    def test_nor_does_it_when_they_are_in_already(self, as_gm, to):
        for name in ("sign-in", "sign-up"):
            assert as_gm.get(reverse(name), {"next": to})["Location"] == DESK

    def test_whoever_has_one_campaign_comes_in_at_its_desk(self, client, campaign):
        assert sign_in(client)["Location"] == DESK

    def test_whoever_has_several_chooses(self, client, campaign, gm):
        factories.join(factories.make_campaign("Another", slug="another"), gm, "gm")
        assert sign_in(client)["Location"] == reverse("home")

    def test_pages_outside_keep_the_way_back(self, as_gm, campaign):
        for name in ("account", "library"):
            assert f'href="{DESK}">{campaign}</a>' in as_gm.get(reverse(name)).content.decode()

    def test_a_page_behind_the_door_sends_them_to_it_and_back(self, client, gm):
        away = client.get(reverse("account"))
        assert away["Location"] == f"{reverse('sign-in')}?next={reverse('account')}"

    def test_a_new_session_key(self, client, gm):
        client.get(reverse("sign-in"))
        client.session["before"] = 1
        before = client.session.session_key
        sign_in(client)
        assert client.session.session_key != before


class TestThrottle:
    def tries(self, client: Client, number: int, username: str = "gm", **more: str):
        for _ in range(number):
            response = sign_in(client, username, "wrong", **more)
        return response

    def test_five_failures_close_the_door_and_it_says_until_when(self, client, gm):
        assert self.tries(client, 4).status_code == 422
        response = self.tries(client, 1)
        text = response.content.decode()
        opens = timezone.now() + timezone.timedelta(minutes=15)
        assert response.status_code == 429
        assert response["Retry-After"] == "900"
        assert f"{opens:%H:}" in text
        assert "UTC" in text
        assert 'value="gm"' in text  # the name typed is kept
        assert "wrong" not in re.findall(r'value="([^"]*)"', text)

    def test_then_the_right_password_does_not_open_it(self, client, gm):
        self.tries(client, 5)
        assert sign_in(client).status_code == 429
        assert signed_in_as(client) is None

    def test_trying_in_vain_makes_the_wait_no_longer(self, client, gm):
        self.tries(client, 5)
        AccessAttempt.objects.update(attempt_time=timezone.now() - timezone.timedelta(minutes=10))
        for username in ("gm", "GM"):
            response = sign_in(client, username)
            assert response.status_code == 429 and 280 <= int(response["Retry-After"]) <= 300
            assert "in 5 minutes" in response.content.decode()
        AccessAttempt.objects.update(attempt_time=timezone.now() - timezone.timedelta(minutes=15, seconds=1))
        assert sign_in(client).status_code == 302

    def test_writing_the_name_otherwise_earns_no_more_tries(self, client, gm):
        for username in ("gm", "GM", "Gm", "gM"):
            sign_in(client, username, "wrong")
        assert sign_in(client, "gm", "wrong").status_code == 429
        assert AccessAttempt.objects.get().username == "gm"

    def test_others_are_not_held_up(self, client, gm, outsider):
        self.tries(client, 5)
        assert sign_in(client, "outsider").status_code == 302

    def test_nobody_learns_whether_the_name_exists(self, client, gm):
        known, unknown = self.tries(client, 5, "gm"), self.tries(client, 5, "nobody")
        assert known.status_code == unknown.status_code == 429

    def test_no_password_is_kept_with_the_tries(self, client, gm):
        sign_in(client, "gm", "hunter2-hunter2")
        assert "hunter2" not in str(AccessAttempt.objects.values().get())

    def test_the_way_on_stays_safe_and_kept(self, client, gm):
        assert 'value="/account/"' in self.tries(client, 5, next="/account/").content.decode()
        assert "evil" not in self.tries(client, 1, next="//evil.example/").content.decode()


class TestSigningOut:
    def test_by_post(self, as_gm):
        assert as_gm.post(reverse("sign-out"))["Location"] == reverse("home")
        assert signed_in_as(as_gm) is None

    def test_not_by_a_link(self, as_gm, gm):
        assert as_gm.get(reverse("sign-out")).status_code == 405
        assert signed_in_as(as_gm) == gm.pk

    def test_not_by_another_site(self, gm):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(gm, backend="django.contrib.auth.backends.ModelBackend")
        assert strict.post(reverse("sign-out")).status_code == 403
        assert signed_in_as(strict) == gm.pk


class TestSigningUp:
    def test_opens_an_account_and_signs_in(self, client, db):
        response = client.post(reverse("sign-up"), NEW)
        user = User.objects.get()
        assert (user.username, user.name, user.email) == ("worf", "Worf, son of Mogh", "")
        assert user.check_password(NEW["password1"])
        assert signed_in_as(client) == user.pk
        assert response["Location"] == reverse("home")

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("username", "gm", "That sign-in name is taken"),
            ("username", "GM", "That sign-in name is taken"),
            ("username", "two words", "letters, digits and"),
            ("name", "", "needed"),
            ("email", "not-an-address", "no e-mail address"),
            ("password2", "another-2379", "The two passwords differ"),
        ],
    )
    def test_says_what_is_wrong_beside_its_field(self, client, gm, field, value, words):
        response = client.post(reverse("sign-up"), {**NEW, field: value})
        assert response.status_code == 422
        assert words in str(response.context["form"].errors[field])
        assert f'value="{NEW["name"]}"' in response.content.decode() or field == "name"
        assert User.objects.count() == 1

    @pytest.mark.parametrize("password", ["short", "12345678", "password", "lieutenant-worf"])
    def test_a_weak_password_is_refused(self, client, db, password):
        given = {**NEW, "username": "lieutenant-worf", "password1": password, "password2": password}
        response = client.post(reverse("sign-up"), given)
        assert response.status_code == 422
        assert not User.objects.exists()

    def test_two_who_choose_a_name_at_once(self, gm):
        with pytest.raises(Refused, match="taken") as refused:
            actions.sign_up(username="GM", name="Another", password=PASSWORD)
        assert refused.value.field == "username"

    def test_closed_house(self, client, db, settings):
        settings.OPEN_SIGN_UP = False
        for response in (client.get(reverse("sign-up")), client.post(reverse("sign-up"), NEW)):
            assert response.status_code == 403
            assert "invited" in response.content.decode()
        assert not User.objects.exists()
        assert reverse("sign-up") not in client.get(reverse("home")).content.decode()


class TestAddresses:
    """Whether an address has an account is told to its holder alone."""

    def sign_up(self, email: str, username: str):
        client = Client()
        response = client.post(reverse("sign-up"), {**NEW, "username": username, "email": email}, follow=True)
        return response, User.objects.get(username=username)

    def test_signing_up_says_the_same_of_a_known_and_an_unknown_address(self, gm):
        known, first = self.sign_up("GM@example.org", "first")
        unknown, second = self.sign_up("new@example.org", "second")
        assert known.redirect_chain == unknown.redirect_chain
        said = [[str(m) for m in response.context["messages"]] for response in (known, unknown)]
        assert [m.replace("GM@", "new@") for m in said[0]] == said[1]
        assert first.email == second.email == ""

    def test_the_holder_of_a_known_address_is_told(self, gm):
        self.sign_up("GM@example.org", "first")
        letter = mail.outbox.pop()
        assert letter.to == ["gm@example.org"]
        assert "first" not in letter.body
        assert "/account/address/" not in letter.body

    def test_the_link_makes_an_address_theirs_once(self, as_outsider, outsider):
        as_outsider.post(reverse("account"), {"name": outsider.name, "email": "odo@example.org"})
        link = re.search(r"http://testserver(\S+)", mail.outbox[0].body).group(1)
        assert as_outsider.get(link).status_code == 200
        outsider.refresh_from_db()
        assert outsider.email == "outsider@example.org"  # looking is not confirming
        assert as_outsider.post(link).status_code == 302
        outsider.refresh_from_db()
        assert outsider.email == "odo@example.org"
        assert as_outsider.post(link).status_code == 409

    def test_the_link_of_another_account_does_nothing(self, as_outsider, outsider, gm):
        tokens: list[str] = []
        actions.propose_address(
            by=gm, email="mine@example.org", link=lambda token: tokens.append(token) or ""
        )
        response = as_outsider.post(reverse("email-confirm", args=tokens))
        assert response.status_code == 409
        outsider.refresh_from_db()
        assert outsider.email == "outsider@example.org"

    def test_a_forged_link_does_nothing(self, as_outsider):
        assert as_outsider.post(reverse("email-confirm", args=["a:b:c"])).status_code == 409

    def test_two_accounts_that_confirm_one_address(self, gm, outsider):
        links = {}
        for user in (gm, outsider):
            actions.propose_address(
                by=user, email="both@example.org", link=lambda token, user=user: links.setdefault(user, token)
            )
        actions.confirm_address(by=gm, token=links[gm])
        with pytest.raises(Refused):
            actions.confirm_address(by=outsider, token=links[outsider])
        assert User.objects.get(email__iexact="both@example.org") == gm

    def test_an_address_can_be_taken_off(self, as_outsider, outsider):
        as_outsider.post(reverse("account"), {"name": "Odo", "email": ""})
        outsider.refresh_from_db()
        assert (outsider.name, outsider.email) == ("Odo", "")
        assert not mail.outbox

    def test_a_mail_server_that_is_down_changes_no_answer(self, as_outsider, outsider, settings, caplog):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # the discard port: nobody answers
        given = {"name": outsider.name, "email": "odo@example.org"}
        assert as_outsider.post(reverse("account"), given).status_code == 302
        assert "could not be sent" in caplog.text


class TestForgottenPassword:
    def ask(self, client: Client, email: str):
        return client.post(reverse("password-reset"), {"email": email})

    def link(self) -> str:
        return re.search(r"http://testserver(\S+)", mail.outbox[-1].body).group(1)

    def test_the_same_answer_for_known_and_unknown(self, client, gm):
        known, unknown = self.ask(client, "gm@example.org"), self.ask(client, "nobody@example.org")
        assert known.status_code == unknown.status_code == 302
        assert known["Location"] == unknown["Location"] == reverse("password-reset-sent")
        assert known.headers.keys() == unknown.headers.keys()
        assert [letter.to for letter in mail.outbox] == [["gm@example.org"]]

    def test_sets_a_new_one_once_and_ends_other_sign_ins(self, client, gm, as_gm):
        self.ask(client, "gm@example.org")
        link = self.link()
        page = client.get(link)
        assert page.status_code == 302
        assert link not in page["Location"]  # the token is out of the address
        assert client.get(page["Location"]).status_code == 200
        done = client.post(page["Location"], NEW_PASSWORD)
        assert done["Location"] == reverse("password-reset-done")
        gm.refresh_from_db()
        assert gm.check_password(NEW_PASSWORD["new_password1"])
        assert as_gm.get(reverse("account")).status_code == 302  # an older sign-in has ended
        assert client.get(link, follow=True).status_code == 410

    def test_lifts_the_throttle(self, client, gm):
        for _ in range(5):
            sign_in(client, password="wrong")
        self.ask(client, "gm@example.org")
        client.post(client.get(self.link())["Location"], NEW_PASSWORD)
        assert sign_in(client, password=NEW_PASSWORD["new_password1"]).status_code == 302

    @pytest.mark.parametrize("uid", ["MQ", "!!", "_w", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "YWJj"])
    @pytest.mark.parametrize("token", ["new", "set-password", "abc-def"])
    def test_a_made_up_link(self, client, db, uid, token):
        response = client.get(reverse("password-reset-confirm", args=[uid, token]), follow=True)
        assert response.status_code == 410
        assert "spent" in response.content.decode()

    def test_a_weak_one_is_refused_and_the_link_still_works(self, client, gm):
        self.ask(client, "gm@example.org")
        page = client.get(self.link())["Location"]
        weak = client.post(page, {"new_password1": "12345678", "new_password2": "12345678"})
        assert weak.status_code == 422
        assert client.post(page, NEW_PASSWORD).status_code == 302


class TestAccount:
    def test_its_own_page(self, as_federation):
        text = as_federation.get(reverse("account")).content.decode()
        assert "Fiona" in text
        assert "federation@example.org" in text

    def test_a_name_may_not_be_empty(self, as_federation, federation_player):
        response = as_federation.post(reverse("account"), {"name": "", "email": "federation@example.org"})
        assert response.status_code == 422
        federation_player.refresh_from_db()
        assert federation_player.name == "Fiona"

    def test_change_of_password_keeps_this_sign_in_and_ends_the_others(self, as_gm, gm, client):
        sign_in(client)
        response = as_gm.post(reverse("password-change"), {"old_password": PASSWORD, **NEW_PASSWORD})
        assert response["Location"] == reverse("account")
        gm.refresh_from_db()
        assert gm.check_password(NEW_PASSWORD["new_password1"])
        assert as_gm.get(reverse("account")).status_code == 200
        assert client.get(reverse("account")).status_code == 302

    def test_change_needs_the_old_one(self, as_gm, gm):
        response = as_gm.post(reverse("password-change"), {"old_password": "wrong", **NEW_PASSWORD})
        assert response.status_code == 422
        assert "old_password" in response.context["form"].errors
        gm.refresh_from_db()
        assert gm.check_password(PASSWORD)

    @pytest.mark.parametrize("name", ["account", "password-change"])
    def test_not_for_strangers(self, client, db, name):
        for response in (client.get(reverse(name)), client.post(reverse(name))):
            assert response["Location"].startswith(reverse("sign-in"))


@pytest.mark.parametrize("length", [150, 151, 5000])
def test_a_long_name_breaks_nothing(client, db, length):
    assert sign_in(client, "x" * length, "wrong").status_code == 422


def test_names_differ_by_more_than_case(db):
    make_user("kira")
    response = Client().post(reverse("sign-up"), {**NEW, "username": "KIRA"})
    assert response.status_code == 422
