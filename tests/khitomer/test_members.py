"""Who sits at the table: invitations, the door they open, places given, changed and taken."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khitomer.actions import campaigns as actions
from khitomer.errors import Refused
from khitomer.models import (
    Activity,
    ActivityKind,
    Campaign,
    Invitation,
    Membership,
    Power,
    Removal,
    Role,
    User,
)
from khitomer.views import doors
from tests.conftest import signed_in
from tests.factories import join, make_campaign, make_invitation, make_power, make_user

TOKEN = "a-token-of-forty-three-characters-or-so-012"
DOOR = "/invitation/"


def url(name: str, **more: object) -> str:
    return reverse(name, kwargs={"campaign": "long-peace", **more})


def invitation(campaign: Campaign, token: str = TOKEN, **fields: object) -> Invitation:
    now = timezone.now()
    return make_invitation(
        campaign,
        hashlib.sha256(token.encode()).hexdigest(),
        **{"created_at": now, "expires_at": now + timedelta(days=1), **fields},
    )


def come_by(client: Client, token: str = TOKEN):
    """Open an invitation's link, and stand at the door."""
    return client.get(reverse("invitation", args=[token]), follow=True)


def told(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


class TestMembersPage:
    def test_a_player_sees_names_and_powers_and_no_more(self, as_federation, campaign):
        invitation(campaign)
        text = as_federation.get(url("members")).content.decode()
        for words in ("Miriam", "Kofi", "Klingon Empire", "Olga", "Observer"):
            assert words in text
        for words in ("nvitation", "Revoke", "Change", "example.org", url("invite"), "co_gm", "klingon@"):
            assert words not in text

    @pytest.mark.parametrize("who", ["as_federation", "as_observer"])
    def test_not_even_the_query_for_invitations_is_made(self, request, campaign, who):
        client = request.getfixturevalue(who)
        with CaptureQueriesContext(connection) as queries:
            client.get(url("members"))
        assert not any("khitomer_invitation" in query["sql"] for query in queries)

    @pytest.mark.parametrize("who", ["as_gm", "as_co_gm"])
    def test_the_gm_sees_the_open_invitations(self, request, campaign, klingon, gm, who):
        open_one = invitation(campaign, role=Role.PLAYER, power=klingon, max_uses=3, uses=1, created_by=gm)
        now = timezone.now()
        closed = [
            invitation(campaign, "revoked", revoked_at=now),
            invitation(campaign, "expired", expires_at=now),
            invitation(campaign, "used", uses=1),
        ]
        text = request.getfixturevalue(who).get(url("members")).content.decode()
        assert "1 of 3 used" in text
        assert url("invitation-revoke", pk=open_one.pk) in text
        assert not any(url("invitation-revoke", pk=each.pk) in text for each in closed)
        assert open_one.token_hash not in text

    def test_no_one_can_take_up_the_gm(self, as_co_gm, campaign, gm):
        text = as_co_gm.get(url("members")).content.decode()
        assert url("member-edit", pk=campaign.memberships.get(user=gm).pk) not in text

    def test_an_outsider_finds_nothing(self, as_outsider):
        assert as_outsider.get(url("members")).status_code == 404

    @pytest.mark.parametrize("number", [1, 50])
    def test_as_many_queries_for_one_as_for_fifty(self, campaign, gm, number, django_assert_num_queries):
        for place in range(number):
            join(campaign, make_user(), Role.PLAYER, make_power(campaign))
            invitation(
                campaign, f"token-{place}", created_by=gm, role=Role.PLAYER, power=make_power(campaign)
            )
        client = signed_in(gm)
        # session, user, viewer, session in play, docket, conferences, members, invitations
        with django_assert_num_queries(9):
            text = client.get(url("members")).content.decode()
        assert text.count("Revoke<") == number


class TestInviting:
    GIVEN = {"token": "form-1", "role": "player", "power": "", "days": "7", "uses": "2"}

    def given(self, power: Power | None = None, **more: str) -> dict[str, str]:
        return {**self.GIVEN, "power": str(power.pk) if power else "", **more}

    def link_in(self, response) -> str:
        return re.search(r'value="(http://testserver/invitations/[\w-]+/)"', response.content.decode()).group(
            1
        )

    @pytest.mark.parametrize("who", ["as_gm", "as_co_gm"])
    def test_makes_a_link_that_is_shown_once_and_kept_as_a_hash(self, request, klingon, who):
        client = request.getfixturevalue(who)
        response = client.post(url("invite"), self.given(klingon))
        token = self.link_in(response).split("/")[-2]
        made = Invitation.objects.get()
        assert (made.role, made.power, made.max_uses, made.uses) == (Role.PLAYER, klingon, 2, 0)
        assert timedelta(days=6, hours=23) < made.expires_at - timezone.now() <= timedelta(days=7)
        assert made.token_hash == hashlib.sha256(token.encode()).hexdigest()
        assert len(token) >= 22  # 128 bits
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["Cache-Control"] == "no-store, private"
        assert token not in client.get(url("members")).content.decode()

    def test_a_code_to_scan(self, as_gm, klingon):
        text = as_gm.post(url("invite"), self.given(klingon)).content.decode()
        drawn = re.search(r"<svg role=\"img\".*?</svg>", text, re.DOTALL).group(0)
        assert "<title>" in drawn
        assert "style=" not in drawn
        assert 'fill="#fff"' in drawn  # the white field
        assert 'stroke="#000"' in drawn
        assert 'data-copy="#invitation-link"' in text

    def test_sent_twice_it_makes_one_and_does_not_show_it_again(self, as_gm, klingon):
        as_gm.post(url("invite"), self.given(klingon))
        again = as_gm.post(url("invite"), self.given(klingon), follow=True)
        assert again.redirect_chain == [(url("members"), 302)]
        assert "already" in told(again)[0]
        assert Invitation.objects.count() == 1

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"role": "player"}, "power"),
            ({"role": "gm"}, "role"),
            ({"role": "admiral"}, "role"),
            ({"role": "player", "power": "999999"}, "power"),
            ({"role": "player", "power": "x"}, "power"),
            ({"role": "observer", "days": "0"}, "days"),
            ({"role": "observer", "days": "91"}, "days"),
            ({"role": "observer", "uses": "0"}, "uses"),
            ({"role": "observer", "uses": "51"}, "uses"),
            ({"role": "observer", "uses": "many"}, "uses"),
        ],
    )
    def test_what_is_wrong_stands_beside_its_field(self, as_gm, given, field):
        response = as_gm.post(url("invite"), {**self.GIVEN, **given})
        assert response.status_code == 422
        assert field in response.context["form"].errors
        assert not Invitation.objects.exists()

    def test_an_observer_speaks_for_no_power(self, as_gm, klingon):
        response = as_gm.post(url("invite"), self.given(klingon, role="observer"))
        assert "power" in response.context["form"].errors

    def test_not_for_a_power_of_another_campaign(self, as_gm, gm, campaign):
        theirs = make_power(make_campaign(name="Another", slug="another"))
        response = as_gm.post(url("invite"), self.given(theirs))
        assert "power" in response.context["form"].errors
        assert theirs.name not in as_gm.get(url("invite")).content.decode()
        now = timezone.now()
        with pytest.raises(Refused, match="another campaign"):
            actions.invite(
                campaign=campaign,
                role=Role.PLAYER,
                power=theirs,
                expires_at=now + timedelta(days=1),
                by=gm,
                now=now,
            )
        assert not Invitation.objects.exists()

    @pytest.mark.parametrize("who", ["as_federation", "as_observer", "as_outsider"])
    def test_for_the_gm_alone(self, request, klingon, who):
        client = request.getfixturevalue(who)
        assert client.get(url("invite")).status_code == 404
        assert client.post(url("invite"), self.given(klingon)).status_code == 404
        assert not Invitation.objects.exists()


class TestRevoking:
    def test_closes_the_link_and_keeps_who_came_by_it(self, as_gm, campaign, outsider):
        found = invitation(campaign, max_uses=2)
        actions.accept(token=TOKEN, user=outsider, now=timezone.now())
        assert as_gm.post(url("invitation-revoke", pk=found.pk)).status_code == 302
        found.refresh_from_db()
        assert found.revoked_at is not None
        assert campaign.memberships.filter(user=outsider).exists()
        assert come_by(Client()).status_code == 410

    def test_a_link_does_not_revoke(self, as_gm, campaign):
        assert as_gm.get(url("invitation-revoke", pk=invitation(campaign).pk)).status_code == 405

    @pytest.mark.parametrize("who", ["as_federation", "as_observer", "as_outsider"])
    def test_for_the_gm_alone(self, request, campaign, who):
        found = invitation(campaign)
        assert request.getfixturevalue(who).post(url("invitation-revoke", pk=found.pk)).status_code == 404
        found.refresh_from_db()
        assert found.revoked_at is None

    def test_not_an_invitation_of_another_campaign(self, as_gm):
        found = invitation(make_campaign(name="Another", slug="another"))
        assert as_gm.post(url("invitation-revoke", pk=found.pk)).status_code == 404
        found.refresh_from_db()
        assert found.revoked_at is None


class TestDoor:
    def test_the_link_takes_the_token_out_of_the_address(self, client, campaign):
        invitation(campaign)
        response = client.get(reverse("invitation", args=[TOKEN]))
        assert (response.status_code, response["Location"]) == (302, DOOR)
        assert response["Referrer-Policy"] == "no-referrer"
        cookie = response.cookies[doors.COOKIE]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"

    def test_says_what_it_offers(self, client, campaign, klingon):
        Campaign.objects.filter(pk=campaign.pk).update(summary="Six delegates keep a treaty alive.")
        invitation(campaign, role=Role.PLAYER, power=klingon)
        response = come_by(client)
        text = response.content.decode()
        assert response.status_code == 200
        for words in ("The Long Peace", "Player", "Klingon Empire", "Miriam", "Six delegates"):
            assert words in text
        assert TOKEN not in text
        assert "Kofi" not in text
        assert "<form" not in text  # nobody to accept yet

    @pytest.mark.parametrize(
        ("fields", "words", "status"),
        [
            ({"uses": 1}, "used up", 410),
            ({"expires_at": timezone.now() - timedelta(seconds=1)}, "expired", 410),
            ({"revoked_at": timezone.now()}, "withdrawn", 410),
        ],
    )
    @pytest.mark.parametrize("who", ["as_anonymous", "as_outsider", "as_gm"])
    def test_one_that_serves_no_more_says_why(self, request, campaign, who, fields, words, status):
        invitation(campaign, **fields)
        client = request.getfixturevalue(who)
        response = come_by(client)
        text = response.content.decode()
        assert response.status_code == status
        assert words in text
        assert "Ask the GM" in text
        assert "Long Peace" not in text
        assert not client.cookies[doors.COOKIE].value  # forgotten

    @pytest.mark.parametrize("token", ["nothing", "x" * 500, "%00", "'; drop table", "../../c/long-peace"])
    def test_one_that_never_was(self, client, campaign, token):
        client.cookies[doors.COOKIE] = token
        response = client.get(DOOR)
        assert response.status_code == 404
        assert "No invitation is at hand" in response.content.decode()

    def test_an_unknown_link_leads_there_too(self, client, db):
        assert come_by(client, "nothing").status_code == 404

    def test_no_warning_in_the_log_carries_a_token(self, client, campaign, caplog):
        invitation(campaign, uses=1)
        come_by(client)
        come_by(client, "an-unknown-token")
        assert TOKEN not in caplog.text
        assert "an-unknown-token" not in caplog.text

    def test_no_session_keeps_a_token(self, client, campaign):
        invitation(campaign)
        come_by(client)
        assert TOKEN not in str(dict(client.session.items()))

    def test_taking_the_seat(self, as_outsider, outsider, campaign, klingon):
        found = invitation(campaign, role=Role.PLAYER, power=klingon)
        come_by(as_outsider)
        response = as_outsider.post(DOOR)
        assert response["Location"] == url("desk")
        member = campaign.memberships.get(user=outsider)
        assert (member.role, member.power) == (Role.PLAYER, klingon)
        found.refresh_from_db()
        assert found.uses == 1
        assert Activity.objects.filter(campaign=campaign, kind=ActivityKind.JOINED).count() == 1
        assert not response.cookies[doors.COOKIE].value

    def test_looking_takes_no_seat(self, as_outsider, outsider, campaign):
        invitation(campaign)
        come_by(as_outsider)
        assert not campaign.memberships.filter(user=outsider).exists()

    def test_a_stranger_cannot_take_it_by_posting(self, client, campaign):
        found = invitation(campaign)
        come_by(client)
        assert client.post(DOOR).status_code == 200
        found.refresh_from_db()
        assert found.uses == 0

    def test_a_member_keeps_their_place_and_spends_no_use(self, as_klingon, klingon_player, campaign):
        found = invitation(campaign)
        assert "already" in come_by(as_klingon).content.decode()
        as_klingon.post(DOOR)
        found.refresh_from_db()
        assert found.uses == 0
        assert campaign.memberships.get(user=klingon_player).role == Role.PLAYER

    def test_by_way_of_signing_in(self, client, outsider, campaign):
        invitation(campaign)
        come_by(client)
        assert "The Long Peace" in client.get(reverse("sign-in")).content.decode()
        response = client.post(reverse("sign-in"), {"username": "outsider", "password": "camp-khitomer"})
        assert response["Location"] == DOOR
        client.post(DOOR)
        assert campaign.memberships.filter(user=outsider).exists()

    @pytest.mark.parametrize("open_house", [True, False])
    def test_by_way_of_signing_up_also_where_the_house_is_closed(
        self, client, campaign, settings, open_house
    ):
        settings.OPEN_SIGN_UP = open_house
        invitation(campaign)
        come_by(client)
        new = {"username": "worf", "name": "Worf", "password1": "bat-leth-2379", "password2": "bat-leth-2379"}
        assert client.post(reverse("sign-up"), new)["Location"] == DOOR
        client.post(DOOR)
        assert campaign.memberships.get(user__username="worf").role == Role.OBSERVER

    @pytest.mark.parametrize("fields", [{"uses": 1}, {"revoked_at": timezone.now()}])
    def test_a_dead_invitation_opens_no_closed_house(self, client, campaign, settings, fields):
        settings.OPEN_SIGN_UP = False
        invitation(campaign, **fields)
        client.cookies[doors.COOKIE] = TOKEN
        assert client.get(reverse("sign-up")).status_code == 403


class TestRaces:
    """What holds when two come by the same link at once, without threads: the lock, the second look, the constraint."""

    def test_the_last_use_is_spent_once(self, campaign, outsider):
        invitation(campaign)
        both_saw = [actions.find_invitation(TOKEN, timezone.now()) for _ in range(2)]
        assert all(seen is not None and seen.uses == 0 for seen in both_saw)
        actions.accept(token=TOKEN, user=outsider, now=timezone.now())
        with pytest.raises(Refused, match="used up"):
            actions.accept(token=TOKEN, user=make_user("late"), now=timezone.now())
        assert not campaign.memberships.filter(user__username="late").exists()

    def test_it_looks_again_under_a_lock_before_it_lets_in(self, campaign, outsider, monkeypatch):
        invitation(campaign)
        steps: list[str] = []
        queryset = type(Invitation.objects.all())
        lock, create = queryset.select_for_update, type(Membership.objects.all()).create
        monkeypatch.setattr(
            queryset, "select_for_update", lambda self, **how: steps.append("lock") or lock(self, **how)
        )
        monkeypatch.setattr(
            type(Membership.objects.all()),
            "create",
            lambda self, **row: steps.append("join") or create(self, **row),
        )
        actions.accept(token=TOKEN, user=outsider, now=timezone.now())
        assert steps == ["lock", "join"]

    def test_the_database_counts_no_use_beyond_the_last(self, campaign):
        found = invitation(campaign, uses=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.filter(pk=found.pk).update(uses=2)

    def test_the_database_lets_nobody_in_twice(self, campaign, klingon_player):
        with pytest.raises(IntegrityError), transaction.atomic():
            join(campaign, klingon_player, Role.OBSERVER)

    def test_the_database_holds_one_gm(self, campaign, outsider):
        with pytest.raises(IntegrityError), transaction.atomic():
            join(campaign, outsider, Role.GM)

    def test_replayed_by_the_same_person(self, as_outsider, outsider, campaign):
        found = invitation(campaign, max_uses=5)
        come_by(as_outsider)
        as_outsider.post(DOOR)
        come_by(as_outsider)
        assert as_outsider.post(DOOR).status_code == 410
        found.refresh_from_db()
        assert found.uses == 1
        assert campaign.memberships.filter(user=outsider).count() == 1

    def test_a_change_does_not_bring_back_who_was_removed_meanwhile(
        self, campaign, gm, klingon_player, romulan
    ):
        stale = campaign.memberships.get(user=klingon_player)
        fresh = campaign.memberships.get(user=klingon_player)
        actions.remove_member(membership=fresh, by=gm, now=timezone.now())
        with pytest.raises(Refused):
            actions.change_member(
                membership=stale, role=Role.PLAYER, power=romulan, by=gm, now=timezone.now()
            )
        assert not campaign.memberships.filter(user=klingon_player).exists()


class TestPlaces:
    def member(self, campaign: Campaign, user: User) -> Membership:
        return campaign.memberships.get(user=user)

    @pytest.mark.parametrize("who", ["as_gm", "as_co_gm"])
    def test_another_power(self, request, campaign, klingon_player, cardassian, who):
        page = url("member-edit", pk=self.member(campaign, klingon_player).pk)
        client = request.getfixturevalue(who)
        assert client.get(page).status_code == 200
        assert client.post(page, {"role": "player", "power": cardassian.pk})["Location"] == url("members")
        assert self.member(campaign, klingon_player).power == cardassian

    def test_another_role(self, as_gm, campaign, klingon_player):
        page = url("member-edit", pk=self.member(campaign, klingon_player).pk)
        as_gm.post(page, {"role": "co_gm", "power": ""})
        member = self.member(campaign, klingon_player)
        assert (member.role, member.power) == (Role.CO_GM, None)

    def test_nothing_changed_changes_nothing(self, as_gm, campaign, klingon_player, klingon):
        before = self.member(campaign, klingon_player)
        as_gm.post(url("member-edit", pk=before.pk), {"role": "player", "power": klingon.pk})
        assert self.member(campaign, klingon_player).pk == before.pk

    def test_a_power_of_another_campaign_is_refused(self, as_gm, campaign, klingon_player):
        theirs = make_power(make_campaign(name="Another", slug="another"))
        page = url("member-edit", pk=self.member(campaign, klingon_player).pk)
        assert as_gm.post(page, {"role": "player", "power": theirs.pk}).status_code == 422
        assert self.member(campaign, klingon_player).power.slug == "klingon"

    def test_nobody_is_made_gm(self, as_gm, campaign, klingon_player, gm):
        page = url("member-edit", pk=self.member(campaign, klingon_player).pk)
        assert as_gm.post(page, {"role": "gm", "power": ""}).status_code == 422
        assert campaign.memberships.get(role=Role.GM).user == gm

    @pytest.mark.parametrize("who", ["as_gm", "as_co_gm"])
    @pytest.mark.parametrize("given", [{"role": "observer", "power": ""}, {"role": "co_gm", "power": ""}])
    def test_the_gm_is_not_demoted(self, request, campaign, gm, who, given):
        page = url("member-edit", pk=self.member(campaign, gm).pk)
        assert request.getfixturevalue(who).post(page, given).status_code == 422
        assert self.member(campaign, gm).role == Role.GM

    @pytest.mark.parametrize("who", ["as_gm", "as_co_gm"])
    def test_the_gm_is_not_removed(self, request, campaign, gm, who):
        page = url("member-remove", pk=self.member(campaign, gm).pk)
        assert request.getfixturevalue(who).post(page).status_code == 409
        assert self.member(campaign, gm).role == Role.GM

    @pytest.mark.parametrize("who", ["as_gm", "as_co_gm"])
    def test_whoever_is_removed_is_out_at_the_next_request(
        self, request, campaign, klingon_player, as_klingon, who
    ):
        assert as_klingon.get(url("members")).status_code == 200
        page = url("member-remove", pk=self.member(campaign, klingon_player).pk)
        assert request.getfixturevalue(who).post(page).status_code == 302
        refused, nowhere = as_klingon.get(url("members")), as_klingon.get("/c/no-such-campaign/members/")
        assert refused.status_code == nowhere.status_code == 404
        assert refused.content == nowhere.content
        assert "Long Peace" not in as_klingon.get(reverse("home")).content.decode()

    def test_and_may_be_invited_back(self, as_gm, as_klingon, campaign, klingon_player, klingon):
        as_gm.post(url("member-remove", pk=self.member(campaign, klingon_player).pk))
        invitation(campaign, role=Role.PLAYER, power=klingon)
        come_by(as_klingon)
        as_klingon.post(DOOR)
        assert self.member(campaign, klingon_player).power == klingon

    def test_a_link_does_not_remove(self, as_gm, campaign, klingon_player):
        page = url("member-remove", pk=self.member(campaign, klingon_player).pk)
        assert as_gm.get(page).status_code == 405
        assert self.member(campaign, klingon_player)

    @pytest.mark.parametrize("who", ["as_federation", "as_klingon", "as_observer", "as_outsider"])
    @pytest.mark.parametrize("name", ["member-edit", "member-remove"])
    def test_for_the_gm_alone(self, request, campaign, klingon_player, who, name):
        client, before = request.getfixturevalue(who), self.member(campaign, klingon_player)
        page = url(name, pk=before.pk)
        assert client.get(page).status_code == 404
        assert client.post(page, {"role": "co_gm", "power": ""}).status_code == 404
        assert self.member(campaign, klingon_player).role == Role.PLAYER

    @pytest.mark.parametrize("name", ["member-edit", "member-remove"])
    def test_not_a_member_of_another_campaign(self, as_gm, campaign, outsider, name):
        theirs = join(make_campaign(name="Another", slug="another"), outsider, Role.OBSERVER)
        assert as_gm.post(url(name, pk=theirs.pk), {"role": "co_gm", "power": ""}).status_code == 404
        theirs.refresh_from_db()
        assert theirs.role == Role.OBSERVER

    def test_a_removed_co_gm_cannot_undo_it(self, as_gm, as_co_gm, campaign, co_gm, klingon_player):
        as_gm.post(url("member-remove", pk=self.member(campaign, co_gm).pk))
        assert (
            as_co_gm.post(url("member-remove", pk=self.member(campaign, klingon_player).pk)).status_code
            == 404
        )
        assert self.member(campaign, klingon_player)


class TestPutOut:
    """Whoever was removed stays outside, whatever links are still about."""

    def remove(self, campaign: Campaign, user: User, by: User) -> None:
        actions.remove_member(membership=campaign.memberships.get(user=user), by=by, now=timezone.now())

    def make(self, campaign: Campaign, by: User) -> tuple[Invitation, str]:
        now = timezone.now()
        return actions.invite(
            campaign=campaign,
            role=Role.OBSERVER,
            expires_at=now + timedelta(days=1),
            max_uses=5,
            by=by,
            now=now,
        )

    def test_not_by_a_link_with_uses_left(self, as_klingon, campaign, gm, klingon_player):
        old = invitation(campaign, max_uses=5)
        self.remove(campaign, klingon_player, gm)
        come_by(as_klingon)
        answer = as_klingon.post(DOOR)
        assert answer.status_code == 410
        assert "made before you were removed" in answer.content.decode()
        assert not campaign.memberships.filter(user=klingon_player).exists()
        old.refresh_from_db()
        assert old.uses == 0

    def test_others_come_in_by_that_link_as_before(self, as_outsider, campaign, gm, klingon_player, outsider):
        invitation(campaign, max_uses=5)
        self.remove(campaign, klingon_player, gm)
        come_by(as_outsider)
        as_outsider.post(DOOR)
        assert campaign.memberships.get(user=outsider).role == Role.OBSERVER

    def test_a_second_removal_counts_from_its_own_moment(self, campaign, gm, klingon_player):
        self.remove(campaign, klingon_player, gm)
        _, token = self.make(campaign, gm)
        actions.accept(token=token, user=klingon_player, now=timezone.now())
        self.remove(campaign, klingon_player, gm)
        with pytest.raises(Refused, match="before you were removed"):
            actions.accept(token=token, user=klingon_player, now=timezone.now())
        assert Removal.objects.filter(campaign=campaign, user=klingon_player).count() == 1

    def test_of_one_campaign_is_not_of_another(self, campaign, gm, klingon_player):
        other = make_campaign(name="Another", slug="another")
        invitation(other, max_uses=5)
        self.remove(campaign, klingon_player, gm)
        actions.accept(token=TOKEN, user=klingon_player, now=timezone.now())
        assert other.memberships.filter(user=klingon_player).exists()

    def test_nor_do_the_links_that_a_co_gm_made(self, campaign, gm, co_gm, outsider):
        made, token = self.make(campaign, co_gm)
        kept, _ = self.make(campaign, gm)
        self.remove(campaign, co_gm, gm)
        with pytest.raises(Refused, match="withdrawn"):
            actions.accept(token=token, user=outsider, now=timezone.now())
        made.refresh_from_db()
        kept.refresh_from_db()
        assert made.revoked_at is not None
        assert kept.revoked_at is None

    def test_who_runs_it_no_longer_leaves_no_link(self, campaign, gm, co_gm, outsider):
        made, _ = self.make(campaign, co_gm)
        actions.change_member(
            membership=campaign.memberships.get(user=co_gm),
            role=Role.OBSERVER,
            power=None,
            by=gm,
            now=timezone.now(),
        )
        made.refresh_from_db()
        assert made.revoked_at is not None
        with pytest.raises(Refused, match="runs the campaign"):
            self.make(campaign, co_gm)
        assert campaign.invitations.count() == 1

    def test_removed_after_the_page_was_read_they_make_no_link(self, campaign, gm, co_gm):
        self.remove(campaign, co_gm, gm)
        with pytest.raises(Refused, match="runs the campaign"):
            self.make(campaign, co_gm)
        assert not campaign.invitations.exists()
